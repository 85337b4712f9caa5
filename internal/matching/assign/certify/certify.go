// Package certify checks a result of an assignment against its problem without
// solving anything and without any of the solver's code: that the pairs are
// lawful, that the sums are right, and that the prices prove the bound.
//
// The proof is weak duality: for any lawful pairs x and any prices with the
// right signs, Σ w·x ≤ the bound of problem.Result, because each used unit and
// seat is paid for and every edge's surplus is counted. Equality proves x best.
package certify

import (
	"fmt"
	"math/big"

	"linggong/internal/errs"
	"linggong/internal/matching/assign/problem"
)

// ErrRejected says the result is not what it claims to be.
var ErrRejected = errs.New(errs.Conflict, "assignment_rejected", "指派结果核验不通过", "The assignment result does not hold.")

// Report is what was found true.
type Report struct {
	Pairs     int    `json:"pairs"`
	Objective int64  `json:"objective"`
	Bound     string `json:"bound"` // proved by the prices; may exceed 64 bits
	Gap       string `json:"gap"`   // how far the objective may be from the best
	Optimal   bool   `json:"optimal"`
}

// Verify returns what the result proves, or ErrRejected naming the first thing
// that is not so: pairs that are no edge or repeated, capacities exceeded,
// minimums or required workers missed, a wrong objective, prices of the wrong
// sign, a bound the prices do not prove, or a false claim to be optimal. The
// problem itself must be well formed, else problem.ErrProblem.
func Verify(p problem.Problem, r problem.Result) (Report, error) {
	if err := p.Validate(); err != nil {
		return Report{}, err
	}
	objective, err := lawful(p, r.Pairs)
	if err != nil {
		return Report{}, err
	}
	if objective.Cmp(big.NewInt(r.Objective)) != 0 {
		return Report{}, reject("objective", "wrong", fmt.Sprintf("目标值应为 %s", objective), fmt.Sprintf("the objective is %s", objective))
	}
	bound, err := proved(p, r.Prices)
	if err != nil {
		return Report{}, err
	}
	claimed := big.NewInt(r.Bound)
	gap := new(big.Int).Sub(bound, objective)
	weaker := claimed.Cmp(bound)
	if p.Sense == problem.Min {
		gap.Neg(gap)
		weaker = -weaker
	}
	if weaker < 0 {
		return Report{}, reject("bound", "unproved", fmt.Sprintf("价格只能证明界为 %s", bound), fmt.Sprintf("the prices prove no better bound than %s", bound))
	}
	if r.Optimal && (gap.Sign() != 0 || claimed.Cmp(objective) != 0) {
		return Report{}, reject("optimal", "unproved", fmt.Sprintf("声称最优，但价格证明的差距是 %s", gap), fmt.Sprintf("claimed optimal, but the prices leave a gap of %s", gap))
	}
	return Report{Pairs: len(r.Pairs), Objective: r.Objective, Bound: bound.String(), Gap: gap.String(), Optimal: gap.Sign() == 0}, nil
}

func reject(at, code, zh, english string) error {
	return ErrRejected.Saying(at+"："+zh, at+": "+english).On(at, code, zh)
}

// lawful checks the pairs and returns the sum of their weights.
func lawful(p problem.Problem, pairs []problem.Pair) (*big.Int, error) {
	chosen := make(map[problem.Pair]int, len(pairs))
	load, taken := make([]int64, len(p.Workers)), make([]int64, len(p.Places))
	for k, x := range pairs {
		at := fmt.Sprintf("pairs[%d]", k)
		if x.Worker < 0 || int(x.Worker) >= len(p.Workers) || x.Place < 0 || int(x.Place) >= len(p.Places) {
			return nil, reject(at, "unknown", "编号超出范围", "an index is out of range")
		}
		if _, ok := chosen[x]; ok {
			return nil, reject(at, "duplicate", "同一对出现两次", "the pair appears twice")
		}
		chosen[x] = k
		load[x.Worker]++
		taken[x.Place]++
	}
	sum, edges := new(big.Int), 0
	for _, e := range p.Edges {
		if _, ok := chosen[problem.Pair{Worker: e.Worker, Place: e.Place}]; ok {
			sum.Add(sum, big.NewInt(e.Weight))
			edges++
			delete(chosen, problem.Pair{Worker: e.Worker, Place: e.Place})
		}
	}
	if edges < len(pairs) {
		first := len(pairs)
		for _, k := range chosen {
			first = min(first, k)
		}
		return nil, reject(fmt.Sprintf("pairs[%d]", first), "no_edge", "问题里没有这条边", "the problem has no such edge")
	}
	return sum, counts(p, load, taken)
}

