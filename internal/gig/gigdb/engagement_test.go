package gigdb_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"linggong/internal/access"
	"linggong/internal/day"
	"linggong/internal/dbx"
	"linggong/internal/dbx/dbtest"
	"linggong/internal/gig"
	"linggong/internal/gig/gigtest"
)

const creditCode = "91330100799655058B"

// engaging is a market with its engagements.
type engaging struct {
	*market
	e *gig.EngagementService
}

func newEngaging(t *testing.T, db *dbx.DB) engaging {
	t.Helper()
	m := newMarket(t, db)
	return engaging{m, &gig.EngagementService{
		Service: m.Service, Engaged: m.store,
		Fit:    func(gig.Posting, gig.Shift, gig.WorkerView, gig.Load) error { return nil },
		CodeOf: func(gig.PostingID, day.Date) string { return "2468" },
	}}
}

func (g engaging) worker(t *testing.T, n int) (gig.WorkerView, access.Actor) {
	t.Helper()
	w, err := g.RegisterWorker(t.Context(), gigtest.Bureau, gig.WorkerForm{
		Person:  gig.NewPerson{Name: fmt.Sprintf("工人%d", n), Phone: fmt.Sprintf("139%08d", n), Birth: "1980-01-01", Consent: gig.ConsentPaper},
		Village: gigtest.Village, Trades: []gig.TradeSkill{{Trade: "loader"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return w, access.Actor{Role: access.Worker, Account: dbx.NewID(), Person: w.PersonID}
}

func (g engaging) filled(t *testing.T, shift gig.ShiftID) (filled int64) {
	t.Helper()
	if err := g.db.From(t.Context()).Raw("SELECT filled FROM gig_shifts WHERE id = ?", string(shift)).Scan(&filled).Error; err != nil {
		t.Fatal(err)
	}
	return filled
}

func (g engaging) do(t *testing.T, actor access.Actor, id gig.EngagementID, act gig.Act, d gig.Details) gig.Engagement {
	t.Helper()
	e, err := g.e.Do(t.Context(), actor, id, act, d)
	if err != nil {
		t.Fatalf("%s: %v", act, err)
	}
	return e
}

func oneShift(headcount int64, urgent bool) func(*gig.Terms) {
	return func(t *gig.Terms) {
		t.Urgent = urgent
		t.Shifts = []gig.Shift{gig.NewShift("2026-11-24", 7*60, 11*60, 0, headcount)}
		t.ValidUntil = time.Time{}
	}
}

func TestTwoWorkersRacingForTheLastPlaceOneGetsIt(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		g := newEngaging(t, db)
		_, boss := g.employer(t, creditCode)
		p := g.published(t, boss, oneShift(2, true))
		const racers = 8
		var actors [racers]access.Actor
		var workers [racers]gig.WorkerView
		for i := range racers {
			workers[i], actors[i] = g.worker(t, i)
		}
		errs := make([]error, racers)
		var wg sync.WaitGroup
		for i := range racers {
			wg.Go(func() { _, errs[i] = g.e.Apply(t.Context(), actors[i], p.Shifts[0].ID, workers[i].ID) })
		}
		wg.Wait()
		in, full := 0, 0
		for _, err := range errs {
			switch {
			case err == nil:
				in++
			case errors.Is(err, gig.ErrShiftFull):
				full++
			default:
				t.Errorf("told neither yes nor full: %v", err)
			}
		}
		if in != 2 || full != racers-2 || g.filled(t, p.Shifts[0].ID) != 2 {
			t.Fatalf("%d in, %d told full, filled %d", in, full, g.filled(t, p.Shifts[0].ID))
		}
		if got, err := g.store.Posting(t.Context(), p.ID); err != nil || got.Status != gig.PostingFilled {
			t.Fatalf("a full posting is %s, %v", got.Status, err)
		}
	})
}

func TestNobodyIsInTwoPlacesAtOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		g := newEngaging(t, db)
		_, boss := g.employer(t, creditCode)
		a, b := g.published(t, boss, oneShift(5, true)), g.published(t, boss, func(x *gig.Terms) {
			oneShift(5, true)(x)
			x.Shifts = []gig.Shift{gig.NewShift("2026-11-24", 10*60, 14*60, 0, 5)}
		})
		w, her := g.worker(t, 1)
		if _, err := g.e.Apply(t.Context(), her, a.Shifts[0].ID, w.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := g.e.Apply(t.Context(), her, b.Shifts[0].ID, w.ID); !errors.Is(err, gig.ErrOverlap) {
			t.Fatalf("two at once: %v", err)
		}
		if g.filled(t, b.Shifts[0].ID) != 0 {
			t.Fatal("the refused booking kept its place")
		}
		if _, err := g.e.Apply(t.Context(), her, a.Shifts[0].ID, w.ID); !errors.Is(err, gig.ErrAlreadyApplied) && !errors.Is(err, gig.ErrOverlap) {
			t.Fatalf("twice for one shift: %v", err)
		}
	})
}

