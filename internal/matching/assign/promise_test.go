package assign_test

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"linggong/internal/matching/assign"
	"linggong/internal/matching/assign/certify"
	"linggong/internal/matching/assign/problem"
)

// Three thousand small problems of every kind of constraint, each solved to the
// end and under a stop at a random moment.
func TestThreeThousandProblemsAreThoseOfTryingEverything(t *testing.T) {
	t.Parallel()
	kinds := rapid.Custom(small)
	infeasible := 0
	for seed := range 3000 {
		p := kinds.Example(seed)
		want, feasible := brute(p)
		r, err := assign.Assign(p, assign.Options{})
		calls := 0
		s, stopErr := assign.Assign(p, assign.Options{Stop: func() bool { calls++; return calls > seed%4 }})
		if !feasible {
			infeasible++
			if !errors.Is(err, assign.ErrInfeasible) || !errors.Is(stopErr, assign.ErrInfeasible) {
				t.Fatalf("%d: an impossible problem gave %v and %v", seed, err, stopErr)
			}
			continue
		}
		if err != nil || r.Objective != want || !r.Optimal || r.Bound != want {
			t.Fatalf("%d: objective %d, bound %d, want %d, %v", seed, r.Objective, r.Bound, want, err)
		}
		if stopErr != nil {
			t.Fatalf("%d: stopped early: %v", seed, stopErr)
		}
		for _, x := range []assign.Result{r, s} {
			if rep, err := certify.Verify(p, x); err != nil || x.Optimal && !rep.Optimal {
				t.Fatalf("%d: the certificate does not hold: %+v, %v", seed, rep, err)
			}
		}
	}
	if infeasible < 100 || infeasible > 2000 {
		t.Errorf("%d of the problems are infeasible: the generator says little", infeasible)
	}
}

// dense draws a problem with more edges than the solver takes in at once.
func dense(seed uint64) assign.Problem {
	r := rand.New(rand.NewPCG(seed, 3))
	p := assign.Problem{Sense: problem.Max}
	if r.IntN(2) == 0 {
		p.Sense = problem.Min
	}
	p.RequireAllWorkers = r.IntN(3) == 0
	minimums, units := r.IntN(3) == 0, r.IntN(3) == 0
	nw, np := 20+r.IntN(60), 40+r.IntN(60)
	top := []int64{3, 100, 1 << 20, problem.MaxWeight}[r.IntN(4)]
	for i := range nw {
		w := assign.Worker{ID: fmt.Sprint("w", i)}
		if units && r.IntN(3) == 0 {
			w.Capacity = 1 + r.Int64N(4)
		}
		p.Workers = append(p.Workers, w)
	}
	for j := range np {
		q := assign.Place{ID: fmt.Sprint("p", j), Capacity: r.Int64N(4)}
		if minimums && r.IntN(8) == 0 {
			q.Min = r.Int64N(q.Capacity + 1)
		}
		p.Places = append(p.Places, q)
	}
	for i := range nw {
		for j := range np {
			if r.IntN(8) > 0 {
				p.Edges = append(p.Edges, assign.Edge{Worker: int32(i), Place: int32(j), Weight: r.Int64N(top+top/2) - top/2})
			}
		}
	}
	return p
}

