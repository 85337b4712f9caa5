package rediscache

import (
	"context"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"

	"linggong/internal/cache"
)

// gcra is cache.GCRA in Redis, by Redis' own clock, so that replicas with
// skewed clocks agree. Times are microseconds; they fit a double exactly.
// It answers {allowed, remaining, retry after}.
var gcra = redis.NewScript(`
local step, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
local t = redis.call('TIME')
local now = t[1] * 1000000 + t[2]
local tat = tonumber(redis.call('GET', KEYS[1]) or 0)
if tat < now then tat = now end
local nxt = tat + step
local room = burst - (nxt - now)
if room < 0 then return {0, 0, -room} end
redis.call('SET', KEYS[1], string.format('%.0f', nxt), 'PX', math.ceil((nxt - now) / 1000))
return {1, math.floor(room / step), 0}
`)

type limiter struct{ r *remote }

func (l limiter) Allow(ctx context.Context, key string, limit int, per time.Duration) (cache.Decision, error) {
	if limit <= 0 || per <= 0 {
		return cache.Decision{}, cache.ErrLimit
	}
	outside(ctx)
	step := max((per / time.Duration(limit)).Microseconds(), 1)
	got, err := gcra.Run(ctx, l.r.rdb, []string{limitPrefix + key}, step, step*int64(limit)).Int64Slice()
	if met := l.r.met(ctx, "redis limit", err); met != nil {
		return cache.Decision{}, met
	}
	if len(got) != 3 {
		return cache.Decision{}, fmt.Errorf("redis limit: %w: %d answers for 3", cache.ErrUnavailable, len(got))
	}
	return cache.Decision{
		OK: got[0] == 1, Remaining: int(got[1]), RetryAfter: time.Duration(got[2]) * time.Microsecond,
	}, nil
}
