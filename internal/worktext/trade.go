package worktext

import (
	"bytes"
	_ "embed"
	"encoding/csv"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Group is one of the six families of trades of domain.md §7.5.
type Group string

// The groups.
const (
	Construction  Group = "construction"  // 建筑装修
	Logistics     Group = "logistics"     // 搬运物流仓储
	Manufacturing Group = "manufacturing" // 生产制造
	Domestic      Group = "domestic"      // 家政护理保洁
	Catering      Group = "catering"      // 餐饮零售活动
	Agriculture   Group = "agriculture"   // 农业
)

// Groups lists the groups in the order of domain.md.
func Groups() []Group {
	return []Group{Construction, Logistics, Manufacturing, Domestic, Catering, Agriculture}
}

// Name returns the group's Chinese name.
func (g Group) Name() string {
	return map[Group]string{
		Construction: "建筑装修", Logistics: "搬运物流仓储", Manufacturing: "生产制造",
		Domestic: "家政护理保洁", Catering: "餐饮零售活动", Agriculture: "农业",
	}[g]
}

// Flag is something about a trade the law looks at: the letters of domain.md
// §7.5 in words.
type Flag string

// The flags a trade may carry; a posting may have more.
const (
	Height  Flag = "height"  // H 登高
	Heavy   Flag = "heavy"   // L 重体力
	Toxic   Flag = "toxic"   // T 有毒、粉尘
	Night   Flag = "night"   // N 常有夜班
	Vehicle Flag = "vehicle" // V 驾驶
	Food    Flag = "food"    // F 接触食品
	Minors  Flag = "minors"  // C 接触未成年人
	Machine Flag = "machine" // D 危险机械
)

var flagLetters = map[string]Flag{
	"H": Height, "L": Heavy, "T": Toxic, "N": Night, "V": Vehicle, "F": Food, "C": Minors, "D": Machine,
}

// Trade is one of the 96 occupations of gig work (工种), domain.md §7.5. What a
// Trade refers to is shared: do not write to its slices.
type Trade struct {
	No          int      // 1…96, its row in domain.md
	ID          string   // stable ascii slug, "loader"; stored in rows and in the index
	Name        string   // canonical Chinese name, "装卸工"
	English     string   // the same in English
	Group       Group    //
	Synonyms    []string // those of domain.md
	Also        []string // more words for it: stems, dialect, ways of typing
	Skills      []string //
	Flags       []Flag   //
	MinAge      int      // 16, or 18 where the row says M18 (R-AGE-02)
	Needs       []string // certificate kinds the law requires: block without proof (domain.md §7.4)
	Conditional []string // certificate kinds required for part of the work only; Note says which
	Checks      []string // what the employer must query before hiring (未成年人保护法 第62条)
	Near        []string // ids of trades whose people can do this one; symmetric
	Older       bool     // 适合大龄
	Disabled    bool     // 适合残疾人
	Home        bool     // can be done at home
	Note        string   // Chinese remark for whoever reviews a posting
	GBM         string   // code of the occupational classification (职业分类大典 2022), "" unknown
}

// Has says the trade carries the flag.
func (t Trade) Has(f Flag) bool { return slices.Contains(t.Flags, f) }

// IsNear says people of trade id can do this trade too, though it is another.
func (t Trade) IsNear(id string) bool { return slices.Contains(t.Near, id) }

// Words returns every word the trade is known by, the canonical name's parts first.
func (t Trade) Words() []string {
	words := nameParts(t.Name)
	for _, more := range [][]string{t.Synonyms, t.Also} {
		for _, w := range more {
			if w = wordOf(w); !slices.Contains(words, w) {
				words = append(words, w)
			}
		}
	}
	return words
}

// Trades returns all trades in the order of domain.md. The slice is shared.
func Trades() []Trade { return vocabulary().trades }

// TradeByID returns the trade with that id.
func TradeByID(id string) (Trade, bool) {
	i, ok := vocabulary().byID[id]
	if !ok {
		return Trade{}, false
	}
	return vocabulary().trades[i], true
}

//go:embed data/trades.csv
var tradesCSV []byte

// lexicon is the vocabulary made ready for lookups; built once, then only read.
type lexicon struct {
	trades  []Trade
	byID    map[string]int
	words   map[string][]int // normalised word → indexes of trades, best first
	broader map[string][]int // word → further trades whose names contain it: 保洁 → 家政保洁员
	starts  map[rune]int     // first character → runes of the longest word that begins so
	sounds  sounds
}

var vocabulary = sync.OnceValue(func() *lexicon {
	trades, err := parseTrades(tradesCSV)
	if err != nil {
		panic("worktext: the embedded trades are damaged: " + err.Error()) // held by a test
	}
	return newLexicon(trades)
})

func newLexicon(trades []Trade) *lexicon {
	l := &lexicon{trades: trades, byID: map[string]int{}, words: map[string][]int{}, broader: map[string][]int{}, starts: map[rune]int{}}
	for i, t := range trades {
		l.byID[t.ID] = i
	}
	// a word of several trades names first the one that bears it as a name, then
	// the one domain.md lists it under
	for pass := range 3 {
		for i, t := range trades {
			for _, w := range [][]string{nameParts(t.Name), t.Synonyms, t.Also}[pass] {
				l.add(wordOf(w), i)
			}
		}
	}
	for i, t := range trades {
		for _, name := range nameParts(t.Name) {
			l.addBroader([]rune(name), i)
		}
	}
	for i, t := range trades {
		for _, w := range append(nameParts(t.Name), t.Synonyms...) {
			l.addHead([]rune(wordOf(w)), i)
		}
	}
	l.sounds = newSounds(l)
	return l
}

// addBroader lets every shorter word inside a canonical name ask for that trade
// too. It goes one way, and for queries only: a posting of 保洁 is no 开荒保洁.
func (l *lexicon) addBroader(name []rune, trade int) {
	for from := range name {
		for to := from + 2; to <= len(name); to++ {
			w := string(name[from:to])
			own, known := l.words[w]
			if known && !slices.Contains(own, trade) && !slices.Contains(l.broader[w], trade) && !misread(name, from, to) {
				l.broader[w] = append(l.broader[w], trade)
			}
		}
	}
}

// addHead lets the head of a word, which stands last, ask for the word's trade
// too: 电工 finds 水电工, 司机 whoever drives. Queries only, as above.
func (l *lexicon) addHead(word []rune, trade int) {
	for from := 1; from+2 <= len(word); from++ {
		w := string(word[from:])
		own, known := l.words[w]
		if known && !slices.Contains(own, trade) && !slices.Contains(l.broader[w], trade) && !misread(word, from, len(word)) {
			l.broader[w] = append(l.broader[w], trade)
		}
	}
}

func (l *lexicon) add(word string, trade int) {
	if word == "" || IsGeneric(word) || slices.Contains(l.words[word], trade) {
		return
	}
	l.words[word] = append(l.words[word], trade)
	rs := []rune(word)
	l.starts[rs[0]] = max(l.starts[rs[0]], len(rs))
}

func (l *lexicon) ids(indexes []int) []string {
	out := make([]string, len(indexes))
	for k, i := range indexes {
		out[k] = l.trades[i].ID
	}
	return out
}

// wordOf strips a remark in brackets, "铲车(叉)" and normalises.
func wordOf(w string) string {
	w, _, _ = strings.Cut(Normalize(w), "(")
	return w
}

// nameParts splits a canonical name into the words people use:
// "起重司索工" stays, "剥榨菜/腌制工" and "普工(流水线)" come apart.
func nameParts(name string) []string {
	var parts []string
	for p := range strings.SplitSeq(wordOf(name), "/") {
		if len([]rune(p)) >= 2 {
			parts = append(parts, p)
		}
	}
	return parts
}

func parseTrades(data []byte) ([]Trade, error) {
	rows, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("read trades: %w", err)
	}
	out := make([]Trade, 0, len(rows))
	for _, r := range rows[1:] {
		t, err := parseTrade(r)
		if err != nil {
			return nil, fmt.Errorf("read trade %s: %w", r[0], err)
		}
		out = append(out, t)
	}
	closeNear(out)
	return out, nil
}

