package assign_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"linggong/internal/matching/assign"
	"linggong/internal/matching/assign/certify"
	"linggong/internal/matching/assign/city"
	"linggong/internal/matching/assign/problem"
)

func name(kind string, i int) string { return fmt.Sprintf("%s-%06d", kind, i) }

// BenchmarkGreedy puts "best first", as a list on a platform does it, beside the
// best: persons placed and value, as seats get scarce. The weight of a pair is
// its fit alone, or that of one more person above all.
func BenchmarkGreedy(b *testing.B) {
	for _, seats := range []int64{600, 900, 1200} {
		for _, base := range []int64{400, 100_000_000} {
			p := city.Pool(1, 10_000, 2000, seats)
			p.Terms.Base = base
			listed := p.Listed()
			b.Run(fmt.Sprintf("seats=%d‰/base=%d", seats, base), func(b *testing.B) {
				var r, g assign.Result
				for b.Loop() {
					var err error
					if r, err = assign.AssignPool(p, assign.Options{}); err != nil {
						b.Fatal(err)
					}
				}
				g = assign.Greedy(listed)
				b.ReportMetric(float64(len(g.Pairs)), "greedy-persons")
				b.ReportMetric(float64(len(r.Pairs)), "persons")
				b.ReportMetric(float64(r.Objective-base*int64(len(r.Pairs)))/float64(len(r.Pairs)), "fit/person")
				b.ReportMetric(float64(g.Objective)/float64(r.Objective), "greedy/best")
			})
		}
	}
}

// turns runs two sides one after the other, n times, and returns the median of
// how many times longer the first takes.
func turns(n int, first, second func()) (ratio, firstTook, secondTook float64) {
	var ratios, a, b []float64
	clock := func(f func()) float64 {
		start := time.Now()
		f()
		return time.Since(start).Seconds()
	}
	for k := range n {
		var x, y float64
		if k%2 == 0 {
			x = clock(first)
			y = clock(second)
		} else {
			y = clock(second)
			x = clock(first)
		}
		ratios, a, b = append(ratios, x/y), append(a, x), append(b, y)
	}
	median := func(v []float64) float64 { slices.Sort(v); return v[len(v)/2] }
	return median(ratios), median(a), median(b)
}

// BenchmarkDense compares with the textbook in the same run, turn by turn; both
// start from the problem.
func BenchmarkDense(b *testing.B) {
	for _, n := range []int{1000, 5000} {
		for _, limit := range []int64{100, 1_000_000} {
			p, _ := square(n, limit, 1)
			b.Run(fmt.Sprintf("%d/costs=%d", n, limit), func(b *testing.B) {
				var want, got int64
				textbook := func() {
					cost, cells := make([][]int64, n), make([]int64, n*n)
					for i := range cost {
						cost[i] = cells[i*n : (i+1)*n]
					}
					for _, e := range p.Edges {
						cost[e.Worker][e.Place] = e.Weight
					}
					want = 0
					for i, j := range jonkerVolgenant(cost) {
						want += cost[i][j]
					}
				}
				for b.Loop() {
					ratio, slow, fast := turns(9, textbook, func() {
						r, err := assign.Assign(p, assign.Options{Threads: 2})
						if err != nil {
							b.Fatal(err)
						}
						got = r.Objective
					})
					b.ReportMetric(ratio, "textbook/ours")
					b.ReportMetric(slow, "s-textbook")
					b.ReportMetric(fast, "s-ours")
				}
				if got != want {
					b.Fatalf("%d, the textbook says %d", got, want)
				}
			})
		}
	}
}

// BenchmarkPool solves full eligible graphs that are never written down.
func BenchmarkPool(b *testing.B) {
	for _, n := range []int{1250, 2500, 5000, 10_000, 20_000, 40_000, 100_000} {
		p := city.Pool(1, n, n/5, 900)
		for _, threads := range []int{1, 2} {
			b.Run(fmt.Sprintf("%dx%d/threads=%d", n, n/5, threads), func(b *testing.B) {
				var r assign.Result
				var e assign.Effort
				for b.Loop() {
					var err error
					if r, err = assign.AssignPool(p, assign.Options{Threads: threads, Effort: &e}); err != nil {
						b.Fatal(err)
					}
				}
				if n <= 10_000 {
					if rep, err := certify.VerifyPool(p, r); err != nil || !rep.Optimal {
						b.Fatal(rep, err)
					}
				}
				b.ReportMetric(float64(len(r.Pairs)), "persons")
				b.ReportMetric(float64(e.Columns), "columns")
				b.ReportMetric(float64(e.Rounds), "rounds")
			})
		}
	}
}

// top lists each worker's best edges of a pool.
func top(p *assign.Pool, degree int) assign.Problem {
	out := assign.Problem{Sense: problem.Max}
	var trades [64][]int32
	for j, q := range p.Places {
		out.Places = append(out.Places, assign.Place{ID: q.ID, Capacity: q.Capacity})
		trades[q.Skill] = append(trades[q.Skill], int32(j))
	}
	var mine []assign.Edge
	for i, w := range p.Workers {
		out.Workers = append(out.Workers, assign.Worker{ID: w.ID})
		mine = mine[:0]
		for k, places := range trades {
			if w.Skills>>k&1 == 0 {
				continue
			}
			for _, j := range places {
				if v, ok := p.Weight(int32(i), j); ok {
					mine = append(mine, assign.Edge{Worker: int32(i), Place: j, Weight: v})
				}
			}
		}
		slices.SortFunc(mine, func(a, b assign.Edge) int { return int(b.Weight - a.Weight) })
		mine = mine[:min(degree, len(mine))]
		slices.SortFunc(mine, func(a, b assign.Edge) int { return int(a.Place - b.Place) })
		out.Edges = append(out.Edges, mine...)
	}
	return out
}

