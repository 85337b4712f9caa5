package gig

import (
	"context"
	"fmt"

	"linggong/internal/access"
	"linggong/internal/day"
)

// People is the person registry. A worker row keeps only the id it gives.
type People interface {
	// Register finds or makes the person and returns the id.
	Register(ctx context.Context, actor access.Actor, p NewPerson) (string, error)
	// Cards returns what may be shown of each person; unknown ids are absent.
	Cards(ctx context.Context, ids []string) (map[string]PersonCard, error)
	// Find returns the ids of the persons with exactly this name, phone or ID number.
	Find(ctx context.Context, query string) ([]string, error)
}

// Accounts is what the market asks of sign-in.
type Accounts interface {
	// Phone returns the phone an account has proved by a code.
	Phone(ctx context.Context, account string) (string, error)
	// BindEmployer and BindWorker say whom an account acts for from now on.
	BindEmployer(ctx context.Context, account, employerID string) error
	BindWorker(ctx context.Context, account, personID string) error
}

// PersonCard is what the registry tells the market about a person.
type PersonCard struct {
	NameMasked  string
	PhoneMasked string
	Sex         string   // "male", "female" or ""; for the worker's own page, never for matching
	Birth       day.Date // may be ""; a declared year is its 1 January
	Village     string
}

// NewPerson is what the market hands to the registry and does not keep.
type NewPerson struct {
	Name     string
	IDNumber string // may be ""
	Phone    string // may be ""
	Birth    day.Date
	Village  string
	Consent  Consent
	Light    bool // surname and phone only: the registry matches by phone and surname
}

func (s *Service) personOf(ctx context.Context, actor access.Actor, p NewPerson) (string, error) {
	if actor.Role == access.Worker && actor.Person != "" {
		return actor.Person, nil
	}
	id, err := s.People.Register(ctx, actor, p)
	if err != nil {
		return "", fmt.Errorf("register person: %w", err)
	}
	return id, nil
}

func (s *Service) view(ctx context.Context, w Worker) (WorkerView, error) {
	v, err := s.views(ctx, []Worker{w})
	if err != nil {
		return WorkerView{}, err
	}
	return v[0], nil
}

// WorkerViews puts workers and their cards together; who may see them is the
// caller's to know.
func (s *Service) WorkerViews(ctx context.Context, list []Worker) ([]WorkerView, error) {
	return s.views(ctx, list)
}

func (s *Service) views(ctx context.Context, list []Worker) ([]WorkerView, error) {
	ids := make([]string, len(list))
	for i, w := range list {
		ids[i] = w.PersonID
	}
	cards, err := s.People.Cards(ctx, ids)
	if err != nil {
		return nil, fmt.Errorf("read person cards: %w", err)
	}
	out := make([]WorkerView, len(list))
	for i, w := range list {
		out[i] = WorkerView{Worker: w, Card: cards[w.PersonID]}
	}
	return out, nil
}
