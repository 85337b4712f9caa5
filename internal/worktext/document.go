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
// 保洁配合" is no cleaning job); without a trade they are near and no more. Never pass personal data (domain.md §7.5 note f).
func Document(title, description, trade string, tags []string) Fields {
	var tokens, later, singles []string
	own, named, said := tradesOf(title, description, trade, tags)
	for _, id := range own {
		tokens = append(tokens, tradeToken(id))
	}
	for _, id := range named {
		tokens = append(tokens, namedToken(id))
	}
	for _, id := range said {
		later = append(later, saidToken(id))
	}
	tokens = append(tokens, callingTokens(title)...)
	tokens = append(tokens, signsOf(append([]string{title, description}, tags...))...)
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
		Tokens:   strings.Join(slices.Concat(tokens, singles, later), " "),
		Pinyin:   strings.Join(syls, " "),
		Initials: strings.Join(pairs, " "),
	}
}

// tradesOf returns what a posting is about: its own trade, and others its title
// and tags name as the head of a phrase. Where it has none of its own, those of
// its title are, failing them what its title names before no other job; and what
// is only said somewhere (an employer's branch, a skill) is said and no more.
func tradesOf(title, description, trade string, tags []string) (own, named, said []string) {
	if _, ok := TradeByID(trade); ok {
		for _, text := range append([]string{title}, tags...) {
			for _, m := range headsOf(text) {
				if len(m.Trades) > 1 && slices.Contains(m.Trades, trade) {
					continue // the word is ambiguous, the trade says which is meant
				}
				named = addNew(named, m.Trades...)
			}
		}
		return []string{trade}, slices.DeleteFunc(named, func(id string) bool { return id == trade }), nil
	}
	own = titleTrades(title)
	for _, text := range slices.Concat([]string{title}, tags, []string{description}) {
		for _, m := range FindTrades(text) {
			said = addNew(said, m.Trades...)
		}
	}
	return own, nil, slices.DeleteFunc(said, func(id string) bool { return slices.Contains(own, id) })
}

// titleTrades are the trades of a posting that has only a title to tell them.
func titleTrades(title string) []string {
	rs := []rune(Normalize(title))
	callings, _, _ := callingsOf(title)
	var own []string
	for _, m := range headsOf(title) {
		if !otherJob(rs, m) && !asides(rs, m) && (len(callings) == 0 || !surrounds(m)) {
			own = addNew(own, m.Trades...)
		}
	}
	if len(own) > 0 || holdsAny(string(rs), otherJobs) {
		return own
	}
	for _, m := range FindTrades(title) {
		if !asides(rs, m) && (len(callings) == 0 || !surrounds(m)) {
			own = addNew(own, m.Trades...)
		}
	}
	return own
}

// surrounds says the word tells where work is done, or with what, or a benefit:
// beside a calling 养老院 is who employs and 班车接送 comes with the place.
func surrounds(m Mention) bool { return slices.Contains(surroundings, m.Word) }

// asides says the title says it by the way: what a driver should know (懂车辆维修),
// or what need not be done (不做卫生).
func asides(rs []rune, m Mention) bool {
	return m.From > 0 && strings.ContainsRune("懂会不免非无", rs[m.From-1]) || m.From > 1 && slices.Contains([]string{"不用", "无需", "不需", "不要", "懂得", "熟悉", "不是"}, string(rs[m.From-2:m.From]))
}

var surroundings = []string{
	"养老院", "敬老院", "福利院", "医院", "学校", "食堂", "饭店", "酒店", "宾馆", "餐厅", "餐饮", "厨房", "超市", "商场", "门店", "便利店", "工地", "仓库", "车间", "流水线", "产线",
	"接送", "班车", "值班", "值守", "装箱", "灌装", "码垛", "直播", "外卖", "快递",
}

// otherJob says the title is another job's in spite of the trade it names: one
// that follows and is not listed beside it (外卖-数据分析; but 焊工/钳工教师), or
// one before the brackets the trade stands in (培训老师(养老护理员)).
func otherJob(rs []rune, m Mention) bool {
	if open := slices.Index(rs[:m.From], '('); open >= 0 && holdsAny(string(rs[:open]), otherJobs) {
		return true
	}
	listed := m.To < len(rs) && strings.ContainsRune("/、,+&;兼和与及或", rs[m.To])
	return !listed && holdsAny(string(rs[m.To:]), otherJobs)
}

// otherJobs end a title of their own: 焊接设备|销售工程师 sells, 电工作业|教师 teaches.
var otherJobs = []string{
	"教师", "老师", "讲师", "助教", "教练", "导师", "出纳", "工程师", "工程", "经理", "顾问", "销售", "总监", "主管", "分析", "开发", "设计", "接待", "专家", "招聘老师", "招聘专员", "赚钱", "变现", "免费学", "学员", "付费",
	"督导", "代表", "会计", "编程", "架构", "店长", "采购", "研究", "建造师", "培训", "程序员", "财务", "行政", "专业", "运营", "业务员", "产品",
}

func holdsAny(text string, words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(text, w) })
}

// tails follow a trade without changing it: 保洁|阿姨, 电焊工|两名.
var tails = []string{
	"师傅", "阿姨", "大叔", "工人", "人员", "员工", "工", "员", "手", "熟手", "熟练工", "学徒", "徒弟", "小工", "大工", "班组", "班", "岗位", "岗", "组长", "班长", "专员", "助理", "若干", "招人", "招工", "招聘",
	"工作", "工种", "的", "活", "名", "位", "帮手", "帮工", "女工", "男工", "点工", "老师", "助手", "操作", "操作员", "操作手", "一名", "两名", "数名", "多名", "上门", "包工", "队", "散活", "零活",
}

// headsOf returns the trades a title names as the head of a phrase, which in
// Chinese stands last: 洗碗机厂装配工 assembles, 保姆车司机 drives. What follows a
// head is the end, a mark, "and", a condition or a tail.
func headsOf(text string) []Mention {
	rs := []rune(Normalize(text))
	var out []Mention
	for _, m := range FindTrades(text) {
		if endsAt(rs, m.To) {
			out = append(out, m)
		}
	}
	return out
}

func endsAt(rs []rune, i int) bool {
	for i < len(rs) && isHan(rs[i]) {
		n := anyPrefix(rs[i:], tails)
		if g, m := genericAt(rs, i); m > n && (g.Kind != ChipGeneric || len(g.Expand) == len(unskilled)) {
			n = m
		}
		if v, m := scanNumber(rs[i:]); n == 0 && m > 0 && v > 0 {
			n = m
		}
		if n == 0 {
			return strings.ContainsRune("和与及兼或", rs[i])
		}
		i += n
	}
	return true
}

// initialPairs cuts "bjy" into "bj", "jy": phrases of pairs find any part of it.
func initialPairs(letters string) []string {
	var out []string
	for i := 0; i+2 <= len(letters); i++ {
		out = append(out, letters[i:i+2])
	}
	return out
}
