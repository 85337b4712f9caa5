package worktext

import (
	"slices"
	"strings"

	"linggong/internal/region"
)

// Parse reads what a person typed into a search box. It never fails: what it
// does not understand stays a word to be found. Only the first [MaxQueryRunes]
// runes and [MaxTerms] terms count. find may be nil.
func Parse(text string, find RegionFinder) Query {
	p := &parser{lex: vocabulary(), rs: firstRunes(text)}
	p.q.Text = string(p.rs)
	base := slices.Clone(p.rs)
	p.readStory(base)
	p.readQuoted(base)
	p.readSigned(base)
	p.readPay(base)
	p.readJoined(base)
	p.readMisspelt(base)
	if find != nil {
		base = p.readPlaceSounds(find, base)
	}
	words, left := p.readWords(base)
	if find != nil {
		words, left = p.readRegion(find, base, words, left)
	}
	p.readOutside(left)
	p.take(words)
	p.readRest(left)
	p.build()
	slices.SortStableFunc(p.q.Chips, func(a, b Chip) int {
		return strings.Index(p.q.Text, a.Raw) - strings.Index(p.q.Text, b.Raw)
	})
	for i := range p.q.Chips {
		p.q.Chips[i].Without = without(p.q.Text, p.q.Chips[i].Raw)
	}
	return p.q
}

// without is the text less every occurrence of raw, one blank in its place: two
// words that come to stand side by side must not make a third.
func without(text, raw string) string {
	if raw == "" {
		return text
	}
	parts := []string{raw}
	if !strings.Contains(text, raw) { // a place said twice, with words between
		parts = strings.Fields(raw)
	}
	for _, part := range parts {
		text = strings.ReplaceAll(text, part, " ")
	}
	return strings.Join(strings.Fields(text), " ")
}

type parser struct {
	lex *lexicon
	rs  []rune
	q   Query

	tradeWords   []string // words that named Trades
	genericWords []string // words that widened to Wide
	signWords    []string // words that asked for a condition no column holds
	callings     []called // asked for, no trades
	both         []called // words that name a trade and a calling
	places       []string // kinds of workplace named beside a trade
	refusals     []refusal
	rest         []restWord
	terms        int
}

func firstRunes(text string) []rune {
	if i := byteOfRune(text, MaxQueryRunes); i < len(text) {
		text = text[:i]
	}
	rs := []rune(Normalize(text))
	return []rune(strings.TrimSpace(string(rs[:min(len(rs), MaxQueryRunes)])))
}

// byteOfRune returns the byte offset of the n-th rune without reading beyond it.
func byteOfRune(s string, n int) int {
	for i := range s {
		if n == 0 {
			return i
		}
		n--
	}
	return len(s)
}

// room says one more term may be read, and counts it.
func (p *parser) room() bool {
	if p.terms >= MaxTerms {
		return false
	}
	p.terms++
	return true
}

func (p *parser) chip(kind ChipKind, label, raw string) {
	c := Chip{Kind: kind, Label: label, Raw: raw}
	if !slices.Contains(p.q.Chips, c) {
		p.q.Chips = append(p.q.Chips, c)
	}
}

// blank takes a stretch out of base.
func blank(base []rune, from, to int) {
	for i := from; i < to; i++ {
		base[i] = ' '
	}
}

var closing = map[rune]rune{'"': '"', '“': '”', '”': '”', '「': '」', '『': '』', '《': '》', '【': '】'}

// readQuoted takes out "…" as phrases.
func (p *parser) readQuoted(base []rune) {
	for i := 0; i < len(base); i++ {
		end, ok := closing[base[i]]
		if !ok {
			continue
		}
		j := slices.Index(base[i+1:], end)
		if j < 0 {
			continue
		}
		j += i + 1
		inside := strings.TrimSpace(string(base[i+1 : j]))
		if t := literal(inside); len(t.Tokens) > 0 && p.room() {
			p.q.Phrases = append(p.q.Phrases, inside)
			p.q.all = append(p.q.all, Clause{Label: inside, Any: []Term{t}})
			p.q.wider = append(p.q.wider, Clause{Label: inside, Any: []Term{t}})
			p.chip(ChipPhrase, inside, string(base[i:j+1]))
		}
		blank(base, i, j+1)
		i = j
	}
}