func TestAnEngagementGoesFromApplicationToRating(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		g := newEngaging(t, db)
		_, boss := g.employer(t, creditCode)
		p := g.published(t, boss, oneShift(1, false))
		w, her := g.worker(t, 1)
		e, err := g.e.Apply(t.Context(), her, p.Shifts[0].ID, w.ID)
		if err != nil || e.Status != gig.Applied || len(e.Code) != 6 || e.AnswerBy.IsZero() {
			t.Fatalf("%+v, %v", e, err)
		}
		if _, err := g.e.Do(t.Context(), her, e.ID, gig.ActAccept, gig.Details{}); err == nil {
			t.Fatal("she accepted herself")
		}
		g.do(t, boss, e.ID, gig.ActAccept, gig.Details{})
		if g.filled(t, p.Shifts[0].ID) != 1 {
			t.Fatal("the place is not taken")
		}
		if _, err := g.e.Do(t.Context(), her, e.ID, gig.ActCheckIn, gig.Details{Code: "2468"}); !errors.Is(err, gig.ErrTooEarly) {
			t.Fatalf("checked in the day before: %v", err)
		}
		g.now = p.Shifts[0].StartsAt.Add(-10 * time.Minute)
		if _, err := g.e.Do(t.Context(), her, e.ID, gig.ActCheckIn, gig.Details{Code: "1111"}); !errors.Is(err, gig.ErrCheckInKey) {
			t.Fatalf("a wrong code: %v", err)
		}
		g.do(t, her, e.ID, gig.ActCheckIn, gig.Details{Code: "2468"})
		if _, err := g.e.Do(t.Context(), her, e.ID, gig.ActCheckOut, gig.Details{}); !errors.Is(err, gig.ErrTooEarly) {
			t.Fatalf("checked out before the shift began: %v", err)
		}
		g.now = p.Shifts[0].EndsAt
		g.do(t, her, e.ID, gig.ActCheckOut, gig.Details{})
		if _, err := g.e.Do(t.Context(), her, e.ID, gig.ActConfirmHours, gig.Details{Minutes: 300}); !errors.Is(err, gig.ErrHours) {
			t.Fatalf("confirmed more than the time since she came: %v", err)
		}
		if got := g.do(t, her, e.ID, gig.ActConfirmHours, gig.Details{Minutes: 240}); got.Status != gig.CheckedOut {
			t.Fatalf("one side alone confirmed the hours: %s", got.Status)
		}
		if _, err := g.e.Do(t.Context(), boss, e.ID, gig.ActConfirmHours, gig.Details{Minutes: 200}); !errors.Is(err, gig.ErrHoursDiffer) {
			t.Fatalf("hours that differ: %v", err)
		}
		got := g.do(t, boss, e.ID, gig.ActConfirmHours, gig.Details{Minutes: 240})
		if got.Status != gig.HoursConfirmed || got.AmountFen <= 0 || got.PayDue == "" {
			t.Fatalf("%+v", got)
		}
		if _, err := g.e.Do(t.Context(), boss, e.ID, gig.ActPay, gig.Details{AmountFen: got.AmountFen, Method: "voucher"}); !errors.Is(err, gig.ErrPayMethod) {
			t.Fatalf("paid with a voucher: %v", err) // R-PAY-04
		}
		if _, err := g.e.Do(t.Context(), boss, e.ID, gig.ActPay, gig.Details{AmountFen: got.AmountFen - 1, Method: "bank"}); !errors.Is(err, gig.ErrPayBelow) {
			t.Fatalf("less than agreed without a reason: %v", err)
		}
		if got = g.do(t, boss, e.ID, gig.ActPay, gig.Details{AmountFen: got.AmountFen, Method: "bank", Proof: "回单 8812"}); got.Status != gig.Settled {
			t.Fatalf("%+v", got)
		}
		if got = g.do(t, her, e.ID, gig.ActRate, gig.Details{Stars: 5}); got.Status != gig.Settled {
			t.Fatal("closed before both rated")
		}
		if _, err := g.e.Do(t.Context(), her, e.ID, gig.ActRate, gig.Details{Stars: 1}); !errors.Is(err, gig.ErrRatedOnce) {
			t.Fatalf("rated twice: %v", err)
		}
		if got = g.do(t, boss, e.ID, gig.ActRate, gig.Details{Stars: 4}); got.Status != gig.Closed {
			t.Fatalf("%+v", got)
		}
		again, err := g.store.Worker(t.Context(), w.ID)
		if err != nil || again.Completed != 1 || again.RatingSum != 4 {
			t.Fatalf("%+v, %v", again, err)
		}
		if _, history, err := g.e.Engagement(t.Context(), her, e.ID); err != nil || len(history) != 9 {
			t.Fatalf("%d moves, %v", len(history), err)
		}
	})
}

