// Package cachetest is what every cache must do, as tests. It runs over the
// in-process cache and over Redis; no behaviour differs but speed and reach.
package cachetest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"linggong/internal/cache"
)

// Run tests caches that make returns; each is empty for the keys of its test.
// Time is the real one, so everything waited for is polled for.
func Run(t *testing.T, make func(t *testing.T) *cache.Cache) {
	t.Helper()
	for name, test := range map[string]func(*testing.T, *cache.Cache){
		"a value is kept until its time is up":   keepsUntil,
		"absent is absent":                       absent,
		"a value handed out is the reader's own": ownValue,
		"one of many adders wins":                oneAdder,
		"one of many takers gets the code":       oneTaker,
		"what cannot be kept is refused":         refusals,
		"a limit lets through what it says":      limits,
		"a refused turn costs nothing":           refusedIsFree,
		"limits hold under a crowd":              crowd,
		"messages reach their topics in order":   messages,
		"a slow reader loses the oldest":         slowReader,
		"a reader comes back and catches up":     comesBack,
		"a subscription ends":                    ends,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, make(t))
		})
	}
}

// eventually polls until ok or half a minute has passed.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	deadline := time.NewTimer(30 * time.Second)
	defer deadline.Stop()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-deadline.C:
			t.Fatalf("%s: not within half a minute", what)
		case <-tick.C:
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func keepsUntil(t *testing.T, c *cache.Cache) {
	ctx := t.Context()
	must(t, c.Set(ctx, "long", []byte("值\x00"), time.Hour))
	must(t, c.Set(ctx, "short", []byte("x"), time.Minute))
	must(t, c.Set(ctx, "short", []byte("y"), 30*time.Millisecond)) // the later time to live holds
	eventually(t, "the short value goes", func() bool {
		_, ok, err := c.Get(ctx, "short")
		must(t, err)
		return !ok
	})
	if ok, err := c.Add(ctx, "short", []byte("z"), time.Hour); err != nil || !ok {
		t.Errorf("Add after expiry: %v, %v", ok, err)
	}
	b, ok, err := c.Get(ctx, "long")
	if err != nil || !ok || string(b) != "值\x00" {
		t.Errorf("Get: %q, %v, %v", b, ok, err)
	}
}

func absent(t *testing.T, c *cache.Cache) {
	ctx := t.Context()
	if b, ok, err := c.Get(ctx, "nothing"); ok || err != nil || b != nil {
		t.Errorf("Get: %q, %v, %v", b, ok, err)
	}
	if b, ok, err := c.Take(ctx, "nothing"); ok || err != nil || b != nil {
		t.Errorf("Take: %q, %v, %v", b, ok, err)
	}
	must(t, c.Delete(ctx, "nothing", "nothing else"))
	must(t, c.Delete(ctx))
	must(t, c.Set(ctx, "empty", nil, time.Hour))
	if b, ok, err := c.Get(ctx, "empty"); !ok || err != nil || len(b) != 0 {
		t.Errorf("an empty value is a value: %q, %v, %v", b, ok, err)
	}
	must(t, c.Delete(ctx, "empty"))
	if _, ok, err := c.Get(ctx, "empty"); ok || err != nil {
		t.Errorf("after Delete: %v, %v", ok, err)
	}
}

func ownValue(t *testing.T, c *cache.Cache) {
	ctx := t.Context()
	v := []byte("abc")
	must(t, c.Set(ctx, "own", v, time.Hour))
	v[0] = 'X'
	got, _, err := c.Get(ctx, "own")
	must(t, err)
	got[1] = 'X'
	again, _, err := c.Get(ctx, "own")
	must(t, err)
	if string(again) != "abc" {
		t.Errorf("got %q", again)
	}
}

// race runs f from many goroutines at once and counts its yeses.
func race(t *testing.T, f func() (bool, error)) int64 {
	t.Helper()
	var yes atomic.Int64
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			ok, err := f()
			if err != nil {
				t.Error(err)
			}
			if ok {
				yes.Add(1)
			}
		})
	}
	wg.Wait()
	return yes.Load()
}

func oneAdder(t *testing.T, c *cache.Cache) {
	n := race(t, func() (bool, error) { return c.Add(t.Context(), "lock", []byte("mine"), time.Hour) })
	if n != 1 {
		t.Errorf("%d added", n)
	}
}

func oneTaker(t *testing.T, c *cache.Cache) {
	must(t, c.Set(t.Context(), "code", []byte("314159"), time.Hour))
	n := race(t, func() (bool, error) {
		b, ok, err := c.Take(t.Context(), "code")
		return ok && string(b) == "314159", err
	})
	if n != 1 {
		t.Errorf("%d took it", n)
	}
}

func refusals(t *testing.T, c *cache.Cache) {
	ctx := t.Context()
	if err := c.Set(ctx, "big", make([]byte, 2<<20), time.Hour); !errors.Is(err, cache.ErrTooLarge) {
		t.Errorf("a value of 2 MiB: %v", err)
	}
	if err := c.Set(ctx, "never", nil, 0); err == nil {
		t.Error("a value without time to live was kept")
	}
	if err := c.Publish(ctx, "t", make([]byte, cache.MaxMessage+1)); !errors.Is(err, cache.ErrTooLarge) {
		t.Errorf("a long message: %v", err)
	}
	for _, limit := range []int{0, -1} {
		if _, err := c.Allow(ctx, "l", limit, time.Second); !errors.Is(err, cache.ErrLimit) {
			t.Errorf("limit %d: %v", limit, err)
		}
	}
	if _, err := c.Allow(ctx, "l", 1, 0); !errors.Is(err, cache.ErrLimit) {
		t.Errorf("per 0: %v", err)
	}
}

