package helpcase

import (
	"slices"
	"time"

	"linggong/internal/day"
)

// Clarity is one of the four clarities (四清). The city has published no
// definition, so the list is what is common elsewhere [UNC].
type Clarity string

// The four clarities.
const (
	ClearBasic      Clarity = "basic"      // 基本情况清
	ClearEmployment Clarity = "employment" // 就业失业状况清
	ClearSkills     Clarity = "skills"     // 技能培训需求清
	ClearWish       Clarity = "wish"       // 就业意愿清
)

// Clarities is all four in order.
var Clarities = []Clarity{ClearBasic, ClearEmployment, ClearSkills, ClearWish}

// Clearness is how one clarity stands today.
type Clearness struct {
	Key   Clarity
	State string // clear, stale, missing
	Date  day.Date
}

// FourClear says how each clarity stands: one is stale when its data is older
// than assess.stale_days (default 90, §2.7).
func (c Case) FourClear(today day.Date, book Book) []Clearness {
	limit := book.Number("assess.stale_days", c.Region, today)
	out := make([]Clearness, 0, len(Clarities))
	for _, k := range Clarities {
		x := Clearness{Key: k, State: "clear", Date: c.Clear[k]}
		switch {
		case x.Date == "":
			x.State = "missing"
		case today.Sub(x.Date) > limit:
			x.State = "stale"
		}
		out = append(out, x)
	}
	return out
}

// AllClear says all four clarities are clear.
func (c Case) AllClear(today day.Date, book Book) bool {
	return !slices.ContainsFunc(c.FourClear(today, book), func(x Clearness) bool { return x.State != "clear" })
}

// Assessment is what was found out on a day about some or all of the four
// clarities, and whether the person wants and is able to work.
type Assessment struct {
	ID       string
	Case     ID
	Person   string
	Region   string
	On       day.Date
	Blocks   map[Clarity]string // sealed at rest
	Willing  *bool              // nil: not asked
	Able     *bool
	Evidence string // sealed at rest: a signed statement or the visit's record
	By       string // account of the assessor

	Needs       bool // a second person must confirm before it counts
	ConfirmedBy string
	ConfirmedAt time.Time
	Version     int64
}

// Changes says an answer would alter who counts. A first "yes" does not.
func Changes(w Will, said *bool) bool {
	if said == nil {
		return false
	}
	if !w.Known {
		return !*said
	}
	return w.Value != *said
}

// Affirm takes over answers that need no second person.
func (c *Case) Affirm(a Assessment) {
	if a.Willing != nil {
		c.Willing = Will{Value: *a.Willing, Known: true, On: a.On, Confirmed: c.Willing.Confirmed || a.ConfirmedBy != ""}
	}
	if a.Able != nil {
		c.Able = Will{Value: *a.Able, Known: true, On: a.On, Confirmed: c.Able.Confirmed || a.ConfirmedBy != ""}
	}
}
