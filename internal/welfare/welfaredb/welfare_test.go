package welfaredb_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"linggong/internal/access"
	"linggong/internal/audit/auditdb"
	"linggong/internal/bus"
	"linggong/internal/day"
	"linggong/internal/dbx"
	"linggong/internal/dbx/dbtest"
	"linggong/internal/event"
	"linggong/internal/rules"
	"linggong/internal/welfare"
	"linggong/internal/welfare/welfaredb"
)

const village = "330481101201"

func staff(role access.Role, n string, regions ...string) access.Actor {
	return access.Actor{Role: role, Account: "01900000-0000-7000-8000-0000000000" + n, Regions: regions}
}

var (
	caseworker = staff(access.Caseworker, "01", village)
	town       = staff(access.TownOfficer, "02", "330481101")
	bureau     = staff(access.Bureau, "03")
	chief      = staff(access.Bureau, "04")
)

type sealer struct{}

func (sealer) Seal(_, _ string, p []byte) ([]byte, error) { return append([]byte("#"), p...), nil }
func (sealer) Open(_, _ string, p []byte) ([]byte, error) { return p[1:], nil }

type register struct {
	people   map[string]welfare.Recognised
	measures []string
}

func (r *register) Recognised(_ context.Context, p string, _ day.Date) (welfare.Recognised, bool, error) {
	x, ok := r.people[p]
	return x, ok, nil
}

func (r *register) Candidates(context.Context, string, day.Date) ([]welfare.Recognised, error) {
	var out []welfare.Recognised
	for _, p := range r.people {
		out = append(out, p)
	}
	return out, nil
}

func (r *register) RecordMeasure(_ context.Context, _ access.Actor, person, kind string, _ day.Date, _ event.Ref) error {
	r.measures = append(r.measures, person+" "+kind)
	return nil
}

type people map[string]welfare.Card

func (p people) Cards(context.Context, []string) (map[string]welfare.Card, error) {
	return p, nil
}

type world struct {
	*welfare.Service
	reg *register
	ppl people
	now time.Time
}

func setup(t *testing.T, db *dbx.DB) *world {
	t.Helper()
	w := &world{reg: &register{people: map[string]welfare.Recognised{}}, ppl: people{}, now: time.Date(2026, 3, 2, 2, 0, 0, 0, time.UTC)}
	now := func() time.Time { return w.now }
	w.Service = welfare.NewService(welfare.Deps{
		Store: welfaredb.NewStore(db, sealer{}), Register: w.reg, People: w.ppl, Book: rules.Default, Tx: db,
		Events: bus.New(auditdb.NewStore(db), now), NewID: dbx.NewID, Now: now,
	})
	return w
}

func (w *world) person(birth day.Date, categories ...string) string {
	id := dbx.NewID()
	w.reg.people[id] = welfare.Recognised{Person: id, Recognition: dbx.NewID(), Village: village, Categories: categories, Primary: categories[0], Since: "2026-01-05"}
	w.ppl[id] = welfare.Card{NameMasked: "张*", Sex: "male", Birth: birth, Village: village}
	return id
}

func draft() welfare.Post {
	return welfare.Post{
		Number: "XC-2026-" + dbx.NewID()[30:], Title: "村道保洁", Unit: "许村镇科同村村委会", Village: village, Duties: "村道清扫、垃圾分类劝导",
		Places: 1, HoursDay: 8, DaysWeek: 5, WageFen: 243000, WageUnit: "month", Funding: "就业补助资金", TermMonths: 36,
	}
}

func (w *world) open(t *testing.T, p welfare.Post) welfare.Post {
	t.Helper()
	p, err := w.ApplyPost(t.Context(), town, p)
	if err != nil {
		t.Fatal(err)
	}
	checker := staff(access.TownOfficer, "12", "330481101")
	for _, step := range []struct {
		who access.Actor
		act welfare.PostAct
	}{{checker, welfare.CheckPost}, {bureau, welfare.RecognisePost}, {bureau, welfare.AnnouncePost}} {
		if p, err = w.MovePost(t.Context(), step.who, p.ID, step.act, ""); err != nil {
			t.Fatalf("%s: %v", step.act, err)
		}
	}
	if _, err := w.MovePost(t.Context(), bureau, p.ID, welfare.OpenPost, ""); !errors.Is(err, welfare.ErrPublicity) {
		t.Fatalf("opened during the announcement: %v", err)
	}
	w.now = p.AnnouncedTo.Add(1).Start()
	if p, err = w.MovePost(t.Context(), bureau, p.ID, welfare.OpenPost, ""); err != nil {
		t.Fatal(err)
	}
	return p
}

