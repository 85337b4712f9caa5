package follow_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"linggong/internal/dbx"
	"linggong/internal/dbx/dbtest"
	"linggong/internal/search"
	"linggong/internal/search/follow"
	"linggong/internal/search/sqlindex"
	"linggong/internal/worktext"
)

// rows are what the index is made from.
type rows struct {
	mu      sync.Mutex
	docs    map[string]search.Doc
	changed map[string]time.Time
	now     func() time.Time
}

func (r *rows) set(id, words string, version int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.docs[id] = search.Doc{ID: id, Version: version, Fields: worktext.Fields{Tokens: words}, Region: "330481101201", Open: true}
	r.changed[id] = r.now()
}

func (r *rows) drop(id string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.docs, id)
	r.changed[id] = r.now()
}

func (r *rows) Docs(_ context.Context, ids ...string) ([]search.Doc, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var out []search.Doc
	for _, id := range ids {
		if d, ok := r.docs[id]; ok {
			out = append(out, d)
		}
	}
	return out, nil
}

func (r *rows) All(ctx context.Context) iter.Seq2[search.Doc, error] {
	return func(yield func(search.Doc, error) bool) {
		r.mu.Lock()
		ids := slices.Sorted(maps.Keys(r.docs))
		r.mu.Unlock()
		for _, id := range ids {
			docs, err := r.Docs(ctx, id)
			for _, d := range docs {
				if !yield(d, err) {
					return
				}
			}
		}
	}
}

func (r *rows) Refs(ctx context.Context, ids ...string) iter.Seq2[search.Ref, error] {
	return func(yield func(search.Ref, error) bool) {
		for d, err := range r.All(ctx) {
			if (len(ids) == 0 || slices.Contains(ids, d.ID)) && !yield(search.Ref{ID: d.ID, Version: d.Version, Region: d.Region, Open: d.Open}, err) {
				return
			}
		}
	}
}

func (r *rows) Lock(context.Context, ...string) error { return nil }

func (r *rows) ChangedSince(_ context.Context, since time.Time) ([]string, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var out []string
	for id, at := range r.changed {
		if !at.Before(since) {
			out = append(out, id)
		}
	}
	return out, nil
}

// engine is an index in another database that can be away, refuse, and stop in
// the middle of a write.
type engine struct {
	follow.Index
	mu     sync.Mutex
	away   error
	bad    string // id it refuses
	within func(docs []search.Doc)
}

func (e *engine) Put(ctx context.Context, docs ...search.Doc) error {
	e.mu.Lock()
	away, bad, within := e.away, e.bad, e.within
	e.within = nil
	e.mu.Unlock()
	switch {
	case away != nil:
		return away
	case slices.ContainsFunc(docs, func(d search.Doc) bool { return d.ID == bad }):
		return search.ErrUnavailable.With(fmt.Errorf("task 7: %w", search.ErrRefused))
	case within != nil:
		within(docs)
		// What another process met in between is overwritten: no engine compares and sets.
		ids := make([]string, len(docs))
		for i, d := range docs {
			ids[i] = d.ID
		}
		if err := e.Delete(ctx, ids...); err != nil {
			return err
		}
	}
	return e.Index.Put(ctx, docs...)
}

func (e *engine) Delete(ctx context.Context, ids ...string) error {
	e.mu.Lock()
	away := e.away
	e.mu.Unlock()
	if away != nil {
		return away
	}
	return e.Index.Delete(ctx, ids...)
}

func (e *engine) Refs(ctx context.Context, ids ...string) iter.Seq2[search.Ref, error] {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.away != nil {
		return func(yield func(search.Ref, error) bool) { yield(search.Ref{}, e.away) }
	}
	return e.Index.Refs(ctx, ids...)
}

func (e *engine) set(change func(e *engine)) {
	e.mu.Lock()
	defer e.mu.Unlock()
	change(e)
}

// words stands where search.Fallback does.
type words struct {
	mu       sync.Mutex
	behind   bool
	failures int
}

func (w *words) SetBehind(b bool) { w.mu.Lock(); defer w.mu.Unlock(); w.behind = b }
func (w *words) Failures() int    { w.mu.Lock(); defer w.mu.Unlock(); return w.failures }
func (w *words) is() bool         { w.mu.Lock(); defer w.mu.Unlock(); return w.behind }

