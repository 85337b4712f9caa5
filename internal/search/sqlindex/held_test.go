package sqlindex_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"linggong/internal/dbx"
	"linggong/internal/dbx/dbtest"
	"linggong/internal/search"
	"linggong/internal/search/sqlindex"
	"linggong/internal/worktext"
)

func held(id string, version int64, tokens string) search.Doc {
	return search.Doc{ID: id, Version: version, Fields: worktext.Fields{Tokens: tokens}, Region: "330481101201", Open: true}
}

// Who begins first may end last: her number is lower than one that was seen
// already, and her transaction older.
func TestALowerNumberThatComesLaterIsFound(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		if db.Dialect() == dbx.SQLite {
			t.Skip("one writer: nobody ends out of order")
		}
		ix, reader := sqlindex.New(db, sqlindex.Postings), sqlindex.New(db, sqlindex.Postings)
		ctx := t.Context()
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		must(ix.Put(ctx, held("there", 1, "保洁"), held("goes", 1, "保洁")))
		found(t, reader, term("保洁")) // remembered from here on
		must(db.InTx(ctx, func(act context.Context) error {
			must(ix.Put(act, held("slow", 1, "保洁")))
			must(ix.Delete(act, "goes"))
			outside := context.WithoutCancel(ctx)
			must(ix.Put(outside, held("quick", 1, "保洁")))
			for range 3 {
				if got := slices.Sorted(maps.Keys(found(t, reader, term("保洁")))); !slices.Equal(got, []string{"goes", "quick", "there"}) {
					t.Errorf("while the act runs: %v", got)
				}
			}
			return nil
		}))
		if got := slices.Sorted(maps.Keys(found(t, reader, term("保洁")))); !slices.Equal(got, []string{"quick", "slow", "there"}) {
			t.Errorf("after it: %v", got)
		}
	})
}

// What is remembered gives what an index that remembers nothing gives, for any
// words, after any changes, through several hands.
func TestWhatIsRememberedIsWhatIsThere(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		hands := []*sqlindex.Index{sqlindex.New(db, sqlindex.Postings), sqlindex.New(db, sqlindex.Postings)}
		vocabulary := []string{"保", "洁", "搬", "运", "a", "ab", "abc"}
		version := int64(0)
		rapid.Check(t, func(rt *rapid.T) {
			ctx := t.Context()
			hand := hands[rapid.IntRange(0, 1).Draw(rt, "hand")]
			for range rapid.IntRange(0, 4).Draw(rt, "changes") {
				id := fmt.Sprintf("d%d", rapid.IntRange(0, 9).Draw(rt, "id"))
				var err error
				if version++; rapid.IntRange(0, 3).Draw(rt, "delete") == 0 {
					err = hand.Delete(ctx, id)
				} else {
					words := rapid.SliceOfN(rapid.SampledFrom(vocabulary), 1, 6).Draw(rt, "words")
					text := ""
					for _, w := range words {
						text += w + " "
					}
					err = hand.Put(ctx, held(id, version, text))
				}
				if err != nil {
					rt.Fatal(err)
				}
			}
			clauses := func(label string, most int) []worktext.Clause {
				return rapid.SliceOfN(rapid.Custom(func(rt *rapid.T) worktext.Clause {
					return worktext.Clause{Any: rapid.SliceOfN(rapid.Custom(func(rt *rapid.T) worktext.Term {
						return worktext.Term{
							Field: worktext.InTokens, Phrase: rapid.Bool().Draw(rt, "phrase"),
							Tokens: rapid.SliceOfN(rapid.SampledFrom(vocabulary), 1, 2).Draw(rt, "tokens"),
						}
					}), 1, 2).Draw(rt, "any")}
				}), 0, most).Draw(rt, label)
			}
			q := search.Query{Match: worktext.Match{All: clauses("all", 2), None: clauses("none", 1)}, Prefix: rapid.Bool().Draw(rt, "prefix")}
			var there []search.Hit
			err := db.InTx(ctx, func(act context.Context) (err error) { // an act remembers nothing
				there, err = hand.Match(act, q)
				return err
			})
			if err != nil {
				rt.Fatal(err)
			}
			for i, h := range hands {
				got, err := h.Match(ctx, q)
				if d := cmp.Diff(there, got); err != nil || d != "" {
					rt.Fatalf("hand %d (-there +remembered): %v\n%s", i, err, d)
				}
			}
		})
	})
}

// What the log no longer says is asked for anew.
func TestALogCutShortLosesNothing(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		ix, reader := sqlindex.New(db, sqlindex.Postings), sqlindex.New(db, sqlindex.Postings)
		ctx := t.Context()
		if err := ix.Put(ctx, held("first", 1, "保洁"), held("goes", 1, "保洁")); err != nil {
			t.Fatal(err)
		}
		found(t, reader, term("保洁"))
		if err := ix.Delete(ctx, "goes"); err != nil {
			t.Fatal(err)
		}
		if db.Dialect() == dbx.Postgres { // a day with many changes, and what was before them pruned
			if err := db.From(ctx).Exec(`INSERT INTO search_fts_log (at, no, born) SELECT pg_current_xact_id(), 0, false FROM generate_series(1, 200100)`).Error; err != nil {
				t.Fatal(err)
			}
		}
		if err := ix.Prune(ctx); err != nil {
			t.Fatal(err)
		}
		if db.Dialect() == dbx.Postgres {
			var n int64
			if err := db.From(ctx).Raw(`SELECT count(*) FROM search_fts_log`).Scan(&n).Error; err != nil || n > 200_001 {
				t.Fatalf("%d rows are left: %v", n, err)
			}
		}
		if got := slices.Sorted(maps.Keys(found(t, reader, term("保洁")))); !slices.Equal(got, []string{"first"}) {
			t.Errorf("%v", got)
		}
	})
}
