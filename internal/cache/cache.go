// Package cache is what may be forgotten: short-lived values, rate limits and
// live messages. Nothing that decides (capacity, permission, money) lives here.
//
// NewLocal keeps everything in the process. Package rediscache keeps it in
// Redis, so that several replicas act as one. Both pass package cachetest.
package cache

import (
	"context"
	"errors"
	"time"
)

// MaxMessage bounds one live message, in bytes. A message says what changed,
// never what it says now.
const MaxMessage = 16 << 10

// What callers may meet.
var (
	// ErrUnavailable says the place where things are kept does not answer.
	ErrUnavailable = errors.New("the cache does not answer")
	// ErrTooLarge says a value or message is larger than the cache takes.
	ErrTooLarge = errors.New("the value is too large for the cache")
	// ErrLimit says a rate limit was asked for that means nothing.
	ErrLimit = errors.New("a rate limit needs a positive count and a positive time")
)

// Store keeps values for a while. A value may be forgotten before its time
// (the store is bounded, a server restarts), never kept after it.
type Store interface {
	// Get returns the value of key, or false.
	Get(ctx context.Context, key string) ([]byte, bool, error)
	// Set keeps value under key for ttl, which must be positive.
	Set(ctx context.Context, key string, value []byte, ttl time.Duration) error
	// Add does as Set if key has no value yet, and says whether it did. Of
	// several callers at once exactly one is told true.
	Add(ctx context.Context, key string, value []byte, ttl time.Duration) (bool, error)
	// Take returns the value of key and deletes it in one step: of several
	// callers at once exactly one gets it. One-time codes are redeemed so.
	Take(ctx context.Context, key string) ([]byte, bool, error)
	// Delete forgets keys; an absent one is no error.
	Delete(ctx context.Context, keys ...string) error
}

// Decision is the answer to one request for a turn.
type Decision struct {
	OK         bool
	Remaining  int           // turns left at once, after this one
	RetryAfter time.Duration // how long until a turn is free; 0 when OK
}

// Limiter spreads turns over time (GCRA): at most limit at once, and over any
// longer stretch no more than limit per per.
type Limiter interface {
	// Allow asks for one turn of key. A refused request costs nothing. It
	// returns ErrLimit when limit or per is not positive.
	Allow(ctx context.Context, key string, limit int, per time.Duration) (Decision, error)
}

// Message is one live message.
type Message struct {
	// ID grows with every message: microseconds since 1970, moved up where two
	// would be equal. It is the same on every replica.
	ID    uint64
	Topic string
	Data  []byte
	// Missed counts the messages that this subscriber was too slow to receive
	// since the one before. A screen that sees it above 0 reads anew.
	Missed int
}

// PubSub tells whoever listens now. A message nobody hears is gone, but for a
// short window that Subscribe can replay.
type PubSub interface {
	// Publish tells the subscribers of topic, on every replica.
	Publish(ctx context.Context, topic string, data []byte) error
	// Subscribe returns the messages of topics from now on, preceded by those
	// still remembered with an id above after when after is not 0. A slow reader
	// loses the oldest first and never holds up anyone. The channel closes on
	// cancel or when ctx ends. Data is shared and must not be changed.
	Subscribe(ctx context.Context, after uint64, topics ...string) (messages <-chan Message, cancel func())
}

// Health says how a cache is.
type Health struct {
	Degraded bool
	Reason   string    // for the operator; empty when not degraded
	Since    time.Time // when it became degraded
}

// Cache is the three together.
type Cache struct {
	Store
	Limiter
	PubSub

	health func() Health
	close  func() error
}

// New bundles three parts. health and close may be nil.
func New(s Store, l Limiter, p PubSub, health func() Health, closing func() error) *Cache {
	return &Cache{Store: s, Limiter: l, PubSub: p, health: health, close: closing}
}

// Health says whether the cache works as it should.
func (c *Cache) Health() Health {
	if c.health == nil {
		return Health{}
	}
	return c.health()
}

// Close ends the subscriptions and gives back what the cache holds.
func (c *Cache) Close() error {
	if c.close == nil {
		return nil
	}
	return c.close()
}
