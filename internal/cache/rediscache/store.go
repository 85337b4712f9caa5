package rediscache

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"

	"linggong/internal/cache"
)

const maxValue = 1 << 20

type store struct{ r *remote }

func check(value []byte, ttl time.Duration) (time.Duration, error) {
	if len(value) > maxValue {
		return 0, fmt.Errorf("keep %d bytes: %w", len(value), cache.ErrTooLarge)
	}
	if ttl <= 0 {
		return 0, fmt.Errorf("keep a value: its time to live is %v", ttl)
	}
	return max(ttl, time.Millisecond), nil // what Redis counts in
}

func (s store) Get(ctx context.Context, key string) ([]byte, bool, error) {
	outside(ctx)
	b, err := s.r.rdb.Get(ctx, valuePrefix+key).Bytes()
	return found(b, err, s.r.met(ctx, "redis get", err))
}

func (s store) Take(ctx context.Context, key string) ([]byte, bool, error) {
	outside(ctx)
	b, err := s.r.rdb.GetDel(ctx, valuePrefix+key).Bytes()
	return found(b, err, s.r.met(ctx, "redis getdel", err))
}

func found(b []byte, err, met error) ([]byte, bool, error) {
	if met != nil || errors.Is(err, redis.Nil) {
		return nil, false, met
	}
	return b, true, nil
}

func (s store) Set(ctx context.Context, key string, value []byte, ttl time.Duration) error {
	outside(ctx)
	ttl, err := check(value, ttl)
	if err != nil {
		return err
	}
	return s.r.met(ctx, "redis set", s.r.rdb.Set(ctx, valuePrefix+key, value, ttl).Err())
}

func (s store) Add(ctx context.Context, key string, value []byte, ttl time.Duration) (bool, error) {
	outside(ctx)
	ttl, err := check(value, ttl)
	if err != nil {
		return false, err
	}
	err = s.r.rdb.SetArgs(ctx, valuePrefix+key, value, redis.SetArgs{Mode: "NX", TTL: ttl}).Err()
	if met := s.r.met(ctx, "redis set nx", err); met != nil {
		return false, met
	}
	return err == nil, nil // redis.Nil: there was one already
}

func (s store) Delete(ctx context.Context, keys ...string) error {
	outside(ctx)
	if len(keys) == 0 {
		return nil
	}
	full := make([]string, len(keys))
	for i, k := range keys {
		full[i] = valuePrefix + k
	}
	return s.r.met(ctx, "redis del", s.r.rdb.Del(ctx, full...).Err())
}
