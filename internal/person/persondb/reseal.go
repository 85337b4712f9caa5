package persondb

import (
	"context"
	"fmt"

	"linggong/internal/dbx"
)

// Reseal seals up to batch persons again that stand under a key other than the
// active one, in one transaction, and returns how many it looked at: 0 when all
// are done. A person changed meanwhile is left for the next round; stopping it
// anywhere loses nothing.
func (s *Store) Reseal(ctx context.Context, batch int) (done int, err error) {
	err = s.db.InTx(ctx, func(ctx context.Context) error {
		var rows []row
		q := s.db.From(ctx).Where("key_id <> ?", s.seal.ActiveID()).Order("id").Limit(batch)
		if err := q.Find(&rows).Error; err != nil {
			return fmt.Errorf("read persons to reseal: %w", dbx.Classify(err))
		}
		for i := range rows {
			r := &rows[i]
			p, err := s.particulars(*r)
			if err != nil {
				return err
			}
			if err := s.sealInto(r, p); err != nil {
				return err
			}
			res := s.db.From(ctx).Model(&row{}).Where("id = ? AND version = ?", r.ID, r.Version).
				Select("name_sealed", "id_number_sealed", "phone_sealed", "address_sealed", "key_id").Updates(r)
			if res.Error != nil {
				return fmt.Errorf("reseal person %s: %w", r.ID, dbx.Classify(res.Error))
			}
		}
		done = len(rows)
		return nil
	})
	return done, err
}
