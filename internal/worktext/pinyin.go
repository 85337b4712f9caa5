package worktext

import (
	"cmp"
	"slices"
	"strings"

	"github.com/mozillazg/go-pinyin"
)

// readings are the right syllables where the library's first reading of a
// character (重 chong or zhong, 行 xing or hang) is not the one of this word.
// Longer entries win.
var readings = map[string]string{
	"长": "chang", "店长": "dian zhang", "组长": "zu zhang", "班长": "ban zhang", "队长": "dui zhang", "厂长": "chang zhang",
	"院长": "yuan zhang", "园长": "yuan zhang", "村长": "cun zhang", "家长": "jia zhang", "站长": "zhan zhang", "生长": "sheng zhang",
	"长大": "zhang da", "成长": "cheng zhang", "长安": "chang an", "长啸": "chang xiao",
	"调": "tiao", "调度": "diao du", "调查": "diao cha", "调货": "diao huo", "调车": "diao che", "调动": "diao dong", "调岗": "diao gang",
	"行车": "hang che", "银行": "yin hang", "行业": "hang ye", "同行": "tong hang", "本行": "ben hang", "内行": "nei hang",
	"重新": "chong xin", "重复": "chong fu", "重庆": "chong qing", "双重": "shuang chong",
	"模板": "mu ban", "模具": "mu ju", "会计": "kuai ji", "家纺": "jia fang", "音乐": "yin yue",
	"出差": "chu chai", "朝阳": "zhao yang", "薄膜": "bo mo", "薄荷": "bo he", "参差": "cen ci", "人参": "ren shen",
	"剥": "bao", "削": "xiao", "伺候": "ci hou", "厦门": "xia men", "提防": "di fang", "传记": "zhuan ji",
	"血": "xue", "露": "lu", "率": "lv", "效率": "xiao lv", "系鞋带": "ji xie dai", "尽": "jin", "敭": "yang", "硖": "xia",
}

// spoken are further ways people read a character of a trade word: a word with
// one is found by either.
var spoken = map[string]string{
	"剥": "bo", "削": "xue", "模": "mu", "扎": "za", "调": "diao", "铣": "xian", "绿": "lu", "行": "hang", "长": "zhang", "熨": "yu", "会": "kuai", "重": "chong", "朝": "zhao",
}

const longestReading = 3

// Syllables returns the toneless pinyin of text, one syllable a character, ü
// written v; latin words and numbers stay whole, everything else is left out.
func Syllables(text string) []string { return syllables([]rune(Normalize(text))) }

func syllables(rs []rune) []string {
	out := make([]string, 0, len(rs))
	for i := 0; i < len(rs); {
		if isAlnum(rs[i]) {
			j := i + 1
			for j < len(rs) && isAlnum(rs[j]) {
				j++
			}
			out = append(out, string(rs[i:min(j, i+maxToken)]))
			i = j
			continue
		}
		s, n := readAt(rs[i:])
		out = append(out, s...)
		i += n
	}
	return out
}

// readAt reads the word or the one character rs begins with.
func readAt(rs []rune) (syls []string, n int) {
	for n = min(longestReading, len(rs)); n >= 1; n-- {
		if r, ok := readings[string(rs[:n])]; ok {
			return strings.Fields(r), n
		}
	}
	if !isHan(rs[0]) {
		return nil, 1
	}
	if p := pinyin.SinglePinyin(rs[0], pinyinArgs); len(p) > 0 {
		return []string{strings.ReplaceAll(p[0], "ü", "v")}, 1
	}
	return nil, 1
}

var pinyinArgs = pinyin.Args{Style: pinyin.Normal, Separator: "-", Fallback: func(rune, pinyin.Args) []string { return nil }}

// initialsOf returns the first letters of syllables.
func initialsOf(syls []string) string {
	var b strings.Builder
	for _, s := range syls {
		if isDigit(rune(s[0])) {
			continue
		}
		b.WriteByte(s[0])
	}
	return b.String()
}

// accent folds what southern speakers and typists confuse: zh z, ch c, sh s,
// -ng -n, ü u.
var accent = strings.NewReplacer("zh", "z", "ch", "c", "sh", "s", "ng", "n", "v", "u")

