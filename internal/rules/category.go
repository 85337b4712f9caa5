package rules

import (
	_ "embed" // the data
	"sync"

	"linggong/internal/day"
)

// HardshipCategory is one category of hardship (就业困难人员类别) as it stood for
// a time: a case is judged by the words of its own day.
type HardshipCategory struct {
	Code      string // H1 … H6
	Name      string
	Condition string // as the notice puts it, zh-CN
	ValidFrom day.Date
	ValidTo   day.Date // last day; "" open
	Source    string
	Confirmed bool
}

//go:embed data/hardship_categories.csv
var categoriesCSV []byte

var hardshipCategories = sync.OnceValue(func() []HardshipCategory {
	var out []HardshipCategory
	for _, r := range dataRows("hardship categories", categoriesCSV) {
		out = append(out, HardshipCategory{r[0], r[1], r[2], day.Date(r[3]), day.Date(r[4]), r[5], r[6] == "true"})
	}
	return out
})

// HardshipCategories returns the categories in force on a day, H1 first.
func HardshipCategories(on day.Date) []HardshipCategory {
	var out []HardshipCategory
	for _, c := range hardshipCategories() {
		if c.ValidFrom <= on && (c.ValidTo == "" || on <= c.ValidTo) {
			out = append(out, c)
		}
	}
	return out
}
