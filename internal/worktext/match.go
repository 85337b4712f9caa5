package worktext

import (
	"slices"
	"strings"
)

// Field is one of the token strings of a document.
type Field string

// The fields of [Fields].
const (
	InTokens   Field = "tokens"
	InPinyin   Field = "pinyin"
	InInitials Field = "initials"
)

// Match is what a text index must find: every clause of All, none of None. A
// Match without clauses holds for every document.
//
// An adapter renders it so:
//
//	Term   FTS5: field : ("a" AND "b")  or  field : "a b" when Phrase
//	       tsquery: (a & b)  or  (a <-> b) when Phrase, on the field's vector
//	Clause its terms joined by OR (|)
//	Match  clauses joined by AND (&); None as NOT (… OR …) (& !(… | …))
//
// Tokens hold only letters, digits and Chinese characters, never an operator,
// so quoting them is enough. FTS5 knows no query of only NOT: where All is
// empty and None is not, subtract from the whole table.
type Match struct {
	All  []Clause
	None []Clause
	// Some make a hit better and are not asked for: the very word in the title,
	// a word beside a trade. They never widen or narrow what is found.
	Some []Clause
}

// Clause holds if any of its terms does; the terms stand best first, so the
// place of the one that held is a measure of how well.
type Clause struct {
	Label string // the word of the query this clause stands for
	Any   []Term
}

// Term holds if the field has all its tokens: adjacent and in order when Phrase.
type Term struct {
	Field  Field
	Tokens []string
	Phrase bool
	// Weight is how much of the clause it makes good, 0…1; 0 leaves that to its
	// place among the terms.
	Weight float64
}

// IsZero says the match holds for everything.
func (m Match) IsZero() bool { return len(m.All) == 0 && len(m.None) == 0 }

// Accepts says whether the document holds what m asks: the meaning every index
// adapter must agree with. It is for tests and for looking at single documents.
func (m Match) Accepts(f Fields) bool {
	has := map[Field][]string{
		InTokens: strings.Fields(f.Tokens), InPinyin: strings.Fields(f.Pinyin), InInitials: strings.Fields(f.Initials),
	}
	for _, c := range m.All {
		if !c.accepts(has) {
			return false
		}
	}
	return !slices.ContainsFunc(m.None, func(c Clause) bool { return c.accepts(has) })
}

func (c Clause) accepts(has map[Field][]string) bool {
	return slices.ContainsFunc(c.Any, func(t Term) bool { return t.accepts(has[t.Field]) })
}

func (t Term) accepts(tokens []string) bool {
	if len(t.Tokens) == 0 {
		return false
	}
	if t.Phrase {
		for i := 0; i+len(t.Tokens) <= len(tokens); i++ {
			if slices.Equal(tokens[i:i+len(t.Tokens)], t.Tokens) {
				return true
			}
		}
		return false
	}
	return !slices.ContainsFunc(t.Tokens, func(w string) bool { return !slices.Contains(tokens, w) })
}

// tradeToken is the token a document of the trade carries: letters only, and no
// word of any language.
func tradeToken(id string) string { return "zt" + id }

// namedToken is that of a trade the title names beside the posting's own.
func namedToken(id string) string { return "zn" + id }

// saidToken is that of a trade only said somewhere in a posting that has none of its own.
func saidToken(id string) string { return "zs" + id }

// longestWord is how much of a word is looked for: a longer one is no word, and
// an engine need not see all of it.
const longestWord = 48

// literal returns the term that finds the word as it is written.
func literal(word string) Term {
	rs := []rune(word)
	rs = rs[:min(len(rs), longestWord)]
	seq := sequence(rs)
	if len(seq) == 0 {
		for _, r := range rs { // a lone character is among the singles
			if isHan(r) {
				seq = append(seq, string(r))
			}
		}
		return Term{Field: InTokens, Tokens: seq}
	}
	return Term{Field: InTokens, Tokens: seq, Phrase: len(seq) > 1}
}

// How much a trade counts: the first that is meant most, a posting of that
// trade more than one that names it, and a mere mention in the text little.
const (
	tradeStep   = 0.25
	leastTrade  = 0.65
	namedShare  = 0.85
	mentionOnly = 0.2
	halfShare   = 0.5 // half of a word in the title, of what the whole would be
)

func tradeTerms(ids []string) []Term {
	out := make([]Term, 0, 2*len(ids))
	for i, id := range ids {
		w := max(1/(1+float64(i)*tradeStep), leastTrade)
		out = append(out,
			Term{Field: InTokens, Tokens: []string{tradeToken(id)}, Weight: w},
			Term{Field: InTokens, Tokens: []string{namedToken(id)}, Weight: w * namedShare})
	}
	return out
}

// saidTerms find postings without a trade that say one somewhere: near, and no more.
func saidTerms(ids []string) []Term {
	out := make([]Term, len(ids))
	for i, id := range ids {
		out[i] = Term{Field: InTokens, Tokens: []string{saidToken(id)}, Weight: mentionOnly}
	}
	return out
}

// heard returns the terms that find a word by its sound in title or trade.
func heard(syls []string) []Term {
	if len(syls) < 2 {
		return nil
	}
	syls = syls[:min(len(syls), longestWord)]
	return []Term{{Field: InPinyin, Tokens: syls, Phrase: true}}
}
