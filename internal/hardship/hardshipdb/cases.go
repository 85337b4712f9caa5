package hardshipdb

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm/clause"

	"linggong/internal/day"
	"linggong/internal/dbx"
	"linggong/internal/hardship"
	"linggong/internal/hardship/helpcase"
	"linggong/internal/hardship/recognition"
)

type helpCase struct {
	ID            string `gorm:"primaryKey"`
	PersonID      string
	Region        string
	RecognitionID *string
	Status        string
	Why           string
	Standard      string
	OwnerID       *string
	OpenedOn      string
	AssignedOn    *string
	ContactOn     *string
	LastSeenOn    *string
	BasicOn       *string
	EmploymentOn  *string
	SkillsOn      *string
	WishOn        *string
	Willing       *bool
	WillingOn     *string
	WillingSure   bool
	Able          *bool
	AbleOn        *string
	AbleSure      bool
	PendingID     *string
	ReviewOn      *string
	PlanOn        *string
	HelpDue       string
	WorkSince     *string
	WorkForm      string
	Refusals      int
	AskHumanOn    *string
	PromiseKind   string
	PromiseDue    *string
	Content       []byte
	NextKind      *string
	NextDue       *string
	ClosedOn      *string
	CloseReason   string
	CreatedAt     time.Time
	UpdatedAt     time.Time
	Version       int64
}

func (helpCase) TableName() string { return "hardship_cases" }

type caseText struct {
	Note  string `json:"note,omitempty"`
	Proof string `json:"proof,omitempty"`
}

type followUp struct {
	ID        string `gorm:"primaryKey"`
	CaseID    string
	Month     int
	Due       string
	DoneOn    *string
	Employed  bool
	Content   []byte
	DoneBy    *string
	CreatedAt time.Time
	UpdatedAt time.Time
}

func (followUp) TableName() string { return "hardship_follow_ups" }

func will(w helpcase.Will) (*bool, *string) {
	if !w.Known {
		return nil, nil
	}
	return &w.Value, dbx.StrPtr(w.On)
}

func willOf(v *bool, on *string, sure bool) helpcase.Will {
	if v == nil {
		return helpcase.Will{}
	}
	return helpcase.Will{Value: *v, Known: true, On: dbx.Str[day.Date](on), Confirmed: sure}
}

func (s *Store) newCase(c helpcase.Case) (helpCase, error) {
	var content []byte
	if c.Promise.Note != "" || c.Proof != "" {
		var err error
		if content, err = s.seal(fieldCase, string(c.ID), caseText{c.Promise.Note, c.Proof}); err != nil {
			return helpCase{}, err
		}
	}
	now := dbx.Now()
	row := helpCase{
		ID: string(c.ID), PersonID: c.Person, Region: c.Region, RecognitionID: dbx.StrPtr(c.Recognition), Status: string(c.Status),
		Why: c.Why, Standard: c.Group, OwnerID: dbx.StrPtr(c.Owner), OpenedOn: string(c.OpenedOn), AssignedOn: dbx.StrPtr(c.Assigned),
		ContactOn: dbx.StrPtr(c.Contact), LastSeenOn: dbx.StrPtr(c.LastSeen), BasicOn: dbx.StrPtr(c.Clear[helpcase.ClearBasic]),
		EmploymentOn: dbx.StrPtr(c.Clear[helpcase.ClearEmployment]), SkillsOn: dbx.StrPtr(c.Clear[helpcase.ClearSkills]),
		WishOn: dbx.StrPtr(c.Clear[helpcase.ClearWish]), WillingSure: c.Willing.Confirmed, AbleSure: c.Able.Confirmed,
		PendingID: dbx.StrPtr(c.Pending), ReviewOn: dbx.StrPtr(c.ReviewOn), PlanOn: dbx.StrPtr(c.PlanOn), HelpDue: string(c.HelpDue),
		WorkSince: dbx.StrPtr(c.WorkSince), WorkForm: c.WorkForm, Refusals: c.Refusals, AskHumanOn: dbx.StrPtr(c.AskHuman),
		PromiseKind: string(c.Promise.Kind), PromiseDue: dbx.StrPtr(c.Promise.Due), Content: content,
		NextKind: dbx.StrPtr(c.Next.Kind), NextDue: dbx.StrPtr(c.Next.Due), ClosedOn: dbx.StrPtr(c.ClosedOn), CloseReason: string(c.Reason),
		CreatedAt: now, UpdatedAt: now, Version: c.Version,
	}
	row.Willing, row.WillingOn = will(c.Willing)
	row.Able, row.AbleOn = will(c.Able)
	return row, nil
}