type world struct {
	*follow.Follower
	db     *dbx.DB
	rows   *rows
	engine *engine
	text   follow.Index
	words  *words
	mu     sync.Mutex
	time   time.Time
	log    bytes.Buffer
}

func (w *world) now() time.Time { w.mu.Lock(); defer w.mu.Unlock(); return w.time }
func (w *world) wait(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.time = w.time.Add(d)
}

func newWorld(t *testing.T, db *dbx.DB) *world {
	t.Helper()
	w := &world{db: db, words: &words{}, text: sqlindex.New(db, sqlindex.Postings), time: time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC)}
	w.rows = &rows{docs: map[string]search.Doc{}, changed: map[string]time.Time{}, now: w.now}
	w.engine = &engine{Index: sqlindex.New(dbtest.SQLite(t), sqlindex.Postings)}
	w.Follower = w.replica()
	w.Work(t.Context())
	w.Look(t.Context())
	return w
}

func (w *world) replica() *follow.Follower {
	return follow.New(follow.Deps{DB: w.db, Now: w.now, Log: slog.New(slog.NewTextHandler(&w.log, nil)), Collections: []follow.Collection{
		{Name: "postings", Source: w.rows, Text: w.text, Engine: w.engine, Words: w.words},
	}})
}

// change is an act: the row and the note.
func (w *world) change(t *testing.T, id, words string, version int64) {
	t.Helper()
	w.rows.set(id, words, version)
	if err := w.Mark(t.Context(), "postings", id); err != nil {
		t.Fatal(err)
	}
}

func (w *world) status(t *testing.T) follow.Status {
	t.Helper()
	all, err := w.Status(t.Context())
	if err != nil || len(all) != 1 {
		t.Fatalf("%v %v", all, err)
	}
	return all[0]
}

func (w *world) finds(t *testing.T, word string, want ...string) {
	t.Helper()
	hits, err := w.engine.Match(t.Context(), search.Query{Match: worktext.Match{All: []worktext.Clause{{Any: []worktext.Term{{Field: worktext.InTokens, Tokens: []string{word}}}}}}})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, h := range hits {
		got = append(got, h.ID)
	}
	if !slices.Equal(got, want) {
		t.Errorf("%s finds %v, not %v", word, got, want)
	}
}

func each(t *testing.T, test func(t *testing.T, w *world)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) { test(t, newWorld(t, db)) })
}

func TestWhatAnActChangedIsFound(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		if w.words.is() {
			t.Fatal("an engine that agrees with the rows is not asked")
		}
		w.change(t, "a", "保洁", 1)
		w.change(t, "b", "保洁", 1)
		w.change(t, "a", "焊工", 2)
		w.Work(t.Context())
		w.finds(t, "保洁", "b")
		w.finds(t, "焊工", "a")
		w.rows.drop("b")
		if err := w.Mark(t.Context(), "postings", "b"); err != nil {
			t.Fatal(err)
		}
		w.Work(t.Context())
		w.finds(t, "保洁")
		if s := w.status(t); s.Waiting != 0 {
			t.Errorf("%+v", s)
		}
	})
}

func TestAnActThatDidNotHappenLeavesNoNote(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		undone := errors.New("refused")
		err := w.db.InTx(t.Context(), func(ctx context.Context) error {
			if err := w.Mark(ctx, "postings", "a"); err != nil {
				return err
			}
			return undone
		})
		if s := w.status(t); !errors.Is(err, undone) || s.Waiting != 0 {
			t.Errorf("%v, %+v", err, s)
		}
	})
}

func TestAnEngineThatWasAwayCatchesUp(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		gone := search.ErrUnavailable.With(errors.New("connection refused"))
		w.engine.set(func(e *engine) { e.away = gone })
		for i := range 3 {
			w.change(t, fmt.Sprintf("d%d", i), "保洁", 1)
		}
		if _, err := w.Turn(t.Context()); !errors.Is(err, search.ErrUnavailable) {
			t.Fatalf("%v", err)
		}
		w.Look(t.Context())
		if s := w.status(t); s.Waiting != 3 || s.Behind || !s.Away || s.Refused != 0 || s.LastError == "" || w.words.is() {
			t.Errorf("at once: %+v, behind %v", s, w.words.is())
		}
		w.wait(4 * time.Second)
		w.Look(t.Context())
		if s := w.status(t); !s.Behind || !w.words.is() {
			t.Errorf("after 4 s: %+v, behind %v", s, w.words.is())
		}
		w.engine.set(func(e *engine) { e.away = nil })
		w.Work(t.Context())
		w.Look(t.Context())
		w.finds(t, "保洁", "d0", "d1", "d2")
		if s := w.status(t); s.Waiting != 0 || s.Behind || s.Away || w.words.is() {
			t.Errorf("back: %+v, behind %v", s, w.words.is())
		}
	})
}

