// Package persondb keeps the registry of human beings with gorm, on either
// dialect. What identifies is sealed on the way in and opened on the way out;
// rows never leave it.
package persondb

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"linggong/internal/day"
	"linggong/internal/dbx"
	"linggong/internal/errs"
	"linggong/internal/person"
)

var _ person.Store = (*Store)(nil)

// Sealer keeps personal fields unreadable at rest and findable by equality.
type Sealer interface {
	Seal(field, row string, plain []byte) ([]byte, error)
	Open(field, row string, sealed []byte) ([]byte, error)
	Blind(field, value string) string
	ActiveID() string
}

// Store is a person.Store on either dialect.
type Store struct {
	db   *dbx.DB
	seal Sealer
	now  func() time.Time
}

// NewStore returns a store that keeps its rows in db and seals with seal.
func NewStore(db *dbx.DB, seal Sealer, now func() time.Time) *Store {
	return &Store{db: db, seal: seal, now: now}
}

// The names under which fields are sealed and hashed. They are part of every
// sealed value: a changed name cannot read what was written under the old one.
const (
	fieldName    = "person_persons.name"
	fieldNumber  = "person_persons.id_number"
	fieldPhone   = "person_persons.phone"
	fieldAddress = "person_persons.address"
	fieldLight   = "person_persons.light_key"
)

// row is a row of person_persons.
type row struct {
	ID             string `gorm:"primaryKey"`
	NameSealed     []byte
	NameBlind      string
	IDNumberSealed []byte
	IDNumberBlind  *string
	PhoneSealed    []byte
	PhoneBlind     *string
	AddressSealed  []byte
	KeyID          string
	LightKey       *string
	Sex            string
	Birth          *string
	Declared       bool
	Village        string
	Retire         string
	Proof          string
	ProvedAt       *time.Time
	ProvedBy       *string
	CreatedAt      time.Time
	UpdatedAt      time.Time
	Version        int64
}

func (row) TableName() string { return "person_persons" }

func (s *Store) newRow(r person.Record) (row, error) {
	p := r.Particulars
	out := row{
		ID: r.ID, NameBlind: s.seal.Blind(fieldName, p.Name),
		IDNumberBlind: dbx.StrPtr(s.seal.Blind(fieldNumber, p.IDNumber)),
		PhoneBlind:    dbx.StrPtr(s.seal.Blind(fieldPhone, p.Phone)),
		LightKey:      dbx.StrPtr(s.seal.Blind(fieldLight, r.LightKey)),
		Sex:           string(r.Sex), Birth: dbx.StrPtr(r.Birth), Declared: r.Declared, Village: r.Village,
		Retire: string(r.Retire), Proof: string(r.Proof), ProvedAt: dbx.TimePtr(r.ProvedAt), ProvedBy: dbx.StrPtr(r.ProvedBy),
		CreatedAt: r.CreatedAt.UTC(), UpdatedAt: s.now(), Version: r.Version,
	}
	return out, s.sealInto(&out, p)
}

// sealInto seals the particulars under the active key.
func (s *Store) sealInto(r *row, p person.Particulars) error {
	r.KeyID = s.seal.ActiveID()
	for _, f := range []struct {
		field, plain string
		into         *[]byte
	}{
		{fieldName, p.Name, &r.NameSealed},
		{fieldNumber, p.IDNumber, &r.IDNumberSealed},
		{fieldPhone, p.Phone, &r.PhoneSealed},
		{fieldAddress, p.Address, &r.AddressSealed},
	} {
		*f.into = nil
		if f.plain == "" {
			continue
		}
		b, err := s.seal.Seal(f.field, r.ID, []byte(f.plain))
		if err != nil {
			return fmt.Errorf("seal person %s: %w", r.ID, err)
		}
		*f.into = b
	}
	return nil
}

