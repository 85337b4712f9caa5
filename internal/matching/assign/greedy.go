package assign

import (
	"cmp"
	"slices"
	"strings"

	"linggong/internal/matching/assign/problem"
)

// Greedy pairs the best edge first, then the next that still fits: what a
// person at a desk does. It may miss minimums and required workers; it is
// the comparison shown beside the optimum, with Optimal false and no prices.
func Greedy(p Problem) Result {
	edges := slices.Clone(p.Edges)
	sign := int64(1)
	if p.Sense == problem.Min {
		sign = -1
	}
	slices.SortFunc(edges, func(a, b Edge) int {
		return cmp.Or(cmp.Compare(sign*b.Weight, sign*a.Weight),
			strings.Compare(p.Workers[a.Worker].ID, p.Workers[b.Worker].ID), strings.Compare(p.Places[a.Place].ID, p.Places[b.Place].ID))
	})
	load, taken := make([]int64, len(p.Workers)), make([]int64, len(p.Places))
	var r Result
	for _, e := range edges {
		if sign*e.Weight < 0 && !p.RequireAllWorkers {
			break
		}
		if load[e.Worker] < p.Workers[e.Worker].Units() && taken[e.Place] < p.Places[e.Place].Capacity {
			load[e.Worker]++
			taken[e.Place]++
			r.Pairs = append(r.Pairs, Pair{Worker: e.Worker, Place: e.Place})
			r.Objective += e.Weight
		}
	}
	SortPairs(p, r.Pairs)
	return r
}
