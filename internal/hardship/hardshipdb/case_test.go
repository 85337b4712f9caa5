package hardshipdb_test

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"linggong/internal/access"
	"linggong/internal/day"
	"linggong/internal/dbx"
	"linggong/internal/dbx/dbtest"
	"linggong/internal/event"
	"linggong/internal/hardship"
	"linggong/internal/hardship/hardshipdb"
	"linggong/internal/hardship/helpcase"
	"linggong/internal/hardship/recognition"
	"linggong/internal/hardship/refusal"
)

type ctxT = context.Context

func fourBlocks() map[helpcase.Clarity]string {
	return map[helpcase.Clarity]string{
		helpcase.ClearBasic: "独居", helpcase.ClearEmployment: "失业两年", helpcase.ClearSkills: "会电工", helpcase.ClearWish: "愿做保洁",
	}
}

func TestACaseIsHelpedToTheEnd(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		c := w.recognised(w.person(village))
		_, err := w.svc.RecordVisit(w.ctx, w.caseworker, hardship.VisitInput{Person: c.Person, Kind: "household", VisitText: hardship.VisitText{Summary: "在家"}})
		w.must(err)
		_, err = w.svc.Assess(w.ctx, w.caseworker, c.ID, hardship.AssessmentInput{Blocks: fourBlocks()})
		w.must(err)
		_, err = w.svc.MakePlan(w.ctx, w.caseworker, c.ID, "三个月内上岗", []helpcase.Kind{helpcase.Guidance, helpcase.JobReferral})
		w.must(err)
		m, err := w.svc.AddMeasure(w.ctx, w.caseworker, c.ID, hardship.MeasureInput{Kind: helpcase.Guidance, Detail: "简历指导"})
		w.must(err)
		if !m.Counts {
			t.Errorf("guidance does not count: %s", m.WhyNot)
		}
		c, err = w.svc.FindWork(w.ctx, w.caseworker, c.ID, w.today(), "full_time", "劳动合同")
		w.must(err)
		if c.Status != helpcase.InWork || len(c.FollowUps) != 3 || c.Next.Kind != helpcase.DoFollowUp {
			t.Errorf("in work: %+v", c)
		}
		_, err = w.svc.CloseCase(w.ctx, w.caseworker, c.ID, helpcase.StableEmployment, "合同")
		w.refused(err, helpcase.ErrNotStable)
		for _, month := range []int{1, 3, 6} {
			w.goTo(c.WorkSince.AddMonths(month))
			c, err = w.svc.FollowUp(w.ctx, w.caseworker, c.ID, hardship.FollowUpInput{Month: month, On: w.today(), Employed: true, Evidence: "电话核实"})
			w.must(err)
		}
		c, err = w.svc.CloseCase(w.ctx, w.caseworker, c.ID, helpcase.StableEmployment, "连续参保6个月")
		w.must(err)
		if c.Status != helpcase.Closed || c.Next != (helpcase.Action{}) {
			t.Errorf("closed: %+v", c)
		}
		c, err = w.svc.ReopenCase(w.ctx, w.caseworker, c.ID, "再次失业")
		w.must(err)
		if c.Owner == "" || c.Next.Due == "" || c.Status != helpcase.Assigned {
			t.Errorf("reopened: %+v", c)
		}
		w.verified()
		w.silent("独居", "保洁", "合同", "参保", "在家", "再次失业", "三个月")
	})
}

