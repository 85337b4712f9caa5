// Package rules is what the law and the city's policy say: dated facts, each
// with its source, and pure functions over them. What an authority has not
// confirmed is here too, marked so, and never hidden in code.
package rules

import (
	"cmp"
	_ "embed" // the data
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"linggong/internal/day"
	"linggong/internal/errs"
)

// ErrNoParameter says nothing is in force for a key on a day.
var ErrNoParameter = errs.New(errs.Internal, "parameter_missing", "缺少规则参数", "A rule parameter is missing.")

// Parameter is one dated fact that an authority can change.
type Parameter struct {
	Key       string
	Region    string // prefix of region codes it holds for; "" everywhere
	Value     string
	Unit      string
	ValidFrom day.Date
	ValidTo   day.Date // last day; "" open
	Published day.Date // when it became known, which may be after ValidFrom
	Source    string
	Rule      string
	Confirmed bool // read at its source, not inferred
	Note      string
}

// Retroactive says the parameter became known after it had begun to hold: what
// was judged in between must be judged again (domain.md §0, principle 2).
func (p Parameter) Retroactive() bool { return p.Published > p.ValidFrom }

// InForce says the parameter holds on a day.
func (p Parameter) InForce(on day.Date) bool {
	return p.ValidFrom <= on && (p.ValidTo == "" || on <= p.ValidTo)
}

// Book is every parameter, for lookup by key, place and day. It never changes;
// With gives a new one.
type Book struct {
	all   []Parameter
	byKey map[string][]Parameter
	cal   *Calendar
}

//go:embed data/parameters.csv
var parametersCSV []byte

// Default returns the book this program ships.
var Default = sync.OnceValue(func() *Book {
	var list []Parameter
	for _, r := range dataRows("parameters", parametersCSV) {
		list = append(list, Parameter{
			Key: r[0], Region: r[1], Value: r[2], Unit: r[3], ValidFrom: day.Date(r[4]), ValidTo: day.Date(r[5]),
			Published: day.Date(r[6]), Source: r[7], Rule: r[8], Confirmed: r[9] == "true", Note: r[10],
		})
	}
	return NewBook(list, DefaultCalendar())
})

// NewBook returns a book of the given parameters, which it keeps, and calendar.
func NewBook(list []Parameter, cal *Calendar) *Book {
	b := &Book{all: list, byKey: map[string][]Parameter{}, cal: cal}
	for _, p := range list {
		b.byKey[p.Key] = append(b.byKey[p.Key], p)
	}
	return b
}

// With returns a book in which the given parameters stand beside those of b;
// one with the same key, region and first day takes the older one's place.
func (b *Book) With(more ...Parameter) *Book {
	list := slices.Clone(b.all)
	for _, m := range more {
		i := slices.IndexFunc(list, func(p Parameter) bool {
			return p.Key == m.Key && p.Region == m.Region && p.ValidFrom == m.ValidFrom
		})
		if i >= 0 {
			list[i] = m
		} else {
			list = append(list, m)
		}
	}
	return NewBook(list, b.cal)
}

// At returns what holds for a key in a place on a day: of those in force the
// one for the smallest place, then the newest. The day is the business date,
// not today.
func (b *Book) At(key, region string, on day.Date) (Parameter, error) {
	var best Parameter
	found := false
	for _, p := range b.byKey[key] {
		if !p.InForce(on) || !strings.HasPrefix(region, p.Region) {
			continue
		}
		if !found || len(p.Region) > len(best.Region) || len(p.Region) == len(best.Region) && p.ValidFrom > best.ValidFrom {
			best, found = p, true
		}
	}
	if !found {
		return Parameter{}, ErrNoParameter.With(fmt.Errorf("%s in %s on %s", key, region, on))
	}
	return best, nil
}

// Number returns a parameter's whole number; before the first is in force the
// first holds, so that an old date never breaks a clock.
func (b *Book) Number(key, region string, on day.Date) int {
	p, err := b.At(key, region, on)
	if err != nil {
		p = b.first(key, region)
	}
	n, err := strconv.Atoi(p.Value)
	if err != nil {
		panic("rules: parameter " + key + " is no number")
	}
	return n
}

// first returns the earliest parameter of a key, one of the place if there is any.
func (b *Book) first(key, region string) Parameter {
	list := b.byKey[key]
	if len(list) == 0 {
		panic("rules: no parameter is called " + key) // a misspelt key is a defect; a test looks up every one
	}
	return slices.MinFunc(list, func(x, y Parameter) int {
		here := func(p Parameter) int {
			if strings.HasPrefix(region, p.Region) {
				return 0
			}
			return 1
		}
		return cmp.Or(cmp.Compare(here(x), here(y)), cmp.Compare(x.ValidFrom, y.ValidFrom), cmp.Compare(y.Region, x.Region))
	})
}

// Text returns a parameter's text, or "".
func (b *Book) Text(key, region string, on day.Date) string {
	p, err := b.At(key, region, on)
	if err != nil {
		return ""
	}
	return p.Value
}

// Entry is one line of a list parameter, "key:label" or "key:3".
type Entry struct{ Key, Label string }

// List returns a list parameter's entries in order.
func (b *Book) List(key, region string, on day.Date) []Entry {
	var out []Entry
	for _, f := range strings.Fields(b.Text(key, region, on)) {
		k, label, _ := strings.Cut(f, ":")
		out = append(out, Entry{k, label})
	}
	return out
}

// Numbers returns the whole numbers of a list parameter, "90 60 30", in order.
func (b *Book) Numbers(key, region string, on day.Date) []int {
	var out []int
	for _, f := range strings.Fields(b.Text(key, region, on)) {
		if n, err := strconv.Atoi(f); err == nil {
			out = append(out, n)
		}
	}
	return out
}

// Parameters lists everything, by key, place and day.
func (b *Book) Parameters() []Parameter {
	out := slices.Clone(b.all)
	slices.SortStableFunc(out, func(x, y Parameter) int {
		return cmp.Or(cmp.Compare(x.Key, y.Key), cmp.Compare(x.Region, y.Region), cmp.Compare(x.ValidFrom, y.ValidFrom))
	})
	return out
}

// Unconfirmed lists what nobody has read at its source yet: the bureau's list
// of questions, in the order of Parameters.
func (b *Book) Unconfirmed() []Parameter {
	return slices.DeleteFunc(b.Parameters(), func(p Parameter) bool { return p.Confirmed })
}

// Calendar returns the working days of the book.
func (b *Book) Calendar() *Calendar { return b.cal }
