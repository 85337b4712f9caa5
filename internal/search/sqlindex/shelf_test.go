package sqlindex_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"linggong/internal/dbx"
	"linggong/internal/dbx/dbtest"
	"linggong/internal/search"
	"linggong/internal/search/sqlindex"
	"linggong/internal/worktext"
)

func found(t *testing.T, ix search.Index, q search.Query) map[string]float64 {
	t.Helper()
	hits, err := ix.Match(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]float64{}
	for _, h := range hits {
		out[h.ID] = h.Score
	}
	return out
}

// What one replica remembers of a document never outlives what another wrote.
func TestWhatIsRememberedIsNeverStale(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		here, there := sqlindex.New(db, sqlindex.Postings), sqlindex.New(db, sqlindex.Postings)
		ctx := t.Context()
		d := search.Doc{ID: "a", Version: 1, Fields: worktext.Fields{Tokens: "保洁 许村"}, Region: "330481101201", Open: true}
		put := func() {
			if err := there.Put(ctx, d); err != nil {
				t.Fatal(err)
			}
			d.Version++
		}
		q := term("保洁")
		q.Region = "330481101"
		put()
		if got := found(t, here, q); got["a"] != 1 {
			t.Fatalf("%v", got)
		}
		for range 40 { // the head is forty tokens long
			d.Tokens = "招聘 " + d.Tokens
		}
		put()
		if got := found(t, here, q); got["a"] >= 1 || got["a"] == 0 {
			t.Errorf("the word has left the head, the score is %v", got)
		}
		d.Open = false
		put()
		if got := found(t, here, q); len(got) != 0 {
			t.Errorf("closed, and still found: %v", got)
		}
		d.Open, d.Region = true, "330481102203"
		put()
		if got := found(t, here, q); len(got) != 0 {
			t.Errorf("in another town, and still found: %v", got)
		}
		if err := there.Delete(ctx, "a"); err != nil {
			t.Fatal(err)
		}
		if got := found(t, here, term("保洁")); len(got) != 0 {
			t.Errorf("deleted, and still found: %v", got)
		}
	})
}

// A number given in an act that was undone may be given again; nobody may have
// remembered what it stood for meanwhile.
func TestWhatWasUndoneIsNotRemembered(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		ix := sqlindex.New(db, sqlindex.Postings)
		ctx := t.Context()
		d := search.Doc{ID: "undone", Version: 1, Fields: worktext.Fields{Tokens: "保洁"}, Open: true}
		undone := errors.New("the act was refused")
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
		d.ID = "done"
		if err := ix.Put(ctx, d); err != nil {
			t.Fatal(err)
		}
		if got := found(t, ix, term("保洁")); len(got) != 1 || got["done"] == 0 {
			t.Errorf("%v", got)
		}
	})
}

func TestAMatchOfManyIsOneStatementOnceTheyAreKnown(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		ix := sqlindex.New(db, sqlindex.Postings)
		var docs []search.Doc
		for i := range 3000 {
			docs = append(docs, search.Doc{ID: fmt.Sprintf("p%04d", i), Version: 1, Fields: worktext.Fields{Tokens: "保洁"}, Open: true})
		}
		if err := ix.Put(t.Context(), docs...); err != nil {
			t.Fatal(err)
		}
		for n, statements := range []int64{2, 1} {
			ctx, asked := dbx.CountQueries(t.Context())
			hits, err := ix.Match(ctx, term("保洁"))
			if err != nil || len(hits) != len(docs) || asked.Load() != statements {
				t.Fatalf("time %d: %d hits in %d statements, %v", n+1, len(hits), asked.Load(), err)
			}
		}
	})
}

// Between finding a number and reading what it stands for, its document may get
// another: a posting must not be missing from a search because it was changed.
func TestADocumentThatIsBeingChangedIsFound(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		writer := sqlindex.New(db, sqlindex.Postings)
		doc := search.Doc{ID: "a", Region: "330481101201", Open: true, Fields: worktext.Fields{Tokens: "保洁"}}
		put := func(version int64) {
			doc.Version = version
			if err := writer.Put(t.Context(), doc); err != nil {
				t.Error(err)
			}
		}
		put(1)
		over := make(chan struct{})
		var wg sync.WaitGroup
		wg.Go(func() {
			for version := int64(2); ; version++ {
				select {
				case <-over:
					return
				default:
					put(version)
				}
			}
		})
		for range 300 {
			reader := sqlindex.New(db, sqlindex.Postings) // who knows nothing yet, as at the start of a replica
			hits, err := reader.Match(t.Context(), term("保洁"))
			if err != nil || len(hits) != 1 {
				t.Errorf("%d hits, %v", len(hits), err)
				break
			}
		}
		close(over)
		wg.Wait()
	})
}
