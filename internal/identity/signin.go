package identity

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"time"

	"linggong/internal/access"
	"linggong/internal/event"
	"linggong/internal/tx"
)

// How often one origin may try one name, and any name. There is no limit for
// the name alone: with one, anybody could lock anybody out.
const (
	triesPerName   = 10
	triesPerOrigin = 60
	triesPer       = 15 * time.Minute
)

var usernameRE = regexp.MustCompile(`^[a-z][a-z0-9._-]{2,39}$`)

func cleanUsername(s string) string { return strings.ToLower(strings.TrimSpace(s)) }

// SignInStaff begins a session for a member of staff. It must not be called
// inside a transaction: hashing takes its time, and an answer that holds a
// secret must not be kept for repeating.
func (s *Service) SignInStaff(ctx context.Context, from access.Actor, username, password string) (Begun, error) {
	tx.MustNotBeIn(ctx, "signing in")
	username = cleanUsername(username)
	if err := s.turn(ctx, "origin:"+from.Origin, triesPerOrigin, triesPer); err != nil {
		return Begun{}, err
	}
	key := "staff:" + s.Blind.Blind("identity.username", username) + ":" + from.Origin
	if err := s.turn(ctx, key, triesPerName, triesPer); err != nil {
		return Begun{}, err
	}
	a, err := s.Store.ByUsername(ctx, username)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return Begun{}, err
	}
	right, err := s.hash.check(ctx, a.Password, password) // the zero account takes as long
	if err != nil {
		return Begun{}, err
	}
	if !right || !a.Active || a.Kind != Staff {
		return Begun{}, s.failed(ctx, from, event.Ref{Kind: "account", ID: a.ID}, ErrBadCredentials)
	}
	renewed := PasswordHash("")
	if a.Password.old() {
		if renewed, err = s.hash.make(ctx, password); err != nil {
			return Begun{}, err
		}
	}
	return s.enter(ctx, from, a.ID, ErrBadCredentials, renewed)
}

// failed puts a failed attempt on the record and returns why. What was typed is
// not on it: people type their password in the wrong field.
func (s *Service) failed(ctx context.Context, from access.Actor, subject event.Ref, why error) error {
	err := s.Tx.InTx(ctx, func(ctx context.Context) error {
		who := access.Actor{Role: access.Anonymous, Origin: from.Origin, Request: from.Request}
		return s.tell(ctx, who, event.SignInFailed, subject, nil)
	})
	if err != nil {
		return err
	}
	return why
}

// enter begins a session of an account that has proved itself, reading it again
// in the transaction: it may have been closed meanwhile.
func (s *Service) enter(ctx context.Context, from access.Actor, id string, closed error, renewed PasswordHash) (Begun, error) {
	var out Begun
	err := s.Tx.InTx(ctx, func(ctx context.Context) error {
		a, err := s.Store.Account(ctx, id)
		if err != nil {
			return err
		}
		if !a.Active {
			return closed
		}
		if renewed != "" {
			a.Password = renewed
			if err := s.Store.SaveAccount(ctx, a); err != nil {
				return err
			}
		}
		if out, err = s.begin(ctx, from, a.actor("", from), a.ID, ""); err != nil {
			return err
		}
		return s.tell(ctx, out.Actor, event.SignedIn, event.Ref{Kind: "account", ID: a.ID}, map[string]string{"kind": string(a.Kind)})
	})
	return out, err
}
