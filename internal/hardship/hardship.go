// Package hardship is employment assistance (就业援助): who is in a key group,
// who is recognised as a hardship person (就业困难人员认定), and the case that
// helps each of them until there is stable work.
//
// One promise holds the package together: nobody is ever lost. Every recognised
// person has an open case or a coded reason for having none, and every open case
// has an owner, a next action and a date.
//
// The package decides; it does no I/O of its own. Storage is in hardshipdb. It
// never sees a name or an ID number in full, and it ends no right by itself: a
// refusal, an exit or a penalty is always a person's decision (PIPL art. 24).
package hardship

import (
	"context"
	"strings"
	"time"

	"linggong/internal/access"
	"linggong/internal/day"
	"linggong/internal/event"
	"linggong/internal/tx"
)

// The ids this package gives. Ids of persons and accounts belong to others and
// stay plain strings.
type (
	GroupID     string
	HouseholdID string
	VisitID     string
)

// PersonCard is what this domain may know of a person: enough to show and to
// reckon ages, not enough to identify.
type PersonCard struct {
	ID         string
	NameMasked string
	Sex        string // "female" or "male"
	Birth      day.Date
	Village    string // 12-digit code
	Retire     string // category that decides the retirement age (R-RET), "" if not known
}

// People is the person registry.
type People interface {
	// Card returns one person, or an error of kind NotFound.
	Card(ctx context.Context, personID string) (PersonCard, error)
	// Cards returns those of ids that exist, in one query.
	Cards(ctx context.Context, ids []string) (map[string]PersonCard, error)
	// Region returns the village a person belongs to.
	Region(ctx context.Context, personID string) (string, error)
}

// Accounts is the staff directory.
type Accounts interface {
	// Owner returns what an owner of cases must have: to be in service and to
	// cover the village. regions are code prefixes.
	Owner(ctx context.Context, accountID string) (name string, role access.Role, regions []string, active bool, err error)
	// Covering returns the active accounts of a role whose scope holds region.
	Covering(ctx context.Context, region string, role access.Role) ([]string, error)
}

// Postings answers whether a referred post really is open (R-HELP-02).
type Postings interface {
	Open(ctx context.Context, postingID string, on day.Date) (bool, error)
}

// Store keeps this domain's records. Every method joins the transaction in ctx;
// Save methods check the version and raise it, or return refusal.ErrStale.
type Store interface {
	GroupStore
	HouseholdStore
	RecognitionStore
	CaseStore
	VisitStore
	MeasureStore
	DeskStore
}

// Deps is what a Service is made of.
type Deps struct {
	Store    Store
	People   People
	Accounts Accounts
	Postings Postings // optional: without it a referral names its post in words
	Book     Book
	Tx       tx.Runner
	Events   event.Publisher
	Now      func() time.Time
	NewID    func() string
}

// Service is the use cases of employment assistance.
type Service struct {
	store    Store
	people   People
	accounts Accounts
	postings Postings
	book     Book
	tx       tx.Runner
	events   event.Publisher
	now      func() time.Time
	newID    func() string
}

// New returns a service.
func New(d Deps) *Service {
	return &Service{
		store: d.Store, people: d.People, accounts: d.Accounts, postings: d.Postings, book: d.Book,
		tx: d.Tx, events: d.Events, now: d.Now, newID: d.NewID,
	}
}

func (s *Service) today() day.Date { return day.Of(s.now()) }

// Scope is the region prefixes a list may show; an empty Scope shows nothing,
// and the empty prefix everything.
type Scope []string

// ScopeOf returns what the actor sees, narrowed to a village or town prefix
// when one is given.
func ScopeOf(a access.Actor, under string) Scope {
	switch {
	case under != "":
		under = Prefix(under)
		if a.Covers(under) {
			return Scope{under}
		}
		var inside Scope // a town asked for by someone who sees a part of it
		for _, p := range a.Regions {
			if p != "" && strings.HasPrefix(p, under) {
				inside = append(inside, p)
			}
		}
		return inside
	case a.City():
		return Scope{""}
	}
	var out Scope
	for _, p := range a.Regions {
		if p != "" {
			out = append(out, p)
		}
	}
	return out
}

// Prefix cuts a 12-digit code to the digits its level says: city 6, town 9,
// village 12. A code that is a prefix already stays.
func Prefix(code string) string {
	if len(code) != 12 {
		return code
	}
	switch {
	case strings.HasSuffix(code, "000000"):
		return code[:6]
	case strings.HasSuffix(code, "000"):
		return code[:9]
	}
	return code
}

// at is the target of an act on something in a village.
func at(region string) access.Target { return access.Target{Region: region} }

// yesNo is a truth as event tags spell it.
func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}
