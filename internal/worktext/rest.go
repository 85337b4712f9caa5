package worktext

import (
	"slices"
	"strconv"
	"strings"
)

// restWord is a word of no known meaning, with the terms that may stand for it.
type restWord struct {
	word  string
	any   []Term // strict
	wider []Term // more, for Near

	sounds bool // it was understood, by its sound or shape
}

// readRest takes what is left after all words of the vocabulary were taken out.
func (p *parser) readRest(left []rune) {
	for i := 0; i < len(left); {
		switch {
		case isHan(left[i]):
			j := i
			for j < len(left) && isHan(left[j]) {
				j++
			}
			p.hanWord(left[i:j])
			i = j
		case isAlnum(left[i]):
			i = p.latinWords(left, i)
		default:
			i++
		}
	}
}

// trimNoise strips single characters that say nothing off both ends; a word of
// two stays whole: 化工 is not 化, 干洗 not 洗.
func trimNoise(rs []rune) []rune {
	if !slices.ContainsFunc(rs, func(r rune) bool { return !noise[string(r)] }) {
		return nil
	}
	for len(rs) > 2 && noise[string(rs[:1])] {
		rs = rs[1:]
	}
	for len(rs) > 2 && noise[string(rs[len(rs)-1:])] {
		rs = rs[:len(rs)-1]
	}
	return rs
}

// whoDoes are callings that a verb says before a word of no known meaning: 教|心理学.
var whoDoes = map[rune]string{'教': "teacher", '卖': "sales"}

// hanWord takes an unknown Chinese word. Beside a named trade a single
// character is its ending (经编|厂) and is dropped.
func (p *parser) hanWord(whole []rune) {
	if whole[0] == '教' && len(whole) > 2 && slices.ContainsFunc(p.callings, called.teaches) {
		whole = whole[1:]
	} else if id := whoDoes[whole[0]]; id != "" && len(whole) > 2 && p.terms == 0 && len(p.callings) == 0 && len(p.q.Trades) == 0 && callings().like(whole) == "" {
		p.takeCalling(callings().list[callings().byID[id]].Words[0], string(whole[:1]))
		whole = whole[1:]
	}
	rs := trimNoise(whole)
	trades, right := p.homophone(whole)
	if len(trades) == 0 {
		trades, right = p.homophone(rs)
	} else {
		rs = whole
	}
	if len(rs) == 0 || len(rs) == 1 && len(p.q.Trades) > 0 || !p.room() {
		return
	}
	word := string(rs)
	r := restWord{word: word, any: []Term{literal(word)}, wider: heard(syllables(rs))}
	if len(trades) > 0 {
		ids := p.lex.ids(trades)
		p.q.Sounds = addNew(p.q.Sounds, ids...)
		r.any, r.sounds = append(tradeTerms(ids), literal(word)), true
		p.q.DidYouMean = strings.Replace(p.q.Text, word, right, 1)
		p.chip(ChipSound, right, word)
		p.some(right, titled(right))
	} else if right = callings().like(whole); right != "" {
		p.heardCalling(string(whole), right)
		return
	} else if right = callings().like(rs); right != "" {
		p.heardCalling(word, right)
		return
	} else {
		p.chip(ChipWord, word, word)
	}
	if len(rs) >= 4 { // a long word is likely two; either half is near
		for i := 0; i+2 <= min(len(rs), longestWord); i += 2 {
			r.wider = append(r.wider, literal(string(rs[i:i+2])))
		}
	}
	p.q.Words = addNew(p.q.Words, word)
	p.rest = append(p.rest, r)
}

// homophone looks the word up by sound, then by shape, each also without 工, 员, 师傅, 阿姨 at its end.
func (p *parser) homophone(rs []rune) (trades []int, right string) {
	for _, look := range []func([]rune) ([]int, string){p.lex.byHomophone, p.lex.byShape} {
		if trades, right = look(rs); len(trades) > 0 {
			return trades, right
		}
		for _, ending := range []string{"师傅", "阿姨", "工", "员"} {
			if w, ok := strings.CutSuffix(string(rs), ending); ok {
				if trades, right = look([]rune(w)); len(trades) > 0 {
					return trades, right + ending
				}
			}
		}
	}
	return nil, ""
}

