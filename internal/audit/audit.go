// Package audit is what the trace of an act holds, and how it is read.
package audit

import (
	"context"
	"time"

	"linggong/internal/access"
	"linggong/internal/day"
	"linggong/internal/event"
)

// Entry is one line of the trace: who, from where, did what to whom, when, why.
type Entry struct {
	ID      string
	Kind    event.Kind
	At      time.Time
	On      day.Date
	Role    access.Role
	Account string
	Session string
	Origin  string
	Request string
	Subject event.Ref
	Person  string
	Region  string
	Reason  string

	Refs []event.Ref
	Nums map[string]int64
	Tags map[string]string
}

// Of returns the entry an event leaves.
func Of(e event.Event) Entry {
	return Entry{
		ID: e.ID, Kind: e.Kind, At: e.At, On: e.On,
		Role: e.Actor.Role, Account: e.Actor.Account, Session: e.Actor.Session,
		Origin: e.Actor.Origin, Request: e.Actor.Request,
		Subject: e.Subject, Person: e.Person, Region: e.Region, Reason: e.Reason,
		Refs: e.Refs, Nums: e.Nums, Tags: e.Tags,
	}
}

// Filter chooses entries; empty fields choose all.
type Filter struct {
	Account, Subject, Person string
	Kind                     event.Kind
	From, To                 day.Date
	Before                   string // id of the last entry of the page before
	Limit                    int
}

// Store keeps the trace. It can only be added to.
type Store interface {
	// Add writes entries in the transaction in ctx, in one statement.
	Add(ctx context.Context, entries ...Entry) error
	// List returns entries newest first.
	List(ctx context.Context, f Filter) ([]Entry, error)
	// Entry returns one, or dbx.ErrNotFound.
	Entry(ctx context.Context, id string) (Entry, error)
}