func TestWorkLostPutsTheCaseBackToServing(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		c := w.recognised(w.person(village))
		home, err := w.svc.OpenHousehold(w.ctx, w.caseworker, hardship.HouseholdInput{
			Name: "张**户", Region: village, Urban: true, Members: []hardship.MemberInput{{Person: c.Person, Relation: "head", Status: hardship.Unemployed}},
		})
		w.must(err)
		if !home.Zero.Is || home.Zero.Target != w.today().Add(30) {
			t.Fatalf("zero = %+v", home.Zero)
		}
		_, err = w.svc.FindWork(w.ctx, w.caseworker, c.ID, w.today(), "flexible", "平台接单记录")
		w.must(err)
		if h, err := w.svc.Household(w.ctx, w.caseworker, home.ID); err != nil || h.Zero.Is {
			t.Errorf("the household did not clear by itself: %+v %v", h.Zero, err)
		}
		w.pass(31)
		c, err = w.svc.FollowUp(w.ctx, w.caseworker, c.ID, hardship.FollowUpInput{Month: 1, On: w.today(), Employed: false, Evidence: "已离职"})
		w.must(err)
		if c.Status != helpcase.Serving || c.WorkSince != "" || len(c.FollowUps) != 1 {
			t.Errorf("relapsed: %+v", c)
		}
		if h, err := w.svc.Household(w.ctx, w.caseworker, home.ID); err != nil || !h.Zero.Is || h.Zero.Since != w.today() {
			t.Errorf("the household did not re-open by itself: %+v %v", h.Zero, err)
		}
	})
}

func TestHelpGivenIsNoReasonToClose(t *testing.T) { // R-HELP-04
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		c := w.recognised(w.person(village))
		_, err := w.svc.CloseCase(w.ctx, w.caseworker, c.ID, "helped", "已帮扶")
		w.refused(err, helpcase.ErrCloseReason)
		_, err = w.svc.CloseCase(w.ctx, w.caseworker, c.ID, helpcase.Moved, "")
		w.refused(err, refusal.ErrNeedsProof)
		c, err = w.svc.CloseCase(w.ctx, w.caseworker, c.ID, helpcase.Moved, "户口迁出证明")
		w.must(err)
		_, err = w.svc.AddMeasure(w.ctx, w.caseworker, c.ID, hardship.MeasureInput{Kind: helpcase.Guidance, Detail: "x"})
		w.refused(err, helpcase.ErrMove)
	})
}

func TestTheDatabaseRefusesAnOpenCaseWithoutOwnerActionOrDate(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		c := w.recognised(w.person(village))
		for name, spoil := range map[string]func(*helpcase.Case){
			"owner": func(c *helpcase.Case) { c.Owner = "" }, "action": func(c *helpcase.Case) { c.Next.Kind = "" }, "date": func(c *helpcase.Case) { c.Next.Due = "" },
		} {
			bad := c
			spoil(&bad)
			err := w.db.InTx(w.ctx, func(ctx ctxT) error { return w.store.SaveCase(ctx, bad) })
			w.refused(err, dbx.ErrCheck)
			_ = name
		}
		second := c
		second.ID = helpcase.ID(dbx.NewID())
		err := w.db.InTx(w.ctx, func(ctx ctxT) error { return w.store.AddCase(ctx, second) })
		w.refused(err, hardship.ErrCaseOpen)
	})
}

func TestSayingUnwillingNeedsASecondPerson(t *testing.T) { // §1.3, against gaming indicator 3
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		c := w.recognised(w.person(village))
		rate := func() hardshipdb.Rate {
			r, err := w.store.HelpRate(w.ctx, "330481", "2026-01-01", "2026-12-31")
			w.must(err)
			return r
		}
		if rate().Denominator != 1 {
			t.Fatalf("rate = %+v", rate())
		}
		_, err := w.svc.Assess(w.ctx, w.town, c.ID, hardship.AssessmentInput{Willing: no()})
		w.refused(err, refusal.ErrNeedsProof)
		a, err := w.svc.Assess(w.ctx, w.town, c.ID, hardship.AssessmentInput{Willing: no(), Evidence: "本人签字"})
		w.must(err)
		if !a.Needs || rate().Denominator != 1 {
			t.Error("one person's word changed the denominator")
		}
		_, err = w.svc.ConfirmAssessment(w.ctx, w.town, c.ID, true)
		w.refused(err, hardship.ErrSecondPerson)
		c, err = w.svc.ConfirmAssessment(w.ctx, w.bureau, c.ID, true)
		w.must(err)
		if c.Willing.Value || rate().Denominator != 0 || !rate().Null() {
			t.Errorf("after confirmation: %+v, %+v", c.Willing, rate())
		}
		if c.ReviewOn != w.today().Add(90) {
			t.Errorf("asked again on %s", c.ReviewOn)
		}
		// a yes changes the denominator back, and needs a second person as well
		a, err = w.svc.Assess(w.ctx, w.caseworker, c.ID, hardship.AssessmentInput{Willing: yes(), Evidence: "电话"})
		w.must(err)
		if !a.Needs || rate().Denominator != 0 {
			t.Error("one person's word changed it back")
		}
		_, err = w.svc.ConfirmAssessment(w.ctx, w.town, c.ID, false)
		w.must(err)
		if rate().Denominator != 0 {
			t.Error("a refused confirmation counted")
		}
	})
}

