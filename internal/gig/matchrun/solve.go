package matchrun

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"

	"linggong/internal/day"
	"linggong/internal/gig"
	"linggong/internal/matching/assign"
	"linggong/internal/matching/assign/certify"
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
}

// dropTaken leaves out who has work or an open question on that day: nobody is
// asked twice for one day.
func (m *morning) dropTaken(on day.Date) {
	m.workers = slices.DeleteFunc(m.workers, func(w gig.WorkerView) bool {
		return slices.ContainsFunc(m.held[w.ID].Live, func(h gig.Held) bool { return day.Of(h.Window.From) == on })
	})
}

func (m *morning) fit(w, seat int) gig.Fit {
	x, s := m.workers[w], m.seats[seat]
	return m.gig.FitOf(x, s.Posting, s.Shift, m.held[x.ID].Around(s.Posting, s.Shift))
}

// problem writes the morning as an assignment problem.
func (m *morning) problem() assign.Problem {
	p := assign.Problem{Sense: problem.Max}
	for _, w := range m.workers {
		p.Workers = append(p.Workers, assign.Worker{ID: string(w.ID), Capacity: 1})
	}
	for j, s := range m.seats {
		p.Places = append(p.Places, assign.Place{ID: string(s.Shift.ID), Capacity: s.Shift.Open()})
		for i, w := range m.workers {
			if points, ok := m.gig.ScoreOf(w, s.Posting, s.Shift, m.held[w.ID].Around(s.Posting, s.Shift)); ok {
				p.Edges = append(p.Edges, assign.Edge{Worker: int32(i), Place: int32(j), Weight: onePlace + points})
			}
		}
	}
	return p
}

func (m *morning) solve() (Proposal, error) {
	p := m.problem()
	r, err := assign.Assign(p, assign.Options{})
	if err != nil {
		return Proposal{}, err
	}
	// The checker shares no code with the solver: what it does not confirm is
	// not shown as the best.
	report, err := certify.Verify(p, r)
	if err != nil {
		return Proposal{}, err
	}
	out := Proposal{Workers: int64(len(m.workers)), Optimal: report.Optimal}
	for _, s := range m.seats {
		out.Places += s.Shift.Open()
	}
	out.Run.Placed, out.Run.Value = score(r)
	out.GreedyPlaced, out.GreedyValue = score(assign.Greedy(p))
	var ask, answer bytes.Buffer
	if err := problem.Write(&ask, p); err != nil {
		return Proposal{}, fmt.Errorf("write the problem: %w", err)
	}
	if err := problem.WriteResult(&answer, p, r); err != nil {
		return Proposal{}, fmt.Errorf("write the result: %w", err)
	}
	out.Run.Problem, out.Run.Result = ask.String(), answer.String()
	m.explain(&out, r)
	return out, nil
}

// score returns how many pairs an answer has and the sum of their fits.
func score(r assign.Result) (placed, value int64) {
	placed = int64(len(r.Pairs))
	return placed, r.Objective - placed*onePlace
}

// explain says in people and places what the answer is and what it leaves over.
func (m *morning) explain(out *Proposal, r assign.Result) {
	placed, taken := make([]bool, len(m.workers)), make([]int64, len(m.seats))
	for _, x := range r.Pairs {
		w, s := int(x.Worker), int(x.Place)
		placed[w] = true
		taken[s]++
		out.Pairs = append(out.Pairs, Pair{m.workers[w], m.seats[s], m.fit(w, s)})
	}
	slices.SortStableFunc(out.Pairs, func(a, b Pair) int {
		return cmp.Or(a.Seat.Shift.StartsAt.Compare(b.Seat.Shift.StartsAt), cmp.Compare(a.Seat.Shift.ID, b.Seat.Shift.ID), -cmp.Compare(a.Fit.Total, b.Fit.Total))
	})
	var left []int
	for i := range m.workers {
		if !placed[i] {
			left = append(left, i)
		}
	}
	all := make([]int, len(m.seats))
	for j, s := range m.seats {
		all[j] = j
		if open := s.Shift.Open() - taken[j]; open > 0 {
			out.Unfilled = append(out.Unfilled, Unfilled{s, open, m.nearest(left, []int{j})})
		}
	}
	for n, i := range left {
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
				best = &Pair{m.workers[i], m.seats[j], f}
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
