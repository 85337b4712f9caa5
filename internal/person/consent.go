package person

import (
	"context"
	"time"

	"linggong/internal/access"
	"linggong/internal/event"
)

// Purpose is what a person agreed to (PIPL art. 14, 17). Hardship assistance
// needs none: it is a statutory duty (art. 13(3)).
type Purpose string

// The purposes.
const (
	ForGigMarket Purpose = "gig_market" // being offered work
	ForPublicity Purpose = "publicity"  // being named in public, as far as it is not required (art. 25)
	ForSharing   Purpose = "sharing"    // passing data to another body (art. 23)
)

// How a person agreed.
type How string

// The ways of consent.
const (
	OnPaper  How = "paper"
	BySpeech How = "spoken"
	Herself  How = "self"
)

func (h How) valid() bool { return h == OnPaper || h == BySpeech || h == Herself }

func (p Purpose) valid() bool { return p == ForGigMarket || p == ForPublicity || p == ForSharing }

// Consent is one agreement. It is never removed: a withdrawal is dated.
type Consent struct {
	ID          string
	Person      string
	Purpose     Purpose
	How         How
	By          string // account that took it down; "" by herself
	At          time.Time
	WithdrawnAt time.Time // zero while it holds
}

// ConsentStore keeps consents.
type ConsentStore interface {
	AddConsent(ctx context.Context, c Consent) error
	// Consents returns a person's, newest first.
	Consents(ctx context.Context, person string) ([]Consent, error)
	// WithdrawConsent ends those of a purpose that hold and returns how many.
	WithdrawConsent(ctx context.Context, person string, p Purpose, at time.Time) (int64, error)
}

// agree keeps a consent in the transaction in ctx; nothing where none was asked.
func (s *Service) agree(ctx context.Context, actor access.Actor, p Person, purpose Purpose, how How) error {
	if purpose == "" {
		return nil
	}
	c := Consent{ID: s.NewID(), Person: p.ID, Purpose: purpose, How: how, At: s.Now()}
	if how != Herself {
		c.By = actor.Account
	}
	return s.Store.AddConsent(ctx, c)
}

// Agree records that a person agreed to a purpose.
func (s *Service) Agree(ctx context.Context, actor access.Actor, id string, purpose Purpose, how How) error {
	if !purpose.valid() || !how.valid() {
		return ErrInvalid.On("consent", "unknown", "没有这种用途或方式")
	}
	return s.consent(ctx, actor, id, purpose, "given", func(ctx context.Context, p Person) error {
		return s.agree(ctx, actor, p, purpose, how)
	})
}

// Withdraw records that a person no longer agrees (PIPL art. 15).
func (s *Service) Withdraw(ctx context.Context, actor access.Actor, id string, purpose Purpose) error {
	return s.consent(ctx, actor, id, purpose, "withdrawn", func(ctx context.Context, p Person) error {
		n, err := s.Store.WithdrawConsent(ctx, p.ID, purpose, s.Now())
		if err == nil && n == 0 {
			return ErrInvalid.On("consent", "none", "没有生效中的同意")
		}
		return err
	})
}

func (s *Service) consent(ctx context.Context, actor access.Actor, id string, purpose Purpose, what string, do func(context.Context, Person) error) error {
	return s.Tx.InTx(ctx, func(ctx context.Context) error {
		r, err := s.mine(ctx, actor, access.PersonChange, id)
		if err != nil {
			return err
		}
		if err := do(ctx, r.Person); err != nil {
			return err
		}
		return s.tell(ctx, actor, event.PersonChanged, r.Person, map[string]string{"consent": what, "purpose": string(purpose)}, "")
	})
}

// Consents returns what a person agreed to.
func (s *Service) Consents(ctx context.Context, actor access.Actor, id string) ([]Consent, error) {
	if _, err := s.mine(ctx, actor, access.PersonRead, id); err != nil {
		return nil, err
	}
	return s.Store.Consents(ctx, id)
}
