package hardshipdb

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"linggong/internal/day"
	"linggong/internal/dbx"
	"linggong/internal/hardship"
	"linggong/internal/hardship/helpcase"
)

type visit struct {
	ID          string `gorm:"primaryKey"`
	ClientID    string
	PersonID    *string
	HouseholdID *string
	CaseID      *string
	Region      string
	Kind        string
	OnDay       string
	Content     []byte
	CreatedBy   *string
	CreatedAt   time.Time
}

func (visit) TableName() string { return "hardship_visits" }

func (s *Store) newVisit(v hardship.Visit) (visit, error) {
	content, err := s.seal(fieldVisit, string(v.ID), v.VisitText)
	return visit{
		ID: string(v.ID), ClientID: v.ClientID, PersonID: dbx.StrPtr(v.Person), HouseholdID: dbx.StrPtr(v.Household), CaseID: dbx.StrPtr(v.Case),
		Region: v.Region, Kind: v.Kind, OnDay: string(v.On), Content: content, CreatedBy: dbx.StrPtr(v.By), CreatedAt: dbx.Now(),
	}, err
}

func (s *Store) visit(r visit) (hardship.Visit, error) {
	v := hardship.Visit{
		ID: hardship.VisitID(r.ID), ClientID: r.ClientID, Person: dbx.Str[string](r.PersonID), Household: dbx.Str[hardship.HouseholdID](r.HouseholdID),
		Case: dbx.Str[helpcase.ID](r.CaseID), Region: r.Region, Kind: r.Kind, On: day.Date(r.OnDay), By: dbx.Str[string](r.CreatedBy),
	}
	return v, s.open(fieldVisit, r.ID, r.Content, &v.VisitText)
}

func (s *Store) visits(rows []visit) ([]hardship.Visit, error) {
	out := make([]hardship.Visit, 0, len(rows))
	for _, r := range rows {
		v, err := s.visit(r)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}

// AddVisit implements hardship.VisitStore.
func (s *Store) AddVisit(ctx context.Context, v hardship.Visit) (bool, error) {
	row, err := s.newVisit(v)
	if err != nil {
		return false, err
	}
	res := s.db.From(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(&row)
	return res.RowsAffected == 1, dbx.Classify(res.Error)
}

// VisitByClient implements hardship.VisitStore.
func (s *Store) VisitByClient(ctx context.Context, clientID string) (hardship.Visit, error) {
	return s.oneVisit(s.db.From(ctx).Where("client_id = ?", clientID), clientID)
}

// Visit implements hardship.VisitStore.
func (s *Store) Visit(ctx context.Context, id hardship.VisitID) (hardship.Visit, error) {
	return s.oneVisit(s.db.From(ctx).Where("id = ?", string(id)), string(id))
}

func (s *Store) oneVisit(g *gorm.DB, id string) (hardship.Visit, error) {
	var row visit
	if err := g.Take(&row).Error; err != nil {
		return hardship.Visit{}, found(err, "visit", id)
	}
	return s.visit(row)
}

// Visits implements hardship.VisitStore.
func (s *Store) Visits(ctx context.Context, f hardship.VisitFilter) ([]hardship.Visit, error) {
	g := within(s.db.From(ctx), "region", f.Scope)
	if f.From != "" {
		g = g.Where("on_day >= ?", string(f.From))
	}
	if f.To != "" {
		g = g.Where("on_day <= ?", string(f.To))
	}
	if f.Person != "" {
		g = g.Where("person_id = ?", f.Person)
	}
	if f.By != "" {
		g = g.Where("created_by = ?", f.By)
	}
	if f.After != "" {
		g = g.Where("id < ?", string(f.After))
	}
	var rows []visit
	if err := g.Order("id DESC").Limit(limit(f.Limit, 200)).Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("list visits: %w", dbx.Classify(err))
	}
	return s.visits(rows)
}

// VisitsOf implements hardship.VisitStore.
func (s *Store) VisitsOf(ctx context.Context, person string, most int) ([]hardship.Visit, error) {
	var rows []visit
	err := s.db.From(ctx).Where(`person_id = ? OR household_id IN (
		SELECT m.household_id FROM hardship_members m
		WHERE m.person_id = ? AND m.moved_in <= hardship_visits.on_day AND (m.moved_out IS NULL OR hardship_visits.on_day < m.moved_out))`,
		person, person).Order("on_day DESC, id DESC").Limit(most).Find(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("list visits of %s: %w", person, dbx.Classify(err))
	}
	return s.visits(rows)
}
