// Package searchtest is what every text index must do, as tests. It runs over
// both SQL engines always, and over any other engine where there is one.
package searchtest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"linggong/internal/search"
	"linggong/internal/worktext"
)

// Run tests indexes that make returns, each empty.
func Run(t *testing.T, make func(t *testing.T) search.Index) {
	t.Helper()
	for name, test := range map[string]func(*testing.T, search.Index){
		"a match means what worktext says":          meaning,
		"hostile words are only words":              hostile,
		"a document is replaced, never by an older": replaced,
		"what is deleted is gone":                   deleted,
		"scope and state are kept to":               scope,
		"the best stand first":                      order,
		"what is left unscored scores the same":     unscored,
		"real text is found":                        realText,
		"what people type finds what it means":      typed,
		"a rebuild leaves exactly what is":          rebuilt,
		"a rebuild that fails changes nothing lost": rebuildFails,
		"what happens during a rebuild counts":      duringRebuild,
		"every document is listed once":             refs,
		"many may write at once":                    atOnce,
		"what means nothing is refused":             refused,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, make(t))
		})
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func doc(id, tokens string) search.Doc {
	return search.Doc{ID: id, Version: 1, Fields: worktext.Fields{Tokens: tokens}, Region: "330481101201", Open: true}
}

// word asks for one token.
func word(token string) worktext.Clause {
	return worktext.Clause{Any: []worktext.Term{{Field: worktext.InTokens, Tokens: []string{token}}}}
}

func all(cs ...worktext.Clause) search.Query {
	return search.Query{Match: worktext.Match{All: cs}}
}

func ids(t *testing.T, ix search.Index, q search.Query) []string {
	t.Helper()
	hits, err := ix.Match(t.Context(), q)
	must(t, err)
	out := []string{}
	for i, h := range hits {
		if h.Score < 0 || h.Score > 1 {
			t.Errorf("%s has score %v", h.ID, h.Score)
		}
		if i > 0 && cmp.Or(cmp.Compare(hits[i-1].Score, h.Score), cmp.Compare(h.ID, hits[i-1].ID)) <= 0 {
			t.Errorf("%v stands before %v", hits[i-1], h)
		}
		out = append(out, h.ID)
	}
	return out
}

func want(t *testing.T, ix search.Index, q search.Query, ordered ...string) {
	t.Helper()
	if ordered == nil {
		ordered = []string{}
	}
	if d := gocmp.Diff(ordered, ids(t, ix, q)); d != "" {
		t.Errorf("%+v (-want +got):\n%s", q, d)
	}
}