func TestAPersonIsPlacedStepByStepByDifferentPeople(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := setup(t, db)
		post := w.open(t, draft())
		her := w.person("1985-03-01", "H4")
		p, err := w.Propose(t.Context(), caseworker, welfare.Proposal{Post: post.ID, Person: her})
		if err != nil || p.MonthsTotal != 36 || p.Ordinal != 1 || p.Explanation == "" {
			t.Fatalf("%+v, %v", p, err)
		}
		move := func(who access.Actor, act welfare.PlacementAct, d welfare.MoveDetails) error {
			_, err := w.MovePlacement(t.Context(), who, p.ID, act, d)
			return err
		}
		if err := move(town, welfare.CheckPlacement, welfare.MoveDetails{}); err != nil {
			t.Fatal(err)
		}
		if err := move(bureau, welfare.PublishPlacement, welfare.MoveDetails{}); err != nil {
			t.Fatal(err)
		}
		if err := move(bureau, welfare.Contract, welfare.MoveDetails{}); !errors.Is(err, welfare.ErrPublicity) {
			t.Fatalf("signed during the notice: %v", err)
		}
		w.now = w.now.AddDate(0, 0, 12)
		if err := move(chief, welfare.Contract, welfare.MoveDetails{}); err != nil {
			t.Fatal(err)
		}
		if err := move(caseworker, welfare.Start, welfare.MoveDetails{RegistrationRef: "JY20260402"}); err != nil {
			t.Fatal(err)
		}
		got, _, err := w.Placement(t.Context(), caseworker, p.ID)
		if err != nil || got.Status != welfare.OnPost || got.StartsOn.AddMonths(36).Add(-1) != got.EndsOn || len(got.Reminders(rules.Default())) != 3 {
			t.Fatalf("%+v, %v", got, err)
		}
		if len(w.reg.measures) != 1 {
			t.Errorf("her help case does not know: %v", w.reg.measures)
		}
		for range 2 { // the same month twice is one month
			if err := w.RecordMonth(t.Context(), caseworker, p.ID, got.StartsOn.YearMonth(), 0); err != nil && !errors.Is(err, welfare.ErrMonth) {
				t.Fatal(err)
			}
		}
		if err := w.RecordMonth(t.Context(), caseworker, p.ID, "2031-01", 20); !errors.Is(err, welfare.ErrMonth) {
			t.Errorf("a month beyond the term: %v", err)
		}
		if err := move(chief, welfare.Exit, welfare.MoveDetails{}); !errors.Is(err, welfare.ErrReason) {
			t.Errorf("ended without a reason: %v", err)
		}
		if err := move(chief, welfare.Exit, welfare.MoveDetails{Reason: "employed"}); err != nil {
			t.Fatal(err)
		}
		again, err := w.Post(t.Context(), bureau, post.ID)
		if err != nil || again.Taken != 0 || again.Status != welfare.PostOpen {
			t.Errorf("the place is not free again: %+v, %v", again, err)
		}
		// R-PWJ-03: a second placement is for special hardship; it is told before the papers are made.
		second := w.person("1985-03-01", "H1")
		list, err := w.Eligible(t.Context(), caseworker, post.ID)
		if err != nil || len(list) != 2 || list[0].Person != second || len(list[1].Blockers) != 1 || list[1].Blockers[0].Rule != "R-PWJ-03" || list[1].Blockers[0].Remedy == "" {
			t.Fatalf("%+v, %v", list, err)
		}
		if _, err := w.Propose(t.Context(), caseworker, welfare.Proposal{Post: post.ID, Person: her, RankReason: "x"}); !errors.Is(err, rules.ErrNoTerm) {
			t.Errorf("placed a second time without special hardship: %v", err)
		}
	})
}

