package gigdb_test

import (
	"context"
	"errors"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"linggong/internal/dbx"
	"linggong/internal/dbx/dbtest"
	"linggong/internal/gig"
	"linggong/internal/gig/gigdb"
	"linggong/internal/gig/gigtest"
)

// sameAsRead compares what the store says with one that remembers nothing.
func (m *market) sameAsRead(t *testing.T, what string, id gig.PostingID) {
	t.Helper()
	fresh := gigdb.NewStore(m.db, gigtest.Sealer{})
	want, err := fresh.PostingsByID(t.Context(), []gig.PostingID{id})
	if err != nil || len(want) != 1 {
		t.Fatal(err)
	}
	got, err := m.store.PostingsByID(t.Context(), []gig.PostingID{id})
	if diff := gocmp.Diff(want, got); diff != "" || err != nil {
		t.Fatalf("after %s, remembered against read: %v\n%s", what, err, diff)
	}
	boss, err := fresh.EmployersByID(t.Context(), []gig.EmployerID{want[0].EmployerID})
	if err != nil {
		t.Fatal(err)
	}
	known, err := m.store.EmployersByID(t.Context(), []gig.EmployerID{want[0].EmployerID})
	if diff := gocmp.Diff(boss, known); diff != "" || err != nil {
		t.Fatalf("after %s, remembered employer: %v\n%s", what, err, diff)
	}
}

func TestWhatIsRememberedOfAPostingIsWhatTheDatabaseSaysNow(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		m := newMarket(t, db)
		_, boss := m.employer(t, code1)
		p := m.published(t, boss, nil)
		m.sameAsRead(t, "publishing", p.ID)
		write := func(sql string, args ...any) func(context.Context) error {
			return func(ctx context.Context) error { return db.From(ctx).Exec(sql, args...).Error }
		}
		undone := errors.New("the act was refused")
		for _, step := range []struct {
			what string
			act  func(ctx context.Context) error
		}{
			{"a place is taken", write(`UPDATE gig_shifts SET filled = filled + 1 WHERE posting_id = ?`, string(p.ID))},
			{"the last is taken", write(`UPDATE gig_shifts SET filled = headcount WHERE posting_id = ?`, string(p.ID))},
			{"it is full", func(ctx context.Context) error { return m.store.MarkFilled(ctx, p.ID) }},
			{"a place is free again", write(`UPDATE gig_shifts SET filled = filled - 1 WHERE posting_id = ?`, string(p.ID))},
			{"it is open again", func(ctx context.Context) error { return m.store.MarkFilled(ctx, p.ID) }},
			{"the employer is rated", write(`UPDATE gig_employers SET rating_sum = rating_sum + 5, rating_count = rating_count + 1 WHERE id = ?`, string(p.EmployerID))},
			{"nobody is left", write(`UPDATE gig_shifts SET filled = 0 WHERE posting_id = ?`, string(p.ID))},
		} {
			if err := db.InTx(t.Context(), step.act); err != nil {
				t.Fatalf("%s: %v", step.what, err)
			}
			m.sameAsRead(t, step.what, p.ID)
		}
		terms := p.Terms
		terms.Title = "装卸工，急"
		err := db.InTx(t.Context(), func(ctx context.Context) error {
			if _, err := m.ChangePosting(ctx, boss, p.ID, terms, 0); err != nil {
				return err
			}
			inside, err := m.store.PostingsByID(ctx, []gig.PostingID{p.ID})
			if err != nil || inside[0].Title != terms.Title {
				t.Errorf("inside the act: %v, %v", inside, err)
			}
			return undone
		})
		if !errors.Is(err, undone) {
			t.Fatal(err)
		}
		m.sameAsRead(t, "a change that was undone", p.ID)
		if _, err := m.ChangePosting(t.Context(), boss, p.ID, terms, 0); err != nil {
			t.Fatal(err)
		}
		m.sameAsRead(t, "a change", p.ID)
		if _, err := m.ClosePosting(t.Context(), boss, p.ID, "招满了"); err != nil {
			t.Fatal(err)
		}
		m.sameAsRead(t, "closing", p.ID)
	})
}

func TestASearchShownAgainReadsTwoStatements(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		m := newMarket(t, db)
		_, boss := m.employer(t, code1)
		var found []gig.Found1
		for range 20 {
			found = append(found, gig.Found1{ID: m.published(t, boss, nil).ID, DistanceM: -1})
		}
		m.Finder = &gigtest.Finder{Answer: func(gig.Find) gig.Found { return gig.Found{Hits: found, Total: 20} }}
		for _, most := range []int64{4, 2, 2} { // the first may know the employer already
			ctx, n := dbx.CountQueries(t.Context())
			if r, err := m.Search(ctx, gigtest.Bureau, gig.PostingQuery{Limit: 20}); err != nil || len(r.Items) != 20 || n.Load() > most {
				t.Fatalf("%d items in %d statements, %v", len(r.Items), n.Load(), err)
			}
		}
	})
}
