package worktext

import (
	"slices"
	"strings"
)

// refusing stands before a word and turns it round: 不|包吃, 没有|宿舍.
var refusing = []string{"不", "无", "没", "未", "没有", "不提供", "不管", "不含", "不需要", "不用", "不要", "不上", "不做"}

// Conditions reads what a posting says of itself in words (tags, title,
// description): how it is settled, 包吃住, 夜班, 新手可做. It is for postings that
// come as text only; a posting of ours has columns. What is refused ("不包吃")
// does not count, and a posting that has night work at all has it.
func Conditions(texts ...string) Facets {
	var f Facets
	night := false
	for _, text := range texts {
		rs := []rune(Normalize(text))
		for i := 0; i < len(rs); {
			g, n := genericAt(rs, i)
			if n == 0 {
				i++
				continue
			}
			if !refusedBefore(rs, i) {
				night = night || g.Facets.Night
				one := g.Facets
				if f.Settlement != "" {
					one.Settlement = "" // what is said first counts: tags before the text
				}
				f.merge(one)
			}
			i += n
		}
	}
	f.Night = night
	if night {
		f.NoNight = false
	}
	return f
}

// genericAt returns the longest generic word at rs[i] and its length, 0 for none.
func genericAt(rs []rune, i int) (Generic, int) {
	for n := min(longestKnown, len(rs)-i); n >= 2; n-- {
		if g, ok := generics()[string(rs[i:i+n])]; ok {
			return g, n
		}
	}
	return Generic{}, 0
}

// refusedBefore says the word at rs[i] stands after a refusal.
func refusedBefore(rs []rune, i int) bool {
	return slices.ContainsFunc(refusing, func(w string) bool {
		n := len([]rune(w))
		return i >= n && string(rs[i-n:i]) == w
	})
}

// sign is the token of a condition no column holds: letters only, no word.
func sign(name string) string { return "zq" + name }

// signsOf returns the tokens of such conditions that texts state.
func signsOf(texts []string) []string {
	var out []string
	for _, text := range texts {
		rs := []rune(Normalize(text))
		for i := 0; i < len(rs); {
			g, n := genericAt(rs, i)
			if n == 0 {
				i++
				continue
			}
			if !refusedBefore(rs, i) {
				out = addNew(out, g.Facets.signs()...)
			}
			i += n
		}
		for _, unit := range []string{"小时", "时", "h", "天", "日", "件", "月"} {
			if strings.Contains(string(rs), "元/"+unit) {
				out = addNew(out, sign(perWords[unit]))
			}
		}
	}
	return out
}

// signs are the conditions that are found by words, not by columns.
func (f Facets) signs() []string {
	var out []string
	if f.PayUnit != "" {
		out = append(out, sign(f.PayUnit))
	}
	if f.Form != "" {
		out = append(out, sign("parttime"))
	}
	if f.Night {
		out = append(out, sign("night"))
	}
	if f.Home {
		out = append(out, sign("home"))
	}
	return out
}

// sameSign returns the first words that say the same as word: 小时工, 钟点工.
func sameSign(word string) []string {
	for _, row := range genericTable {
		if slices.Contains(row.words, word) {
			return row.words[:min(3, len(row.words))]
		}
	}
	return []string{word}
}

// perWords are the units employers write behind 元/.
var perWords = map[string]string{"小时": "hour", "时": "hour", "h": "hour", "天": "day", "日": "day", "件": "piece", "月": "month"}
