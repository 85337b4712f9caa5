package matching

import (
	"cmp"
	"strings"
)

// Miss is the pair that comes closest to being possible, and what is missing.
type Miss struct {
	ID       string // of the pair
	Blockers []Blocker
	Total    int64 // how well the two would fit
	Message  string
	English  string
}

// Nearest returns the pair whose blockers take the least to lift, of equals the
// one that fits better, then the first; false where there is no pair. A pair
// without blockers is nearest of all. It serves both "no gig for me?" and
// "nobody for my shift?".
func Nearest(pairs []Pair, l Limits, weights Weights) (Miss, bool) {
	best := -1
	var bestEffort, bestTotal int64
	var bestBlockers []Blocker
	for i := range pairs {
		p := &pairs[i]
		list := blockers(&p.Worker, &p.Shift, &l)
		var effort int64
		for _, b := range list {
			effort += b.Change.effort(p)
		}
		total := total(&p.Worker, &p.Shift, weights)
		if best < 0 || cmp.Or(cmp.Compare(effort, bestEffort), cmp.Compare(bestTotal, total)) < 0 {
			best, bestEffort, bestTotal, bestBlockers = i, effort, total, list
		}
	}
	if best < 0 {
		return Miss{}, false
	}
	m := Miss{ID: pairs[best].ID, Blockers: bestBlockers, Total: bestTotal, Message: "可以直接报名", English: "Nothing is in the way"}
	if len(bestBlockers) > 0 {
		var zh, en []string
		for _, b := range bestBlockers {
			zh, en = append(zh, b.Message+"——"+b.Remedy), append(en, b.English)
		}
		m.Message, m.English = "差一点："+strings.Join(zh, "；"), "Nearly: "+strings.Join(en, "; ")
	}
	return m, true
}
