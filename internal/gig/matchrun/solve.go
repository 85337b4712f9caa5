package matchrun

import (
	"cmp"
	"slices"

	"linggong/internal/day"
	"linggong/internal/gig"
	"linggong/internal/matching"
	"linggong/internal/matching/assign"
	"linggong/internal/matching/assign/problem"
)

// onePlace outweighs any sum of fits of a run: filling one more place comes
// before any better fit.
const onePlace = maxWorkers * maxFit

// maxFit is the greatest total of a fit.
const maxFit = 1_000_000

// maxExplained bounds how many of those left over get their nearest miss.
const maxExplained = 300

// morning is everything one run looks at.
type morning struct {
	gig     *gig.Service
	workers []gig.WorkerView
	held    map[gig.WorkerID]gig.Holdings
	seats   []Seat
	policy  policy

	// What is settled before the machine proposes.
	open     []int64 // places of each seat that are to be filled
	reserved int64
	apart    [][]gig.WorkerID            // who wants to go together and cannot
	pinned   map[int]int                 // worker to seat
	out      map[[2]int]matching.Blocker // pairs set aside
}

// dropTaken leaves out who has work or an open question on that day: nobody is
// asked twice for one day.
func (m *morning) dropTaken(on day.Date) {
	m.workers = slices.DeleteFunc(m.workers, func(w gig.WorkerView) bool {
		return slices.ContainsFunc(m.held[w.ID].Live, func(h gig.Held) bool { return day.Of(h.Window.From) == on })
	})
}

func (m *morning) shifts() []gig.ShiftID {
	out := make([]gig.ShiftID, len(m.seats))
	for i, s := range m.seats {
		out[i] = s.Shift.ID
	}
	return out
}

func (m *morning) fit(w, seat int) gig.Fit {
	x, s := m.workers[w], m.seats[seat]
	f := m.gig.FitOf(x, s.Posting, s.Shift, m.held[x.ID].Around(s.Posting, s.Shift))
	if b, ok := m.out[[2]int{w, seat}]; ok {
		f.Blockers = append(f.Blockers, b)
	}
	return f
}

// problem writes what is left to match as an assignment problem: once with the
// order of the policy, and once plain, where every place counts the same. In it
// a pinned worker is nobody's.
func (m *morning) problem() (ordered, plain assign.Problem) {
	ordered.Sense, plain.Sense = problem.Max, problem.Max
	bonus := make([]int64, len(m.workers))
	for i, w := range m.workers {
		ordered.Workers = append(ordered.Workers, assign.Worker{ID: string(w.ID), Capacity: 1})
		bonus[i] = m.policy.bonus(w)
	}
	for j, s := range m.seats {
		ordered.Places = append(ordered.Places, assign.Place{ID: string(s.Shift.ID), Capacity: m.open[j]})
		for i, w := range m.workers {
			_, settled := m.pinned[i]
			_, aside := m.out[[2]int{i, j}]
			if settled || aside {
				continue
			}
			if points, ok := m.gig.ScoreOf(w, s.Posting, s.Shift, m.held[w.ID].Around(s.Posting, s.Shift)); ok {
				ordered.Edges = append(ordered.Edges, assign.Edge{Worker: int32(i), Place: int32(j), Weight: bonus[i] + points})
				plain.Edges = append(plain.Edges, assign.Edge{Worker: int32(i), Place: int32(j), Weight: onePlace + points})
			}
		}
	}
	plain.Workers, plain.Places = ordered.Workers, ordered.Places
	return ordered, plain
}

