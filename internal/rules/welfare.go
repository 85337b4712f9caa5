package rules

import (
	"fmt"
	"slices"
	"strings"

	"linggong/internal/day"
	"linggong/internal/errs"
)

// ErrNoTerm says a person may not be placed on a welfare post any more.
var ErrNoTerm = errs.New(errs.Conflict, "welfare_term_used_up", "公益性岗位安置期限已用完", "The term on welfare posts is used up.")

const welfareSource = "人社部发〔2019〕124号；浙江省公益性岗位开发管理办法（2025）"

// Term of a placement on a public-welfare post (公益性岗位).
type WelfareTerm struct {
	Starts, Ends    day.Date
	Months          int    // from start to end
	ToRetirement    bool   // extended to the statutory retirement month
	MonthsToRetire  int    // at first approval, frozen
	Retires         string // month
	Explanation     string // zh-CN
	Rule, Source    string
	CategoryAssumed bool // a woman's retirement category is not recorded: the later age was taken
}

// WelfareQuestion is what a term follows from.
type WelfareQuestion struct {
	Region         string
	Birth          day.Date
	Sex            string
	RetireCategory string
	FirstApproval  day.Date // of this placement: age is measured here and never again
	Starts         day.Date
	Ordinal        int // 1 for the first placement, 2 for the second
	MonthsUsed     int // subsidised months already used in this ordinal
	// Who she is, for a second placement. Where the caller does not say, the term's
	// explanation asks a human to look.
	Categories []string // H1 … H6
	Severe     bool     // 重度残疾
}

// WelfareTerm returns how long a placement may last: 36 months in all, or to
// retirement for who is less than five years from it at first approval; at most
// two placements, the second for special hardship only. R-PWJ-02 … 04.
func (b *Book) WelfareTerm(q WelfareQuestion) (WelfareTerm, error) {
	limit := b.Number("pwj.max_placements", q.Region, q.FirstApproval)
	if q.Ordinal > limit {
		return WelfareTerm{}, ErrNoTerm.Because("R-PWJ-04", welfareSource, fmt.Sprintf("原则上安置不超过 %d 次；可转为岗位推荐、培训等其他帮扶", limit))
	}
	special, told := b.specialHardship(q)
	if q.Ordinal > 1 && told && !special {
		return WelfareTerm{}, ErrNoTerm.Saying("期满后再次安置只限特殊困难人员", "A second placement is for special hardship only.").
			Because("R-PWJ-03", welfareSource, "限大龄、零就业家庭、重度残疾等人员；可转为岗位推荐、培训等其他帮扶")
	}
	cat, known := CategoryOf(q.Sex, q.RetireCategory)
	r := Retirement(cat, q.Birth)
	left := r.MonthsFrom(q.FirstApproval)
	if left <= 0 {
		return WelfareTerm{}, ErrNoTerm.Saying("已到法定退休年龄，不能再安置公益性岗位", "The statutory retirement age is reached.").
			Because("R-PWJ-02", retirementSource, "可办理养老待遇；生活困难的可转民政救助")
	}
	most := b.Number("pwj.max_months", q.Region, q.FirstApproval)
	near := b.Number("pwj.near_retirement_months", q.Region, q.FirstApproval)
	t := WelfareTerm{Starts: q.Starts, MonthsToRetire: left, Retires: r.Retires, Rule: "R-PWJ-02", Source: welfareSource, CategoryAssumed: !known}
	if left < near {
		t.ToRetirement, t.Ends = true, r.LastDay()
		t.Explanation = fmt.Sprintf("初次核定（%s）时距法定退休 %d 个月，不足 %d 个月，可延至退休月 %s", q.FirstApproval, left, near, r.Retires)
	} else {
		months := most - q.MonthsUsed
		if months <= 0 {
			return WelfareTerm{}, ErrNoTerm.Because("R-PWJ-02", welfareSource, fmt.Sprintf("补贴期限最长 %d 个月，已用 %d 个月", most, q.MonthsUsed))
		}
		t.Ends = min(q.Starts.AddMonths(months).Add(-1), r.LastDay())
		t.Explanation = fmt.Sprintf("初次核定（%s）时距法定退休 %d 个月，期限最长 %d 个月，已用 %d 个月", q.FirstApproval, left, most, q.MonthsUsed)
	}
	if q.Ordinal > 1 && !told {
		t.Explanation += "；再次安置限大龄、零就业家庭、重度残疾等人员，请核实"
	}
	if t.CategoryAssumed {
		t.Explanation += "；女职工退休类别未确认，暂按较晚者，请核实"
	}
	t.Months = monthsBetween(t.Starts, t.Ends)
	return t, nil
}

// monthsBetween counts the months a term touches, whole ones and the last part.
func monthsBetween(from, to day.Date) int {
	n := 0
	for from.AddMonths(n) <= to {
		n++
	}
	return n
}

// specialHardship says the person is of those who may be placed a second time
// (R-PWJ-03); told is false when the question does not say who she is.
func (b *Book) specialHardship(q WelfareQuestion) (special, told bool) {
	for _, c := range strings.Fields(b.Text("pwj.second_for", q.Region, q.FirstApproval)) {
		if c == severe && q.Severe || slices.Contains(q.Categories, c) {
			return true, true
		}
	}
	return false, len(q.Categories) > 0
}

// severe stands in lists of categories for 重度残疾.
const severe = "severe"

// WelfareRank returns a person's place in the order of placing: lower is first,
// "H4=severe" are equals. The order is advice; a departure from it needs a
// reason (R-PWJ-01).
func (b *Book) WelfareRank(categories []string, isSevere bool, region string, on day.Date) (rank int, by string) {
	order := strings.Fields(b.Text("pwj.priority", region, on))
	for i, equals := range order {
		for c := range strings.SplitSeq(equals, "=") {
			if c == severe && isSevere || slices.Contains(categories, c) {
				return i + 1, c
			}
		}
	}
	return len(order) + 1, ""
}
