package assign

import (
	"cmp"
	"fmt"
	"math"
	"math/big"
	"slices"
	"strings"

	"linggong/internal/matching/assign/problem"
)

// result turns a finished or stopped search back into the words of the problem.
func (n *network) result(s *search) (Result, error) {
	if err := n.shortfall(s); err != nil {
		return Result{}, err
	}
	r := Result{Optimal: !s.stopped}
	for e, used := range s.used {
		if used {
			r.Pairs = append(r.Pairs, Pair{Worker: n.workers[n.owner[e]], Place: n.places[n.to[e]]})
		}
	}
	SortPairs(n.p, r.Pairs)
	r.Objective = Value(n.p, r.Pairs)
	r.Prices = n.prices(s)
	r.Bound = r.Objective
	if s.stopped {
		r.Bound = n.bound(r.Prices)
		r.Optimal = r.Bound == r.Objective
	}
	return r, nil
}

// SortPairs orders pairs by the ids of their workers, then of their places.
func SortPairs(p Problem, pairs []Pair) {
	slices.SortFunc(pairs, func(a, b Pair) int {
		return cmp.Or(strings.Compare(p.Workers[a.Worker].ID, p.Workers[b.Worker].ID), strings.Compare(p.Places[a.Place].ID, p.Places[b.Place].ID))
	})
}

// Value returns the sum of the weights of pairs; a pair that is no edge counts 0.
func Value(p Problem, pairs []Pair) int64 {
	want := make(map[Pair]bool, len(pairs))
	for _, x := range pairs {
		want[x] = true
	}
	var sum int64
	for _, e := range p.Edges {
		if want[Pair{Worker: e.Worker, Place: e.Place}] {
			sum += e.Weight
		}
	}
	return sum
}

// shortfall refuses an answer that misses a minimum or leaves out a required worker.
func (n *network) shortfall(s *search) error {
	base := ErrInfeasible
	if s.stopped {
		base = ErrStopped
	}
	var short, out int64
	err := base
	for j, must := range n.must {
		if d := int64(must) - int64(len(s.taken[j])); d > 0 {
			if short == 0 {
				err = err.On(fmt.Sprintf("places[%d].min", n.places[j]), "unmet", fmt.Sprintf("还差 %d 人", d))
			}
			short += d
		}
	}
	if n.p.RequireAllWorkers {
		for i, load := range s.load {
			if d := n.p.Workers[n.workers[i]].Units() - int64(load); d > 0 {
				if out == 0 {
					err = err.On(fmt.Sprintf("workers[%d]", n.workers[i]), "unplaced", "没有可去的岗位")
				}
				out += d
			}
		}
	}
	if short+out == 0 {
		return nil
	}
	return err.Saying(
		fmt.Sprintf("%s：岗位共缺 %d 人，必须安排的共余 %d 人", base.Message, short, out),
		fmt.Sprintf("%s Places lack %d, required workers left over: %d.", base.English, short, out))
}

// prices returns the dual values in the order and sign of the problem. A
// worker's is what its last unit gains at the prices of places.
func (n *network) prices(s *search) Prices {
	pr := Prices{Workers: make([]int64, len(n.workers)), Places: make([]int64, len(n.places))}
	sign := n.sign()
	for r, j := range n.places {
		pr.Places[j] = sign * s.p[r]
	}
	gains := n.gains(pr)
	for i, g := range gains {
		units := n.p.Workers[i].Units()
		slices.SortFunc(g, func(a, b int64) int { return cmp.Compare(b, a) })
		var u int64
		if int64(len(g)) >= units {
			if u = g[units-1]; u < 0 && !n.p.RequireAllWorkers {
				u = 0
			}
		}
		pr.Workers[i] = sign * u
	}
	n.priceClosed(pr)
	return pr
}

func (n *network) sign() int64 {
	if n.p.Sense == problem.Min {
		return -1
	}
	return 1
}

// gains lists for each worker what each of its edges to an open place is worth
// beyond the place's price.
func (n *network) gains(pr Prices) [][]int64 {
	sign := n.sign()
	out := make([][]int64, len(n.p.Workers))
	for _, e := range n.p.Edges {
		if n.p.Places[e.Place].Capacity > 0 {
			out[e.Worker] = append(out[e.Worker], sign*(e.Weight-pr.Places[e.Place]))
		}
	}
	return out
}

// priceClosed prices places without a seat so that nobody would choose them.
func (n *network) priceClosed(pr Prices) {
	sign := n.sign()
	for _, e := range n.p.Edges {
		if n.p.Places[e.Place].Capacity == 0 {
			if need := sign * (e.Weight - pr.Workers[e.Worker]); need > sign*pr.Places[e.Place] {
				pr.Places[e.Place] = sign * need
			}
		}
	}
}

// bound evaluates the formula at problem.Result; beyond 64 bits it is the
// largest or smallest number, which is a true bound too.
func (n *network) bound(pr Prices) int64 {
	sign := n.sign()
	sum := new(big.Int)
	add := func(count, v int64) { sum.Add(sum, new(big.Int).Mul(big.NewInt(count), big.NewInt(v))) }
	for i, w := range n.p.Workers {
		add(w.Units(), sign*pr.Workers[i])
	}
	for j, q := range n.p.Places {
		if v := sign * pr.Places[j]; v > 0 {
			add(q.Capacity, v)
		} else if v < 0 {
			add(q.Min, v)
		}
	}
	for _, e := range n.p.Edges {
		if v := sign * (e.Weight - pr.Workers[e.Worker] - pr.Places[e.Place]); v > 0 {
			add(1, v)
		}
	}
	if !sum.IsInt64() {
		return sign * math.MaxInt64
	}
	return sign * sum.Int64()
}
