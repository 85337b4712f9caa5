package dbx_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"linggong/internal/dbx"
	"linggong/internal/dbx/dbtest"
)

// line has a column of every kind that rows are made of.
type line struct {
	ID     string `gorm:"primaryKey"`
	At     time.Time
	Until  *time.Time
	N      int64
	Done   bool
	Share  float64
	Note   *string
	Sealed []byte
}

func (line) TableName() string { return "lines" }

func TestManyRowsAreOneStatementAndComeBackAsTheyWere(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		create := "CREATE TABLE lines (id TEXT PRIMARY KEY, at DATETIME NOT NULL, until DATETIME, n INTEGER NOT NULL, done BOOLEAN NOT NULL, share REAL NOT NULL, note TEXT, sealed BLOB)"
		if db.Dialect() == dbx.Postgres {
			create = "CREATE TABLE lines (id uuid PRIMARY KEY, at timestamptz NOT NULL, until timestamptz, n bigint NOT NULL, done boolean NOT NULL, share double precision NOT NULL, note text, sealed bytea)"
		}
		at, note := dbx.Now(), `he said "no", {a,b} \ 不要`
		rows := []line{
			{ID: dbx.NewID(), At: at, N: 1 << 53, Share: 0.1},
			{ID: dbx.NewID(), At: at, Until: &at, Done: true, Note: &note, Sealed: []byte{0, 255, '\'', '\\'}},
			{ID: dbx.NewID(), At: at, Note: new(string), Sealed: []byte{}},
		}
		ctx, statements := dbx.CountQueries(t.Context())
		var n int64
		err := db.InTx(ctx, func(ctx context.Context) error {
			if err := db.From(ctx).Exec(create).Error; err != nil {
				return err
			}
			for range 2 { // the first time the columns are looked up
				if err := db.From(ctx).Exec("DELETE FROM lines").Error; err != nil {
					return err
				}
				before := statements.Load()
				if err := dbx.InsertAll(ctx, db, rows); err != nil {
					return err
				}
				n = statements.Load() - before
			}
			return dbx.InsertAll(ctx, db, []line{})
		})
		if err != nil || n != 1 {
			t.Fatalf("%d statements, %v", n, err)
		}
		var got []line
		if err := db.From(t.Context()).Where(db.AnyID("id"), db.List([]string{rows[0].ID, rows[1].ID, rows[2].ID})).Order("id").Find(&got).Error; err != nil {
			t.Fatal(err)
		}
		if len(got) != 3 {
			t.Fatalf("%d of 3 rows", len(got))
		}
		for i, g := range got {
			w := rows[i]
			if g.ID != w.ID || !g.At.Equal(w.At) || (g.Until == nil) != (w.Until == nil) || g.N != w.N || g.Done != w.Done || g.Share != w.Share ||
				(g.Note == nil) != (w.Note == nil) || g.Note != nil && *g.Note != *w.Note || !slices.Equal(g.Sealed, w.Sealed) {
				t.Errorf("wrote %+v, read %+v", w, g)
			}
		}
		var some int64
		if err := db.From(t.Context()).Raw("SELECT count(*) FROM lines WHERE "+db.AnyText("note"), db.List([]string{note, "", "x"})).Scan(&some).Error; err != nil || some != 2 {
			t.Errorf("%d notes of 2, %v", some, err)
		}
		if err := db.From(t.Context()).Raw("SELECT count(*) FROM lines WHERE "+db.AnyID("id"), db.List(nil)).Scan(&some).Error; err != nil || some != 0 {
			t.Errorf("an empty list finds %d, %v", some, err)
		}
	})
}
