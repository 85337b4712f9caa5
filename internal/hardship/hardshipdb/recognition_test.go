package hardshipdb_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"linggong/internal/access"
	"linggong/internal/dbx"
	"linggong/internal/dbx/dbtest"
	"linggong/internal/event"
	"linggong/internal/hardship"
	"linggong/internal/hardship/hardshipdb"
	"linggong/internal/hardship/helpcase"
	"linggong/internal/hardship/recognition"
)

func TestARecognisedPersonIsNeverWithoutAnOwner(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		c := w.recognised(w.person(village))
		if c.Owner != w.caseworker.Account || c.Status != helpcase.Assigned || c.Next.Kind != helpcase.DoContact || c.Next.Due == "" {
			t.Errorf("case = %+v", c)
		}
		if !c.Willing.Value || !c.Able.Value {
			t.Error("recognition rests on being willing and able")
		}
		// where no caseworker covers the village, the town officer holds it
		w.fire(w.caseworker)
		w.caseworker = w.hire(access.Caseworker, "330481101")
		p := w.person(village)
		id := w.published(p)
		w.pass(8)
		w.fire(w.caseworker)
		w.move(w.bureau, id, recognition.Decide, recognition.Input{OK: yes(), Opinion: "予以认定"})
		held, err := w.store.OpenCase(w.ctx, p)
		w.must(err)
		if held.Owner != w.town.Account || held.Status != helpcase.Identified || held.Next.Kind != helpcase.DoAssign {
			t.Errorf("fall-back case = %+v", held)
		}
		if n := w.kinds()[event.RecognitionGranted]; n != 2 {
			t.Errorf("%d grants told", n)
		}
	})
}

func TestWithNobodyToOwnItNothingIsGranted(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		p := w.person(village)
		id := w.published(p)
		w.pass(8)
		second := w.bureau
		for _, a := range []access.Actor{w.caseworker, w.town, w.bureau} {
			w.fire(a)
		}
		_, err := w.svc.Move(w.ctx, second, id, recognition.Decide, recognition.Input{OK: yes(), Opinion: "予以认定"})
		w.refused(err, hardship.ErrNobodyCovers)
		r, err := w.store.Recognition(w.ctx, id)
		w.must(err)
		if r.State != recognition.Publicity || w.kinds()[event.RecognitionGranted] != 1 { // told inside the act that rolled back
			t.Errorf("state = %s", r.State)
		}
		w.verified()
	})
}

func TestNobodyApprovesHerOwnApplication(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		p := w.person(village)
		r, err := w.svc.Apply(w.ctx, w.town, hardship.RecognitionInput{
			Person: p, Categories: []recognition.Category{recognition.H1}, Facts: recognition.Facts{RegisteredOn: "2025-01-01"},
		})
		w.must(err)
		w.move(w.town, r.ID, recognition.Submit, recognition.Input{})
		w.move(w.caseworker, r.ID, recognition.Check, recognition.Input{OK: yes()})
		_, err = w.svc.Move(w.ctx, w.town, r.ID, recognition.Review, recognition.Input{OK: yes(), Opinion: "同意"})
		w.refused(err, recognition.ErrOwnApplication)
		colleague := w.hire(access.TownOfficer, "330481101")
		got := w.move(colleague, r.ID, recognition.Review, recognition.Input{OK: yes(), Opinion: "同意"})
		if got.State != recognition.TownReview {
			t.Errorf("state = %s", got.State)
		}
		if slices.Contains(got.Next(w.town, w.today()), recognition.Publish) {
			t.Error("the menu offers what the rule refuses")
		}
		// the database refuses it too, whatever the code above does
		got.ReviewedBy = w.town.Account
		err = w.db.InTx(w.ctx, func(ctx ctxT) error { return w.store.SaveRecognition(ctx, got) })
		w.refused(err, dbx.ErrCheck)
	})
}

func TestNoDecisionBeforePublicityEnds(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db) // a Monday
		id := w.published(w.person(village))
		decide := recognition.Input{OK: yes(), Opinion: "予以认定"}
		for d := w.today(); d <= "2026-03-09"; d = d.Add(1) { // five working days from Tuesday
			w.goTo(d)
			_, err := w.svc.Move(w.ctx, w.bureau, id, recognition.Decide, decide)
			w.refused(err, recognition.ErrPublicityRuns)
		}
		w.goTo("2026-03-10")
		if r := w.move(w.bureau, id, recognition.Decide, decide); r.State != recognition.Recognised || r.ValidTo != "2027-03-09" {
			t.Errorf("%s until %s", r.State, r.ValidTo)
		}
	})
}

