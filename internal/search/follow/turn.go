package follow

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"linggong/internal/dbx"
	"linggong/internal/search"
)

// note is one row of search_changes.
type note struct {
	ID, Stamp string
	ChangedAt time.Time
	Attempt   int
}

// Turn tells the engines everything that is due and returns how many documents
// that was. An error says that an engine or the database does not answer; what
// an engine refuses waits its turn and is no error.
func (f *Follower) Turn(ctx context.Context) (int, error) {
	total := 0
	var failed error
	for _, c := range f.Collections {
		if c.Engine == nil {
			continue
		}
		n, err := f.drain(ctx, c)
		total += n
		failed = errors.Join(failed, err)
		if n > 0 || err != nil {
			f.mu.Lock()
			f.trust[c.Name].last = err
			f.mu.Unlock()
		}
	}
	return total, failed
}

func (f *Follower) drain(ctx context.Context, c Collection) (int, error) {
	total := 0
	for ctx.Err() == nil {
		notes, err := f.claim(ctx, c.Name)
		if err != nil || len(notes) == 0 {
			return total, err
		}
		began := f.Now()
		let := f.hold(ctx, c.Name, notes)
		err = f.tell(ctx, c, notes, began)
		let()
		if err != nil {
			return total, err
		}
		total += len(notes)
	}
	return total, ctx.Err()
}

// claim takes due notes, the oldest first. A look comes before it: where
// nothing is due, nothing is written.
func (f *Follower) claim(ctx context.Context, collection string) ([]note, error) {
	now := f.Now()
	var due int
	err := f.DB.From(ctx).Raw(`SELECT count(*) FROM (SELECT 1 FROM search_changes WHERE collection = ? AND due_at <= ? LIMIT 1) AS due`, collection, now).Scan(&due).Error
	if err != nil || due == 0 {
		return nil, wrong("look for changes", err)
	}
	skip := ""
	if f.DB.Dialect() == dbx.Postgres {
		skip = " FOR UPDATE SKIP LOCKED"
	}
	var notes []note
	err = f.DB.InTx(ctx, func(ctx context.Context) error {
		notes = nil
		return f.DB.From(ctx).Raw(`UPDATE search_changes SET due_at = ? WHERE collection = ? AND id IN
(SELECT id FROM search_changes WHERE collection = ? AND due_at <= ? ORDER BY changed_at LIMIT ?`+skip+`)
RETURNING id, stamp, changed_at, attempt`, now.Add(f.Lease), collection, collection, now, take).Scan(&notes).Error
	})
	return notes, wrong("take changes", err)
}

// hold keeps taken notes from other replicas while the engine works on them,
// until let is called: the lease is short, so that nobody waits long for a
// replica that died, and an engine may take its time.
func (f *Follower) hold(ctx context.Context, collection string, notes []note) (let func()) {
	ids := make([]string, len(notes))
	for i, n := range notes {
		ids[i] = n.ID
	}
	ctx, cancel := context.WithCancel(ctx)
	var wg sync.WaitGroup
	wg.Go(func() {
		tick := time.NewTicker(f.Lease / 4)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			err := f.DB.InTx(ctx, func(ctx context.Context) error { // one given back meanwhile is due again, and stays so
				now := f.Now()
				return f.DB.From(ctx).Exec("UPDATE search_changes SET due_at = ? WHERE collection = ? AND due_at > ? AND due_at < ? AND "+f.DB.AnyText("id"),
					now.Add(f.Lease), collection, now, now.Add(f.Lease), f.DB.List(ids)).Error
			})
			if err != nil && ctx.Err() == nil {
				f.Log.WarnContext(ctx, "hold changes for the search engine", "collection", collection, "err", err)
			}
		}
	})
	return func() { cancel(); wg.Wait() }
}

func wrong(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", what, dbx.Classify(err))
}

