package assign_test

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"linggong/internal/errs"
	"linggong/internal/matching/assign"
	"linggong/internal/matching/assign/certify"
	"linggong/internal/matching/assign/problem"
)

// small draws a problem a brute force can solve.
func small(t *rapid.T) assign.Problem {
	p := assign.Problem{Sense: rapid.SampledFrom([]problem.Sense{problem.Max, problem.Min}).Draw(t, "sense")}
	many := rapid.Bool().Draw(t, "several places a worker")
	nw, np := rapid.IntRange(0, 6).Draw(t, "workers"), rapid.IntRange(0, 5).Draw(t, "places")
	if many {
		nw, np = min(nw, 4), min(np, 4)
	}
	p.RequireAllWorkers = rapid.IntRange(0, 3).Draw(t, "required") == 0
	for i := range nw {
		w := assign.Worker{ID: fmt.Sprintf("w%d", i)}
		if many {
			w.Capacity = rapid.Int64Range(1, 3).Draw(t, "units")
		}
		p.Workers = append(p.Workers, w)
	}
	for j := range np {
		q := assign.Place{ID: fmt.Sprintf("p%d", j), Capacity: rapid.Int64Range(0, 3).Draw(t, "seats")}
		if rapid.IntRange(0, 3).Draw(t, "has a minimum") == 0 {
			q.Min = rapid.Int64Range(0, q.Capacity).Draw(t, "min")
		}
		p.Places = append(p.Places, q)
	}
	limit := rapid.SampledFrom([]int64{1, 5, 1000, problem.MaxWeight}).Draw(t, "weights up to")
	for i := range nw {
		for j := range np {
			if rapid.IntRange(0, 3).Draw(t, "edge") > 0 {
				p.Edges = append(p.Edges, assign.Edge{Worker: int32(i), Place: int32(j), Weight: rapid.Int64Range(-limit, limit).Draw(t, "weight")})
			}
		}
	}
	return p
}

// brute tries everything.
func brute(p assign.Problem) (best int64, feasible bool) {
	byWorker := make([][]assign.Edge, len(p.Workers))
	for _, e := range p.Edges {
		byWorker[e.Worker] = append(byWorker[e.Worker], e)
	}
	taken := make([]int64, len(p.Places))
	var try func(i, k int, load, sum int64)
	try = func(i, k int, load, sum int64) {
		if i == len(p.Workers) {
			for j, q := range p.Places {
				if taken[j] < q.Min {
					return
				}
			}
			if !feasible || p.Sense == problem.Max && sum > best || p.Sense == problem.Min && sum < best {
				best, feasible = sum, true
			}
			return
		}
		if k == len(byWorker[i]) {
			if !p.RequireAllWorkers || load == p.Workers[i].Units() {
				try(i+1, 0, 0, sum)
			}
			return
		}
		try(i, k+1, load, sum)
		e := byWorker[i][k]
		if load < p.Workers[i].Units() && taken[e.Place] < p.Places[e.Place].Capacity {
			taken[e.Place]++
			try(i, k+1, load+1, sum+e.Weight)
			taken[e.Place]--
		}
	}
	try(0, 0, 0, 0)
	return best, feasible
}

func TestTheAnswerIsThatOfTryingEverything(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := small(t)
		want, feasible := brute(p)
		r, err := assign.Assign(p, assign.Options{Salt: rapid.SampledFrom([]string{"", "a", "2026-11-23"}).Draw(t, "salt")})
		if !feasible {
			if !errors.Is(err, assign.ErrInfeasible) {
				t.Fatalf("an impossible problem gave %v, %v", r, err)
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		if r.Objective != want || !r.Optimal || r.Bound != want {
			t.Fatalf("objective %d, bound %d, want %d", r.Objective, r.Bound, want)
		}
		rep, err := certify.Verify(p, r)
		if err != nil || !rep.Optimal {
			t.Fatalf("the certificate does not hold: %+v, %v", rep, err)
		}
	})
}