func TestAnObjectionStopsTheClock(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		id := w.published(w.person(village)) // notice Tue 3 … Mon 9 March
		w.goTo("2026-03-05")                 // two full days have passed
		r := w.move(w.caseworker, id, recognition.Object, recognition.Input{Reason: "邻居反映其在外务工"})
		if r.Notice.Served != 2 || r.Notice.To != "" || r.Owner != access.TownOfficer {
			t.Errorf("stopped notice = %+v", r.Notice)
		}
		w.goTo("2026-03-20")
		_, err := w.svc.Move(w.ctx, w.bureau, id, recognition.Decide, recognition.Input{OK: yes(), Opinion: "予以认定"})
		w.refused(err, recognition.ErrPublicityRuns)
		r = w.move(w.town, id, recognition.ResolveObjection, recognition.Input{OK: yes(), Opinion: "查无实据"})
		if r.Notice.From != "2026-03-21" || r.Notice.To != "2026-03-25" { // three working days are left
			t.Errorf("resumed notice = %+v", r.Notice)
		}
		w.goTo("2026-03-26")
		n, err := w.svc.CloseNotices(w.ctx)
		w.must(err)
		if again, _ := w.svc.CloseNotices(w.ctx); n != 1 || again != 0 {
			t.Errorf("closed %d, then %d", n, again)
		}
		if r := w.move(w.bureau, id, recognition.Decide, recognition.Input{OK: no(), Reason: "不符合条件"}); r.State != recognition.Refused || r.AppealUntil() != "2026-05-25" {
			t.Errorf("%s, appeal until %s", r.State, r.AppealUntil())
		}
	})
}

func TestAnAppealIsJudgedBySomeoneElse(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		id := w.published(w.person(village))
		w.pass(10)
		w.move(w.bureau, id, recognition.Decide, recognition.Input{OK: no(), Reason: "不符合条件"})
		w.move(w.caseworker, id, recognition.Appeal, recognition.Input{Reason: "补充了证明"})
		_, err := w.svc.Move(w.ctx, w.bureau, id, recognition.Decide, recognition.Input{OK: no(), Reason: "维持"})
		w.refused(err, recognition.ErrOwnApplication)
		colleague := w.hire(access.Bureau)
		if r := w.move(colleague, id, recognition.Decide, recognition.Input{OK: yes(), Opinion: "改为认定"}); r.State != recognition.Recognised || r.EndedOn != "" {
			t.Errorf("record = %+v", r)
		}
		w.verified()
	})
}

func TestCategoriesHaveTheirOwnValidityAndOnePrimary(t *testing.T) { // R-HARD-03
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		p := w.person(village)
		r, err := w.svc.Apply(w.ctx, w.caseworker, hardship.RecognitionInput{
			Person: p, Categories: []recognition.Category{recognition.H4, recognition.H1}, Primary: recognition.H4,
			Facts: recognition.Facts{RegisteredOn: "2025-01-01", LowIncome: "dibao", Disability: &recognition.Disability{Kind: 4, Level: 2}},
		})
		w.must(err)
		_, err = w.svc.Apply(w.ctx, w.caseworker, hardship.RecognitionInput{Person: p, Categories: []recognition.Category{recognition.H3}})
		w.refused(err, hardship.ErrLive)
		w.move(w.caseworker, r.ID, recognition.Submit, recognition.Input{})
		w.move(w.caseworker, r.ID, recognition.Check, recognition.Input{OK: yes()})
		w.move(w.town, r.ID, recognition.Review, recognition.Input{OK: yes(), Opinion: "同意"})
		w.move(w.town, r.ID, recognition.Publish, recognition.Input{})
		w.pass(8)
		w.move(w.bureau, r.ID, recognition.Decide, recognition.Input{OK: yes(), Opinion: "认定", ValidMonths: 6})
		who, ok, err := w.store.RecognisedPerson(w.ctx, p, w.today())
		w.must(err)
		want := hardshipdb.Recognised{
			Person: p, Recognition: string(r.ID), Village: village, Categories: []string{"H1", "H4"}, Primary: "H4", Severe: true,
			Since: w.today(), Unemployed: "2025-01-01",
		}
		if d := cmp.Diff(want, who); !ok || d != "" {
			t.Error(d)
		}
		if all, err := w.store.RecognisedPeople(w.ctx, "330481102", w.today()); err != nil || len(all) != 0 {
			t.Errorf("another town: %v %v", all, err)
		}
		got := w.move(w.bureau, r.ID, recognition.EndCategory, recognition.Input{Category: recognition.H4, Reason: "category_ended", Evidence: "民政停保通知"})
		if got.State != recognition.Recognised || got.Primary() != recognition.H1 {
			t.Errorf("%s, primary %s", got.State, got.Primary())
		}
		_, err = w.svc.Move(w.ctx, w.bureau, r.ID, recognition.EndCategory, recognition.Input{Category: recognition.H1, Reason: "category_ended", Evidence: "…"})
		w.refused(err, recognition.ErrMove)
		_, err = w.svc.Move(w.ctx, w.bureau, r.ID, recognition.Exit, recognition.Input{Reason: "because", Evidence: "…"})
		if err == nil {
			t.Error("an exit without a coded reason")
		}
		got = w.move(w.bureau, r.ID, recognition.Exit, recognition.Input{Reason: "stable_employment", Evidence: "社保记录"})
		back, err := w.store.Recognition(w.ctx, r.ID)
		w.must(err)
		if back.EndProof != "社保记录" || back.End != "stable_employment" || back.Facts.Disability.Level != 2 || len(back.Steps) != 8 {
			t.Errorf("kept: %+v", back)
		}
		got.Version = back.Version
		if d := cmp.Diff(got, back); d != "" {
			t.Errorf("what was saved is not what is read:\n%s", d)
		}
		w.silent("民政停保", "社保记录", "dibao")
	})
}

