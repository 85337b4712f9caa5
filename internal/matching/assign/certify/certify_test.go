package certify_test

import (
	"errors"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"linggong/internal/matching/assign"
	"linggong/internal/matching/assign/certify"
	"linggong/internal/matching/assign/problem"
)

// solved is three workers, two places and the one best answer.
func solved(t *testing.T) (problem.Problem, problem.Result) {
	t.Helper()
	p := problem.Problem{
		Sense:   problem.Max,
		Workers: []problem.Worker{{ID: "a"}, {ID: "b"}, {ID: "c"}},
		Places:  []problem.Place{{ID: "x", Capacity: 1}, {ID: "y", Capacity: 1}},
		Edges: []problem.Edge{
			{Worker: 0, Place: 0, Weight: 10}, {Worker: 0, Place: 1, Weight: 4}, {Worker: 1, Place: 0, Weight: 8}, {Worker: 2, Place: 1, Weight: 3},
		},
	}
	r, err := assign.Assign(p, assign.Options{})
	if err != nil || r.Objective != 13 {
		t.Fatalf("%+v, %v", r, err)
	}
	return p, r
}

func TestATrueResultIsAccepted(t *testing.T) {
	t.Parallel()
	p, r := solved(t)
	rep, err := certify.Verify(p, r)
	if err != nil || !rep.Optimal || rep.Gap != "0" || rep.Pairs != 2 {
		t.Fatalf("%+v, %v", rep, err)
	}
}

func TestATamperedResultIsRejected(t *testing.T) {
	t.Parallel()
	for name, tamper := range map[string]func(p *problem.Problem, r *problem.Result){
		"a pair that is no edge":          func(_ *problem.Problem, r *problem.Result) { r.Pairs[0] = problem.Pair{Worker: 1, Place: 1} },
		"an index out of range":           func(_ *problem.Problem, r *problem.Result) { r.Pairs[0].Place = 7 },
		"a negative index":                func(_ *problem.Problem, r *problem.Result) { r.Pairs[0].Worker = -1 },
		"a pair twice":                    func(_ *problem.Problem, r *problem.Result) { r.Pairs = append(r.Pairs, r.Pairs[0]) },
		"a full place":                    func(p *problem.Problem, _ *problem.Result) { p.Places[0].Capacity = 0 },
		"a missed minimum":                func(p *problem.Problem, _ *problem.Result) { p.Places[0].Capacity, p.Places[0].Min = 2, 2 },
		"a required worker left out":      func(p *problem.Problem, _ *problem.Result) { p.RequireAllWorkers = true },
		"a better objective than is true": func(_ *problem.Problem, r *problem.Result) { r.Objective++ },
		"a pair dropped":                  func(_ *problem.Problem, r *problem.Result) { r.Pairs = r.Pairs[1:] },
		"a worse answer called optimal": func(_ *problem.Problem, r *problem.Result) {
			r.Pairs = []problem.Pair{{Worker: 0, Place: 0}}
			r.Objective, r.Bound = 10, 10
		},
		"a bound below the proof":   func(_ *problem.Problem, r *problem.Result) { r.Bound-- },
		"a bound above, optimal":    func(_ *problem.Problem, r *problem.Result) { r.Bound++ },
		"a price lowered":           func(_ *problem.Problem, r *problem.Result) { r.Prices.Places[0] = 0 },
		"a price raised":            func(_ *problem.Problem, r *problem.Result) { r.Prices.Workers[2] += 5 },
		"a negative worker's price": func(_ *problem.Problem, r *problem.Result) { r.Prices.Workers[2] = -1 },
		"prices missing":            func(_ *problem.Problem, r *problem.Result) { r.Prices.Places = nil },
		"prices beyond 64 bits": func(_ *problem.Problem, r *problem.Result) {
			r.Prices.Places[0], r.Prices.Places[1] = math.MaxInt64, math.MaxInt64
		},
		"a price of the least number": func(_ *problem.Problem, r *problem.Result) { r.Prices.Places[0] = math.MinInt64 },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, r := solved(t)
			tamper(&p, &r)
			if rep, err := certify.Verify(p, r); !errors.Is(err, certify.ErrRejected) {
				t.Fatalf("accepted: %+v, %v", rep, err)
			}
		})
	}
}

func TestAMalformedProblemIsNoCaseForTheChecker(t *testing.T) {
	t.Parallel()
	p, r := solved(t)
	p.Workers[1].ID = "a"
	if _, err := certify.Verify(p, r); !errors.Is(err, problem.ErrProblem) {
		t.Fatalf("%v", err)
	}
}

func TestAWorseAnswerMaySayHowFarItIsFromTheBest(t *testing.T) {
	t.Parallel()
	p, r := solved(t)
	r.Pairs, r.Objective, r.Optimal = slices.Clone(r.Pairs[:1]), 10, false
	rep, err := certify.Verify(p, r)
	if err != nil || rep.Gap != "3" || rep.Optimal {
		t.Fatalf("%+v, %v", rep, err)
	}
}

// Whatever prices are claimed, the bound they prove is never below the best.
func TestNoPricesProveTooMuch(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		p, best := solved(t)
		r := best
		draw := rapid.Int64Range(-20, 20)
		r.Prices = problem.Prices{
			Workers: []int64{draw.Draw(rt, "a"), draw.Draw(rt, "b"), draw.Draw(rt, "c")},
			Places:  []int64{draw.Draw(rt, "x"), draw.Draw(rt, "y")},
		}
		r.Optimal, r.Bound = false, best.Objective-1
		if _, err := certify.Verify(p, r); !errors.Is(err, certify.ErrRejected) {
			rt.Fatalf("prices %+v proved a bound below the optimum", r.Prices)
		}
	})
}
