package rules

import (
	"bytes"
	_ "embed" // the data
	"encoding/csv"
	"fmt"
	"sync"
	"time"

	"linggong/internal/day"
)

// Calendar knows which days are worked: the State Council's yearly notice makes
// some weekdays free and some weekend days worked (调休上班).
type Calendar struct {
	off, work   map[day.Date]string
	first, last int // years the notices cover
}

//go:embed data/holidays.csv
var holidaysCSV []byte

// DefaultCalendar returns the calendar this program ships.
var DefaultCalendar = sync.OnceValue(func() *Calendar {
	rows, err := csv.NewReader(bytes.NewReader(holidaysCSV)).ReadAll()
	if err != nil {
		panic(fmt.Errorf("read holidays: %w", err))
	}
	c := &Calendar{off: map[day.Date]string{}, work: map[day.Date]string{}, first: 2023, last: 2026}
	for _, r := range rows[1:] {
		if r[2] == "off" {
			c.off[day.Date(r[0])] = r[1]
		} else {
			c.work[day.Date(r[0])] = r[1]
		}
	}
	return c
})

// Covers says the year's notice is in the calendar; without it weekends are all
// that is known, and a due date may be too early.
func (c *Calendar) Covers(d day.Date) bool { return d.Year() >= c.first && d.Year() <= c.last }

// Workday says whether a day is worked, and why.
func (c *Calendar) Workday(d day.Date) (bool, string) {
	if name, ok := c.off[d]; ok {
		return false, name
	}
	if name, ok := c.work[d]; ok {
		return true, name + "调休上班"
	}
	switch d.Weekday() {
	case time.Saturday:
		return false, "周六"
	case time.Sunday:
		return false, "周日"
	case time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday:
	}
	return true, "工作日"
}

// Counted is one day of a term.
type Counted struct {
	Date   day.Date `json:"date"`
	Counts bool     `json:"counts"`
	Nth    int      `json:"nth,omitempty"`
	Why    string   `json:"why"`
}

// Term is a term in working days and how it was counted.
type Term struct {
	From    day.Date  `json:"from"`
	Days    int       `json:"days"`
	Due     day.Date  `json:"due"`
	Covered bool      `json:"covered"` // every year it runs through is in the calendar
	Trace   []Counted `json:"trace"`
	Source  string    `json:"source"`
}

// Term counts n working days from the day after from: the day itself is not
// counted (民法典 第201条).
func (c *Calendar) Term(from day.Date, n int) Term {
	t := Term{From: from, Days: n, Due: from, Covered: c.Covers(from), Source: "民法典 第201条；国务院办公厅年度节假日安排"}
	for counted := 0; counted < n; {
		t.Due = t.Due.Add(1)
		t.Covered = t.Covered && c.Covers(t.Due)
		works, why := c.Workday(t.Due)
		line := Counted{Date: t.Due, Counts: works, Why: why}
		if works {
			counted++
			line.Nth = counted
		}
		t.Trace = append(t.Trace, line)
	}
	return t
}

// AddWorkingDays returns the n-th working day after from.
func (c *Calendar) AddWorkingDays(from day.Date, n int) day.Date {
	for n > 0 {
		from = from.Add(1)
		if works, _ := c.Workday(from); works {
			n--
		}
	}
	return from
}

// WorkingDays counts the working days of from … to, both included.
func (c *Calendar) WorkingDays(from, to day.Date) int {
	n := 0
	for d := from; d <= to; d = d.Add(1) {
		if works, _ := c.Workday(d); works {
			n++
		}
	}
	return n
}
