package searchbench_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"linggong/internal/dbx/dbtest"
	"linggong/internal/testserver"
)

// number reads how much to measure; without it only whether the measure runs.
func number(tb testing.TB, name string, small int) int {
	tb.Helper()
	v := os.Getenv(name)
	if v == "" {
		return small
	}
	n, err := strconv.Atoi(v)
	if err != nil {
		tb.Fatalf("%s: %v", name, err)
	}
	return n
}

func sizes(tb testing.TB) size {
	tb.Helper()
	s := size{
		postings: number(tb, "LINGGONG_TEST_SEARCH_POSTINGS", 600), workers: number(tb, "LINGGONG_TEST_SEARCH_WORKERS", 200),
		samples: number(tb, "LINGGONG_TEST_SEARCH_SAMPLES", 64), clients: 16, fresh: number(tb, "LINGGONG_TEST_SEARCH_FRESH", 10),
	}
	s.whole = s.postings >= 10_000
	return s
}

// TestTheContractAnswersAsTheEngineFoundAndHowFast is the measure. Small, it
// holds that both sides find the same and that what is published is found.
func TestTheContractAnswersAsTheEngineFoundAndHowFast(t *testing.T) {
	t.Parallel()
	sz := sizes(t)
	for _, on := range []struct {
		name     string
		database func(t *testing.T) string
	}{
		{"sqlite", func(*testing.T) string { return "" }},
		{"postgres", func(t *testing.T) string { t.Helper(); return durable(t, sz) }},
	} {
		t.Run(on.name, func(t *testing.T) {
			if !sz.whole {
				t.Parallel()
			}
			say := func(format string, args ...any) {
				if sz.whole {
					fmt.Fprintf(os.Stdout, on.name+": "+format+"\n", args...)
				}
			}
			say("machine: %s", machine())
			dir := t.TempDir()
			if kept := os.Getenv("LINGGONG_TEST_SEARCH_DIR"); kept != "" {
				if dir = filepath.Join(kept, on.name); os.MkdirAll(dir, 0o700) != nil {
					t.Fatalf("no folder %s", dir)
				}
			}
			w := start(t, on.database(t), dir, sz, say)
			questions := 64
			if sz.whole {
				questions = max(256, sz.samples/4)
			}
			list := asks(questions)
			w.rebuild(t, say)
			w.learn(t, list)
			for _, part := range []func(testing.TB, []ask, func(string, ...any)){w.alone, w.unknown, w.ratio, w.fresh, w.tooMuch, w.workers} {
				all, own, began := busy(), used(), time.Now()
				part(t, list, say)
				all, own = busy()-all, used()-own
				took := time.Since(began).Seconds()
				say("(%.0f s; of the machine's processors this program used %.2f, others %.2f)", took, own/took, (all-own)/took)
			}
		})
	}
}

// durable is a PostgreSQL that keeps what it has acknowledged.
func durable(t *testing.T, sz size) string {
	t.Helper()
	if given := os.Getenv("LINGGONG_TEST_SEARCH_DATABASE"); given != "" {
		return given
	}
	if !sz.whole {
		return dbtest.PostgresURL(t)
	}
	url, stop, err := testserver.StartDurablePostgres(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	return url
}

// alone asks one question after the other: what an answer costs when nobody waits.
func (w *world) alone(tb testing.TB, list []ask, say func(string, ...any)) {
	tb.Helper()
	n := w.size.samples
	start := used()
	direct := closed(tb, 1, n, list, w.inEngine)
	between := used()
	over := closed(tb, 1, n, list, w.overHTTP)
	end := used()
	say("one client, processor time an answer: engine %.2f ms, HTTP with its client %.2f ms", 1000*(between-start)/float64(n), 1000*(end-between)/float64(n))
	for _, kind := range []string{wordsAndAll, wordsOnly, filtersOnly, browse, ""} {
		say("one client, engine, %-20s %s", kind, figuresOf(direct, kind))
	}
	for _, kind := range []string{wordsAndAll, wordsOnly, filtersOnly, browse, ""} {
		say("one client, HTTP,   %-20s %s", kind, figuresOf(over, kind))
	}
}

// ratio drives both sides in turn, ABBA, closed and open loop.
func (w *world) ratio(tb testing.TB, list []ask, say func(string, ...any)) {
	tb.Helper()
	const pairs = 10 // each half of an ABBA
	n := max(1, w.size.samples/8)
	began := time.Now()
	warm := closed(tb, w.size.clients, n, list, w.overHTTP)
	rate := float64(len(warm)) / time.Since(began).Seconds()
	say("16 clients, HTTP: %.0f answers/s", rate)
	w.compare(tb, "closed loop", pairs, say, func(fn side) []sample { return closed(tb, w.size.clients, n, list, fn) })
	half := rate / 2
	w.compare(tb, fmt.Sprintf("open loop, %.0f/s", half), pairs, say, func(fn side) []sample {
		return open(tb, w.size.clients, n, half, list, fn)
	})
}

func (w *world) compare(tb testing.TB, name string, pairs int, say func(string, ...any), run func(side) []sample) {
	tb.Helper()
	var direct, over []sample
	var r50, r99, rUsed []float64
	for i := range pairs {
		var d, h []sample
		start := used()
		if i%2 == 0 {
			h = run(w.overHTTP)
		} else {
			d = run(w.inEngine)
		}
		between := used()
		first := between - start
		if i%2 == 0 {
			d = run(w.inEngine)
			rUsed = append(rUsed, first/(used()-between))
		} else {
			h = run(w.overHTTP)
			rUsed = append(rUsed, (used()-between)/first)
		}
		fd, fh := figuresOf(d, ""), figuresOf(h, "")
		r50, r99 = append(r50, fh.p50/fd.p50), append(r99, fh.p99/fd.p99)
		direct, over = append(direct, d...), append(over, h...)
	}
	for _, kind := range []string{wordsAndAll, wordsOnly, filtersOnly, browse, ""} {
		say("%s, engine, %-20s %s", name, kind, figuresOf(direct, kind))
	}
	for _, kind := range []string{wordsAndAll, wordsOnly, filtersOnly, browse, ""} {
		say("%s, HTTP,   %-20s %s", name, kind, figuresOf(over, kind))
	}
	m50, l50, h50 := median(r50)
	m99, l99, h99 := median(r99)
	mUsed, lUsed, hUsed := median(rUsed)
	say("%s, HTTP ÷ engine: p50 %.2f (%.2f–%.2f), p99 %.2f (%.2f–%.2f), processor time %.2f (%.2f–%.2f), %d pairs",
		name, m50, l50, h50, m99, l99, h99, mUsed, lUsed, hUsed, pairs)
}
