// Package assign finds the best assignment of workers to places with
// capacities (有容量的指派), exactly, with prices that prove it.
//
// The method is a forward auction for a good start and shortest augmenting
// paths on reduced costs to make it exact. Edges that cannot matter are not
// kept: those that would improve the answer are added until none is left. It is
// deterministic: the same problem gives the same pairs and prices in whatever
// order its workers, places and edges are listed, on any number of threads. package certify checks a result without trust
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
	ErrInfeasible = errs.New(errs.Invalid, "assignment_infeasible", "最少人数或必须安排的人无法全部满足", "The minimum head counts or required workers cannot all be met.")
	// ErrTooLarge says sums of weights would not fit in 64 bits.
	ErrTooLarge = errs.New(errs.Invalid, "assignment_too_large", "权重与规模相乘超出整数范围，请缩小权重", "The weights are too large for a problem of this size.")
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

	// Threads is how many goroutines may look for columns at once; 0 is one.
	// The answer does not depend on it.
	Threads int

	// Effort, if not nil, is told how hard the run was.
	Effort *Effort
}

// Assign returns the best pairs of p, and the prices that prove it. It returns
// problem.ErrProblem for what is not well formed, ErrInfeasible where minimum
// head counts or required workers cannot be met, or ErrTooLarge. Stopped early
// it still meets minimums and required workers. Memory beyond p is about 24
// bytes for each edge looked at closely, in dense problems a few in a hundred;
// edges that are not listed by worker are copied.
func Assign(p Problem, o Options) (Result, error) {
	if err := p.Validate(); err != nil {
		return Result{}, fmt.Errorf("assign: %w", err)
	}
	l, err := newListed(p, o.Salt)
	if err != nil {
		return Result{}, err
	}
	c := l.core(o.Threads)
	c.stop = o.Stop
	c.run()
	if o.Effort != nil {
		o.Effort.count(c)
	}
	if c.stopped {
		c.fallBack()
		l.fulfil(c)
	} else {
		c.anchor(l.relax(c))
	}
	return l.result(c)
}