func limits(t *testing.T, c *cache.Cache) {
	ctx := t.Context()
	for want := 4; want >= 0; want-- {
		d, err := c.Allow(ctx, "five an hour", 5, time.Hour)
		must(t, err)
		if !d.OK || d.Remaining != want || d.RetryAfter != 0 {
			t.Fatalf("turn %d: %+v", 5-want, d)
		}
	}
	d, err := c.Allow(ctx, "five an hour", 5, time.Hour)
	must(t, err)
	if d.OK || d.Remaining != 0 || d.RetryAfter <= 11*time.Minute || d.RetryAfter > 12*time.Minute {
		t.Errorf("the sixth: %+v; a turn is free after a fifth of an hour", d)
	}
	if d, err = c.Allow(ctx, "another", 5, time.Hour); err != nil || !d.OK {
		t.Errorf("another key: %+v, %v", d, err)
	}
}

func refusedIsFree(t *testing.T, c *cache.Cache) {
	ctx := t.Context()
	d, err := c.Allow(ctx, "soon", 1, 300*time.Millisecond)
	must(t, err)
	if !d.OK {
		t.Fatalf("the first: %+v", d)
	}
	asked := 0
	eventually(t, "a turn comes though it was asked for all the time", func() bool {
		d, err := c.Allow(ctx, "soon", 1, 300*time.Millisecond)
		must(t, err)
		asked++
		return d.OK
	})
	if asked < 2 {
		t.Error("nothing was refused")
	}
}

func crowd(t *testing.T, c *cache.Cache) {
	n := race(t, func() (bool, error) {
		d, err := c.Allow(t.Context(), "crowd", 3, time.Hour)
		return d.OK, err
	})
	if n != 3 {
		t.Errorf("%d were let through a limit of 3", n)
	}
}

// next returns the next message.
func next(t *testing.T, ch <-chan cache.Message) cache.Message {
	t.Helper()
	select {
	case m, ok := <-ch:
		if !ok {
			t.Fatal("the subscription has ended")
		}
		return m
	case <-time.After(30 * time.Second):
		t.Fatal("no message within half a minute")
	}
	return cache.Message{}
}

func messages(t *testing.T, c *cache.Cache) {
	ctx := t.Context()
	topic := t.Name()
	ch, cancel := c.Subscribe(ctx, 0, topic, topic+"b")
	defer cancel()
	var last uint64
	for i := range 20 {
		must(t, c.Publish(ctx, topic+"c", []byte("not for us")))
		must(t, c.Publish(ctx, []string{topic, topic + "b"}[i%2], fmt.Appendf(nil, "第%d条\x00", i)))
	}
	for i := range 20 {
		m := next(t, ch)
		if want := fmt.Sprintf("第%d条\x00", i); string(m.Data) != want || m.Topic != []string{topic, topic + "b"}[i%2] {
			t.Errorf("message %d: %s %q", i, m.Topic, m.Data)
		}
		if m.ID <= last || m.Missed != 0 {
			t.Errorf("message %d: id %d after %d, missed %d", i, m.ID, last, m.Missed)
		}
		last = m.ID
	}
}

func slowReader(t *testing.T, c *cache.Cache) {
	ctx := t.Context()
	topic := t.Name()
	slow, cancel := c.Subscribe(ctx, 0, topic)
	defer cancel()
	quick, cancelQuick := c.Subscribe(ctx, 0, topic)
	defer cancelQuick()
	const sent = 300
	for i := range sent {
		must(t, c.Publish(ctx, topic, fmt.Append(nil, i)))
		if m := next(t, quick); string(m.Data) != fmt.Sprint(i) {
			t.Fatalf("the quick reader got %q for %d", m.Data, i)
		}
	}
	got, missed := 0, 0
	for {
		m := next(t, slow)
		got, missed = got+1, missed+m.Missed
		if string(m.Data) == fmt.Sprint(sent-1) {
			break
		}
	}
	if got+missed != sent || missed == 0 {
		t.Errorf("got %d, was told of %d missed, sent %d", got, missed, sent)
	}
}

func comesBack(t *testing.T, c *cache.Cache) {
	ctx := t.Context()
	topic := t.Name()
	ch, cancel := c.Subscribe(ctx, 0, topic)
	must(t, c.Publish(ctx, topic, []byte("seen")))
	seen := next(t, ch)
	must(t, c.Publish(ctx, topic, []byte("not seen")))
	next(t, ch) // it has arrived here, whoever looks
	cancel()

	back, cancel := c.Subscribe(ctx, seen.ID, topic)
	defer cancel()
	must(t, c.Publish(ctx, topic, []byte("new")))
	for _, want := range []string{"not seen", "new"} {
		if m := next(t, back); string(m.Data) != want || m.ID <= seen.ID {
			t.Errorf("got %q (%d), want %q", m.Data, m.ID, want)
		}
	}
}

func ends(t *testing.T, c *cache.Cache) {
	ctx, stop := context.WithCancel(t.Context())
	byContext, cancel := c.Subscribe(ctx, 0, "x")
	defer cancel()
	byCancel, cancelNow := c.Subscribe(t.Context(), 0, "x")
	stop()
	cancelNow()
	cancelNow()
	for name, ch := range map[string]<-chan cache.Message{"context": byContext, "cancel": byCancel} {
		select {
		case _, ok := <-ch:
			if ok {
				t.Errorf("%s: a message nobody sent", name)
			}
		case <-time.After(30 * time.Second):
			t.Errorf("%s did not end the subscription", name)
		}
	}
	must(t, c.Publish(t.Context(), "x", []byte(strings.Repeat("y", 10))))
}
