package cache_test

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"linggong/internal/cache"
	"linggong/internal/cache/cachetest"
)

func TestLocalCacheKeepsTheContract(t *testing.T) {
	t.Parallel()
	cachetest.Run(t, func(t *testing.T) *cache.Cache {
		c := cache.NewLocal(time.Now)
		t.Cleanup(func() {
			if err := c.Close(); err != nil {
				t.Error(err)
			}
		})
		return c
	})
}

func TestTimeIsTheOneGiven(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	c := cache.NewLocal(func() time.Time { return at })
	ctx := t.Context()
	if err := c.Set(ctx, "k", []byte("v"), time.Minute); err != nil {
		t.Fatal(err)
	}
	at = at.Add(time.Minute - 1)
	if _, ok, err := c.Get(ctx, "k"); !ok || err != nil {
		t.Errorf("a nanosecond early: %v, %v", ok, err)
	}
	at = at.Add(1)
	if _, ok, err := c.Take(ctx, "k"); ok || err != nil {
		t.Errorf("in time: %v, %v", ok, err)
	}
}

// Over any stretch of time a limit lets through at most its burst and what the
// stretch earned, and never keeps anyone waiting longer than it said.
func TestLimitHoldsOverAnyStretch(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		limit := rapid.IntRange(1, 20).Draw(t, "limit")
		per := time.Duration(rapid.IntRange(1, 5000).Draw(t, "per")) * time.Millisecond
		at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
		c := cache.NewLocal(func() time.Time { return at })
		start, passed, n := at, 0, rapid.IntRange(1, 80).Draw(t, "requests")
		for range n {
			d, err := c.Allow(t.Context(), "k", limit, per)
			if err != nil {
				t.Fatal(err)
			}
			if d.OK {
				passed++
			} else if rapid.Bool().Draw(t, "wait") {
				at = at.Add(d.RetryAfter)
				if d, err = c.Allow(t.Context(), "k", limit, per); err != nil || !d.OK {
					t.Fatalf("waited as told and was refused: %+v, %v", d, err)
				}
				passed++
			}
			if step := per / time.Duration(limit); step > 0 {
				if most := limit + int(at.Sub(start)/step) + 1; passed > most {
					t.Fatalf("%d passed in %v, at most %d may", passed, at.Sub(start), most)
				}
			}
			at = at.Add(time.Duration(rapid.IntRange(0, int(per/2)).Draw(t, "pause")))
		}
	})
}

func TestFloodOfKeysIsBounded(t *testing.T) {
	t.Parallel()
	c := cache.NewLocal(time.Now)
	kept := 0
	for i := range 200 {
		if err := c.Set(t.Context(), fmt.Sprint(i), make([]byte, 1<<20), time.Hour); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 200 {
		if _, ok, err := c.Get(t.Context(), fmt.Sprint(i)); err != nil {
			t.Fatal(err)
		} else if ok {
			kept++
		}
	}
	if kept > 100 {
		t.Errorf("%d MiB are kept", kept)
	}
}

func TestClosedHubEndsItsReaders(t *testing.T) {
	t.Parallel()
	c := cache.NewLocal(time.Now)
	ch, _ := c.Subscribe(t.Context(), 0, "x")
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	if _, ok := <-ch; ok {
		t.Error("a message nobody sent")
	}
	late, cancel := c.Subscribe(t.Context(), 0, "x")
	cancel()
	if _, ok := <-late; ok {
		t.Error("a closed hub takes nobody in")
	}
}
