package follow

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// Status is how far an engine is with a collection.
type Status struct {
	Collection string    `json:"collection"`
	Waiting    int       `json:"waiting"`          // documents that changed and cannot be found yet
	Oldest     time.Time `json:"oldest,omitzero"`  // when the first of them changed; 1970 where the audit found it
	Refused    int       `json:"refused"`          // of those waiting, what the engine would not take
	LastError  string    `json:"error,omitempty"`  // of one of them
	Behind     bool      `json:"behind,omitempty"` // the engine is not asked, the database is

	// Of this process alone, while it serves:
	Untrusted bool `json:"-"` // it has not been compared with the rows yet, or not since it failed
	Away      bool `json:"-"` // it did not answer when it was last told something or compared
}

// Status reads it from the database: any process may ask.
func (f *Follower) Status(ctx context.Context) ([]Status, error) {
	var rows []struct {
		Collection, LastError string
		Waiting, Refused      int
		Oldest, Due           dbTime
	}
	err := f.DB.From(ctx).Raw(`SELECT collection, count(*) AS waiting, min(changed_at) AS oldest,
min(CASE WHEN attempt = 0 THEN changed_at END) AS due, coalesce(max(last_error), '') AS last_error,
sum(CASE WHEN attempt > 0 THEN 1 ELSE 0 END) AS refused FROM search_changes GROUP BY collection`).Scan(&rows).Error
	if err != nil {
		return nil, wrong("look how far the search engine is", err)
	}
	var out []Status
	for _, c := range f.Collections {
		if c.Engine == nil {
			continue
		}
		s := Status{Collection: c.Name}
		for _, r := range rows {
			if r.Collection == c.Name {
				s.Waiting, s.Oldest, s.Refused, s.LastError = r.Waiting, time.Time(r.Oldest), r.Refused, r.LastError
				// What the engine refuses keeps nobody from the rest.
				s.Behind = r.Waiting > r.Refused && f.Now().Sub(time.Time(r.Due)) > tooLate
			}
		}
		f.mu.Lock()
		t := f.trust[c.Name]
		s.Untrusted, s.Away = !t.compared, t.last != nil
		f.mu.Unlock()
		out = append(out, s)
	}
	return out, nil
}

// dbTime reads what min() of an instant gives: SQLite has no type for it.
type dbTime time.Time

// Scan implements sql.Scanner.
func (t *dbTime) Scan(v any) error {
	switch v := v.(type) {
	case nil:
		return nil
	case time.Time:
		*t = dbTime(v.UTC())
		return nil
	case string:
		for _, layout := range []string{"2006-01-02 15:04:05.999999999-07:00", time.RFC3339Nano} {
			if at, err := time.Parse(layout, v); err == nil {
				*t = dbTime(at.UTC())
				return nil
			}
		}
	}
	return fmt.Errorf("read an instant: %T", v)
}

// Run follows until ctx ends. How late the engine is, is looked at beside
// telling it: a server that takes an hour over a task must not hide that.
func (f *Follower) Run(ctx context.Context) {
	if !f.Engines() {
		return
	}
	var wg sync.WaitGroup
	defer wg.Wait()
	wg.Go(func() { f.every(ctx, nil, f.Look) })
	f.every(ctx, f.wake, f.Work)
}

func (f *Follower) every(ctx context.Context, wake <-chan struct{}, do func(ctx context.Context)) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		do(ctx)
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case <-wake:
		}
	}
}

// Work compares an engine that is not known to hold what it should, and tells
// the engines what is due.
func (f *Follower) Work(ctx context.Context) {
	for _, c := range f.Collections {
		if c.Engine != nil {
			f.compare(ctx, c)
		}
	}
	_, err := f.Turn(ctx)
	f.complain(ctx, "tell it of changes", err)
}

// complain logs what keeps failing once a minute, and that it has ended: an
// engine that is away is tried every second.
func (f *Follower) complain(ctx context.Context, what string, err error) {
	if ctx.Err() != nil {
		return
	}
	f.mu.Lock()
	said, failing := f.said[what]
	now := f.Now()
	speak := err != nil && (!failing || now.Sub(said) >= time.Minute)
	switch {
	case speak:
		f.said[what] = now
	case err == nil:
		delete(f.said, what)
	}
	f.mu.Unlock()
	switch {
	case speak:
		f.Log.WarnContext(ctx, "the search engine is not followed", "what", what, "err", err)
	case err == nil && failing:
		f.Log.InfoContext(ctx, "the search engine is followed again", "what", what)
	}
}

// Look says how late the engines are, and whether they may be asked.
func (f *Follower) Look(ctx context.Context) {
	all, err := f.Status(ctx)
	f.complain(ctx, "know how far it is", err)
	if err != nil {
		return
	}
	for _, s := range all {
		f.say(s)
	}
}

// compare looks, at the start and after searches failed, whether the engine
// holds what the rows say: it may have come back empty or old. What it lacks is
// noted, so that it is late, and not wrong.
func (f *Follower) compare(ctx context.Context, c Collection) {
	failures := 0
	if c.Words != nil {
		failures = c.Words.Failures()
	}
	f.mu.Lock()
	t := f.trust[c.Name]
	if failures != t.failures {
		t.compared = false
	}
	due := !t.compared && f.Now().Sub(t.at) >= auditRest || t.at.IsZero()
	if due {
		t.at = f.Now()
	}
	f.mu.Unlock()
	if !due {
		return
	}
	_, err := f.auditEngine(ctx, c)
	f.mu.Lock()
	t.last = err
	f.mu.Unlock()
	f.complain(ctx, "compare it with the rows: "+c.Name, err)
	if err != nil {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	t.compared, t.failures = true, failures
}

// say tells the reading half, and whoever measures.
func (f *Follower) say(s Status) {
	late := 0.0
	if s.Waiting > 0 {
		late = f.Now().Sub(s.Oldest).Seconds()
	}
	waiting.WithLabelValues(s.Collection).Set(float64(s.Waiting))
	oldest.WithLabelValues(s.Collection).Set(late)
	for _, c := range f.Collections {
		if c.Name == s.Collection && c.Words != nil {
			c.Words.SetBehind(s.Untrusted || s.Behind)
		}
	}
}
