package searchbench_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"linggong/internal/access"
	"linggong/internal/dbx"
	"linggong/internal/gig"
	"linggong/internal/region"
	"linggong/internal/search"
	"linggong/internal/search/sqlindex"
	"linggong/internal/worktext"
)

// unknown asks the database's own text index for words that nobody has asked
// for since the program began, and for the same once more.
func (w *world) unknown(tb testing.TB, list []ask, say func(string, ...any)) {
	tb.Helper()
	ix := sqlindex.New(w.DB, sqlindex.Postings)
	if _, err := ix.Match(tb.Context(), search.Query{}); err != nil { // what numbers stand for is known
		tb.Fatal(err)
	}
	seen := map[string]bool{}
	var words []worktext.Match
	for _, a := range list {
		for _, f := range a.finds {
			if key := fmt.Sprint(f.Words); !f.Words.IsZero() && !seen[key] {
				seen[key] = true
				words = append(words, f.Words)
			}
		}
	}
	for _, time := range []string{"for the first time", "again"} {
		var list []sample
		most := 0
		for _, m := range words {
			q := search.Query{Match: m, Unscored: true}
			list = append(list, clock(tb, func() error {
				hits, err := ix.Match(tb.Context(), q)
				most = max(most, len(hits))
				return err
			}))
		}
		say("full text alone, words asked %-18s (at most %d found): %s", time, most, figuresOf(list, ""))
	}
	if w.DB.Dialect() == dbx.Postgres {
		w.remembered(tb, ix, words, say)
	}
}

// remembered asks for the same words in turn as a search does, which remembers
// them, and as an act does, for which the database looks at every row.
func (w *world) remembered(tb testing.TB, ix *sqlindex.Index, words []worktext.Match, say func(string, ...any)) {
	tb.Helper()
	var found, act []sample
	for round := range 10 {
		for i, m := range words {
			q := search.Query{Match: m, Unscored: true}
			for half := range 2 {
				if (round+i+half)%2 == 0 {
					found = append(found, clock(tb, func() error { _, err := ix.Match(tb.Context(), q); return err }))
					continue
				}
				err := w.DB.InTx(tb.Context(), func(ctx context.Context) error {
					act = append(act, clock(tb, func() error { _, err := ix.Match(ctx, q); return err }))
					return nil
				})
				if err != nil {
					tb.Fatal(err)
				}
			}
		}
	}
	say("full text alone, in turn, remembered:           %s", figuresOf(found, ""))
	say("full text alone, in turn, asked of the database: %s", figuresOf(act, ""))
}

func clock(tb testing.TB, fn func() error) sample {
	tb.Helper()
	from := time.Now()
	if err := fn(); err != nil {
		tb.Fatal(err)
	}
	return sample{took: time.Since(from)}
}

// skills are what staff look for among workers.
var skills = []string{"电焊工", "缝纫工", "保洁", "叉车", "装卸", "月嫂", "普工", "保安", "司机", "打包"}

// workers fills the text index of workers and asks it as the staff of one town do.
func (w *world) workers(tb testing.TB, _ []ask, say func(string, ...any)) {
	tb.Helper()
	ctx := tb.Context()
	before := heap()
	var towns []gig.Scope
	for _, t := range region.HainingTree().Towns() {
		towns = append(towns, gig.Scope{Regions: []string{t.Code.Prefix()}})
	}
	ask := func(i int) (found int, s sample) {
		f := gig.WorkerFind{Words: worktext.Parse(skills[i%len(skills)], noPlace).Match(), Scope: towns[i/len(skills)%len(towns)], Limit: 200}
		s = clock(tb, func() error {
			got, err := w.WorkerWords.FindWorkers(ctx, f)
			found = len(got.Hits)
			return err
		})
		return found, s
	}
	var first, again []sample
	found := 0
	for i := range len(skills) * len(towns) {
		n, s := ask(i)
		found += n
		first = append(first, s)
	}
	if found == 0 {
		tb.Fatal("staff find no worker")
	}
	for i := range max(64, w.size.samples/4) {
		_, s := ask(i)
		again = append(again, s)
	}
	say("workers of one town by words, engine, first time: %s", figuresOf(first, ""))
	say("workers of one town by words, engine, again:      %s, %.0f MB of memory more", figuresOf(again, ""), heap()-before)
	var served []sample
	shown := 0
	actor := access.Actor{Role: access.TownOfficer, Account: id(9, 1), Regions: []string{"330481101"}}
	for i := range max(32, w.size.samples/20) {
		served = append(served, clock(tb, func() error {
			got, err := w.Gig.SearchWorkers(ctx, actor, skills[i%len(skills)])
			shown += len(got.Items)
			return err
		}))
	}
	if shown == 0 {
		tb.Fatal("an officer is shown no worker")
	}
	say("workers of one town by words, whole use case:     %s", figuresOf(served, ""))
}

func noPlace(text string) (code, rest string, ok bool) { return "", text, false }
