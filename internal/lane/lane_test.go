package lane_test

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"linggong/internal/lane"
)

func TestEverybodyGetsHerOwnAnswerAndTurnsAreShared(t *testing.T) {
	t.Parallel()
	var turns, most atomic.Int64
	begun, goOn := make(chan struct{}), make(chan struct{})
	l := lane.New(64, time.Minute, func(_ context.Context, asks []int) []lane.Answer[int] {
		if turns.Add(1) == 1 { // while the first is served the others arrive
			close(begun)
			<-goOn
		}
		most.Store(max(most.Load(), int64(len(asks))))
		out := make([]lane.Answer[int], len(asks))
		for i, a := range asks {
			out[i].Value = a * a
			if a%10 == 3 {
				out[i].Err = errors.New("three")
			}
		}
		return out
	})
	var wg sync.WaitGroup
	ask := func(n int) {
		wg.Go(func() {
			got, err := l.Do(t.Context(), n)
			if got != n*n || (err != nil) != (n%10 == 3) {
				t.Errorf("%d: %d, %v", n, got, err)
			}
		})
	}
	ask(0)
	<-begun
	for n := range 200 {
		ask(n)
	}
	for l.Waiting() < 200 {
		runtime.Gosched()
	}
	close(goOn)
	wg.Wait()
	if turns.Load() != 5 || most.Load() != 64 { // one, then 64, 64, 64 and 8
		t.Errorf("%d turns, at most %d together", turns.Load(), most.Load())
	}
}

func TestWhoLeavesDoesNotHoldUpTheOthers(t *testing.T) {
	t.Parallel()
	goOn := make(chan struct{})
	l := lane.New(8, time.Minute, func(_ context.Context, asks []int) []lane.Answer[int] {
		<-goOn
		return make([]lane.Answer[int], len(asks))
	})
	ctx, leave := context.WithCancel(t.Context())
	leave()
	if _, err := l.Do(ctx, 1); !errors.Is(err, context.Canceled) {
		t.Errorf("she left: %v", err)
	}
	close(goOn)
	if _, err := l.Do(t.Context(), 2); err != nil {
		t.Error(err)
	}
}

func TestATurnThatBreaksIsAnAnswerToo(t *testing.T) {
	t.Parallel()
	l := lane.New(8, time.Minute, func(_ context.Context, asks []int) []lane.Answer[int] {
		if asks[0] == 1 {
			panic("a mistake of ours")
		}
		return nil
	})
	for _, n := range []int{1, 2} {
		if _, err := l.Do(t.Context(), n); err == nil {
			t.Errorf("%d: no error", n)
		}
	}
}

func TestATurnThatHangsHoldsUpNobodyForLong(t *testing.T) {
	t.Parallel()
	l := lane.New(8, 10*time.Millisecond, func(ctx context.Context, asks []int) []lane.Answer[int] {
		out := make([]lane.Answer[int], len(asks))
		if asks[0] == 1 {
			<-ctx.Done() // a server that no longer answers
			out[0].Err = ctx.Err()
		}
		return out
	})
	if _, err := l.Do(t.Context(), 1); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the one that hangs: %v", err)
	}
	if _, err := l.Do(t.Context(), 2); err != nil {
		t.Errorf("the next: %v", err)
	}
}
