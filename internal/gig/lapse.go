package gig

import (
	"context"

	"linggong/internal/access"
	"linggong/internal/errs"
)

// LapseDue ends what nobody answered in time, so that no one waits in silence.
// It reads what is due by the clock, so a missed run loses nothing.
func (s *EngagementService) LapseDue(ctx context.Context) (int, error) {
	ids, err := s.Engaged.Due(ctx, s.Now(), 200)
	if err != nil {
		return 0, err
	}
	done := 0
	for _, id := range ids {
		_, err := s.Do(ctx, access.Internal("lapse"), id, ActLapse, Details{Reason: "超过答复时间"})
		if kind := errs.KindOf(err); err != nil && (kind == errs.Internal || kind == errs.Unavailable) {
			return done, err
		}
		if err == nil {
			done++
		}
	}
	return done, nil
}
