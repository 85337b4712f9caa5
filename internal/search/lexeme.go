package search

import (
	"slices"
	"strings"
	"unicode/utf8"

	"linggong/internal/worktext"
)

// Lexemes are tokens as engines keep them: a letter for the field, then the
// token in characters that no engine folds, splits or drops. One list of them
// per document is all an engine sees, so that columns, analysers and operators
// of the engine never matter.
//
// A token of small letters, digits and common Chinese characters stands as it
// is. Any other character becomes ㄅhexㄆ (bopomofo letters, which are letters
// to every engine and no part of our text), so different tokens stay different
// and the beginning of a token stays the beginning of its lexeme.
const (
	escapeFrom = 'ㄅ'
	escapeTo   = 'ㄆ'
)

var fieldLetter = map[worktext.Field]string{
	worktext.InTokens: "t", worktext.InPinyin: "p", worktext.InInitials: "i",
}

// plain says every engine keeps r as it is: FTS5's unicode61 knows characters
// up to Unicode 6.1 only.
func plain(r rune) bool {
	return 'a' <= r && r <= 'z' || '0' <= r && r <= '9' || 0x4E00 <= r && r <= 0x9FA5 || 0x3400 <= r && r <= 0x4DB5
}

// Lexeme returns the lexeme of a token in a field.
func Lexeme(f worktext.Field, token string) string {
	var b strings.Builder
	b.WriteString(fieldLetter[f])
	n := 0
	for _, r := range token {
		if n++; n > MaxTokenRunes {
			break
		}
		if plain(r) {
			b.WriteRune(r)
			continue
		}
		b.WriteRune(escapeFrom)
		const hex = "0123456789abcdef"
		for shift := 20; shift >= 0; shift -= 4 {
			b.WriteByte(hex[r>>shift&15])
		}
		b.WriteRune(escapeTo)
	}
	return b.String()
}

// Lexemes returns the lexemes of a document in the order of its tokens, field
// after field. Neighbours of one field are neighbours here; a phrase cannot
// reach from one field into another, since their letters differ.
func Lexemes(f worktext.Fields) []string {
	out := make([]string, 0, len(f.Tokens)/5+16)
	for _, part := range []struct {
		field worktext.Field
		text  string
	}{{worktext.InTokens, f.Tokens}, {worktext.InPinyin, f.Pinyin}, {worktext.InInitials, f.Initials}} {
		n := 0
		for token := range strings.FieldsSeq(part.text) {
			if n++; n > MaxTokens {
				break
			}
			out = append(out, Lexeme(part.field, token))
		}
	}
	return out
}

// headTokens is how much of a document's Tokens counts as its head: the trade
// marks, the title and the beginning of what follows.
const headTokens = 40

// Head returns what Score looks at: the lexemes of the head of Tokens and all
// of Pinyin and Initials (which hold the title and the trade only), separated
// by blanks.
func Head(f worktext.Fields) string {
	end, n := len(f.Tokens), 0
	for i := range len(f.Tokens) {
		if f.Tokens[i] == ' ' {
			if n++; n == headTokens {
				end = i
				break
			}
		}
	}
	f.Tokens = f.Tokens[:end]
	const most = 1 << 12 // bytes; nobody's title is longer
	f.Pinyin, f.Initials = cut(f.Pinyin, most), cut(f.Initials, most)
	return strings.Join(Lexemes(f), " ")
}

func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	if i := strings.LastIndexByte(s[:n], ' '); i >= 0 {
		n = i
	}
	return s[:n]
}

// Term is a worktext.Term as lexemes.
type Term struct {
	Lexemes []string
	Phrase  bool    // adjacent and in order
	Prefix  bool    // the last one may be only the beginning
	Weight  float64 // what it makes good of the clause; 0 goes by its place
}

// Clause holds if any of its terms does, best first.
type Clause []Term

// Plan is a query ready for an engine. It has no empty clauses.
type Plan struct {
	All, None []Clause
	Some      []Clause // for the score only
	Nothing   bool     // no document can match
}

// Plan turns the words of a query into lexemes.
func (q Query) Plan() Plan {
	var p Plan
	for i, c := range q.All {
		k := planClause(c, q.Prefix && i == len(q.All)-1)
		if len(k) == 0 {
			return Plan{Nothing: true}
		}
		p.All = append(p.All, k)
	}
	for _, c := range q.None {
		if k := planClause(c, false); len(k) > 0 {
			p.None = append(p.None, k)
		}
	}
	for _, c := range q.Some {
		if k := planClause(c, false); len(k) > 0 {
			p.Some = append(p.Some, k)
		}
	}
	return p
}

func planClause(c worktext.Clause, prefix bool) Clause {
	var out Clause
	for _, t := range c.Any {
		if len(t.Tokens) == 0 || fieldLetter[t.Field] == "" {
			continue // it holds for no document
		}
		k := Term{Phrase: t.Phrase && len(t.Tokens) > 1, Prefix: prefix, Weight: t.Weight, Lexemes: make([]string, len(t.Tokens))}
		for i, token := range t.Tokens {
			k.Lexemes[i] = Lexeme(t.Field, token)
		}
		out = append(out, k)
	}
	return out
}

// Accepts says whether a document with these lexemes holds what the plan asks.
// It is worktext.Match.Accepts with prefixes, for engines that can narrow down
// but not decide.
func (p Plan) Accepts(lexemes []string) bool {
	if p.Nothing {
		return false
	}
	for _, c := range p.All {
		if !c.accepts(lexemes) {
			return false
		}
	}
	return !slices.ContainsFunc(p.None, func(c Clause) bool { return c.accepts(lexemes) })
}

func (c Clause) accepts(lexemes []string) bool {
	return slices.ContainsFunc(c, func(t Term) bool { return t.accepts(lexemes) })
}

func (t Term) accepts(lexemes []string) bool {
	last := len(t.Lexemes) - 1
	is := func(i int, l string) bool {
		return l == t.Lexemes[i] || i == last && t.Prefix && strings.HasPrefix(l, t.Lexemes[i])
	}
	if t.Phrase {
		for at := 0; at+last < len(lexemes); at++ {
			i := 0
			for i <= last && is(i, lexemes[at+i]) {
				i++
			}
			if i > last {
				return true
			}
		}
		return false
	}
	for i := range t.Lexemes {
		if !slices.ContainsFunc(lexemes, func(l string) bool { return is(i, l) }) {
			return false
		}
	}
	return true
}
