package worktext

import (
	"bytes"
	_ "embed"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"sync"
)

// Calling is work that is no trade of gig work and is asked for all the same:
// accountant, teacher of mathematics, buyer. A posting has one only where its
// title says so.
type Calling struct {
	ID    string   // stable ascii slug, letters only; stored in the index
	Words []string // as titles and queries write it, the usual one first
	Asked []string // as people ask for it and no title says what it is: 做账, and the field it is in: 银行
	Wider []string // ids of callings this is a kind of: 总账会计 is a 会计
	Near  []string // ids of callings whose people can do this one too; symmetric

	NearTrades []string // ids of trades
}

//go:embed data/callings.csv
var callingsCSV []byte

// callingWords is the table of callings made ready for lookups.
type callingWords struct {
	list     []Calling
	byID     map[string]int
	titled   map[string][]int    // Words → callings
	asked    map[string][]int    // Words and Asked → callings
	above    [][]int             // the callings each is a kind of, nearest first
	said     map[string][]string // pinyin, syllables with blanks → words
	typed    map[string][]string // pinyin without blanks → words
	initials map[string][]string
	all      []writtenWord // Words of every calling, in their order
	starts   map[rune]int  // first character → runes of the longest word that begins so
	longest  int
}

type writtenWord struct {
	word string
	rs   []rune
}

var callings = sync.OnceValue(func() *callingWords {
	list, err := parseCallings(callingsCSV)
	if err != nil {
		panic("worktext: the embedded callings are damaged: " + err.Error()) // held by a test
	}
	return newCallings(list)
})

// Callings returns all callings. The slice is shared.
func Callings() []Calling { return callings().list }

func parseCallings(data []byte) ([]Calling, error) {
	rows, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("read callings: %w", err)
	}
	out := make([]Calling, 0, len(rows))
	for _, r := range rows[1:] {
		c := Calling{ID: r[0], Words: list(r[1]), Asked: list(r[2]), Wider: list(r[3])}
		for _, id := range list(r[4]) {
			if trade, ok := strings.CutPrefix(id, "t:"); ok {
				c.NearTrades = append(c.NearTrades, trade)
			} else {
				c.Near = append(c.Near, id)
			}
		}
		out = append(out, c)
	}
	return out, nil
}

func newCallings(list []Calling) *callingWords {
	l := &callingWords{
		list: list, byID: map[string]int{}, titled: map[string][]int{}, asked: map[string][]int{}, above: make([][]int, len(list)),
		said: map[string][]string{}, typed: map[string][]string{}, initials: map[string][]string{}, starts: map[rune]int{},
	}
	for i, c := range list {
		l.byID[c.ID] = i
	}
	for _, c := range list {
		for _, w := range c.Words {
			w = Normalize(w)
			l.all = append(l.all, writtenWord{w, []rune(w)})
		}
	}
	for place := 0; l.addWords(place); place++ { // the first word of every calling, then the second
	}
	for i := range list {
		l.climb(i, list[i].Wider)
		for _, id := range list[i].Near {
			if j, ok := l.byID[id]; ok {
				list[j].Near = addNew(list[j].Near, list[i].ID)
			}
		}
	}
	return l
}

// addWords adds the word at that place of every calling, and says whether any had one.
func (l *callingWords) addWords(place int) (some bool) {
	for i, c := range l.list {
		words := slices.Concat(c.Words, c.Asked)
		if place >= len(words) {
			continue
		}
		some = true
		w := Normalize(words[place])
		if IsGeneric(w) {
			continue
		}
		rs := []rune(w)
		l.longest, l.starts[rs[0]] = max(l.longest, len(rs)), max(l.starts[rs[0]], len(rs))
		l.asked[w] = append(l.asked[w], i)
		if place >= len(c.Words) {
			continue
		}
		l.titled[w] = append(l.titled[w], i)
		for _, syls := range waysToSay(w) {
			said, typed := strings.Join(syls, " "), strings.Join(syls, "")
			l.said[said] = addNew(l.said[said], w)
			l.typed[typed] = addNew(l.typed[typed], w)
		}
		if letters := initialsOf(Syllables(w)); len(letters) >= 2 && !strings.ContainsFunc(w, isAlnum) {
			l.initials[letters] = addNew(l.initials[letters], w)
		}
	}
	return some
}

func (l *callingWords) climb(i int, wider []string) {
	for _, id := range wider {
		if j, ok := l.byID[id]; ok && !slices.Contains(l.above[i], j) && j != i {
			l.above[i] = append(l.above[i], j)
			l.climb(i, l.list[j].Wider)
		}
	}
}

// wordAt returns the longest word of the map that begins at rs[i], and its length.
func (l *callingWords) wordAt(words map[string][]int, rs []rune, i int) (word string, n int) {
	for n = min(l.starts[rs[i]], len(rs)-i); n >= 2; n-- {
		w := string(rs[i : i+n])
		if _, ok := words[w]; ok && standsAlone(rs, i, i+n) {
			return w, n
		}
	}
	return "", 0
}

// calledAt is a calling or a trade a title names.
type calledAt struct {
	callings []int // nil for a trade
	from, to int
}