// tokens are few, so that chance makes phrases, prefixes and near misses; some
// are words of an engine's own language or characters engines treat oddly.
var tokens = []string{
	"保洁", "洁工", "保", "工", "家政", "政保", "bao", "jie", "b", "ba", "zt12", "c1", "10", "e", "é", "E",
	"OR", "NOT", "c++", `"`, `'`, `a"b`, `a'b`, `\`, "*", "保*", ":*", "&", "!", "(", "%", "_", "😀", "𠮷", "〇", "ㄅ", "zz", "ẞ", "ß", "ss",
}

func drawFields(t *rapid.T) worktext.Fields {
	some := func(label string, most int) string {
		return strings.Join(rapid.SliceOfN(rapid.SampledFrom(tokens), 0, most).Draw(t, label), " ")
	}
	return worktext.Fields{Tokens: some("tokens", 12), Pinyin: some("pinyin", 4), Initials: some("initials", 3)}
}

func drawClauses(t *rapid.T, label string, most int) []worktext.Clause {
	term := rapid.Custom(func(t *rapid.T) worktext.Term {
		return worktext.Term{
			Field:  rapid.SampledFrom([]worktext.Field{worktext.InTokens, worktext.InTokens, worktext.InPinyin, worktext.InInitials}).Draw(t, "field"),
			Tokens: rapid.SliceOfN(rapid.SampledFrom(tokens), 0, 3).Draw(t, "words"),
			Phrase: rapid.Bool().Draw(t, "phrase"),
		}
	})
	clause := rapid.Custom(func(t *rapid.T) worktext.Clause {
		return worktext.Clause{Any: rapid.SliceOfN(term, 0, 3).Draw(t, "any")}
	})
	return rapid.SliceOfN(clause, 0, most).Draw(t, label)
}

// accepts is worktext's meaning, with the prefix of the last clause by looking
// at every token that begins so.
func accepts(q search.Query, f worktext.Fields) bool {
	if !q.Prefix || len(q.All) == 0 {
		return q.Match.Accepts(f)
	}
	m := q.Match
	last := m.All[len(m.All)-1]
	var wide worktext.Clause
	for _, term := range last.Any {
		if len(term.Tokens) == 0 {
			continue
		}
		text := map[worktext.Field]string{worktext.InTokens: f.Tokens, worktext.InPinyin: f.Pinyin, worktext.InInitials: f.Initials}[term.Field]
		for _, token := range strings.Fields(text) {
			if strings.HasPrefix(token, term.Tokens[len(term.Tokens)-1]) {
				longer := term
				longer.Tokens = append(slices.Clone(term.Tokens[:len(term.Tokens)-1]), token)
				wide.Any = append(wide.Any, longer)
			}
		}
	}
	m.All = append(slices.Clone(m.All[:len(m.All)-1]), wide)
	return m.Accepts(f)
}

func meaning(t *testing.T, ix search.Index) {
	var docs []search.Doc
	draw := rapid.Custom(drawFields)
	for i := range 150 {
		docs = append(docs, search.Doc{
			ID: fmt.Sprintf("d%03d", i), Version: 1, Fields: draw.Example(i), Region: "330481101201", Open: true,
		})
	}
	must(t, ix.Put(t.Context(), docs...))
	ctx := t.Context()
	rapid.Check(t, func(t *rapid.T) {
		q := search.Query{Prefix: rapid.Bool().Draw(t, "prefix"), Match: worktext.Match{
			All: drawClauses(t, "all", 2), None: drawClauses(t, "none", 1),
		}}
		hits, err := ix.Match(ctx, q)
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]bool{}
		for _, h := range hits {
			got[h.ID] = true
		}
		for _, d := range docs {
			if accepts(q, d.Fields) != got[d.ID] {
				t.Fatalf("%+v\nfor %+v: found %v", q, d, got[d.ID])
			}
		}
	})
}

func hostile(t *testing.T, ix search.Index) {
	bad := []string{
		`"`, `""`, `'`, `''`, `\`, `\'`, `a OR b`, `* `, `NEAR(a b)`, `words:a`, `^a`, `{a}`, `-a`, `+a`, "a\x00b", "\x00", "\xff",
		`'; DROP TABLE search_documents; --`, `" OR 1=1`, `") OR search_fts MATCH ("a`, `a:*`, `!a`, `a & b`, `<->`, `<1>`, `(((`, `:A`,
		`open = false OR open = true`, `"] OR region = "`, strings.Repeat("长", 5000), strings.Repeat("a", 5000), "👨‍👩‍👧", "\u202e",
	}
	must(t, ix.Put(t.Context(), doc("plain", "保洁 洁工")))
	for i, b := range bad {
		must(t, ix.Put(t.Context(), doc(fmt.Sprintf("d%d", i), b)))
	}
	for i, b := range bad {
		for _, prefix := range []bool{false, true} {
			for _, phrase := range []bool{false, true} {
				q := search.Query{Prefix: prefix, Match: worktext.Match{All: []worktext.Clause{{
					Any: []worktext.Term{{Field: worktext.InTokens, Tokens: strings.Fields(b), Phrase: phrase}},
				}}}}
				if got := ids(t, ix, q); !slices.Contains(got, fmt.Sprintf("d%d", i)) || slices.Contains(got, "plain") {
					t.Errorf("%.40q (prefix %v, phrase %v) found %v", b, prefix, phrase, got)
				}
			}
		}
		// A word with blanks in it, as no document has, finds nothing and breaks nothing.
		if strings.ContainsAny(b, " ") {
			want(t, ix, all(word(b)))
		}
	}
}

func replaced(t *testing.T, ix search.Index) {
	ctx := t.Context()
	must(t, ix.Put(ctx))
	d := doc("a", "保洁")
	d.Version = 5
	must(t, ix.Put(ctx, d))
	d.Tokens, d.Version = "电工", 6
	must(t, ix.Put(ctx, d))
	want(t, ix, all(word("电工")), "a")
	want(t, ix, all(word("保洁")))
	d.Tokens, d.Version = "保洁", 4
	must(t, ix.Put(ctx, d, doc("b", "焊工")))
	want(t, ix, all(word("电工")), "a")
	want(t, ix, all(word("保洁")))
	want(t, ix, all(word("焊工")), "b")
	d.Version = 6
	must(t, ix.Put(ctx, d)) // the same version again may say more
	want(t, ix, all(word("保洁")), "a")
	if n, err := ix.Count(ctx); n != 2 || err != nil {
		t.Errorf("count %d, %v", n, err)
	}
	first, second := doc("c", "一"), doc("c", "二")
	second.Version = 2
	must(t, ix.Put(ctx, second, first)) // in one call too
	want(t, ix, all(word("二")), "c")
}

