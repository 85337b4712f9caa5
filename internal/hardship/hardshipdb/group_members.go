package hardshipdb

import (
	"context"
	"fmt"

	"linggong/internal/dbx"
	"linggong/internal/hardship"
)

// InGroup returns the ids of all who are in a key group now.
func (s *Store) InGroup(ctx context.Context, key hardship.GroupKey) ([]string, error) {
	var ids []string
	if err := s.db.From(ctx).Raw("SELECT person_id FROM hardship_groups WHERE key = ? AND until IS NULL ORDER BY person_id", string(key)).Scan(&ids).Error; err != nil {
		return nil, fmt.Errorf("members of key group %s: %w", key, dbx.Classify(err))
	}
	return ids, nil
}