func (s *Store) particulars(r row) (person.Particulars, error) {
	var p person.Particulars
	for _, f := range []struct {
		field  string
		sealed []byte
		into   *string
	}{
		{fieldName, r.NameSealed, &p.Name},
		{fieldNumber, r.IDNumberSealed, &p.IDNumber},
		{fieldPhone, r.PhoneSealed, &p.Phone},
		{fieldAddress, r.AddressSealed, &p.Address},
	} {
		if len(f.sealed) == 0 {
			continue
		}
		b, err := s.seal.Open(f.field, r.ID, f.sealed)
		if err != nil {
			return person.Particulars{}, fmt.Errorf("open person %s: %w", r.ID, err)
		}
		*f.into = string(b)
	}
	return p, nil
}

func (s *Store) domain(r row) (person.Record, error) {
	p, err := s.particulars(r)
	if err != nil {
		return person.Record{}, err
	}
	return person.Record{
		Person: person.Person{
			ID: r.ID, Sex: person.Sex(r.Sex), Birth: dbx.Str[day.Date](r.Birth), Declared: r.Declared, Village: r.Village,
			Retire: person.RetireCategory(r.Retire), Proof: person.Proof(r.Proof), ProvedAt: dbx.Time(r.ProvedAt),
			ProvedBy: dbx.Str[string](r.ProvedBy), CreatedAt: r.CreatedAt.UTC(), Version: r.Version,
		},
		Particulars: p,
	}, nil
}

func (s *Store) domains(rows []row) ([]person.Record, error) {
	out := make([]person.Record, 0, len(rows))
	for _, r := range rows {
		d, err := s.domain(r)
		if err != nil {
			return nil, err
		}
		out = append(out, d)
	}
	return out, nil
}

// Create implements person.Store.
func (s *Store) Create(ctx context.Context, r person.Record) error {
	w, err := s.newRow(r)
	if err != nil {
		return err
	}
	// DO NOTHING, because a violated constraint would end a PostgreSQL
	// transaction, and the caller goes on to look for the one there is.
	res := s.db.From(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(&w)
	if res.Error != nil {
		return fmt.Errorf("create person %s: %w", r.ID, dbx.Classify(res.Error))
	}
	if res.RowsAffected == 0 {
		return person.ErrTaken
	}
	return nil
}

// Save implements person.Store. The light key is only ever removed.
func (s *Store) Save(ctx context.Context, r person.Record) error {
	w, err := s.newRow(r)
	if err != nil {
		return err
	}
	w.Version++
	res := s.db.From(ctx).Model(&row{}).Where("id = ? AND version = ?", r.ID, r.Version).
		Select("*").Omit("id", "created_at").Updates(&w)
	if err := dbx.Classify(res.Error); errors.Is(err, dbx.ErrDuplicate) {
		return person.ErrTaken.With(err)
	} else if err != nil {
		return fmt.Errorf("save person %s: %w", r.ID, err)
	}
	if res.RowsAffected == 0 {
		return person.ErrStale
	}
	return nil
}

// Person implements person.Store.
func (s *Store) Person(ctx context.Context, id string) (person.Record, error) {
	return s.one(s.db.From(ctx).Where("id = ?", id))
}

// ByIDNumber implements person.Store.
func (s *Store) ByIDNumber(ctx context.Context, number string) (person.Record, error) {
	blind := s.seal.Blind(fieldNumber, number)
	if blind == "" {
		return person.Record{}, person.ErrNotFound
	}
	return s.one(s.db.From(ctx).Where("id_number_blind = ?", blind))
}

func (s *Store) one(q *gorm.DB) (person.Record, error) {
	var r row
	err := dbx.Classify(q.Take(&r).Error)
	if errors.Is(err, dbx.ErrNotFound) {
		return person.Record{}, person.ErrNotFound
	}
	if err != nil {
		return person.Record{}, fmt.Errorf("read person: %w", err)
	}
	return s.domain(r)
}

// chunk bounds how many ids one statement carries.
const chunk = 500

// People implements person.Store.
func (s *Store) People(ctx context.Context, ids []string) ([]person.Record, error) {
	var all []row
	for len(ids) > 0 {
		n := min(len(ids), chunk)
		var rows []row
		if err := s.db.From(ctx).Where(s.db.AnyID("id"), s.db.List(ids[:n])).Order("id").Find(&rows).Error; err != nil {
			return nil, fmt.Errorf("read persons: %w", dbx.Classify(err))
		}
		all, ids = append(all, rows...), ids[n:]
	}
	return s.domains(all)
}

// ByPhone implements person.Store.
func (s *Store) ByPhone(ctx context.Context, phone string) ([]person.Record, error) {
	var rows []row
	blind := s.seal.Blind(fieldPhone, phone)
	if blind == "" {
		return nil, nil
	}
	if err := s.db.From(ctx).Where("phone_blind = ?", blind).Order("id").Limit(50).Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("read persons by phone: %w", dbx.Classify(err))
	}
	return s.domains(rows)
}