// A city has nine hundred thousand codes and more gigs than that.
func TestAPickUpCodeIsGivenAgainOnceTheGigIsPaid(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		g := newEngaging(t, db)
		_, boss := g.employer(t, creditCode)
		p := g.published(t, boss, oneShift(3, true))
		apply := func(n int) (gig.Engagement, access.Actor) {
			w, actor := g.worker(t, n)
			e, err := g.e.Apply(t.Context(), actor, p.Shifts[0].ID, w.ID)
			if err != nil {
				t.Fatal(err)
			}
			return e, actor
		}
		first, she := apply(1)
		second, _ := apply(2)
		same := func() error {
			return dbx.Classify(db.InTx(t.Context(), func(ctx context.Context) error {
				return db.From(ctx).Exec("UPDATE gig_engagements SET code = ? WHERE id = ?", first.Code, string(second.ID)).Error
			}))
		}
		if err := same(); !errors.Is(err, dbx.ErrDuplicate) {
			t.Fatalf("two under way have one code: %v", err)
		}
		g.now = p.Shifts[0].StartsAt
		g.do(t, she, first.ID, gig.ActCheckIn, gig.Details{Code: "2468"})
		g.now = p.Shifts[0].EndsAt
		g.do(t, she, first.ID, gig.ActCheckOut, gig.Details{})
		g.do(t, she, first.ID, gig.ActConfirmHours, gig.Details{Minutes: 240})
		got := g.do(t, boss, first.ID, gig.ActConfirmHours, gig.Details{Minutes: 240})
		g.do(t, boss, first.ID, gig.ActPay, gig.Details{AmountFen: got.AmountFen, Method: "bank"})
		if err := same(); err != nil {
			t.Fatalf("the code of a paid gig is not given again: %v", err)
		}
		for tail, want := range map[string]gig.EngagementID{"0001": first.ID, "0002": second.ID} {
			if e, err := g.e.BySlip(t.Context(), first.Code, tail); err != nil || e.ID != want {
				t.Errorf("the slip %s with %s: %v, %v", first.Code, tail, e.ID, err)
			}
		}
		if _, err := g.e.BySlip(t.Context(), first.Code, "0003"); !errors.Is(err, gig.ErrEngagementNotFound) {
			t.Errorf("somebody else's phone: %v", err)
		}
		if again := g.do(t, she, first.ID, gig.ActDispute, gig.Details{Reason: "少付了"}); again.Code == first.Code {
			t.Error("opened again under a code that is another's now")
		}
	})
}

