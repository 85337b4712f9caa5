// Package idempotency gives the first answer again when a request is repeated.
//
// The key is written in the transaction of the act itself, so either the act
// and its answer are both there, or neither is. A request that was refused is
// not kept: nothing happened, and repeating it is safe.
package idempotency

import (
	"context"
	"fmt"
	"time"

	"linggong/internal/dbx"
	"linggong/internal/errs"
)

// ErrOtherBody says a key was used before for something else.
var ErrOtherBody = errs.New(errs.Invalid, "idempotency_key_reused",
	"同一个请求编号已用于另一项操作，请刷新后重试", "This Idempotency-Key was used for another request.")

// Keep is how long an answer can be asked for again; kiosks may be offline for days.
const Keep = 7 * 24 * time.Hour

// Blinder is a keyed hash: a request may hold a phone or an ID number, which a
// plain hash of it would give away to whoever tries them all.
type Blinder interface {
	Blind(field, value string) string
}

// Store keeps keys and answers.
type Store struct {
	db    *dbx.DB
	blind Blinder
	now   func() time.Time
}

// New returns a store kept in db.
func New(db *dbx.DB, blind Blinder, now func() time.Time) *Store {
	return &Store{db: db, blind: blind, now: now}
}

// Hash is the fingerprint of a request to an operation.
func (s *Store) Hash(operation string, request []byte) string {
	return s.blind.Blind("idempotency_keys.request_hash", operation+"\x00"+string(request))
}

// Once runs act in one transaction with its key and returns the answer act
// gave; if the key was used before by the same actor for the same request it
// returns that answer and runs nothing. Two at once: the second waits for the first.
func (s *Store) Once(ctx context.Context, actor, key, hash string, act func(ctx context.Context) ([]byte, error)) (answer []byte, repeated bool, err error) {
	err = s.db.InTx(ctx, func(ctx context.Context) error {
		answer, repeated = nil, false
		now := s.now()
		g := s.db.From(ctx)
		res := g.Exec(`INSERT INTO idempotency_keys (actor, key, request_hash, status, created_at, expires_at) VALUES (?, ?, ?, 0, ?, ?)
			ON CONFLICT (actor, key) DO NOTHING`, actor, key, hash, now, now.Add(Keep))
		if res.Error != nil {
			return fmt.Errorf("keep idempotency key: %w", dbx.Classify(res.Error))
		}
		if res.RowsAffected == 0 {
			var first struct {
				RequestHash string
				Body        []byte
			}
			if err := g.Raw("SELECT request_hash, body FROM idempotency_keys WHERE actor = ? AND key = ?", actor, key).Scan(&first).Error; err != nil {
				return fmt.Errorf("read idempotency key: %w", err)
			}
			if first.RequestHash != hash {
				return ErrOtherBody
			}
			answer, repeated = first.Body, true
			return nil
		}
		body, err := act(ctx)
		if err != nil {
			return err
		}
		answer = body
		if err := g.Exec("UPDATE idempotency_keys SET status = 200, body = ? WHERE actor = ? AND key = ?", body, actor, key).Error; err != nil {
			return fmt.Errorf("keep answer: %w", err)
		}
		return nil
	})
	return answer, repeated, err
}

// Prune removes keys nobody can ask for any more.
func (s *Store) Prune(ctx context.Context) error {
	return s.db.InTx(ctx, func(ctx context.Context) error {
		return s.db.From(ctx).Exec("DELETE FROM idempotency_keys WHERE expires_at < ?", s.now()).Error
	})
}
