// Package bus turns one published event into everything that must happen with
// it: the trace, the facts, the jobs. All of it in the transaction of the act,
// so if the act rolls back none of it happened, and if it commits all of it has.
package bus

import (
	"context"
	"errors"
	"fmt"
	"time"

	"linggong/internal/audit"
	"linggong/internal/day"
	"linggong/internal/dbx"
	"linggong/internal/event"
	"linggong/internal/tx"
)

var errNoTx = errors.New("an event was published outside a transaction")

// Trace is where the audit rows go.
type Trace interface {
	Add(ctx context.Context, entries ...audit.Entry) error
}

// Bus is the event.Publisher of the program.
type Bus struct {
	trace Trace
	subs  []event.Subscriber
	now   func() time.Time
}

var _ event.Publisher = (*Bus)(nil)

// New returns a bus that writes its trace and then tells subs, in order.
func New(trace Trace, now func() time.Time, subs ...event.Subscriber) *Bus {
	return &Bus{trace: trace, subs: subs, now: now}
}

// Subscribe adds a subscriber; call it while the program is put together, not later.
func (b *Bus) Subscribe(s event.Subscriber) { b.subs = append(b.subs, s) }

// Publish implements event.Publisher. Several events are one trace statement,
// and are told in order.
func (b *Bus) Publish(ctx context.Context, events ...event.Event) error {
	if tx.From(ctx) == nil {
		return fmt.Errorf("publish %s: %w", kindOf(events), errNoTx)
	}
	entries := make([]audit.Entry, len(events))
	for i := range events {
		e := &events[i]
		if e.ID == "" {
			e.ID = dbx.NewID()
		}
		if e.At.IsZero() {
			e.At = b.now()
		}
		if e.On == "" {
			e.On = day.Of(e.At)
		}
		entries[i] = audit.Of(*e)
	}
	if err := b.trace.Add(ctx, entries...); err != nil {
		return err
	}
	for _, e := range events {
		for _, s := range b.subs {
			if err := s.Handle(ctx, e); err != nil {
				return fmt.Errorf("publish %s: %w", e.Kind, err)
			}
		}
	}
	return nil
}

func kindOf(events []event.Event) event.Kind {
	if len(events) == 0 {
		return ""
	}
	return events[0].Kind
}

// Func lets a function be a subscriber.
type Func func(ctx context.Context, e event.Event) error

// Handle implements event.Subscriber.
func (f Func) Handle(ctx context.Context, e event.Event) error { return f(ctx, e) }