// Find implements person.Store.
func (s *Store) Find(ctx context.Context, x person.Exact) ([]string, error) {
	var ids []string
	q := s.exactly(s.db.From(ctx).Model(&row{}), x)
	if err := q.Order("id").Limit(200).Pluck("id", &ids).Error; err != nil {
		return nil, fmt.Errorf("find persons: %w", dbx.Classify(err))
	}
	return ids, nil
}

// exactly keeps the rows that match a whole value; an empty one keeps none.
func (s *Store) exactly(q *gorm.DB, x person.Exact) *gorm.DB {
	switch {
	case x.IDNumber != "":
		return q.Where("id_number_blind = ?", s.seal.Blind(fieldNumber, x.IDNumber))
	case x.Phone != "":
		return q.Where("phone_blind = ?", s.seal.Blind(fieldPhone, x.Phone))
	case x.Name != "":
		return q.Where("name_blind = ?", s.seal.Blind(fieldName, x.Name))
	}
	return q.Where("1 = 0")
}

var (
	errCursor = errs.New(errs.Invalid, "cursor_invalid", "翻页位置无效", "The cursor is not one of ours.")
	uuidRE    = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)
	digitsRE  = regexp.MustCompile(`^\d{2,12}$`)
)

// List implements person.Store.
func (s *Store) List(ctx context.Context, scope person.Scope, f person.Filter) (person.Page, error) {
	q := scoped(s.db.From(ctx).Model(&row{}), scope)
	if f.Exact != (person.Exact{}) {
		q = s.exactly(q, f.Exact)
	}
	if f.Under != "" {
		q = scoped(q, person.Scope{Regions: []string{f.Under}})
	}
	if f.IDs != nil {
		q = q.Where("id IN ?", f.IDs[:min(len(f.IDs), 20*chunk)])
	}
	if f.Cursor != "" {
		if !uuidRE.MatchString(f.Cursor) {
			return person.Page{}, errCursor
		}
		q = q.Where("id < ?", f.Cursor)
	}
	var rows []row
	if err := q.Order("id DESC").Limit(f.Limit + 1).Find(&rows).Error; err != nil {
		return person.Page{}, fmt.Errorf("list persons: %w", dbx.Classify(err))
	}
	var p person.Page
	if len(rows) > f.Limit {
		rows = rows[:f.Limit]
		p.Next = rows[f.Limit-1].ID
	}
	var err error
	p.Items, err = s.domains(rows)
	return p, err
}

// scoped keeps only the rows in scope; an empty scope keeps none.
func scoped(q *gorm.DB, s person.Scope) *gorm.DB {
	if s.All {
		return q
	}
	or, args := []string{"1 = 0"}, []any{}
	for _, p := range s.Regions {
		if digitsRE.MatchString(p) {
			or, args = append(or, "village LIKE ?"), append(args, p+"%")
		}
	}
	if s.Person != "" {
		or, args = append(or, "id = ?"), append(args, s.Person)
	}
	return q.Where("("+strings.Join(or, " OR ")+")", args...)
}
