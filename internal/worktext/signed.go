package worktext

import "strings"

// refusing words say that what follows is not wanted. A mere 不 does before a
// trade only: 不洗碗.
var refusingWords = []string{
	"不要", "不做", "不想做", "不找", "不想", "除了", "除开", "别要", "不去", "不干", "不接", "不当", "不是", "不考虑", "不想去", "不想干", "非", "别", "拒绝", "排除", "不需要",
}

// readSigned takes out +word, -word and 不要…; "不要夜班" and "不要经验" are
// facets of their own and stay.
func (p *parser) readSigned(base []rune) {
	for i := 0; i < len(base); i++ {
		start := i == 0 || base[i-1] == ' '
		switch {
		case start && (base[i] == '+' || base[i] == '-') && i+1 < len(base) && base[i+1] != ' ':
			to := wordEnd(base, i+1)
			p.sign(base[i] == '+', string(base[i+1:to]), string(base[i:to]))
			blank(base, i, to)
			i = to
		case p.knownAt(base, i) == "":
			from, to := p.refusedAt(base, i)
			if to == from {
				continue
			}
			p.refused(string(base[from:to]), string(base[i:to]))
			blank(base, i, to)
			i = max(i, to-1)
		}
	}
}

// refusedAt returns where the word lies that base[i] begins to refuse; from is to for none.
func (p *parser) refusedAt(base []rune, i int) (from, to int) {
	n := anyPrefix(base[i:], refusingWords)
	if n == 0 && base[i] == '不' {
		for _, from := range []int{i + 1, i + 2} { // 不洗碗, 不用洗碗
			if from >= len(base) || from == i+2 && base[i+1] != '用' && base[i+1] != '会' { // 要人不
				break
			}
			w, _ := p.lex.wordAt(base, from)
			if c, _ := callings().wordAt(callings().asked, base, from); len(c) > len(w) {
				w = c
			}
			if w != "" {
				return from, from + len([]rune(w))
			}
		}
	}
	if n == 0 {
		return i, i
	}
	from = i + n
	for from < len(base) && (base[from] == '做' || base[from] == '要' || base[from] == '去' || base[from] == '当') {
		from++
	}
	to = from + len([]rune(p.knownAt(base, min(from, len(base)))))
	if to == from {
		to = clauseEnd(base, from)
	}
	if string(base[i:from]) == "非" && to-from > 4 {
		return i, i
	}
	return from, to
}

// clauseEnd returns where the word at from ends: at a blank or a mark.
func clauseEnd(rs []rune, from int) int {
	for i := from; i < len(rs); i++ {
		if !isHan(rs[i]) && !isAlnum(rs[i]) {
			return i
		}
	}
	return len(rs)
}

// noNight takes the refusal of night work: a column knows it.
func (p *parser) noNight(word, raw string) bool {
	g, ok := generics()[word]
	if !ok || !g.Facets.Night {
		return false
	}
	p.q.Facets.merge(Facets{NoNight: true})
	p.chip(ChipFacet, "不上夜班", raw)
	return true
}

// refused takes a word refused in words: no work of that kind.
func (p *parser) refused(word, raw string) {
	word = strings.TrimSuffix(word, "的")
	if p.noNight(word, raw) {
		return
	}
	if len(literal(word).Tokens) == 0 || !p.room() {
		return
	}
	if g, ok := generics()[word]; ok && len(g.Expand) > 0 {
		p.refusals = append(p.refusals, refusal{word: word, ids: g.Expand})
	} else {
		p.refusals = append(p.refusals, refusal{word: word, ids: p.lex.ids(p.lex.words[word]), callings: callings().asked[word]})
	}
	p.q.MustNot = addNew(p.q.MustNot, word)
	p.chip(ChipMustNot, word, raw)
}

// wordEnd returns where the blank-separated word at from ends.
func wordEnd(rs []rune, from int) int {
	for i := from; i < len(rs); i++ {
		if rs[i] == ' ' {
			return i
		}
	}
	return len(rs)
}

// sign takes one wanted or unwanted word.
func (p *parser) sign(must bool, word, raw string) {
	word = strings.Trim(word, "+-\"“”' ")
	if g, ok := generics()[word]; ok && must {
		p.q.Facets.merge(g.Facets)
		p.chip(g.Kind, g.Label, raw)
		return
	}
	lit := literal(word)
	if !must && p.noNight(word, raw) || len(lit.Tokens) == 0 || !p.room() {
		return
	}
	ids := p.lex.ids(p.lex.words[word])
	if must {
		ids = append(ids, p.lex.ids(p.lex.broader[word])...)
	}
	c := Clause{Label: word, Any: append(tradeTerms(ids), lit)}
	if must {
		p.q.Must = addNew(p.q.Must, word)
		p.q.all, p.q.wider = append(p.q.all, c), append(p.q.wider, c)
		p.chip(ChipMust, word, raw)
		return
	}
	p.q.MustNot = addNew(p.q.MustNot, word)
	p.refusals = append(p.refusals, refusal{word: word, ids: ids, literal: true})
	p.chip(ChipMustNot, word, raw)
}
