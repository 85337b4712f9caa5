package helpcase_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"linggong/internal/day"
	"linggong/internal/hardship/helpcase"
)

type book struct{}

func (book) Number(key, _ string, _ day.Date) int {
	switch key {
	case "assess.stale_days":
		return 90
	case "case.contact_every_days":
		return 30
	case "case.assign_days":
		return 1
	case "case.contact_days", "case.confirm_days", "case.refusal_review_days":
		return 5
	case "hard.stable_months":
		return 6
	}
	return 10
}

func (book) AddWorkingDays(from day.Date, n int) day.Date {
	for n > 0 {
		if from = from.Add(1); from.Weekday() != time.Saturday && from.Weekday() != time.Sunday {
			n--
		}
	}
	return from
}

func (book) Standard(_, _ string, _ day.Date) []helpcase.StandardLine {
	return []helpcase.StandardLine{{Kind: helpcase.Guidance, Needed: 1, Within: 30}, {Kind: helpcase.JobReferral, Needed: 3, Within: 30}}
}

var allMoves = []helpcase.Move{
	helpcase.OnAssign, helpcase.OnContact, helpcase.OnAssess, helpcase.OnPlan, helpcase.OnServe,
	helpcase.OnEmploy, helpcase.OnFollowUp, helpcase.OnRelapse, helpcase.OnClose, helpcase.OnReopen,
}

func date(t *rapid.T, name string) day.Date {
	if rapid.Bool().Draw(t, name+"?") {
		return ""
	}
	return day.Date("2026-03-02").Add(rapid.IntRange(0, 200).Draw(t, name))
}

func TestAnOpenCaseAlwaysHasANextActionAndADate(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := helpcase.Case{Status: helpcase.Identified, OpenedOn: "2026-03-02", Clear: map[helpcase.Clarity]day.Date{}}
		today := c.OpenedOn
		for range rapid.IntRange(0, 40).Draw(t, "steps") {
			today = today.Add(rapid.IntRange(0, 20).Draw(t, "days"))
			m := rapid.SampledFrom(allMoves).Draw(t, "move")
			before := c.Status
			err := c.Advance(m, today, book{})
			if err != nil && c.Status != before {
				t.Fatal("a refused move changed the status")
			}
			if before == helpcase.Closed && err == nil && m != helpcase.OnReopen {
				t.Fatalf("%s on a closed case", m)
			}
			switch {
			case m == helpcase.OnEmploy && c.Status == helpcase.InWork && c.WorkSince == "":
				c.WorkSince = today
			case c.Status == helpcase.Contacted && c.Contact == "":
				c.Contact, c.LastSeen = today, today
			case c.Status != helpcase.InWork && c.Status != helpcase.FollowingUp:
				c.WorkSince = ""
			}
			if rapid.Bool().Draw(t, "clear") {
				c.Clear[rapid.SampledFrom(helpcase.Clarities).Draw(t, "block")] = today
			}
			c.Pending = rapid.SampledFrom([]string{"", "a"}).Draw(t, "pending")
			c.AskHuman, c.ReviewOn, c.PlanOn = date(t, "ask"), date(t, "review"), date(t, "plan")
			if c.LastSeen == "" && c.Contact != "" {
				c.LastSeen = c.Contact
			}
			if !c.Open() {
				continue
			}
			counts := map[helpcase.Kind]int{helpcase.Guidance: rapid.IntRange(0, 2).Draw(t, "g"), helpcase.JobReferral: rapid.IntRange(0, 4).Draw(t, "j")}
			next := helpcase.NextAction(c, helpcase.StandardProgress(c, counts, book{}), book{}, today)
			if next.Kind == "" || !next.Due.Valid() || next.Label() == string(next.Kind) {
				t.Fatalf("%s: next = %+v (%s)", c.Status, next, next.Label())
			}
			if again := helpcase.NextAction(c, helpcase.StandardProgress(c, counts, book{}), book{}, today); again != next {
				t.Fatal("not the same answer twice")
			}
		}
	})
}

func TestFromEveryStatusACaseCanBeClosedAndReopened(t *testing.T) {
	t.Parallel()
	for _, s := range []helpcase.Status{
		helpcase.Identified, helpcase.Assigned, helpcase.Contacted, helpcase.Assessed, helpcase.Planned, helpcase.Serving, helpcase.InWork, helpcase.FollowingUp,
	} {
		c := helpcase.Case{Status: s}
		if err := c.MayClose(helpcase.Moved, "迁出证明", "2026-04-01", book{}); err != nil {
			t.Errorf("%s: %v", s, err)
		}
		if err := c.Advance(helpcase.OnClose, "2026-04-01", book{}); err != nil || c.Status != helpcase.Closed {
			t.Errorf("%s: %v", s, err)
		}
		if err := c.Advance(helpcase.OnReopen, "2026-04-01", book{}); err != nil || c.Status != helpcase.Assigned {
			t.Errorf("%s: %v", s, err)
		}
	}
}

