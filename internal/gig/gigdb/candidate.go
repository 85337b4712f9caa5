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

// Commitments implements gig.CommitmentStore.
func (s *Store) Commitments(ctx context.Context, ids []gig.WorkerID, p gig.Posting, sh gig.Shift) (map[gig.WorkerID]gig.Commitments, error) {
	out := map[gig.WorkerID]gig.Commitments{}
	if len(ids) == 0 {
		return out, nil
	}
	monday := offer.Monday(sh.Date)
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
	// A day on either side of the week: a shift may cross its border.
	err := s.db.From(ctx).Raw(`SELECT e.worker_id, e.employer_id, e.shift_id, e.status, e.holds, e.starts_at, e.ends_at, s.break_minutes AS rest
		FROM gig_engagements e JOIN gig_shifts s ON s.id = e.shift_id
		WHERE e.worker_id IN ? AND e.live AND e.starts_at >= ? AND e.starts_at < ?`,
		texts(ids), monday.Add(-1).Start().UTC(), monday.Add(8).Start().UTC()).Scan(&week).Error
	if err != nil {
		return nil, fmt.Errorf("read what candidates hold: %w", dbx.Classify(err))
	}
	for _, r := range week {
		id := gig.WorkerID(r.WorkerID)
		c := out[id]
		if r.ShiftID == string(sh.ID) {
			c.Status = gig.EngagementStatus(r.Status)
		} else if r.Holds {
			c.Busy = append(c.Busy, matching.Window{From: r.StartsAt.UTC(), To: r.EndsAt.UTC()})
			minutes, on := int64(r.EndsAt.Sub(r.StartsAt)/time.Minute)-r.Rest, day.Of(r.StartsAt)
			if r.EmployerID == string(p.EmployerID) && on >= monday && on < monday.Add(7) {
				c.EmployerWeekMinutes += minutes
			}
			if on == sh.Date {
				c.DayMinutes += minutes
			}
		}
		out[id] = c
	}
	var done []struct {
		WorkerID string
		N        int64
	}
	err = s.db.From(ctx).Raw(`SELECT e.worker_id, count(*) AS n FROM gig_engagements e JOIN gig_postings p ON p.id = e.posting_id
		WHERE e.worker_id IN ? AND e.status IN ('settled', 'closed') AND p.trade = ? GROUP BY e.worker_id`, texts(ids), p.Trade).Scan(&done).Error
	if err != nil {
		return nil, fmt.Errorf("read what candidates did: %w", dbx.Classify(err))
	}
	for _, r := range done {
		c := out[gig.WorkerID(r.WorkerID)]
		c.SameTrade = r.N
		out[gig.WorkerID(r.WorkerID)] = c
	}
	return out, nil
}
