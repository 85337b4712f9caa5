package indicatordb_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"linggong/internal/access"
	"linggong/internal/audit/auditdb"
	"linggong/internal/bus"
	"linggong/internal/day"
	"linggong/internal/dbx"
	"linggong/internal/dbx/dbtest"
	"linggong/internal/event"
	"linggong/internal/indicator"
	"linggong/internal/indicator/indicatordb"
)

const (
	city    = "330481000000"
	xucun   = "330481101000"
	village = "330481101201"
	other   = "330481103202"
)

var (
	bureau = access.Actor{Role: access.Bureau, Account: "01900000-0000-7000-8000-000000000001"}
	deputy = access.Actor{Role: access.Bureau, Account: "01900000-0000-7000-8000-000000000002"}
	noon   = time.Date(2026, 11, 23, 4, 0, 0, 0, time.UTC)
)

func now() time.Time { return noon }

// plan is a small plan: one flow, one ratio, one we only hear of.
type plan struct{}

func (plan) All() []indicator.Definition {
	target := func(micro int64, op string) func(int) (int64, string, bool) {
		return func(int) (int64, string, bool) { return micro, op, true }
	}
	return []indicator.Definition{
		{Key: "1", No: 1, Unit: "%", Nature: indicator.Stock, Lower: true, Target: target(5_000_000, "<")},
		{Key: "2", No: 2, Unit: "人", Nature: indicator.AnnualFlow, Counted: true, Target: target(30_000_000_000, ">=")},
		{Key: "3", No: 3, Unit: "%", Nature: indicator.Ratio, Counted: true, Judged: true, Target: target(100_000_000, ">=")},
		{Key: "11", No: 11, Unit: "%", Nature: indicator.Ratio, Counted: true, Target: target(95_500_000, ">=")},
		{Key: indicator.GigPlacements, Unit: "人次", Nature: indicator.AnnualFlow, Counted: true},
	}
}

func (p plan) Definition(k indicator.Key) (indicator.Definition, error) {
	for _, d := range p.All() {
		if d.Key == k {
			return d, nil
		}
	}
	return indicator.Definition{}, indicator.ErrUnknown
}

type register []indicator.Eligible

func (r register) Eligible(context.Context, string, day.Date, day.Date) ([]indicator.Eligible, error) {
	return slices.Clone(r), nil
}

type world struct {
	db      *dbx.DB
	store   *indicatordb.Store
	bus     *bus.Bus
	service *indicator.Service
	reports *indicator.ReportService
}

func setup(t *testing.T, db *dbx.DB, eligible ...indicator.Eligible) world {
	t.Helper()
	s := indicatordb.NewStore(db)
	b := bus.New(auditdb.NewStore(db), now, indicator.NewRecorder(s, "330481", now))
	return world{
		db: db, store: s, bus: b,
		service: indicator.NewService(s, s, plan{}, register(eligible), city, db, b, now),
		reports: indicator.NewReportService(s, plan{}, db, b, now),
	}
}

func (w world) publish(t *testing.T, e event.Event) string {
	t.Helper()
	if e.ID == "" {
		e.ID = dbx.NewID()
	}
	e.Actor = bureau
	if err := w.db.InTx(t.Context(), func(ctx context.Context) error { return w.bus.Publish(ctx, e) }); err != nil {
		t.Fatal(err)
	}
	return e.ID
}

func (w world) sum(t *testing.T, key indicator.Key, region string) indicator.Sums {
	t.Helper()
	got, err := w.store.Sum(t.Context(), []indicator.Key{key}, region, "2026-01-01", "2026-12-31")
	if err != nil {
		t.Fatal(err)
	}
	return got[key]
}

