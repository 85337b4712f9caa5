package gig

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"linggong/internal/access"
	"linggong/internal/day"
	"linggong/internal/gig/offer"
)

// Opening is a shift a worker could take, and how it suits her.
type Opening struct {
	Posting   PostingView
	Shift     Shift
	Fit       Fit
	DistanceM int64 // -1 unknown
}

// The reach of Openings: what begins within days, looked at closely and shown.
const (
	openingDays   = 4
	openingsSeen  = 100
	openingsShown = 20
)

// Openings ranks the shifts of the next days for one worker: what the operator
// reads out to who stands at the counter. What she can take comes first, best
// first; behind it the nearest misses, each with what stands between.
func (s *Service) Openings(ctx context.Context, actor access.Actor, id WorkerID) ([]Opening, error) {
	w, err := s.Worker(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	f := Find{Near: offer.PlaceOf(s.Regions, w.Village), Sort: SortBest, Limit: openingsSeen, Now: s.Now()}
	for _, t := range w.Trades {
		f.Trades = append(f.Trades, t.Trade)
	}
	f.Trades = nearTrades(f.Trades)
	for n := range openingDays {
		f.Dates = append(f.Dates, s.today().Add(n))
	}
	found, _, err := s.findRelaxing(ctx, wish{Find: f}, "")
	if err != nil {
		return nil, fmt.Errorf("find openings: %w", err)
	}
	hits, err := s.hits(ctx, access.Nobody, found.Hits)
	if err != nil {
		return nil, err
	}
	held := map[day.Date]Holdings{} // by the Monday of the week
	var out []Opening
	for _, h := range hits {
		for _, sh := range h.Shifts {
			if !slices.Contains(f.Dates, sh.Date) || !sh.StartsAt.After(s.Now()) || sh.Open() <= 0 {
				continue
			}
			week := offer.Monday(sh.Date)
			if _, ok := held[week]; !ok {
				all, err := s.Store.Holdings(ctx, []WorkerID{w.ID}, sh.Date)
				if err != nil {
					return nil, err
				}
				held[week] = all[w.ID]
			}
			c := held[week].Around(h.Posting, sh)
			if c.Status != "" { // asked or answered already
				continue
			}
			out = append(out, Opening{Posting: h.PostingView, Shift: sh, Fit: s.FitOf(w, h.Posting, sh, c), DistanceM: s.distance(w.Village, h.Posting)})
		}
	}
	slices.SortStableFunc(out, func(a, b Opening) int {
		return cmp.Or(cmp.Compare(len(a.Fit.Blockers), len(b.Fit.Blockers)), -cmp.Compare(a.Fit.Total, b.Fit.Total), a.Shift.StartsAt.Compare(b.Shift.StartsAt), cmp.Compare(a.Shift.ID, b.Shift.ID))
	})
	return out[:min(len(out), openingsShown)], nil
}
