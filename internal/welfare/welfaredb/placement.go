package welfaredb

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"linggong/internal/day"
	"linggong/internal/dbx"
	"linggong/internal/welfare"
)

type placement struct {
	ID               string `gorm:"primaryKey"`
	PostID           string
	PersonID         string
	Village          string
	Ordinal          int
	Status           string
	Active           bool
	RecognitionID    *string
	Category         string
	FirstApprovedOn  *string
	MonthsToRetire   int
	StartsOn         *string
	EndsOn           *string
	MonthsTotal      int
	ToRetirement     bool
	Explanation      string
	PublicityFrom    *string
	PublicityTo      *string
	RelativeDeclared bool
	RelativeDetail   []byte
	RankReason       string
	RegistrationRef  string
	ExitedOn         *string
	ExitReason       string
	ProposedBy       *string
	CheckedBy        *string
	CreatedAt        time.Time
	UpdatedAt        time.Time
	Version          int64
}

func (placement) TableName() string { return "welfare_placements" }

const relativeField = "welfare_placements.relative_detail"

func (s *Store) newPlacement(p welfare.Placement) (placement, error) {
	r := placement{
		ID: string(p.ID), PostID: string(p.PostID), PersonID: p.Person, Village: p.Village, Ordinal: p.Ordinal, Status: string(p.Status), Active: p.Status.Active(),
		RecognitionID: dbx.StrPtr(p.Recognition), Category: p.Category, FirstApprovedOn: dbx.StrPtr(p.FirstApproved), MonthsToRetire: p.MonthsToRetire,
		StartsOn: dbx.StrPtr(p.StartsOn), EndsOn: dbx.StrPtr(p.EndsOn), MonthsTotal: p.MonthsTotal, ToRetirement: p.ToRetirement, Explanation: p.Explanation,
		PublicityFrom: dbx.StrPtr(p.PublicityFrom), PublicityTo: dbx.StrPtr(p.PublicityTo), RelativeDeclared: p.Relative, RankReason: p.RankReason,
		RegistrationRef: p.RegistrationRef, ExitedOn: dbx.StrPtr(p.ExitedOn), ExitReason: p.ExitReason, ProposedBy: dbx.StrPtr(p.ProposedBy),
		CheckedBy: dbx.StrPtr(p.CheckedBy), UpdatedAt: dbx.Now(), Version: p.Version,
	}
	if p.RelativeDetail != "" {
		b, err := s.seal.Seal(relativeField, r.ID, []byte(p.RelativeDetail))
		if err != nil {
			return r, fmt.Errorf("seal relation: %w", err)
		}
		r.RelativeDetail = b
	}
	return r, nil
}

func (s *Store) placement(r placement) (welfare.Placement, error) {
	p := welfare.Placement{
		ID: welfare.PlacementID(r.ID), PostID: welfare.PostID(r.PostID), Person: r.PersonID, Village: r.Village, Ordinal: r.Ordinal, Status: welfare.PlacementStatus(r.Status),
		Recognition: dbx.Str[string](r.RecognitionID), Category: r.Category, FirstApproved: dbx.Str[day.Date](r.FirstApprovedOn), MonthsToRetire: r.MonthsToRetire,
		StartsOn: dbx.Str[day.Date](r.StartsOn), EndsOn: dbx.Str[day.Date](r.EndsOn), MonthsTotal: r.MonthsTotal, ToRetirement: r.ToRetirement, Explanation: r.Explanation,
		PublicityFrom: dbx.Str[day.Date](r.PublicityFrom), PublicityTo: dbx.Str[day.Date](r.PublicityTo), Relative: r.RelativeDeclared, RankReason: r.RankReason,
		RegistrationRef: r.RegistrationRef, ExitedOn: dbx.Str[day.Date](r.ExitedOn), ExitReason: r.ExitReason, ProposedBy: dbx.Str[string](r.ProposedBy),
		CheckedBy: dbx.Str[string](r.CheckedBy), Version: r.Version,
	}
	if len(r.RelativeDetail) > 0 {
		b, err := s.seal.Open(relativeField, r.ID, r.RelativeDetail)
		if err != nil {
			return p, fmt.Errorf("open relation of placement %s: %w", r.ID, err)
		}
		p.RelativeDetail = string(b)
	}
	return p, nil
}

func (s *Store) placements(rows []placement) ([]welfare.Placement, error) {
	out := make([]welfare.Placement, len(rows))
	for i, r := range rows {
		p, err := s.placement(r)
		if err != nil {
			return nil, err
		}
		out[i] = p
	}
	return out, nil
}

// CreatePlacement implements welfare.Store: the post's row decides whether
// there is a place, the index whether the person is free.
func (s *Store) CreatePlacement(ctx context.Context, p welfare.Placement) error {
	res := s.db.From(ctx).Exec(`UPDATE welfare_posts SET taken = taken + 1, updated_at = ?,
			status = CASE WHEN taken + 1 >= places THEN 'filled' ELSE status END
		WHERE id = ? AND taken < places AND status = 'open'`, dbx.Now(), string(p.PostID))
	if res.Error != nil {
		return fmt.Errorf("take welfare place: %w", dbx.Classify(res.Error))
	}
	if res.RowsAffected == 0 {
		return welfare.ErrPostFull
	}
	r, err := s.newPlacement(p)
	if err != nil {
		return err
	}
	r.CreatedAt = dbx.Now()
	err = dbx.Classify(s.db.From(ctx).Create(&r).Error)
	if errors.Is(err, dbx.ErrDuplicate) {
		return welfare.ErrPlacedBefore.With(err)
	}
	if err != nil {
		return fmt.Errorf("create placement: %w", err)
	}
	return nil
}

