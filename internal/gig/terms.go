package gig

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"linggong/internal/day"
	"linggong/internal/worktext"
)

// setTerms puts terms into p, completed and safe to keep, with what follows from them.
func (s *Service) setTerms(p *Posting, t Terms) error {
	t = s.normal(t)
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
	if err := keepTaken(p.Shifts, t.Shifts); err != nil {
		return err
	}
	v := s.check(t)
	p.Terms, p.HourFen, p.Warnings, p.ExpiresAt = t, v.HourFen, v.Findings, expiry(t)
	return nil
}

// keepTaken refuses to take a shift away from people who confirmed it, and
// carries over how many they are.
func keepTaken(before, after []Shift) error {
	for _, old := range before {
		i := slices.IndexFunc(after, func(n Shift) bool { return n.ID == old.ID })
		if i < 0 {
			if old.Filled > 0 {
				return ErrShiftTaken
			}
			continue
		}
		n := &after[i]
		n.Filled = old.Filled
		if old.Filled > 0 && (n.Headcount < old.Filled || !n.StartsAt.Equal(old.StartsAt) || !n.EndsAt.Equal(old.EndsAt)) {
			return ErrShiftTaken
		}
	}
	return nil
}

// normal completes terms: what the trade or the hours entail, and defaults.
func (s *Service) normal(t Terms) Terms {
	for _, f := range []*string{&t.Title, &t.Description, &t.Address, &t.Transport, &t.Tools, &t.Bring, &t.ProjectNo, &t.Pay.Note} {
		*f = strings.TrimSpace(*f)
	}
	t.Shifts = slices.Clone(t.Shifts)
	slices.SortStableFunc(t.Shifts, func(a, b Shift) int { return a.StartsAt.Compare(b.StartsAt) })
	trade, _ := worktext.TradeByID(t.Trade)
	flags := slices.Clone(t.Flags)
	for _, f := range trade.Flags {
		if f != worktext.Night { // the hours say that
			flags = append(flags, Flag(f))
		}
	}
	var planned int64
	for i := range t.Shifts {
		sh := &t.Shifts[i]
		sh.StartsAt, sh.EndsAt = sh.StartsAt.UTC().Truncate(time.Minute), sh.EndsAt.UTC().Truncate(time.Minute)
		sh.Date = day.Of(sh.StartsAt)
		planned += sh.Minutes()
		if sh.Night() {
			flags = append(flags, FlagNight)
		}
	}
	t.Flags = set(flags)
	t.Certificates = set(append(slices.Clone(t.Certificates), trade.Needs...))
	t.MinAge = max(t.MinAge, 16, int64(trade.MinAge))
	if slices.ContainsFunc(adultFlags, func(f Flag) bool { return slices.Contains(t.Flags, f) }) {
		t.MinAge = max(t.MinAge, 18) // R-AGE-03
	}
	if t.Place.IsZero() {
		t.Place = placeOf(s.Regions, t.Village)
	}
	switch {
	case t.Form != "":
	case t.ForHousehold:
		t.Form = ServiceWork
	case planned > int64(s.Rules().Number("pt.day_minutes", t.Village, s.today())*len(t.Shifts)):
		t.Form = ShortFullTime
	default:
		t.Form = PartTime
	}
	t.Pay.Unit, t.Pay.Settlement, t.Pay.Payer = or(t.Pay.Unit, PerHour), or(t.Pay.Settlement, SettleDaily), or(t.Pay.Payer, "employer")
	t.Insurance = or(t.Insurance, "none")
	if t.ValidUntil.IsZero() && len(t.Shifts) > 0 {
		t.ValidUntil = t.Shifts[len(t.Shifts)-1].StartsAt
		if last := s.Now().Add(maxValidityDays * 24 * time.Hour); t.ValidUntil.After(last) {
			t.ValidUntil = last
		}
	}
	return t
}

func or[T comparable](v, otherwise T) T {
	var zero T
	if v == zero {
		return otherwise
	}
	return v
}

// set sorts and removes repeats and blanks, so that equal terms are equal.
func set[T ~string](list []T) []T {
	slices.Sort(list)
	list = slices.DeleteFunc(slices.Compact(list), func(s T) bool { return s == "" })
	if len(list) == 0 {
		return nil
	}
	return list
}

// expiry is the earlier of the validity and the start of the last shift.
func expiry(t Terms) time.Time {
	end := t.ValidUntil
	if n := len(t.Shifts); n > 0 && (end.IsZero() || t.Shifts[n-1].StartsAt.Before(end)) {
		end = t.Shifts[n-1].StartsAt
	}
	return end
}

// material says an edit touches what people decided on (domain.md §9.1).
func material(a, b Terms) bool {
	if a.Pay != b.Pay || a.Trade != b.Trade || a.Form != b.Form || a.Village != b.Village || a.Address != b.Address ||
		a.MinAge != b.MinAge || a.Insurance != b.Insurance || !slices.Equal(a.Flags, b.Flags) || !slices.Equal(a.Certificates, b.Certificates) {
		return true
	}
	for _, n := range b.Shifts {
		i := slices.IndexFunc(a.Shifts, func(o Shift) bool { return o.ID == n.ID })
		if i < 0 {
			return true
		}
		o := a.Shifts[i]
		if !o.StartsAt.Equal(n.StartsAt) || !o.EndsAt.Equal(n.EndsAt) || o.BreakMinutes != n.BreakMinutes || n.Headcount > o.Headcount {
			return true
		}
	}
	return false
}
