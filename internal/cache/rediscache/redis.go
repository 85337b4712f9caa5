// Package rediscache keeps the cache in Redis (7 or newer), so that all
// replicas share one set of values, one set of limits and one stream of live
// messages. Redis may lose everything at any time: nothing here decides.
package rediscache

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/logging"
	"github.com/redis/go-redis/v9/maintnotifications"

	"linggong/internal/cache"
	"linggong/internal/tx"
)

// Names in Redis. One city has one Redis database of its own.
const (
	valuePrefix = "lg:v:"
	limitPrefix = "lg:l:"
	liveStream  = "lg:live"
)

// Timeouts are short: what is behind us is faster than what we wait for.
const (
	dialTimeout = time.Second
	callTimeout = 500 * time.Millisecond
	probeEvery  = 250 * time.Millisecond
)

// remote is one Redis and what we know of its health.
type remote struct {
	rdb *redis.Client
	now func() time.Time

	mu     sync.Mutex
	health cache.Health
	ill    chan struct{} // wakes the prober
	done   chan struct{}
	wg     sync.WaitGroup
}

// Open returns a cache in the Redis at rawURL ("redis://[user:password@]host:port/db",
// or rediss:// for TLS). It does not wait for Redis: Health tells. When Redis does
// and calls fail with cache.ErrUnavailable; see WithFallback.
func Open(ctx context.Context, rawURL string, now func() time.Time) (*cache.Cache, error) {
	o, err := options(rawURL)
	if err != nil {
		return nil, err
	}
	follow, err := options(rawURL)
	if err != nil {
		return nil, err
	}
	follow.PoolSize, follow.MaxRetries, follow.ReadTimeout = 1, -1, readBlock+callTimeout
	logging.Disable() // Health says it better, and once

	r := &remote{rdb: redis.NewClient(o), now: now, ill: make(chan struct{}, 1), done: make(chan struct{})}
	if !r.ask(ctx) {
		r.ill <- struct{}{}
	}
	l := newLive(r, redis.NewClient(follow))
	r.wg.Go(r.probe)
	r.wg.Go(l.read)
	closing := func() error {
		close(r.done)
		err := errors.Join(r.rdb.Close(), l.reader.Close(), l.hub.Close())
		r.wg.Wait()
		return err
	}
	return cache.New(store{r}, limiter{r}, l, r.Health, sync.OnceValue(closing)), nil
}

// options reads an address; it is never in the error, since it may hold a password.
func options(rawURL string) (*redis.Options, error) {
	o, err := redis.ParseURL(rawURL)
	if err != nil {
		return nil, errors.New("open redis: the address must read redis://[user:password@]host:port/db")
	}
	o.ClientName = "linggong"
	o.DialTimeout, o.DialerRetries = dialTimeout, 1
	o.ReadTimeout, o.WriteTimeout, o.PoolTimeout = callTimeout, callTimeout, callTimeout
	o.MaxRetries = 1
	o.ContextTimeoutEnabled = true
	o.MaintNotificationsConfig = &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}
	return o, nil
}

// Health says whether Redis answered last.
func (r *remote) Health() cache.Health {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.health
}

// note records a failure.
func (r *remote) note(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.health.Degraded {
		r.health = cache.Health{Degraded: true, Since: r.now()}
	}
	r.health.Reason = "redis: " + err.Error()
}

// down records a failure and has the prober look.
func (r *remote) down(err error) {
	r.note(err)
	select {
	case r.ill <- struct{}{}:
	default:
	}
}

// probe asks an ill Redis until it answers.
func (r *remote) probe() {
	for {
		select {
		case <-r.done:
			return
		case <-r.ill:
		}
		for !r.ask(context.Background()) {
			if !r.pause(probeEvery) {
				return
			}
		}
	}
}

// ask pings Redis once and records what it met.
func (r *remote) ask(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, dialTimeout+callTimeout)
	defer cancel()
	err := r.rdb.Ping(ctx).Err()
	if err != nil {
		r.note(err)
		return false
	}
	r.mu.Lock()
	r.health = cache.Health{}
	r.mu.Unlock()
	return true
}

// pause waits, and says false when the cache closes meanwhile.
func (r *remote) pause(d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-r.done:
		return false
	case <-t.C:
		return true
	}
}

// met turns what a call met into what the port promises. The caller's own
// cancellation says nothing about Redis.
func (r *remote) met(ctx context.Context, what string, err error) error {
	switch {
	case err == nil, errors.Is(err, redis.Nil):
		return nil
	case ctx.Err() != nil:
		return fmt.Errorf("%s: %w", what, ctx.Err())
	}
	r.down(err)
	return fmt.Errorf("%s: %w: %w", what, cache.ErrUnavailable, err)
}

// outside refuses to wait for Redis while a transaction holds locks.
func outside(ctx context.Context) { tx.MustNotBeIn(ctx, "redis") }
