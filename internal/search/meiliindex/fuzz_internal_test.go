package meiliindex

import (
	"strings"
	"testing"

	"linggong/internal/search"
	"linggong/internal/worktext"
)

// Whatever the words and the region are, a filter is one condition after another
// and no word is an operator: quotes are closed, and what is outside of them is
// ours.
func FuzzNoWordLeavesItsQuotes(f *testing.F) {
	for _, s := range []string{"保洁", `a" OR open = false OR t = "`, `\`, `\" OR 1`, "'", "\x00\n", "IN [a, b]", "👷", strings.Repeat(`"\`, 20)} {
		f.Add(s, "330481")
		f.Add("保洁", s)
	}
	ours := strings.NewReplacer("AND", "", "OR", "", "NOT", "", "IN", "", "STARTS WITH", "", "=", "", "true", "", "(", "", ")", "", "[", "", "]", "", ",", "")
	f.Fuzz(func(t *testing.T, text, region string) {
		clause := []worktext.Clause{{Any: []worktext.Term{{Field: worktext.InTokens, Tokens: strings.Fields(text), Phrase: true}}}}
		q := search.Query{Region: region, Match: worktext.Match{All: clause, None: clause}}
		if q.Check() != nil {
			return
		}
		outside := ""
		quoted := false
		for i, part := range strings.Split(filter(q, q.Plan()), `"`) {
			if quoted = i%2 == 1; !quoted {
				outside += part
				continue
			}
			if strings.ContainsAny(part, `\'`) {
				t.Fatalf("%q in a filter: %q", text, part)
			}
		}
		if quoted {
			t.Fatalf("%q, %q: a quote stays open", text, region)
		}
		for _, word := range strings.Fields(ours.Replace(outside)) {
			if strings.ContainsFunc(word, func(r rune) bool { return (r < 'a' || r > 'z') && r != '_' }) {
				t.Fatalf("%q, %q: %q stands outside quotes", text, region, word)
			}
		}
	})
}
