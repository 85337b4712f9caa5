// Package indicator is the plan's thirteen numbers and our own: their
// definitions and targets, the facts they are sums of, and what departments
// report.
//
// A fact is written in the transaction of the act that made it true, is never
// edited, and is corrected only by a reversing fact. What we count (ours) and
// what a department reports for the whole city (reported) are two columns and
// never one (R-IND-02b): we do not see all of the city.
package indicator

import (
	"context"
	"time"

	"linggong/internal/day"
	"linggong/internal/errs"
	"linggong/internal/event"
)

// What can be wrong with facts.
var (
	ErrFactNotFound    = errs.New(errs.NotFound, "fact_not_found", "没有找到这条指标事实", "The fact does not exist.")
	ErrAlreadyReversed = errs.New(errs.Conflict, "fact_already_reversed", "这条指标事实已经冲销过", "The fact has been reversed already.")
	ErrNotReversible   = errs.New(errs.Conflict, "fact_not_reversible", "冲销记录和未计入的记录不能再冲销", "A reversal, or a fact that does not count, cannot be reversed.")
	ErrReasonMissing   = errs.New(errs.Invalid, "reason_missing", "请写明原因", "Say why.").On("reason", "required", "请写明原因")
)

// Key names an indicator: "1" to "13" of the plan, or a word for one of ours.
type Key string

// Part is which side of a ratio a fact adds to. Numbers that are no ratio have
// only a numerator.
type Part string

// The parts.
const (
	Num Part = "num"
	Den Part = "den"
)

// Why a fact does not count. It is kept all the same, so that nobody wonders
// where a person went.
const (
	ExcludedOnce         = "counted_this_year"  // R-IND-02a: one person once a calendar year
	ExcludedRegistration = "needs_registration" // R-IND-02b: no reference in the provincial employment system yet
	ExcludedPlace        = "outside_city"       // the act happened elsewhere
	ExcludedNotService   = "not_a_real_service" // R-HELP-02: e.g. a mass message is no referral
)

// Fact is one dated, placed contribution to one indicator.
type Fact struct {
	ID         string
	Indicator  Key
	Part       Part
	Cause      string // id of the event that made it, which is its audit entry
	CauseKind  event.Kind
	Region     string // village, or the town's or city's own code where no village is known (未分配)
	On         day.Date
	RecordedAt time.Time
	Quantity   int64 // 0 when excluded, negative when it reverses another
	Subject    event.Ref
	Person     string
	Excluded   string // why it does not count, or ""
	Reverses   string // the fact it reverses, or ""
	ReversedBy string // read only
}

// Filter chooses facts.
type Filter struct {
	Indicator Key
	Part      Part   // "" is both
	Region    string // prefix of region codes
	From, To  day.Date
	Counted   bool     // leave out what does not count
	Persons   []string // only these; nil is all
	After     string   // id of the last fact of the page before (newest first)
	Limit     int
}

// Sums are an indicator's two sides.
type Sums struct{ Num, Den int64 }

// Cell is a sum for one region.
type Cell struct {
	Region string
	Sums
}

// MonthSum is a sum for one month, "2026-11".
type MonthSum struct {
	Month string
	Sums
}

// Level is how far regions are rolled up.
type Level string

// The levels kept. A town's 未分配 child is a village-level cell under the
// town's own code, so that a parent is always the sum of its children.
const (
	Village Level = "village"
	Town    Level = "town"
	City    Level = "city"
)

// Facts keeps facts and their sums. Every method joins the transaction in ctx.
type Facts interface {
	// Add writes facts with what the roll-up needs. A fact that was written
	// before for the same cause is left as it is and not counted again.
	Add(ctx context.Context, f Fact) (added bool, err error)
	// ClaimOnce says whether this is the first fact of the person for the
	// indicator in the year; the claim belongs to the fact.
	ClaimOnce(ctx context.Context, key Key, year int, person, fact string) (bool, error)
	// ReleaseOnce frees what a reversed fact had claimed.
	ReleaseOnce(ctx context.Context, fact string) error
	// Fact returns one, or ErrFactNotFound.
	Fact(ctx context.Context, id string) (Fact, error)
	// List returns facts newest first.
	List(ctx context.Context, f Filter) ([]Fact, error)
	// Count returns how many facts the filter chooses.
	Count(ctx context.Context, f Filter) (int64, error)
	// Sum returns the sum over a region and days, exact at once.
	Sum(ctx context.Context, keys []Key, region string, from, to day.Date) (map[Key]Sums, error)
	// Children returns the sums of a region's children, one level down.
	Children(ctx context.Context, key Key, parent string, level Level, from, to day.Date) ([]Cell, error)
	// Months returns the sums by month.
	Months(ctx context.Context, keys []Key, region string, from, to day.Date) (map[Key][]MonthSum, error)
	// Persons returns which persons have a counted fact.
	Persons(ctx context.Context, key Key, region string, from, to day.Date) ([]string, error)
}