func TestDenseProblemsOfEveryKindAreProved(t *testing.T) {
	t.Parallel()
	impossible := 0
	for seed := range uint64(400) {
		p := dense(seed)
		r, err := assign.Assign(p, assign.Options{Threads: 1 + int(seed%3)})
		if errors.Is(err, assign.ErrInfeasible) {
			impossible++
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		if rep, err := certify.Verify(p, r); err != nil || !rep.Optimal || !r.Optimal {
			t.Fatalf("%d: the certificate does not hold: %+v, %v", seed, rep, err)
		}
		calls := 0
		s, err := assign.Assign(p, assign.Options{Stop: func() bool { calls++; return calls > int(seed%6) }})
		if err != nil {
			t.Fatalf("%d: stopped early: %v", seed, err)
		}
		if rep, err := certify.Verify(p, s); err != nil {
			t.Fatalf("%d: stopped early: %+v, %v", seed, rep, err)
		}
	}
	if impossible > 200 {
		t.Errorf("%d of 400 were infeasible", impossible)
	}
}

// The price of a place is exactly what one more seat is worth, that of a worker
// exactly what would be lost without it.
func TestPricesAreExactlyWhatASeatAndAWorkerAreWorth(t *testing.T) {
	t.Parallel()
	for seed := range uint64(60) {
		p := market(seed, 60, 12, 6, 0.5+float64(seed%8)/10)
		if seed%2 == 0 {
			for k := range p.Edges {
				p.Edges[k].Weight = 1 + p.Edges[k].Weight/100 // many ties
			}
		}
		r := solveProved(t, p)
		for j := range p.Places {
			more := p
			more.Places = slices.Clone(p.Places)
			more.Places[j].Capacity++
			if d := solveProved(t, more).Objective - r.Objective; d != r.Prices.Places[j] {
				t.Fatalf("%d: a seat of price %d is worth %d", seed, r.Prices.Places[j], d)
			}
		}
		for i := range p.Workers {
			less := p
			less.Edges = slices.DeleteFunc(slices.Clone(p.Edges), func(e assign.Edge) bool { return e.Worker == int32(i) })
			if d := r.Objective - solveProved(t, less).Objective; d != r.Prices.Workers[i] {
				t.Fatalf("%d: a worker of price %d is worth %d", seed, r.Prices.Workers[i], d)
			}
		}
	}
}

func TestTheSameBytesOverAnyNumberOfThreads(t *testing.T) {
	t.Parallel()
	p := market(8, 1000, 500, 500, 0.9)
	if len(p.Edges) < 30*len(p.Workers) {
		t.Fatalf("%d edges: too few to be looked for by several", len(p.Edges))
	}
	var want []byte
	for run := range 40 {
		r, err := assign.Assign(p, assign.Options{Threads: 1 + run%2})
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if err := problem.WriteResult(&b, p, r); err != nil {
			t.Fatal(err)
		}
		if run == 0 {
			want = b.Bytes()
		} else if !bytes.Equal(want, b.Bytes()) {
			t.Fatalf("run %d gave other bytes", run)
		}
	}
}

// Whatever is changed in a result, what is still accepted is still true.
func TestAMutatedCertificateIsCaught(t *testing.T) {
	t.Parallel()
	rejected := 0
	const tries = 4000
	for n := range uint64(tries) {
		p := market(n%20, 30, 8, 5, 0.7)
		r := solveProved(t, p)
		best := r.Objective
		rnd := rand.New(rand.NewPCG(n, 9))
		r.Pairs = slices.Clone(r.Pairs)
		by := 1 + rnd.Int64N(30)
		if rnd.IntN(2) == 0 {
			by = -by
		}
		switch rnd.IntN(7) {
		case 0:
			r.Prices.Workers[rnd.IntN(len(p.Workers))] += by
		case 1:
			r.Prices.Places[rnd.IntN(len(p.Places))] += by
		case 2:
			r.Objective += by
			r.Bound += by
		case 3:
			r.Bound += by
		case 4:
			r.Pairs = slices.Delete(r.Pairs, 0, 1)
			r.Objective = assign.Value(p, r.Pairs)
			r.Bound = r.Objective
		case 5:
			r.Pairs[rnd.IntN(len(r.Pairs))].Place = int32(rnd.IntN(len(p.Places)))
			r.Objective = assign.Value(p, r.Pairs)
		default:
			r.Pairs[rnd.IntN(len(r.Pairs))].Worker = int32(rnd.IntN(len(p.Workers)))
			r.Objective = assign.Value(p, r.Pairs)
			r.Bound = r.Objective
		}
		if _, err := certify.Verify(p, r); err != nil {
			rejected++
		} else if r.Objective != best || r.Bound != best {
			t.Fatalf("%d: accepted %d ≤ %d, the best is %d", n, r.Objective, r.Bound, best)
		}
	}
	if rejected < tries*8/10 {
		t.Errorf("only %d of %d mutations did harm", rejected, tries)
	}
}
