package worktext_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"linggong/internal/region"
	"linggong/internal/worktext"
)

func placeOf(text string) (code, rest string, ok bool) {
	r, rest, ok := region.HainingTree().Find(text)
	return string(r.Code), rest, ok
}

// Whatever was understood can be taken away: the chip's own text, asked anew,
// says all but that.
func TestTakingAChipAwayTakesItsMeaningAway(t *testing.T) {
	t.Parallel()
	pieces := []string{
		"保洁", "电焊工", "普工", "小时工", "许村", "长安镇", "桐乡", "日结", "包吃", "包住", "不上夜班", "新手可做", "明天", "200一天", "25元一小时", "8000元/月",
		"-保安", "+叉车", "\"双休 交通\"", "不要搬运", "baojie", "bj", "保结", "空调房", "CAD", "会计", "兼职", "急招", "周末", "残疾人", "夜班", "保安服 -", "“半句",
	}
	rapid.Check(t, func(t *rapid.T) {
		said := rapid.SliceOfN(rapid.SampledFrom(pieces), 1, 5).Draw(t, "said")
		q := worktext.Parse(strings.Join(said, " "), placeOf)
		for _, c := range q.Chips {
			if c.Raw == "" {
				t.Fatalf("%q: the chip %s %q stands for nothing that was typed", q.Text, c.Kind, c.Label)
			}
			left := worktext.Parse(c.Without, placeOf)
			if slices.ContainsFunc(left.Chips, func(x worktext.Chip) bool { return x.Kind == c.Kind && x.Label == c.Label && x.Raw == c.Raw }) {
				t.Fatalf("%q without %s %q is %q, which says it still", q.Text, c.Kind, c.Label, c.Without)
			}
			for _, x := range left.Chips { // what was said beside it, or the end of a word it was cut from
				if slices.ContainsFunc(strings.Fields(x.Raw), func(part string) bool { return !strings.Contains(q.Text, part) }) {
					t.Fatalf("%q without %q is %q, which says %q", q.Text, c.Label, c.Without, x.Raw)
				}
			}
		}
	})
}

// Signs that do not close are only signs, and what was typed goes on meaning
// what it means.
func TestUnbalancedSignsNeverHurt(t *testing.T) {
	t.Parallel()
	for text, trade := range map[string]string{
		`"保洁`: "cleaner", `保洁"`: "cleaner", `“保洁" 日结`: "cleaner", "「保洁": "cleaner", "- 保洁": "cleaner", "+ 保洁": "cleaner", "--保洁 -": "", "保洁 -": "cleaner",
		`"" 保洁`: "cleaner", `"保洁" "`: "", "(保洁": "cleaner", "保洁 AND": "cleaner", "保洁 OR (": "cleaner", `保洁 NOT "`: "cleaner", "保洁*": "cleaner", "title:保洁": "cleaner",
	} {
		q := worktext.Parse(text, nil)
		if got := slices.Contains(q.Trades, trade); trade != "" && !got {
			t.Errorf("%q: trades %v, not %s", text, q.Trades, trade)
		}
	}
}
