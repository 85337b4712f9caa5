package rules

import (
	"fmt"
	"strings"

	"linggong/internal/errs"
)

// Severity is how much a finding weighs.
type Severity string

// A block refuses, a hold waits for a human's decision, a warn is shown.
const (
	Block Severity = "block"
	Hold  Severity = "hold"
	Warn  Severity = "warn"
)

// Finding is one thing a rule has to say: what, by which rule, from which text,
// and the smallest change with which it would fall silent.
type Finding struct {
	Code     string   `json:"code"` // stable snake_case
	Severity Severity `json:"severity"`
	Message  string   `json:"message"` // zh-CN
	English  string   `json:"-"`
	Rule     string   `json:"rule"`
	Source   string   `json:"source"`
	Remedy   string   `json:"remedy"` // zh-CN
}

// Refusal returns the finding as the error that refuses an act.
func (f Finding) Refusal() *errs.Error {
	return errs.New(errs.Invalid, f.Code, f.Message, f.English).Because(f.Rule, f.Source, f.Remedy)
}

// FirstBlock returns the refusal of the first finding that blocks, nil when none does.
func FirstBlock(findings []Finding) error {
	for _, f := range findings {
		if f.Severity == Block {
			return f.Refusal()
		}
	}
	return nil
}

// yuan writes fen as yuan: 2350 → "23.5".
func yuan(fen int64) string {
	if fen%100 == 0 {
		return fmt.Sprint(fen / 100)
	}
	return strings.TrimRight(fmt.Sprintf("%d.%02d", fen/100, fen%100), "0")
}

// hours writes minutes as hours: 450 → "7.5", 100 → "1.67".
func hours(minutes int64) string {
	return yuan((minutes*100 + 30) / 60)
}