// counts checks capacities, minimums and required workers.
func counts(p problem.Problem, load, taken []int64) error {
	for i, n := range load {
		units := p.Workers[i].Units()
		if n > units {
			return reject(fmt.Sprintf("workers[%d]", i), "over_capacity", fmt.Sprintf("安排了 %d 处，只能 %d 处", n, units), fmt.Sprintf("has %d places, may have %d", n, units))
		}
		if p.RequireAllWorkers && n < units {
			return reject(fmt.Sprintf("workers[%d]", i), "unplaced", fmt.Sprintf("只安排了 %d 处，须 %d 处", n, units), fmt.Sprintf("has %d places, needs %d", n, units))
		}
	}
	for j, n := range taken {
		if n > p.Places[j].Capacity {
			return reject(fmt.Sprintf("places[%d]", j), "over_capacity", fmt.Sprintf("安排了 %d 人，只有 %d 位", n, p.Places[j].Capacity), fmt.Sprintf("has %d workers, may have %d", n, p.Places[j].Capacity))
		}
		if n < p.Places[j].Min {
			return reject(fmt.Sprintf("places[%d]", j), "under_minimum", fmt.Sprintf("只有 %d 人，至少 %d 人", n, p.Places[j].Min), fmt.Sprintf("has %d workers, needs %d", n, p.Places[j].Min))
		}
	}
	return nil
}

// proved evaluates the bound the prices prove.
func proved(p problem.Problem, pr problem.Prices) (*big.Int, error) {
	if len(pr.Workers) != len(p.Workers) || len(pr.Places) != len(p.Places) {
		return nil, reject("prices", "missing", "价格数量与问题不符", "there is not one price for each worker and place")
	}
	sign := int64(1)
	if p.Sense == problem.Min {
		sign = -1
	}
	var t tally
	for i, w := range p.Workers {
		u := pr.Workers[i]
		if sign < 0 && u > 0 || sign > 0 && u < 0 {
			if !p.RequireAllWorkers {
				return nil, reject(fmt.Sprintf("prices.workers[%d]", i), "sign", "价格的正负不对", "the price has the wrong sign")
			}
		}
		t.times(w.Units(), u)
	}
	for j, q := range p.Places {
		if v := pr.Places[j]; v > 0 == (sign > 0) {
			t.times(q.Capacity, v)
		} else {
			t.times(q.Min, v)
		}
	}
	for _, e := range p.Edges {
		t.surplus(sign, e.Weight, pr.Workers[e.Worker], pr.Places[e.Place])
	}
	return t.total(), nil
}

// tally adds exactly: in 64 bits while they last, carrying into a big integer.
type tally struct {
	big   big.Int
	small int64
}

func (t *tally) add(v int64) {
	s := t.small + v
	if (t.small^s)&(v^s) < 0 { // overflow
		t.big.Add(&t.big, big.NewInt(t.small))
		s = v
	}
	t.small = s
}

func (t *tally) times(n, v int64) {
	if n == 0 || v == 0 {
		return
	}
	if prod := n * v; prod/n == v && v != -1<<63 {
		t.add(prod)
		return
	}
	t.big.Add(&t.big, new(big.Int).Mul(big.NewInt(n), big.NewInt(v)))
}

// surplus adds what an edge gains beyond the prices of its ends, if it gains.
func (t *tally) surplus(sign, w, u, p int64) {
	const safe = 1 << 60
	if -safe < u && u < safe && -safe < p && p < safe { // |w| ≤ 2^40
		if v := w - u - p; sign*v > 0 {
			t.add(v)
		}
		return
	}
	v := new(big.Int).Sub(big.NewInt(w), big.NewInt(u))
	v.Sub(v, big.NewInt(p))
	if v.Sign()*int(sign) > 0 {
		t.big.Add(&t.big, v)
	}
}

func (t *tally) total() *big.Int { return new(big.Int).Add(&t.big, big.NewInt(t.small)) }