// readPay takes out pay, age, and numbers of hours and people, which say
// nothing that could be searched.
func (p *parser) readPay(base []rune) {
	older, ages := scanAge(base)
	for _, s := range ages {
		p.chip(ChipFacet, "适合大龄", strings.TrimSpace(string(base[s.from:s.to])))
		blank(base, s.from, s.to)
	}
	p.q.Facets.Older = older
	pay, spans := scanPay(base)
	p.q.Pay = pay
	for _, s := range spans {
		raw := strings.TrimSpace(string(base[s.from:s.to]))
		one, _ := scanPay([]rune(raw))
		p.chip(ChipPay, one.label(), raw)
		blank(base, s.from, s.to)
	}
	for _, s := range scanCounts(base) {
		blank(base, s.from, s.to)
	}
}

// label says the pay as a chip does.
func (p Pay) label() string {
	switch {
	case p.HourFen > 0:
		return yuan(p.HourFen) + "元/时以上"
	case p.DayFen > 0:
		return yuan(p.DayFen) + "元/天以上"
	}
	return yuan(p.MonthFen) + "元/月以上"
}

// foundWord is a word of the vocabulary in the query.
type foundWord struct {
	word   string
	trades []int // nil for generic words and noise
	from   int
}

// readWords finds trades, generic words and noise, leftmost and longest first,
// and returns them with the text that is left.
func (p *parser) readWords(base []rune) (words []foundWord, left []rune) {
	left = slices.Clone(base)
	for i := 0; i < len(base); {
		w := p.knownAt(base, i)
		if w == "" {
			i++
			continue
		}
		n := len([]rune(w))
		words = append(words, foundWord{word: w, trades: p.lex.words[w], from: i})
		blank(left, i, i+n)
		i += n
	}
	return words, left
}

const longestKnown = 9 // runes of the longest generic word, 做一天结一天 and the like

// doing are verbs before the work: 做电商, but 做|电商运营.
const doing = "做搞干当会卖修开教跑"

// knownAt returns the longest word of the vocabulary at base[i], "" for none, or
// where it begins with a verb and the word after the verb reaches further.
func (p *parser) knownAt(base []rune, i int) string {
	w := p.longestAt(base, i)
	if w != "" && strings.ContainsRune(doing, base[i]) {
		if after := p.longestAt(base, i+1); 1+len([]rune(after)) > len([]rune(w)) {
			return ""
		}
	}
	return w
}

// longestAt returns the longest word of the vocabulary at base[i], "" for none;
// a trade goes before a generic word of the same length.
func (p *parser) longestAt(base []rune, i int) string {
	if i >= len(base) || base[i] == ' ' {
		return ""
	}
	trade, _ := p.lex.wordAt(base, i)
	for n := min(max(longestKnown, callings().starts[base[i]]), len(base)-i); n >= 2 && n > len([]rune(trade)); n-- {
		w := string(base[i : i+n])
		if _, ok := generics()[w]; ok || noise[w] {
			return w
		}
		if _, ok := callings().asked[w]; ok && standsAlone(base, i, i+n) {
			return w
		}
	}
	return trade
}

// readRegion lets the finder take a place name out of what is left; where it
// finds none there, out of everything: a village may be named like a trade.
func (p *parser) readRegion(find RegionFinder, base []rune, words []foundWord, left []rune) ([]foundWord, []rune) {
	code, rest, ok := find(strings.TrimSpace(string(left)))
	if ok {
		p.region(code, string(left), rest)
		return words, firstRunes(rest)
	}
	if len(words) == 0 {
		return words, left
	}
	if code, rest, ok = find(strings.TrimSpace(string(base))); !ok {
		return words, left
	}
	p.region(code, string(base), rest)
	return p.readWords(firstRunes(rest))
}

