// Package parameter is the rule book in force: what the program ships, and over
// it what the bureau has confirmed or set. A row is never edited: a new value
// is a new row with its own first day, source and author.
package parameter

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"linggong/internal/access"
	"linggong/internal/day"
	"linggong/internal/errs"
	"linggong/internal/event"
	"linggong/internal/rules"
	"linggong/internal/tx"
)

// What can be wrong with a value.
var (
	ErrUnknown = errs.New(errs.NotFound, "parameter_unknown", "没有这个参数", "There is no such parameter.")
	ErrInvalid = errs.New(errs.Invalid, "parameter_invalid", "参数有误", "The parameter is not valid.")
)

// Store keeps what the bureau has set.
type Store interface {
	Add(ctx context.Context, id string, p rules.Parameter, by string, at time.Time) error
	// All returns every row, oldest first.
	All(ctx context.Context) ([]rules.Parameter, error)
}

// Service holds the book.
type Service struct {
	store  Store
	tx     tx.Runner
	events event.Publisher
	newID  func() string
	now    func() time.Time
	book   atomic.Pointer[rules.Book]
}

// NewService returns a service whose book is the shipped one until Load.
func NewService(store Store, run tx.Runner, events event.Publisher, newID func() string, now func() time.Time) *Service {
	s := &Service{store: store, tx: run, events: events, newID: newID, now: now}
	s.book.Store(rules.Default())
	return s
}

// Book returns the rules in force now. A use case takes it once and keeps it.
func (s *Service) Book() *rules.Book { return s.book.Load() }

// Load reads what was set. Replicas call it again now and then.
func (s *Service) Load(ctx context.Context) error {
	rows, err := s.store.All(ctx)
	if err != nil {
		return fmt.Errorf("load parameters: %w", err)
	}
	s.book.Store(rules.Default().With(rows...))
	return nil
}

// List returns every parameter; unconfirmed only those to confirm.
func (s *Service) List(_ context.Context, actor access.Actor, unconfirmed bool) ([]rules.Parameter, error) {
	if err := access.Can(actor, access.ParameterRead, access.Target{}); err != nil {
		return nil, err
	}
	var out []rules.Parameter
	for _, p := range s.Book().Parameters() {
		if !unconfirmed || !p.Confirmed {
			out = append(out, p)
		}
	}
	return out, nil
}

// Set confirms or changes a parameter from a day on.
func (s *Service) Set(ctx context.Context, actor access.Actor, p rules.Parameter, reason string) (rules.Parameter, error) {
	if err := access.Can(actor, access.ParameterSet, access.Target{}); err != nil {
		return p, err
	}
	p, err := s.check(p, reason)
	if err != nil {
		return p, err
	}
	err = s.tx.InTx(ctx, func(ctx context.Context) error {
		id := s.newID()
		if err := s.store.Add(ctx, id, p, actor.Account, s.now()); err != nil {
			return err
		}
		tx.AfterCommit(ctx, func(context.Context) { s.book.Store(s.Book().With(p)) })
		confirmed := "no"
		if p.Confirmed {
			confirmed = "yes"
		}
		return s.events.Publish(ctx, event.Event{
			Kind: event.ParameterSet, Actor: actor, Subject: event.Ref{Kind: "parameter", ID: id}, Reason: reason,
			Tags: map[string]string{"key": p.Key, "region": p.Region, "value": p.Value, "valid_from": string(p.ValidFrom), "confirmed": confirmed},
		})
	})
	return p, err
}

// check completes p from the parameter it follows and refuses what no rule
// could read.
func (s *Service) check(p rules.Parameter, reason string) (rules.Parameter, error) {
	var like *rules.Parameter
	for _, known := range s.Book().Parameters() {
		if known.Key == p.Key {
			like = &known
			if known.Region == p.Region {
				break
			}
		}
	}
	if like == nil {
		return p, ErrUnknown
	}
	bad := ErrInvalid
	if !p.ValidFrom.Valid() {
		bad = bad.On("valid_from", "date", "请填写生效日期")
	}
	if p.Source == "" {
		bad = bad.On("source", "required", "请填写来源（文号或函件）")
	}
	if reason == "" {
		bad = bad.On("reason", "required", "请写明为什么设定")
	}
	if err := sameShape(like.Value, p.Value); err != "" {
		bad = bad.On("value", "shape", err)
	}
	if len(bad.Fields) > 0 {
		return p, bad
	}
	p.Unit, p.Rule = like.Unit, like.Rule
	if p.Published == "" {
		p.Published = day.Of(s.now())
	}
	return p, nil
}

// sameShape says what is wrong when a number would become words.
func sameShape(old, value string) string {
	if value == "" || len(value) > 500 {
		return "请填写值"
	}
	if digits(old) && !digits(value) {
		return "应为不带单位的整数"
	}
	return ""
}

func digits(s string) bool {
	for _, r := range s {
		if r < '0' || r > '9' {
			return false
		}
	}
	return s != "" && len(s) < 10
}