func TestThePublicListShowsTheLeast(t *testing.T) { // R-HARD-04
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		w.published(w.person(village))
		list, err := w.svc.PublicNotices(w.ctx, village)
		w.must(err)
		if len(list) != 0 {
			t.Error("the notice hangs before its first full day")
		}
		w.pass(1)
		list, err = w.svc.PublicNotices(w.ctx, village)
		w.must(err)
		want := []hardship.PublicNotice{{NameMasked: "张*", Village: village, Categories: []recognition.Category{"H1"}, From: "2026-03-03", To: "2026-03-09"}}
		if d := cmp.Diff(want, list); d != "" {
			t.Error(d)
		}
		if list, err = w.svc.PublicNotices(w.ctx, other); err != nil || len(list) != 0 {
			t.Errorf("another village sees %v, %v", list, err)
		}
	})
}

func TestAMachineDecidesAboutNobody(t *testing.T) { // PIPL art. 24
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		id := w.published(w.person(village))
		w.pass(30)
		_, err := w.svc.Move(w.ctx, access.Internal("night"), id, recognition.Decide, recognition.Input{OK: yes(), Opinion: "自动"})
		if err == nil {
			t.Error("the system recognised someone by itself")
		}
		w.move(w.bureau, id, recognition.Decide, recognition.Input{OK: yes(), Opinion: "认定"})
		w.pass(800) // long past its validity
		r, err := w.store.Recognition(w.ctx, id)
		w.must(err)
		if !r.InForce(w.today()) {
			t.Error("an expiry ended a right without a person")
		}
		_, err = w.svc.Move(w.ctx, access.Internal("night"), id, recognition.Exit, recognition.Input{Reason: "not_renewed", Evidence: "到期"})
		if err == nil {
			t.Error("the system ended a recognition by itself")
		}
	})
}

func TestACaseworkerSeesOnlyHerVillages(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		mine := w.recognised(w.person(village))
		stranger := w.hire(access.Caseworker, other)
		_, err := w.svc.Case(w.ctx, stranger, mine.ID)
		w.refused(err, access.ErrHidden)
		_, err = w.svc.Recognition(w.ctx, stranger, mine.Recognition)
		w.refused(err, access.ErrHidden)
		_, err = w.svc.AddMeasure(w.ctx, stranger, mine.ID, hardship.MeasureInput{Kind: helpcase.Guidance, Detail: "x"})
		w.refused(err, access.ErrHidden)
		for _, under := range []string{"", village, "330481101000", "330481000000", "%"} {
			cases, err := w.svc.Cases(w.ctx, stranger, under, hardship.CaseFilter{})
			w.must(err)
			list, err := w.svc.Recognitions(w.ctx, stranger, under, hardship.RecognitionFilter{})
			w.must(err)
			if len(cases)+len(list) != 0 {
				t.Errorf("under %q she sees %d cases, %d recognitions", under, len(cases), len(list))
			}
		}
		d, err := w.svc.Today(w.ctx, stranger, w.today())
		w.must(err)
		if len(d.Items) != 0 || d.Counts.People != 0 {
			t.Errorf("her desk shows %+v", d)
		}
		_, err = w.svc.OpenCase(w.ctx, w.auditor, w.person(village), "walk_in")
		w.refused(err, access.ErrForbidden)
		if got, err := w.svc.Cases(w.ctx, w.caseworker, "330481000000", hardship.CaseFilter{}); err != nil || len(got) != 1 {
			t.Errorf("asking for the city she sees %d of her own, %v", len(got), err)
		}
	})
}