func deleted(t *testing.T, ix search.Index) {
	ctx := t.Context()
	must(t, ix.Put(ctx, doc("a", "保洁"), doc("b", "保洁")))
	must(t, ix.Delete(ctx))
	must(t, ix.Delete(ctx, "a", "nobody"))
	must(t, ix.Delete(ctx, "a"))
	want(t, ix, all(word("保洁")), "b")
	must(t, ix.Put(ctx, doc("a", "保洁")))
	want(t, ix, all(word("保洁")), "a", "b")
}

func scope(t *testing.T, ix search.Index) {
	ctx := t.Context()
	closed := doc("closed", "保洁")
	closed.Open = false
	other := doc("other", "保洁")
	other.Region = "330481102203"
	bare := doc("bare", "保洁")
	bare.Region = ""
	must(t, ix.Put(ctx, doc("here", "保洁"), closed, other, bare))
	q := all(word("保洁"))
	want(t, ix, q, "bare", "here", "other")
	for region, found := range map[string][]string{
		"330481": {"here", "other"}, "330481101": {"here"}, "33048110": {"here", "other"},
		"330481000000": {"here", "other"}, "330481101000": {"here"}, "330481101201": {"here"},
		"330481102": {"other"}, "3304811012": {"here"}, "9": nil,
	} {
		q.Region = region
		want(t, ix, q, found...)
	}
	q.Region, q.WithClosed = "330481101", true
	want(t, ix, q, "closed", "here")
	want(t, ix, search.Query{}, "bare", "here", "other")
	want(t, ix, search.Query{Region: "330481102"}, "other")
	want(t, ix, search.Query{Match: worktext.Match{None: []worktext.Clause{word("保洁")}}, WithClosed: true})
	want(t, ix, search.Query{Match: worktext.Match{None: []worktext.Clause{word("焊工")}}, Region: "330481102"}, "other")
}

func order(t *testing.T, ix search.Index) {
	filler := strings.Repeat("招聘 ", 100)
	must(t, ix.Put(t.Context(),
		doc("d-body", filler+"保洁"), doc("b-synonym", "清洁 招聘"), doc("c-synonym", "清洁"), doc("a-body", filler+"清洁"), doc("z-head", "保洁")))
	q := all(worktext.Clause{Any: []worktext.Term{
		{Field: worktext.InTokens, Tokens: []string{"保洁"}}, {Field: worktext.InTokens, Tokens: []string{"清洁"}},
	}})
	want(t, ix, q, "z-head", "b-synonym", "c-synonym", "a-body", "d-body")
	q.Limit = 2
	want(t, ix, q, "z-head", "b-synonym")
}

func realText(t *testing.T, ix search.Index) {
	ctx := t.Context()
	for id, title := range map[string]string{
		"cleaner": "小区保洁员，早晚两班", "gardener": "绿化工", "chemist": "化工厂操作工", "welder": "电焊工 C1照优先",
	} {
		must(t, ix.Put(ctx, search.Doc{
			ID: id, Version: 1, Fields: worktext.Document(title, "地址在许村，日结200元", "", nil), Region: "330481101201", Open: true,
		}))
	}
	seq := strings.Fields(worktext.Document("保洁员", "", "", nil).Tokens)
	seq = slices.DeleteFunc(seq, func(s string) bool { return len([]rune(s)) != 2 })
	q := all(worktext.Clause{Any: []worktext.Term{{Field: worktext.InTokens, Tokens: seq, Phrase: true}}})
	want(t, ix, q, "cleaner")
	want(t, ix, all(word("化工")), "chemist")
	typing := all(worktext.Clause{Any: []worktext.Term{{Field: worktext.InPinyin, Tokens: []string{"bao", "ji"}, Phrase: true}}})
	want(t, ix, typing)
	typing.Prefix = true
	want(t, ix, typing, "cleaner")
}

