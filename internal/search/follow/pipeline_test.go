package follow_test

import (
	"bytes"
	"context"
	"iter"
	"log/slog"
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

func finds(t *testing.T, ix search.Index, word string) int {
	t.Helper()
	hits, err := ix.Match(t.Context(), search.Query{Match: worktext.Match{All: []worktext.Clause{{Any: []worktext.Term{{Field: worktext.InTokens, Tokens: []string{word}}}}}}})
	if err != nil {
		t.Fatal(err)
	}
	return len(hits)
}

// The words changed and no row did: no audit would ever see it.
func TestAnIndexOfAnotherVocabularyIsMadeAnewByItself(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		now := time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC)
		source := &rows{docs: map[string]search.Doc{}, changed: map[string]time.Time{}, now: func() time.Time { return now }}
		var said bytes.Buffer
		text := sqlindex.New(db, sqlindex.Postings)
		service := func(pipeline string) *follow.Follower {
			return follow.New(follow.Deps{
				DB: db, Now: func() time.Time { return now }, Log: slog.New(slog.NewTextHandler(&said, nil)), Pipeline: pipeline,
				Collections: []follow.Collection{{Name: "postings", Source: source, Text: text}},
			})
		}
		renew := func(f *follow.Follower) {
			t.Helper()
			if err := f.Renew(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		outdated := func(f *follow.Follower) string {
			t.Helper()
			names, err := f.Outdated(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			return strings.Join(names, ", ")
		}
		source.set("a", "old", 1)
		if err := text.Put(t.Context(), source.docs["a"]); err != nil {
			t.Fatal(err)
		}
		first := service("1")
		if got := outdated(first); got != "postings in sql" {
			t.Errorf("outdated: %q", got)
		}
		renew(first)
		if got := outdated(first); got != "" || finds(t, text, "old") != 1 {
			t.Errorf("after the first start: %q", got)
		}
		source.set("a", "new", 1) // the same row, said in other words
		renew(first)
		if finds(t, text, "new") != 0 {
			t.Error("the same vocabulary makes nothing anew")
		}
		said.Reset()
		second := service("2")
		if got := outdated(second); got != "postings in sql" {
			t.Errorf("outdated: %q", got)
		}
		renew(second)
		if finds(t, text, "old") != 0 || finds(t, text, "new") != 1 || outdated(second) != "" {
			t.Error("another vocabulary did not make the index anew")
		}
		if log := said.String(); !strings.Contains(log, "made anew") || !strings.Contains(log, "pipeline=2") || !strings.Contains(log, "documents=") {
			t.Errorf("the log says %q", log)
		}
	})
}

// Of replicas that start together one does it; what died over it is taken up.
func TestOneReplicaMakesAnIndexAnew(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		var mu sync.Mutex
		now := time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC)
		clock := func() time.Time { mu.Lock(); defer mu.Unlock(); return now }
		source := &rows{docs: map[string]search.Doc{}, changed: map[string]time.Time{}, now: clock}
		source.set("a", "word", 1)
		var said safe
		service := func(text follow.Index) *follow.Follower {
			return follow.New(follow.Deps{
				DB: db, Now: clock, Log: slog.New(slog.NewTextHandler(&said, nil)), Pipeline: "2",
				Collections: []follow.Collection{{Name: "postings", Source: source, Text: text}},
			})
		}
		text := sqlindex.New(db, sqlindex.Postings)
		if err := service(dying{text}).Renew(t.Context()); err == nil {
			t.Fatal("it made an index that cannot be written")
		}
		other := service(text)
		if err := other.Renew(t.Context()); err != nil || finds(t, text, "word") != 0 {
			t.Errorf("what another replica has was taken from it: %v", err)
		}
		mu.Lock()
		now = now.Add(3 * time.Minute)
		mu.Unlock()
		var wg sync.WaitGroup
		for range 4 {
			f := service(text)
			wg.Go(func() {
				if err := f.Renew(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if n := strings.Count(said.String(), "the index is made anew"); n != 1 || finds(t, text, "word") != 1 {
			t.Errorf("made %d times", n)
		}
	})
}

// Two programs serve beside each other while a city is brought to the next version.
func TestTwoVocabulariesDoNotMakeEachOthersIndexAnewForEver(t *testing.T) {
	t.Parallel()
	db := dbtest.SQLite(t)
	source := &rows{docs: map[string]search.Doc{}, changed: map[string]time.Time{}, now: dbx.Now}
	source.set("a", "word", 1)
	for _, pipeline := range []string{"1", "2"} {
		f := follow.New(follow.Deps{DB: db, Now: dbx.Now, Pipeline: pipeline, Collections: []follow.Collection{
			{Name: "postings", Source: source, Text: sqlindex.New(db, sqlindex.Postings)},
		}})
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		if f.RunRenew(ctx); ctx.Err() != nil {
			t.Fatalf("pipeline %s goes on looking after its index was made", pipeline)
		}
	}
}

// safe is a log many write.
type safe struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safe) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *safe) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// dying is an index that cannot be made anew.
type dying struct{ follow.Index }

func (dying) Rebuild(context.Context, iter.Seq2[search.Doc, error]) error {
	return search.ErrUnavailable
}
