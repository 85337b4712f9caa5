package demo

import (
	"math/rand/v2"
	"testing"

	"linggong/internal/day"
)

func TestNoTwoPeopleOfTheDemoShareAnIDNumber(t *testing.T) {
	t.Parallel()
	c := &city{rnd: rand.New(rand.NewPCG(1, 1)), o: Options{Years: 2}, today: "2026-11-23"}
	seen := map[string]bool{}
	for i := range 20_000 {
		id := c.newIDNumber(day.Date("1970-01-01").Add(i%9000), i%2 == 0)
		if seen[id] {
			t.Fatalf("number %d is given out twice", i)
		}
		seen[id] = true
	}
}
