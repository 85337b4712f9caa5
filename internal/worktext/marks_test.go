package worktext_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"linggong/internal/worktext"
)

func marks(query, title string) []string {
	return worktext.Parse(query, func(string) (string, string, bool) { return "", "", false }).Marks(title)
}

func TestWhatWasAskedForIsSetOffInTheTitle(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		query, title string
		want         []string
	}{
		{"保洁", "酒店保洁员 日结", []string{"保洁员"}},
		{"日结 保洁", "酒店保洁员 日结", []string{"保洁员", "日结"}},
		{"保结", "酒店保洁员", []string{"保洁员"}},              // by its sound
		{"baojie", "酒店保洁员", []string{"保洁员"}},          // by its pinyin
		{"ＣＡＤ", "会CAD的绘图员", []string{"CAD"}},          // as it is written there
		{"“夜市摆摊”", "夜市摆摊帮手", []string{"夜市摆摊"}},        // a phrase
		{"绿化工", "化工厂操作工", nil},                        // never by accident
		{"化工", "小区绿化工", nil},                          // nor the other way round
		{"", "酒店保洁员", nil},                            // nothing asked
		{"保洁", "100㎡ 保洁", nil},                        // reads longer than it is written
		{"保洁 保洁员", "保洁员 保洁员", []string{"保洁员"}},        // each once
		{"-保安 保洁", "保安兼保洁", []string{"保洁"}},           // what is ruled out is not why
		{"搬运 \x00'; DROP", "搬运工<b>", []string{"搬运工"}}, // typed by anybody
	} {
		if d := cmp.Diff(c.want, marks(c.query, c.title)); d != "" {
			t.Errorf("%q in %q (-want +got):\n%s", c.query, c.title, d)
		}
	}
}

func TestAMarkIsAlwaysAPartOfTheTitle(t *testing.T) {
	t.Parallel()
	words := []string{"保洁", "员", "日结", "化工", "绿", "ＣＡＤ", "cad", "㎡", " ", "200一天", "保安", "-", "“", "x", "電", "焊工", "\u200b", "😀"}
	rapid.Check(t, func(t *rapid.T) {
		some := func(label string) string {
			return strings.Join(rapid.SliceOfN(rapid.SampledFrom(words), 0, 8).Draw(t, label), "")
		}
		query, title := some("query"), some("title")
		for _, m := range marks(query, title) {
			if m == "" || !strings.Contains(title, m) {
				t.Fatalf("%q in %q marks %q", query, title, m)
			}
		}
	})
}
