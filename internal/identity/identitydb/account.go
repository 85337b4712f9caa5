// Package identitydb keeps accounts, sessions and kiosks with gorm, on either
// dialect. Of passwords, tokens and codes it holds hashes only; rows never leave it.
package identitydb

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"linggong/internal/access"
	"linggong/internal/dbx"
	"linggong/internal/errs"
	"linggong/internal/identity"
	"linggong/internal/lane"
)

var _ identity.Store = (*Store)(nil)

// Sealer keeps personal fields unreadable at rest and findable by equality.
type Sealer interface {
	Seal(field, row string, plain []byte) ([]byte, error)
	Open(field, row string, sealed []byte) ([]byte, error)
	Blind(field, value string) string
	ActiveID() string
}

// Store is an identity.Store on either dialect.
type Store struct {
	db   *dbx.DB
	seal Sealer
	now  func() time.Time
	look *lane.Lane[string, held]
}

// NewStore returns a store that keeps its rows in db and seals with seal.
func NewStore(db *dbx.DB, seal Sealer, now func() time.Time) *Store {
	s := &Store{db: db, seal: seal, now: now}
	s.look = lane.New(lookTogether, lookWithin, s.lookUp)
	return s
}

const fieldPhone = "identity_accounts.phone"

// account is a row of identity_accounts.
type account struct {
	ID           string `gorm:"primaryKey"`
	Kind         string
	Role         string
	Username     *string
	Name         string
	PasswordHash string
	PhoneSealed  []byte
	PhoneBlind   *string
	KeyID        string
	Regions      string
	StationID    *string
	EmployerID   *string
	PersonID     *string
	Active       bool
	PasswordAt   *time.Time
	CreatedAt    time.Time
	UpdatedAt    time.Time
	Version      int64
}

func (account) TableName() string { return "identity_accounts" }

func newAccount(a identity.Account) account {
	return account{
		ID: a.ID, Kind: string(a.Kind), Role: string(a.Role), Username: dbx.StrPtr(a.Username), Name: a.Name,
		PasswordHash: string(a.Password), Regions: dbx.Words(a.Regions), StationID: dbx.StrPtr(a.Station),
		EmployerID: dbx.StrPtr(a.Employer), PersonID: dbx.StrPtr(a.Person), Active: a.Active,
		PasswordAt: dbx.TimePtr(a.PasswordAt), CreatedAt: a.CreatedAt.UTC(), Version: a.Version,
	}
}

func (r account) domain() identity.Account {
	return identity.Account{
		ID: r.ID, Kind: identity.Kind(r.Kind), Role: access.Role(r.Role), Username: dbx.Str[string](r.Username), Name: r.Name,
		Password: identity.PasswordHash(r.PasswordHash), Regions: dbx.ParseWords[string](r.Regions),
		Station: dbx.Str[string](r.StationID), Employer: dbx.Str[string](r.EmployerID), Person: dbx.Str[string](r.PersonID),
		Active: r.Active, PasswordAt: dbx.Time(r.PasswordAt), CreatedAt: r.CreatedAt.UTC(), Version: r.Version,
	}
}

func accounts(rows []account) []identity.Account {
	out := make([]identity.Account, 0, len(rows))
	for _, r := range rows {
		out = append(out, r.domain())
	}
	return out
}

