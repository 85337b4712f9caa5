package matching

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// Order is who is looked at first when people are matched with places: those
// who have waited at least so many days, the longest first; then everybody else.
// Nothing else about a person ranks her (就业促进法 art. 26-31).
//
// One more of a higher tier outweighs any sum of fits. It costs nobody a place:
// the sets of people that can be placed together are a matroid, so preferring
// some never lowers how many there are. Only the sum of fits can fall.
type Order []int64

const maxTiers = 5

// ParseOrder reads the days, "14 7"; what is no positive number is left out.
func ParseOrder(text string) Order {
	var o Order
	for _, f := range strings.Fields(text) {
		if n, err := strconv.ParseInt(f, 10, 64); err == nil && n > 0 {
			o = append(o, n)
		}
	}
	slices.SortFunc(o, func(a, b int64) int { return cmp.Compare(b, a) })
	o = slices.Compact(o)
	return o[:min(len(o), maxTiers-1)]
}

// Tier of somebody who has waited for so many days: 0 is looked at first.
func (o Order) Tier(waited int64) int {
	for i, d := range o {
		if waited >= d {
			return i
		}
	}
	return len(o)
}

// Bonus is what placing her counts before any fit, where one is more than all
// fits of a run together.
func (o Order) Bonus(waited, one int64) int64 { return one * int64(len(o)+1-o.Tier(waited)) }
