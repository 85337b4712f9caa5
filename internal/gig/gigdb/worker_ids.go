package gigdb

import (
	"context"
	"fmt"

	"linggong/internal/dbx"
	"linggong/internal/gig"
)

// WorkersByPerson returns the worker ids of those persons who are workers.
func (s *Store) WorkersByPerson(ctx context.Context, persons []string) (map[string]gig.WorkerID, error) {
	out := make(map[string]gig.WorkerID, len(persons))
	if len(persons) == 0 {
		return out, nil
	}
	var rows []struct{ ID, PersonID string }
	if err := s.db.From(ctx).Raw("SELECT id, person_id FROM gig_workers WHERE "+s.db.AnyID("person_id"), s.db.List(persons)).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("workers of persons: %w", dbx.Classify(err))
	}
	for _, r := range rows {
		out[r.PersonID] = gig.WorkerID(r.ID)
	}
	return out, nil
}
