package offer

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"linggong/internal/day"
	"linggong/internal/region"
	"linggong/internal/rules"
	"linggong/internal/worktext"
)

// CarryFilled carries over how many people confirmed each shift, and returns false
// where one would be taken away from them.
func CarryFilled(before, after []Shift) bool {
	for _, old := range before {
		i := slices.IndexFunc(after, func(n Shift) bool { return n.ID == old.ID })
		if i < 0 {
			if old.Filled > 0 {
				return false
			}
			continue
		}
		n := &after[i]
		n.Filled = old.Filled
		if old.Filled > 0 && (n.Headcount < old.Filled || !n.StartsAt.Equal(old.StartsAt) || !n.EndsAt.Equal(old.EndsAt)) {
			return false
		}
	}
	return true
}

// Complete returns terms with what the trade or the hours entail, and defaults.
func Complete(t Terms, book *rules.Book, regions *region.Tree, now time.Time) Terms {
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
	t.Flags = Set(flags)
	t.Certificates = Set(append(slices.Clone(t.Certificates), trade.Needs...))
	t.MinAge = max(t.MinAge, 16, int64(trade.MinAge))
	if slices.ContainsFunc(adultFlags, func(f Flag) bool { return slices.Contains(t.Flags, f) }) {
		t.MinAge = max(t.MinAge, 18) // R-AGE-03
	}
	if t.Place.IsZero() {
		t.Place = PlaceOf(regions, t.Village)
	}
	switch {
	case t.Form != "":
	case t.ForHousehold:
		t.Form = ServiceWork
	case planned > int64(book.Number("pt.day_minutes", t.Village, day.Of(now))*len(t.Shifts)):
		t.Form = ShortFullTime
	default:
		t.Form = PartTime
	}
	t.Pay.Unit, t.Pay.Settlement, t.Pay.Payer = cmp.Or(t.Pay.Unit, PerHour), cmp.Or(t.Pay.Settlement, SettleDaily), cmp.Or(t.Pay.Payer, "employer")
	t.Insurance = cmp.Or(t.Insurance, "none")
	if t.ValidUntil.IsZero() && len(t.Shifts) > 0 {
		t.ValidUntil = t.Shifts[len(t.Shifts)-1].StartsAt
		if last := now.Add(maxValidityDays * 24 * time.Hour); t.ValidUntil.After(last) {
			t.ValidUntil = last
		}
	}
	return t
}

// Set sorts and removes repeats and blanks, so that equal terms are equal.
func Set[T ~string](list []T) []T {
	slices.Sort(list)
	list = slices.DeleteFunc(slices.Compact(list), func(s T) bool { return s == "" })
	if len(list) == 0 {
		return nil
	}
	return list
}

// Expiry is the earlier of the validity and the start of the last shift.
func Expiry(t Terms) time.Time {
	end := t.ValidUntil
	if n := len(t.Shifts); n > 0 && (end.IsZero() || t.Shifts[n-1].StartsAt.Before(end)) {
		end = t.Shifts[n-1].StartsAt
	}
	return end
}

// Material says an edit touches what people decided on (domain.md §9.1).
func Material(a, b Terms) bool {
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