// leadWords make a position of one that leads others.
var leadWords = []string{"主管", "经理", "总监", "主任", "店长", "负责人", "组长", "领班", "班长", "部长", "校长", "院长", "所长", "总裁", "合伙人"}

// directions after a word make it what another one's work is about.
var directions = []string{"方向", "行业", "领域", "背景", "专业"}

// callingsOf returns the callings a title names: as the head of a phrase, which
// in Chinese stands last (销售财务管控|会计), and before another one; and whether
// nothing in it says that others are led.
func callingsOf(title string) (heads, named []int, staff bool) {
	rs := []rune(Normalize(title))
	l, trades := callings(), vocabulary()
	var found []calledAt
	var head calledAt
	staff = true
	for i := 0; i < len(rs); {
		w, n := l.wordAt(l.titled, rs, i)
		t, _ := trades.wordAt(rs, i)
		switch {
		case len([]rune(t)) > n:
			n = len([]rune(t))
			found = append(found, calledAt{from: i, to: i + n})
		case n > 0:
			found = append(found, calledAt{l.titled[w], i, i + n})
			staff = staff && !slices.ContainsFunc(l.titled[w], l.leads)
		default:
			staff = staff && anyPrefix(rs[i:], leadWords) == 0
			n = 1
		}
		i += n
	}
	lead, engineer := l.byID["lead"], l.byID["engineer"]
	found = slices.DeleteFunc(found, func(f calledAt) bool {
		is := slices.Contains(f.callings, lead) // 审计|经理 audits
		staff = staff && !is
		return is
	})
	for k := len(found) - 1; k >= 0; k-- {
		f := found[k]
		last := k+1 == len(found) || !joins(rs[f.to:found[k+1].from])
		if last {
			head = f
		}
		switch {
		case k > 0 && anyPrefix(rs[f.to:], directions) > 0: // 大客户销售(人力资源方向)
			named = addNewInt(named, f.callings...)
		case last, found[k+1].from == f.to && slices.Contains(found[k+1].callings, engineer): // 宽带装维|工程师 does that
			heads = addNewInt(heads, f.callings...)
		case !holdsAny(string(rs[head.from:head.to]), otherJobs) || l.kin(f.callings, head.callings):
			named = addNewInt(named, f.callings...)
		}
	}
	return heads, slices.DeleteFunc(named, func(i int) bool { return slices.Contains(heads, i) }), staff
}

// leads says the calling is one of those who lead others: 销售总监.
func (l *callingWords) leads(i int) bool {
	return slices.Contains(l.list[i].Near, "lead") || slices.Contains(l.list[i].Wider, "lead")
}

// kin says the one calling is of the other's kind: a 舞蹈|助教 teaches dancing, a
// 汽车维修|教师 repairs nothing.
func (l *callingWords) kin(named, heads []int) bool {
	return slices.ContainsFunc(named, func(n int) bool {
		kinds := append([]int{n}, l.above[n]...)
		return slices.ContainsFunc(heads, func(h int) bool {
			return slices.ContainsFunc(kinds, func(k int) bool {
				return k == h || slices.Contains(l.above[h], k) || slices.Contains(l.list[h].Near, l.list[k].ID)
			})
		})
	})
}

// joins says what stands between two words leaves them one phrase.
func joins(between []rune) bool {
	if len(between) > 4 {
		return false
	}
	for _, r := range between {
		if !isHan(r) && !isAlnum(r) || strings.ContainsRune("和与及或兼转", r) {
			return false
		}
	}
	return true
}

func addNewInt(to []int, more ...int) []int {
	for _, i := range more {
		if !slices.Contains(to, i) {
			to = append(to, i)
		}
	}
	return to
}

// The tokens a document carries for a calling of its title: as the head, of the
// callings that is a kind of, and before another head.
func calledToken(id string) string { return "zc" + id }
func kindToken(id string) string   { return "zk" + id }
func besideToken(id string) string { return "zm" + id }

// fieldToken is carried for a word that is asked by and says no position: 银行.
func fieldToken(id string) string { return "zf" + id }

// staffToken marks a title that leads nobody.
const staffToken = "zqstaff"

// callingTokens returns the marks of the callings of a title.
func callingTokens(title string) []string {
	l := callings()
	heads, named, staff := callingsOf(title)
	var out []string
	for _, i := range heads {
		out = append(out, calledToken(l.list[i].ID))
	}
	for _, i := range heads {
		for _, j := range l.above[i] {
			if !slices.Contains(heads, j) {
				out = addNew(out, kindToken(l.list[j].ID))
			}
		}
	}
	for _, i := range named {
		out = addNew(out, besideToken(l.list[i].ID))
		for _, j := range l.above[i] {
			out = addNew(out, besideToken(l.list[j].ID))
		}
	}
	for rs, i := []rune(Normalize(title)), 0; i < len(rs); {
		w, n := l.wordAt(l.asked, rs, i)
		if _, written := l.titled[w]; n > 0 && !written {
			for _, j := range l.asked[w] {
				out = addNew(out, fieldToken(l.list[j].ID))
			}
		}
		i += max(n, 1)
	}
	if staff && len(heads) > 0 {
		out = append(out, staffToken)
	}
	return out
}
