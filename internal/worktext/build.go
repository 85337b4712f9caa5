package worktext

import (
	"slices"
	"strings"
)

// refusal is a word that is not wanted.
type refusal struct {
	word     string
	ids      []string // trades it names
	callings []int    // callings it names
	literal  bool     // -word: it may not stand anywhere; else it is no work of that kind
}

// build makes the clauses of Match and Near.
func (p *parser) build() {
	p.refuse()
	q := &p.q
	ids, words := q.Trades, p.tradeWords
	if len(ids) == 0 {
		ids, words = q.Wide, p.genericWords
	}
	if len(ids) > 0 {
		c := Clause{Label: strings.Join(words, " ")}
		if len(q.Trades) == 0 {
			for _, w := range words {
				if strings.HasSuffix(w, "工") { // 普工 is a title of its own, whatever the trade
					c.Any = append(c.Any, titled(w)...)
				}
			}
		}
		c.Any = append(c.Any, tradeTerms(ids)...)
		for _, b := range p.both { // of the trade's postings, those of the calling first
			c.Any = append(c.Any, b.terms()...)
			p.some(b.word, b.terms())
		}
		wider := append(slices.Clone(c.Any), tradeTerms(p.nearOf(q.Trades))...)
		wider = append(wider, saidTerms(ids)...)
		for _, w := range words {
			l := literal(w)
			l.Weight = mentionOnly
			wider = append(wider, l)
			p.some(w, halves(w))
		}
		q.all = append(q.all, c)
		q.wider = append(q.wider, Clause{Label: c.Label, Any: wider})
	}
	p.buildCallings(len(ids) > 0)
	p.buildRest(len(ids) > 0)
	p.buildOutside()
	for _, w := range p.places {
		p.some(w, []Term{literal(w)})
	}
	if unit := q.Pay.unit(); unit != "" && len(q.all) > 0 {
		p.some(unit, []Term{{Field: InTokens, Tokens: []string{sign(unit)}}})
	}
	p.buildSigns()
}

// some adds a clause that only ranks.
func (p *parser) some(label string, any []Term) {
	any = slices.DeleteFunc(any, func(t Term) bool { return len(t.Tokens) == 0 })
	if len(any) > 0 && len(p.q.some) < MaxTerms/2 {
		p.q.some = append(p.q.some, Clause{Label: label, Any: any})
	}
}

// halves are the word in the title, and for less either half of a long one: 打字|录入.
func halves(word string) []Term {
	out := titled(word)
	rs := []rune(word)
	if len(rs) < 4 || strings.ContainsFunc(word, isAlnum) {
		return out
	}
	for _, half := range [][]rune{rs[:2], rs[len(rs)-2:]} {
		for _, t := range titled(string(half)) {
			t.Weight = halfShare
			out = append(out, t)
		}
	}
	return out
}

// titled finds a word in the title or the name of the trade.
func titled(word string) []Term {
	if h := heard(Syllables(word)); len(h) > 0 && !strings.ContainsFunc(word, isAlnum) {
		return h
	}
	return []Term{literal(word)}
}

// buildRest makes clauses of the words of no known meaning. Beside a trade, or
// a word understood by its sound, they make a hit better and no more: 商场保洁
// finds every cleaner, those of shopping centres first.
func (p *parser) buildRest(named bool) {
	q := &p.q
	sounding := slices.ContainsFunc(p.rest, func(r restWord) bool { return r.sounds })
	var heardAs, near Clause
	for _, r := range p.rest {
		if isHan([]rune(r.word)[0]) {
			p.some(r.word, titled(r.word))
		}
		switch {
		case named || sounding && !r.sounds:
			p.some(r.word, r.any)
		case r.sounds:
			heardAs.Label = strings.TrimSpace(heardAs.Label + " " + r.word)
			heardAs.Any = append(heardAs.Any, r.any...)
			near.Any = append(near.Any, r.any...)
			near.Any = append(near.Any, r.wider...)
		default:
			if len(p.callings) > 0 {
				r.any = headFirst(r.any, r.word)
			}
			q.all = append(q.all, Clause{Label: r.word, Any: r.any})
			if len(p.callings) > 0 { // 补习班 教英语: where no title says both, who teaches English
				p.some(r.word, r.wider)
				continue
			}
			near.Any = append(near.Any, r.any...)
			near.Any = append(near.Any, r.wider...)
		}
	}
	if len(heardAs.Any) > 0 {
		q.all = append(q.all, heardAs)
		near.Any = append(near.Any, tradeTerms(p.nearOf(q.Sounds))...)
		near.Any = append(near.Any, saidTerms(q.Sounds)...)
	}
	near.Label = heardAs.Label
	if said := q.Region != "" || !q.Pay.IsZero() || !q.Facets.IsZero(); len(near.Any) > 0 && (sounding || !said) {
		q.wider = append(q.wider, near) // else: what was understood, without the words that were not
	}
}

// buildSigns asks for conditions no column holds (按小时, 夜班, 兼职): beside other
// words they rank, alone they are what is asked.
func (p *parser) buildSigns() {
	q := &p.q
	signs := q.Facets.signs()
	if len(signs) == 0 {
		return
	}
	for _, w := range p.signWords {
		var any []Term
		for _, same := range sameSign(w) {
			any = append(any, titled(same)...)
		}
		p.some(w, any)
	}
	var any []Term
	for _, s := range signs {
		any = append(any, Term{Field: InTokens, Tokens: []string{s}})
	}
	if len(q.all) > 0 {
		p.some(strings.Join(p.signWords, " "), any)
		return
	}
	q.all = append(q.all, Clause{Label: strings.Join(p.signWords, " "), Any: any})
}

// refuse makes the clauses of what is not wanted, and takes the trades refused
// out of those a broader word asked for (司机 -代驾). Where the word refused is
// of the very trade asked for (采摘 不要采茶), only its title refuses.
func (p *parser) refuse() {
	q := &p.q
	q.NotTrades = nil
	for _, r := range p.refusals {
		left := slices.DeleteFunc(slices.Clone(q.Trades), func(id string) bool { return slices.Contains(r.ids, id) })
		ids := r.ids
		if len(q.Trades) > 0 && len(left) == 0 {
			ids = nil
		} else {
			q.Trades = left
		}
		q.Wide = slices.DeleteFunc(q.Wide, func(id string) bool { return slices.Contains(ids, id) })
		q.NotTrades = addNew(q.NotTrades, ids...)
		c := Clause{Label: r.word, Any: tradeTerms(ids)}
		for _, i := range r.callings {
			c.Any = append(c.Any, Term{Field: InTokens, Tokens: []string{calledToken(callings().list[i].ID)}})
		}
		_, written := callings().titled[r.word]
		switch {
		case !r.literal && len(r.callings) > 0:
			if written {
				c.Any = append(c.Any, titled(r.word)...)
			}
		case r.literal || len(r.ids) == 0:
			c.Any = append(c.Any, literal(r.word))
		case len(ids) == 0:
			c.Any = append(c.Any, titled(r.word)...)
		}
		for _, w := range p.tradeWords { // 电工 不要装配 is no 装配电工 either
			c.Any = append(c.Any, literal(r.word+w))
		}
		if c.Any = slices.DeleteFunc(c.Any, func(t Term) bool { return len(t.Tokens) == 0 }); len(c.Any) > 0 {
			q.none = append(q.none, c)
		}
	}
}
