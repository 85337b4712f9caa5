package rules

import (
	"strconv"

	"linggong/internal/day"
)

// Wage is the minimum wage in force in a place on a day.
type Wage struct {
	MonthFen  int64
	HourFen   int64
	From      day.Date
	Published day.Date
	Source    string
	Confirmed bool
}

// MinimumWage returns the standard in force on the day of the work, which can
// have been published later (2026's was on 9 February). ok is false before the
// first that is known. R-PT-05, 劳动合同法 第72条.
func (b *Book) MinimumWage(region string, on day.Date) (Wage, bool) {
	month, err1 := b.At("wage.month", region, on)
	hour, err2 := b.At("wage.hour", region, on)
	if err1 != nil || err2 != nil {
		return Wage{}, false
	}
	m, err1 := strconv.ParseInt(month.Value, 10, 64)
	h, err2 := strconv.ParseInt(hour.Value, 10, 64)
	if err1 != nil || err2 != nil {
		return Wage{}, false
	}
	return Wage{
		MonthFen: m, HourFen: h, From: max(month.ValidFrom, hour.ValidFrom), Published: max(month.Published, hour.Published),
		Source: hour.Source, Confirmed: month.Confirmed && hour.Confirmed,
	}, true
}