func TestAThirdUnjustifiedRefusalAsksAHuman(t *testing.T) { // R-HELP-07
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		c := w.recognised(w.person(village))
		refuse := func(suitable, justified bool) {
			m, err := w.svc.AddMeasure(w.ctx, w.caseworker, c.ID, hardship.MeasureInput{
				Kind: helpcase.JobReferral, PostName: "某厂保洁", Answer: helpcase.Declined,
				Refusal: &helpcase.Refusal{Reason: "太远", Suitable: suitable, Justified: justified},
			})
			w.must(err)
			if !m.Counts {
				t.Errorf("an answered referral counts: %s", m.WhyNot)
			}
		}
		refuse(true, false)
		refuse(true, false)
		refuse(true, true)   // with good reason
		refuse(false, false) // not suitable work
		if v, err := w.svc.Case(w.ctx, w.caseworker, c.ID); err != nil || v.AskHuman != "" || v.Refusals != 2 {
			t.Fatalf("after two: %+v %v", v.Case, err)
		}
		refuse(true, false)
		v, err := w.svc.Case(w.ctx, w.caseworker, c.ID)
		w.must(err)
		if v.AskHuman == "" || v.Review == nil || len(v.Review.Refusals) != 3 || v.Review.Refusals[0].Refusal.Reason != "太远" {
			t.Errorf("the pack: %+v", v.Review)
		}
		if !v.Open() || v.Status == helpcase.Closed {
			t.Error("the refusals closed the case")
		}
		r, err := w.store.Recognition(w.ctx, c.Recognition)
		w.must(err)
		if r.State != recognition.Recognised {
			t.Error("the refusals ended the recognition")
		}
		_, err = w.svc.ReviewRefusals(w.ctx, access.Internal("night"), c.ID, "tell_civil_affairs", "自动")
		if err == nil {
			t.Error("a machine decided on the refusals")
		}
		got, err := w.svc.ReviewRefusals(w.ctx, w.town, c.ID, "continue", "再推荐一次")
		w.must(err)
		if got.AskHuman != "" || got.Refusals != 0 {
			t.Errorf("after the review: %+v", got)
		}
	})
}

