// Package indicatordb keeps facts, their sums and department reports.
package indicatordb

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"

	"linggong/internal/day"
	"linggong/internal/dbx"
	"linggong/internal/event"
	"linggong/internal/indicator"
)

var (
	_ indicator.Facts   = (*Store)(nil)
	_ indicator.Reports = (*Store)(nil)
)

// Store keeps the indicators' rows on either dialect.
type Store struct{ db *dbx.DB }

// NewStore returns a store that keeps its rows in db.
func NewStore(db *dbx.DB) *Store { return &Store{db: db} }

type fact struct {
	ID          string `gorm:"primaryKey"`
	Indicator   string
	Part        string
	Cause       string
	CauseKind   string
	Region      string
	OnDay       string
	RecordedAt  time.Time
	Quantity    int64
	SubjectKind string
	SubjectID   string
	PersonID    *string
	Excluded    string
	Reverses    *string
	ReversedBy  *string `gorm:"->"` // joined when read
}

func (fact) TableName() string { return "indicator_facts" }

func (r fact) domain() indicator.Fact {
	return indicator.Fact{
		ID: r.ID, Indicator: indicator.Key(r.Indicator), Part: indicator.Part(r.Part), Cause: r.Cause,
		CauseKind: event.Kind(r.CauseKind), Region: r.Region, On: day.Date(r.OnDay), RecordedAt: r.RecordedAt.UTC(),
		Quantity: r.Quantity, Subject: event.Ref{Kind: r.SubjectKind, ID: r.SubjectID},
		Person: dbx.Str[string](r.PersonID), Excluded: r.Excluded,
		Reverses: dbx.Str[string](r.Reverses), ReversedBy: dbx.Str[string](r.ReversedBy),
	}
}

// Add implements indicator.Facts: the fact and, when it counts, its delta.
func (s *Store) Add(ctx context.Context, f indicator.Fact) (bool, error) {
	g := s.db.From(ctx)
	res := g.Exec(`INSERT INTO indicator_facts (id, indicator, part, cause, cause_kind, region, on_day, recorded_at, quantity, subject_kind, subject_id, person_id, excluded, reverses)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (indicator, part, cause) DO NOTHING`,
		f.ID, string(f.Indicator), string(f.Part), f.Cause, string(f.CauseKind), f.Region, string(f.On), f.RecordedAt, f.Quantity,
		f.Subject.Kind, f.Subject.ID, dbx.StrPtr(f.Person), f.Excluded, dbx.StrPtr(f.Reverses))
	if err := dbx.Classify(res.Error); err != nil {
		if f.Reverses != "" && errors.Is(err, dbx.ErrDuplicate) {
			return false, indicator.ErrAlreadyReversed.With(err)
		}
		return false, fmt.Errorf("add fact: %w", err)
	}
	if res.RowsAffected == 0 || f.Quantity == 0 {
		return res.RowsAffected > 0, nil
	}
	err := g.Exec("INSERT INTO indicator_deltas (id, indicator, part, region, on_day, quantity) VALUES (?, ?, ?, ?, ?, ?)",
		f.ID, string(f.Indicator), string(f.Part), f.Region, string(f.On), f.Quantity).Error
	if err != nil {
		return false, fmt.Errorf("add delta: %w", dbx.Classify(err))
	}
	return true, nil
}

// ClaimOnce implements indicator.Facts.
func (s *Store) ClaimOnce(ctx context.Context, key indicator.Key, year int, person, factID string) (bool, error) {
	res := s.db.From(ctx).Exec(`INSERT INTO indicator_once (indicator, year, person_id, fact_id) VALUES (?, ?, ?, ?)
		ON CONFLICT (indicator, year, person_id) DO NOTHING`, string(key), year, person, factID)
	if res.Error != nil {
		return false, fmt.Errorf("claim once: %w", dbx.Classify(res.Error))
	}
	return res.RowsAffected == 1, nil
}

// ReleaseOnce implements indicator.Facts.
func (s *Store) ReleaseOnce(ctx context.Context, factID string) error {
	if err := s.db.From(ctx).Exec("DELETE FROM indicator_once WHERE fact_id = ?", factID).Error; err != nil {
		return fmt.Errorf("release once: %w", err)
	}
	return nil
}

func (s *Store) facts(ctx context.Context) *gorm.DB {
	return s.db.From(ctx).Table("indicator_facts AS f").
		Joins("LEFT JOIN indicator_facts AS r ON r.reverses = f.id").
		Select("f.*, r.id AS reversed_by")
}

// Fact implements indicator.Facts.
func (s *Store) Fact(ctx context.Context, id string) (indicator.Fact, error) {
	var r fact
	err := dbx.Classify(s.facts(ctx).Where("f.id = ?", id).Take(&r).Error)
	if errors.Is(err, dbx.ErrNotFound) {
		return indicator.Fact{}, indicator.ErrFactNotFound.With(err)
	}
	if err != nil {
		return indicator.Fact{}, fmt.Errorf("read fact %s: %w", id, err)
	}
	return r.domain(), nil
}

func chosen(g *gorm.DB, f indicator.Filter) *gorm.DB {
	if f.Indicator != "" {
		g = g.Where("f.indicator = ?", string(f.Indicator))
	}
	if f.Part != "" {
		g = g.Where("f.part = ?", string(f.Part))
	}
	if f.Region != "" {
		g = g.Where("f.region LIKE ?", f.Region+"%")
	}
	if f.From != "" {
		g = g.Where("f.on_day >= ?", string(f.From))
	}
	if f.To != "" {
		g = g.Where("f.on_day <= ?", string(f.To))
	}
	if f.Counted {
		g = g.Where("f.quantity <> 0")
	}
	if f.Persons != nil {
		g = g.Where("f.person_id IN ?", append([]string{}, f.Persons...))
	}
	if f.After != "" {
		g = g.Where("f.id < ?", f.After)
	}
	return g
}

// List implements indicator.Facts.
func (s *Store) List(ctx context.Context, f indicator.Filter) ([]indicator.Fact, error) {
	var rows []fact
	if err := chosen(s.facts(ctx), f).Order("f.id DESC").Limit(min(max(f.Limit, 1), 500)).Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("list facts: %w", dbx.Classify(err))
	}
	out := make([]indicator.Fact, len(rows))
	for i, r := range rows {
		out[i] = r.domain()
	}
	return out, nil
}

// Count implements indicator.Facts.
func (s *Store) Count(ctx context.Context, f indicator.Filter) (int64, error) {
	var n int64
	f.After = ""
	if err := chosen(s.db.From(ctx).Table("indicator_facts AS f"), f).Count(&n).Error; err != nil {
		return 0, fmt.Errorf("count facts: %w", dbx.Classify(err))
	}
	return n, nil
}

// Persons implements indicator.Facts. Who was counted and then reversed is not
// among them.
func (s *Store) Persons(ctx context.Context, key indicator.Key, region string, from, to day.Date) ([]string, error) {
	var out []string
	err := s.db.From(ctx).Raw(`SELECT person_id FROM indicator_facts
		WHERE indicator = ? AND part = 'num' AND region LIKE ? AND on_day BETWEEN ? AND ? AND person_id IS NOT NULL
		GROUP BY person_id HAVING sum(quantity) > 0 ORDER BY person_id`,
		string(key), region+"%", string(from), string(to)).Scan(&out).Error
	if err != nil {
		return nil, fmt.Errorf("persons of indicator %s: %w", key, err)
	}
	return out, nil
}
