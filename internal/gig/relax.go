package gig

import (
	"context"
	"slices"
	"strings"

	"linggong/internal/gig/offer"
	"linggong/internal/region"
	"linggong/internal/worktext"
)

// wish is a search as it was understood: columns, and what the words meant.
type wish struct {
	Find
	meant worktext.Query
}

// leastNear is what a hit's words must reach of the best hit's to be shown, where
// nothing fits and what is near is offered. What fits holds all that was asked:
// there is no less of it to cut off.
const leastNear = 0.5

// loosening is one thing a search may let go of to find anything.
type loosening struct {
	name string // stable; the contract names it
	says string // in plain Chinese
	let  func(w *wish) (had bool)
}

// loosenings stand in the order they are tried: what matters least to a seeker
// first, the trade last. Pay, nights and what a body cannot do are never let go:
// whoever asks for 50 an hour has said no to 30.
var loosenings = []loosening{
	{"distance", "不限距离", func(w *wish) bool { return letGo(&w.RadiusM) }},
	{"urgent", "不限急招", func(w *wish) bool { return letGo(&w.Urgent) }},
	{"date", "别的日子", func(w *wish) bool { had := len(w.Dates) > 0; w.Dates = nil; return had }},
	{"settlement", "不限结算方式", func(w *wish) bool { return letGo(&w.Settlement) }},
	{"lodging", "不包住的", func(w *wish) bool { return letGo(&w.Lodging) }},
	{"meals", "不包吃的", func(w *wish) bool { return letGo(&w.Meals) }},
	{"village", "同镇别的村", func(w *wish) bool { return w.widen(region.Village) }},
	{"place", "别的地方", func(w *wish) bool {
		had := w.Region != "" || len(w.meant.Outside) > 0
		w.Region, w.Words = "", w.meant.Here()
		return had
	}},
	{"experience", "要经验的", func(w *wish) bool { return letGo(&w.NoExperience) }},
	{"older", "没写适合大龄的", func(w *wish) bool { return letGo(&w.SuitedOlder) }},
	{"trade", "相近的活", func(w *wish) bool {
		had := !w.Words.IsZero() || len(w.Trades) > 0
		w.Words, w.Trades, w.Least = w.meant.Near(), nearTrades(w.Trades), leastNear
		return had
	}},
	{"group", "同一类的活", func(w *wish) bool {
		kin := sameGroup(w.Wanted)
		if len(kin) > 0 {
			w.Words, w.Trades, w.Least = worktext.Match{None: w.meant.Match().None}, kin, 0
		}
		return len(kin) > 0
	}},
}

// letGo empties a filter and says whether it held anything.
func letGo[T comparable](filter *T) (had bool) {
	var none T
	had = *filter != none
	*filter = none
	return had
}

// widen looks in the whole town of a village.
func (w *wish) widen(from region.Level) bool {
	if w.Region == "" || region.Code(w.Region).Level() != from {
		return false
	}
	w.Region = offer.TownOf(w.Region)
	return true
}

// loosened lets go of what is named.
func (w wish) loosened(names []string) Find {
	for _, l := range loosenings {
		if slices.Contains(names, l.name) {
			l.let(&w)
		}
	}
	return w.Find
}

// relaxedText says what was let go, as one would at the counter.
func relaxedText(names []string) string {
	var said []string
	for _, l := range loosenings {
		if slices.Contains(names, l.name) {
			said = append(said, l.says)
		}
	}
	if len(said) == 0 {
		return ""
	}
	return "没有正好合适的，下面也看了：" + strings.Join(said, "、")
}

// findRelaxing lets go of one thing after another until something is found,
// then takes back whatever was let go for nothing, and says what it let go. A
// search that finds nothing even so is answered as it was asked. The cursor
// names what was let go for its first page, so that the next is of the same search.
func (s *Service) findRelaxing(ctx context.Context, w wish, cursor string) (Found, []string, error) {
	if cursor != "" {
		parts := strings.Split(cursor, ".")
		names := slices.DeleteFunc(parts[:len(parts)-1:len(parts)-1], func(n string) bool { return !isLoosening(n) })
		f := w.loosened(names)
		f.Cursor = parts[len(parts)-1]
		asked, err := s.Finder.Find(ctx, f)
		return asked, names, err
	}
	asked, err := s.Finder.Find(ctx, w.Find)
	if err != nil || asked.Total > 0 {
		return asked, nil, err
	}
	var names []string
	for now, i := w, 0; i < len(loosenings); i++ {
		if !loosenings[i].let(&now) {
			continue
		}
		names = append(names, loosenings[i].name)
		wider, err := s.Finder.Find(ctx, now.Find)
		if err != nil {
			return Found{}, nil, err
		}
		if wider.Total > 0 {
			return s.tighten(ctx, w, names, wider)
		}
	}
	return asked, nil, nil
}

func isLoosening(name string) bool {
	return slices.ContainsFunc(loosenings, func(l loosening) bool { return l.name == name })
}

// tighten takes back what was let go for nothing: the last thing let go was what
// helped, each before it may not have been needed.
func (s *Service) tighten(ctx context.Context, w wish, names []string, best Found) (Found, []string, error) {
	for i := len(names) - 2; i >= 0; i-- {
		fewer := slices.Delete(slices.Clone(names), i, i+1)
		found, err := s.Finder.Find(ctx, w.loosened(fewer))
		if err != nil {
			return Found{}, nil, err
		}
		if found.Total > 0 {
			names, best = fewer, found
		}
	}
	return best, names, nil
}

// sameGroup returns the trades of the groups of those: 同是建筑装修.
func sameGroup(ids []string) []string {
	var groups []worktext.Group
	for _, id := range ids {
		if t, ok := worktext.TradeByID(id); ok {
			groups = append(groups, t.Group)
		}
	}
	var out []string
	for _, t := range worktext.Trades() {
		if slices.Contains(groups, t.Group) {
			out = append(out, t.ID)
		}
	}
	return out
}

// nearTrades adds the trades whose people can do this work too.
func nearTrades(ids []string) []string {
	out := slices.Clone(ids)
	for _, id := range ids {
		t, _ := worktext.TradeByID(id)
		out = append(out, t.Near...)
	}
	return offer.Set(out)
}
