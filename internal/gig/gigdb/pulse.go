package gigdb

import (
	"context"
	"fmt"
	"time"

	"linggong/internal/dbx"
	"linggong/internal/gig"
)

// pulseCount is one line of what is counted.
type pulseCount struct {
	ID    string
	N, Of int
}

// Applicants implements gig.PostingStore.
func (s *Store) Applicants(ctx context.Context, ids []gig.PostingID) (map[gig.PostingID]int, error) {
	q := s.db.From(ctx).Table("gig_engagements").Select("posting_id AS id, count(*) AS n").Where("status = 'applied'").Group("posting_id")
	if ids != nil {
		q = q.Where(s.db.AnyID("posting_id"), s.db.List(texts(ids)))
	}
	var rows []pulseCount
	if err := q.Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("count who waits: %w", dbx.Classify(err))
	}
	out := make(map[gig.PostingID]int, len(rows))
	for _, r := range rows {
		out[gig.PostingID(r.ID)] = r.N
	}
	return out, nil
}

// Answers implements gig.PostingStore. An invitation that a worker let lapse is
// not an application the employer left unanswered: the history tells them apart.
func (s *Store) Answers(ctx context.Context, since time.Time) (map[gig.EmployerID]int, error) {
	var rows []pulseCount
	err := s.db.From(ctx).Raw(`SELECT e.employer_id AS id, sum(CASE WHEN e.status = 'lapsed' THEN 0 ELSE 1 END) AS n, count(*) AS of
		FROM gig_engagements e JOIN gig_engagement_history h ON h.engagement_id = e.id AND h.act = 'applied'
		WHERE e.created_at >= ? AND e.status NOT IN ('applied', 'withdrawn') GROUP BY e.employer_id`, since.UTC()).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("count what employers answered: %w", dbx.Classify(err))
	}
	out := make(map[gig.EmployerID]int, len(rows))
	for _, r := range rows {
		out[gig.EmployerID(r.ID)] = gig.AnswerRate(r.N, r.Of)
	}
	return out, nil
}