func TestAFreedPlaceCanBeTakenAgain(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		g := newEngaging(t, db)
		_, boss := g.employer(t, creditCode)
		p := g.published(t, boss, oneShift(1, true))
		w1, a := g.worker(t, 1)
		w2, b := g.worker(t, 2)
		e, err := g.e.Apply(t.Context(), a, p.Shifts[0].ID, w1.ID)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := g.e.Apply(t.Context(), b, p.Shifts[0].ID, w2.ID); !errors.Is(err, gig.ErrShiftFull) {
			t.Fatal(err)
		}
		g.do(t, a, e.ID, gig.ActWithdraw, gig.Details{})
		if _, err := g.e.Apply(t.Context(), b, p.Shifts[0].ID, w2.ID); err != nil {
			t.Fatalf("the freed place: %v", err)
		}
		if _, err := g.e.Apply(t.Context(), a, p.Shifts[0].ID, w1.ID); !errors.Is(err, gig.ErrShiftFull) {
			t.Fatal(err)
		}
	})
}

func TestNobodyWaitsInSilence(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		g := newEngaging(t, db)
		_, boss := g.employer(t, creditCode)
		p := g.published(t, boss, oneShift(3, false))
		w, her := g.worker(t, 1)
		e, err := g.e.Apply(t.Context(), her, p.Shifts[0].ID, w.ID)
		if err != nil {
			t.Fatal(err)
		}
		if n, err := g.e.LapseDue(t.Context()); err != nil || n != 0 {
			t.Fatalf("lapsed at once: %d, %v", n, err)
		}
		g.now = e.AnswerBy.Add(72 * time.Hour) // the program was down for three days
		for want := range []int{1, 0} {
			n, err := g.e.LapseDue(t.Context())
			if err != nil || n != 1-want {
				t.Fatalf("lapsed %d, %v", n, err)
			}
		}
		got, history, err := g.e.Engagement(t.Context(), her, e.ID)
		if err != nil || got.Status != gig.Lapsed || history[len(history)-1].Reason == "" {
			t.Fatalf("%+v, %v", got, err)
		}
	})
}

func TestAnotherEmployersEngagementIsHidden(t *testing.T) {
	t.Parallel()
	g := newEngaging(t, dbtest.SQLite(t))
	_, boss := g.employer(t, creditCode)
	p := g.published(t, boss, oneShift(3, false))
	w, her := g.worker(t, 1)
	e, err := g.e.Apply(t.Context(), her, p.Shifts[0].ID, w.ID)
	if err != nil {
		t.Fatal(err)
	}
	other := access.Actor{Role: access.Employer, Account: dbx.NewID(), Employer: dbx.NewID()}
	if _, err := g.e.Do(t.Context(), other, e.ID, gig.ActAccept, gig.Details{}); !errors.Is(err, access.ErrHidden) {
		t.Errorf("another employer accepted: %v", err)
	}
	if _, _, err := g.e.Engagement(t.Context(), other, e.ID); !errors.Is(err, access.ErrHidden) {
		t.Errorf("another employer read it: %v", err)
	}
	page, err := g.e.Engagements(t.Context(), other, gig.EngagementFilter{})
	if err != nil || len(page.Items) != 0 {
		t.Errorf("another employer lists it: %v", err)
	}
}

// Every state that is not an end has a way out, and nothing leaves an end.
func TestTheStateMachineHasNoDeadEnds(t *testing.T) {
	t.Parallel()
	system := access.Internal("test")
	ends := []gig.EngagementStatus{gig.Closed, gig.Withdrawn, gig.Declined, gig.Refused, gig.Lapsed, gig.Cancelled, gig.NoShow}
	now := time.Date(2026, 11, 24, 4, 0, 0, 0, time.UTC)
	for _, s := range []gig.EngagementStatus{
		gig.Applied, gig.Invited, gig.Confirmed, gig.CheckedIn, gig.CheckedOut, gig.HoursConfirmed, gig.Settled, gig.Disputed,
	} {
		e := gig.Engagement{Status: s, StartsAt: now.Add(time.Hour), EndsAt: now.Add(-time.Minute)}
		if len(e.Next(system, now)) == 0 {
			t.Errorf("%s has no way out", s)
		}
	}
	for _, s := range ends {
		if next := (gig.Engagement{Status: s}).Next(system, now); len(next) != 0 {
			t.Errorf("%s is an end and goes on with %v", s, next)
		}
	}
}
