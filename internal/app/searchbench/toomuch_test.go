package searchbench_test

import (
	"context"
	"net/url"
	"sync"
	"testing"
	"time"
)

// tooMuch asks what should not be asked: everything at once, to the last page,
// and while the columns are made anew.
func (w *world) tooMuch(tb testing.TB, list []ask, say func(string, ...any)) {
	tb.Helper()
	w.everything(tb, say)
	w.toTheEnd(tb, say)
	w.whileRebuilding(tb, list, say)
}

// everything asks for words that nearly every posting has, and the longest page.
func (w *world) everything(tb testing.TB, say func(string, ...any)) {
	tb.Helper()
	n := max(16, w.size.samples/20)
	for _, path := range []string{"/postings?limit=200", "/postings?limit=100&q=" + url.QueryEscape("客服"), "/postings?limit=100&q=" + url.QueryEscape("有限公司")} {
		var got answer
		if err := w.get(tb.Context(), w.tokens[0], path, &got); err != nil {
			tb.Fatal(err)
		}
		var list []sample
		most := highest(func() { list = closed(tb, w.size.clients, n, []ask{{kind: "all", path: path}}, w.overHTTP) })
		say("too much: %d of %d found, 16 clients, %d items: %s, own memory at most %.0f MB", got.Total, w.Postings.Columns.Len(), len(got.Items), figuresOf(list, ""), most)
	}
}

// toTheEnd turns page after page; all must come, each once.
func (w *world) toTheEnd(tb testing.TB, say func(string, ...any)) {
	tb.Helper()
	seen := map[string]bool{}
	var took []sample
	cursor, total := "", int64(0)
	for page := 0; ; page++ {
		from := time.Now()
		var got answer
		err := w.get(tb.Context(), w.tokens[page%len(w.tokens)], "/postings?limit=100&sort=pay&cursor="+url.QueryEscape(cursor), &got)
		if err != nil {
			tb.Fatal(err)
		}
		took = append(took, sample{took: time.Since(from)})
		for _, it := range got.Items {
			if seen[it.ID] {
				tb.Fatalf("page %d shows %s again", page, it.ID)
			}
			seen[it.ID] = true
		}
		if cursor, total = got.Next, got.Total; cursor == "" {
			break
		}
	}
	if int64(len(seen)) != total {
		tb.Fatalf("%d postings on %d pages, the total says %d", len(seen), len(took), total)
	}
	say("too much: all %d postings on %d pages, one client: %s", total, len(took), figuresOf(took, ""))
}

// whileRebuilding asks while the columns are made anew again and again.
func (w *world) whileRebuilding(tb testing.TB, list []ask, say func(string, ...any)) {
	tb.Helper()
	ctx, stop := context.WithCancel(tb.Context())
	var rebuilds []sample
	var failed error
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			from := time.Now()
			if failed = w.Postings.Rebuild(tb.Context()); failed != nil {
				return
			}
			rebuilds = append(rebuilds, sample{took: time.Since(from)})
			if ctx.Err() != nil {
				return
			}
		}
	})
	var asked []sample
	most := highest(func() { asked = closed(tb, w.size.clients, w.size.samples/5, list, w.overHTTP) })
	stop()
	wg.Wait()
	if failed != nil {
		tb.Fatal(failed)
	}
	say("too much: 16 clients while the columns are rebuilt %d times (%.1f s each): %s, own memory at most %.0f MB",
		len(rebuilds), figuresOf(rebuilds, "").p50/1000, figuresOf(asked, ""), most)
}