func TestOnlyRecognisedPeopleOneEachAndNoMoreThanThePlaces(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := setup(t, db)
		post := w.open(t, draft())
		other := w.open(t, draft())
		if _, err := w.Propose(t.Context(), caseworker, welfare.Proposal{Post: post.ID, Person: dbx.NewID()}); !errors.Is(err, welfare.ErrNotRecognised) {
			t.Fatalf("someone not recognised: %v", err)
		}
		ids := []string{w.person("1985-03-01", "H4"), w.person("1985-03-01", "H4"), w.person("1985-03-01", "H4")}
		errsOf := make([]error, len(ids))
		var wg sync.WaitGroup
		for i, id := range ids {
			wg.Go(func() {
				_, errsOf[i] = w.Propose(t.Context(), caseworker, welfare.Proposal{Post: post.ID, Person: id, RankReason: "x"})
			})
		}
		wg.Wait()
		in, winner := 0, ""
		for i, err := range errsOf {
			if err == nil {
				in++
				winner = ids[i]
			} else if !errors.Is(err, welfare.ErrPostFull) {
				t.Errorf("%v", err)
			}
		}
		if in != 1 {
			t.Fatalf("%d people on one place", in)
		}
		if _, err := w.Propose(t.Context(), caseworker, welfare.Proposal{Post: other.ID, Person: winner, RankReason: "x"}); !errors.Is(err, welfare.ErrPlacedBefore) {
			t.Fatalf("one person on two posts: %v", err)
		}
	})
}

func TestWhoRanksBeforeIsPassedOverOnlyWithAReason(t *testing.T) { // R-PWJ-01
	t.Parallel()
	w := setup(t, dbtest.SQLite(t))
	post := w.open(t, draft())
	low, first := w.person("1985-03-01", "H3"), w.person("1985-03-01", "H2")
	list, err := w.Eligible(t.Context(), caseworker, post.ID)
	if err != nil || len(list) != 2 || list[0].Person != first {
		t.Fatalf("%+v, %v", list, err)
	}
	if _, err := w.Propose(t.Context(), caseworker, welfare.Proposal{Post: post.ID, Person: low}); !errors.Is(err, welfare.ErrRankReason) {
		t.Fatalf("passed over in silence: %v", err)
	}
	if _, err := w.Propose(t.Context(), caseworker, welfare.Proposal{Post: post.ID, Person: low, RankReason: "前者正在培训，九月结业"}); err != nil {
		t.Fatal(err)
	}
}

func TestAWelfarePostPaysTheMinimumWage(t *testing.T) { // R-PT-05, R-PAY-02
	t.Parallel()
	w := setup(t, dbtest.SQLite(t))
	for name, change := range map[string]func(*welfare.Post){
		"a month below":     func(p *welfare.Post) { p.WageFen = 242999 },
		"an hour below":     func(p *welfare.Post) { p.WageUnit, p.WageFen = "hour", 2299 },
		"part-time, folded": func(p *welfare.Post) { p.HoursDay, p.DaysWeek, p.WageFen = 4, 5, 199000 },
	} {
		p := draft()
		change(&p)
		if _, err := w.ApplyPost(t.Context(), town, p); !errors.Is(err, welfare.ErrWageBelow) {
			t.Errorf("%s: %v", name, err)
		}
	}
	p := draft()
	p.HoursDay, p.DaysWeek, p.WageFen = 4, 5, 199334 // 23 × 20 × 52 ÷ 12
	if _, err := w.ApplyPost(t.Context(), town, p); err != nil {
		t.Errorf("exactly the minimum: %v", err)
	}
}

func TestNobodyChecksHerOwnPost(t *testing.T) {
	t.Parallel()
	w := setup(t, dbtest.SQLite(t))
	p, err := w.ApplyPost(t.Context(), town, draft())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.MovePost(t.Context(), town, p.ID, welfare.CheckPost, ""); !errors.Is(err, welfare.ErrSamePerson) {
		t.Errorf("checked her own: %v", err)
	}
	if _, err := w.MovePost(t.Context(), staff(access.TownOfficer, "13", "330481103"), p.ID, welfare.CheckPost, ""); !errors.Is(err, access.ErrHidden) {
		t.Errorf("another town's officer: %v", err)
	}
}
