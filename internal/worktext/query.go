package worktext

import "slices"

// Bounds of a query: what lies beyond them is not read.
const (
	MaxQueryRunes = 200
	MaxTerms      = 10
)

// Query is what a person meant by what she typed.
type Query struct {
	Text string // normalised, cut to MaxQueryRunes

	Trades    []string // trades named, best first
	Wide      []string // trades a generic word widens to (普工), when none is named
	Sounds    []string // trades an unknown word sounds like (保结, baojie, bj)
	NotTrades []string // trades ruled out (-保安, 不要保安)
	Words     []string // words of no known meaning, each to be found in the text
	Must      []string // +word
	MustNot   []string // -word, 不要…
	Phrases   []string // "…", “…”, 「…」

	Outside    []string // places elsewhere, asked for in the text (桐乡)
	Region     string   // code from the finder, "" none
	Pay        Pay
	Facets     Facets
	Chips      []Chip // everything understood, in reading order, each removable
	DidYouMean string // the word meant where one was misspelt, "" none

	callings                          []int // asked for, by their place in the table
	all, none, wider, some, elsewhere []Clause
}

// ChipKind says what a chip filters by.
type ChipKind string

// The kinds of chips.
const (
	ChipTrade      ChipKind = "trade"
	ChipSound      ChipKind = "sound" // a trade found by sound: 是不是要找…
	ChipGeneric    ChipKind = "generic"
	ChipAnyWork    ChipKind = "any_work"
	ChipRegion     ChipKind = "region"
	ChipPay        ChipKind = "pay"
	ChipPayUnit    ChipKind = "pay_unit"
	ChipSettlement ChipKind = "settlement"
	ChipForm       ChipKind = "form"
	ChipFacet      ChipKind = "facet"
	ChipDate       ChipKind = "date"
	ChipWord       ChipKind = "word"
	ChipPhrase     ChipKind = "phrase"
	ChipMust       ChipKind = "must"
	ChipMustNot    ChipKind = "must_not"
)

// Chip shows one thing that was understood; Raw is a stretch of Query.Text, and
// Without is the text that asks for all else.
type Chip struct {
	Kind    ChipKind `json:"kind"`
	Label   string   `json:"label"`
	Raw     string   `json:"raw"`
	Without string   `json:"without"`
}

// RegionFinder finds the name of a village or town in text and returns its
// code and what is left of the text; ok is false where there is none.
type RegionFinder func(text string) (code, rest string, ok bool)

// Match returns what the text index must find. Pay, place and facets are not
// in it: they are columns.
func (q Query) Match() Match {
	return Match{All: slices.Concat(q.all, q.elsewhere), None: q.none, Some: q.some}
}

// Here is Match without the places elsewhere.
func (q Query) Here() Match { return Match{All: q.all, None: q.none, Some: q.some} }

// Near returns a wider match for when Match finds too little: related trades,
// words by their sound, long words by their parts.
func (q Query) Near() Match { return Match{All: q.wider, None: q.none, Some: q.some} }

// AnyTrade returns the trades a posting should have one of, nil for any: those
// named, else those a generic word widens to.
func (q Query) AnyTrade() []string {
	if len(q.Trades) > 0 {
		return q.Trades
	}
	return q.Wide
}

// IsZero says nothing was asked.
func (q Query) IsZero() bool { return len(q.Chips) == 0 }

func addNew(to []string, more ...string) []string {
	for _, s := range more {
		if !slices.Contains(to, s) {
			to = append(to, s)
		}
	}
	return to
}