// A night without the engine is a page of log, not a million lines.
func TestAnEngineThatStaysAwayIsLoggedOnceAMinute(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dbtest.SQLite(t))
	w.engine.set(func(e *engine) { e.away = search.ErrUnavailable })
	w.change(t, "d0", "保洁", 1)
	for range 90 {
		w.Work(t.Context())
		w.wait(time.Second)
	}
	w.engine.set(func(e *engine) { e.away = nil })
	w.Work(t.Context())
	said, over := strings.Count(w.log.String(), `not followed" what="tell it`), strings.Count(w.log.String(), `followed again" what="tell it`)
	if said != 2 || over != 1 {
		t.Errorf("said %d times in 90 seconds, over %d times:\n%s", said, over, w.log.String())
	}
}

func TestAChangeMeanwhileIsNotLost(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.change(t, "a", "保洁", 1)
		w.engine.set(func(e *engine) { e.within = func([]search.Doc) { w.change(t, "a", "焊工", 2) } })
		w.Work(t.Context())
		w.Work(t.Context())
		w.finds(t, "焊工", "a")
		w.finds(t, "保洁")
		if s := w.status(t); s.Waiting != 0 {
			t.Errorf("%+v", s)
		}
	})
}

// A replica that was held up for longer than its notes are lent to it writes a
// state that is over. It sees that somebody was there, and the rows win.
func TestALateReplicaDoesNotHaveTheLastWord(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.change(t, "a", "保洁", 1)
		other := w.replica()
		w.engine.set(func(e *engine) {
			e.within = func([]search.Doc) {
				w.wait(5 * time.Minute)
				w.change(t, "a", "焊工", 2)
				if n, err := other.Turn(t.Context()); n != 1 || err != nil {
					t.Errorf("the other replica told %d (%v)", n, err)
				}
			}
		})
		if _, err := w.Turn(t.Context()); err != nil { // all of it: the note it left too
			t.Fatal(err)
		}
		w.finds(t, "焊工", "a")
		w.finds(t, "保洁")
	})
}

// An engine may take longer over a task than a dead replica is waited for.
func TestNotesAreHeldAsLongAsTheyAreWorkedOn(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		with := func(e *engine) *follow.Follower {
			return follow.New(follow.Deps{DB: db, Now: dbx.Now, Lease: 400 * time.Millisecond, Collections: []follow.Collection{
				{Name: "postings", Source: w.rows, Text: w.text, Engine: e},
			}})
		}
		slow, idle := &engine{Index: sqlindex.New(dbtest.SQLite(t), sqlindex.Postings)}, &engine{Index: w.engine.Index}
		begun, goOn := make(chan struct{}), make(chan struct{})
		slow.within = func([]search.Doc) { close(begun); <-goOn }
		w.rows.set("d0", "保洁", 1)
		first, second := with(slow), with(idle)
		if err := first.Mark(t.Context(), "postings", "d0"); err != nil {
			t.Fatal(err)
		}
		ended := make(chan error)
		go func() { _, err := first.Turn(t.Context()); ended <- err }()
		<-begun
		for end := time.Now().Add(time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
			if n, err := second.Turn(t.Context()); n != 0 || err != nil {
				t.Fatalf("another replica took %d of what is being worked on, %v", n, err)
			}
		}
		close(goOn)
		if err := <-ended; err != nil {
			t.Fatal(err)
		}
		if all, err := second.Status(t.Context()); err != nil || all[0].Waiting != 0 {
			t.Errorf("%+v, %v", all, err)
		}
	})
}

