package hardshipdb

import (
	"context"
	"fmt"
	"strings"

	"linggong/internal/day"
	"linggong/internal/dbx"
	"linggong/internal/hardship"
	"linggong/internal/hardship/helpcase"
)

// Rate is indicator 3 (帮扶率), in persons (domain.md §1.3, R-IND-03).
type Rate struct {
	Numerator   int64 // helped
	Denominator int64 // to be helped
}

// Null says the rate means nothing: a zero denominator is neither 0 nor 100 %.
func (r Rate) Null() bool { return r.Denominator == 0 }

// Unhelped is a person who is to be helped.
type Unhelped struct {
	Person      string
	Region      string
	Case        helpcase.ID // "" would be a hole: see Verify
	Owner       string
	HelpDue     day.Date
	OverdueDays int // days past the day the first substantive service was due
}

// eligible is the denominator D: people whose recognition is in force on at least
// one day of the period and who, by the assessment that counts, want work and are
// able to work. Where nobody has assessed, the recognition itself says so. A
// recognition that ran out counts until a person ends it; a revoked one never did;
// one that rested the whole time does not.
const eligible = `
	SELECT r.person_id, r.region, r.valid_from, c.id AS case_id, c.owner_id, c.help_due,
	       ROW_NUMBER() OVER (PARTITION BY r.person_id ORDER BY r.id DESC) AS nth
	FROM hardship_recognitions r
	LEFT JOIN hardship_cases c ON c.id = (
		SELECT x.id FROM hardship_cases x WHERE x.person_id = r.person_id
		ORDER BY CASE WHEN x.status = 'closed' THEN 1 ELSE 0 END, x.id DESC LIMIT 1)
	WHERE r.valid_from <= ? AND (r.ended_on IS NULL OR r.ended_on >= ?) AND r.state <> 'revoked'
	  AND NOT (r.state = 'suspended' AND r.rests_from < ?)
	  AND COALESCE(c.willing, TRUE) AND COALESCE(c.able, TRUE)`

// helped is the numerator's condition: a substantive measure that counts, done in
// the period, or before it but within the case's own deadline.
const helped = `EXISTS (
	SELECT 1 FROM hardship_measures m JOIN hardship_cases mc ON mc.id = m.case_id
	WHERE m.person_id = d.person_id AND m.counts AND m.kind IN ? AND m.on_day <= ?
	  AND (m.on_day >= ? OR m.on_day <= mc.help_due))`

// HelpRate counts indicator 3 under a region prefix ("" is the whole city).
func (s *Store) HelpRate(ctx context.Context, prefix string, from, to day.Date) (Rate, error) {
	cond, args := inScope("d.region", hardship.Scope{prefix})
	q := `SELECT COUNT(*) AS denominator, COALESCE(SUM(CASE WHEN ` + helped + ` THEN 1 ELSE 0 END), 0) AS numerator
		FROM (` + eligible + `) d WHERE d.nth = 1 AND ` + cond
	all := []any{texts(helpcase.Substantive), string(to), string(from), string(to), string(from), string(from)}
	var r Rate
	if err := s.db.From(ctx).Raw(q, append(all, args...)...).Scan(&r).Error; err != nil {
		return Rate{}, fmt.Errorf("count help rate: %w", dbx.Classify(err))
	}
	return r, nil
}

// Eligible lists the denominator under a region prefix, with how long help has
// been due on the last day of the period.
func (s *Store) Eligible(ctx context.Context, prefix string, from, to day.Date) ([]Unhelped, error) {
	return s.people(ctx, prefix, from, to, "", nil)
}

// Unhelped lists D − N, the longest overdue first: what indicator 3 is for.
func (s *Store) Unhelped(ctx context.Context, prefix string, from, to day.Date) ([]Unhelped, error) {
	return s.people(ctx, prefix, from, to, " AND NOT "+helped, []any{texts(helpcase.Substantive), string(to), string(from)})
}

func (s *Store) people(ctx context.Context, prefix string, from, to day.Date, more string, moreArgs []any) ([]Unhelped, error) {
	cond, args := inScope("d.region", hardship.Scope{prefix})
	q := []string{
		`SELECT d.person_id, d.region, d.valid_from, d.case_id, d.owner_id, d.help_due FROM (`, eligible, `) d WHERE d.nth = 1 AND `, cond, more,
		` ORDER BY COALESCE(d.help_due, d.valid_from), d.person_id`,
	}
	all := []any{string(to), string(from), string(from)}
	all = append(append(all, args...), moreArgs...)
	var rows []struct {
		PersonID, Region, ValidFrom string
		CaseID, OwnerID, HelpDue    *string
	}
	if err := s.db.From(ctx).Raw(strings.Join(q, ""), all...).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("list people to help: %w", dbx.Classify(err))
	}
	out := make([]Unhelped, len(rows))
	for i, r := range rows {
		u := Unhelped{
			Person: r.PersonID, Region: r.Region, Case: dbx.Str[helpcase.ID](r.CaseID), Owner: dbx.Str[string](r.OwnerID), HelpDue: dbx.Str[day.Date](r.HelpDue),
		}
		if u.HelpDue == "" {
			u.HelpDue = day.Date(r.ValidFrom)
		}
		u.OverdueDays = max(0, to.Sub(u.HelpDue))
		out[i] = u
	}
	return out, nil
}