func (m *morning) solve(second bool) (Proposal, error) {
	p, plain := m.problem()
	first, err := m.answer(p)
	if err != nil {
		return Proposal{}, err
	}
	unordered, err := assign.Assign(plain, assign.Options{Salt: string(m.policy.on)})
	if err != nil {
		return Proposal{}, err
	}
	out := Proposal{Workers: int64(len(m.workers)), Optimal: first.optimal, Tiers: m.tiers(first.result, unordered), Reserved: m.reserved, Apart: m.apart}
	for _, s := range m.seats {
		out.Places += s.Shift.Open()
	}
	out.Run.Placed, out.Run.Value = m.score(first.result)
	out.GreedyPlaced, out.GreedyValue = m.score(assign.Greedy(plain))
	_, out.PlainValue = m.score(unordered)
	out.Run.Problem, out.Run.Result, out.Run.Policy = first.Problem, first.Result, m.policy.version()
	day, taken := m.place(&out, first.result)
	if second {
		if err := m.more(&out, day, taken); err != nil {
			return Proposal{}, err
		}
	}
	slices.SortStableFunc(out.Pairs, func(a, b Pair) int {
		return cmp.Or(a.Seat.Shift.StartsAt.Compare(b.Seat.Shift.StartsAt), cmp.Compare(a.Seat.Shift.ID, b.Seat.Shift.ID), -cmp.Compare(a.Fit.Total, b.Fit.Total), cmp.Compare(a.Worker.ID, b.Worker.ID))
	})
	m.left(&out, day, taken)
	return out, nil
}

// score returns how many people an answer places, those pinned too, and the sum
// of their fits.
func (m *morning) score(r assign.Result) (placed, value int64) {
	add := func(i, j int) {
		x, s := m.workers[i], m.seats[j]
		points, _ := m.gig.ScoreOf(x, s.Posting, s.Shift, m.held[x.ID].Around(s.Posting, s.Shift))
		placed++
		value += points
	}
	for _, x := range r.Pairs {
		add(int(x.Worker), int(x.Place))
	}
	for i, j := range m.pinned {
		add(i, j)
	}
	return placed, value
}

// place says in people and shifts what the answer is, and returns who is where
// and how many of each seat's places are taken beside those pinned.
func (m *morning) place(out *Proposal, r assign.Result) (day map[int][]int, taken []int64) {
	day, taken = map[int][]int{}, make([]int64, len(m.seats))
	for _, x := range r.Pairs {
		w, s := int(x.Worker), int(x.Place)
		day[w] = append(day[w], s)
		taken[s]++
		out.Pairs = append(out.Pairs, Pair{Worker: m.workers[w], Seat: m.seats[s], Fit: m.fit(w, s)})
	}
	for w, s := range m.pinned {
		day[w] = append(day[w], s)
		out.Pairs = append(out.Pairs, Pair{Worker: m.workers[w], Seat: m.seats[s], Fit: m.fit(w, s), Pinned: true})
	}
	return day, taken
}

// left says who and what is left over, and what comes nearest.
func (m *morning) left(out *Proposal, day map[int][]int, taken []int64) {
	var idle []int
	for i := range m.workers {
		if len(day[i]) == 0 {
			idle = append(idle, i)
		}
	}
	all := make([]int, len(m.seats))
	for j, s := range m.seats {
		all[j] = j
		if open := m.open[j] - taken[j]; open > 0 {
			out.Unfilled = append(out.Unfilled, Unfilled{s, open, m.nearest(idle, []int{j})})
		}
	}
	for n, i := range idle {
		u := Unplaced{Worker: m.workers[i]}
		if n < maxExplained {
			u.Nearest = m.nearest([]int{i}, all)
		}
		out.Unplaced = append(out.Unplaced, u)
	}
}

// nearest returns, of the pairs of these workers and seats, the one with the
// fewest reasons against it, then the best fit; nil when there is none.
func (m *morning) nearest(workers, seats []int) *Pair {
	var best *Pair
	for _, i := range workers {
		for _, j := range seats {
			if f := m.fit(i, j); best == nil || nearer(f, best.Fit) < 0 {
				best = &Pair{Worker: m.workers[i], Seat: m.seats[j], Fit: f}
			}
		}
	}
	return best
}

func nearer(a, b gig.Fit) int {
	return cmp.Or(cmp.Compare(rules(a), rules(b)), cmp.Compare(len(a.Blockers), len(b.Blockers)), -cmp.Compare(a.Total, b.Total))
}

// rules counts the blockers that are no wish of her own: what she can set aside
// herself is nearer than what the law forbids.
func rules(f gig.Fit) int {
	n := 0
	for _, b := range f.Blockers {
		if !b.Wish() {
			n++
		}
	}
	return n
}
