package worktext

import (
	"slices"
	"strings"
)

// How much a calling counts in a title: as its head, as a kind of what was
// asked, put together of its parts, as a word that is asked by, before another
// head, as a part of a word, or meant by first letters that say a trade too.
const (
	kindShare    = 0.95
	partsShare   = 0.8
	besideShare  = 0.55
	fieldShare   = 0.7
	insideShare  = 0.5
	initialShare = 0.85
	aboveShare   = 0.4
	onlyInBody   = 0.6 // a word beside a calling that the title does not hold
)

// called is a calling asked for.
type called struct {
	word string // as it was typed
	ids  []int
}

// takeCalling keeps a calling: one clause for all that are named.
func (p *parser) takeCalling(word, raw string) {
	if len(p.callings) == 0 && !p.room() || len(p.callings) == MaxTerms {
		return
	}
	if !slices.ContainsFunc(p.callings, func(c called) bool { return c.word == word }) {
		p.callings = append(p.callings, called{word, callings().asked[word]})
	}
	p.q.Words = addNew(p.q.Words, word)
	p.chip(ChipWord, word, raw)
}

// narrowed are the callings asked for without those that another is a kind of
// (新媒体|运营), and without rank where a calling is named that has one (销售|经理).
func (p *parser) narrowed() (kept, beside []called) {
	l := callings()
	for _, c := range p.callings {
		wider := slices.ContainsFunc(p.callings, func(o called) bool {
			return o.word != c.word && slices.ContainsFunc(o.ids, func(i int) bool {
				return slices.ContainsFunc(c.ids, func(j int) bool { return slices.Contains(l.above[i], j) })
			})
		})
		lead := len(p.callings) > 1 && slices.Contains(leadWords, c.word)
		if wider || lead {
			beside = append(beside, c)
		} else {
			kept = append(kept, c)
		}
	}
	return kept, beside
}

// buildCallings asks for the callings in the title; beside a trade they rank.
func (p *parser) buildCallings(named bool) {
	kept, beside := p.narrowed()
	for _, c := range beside {
		p.some(c.word, titled(c.word))
	}
	if len(kept) == 0 {
		return
	}
	var c, wider Clause
	for _, k := range kept {
		c.Label = strings.TrimSpace(c.Label + " " + k.word)
		c.Any = append(c.Any, k.terms()...)
		wider.Any = append(wider.Any, k.near()...)
		for _, i := range k.ids {
			p.q.callings = addNewInt(p.q.callings, i)
		}
	}
	if named {
		for _, k := range kept { // 银行 打电话的客服: who has both before who has one
			p.some(k.word, k.terms())
		}
		return
	}
	for _, k := range kept {
		if _, written := callings().titled[k.word]; written {
			p.some(k.word, titled(k.word))
		}
	}
	if !holdsAny(p.q.Text, leadWords) {
		p.some("staff", []Term{{Field: InTokens, Tokens: []string{staffToken}}})
	}
	wider.Label, wider.Any = c.Label, append(slices.Clone(c.Any), wider.Any...)
	p.q.all = append(p.q.all, c)
	p.q.wider = append(p.q.wider, wider)
}

// terms find the postings of a calling.
func (c called) terms() []Term {
	l := callings()
	var out []Term
	mark := func(weight float64, tokens ...string) {
		out = append(out, Term{Field: InTokens, Tokens: tokens, Weight: weight})
	}
	for _, i := range c.ids {
		mark(1, calledToken(l.list[i].ID))
		mark(kindShare, kindToken(l.list[i].ID))
		mark(besideShare, besideToken(l.list[i].ID))
	}
	words := []string{c.word}
	if _, written := l.titled[c.word]; !written && len(c.ids) > 0 {
		words = l.list[c.ids[0]].Words[:1]
		for _, i := range c.ids { // 银行 is a field, not only who works at its counter
			mark(fieldShare, fieldToken(l.list[i].ID))
		}
	}
	for _, w := range words {
		out = append(out, l.parts(w)...)
	}
	return out
}

// mostHeads bounds the words a head is looked for by.
const mostHeads = 4

// parts find a calling of two words where they stand apart in the title:
// 数学|老师 in "高中教师(数学)". The head may be a calling or a trade.
func (l *callingWords) parts(word string) []Term {
	rs := []rune(word)
	for from := 2; from+2 <= len(rs); from++ {
		head := string(rs[from:])
		var heads []string
		for _, i := range l.titled[head] {
			heads = addNew(heads, l.list[i].Words...)
		}
		if len(vocabulary().words[head]) > 0 {
			heads = addNew(heads, head)
		}
		kind := syllables(rs[:from])
		if len(heads) == 0 || len(kind) == 0 {
			continue
		}
		var out []Term
		for _, h := range heads[:min(len(heads), mostHeads)] {
			out = append(out, Term{Field: InPinyin, Tokens: slices.Concat(kind, Syllables(h)), Weight: partsShare})
		}
		return out
	}
	return nil
}

