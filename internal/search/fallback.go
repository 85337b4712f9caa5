package search

import (
	"context"
	"errors"
	"sync"
	"time"
)

// Matcher is the reading half of an Index.
type Matcher interface {
	Match(ctx context.Context, q Query) ([]Hit, error)
}

// Answer is what a Fallback found.
type Answer struct {
	Hits     []Hit
	Degraded bool // the primary engine is down or behind; the answer is from the other
}

// How a Fallback treats an engine that fails.
const (
	primaryTimeout = 400 * time.Millisecond // a kiosk user does not wait for a dead engine
	restFor        = 2 * time.Second        // after a failure, before it is asked again
)

// Fallback asks the primary engine and, when that fails, is slow or is known to
// be behind, the secondary: the database's own full text, which is never
// behind. It recovers by itself.
type Fallback struct {
	primary, secondary Matcher
	now                func() time.Time

	mu     sync.Mutex
	until  time.Time // the primary rests until then
	behind bool
	last   error
	failed int
}

// NewFallback returns a Fallback; primary may be nil, then secondary is no
// degradation but the engine.
func NewFallback(primary, secondary Matcher, now func() time.Time) *Fallback {
	return &Fallback{primary: primary, secondary: secondary, now: now}
}

// Match answers q. An error of the caller's own (a bad query, a context that
// ended) is not answered twice.
func (f *Fallback) Match(ctx context.Context, q Query) (Answer, error) {
	if err := q.Check(); err != nil {
		return Answer{}, err
	}
	if f.primary == nil {
		hits, err := f.secondary.Match(ctx, q)
		return Answer{Hits: hits}, err
	}
	if f.usable() {
		hits, err := f.ask(ctx, q)
		if err == nil {
			return Answer{Hits: hits}, nil
		}
		if ctx.Err() != nil {
			return Answer{}, err
		}
		f.rest(err)
	}
	hits, err := f.secondary.Match(ctx, q)
	return Answer{Hits: hits, Degraded: true}, err
}

func (f *Fallback) ask(ctx context.Context, q Query) ([]Hit, error) {
	ctx, cancel := context.WithTimeout(ctx, primaryTimeout)
	defer cancel()
	return f.primary.Match(ctx, q)
}

func (f *Fallback) usable() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return !f.behind && !f.now().Before(f.until)
}

func (f *Fallback) rest(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.until, f.last = f.now().Add(restFor), err
	if !errors.Is(err, context.DeadlineExceeded) {
		f.failed++
	}
}

// Failures is how often the primary failed so far in a way that leaves in doubt
// whether it still holds what it held; to be slow is none.
func (f *Fallback) Failures() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.failed
}

// SetBehind tells that the primary does not hold what the database holds (a
// rebuild, a long queue), or does again.
func (f *Fallback) SetBehind(behind bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.behind = behind
}

// Health says whether the primary is in use, and if not, why.
func (f *Fallback) Health() (degraded bool, reason string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	switch {
	case f.primary == nil:
		return false, ""
	case f.behind:
		return true, "the search engine is behind the database"
	case f.now().Before(f.until) && f.last != nil:
		return true, "the search engine failed: " + f.last.Error()
	}
	return false, ""
}
