package gig_test

import (
	"errors"
	"testing"
	"time"

	"linggong/internal/day"
	"linggong/internal/errs"
	"linggong/internal/gig"
	"linggong/internal/gig/gigtest"
	"linggong/internal/gig/offer"
	"linggong/internal/matching"
	"linggong/internal/rules"
)

func service() *gig.Service {
	return gig.NewService(gig.Deps{Regions: gigtest.Regions(), Rules: rules.Default, Now: func() time.Time { return gigtest.Now }})
}

func pair() (gig.WorkerView, gig.Posting, gig.Shift) {
	p := gig.Posting{ID: "p", EmployerID: "e", Terms: gigtest.Terms()}
	p.Place = offer.PlaceOf(gigtest.Regions(), gigtest.Village)
	w := gig.WorkerView{
		Worker: gig.Worker{ID: "w", Village: gigtest.Village, Trades: []gig.TradeSkill{{Trade: "loader", Level: 3}}, RadiusM: 8000, WaitingSince: gigtest.Now.AddDate(0, 0, -5)},
		Card:   gig.PersonCard{Birth: "1980-05-01"},
	}
	return w, p, p.Shifts[0]
}

func TestEachHardRuleBetweenAWorkerAndAShiftSpeaks(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*gig.WorkerView, *gig.Posting, *gig.Commitments)
		code   string
		wish   bool
	}{
		"nothing in the way":            {func(*gig.WorkerView, *gig.Posting, *gig.Commitments) {}, "", false},
		"a day short of eighteen":       {func(w *gig.WorkerView, _ *gig.Posting, _ *gig.Commitments) { w.Card.Birth = "2008-11-25" }, "under_min_age", false},
		"eighteen on the day":           {func(w *gig.WorkerView, _ *gig.Posting, _ *gig.Commitments) { w.Card.Birth = "2008-11-24" }, "", false},
		"fifteen":                       {func(w *gig.WorkerView, _ *gig.Posting, _ *gig.Commitments) { w.Card.Birth = "2011-01-01" }, "under_sixteen", false},
		"no licence":                    {func(_ *gig.WorkerView, p *gig.Posting, _ *gig.Commitments) { p.Certificates = []string{"forklift"} }, "certificate_missing", false},
		"a licence that runs out today": {licence("2026-11-23"), "certificate_missing", false},
		"a licence of the day":          {licence("2026-11-24"), "", false},
		"taken at that time": {func(_ *gig.WorkerView, p *gig.Posting, c *gig.Commitments) {
			c.Busy = []matching.Window{{From: p.Shifts[0].EndsAt.Add(-time.Minute), To: p.Shifts[0].EndsAt.Add(time.Hour)}}
		}, "overlap", false},
		"taken right after": {func(_ *gig.WorkerView, p *gig.Posting, c *gig.Commitments) {
			c.Busy = []matching.Window{{From: p.Shifts[0].EndsAt, To: p.Shifts[0].EndsAt.Add(time.Hour)}}
		}, "", false},
		"25 hours with one employer": {func(_ *gig.WorkerView, _ *gig.Posting, c *gig.Commitments) { c.EmployerWeekMinutes = 20*60 + 1 }, "part_time_week", false},
		"24 hours with one employer": {func(_ *gig.WorkerView, _ *gig.Posting, c *gig.Commitments) { c.EmployerWeekMinutes = 20 * 60 }, "", false},
		"below her floor":            {func(w *gig.WorkerView, _ *gig.Posting, _ *gig.Commitments) { w.FloorHourFen = 3001 }, "below_own_floor", true},
		"too far for her": {func(w *gig.WorkerView, p *gig.Posting, _ *gig.Commitments) {
			w.RadiusM = 5000
			p.Place = gig.PointOf(30.53, 120.68)
		}, "too_far", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := service()
			w, p, sh := pair()
			var held gig.Commitments
			c.change(&w, &p, &held)
			f := s.FitOf(w, p, sh, held)
			if c.code == "" {
				if !f.Eligible() || f.Total == 0 || len(f.Reasons) == 0 {
					t.Fatalf("%+v", f)
				}
				return
			}
			if len(f.Blockers) != 1 || f.Blockers[0].Code != c.code || f.Blockers[0].Remedy == "" {
				t.Fatalf("%+v", f.Blockers)
			}
			if held.Busy != nil {
				return // the database holds that one
			}
			err := s.Eligible(p, sh, w, held.Load)
			if c.wish != (err == nil) {
				t.Fatalf("got %v", err)
			}
			if e, ok := errors.AsType[*errs.Error](err); ok && (e.Rule == "" || e.Source == "" || e.Remedy == "" || errs.KindOf(err) != errs.Invalid) {
				t.Fatalf("%+v", e)
			}
		})
	}
}

func licence(expires day.Date) func(*gig.WorkerView, *gig.Posting, *gig.Commitments) {
	return func(w *gig.WorkerView, p *gig.Posting, _ *gig.Commitments) {
		p.Certificates = []string{"forklift"}
		w.Certificates = []gig.Certificate{{Kind: "forklift", Expires: expires}}
	}
}

func TestUsualHoursMayCrossMidnight(t *testing.T) {
	t.Parallel()
	shift := func(from, to int) gig.Shift { return gig.NewShift("2026-11-24", from*60, to*60, 0, 1) } // a Tuesday
	for name, c := range map[string]struct {
		usual gig.Availability
		shift gig.Shift
		want  bool
	}{
		"any time":                   {gig.Availability{}, shift(22, 6), true},
		"within the day":             {gig.Availability{FromMinute: 480, ToMinute: 1080}, shift(8, 18), true},
		"an hour early":              {gig.Availability{FromMinute: 480, ToMinute: 1080}, shift(7, 12), false},
		"another weekday":            {gig.Availability{Days: []time.Weekday{time.Monday}}, shift(8, 12), false},
		"a night within a night":     {gig.Availability{FromMinute: 20 * 60, ToMinute: 8 * 60}, shift(22, 6), true},
		"early within a night":       {gig.Availability{FromMinute: 20 * 60, ToMinute: 8 * 60}, shift(2, 6), true},
		"a morning beyond the night": {gig.Availability{FromMinute: 20 * 60, ToMinute: 8 * 60}, shift(6, 10), false},
	} {
		if got := c.usual.Covers(c.shift.StartsAt, c.shift.EndsAt); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
