package hardshipdb

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"linggong/internal/day"
	"linggong/internal/dbx"
	"linggong/internal/hardship"
	"linggong/internal/hardship/helpcase"
	"linggong/internal/hardship/recognition"
)

// Standings implements hardship.RecognitionStore: four queries for any number.
func (s *Store) Standings(ctx context.Context, persons []string) (map[string]hardship.Standing, error) {
	out := make(map[string]hardship.Standing, len(persons))
	if len(persons) == 0 {
		return out, nil
	}
	var rows []record
	err := s.db.From(ctx).Omit("facts", "end_proof").
		Where("person_id IN ? AND state NOT IN ('refused', 'exited', 'revoked')", persons).Find(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("read standings: %w", dbx.Classify(err))
	}
	live, err := s.withHoldings(ctx, rows)
	if err != nil {
		return nil, err
	}
	for _, r := range live {
		out[r.Person] = hardship.Standing{
			Person: r.Person, Region: r.Region, Recognition: r.ID, State: r.State, Categories: r.Held(), Primary: r.Primary(),
			ValidFrom: r.ValidFrom, ValidTo: r.ValidTo,
		}
	}
	var open []helpCase
	if err := s.db.From(ctx).Select("id", "person_id", "region", "status").Where("status <> 'closed' AND person_id IN ?", persons).Find(&open).Error; err != nil {
		return nil, fmt.Errorf("read standings: %w", dbx.Classify(err))
	}
	for _, c := range open {
		x := out[c.PersonID]
		x.Person, x.Region, x.Case, x.Status = c.PersonID, c.Region, helpcase.ID(c.ID), helpcase.Status(c.Status)
		out[c.PersonID] = x
	}
	homes, err := s.HouseholdsOf(ctx, persons)
	for p, h := range homes {
		x := out[p]
		x.Person, x.Household = p, h
		out[p] = x
	}
	return out, err
}

// Recognised is what those who place people ask of this register, and no more.
// The facts it is drawn from stay sealed.
type Recognised struct {
	Person      string
	Recognition string // id
	Village     string
	Categories  []string
	Primary     string
	Severe      bool // 重度残疾, levels 1 and 2: health data, only to rank by (R-PWJ-01)
	Since       day.Date
	Unemployed  day.Date // registered unemployed since
	Household   string
}

// RecognisedPerson returns the recognition of a person in force on a day, or ok
// false.
func (s *Store) RecognisedPerson(ctx context.Context, person string, on day.Date) (r Recognised, ok bool, err error) {
	list, err := s.recognised(ctx, s.db.From(ctx).Where("person_id = ?", person), on)
	if err != nil || len(list) == 0 {
		return Recognised{}, false, err
	}
	return list[0], true, nil
}

// RecognisedPeople lists those under a region prefix.
func (s *Store) RecognisedPeople(ctx context.Context, prefix string, on day.Date) ([]Recognised, error) {
	return s.recognised(ctx, within(s.db.From(ctx), "region", hardship.Scope{prefix}), on)
}

func (s *Store) recognised(ctx context.Context, g *gorm.DB, on day.Date) ([]Recognised, error) {
	var rows []record
	err := g.Omit("end_proof").Where("state IN ('recognised', 'suspended') AND valid_from <= ?", string(on)).Order("id").Find(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("list recognised people: %w", dbx.Classify(err))
	}
	list, err := s.withHoldings(ctx, rows)
	if err != nil {
		return nil, err
	}
	people := make([]string, len(list))
	for i, r := range list {
		people[i] = r.Person
	}
	homes, err := s.HouseholdsOf(ctx, people)
	if err != nil {
		return nil, err
	}
	out := make([]Recognised, len(list))
	for i, r := range list {
		var f recognition.Facts
		if err := s.open(fieldFacts, rows[i].ID, rows[i].Facts, &f); err != nil {
			return nil, err
		}
		out[i] = Recognised{
			Person: r.Person, Recognition: string(r.ID), Village: r.Region, Categories: texts(r.Held()), Primary: string(r.Primary()),
			Severe: f.Disability != nil && f.Disability.Level <= 2, Since: r.ValidFrom, Unemployed: f.RegisteredOn, Household: string(homes[r.Person]),
		}
	}
	return out, nil
}