// spelling is one way to type one trade word.
type spelling struct {
	word     string
	trades   []int // indexes, best first
	pinyin   string
	initials string
	rank     int // 0 canonical names, 1 synonyms of domain.md, 2 more words
}

// sounds finds trade words by how they sound or are abbreviated.
type sounds struct {
	spellings []spelling // in rank order, then by trade
	exact     map[string][]int
	accented  map[string][]int
	initials  map[string][]int
}

func newSounds(l *lexicon) sounds {
	s := sounds{exact: map[string][]int{}, accented: map[string][]int{}, initials: map[string][]int{}}
	for word, trades := range l.words {
		rank := l.rank(word, trades[0])
		for _, syls := range waysToSay(word) {
			joined := strings.Join(syls, "")
			s.spellings = append(s.spellings, spelling{word: word, trades: trades, pinyin: joined, initials: initialsOf(syls), rank: rank})
		}
	}
	slices.SortFunc(s.spellings, func(a, b spelling) int {
		return cmp.Or(a.rank-b.rank, a.trades[0]-b.trades[0], strings.Compare(a.word, b.word), strings.Compare(a.pinyin, b.pinyin))
	})
	for i, sp := range s.spellings {
		if len([]rune(sp.word)) < 2 {
			continue
		}
		s.exact[sp.pinyin] = append(s.exact[sp.pinyin], i)
		s.accented[accent.Replace(sp.pinyin)] = append(s.accented[accent.Replace(sp.pinyin)], i)
		s.initials[sp.initials] = append(s.initials[sp.initials], i)
	}
	return s
}

// rank says how close word is to the name of the trade.
func (l *lexicon) rank(word string, trade int) int {
	t := l.trades[trade]
	switch {
	case slices.Contains(nameParts(t.Name), word):
		return 0
	case slices.ContainsFunc(t.Synonyms, func(s string) bool { return wordOf(s) == word }):
		return 1
	}
	return 2
}

// waysToSay returns the usual reading of a word first, then with each
// character that people read otherwise.
func waysToSay(word string) [][]string {
	rs := []rune(word)
	usual := syllables(rs)
	ways := [][]string{usual}
	if len(usual) != len(rs) {
		return ways // latin inside: syllables and characters do not line up
	}
	for i, r := range rs {
		if other, ok := spoken[string(r)]; ok && usual[i] != other {
			way := slices.Clone(usual)
			way[i] = other
			ways = append(ways, way)
		}
	}
	return ways
}

// bySound finds trades whose word is typed in letters: whole pinyin, pinyin as
// heard, or first letters, in that order. The word returned is the best match.
func (l *lexicon) bySound(letters string) (trades []int, word string) {
	if len(letters) < 2 {
		return nil, ""
	}
	for _, found := range [][]int{l.sounds.exact[letters], l.sounds.accented[accent.Replace(letters)], l.sounds.initials[letters]} {
		if len(found) > 0 {
			return l.collect(found), l.sounds.spellings[found[0]].word
		}
	}
	return nil, ""
}

// byHomophone finds trades whose word sounds like the Chinese word typed
// (保结 → 保洁) and has as many characters.
func (l *lexicon) byHomophone(word []rune) (trades []int, right string) {
	if len(word) < 2 {
		return nil, ""
	}
	joined := strings.Join(syllables(word), "")
	for _, found := range [][]int{l.sounds.exact[joined], l.sounds.accented[accent.Replace(joined)]} {
		var same []int
		for _, i := range found {
			if len([]rune(l.sounds.spellings[i].word)) == len(word) {
				same = append(same, i)
			}
		}
		if len(same) > 0 {
			return l.collect(same), l.sounds.spellings[same[0]].word
		}
	}
	return nil, ""
}

// maxSoundTrades bounds what an ambiguous abbreviation may stand for.
const maxSoundTrades = 6

func (l *lexicon) collect(found []int) []int {
	var out []int
	for _, i := range found {
		for _, t := range l.sounds.spellings[i].trades {
			if !slices.Contains(out, t) && len(out) < maxSoundTrades {
				out = append(out, t)
			}
		}
	}
	return out
}
