// Package cachedb keeps what may be forgotten in the database, where replicas
// without a Redis, or with one that is away, still have to act as one: a code
// sent by one of them is redeemed by another. It is for few and small values.
package cachedb

import (
	"context"
	"fmt"
	"time"

	"linggong/internal/cache"
	"linggong/internal/dbx"
	"linggong/internal/tx"
)

const maxValue = 1 << 20

// Store is a cache.Store on either dialect.
type Store struct {
	db  *dbx.DB
	now func() time.Time
}

var _ cache.Store = (*Store)(nil)

// New returns a store kept in db.
func New(db *dbx.DB, now func() time.Time) *Store { return &Store{db: db, now: now} }

// outside: a value is kept or gone whatever becomes of the act around it, so it
// has no business in the act's transaction.
func outside(ctx context.Context) { tx.MustNotBeIn(ctx, "the cache") }

func check(value []byte, ttl time.Duration) error {
	if len(value) > maxValue {
		return fmt.Errorf("keep %d bytes: %w", len(value), cache.ErrTooLarge)
	}
	if ttl <= 0 {
		return fmt.Errorf("keep a value: its time to live is %v", ttl)
	}
	return nil
}

// met says what callers of a cache expect to hear of a database that is away.
func met(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w: %w", what, cache.ErrUnavailable, err)
}

// Get implements cache.Store.
func (s *Store) Get(ctx context.Context, key string) ([]byte, bool, error) {
	outside(ctx)
	var rows []struct{ Value []byte }
	err := s.db.From(ctx).Raw("SELECT value FROM cache_values WHERE key = ? AND expires_at > ?", key, s.now().UTC()).Scan(&rows).Error
	if err != nil || len(rows) == 0 {
		return nil, false, met("get a kept value", err)
	}
	return some(rows[0].Value), true, nil
}

// Set implements cache.Store.
func (s *Store) Set(ctx context.Context, key string, value []byte, ttl time.Duration) error {
	_, err := s.put(ctx, key, value, ttl, "")
	return err
}

// Add implements cache.Store.
func (s *Store) Add(ctx context.Context, key string, value []byte, ttl time.Duration) (bool, error) {
	return s.put(ctx, key, value, ttl, " WHERE cache_values.expires_at <= ?")
}

func (s *Store) put(ctx context.Context, key string, value []byte, ttl time.Duration, unless string) (bool, error) {
	outside(ctx)
	if err := check(value, ttl); err != nil {
		return false, err
	}
	now := s.now().UTC()
	args := []any{key, some(value), now.Add(ttl)}
	if unless != "" {
		args = append(args, now)
	}
	var did bool
	err := s.db.InTx(ctx, func(ctx context.Context) error {
		res := s.db.From(ctx).Exec(`INSERT INTO cache_values (key, value, expires_at) VALUES (?, ?, ?)
			ON CONFLICT (key) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at`+unless, args...)
		did = res.RowsAffected == 1
		return res.Error
	})
	return did && err == nil, met("keep a value", err)
}

// Take implements cache.Store.
func (s *Store) Take(ctx context.Context, key string) ([]byte, bool, error) {
	outside(ctx)
	var rows []struct {
		Value     []byte
		ExpiresAt time.Time
	}
	err := s.db.InTx(ctx, func(ctx context.Context) error {
		rows = nil
		return s.db.From(ctx).Raw("DELETE FROM cache_values WHERE key = ? RETURNING value, expires_at", key).Scan(&rows).Error
	})
	if err != nil || len(rows) == 0 || !rows[0].ExpiresAt.After(s.now()) {
		return nil, false, met("take a kept value", err)
	}
	return some(rows[0].Value), true, nil
}

// Delete implements cache.Store.
func (s *Store) Delete(ctx context.Context, keys ...string) error {
	outside(ctx)
	if len(keys) == 0 {
		return nil
	}
	return met("forget values", s.db.InTx(ctx, func(ctx context.Context) error {
		return s.db.From(ctx).Exec("DELETE FROM cache_values WHERE key IN ?", keys).Error
	}))
}

// Prune removes what nobody can ask for any more.
func (s *Store) Prune(ctx context.Context) error {
	return s.db.InTx(ctx, func(ctx context.Context) error {
		return s.db.From(ctx).Exec("DELETE FROM cache_values WHERE expires_at <= ?", s.now().UTC()).Error
	})
}

// some keeps an empty value from being none.
func some(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}
