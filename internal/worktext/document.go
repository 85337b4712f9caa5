package worktext

import (
	"slices"
	"strings"
)

// Fields are the token strings an index stores for one posting, separated by
// blanks, in text order so that neighbours are phrases:
//
//   - Tokens: a marker for each trade of the posting, then bigrams and words of
//     the title, the trade's name, the tags and the description, then the single
//     characters once each;
//   - Pinyin: toneless syllables of the title and the trade's name;
//   - Initials: pairs of first letters of the same ("bj jy" for 保洁员).
//
// Store them as they are; the index must not analyse them further (FTS5
// unicode61 and PostgreSQL's 'simple' configuration both leave them whole).
type Fields struct {
	Tokens   string
	Pinyin   string
	Initials string
}

// Document makes the fields of a posting. trade is a trade id or ""; trades
// named in the title or a tag count too, those in the description do not ("与
// 保洁配合" is no cleaning job). Never pass personal data (domain.md §7.5 note f).
func Document(title, description, trade string, tags []string) Fields {
	var tokens, singles []string
	ids := tradesOf(title, trade, tags)
	for _, id := range ids {
		tokens = append(tokens, tradeToken(id))
	}
	spoken := []string{title}
	written := []string{title}
	if t, ok := TradeByID(trade); ok {
		spoken = append(spoken, nameParts(t.Name)...)
		written = append(written, nameParts(t.Name)...)
	}
	written = append(append(written, tags...), description)
	seen := map[rune]bool{}
	for _, text := range written {
		rs := []rune(Normalize(text))
		tokens = append(tokens, sequence(rs)...)
		for _, r := range rs {
			if isHan(r) && !seen[r] {
				seen[r] = true
				singles = append(singles, string(r))
			}
		}
	}
	var syls, pairs []string
	for _, text := range spoken {
		s := Syllables(text)
		syls = append(syls, s...)
		pairs = append(pairs, initialPairs(initialsOf(s))...)
	}
	return Fields{
		Tokens:   strings.Join(append(tokens, singles...), " "),
		Pinyin:   strings.Join(syls, " "),
		Initials: strings.Join(pairs, " "),
	}
}

func tradesOf(title, trade string, tags []string) []string {
	var ids []string
	if _, ok := TradeByID(trade); ok {
		ids = append(ids, trade)
	}
	for _, text := range append([]string{title}, tags...) {
		for _, m := range FindTrades(text) {
			if trade != "" && len(m.Trades) > 1 && slices.Contains(m.Trades, trade) {
				continue // the word is ambiguous, the trade says which is meant
			}
			for _, id := range m.Trades {
				if !slices.Contains(ids, id) {
					ids = append(ids, id)
				}
			}
		}
	}
	return ids
}

// initialPairs cuts "bjy" into "bj", "jy": phrases of pairs find any part of it.
func initialPairs(letters string) []string {
	var out []string
	for i := 0; i+2 <= len(letters); i++ {
		out = append(out, letters[i:i+2])
	}
	return out
}
