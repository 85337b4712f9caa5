package cache

import (
	"context"
	"fmt"
	"time"

	"github.com/maypok86/otter/v2"
)

// Bounds of the in-process cache. About 64 MB of values at most; a limiter
// entry is two words and its key.
const (
	localBytes  = 64 << 20
	localLimits = 200_000
	maxValue    = 1 << 20
)

// NewLocal returns a cache that lives in this process. now decides what has
// expired.
func NewLocal(now func() time.Time) *Cache {
	hub := NewHub(now)
	return New(newLocalStore(now), newLocalLimiter(now), hub, nil, hub.Close)
}

// clock lets otter expire by our clock and start no goroutine of its own.
type clock struct{ now func() time.Time }

func (c clock) NowNano() int64                      { return c.now().UnixNano() }
func (c clock) Tick(time.Duration) <-chan time.Time { return nil }

// atOnce has otter keep its books on the caller's goroutine: a little work,
// and nothing of ours runs when nobody calls.
func atOnce(f func()) { f() }

type localEntry struct {
	value []byte
	ttl   time.Duration
}

type localStore struct {
	entries *otter.Cache[string, localEntry]
}

func newLocalStore(now func() time.Time) *localStore {
	return &localStore{entries: otter.Must(&otter.Options[string, localEntry]{
		MaximumWeight: localBytes,
		Weigher: func(k string, e localEntry) uint32 {
			return uint32(len(k)+len(e.value)) + 64
		},
		ExpiryCalculator: otter.ExpiryWritingFunc(func(e otter.Entry[string, localEntry]) time.Duration {
			return e.Value.ttl
		}),
		Clock:    clock{now},
		Executor: atOnce,
	})}
}

func newEntry(key string, value []byte, ttl time.Duration) (localEntry, error) {
	if len(value) > maxValue || len(key) > maxValue {
		return localEntry{}, fmt.Errorf("keep %d bytes: %w", len(value), ErrTooLarge)
	}
	if ttl <= 0 {
		return localEntry{}, fmt.Errorf("keep a value: its time to live is %v", ttl)
	}
	return localEntry{value: append([]byte{}, value...), ttl: ttl}, nil
}

func (s *localStore) Get(_ context.Context, key string) ([]byte, bool, error) {
	e, ok := s.entries.GetIfPresent(key)
	if !ok {
		return nil, false, nil
	}
	return append([]byte{}, e.value...), true, nil
}

func (s *localStore) Set(_ context.Context, key string, value []byte, ttl time.Duration) error {
	e, err := newEntry(key, value, ttl)
	if err != nil {
		return err
	}
	s.entries.Set(key, e)
	return nil
}

func (s *localStore) Add(_ context.Context, key string, value []byte, ttl time.Duration) (bool, error) {
	e, err := newEntry(key, value, ttl)
	if err != nil {
		return false, err
	}
	_, added := s.entries.SetIfAbsent(key, e)
	return added, nil
}

func (s *localStore) Take(_ context.Context, key string) ([]byte, bool, error) {
	e, ok := s.entries.Invalidate(key)
	return e.value, ok, nil
}

func (s *localStore) Delete(_ context.Context, keys ...string) error {
	for _, k := range keys {
		s.entries.Invalidate(k)
	}
	return nil
}

type localLimiter struct {
	now  func() time.Time
	tats *otter.Cache[string, time.Time]
}

func newLocalLimiter(now func() time.Time) *localLimiter {
	return &localLimiter{now: now, tats: otter.Must(&otter.Options[string, time.Time]{
		MaximumSize: localLimits,
		ExpiryCalculator: otter.ExpiryWritingFunc(func(e otter.Entry[string, time.Time]) time.Duration {
			return max(e.Value.Sub(now()), 1) // once its time has come a key limits nothing
		}),
		Clock:    clock{now},
		Executor: atOnce,
	})}
}

func (l *localLimiter) Allow(_ context.Context, key string, limit int, per time.Duration) (Decision, error) {
	if limit <= 0 || per <= 0 {
		return Decision{}, ErrLimit
	}
	var d Decision
	l.tats.Compute(key, func(tat time.Time, _ bool) (time.Time, otter.ComputeOp) {
		var next time.Time
		if d, next = GCRA(tat, l.now(), limit, per); !d.OK {
			return tat, otter.CancelOp
		}
		return next, otter.WriteOp
	})
	return d, nil
}