// CreateAccount implements identity.AccountStore.
func (s *Store) CreateAccount(ctx context.Context, a identity.Account, phone string) error {
	w := newAccount(a)
	w.UpdatedAt = s.now()
	if err := s.sealPhone(&w, phone); err != nil {
		return err
	}
	// DO NOTHING, because a violated constraint would end a PostgreSQL transaction.
	res := s.db.From(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(&w)
	if res.Error != nil {
		return fmt.Errorf("create account %s: %w", a.ID, dbx.Classify(res.Error))
	}
	if res.RowsAffected == 0 {
		return identity.ErrTaken
	}
	return nil
}

func (s *Store) sealPhone(r *account, phone string) error {
	if phone == "" {
		return nil
	}
	sealed, err := s.seal.Seal(fieldPhone, r.ID, []byte(phone))
	if err != nil {
		return fmt.Errorf("seal account %s: %w", r.ID, err)
	}
	r.PhoneSealed, r.PhoneBlind, r.KeyID = sealed, dbx.StrPtr(s.seal.Blind(fieldPhone, phone)), s.seal.ActiveID()
	return nil
}

// SaveAccount implements identity.AccountStore.
func (s *Store) SaveAccount(ctx context.Context, a identity.Account) error {
	w := newAccount(a)
	w.UpdatedAt = s.now()
	w.Version++
	res := s.db.From(ctx).Model(&account{}).Where("id = ? AND version = ?", a.ID, a.Version).
		Select("role", "name", "password_hash", "regions", "station_id", "employer_id", "person_id", "active", "password_at", "updated_at", "version").
		Updates(&w)
	if res.Error != nil {
		return fmt.Errorf("save account %s: %w", a.ID, dbx.Classify(res.Error))
	}
	if res.RowsAffected == 0 {
		return identity.ErrStale
	}
	return nil
}

// Account implements identity.AccountStore.
func (s *Store) Account(ctx context.Context, id string) (identity.Account, error) {
	r, err := s.row(ctx, "id = ?", id)
	return r.domain(), err
}

// ByUsername implements identity.AccountStore.
func (s *Store) ByUsername(ctx context.Context, username string) (identity.Account, error) {
	r, err := s.row(ctx, "username = ?", username)
	return r.domain(), err
}

// ByPhone implements identity.AccountStore.
func (s *Store) ByPhone(ctx context.Context, kind identity.Kind, phone string) (identity.Account, error) {
	r, err := s.row(ctx, "phone_blind = ? AND kind = ?", s.seal.Blind(fieldPhone, phone), string(kind))
	return r.domain(), err
}

// Phone implements identity.AccountStore.
func (s *Store) Phone(ctx context.Context, id string) (string, error) {
	r, err := s.row(ctx, "id = ?", id)
	if err != nil || len(r.PhoneSealed) == 0 {
		return "", err
	}
	b, err := s.seal.Open(fieldPhone, r.ID, r.PhoneSealed)
	if err != nil {
		return "", fmt.Errorf("open phone of account %s: %w", id, err)
	}
	return string(b), nil
}

func (s *Store) row(ctx context.Context, where string, args ...any) (account, error) {
	var r account
	err := dbx.Classify(s.db.From(ctx).Where(where, args...).Take(&r).Error)
	if errors.Is(err, dbx.ErrNotFound) {
		return account{}, identity.ErrNotFound
	}
	if err != nil {
		return account{}, fmt.Errorf("read account: %w", err)
	}
	return r, nil
}

var (
	errCursor = errs.New(errs.Invalid, "cursor_invalid", "翻页位置无效", "The cursor is not one of ours.")
	uuidRE    = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)
	likeSafe  = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)
)

// Accounts implements identity.AccountStore.
func (s *Store) Accounts(ctx context.Context, f identity.AccountFilter) (identity.AccountPage, error) {
	q := s.db.From(ctx).Where("kind = ?", string(f.Kind))
	if f.Role != "" {
		q = q.Where("role = ?", string(f.Role))
	}
	if f.Query != "" {
		part := "%" + likeSafe.Replace(strings.ToLower(f.Query)) + "%"
		q = q.Where(`(username LIKE ? ESCAPE '\' OR lower(name) LIKE ? ESCAPE '\')`, part, part)
	}
	if f.Cursor != "" {
		if !uuidRE.MatchString(f.Cursor) {
			return identity.AccountPage{}, errCursor
		}
		q = q.Where("id < ?", f.Cursor)
	}
	var rows []account
	if err := q.Order("id DESC").Limit(f.Limit + 1).Find(&rows).Error; err != nil {
		return identity.AccountPage{}, fmt.Errorf("list accounts: %w", dbx.Classify(err))
	}
	var p identity.AccountPage
	if len(rows) > f.Limit {
		rows = rows[:f.Limit]
		p.Next = rows[f.Limit-1].ID
	}
	p.Items = accounts(rows)
	return p, nil
}

// AccountsByID implements identity.AccountStore.
func (s *Store) AccountsByID(ctx context.Context, ids []string) ([]identity.Account, error) {
	var rows []account
	if err := s.db.From(ctx).Where("id IN ?", ids).Order("id").Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("read accounts: %w", dbx.Classify(err))
	}
	return accounts(rows), nil
}

// Covering implements identity.AccountStore.
func (s *Store) Covering(ctx context.Context, role access.Role, prefixes []string) ([]string, error) {
	q := s.db.From(ctx).Model(&account{}).Where("role = ? AND active = ?", string(role), true)
	if len(prefixes) > 0 {
		any := s.db.From(ctx).Session(&gorm.Session{NewDB: true})
		for _, p := range prefixes {
			any = any.Or("regions LIKE ?", "% "+p+" %")
		}
		q = q.Where(any)
	}
	ids := []string{}
	if err := q.Order("id").Pluck("id", &ids).Error; err != nil {
		return nil, fmt.Errorf("list accounts of a region: %w", dbx.Classify(err))
	}
	return ids, nil
}

// CountActive implements identity.AccountStore.
func (s *Store) CountActive(ctx context.Context, role access.Role) (int64, error) {
	q := s.db.From(ctx).Model(&account{}).Where("kind = ? AND active = ?", string(identity.Staff), true)
	if role != "" {
		q = q.Where("role = ?", string(role))
	}
	var n int64
	if err := q.Count(&n).Error; err != nil {
		return 0, fmt.Errorf("count accounts: %w", dbx.Classify(err))
	}
	return n, nil
}
