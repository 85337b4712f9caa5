package rules

import (
	"bytes"
	_ "embed" // the data
	"encoding/csv"
	"fmt"
	"math/big"
	"strings"
	"sync"
)

//go:embed data/indicators.csv
var indicatorsCSV []byte

//go:embed data/plan_goals.csv
var goalsCSV []byte

// PlanIndicator is one of the thirteen of the plan (方案附件), with its targets.
type PlanIndicator struct {
	No          int
	Task, Name  string
	DisplayUnit string // as printed: 万人
	Unit        string // raw: 人
	Scale       int64  // raw units per displayed unit
	Nature      string
	targets     map[int]target
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

// PlanIndicators returns the thirteen, in the plan's order.
var PlanIndicators = sync.OnceValue(func() []PlanIndicator {
	rows, err := csv.NewReader(bytes.NewReader(indicatorsCSV)).ReadAll()
	if err != nil {
		panic(fmt.Errorf("read indicators: %w", err))
	}
	var out []PlanIndicator
	for i, r := range rows[1:] {
		p := PlanIndicator{No: i + 1, Task: r[1], Name: r[2], DisplayUnit: r[3], Unit: r[3], Scale: 1, Nature: r[10], targets: map[int]target{}}
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
	rows, err := csv.NewReader(bytes.NewReader(goalsCSV)).ReadAll()
	if err != nil {
		panic(fmt.Errorf("read goals: %w", err))
	}
	var out []Goal
	for _, r := range rows[1:] {
		out = append(out, Goal{r[0], r[1], r[2], r[3], r[4], r[5]})
	}
	return out
})
