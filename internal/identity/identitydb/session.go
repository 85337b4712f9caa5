package identitydb

import (
	"context"
	"fmt"
	"time"

	"linggong/internal/access"
	"linggong/internal/dbx"
	"linggong/internal/identity"
	"linggong/internal/lane"
)

// session is a row of identity_sessions.
type session struct {
	ID        string `gorm:"primaryKey"`
	TokenHash string
	AccountID *string
	KioskID   *string
	Origin    string
	CreatedAt time.Time
	SeenAt    time.Time
	IdleUntil time.Time
	ExpiresAt time.Time
	RevokedAt *time.Time
}

func (session) TableName() string { return "identity_sessions" }

func newSession(n identity.Session, tokenHash string) session {
	return session{
		ID: n.ID, TokenHash: tokenHash, AccountID: dbx.StrPtr(n.Account), KioskID: dbx.StrPtr(n.Kiosk), Origin: n.Origin,
		CreatedAt: n.CreatedAt.UTC(), SeenAt: n.SeenAt.UTC(), IdleUntil: n.IdleUntil.UTC(), ExpiresAt: n.ExpiresAt.UTC(),
		RevokedAt: dbx.TimePtr(n.RevokedAt),
	}
}

func (r session) domain() identity.Session {
	return identity.Session{
		ID: r.ID, Account: dbx.Str[string](r.AccountID), Kiosk: dbx.Str[string](r.KioskID), Origin: r.Origin,
		CreatedAt: r.CreatedAt.UTC(), SeenAt: r.SeenAt.UTC(), IdleUntil: r.IdleUntil.UTC(), ExpiresAt: r.ExpiresAt.UTC(),
		RevokedAt: dbx.Time(r.RevokedAt),
	}
}

// CreateSession implements identity.SessionStore.
func (s *Store) CreateSession(ctx context.Context, n identity.Session, tokenHash string) error {
	w := newSession(n, tokenHash)
	if err := s.db.From(ctx).Create(&w).Error; err != nil {
		return fmt.Errorf("create session %s: %w", n.ID, dbx.Classify(err))
	}
	return nil
}

// held is a session with what its holder may do: one read for each request.
type held struct {
	Session       session `gorm:"embedded"`
	Role          *string
	Kind          *string
	Regions       *string
	StationID     *string
	EmployerID    *string
	PersonID      *string
	Active        *bool
	KioskStation  *string
	KioskName     *string
	KioskRevoked  *time.Time
	KioskPairedAt *time.Time
}

const heldSQL = `SELECT s.*, a.role, a.kind, a.regions, a.station_id, a.employer_id, a.person_id, a.active,
	k.station_id AS kiosk_station, k.name AS kiosk_name, k.revoked_at AS kiosk_revoked, k.paired_at AS kiosk_paired_at
	FROM identity_sessions s
	LEFT JOIN identity_accounts a ON a.id = s.account_id
	LEFT JOIN identity_kiosks k ON k.id = s.kiosk_id
	WHERE `

// Sessions are looked up with every request. Those that arrive while one look-up
// is under way share the next: nothing is remembered, each is read after it was
// asked for.
const (
	lookTogether = 256
	lookWithin   = 5 * time.Second
)

// SessionByToken implements identity.SessionStore.
func (s *Store) SessionByToken(ctx context.Context, tokenHash string) (identity.Session, identity.Holder, error) {
	r, err := s.look.Do(ctx, tokenHash)
	if err != nil {
		return identity.Session{}, identity.Holder{}, err
	}
	n, h := r.domain()
	return n, h, nil
}

// lookUp is one turn of the look-ups.
func (s *Store) lookUp(ctx context.Context, hashes []string) []lane.Answer[held] {
	out := make([]lane.Answer[held], len(hashes))
	var rows []held
	err := dbx.Classify(s.db.From(ctx).Raw(heldSQL+s.db.AnyText("s.token_hash"), s.db.List(hashes)).Scan(&rows).Error)
	if err != nil {
		err = fmt.Errorf("read session: %w", err)
	}
	found := make(map[string]held, len(rows))
	for _, r := range rows {
		found[r.Session.TokenHash] = r
	}
	for i, hash := range hashes {
		var ok bool
		switch out[i].Value, ok = found[hash]; {
		case err != nil:
			out[i].Err = err
		case !ok:
			out[i].Err = identity.ErrNoSession
		}
	}
	return out
}