func TestARefusedDocumentHoldsUpNoOther(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		w.engine.set(func(e *engine) { e.bad = "d3" })
		for i := range 9 {
			w.change(t, fmt.Sprintf("d%d", i), "保洁", 1)
		}
		w.Work(t.Context())
		w.finds(t, "保洁", "d0", "d1", "d2", "d4", "d5", "d6", "d7", "d8")
		w.wait(time.Minute)
		w.Look(t.Context())
		if s := w.status(t); s.Waiting != 1 || s.Refused != 1 || s.Behind || s.LastError == "" || w.words.is() {
			t.Errorf("%+v, behind %v", s, w.words.is())
		}
		w.engine.set(func(e *engine) { e.bad = "" })
		w.Work(t.Context())
		w.finds(t, "保洁", "d0", "d1", "d2", "d3", "d4", "d5", "d6", "d7", "d8")
		if s := w.status(t); s.Waiting != 0 {
			t.Errorf("%+v", s)
		}
	})
}

// An engine that lost its data, or was put back from a copy, is not believed:
// after a search failed it is compared, and asked again when it holds what it should.
func TestAnEngineThatForgotIsNotBelieved(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		for i := range 5 {
			w.change(t, fmt.Sprintf("d%d", i), "保洁", 3)
		}
		w.Work(t.Context())
		ctx := t.Context()
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		must(w.engine.Delete(ctx, "d0", "d1")) // forgotten
		newer := search.Doc{ID: "d2", Version: 9, Fields: worktext.Fields{Tokens: "焊工"}, Region: "330481101201", Open: true}
		stray := search.Doc{ID: "stray", Version: 1, Fields: worktext.Fields{Tokens: "保洁"}, Region: "330481102201", Open: true}
		must(w.engine.Put(ctx, newer, stray))
		w.Look(ctx)
		if w.words.is() {
			t.Fatal("nobody could know yet")
		}
		w.words.failures++ // a search met "no such index"
		w.wait(time.Minute)
		w.engine.set(func(e *engine) { e.away = search.ErrUnavailable })
		w.Work(ctx)
		w.Look(ctx)
		if !w.words.is() {
			t.Error("an engine that cannot be compared is asked")
		}
		w.engine.set(func(e *engine) { e.away = nil })
		w.wait(time.Minute)
		w.Work(ctx)
		w.Look(ctx)
		w.finds(t, "保洁", "d0", "d1", "d2", "d3", "d4")
		w.finds(t, "焊工")
		if w.words.is() {
			t.Error("it holds what it should and is not asked")
		}
	})
}

func TestAnAuditRepairsOnlyWhatDiffers(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		for i := range 20 {
			w.change(t, fmt.Sprintf("d%02d", i), "保洁", 2)
		}
		docs, err := w.rows.Docs(ctx, slices.Sorted(maps.Keys(w.rows.docs))...)
		if err != nil {
			t.Fatal(err)
		}
		if err := w.text.Put(ctx, docs...); err != nil {
			t.Fatal(err)
		}
		w.Work(ctx)
		old := docs[3]
		old.Version = 1
		for _, ix := range []follow.Index{w.text, w.engine} {
			for _, err := range []error{ix.Delete(ctx, "d03", "d04"), ix.Put(ctx, old, search.Doc{ID: "gone", Version: 1, Region: "330481102201", Open: true})} {
				if err != nil {
					t.Fatal(err)
				}
			}
		}
		check := func(want int) {
			t.Helper()
			found, err := w.Check(ctx)
			if err != nil || len(found) != 2 {
				t.Fatalf("%v %v", found, err)
			}
			for _, x := range found {
				if got := len(x.IDs()); got != want {
					t.Errorf("%s: %d differ, not %d: %+v", x.Engine, got, want, x.Drift)
				}
			}
		}
		check(3)
		found, err := w.Audit(ctx)
		if err != nil || len(found) != 2 {
			t.Fatalf("%v %v", found, err)
		}
		for _, x := range found {
			if !slices.Equal(x.Missing, []string{"d04"}) || !slices.Equal(x.Stale, []string{"d03"}) || !slices.Equal(x.Extra, []string{"gone"}) ||
				x.Rows != 20 || x.Docs != 20 || x.Towns["330481101"] != 2 || x.Towns["330481102"] != 1 {
				t.Errorf("%s: %+v", x.Engine, x.Drift)
			}
		}
		if s := w.status(t); s.Waiting != 3 || !s.Behind {
			t.Errorf("what was wrong is not late but missing: %+v", s)
		}
		if found, err = w.Audit(ctx); err != nil || len(found) != 2 || len(found[1].IDs()) != 0 {
			t.Errorf("what is noted already counts as drift again: %+v, %v", found, err)
		}
		w.Work(ctx)
		check(0)
	})
}
