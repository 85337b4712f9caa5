package rules

import (
	_ "embed" // the data
	"regexp"
	"slices"
	"strings"
	"sync"
)

// WordsVersion dates the list of words; a finding is kept with its posting, so
// what fired under an older list can still be explained (R-POST-09).
const WordsVersion = "2026-11-23"

//go:embed data/forbidden_categories.csv
var wordCategoriesCSV []byte

//go:embed data/forbidden_words.csv
var wordsCSV []byte

// WordFinding is a word a posting must not contain, with where it stands.
type WordFinding struct {
	Finding
	Hit      string // as written
	From, To int    // bytes of the text
}

// wordCategory is one kind of what a posting must not say. A hit that touches
// one of the exceptions does not count: 不限男女 is no 限男.
type wordCategory struct {
	finding  Finding
	words    []string
	patterns []*regexp.Regexp
	excepted []*regexp.Regexp
}

var wordCategories = sync.OnceValue(func() []wordCategory {
	var out []wordCategory
	for _, r := range dataRows("word categories", wordCategoriesCSV) {
		out = append(out, wordCategory{finding: Finding{
			Code: r[0], Severity: Severity(r[1]), Message: r[2], English: r[3], Rule: r[4], Source: r[5], Remedy: r[6],
		}})
	}
	for _, r := range dataRows("words", wordsCSV) {
		i := slices.IndexFunc(out, func(c wordCategory) bool { return c.finding.Code == r[0] })
		if i < 0 {
			panic("rules: words of no category: " + r[0])
		}
		switch r[1] {
		case "word":
			out[i].words = append(out[i].words, r[2])
		case "pattern":
			out[i].patterns = append(out[i].patterns, regexp.MustCompile(r[2]))
		case "except_pattern":
			out[i].excepted = append(out[i].excepted, regexp.MustCompile(r[2]))
		default:
			panic("rules: no kind of word is called " + r[1])
		}
	}
	return out
})

// PostingWords looks through one text of a posting for what must not be there:
// discrimination, fees and deposits, fraud, children, diversion (R-POST-09,
// domain.md §4.4). Findings come by category, and in the order of the text.
func PostingWords(text string) []WordFinding {
	var out []WordFinding
	read := readings(text)
	for _, c := range wordCategories() {
		var spans []span
		for i, r := range read {
			spans = append(spans, c.hits(r, i == 0, read)...)
		}
		for _, s := range distinct(spans) {
			f := WordFinding{Finding: c.finding, Hit: text[s.from:s.to], From: s.from, To: s.to}
			if f.Code != "word_phone" { // a message goes into logs and errors, a number does not
				f.Message += "：“" + f.Hit + "”"
			}
			out = append(out, f)
		}
	}
	return out
}

// hits returns where the category stands in one reading. Words are looked for in
// the first only, which has lost more of what is put between letters.
func (c *wordCategory) hits(r reading, words bool, all []reading) []span {
	var out []span
	if words {
		for _, w := range c.words {
			for at := 0; ; {
				i := strings.Index(r.text[at:], w)
				if i < 0 {
					break
				}
				out = append(out, r.span(at+i, at+i+len(w)))
				at += i + len(w)
			}
		}
	}
	for _, p := range c.patterns {
		for _, m := range p.FindAllStringSubmatchIndex(r.text, -1) {
			if len(m) >= 4 && m[2] >= 0 {
				m = m[2:] // a pattern that looks at its neighbours says what it means
			}
			out = append(out, r.span(m[0], m[1]))
		}
	}
	if len(out) == 0 {
		return nil // the exceptions cost as much as the rules
	}
	excused := c.excused(all)
	return slices.DeleteFunc(out, func(s span) bool { return slices.ContainsFunc(excused, s.touches) })
}

func (c *wordCategory) excused(all []reading) []span {
	var out []span
	for _, r := range all {
		for _, p := range c.excepted {
			for _, m := range p.FindAllStringIndex(r.text, -1) {
				out = append(out, r.span(m[0], m[1]))
			}
		}
	}
	return out
}

// distinct sorts spans and drops those that touch one before them.
func distinct(spans []span) []span {
	slices.SortFunc(spans, func(a, b span) int {
		if a.from != b.from {
			return a.from - b.from
		}
		return b.to - a.to
	})
	var out []span
	for _, s := range spans {
		if len(out) == 0 || !s.touches(out[len(out)-1]) {
			out = append(out, s)
		}
	}
	return out
}
