package gigdb

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"linggong/internal/dbx"
	"linggong/internal/gig"
	"linggong/internal/tx"
)

type employer struct {
	ID                string `gorm:"primaryKey"`
	Kind              string
	Name              string
	Town              string
	Village           string
	CreditCodeSealed  []byte
	CreditCodeBlind   *string
	CreditCodeMasked  string
	ContactNameSealed []byte
	ContactNameMasked string
	PhoneSealed       []byte
	PhoneBlind        *string
	PhoneMasked       string
	AddressSealed     []byte
	Status            string
	VerifiedAt        *time.Time
	VerifiedBy        *string
	Evidence          string
	RatingSum         int64
	RatingCount       int64
	CreatedAt         time.Time
	UpdatedAt         time.Time
	Version           int64
}

func (employer) TableName() string { return "gig_employers" }

// What is sealed of an employer, as the sealer knows it.
const (
	fieldCreditCode = "gig_employers.credit_code"
	fieldContact    = "gig_employers.contact_name"
	fieldPhone      = "gig_employers.phone"
	fieldAddress    = "gig_employers.address"
)

func newEmployer(e gig.Employer) employer {
	return employer{
		ID: string(e.ID), Kind: string(e.Kind), Name: e.Name, Town: e.Town, Village: e.Village,
		CreditCodeMasked: e.CreditCodeMasked, ContactNameMasked: e.ContactNameMasked, PhoneMasked: e.PhoneMasked,
		Status: string(e.Status), VerifiedAt: dbx.TimePtr(e.VerifiedAt), VerifiedBy: dbx.StrPtr(e.VerifiedBy), Evidence: e.Evidence,
		RatingSum: e.RatingSum, RatingCount: e.RatingCount, CreatedAt: e.CreatedAt, UpdatedAt: dbx.Now(), Version: e.Version,
	}
}

func (r employer) domain() gig.Employer {
	return gig.Employer{
		ID: gig.EmployerID(r.ID), Kind: gig.EmployerKind(r.Kind), Name: r.Name, Town: r.Town, Village: r.Village,
		CreditCodeMasked: r.CreditCodeMasked, ContactNameMasked: r.ContactNameMasked, PhoneMasked: r.PhoneMasked,
		Status: gig.EmployerStatus(r.Status), VerifiedAt: dbx.Time(r.VerifiedAt), VerifiedBy: dbx.Str[string](r.VerifiedBy), Evidence: r.Evidence,
		RatingSum: r.RatingSum, RatingCount: r.RatingCount, CreatedAt: r.CreatedAt.UTC(), Version: r.Version,
	}
}

// sealContact puts what is given of c into row and returns the columns it wrote.
func (s *Store) sealContact(row *employer, c gig.Contact) ([]string, error) {
	var wrote []string
	for _, f := range []struct {
		value, field string
		into         *[]byte
		blind        **string
		columns      []string
	}{
		{strings.ToUpper(c.CreditCode), fieldCreditCode, &row.CreditCodeSealed, &row.CreditCodeBlind, []string{"credit_code_sealed", "credit_code_blind"}},
		{c.Name, fieldContact, &row.ContactNameSealed, nil, []string{"contact_name_sealed"}},
		{c.Phone, fieldPhone, &row.PhoneSealed, &row.PhoneBlind, []string{"phone_sealed", "phone_blind"}},
		{c.Address, fieldAddress, &row.AddressSealed, nil, []string{"address_sealed"}},
	} {
		if f.value == "" {
			continue
		}
		sealed, err := s.sealed(f.field, row.ID, f.value)
		if err != nil {
			return nil, err
		}
		*f.into = sealed
		if f.blind != nil {
			*f.blind = dbx.StrPtr(s.seal.Blind(f.field, f.value))
		}
		wrote = append(wrote, f.columns...)
	}
	return wrote, nil
}

// CreateEmployer implements gig.EmployerStore.
func (s *Store) CreateEmployer(ctx context.Context, e gig.Employer, c gig.Contact) error {
	row := newEmployer(e)
	if _, err := s.sealContact(&row, c); err != nil {
		return err
	}
	return employerError("create", e.ID, s.db.From(ctx).Create(&row).Error)
}

// SaveEmployer implements gig.EmployerStore. Ratings are counted elsewhere.
func (s *Store) SaveEmployer(ctx context.Context, e gig.Employer, c gig.Contact) error {
	row := newEmployer(e)
	row.Version++
	wrote, err := s.sealContact(&row, c)
	if err != nil {
		return err
	}
	res := s.db.From(ctx).Model(&employer{}).Where("id = ? AND version = ?", row.ID, e.Version).
		Select(append(wrote, "name", "town", "village", "credit_code_masked", "contact_name_masked", "phone_masked",
			"status", "verified_at", "verified_by", "evidence", "updated_at", "version")).
		Updates(&row)
	if err := employerError("save", e.ID, res.Error); err != nil {
		return err
	}
	if res.RowsAffected == 0 {
		return gig.ErrEmployerStale
	}
	return nil
}

