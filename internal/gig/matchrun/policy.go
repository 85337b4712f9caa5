package matchrun

import (
	"fmt"
	"strings"

	"linggong/internal/day"
	"linggong/internal/gig"
	"linggong/internal/matching"
	"linggong/internal/matching/assign"
)

// policy is what a run is decided by beside the fit of pairs.
type policy struct {
	order matching.Order // R-FIT-13
	on    day.Date       // the day waiting is counted to; ties are broken by it too
	parts matching.Weights
}

func (p policy) waited(w gig.WorkerView) int64 {
	if w.WaitingSince.IsZero() {
		return 0
	}
	return int64(p.on.Sub(day.Of(w.WaitingSince)))
}

// bonus is what placing somebody counts before any fit.
func (p policy) bonus(w gig.WorkerView) int64 { return p.order.Bonus(p.waited(w), onePlace) }

// version names everything the run was decided by, for the auditor.
func (p policy) version() string {
	w := p.parts
	return fmt.Sprintf("as_of=%s;waiting_tiers=%v;skill=%d;distance=%d;time=%d;pay=%d;reliability=%d;waiting=%d", p.on, []int64(p.order), w.Skill, w.Distance, w.Time, w.Pay, w.Reliability, w.Waiting)
}

// salt is what ties were broken by: the day the order was measured on.
func (r Run) salt() string {
	rest, _ := strings.CutPrefix(r.Policy, "as_of=")
	on, _, _ := strings.Cut(rest, ";")
	return on
}

// Tier is one line of what the order did.
type Tier struct {
	WaitedDays int64 // at least; 0 is everybody else
	People     int64
	Placed     int64
	Plain      int64 // would be placed without the order
}

// tiers counts what the order did, beside what the best fit alone would have done.
func (m *morning) tiers(r, plain assign.Result) []Tier {
	out := make([]Tier, len(m.policy.order)+1)
	for i, d := range m.policy.order {
		out[i].WaitedDays = d
	}
	count := func(i int, add func(*Tier)) { add(&out[m.policy.order.Tier(m.policy.waited(m.workers[i]))]) }
	for i := range m.workers {
		count(i, func(t *Tier) { t.People++ })
	}
	for _, x := range r.Pairs {
		count(int(x.Worker), func(t *Tier) { t.Placed++ })
	}
	for _, x := range plain.Pairs {
		count(int(x.Worker), func(t *Tier) { t.Plain++ })
	}
	for i := range m.pinned {
		count(i, func(t *Tier) { t.Placed++; t.Plain++ })
	}
	return out
}
