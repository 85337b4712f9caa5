package gigdb

import (
	"context"
	"fmt"
	"time"

	"linggong/internal/day"
	"linggong/internal/dbx"
	"linggong/internal/gig"
	"linggong/internal/gig/offer"
	"linggong/internal/matching"
)

// Holdings implements gig.CommitmentStore.
func (s *Store) Holdings(ctx context.Context, ids []gig.WorkerID, around day.Date) (map[gig.WorkerID]gig.Holdings, error) {
	out := map[gig.WorkerID]gig.Holdings{}
	if len(ids) == 0 {
		return out, nil
	}
	monday := offer.Monday(around)
	if err := s.live(ctx, out, ids, monday, monday.Add(7)); err != nil {
		return nil, err
	}
	var done []struct {
		WorkerID string
		Trade    string
		N        int64
	}
	err := s.db.From(ctx).Raw(`SELECT e.worker_id, p.trade, count(*) AS n FROM gig_engagements e JOIN gig_postings p ON p.id = e.posting_id
		WHERE `+s.db.AnyID("e.worker_id")+` AND e.status IN ('settled', 'closed') GROUP BY e.worker_id, p.trade`, s.db.List(texts(ids))).Scan(&done).Error
	if err != nil {
		return nil, fmt.Errorf("read what workers did: %w", dbx.Classify(err))
	}
	for _, r := range done {
		h := out[gig.WorkerID(r.WorkerID)]
		if h.Done == nil {
			h.Done = map[string]int64{}
		}
		h.Done[r.Trade] = r.N
		out[gig.WorkerID(r.WorkerID)] = h
	}
	return out, nil
}

// live adds the engagements that begin from a day until before another, and of a
// day on either side: a shift may cross its border.
func (s *Store) live(ctx context.Context, out map[gig.WorkerID]gig.Holdings, ids []gig.WorkerID, from, until day.Date) error {
	var week []struct {
		WorkerID   string
		EmployerID string
		ShiftID    string
		Status     string
		Holds      bool
		StartsAt   time.Time
		EndsAt     time.Time
		Rest       int64
	}
	err := s.db.From(ctx).Raw(`SELECT e.worker_id, e.employer_id, e.shift_id, e.status, e.holds, e.starts_at, e.ends_at, s.break_minutes AS rest
		FROM gig_engagements e JOIN gig_shifts s ON s.id = e.shift_id
		WHERE `+s.db.AnyID("e.worker_id")+` AND e.live AND e.starts_at >= ? AND e.starts_at < ? ORDER BY e.starts_at, e.id`,
		s.db.List(texts(ids)), from.Add(-1).Start().UTC(), until.Add(1).Start().UTC()).Scan(&week).Error
	if err != nil {
		return fmt.Errorf("read what workers hold: %w", dbx.Classify(err))
	}
	for _, r := range week {
		h := out[gig.WorkerID(r.WorkerID)]
		h.Live = append(h.Live, gig.Held{
			Employer: gig.EmployerID(r.EmployerID), Shift: gig.ShiftID(r.ShiftID), Status: gig.EngagementStatus(r.Status), Holds: r.Holds,
			Window:  matching.Window{From: r.StartsAt.UTC(), To: r.EndsAt.UTC()},
			Minutes: int64(r.EndsAt.Sub(r.StartsAt)/time.Minute) - r.Rest,
		})
		out[gig.WorkerID(r.WorkerID)] = h
	}
	return nil
}
