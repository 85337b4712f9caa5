package rules

import (
	"math/bits"
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

// Rate is exact pay: so many fen for so many minutes of paid work. The zero Rate
// is not known.
type Rate struct{ Fen, Minutes int64 }

// HourFen returns fen an hour, rounded down: for showing, never for comparing.
func (r Rate) HourFen() int64 {
	if r.Minutes <= 0 {
		return 0
	}
	return r.Fen * 60 / r.Minutes
}

// Below says r is less than floor, without rounding.
func (r Rate) Below(floor Rate) bool {
	hi1, lo1 := bits.Mul64(uint64(max(r.Fen, 0)), uint64(max(floor.Minutes, 0)))
	hi2, lo2 := bits.Mul64(uint64(max(floor.Fen, 0)), uint64(max(r.Minutes, 0)))
	return hi1 < hi2 || hi1 == hi2 && lo1 < lo2
}

// least returns the fewest fen for so many minutes that are not below r.
func (r Rate) least(minutes int64) int64 { return (r.Fen*minutes + r.Minutes - 1) / r.Minutes }

// HourRate is the hourly standard as a rate.
func (w Wage) HourRate() Rate { return Rate{w.HourFen, 60} }

// MonthRate is the monthly standard as a rate: month ÷ 21.75 days ÷ 8 hours
// (R-PAY-02).
func (w Wage) MonthRate() Rate { return Rate{w.MonthFen * 100, monthDays100 * fullDayMinutes} }

const (
	monthDays100   = 2175   // paid days of a month, in hundredths: 劳社部发〔2008〕3号
	fullDayMinutes = 8 * 60 // 国务院关于职工工作时间的规定 第3条
)