func (p *parser) region(code, before, rest string) {
	p.q.Region = code
	raw := removed(strings.TrimSpace(before), strings.TrimSpace(rest))
	label := raw
	if label == "" {
		label = code
	}
	p.chip(ChipRegion, label, raw)
	if region.Code(code).Level() == region.City && raw != "" {
		p.some(label, titled(raw)) // of all that lies in the city, first what says so
	}
}

// removed returns the stretch of before that is missing in rest.
func removed(before, rest string) string {
	b, r := []rune(before), []rune(rest)
	i := 0
	for i < len(b) && i < len(r) && b[i] == r[i] {
		i++
	}
	j := 0
	for j < len(b)-i && j < len(r)-i && b[len(b)-1-j] == r[len(r)-1-j] {
		j++
	}
	return strings.TrimSpace(string(b[i : len(b)-j]))
}

// take keeps what the words of the vocabulary say.
func (p *parser) take(words []foundWord) {
	for k, w := range words {
		if len(w.trades) > 0 && k+1 < len(words) && p.otherHead(w, words[k+1]) {
			p.rest = append(p.rest, restWord{word: w.word, any: []Term{literal(w.word)}})
			p.q.Words = addNew(p.q.Words, w.word)
			p.chip(ChipWord, w.word, w.word)
			continue
		}
		if len(w.trades) > 0 {
			if len(p.tradeWords) == MaxTerms {
				continue
			}
			ids := append(p.lex.ids(w.trades), p.lex.ids(p.lex.broader[w.word])...)
			p.q.Trades = addNew(p.q.Trades, ids...)
			p.tradeWords = addNew(p.tradeWords, w.word)
			if ids, ok := callings().asked[w.word]; ok { // of the trade's postings, those of the calling first
				p.both = append(p.both, called{w.word, ids})
			}
			p.chip(ChipTrade, w.word, w.word)
			continue
		}
		if g, ok := generics()[w.word]; ok {
			p.takeGeneric(g, w.word)
		} else if _, ok := callings().asked[w.word]; ok { // else noise
			p.takeCalling(w.word, w.word)
		}
	}
	if len(p.q.Trades) > 0 {
		p.places = p.genericWords
	}
	if len(p.q.Trades) > 0 {
		p.q.Wide, p.genericWords = nil, nil // the trade named is the narrower wish
	}
	if len(p.q.Trades)+len(p.q.Wide) > 0 {
		p.terms++ // one clause for all of them, never crowded out
	}
}

// otherHead says a calling that follows a trade at once is the work, and the trade
// what it is about: 电工|教师 teaches. Whoever leads a trade is looked for there.
func (p *parser) otherHead(trade, next foundWord) bool {
	ids, ok := callings().asked[next.word]
	return ok && len(next.trades) == 0 && next.from == trade.from+len([]rune(trade.word)) &&
		holdsAny(next.word, otherJobs) && !holdsAny(next.word, leadWords) &&
		!slices.ContainsFunc(ids, func(i int) bool {
			return slices.Contains(callings().list[i].NearTrades, p.lex.trades[trade.trades[0]].ID)
		})
}

// takeGeneric keeps what a generic word says.
func (p *parser) takeGeneric(g Generic, raw string) {
	p.q.Facets.merge(g.Facets)
	p.chip(g.Kind, g.Label, raw)
	if len(g.Facets.signs()) > 0 {
		p.signWords = addNew(p.signWords, g.Word)
	}
	if len(g.Expand) > 0 {
		p.q.Wide = addNew(p.q.Wide, g.Expand...)
		p.genericWords = addNew(p.genericWords, g.Word)
	}
}