func (w world) reading(t *testing.T, key indicator.Key) indicator.Reading {
	t.Helper()
	all, err := w.service.Overview(t.Context(), bureau, 2026, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range all {
		if r.Definition.Key == key {
			return r
		}
	}
	t.Fatalf("no reading of %s", key)
	return indicator.Reading{}
}

func checkIn(region string, on day.Date) event.Event {
	return event.Event{Kind: event.EngagementCheckedIn, Region: region, On: on, Subject: event.Ref{Kind: "engagement", ID: dbx.NewID()}, Person: dbx.NewID()}
}

func TestANumberIsExactAtOnceAndAfterFolding(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := setup(t, db)
		for range 3 {
			w.publish(t, checkIn(village, "2026-03-01"))
		}
		w.publish(t, checkIn(other, "2026-03-02"))
		w.publish(t, checkIn(xucun, "2026-03-02")) // the town's 未分配 child
		check := func(when string) {
			for region, want := range map[string]int64{city: 5, xucun: 4, village: 3, other: 1} {
				if got := w.sum(t, indicator.GigPlacements, region).Num; got != want {
					t.Errorf("%s: %s = %d, want %d", when, region, got, want)
				}
			}
			villages, err := w.store.Children(t.Context(), indicator.GigPlacements, xucun, indicator.Village, "2026-01-01", "2026-12-31")
			if err != nil {
				t.Fatal(err)
			}
			want := []indicator.Cell{{Region: xucun, Sums: indicator.Sums{Num: 1}}, {Region: village, Sums: indicator.Sums{Num: 3}}}
			if d := cmp.Diff(want, villages); d != "" {
				t.Errorf("%s: a town is not the sum of its children:\n%s", when, d)
			}
		}
		check("before folding")
		if n, err := w.store.Fold(t.Context()); err != nil || n != 5 {
			t.Fatalf("folded %d, %v", n, err)
		}
		check("after folding")
		w.publish(t, checkIn(village, "2026-03-03"))
		if got := w.sum(t, indicator.GigPlacements, city).Num; got != 6 {
			t.Errorf("with a tail: %d", got)
		}
	})
}

func TestARepeatedActCountsOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := setup(t, db)
		r := indicator.NewRecorder(w.store, "330481", now)
		e := checkIn(village, "2026-03-01")
		e.ID = dbx.NewID()
		for range 3 {
			if err := db.InTx(t.Context(), func(ctx context.Context) error { return r.Handle(ctx, e) }); err != nil {
				t.Fatal(err)
			}
		}
		if got := w.sum(t, indicator.GigPlacements, city).Num; got != 1 {
			t.Fatalf("counted %d times", got)
		}
	})
}

func TestAGigIsNotByItselfNewUrbanEmployment(t *testing.T) { // R-IND-02b
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := setup(t, db)
		w.publish(t, event.Event{Kind: event.EngagementSettled, Region: village, On: "2026-03-01", Person: dbx.NewID()})
		if got := w.sum(t, "2", city).Num; got != 0 {
			t.Fatalf("a gig counted %d as new urban employment", got)
		}
		page, err := w.service.Facts(t.Context(), bureau, indicator.FactQuery{Indicator: "2", Year: 2026, All: true, Limit: 10})
		if err != nil || len(page.Facts) != 1 || page.Facts[0].Excluded != indicator.ExcludedRegistration {
			t.Fatalf("the candidate and its reason are lost: %+v, %v", page, err)
		}
	})
}

func TestAPersonCountsOnceAYearUntilTheFactIsTakenBack(t *testing.T) { // R-IND-02a
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := setup(t, db)
		person := dbx.NewID()
		start := func(on day.Date) {
			w.publish(t, event.Event{Kind: event.PlacementStarted, Region: village, On: on, Person: person, Tags: map[string]string{"registered": "yes"}})
		}
		start("2026-02-01")
		start("2026-05-01")
		if got := w.sum(t, "2", city).Num; got != 1 {
			t.Fatalf("one person counted %d times in a year", got)
		}
		page, err := w.service.Facts(t.Context(), bureau, indicator.FactQuery{Indicator: "2", Year: 2026, Limit: 10})
		if err != nil || len(page.Facts) != 1 || page.Count != 1 {
			t.Fatalf("%+v, %v", page, err)
		}
		if _, err := w.service.Reverse(t.Context(), bureau, page.Facts[0].ID, ""); !errors.Is(err, indicator.ErrReasonMissing) {
			t.Fatalf("reversed without a reason: %v", err)
		}
		if _, err := w.service.Reverse(t.Context(), bureau, page.Facts[0].ID, "登记有误"); err != nil {
			t.Fatal(err)
		}
		if _, err := w.service.Reverse(t.Context(), bureau, page.Facts[0].ID, "再来一次"); !errors.Is(err, indicator.ErrAlreadyReversed) {
			t.Fatalf("reversed twice: %v", err)
		}
		if got := w.sum(t, "2", city).Num; got != 0 {
			t.Fatalf("after the reversal: %d", got)
		}
		start("2026-06-01")
		if got := w.sum(t, "2", city).Num; got != 1 {
			t.Fatalf("a later true one: %d", got)
		}
	})
}

func TestAFactCannotBeEdited(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := setup(t, db)
		w.publish(t, checkIn(village, "2026-03-01"))
		for _, stmt := range []string{"UPDATE indicator_facts SET quantity = 9", "DELETE FROM indicator_facts"} {
			if err := db.InTx(t.Context(), func(ctx context.Context) error { return db.From(ctx).Exec(stmt).Error }); err == nil {
				t.Errorf("%s went through", stmt)
			}
		}
	})
}

