package assign

import (
	"cmp"
	"fmt"
	"math"
	"math/big"
	"slices"
	"strings"
)

// result turns a finished or stopped search back into the words of the problem.
func (l *listed) result(c *core) (Result, error) {
	if err := l.shortfall(c); err != nil {
		return Result{}, err
	}
	r := Result{Optimal: !c.stopped, Prices: l.prices(c, c.p)}
	for j, seats := range c.taken {
		for _, e := range seats {
			r.Pairs = append(r.Pairs, Pair{Worker: e.work, Place: int32(j)})
			w := l.scale.points(c.arcs[e.work][e.arc].weight)
			if l.p.RequireAllWorkers {
				w -= l.bonus
			}
			r.Objective += l.sign * w
		}
	}
	SortPairs(l.p, r.Pairs)
	r.Bound = r.Objective
	if c.stopped {
		r.Bound = l.bound(r.Prices)
		if c.known != nil {
			prices := l.prices(c, c.known)
			if bound := l.bound(prices); l.sign*bound < l.sign*r.Bound {
				r.Prices, r.Bound = prices, bound
			}
		}
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
func (l *listed) shortfall(c *core) error {
	var short, out int64
	err := ErrInfeasible
	for _, j := range c.place {
		if d := int64(c.must[j]) - int64(len(c.taken[j])); d > 0 {
			if short == 0 {
				err = err.On(fmt.Sprintf("places[%d].min", j), "unmet", fmt.Sprintf("还差 %d 人", d))
			}
			short += d
		}
	}
	if l.p.RequireAllWorkers {
		for _, i := range c.turns {
			if d := l.p.Workers[i].Units() - int64(c.load[i]); d > 0 {
				if out == 0 {
					err = err.On(fmt.Sprintf("workers[%d]", i), "unplaced", "没有可去的岗位")
				}
				out += d
			}
		}
	}
	if short+out == 0 {
		return nil
	}
	return err.Saying(
		fmt.Sprintf("%s：岗位共缺 %d 人，必须安排的共余 %d 人", err.Message, short, out),
		fmt.Sprintf("%s Places lack %d, required workers left over: %d.", err.English, short, out))
}

// prices returns the dual values in the sign of the problem. A worker's is what
// its last unit gains at the prices of places.
func (l *listed) prices(c *core, places []int64) Prices {
	pr := Prices{Workers: make([]int64, len(c.units)), Places: make([]int64, len(c.seats))}
	for j, v := range places {
		pr.Places[j] = l.sign * l.scale.points(v)
	}
	for i := range c.units {
		pr.Workers[i] = l.sign * l.gain(c, int32(i), pr)
	}
	if slices.Contains(l.seats, 0) {
		l.priceClosed(pr)
	}
	return pr
}

// gain is what worker i has from its last unit at the prices of open places. It
// need not look where a core that was solved to the end tells it.
func (l *listed) gain(c *core, i int32, pr Prices) int64 {
	if c != nil && !c.stopped && c.units[i] == 1 && c.load[i] == 1 && l.p.Workers[i].Units() == 1 {
		// it sits where it gains most
		a := c.arcs[i][c.only[i]]
		v := l.scale.points(a.weight) - l.sign*pr.Places[a.to]
		if l.p.RequireAllWorkers {
			v -= l.bonus
		}
		return v
	}
	var gains []int64
	best, units, n := int64(math.MinInt64), l.p.Workers[i].Units(), int64(0)
	for _, e := range l.row(i) {
		if l.seats[e.Place] == 0 {
			continue
		}
		v := l.sign * (e.Weight - pr.Places[e.Place])
		best = max(best, v)
		n++
		if units > 1 {
			gains = append(gains, v)
		}
	}
	if n < units {
		return 0
	}
	if units > 1 {
		slices.SortFunc(gains, func(a, b int64) int { return cmp.Compare(b, a) })
		best = gains[units-1]
	}
	if best < 0 && !l.p.RequireAllWorkers {
		return 0
	}
	return best
}

// priceClosed prices places without a seat so that nobody would choose them.
func (l *listed) priceClosed(pr Prices) {
	for _, e := range l.edges {
		if l.seats[e.Place] == 0 {
			if need := l.sign * (e.Weight - pr.Workers[e.Worker]); need > l.sign*pr.Places[e.Place] {
				pr.Places[e.Place] = l.sign * need
			}
		}
	}
}

// bound evaluates the formula at problem.Result; beyond 64 bits it is the
// largest or smallest number, which is a true bound too.
func (l *listed) bound(pr Prices) int64 {
	sum := new(big.Int)
	add := func(count, v int64) {
		if count != 0 && v != 0 {
			sum.Add(sum, new(big.Int).Mul(big.NewInt(count), big.NewInt(v)))
		}
	}
	for i, w := range l.p.Workers {
		add(w.Units(), l.sign*pr.Workers[i])
	}
	for j, q := range l.p.Places {
		if v := l.sign * pr.Places[j]; v > 0 {
			add(q.Capacity, v)
		} else if v < 0 {
			add(q.Min, v)
		}
	}
	for _, e := range l.edges {
		if v := l.sign * (e.Weight - pr.Workers[e.Worker] - pr.Places[e.Place]); v > 0 {
			add(1, v)
		}
	}
	if !sum.IsInt64() {
		return l.sign * math.MaxInt64
	}
	return l.sign * sum.Int64()
}
