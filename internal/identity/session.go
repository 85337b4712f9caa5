package identity

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"linggong/internal/access"
	"linggong/internal/event"
)

// Session is one device that is signed in. Its secret is not in it.
type Session struct {
	ID        string
	Account   string // "" for a kiosk
	Kiosk     string // "" for an account
	Origin    string
	CreatedAt time.Time
	SeenAt    time.Time
	IdleUntil time.Time // it ends when nobody was seen until then
	ExpiresAt time.Time // it ends then in any case
	RevokedAt time.Time // zero while it holds
}

func (s Session) alive(now time.Time) bool {
	return s.RevokedAt.IsZero() && now.Before(s.IdleUntil) && now.Before(s.ExpiresAt)
}

// Holder is whose session it is: an account or a kiosk.
type Holder struct {
	Account Account // zero for a kiosk
	Kiosk   Kiosk   // zero for an account
}

// SessionStore keeps sessions.
type SessionStore interface {
	CreateSession(ctx context.Context, s Session, tokenHash string) error
	// SessionByToken returns a session and its holder in one read, or ErrNoSession.
	SessionByToken(ctx context.Context, tokenHash string) (Session, Holder, error)
	// Seen moves the idle limit.
	Seen(ctx context.Context, id string, at, idleUntil time.Time) error
	// SessionsOf returns an account's sessions that are not revoked, newest first.
	SessionsOf(ctx context.Context, account string, now time.Time) ([]Session, error)
	// Revoke ends one session that holds, or returns ErrNoSession.
	Revoke(ctx context.Context, id string, at time.Time) error
	// RevokeAll ends the sessions of an account or, where that is "", of a kiosk
	// and returns their ids.
	RevokeAll(ctx context.Context, account, kiosk string, at time.Time) ([]string, error)
	// PruneSessions removes those that ended before t.
	PruneSessions(ctx context.Context, t time.Time) (int64, error)
}

type lifetime struct{ idle, absolute time.Duration }

// lifetimes by role: a desk is left within the hour; a worker's own phone and a
// kiosk in a locked cabinet stay signed in.
func lifetimeOf(r access.Role) lifetime {
	switch r {
	case access.Worker:
		return lifetime{30 * 24 * time.Hour, 90 * 24 * time.Hour}
	case access.Employer:
		return lifetime{7 * 24 * time.Hour, 30 * 24 * time.Hour}
	case access.Kiosk:
		return lifetime{60 * 24 * time.Hour, 400 * 24 * time.Hour}
	default:
		return lifetime{time.Hour, 12 * time.Hour}
	}
}

// Begun is a session just begun. Token is its secret, told once.
type Begun struct {
	Token   string
	Expires time.Time
	Actor   access.Actor
}

const tokenBytes = 32

func newToken() string {
	b := make([]byte, tokenBytes)
	_, _ = rand.Read(b) // it never fails: the program ends first
	return base64.RawURLEncoding.EncodeToString(b)
}

