package gig

import (
	"time"

	"linggong/internal/access"
	"linggong/internal/day"
	"linggong/internal/event"
	"linggong/internal/region"
	"linggong/internal/rules"
	"linggong/internal/tx"
)

// Store keeps the market's rows. Every method joins the transaction in ctx;
// writing outside one fails.
type Store interface {
	StationStore
	EmployerStore
	WorkerStore
	PostingStore
	BoardStore
	CommitmentStore
}

// Page is one page of a list, newest first; Next is "" on the last.
type Page[T any] struct {
	Items []T
	Next  string
}

// Scope is what part of the market a list may show; it becomes SQL, so that
// nothing outside it is ever read. The zero Scope shows nothing.
type Scope struct {
	All      bool
	Regions  []string // prefixes of region codes
	Station  StationID
	Employer EmployerID
	Person   string
}

// Deps are what a Service needs; all are required but WorkerFinder.
type Deps struct {
	Store    Store
	Tx       tx.Runner
	Events   event.Publisher
	People   People
	Accounts Accounts
	Regions  *region.Tree
	Rules    func() *rules.Book // in force now; parameters may be set while we run
	Finder   Finder
	// WorkerFinder finds workers by words; without it they are found by name and number only.
	WorkerFinder WorkerFinder
	NewID        NewID
	Now          func() time.Time
}

// Service is the market's use cases.
type Service struct{ Deps }

// NewService returns the market's use cases.
func NewService(d Deps) *Service { return &Service{Deps: d} }

func (s *Service) today() day.Date { return day.Of(s.Now()) }

// scopeOf returns what the actor may list with an action, or the refusal.
func scopeOf(a access.Actor, do access.Action) (Scope, error) {
	if err := access.May(a, do); err != nil {
		return Scope{}, err
	}
	var s Scope
	for _, g := range access.Policy[do] {
		if g.Role != a.Role {
			continue
		}
		switch g.Reach {
		case access.Everywhere:
			s.All = true
		case access.InRegions:
			s.addRegions(a)
		case access.AtStation:
			s.Station = StationID(a.Station)
		case access.AtStationOrRegion:
			s.Station = StationID(a.Station)
			s.addRegions(a)
		case access.OfEmployer:
			s.Employer = EmployerID(a.Employer)
		case access.OfSelf:
			s.Person = a.Person
		}
	}
	return s, nil
}

func (s *Scope) addRegions(a access.Actor) {
	if a.City() {
		s.All = true
		return
	}
	for _, p := range a.Regions {
		if p != "" {
			s.Regions = append(s.Regions, p)
		}
	}
}
