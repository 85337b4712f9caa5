// Package follow keeps a text engine outside the database in step with the rows.
//
// An act notes, in its own transaction, that something changed; whoever serves
// reads the rows as they are when it is their turn, gives many at once to the
// engine, and forgets the note when the engine can find them. So nothing is lost
// when a process or the engine dies, what is late is known to the second, and a
// document never goes back to what it was: whoever meets a note that has changed
// meanwhile, or is gone, leaves another.
//
// It also compares the indexes with the rows, repairs what differs, and says
// when the engine is not to be asked.
package follow

import (
	"context"
	"fmt"
	"iter"
	"log/slog"
	"sync"
	"time"

	"linggong/internal/dbx"
	"linggong/internal/search"
	"linggong/internal/tx"
)

// Source is what an index is made from: the rows, as they are now.
type Source interface {
	// Docs returns the documents of those ids that can be found now.
	Docs(ctx context.Context, ids ...string) ([]search.Doc, error)
	// All yields every document, in no particular order.
	All(ctx context.Context) iter.Seq2[search.Doc, error]
	// Refs is what an index should list.
	Refs(ctx context.Context, ids ...string) iter.Seq2[search.Ref, error]
	// ChangedSince returns the ids of the rows written since then, gone ones too.
	ChangedSince(ctx context.Context, since time.Time) ([]string, error)
	// Lock keeps the rows of ids as they are until the transaction in ctx ends:
	// an act under way is waited for, the next waits.
	Lock(ctx context.Context, ids ...string) error
}

// Index is what can be kept and compared.
type Index interface {
	search.Index
	search.Auditor
}

// Words is the reading half, told whether the engine is behind;
// *search.Fallback is one.
type Words interface {
	SetBehind(behind bool)
	Failures() int
}

// Collection is one set of documents: its rows, its index in the database, the
// one in the engine.
type Collection struct {
	Name   string
	Source Source
	Text   Index // in the database
	Engine Index // nil when there is none
	Words  Words // may be nil
}

// Times and sizes.
const (
	take      = 500              // notes taken at once
	tooLate   = 3 * time.Second  // how old the oldest note may be before the engine counts as behind
	maxWait   = 5 * time.Minute  // between tries of what the engine refuses
	lookEvery = time.Second      // for notes of other replicas, and how late they are
	auditRest = 10 * time.Second // between comparisons for an engine that keeps failing
)

// Deps are what a Follower needs.
type Deps struct {
	DB          *dbx.DB
	Collections []Collection
	Log         *slog.Logger
	Now         func() time.Time // of the wall: it is compared with other replicas'
	// Lease is after how long another replica takes the notes of one that died;
	// 0 means 20 s.
	Lease time.Duration
	// Pipeline names the vocabulary documents are made with; "" keeps none.
	Pipeline string
}

// Follower follows the rows for all collections.
type Follower struct {
	Deps
	wake chan struct{}

	mu    sync.Mutex
	trust map[string]*trust
	said  map[string]time.Time // what fails, since it was last logged
}

// trust is what this process knows of an engine.
type trust struct {
	compared bool // the engine was found to hold what the rows say, or the notes say what it lacks
	failures int  // of the searches, when it was
	at       time.Time
	last     error // of the last turn
}

// New returns a Follower.
func New(d Deps) *Follower {
	if d.Lease == 0 {
		d.Lease = 20 * time.Second
	}
	f := &Follower{Deps: d, wake: make(chan struct{}, 1), trust: map[string]*trust{}, said: map[string]time.Time{}}
	if f.Log == nil {
		f.Log = slog.New(slog.DiscardHandler)
	}
	for _, c := range d.Collections {
		f.trust[c.Name] = &trust{}
		if c.Engine != nil && c.Words != nil {
			c.Words.SetBehind(true) // until it has been compared
		}
	}
	return f
}

// Marker notes changes of one collection; nil where there is no engine.
type Marker func(ctx context.Context, ids ...string) error

// Marker returns what acts of a collection call.
func (f *Follower) Marker(collection string) Marker {
	return func(ctx context.Context, ids ...string) error { return f.Mark(ctx, collection, ids...) }
}

// Mark notes, in the transaction of ctx, that documents changed.
func (f *Follower) Mark(ctx context.Context, collection string, ids ...string) error {
	if err := f.mark(ctx, collection, f.Now(), ids); err != nil {
		return err
	}
	tx.AfterCommit(ctx, func(context.Context) { f.nudge() })
	return nil
}

func (f *Follower) nudge() {
	select {
	case f.wake <- struct{}{}:
	default: // it is awake
	}
}

// mark writes notes. One there is already keeps the time of its first change,
// and whoever has it sees by the stamp that it changed.
func (f *Follower) mark(ctx context.Context, collection string, changed time.Time, ids []string) error {
	now := f.Now()
	return f.DB.InTx(ctx, func(ctx context.Context) error {
		for _, id := range ids {
			err := f.DB.From(ctx).Exec(`INSERT INTO search_changes (collection, id, stamp, changed_at, due_at) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (collection, id) DO UPDATE SET stamp = excluded.stamp`, collection, id, dbx.NewID(), changed, now).Error
			if err != nil {
				return fmt.Errorf("note that %s %s changed: %w", collection, id, dbx.Classify(err))
			}
		}
		return nil
	})
}

// Engines says whether any collection has an engine.
func (f *Follower) Engines() bool {
	for _, c := range f.Collections {
		if c.Engine != nil {
			return true
		}
	}
	return false
}