func TestORLibraryAssign100(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("testdata/assign100.txt")
	if err != nil {
		t.Fatal(err)
	}
	in := strings.NewReader(string(data))
	var n int
	if _, err := fmt.Fscan(in, &n); err != nil {
		t.Fatal(err)
	}
	p := assign.Problem{Sense: problem.Min, RequireAllWorkers: true}
	for i := range n {
		p.Workers = append(p.Workers, assign.Worker{ID: fmt.Sprint("w", i)})
		p.Places = append(p.Places, assign.Place{ID: fmt.Sprint("p", i), Capacity: 1})
	}
	for i := range n {
		for j := range n {
			e := assign.Edge{Worker: int32(i), Place: int32(j)}
			if _, err := fmt.Fscan(in, &e.Weight); err != nil {
				t.Fatal(err)
			}
			p.Edges = append(p.Edges, e)
		}
	}
	r, err := assign.Assign(p, assign.Options{})
	if err != nil || r.Objective != 305 || len(r.Pairs) != n {
		t.Fatalf("%d with %d pairs, %v; the published optimum is 305", r.Objective, len(r.Pairs), err)
	}
	if rep, err := certify.Verify(p, r); err != nil || !rep.Optimal {
		t.Fatalf("%+v, %v", rep, err)
	}
}

// market draws a city: towns of different size, thirty trades of different
// demand, distances, pay above a floor; each worker keeps its best edges, at
// most degree of them. Weights are round, so that there are ties.
func market(seed uint64, workers, places, degree int, tight float64) assign.Problem {
	r := rand.New(rand.NewPCG(seed, 7))
	p := assign.Problem{Sense: problem.Max}
	type spot struct{ x, y float64 }
	var towns []spot
	for range 16 {
		towns = append(towns, spot{r.Float64() * 60, r.Float64() * 60})
	}
	near := func() spot {
		t := towns[int(r.Float64()*r.Float64()*16)]
		return spot{t.x + r.NormFloat64()*4, t.y + r.NormFloat64()*4}
	}
	trade := func() int { return int(r.Float64() * r.Float64() * 30) }
	seats := tight * float64(workers) / float64(places)
	where, pay, byTrade := make([]spot, places), make([]float64, places), make([][]int, 30)
	for j := range places {
		capacity := int64(max(1, seats*(0.5+r.Float64())))
		p.Places = append(p.Places, assign.Place{ID: fmt.Sprintf("place-%06d", j), Capacity: capacity})
		k := trade()
		where[j], pay[j], byTrade[k] = near(), 80+r.Float64()*220, append(byTrade[k], j)
	}
	for i := range workers {
		p.Workers = append(p.Workers, assign.Worker{ID: fmt.Sprintf("worker-%06d", i)})
		home, floor := near(), 80+r.Float64()*120
		var mine []assign.Edge
		done := map[int]bool{}
		for range 1 + r.IntN(4) {
			k := trade()
			if done[k] {
				continue
			}
			done[k] = true
			for _, j := range byTrade[k] {
				w := 400 + pay[j] - floor - 10*math.Hypot(where[j].x-home.x, where[j].y-home.y)
				if w > 0 && pay[j] >= floor {
					mine = append(mine, assign.Edge{Worker: int32(i), Place: int32(j), Weight: int64(w)})
				}
			}
		}
		slices.SortFunc(mine, func(a, b assign.Edge) int { return cmp.Or(int(b.Weight-a.Weight), int(a.Place-b.Place)) })
		p.Edges = append(p.Edges, mine[:min(degree, len(mine))]...)
	}
	return p
}

