// Package snapshot is what is on offer now, as columns in memory: filters,
// places, distance, pay, time, facets and totals are answered by one scan,
// exactly. It is made from the database at start, kept fresh by the
// after-commit stream, and decides nothing: who gets a place is decided by the
// row in the transaction that books it.
//
// Readers never wait: they see one immutable state; writers replace the few
// segments they change.
package snapshot

import (
	"time"

	"linggong/internal/day"
)

// Flags are yes-or-no facts of a posting.
type Flags uint16

// The flags.
const (
	Meals          Flags = 1 << iota // 包吃
	Lodging                          // 包住
	SuitedOlder                      // 适合大龄
	SuitedDisabled                   // 适合残疾人
	NoExperience                     // 无需经验
	Night                            // 夜班
	Urgent                           // 急招
	Transport                        // 有接送
)

// Row is one posting on offer.
type Row struct {
	ID         string
	Version    int64  // an older one never replaces a newer one
	Trade      string // trade id
	TradeGroup string
	Town       string // 12-digit codes
	Village    string // "" where only the town is known
	Lat, Lng   float64
	Located    bool  // Lat and Lng are the place; else its village's middle, or 0, 0
	PayHourFen int64 // what an hour earns at least; 0 unknown
	Settlement string
	Form       string
	EmployerID string
	Waiting    int // have applied and wait for an answer
	Answers    int // of 1000 applications to the employer, how many he answered in time; 0 unknown
	Flags      Flags
	Published  time.Time
	Shifts     []Shift
}

// Shift is one piece of work with its places.
type Shift struct {
	ID         string
	Date       day.Date
	Start, End time.Time
	Open       int // places left
	Headcount  int
}

// region is the finest code known.
func (r Row) region() string {
	if r.Village != "" {
		return r.Village
	}
	return r.Town
}

// dayNumber counts days from 1970; -1 for none.
func dayNumber(d day.Date) int32 {
	if !d.Valid() {
		return -1
	}
	return int32(d.Sub("1970-01-01"))
}

func dateOf(n int32) day.Date { return day.Date("1970-01-01").Add(int(n)) }
