package demo

import (
	"sync"
	"time"

	"linggong/internal/dbx"
)

// Clock is the time of the program while the demo walks through the past, and
// the real time once Real is called.
type Clock struct {
	mu sync.RWMutex
	at time.Time
}

// NewClock returns a clock that shows the real time.
func NewClock() *Clock { return &Clock{} }

// Now returns what the clock shows.
func (c *Clock) Now() time.Time {
	c.mu.RLock()
	defer c.mu.RUnlock()
	if c.at.IsZero() {
		return dbx.Now()
	}
	return c.at
}

// Set stops the clock at t.
func (c *Clock) Set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = t.UTC().Truncate(time.Microsecond)
}

// Real lets the clock show the real time again.
func (c *Clock) Real() { c.Set(time.Time{}) }
