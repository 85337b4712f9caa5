package sqlindex

import (
	"strconv"
	"strings"

	"linggong/internal/search"
)

// text is what FTS5 stores: lexemes separated by blanks.
func text(c Collection, lexemes []string) string {
	var b strings.Builder
	for _, l := range lexemes {
		b.WriteString(c.letter())
		b.WriteString(l)
		b.WriteByte(' ')
	}
	return b.String()
}

// Bounds of a tsvector.
const (
	maxPosition  = 16_383
	maxPositions = 255 // of one lexeme
)

// vector is what PostgreSQL stores, in the input syntax of tsvector:
// 'lexeme':position. Nothing parses the text, so nothing is lost.
func vector(c Collection, lexemes []string) string {
	at := make(map[string][]int, len(lexemes))
	order := make([]string, 0, len(lexemes))
	for i, l := range lexemes {
		if at[l] == nil {
			order = append(order, l)
		}
		if i < maxPosition && len(at[l]) < maxPositions {
			at[l] = append(at[l], i+1)
		}
	}
	var b strings.Builder
	for _, l := range order {
		b.WriteString(quoteTS(c.letter() + l))
		for i, p := range at[l] {
			b.WriteByte(":,"[min(i, 1)])
			b.WriteString(strconv.Itoa(p))
		}
		b.WriteByte(' ')
	}
	return b.String()
}

// quoteTS quotes a lexeme for tsvector and tsquery. Lexemes hold nothing that
// needs it; it is here so that this file is safe by itself.
func quoteTS(l string) string {
	if strings.ContainsAny(l, `'\`) {
		l = strings.NewReplacer(`'`, `''`, `\`, `\\`).Replace(l)
	}
	return "'" + l + "'"
}

func quoteFTS(l string) string { return `"` + strings.ReplaceAll(l, `"`, `""`) + `"` }

// tsQuery is the plan as a tsquery; false when it asks for nothing.
func tsQuery(c Collection, p search.Plan) (string, bool) {
	var parts []string
	for _, k := range p.All {
		parts = append(parts, tsClause(c, k))
	}
	for _, k := range p.None {
		parts = append(parts, "!"+tsClause(c, k))
	}
	return strings.Join(parts, " & "), len(parts) > 0
}

func tsClause(c Collection, k search.Clause) string {
	terms := make([]string, len(k))
	for i, t := range k {
		ls := make([]string, len(t.Lexemes))
		for j, l := range t.Lexemes {
			ls[j] = quoteTS(c.letter() + l)
			if t.Prefix && j == len(t.Lexemes)-1 {
				ls[j] += ":*"
			}
		}
		by := " & "
		if t.Phrase {
			by = " <-> "
		}
		terms[i] = "(" + strings.Join(ls, by) + ")"
	}
	return "(" + strings.Join(terms, " | ") + ")"
}

// ftsQuery is the plan as an FTS5 query; false when nothing is to be found
// (there may still be what is not to be).
func ftsQuery(c Collection, p search.Plan) (string, bool) {
	if len(p.All) == 0 {
		return "", false
	}
	parts := make([]string, len(p.All))
	for i, k := range p.All {
		parts[i] = ftsClause(c, k)
	}
	expr := strings.Join(parts, " AND ")
	if len(p.None) > 0 {
		expr = "(" + expr + ") NOT (" + ftsAny(c, p.None) + ")"
	}
	return expr, true
}

// ftsAny finds what any of the clauses holds for.
func ftsAny(c Collection, clauses []search.Clause) string {
	parts := make([]string, len(clauses))
	for i, k := range clauses {
		parts[i] = ftsClause(c, k)
	}
	return strings.Join(parts, " OR ")
}

func ftsClause(c Collection, k search.Clause) string {
	terms := make([]string, len(k))
	for i, t := range k {
		terms[i] = ftsTerm(c, t)
	}
	return "(" + strings.Join(terms, " OR ") + ")"
}

func ftsTerm(c Collection, t search.Term) string {
	ls := make([]string, len(t.Lexemes))
	for i, l := range t.Lexemes {
		ls[i] = c.letter() + l
	}
	star := ""
	if t.Prefix {
		star = " *"
	}
	if t.Phrase {
		return quoteFTS(strings.Join(ls, " ")) + star
	}
	for i := range ls {
		ls[i] = quoteFTS(ls[i])
	}
	return "(" + strings.Join(ls, " AND ") + star + ")"
}
