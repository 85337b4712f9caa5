package rules

import (
	"strconv"

	"linggong/internal/day"
)

// Service is one line of the service standard: so many of a kind within so many
// days of a case's opening (R-HELP-01).
type Service struct {
	Kind   string
	Needed int
	Within int // days
}

// ServiceStandard returns what each person helped is owed, e.g. 1131.
func (b *Book) ServiceStandard(region string, on day.Date) []Service {
	within := b.Number("help.due_days", region, on)
	var out []Service
	for _, e := range b.List("help.standard", region, on) {
		n, err := strconv.Atoi(e.Label)
		if err != nil {
			continue // a list with words where numbers belong; the test of the data finds it
		}
		out = append(out, Service{Kind: e.Key, Needed: n, Within: within})
	}
	return out
}

// CaseDeadline is what a help case owes the person by a day, counted from its opening.
type CaseDeadline struct {
	Key    string // the parameter it follows from, "case.contact_days"
	Label  string // zh-CN
	Due    day.Date
	Rule   string
	Source string
}

// caseClocks are what every case owes, in the order they fall due.
var caseClocks = []struct{ key, label string }{
	{"case.assign_days", "指派责任人"},
	{"case.contact_days", "首次联系"},
	{"case.plan_days", "帮扶计划"},
	{"help.due_days", "岗位推荐等服务达到标准"},
	{"case.contact_every_days", "每月联系"},
}

// CaseDeadlines returns the clocks of a case opened on a day, by the limits of
// that day: a case keeps the limits it began with (R-HELP-01).
func (b *Book) CaseDeadlines(opened day.Date, region string) ([]CaseDeadline, error) {
	out := make([]CaseDeadline, 0, len(caseClocks))
	for _, c := range caseClocks {
		p, err := b.At(c.key, region, opened)
		if err != nil {
			return nil, err
		}
		n := b.Number(c.key, region, opened)
		due := opened.Add(n)
		if p.Unit == "workdays" {
			due = b.cal.AddWorkingDays(opened, n)
		}
		out = append(out, CaseDeadline{c.key, c.label, due, p.Rule, p.Source})
	}
	return out, nil
}
