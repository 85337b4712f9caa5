// Package day is the business date: a calendar day in Asia/Shanghai, apart
// from any instant. Rules, deadlines and indicator facts are dated by it.
package day

import (
	"encoding/json"
	"fmt"
	"time"
	_ "time/tzdata" // a bare server may have no zone files
)

// Shanghai is the zone of every business date (domain.md, principle 3).
var Shanghai = func() *time.Location {
	loc, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		return time.FixedZone("CST", 8*3600) // unreachable: tzdata is linked in
	}
	return loc
}()

const layout = "2006-01-02"

// Date is a calendar day written YYYY-MM-DD, or "" for none. Dates compare
// and sort as strings do. Build one with Of, New or Parse.
type Date string

// Of returns the Shanghai day of an instant, or "" for the zero instant.
func Of(t time.Time) Date {
	if t.IsZero() {
		return ""
	}
	return Date(t.In(Shanghai).Format(layout))
}

// New returns the day y-m-d, normalised as time.Date does.
func New(y int, m time.Month, d int) Date {
	return Date(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Format(layout))
}

// Parse reads YYYY-MM-DD and refuses days that do not exist.
func Parse(s string) (Date, error) {
	t, err := time.Parse(layout, s)
	if err != nil || t.Year() < 1800 || t.Year() > 2999 {
		return "", fmt.Errorf("%q is not a date as YYYY-MM-DD", s)
	}
	return Date(s), nil
}

// IsZero says there is no date.
func (d Date) IsZero() bool { return d == "" }

// Valid says d is a real day.
func (d Date) Valid() bool { _, err := Parse(string(d)); return err == nil }

func (d Date) utc() time.Time {
	t, err := time.Parse(layout, string(d))
	if err != nil {
		return time.Time{}
	}
	return t
}

// Start returns the first instant of the day in Shanghai.
func (d Date) Start() time.Time {
	t := d.utc()
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, Shanghai)
}

// Add returns the day n days later (earlier when n is negative).
func (d Date) Add(n int) Date { return Date(d.utc().AddDate(0, 0, n).Format(layout)) }

// AddMonths returns the same day n months later, or that month's last day
// where it is shorter: 31 January and one month is 28 or 29 February.
func (d Date) AddMonths(n int) Date {
	t := d.utc()
	first := time.Date(t.Year(), t.Month()+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return New(first.Year(), first.Month(), min(t.Day(), last))
}

// Sub returns the number of days from o to d.
func (d Date) Sub(o Date) int { return int(d.utc().Sub(o.utc()).Hours() / 24) }

// Year, Month and Day are the parts of the date.
func (d Date) Year() int { return d.utc().Year() }

// Month is the month of the date.
func (d Date) Month() time.Month { return d.utc().Month() }

// Day is the day of the month.
func (d Date) Day() int { return d.utc().Day() }

// Weekday is the day of the week.
func (d Date) Weekday() time.Weekday { return d.utc().Weekday() }

// YearMonth returns "YYYY-MM".
func (d Date) YearMonth() string {
	if len(d) < 7 {
		return ""
	}
	return string(d[:7])
}

// Age returns the full years from birth to d; a person is 16 on the birthday.
func (d Date) Age(birth Date) int {
	a := d.Year() - birth.Year()
	if d.Month() < birth.Month() || d.Month() == birth.Month() && d.Day() < birth.Day() {
		a--
	}
	return a
}

// UnmarshalJSON refuses what is not a day.
func (d *Date) UnmarshalJSON(b []byte) error {
	var s string
	if err := json.Unmarshal(b, &s); err != nil {
		return fmt.Errorf("a date is a string: %w", err)
	}
	if s == "" {
		*d = ""
		return nil
	}
	p, err := Parse(s)
	if err != nil {
		return err
	}
	*d = p
	return nil
}
