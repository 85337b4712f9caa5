package hardshipdb

import (
	"context"
	"fmt"

	"linggong/internal/access"
	"linggong/internal/dbx"
)

// Invariant is one promise of the domain, and where it is broken.
type Invariant struct {
	Name    string
	Checked int      // rows looked at
	Broken  []string // ids, at most a hundred
}

const mostBroken = 100 // as in the LIMIT below

// Verify checks what must hold of every store: nobody is ever lost. accounts says
// who is in service; it is asked once per owner.
func (s *Store) Verify(ctx context.Context, accounts Owners) ([]Invariant, error) {
	var out []Invariant
	for _, q := range []struct{ name, count, broken string }{
		{
			"every open case has an owner, a next action and a date",
			`SELECT COUNT(*) FROM hardship_cases WHERE status <> 'closed'`,
			`SELECT id FROM hardship_cases WHERE status <> 'closed' AND (owner_id IS NULL OR next_kind IS NULL OR next_due IS NULL) ORDER BY id`,
		},
		{
			"every recognised person who wants and is able to work has one open case or a coded reason",
			`SELECT COUNT(*) FROM hardship_recognitions WHERE state = 'recognised'`,
			`SELECT r.id FROM hardship_recognitions r WHERE r.state = 'recognised'
			   AND NOT EXISTS (SELECT 1 FROM hardship_cases c WHERE c.person_id = r.person_id AND (c.status <> 'closed' OR c.close_reason <> ''))
			 ORDER BY r.id`,
		},
		{
			"nobody has two open cases",
			`SELECT COUNT(DISTINCT person_id) FROM hardship_cases WHERE status <> 'closed'`,
			`SELECT MIN(CAST(id AS TEXT)) FROM hardship_cases WHERE status <> 'closed' GROUP BY person_id HAVING COUNT(*) > 1`,
		},
		{
			"no recognition before its public notice had ended, and none by one hand",
			`SELECT COUNT(*) FROM hardship_recognitions WHERE valid_from IS NOT NULL`,
			`SELECT id FROM hardship_recognitions WHERE valid_from IS NOT NULL
			   AND (notice_to IS NULL OR notice_to >= valid_from OR decided_by IS NULL OR decided_by = submitted_by OR decided_by = reviewed_by
			        OR reviewed_by = submitted_by) ORDER BY id`,
		},
		{
			"every closed case says why",
			`SELECT COUNT(*) FROM hardship_cases WHERE status = 'closed'`,
			`SELECT id FROM hardship_cases WHERE status = 'closed' AND (close_reason = '' OR closed_on IS NULL OR content IS NULL) ORDER BY id`,
		},
	} {
		inv := Invariant{Name: q.name}
		if err := s.db.From(ctx).Raw(q.count).Scan(&inv.Checked).Error; err != nil {
			return nil, fmt.Errorf("verify %s: %w", q.name, dbx.Classify(err))
		}
		if err := s.db.From(ctx).Raw(q.broken + ` LIMIT 100`).Scan(&inv.Broken).Error; err != nil {
			return nil, fmt.Errorf("verify %s: %w", q.name, dbx.Classify(err))
		}
		out = append(out, inv)
	}
	inService, err := s.verifyOwners(ctx, accounts)
	return append(out, inService), err
}

// Owners is what Verify asks of the staff directory.
type Owners interface {
	Owner(ctx context.Context, accountID string) (name string, role access.Role, regions []string, active bool, err error)
}

func (s *Store) verifyOwners(ctx context.Context, accounts Owners) (Invariant, error) {
	inv := Invariant{Name: "every owner is in service and covers the village"}
	var rows []struct{ OwnerID, Region, ID string }
	err := s.db.From(ctx).Model(&helpCase{}).Select("owner_id, region, MIN(CAST(id AS TEXT)) AS id").
		Where("status <> 'closed' AND owner_id IS NOT NULL").Group("owner_id, region").Order("owner_id, region").Scan(&rows).Error
	if err != nil {
		return inv, fmt.Errorf("verify owners: %w", dbx.Classify(err))
	}
	inv.Checked = len(rows)
	for _, r := range rows {
		_, role, regions, active, err := accounts.Owner(ctx, r.OwnerID)
		if err != nil || !active || !(access.Actor{Role: role, Regions: regions}).Covers(r.Region) {
			if len(inv.Broken) < mostBroken {
				inv.Broken = append(inv.Broken, r.ID)
			}
		}
	}
	return inv, nil
}