func TestAMassMessageIsNoReferral(t *testing.T) { // R-HELP-02, R-HELP-03
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		c := w.recognised(w.person(village))
		for _, tc := range []struct {
			in  hardship.MeasureInput
			why string
		}{
			{hardship.MeasureInput{Kind: helpcase.JobReferral, PostName: "保洁", Mass: true, Answer: helpcase.Accepted}, "mass_message"},
			{hardship.MeasureInput{Kind: helpcase.JobReferral, PostName: "保洁", Answer: helpcase.NoAnswer}, "no_answer"},
			{hardship.MeasureInput{Kind: helpcase.JobReferral, PostName: "保洁", Outside: true, Answer: helpcase.Accepted}, "outside_limits"},
			{hardship.MeasureInput{Kind: helpcase.JobReferral, Answer: helpcase.Accepted}, "no_open_post"},
			{hardship.MeasureInput{Kind: helpcase.JobReferral, PostName: "保洁", Answer: helpcase.Accepted}, ""},
			{hardship.MeasureInput{Kind: helpcase.TrainingOffer, Detail: "电工班"}, "no_concrete_date"},
			{hardship.MeasureInput{Kind: helpcase.TrainingOffer, Detail: "电工班", StartsOn: "2026-04-01"}, ""},
			{hardship.MeasureInput{Kind: helpcase.TrainingDone}, "no_evidence"},
		} {
			m, err := w.svc.AddMeasure(w.ctx, w.caseworker, c.ID, tc.in)
			w.must(err)
			if m.WhyNot != tc.why || m.Counts != (tc.why == "") {
				t.Errorf("%+v: counts %v, why not %q, want %q", tc.in, m.Counts, m.WhyNot, tc.why)
			}
		}
		v, err := w.svc.Case(w.ctx, w.caseworker, c.ID)
		w.must(err)
		done := map[helpcase.Kind]int{}
		for _, p := range v.Standard {
			done[p.Kind] = p.Done
		}
		if d := cmp.Diff(map[helpcase.Kind]int{helpcase.Policy: 0, helpcase.Guidance: 0, helpcase.JobReferral: 1, helpcase.TrainingOffer: 1}, done); d != "" {
			t.Error(d)
		}
	})
}

func TestAVisitSentTwiceIsOneVisit(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		c := w.recognised(w.person(village))
		in := hardship.VisitInput{
			ClientID: "phone-7/42", Person: c.Person, Kind: "household", On: w.today(),
			VisitText: hardship.VisitText{Met: "本人", Summary: "腰伤未愈", Needs: []string{"轻体力岗位"}, Place: &hardship.Point{Lat: 30.5, Lng: 120.7}},
			Next:      &helpcase.Promise{Kind: helpcase.PromiseCall, Due: w.today().Add(2), Note: "问复查结果"},
		}
		first, err := w.svc.RecordVisit(w.ctx, w.caseworker, in)
		w.must(err)
		w.pass(1)
		again, err := w.svc.RecordVisit(w.ctx, w.caseworker, in)
		w.must(err)
		if d := cmp.Diff(first, again); d != "" {
			t.Error(d)
		}
		if n := w.kinds()[event.VisitRecorded]; n != 1 {
			t.Errorf("%d visits told", n)
		}
		_, err = w.svc.RecordVisit(w.ctx, w.town, in)
		w.refused(err, hardship.ErrVisitTaken)
		got, err := w.store.OpenCase(w.ctx, c.Person)
		w.must(err)
		if got.Status != helpcase.Contacted || got.Contact != in.On || got.Next.Kind != helpcase.PromiseCall || got.Promise.Note != "问复查结果" {
			t.Errorf("after the visit: %+v", got)
		}
		w.silent("腰伤", "复查", "本人", "30.5")
	})
}

