package gig

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"linggong/internal/day"
)

func hitOf(trade string, metres int64, parts ...RankPart) PostingHit {
	var h PostingHit
	h.Trade, h.DistanceM, h.Rank = trade, metres, parts
	h.Next = time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)
	return h
}

func TestAHitSaysWhyItStandsWhereItDoes(t *testing.T) {
	t.Parallel()
	const today = day.Date("2026-11-23")
	near := RankPart{"near", 240, 250}
	trade := RankPart{"trade", 100, 100}
	soon := RankPart{"soon", 70, 80}
	withMeals := hitOf("cleaner", 620, near, soon, trade)
	withMeals.Meals = true
	for name, c := range map[string]struct {
		find Find
		hit  PostingHit
		want []string
	}{
		"what weighs most first":            {Find{}, hitOf("cleaner", 620, trade, soon, near), []string{"离您600米", "正是您找的活", "明天就能上工"}},
		"what was asked and holds":          {Find{Meals: true}, withMeals, []string{"离您600米", "符合：包吃", "正是您找的活", "明天就能上工"}},
		"asked, but it does not hold":       {Find{Lodging: true}, withMeals, []string{"离您600米", "正是您找的活", "明天就能上工"}},
		"what everybody has is no reason":   {Find{}, hitOf("cleaner", 9000, RankPart{"near", 100, 250}, RankPart{"answers", 48, 60}, RankPart{"fresh", 10, 40}), nil},
		"an employer known to answer":       {Find{}, hitOf("cleaner", -1, RankPart{"answers", 57, 60}), []string{"用工方答复及时"}},
		"no place on the map":               {Find{}, hitOf("cleaner", -1, near), []string{"离您不远"}},
		"no more than four":                 {Find{}, hitOf("cleaner", 40, near, trade, soon, RankPart{"room", 80, 80}, RankPart{"urgent", 30, 30}), []string{"离您50米", "正是您找的活", "报名的还不多", "明天就能上工"}},
		"words alone say it by the title":   {Find{}, hitOf("", -1, RankPart{"words", 360, 360}), nil},
		"of nothing ranked nothing is said": {Find{}, hitOf("cleaner", 100), nil},
	} {
		got := reasons(c.find, c.hit, today)
		if diff := cmp.Diff(c.want, got); diff != "" && len(c.want)+len(got) > 0 {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// The order of the parts as they come changes nothing but ties.
func TestTheSameHitHasTheSameReasons(t *testing.T) {
	t.Parallel()
	parts := []RankPart{{"near", 240, 250}, {"trade", 100, 100}, {"soon", 70, 80}, {"room", 60, 80}}
	want := reasons(Find{}, hitOf("welder", 300, parts...), "2026-11-23")
	slices.Reverse(parts)
	if diff := cmp.Diff(want, reasons(Find{}, hitOf("welder", 300, parts...), "2026-11-23")); diff != "" {
		t.Error(diff)
	}
}

func TestAnEmployerIsTakenAtHisAnswersAndNotAtOne(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ answered, all, want int }{
		{0, 0, 800}, {0, 1, 600}, {0, 20, 104}, {20, 20, 973}, {1, 1, 850},
	} {
		if got := AnswerRate(c.answered, c.all); got != c.want {
			t.Errorf("%d of %d: %d, not %d", c.answered, c.all, got, c.want)
		}
	}
}
