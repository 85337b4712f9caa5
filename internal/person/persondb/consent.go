package persondb

import (
	"context"
	"fmt"
	"time"

	"linggong/internal/dbx"
	"linggong/internal/person"
)

type consent struct {
	ID          string `gorm:"primaryKey"`
	PersonID    string
	Purpose     string
	How         string
	TakenBy     *string
	At          time.Time
	WithdrawnAt *time.Time
}

func (consent) TableName() string { return "person_consents" }

func newConsent(c person.Consent) consent {
	return consent{
		ID: c.ID, PersonID: c.Person, Purpose: string(c.Purpose), How: string(c.How),
		TakenBy: dbx.StrPtr(c.By), At: c.At.UTC(), WithdrawnAt: dbx.TimePtr(c.WithdrawnAt),
	}
}

func (r consent) domain() person.Consent {
	return person.Consent{
		ID: r.ID, Person: r.PersonID, Purpose: person.Purpose(r.Purpose), How: person.How(r.How),
		By: dbx.Str[string](r.TakenBy), At: r.At.UTC(), WithdrawnAt: dbx.Time(r.WithdrawnAt),
	}
}

// AddConsent implements person.ConsentStore.
func (s *Store) AddConsent(ctx context.Context, c person.Consent) error {
	w := newConsent(c)
	if err := s.db.From(ctx).Create(&w).Error; err != nil {
		return fmt.Errorf("add consent of person %s: %w", c.Person, dbx.Classify(err))
	}
	return nil
}

// Consents implements person.ConsentStore.
func (s *Store) Consents(ctx context.Context, id string) ([]person.Consent, error) {
	var rows []consent
	if err := s.db.From(ctx).Where("person_id = ?", id).Order("id DESC").Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("read consents of person %s: %w", id, dbx.Classify(err))
	}
	out := make([]person.Consent, 0, len(rows))
	for _, r := range rows {
		out = append(out, r.domain())
	}
	return out, nil
}

// WithdrawConsent implements person.ConsentStore.
func (s *Store) WithdrawConsent(ctx context.Context, id string, p person.Purpose, at time.Time) (int64, error) {
	res := s.db.From(ctx).Model(&consent{}).
		Where("person_id = ? AND purpose = ? AND withdrawn_at IS NULL", id, string(p)).
		Updates(map[string]any{"withdrawn_at": at.UTC()})
	if res.Error != nil {
		return 0, fmt.Errorf("withdraw consent of person %s: %w", id, dbx.Classify(res.Error))
	}
	return res.RowsAffected, nil
}
