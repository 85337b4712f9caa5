package searchbench_test

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"linggong/internal/search"
	"linggong/internal/search/meiliindex"
	"linggong/internal/testserver"
	"linggong/internal/worktext"
)

// TestAnEngineOutsideHoldsACityAndHowFast measures Meilisearch over the city of
// the SQLite measure: filling it, its memory and disk, words asked of it alone,
// and documents that come while words are asked.
//
//nolint:paralleltest // who measures is alone
func TestAnEngineOutsideHoldsACityAndHowFast(t *testing.T) {
	sz := sizes(t)
	if !sz.whole { // who measures is alone
		t.Parallel()
	}
	server, stop, err := testserver.Meilisearch(t.Context())
	if missing := (*testserver.MissingError)(nil); errors.As(err, &missing) {
		t.Skipf("NOT MEASURED: %v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	say := func(format string, args ...any) {
		if sz.whole {
			fmt.Fprintf(os.Stdout, "meilisearch: "+format+"\n", args...)
		}
	}
	dir := t.TempDir()
	if kept := os.Getenv("LINGGONG_TEST_SEARCH_DIR"); kept != "" {
		if dir = filepath.Join(kept, "sqlite"); os.MkdirAll(dir, 0o700) != nil {
			t.Fatalf("no folder %s", dir)
		}
	}
	w := start(t, "", dir, sz, func(string, ...any) {})
	list := asks(max(256, sz.samples/4))
	w.learn(t, list)
	ix, err := meiliindex.New(server.URL, server.Key, "bench")
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	if err := w.Postings.Reindex(t.Context(), ix); err != nil {
		t.Fatal(err)
	}
	took := time.Since(began).Seconds()
	n, err := ix.Count(t.Context())
	if want := w.Postings.Columns.Len(); err != nil || n != want {
		t.Fatalf("%d documents of %d: %v", n, want, err)
	}
	memory, disk := engineOn(server.URL)
	say("%d documents in %.1f s (%.0f/s), %.0f MB of own memory after it, %.0f MB on disk", n, took, float64(n)/took, memory, disk)
	w.outsideAsked(t, ix, list, say)
	outsideFresh(t, ix, max(20, sz.fresh/2), say)
}

// outsideAsked asks the engine for the words of the questions; it must find
// what the database does.
func (w *world) outsideAsked(tb testing.TB, ix search.Index, list []ask, say func(string, ...any)) {
	tb.Helper()
	var took []sample
	for i := range w.size.samples / 8 {
		a := list[i%len(list)]
		for _, f := range a.finds {
			if f.Words.IsZero() {
				continue
			}
			var hits []search.Hit
			took = append(took, clock(tb, func() (err error) {
				hits, err = ix.Match(tb.Context(), search.Query{Match: f.Words, Unscored: true})
				return err
			}))
			if i >= 40 {
				continue
			}
			there, err := w.Text.Match(tb.Context(), search.Query{Match: f.Words, Unscored: true})
			if err != nil || len(there) != len(hits) {
				tb.Fatalf("%s: the engine finds %d, the database %d: %v", a.path, len(hits), len(there), err)
			}
		}
	}
	say("one client, words, engine alone: %s", figuresOf(took, ""))
}

// outsideFresh lets documents come at a steady pace; whoever puts them takes all
// that wait, as the notes do. A document can be found when Put returns.
func outsideFresh(tb testing.TB, ix search.Index, n int, say func(string, ...any)) {
	tb.Helper()
	type arrival struct {
		doc search.Doc
		at  time.Time
	}
	due := make(chan arrival, n)
	var wg sync.WaitGroup
	wg.Go(func() {
		defer close(due)
		begin := time.Now()
		for i := range n {
			at := begin.Add(time.Duration(i) * time.Second / perSecond)
			time.Sleep(time.Until(at))
			due <- arrival{search.Doc{
				ID: fmt.Sprintf("fresh-%d", i), Version: 1, Region: "330481101201", Open: true,
				Fields: worktext.Document("装卸工"+mark(i), "仓库卸货，纸箱每件二十公斤以内", "loader", nil),
			}, at}
		}
	})
	var took []sample
	for first := range due {
		batch := []arrival{first}
		for len(due) > 0 && len(batch) < 200 {
			batch = append(batch, <-due)
		}
		docs := make([]search.Doc, len(batch))
		for i, a := range batch {
			docs[i] = a.doc
		}
		if err := ix.Put(tb.Context(), docs...); err != nil {
			tb.Fatal(err)
		}
		for _, a := range batch {
			took = append(took, sample{took: time.Since(a.at)})
		}
	}
	wg.Wait()
	found, err := ix.Match(tb.Context(), search.Query{Match: worktext.Parse(mark(n-1), noPlace).Match()})
	if err != nil || !slices.ContainsFunc(found, func(h search.Hit) bool { return h.ID == fmt.Sprintf("fresh-%d", n-1) }) {
		tb.Fatalf("the last document is not found: %v", err)
	}
	say("%d documents at %d/s, noted → can be found: %s", n, perSecond, figuresOf(took, ""))
}

// engineOn returns the own memory and the disk, in MB, of the server on this
// machine that was started with the address; 0 where the system does not say.
func engineOn(address string) (memory, disk float64) {
	u, err := url.Parse(address)
	if err != nil {
		return 0, 0
	}
	procs, _ := filepath.Glob("/proc/[0-9]*/cmdline")
	for _, p := range procs {
		b, _ := os.ReadFile(p)
		args := strings.Split(string(b), "\x00")
		at, db := slices.Index(args, u.Host), slices.Index(args, "--db-path")
		if at < 0 || db < 0 || filepath.Base(args[0]) != "meilisearch" {
			continue
		}
		pid := strings.Split(p, "/")[2]
		if _, err := strconv.Atoi(pid); err != nil {
			continue
		}
		var bytes int64
		_ = filepath.WalkDir(args[db+1], func(_ string, d os.DirEntry, err error) error {
			if err == nil && !d.IsDir() {
				if info, err := d.Info(); err == nil {
					bytes += info.Size()
				}
			}
			return nil
		})
		return anonymous(pid), float64(bytes) / (1 << 20)
	}
	return 0, 0
}
