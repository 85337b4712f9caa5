package rules

import (
	_ "embed" // the data
	"fmt"
	"sync"
	"time"

	"linggong/internal/day"
)

// Calendar knows which days are worked: the State Council's yearly notice makes
// some weekdays free and some weekend days worked (调休上班).
type Calendar struct {
	off, work   map[day.Date]string
	first, last int // years whose notices are in the data
}

//go:embed data/holidays.csv
var holidaysCSV []byte

// DefaultCalendar returns the calendar this program ships.
var DefaultCalendar = sync.OnceValue(func() *Calendar {
	c := &Calendar{off: map[day.Date]string{}, work: map[day.Date]string{}}
	for _, r := range dataRows("holidays", holidaysCSV) {
		d := day.Date(r[0])
		if r[2] == "work" {
			c.work[d] = r[1]
			continue
		}
		c.off[d] = r[1]
		// Every notice names National Day; days around New Year stand in the
		// notice of the year before or after.
		if d.Month() == time.October && d.Day() == 1 {
			if c.first == 0 {
				c.first = d.Year()
			}
			c.last = d.Year() // the data runs by day
		}
	}
	return c
})

// Covers says the year's notice is in the calendar; without it weekends are all
// that is known, and a due date may be too early or too late.
func (c *Calendar) Covers(d day.Date) bool { return d.Year() >= c.first && d.Year() <= c.last }

// CoveredTo returns the last day the calendar knows.
func (c *Calendar) CoveredTo() day.Date { return day.New(c.last, time.December, 31) }

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
	Covered bool      `json:"covered"`           // every year it runs through is in the calendar
	Warning string    `json:"warning,omitempty"` // zh-CN, when it is not
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
	if !t.Covered {
		t.Warning = fmt.Sprintf("放假安排只收录到 %d 至 %d 年，其余年份仅按周末推算，公布后须重新计算", c.first, c.last)
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
