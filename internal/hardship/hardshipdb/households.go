package hardshipdb

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm/clause"

	"linggong/internal/day"
	"linggong/internal/dbx"
	"linggong/internal/hardship"
)

type household struct {
	ID          string `gorm:"primaryKey"`
	Content     []byte
	Region      string
	Urban       bool
	OtherIncome bool
	Zero        bool
	ZeroReason  string
	ZeroSince   *string
	ZeroTarget  *string
	CreatedAt   time.Time
	UpdatedAt   time.Time
	Version     int64
}

func (household) TableName() string { return "hardship_households" }

type householdText struct {
	Name    string `json:"name,omitempty"`
	Address string `json:"address,omitempty"`
}

type member struct {
	ID          string `gorm:"primaryKey"`
	HouseholdID string
	PersonID    string
	Relation    string
	Status      string
	StatusSince string
	Unwilling   bool
	MovedIn     string
	MovedOut    *string
	OutReason   string
	CreatedAt   time.Time
	UpdatedAt   time.Time
}

func (member) TableName() string { return "hardship_members" }

func (s *Store) newHousehold(h hardship.Household) (household, error) {
	content, err := s.seal(fieldHousehold, string(h.ID), householdText{h.Name, h.Address})
	now := dbx.Now()
	return household{
		ID: string(h.ID), Content: content, Region: h.Region, Urban: h.Urban, OtherIncome: h.OtherIncome,
		Zero: h.Zero.Is, ZeroReason: string(h.Zero.Reason), ZeroSince: dbx.StrPtr(h.Zero.Since), ZeroTarget: dbx.StrPtr(h.Zero.Target),
		CreatedAt: now, UpdatedAt: now, Version: h.Version,
	}, err
}

func (s *Store) household(r household) (hardship.Household, error) {
	var t householdText
	err := s.open(fieldHousehold, r.ID, r.Content, &t)
	return hardship.Household{
		ID: hardship.HouseholdID(r.ID), Name: t.Name, Address: t.Address, Region: r.Region, Urban: r.Urban, OtherIncome: r.OtherIncome,
		Zero: hardship.ZeroStatus{
			Is: r.Zero, Reason: hardship.ZeroReason(r.ZeroReason),
			Since: dbx.Str[day.Date](r.ZeroSince), Target: dbx.Str[day.Date](r.ZeroTarget),
		},
		Version: r.Version,
	}, err
}

func newMember(home string, m hardship.Member) member {
	now := dbx.Now()
	return member{
		ID: m.ID, HouseholdID: home, PersonID: m.Person, Relation: m.Relation, Status: string(m.Status), StatusSince: string(m.Since),
		Unwilling: m.Unwill, MovedIn: string(m.In), MovedOut: dbx.StrPtr(m.Out), OutReason: m.OutWhy, CreatedAt: now, UpdatedAt: now,
	}
}

func (r member) domain() hardship.Member {
	return hardship.Member{
		ID: r.ID, Person: r.PersonID, Relation: r.Relation, Status: hardship.LifeStatus(r.Status), Since: day.Date(r.StatusSince),
		Unwill: r.Unwilling, In: day.Date(r.MovedIn), Out: dbx.Str[day.Date](r.MovedOut), OutWhy: r.OutReason,
	}
}

// AddHousehold implements hardship.HouseholdStore.
func (s *Store) AddHousehold(ctx context.Context, h hardship.Household) error {
	row, err := s.newHousehold(h)
	if err != nil {
		return err
	}
	if err := s.db.From(ctx).Create(&row).Error; err != nil {
		return fmt.Errorf("add household: %w", dbx.Classify(err))
	}
	return s.putMembers(ctx, h)
}

// SaveHousehold implements hardship.HouseholdStore.
func (s *Store) SaveHousehold(ctx context.Context, h hardship.Household) error {
	read := h.Version
	h.Version++
	row, err := s.newHousehold(h)
	if err != nil {
		return err
	}
	if err := s.save(ctx, &row, row.ID, read); err != nil {
		return err
	}
	return s.putMembers(ctx, h)
}

// putMembers adds the new ones and rewrites the rest.
func (s *Store) putMembers(ctx context.Context, h hardship.Household) error {
	if len(h.Members) == 0 {
		return nil
	}
	rows := make([]member, len(h.Members))
	for i, m := range h.Members {
		rows[i] = newMember(string(h.ID), m)
	}
	err := s.db.From(ctx).Clauses(clause.OnConflict{
		Columns:   []clause.Column{{Name: "id"}},
		DoUpdates: clause.AssignmentColumns([]string{"relation", "status", "status_since", "unwilling", "moved_out", "out_reason", "updated_at"}),
	}).Create(&rows).Error
	return taken(err, "members", hardship.ErrHouseholdElsewhere)
}

// Household implements hardship.HouseholdStore.
func (s *Store) Household(ctx context.Context, id hardship.HouseholdID) (hardship.Household, error) {
	var row household
	if err := s.db.From(ctx).Where("id = ?", string(id)).Take(&row).Error; err != nil {
		return hardship.Household{}, found(err, "household", string(id))
	}
	list, err := s.withMembers(ctx, []household{row})
	if err != nil {
		return hardship.Household{}, err
	}
	return list[0], nil
}

func (s *Store) withMembers(ctx context.Context, rows []household) ([]hardship.Household, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	ids := make([]string, len(rows))
	at := make(map[string]int, len(rows))
	out := make([]hardship.Household, len(rows))
	for i, r := range rows {
		h, err := s.household(r)
		if err != nil {
			return nil, err
		}
		ids[i], at[r.ID], out[i] = r.ID, i, h
	}
	var people []member
	if err := s.db.From(ctx).Where("household_id IN ?", ids).Order("moved_in, id").Find(&people).Error; err != nil {
		return nil, fmt.Errorf("read members: %w", dbx.Classify(err))
	}
	for _, m := range people {
		h := &out[at[m.HouseholdID]]
		h.Members = append(h.Members, m.domain())
	}
	return out, nil
}

// HouseholdsOf implements hardship.HouseholdStore.
func (s *Store) HouseholdsOf(ctx context.Context, persons []string) (map[string]hardship.HouseholdID, error) {
	out := make(map[string]hardship.HouseholdID, len(persons))
	if len(persons) == 0 {
		return out, nil
	}
	var rows []member
	err := s.db.From(ctx).Select("person_id", "household_id").Where("person_id IN ? AND moved_out IS NULL", persons).Find(&rows).Error
	for _, r := range rows {
		out[r.PersonID] = hardship.HouseholdID(r.HouseholdID)
	}
	return out, found(err, "households of", "people")
}

// Households implements hardship.HouseholdStore.
func (s *Store) Households(ctx context.Context, f hardship.HouseholdFilter) ([]hardship.Household, error) {
	g := within(s.db.From(ctx), "region", f.Scope)
	if f.ZeroOnly {
		g = g.Where("zero = ?", true)
	}
	if f.After != "" {
		g = g.Where("id > ?", string(f.After))
	}
	var rows []household
	if err := g.Order("id").Limit(limit(f.Limit, 200)).Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("list households: %w", dbx.Classify(err))
	}
	return s.withMembers(ctx, rows)
}