// SavePlacement implements welfare.Store.
func (s *Store) SavePlacement(ctx context.Context, p welfare.Placement, wasActive bool) error {
	r, err := s.newPlacement(p)
	if err != nil {
		return err
	}
	r.Version++
	res := s.db.From(ctx).Model(&placement{}).Where("id = ? AND version = ?", r.ID, p.Version).Select("*").Omit("created_at").Updates(&r)
	if res.Error != nil {
		return fmt.Errorf("save placement %s: %w", p.ID, dbx.Classify(res.Error))
	}
	if res.RowsAffected == 0 {
		return welfare.ErrStale
	}
	if !wasActive || p.Status.Active() {
		return nil
	}
	err = s.db.From(ctx).Exec(`UPDATE welfare_posts SET taken = taken - 1, updated_at = ?, status = CASE WHEN status = 'filled' THEN 'open' ELSE status END
		WHERE id = ? AND taken > 0`, dbx.Now(), string(p.PostID)).Error
	if err != nil {
		return fmt.Errorf("free welfare place: %w", dbx.Classify(err))
	}
	return nil
}

// Placement implements welfare.Store.
func (s *Store) Placement(ctx context.Context, id welfare.PlacementID) (welfare.Placement, error) {
	var r placement
	err := dbx.Classify(s.db.From(ctx).Where("id = ?", string(id)).Take(&r).Error)
	if errors.Is(err, dbx.ErrNotFound) {
		return welfare.Placement{}, welfare.ErrPlacementNotFound.With(err)
	}
	if err != nil {
		return welfare.Placement{}, fmt.Errorf("read placement %s: %w", id, err)
	}
	return s.placement(r)
}

// Placements implements welfare.Store.
func (s *Store) Placements(ctx context.Context, sc welfare.Scope, f welfare.PlacementFilter) ([]welfare.Placement, error) {
	g := page(scoped(s.db.From(ctx), sc, false), f.Before, f.Limit)
	for col, v := range map[string]string{"status": string(f.Status), "post_id": string(f.Post), "person_id": f.Person} {
		if v != "" {
			g = g.Where(col+" = ?", v)
		}
	}
	var rows []placement
	if err := g.Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("list placements: %w", dbx.Classify(err))
	}
	return s.placements(rows)
}

// History implements welfare.Store.
func (s *Store) History(ctx context.Context, persons ...string) (map[string][]welfare.Placement, error) {
	out := map[string][]welfare.Placement{}
	for chunk := range slices.Chunk(persons, 500) {
		var rows []placement
		if err := s.db.From(ctx).Where("person_id IN ?", chunk).Order("id").Find(&rows).Error; err != nil {
			return nil, fmt.Errorf("placements of persons: %w", dbx.Classify(err))
		}
		all, err := s.placements(rows)
		if err != nil {
			return nil, err
		}
		for _, p := range all {
			out[p.Person] = append(out[p.Person], p)
		}
	}
	return out, nil
}

// ActivePersons implements welfare.Store.
func (s *Store) ActivePersons(ctx context.Context, persons []string) (map[string]bool, error) {
	out := map[string]bool{}
	if len(persons) == 0 {
		return out, nil
	}
	var ids []string
	if err := s.db.From(ctx).Raw("SELECT person_id FROM welfare_placements WHERE active AND person_id IN ?", persons).Scan(&ids).Error; err != nil {
		return nil, fmt.Errorf("who is placed: %w", dbx.Classify(err))
	}
	for _, id := range ids {
		out[id] = true
	}
	return out, nil
}

// Months implements welfare.Store.
func (s *Store) Months(ctx context.Context, ids []welfare.PlacementID) (map[welfare.PlacementID]int, error) {
	out := map[welfare.PlacementID]int{}
	if len(ids) == 0 {
		return out, nil
	}
	var rows []struct {
		PlacementID string
		N           int
	}
	err := s.db.From(ctx).Raw("SELECT placement_id, count(*) AS n FROM welfare_months WHERE days > 0 AND placement_id IN ? GROUP BY placement_id", ids).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("months worked: %w", dbx.Classify(err))
	}
	for _, r := range rows {
		out[welfare.PlacementID(r.PlacementID)] = r.N
	}
	return out, nil
}

// RecordMonth implements welfare.Store.
func (s *Store) RecordMonth(ctx context.Context, m welfare.Month) error {
	res := s.db.From(ctx).Exec(`INSERT INTO welfare_months (placement_id, person_id, month, days, recorded_by, created_at) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (person_id, month) DO UPDATE SET days = excluded.days, recorded_by = excluded.recorded_by
		WHERE welfare_months.placement_id = excluded.placement_id`,
		string(m.Placement), m.Person, m.Month, m.Days, dbx.StrPtr(m.By), dbx.Now())
	if res.Error != nil {
		return fmt.Errorf("record month: %w", dbx.Classify(res.Error))
	}
	if res.RowsAffected == 0 {
		return welfare.ErrMonth.Saying("这个月已记在另一份安置上，一人一月只能有一份补贴", "That month is recorded on another placement.")
	}
	return nil
}

// Sealed lists the columns that are sealed at rest.
func Sealed() []dbx.Sealed {
	return []dbx.Sealed{{Table: "welfare_placements", Column: "relative_detail", Field: relativeField}}
}
