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
