package certify

import (
	"fmt"
	"math/big"

	"linggong/internal/matching/assign/problem"
)

// VerifyPool is Verify for a pool: it looks at every eligible pair, one by one.
func VerifyPool(p *problem.Pool, r problem.Result) (Report, error) {
	if err := p.Validate(); err != nil {
		return Report{}, err
	}
	objective, err := lawfulInPool(p, r.Pairs)
	if err != nil {
		return Report{}, err
	}
	if objective != r.Objective {
		return Report{}, reject("objective", "wrong", fmt.Sprintf("目标值应为 %d", objective), fmt.Sprintf("the objective is %d", objective))
	}
	bound, err := provedInPool(p, r.Prices)
	if err != nil {
		return Report{}, err
	}
	if big.NewInt(r.Bound).Cmp(bound) < 0 {
		return Report{}, reject("bound", "unproved", fmt.Sprintf("价格只能证明界为 %s", bound), fmt.Sprintf("the prices prove no better bound than %s", bound))
	}
	gap := new(big.Int).Sub(bound, big.NewInt(objective))
	if r.Optimal && (gap.Sign() != 0 || r.Bound != objective) {
		return Report{}, reject("optimal", "unproved", fmt.Sprintf("声称最优，但价格证明的差距是 %s", gap), fmt.Sprintf("claimed optimal, but the prices leave a gap of %s", gap))
	}
	return Report{Pairs: len(r.Pairs), Objective: objective, Bound: bound.String(), Gap: gap.String(), Optimal: gap.Sign() == 0}, nil
}

func lawfulInPool(p *problem.Pool, pairs []problem.Pair) (sum int64, err error) {
	sits, taken := make([]bool, len(p.Workers)), make([]int64, len(p.Places))
	for k, x := range pairs {
		at := fmt.Sprintf("pairs[%d]", k)
		if x.Worker < 0 || int(x.Worker) >= len(p.Workers) || x.Place < 0 || int(x.Place) >= len(p.Places) {
			return 0, reject(at, "unknown", "编号超出范围", "an index is out of range")
		}
		w, ok := p.Weight(x.Worker, x.Place)
		if !ok {
			return 0, reject(at, "no_edge", "这一对不符合条件", "the pair is not eligible")
		}
		if sits[x.Worker] {
			return 0, reject(at, "over_capacity", "同一人安排了两处", "the worker has two places")
		}
		if taken[x.Place]++; taken[x.Place] > p.Places[x.Place].Capacity {
			return 0, reject(at, "over_capacity", "岗位已满", "the place is full")
		}
		sits[x.Worker] = true
		sum += w
	}
	return sum, nil
}

func provedInPool(p *problem.Pool, pr problem.Prices) (*big.Int, error) {
	if len(pr.Workers) != len(p.Workers) || len(pr.Places) != len(p.Places) {
		return nil, reject("prices", "missing", "价格数量与问题不符", "there is not one price for each worker and place")
	}
	var t tally
	var byTrade [64][]int32
	for j, v := range pr.Places {
		if v < 0 {
			return nil, reject(fmt.Sprintf("prices.places[%d]", j), "sign", "价格的正负不对", "the price has the wrong sign")
		}
		t.times(p.Places[j].Capacity, v)
		byTrade[p.Places[j].Skill] = append(byTrade[p.Places[j].Skill], int32(j))
	}
	for i, u := range pr.Workers {
		if u < 0 {
			return nil, reject(fmt.Sprintf("prices.workers[%d]", i), "sign", "价格的正负不对", "the price has the wrong sign")
		}
		t.times(1, u)
		for trade, places := range byTrade {
			if p.Workers[i].Skills>>trade&1 == 0 {
				continue
			}
			for _, j := range places {
				if w, ok := p.Weight(int32(i), j); ok {
					t.surplus(1, w, u, pr.Places[j])
				}
			}
		}
	}
	return t.total(), nil
}
