package welfare

import (
	"context"

	"linggong/internal/access"
	"linggong/internal/day"
	"linggong/internal/event"
)

// Month is one month worked on a placement (在岗领补: no attendance, no subsidy).
type Month struct {
	Placement PlacementID
	Person    string
	Month     string // 2026-11
	Days      int
	By        string
}

// RecordMonth records attendance; one person has one row a month (R-PWJ-05).
func (s *Service) RecordMonth(ctx context.Context, actor access.Actor, id PlacementID, month string, days int) error {
	if d, err := day.Parse(month + "-01"); err != nil || d > s.today() || days < 0 || days > 31 {
		return ErrMonth
	}
	return s.tx.InTx(ctx, func(ctx context.Context) error {
		p, err := s.store.Placement(ctx, id)
		if err != nil {
			return err
		}
		if err := access.Can(actor, access.PlacementWrite, p.target()); err != nil {
			return err
		}
		first, last := p.StartsOn.YearMonth(), p.EndsOn.YearMonth()
		if p.Status != OnPost && p.Status != Exiting || month < first || month > last {
			return ErrMonth.Saying("这个月不在安置期内", "The month is outside the term.")
		}
		if err := s.store.RecordMonth(ctx, Month{Placement: id, Person: p.Person, Month: month, Days: days, By: actor.Account}); err != nil {
			return err
		}
		return s.placementMoved(ctx, actor, event.PlacementMoved, p, "month", "")
	})
}