// latinWords takes a run of latin words: together they may be the pinyin of one
// trade ("bao jie"), else each stands for itself. It returns where they end.
func (p *parser) latinWords(left []rune, i int) (end int) {
	var parts []string
	raws := [2]int{i, i}
	for i < len(left) && (isAlnum(left[i]) || left[i] == ' ' || left[i] == '\'') {
		if !isAlnum(left[i]) {
			i++
			continue
		}
		j := i
		for j < len(left) && isAlnum(left[j]) {
			j++
		}
		parts = append(parts, string(left[i:min(j, i+maxToken)]))
		i, raws[1] = j, j
	}
	whole := strings.Join(parts, "")
	if trades, word := p.lex.bySound(whole); len(parts) > 1 && len(trades) > 0 && len(whole) > 3 {
		p.latinWord(whole, string(left[raws[0]:raws[1]]), trades, word)
		return i
	}
	for _, w := range parts {
		if g, ok := genericSounds()[w]; ok {
			p.takeGeneric(g, w)
			continue
		}
		trades, word := p.lex.bySound(w)
		if len(trades) == 0 {
			if trades, word = p.lex.bySlip(w); len(trades) > 0 {
				p.q.DidYouMean = strings.Replace(p.q.Text, w, word, 1)
			}
		}
		p.latinWord(w, w, trades, word)
	}
	return i
}

// latinWord takes one latin word: itself, the trades it sounds like, and the
// titles that sound so or begin so.
func (p *parser) latinWord(word, raw string, trades []int, right string) {
	if len(word) < 2 || len(word) == 2 && isDigit(rune(word[0])) || !p.room() {
		return // a letter or a small number says nothing
	}
	r := restWord{word: word, any: []Term{literal(word)}}
	whole, first := callings().spelt(word)
	if len(whole) > 0 && len(p.lex.sounds.exact[word]) == 0 {
		trades = nil // what a trade is spelt like roughly, or begins with, is not meant
	}
	meant := whole
	if len(whole) == 0 && len(p.lex.sounds.exact[word]) == 0 {
		meant = first
	}
	for k, c := range meant {
		terms := c.terms()
		if len(trades) > 0 || k > 0 { // first letters say the trade before the calling, and 会计 before 矿井
			for i := range terms {
				terms[i].Weight *= initialShare
			}
		}
		r.any, r.sounds = append(r.any, terms...), true
		r.wider = append(r.wider, c.near()...)
		if len(trades) == 0 {
			p.some(c.word, titled(c.word))
		}
	}
	if len(meant) > 0 && len(trades) == 0 && !holdsAny(meant[0].word, leadWords) {
		p.some("staff", []Term{{Field: InTokens, Tokens: []string{staffToken}}})
	}
	switch {
	case len(trades) > 0:
		ids := p.lex.ids(trades)
		p.q.Sounds = addNew(p.q.Sounds, ids...)
		r.any, r.sounds = append(tradeTerms(ids), r.any...), true
		p.chip(ChipSound, right, raw)
		p.some(right, titled(right))
	case len(meant) > 0:
		p.chip(ChipSound, meant[0].word, raw)
	default:
		p.chip(ChipWord, raw, raw)
	}
	syls := splitPinyin(word)
	switch {
	case len(syls) > 1 && len(trades)+len(meant) == 0:
		for _, cut := range splitsPinyin(word) {
			r.any = append(r.any, heard(cut)...)
		}
	case len(syls) > 1:
		r.wider = append(r.wider, heard(syls)...)
	}
	if pairs := initialPairs(word); onlyLetters(word) && len(word) <= 6 && len(pairs) > 0 {
		t := Term{Field: InInitials, Tokens: pairs, Phrase: len(pairs) > 1}
		if len(meant) > 0 {
			t.Weight = halfShare
		}
		if len(trades) == 0 && len(syls) <= 1 {
			r.any = append(r.any, t)
		} else {
			r.wider = append(r.wider, t)
		}
	}
	p.q.Words = addNew(p.q.Words, word)
	p.rest = append(p.rest, r)
}

func onlyLetters(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return isDigit(r) || r > 'z' })
}

// nearOf returns the trades near those, without them.
func (p *parser) nearOf(ids []string) []string {
	var out []string
	for _, id := range ids {
		for _, n := range p.lex.trades[p.lex.byID[id]].Near {
			if !slices.Contains(ids, n) {
				out = addNew(out, n)
			}
		}
	}
	return out
}

// yuan writes fen as people do: 300, 22.5.
func yuan(fen int64) string {
	s := strconv.FormatInt(fen/100, 10)
	if f := fen % 100; f > 0 {
		s += strings.TrimRight("."+strconv.FormatInt(100+f, 10)[1:], "0")
	}
	return s
}
