// Package parameterdb keeps the parameters that the bureau has set.
package parameterdb

import (
	"context"
	"fmt"
	"time"

	"linggong/internal/day"
	"linggong/internal/dbx"
	"linggong/internal/parameter"
	"linggong/internal/rules"
)

var _ parameter.Store = (*Store)(nil)

// Store is a parameter.Store on either dialect.
type Store struct{ db *dbx.DB }

// NewStore returns a store that keeps its rows in db.
func NewStore(db *dbx.DB) *Store { return &Store{db: db} }

type row struct {
	ID          string `gorm:"primaryKey"`
	Key         string
	Region      string
	Value       string
	ValidFrom   string
	ValidTo     string
	PublishedAt string
	Source      string
	Confirmed   bool
	Note        string
	CreatedAt   time.Time
	CreatedBy   *string
}

func (row) TableName() string { return "rule_parameters" }

// Add implements parameter.Store.
func (s *Store) Add(ctx context.Context, id string, p rules.Parameter, by string, at time.Time) error {
	r := row{
		ID: id, Key: p.Key, Region: p.Region, Value: p.Value, ValidFrom: string(p.ValidFrom), ValidTo: string(p.ValidTo),
		PublishedAt: string(p.Published), Source: p.Source, Confirmed: p.Confirmed, Note: p.Note, CreatedAt: at, CreatedBy: dbx.StrPtr(by),
	}
	if err := s.db.From(ctx).Create(&r).Error; err != nil {
		return fmt.Errorf("add parameter %s: %w", p.Key, dbx.Classify(err))
	}
	return nil
}

// All implements parameter.Store.
func (s *Store) All(ctx context.Context) ([]rules.Parameter, error) {
	var rows []row
	if err := s.db.From(ctx).Order("created_at, id").Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("read parameters: %w", dbx.Classify(err))
	}
	rule := map[string]rules.Parameter{}
	for _, p := range rules.Default().Parameters() {
		rule[p.Key] = p
	}
	out := make([]rules.Parameter, len(rows))
	for i, r := range rows {
		out[i] = rules.Parameter{
			Key: r.Key, Region: r.Region, Value: r.Value, Unit: rule[r.Key].Unit, ValidFrom: day.Date(r.ValidFrom), ValidTo: day.Date(r.ValidTo),
			Published: day.Date(r.PublishedAt), Source: r.Source, Rule: rule[r.Key].Rule, Confirmed: r.Confirmed, Note: r.Note,
		}
	}
	return out, nil
}