func (r held) domain() (identity.Session, identity.Holder) {
	n := r.Session.domain()
	var h identity.Holder
	if n.Account != "" {
		h.Account = identity.Account{
			ID: n.Account, Kind: dbx.Str[identity.Kind](r.Kind), Role: dbx.Str[access.Role](r.Role),
			Regions: dbx.ParseWords[string](dbx.Str[string](r.Regions)), Station: dbx.Str[string](r.StationID),
			Employer: dbx.Str[string](r.EmployerID), Person: dbx.Str[string](r.PersonID), Active: r.Active != nil && *r.Active,
		}
	}
	if n.Kiosk != "" {
		h.Kiosk = identity.Kiosk{
			ID: n.Kiosk, Station: dbx.Str[string](r.KioskStation), Name: dbx.Str[string](r.KioskName),
			PairedAt: dbx.Time(r.KioskPairedAt), RevokedAt: dbx.Time(r.KioskRevoked),
		}
	}
	return n, h
}

// Seen implements identity.SessionStore.
func (s *Store) Seen(ctx context.Context, id string, at, idleUntil time.Time) error {
	err := s.db.From(ctx).Model(&session{}).Where("id = ?", id).
		Updates(map[string]any{"seen_at": at.UTC(), "idle_until": idleUntil.UTC()}).Error
	if err != nil {
		return fmt.Errorf("move session %s: %w", id, dbx.Classify(err))
	}
	return nil
}

// SessionsOf implements identity.SessionStore.
func (s *Store) SessionsOf(ctx context.Context, account string, now time.Time) ([]identity.Session, error) {
	var rows []session
	err := s.db.From(ctx).
		Where("account_id = ? AND revoked_at IS NULL AND idle_until > ? AND expires_at > ?", account, now.UTC(), now.UTC()).
		Order("id DESC").Limit(200).Find(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("list sessions of account %s: %w", account, dbx.Classify(err))
	}
	out := make([]identity.Session, 0, len(rows))
	for _, r := range rows {
		out = append(out, r.domain())
	}
	return out, nil
}

// Revoke implements identity.SessionStore.
func (s *Store) Revoke(ctx context.Context, id string, at time.Time) error {
	res := s.db.From(ctx).Model(&session{}).Where("id = ? AND revoked_at IS NULL", id).
		Updates(map[string]any{"revoked_at": at.UTC()})
	if res.Error != nil {
		return fmt.Errorf("revoke session %s: %w", id, dbx.Classify(res.Error))
	}
	if res.RowsAffected == 0 {
		return identity.ErrNoSession
	}
	return nil
}

// RevokeAll implements identity.SessionStore.
func (s *Store) RevokeAll(ctx context.Context, account, kiosk string, at time.Time) ([]string, error) {
	column, holder := "account_id", account
	if account == "" {
		column, holder = "kiosk_id", kiosk
	}
	ids := []string{}
	err := s.db.From(ctx).Raw("UPDATE identity_sessions SET revoked_at = ? WHERE "+column+" = ? AND revoked_at IS NULL RETURNING id", at.UTC(), holder).
		Scan(&ids).Error
	if err != nil {
		return nil, fmt.Errorf("revoke sessions: %w", dbx.Classify(err))
	}
	return ids, nil
}

// PruneSessions implements identity.SessionStore.
func (s *Store) PruneSessions(ctx context.Context, t time.Time) (int64, error) {
	res := s.db.From(ctx).Where("expires_at < ? OR revoked_at < ?", t.UTC(), t.UTC()).Delete(&session{})
	if res.Error != nil {
		return 0, fmt.Errorf("prune sessions: %w", dbx.Classify(res.Error))
	}
	return res.RowsAffected, nil
}