// near find what is near a calling: its neighbours, what it is a kind of, and
// where it is only mentioned.
func (c called) near() []Term {
	l := callings()
	var out []Term
	add := func(weight float64, ids ...string) {
		for _, id := range ids {
			for _, t := range []string{calledToken(id), kindToken(id)} {
				out = append(out, Term{Field: InTokens, Tokens: []string{t}, Weight: weight})
			}
		}
	}
	for _, t := range titled(c.word) {
		t.Weight = insideShare
		out = append(out, t)
	}
	for _, i := range c.ids {
		add(halfShare, l.list[i].Near...)
		for _, j := range l.above[i] {
			add(aboveShare, l.list[j].ID)
		}
		for _, t := range tradeTerms(l.list[i].NearTrades) {
			t.Weight *= aboveShare
			out = append(out, t)
		}
	}
	said := literal(c.word)
	said.Weight = mentionOnly
	return append(out, said)
}

// soundsLike returns the calling that is said or looks as the word does and is
// as long (押远员), "" for none.
func (l *callingWords) soundsLike(rs []rune) string {
	for _, syls := range waysToSay(string(rs)) {
		for _, w := range l.said[strings.Join(syls, " ")] {
			if len(rs) > 1 && len([]rune(w)) == len(rs) {
				return w
			}
		}
	}
	return ""
}

// like is soundsLike, failing that a calling a slip away.
func (l *callingWords) like(rs []rune) string {
	if w := l.soundsLike(rs); w != "" || len(rs) < 2 {
		return w
	}
	for _, w := range l.all {
		if slip(rs, w.rs) {
			return w.word
		}
	}
	return ""
}

// readMisspelt takes runs that are as a whole a calling misspelt, before words
// inside them are: 物业|客报 is 物业客服.
func (p *parser) readMisspelt(base []rune) {
	for i := 0; i < len(base); {
		j := i
		for j < len(base) && isHan(base[j]) {
			j++
		}
		if run := base[i:j]; len(run) >= 4 && len(run) <= callings().longest && len([]rune(p.knownAt(base, i))) < len(run) {
			if trades, _ := p.lex.byHomophone(run); len(trades) > 0 {
				p.hanWord(run)
				blank(base, i, j)
			} else if w := callings().misspelt(run); w != "" {
				p.heardCalling(string(run), w)
				blank(base, i, j)
			}
		}
		i = max(j, i+1)
	}
}

// misspelt returns the calling of a run that sounds like it or has one character
// that is taken for the right one.
func (l *callingWords) misspelt(run []rune) string {
	if w := l.soundsLike(run); w != "" {
		return w
	}
	for _, w := range l.all {
		if one := oneOff(run, w.rs); one >= 0 && strings.ContainsRune(lookAlike()[w.rs[one]], run[one]) {
			return w.word
		}
	}
	return ""
}

// oneOff returns where a and b, as long as each other, differ in one character, else -1.
func oneOff(a, b []rune) int {
	at := -1
	for i := range a {
		switch {
		case len(a) != len(b) || a[i] != b[i] && at >= 0:
			return -1
		case a[i] != b[i]:
			at = i
		}
	}
	return at
}

// heardCalling keeps a calling that was written otherwise.
func (p *parser) heardCalling(word, right string) {
	p.q.DidYouMean = strings.Replace(p.q.Text, word, right, 1)
	p.chip(ChipSound, right, word)
	p.callings = append(p.callings, called{right, callings().titled[right]})
	p.q.Words = addNew(p.q.Words, right)
}

// mostTyped bounds what an ambiguous abbreviation may stand for.
const mostTyped = 3

// spelt returns the callings whose word is typed in letters, whole or by its
// first letters.
func (l *callingWords) spelt(letters string) (whole, initials []called) {
	take := func(words []string) (out []called) {
		for _, w := range words {
			if len(out) < mostTyped {
				out = append(out, called{w, l.titled[w]})
			}
		}
		return out
	}
	return take(l.typed[letters]), take(l.initials[letters])
}

// headFirst lets a word beside a calling count more in the title than further
// down, where a trade of industry stands: 物业 经理.
func headFirst(terms []Term, word string) []Term {
	out := titled(word)
	for i := range out {
		out[i].Weight = 1
	}
	if rs := []rune(word); len(rs) == 4 && isHan(rs[0]) { // likely two words: 小学|语文
		out = append(out, Term{Field: InPinyin, Tokens: syllables(rs), Weight: partsShare})
	}
	for _, t := range terms {
		if t.Weight == 0 || t.Weight > onlyInBody {
			t.Weight = onlyInBody
		}
		out = append(out, t)
	}
	return out
}

// markCallings marks the words that name a calling, or a kind of it.
func markCallings(on []bool, rs []rune, meant []int) {
	l := callings()
	for i := 0; i < len(rs) && len(meant) > 0; {
		w, n := l.wordAt(l.titled, rs, i)
		if n == 0 {
			i++
			continue
		}
		if slices.ContainsFunc(l.titled[w], func(c int) bool {
			return slices.Contains(meant, c) || slices.ContainsFunc(l.above[c], func(a int) bool { return slices.Contains(meant, a) })
		}) {
			set(on, i, i+n)
		}
		i += n
	}
}

// teaches says a teacher is asked for: what is taught stands apart (教小学语文的老师).
func (c called) teaches() bool {
	l := callings()
	teacher := l.byID["teacher"]
	return slices.ContainsFunc(c.ids, func(i int) bool { return i == teacher || slices.Contains(l.above[i], teacher) })
}
