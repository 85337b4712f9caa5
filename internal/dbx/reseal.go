package dbx

import (
	"bytes"
	"context"
	"fmt"
)

// Sealed is a column of sealed bytes in a table with an id. Field is the name its
// values are sealed with; together with the row's id it binds them to their place.
type Sealed struct{ Table, Column, Field string }

// Keys opens and seals; seal.Keyring is one.
type Keys interface {
	Stale(sealed []byte) bool
	Open(field, row string, sealed []byte) ([]byte, error)
	Seal(field, row string, plain []byte) ([]byte, error)
}

// Reseal seals again what stands in a column under another key than the active
// one, a batch a transaction, and returns how many values it sealed. It may be
// stopped anywhere and begun again; a value changed meanwhile is left to the
// change, which sealed it anew.
func (d *DB) Reseal(ctx context.Context, keys Keys, c Sealed, batch int) (done int, err error) {
	type cell struct {
		ID    string
		Value []byte
	}
	after := ""
	for {
		var page []cell
		q := d.From(ctx).Table(c.Table).Select("id, " + c.Column + " AS value").Where(c.Column + " IS NOT NULL").Order("id").Limit(batch)
		if after != "" {
			q = q.Where("id > ?", after)
		}
		if err := q.Find(&page).Error; err != nil {
			return done, fmt.Errorf("read %s to reseal: %w", c.Field, Classify(err))
		}
		if len(page) == 0 {
			return done, nil
		}
		after = page[len(page)-1].ID
		err := d.InTx(ctx, func(ctx context.Context) error {
			for _, x := range page {
				if !keys.Stale(x.Value) {
					continue
				}
				plain, err := keys.Open(c.Field, x.ID, x.Value)
				if err != nil {
					return fmt.Errorf("open %s of %s: %w", c.Field, x.ID, err)
				}
				fresh, err := keys.Seal(c.Field, x.ID, plain)
				if err != nil {
					return fmt.Errorf("seal %s of %s: %w", c.Field, x.ID, err)
				}
				res := d.From(ctx).Table(c.Table).Where("id = ? AND "+c.Column+" = ?", x.ID, x.Value).Update(c.Column, bytes.Clone(fresh))
				if res.Error != nil {
					return fmt.Errorf("reseal %s of %s: %w", c.Field, x.ID, Classify(res.Error))
				}
				done += int(res.RowsAffected)
			}
			return nil
		})
		if err != nil {
			return done, err
		}
	}
}
