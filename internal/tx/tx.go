// Package tx is the transaction a use case opens and everything it calls joins.
//
// The transaction travels in ctx. Only package dbx begins one; a domain takes a
// Runner, and what must wait for the commit is registered with AfterCommit.
package tx

import (
	"context"
	"slices"
)

// Runner runs fn in one transaction: it commits when fn returns nil and rolls
// back when fn fails or panics. Inside another InTx it joins the outer one, and
// a failure of the inner fn fails the outer commit even if the error is dropped.
//
// fn must use the ctx it is given, must not start goroutines that use it, and
// must not do network I/O: hand that to a job. fn may be run again when the
// database asks for it, so it must not change anything outside the transaction.
type Runner interface {
	InTx(ctx context.Context, fn func(ctx context.Context) error) error
}

// Scope is one open transaction.
type Scope struct {
	Handle any // the database's own handle; only dbx looks at it
	after  []func(context.Context)
	once   map[string]bool
	all    map[string]*[]string
	doomed error
}

type key struct{}

// Open returns ctx carrying a new scope. Only dbx calls it.
func Open(ctx context.Context, handle any) (context.Context, *Scope) {
	s := &Scope{Handle: handle}
	return context.WithValue(ctx, key{}, s), s
}

// From returns the open scope, or nil.
func From(ctx context.Context) *Scope {
	s, ok := ctx.Value(key{}).(*Scope)
	if !ok {
		return nil
	}
	return s
}

// Doom makes the commit fail with err.
func (s *Scope) Doom(err error) {
	if s.doomed == nil {
		s.doomed = err
	}
}

// Doomed returns what a joined function failed with.
func (s *Scope) Doomed() error { return s.doomed }

// Committed runs what waited for the commit. Only dbx calls it.
func (s *Scope) Committed(ctx context.Context) {
	ctx = context.WithValue(context.WithoutCancel(ctx), key{}, (*Scope)(nil))
	for _, f := range s.after {
		f(ctx)
	}
}

// AfterCommit calls f once the transaction in ctx has committed, or at once if
// there is none. f gets a context of its own: that of the act carries a
// transaction which is over, and ends with a client who has left. It is for
// wake-ups that may be lost; work that must happen goes into a job, in the
// transaction.
func AfterCommit(ctx context.Context, f func(ctx context.Context)) {
	if s := From(ctx); s != nil {
		s.after = append(s.after, f)
		return
	}
	f(context.WithoutCancel(ctx))
}

// AfterCommitOnce is AfterCommit for wake-ups that say the same: of those with
// one name only the first is kept.
func AfterCommitOnce(ctx context.Context, name string, f func(ctx context.Context)) {
	if s := From(ctx); s != nil {
		if s.once[name] {
			return
		}
		if s.once == nil {
			s.once = map[string]bool{}
		}
		s.once[name] = true
	}
	AfterCommit(ctx, f)
}

// AfterCommitAll calls f once for all items that were given under one name in
// the transaction, each of them once.
func AfterCommitAll(ctx context.Context, name, item string, f func(ctx context.Context, items []string)) {
	s := From(ctx)
	if s == nil {
		f(context.WithoutCancel(ctx), []string{item})
		return
	}
	if list, ok := s.all[name]; ok {
		if !slices.Contains(*list, item) {
			*list = append(*list, item)
		}
		return
	}
	if s.all == nil {
		s.all = map[string]*[]string{}
	}
	list := &[]string{item}
	s.all[name] = list
	AfterCommit(ctx, func(ctx context.Context) { f(ctx, *list) })
}

// MustNotBeIn panics inside a transaction. Adapters that leave the process
// (SMS, search engine, Redis) call it first, so that a slow neighbour can
// never hold a row lock.
func MustNotBeIn(ctx context.Context, what string) {
	if From(ctx) != nil {
		panic(what + " was called inside a transaction")
	}
}