func TestTheOrderOfTheListsDoesNotMatter(t *testing.T) {
	t.Parallel()
	p := market(3, 300, 60, 12, 0.8)
	want, err := assign.Assign(p, assign.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for seed := range uint64(5) {
		q, workers, places := shuffled(p, seed)
		got, err := assign.Assign(q, assign.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if d := gocmp.Diff(named(p, want), named(q, got)); d != "" {
			t.Fatalf("another order gave other pairs:\n%s", d)
		}
		for i, k := range workers {
			if want.Prices.Workers[k] != got.Prices.Workers[i] {
				t.Fatal("another order gave other prices of workers")
			}
		}
		for j, k := range places {
			if want.Prices.Places[k] != got.Prices.Places[j] {
				t.Fatal("another order gave other prices of places")
			}
		}
	}
}

func shuffled(p assign.Problem, seed uint64) (q assign.Problem, workers, places []int) {
	r := rand.New(rand.NewPCG(seed, 1))
	q = p
	workers, places = r.Perm(len(p.Workers)), r.Perm(len(p.Places))
	q.Workers, q.Places, q.Edges = make([]assign.Worker, len(p.Workers)), make([]assign.Place, len(p.Places)), nil
	newWorker, newPlace := make([]int32, len(workers)), make([]int32, len(places))
	for i, k := range workers {
		q.Workers[i], newWorker[k] = p.Workers[k], int32(i)
	}
	for j, k := range places {
		q.Places[j], newPlace[k] = p.Places[k], int32(j)
	}
	for _, k := range r.Perm(len(p.Edges)) {
		e := p.Edges[k]
		q.Edges = append(q.Edges, assign.Edge{Worker: newWorker[e.Worker], Place: newPlace[e.Place], Weight: e.Weight})
	}
	return q, workers, places
}

func named(p assign.Problem, r assign.Result) []string {
	var out []string
	for _, x := range r.Pairs {
		out = append(out, p.Workers[x.Worker].ID+" "+p.Places[x.Place].ID)
	}
	return out
}

func TestSaltTurnsTiesAndNotTheValue(t *testing.T) {
	t.Parallel()
	p := assign.Problem{Sense: problem.Max, Places: []assign.Place{{ID: "seat", Capacity: 1}}}
	for i := range 8 {
		p.Workers = append(p.Workers, assign.Worker{ID: fmt.Sprint(i)})
		p.Edges = append(p.Edges, assign.Edge{Worker: int32(i), Weight: 10})
	}
	chosen := map[int32]bool{}
	for d := range 30 {
		r, err := assign.Assign(p, assign.Options{Salt: fmt.Sprint(d)})
		if err != nil || r.Objective != 10 || len(r.Pairs) != 1 {
			t.Fatalf("%+v, %v", r, err)
		}
		chosen[r.Pairs[0].Worker] = true
	}
	if len(chosen) < 3 {
		t.Fatalf("of eight equals only %d were ever chosen", len(chosen))
	}
}

// measured.md: what prices promise.
func TestPricesSayWhatASeatAndAWorkerAreWorth(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := market(rapid.Uint64().Draw(t, "seed"), 40, 8, 4, 0.7)
		r, err := assign.Assign(p, assign.Options{})
		if err != nil {
			t.Fatal(err)
		}
		j := rapid.IntRange(0, len(p.Places)-1).Draw(t, "place")
		more := p
		more.Places = append([]assign.Place(nil), p.Places...)
		more.Places[j].Capacity++
		r2, err := assign.Assign(more, assign.Options{})
		if err != nil || r2.Objective < r.Objective || r2.Objective > r.Objective+r.Prices.Places[j] {
			t.Fatalf("one more seat of price %d took %d to %d, %v", r.Prices.Places[j], r.Objective, r2.Objective, err)
		}
		i := int32(rapid.IntRange(0, len(p.Workers)-1).Draw(t, "worker"))
		less := p
		less.Edges = nil
		for _, e := range p.Edges {
			if e.Worker != i {
				less.Edges = append(less.Edges, e)
			}
		}
		// the prices still bound what is left: the worker was worth its price at
		// least, and its own pair at most
		var own int64
		for _, x := range r.Pairs {
			if x.Worker == i {
				own = assign.Value(p, []assign.Pair{x})
			}
		}
		r3, err := assign.Assign(less, assign.Options{})
		if err != nil || r3.Objective > r.Objective-r.Prices.Workers[i] || r3.Objective < r.Objective-own {
			t.Fatalf("without a worker of price %d %d became %d, %v", r.Prices.Workers[i], r.Objective, r3.Objective, err)
		}
		if g := assign.Greedy(p); g.Objective > r.Objective {
			t.Fatalf("greedy %d beats the optimum %d", g.Objective, r.Objective)
		}
	})
}

