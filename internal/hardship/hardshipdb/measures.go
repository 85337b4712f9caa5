package hardshipdb

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm/clause"

	"linggong/internal/day"
	"linggong/internal/dbx"
	"linggong/internal/event"
	"linggong/internal/hardship/helpcase"
)

type measure struct {
	ID        string `gorm:"primaryKey"`
	CaseID    string
	PersonID  string
	Region    string
	Kind      string
	OnDay     string
	PostingID *string
	StartsOn  *string
	Mass      bool
	Within    bool
	Answer    string
	Justified *bool
	Suitable  *bool
	Content   []byte
	RefKind   string
	RefID     *string
	Counts    bool
	WhyNot    string
	CreatedBy *string
	CreatedAt time.Time
}

func (measure) TableName() string { return "hardship_measures" }

type measureText struct {
	Detail   string `json:"detail,omitempty"`
	Evidence string `json:"evidence,omitempty"`
	Reason   string `json:"reason,omitempty"` // of a refusal
}

type review struct {
	ID        string `gorm:"primaryKey"`
	CaseID    string
	Since     string
	OnDay     string
	Decision  string
	Content   []byte
	CreatedBy string
	CreatedAt time.Time
}

func (review) TableName() string { return "hardship_refusal_reviews" }

func (s *Store) newMeasure(m helpcase.Measure) (measure, error) {
	row := measure{
		ID: string(m.ID), CaseID: string(m.Case), PersonID: m.Person, Region: m.Region, Kind: string(m.Kind), OnDay: string(m.On),
		PostingID: dbx.StrPtr(m.Posting), StartsOn: dbx.StrPtr(m.StartsOn), Mass: m.Mass, Within: m.Within, Answer: string(m.Answer),
		RefKind: m.Ref.Kind, RefID: dbx.StrPtr(m.Ref.ID), Counts: m.Counts, WhyNot: m.WhyNot, CreatedBy: dbx.StrPtr(m.By), CreatedAt: dbx.Now(),
	}
	t := measureText{Detail: m.Detail, Evidence: m.Evidence}
	if r := m.Refusal; r != nil {
		row.Justified, row.Suitable, t.Reason = &r.Justified, &r.Suitable, r.Reason
	}
	if t == (measureText{}) {
		return row, nil
	}
	var err error
	row.Content, err = s.seal(fieldMeasure, row.ID, t)
	return row, err
}

func (s *Store) measure(r measure) (helpcase.Measure, error) {
	var t measureText
	err := s.open(fieldMeasure, r.ID, r.Content, &t)
	m := helpcase.Measure{
		ID: helpcase.MeasureID(r.ID), Case: helpcase.ID(r.CaseID), Person: r.PersonID, Region: r.Region, Kind: helpcase.Kind(r.Kind),
		On: day.Date(r.OnDay), Detail: t.Detail, Posting: dbx.Str[string](r.PostingID), StartsOn: dbx.Str[day.Date](r.StartsOn),
		Mass: r.Mass, Within: r.Within, Answer: helpcase.Answer(r.Answer), Evidence: t.Evidence,
		Ref: event.Ref{Kind: r.RefKind, ID: dbx.Str[string](r.RefID)}, By: dbx.Str[string](r.CreatedBy), Counts: r.Counts, WhyNot: r.WhyNot,
	}
	if r.Suitable != nil && r.Justified != nil {
		m.Refusal = &helpcase.Refusal{Reason: t.Reason, Justified: *r.Justified, Suitable: *r.Suitable}
	}
	return m, err
}

// AddMeasure implements hardship.MeasureStore.
func (s *Store) AddMeasure(ctx context.Context, m helpcase.Measure) (bool, error) {
	row, err := s.newMeasure(m)
	if err != nil {
		return false, err
	}
	res := s.db.From(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(&row)
	return res.RowsAffected == 1, dbx.Classify(res.Error)
}

// Measures implements hardship.MeasureStore.
func (s *Store) Measures(ctx context.Context, id helpcase.ID) ([]helpcase.Measure, error) {
	var rows []measure
	if err := s.db.From(ctx).Where("case_id = ?", string(id)).Order("on_day DESC, id DESC").Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("list measures of %s: %w", id, dbx.Classify(err))
	}
	out := make([]helpcase.Measure, 0, len(rows))
	for _, r := range rows {
		m, err := s.measure(r)
		if err != nil {
			return nil, err
		}
		out = append(out, m)
	}
	return out, nil
}

// CountedMeasures implements hardship.MeasureStore.
func (s *Store) CountedMeasures(ctx context.Context, id helpcase.ID, since day.Date) (map[helpcase.Kind]int, error) {
	var rows []struct {
		Kind string
		N    int
	}
	err := s.db.From(ctx).Model(&measure{}).Select("kind, COUNT(*) AS n").
		Where("case_id = ? AND counts = ? AND on_day >= ?", string(id), true, string(since)).Group("kind").Find(&rows).Error
	out := make(map[helpcase.Kind]int, len(rows))
	for _, r := range rows {
		out[helpcase.Kind(r.Kind)] = r.N
	}
	return out, found(err, "measures of", string(id))
}

// AddRefusalReview implements hardship.MeasureStore.
func (s *Store) AddRefusalReview(ctx context.Context, r helpcase.RefusalReview) error {
	content, err := s.seal(fieldReview, r.ID, r.Opinion)
	if err != nil {
		return err
	}
	row := review{
		ID: r.ID, CaseID: string(r.Case), Since: string(r.Since), OnDay: string(r.On), Decision: r.Decision, Content: content,
		CreatedBy: r.By, CreatedAt: dbx.Now(),
	}
	return dbx.Classify(s.db.From(ctx).Create(&row).Error)
}
