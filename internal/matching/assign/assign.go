// Package assign finds the best assignment of workers to places with
// capacities (有容量的指派), exactly, with prices that prove it.
//
// The method is a forward auction for a good start and shortest augmenting
// paths on reduced costs to make it exact. It is deterministic: the same
// problem gives the same pairs and prices in whatever order its workers,
// places and edges are listed. package certify checks a result without trust
// in anything here.
package assign

import (
	"fmt"

	"linggong/internal/errs"
	"linggong/internal/matching/assign/problem"
)

// The types of the problem and its result, from package problem.
type (
	Problem = problem.Problem
	Worker  = problem.Worker
	Place   = problem.Place
	Edge    = problem.Edge
	Pair    = problem.Pair
	Result  = problem.Result
	Prices  = problem.Prices
)

// What can keep a well-formed problem from an answer.
var (
	// ErrInfeasible says not all minimum head counts and required workers can be met.
	ErrInfeasible = errs.New(errs.Conflict, "assignment_infeasible", "最少人数或必须安排的人无法全部满足", "The minimum head counts or required workers cannot all be met.")
	// ErrTooLarge says sums of weights would not fit in 64 bits.
	ErrTooLarge = errs.New(errs.Invalid, "assignment_too_large", "权重与规模相乘超出整数范围，请缩小权重", "The weights are too large for a problem of this size.")
	// ErrStopped says Options.Stop came before all minimum head counts were met.
	ErrStopped = errs.New(errs.Unavailable, "assignment_stopped", "在满足最少人数之前已到时限", "Time ran out before the minimum head counts were met.")
)

// Options tune a run. The zero value solves to the end.
type Options struct {
	// Stop is asked now and then; once it says true the best answer so far is
	// returned with Optimal false and a true Bound. The caller reads the clock:
	// this package has none. nil never stops.
	Stop func() bool

	// Salt turns the order in which ties are broken, so that equals take turns
	// from day to day; the value of the answer does not depend on it.
	Salt string
}

// Assign returns the best pairs of p, and the prices that prove it. It returns
// problem.ErrProblem for what is not well formed, ErrInfeasible where minimum
// head counts or required workers cannot be met, ErrTooLarge, or ErrStopped.
// Time grows with edges·log(places) times the contention for seats; memory is
// about 40 bytes an edge.
func Assign(p Problem, o Options) (Result, error) {
	if err := p.Validate(); err != nil {
		return Result{}, fmt.Errorf("assign: %w", err)
	}
	n, err := newNetwork(p, o.Salt)
	if err != nil {
		return Result{}, err
	}
	s := newSearch(n, o.Stop)
	s.run()
	if s.stopped {
		s.fillFree()
	}
	return n.result(s)
}