func TestFoldingAmidActsLosesNothing(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := setup(t, db)
		const writers, each = 4, 25
		var wg sync.WaitGroup
		for i := range writers {
			wg.Go(func() {
				rnd := rand.New(rand.NewPCG(uint64(i), 1))
				for range each {
					e := checkIn(fmt.Sprintf("330481101%03d", rnd.IntN(5)), day.New(2026, time.Month(1+rnd.IntN(3)), 1+rnd.IntN(28)))
					e.ID, e.Actor = dbx.NewID(), bureau
					if err := db.InTx(t.Context(), func(ctx context.Context) error { return w.bus.Publish(ctx, e) }); err != nil {
						t.Error(err)
					}
				}
			})
		}
		for range 2 {
			wg.Go(func() {
				for range 20 {
					if _, err := w.store.Fold(t.Context()); err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		if got := w.sum(t, indicator.GigPlacements, city).Num; got != writers*each {
			t.Fatalf("the city has %d, want %d", got, writers*each)
		}
		if _, wrong, err := w.store.Disagreements(t.Context(), 10); err != nil || len(wrong) != 0 {
			t.Fatalf("sums and facts disagree: %v, %v", wrong, err)
		}
		if err := w.store.Rebuild(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := w.sum(t, indicator.GigPlacements, city).Num; got != writers*each {
			t.Fatalf("rebuilt to %d", got)
		}
	})
}

func TestADisagreementIsFound(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := setup(t, db)
		w.publish(t, checkIn(village, "2026-03-01"))
		if _, err := w.store.Fold(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := db.InTx(t.Context(), func(ctx context.Context) error {
			return db.From(ctx).Exec("UPDATE indicator_rollups SET quantity = 2 WHERE level = 'town'").Error
		}); err != nil {
			t.Fatal(err)
		}
		if _, wrong, err := w.store.Disagreements(t.Context(), 10); err != nil || len(wrong) != 1 {
			t.Fatalf("found %v, %v", wrong, err)
		}
	})
}

func TestHelpRateCountsThoseWhoMustBeHelpedAndIsNullWithoutAny(t *testing.T) { // R-IND-03
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		empty := setup(t, db)
		if r := empty.reading(t, "3"); r.Ours != nil || r.Met != nil {
			t.Fatalf("a zero denominator gives %v, met %v; it must be null", r.Ours, r.Met)
		}
		ann, bob, eve := dbx.NewID(), dbx.NewID(), dbx.NewID()
		w := setup(t, db, indicator.Eligible{Person: ann, Region: village}, indicator.Eligible{Person: bob, Region: other, OverdueDays: 4})
		measure := func(person, counts string) {
			w.publish(t, event.Event{Kind: event.MeasureRecorded, Region: village, On: "2026-03-01", Person: person, Tags: map[string]string{"counts": counts, "substantive": counts}})
		}
		measure(ann, "yes")
		measure(ann, "yes")
		measure(bob, "no")  // a mass message is no service
		measure(eve, "yes") // not one of those who must be helped
		r := w.reading(t, "3")
		if r.Sums != (indicator.Sums{Num: 1, Den: 2}) || r.Met == nil || *r.Met {
			t.Fatalf("sums %+v, met %v", r.Sums, r.Met)
		}
		page, err := w.service.Facts(t.Context(), bureau, indicator.FactQuery{Indicator: "3", Year: 2026, Limit: 10})
		if err != nil || page.Count != r.Sums.Num || page.Facts[0].Person != ann {
			t.Fatalf("the number does not open to its people: %+v, %v", page, err)
		}
		left, err := w.service.Unhelped(t.Context(), bureau, 2026, city)
		if err != nil || len(left) != 1 || left[0].Person != bob {
			t.Fatalf("un-helped: %+v, %v", left, err)
		}
	})
}

func TestOursAndTheReportedTotalAreTwoColumns(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := setup(t, db)
		w.publish(t, event.Event{Kind: event.PlacementStarted, Region: village, On: "2026-02-01", Person: dbx.NewID(), Tags: map[string]string{"registered": "yes"}})
		if r := w.reading(t, "2"); r.Met != nil || r.Judged != nil {
			t.Fatal("our part alone was held against the city's target")
		}
		approve(t, w, "2", "2026-10", "29999")
		r := w.reading(t, "2")
		if r.Sums.Num != 1 || r.Reported == nil || r.JudgedBy != "reported" || r.Met == nil || *r.Met {
			t.Fatalf("%+v", r)
		}
		approve(t, w, "2", "2026", "30000")
		if r := w.reading(t, "2"); r.Met == nil || !*r.Met || r.Reported.Period != "2026" {
			t.Fatalf("30,000 meets a target of 30,000: %+v", r)
		}
		approve(t, w, "1", "2026", "5.0")
		if r := w.reading(t, "1"); r.Met == nil || *r.Met {
			t.Fatal("5.0 is not below 5")
		}
	})
}

