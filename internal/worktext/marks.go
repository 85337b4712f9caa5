package worktext

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Marks returns the stretches of text that are why q found it, as they are
// written there and in reading order: the words that were asked for, and words
// that name a trade that was. A synonym is marked as itself: who asks for 月嫂
// sees 母婴护理师 set off. A text that reads longer or shorter than it is
// written (㎡) is not marked rather than marked in the wrong place.
func (q Query) Marks(text string) []string {
	if q.IsZero() {
		return nil
	}
	written := []rune(strings.TrimSpace(text))
	read := []rune(Normalize(text))
	if len(written) != len(read) || len(read) == 0 {
		return nil
	}
	on := make([]bool, len(read))
	meant := slices.Concat(q.Trades, q.Wide, q.Sounds)
	for _, m := range FindTrades(string(read)) {
		if slices.ContainsFunc(m.Trades, func(id string) bool { return slices.Contains(meant, id) }) {
			set(on, m.From, m.To)
		}
	}
	markCallings(on, read, q.callings)
	for _, w := range q.asked() {
		markWord(on, read, []rune(w))
	}
	return stretches(on, written)
}

// asked are the words to look for as they were typed.
func (q Query) asked() []string {
	words := slices.Concat(q.Words, q.Must, q.Phrases)
	for _, c := range q.Chips {
		if c.Kind == ChipTrade || c.Kind == ChipGeneric || c.Kind == ChipFacet || c.Kind == ChipSettlement {
			words = append(words, c.Raw)
		}
	}
	return words
}

func markWord(on []bool, read, word []rune) {
	if len(word) == 0 || len(word) == 1 && !isHan(word[0]) {
		return
	}
	for i := 0; i+len(word) <= len(read); i++ {
		if slices.Equal(read[i:i+len(word)], word) && !misread(read, i, i+len(word)) {
			set(on, i, i+len(word))
		}
	}
}

func set(on []bool, from, to int) {
	for i := max(from, 0); i < min(to, len(on)); i++ {
		on[i] = true
	}
}

// stretches cuts out what is on, each different one once.
func stretches(on []bool, written []rune) []string {
	var out []string
	for i := 0; i < len(on); i++ {
		if !on[i] {
			continue
		}
		j := i
		for j < len(on) && on[j] {
			j++
		}
		if s := string(written[i:j]); utf8.ValidString(s) {
			out = addNew(out, s)
		}
		i = j
	}
	return out
}
