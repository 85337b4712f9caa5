package rediscache

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"time"

	"linggong/internal/cache"
)

// WithFallback returns a cache that uses remote (made by Open) while Redis
// answers and local while it does not: limits are then per process, values of
// before are missing, live messages reach this replica only. Once Redis
// answers again it is used again, and what was kept locally meanwhile is still
// found. Health tells which it is. Close closes both.
func WithFallback(remote, local *cache.Cache) *cache.Cache {
	f := &fallback{remote: remote, local: local, owed: map[string]struct{}{}}
	closing := func() error { return errors.Join(remote.Close(), local.Close()) }
	return cache.New(f, f, f, remote.Health, closing)
}

type fallback struct {
	remote, local *cache.Cache

	mu   sync.Mutex
	owed map[string]struct{} // keys to delete in Redis once it is back: what it holds is out of date
}

// maxOwed bounds owed; beyond it old values may come back with Redis.
const maxOwed = 100_000

// usable says whether to ask Redis at all: while it is known to be gone nobody
// waits for it.
func (f *fallback) usable(ctx context.Context) bool {
	outside(ctx) // also while Redis is away: a mistake must show every day
	return !f.remote.Health().Degraded && f.settle(ctx)
}

// settle deletes in Redis what was deleted or replaced while it was away.
func (f *fallback) settle(ctx context.Context) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.owed) == 0 {
		return true
	}
	if err := f.remote.Delete(ctx, slices.Collect(maps.Keys(f.owed))...); err != nil {
		return false
	}
	clear(f.owed)
	return true
}

func (f *fallback) owe(keys ...string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, k := range keys {
		if len(f.owed) < maxOwed {
			f.owed[k] = struct{}{}
		}
	}
}

func gone(err error) bool { return errors.Is(err, cache.ErrUnavailable) }

func (f *fallback) Get(ctx context.Context, key string) ([]byte, bool, error) {
	if f.usable(ctx) {
		if b, ok, err := f.remote.Get(ctx, key); ok || err != nil && !gone(err) {
			return b, ok, err
		}
	}
	return f.local.Get(ctx, key)
}

func (f *fallback) Take(ctx context.Context, key string) ([]byte, bool, error) {
	if f.usable(ctx) {
		if b, ok, err := f.remote.Take(ctx, key); ok || err != nil && !gone(err) {
			return b, ok, err
		} else if err == nil {
			return f.local.Take(ctx, key)
		}
	}
	f.owe(key)
	return f.local.Take(ctx, key)
}

func (f *fallback) Set(ctx context.Context, key string, value []byte, ttl time.Duration) error {
	if f.usable(ctx) {
		err := f.remote.Set(ctx, key, value, ttl)
		if err == nil {
			return f.local.Delete(ctx, key) // a value of the bad times would outlive this one
		}
		if !gone(err) {
			return err
		}
	}
	f.owe(key)
	return f.local.Set(ctx, key, value, ttl)
}

func (f *fallback) Add(ctx context.Context, key string, value []byte, ttl time.Duration) (bool, error) {
	if f.usable(ctx) {
		if _, held, err := f.local.Get(ctx, key); held || err != nil {
			return false, err // added here while Redis was away
		}
		if ok, err := f.remote.Add(ctx, key, value, ttl); !gone(err) {
			return ok, err
		}
	}
	return f.local.Add(ctx, key, value, ttl)
}

func (f *fallback) Delete(ctx context.Context, keys ...string) error {
	if err := f.local.Delete(ctx, keys...); err != nil {
		return err
	}
	if f.usable(ctx) {
		if err := f.remote.Delete(ctx, keys...); !gone(err) {
			return err
		}
	}
	f.owe(keys...)
	return nil
}

func (f *fallback) Allow(ctx context.Context, key string, limit int, per time.Duration) (cache.Decision, error) {
	if f.usable(ctx) {
		if d, err := f.remote.Allow(ctx, key, limit, per); !gone(err) {
			return d, err
		}
	}
	return f.local.Allow(ctx, key, limit, per)
}

// Publish tells this process' subscribers when Redis cannot: they all listen
// at the remote's hub.
func (f *fallback) Publish(ctx context.Context, topic string, data []byte) error {
	if f.usable(ctx) {
		if err := f.remote.Publish(ctx, topic, data); !gone(err) {
			return err
		}
	}
	if l, ok := f.remote.PubSub.(*live); ok {
		return l.hub.Publish(ctx, topic, data)
	}
	return f.local.Publish(ctx, topic, data)
}

func (f *fallback) Subscribe(ctx context.Context, after uint64, topics ...string) (<-chan cache.Message, func()) {
	return f.remote.Subscribe(ctx, after, topics...)
}
