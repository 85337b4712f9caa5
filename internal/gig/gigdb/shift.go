package gigdb

import (
	"context"
	"errors"
	"fmt"
	"time"

	"linggong/internal/day"
	"linggong/internal/dbx"
	"linggong/internal/gig"
)

type shift struct {
	ID           string `gorm:"primaryKey"`
	PostingID    string
	Date         string
	StartsAt     time.Time
	EndsAt       time.Time
	BreakMinutes int64
	Headcount    int64
	Filled       int64
}

func (shift) TableName() string { return "gig_shifts" }

func newShift(posting gig.PostingID, s gig.Shift) shift {
	return shift{
		ID: string(s.ID), PostingID: string(posting), Date: string(s.Date), StartsAt: s.StartsAt, EndsAt: s.EndsAt,
		BreakMinutes: s.BreakMinutes, Headcount: s.Headcount, Filled: s.Filled,
	}
}

func (r shift) domain() gig.Shift {
	return gig.Shift{
		ID: gig.ShiftID(r.ID), PostingID: gig.PostingID(r.PostingID), Date: day.Date(r.Date), StartsAt: r.StartsAt.UTC(), EndsAt: r.EndsAt.UTC(),
		BreakMinutes: r.BreakMinutes, Headcount: r.Headcount, Filled: r.Filled,
	}
}

func (s *Store) shiftsOf(ctx context.Context, postings []string) (map[string][]shift, error) {
	var rows []shift
	if err := s.db.From(ctx).Where(s.db.AnyID("posting_id"), s.db.List(postings)).Order("starts_at, id").Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("read shifts: %w", err)
	}
	out := make(map[string][]shift, len(postings))
	for _, r := range rows {
		out[r.PostingID] = append(out[r.PostingID], r)
	}
	return out, nil
}

func (s *Store) createShifts(ctx context.Context, id gig.PostingID, shifts []gig.Shift) error {
	if len(shifts) == 0 {
		return nil
	}
	rows := make([]shift, len(shifts))
	for i, sh := range shifts {
		rows[i] = newShift(id, sh)
		rows[i].Filled = 0
	}
	return shiftError(id, s.db.From(ctx).Create(&rows).Error)
}

// saveShifts brings the rows to what p says. A shift that someone took meanwhile
// is left alone and the whole act fails.
func (s *Store) saveShifts(ctx context.Context, p gig.Posting) error {
	have, err := s.shiftsOf(ctx, []string{string(p.ID)})
	if err != nil {
		return err
	}
	known := make(map[gig.ShiftID]shift)
	for _, r := range have[string(p.ID)] {
		known[gig.ShiftID(r.ID)] = r
	}
	var added []gig.Shift
	for _, sh := range p.Shifts {
		old, ok := known[sh.ID]
		delete(known, sh.ID)
		if !ok {
			added = append(added, sh)
			continue
		}
		row := newShift(p.ID, sh)
		row.Filled = old.Filled
		if row == (shift{old.ID, old.PostingID, old.Date, old.StartsAt.UTC(), old.EndsAt.UTC(), old.BreakMinutes, old.Headcount, old.Filled}) {
			continue
		}
		res := s.db.From(ctx).Model(&shift{}).Where("id = ? AND filled = ?", row.ID, sh.Filled).
			Select("date", "starts_at", "ends_at", "break_minutes", "headcount").Updates(&row)
		if err := shiftError(p.ID, res.Error); err != nil {
			return err
		}
		if res.RowsAffected == 0 {
			return gig.ErrShiftTaken
		}
	}
	for id := range known {
		res := s.db.From(ctx).Where("id = ? AND filled = 0", string(id)).Delete(&shift{})
		if err := shiftError(p.ID, res.Error); err != nil {
			return err
		}
		if res.RowsAffected == 0 {
			return gig.ErrShiftTaken
		}
	}
	return s.createShifts(ctx, p.ID, added)
}

func shiftError(id gig.PostingID, err error) error {
	err = dbx.Classify(err)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, dbx.ErrCheck), errors.Is(err, dbx.ErrReference):
		return gig.ErrShiftTaken.With(err)
	}
	return fmt.Errorf("save shifts of posting %s: %w", id, err)
}
