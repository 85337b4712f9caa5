package rules

import (
	"fmt"

	"linggong/internal/day"
)

// Category is which original retirement age a person has. A woman's is not on
// her ID card (R-RET-01).
type Category string

// The categories.
const (
	Male60   Category = "M"   // 男, 60
	Female55 Category = "F55" // 女干部, 55
	Female50 Category = "F50" // 女工人, 50
)

const retirementSource = "全国人大常委会2024-09-13决定；国务院关于渐进式延迟法定退休年龄的办法"

type ladder struct {
	age         int // original, years
	first       int // first affected birth month, as year*12+month-1
	step, limit int // one month of delay for so many birth months, at most limit
}

var ladders = map[Category]ladder{
	Male60:   {60, 1965*12 + 0, 4, 36},
	Female55: {55, 1970*12 + 0, 4, 36},
	Female50: {50, 1975*12 + 0, 2, 60},
}

// Retired is a statutory retirement age.
type Retired struct {
	DelayMonths int    `json:"delay_months"`
	Age         string `json:"age"`     // "50y2m"
	Retires     string `json:"retires"` // "2025-05"
	Source      string `json:"source"`
	AgeYears    int    `json:"-"` // of Age
	AgeMonths   int    `json:"-"`
	month       int
}

// Retirement returns when a person born in a month reaches the statutory age.
// birth is any day of the month. R-RET, domain.md §5.5. A category that is not
// one of the three is a defect: what a person or a file says goes through CategoryOf.
func Retirement(c Category, birth day.Date) Retired {
	l, ok := ladders[c]
	if !ok {
		panic("rules: no retirement category is called " + string(c))
	}
	ym := birth.Year()*12 + int(birth.Month()) - 1
	delay := 0
	if off := ym - l.first; off >= 0 {
		delay = min(l.limit, off/l.step+1)
	}
	months := l.age*12 + delay
	at := ym + months
	return Retired{
		DelayMonths: delay, Age: fmt.Sprintf("%dy%dm", months/12, months%12), AgeYears: months / 12, AgeMonths: months % 12,
		Retires: fmt.Sprintf("%04d-%02d", at/12, at%12+1), Source: retirementSource, month: at,
	}
}

// RetirementUnknown returns both months of a woman whose category nobody has
// recorded. She counts as over age only after the later one, and a human
// confirms the category (R-RET-01).
func RetirementUnknown(birth day.Date) (earlier, later Retired) {
	return Retirement(Female50, birth), Retirement(Female55, birth)
}

// Month returns the month as "2025-05".
func (r Retired) Month() string { return r.Retires }

// FirstDay returns the first day of the month of retirement.
func (r Retired) FirstDay() day.Date { return day.Date(r.Retires + "-01") }

// LastDay returns the last day of the month of retirement.
func (r Retired) LastDay() day.Date { return r.FirstDay().AddMonths(1).Add(-1) }

// MonthsFrom returns how many months lie between a day's month and retirement.
func (r Retired) MonthsFrom(on day.Date) int {
	return r.month - (on.Year()*12 + int(on.Month()) - 1)
}

// CategoryOf returns a person's category from what is recorded. known is false
// for a woman whose category nobody has recorded and for a person whose sex is
// not known: then the latest age that may be hers protects her (R-RET-01).
func CategoryOf(sex, recorded string) (c Category, known bool) {
	switch {
	case sex == "male" || sex == "" && recorded == string(Male60):
		return Male60, true
	case recorded == string(Female50) || recorded == "worker":
		return Female50, true
	case recorded == string(Female55) || recorded == "cadre":
		return Female55, true
	case sex == "":
		return Male60, false
	}
	return Female55, false
}

// WorkingAge says whether a person is of statutory working age on a day: 16 to
// the end of the month of retirement (R-HARD-02).
func WorkingAge(birth day.Date, sex, recorded string, on day.Date) bool {
	c, _ := CategoryOf(sex, recorded)
	return on.Age(birth) >= 16 && on <= Retirement(c, birth).LastDay()
}
