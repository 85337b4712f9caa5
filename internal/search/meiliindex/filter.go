package meiliindex

import (
	"strings"

	"linggong/internal/search"
)

// filter is the query as a filter expression, "" for everything. Values hold
// letters, digits and '_' only; they are quoted all the same, so that this
// file is safe by itself.
func filter(q search.Query, p search.Plan) string {
	var parts []string
	if !q.WithClosed {
		parts = append(parts, "open = true")
	}
	if q.Region != "" {
		parts = append(parts, equals("scopes", scopeValue(search.Scope(q.Region))))
	}
	for _, c := range p.All {
		parts = append(parts, clause(c))
	}
	for _, c := range p.None {
		if decidesClause(c) {
			parts = append(parts, "NOT "+clause(c))
		} // else the filter is too wide to exclude by: Plan.Accepts does it
	}
	return strings.Join(parts, " AND ")
}

func clause(c search.Clause) string {
	terms := make([]string, len(c))
	for i, t := range c {
		terms[i] = term(t)
	}
	return "(" + strings.Join(terms, " OR ") + ")"
}

func term(t search.Term) string {
	var parts []string
	last := len(t.Lexemes) - 1
	for i, l := range t.Lexemes {
		switch {
		case i == last && t.Prefix:
			parts = append(parts, equals("prefixes", value(l)))
		case t.Phrase && i < last && !(i+1 == last && t.Prefix):
			parts = append(parts, equals("terms", pair(l, t.Lexemes[i+1])))
		case !t.Phrase || last == 0 || t.Prefix:
			parts = append(parts, equals("terms", value(l)))
		}
	}
	return "(" + strings.Join(parts, " AND ") + ")"
}

// decides says whether the filter alone is right. Pairs of neighbours decide a
// phrase of two; longer ones and those being typed are looked at again.
func decides(p search.Plan) bool {
	for _, c := range p.All {
		if !decidesClause(c) {
			return false
		}
	}
	for _, c := range p.None {
		if !decidesClause(c) {
			return false
		}
	}
	return true
}

func decidesClause(c search.Clause) bool {
	for _, t := range c {
		if t.Phrase && (len(t.Lexemes) > 2 || t.Prefix) {
			return false
		}
	}
	return true
}

func equals(attribute, v string) string {
	return attribute + ` = "` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(v) + `"`
}

// withIDs is the filter of some documents. What is no id of ours is no document.
func withIDs(ids []string) string {
	quoted := make([]string, 0, len(ids))
	for _, id := range ids {
		if (search.Doc{ID: id}).Check() == nil { // letters, digits, '-' and '_'
			quoted = append(quoted, `"`+id+`"`)
		}
	}
	return "id IN [" + strings.Join(quoted, ", ") + "]"
}
