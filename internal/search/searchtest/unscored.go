package searchtest

import (
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"linggong/internal/search"
	"linggong/internal/worktext"
)

func unscored(t *testing.T, ix search.Index) {
	ctx := t.Context()
	filler := strings.Repeat("招聘 ", 100)
	closed := doc("closed", "保洁")
	closed.Open = false
	must(t, ix.Put(ctx, doc("z-head", "保洁 许村"), doc("a-body", filler+"保洁"), doc("m-synonym", "清洁"), closed))
	q := all(worktext.Clause{Any: []worktext.Term{
		{Field: worktext.InTokens, Tokens: []string{"保洁"}}, {Field: worktext.InTokens, Tokens: []string{"清洁"}},
	}})
	q.Some = []worktext.Clause{word("许村")}
	scores := func(q search.Query) map[string]float64 {
		hits, err := ix.Match(ctx, q)
		must(t, err)
		out, scorer := map[string]float64{}, search.NewScorer(q.Plan())
		for _, h := range hits {
			out[h.ID] = scorer.Of(h)
		}
		return out
	}
	want := scores(q)
	if len(want) != 3 || want["z-head"] <= want["m-synonym"] || want["m-synonym"] <= want["a-body"] {
		t.Fatalf("%v", want)
	}
	q.Unscored = true
	if d := gocmp.Diff(want, scores(q)); d != "" {
		t.Errorf("unscored (-want +got):\n%s", d)
	}
}
