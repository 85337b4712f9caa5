package rules

import (
	_ "embed" // the data
	"fmt"
	"math/big"
	"strings"
	"sync"
)

//go:embed data/indicators.csv
var indicatorsCSV []byte

//go:embed data/indicator_meaning.csv
var meaningCSV []byte

//go:embed data/operational_indicators.csv
var operationalCSV []byte

//go:embed data/plan_goals.csv
var goalsCSV []byte

// IndicatorSource says whose number an indicator is.
type IndicatorSource string

// The sources. Our part of a mixed one is shown beside the reported total, never
// instead of it (domain.md §1.3).
const (
	Ours     IndicatorSource = "ours"     // our registers hold all of it
	Mixed    IndicatorSource = "mixed"    // reported, and partly seen here
	Reported IndicatorSource = "reported" // a department's number
)

// PlanIndicator is one of the thirteen of the plan (方案附件), with its targets.
type PlanIndicator struct {
	No          int
	Task, Name  string
	DisplayUnit string // as printed: 万人
	Unit        string // raw: 人
	Scale       int64  // raw units per displayed unit
	Nature      string

	Source      IndicatorSource
	Numerator   string // what is counted, zh-CN
	Denominator string // over what, for ratios
	Lower       bool   // lower is better
	Owner       string // the department that answers for it
	Note        string // what is unclear or easily mistaken

	targets map[int]target
}

type target struct {
	micro int64 // millionths of the raw unit
	op    string
}

// Target returns a year's target in millionths of the raw unit and how a value
// is held against it.
func (p PlanIndicator) Target(year int) (micro int64, op string, ok bool) {
	t, ok := p.targets[year]
	return t.micro, t.op, ok
}

// Met holds a value in the raw unit against a year's target, unrounded. met is
// false without meaning when judged is: there is no target for the year, or the
// value is nil, which is what a zero denominator gives.
func (p PlanIndicator) Met(value *big.Rat, year int) (met, judged bool) {
	t, ok := p.targets[year]
	if !ok || value == nil {
		return false, false
	}
	c := value.Cmp(big.NewRat(t.micro, 1_000_000))
	switch t.op {
	case "<":
		return c < 0, true
	case ">":
		return c > 0, true
	}
	return c >= 0, true
}

// Percent returns num ÷ den × 100, nil (不适用) for nothing to divide by: never
// 100 and never 0.
func Percent(num, den int64) *big.Rat {
	if den == 0 {
		return nil
	}
	return new(big.Rat).Mul(big.NewRat(num, den), big.NewRat(100, 1))
}

// PlanIndicators returns the thirteen, in the plan's order.
var PlanIndicators = sync.OnceValue(func() []PlanIndicator {
	meaning := dataRows("indicator meaning", meaningCSV)
	var out []PlanIndicator
	for i, r := range dataRows("indicators", indicatorsCSV) {
		p := PlanIndicator{No: i + 1, Task: r[1], Name: r[2], DisplayUnit: r[3], Unit: r[3], Scale: 1, Nature: r[10], targets: map[int]target{}}
		m := meaning[i]
		p.Source, p.Numerator, p.Denominator, p.Lower, p.Owner, p.Note = IndicatorSource(m[1]), m[2], m[3], m[4] == "true", m[5], m[6]
		if raw, ok := strings.CutPrefix(r[3], "万"); ok {
			p.Unit, p.Scale = raw, 10_000
		}
		for y := range 5 {
			v, ok := new(big.Rat).SetString(r[5+y])
			if !ok {
				panic("indicators: " + r[5+y] + " is no number")
			}
			v.Mul(v, big.NewRat(p.Scale*1_000_000, 1))
			p.targets[2023+y] = target{micro: v.Num().Int64(), op: comparator(r[4], 2023+y)}
		}
		out = append(out, p)
	}
	return out
})

// comparator reads ">=" or ">;2027: >=".
func comparator(s string, year int) string {
	first, later, two := strings.Cut(s, ";")
	if two {
		if from, op, ok := strings.Cut(strings.TrimSpace(later), ":"); ok && strings.TrimSpace(from) <= fmt.Sprint(year) {
			return strings.TrimSpace(op)
		}
	}
	return strings.TrimSpace(first)
}

// Goal is a commitment of the plan's text that is not one of the thirteen.
type Goal struct{ Section, Name, Unit, Comparator, By, Value string }

// Goals returns the plan's other commitments.
var Goals = sync.OnceValue(func() []Goal {
	var out []Goal
	for _, r := range dataRows("goals", goalsCSV) {
		out = append(out, Goal{r[0], r[1], r[2], r[3], r[4], r[5]})
	}
	return out
})

// OperationalIndicator is a number this service counts for itself. None of them
// is of the plan, and none has a target there.
type OperationalIndicator struct{ Key, Name, Unit, Nature, Numerator, Denominator, Note string }

// OperationalIndicators returns our own numbers, in the order they are shown.
var OperationalIndicators = sync.OnceValue(func() []OperationalIndicator {
	var out []OperationalIndicator
	for _, r := range dataRows("operational indicators", operationalCSV) {
		out = append(out, OperationalIndicator{r[0], r[1], r[2], r[3], r[4], r[5], r[6]})
	}
	return out
})
