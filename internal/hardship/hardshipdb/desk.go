package hardshipdb

import (
	"context"
	"fmt"

	"linggong/internal/access"
	"linggong/internal/day"
	"linggong/internal/dbx"
	"linggong/internal/hardship"
	"linggong/internal/hardship/helpcase"
	"linggong/internal/hardship/recognition"
)

// DueCases implements hardship.DeskStore.
func (s *Store) DueCases(ctx context.Context, in hardship.Scope, by day.Date, most int) ([]hardship.DeskRow, error) {
	var rows []helpCase
	err := within(s.db.From(ctx), "region", in).Select("id", "person_id", "region", "owner_id", "next_kind", "next_due").
		Where("status <> 'closed' AND next_due <= ?", string(by)).Order("next_due, id").Limit(most).Find(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("find due cases: %w", dbx.Classify(err))
	}
	out := make([]hardship.DeskRow, len(rows))
	for i, r := range rows {
		out[i] = hardship.DeskRow{
			Case: helpcase.ID(r.ID), Person: r.PersonID, Region: r.Region, Owner: dbx.Str[string](r.OwnerID),
			Kind: dbx.Str[string](r.NextKind), Due: dbx.Str[day.Date](r.NextDue),
		}
	}
	return out, nil
}

// DueRecognitions implements hardship.DeskStore.
func (s *Store) DueRecognitions(ctx context.Context, in hardship.Scope, roles []access.Role, by day.Date, most int) ([]hardship.DeskRow, error) {
	var rows []record
	err := within(s.db.From(ctx), "region", in).Select("id", "person_id", "region", "state", "due").
		Where("owner_role IN ? AND due <= ?", texts(roles), string(by)).Order("due, id").Limit(most).Find(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("find due recognitions: %w", dbx.Classify(err))
	}
	out := make([]hardship.DeskRow, len(rows))
	for i, r := range rows {
		out[i] = hardship.DeskRow{
			Recognition: recognition.ID(r.ID), Person: r.PersonID, Region: r.Region, Kind: r.State, Due: dbx.Str[day.Date](r.Due),
		}
	}
	return out, nil
}

// DueHouseholds implements hardship.DeskStore.
func (s *Store) DueHouseholds(ctx context.Context, in hardship.Scope, by day.Date, most int) ([]hardship.DeskRow, error) {
	var rows []household
	err := within(s.db.From(ctx), "region", in).Select("id", "region", "zero_target").
		Where("zero = ? AND zero_target <= ?", true, string(by)).Order("zero_target, id").Limit(most).Find(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("find due households: %w", dbx.Classify(err))
	}
	out := make([]hardship.DeskRow, len(rows))
	for i, r := range rows {
		out[i] = hardship.DeskRow{Household: hardship.HouseholdID(r.ID), Region: r.Region, Kind: "zero_employment", Due: dbx.Str[day.Date](r.ZeroTarget)}
	}
	return out, nil
}

// DeskCounts implements hardship.DeskStore. People are those with an open case
// or a recognition in force.
func (s *Store) DeskCounts(ctx context.Context, in hardship.Scope, today day.Date) (hardship.DeskCounts, error) {
	cond, args := inScope("region", in)
	q := `SELECT
		(SELECT COUNT(*) FROM hardship_cases WHERE status <> 'closed' AND ` + cond + `) AS open_cases,
		(SELECT COUNT(*) FROM hardship_cases WHERE status <> 'closed' AND next_due < ? AND ` + cond + `) AS overdue,
		(SELECT COUNT(*) FROM hardship_cases WHERE status <> 'closed' AND next_due = ? AND ` + cond + `) AS today,
		(SELECT COUNT(*) FROM hardship_cases WHERE status <> 'closed' AND next_due >= ? AND next_due <= ? AND ` + cond + `) AS week,
		(SELECT COUNT(*) FROM (
			SELECT person_id FROM hardship_cases WHERE status <> 'closed' AND ` + cond + `
			UNION SELECT person_id FROM hardship_recognitions WHERE state IN ('recognised', 'suspended') AND ` + cond + `) p) AS people`
	var all []any
	all = append(all, args...)
	all = append(append(all, string(today)), args...)
	all = append(append(all, string(today)), args...)
	all = append(append(all, string(today), string(today.Add(7))), args...)
	all = append(append(all, args...), args...)
	var c struct{ OpenCases, Overdue, Today, Week, People int }
	if err := s.db.From(ctx).Raw(q, all...).Scan(&c).Error; err != nil {
		return hardship.DeskCounts{}, fmt.Errorf("count desk: %w", dbx.Classify(err))
	}
	return hardship.DeskCounts{OpenCases: c.OpenCases, Overdue: c.Overdue, Today: c.Today, Week: c.Week, People: c.People}, nil
}

// DeskVillages implements hardship.DeskStore.
func (s *Store) DeskVillages(ctx context.Context, in hardship.Scope, today day.Date) ([]hardship.DeskVillage, error) {
	var rows []struct {
		Region        string
		Open, Overdue int
	}
	err := within(s.db.From(ctx).Model(&helpCase{}), "region", in).
		Select("region, COUNT(*) AS open, SUM(CASE WHEN next_due < ? THEN 1 ELSE 0 END) AS overdue", string(today)).
		Where("status <> 'closed'").Group("region").Order("region").Find(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("count villages: %w", dbx.Classify(err))
	}
	out := make([]hardship.DeskVillage, len(rows))
	for i, r := range rows {
		out[i] = hardship.DeskVillage{Village: r.Region, Open: r.Open, Overdue: r.Overdue}
	}
	return out, nil
}
