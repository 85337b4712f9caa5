package assign_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"linggong/internal/matching/assign"
	"linggong/internal/matching/assign/certify"
	"linggong/internal/matching/assign/city"
	"linggong/internal/matching/assign/problem"
)

func solvePool(t *testing.T, p *assign.Pool, o assign.Options) assign.Result {
	t.Helper()
	r, err := assign.AssignPool(p, o)
	if err != nil {
		t.Fatal(err)
	}
	rep, err := certify.VerifyPool(p, r)
	if err != nil || rep.Optimal != r.Optimal {
		t.Fatalf("the certificate does not hold: %+v, %v", rep, err)
	}
	return r
}

// The pool and the list of all its eligible pairs are one problem: the same
// value, the same prices.
func TestAPoolIsSolvedAsIfEveryPairWereListed(t *testing.T) {
	t.Parallel()
	for seed := range uint64(60) {
		p := city.Pool(seed, 40+int(seed)*9, 30+int(seed)*3, 500+int64(seed)*10)
		if seed%3 == 0 {
			p.Terms = assign.Terms{Base: 20, Yuan: 1, Km: 1} // many ties, many pairs not worth it
		}
		r := solvePool(t, p, assign.Options{Threads: 1 + int(seed%2)})
		listed := p.Listed()
		want := solveProved(t, listed)
		if !r.Optimal || r.Objective != want.Objective {
			t.Fatalf("%d: %d, listed %d", seed, r.Objective, want.Objective)
		}
		if d := gocmp.Diff(want.Prices.Places, r.Prices.Places); d != "" {
			t.Fatalf("%d: other prices\n%s", seed, d)
		}
		if _, err := certify.Verify(listed, r); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAPoolOfACityHasTheDensityOfACity(t *testing.T) {
	t.Parallel()
	p := city.Pool(1, 2000, 400, 900)
	pairs := len(p.Listed().Edges)
	if share := 1000 * pairs / (2000 * 400); share < 60 || share > 120 {
		t.Errorf("%d of a thousand pairs are eligible", share)
	}
}

func TestAPoolHasTheSameAnswerOverThreadsAndOrders(t *testing.T) {
	t.Parallel()
	p := city.Pool(5, 900, 200, 800)
	want := solvePool(t, p, assign.Options{})
	for run := range 20 {
		if d := gocmp.Diff(want, solvePool(t, p, assign.Options{Threads: 1 + run%2})); d != "" {
			t.Fatal(d)
		}
	}
	q := *p
	q.Workers, q.Places = slices.Clone(p.Workers), slices.Clone(p.Places)
	rnd := rand.New(rand.NewPCG(1, 1))
	rnd.Shuffle(len(q.Workers), func(a, b int) { q.Workers[a], q.Workers[b] = q.Workers[b], q.Workers[a] })
	rnd.Shuffle(len(q.Places), func(a, b int) { q.Places[a], q.Places[b] = q.Places[b], q.Places[a] })
	names := func(p *assign.Pool, r assign.Result) []string {
		var out []string
		for _, x := range r.Pairs {
			out = append(out, p.Workers[x.Worker].ID+" "+p.Places[x.Place].ID)
		}
		slices.Sort(out)
		return out
	}
	if d := gocmp.Diff(names(p, want), names(&q, solvePool(t, &q, assign.Options{}))); d != "" {
		t.Fatalf("another order gave other pairs:\n%s", d)
	}
}

func TestAPoolStoppedEarlySaysHowFarItMayBe(t *testing.T) {
	t.Parallel()
	p := city.Pool(6, 900, 200, 700)
	best := solvePool(t, p, assign.Options{})
	for _, calls := range []int{0, 1, 2, 5, 10, 20, 40, 80} {
		n := 0
		r := solvePool(t, p, assign.Options{Stop: func() bool { n++; return n > calls }})
		if r.Objective > best.Objective || r.Bound < best.Objective {
			t.Fatalf("after %d: %d ≤ %d ≤ %d does not hold", calls, r.Objective, best.Objective, r.Bound)
		}
		t.Logf("after %3d questions %.1f %% of the best, proved within %.1f %%", calls,
			100*float64(r.Objective)/float64(best.Objective), 100*float64(r.Bound-r.Objective)/float64(r.Bound))
	}
}

// One seat, a hundred equals: who waits longest gets it.
func TestWhoWaitsLongestGoesFirst(t *testing.T) {
	t.Parallel()
	p := &assign.Pool{Terms: assign.Terms{Base: 10}, Places: []assign.Post{{ID: "x", Capacity: 1}}}
	for i := range 100 {
		p.Workers = append(p.Workers, assign.Seeker{ID: fmt.Sprint(i), Skills: 1, Waits: int64(i * 37 % 100)})
	}
	if r := solvePool(t, p, assign.Options{}); len(r.Pairs) != 1 || p.Workers[r.Pairs[0].Worker].Waits != 99 {
		t.Fatalf("%+v", r.Pairs)
	}
}

func TestAnyChangeOfAPoolsCertificateIsCaught(t *testing.T) {
	t.Parallel()
	p := city.Pool(7, 60, 12, 700)
	best := solvePool(t, p, assign.Options{})
	for n := range uint64(2000) {
		rnd := rand.New(rand.NewPCG(n, 9))
		r := best
		r.Pairs = slices.Clone(best.Pairs)
		r.Prices = problem.Prices{Workers: slices.Clone(best.Prices.Workers), Places: slices.Clone(best.Prices.Places)}
		by := rnd.Int64N(60) - 30
		switch rnd.IntN(6) {
		case 0:
			r.Prices.Workers[rnd.IntN(len(p.Workers))] += by
		case 1:
			r.Prices.Places[rnd.IntN(len(p.Places))] += by
		case 2:
			r.Objective += by
			r.Bound += by
		case 3:
			r.Pairs[0].Place = rnd.Int32N(14) - 1
		case 4:
			r.Pairs = append(r.Pairs, problem.Pair{Worker: rnd.Int32N(60), Place: rnd.Int32N(12)})
		default:
			r.Bound += by
		}
		if _, err := certify.VerifyPool(p, r); err == nil && (r.Objective != best.Objective || r.Bound != best.Bound) {
			t.Fatalf("%d: accepted %d ≤ %d, the best is %d", n, r.Objective, r.Bound, best.Objective)
		} else if err != nil && !errors.Is(err, certify.ErrRejected) {
			t.Fatal(err)
		}
	}
}
