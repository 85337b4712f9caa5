// Package lane lets callers who arrive together be served together: the first
// begins at once, and whoever comes while she is served waits for the next turn
// and shares it with all the others. Nobody is delayed when nobody waits.
package lane

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// Lane serves asks of type Q with answers of type A, a turn at a time.
type Lane[Q, A any] struct {
	most  int
	limit time.Duration
	turn  func(ctx context.Context, asks []Q) []Answer[A]

	mu     sync.Mutex
	queue  []waiting[Q, A]
	served bool // a turn is under way
}

// Answer is what became of one ask.
type Answer[A any] struct {
	Value A
	Err   error
}

type waiting[Q, A any] struct {
	ask    Q
	answer chan Answer[A]
}

// New returns a lane whose turns take at most most asks, and no longer than
// limit: one that hangs must not hold up all who come after it. turn returns one
// answer for each ask, in order; its context is nobody's in particular.
func New[Q, A any](most int, limit time.Duration, turn func(ctx context.Context, asks []Q) []Answer[A]) *Lane[Q, A] {
	return &Lane[Q, A]{most: max(most, 1), limit: limit, turn: turn}
}

// Do waits for the answer to one ask. If ctx ends first it returns its error;
// the ask may be served all the same.
func (l *Lane[Q, A]) Do(ctx context.Context, ask Q) (A, error) {
	w := waiting[Q, A]{ask, make(chan Answer[A], 1)}
	l.mu.Lock()
	l.queue = append(l.queue, w)
	if !l.served {
		l.served = true
		go l.serve() // for all who wait, not for this caller alone
	}
	l.mu.Unlock()
	select {
	case a := <-w.answer:
		return a.Value, a.Err
	case <-ctx.Done():
		var none A
		return none, ctx.Err()
	}
}

// Waiting returns how many wait for a turn that has not begun.
func (l *Lane[Q, A]) Waiting() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.queue)
}

// serve takes turns until nobody waits.
func (l *Lane[Q, A]) serve() {
	for {
		l.mu.Lock()
		n := min(len(l.queue), l.most)
		if n == 0 {
			l.served = false
			l.mu.Unlock()
			return
		}
		now := l.queue[:n:n]
		l.queue = l.queue[n:]
		l.mu.Unlock()
		l.one(now)
	}
}

// one serves a turn. A panic is the answer of all who took part: it must not
// leave them waiting, nor those behind them.
func (l *Lane[Q, A]) one(now []waiting[Q, A]) {
	asks := make([]Q, len(now))
	for i, w := range now {
		asks[i] = w.ask
	}
	var answers []Answer[A]
	var failed error
	func() {
		defer func() {
			if p := recover(); p != nil {
				failed = fmt.Errorf("panic in a turn: %v", p)
			}
		}()
		ctx, cancel := context.WithTimeout(context.Background(), l.limit)
		defer cancel()
		answers = l.turn(ctx, asks)
	}()
	if failed == nil && len(answers) != len(asks) {
		failed = fmt.Errorf("a turn of %d asks gave %d answers", len(asks), len(answers))
	}
	for i, w := range now {
		if failed != nil {
			w.answer <- Answer[A]{Err: failed}
			continue
		}
		w.answer <- answers[i]
	}
}
