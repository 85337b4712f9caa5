package httpapi

import (
	"time"

	"linggong/internal/day"
	"linggong/internal/gig"
)

// Shift is one time window with its places.
type Shift struct {
	ID           string    `json:"id,omitempty" maxLength:"36"`
	Date         day.Date  `json:"date,omitempty" format:"date" readOnly:"true"`
	StartsAt     time.Time `json:"starts_at"`
	EndsAt       time.Time `json:"ends_at" doc:"may be on the next day"`
	BreakMinutes int64     `json:"break_minutes" minimum:"0" required:"false" doc:"unpaid"`
	Hours        float64   `json:"hours" readOnly:"true" required:"false" doc:"paid"`
	Headcount    int64     `json:"headcount" minimum:"0"`
	Filled       int64     `json:"filled" readOnly:"true" required:"false"`
	Open         int64     `json:"open" readOnly:"true" required:"false" doc:"places that can still be taken: none once it has begun"`
	Begun        bool      `json:"begun,omitempty" readOnly:"true"`
}

func newShift(s gig.Shift, now time.Time) Shift {
	out := Shift{
		ID: string(s.ID), Date: s.Date, StartsAt: s.StartsAt, EndsAt: s.EndsAt, BreakMinutes: s.BreakMinutes, Hours: float64(s.Minutes()) / 60,
		Headcount: s.Headcount, Filled: s.Filled, Open: s.Open(),
	}
	if s.Begun(now) {
		out.Open, out.Begun = 0, true
	}
	return out
}