func TestAVisitToAHouseholdReachesEveryoneInIt(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		a, b := w.person(village), w.person(village)
		for _, p := range []string{a, b} {
			_, err := w.svc.OpenCase(w.ctx, w.caseworker, p, "walk_in")
			w.must(err)
		}
		home, err := w.svc.OpenHousehold(w.ctx, w.caseworker, hardship.HouseholdInput{
			Name: "李**户", Address: "某路1号", Region: village, Urban: true, Members: []hardship.MemberInput{
				{Person: a, Relation: "head", Status: hardship.Unemployed}, {Person: b, Relation: "spouse", Status: hardship.Unemployed},
			},
		})
		w.must(err)
		_, err = w.svc.RecordVisit(w.ctx, w.caseworker, hardship.VisitInput{Household: home.ID, Kind: "household", VisitText: hardship.VisitText{Summary: "两人均在家"}})
		w.must(err)
		for _, p := range []string{a, b} {
			c, err := w.store.OpenCase(w.ctx, p)
			w.must(err)
			if c.Status != helpcase.Contacted {
				t.Errorf("status = %s", c.Status)
			}
			if v, err := w.store.VisitsOf(w.ctx, p, 10); err != nil || len(v) != 1 {
				t.Errorf("visits of a member: %d, %v", len(v), err)
			}
		}
		_, err = w.svc.OpenHousehold(w.ctx, w.caseworker, hardship.HouseholdInput{
			Region: village, Members: []hardship.MemberInput{{Person: a, Relation: "head", Status: hardship.Unemployed}},
		})
		w.refused(err, hardship.ErrHouseholdElsewhere)
		_, err = w.svc.LeaveHousehold(w.ctx, w.caseworker, home.ID, b, "moved_out")
		w.must(err)
		_, err = w.svc.JoinHousehold(w.ctx, w.caseworker, home.ID, hardship.MemberInput{Person: b, Relation: "spouse", Status: hardship.Employed})
		w.must(err) // and back again, working
		if h, err := w.svc.Household(w.ctx, w.caseworker, home.ID); err != nil || h.Zero.Is || len(h.Members) != 3 || h.Address != "某路1号" {
			t.Errorf("%+v %v", h, err)
		}
	})
}

func TestOtherDomainsRecordMeasuresOnceAndOnlyInAnOpenCase(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		operator := access.Actor{Role: access.Operator, Account: dbx.NewID(), Station: dbx.NewID()}
		ref := event.Ref{Kind: "engagement", ID: dbx.NewID()}
		w.must(w.svc.RecordMeasure(w.ctx, operator, w.person(village), "gig_placement", w.today(), ref)) // no case: nothing
		c := w.recognised(w.person(village))
		for range 2 {
			w.must(w.svc.RecordMeasure(w.ctx, operator, c.Person, "gig_placement", w.today(), ref))
		}
		if n := w.kinds()[event.MeasureRecorded]; n != 1 {
			t.Errorf("%d measures told", n)
		}
		rate, err := w.store.HelpRate(w.ctx, village, "2026-01-01", "2026-12-31")
		w.must(err)
		if rate != (hardshipdb.Rate{Numerator: 1, Denominator: 1}) {
			t.Errorf("rate = %+v", rate)
		}
	})
}

func TestWhoIsNotHelpedIsOnTheUnhelpedList(t *testing.T) { // R-IND-03
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		if r, err := w.store.HelpRate(w.ctx, "", "2026-01-01", "2026-12-31"); err != nil || !r.Null() {
			t.Errorf("an empty city: %+v %v", r, err)
		}
		helped, left := w.recognised(w.person(village)), w.recognised(w.person(village))
		_, err := w.svc.AddMeasure(w.ctx, w.caseworker, helped.ID, hardship.MeasureInput{Kind: helpcase.Guidance, Detail: "面谈"})
		w.must(err)
		_, err = w.svc.AddMeasure(w.ctx, w.caseworker, left.ID, hardship.MeasureInput{Kind: helpcase.Policy, Detail: "发放折页"})
		w.must(err) // counts for the standard, makes nobody helped
		to := left.HelpDue.Add(12)
		r, err := w.store.HelpRate(w.ctx, "330481", "2026-01-01", to)
		w.must(err)
		list, err := w.store.Unhelped(w.ctx, "330481", "2026-01-01", to)
		w.must(err)
		if r != (hardshipdb.Rate{Numerator: 1, Denominator: 2}) || len(list) != 1 || list[0].Case != left.ID || list[0].OverdueDays != 12 {
			t.Errorf("%+v, %+v", r, list)
		}
		all, err := w.store.Eligible(w.ctx, village, "2026-01-01", to)
		w.must(err)
		if len(all) != 2 {
			t.Errorf("eligible: %+v", all)
		}
		// next year the help of this one is gone, except within the case's deadline
		if r, err = w.store.HelpRate(w.ctx, "330481", "2027-01-01", "2027-12-31"); err != nil || r.Numerator != 1 || r.Denominator != 2 {
			t.Errorf("next year: %+v %v", r, err)
		}
		if r, err = w.store.HelpRate(w.ctx, "330481102", "2026-01-01", to); err != nil || !r.Null() {
			t.Errorf("another town: %+v %v", r, err)
		}
	})
}

