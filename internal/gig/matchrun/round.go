package matchrun

import (
	"bytes"
	"fmt"

	"linggong/internal/gig"
	"linggong/internal/matching"
	"linggong/internal/matching/assign"
	"linggong/internal/matching/assign/certify"
	"linggong/internal/matching/assign/problem"
	"linggong/internal/region"
)

// Round is one question and its answer, as they are kept. The first gives each
// person at most one shift; later ones, if the operator wants them, give who is
// placed another that day, where one after the other can be done.
type Round struct {
	Problem string `json:"problem"`
	Result  string `json:"result"`
}

// maxRounds is how many shifts a day somebody is ever offered.
const maxRounds = 3

// solved is a round as the answer and what the checker, which shares no code
// with the solver, says of it.
type solved struct {
	Round
	result  assign.Result
	optimal bool
}

func (m *morning) answer(p assign.Problem) (solved, error) {
	r, err := assign.Assign(p, assign.Options{Salt: string(m.policy.on)})
	if err != nil {
		return solved{}, err
	}
	report, err := certify.Verify(p, r)
	if err != nil {
		return solved{}, err
	}
	var ask, answer bytes.Buffer
	if err := problem.Write(&ask, p); err != nil {
		return solved{}, fmt.Errorf("write the problem: %w", err)
	}
	if err := problem.WriteResult(&answer, p, r); err != nil {
		return solved{}, fmt.Errorf("write the result: %w", err)
	}
	return solved{Round{ask.String(), answer.String()}, r, report.Optimal}, nil
}

// more fills places that are left with people who have a shift already. Who has
// none comes first: a second shift is given only where nobody is without one.
// Each round is the best there is; together they need not be, so the bound says
// how many places could be filled if shifts never stood in each other's way.
func (m *morning) more(out *Proposal, day map[int][]int, taken []int64) error {
	var err error
	if out.PlacesBound, err = m.bound(); err != nil {
		return err
	}
	for range maxRounds - 1 {
		p := m.another(day, taken)
		if len(p.Edges) == 0 {
			return nil
		}
		s, err := m.answer(p)
		if err != nil {
			return err
		}
		if len(s.result.Pairs) == 0 {
			return nil
		}
		out.Optimal = out.Optimal && s.optimal
		out.Run.Rounds = append(out.Run.Rounds, s.Round)
		for _, x := range s.result.Pairs {
			w, j := int(x.Worker), int(x.Place)
			out.Pairs = append(out.Pairs, Pair{Worker: m.workers[w], Seat: m.seats[j], Fit: m.fitBeside(w, j, day[w]), Again: true})
			out.Again++
			day[w], taken[j] = append(day[w], j), taken[j]+1
		}
	}
	return nil
}

// another is the problem of the places still open and the people who have work.
func (m *morning) another(day map[int][]int, taken []int64) assign.Problem {
	p := assign.Problem{Sense: problem.Max}
	for _, w := range m.workers {
		p.Workers = append(p.Workers, assign.Worker{ID: string(w.ID), Capacity: 1})
	}
	for j, s := range m.seats {
		p.Places = append(p.Places, assign.Place{ID: string(s.Shift.ID), Capacity: m.open[j] - taken[j]})
		if m.open[j] == taken[j] {
			continue
		}
		for i := range m.workers {
			if mine := day[i]; len(mine) > 0 {
				if f := m.fitBeside(i, j, mine); f.Eligible() {
					p.Edges = append(p.Edges, assign.Edge{Worker: int32(i), Place: int32(j), Weight: onePlace + f.Total})
				}
			}
		}
	}
	return p
}

// fitBeside judges a pair of somebody who does these shifts of the day as well:
// the way between them, the rest and the week's hours with one employer count.
func (m *morning) fitBeside(w, seat int, mine []int) gig.Fit {
	x, s := m.workers[w], m.seats[seat]
	h := m.held[x.ID]
	live := append([]gig.Held(nil), h.Live...)
	for _, j := range mine {
		o := m.seats[j]
		live = append(live, gig.Held{
			Employer: o.Posting.EmployerID, Shift: o.Shift.ID, Status: gig.Confirmed, Holds: true, Minutes: o.Shift.Minutes(),
			Window: matching.Window{From: o.Shift.StartsAt, To: o.Shift.EndsAt, DistanceM: between(o.Posting, s.Posting), Minutes: o.Shift.Minutes()},
		})
	}
	h.Live = live
	c := h.Around(s.Posting, s.Shift)
	f := m.gig.FitOf(x, s.Posting, s.Shift, c)
	if c.Status != "" {
		f.Blockers = append(f.Blockers, matching.Blocker{
			Code: "same_shift", Message: "已在这个班次里", English: "She is in this shift already", Rule: "R-FIT-08", Source: "本次匹配", Remedy: "换一个班次",
		})
	}
	if b, ok := m.out[[2]int{w, seat}]; ok {
		f.Blockers = append(f.Blockers, b)
	}
	return f
}

func between(a, b gig.Posting) int64 {
	if a.Place.IsZero() || b.Place.IsZero() {
		return 0
	}
	return int64(region.Distance(a.Place.Lat(), a.Place.Lng(), b.Place.Lat(), b.Place.Lng()))
}

// bound is how many places could be filled if one shift never stood in the way
// of another: no answer fills more.
func (m *morning) bound() (int64, error) {
	p, _ := m.problem()
	for i := range p.Workers {
		p.Workers[i].Capacity = maxRounds
	}
	for i := range p.Edges {
		p.Edges[i].Weight = 1
	}
	r, err := assign.Assign(p, assign.Options{})
	if err != nil {
		return 0, fmt.Errorf("bound the places: %w", err)
	}
	// A pinned person is nobody's in the problem: she may take as many shifts more.
	return min(r.Bound+int64(len(m.pinned))*maxRounds, m.total()), nil
}

func (m *morning) total() int64 {
	n := int64(len(m.pinned))
	for _, o := range m.open {
		n += o
	}
	return n
}
