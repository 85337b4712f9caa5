package gigdb

import (
	"context"
	"fmt"
	"time"

	"linggong/internal/day"
	"linggong/internal/gig"
)

// BoardPostings implements gig.BoardStore.
func (s *Store) BoardPostings(ctx context.Context, town string, now time.Time, limit int) ([]gig.Posting, error) {
	var rows []posting
	err := s.db.From(ctx).
		Where("status = 'published' AND expires_at > ?", now.UTC()).
		Where("EXISTS (SELECT 1 FROM gig_shifts s WHERE s.posting_id = gig_postings.id AND s.filled < s.headcount AND s.starts_at > ?)", now.UTC()).
		Clauses(ordered("CASE WHEN village LIKE ? THEN 0 ELSE 1 END, CASE WHEN urgent THEN 0 ELSE 1 END, expires_at, id", prefix(town)+"%")).
		Limit(limit).Find(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("read board of %s: %w", town, err)
	}
	return s.wholePostings(ctx, rows)
}

// DayCounts implements gig.BoardStore.
func (s *Store) DayCounts(ctx context.Context, town string, on day.Date) (gig.DayCounts, error) {
	var c gig.DayCounts
	under := prefix(town) + "%"
	err := s.db.From(ctx).Raw(`SELECT
			COALESCE(SUM(s.headcount), 0) AS places, COALESCE(SUM(s.filled), 0) AS placed,
			(SELECT count(*) FROM gig_workers w WHERE w.available_on = ? AND w.village LIKE ?) AS waiting,
			(SELECT count(*) FROM gig_postings r WHERE r.status = 'in_review' AND r.village LIKE ?) AS reviews
		FROM gig_shifts s JOIN gig_postings p ON p.id = s.posting_id
		WHERE s.date = ? AND p.village LIKE ? AND p.status IN ('published', 'filled', 'expired')`,
		string(on), under, under, string(on), under).Scan(&c).Error
	if err != nil {
		return c, fmt.Errorf("count the day of %s: %w", town, err)
	}
	return c, nil
}

// Waiting implements gig.BoardStore.
func (s *Store) Waiting(ctx context.Context, town string, station gig.StationID, on day.Date, limit int) ([]gig.Worker, error) {
	q := s.db.From(ctx).Where("available_on = ?", string(on))
	if station != "" {
		q = q.Where("(village LIKE ? OR station_id = ?)", prefix(town)+"%", string(station))
	} else {
		q = q.Where("village LIKE ?", prefix(town)+"%")
	}
	var rows []worker
	if err := q.Order("waiting_since, id").Limit(limit).Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("list waiting workers of %s: %w", town, err)
	}
	return s.wholeWorkers(ctx, rows)
}

// OpenPostings implements gig.PostingStore.
func (s *Store) OpenPostings(ctx context.Context, after gig.PostingID, limit int) ([]gig.Posting, error) {
	// The || keeps the planner from sorting all that is open for each page: by id
	// the pages come one after the other.
	q := s.db.From(ctx).Where("status || '' IN ('published', 'filled')")
	if after != "" {
		q = q.Where("id > ?", string(after))
	}
	var rows []posting
	if err := q.Order("id").Limit(limit).Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("list open postings: %w", err)
	}
	return s.wholePostings(ctx, rows)
}