// BenchmarkExplicit solves listed problems of 50 edges a worker, beside LEMON
// where it is installed.
func BenchmarkExplicit(b *testing.B) {
	opponent := lemon(b)
	for _, n := range []int{10_000, 100_000} {
		p := top(city.Pool(1, n, n/5, 900), 50)
		b.Run(fmt.Sprintf("%dx%dx50", n, n/5), func(b *testing.B) {
			var r assign.Result
			for b.Loop() {
				var err error
				if r, err = assign.Assign(p, assign.Options{Threads: 2}); err != nil {
					b.Fatal(err)
				}
			}
			if opponent == "" {
				return
			}
			took := b.Elapsed().Seconds() / float64(b.N)
			value, theirs := runLemon(b, opponent, p)
			if value != r.Objective {
				b.Fatalf("%d, LEMON says %d", r.Objective, value)
			}
			b.ReportMetric(theirs.Seconds(), "s-lemon")
			b.ReportMetric(theirs.Seconds()/took, "lemon/ours")
		})
	}
}

// lemon compiles the opponent, or says that it cannot.
func lemon(b *testing.B) string {
	b.Helper()
	if _, err := os.Stat("/usr/include/lemon/network_simplex.h"); err != nil {
		b.Log("SKIPPED: no comparison with LEMON: apt-get install liblemon-dev g++")
		return ""
	}
	bin := filepath.Join(b.TempDir(), "lemon")
	if out, err := exec.CommandContext(b.Context(), "g++", "-O3", "-o", bin, "testdata/lemon.cc").CombinedOutput(); err != nil {
		b.Logf("SKIPPED: no comparison with LEMON: %v\n%s", err, out)
		return ""
	}
	return bin
}

func runLemon(b *testing.B, bin string, p assign.Problem) (value int64, took time.Duration) {
	b.Helper()
	list := []int64{int64(len(p.Workers)), int64(len(p.Places)), int64(len(p.Edges))}
	for _, q := range p.Places {
		list = append(list, q.Capacity)
	}
	for _, e := range p.Edges {
		list = append(list, int64(e.Worker), int64(e.Place), e.Weight)
	}
	var in bytes.Buffer
	if err := binary.Write(&in, binary.NativeEndian, list); err != nil {
		b.Fatal(err)
	}
	c := exec.CommandContext(b.Context(), bin)
	c.Stdin = &in
	out, err := c.Output()
	if err != nil {
		b.Fatal(err)
	}
	if _, err := fmt.Sscan(string(out), &value, &took); err != nil {
		b.Fatal(err)
	}
	return value, took
}

// BenchmarkChange makes one change after another to a solved full graph.
func BenchmarkChange(b *testing.B) {
	pool := city.Pool(1, 10_000, 2000, 900)
	p := pool.Listed()
	s, err := assign.NewSession(p, assign.Options{})
	if err != nil {
		b.Fatal(err)
	}
	edges := make([][]assign.To, len(p.Workers))
	back := make([][]assign.To, len(p.Places))
	for _, e := range p.Edges {
		edges[e.Worker] = append(edges[e.Worker], assign.To{ID: p.Places[e.Place].ID, Weight: e.Weight})
		back[e.Place] = append(back[e.Place], assign.To{ID: p.Workers[e.Worker].ID, Weight: e.Weight})
	}
	rnd := rand.New(rand.NewPCG(1, 1))
	var at int
	acts := []struct {
		name string
		act  func() error
	}{
		{"worker-goes", func() error { at = rnd.IntN(len(p.Workers)); return s.RemoveWorker(p.Workers[at].ID) }},
		{"worker-comes", func() error { return s.SetWorker(p.Workers[at], edges[at]) }},
		{"a-seat-more-or-less", func() error {
			q := p.Places[rnd.IntN(len(p.Places))]
			return s.SetCapacity(q.ID, max(1, q.Capacity-1+rnd.Int64N(3)))
		}},
		{"place-goes", func() error { at = rnd.IntN(len(p.Places)); return s.RemovePlace(p.Places[at].ID) }},
		{"place-comes", func() error { return s.SetPlace(p.Places[at], back[at]) }},
	}
	took := make([][]time.Duration, len(acts))
	for b.Loop() {
		for k, a := range acts {
			start := time.Now()
			if err := a.act(); err != nil {
				b.Fatal(err)
			}
			took[k] = append(took[k], time.Since(start))
		}
	}
	for k, a := range acts {
		slices.Sort(took[k])
		b.ReportMetric(took[k][len(took[k])/2].Seconds()*1000, "ms-p50-"+a.name)
		b.ReportMetric(took[k][len(took[k])*99/100].Seconds()*1000, "ms-p99-"+a.name)
	}
	b.StopTimer()
	q, r := s.Result()
	cold, err := assign.Assign(q, assign.Options{})
	if err != nil || cold.Objective != r.Objective || !slices.Equal(cold.Pairs, r.Pairs) {
		b.Fatalf("warm %d and cold %d differ, %v", r.Objective, cold.Objective, err)
	}
}
