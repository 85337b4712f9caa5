package searchbench_test

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// side answers one question for one of the clients.
type side func(ctx context.Context, client int, a *ask) error

// sample is how long one answer took.
type sample struct {
	kind string
	took time.Duration
}

// closed lets every client ask, wait for the answer and ask again, n questions together.
func closed(tb testing.TB, clients, n int, list []ask, fn side) []sample {
	tb.Helper()
	return drive(tb, clients, n, list, fn, func(int) time.Duration { return 0 })
}

// open asks at moments that do not wait for answers; how long one took is
// counted from the moment it was due.
func open(tb testing.TB, clients, n int, perSecond float64, list []ask, fn side) []sample {
	tb.Helper()
	rng := rand.New(rand.NewPCG(3, 5))
	due := make([]time.Duration, n)
	at := 0.0
	for i := range due {
		at += rng.ExpFloat64() / perSecond
		due[i] = time.Duration(at * float64(time.Second))
	}
	return drive(tb, clients, n, list, fn, func(i int) time.Duration { return due[i] })
}

func drive(tb testing.TB, clients, n int, list []ask, fn side, due func(i int) time.Duration) []sample {
	tb.Helper()
	out := make([]sample, n)
	var next atomic.Int64
	var wg sync.WaitGroup
	var failed atomic.Pointer[error]
	begin := time.Now()
	for client := range clients {
		wg.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= n || failed.Load() != nil {
					return
				}
				a := &list[i%len(list)]
				from := time.Now()
				if d := due(i); d > 0 {
					from = begin.Add(d)
					time.Sleep(time.Until(from))
				}
				if err := fn(tb.Context(), client+clients*(i%8), a); err != nil {
					failed.Store(&err)
					return
				}
				out[i] = sample{a.kind, time.Since(from)}
			}
		})
	}
	wg.Wait()
	if err := failed.Load(); err != nil {
		tb.Fatal(*err)
	}
	return out
}

// figures are the milliseconds of a lot of samples.
type figures struct {
	n                  int
	p50, p95, p99, max float64
}

func (f figures) String() string {
	return fmt.Sprintf("p50 %7.2f   p95 %7.2f   p99 %7.2f   max %8.2f ms   n %d", f.p50, f.p95, f.p99, f.max, f.n)
}

func figuresOf(list []sample, kind string) figures {
	var took []float64
	for _, s := range list {
		if kind == "" || s.kind == kind {
			took = append(took, float64(s.took.Nanoseconds())/1e6)
		}
	}
	slices.Sort(took)
	if len(took) == 0 {
		return figures{}
	}
	at := func(p int) float64 { return took[min(len(took)-1, len(took)*p/100)] }
	return figures{len(took), at(50), at(95), at(99), took[len(took)-1]}
}

// median returns the middle, the least and the greatest of a list.
func median(list []float64) (mid, least, most float64) {
	s := slices.Clone(list)
	slices.SortFunc(s, func(a, b float64) int { return cmp.Compare(a, b) })
	return s[len(s)/2], s[0], s[len(s)-1]
}