func TestStoppedEarlyItSaysHowFarItMayBeFromTheBest(t *testing.T) {
	t.Parallel()
	p := market(5, 400, 40, 10, 0.5)
	best, err := assign.Assign(p, assign.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, calls := range []int{0, 1, 3, 10, 30} {
		n := 0
		r, err := assign.Assign(p, assign.Options{Stop: func() bool { n++; return n > calls }})
		if err != nil {
			t.Fatal(err)
		}
		if r.Objective > best.Objective || r.Bound < best.Objective || r.Optimal && r.Objective != best.Objective {
			t.Fatalf("stopped after %d: %d ≤ %d ≤ %d does not hold", calls, r.Objective, best.Objective, r.Bound)
		}
		if _, err := certify.Verify(p, r); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAnImpossibleProblemSaysWhatIsShort(t *testing.T) {
	t.Parallel()
	p := assign.Problem{
		Sense: problem.Max, Workers: []assign.Worker{{ID: "a"}}, Places: []assign.Place{{ID: "x", Capacity: 3, Min: 2}},
		Edges: []assign.Edge{{Weight: 1}},
	}
	_, err := assign.Assign(p, assign.Options{})
	var e *errs.Error
	if !errors.As(err, &e) || e.Code != assign.ErrInfeasible.Code || len(e.Fields) != 1 || e.Fields[0].Name != "places[0].min" {
		t.Fatalf("%v", err)
	}
}

func TestWeightsThatCouldOverflowAreRefused(t *testing.T) {
	t.Parallel()
	p := assign.Problem{Sense: problem.Max, RequireAllWorkers: true}
	for i := range 600_000 {
		p.Workers = append(p.Workers, assign.Worker{ID: fmt.Sprint(i)})
	}
	p.Places = []assign.Place{{ID: "x", Capacity: 600_000}}
	p.Edges = []assign.Edge{{Weight: problem.MaxWeight}}
	if _, err := assign.Assign(p, assign.Options{}); !errors.Is(err, assign.ErrTooLarge) {
		t.Fatalf("%v", err)
	}
}

func TestAResultSurvivesItsFile(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := small(t)
		r, err := assign.Assign(p, assign.Options{})
		if err != nil {
			return
		}
		var pb, rb bytes.Buffer
		if err := errors.Join(problem.Write(&pb, p), problem.WriteResult(&rb, p, r)); err != nil {
			t.Fatal(err)
		}
		p2, err := problem.Read(&pb)
		if err != nil {
			t.Fatal(err)
		}
		r2, err := problem.ReadResult(&rb, p2)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := certify.Verify(p2, r2); err != nil {
			t.Fatal(err)
		}
	})
}

func BenchmarkAssign(b *testing.B) {
	for _, c := range []struct {
		name                    string
		workers, places, degree int
		tight                   float64
	}{
		{"2000x400x20", 2000, 400, 20, 0.9},
		{"10000x2000x50/tight", 10_000, 2000, 50, 0.9},
		{"10000x2000x50/scarce", 10_000, 2000, 50, 0.6},
		{"10000x2000x50/ample", 10_000, 2000, 50, 1.5},
		{"10000x2000/all", 10_000, 2000, 2000, 0.9},
	} {
		p := market(11, c.workers, c.places, c.degree, c.tight)
		b.Run(c.name, func(b *testing.B) {
			var r assign.Result
			for b.Loop() {
				var err error
				if r, err = assign.Assign(p, assign.Options{}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(len(r.Pairs)), "pairs")
			b.ReportMetric(float64(assign.Greedy(p).Objective)/float64(r.Objective), "greedy/optimum")
		})
		b.Run(c.name+"/verify", func(b *testing.B) {
			r, err := assign.Assign(p, assign.Options{})
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				if _, err := certify.Verify(p, r); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkReadProblem(b *testing.B) {
	var buf bytes.Buffer
	if err := problem.Write(&buf, market(11, 10_000, 2000, 50, 0.9)); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(buf.Len()))
	for b.Loop() {
		if _, err := problem.Read(bytes.NewReader(buf.Bytes())); err != nil {
			b.Fatal(err)
		}
	}
}