func parseTrade(r []string) (Trade, error) {
	no, err := strconv.Atoi(r[0])
	if err != nil {
		return Trade{}, fmt.Errorf("number %q: %w", r[0], err)
	}
	t := Trade{
		No: no, ID: r[1], Name: r[2], English: r[3], Group: Group(r[4]),
		Synonyms: list(r[5]), Also: list(r[6]), Skills: list(r[7]), MinAge: 16,
		Needs: list(r[10]), Conditional: list(r[11]), Checks: list(r[12]), Near: list(r[13]),
		Note: r[15], GBM: r[16],
	}
	if r[9] != "" {
		if t.MinAge, err = strconv.Atoi(r[9]); err != nil {
			return Trade{}, fmt.Errorf("age %q: %w", r[9], err)
		}
	}
	for _, letter := range strings.Fields(r[8]) {
		f, ok := flagLetters[letter]
		if !ok {
			return Trade{}, fmt.Errorf("unknown flag %q", letter)
		}
		t.Flags = append(t.Flags, f)
	}
	suited := list(r[14])
	t.Older, t.Disabled, t.Home = slices.Contains(suited, "older"), slices.Contains(suited, "disabled"), slices.Contains(suited, "home")
	return t, nil
}

// closeNear makes nearness symmetric: the table names each pair once.
func closeNear(trades []Trade) {
	at := map[string]int{}
	for i, t := range trades {
		at[t.ID] = i
	}
	for i := range trades {
		for _, id := range slices.Clone(trades[i].Near) {
			if j, ok := at[id]; ok && !slices.Contains(trades[j].Near, trades[i].ID) {
				trades[j].Near = append(trades[j].Near, trades[i].ID)
			}
		}
	}
}

func list(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, ";")
}