func employerError(verb string, id gig.EmployerID, err error) error {
	err = dbx.Classify(err)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, dbx.ErrDuplicate):
		return gig.ErrEmployerTaken.With(err)
	case errors.Is(err, dbx.ErrNotFound):
		return gig.ErrEmployerNotFound
	}
	return fmt.Errorf("%s employer %s: %w", verb, id, err)
}

// Employer implements gig.EmployerStore.
func (s *Store) Employer(ctx context.Context, id gig.EmployerID) (gig.Employer, error) {
	var row employer
	if err := employerError("read", id, s.db.From(ctx).Where("id = ?", string(id)).Take(&row).Error); err != nil {
		return gig.Employer{}, err
	}
	return row.domain(), nil
}

// EmployerContact implements gig.EmployerStore.
func (s *Store) EmployerContact(ctx context.Context, id gig.EmployerID) (gig.Contact, error) {
	var r employer
	if err := employerError("read", id, s.db.From(ctx).Where("id = ?", string(id)).Take(&r).Error); err != nil {
		return gig.Contact{}, err
	}
	var c gig.Contact
	for _, f := range []struct {
		into   *string
		field  string
		sealed []byte
	}{
		{&c.CreditCode, fieldCreditCode, r.CreditCodeSealed},
		{&c.Name, fieldContact, r.ContactNameSealed},
		{&c.Phone, fieldPhone, r.PhoneSealed},
		{&c.Address, fieldAddress, r.AddressSealed},
	} {
		plain, err := s.opened(f.field, r.ID, f.sealed)
		if err != nil {
			return gig.Contact{}, err
		}
		*f.into = plain
	}
	return c, nil
}

// EmployersByID implements gig.EmployerStore.
func (s *Store) EmployersByID(ctx context.Context, ids []gig.EmployerID) (map[gig.EmployerID]gig.Employer, error) {
	out := make(map[gig.EmployerID]gig.Employer, len(ids))
	if len(ids) == 0 {
		return out, nil
	}
	now, others, err := s.recalledEmployers(ctx, texts(ids))
	if err != nil {
		return nil, fmt.Errorf("look at employers: %w", dbx.Classify(err))
	}
	if len(others) > 0 {
		var rows []employer
		if err := s.db.From(ctx).Where(s.db.AnyID("id"), s.db.List(others)).Omit(sealedOfEmployer...).Find(&rows).Error; err != nil {
			return nil, fmt.Errorf("read employers: %w", err)
		}
		for _, r := range rows {
			if tx.From(ctx) == nil {
				s.employers.put(r.ID, r)
			}
		}
		now = append(now, rows...)
	}
	for _, r := range now {
		out[gig.EmployerID(r.ID)] = r.domain()
	}
	return out, nil
}

// sealedOfEmployer is what only EmployerContact reads.
var sealedOfEmployer = []string{"credit_code_sealed", "contact_name_sealed", "phone_sealed", "address_sealed"}

// Employers implements gig.EmployerStore.
func (s *Store) Employers(ctx context.Context, scope gig.Scope, f gig.EmployerFilter) (gig.Page[gig.Employer], error) {
	q := scoped(s.db.From(ctx), scope, columns{region: "village", employer: "id"})
	if f.Status != "" {
		q = q.Where("status = ?", string(f.Status))
	}
	if f.Query != "" {
		q = q.Where(`(lower(name) LIKE ? ESCAPE '\' OR credit_code_blind = ? OR phone_blind = ?)`, likeText(f.Query),
			s.seal.Blind(fieldCreditCode, strings.ToUpper(f.Query)), s.seal.Blind(fieldPhone, f.Query))
	}
	limit := pageSize(f.Limit)
	q, err := after(q, f.Cursor, limit)
	if err != nil {
		return gig.Page[gig.Employer]{}, err
	}
	var rows []employer
	if err := q.Find(&rows).Error; err != nil {
		return gig.Page[gig.Employer]{}, fmt.Errorf("list employers: %w", err)
	}
	rows, next := cut(rows, limit, func(r employer) string { return r.ID })
	page := gig.Page[gig.Employer]{Next: next}
	for _, r := range rows {
		page.Items = append(page.Items, r.domain())
	}
	return page, nil
}