func (r helpCase) domain() helpcase.Case {
	c := helpcase.Case{
		ID: helpcase.ID(r.ID), Person: r.PersonID, Region: r.Region, Recognition: dbx.Str[recognition.ID](r.RecognitionID),
		Status: helpcase.Status(r.Status), Why: r.Why, Group: r.Standard, Owner: dbx.Str[string](r.OwnerID), OpenedOn: day.Date(r.OpenedOn),
		Assigned: dbx.Str[day.Date](r.AssignedOn), Contact: dbx.Str[day.Date](r.ContactOn), LastSeen: dbx.Str[day.Date](r.LastSeenOn),
		Willing: willOf(r.Willing, r.WillingOn, r.WillingSure), Able: willOf(r.Able, r.AbleOn, r.AbleSure),
		Pending: dbx.Str[string](r.PendingID), ReviewOn: dbx.Str[day.Date](r.ReviewOn), PlanOn: dbx.Str[day.Date](r.PlanOn),
		HelpDue: day.Date(r.HelpDue), WorkSince: dbx.Str[day.Date](r.WorkSince), WorkForm: r.WorkForm, Refusals: r.Refusals,
		AskHuman: dbx.Str[day.Date](r.AskHumanOn), Promise: helpcase.Promise{Kind: helpcase.ActionKind(r.PromiseKind), Due: dbx.Str[day.Date](r.PromiseDue)},
		Next:     helpcase.Action{Kind: dbx.Str[helpcase.ActionKind](r.NextKind), Due: dbx.Str[day.Date](r.NextDue)},
		ClosedOn: dbx.Str[day.Date](r.ClosedOn), Reason: helpcase.CloseReason(r.CloseReason), Version: r.Version,
	}
	for k, d := range map[helpcase.Clarity]*string{
		helpcase.ClearBasic: r.BasicOn, helpcase.ClearEmployment: r.EmploymentOn, helpcase.ClearSkills: r.SkillsOn, helpcase.ClearWish: r.WishOn,
	} {
		if d != nil {
			if c.Clear == nil {
				c.Clear = map[helpcase.Clarity]day.Date{}
			}
			c.Clear[k] = day.Date(*d)
		}
	}
	return c
}

// AddCase implements hardship.CaseStore.
func (s *Store) AddCase(ctx context.Context, c helpcase.Case) error {
	row, err := s.newCase(c)
	if err != nil {
		return err
	}
	return taken(s.db.From(ctx).Create(&row).Error, "case", hardship.ErrCaseOpen)
}

// SaveCase implements hardship.CaseStore.
func (s *Store) SaveCase(ctx context.Context, c helpcase.Case) error {
	read := c.Version
	c.Version++
	row, err := s.newCase(c)
	if err != nil {
		return err
	}
	if err := taken(s.save(ctx, &row, row.ID, read), "case", hardship.ErrCaseOpen); err != nil {
		return err
	}
	return s.putFollowUps(ctx, c)
}

// putFollowUps writes those of the case and drops the ones not done that it no
// longer has.
func (s *Store) putFollowUps(ctx context.Context, c helpcase.Case) error {
	keep := []string{"00000000-0000-0000-0000-000000000000"} // never an empty list
	rows := make([]followUp, 0, len(c.FollowUps))
	now := dbx.Now()
	for _, f := range c.FollowUps {
		row := followUp{
			ID: f.ID, CaseID: string(c.ID), Month: f.Month, Due: string(f.Due), DoneOn: dbx.StrPtr(f.DoneOn), Employed: f.Employed,
			DoneBy: dbx.StrPtr(f.By), CreatedAt: now, UpdatedAt: now,
		}
		if f.Evidence != "" {
			var err error
			if row.Content, err = s.seal(fieldFollowUp, f.ID, f.Evidence); err != nil {
				return err
			}
		}
		keep, rows = append(keep, f.ID), append(rows, row)
	}
	err := s.db.From(ctx).Where("case_id = ? AND done_on IS NULL AND id NOT IN ?", string(c.ID), keep).Delete(&followUp{}).Error
	if err == nil && len(rows) > 0 {
		err = s.db.From(ctx).Clauses(clause.OnConflict{
			Columns:   []clause.Column{{Name: "id"}},
			DoUpdates: clause.AssignmentColumns([]string{"done_on", "employed", "content", "done_by", "updated_at"}),
		}).Create(&rows).Error
	}
	if err != nil {
		return fmt.Errorf("write follow-ups of %s: %w", c.ID, dbx.Classify(err))
	}
	return nil
}

