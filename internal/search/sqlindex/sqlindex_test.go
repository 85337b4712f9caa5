package sqlindex_test

import (
	"context"
	"errors"
	"testing"

	"linggong/internal/dbx"
	"linggong/internal/dbx/dbtest"
	"linggong/internal/search"
	"linggong/internal/search/searchtest"
	"linggong/internal/search/sqlindex"
	"linggong/internal/worktext"
)

func TestSQLiteKeepsTheContract(t *testing.T) {
	t.Parallel()
	searchtest.Run(t, func(t *testing.T) search.Index { return sqlindex.New(dbtest.SQLite(t), sqlindex.Postings) })
}

func TestPostgresKeepsTheContract(t *testing.T) {
	t.Parallel()
	searchtest.Run(t, func(t *testing.T) search.Index { return sqlindex.New(dbtest.Postgres(t), sqlindex.Workers) })
}

func term(token string) search.Query {
	return search.Query{Match: worktext.Match{All: []worktext.Clause{
		{Any: []worktext.Term{{Field: worktext.InTokens, Tokens: []string{token}}}},
	}}}
}

func TestIndexingBelongsToTheAct(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		ix := sqlindex.New(db, sqlindex.Postings)
		ctx := t.Context()
		undone := errors.New("the act was refused")
		d := search.Doc{ID: "a", Version: 1, Fields: worktext.Fields{Tokens: "保洁"}, Open: true}
		err := db.InTx(ctx, func(ctx context.Context) error {
			if err := ix.Put(ctx, d); err != nil {
				return err
			}
			if hits, err := ix.Match(ctx, term("保洁")); err != nil || len(hits) != 1 {
				t.Errorf("inside the act: %v, %v", hits, err)
			}
			return undone
		})
		if !errors.Is(err, undone) {
			t.Fatal(err)
		}
		if hits, err := ix.Match(ctx, term("保洁")); err != nil || len(hits) != 0 {
			t.Errorf("after the act was undone: %v, %v", hits, err)
		}
	})
}

func TestCollectionsDoNotMix(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		postings, workers := sqlindex.New(db, sqlindex.Postings), sqlindex.New(db, sqlindex.Workers)
		ctx := t.Context()
		d := search.Doc{ID: "same-id", Version: 1, Fields: worktext.Fields{Tokens: "保洁"}, Open: true}
		if err := postings.Put(ctx, d); err != nil {
			t.Fatal(err)
		}
		none := search.Query{Match: worktext.Match{None: []worktext.Clause{{Any: []worktext.Term{{Field: worktext.InTokens, Tokens: []string{"x"}}}}}}}
		for _, q := range []search.Query{term("保洁"), {}, none} {
			if hits, err := workers.Match(ctx, q); err != nil || len(hits) != 0 {
				t.Errorf("among workers: %v, %v", hits, err)
			}
		}
		if err := workers.Put(ctx, d); err != nil {
			t.Fatal(err)
		}
		if err := workers.Delete(ctx, "same-id"); err != nil {
			t.Fatal(err)
		}
		if hits, err := postings.Match(ctx, term("保洁")); err != nil || len(hits) != 1 {
			t.Errorf("among postings: %v, %v", hits, err)
		}
	})
}