// tell brings the engine to what the rows of the notes say now. Where it refuses
// a document, the others must not wait for that one: they are told in halves.
func (f *Follower) tell(ctx context.Context, c Collection, notes []note, began time.Time) error {
	err := f.write(ctx, c, notes)
	switch {
	case err == nil:
		return f.done(ctx, c.Name, notes, began)
	case errors.Is(err, search.ErrRefused) || errors.Is(err, search.ErrDocument):
		if half := len(notes) / 2; half > 0 {
			return errors.Join(f.tell(ctx, c, notes[:half], began), f.tell(ctx, c, notes[half:], began))
		}
		f.Log.ErrorContext(ctx, "the search engine refuses a document", "collection", c.Name, "id", notes[0].ID, "attempt", notes[0].Attempt+1, "err", err)
		refused.WithLabelValues(c.Name).Inc()
		wait := min(maxWait, 2*time.Second<<min(notes[0].Attempt, 10))
		return f.release(ctx, c.Name, notes, f.Now().Add(wait), 1, err)
	}
	// The engine is away: nobody's fault, and the notes are anybody's again.
	keep, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	return errors.Join(err, f.release(keep, c.Name, notes, f.Now(), 0, err))
}

func (f *Follower) write(ctx context.Context, c Collection, notes []note) error {
	ids := make([]string, len(notes))
	for i, n := range notes {
		ids[i] = n.ID
	}
	docs, err := c.Source.Docs(ctx, ids...)
	if err != nil {
		return err
	}
	there := make(map[string]bool, len(docs))
	for _, d := range docs {
		there[d.ID] = true
	}
	var gone []string
	for _, id := range ids {
		if !there[id] {
			gone = append(gone, id)
		}
	}
	return errors.Join(c.Engine.Put(ctx, docs...), c.Engine.Delete(ctx, gone...))
}

// done forgets the notes that are as they were when they were taken. The others
// changed meanwhile, or another replica forgot them for a state that may be
// older than what it met in the engine: they are noted anew.
func (f *Follower) done(ctx context.Context, collection string, notes []note, began time.Time) error {
	pairs := make([][]any, len(notes))
	left := make(map[string]bool, len(notes))
	for i, n := range notes {
		pairs[i] = []any{n.ID, n.Stamp}
		left[n.ID] = true
	}
	var again []string
	err := f.DB.InTx(ctx, func(ctx context.Context) error {
		var forgotten []string
		err := f.DB.From(ctx).Raw(`DELETE FROM search_changes WHERE collection = ? AND (id, stamp) IN ? RETURNING id`, collection, pairs).Scan(&forgotten).Error
		if err != nil {
			return wrong("forget changes", err)
		}
		again = again[:0]
		for _, id := range forgotten {
			left[id] = false
		}
		for _, n := range notes {
			if left[n.ID] {
				again = append(again, n.ID)
			}
		}
		if len(again) == 0 {
			return nil
		}
		err = f.DB.From(ctx).Exec(`DELETE FROM search_changes WHERE collection = ? AND id IN ?`, collection, again).Error
		if err != nil {
			return wrong("note changes again", err)
		}
		return f.mark(ctx, collection, began, again)
	})
	if err != nil {
		return err
	}
	now := f.Now()
	for _, n := range notes {
		if !left[n.ID] && n.ChangedAt.Year() > 1970 {
			freshness.WithLabelValues(collection).Observe(now.Sub(n.ChangedAt).Seconds())
		}
	}
	return nil
}

// release gives notes back, with why.
func (f *Follower) release(ctx context.Context, collection string, notes []note, due time.Time, tries int, why error) error {
	ids := make([]string, len(notes))
	for i, n := range notes {
		ids[i] = n.ID
	}
	return f.DB.InTx(ctx, func(ctx context.Context) error {
		return wrong("give changes back", f.DB.From(ctx).Exec(`UPDATE search_changes SET due_at = ?, attempt = attempt + ?, last_error = ? WHERE collection = ? AND id IN ?`,
			due, tries, brief(why), collection, ids).Error)
	})
}

func brief(err error) string {
	const most = 300
	s := []rune(err.Error())
	return string(s[:min(len(s), most)])
}
