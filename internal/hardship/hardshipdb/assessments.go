package hardshipdb

import (
	"context"
	"fmt"
	"time"

	"linggong/internal/day"
	"linggong/internal/dbx"
	"linggong/internal/hardship/helpcase"
)

type assessment struct {
	ID          string `gorm:"primaryKey"`
	CaseID      string
	PersonID    string
	Region      string
	OnDay       string
	Content     []byte
	Willing     *bool
	Able        *bool
	Assessor    *string
	NeedsSecond bool
	ConfirmedBy *string
	ConfirmedAt *time.Time
	CreatedAt   time.Time
	Version     int64
}

func (assessment) TableName() string { return "hardship_assessments" }

type assessmentText struct {
	Blocks   map[helpcase.Clarity]string `json:"blocks,omitempty"`
	Evidence string                      `json:"evidence,omitempty"`
}

type plan struct {
	ID        string `gorm:"primaryKey"`
	CaseID    string
	OnDay     string
	Content   []byte
	Measures  string
	CreatedBy *string
	CreatedAt time.Time
}

func (plan) TableName() string { return "hardship_plans" }

func (s *Store) newAssessment(a helpcase.Assessment) (assessment, error) {
	content, err := s.seal(fieldAssessment, a.ID, assessmentText{a.Blocks, a.Evidence})
	return assessment{
		ID: a.ID, CaseID: string(a.Case), PersonID: a.Person, Region: a.Region, OnDay: string(a.On), Content: content,
		Willing: a.Willing, Able: a.Able, Assessor: dbx.StrPtr(a.By), NeedsSecond: a.Needs,
		ConfirmedBy: dbx.StrPtr(a.ConfirmedBy), ConfirmedAt: dbx.TimePtr(a.ConfirmedAt), CreatedAt: dbx.Now(), Version: a.Version,
	}, err
}

func (r assessment) domain() helpcase.Assessment {
	return helpcase.Assessment{
		ID: r.ID, Case: helpcase.ID(r.CaseID), Person: r.PersonID, Region: r.Region, On: day.Date(r.OnDay), Willing: r.Willing, Able: r.Able,
		By: dbx.Str[string](r.Assessor), Needs: r.NeedsSecond, ConfirmedBy: dbx.Str[string](r.ConfirmedBy), ConfirmedAt: dbx.Time(r.ConfirmedAt),
		Version: r.Version,
	}
}

// AddAssessment implements hardship.CaseStore.
func (s *Store) AddAssessment(ctx context.Context, a helpcase.Assessment) error {
	row, err := s.newAssessment(a)
	if err != nil {
		return err
	}
	return dbx.Classify(s.db.From(ctx).Create(&row).Error)
}

// SaveAssessment implements hardship.CaseStore.
func (s *Store) SaveAssessment(ctx context.Context, a helpcase.Assessment) error {
	read := a.Version
	a.Version++
	row, err := s.newAssessment(a)
	if err != nil {
		return err
	}
	return s.save(ctx, &row, row.ID, read)
}

// Assessment implements hardship.CaseStore.
func (s *Store) Assessment(ctx context.Context, id string) (helpcase.Assessment, error) {
	var row assessment
	if err := s.db.From(ctx).Where("id = ?", id).Take(&row).Error; err != nil {
		return helpcase.Assessment{}, found(err, "assessment", id)
	}
	return s.openAssessment(row)
}

// LastAssessment implements hardship.CaseStore.
func (s *Store) LastAssessment(ctx context.Context, id helpcase.ID) (helpcase.Assessment, error) {
	var row assessment
	if err := s.db.From(ctx).Where("case_id = ?", string(id)).Order("id DESC").Take(&row).Error; err != nil {
		return helpcase.Assessment{}, found(err, "assessment of", string(id))
	}
	return s.openAssessment(row)
}

func (s *Store) openAssessment(r assessment) (helpcase.Assessment, error) {
	a := r.domain()
	var t assessmentText
	err := s.open(fieldAssessment, r.ID, r.Content, &t)
	a.Blocks, a.Evidence = t.Blocks, t.Evidence
	return a, err
}

// AddPlan implements hardship.CaseStore.
func (s *Store) AddPlan(ctx context.Context, p helpcase.Plan) error {
	content, err := s.seal(fieldPlan, p.ID, p.Goals)
	if err != nil {
		return err
	}
	row := plan{
		ID: p.ID, CaseID: string(p.Case), OnDay: string(p.On), Content: content, Measures: dbx.Words(p.Measures),
		CreatedBy: dbx.StrPtr(p.By), CreatedAt: dbx.Now(),
	}
	if err := s.db.From(ctx).Create(&row).Error; err != nil {
		return fmt.Errorf("add plan to %s: %w", p.Case, dbx.Classify(err))
	}
	return nil
}

// LastPlan implements hardship.CaseStore.
func (s *Store) LastPlan(ctx context.Context, id helpcase.ID) (helpcase.Plan, error) {
	var r plan
	if err := s.db.From(ctx).Where("case_id = ?", string(id)).Order("id DESC").Take(&r).Error; err != nil {
		return helpcase.Plan{}, found(err, "plan of", string(id))
	}
	p := helpcase.Plan{
		ID: r.ID, Case: helpcase.ID(r.CaseID), On: day.Date(r.OnDay), Measures: dbx.ParseWords[helpcase.Kind](r.Measures), By: dbx.Str[string](r.CreatedBy),
	}
	return p, s.open(fieldPlan, r.ID, r.Content, &p.Goals)
}
