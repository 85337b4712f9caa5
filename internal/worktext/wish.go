package worktext

import (
	"slices"
	"strings"
)

// What begins a wish, and what tells of the one who wishes: "我学过会计，想找个审计
// 的工作" asks for auditing.
var (
	wishes = []string{
		"想找", "想做", "想当", "想干", "想学", "要找", "找个", "找份", "找一份", "找一个", "想应聘", "应聘", "求个", "求一份", "想在", "想换", "想去",
	}
	pasts = []string{
		"学过", "当过", "做过", "干过", "以前", "之前", "曾经", "原来", "毕业", "带孩子", "带小孩", "带娃", "照顾孩子", "照顾老人", "接送孩子",
	}
	skills = []string{"会", "证"} // who can drive a forklift and holds its permit offers that, whatever else she wishes
)

// readStory takes out of base what only tells of the one who asks, where another
// part of the sentence says what she wishes: the work it names is not asked for.
// Conditions (在家) are hers all the same and stay.
func (p *parser) readStory(base []rune) {
	parts := sentenceParts(base)
	if len(parts) < 2 {
		return
	}
	wished := -1
	for i, s := range parts {
		from := afterAny(base[s[0]:s[1]], wishes)
		if from >= 0 && len(p.workIn(base[s[0]+from:s[1]])) > 0 {
			wished = i
		}
	}
	if wished < 0 {
		return
	}
	for _, s := range parts[:wished] {
		part := base[s[0]:s[1]]
		if !holdsAny(string(part), pasts) && (!holdsAny(string(part), skills) || p.trades(part)) {
			continue
		}
		for i := 0; i < len(part); {
			if g, n := genericAt(part, i); n > 0 && g.Kind != ChipGeneric {
				i += n
				continue
			}
			part[i] = ' '
			i++
		}
	}
}

// readJoined takes callings of two words with 的 between them: 打字|的|客服.
func (p *parser) readJoined(base []rune) {
	l := callings()
	for k, r := range base {
		if r != '的' {
			continue
		}
		for _, left := range []int{4, 3, 2} {
			if k < left || k+2 >= len(base) {
				continue
			}
			w, n := l.wordAt(l.asked, slices.Concat(base[k-left:k], base[k+1:min(len(base), k+1+l.longest)]), 0)
			if n < left+2 {
				continue
			}
			p.takeCalling(w, string(base[k-left:k+1+n-left]))
			blank(base, k-left, k+1+n-left)
			break
		}
	}
}

// sentenceParts cuts at commas and stops; each is [from, to).
func sentenceParts(rs []rune) (parts [][2]int) {
	from := 0
	for i, r := range rs {
		if strings.ContainsRune(",;。!?", r) {
			if i > from {
				parts = append(parts, [2]int{from, i})
			}
			from = i + 1
		}
	}
	if from < len(rs) {
		parts = append(parts, [2]int{from, len(rs)})
	}
	return parts
}

// afterAny returns where the last of the words ends in rs, -1 for none.
func afterAny(rs []rune, words []string) int {
	end := -1
	for i := range rs {
		if n := anyPrefix(rs[i:], words); n > 0 {
			end = i + n
		}
	}
	return end
}

// workIn returns the trades and callings a text names.
func (p *parser) workIn(rs []rune) (words []string) {
	for i := 0; i < len(rs); {
		w := p.knownAt(rs, i)
		if w == "" {
			i++
			continue
		}
		if _, ok := callings().asked[w]; ok || len(p.lex.words[w]) > 0 {
			words = append(words, w)
		}
		i += len([]rune(w))
	}
	return words
}

// trades says a text names a trade that is no calling.
func (p *parser) trades(rs []rune) bool {
	return slices.ContainsFunc(p.workIn(rs), func(w string) bool {
		_, calling := callings().asked[w]
		return !calling
	})
}