// Case implements hardship.CaseStore.
func (s *Store) Case(ctx context.Context, id helpcase.ID) (helpcase.Case, error) {
	return s.oneCase(ctx, "id = ?", string(id))
}

// OpenCase implements hardship.CaseStore.
func (s *Store) OpenCase(ctx context.Context, person string) (helpcase.Case, error) {
	return s.oneCase(ctx, "status <> 'closed' AND person_id = ?", person)
}

func (s *Store) oneCase(ctx context.Context, cond, arg string) (helpcase.Case, error) {
	var row helpCase
	if err := s.db.From(ctx).Where(cond, arg).Take(&row).Error; err != nil {
		return helpcase.Case{}, found(err, "case", arg)
	}
	c := row.domain()
	var t caseText
	if err := s.open(fieldCase, row.ID, row.Content, &t); err != nil {
		return c, err
	}
	c.Promise.Note, c.Proof = t.Note, t.Proof
	var ups []followUp
	if err := s.db.From(ctx).Where("case_id = ?", row.ID).Order("due, id").Find(&ups).Error; err != nil {
		return c, fmt.Errorf("read follow-ups of %s: %w", row.ID, dbx.Classify(err))
	}
	for _, r := range ups {
		f := helpcase.FollowUp{
			ID: r.ID, Month: r.Month, Due: day.Date(r.Due), DoneOn: dbx.Str[day.Date](r.DoneOn), Employed: r.Employed, By: dbx.Str[string](r.DoneBy),
		}
		if err := s.open(fieldFollowUp, r.ID, r.Content, &f.Evidence); err != nil {
			return c, err
		}
		c.FollowUps = append(c.FollowUps, f)
	}
	return c, nil
}

// Cases implements hardship.CaseStore.
func (s *Store) Cases(ctx context.Context, f hardship.CaseFilter) ([]helpcase.Case, error) {
	g := within(s.db.From(ctx), "region", f.Scope).Omit("content")
	if len(f.Statuses) > 0 {
		g = g.Where("status IN ?", texts(f.Statuses))
	} else {
		g = g.Where("status <> 'closed'")
	}
	if f.Owner != "" {
		g = g.Where("owner_id = ?", f.Owner)
	}
	if f.Person != "" {
		g = g.Where("person_id = ?", f.Person)
	}
	if f.DueBy != "" {
		g = g.Where("next_due <= ?", string(f.DueBy))
	}
	if f.AfterID != "" { // closed cases have no next date and come last
		due := f.AfterDue
		if due == "" {
			due = "9999-12-31"
		}
		g = g.Where("(COALESCE(next_due, '9999-12-31'), id) > (?, ?)", string(due), string(f.AfterID))
	}
	var rows []helpCase
	err := g.Order("COALESCE(next_due, '9999-12-31'), id").Limit(limit(f.Limit, 500)).Find(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("list cases: %w", dbx.Classify(err))
	}
	out := make([]helpcase.Case, len(rows))
	for i, r := range rows {
		out[i] = r.domain()
	}
	return out, nil
}

// OpenCount implements hardship.CaseStore.
func (s *Store) OpenCount(ctx context.Context, accounts []string) (map[string]int, error) {
	out := make(map[string]int, len(accounts))
	if len(accounts) == 0 {
		return out, nil
	}
	var rows []struct {
		OwnerID string
		N       int
	}
	err := s.db.From(ctx).Model(&helpCase{}).Select("owner_id, COUNT(*) AS n").
		Where("status <> 'closed' AND owner_id IN ?", accounts).Group("owner_id").Find(&rows).Error
	for _, r := range rows {
		out[r.OwnerID] = r.N
	}
	return out, found(err, "open cases of", "accounts")
}

// CasesOf implements hardship.CaseStore.
func (s *Store) CasesOf(ctx context.Context, account string) ([]helpcase.ID, error) {
	var ids []helpcase.ID
	err := s.db.From(ctx).Model(&helpCase{}).Where("status <> 'closed' AND owner_id = ?", account).Order("id").Pluck("id", &ids).Error
	return ids, found(err, "cases of", account)
}
