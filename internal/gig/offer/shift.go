package offer

import (
	"time"

	"linggong/internal/day"
)

// Shift is one time window of a posting with its places (班次). It may end on
// the day after it began; Date is the day it begins on.
type Shift struct {
	ID           ShiftID
	PostingID    PostingID
	Date         day.Date
	StartsAt     time.Time
	EndsAt       time.Time
	BreakMinutes int64 // unpaid
	Headcount    int64
	Filled       int64 // confirmed engagements; the database keeps 0 ≤ filled ≤ headcount
}

// Open returns the places left.
func (s Shift) Open() int64 { return s.Headcount - s.Filled }

// Begun says that it has begun at now: nobody can take a place of it any more.
func (s Shift) Begun(now time.Time) bool { return !s.StartsAt.After(now) }

// Minutes returns the paid minutes.
func (s Shift) Minutes() int64 { return int64(s.EndsAt.Sub(s.StartsAt)/time.Minute) - s.BreakMinutes }

// Overlaps says two shifts share some time; touching ends do not.
func (s Shift) Overlaps(o Shift) bool {
	return s.StartsAt.Before(o.EndsAt) && o.StartsAt.Before(s.EndsAt)
}

// Night says some of the shift lies between 22:00 and 06:00 (domain.md §4.4).
func (s Shift) Night() bool {
	start := s.StartsAt.In(day.Shanghai)
	from := start.Hour()*60 + start.Minute()
	to := from + int(s.EndsAt.Sub(s.StartsAt)/time.Minute)
	return from < 6*60 || to > 22*60
}

// NewShift builds a shift from a day and two times of it; an end not after the
// beginning is on the next day.
func NewShift(on day.Date, fromMinute, toMinute int, breakMinutes, headcount int64) Shift {
	if toMinute <= fromMinute {
		toMinute += 24 * 60
	}
	start := on.Start()
	return Shift{
		Date: on, BreakMinutes: breakMinutes, Headcount: headcount,
		StartsAt: start.Add(time.Duration(fromMinute) * time.Minute).UTC(),
		EndsAt:   start.Add(time.Duration(toMinute) * time.Minute).UTC(),
	}
}
