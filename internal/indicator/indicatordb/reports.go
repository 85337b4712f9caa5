package indicatordb

import (
	"context"
	"errors"
	"fmt"
	"time"

	"linggong/internal/dbx"
	"linggong/internal/indicator"
)

type report struct {
	ID          string `gorm:"primaryKey"`
	Indicator   string
	Period      string
	ValueMicro  int64
	Numerator   *int64
	Denominator *int64
	Status      string
	Publisher   string
	Document    string
	Note        string
	EnteredBy   *string
	SubmittedBy *string
	SubmittedAt *time.Time
	DecidedBy   *string
	DecidedAt   *time.Time
	Reason      string
	CreatedAt   time.Time
	UpdatedAt   time.Time
	Version     int64
}

func (report) TableName() string { return "indicator_reports" }

func newReport(r indicator.Report) report {
	return report{
		ID: r.ID, Indicator: string(r.Indicator), Period: r.Period, ValueMicro: r.ValueMicro, Numerator: r.Numerator,
		Denominator: r.Denominator, Status: string(r.Status), Publisher: r.Publisher, Document: r.Document, Note: r.Note,
		EnteredBy: dbx.StrPtr(r.EnteredBy), SubmittedBy: dbx.StrPtr(r.SubmittedBy), SubmittedAt: dbx.TimePtr(r.SubmittedAt),
		DecidedBy: dbx.StrPtr(r.DecidedBy), DecidedAt: dbx.TimePtr(r.DecidedAt), Reason: r.Reason,
		CreatedAt: r.CreatedAt, UpdatedAt: r.UpdatedAt, Version: r.Version,
	}
}

func (r report) domain() indicator.Report {
	return indicator.Report{
		ID: r.ID, Indicator: indicator.Key(r.Indicator), Period: r.Period, ValueMicro: r.ValueMicro, Numerator: r.Numerator,
		Denominator: r.Denominator, Status: indicator.ReportStatus(r.Status), Publisher: r.Publisher, Document: r.Document, Note: r.Note,
		EnteredBy: dbx.Str[string](r.EnteredBy), SubmittedBy: dbx.Str[string](r.SubmittedBy), SubmittedAt: dbx.Time(r.SubmittedAt),
		DecidedBy: dbx.Str[string](r.DecidedBy), DecidedAt: dbx.Time(r.DecidedAt), Reason: r.Reason,
		CreatedAt: r.CreatedAt.UTC(), UpdatedAt: r.UpdatedAt.UTC(), Version: r.Version,
	}
}

// CreateReport implements indicator.Reports.
func (s *Store) CreateReport(ctx context.Context, r indicator.Report) error {
	row := newReport(r)
	if err := s.db.From(ctx).Create(&row).Error; err != nil {
		return fmt.Errorf("create report: %w", dbx.Classify(err))
	}
	return nil
}

// SaveReport implements indicator.Reports.
func (s *Store) SaveReport(ctx context.Context, r indicator.Report) error {
	row := newReport(r)
	row.Version++
	res := s.db.From(ctx).Model(&report{}).Where("id = ? AND version = ?", r.ID, r.Version).Select("*").Updates(&row)
	err := dbx.Classify(res.Error)
	switch {
	case errors.Is(err, dbx.ErrDuplicate):
		return indicator.ErrReportTaken.With(err)
	case err != nil:
		return fmt.Errorf("save report %s: %w", r.ID, err)
	case res.RowsAffected == 0:
		return indicator.ErrReportStale
	}
	return nil
}

// Report implements indicator.Reports.
func (s *Store) Report(ctx context.Context, id string) (indicator.Report, error) {
	var r report
	err := dbx.Classify(s.db.From(ctx).Where("id = ?", id).Take(&r).Error)
	if errors.Is(err, dbx.ErrNotFound) {
		return indicator.Report{}, indicator.ErrReportNotFound.With(err)
	}
	if err != nil {
		return indicator.Report{}, fmt.Errorf("read report %s: %w", id, err)
	}
	return r.domain(), nil
}

// ListReports implements indicator.Reports.
func (s *Store) ListReports(ctx context.Context, f indicator.ReportFilter) ([]indicator.Report, error) {
	g := s.db.From(ctx).Order("id DESC").Limit(min(max(f.Limit, 1), 500))
	if f.Indicator != "" {
		g = g.Where("indicator = ?", string(f.Indicator))
	}
	if f.Year != 0 {
		g = g.Where("period LIKE ?", fmt.Sprintf("%d%%", f.Year))
	}
	if f.Status != "" {
		g = g.Where("status = ?", string(f.Status))
	}
	if f.Before != "" {
		g = g.Where("id < ?", f.Before)
	}
	var rows []report
	if err := g.Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("list reports: %w", dbx.Classify(err))
	}
	out := make([]indicator.Report, len(rows))
	for i, r := range rows {
		out[i] = r.domain()
	}
	return out, nil
}

// ApprovedReports implements indicator.Reports.
func (s *Store) ApprovedReports(ctx context.Context, year int) ([]indicator.Report, error) {
	var rows []report
	err := s.db.From(ctx).Where("status = 'approved' AND period LIKE ?", fmt.Sprintf("%d%%", year)).Order("period, id").Find(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("approved reports: %w", dbx.Classify(err))
	}
	out := make([]indicator.Report, len(rows))
	for i, r := range rows {
		out[i] = r.domain()
	}
	return out, nil
}
