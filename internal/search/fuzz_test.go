package search_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"linggong/internal/search"
	"linggong/internal/worktext"
)

// From what somebody typed to what an engine is asked: within the bounds of a
// query, the plan accepts what the words accept, and a score is a share.
func FuzzTypedToPlan(f *testing.F) {
	for _, s := range []string{
		"许村 装卸工 日结 300一天", `-保安 "经编厂" +打包`, strings.Repeat("天地玄黄宇宙洪荒", 25), "bao jie yuan pu gong zhuang xie", "\x00\xff⼯👷🏽‍♀️", `tokens:* NEAR( AND '; --`,
		"桐乡 会计 不要保安 不用装卸", "ａｂｃ　ＢＪ", strings.Repeat("a ", 100), strings.Repeat("-保洁 ", 40), strings.Repeat("\"保 洁\" ", 30),
	} {
		f.Add(s, "急招装卸工", "仓库卸货")
	}
	f.Fuzz(func(t *testing.T, typed, title, text string) {
		meant := worktext.Parse(typed, nil)
		doc := worktext.Document(title, text, "", nil)
		if n := utf8.RuneCountInString(meant.Text); n > worktext.MaxQueryRunes {
			t.Fatalf("%d runes", n)
		}
		for _, m := range []worktext.Match{meant.Match(), meant.Near(), meant.Here()} {
			q := search.Query{Match: m}
			if err := q.Check(); err != nil {
				t.Fatalf("%q is refused: %v", typed, err)
			}
			plan := q.Plan()
			lexemes := search.Lexemes(doc)
			if !m.IsZero() && plan.Accepts(lexemes) != m.Accepts(doc) {
				t.Fatalf("%q over %q %q: the plan says %v, the words %v", typed, title, text, plan.Accepts(lexemes), m.Accepts(doc))
			}
			if s := search.NewScorer(plan).Score(search.Head(doc)); !(s >= 0 && s <= 1) {
				t.Fatalf("%q scores %v", typed, s)
			}
		}
	})
}