// typed asks as people do, through the whole pipeline.
func typed(t *testing.T, ix search.Index) {
	var docs []search.Doc
	for id, title := range map[string]string{
		"cleaner": "小区保洁员", "gardener": "绿化工", "chemist": "化工厂操作工", "welder": "电焊工", "electrician": "水电工",
		"loader": "装卸工", "guard": "保安，夜班", "nanny": "住家月嫂", "garments": "服装车间缝纫工", "waiter": "酒店服务员 包吃住",
	} {
		docs = append(docs, search.Doc{
			ID: id, Version: 1, Region: "330481101201", Open: true,
			Fields: worktext.Document(title, "地址在海宁市许村镇，工资日结，环境好，无需经验。", "", []string{"急招"}),
		})
	}
	must(t, ix.Put(t.Context(), docs...))
	for _, text := range []string{
		"保洁", "baojie", "bj", "保结", "焊工", "电工", "化工", "绿化", "月嫂", "装车", "保安 -夜班", "不要保安", `"电焊工"`, "许村 服务员",
		"日结", "缝纫 急招", "工", "绿", "fuwuyuan", "找个活干", "", "   ", `"`, "-", "保洁 OR 保安", "车间*",
	} {
		for name, m := range map[string]worktext.Match{"match": worktext.Parse(text, nil).Match(), "near": worktext.Parse(text, nil).Near()} {
			wanted := []string{}
			for _, d := range docs {
				if m.Accepts(d.Fields) {
					wanted = append(wanted, d.ID)
				}
			}
			got := ids(t, ix, search.Query{Match: m})
			slices.Sort(wanted)
			slices.Sort(got)
			if d := gocmp.Diff(wanted, got); d != "" {
				t.Errorf("%s of %q (-want +got):\n%s", name, text, d)
			}
		}
	}
	for text, first := range map[string]string{"保洁": "cleaner", "焊工": "welder", "电工": "electrician", "绿化工": "gardener", "baojie": "cleaner"} {
		if got := ids(t, ix, search.Query{Match: worktext.Parse(text, nil).Match()}); len(got) == 0 || got[0] != first {
			t.Errorf("%q finds %v, not %s first", text, got, first)
		}
	}
}

func atOnce(t *testing.T, ix search.Index) {
	ctx := t.Context()
	var wg sync.WaitGroup
	for w := range 8 {
		wg.Go(func() {
			for i := range 10 {
				d := doc(fmt.Sprintf("w%d-%d", w, i), fmt.Sprintf("w%d", w))
				if err := ix.Put(ctx, d); err != nil {
					t.Error(err)
				}
				if hits, err := ix.Match(ctx, all(word(d.Tokens))); err != nil || len(hits) != i+1 {
					t.Errorf("its own documents at once: %d of %d, %v", len(hits), i+1, err)
				}
			}
		})
	}
	wg.Wait()
	if n, err := ix.Count(ctx); n != 80 || err != nil {
		t.Errorf("count %d, %v", n, err)
	}
}

func refused(t *testing.T, ix search.Index) {
	ctx := t.Context()
	for name, d := range map[string]search.Doc{
		"no id": {}, "an id with a quote": {ID: `a"`}, "a long id": {ID: strings.Repeat("a", 65)},
		"a region of letters": {ID: "a", Region: "33%"}, "a long region": {ID: "a", Region: "3304811012011"},
	} {
		if err := ix.Put(ctx, doc("good", "x"), d); !errors.Is(err, search.ErrDocument) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n, err := ix.Count(ctx); n != 0 || err != nil {
		t.Errorf("of a refused call something was kept: %d, %v", n, err)
	}
	many := search.Query{}
	for range search.MaxClauses + 1 {
		many.All = append(many.All, word("a"))
	}
	for name, c := range map[string]struct {
		q    search.Query
		want error
	}{
		"too many clauses":     {many, search.ErrQueryTooLong},
		"too many words":       {all(worktext.Clause{Any: []worktext.Term{{Field: worktext.InTokens, Tokens: make([]string, 1000)}}}), search.ErrQueryTooLong},
		"too many terms":       {all(worktext.Clause{Any: make([]worktext.Term, 1000)}), search.ErrQueryTooLong},
		"a region of anything": {search.Query{Region: "%"}, search.ErrRegion},
		"a region too long":    {search.Query{Region: "3304811012010"}, search.ErrRegion},
	} {
		if _, err := ix.Match(ctx, c.q); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	stopped, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := ix.Match(stopped, all(word("a"))); err == nil || errors.Is(err, search.ErrUnavailable) {
		t.Errorf("a caller who went away says nothing about the engine: %v", err)
	}
}
