package matching_test

import (
	"slices"
	"testing"

	"linggong/internal/matching"
)

func TestTheOrderLooksAtWaitingAndReadsWhatItCan(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]matching.Order{"14 7": {14, 7}, "7 14 14 x -3 0": {14, 7}, "": {}, "9 8 7 6 5 4": {9, 8, 7, 6}} {
		if got := matching.ParseOrder(text); !slices.Equal(got, want) {
			t.Errorf("%q: %v", text, got)
		}
	}
	o := matching.ParseOrder("14 7")
	for waited, tier := range map[int64]int{0: 2, 6: 2, 7: 1, 13: 1, 14: 0, 400: 0} {
		if got := o.Tier(waited); got != tier {
			t.Errorf("waited %d: tier %d", waited, got)
		}
		if got := o.Bonus(waited, 10); got != int64(10*(3-tier)) {
			t.Errorf("waited %d: bonus %d", waited, got)
		}
	}
}

func TestWeightsMakeAWholeOrAreNotUsed(t *testing.T) {
	t.Parallel()
	if w, err := matching.ParseWeights("350 250 150 100 100 50"); err != nil || w != matching.DefaultWeights {
		t.Errorf("%v, %v", w, err)
	}
	for _, bad := range []string{"", "1000", "350 250 150 100 100 51", "1100 -100 0 0 0 0", "a b c d e f", "350 250 150 100 100 50 0"} {
		if _, err := matching.ParseWeights(bad); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}
