package worktext

import "strings"

// Mention is a trade word found in a text.
type Mention struct {
	Trades []string // ids, best first; a word may belong to several trades
	Word   string   // the word as the vocabulary writes it
	From   int      // rune offsets into Normalize(text)
	To     int
}

// FindTrades returns the trades a text names, leftmost and longest first, so
// 绿化工 is a gardener and never the chemical industry (化工), and 服装车间
// holds no 装车. Generic words (普工, 小时工) are not trades and not returned.
func FindTrades(text string) []Mention {
	l := vocabulary()
	rs := []rune(Normalize(text))
	var out []Mention
	for i := 0; i < len(rs); {
		word, trades := l.wordAt(rs, i)
		if word == "" {
			i++
			continue
		}
		n := len([]rune(word))
		out = append(out, Mention{Trades: l.ids(trades), Word: word, From: i, To: i + n})
		i += n
	}
	return out
}

// wordAt returns the longest trade word that begins at rs[i].
func (l *lexicon) wordAt(rs []rune, i int) (word string, trades []int) {
	for n := min(l.starts[rs[i]], len(rs)-i); n >= 2; n-- {
		w := string(rs[i : i+n])
		if t, ok := l.words[w]; ok && standsAlone(rs, i, i+n) {
			return w, t
		}
	}
	return "", nil
}

// standsAlone says rs[from:to] is a word here and not part of others around it.
func standsAlone(rs []rune, from, to int) bool {
	if misread(rs, from, to) {
		return false
	}
	if isAlnum(rs[from]) && from > 0 && isAlnum(rs[from-1]) || isAlnum(rs[to-1]) && to < len(rs) && isAlnum(rs[to]) {
		return false // qc inside a longer latin word
	}
	if rs[to-1] == '工' && to < len(rs) && strings.ContainsRune("程作具业期时序艺龄况厂", rs[to]) {
		// 水电|工程, 缝纫|工作; but 电工|作业
		return rs[to] == '作' && to+1 < len(rs) && rs[to+1] == '业'
	}
	return true
}