func approve(t *testing.T, w world, key indicator.Key, period, value string) {
	t.Helper()
	r, err := w.reports.Enter(t.Context(), bureau, indicator.NewReport{Indicator: key, Period: period, Value: value, Publisher: "统计局", Document: "月报"})
	if err == nil {
		r, err = w.reports.Submit(t.Context(), bureau, r.ID)
	}
	if err == nil {
		_, err = w.reports.Approve(t.Context(), deputy, r.ID)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestNobodyApprovesHerOwnReport(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := setup(t, db)
		enter := func() indicator.Report {
			r, err := w.reports.Enter(t.Context(), bureau, indicator.NewReport{Indicator: "1", Period: "2026-06", Value: "4.8", Publisher: "统计局", Document: "月报"})
			if err == nil {
				r, err = w.reports.Submit(t.Context(), bureau, r.ID)
			}
			if err != nil {
				t.Fatal(err)
			}
			return r
		}
		first, second := enter(), enter()
		if _, err := w.reports.Approve(t.Context(), bureau, first.ID); !errors.Is(err, indicator.ErrOwnReport) {
			t.Fatalf("approved her own: %v", err)
		}
		if _, err := w.reports.Approve(t.Context(), deputy, first.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := w.reports.Approve(t.Context(), deputy, second.ID); !errors.Is(err, indicator.ErrReportTaken) {
			t.Fatalf("two values for one month: %v", err)
		}
		if _, err := w.reports.Return(t.Context(), deputy, first.ID, "统计局更正"); err != nil {
			t.Fatal(err)
		}
		if _, err := w.reports.Approve(t.Context(), deputy, second.ID); err != nil {
			t.Fatal(err)
		}
	})
}

func TestWhatIsEnteredMustBeANumberWithASource(t *testing.T) {
	t.Parallel()
	w := setup(t, dbtest.SQLite(t))
	for name, n := range map[string]indicator.NewReport{
		"words":             {Indicator: "1", Period: "2026", Value: "约5", Publisher: "a", Document: "b"},
		"a formula":         {Indicator: "1", Period: "2026", Value: "=1+1", Publisher: "a", Document: "b"},
		"over 100 per cent": {Indicator: "1", Period: "2026", Value: "101", Publisher: "a", Document: "b"},
		"no month 13":       {Indicator: "1", Period: "2026-13", Value: "5", Publisher: "a", Document: "b"},
		"no source":         {Indicator: "1", Period: "2026", Value: "5"},
	} {
		if _, err := w.reports.Enter(t.Context(), bureau, n); !errors.Is(err, indicator.ErrReportValue) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := w.reports.Enter(t.Context(), bureau, indicator.NewReport{Indicator: "99", Period: "2026", Value: "5"}); !errors.Is(err, indicator.ErrUnknown) {
		t.Error("an unknown indicator was reported")
	}
}

func TestATownOpensOnlyItsOwnFacts(t *testing.T) {
	t.Parallel()
	w := setup(t, dbtest.SQLite(t))
	w.publish(t, checkIn(village, "2026-03-01"))
	w.publish(t, checkIn(other, "2026-03-01"))
	town := access.Actor{Role: access.TownOfficer, Account: "x", Regions: []string{"330481101"}}
	page, err := w.service.Facts(t.Context(), town, indicator.FactQuery{Indicator: indicator.GigPlacements, Year: 2026, Region: xucun, Limit: 10})
	if err != nil || page.Count != 1 {
		t.Fatalf("%+v, %v", page, err)
	}
	for _, region := range []string{city, other} {
		if _, err := w.service.Facts(t.Context(), town, indicator.FactQuery{Indicator: indicator.GigPlacements, Year: 2026, Region: region}); !errors.Is(err, access.ErrHidden) {
			t.Errorf("%s: %v", region, err)
		}
	}
	all, err := w.service.Facts(t.Context(), bureau, indicator.FactQuery{Indicator: indicator.GigPlacements, Year: 2026, Limit: 10})
	if err != nil || len(all.Facts) != 2 {
		t.Fatal(err)
	}
	if _, err := w.service.Fact(t.Context(), town, all.Facts[0].ID); !errors.Is(err, access.ErrHidden) {
		t.Errorf("another town's fact: %v", err)
	}
}