func TestWhatIsMissingIsNextAndTheEarliestFirst(t *testing.T) {
	t.Parallel()
	full := map[helpcase.Clarity]day.Date{}
	for _, k := range helpcase.Clarities {
		full[k] = "2026-03-10"
	}
	base := helpcase.Case{
		Status: helpcase.Serving, OpenedOn: "2026-03-02", Contact: "2026-03-05", LastSeen: "2026-03-10", Clear: full, PlanOn: "2026-03-10",
	}
	for name, tc := range map[string]struct {
		change func(*helpcase.Case)
		counts map[helpcase.Kind]int
		want   helpcase.Action
	}{
		"nothing missing: stay in touch":        {func(*helpcase.Case) {}, map[helpcase.Kind]int{helpcase.Guidance: 1, helpcase.JobReferral: 3}, helpcase.Action{Kind: helpcase.DoStay, Due: "2026-04-09"}},
		"a service missing":                     {func(*helpcase.Case) {}, map[helpcase.Kind]int{helpcase.Guidance: 1, helpcase.JobReferral: 2}, helpcase.Action{Kind: "service:job_referral", Due: "2026-04-01"}},
		"a gig placed is also a referral":       {func(*helpcase.Case) {}, map[helpcase.Kind]int{helpcase.Guidance: 1, helpcase.JobReferral: 2, helpcase.GigPlacement: 1}, helpcase.Action{Kind: helpcase.DoStay, Due: "2026-04-09"}},
		"no contact yet":                        {func(c *helpcase.Case) { c.Status, c.Contact = helpcase.Assigned, "" }, nil, helpcase.Action{Kind: helpcase.DoContact, Due: "2026-03-09"}},
		"no plan":                               {func(c *helpcase.Case) { c.PlanOn = "" }, nil, helpcase.Action{Kind: helpcase.DoPlan, Due: "2026-03-16"}},
		"not willing: asked again, not pressed": {func(c *helpcase.Case) { c.ReviewOn = "2026-04-05" }, nil, helpcase.Action{Kind: helpcase.DoAskAgain, Due: "2026-04-05"}},
		"her own promise comes first": {
			func(c *helpcase.Case) { c.Promise = helpcase.Promise{Kind: helpcase.PromiseVisit, Due: "2026-03-12"} },
			nil,
			helpcase.Action{Kind: helpcase.PromiseVisit, Due: "2026-03-12"},
		},
		"a promise does not put off the standard": {
			func(c *helpcase.Case) { c.Promise = helpcase.Promise{Kind: helpcase.PromiseVisit, Due: "2026-08-12"} },
			nil,
			helpcase.Action{Kind: "service:guidance", Due: "2026-04-01"},
		},
		"refusals wait for a human": {func(c *helpcase.Case) { c.AskHuman = "2026-03-11" }, nil, helpcase.Action{Kind: helpcase.DoRefusals, Due: "2026-03-18"}},
		"in work: the follow-up": {func(c *helpcase.Case) {
			c.Status, c.WorkSince = helpcase.InWork, "2026-03-11"
			c.FollowUps = []helpcase.FollowUp{{Month: 1, Due: "2026-04-11"}, {Month: 3, Due: "2026-06-11"}}
		}, nil, helpcase.Action{Kind: helpcase.DoFollowUp, Due: "2026-04-11"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := base
			tc.change(&c)
			if got := helpcase.NextAction(c, helpcase.StandardProgress(c, tc.counts, book{}), book{}, "2026-03-11"); got != tc.want {
				t.Errorf("got %+v, want %+v", got, tc.want)
			}
		})
	}
}

func TestOldKnowledgeIsStale(t *testing.T) {
	t.Parallel()
	c := helpcase.Case{Clear: map[helpcase.Clarity]day.Date{helpcase.ClearBasic: "2026-01-01", helpcase.ClearWish: "2026-03-31"}}
	var got []string
	for _, x := range c.FourClear("2026-04-02", book{}) {
		got = append(got, x.State)
	}
	if want := []string{"stale", "missing", "missing", "clear"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestOnlyUnjustifiedRefusalsOfSuitableWorkAddUp(t *testing.T) { // R-HELP-07
	t.Parallel()
	refusal := func(suitable, justified bool) helpcase.Measure {
		return helpcase.Measure{Kind: helpcase.JobReferral, Answer: helpcase.Declined, Refusal: &helpcase.Refusal{Suitable: suitable, Justified: justified}}
	}
	n := 0
	for _, m := range []helpcase.Measure{
		refusal(true, false), refusal(true, true), refusal(false, false),
		{Kind: helpcase.JobReferral, Answer: helpcase.NoAnswer},
		{Kind: helpcase.Guidance, Answer: helpcase.Accepted},
		refusal(true, false),
	} {
		n = m.Streak(n)
	}
	if n != 2 {
		t.Errorf("%d in a row", n)
	}
	if n = (helpcase.Measure{Kind: helpcase.JobReferral, Answer: helpcase.Accepted}).Streak(n); n != 0 {
		t.Errorf("an accepted offer ends the row: %d", n)
	}
}
