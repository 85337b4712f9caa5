package searchbench_test

import (
	"testing"
	"time"
)

// rebuild makes the columns anew, as every start does, and says how fast.
func (w *world) rebuild(tb testing.TB, say func(string, ...any)) {
	tb.Helper()
	var took []sample
	start := used()
	for range 5 {
		from := time.Now()
		if err := w.Postings.Rebuild(tb.Context()); err != nil {
			tb.Fatal(err)
		}
		took = append(took, sample{took: time.Since(from)})
	}
	say("columns: %d rows from SQL, nobody asking: %s, processor time %.2f s", w.Postings.Columns.Len(), figuresOf(took, ""), (used()-start)/5)
	start, clock := used(), time.Now()
	if err := w.Postings.Warm(tb.Context()); err != nil {
		tb.Fatal(err)
	}
	say("the usual words, asked beforehand: %.1f s, processor time %.1f s", time.Since(clock).Seconds(), used()-start)
}

// index builds the columns and the text indexes, and says how fast. It is done
// before anything is measured: the program would do it beside the questions.
func (w *world) index(tb testing.TB, say func(string, ...any)) {
	tb.Helper()
	before := heap()
	clock := time.Now()
	if err := w.Postings.Rebuild(tb.Context()); err != nil {
		tb.Fatal(err)
	}
	took := time.Since(clock).Seconds()
	n := w.Postings.Columns.Len()
	if n != w.size.postings {
		tb.Fatalf("%d columns of %d postings", n, w.size.postings)
	}
	say("columns: %d rows from SQL in %.2f s (%.0f/s), %.0f MB of memory", n, took, float64(n)/took, heap()-before)
	disk := w.disk(tb)
	clock = time.Now()
	if err := w.Postings.Reindex(tb.Context(), w.Text); err != nil {
		tb.Fatal(err)
	}
	took = time.Since(clock).Seconds()
	count, err := w.Text.Count(tb.Context())
	if err != nil || count != n {
		tb.Fatalf("%d documents of %d postings: %v", count, n, err)
	}
	say("full text of the database: %d documents in %.1f s (%.0f/s), %.0f MB on disk", n, took, float64(n)/took, w.disk(tb)-disk)
	w.indexWorkers(tb, say)
	if w.Engine == nil {
		return
	}
	clock = time.Now()
	if err := w.Postings.Reindex(tb.Context(), w.Engine); err != nil {
		tb.Fatal(err)
	}
	took = time.Since(clock).Seconds()
	say("engine outside: %d documents in %.1f s (%.0f/s)", n, took, float64(n)/took)
}

func (w *world) indexWorkers(tb testing.TB, say func(string, ...any)) {
	tb.Helper()
	ctx := tb.Context()
	disk, before, began := w.disk(tb), heap(), time.Now()
	if err := w.WorkerText.Rebuild(ctx, w.WorkerWords.All(ctx)); err != nil {
		tb.Fatal(err)
	}
	took := time.Since(began).Seconds()
	n, err := w.WorkerText.Count(ctx)
	if err != nil || n != w.size.workers {
		tb.Fatalf("%d documents of %d workers: %v", n, w.size.workers, err)
	}
	say("workers' full text: %d documents in %.1f s (%.0f/s), %.0f MB on disk, %.0f MB of memory", n, took, float64(n)/took, w.disk(tb)-disk, heap()-before)
}
