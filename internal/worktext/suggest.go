package worktext

import (
	"slices"
	"strings"
)

// Suggestion completes what is being typed.
type Suggestion struct {
	Trade string `json:"trade"` // trade id, "" for a generic word
	Label string `json:"label"` // what to show and to search for
	Name  string `json:"name"`  // the trade's canonical name
}

// Suggest completes a prefix over the trades: Chinese characters, pinyin or
// first letters ("保", "baoj", "bj"). Names go before synonyms, beginnings
// before middles; each trade appears once; at most n are returned.
func Suggest(prefix string, n int) []Suggestion {
	p := strings.ReplaceAll(Normalize(prefix), " ", "")
	if p == "" || n <= 0 || len(p) > 3*MaxQueryRunes {
		return nil
	}
	l := vocabulary()
	type found struct{ class, at int }
	var hits []found
	for i, sp := range l.sounds.spellings {
		if c := completes(sp, p); c >= 0 {
			hits = append(hits, found{c*3 + sp.rank, i})
		}
	}
	slices.SortStableFunc(hits, func(a, b found) int { return a.class - b.class })
	var out []Suggestion
	seen := map[int]bool{}
	for _, h := range hits {
		sp := l.sounds.spellings[h.at]
		t := sp.trades[0]
		if seen[t] {
			continue
		}
		seen[t] = true
		out = append(out, Suggestion{Trade: l.trades[t].ID, Label: sp.word, Name: l.trades[t].Name})
		if len(out) == n {
			break
		}
	}
	return out
}

// completes says how the spelling continues the prefix, 0 best, -1 not at all.
func completes(sp spelling, p string) int {
	switch {
	case strings.HasPrefix(sp.word, p):
		return 0
	case sp.pinyin == p:
		return 1
	case sp.initials == p:
		return 2
	case strings.HasPrefix(sp.pinyin, p):
		return 3
	case strings.HasPrefix(sp.initials, p):
		return 4
	case strings.Contains(sp.word, p):
		return 5
	case !onlyASCII(p):
		said, of := Syllables(p), Syllables(sp.word)
		if len(said) > 1 && len(of) >= len(said) && slices.Equal(of[:len(said)], said) {
			return 6 // 保结 completes to 保洁
		}
	case len(p) >= 4 && strings.HasPrefix(accent.Replace(sp.pinyin), accent.Replace(p)):
		return 7
	}
	return -1
}

func onlyASCII(s string) bool { return !strings.ContainsFunc(s, func(r rune) bool { return r > 126 }) }