func hashToken(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// begin makes a session in the transaction in ctx. The session the request came
// with ends: a secret known before sign-in is worth nothing after it.
func (s *Service) begin(ctx context.Context, from, as access.Actor, account, kiosk string) (Begun, error) {
	now, life := s.Now(), lifetimeOf(as.Role)
	n := Session{
		ID: s.NewID(), Account: account, Kiosk: kiosk, Origin: from.Origin, CreatedAt: now, SeenAt: now,
		IdleUntil: now.Add(life.idle), ExpiresAt: now.Add(life.absolute),
	}
	token := newToken()
	if from.Session != "" && from.Role != access.Kiosk { // who signs in at a kiosk does not unpair it
		if err := s.Store.Revoke(ctx, from.Session, now); err != nil && !errors.Is(err, ErrNoSession) {
			return Begun{}, err
		}
	}
	if err := s.Store.CreateSession(ctx, n, hashToken(token)); err != nil {
		return Begun{}, err
	}
	as.Session, as.Origin, as.Request = n.ID, from.Origin, from.Request
	return Begun{Token: token, Expires: n.ExpiresAt, Actor: as}, nil
}

// Authenticate returns who holds the token, from one indexed read, or
// access.ErrSignIn. A session that was ended, is too old, or whose account was
// closed is dead at once.
func (s *Service) Authenticate(ctx context.Context, token string) (access.Actor, Session, error) {
	if len(token) != base64.RawURLEncoding.EncodedLen(tokenBytes) {
		return access.Nobody, Session{}, access.ErrSignIn
	}
	found, holder, err := s.Store.SessionByToken(ctx, hashToken(token))
	if errors.Is(err, ErrNoSession) {
		return access.Nobody, Session{}, access.ErrSignIn
	}
	if err != nil {
		return access.Nobody, Session{}, err
	}
	now := s.Now()
	var actor access.Actor
	switch {
	case !found.alive(now):
		return access.Nobody, Session{}, access.ErrSignIn
	case found.Kiosk != "" && holder.Kiosk.RevokedAt.IsZero():
		actor = holder.Kiosk.actor(found.ID, access.Actor{})
		s.heard(ctx, found.ID, found.Kiosk)
	case found.Account != "" && holder.Account.Active:
		actor = holder.Account.actor(found.ID, access.Actor{})
	default:
		return access.Nobody, Session{}, access.ErrSignIn
	}
	s.seen(ctx, found, actor.Role, now)
	return actor, found, nil
}

// seen moves the idle limit, seldom enough that reading stays reading. A failure
// only leaves the limit where it was.
func (s *Service) seen(ctx context.Context, n Session, role access.Role, now time.Time) {
	idle := lifetimeOf(role).idle
	if now.Sub(n.SeenAt) < min(idle/20, time.Hour) {
		return
	}
	_ = s.Tx.InTx(ctx, func(ctx context.Context) error {
		return s.Store.Seen(ctx, n.ID, now, now.Add(idle))
	})
}

// Sessions returns the actor's own sessions, newest first.
func (s *Service) Sessions(ctx context.Context, actor access.Actor) ([]Session, error) {
	if actor.Account == "" {
		return nil, access.ErrSignIn
	}
	return s.Store.SessionsOf(ctx, actor.Account, s.Now())
}

// SignOut ends one of the actor's own sessions, the present one when id is "".
func (s *Service) SignOut(ctx context.Context, actor access.Actor, id string) error {
	if id == "" {
		id = actor.Session
	}
	if id == "" {
		return access.ErrSignIn
	}
	return s.Tx.InTx(ctx, func(ctx context.Context) error {
		if id != actor.Session {
			own, err := s.Sessions(ctx, actor)
			if err != nil {
				return err
			}
			if !has(own, id) {
				return ErrNoSession
			}
		}
		if err := s.Store.Revoke(ctx, id, s.Now()); err != nil {
			return err
		}
		return s.tell(ctx, actor, event.SignedOut, event.Ref{Kind: "session", ID: id}, nil)
	})
}

func has(list []Session, id string) bool {
	for _, n := range list {
		if n.ID == id {
			return true
		}
	}
	return false
}

// RevokeSessions ends every session of an account.
func (s *Service) RevokeSessions(ctx context.Context, actor access.Actor, account string) error {
	if err := access.Can(actor, access.SessionRevoke, access.Target{}); err != nil {
		return err
	}
	return s.Tx.InTx(ctx, func(ctx context.Context) error {
		if _, err := s.Store.Account(ctx, account); err != nil {
			return err
		}
		return s.revokeAll(ctx, actor, account, "")
	})
}

func (s *Service) revokeAll(ctx context.Context, actor access.Actor, account, kiosk string) error {
	ids, err := s.Store.RevokeAll(ctx, account, kiosk, s.Now())
	if err != nil {
		return err
	}
	for _, id := range ids {
		if err := s.tell(ctx, actor, event.SessionRevoked, event.Ref{Kind: "session", ID: id}, nil); err != nil {
			return err
		}
	}
	return nil
}

// keepEnded is how long ended sessions stay to be asked about (logs ≥ 6 months, domain.md §8.2).
const keepEnded = 200 * 24 * time.Hour

// Prune removes sessions that ended long ago.
func (s *Service) Prune(ctx context.Context) error {
	return s.Tx.InTx(ctx, func(ctx context.Context) error {
		if _, err := s.Store.PruneSessions(ctx, s.Now().Add(-keepEnded)); err != nil {
			return fmt.Errorf("prune sessions: %w", err)
		}
		return nil
	})
}

// Me is who is signed in, as the screens need it.
type Me struct {
	Account      Account // zero for a kiosk
	Kiosk        Kiosk   // zero for an account
	Name         string  // "" for workers: the registry knows it
	Regions      []Named // of the scope, with the names
	Station      *StationName
	Employer     *Named
	Person       string
	NeedsProfile bool // a worker or employer who has only proved a phone
}

// Named is a code or id with its name.
type Named struct{ ID, Name string }

// StationName is a station with its town's name.
type StationName struct{ ID, Name, Town string }

// Me describes the actor.
func (s *Service) Me(ctx context.Context, actor access.Actor) (Me, error) {
	var m Me
	switch {
	case actor.Role == access.Kiosk:
		k, err := s.Store.KioskOfSession(ctx, actor.Session)
		if err != nil {
			return Me{}, err
		}
		m.Kiosk, m.Name = k, k.Name
	case actor.Account == "":
		return Me{}, access.ErrSignIn
	default:
		a, err := s.Store.Account(ctx, actor.Account)
		if err != nil {
			return Me{}, err
		}
		m.Account, m.Name, m.Person = a, a.Name, a.Person
		m.NeedsProfile = a.Kind == Worker && a.Person == "" || a.Kind == Employer && a.Employer == ""
	}
	for _, p := range actor.Regions {
		code := (p + "000000000000")[:12]
		m.Regions = append(m.Regions, Named{ID: code, Name: s.Places.Region(code)})
	}
	if actor.Station != "" {
		name, town, err := s.Places.Station(ctx, actor.Station)
		if err != nil {
			return Me{}, fmt.Errorf("name station %s: %w", actor.Station, err)
		}
		m.Station = &StationName{ID: actor.Station, Name: name, Town: town}
	}
	if actor.Employer != "" {
		name, err := s.Places.Employer(ctx, actor.Employer)
		if err != nil {
			return Me{}, fmt.Errorf("name employer %s: %w", actor.Employer, err)
		}
		m.Employer = &Named{ID: actor.Employer, Name: name}
	}
	return m, nil
}
