package hardship_test

import (
	"testing"

	"pgregory.net/rapid"

	"linggong/internal/day"
	"linggong/internal/hardship"
	"linggong/internal/rules"
)

// oracle says it slowly, from the words of 就业促进法 art. 56 and category H2.
func oracle(urban, otherIncome bool, members []hardship.MemberFact) bool {
	looksForWork, works := false, false
	for _, m := range members {
		if !m.WorkingAge {
			continue
		}
		works = works || m.Status == hardship.Employed || m.Status == hardship.SelfEmployed
		looksForWork = looksForWork || m.Status == hardship.Unemployed && !m.Unwilling
	}
	return urban && !otherIncome && looksForWork && !works
}

func TestZeroEmploymentFollowsFromTheMembersAlone(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		members := make([]hardship.MemberFact, rapid.IntRange(0, 6).Draw(t, "n"))
		for i := range members {
			members[i] = hardship.MemberFact{
				WorkingAge: rapid.Bool().Draw(t, "age"), Status: rapid.SampledFrom(hardship.LifeStatuses).Draw(t, "status"),
				Since: day.Date("2026-01-01").Add(rapid.IntRange(0, 300).Draw(t, "since")), Unwilling: rapid.Bool().Draw(t, "unwilling"),
			}
		}
		urban, income := rapid.Bool().Draw(t, "urban"), rapid.Bool().Draw(t, "income")
		got := hardship.ZeroOf(urban, income, members)
		if got.Is != oracle(urban, income, members) || got.Reason == "" || got.Is != (got.Reason == hardship.ZeroNobodyWorks) || got.Is != (got.Since != "") {
			t.Fatalf("%+v of %+v (urban %v, income %v)", got, members, urban, income)
		}
	})
}

func TestEveryNumberThisDomainAsksForIsInTheRules(t *testing.T) {
	t.Parallel()
	book := hardship.Rules{Current: rules.Default}
	for _, key := range []string{
		"hard.draft_days", "hard.supplement_days", "hard.check_days", "hard.review_days", "hard.publish_days", "hard.objection_days",
		"hard.decision_days", "hard.suspend_review_days", "hard.publicity_days", "hard.validity_months", "hard.renewal_lead_days",
		"hard.stable_months", "household.zero_target_days", "assess.stale_days", "assess.review_days", "case.assign_days",
		"case.contact_days", "case.plan_days", "case.confirm_days", "case.contact_every_days", "case.refusal_review_days",
		"help.due_days", "help.refusals_before_review",
	} {
		if n := book.Number(key, "330481101201", "2026-03-02"); n <= 0 {
			t.Errorf("%s = %d", key, n)
		}
	}
	if lines := book.Standard("hardship", "330481101201", "2026-03-02"); len(lines) != 4 {
		t.Errorf("standard = %+v", lines)
	}
	if kinds := book.List("visit.kinds", hardship.City, "2026-03-02"); len(kinds) != 3 {
		t.Errorf("visit kinds = %+v", kinds)
	}
}

func TestScopeIsCutToWhatTheActorCovers(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]string{
		"330481000000": "330481", "330481101000": "330481101", "330481101201": "330481101201", "330481": "330481", "": "",
	} {
		if got := hardship.Prefix(code); got != want {
			t.Errorf("%s: %s", code, got)
		}
	}
}
