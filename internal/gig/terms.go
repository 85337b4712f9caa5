package gig

import (
	"fmt"
	"slices"

	"linggong/internal/gig/offer"
)

// What a posting offers stands in package offer; the market speaks of it by
// the same names.
type (
	ShiftID        = offer.ShiftID
	PostingID      = offer.PostingID
	Terms          = offer.Terms
	Pay            = offer.Pay
	PayUnit        = offer.PayUnit
	SettlementKind = offer.SettlementKind
	Form           = offer.Form
	Flag           = offer.Flag
	Shift          = offer.Shift
	Point          = offer.Point
	Finding        = offer.Finding
	Verdict        = offer.Verdict
)

// The forms of work, units of pay and ways of settling.
const (
	PartTime         = offer.PartTime
	ShortFullTime    = offer.ShortFullTime
	ServiceWork      = offer.ServiceWork
	Trainee          = offer.Trainee
	WelfareWork      = offer.WelfareWork
	PerHour          = offer.PerHour
	PerDay           = offer.PerDay
	PerPiece         = offer.PerPiece
	PerJob           = offer.PerJob
	PerMonth         = offer.PerMonth
	SettleDaily      = offer.SettleDaily
	SettleWeekly     = offer.SettleWeekly
	SettleCompletion = offer.SettleCompletion
	SettleMonthly    = offer.SettleMonthly
	FlagNight        = offer.FlagNight
)

// PointOf, NewShift and HourRate are those of package offer.
var (
	PointOf  = offer.PointOf
	NewShift = offer.NewShift
	HourRate = offer.HourRate
)

func (s *Service) complete(t Terms) Terms { return offer.Complete(t, s.Rules(), s.Regions, s.Now()) }

func (s *Service) check(t Terms) Verdict { return offer.Check(t, s.Rules(), s.Regions, s.Now()) }

// setTerms puts terms into p, completed and safe to keep, with what follows from them.
func (s *Service) setTerms(p *Posting, t Terms) error {
	t = s.complete(t)
	bad := ErrPostingInvalid
	for i, sh := range t.Shifts {
		if !sh.EndsAt.After(sh.StartsAt) || sh.BreakMinutes < 0 || sh.Headcount < 0 {
			bad = bad.On(fmt.Sprintf("shifts[%d]", i), "shift_times", "班次的起止时间、休息或人数不对")
		}
		if sh.ID == "" || !slices.ContainsFunc(p.Shifts, func(k Shift) bool { return k.ID == sh.ID }) {
			t.Shifts[i].ID, t.Shifts[i].Filled = ShiftID(s.NewID()), 0
		}
		t.Shifts[i].PostingID = p.ID
	}
	if t.Pay.AmountFen < 0 || t.Pay.SettlementDays < 0 || t.Pay.AmountFen > 100_000_000 {
		bad = bad.On("pay", "range", "报酬或结算天数不合理")
	}
	if len(t.Shifts) > 400 || len(t.Title) > 1000 || len(t.Description) > 20_000 {
		bad = bad.On("title", "too_long", "内容过长")
	}
	if len(bad.Fields) > 0 {
		return bad
	}
	if !offer.CarryFilled(p.Shifts, t.Shifts) {
		return ErrShiftTaken
	}
	v := s.check(t)
	p.Terms, p.HourFen, p.Warnings, p.ExpiresAt = t, v.HourFen, v.Findings, offer.Expiry(t)
	return nil
}