func TestTheDeskIsInOrderOfUrgencyInABoundedNumberOfQueries(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		for range 25 {
			_, err := w.svc.OpenCase(w.ctx, w.caseworker, w.person(village), "walk_in")
			w.must(err)
		}
		w.pass(3)
		_, err := w.svc.OpenCase(w.ctx, w.caseworker, w.person(village), "walk_in")
		w.must(err)
		w.apply(w.person(village))
		w.pass(5) // the first 25 are overdue
		ctx, n := dbx.CountQueries(w.ctx)
		d, err := w.svc.Today(ctx, w.caseworker, w.today())
		w.must(err)
		if got := n.Load(); got > 6 {
			t.Errorf("%d queries", got)
		}
		if len(d.Items) != 27 || d.Items[0].Urgency != "overdue" || d.Counts.OpenCases != 26 || d.Counts.Overdue != 25 || d.Counts.People != 26 {
			t.Fatalf("%d items, first %+v, counts %+v", len(d.Items), d.Items[0], d.Counts)
		}
		for i := 1; i < len(d.Items); i++ {
			if d.Items[i].Due < d.Items[i-1].Due {
				t.Error("not in order of urgency")
			}
		}
		if it := d.Items[0]; it.Why != "建档后还没有联系过本人，已逾期1天" || it.NameMasked != "张*" || it.Label != "首次联系" {
			t.Errorf("item = %+v", it)
		}
		if d := cmp.Diff([]hardship.DeskVillage{{Village: village, Open: 26, Overdue: 25}}, d.Villages); d != "" {
			t.Error(d)
		}
		list, err := w.svc.Cases(w.ctx, w.caseworker, "", hardship.CaseFilter{Limit: 20})
		w.must(err)
		last := list[len(list)-1]
		more, err := w.svc.Cases(w.ctx, w.caseworker, "", hardship.CaseFilter{Limit: 20, AfterDue: last.Next.Due, AfterID: last.ID})
		w.must(err)
		if len(list) != 20 || len(more) != 6 {
			t.Errorf("pages of %d and %d", len(list), len(more))
		}
	})
}

func TestWhoLeavesServiceHandsOverEveryCase(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		c := w.recognised(w.person(village))
		_, err := w.svc.Assign(w.ctx, w.town, c.ID, w.hire(access.Caseworker, other).Account)
		w.refused(err, hardship.ErrOwner)
		w.fire(w.caseworker)
		n, err := w.svc.HandOver(w.ctx, w.bureau, w.caseworker.Account)
		w.must(err)
		got, err := w.store.Case(w.ctx, c.ID)
		w.must(err)
		if n != 1 || got.Owner != w.town.Account {
			t.Errorf("%d moved, owner %s", n, got.Owner)
		}
		w.verified()
	})
}

