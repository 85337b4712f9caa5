package indicator

import "linggong/internal/errs"

// ErrUnknown says there is no such indicator.
var ErrUnknown = errs.New(errs.NotFound, "indicator_not_found", "没有这个指标", "No such indicator.")

// Nature is how an indicator's number runs through time.
type Nature string

// The natures.
const (
	AnnualFlow Nature = "annual_flow"           // begins at 0 each 1 January
	Cumulative Nature = "cumulative_since_2023" // since 1 January 2023
	Stock      Nature = "point_in_time"         // a state at a day
	Ratio      Nature = "ratio"                 // of the year's numerator and denominator
)

// Definition says what an indicator is. Values are in raw units: persons and
// not 万人, per cent and not a fraction.
type Definition struct {
	Key         Key
	No          int // 1 to 13 in the plan, 0 for our own
	Name        string
	Task        string // 重点任务
	Unit        string // raw unit
	DisplayUnit string // as the plan prints it
	Scale       int64  // raw units per displayed unit: 10000 for 万人
	Nature      Nature
	Lower       bool // lower is better
	Counted     bool // acts here add to it
	Judged      bool // our number is the official one (only 帮扶率, which our register holds whole)
	Note        string
	// Target returns the year's target in millionths of the raw unit and
	// whether it must be passed strictly; ok is false when the plan sets none.
	Target func(year int) (micro int64, op string, ok bool)
}

// Plan says the indicator is one of the plan's thirteen.
func (d Definition) Plan() bool { return d.No > 0 }

// Definitions finds indicators.
type Definitions interface {
	// Definition returns one, or ErrUnknown.
	Definition(Key) (Definition, error)
	// All returns every indicator: the plan's in order, then our own.
	All() []Definition
}
