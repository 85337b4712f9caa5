package simulate_test

import (
	"testing"

	"linggong/internal/matching"
	"linggong/internal/matching/simulate"
)

var order = matching.ParseOrder("14 7")

func run(t *testing.T, o simulate.Options, r simulate.Rule) simulate.Report {
	t.Helper()
	rep, err := simulate.Run(o, r, order)
	if err != nil {
		t.Fatal(err)
	}
	return rep
}

// Over ninety days nobody who waited is passed over for somebody of a lower tier
// where she could have had the place; and that costs no place.
func TestNobodyIsPassedOverForWhoWaitedLess(t *testing.T) {
	t.Parallel()
	for seed := range uint64(3) {
		o := simulate.Options{Days: 90, Workers: 120, Shifts: 8, Seed: seed + 1}
		rules := simulate.Rules(order)
		greedy, plain, fair := run(t, o, rules[0]), run(t, o, rules[1]), run(t, o, rules[2])
		if fair.OutOfOrder != 0 || !fair.Proved || !plain.Proved {
			t.Errorf("seed %d: %+v", seed, fair)
		}
		if plain.OutOfOrder == 0 {
			t.Errorf("seed %d: the order decides nothing here; the test shows nothing", seed)
		}
		if fair.LongestWait > plain.LongestWait || fair.Gini > plain.Gini {
			t.Errorf("seed %d: who waited is no better off: %+v, plain %+v", seed, fair, plain)
		}
		if float64(fair.Placed) < 0.97*float64(plain.Placed) || fair.Placed < greedy.Placed {
			t.Errorf("seed %d: places were lost: fair %d, plain %d, greedy %d", seed, fair.Placed, plain.Placed, greedy.Placed)
		}
	}
}

func TestTheSameSeedGivesTheSameReport(t *testing.T) {
	t.Parallel()
	o := simulate.Options{Days: 20, Workers: 60, Shifts: 5, Seed: 7}
	r := simulate.Rules(order)[2]
	if a, b := run(t, o, r), run(t, o, r); a != b {
		t.Errorf("%+v\n%+v", a, b)
	}
	o.Seed = 8
	if a, b := run(t, simulate.Options{Days: 20, Workers: 60, Shifts: 5, Seed: 7}, r), run(t, o, r); a == b {
		t.Error("another seed, the same days")
	}
}

func TestAnEmptyMarketIsReportedAndNotDividedBy(t *testing.T) {
	t.Parallel()
	rep := run(t, simulate.Options{Days: 1, Workers: 1, Shifts: 1}, simulate.Rules(nil)[1])
	if rep.FillRate < 0 || rep.FillRate > 1 || rep.Gini != rep.Gini {
		t.Errorf("%+v", rep)
	}
}