func TestWhatWasSaidIsSealedAtRest(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		c := w.recognised(w.person(village))
		_, err := w.svc.RecordVisit(w.ctx, w.caseworker, hardship.VisitInput{Person: c.Person, Kind: "household", VisitText: hardship.VisitText{Summary: "抑郁症复发"}})
		w.must(err)
		_, err = w.svc.JoinGroup(w.ctx, w.caseworker, c.Person, hardship.GroupInput{Key: hardship.Disabled, Since: "2020-01-01", Evidence: "残疾证", Detail: "精神二级"})
		w.must(err)
		_, err = w.svc.JoinGroup(w.ctx, w.caseworker, c.Person, hardship.GroupInput{Key: hardship.Disabled, Since: "2020-01-01", Evidence: "残疾证"})
		w.refused(err, hardship.ErrGroupKnown)
		for _, q := range []string{"SELECT content FROM hardship_visits", "SELECT content FROM hardship_groups", "SELECT facts FROM hardship_recognitions"} {
			var raw [][]byte
			w.must(w.db.From(w.ctx).Raw(q).Scan(&raw).Error)
			for _, b := range raw {
				if len(b) == 0 || bytes.Contains(b, []byte("抑郁")) || bytes.Contains(b, []byte("精神")) || strings.Contains(string(b), "registered") {
					t.Errorf("%s: %q", q, b)
				}
			}
		}
		gs, err := w.svc.Groups(w.ctx, w.caseworker, c.Person)
		w.must(err)
		if len(gs) != 1 || gs[0].Detail != "精神二级" {
			t.Errorf("groups = %+v", gs)
		}
		w.must(w.svc.LeaveGroup(w.ctx, w.caseworker, c.Person, hardship.Disabled, "certificate_void"))
		if of, err := w.store.GroupsOf(w.ctx, []string{c.Person}); err != nil || len(of) != 0 {
			t.Errorf("%v %v", of, err)
		}
		w.silent("抑郁", "精神", "disabled")
	})
}

func TestSomeoneElsesChangeIsNotOverwritten(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		c := w.recognised(w.person(village))
		c.PlanOn = day.Date("2026-03-01")
		w.must(w.db.InTx(w.ctx, func(ctx ctxT) error { return w.store.SaveCase(ctx, c) }))
		err := w.db.InTx(w.ctx, func(ctx ctxT) error { return w.store.SaveCase(ctx, c) })
		w.refused(err, refusal.ErrStale)
	})
}

func TestWhoMovesToAnotherVillageIsNotLost(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		w.bus.Subscribe(w.svc)
		c := w.recognised(w.person(village))
		there := w.hire(access.Caseworker, other)
		card := w.people[c.Person]
		card.Village = other
		w.people[c.Person] = card
		w.must(w.db.InTx(w.ctx, func(ctx ctxT) error {
			return w.bus.Publish(ctx, event.Event{Kind: event.PersonChanged, Actor: w.bureau, Subject: event.Ref{Kind: "person", ID: c.Person}, Region: other})
		}))
		v, err := w.svc.Case(w.ctx, there, c.ID)
		w.must(err)
		if v.Owner != there.Account || v.Region != other {
			t.Errorf("%+v", v.Case)
		}
		if _, err := w.svc.Recognition(w.ctx, there, c.Recognition); err != nil {
			t.Error(err)
		}
		_, err = w.svc.Case(w.ctx, w.caseworker, c.ID)
		w.refused(err, access.ErrHidden)
		w.verified()
	})
}

func TestARenewalIsProposedByOneAndDecidedByAnother(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		c := w.recognised(w.person(village))
		w.pass(340) // inside the last month
		d, err := w.svc.Today(w.ctx, w.caseworker, w.today())
		w.must(err)
		on := func(d hardship.Desk) bool {
			for _, it := range d.Items {
				if it.Recognition == c.Recognition {
					return true
				}
			}
			return false
		}
		if !on(d) {
			t.Error("nobody is told that it runs out")
		}
		w.move(w.caseworker, c.Recognition, recognition.ProposeRenewal, recognition.Input{Opinion: "条件未变"})
		if d, err = w.svc.Today(w.ctx, w.caseworker, w.today()); err != nil || on(d) {
			t.Error("it still waits for the caseworker")
		}
		if d, err = w.svc.Today(w.ctx, w.bureau, w.today()); err != nil || !on(d) {
			t.Error("it does not wait for the county")
		}
		before, err := w.store.Recognition(w.ctx, c.Recognition)
		w.must(err)
		r := w.move(w.bureau, c.Recognition, recognition.Renew, recognition.Input{Opinion: "同意续期"})
		if r.ValidTo != before.ValidTo.Add(1).AddMonths(12).Add(-1) || r.Owner != access.Caseworker {
			t.Errorf("from %s to %s, %s", before.ValidTo, r.ValidTo, r.Owner)
		}
	})
}
