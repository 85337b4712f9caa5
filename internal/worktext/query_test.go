package worktext_test

import (
	"os"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"linggong/internal/worktext"
)

// towns is a stand-in for the region room.
func towns(text string) (code, rest string, ok bool) {
	for _, r := range []struct{ name, code string }{
		{"许村镇", "330481101000"}, {"许村", "330481101000"}, {"长安", "330481103000"}, {"花园村", "330481101225"}, {"养殖村", "330481108201"},
	} {
		if strings.Contains(text, r.name) {
			return r.code, strings.Replace(text, r.name, " ", 1), true
		}
	}
	return "", text, false
}

// The words off-the-shelf engines fail on (peers.md, measured.md), and more.
func TestWhatPeopleTypeIsUnderstood(t *testing.T) {
	t.Parallel()
	type q struct {
		trades, sounds, not, words string // blank-separated
		wide                       bool
		region                     string
		pay                        worktext.Pay
		facets                     worktext.Facets
		mean                       string
	}
	for text, want := range map[string]q{
		"日结":           {facets: worktext.Facets{Settlement: "daily"}},
		"普工":           {wide: true},
		"月嫂":           {trades: "maternity"},
		"绿化工":          {trades: "gardener"},
		"焊工":           {trades: "welder"},
		"电工":           {trades: "electrician plumbelectric"},
		"小时工":          {facets: worktext.Facets{PayUnit: "hour"}},
		"钟点工保洁":        {trades: "cleaner homecleaner deepcleaner", facets: worktext.Facets{PayUnit: "hour"}},
		"零工":           {},
		"做生活":          {},
		"保结":           {sounds: "cleaner", words: "保结", mean: "保洁"},
		"baojie":       {sounds: "cleaner", words: "baojie"},
		"bao jie":      {sounds: "cleaner", words: "baojie"},
		"bj":           {sounds: "cleaner mover", words: "bj"},
		"zuangxie":     {sounds: "loader", words: "zuangxie"},
		"装写工":          {sounds: "loader", words: "装写工", mean: "装卸工"},
		"汗工 许村":        {sounds: "welder", words: "汗工", region: "330481101000", mean: "焊工 许村"},
		"挖工":           {sounds: "mason", words: "挖工", mean: "瓦工"},
		"三百/天":         {pay: worktext.Pay{DayFen: 300_00}},
		"300一天 装卸":     {trades: "loader escort", pay: worktext.Pay{DayFen: 300_00}},
		"三百一天":         {pay: worktext.Pay{DayFen: 300_00}},
		"一天三百":         {pay: worktext.Pay{DayFen: 300_00}},
		"一百二一天":        {pay: worktext.Pay{DayFen: 120_00}},
		"22/h 打包":      {trades: "packer", pay: worktext.Pay{HourFen: 22_00}},
		"23块/时":        {pay: worktext.Pay{HourFen: 23_00}},
		"二十三块钱一小时":     {pay: worktext.Pay{HourFen: 23_00}},
		"200-300/天":    {pay: worktext.Pay{DayFen: 200_00}},
		"时薪25.5以上":     {pay: worktext.Pay{HourFen: 25_50}},
		"月薪5千":         {pay: worktext.Pay{MonthFen: 5000_00}},
		"日结 300":       {facets: worktext.Facets{Settlement: "daily"}, pay: worktext.Pay{DayFen: 300_00}},
		"一天8小时":        {},
		"9pm":          {words: "9pm"},
		"4.2米货车":       {trades: "truckdriver"},
		"许村镇装卸工日结":     {trades: "loader", region: "330481101000", facets: worktext.Facets{Settlement: "daily"}},
		"长安保洁":         {trades: "cleaner homecleaner deepcleaner", region: "330481103000"},
		"养殖村":          {region: "330481108201"}, // a village named like a trade
		"50多岁能做的":      {facets: worktext.Facets{Older: true}},
		"不要夜班 缝纫":      {trades: "sewing hometextile", facets: worktext.Facets{NoNight: true}},
		"不上夜班的保安":      {trades: "guard", facets: worktext.Facets{NoNight: true}},
		"包吃住 新手可做":     {facets: worktext.Facets{Meals: true, Lodging: true, NoExperience: true}},
		"明天 急招 兼职":     {facets: worktext.Facets{Days: []int{1}, Urgent: true, Form: "part_time"}},
		"-保安 停车":       {not: "guard", words: "停车"},
		"不要保安":         {not: "guard"},
		"+日结 +保洁":      {facets: worktext.Facets{Settlement: "daily"}},
		"普工 打包":        {trades: "packer"},
		"招打包工人3名":      {trades: "packer"},
		"服装厂 缝纫":       {trades: "sewing hometextile"},
		"ＱＣ":           {trades: "garmentinspector"},
		"搬東西":          {trades: "loader"},
		"没经验也能做的":      {facets: worktext.Facets{NoExperience: true}},
		"":             {},
		"  -  + \" ‼ ": {},
	} {
		r := worktext.Parse(text, towns)
		got := q{
			trades: strings.Join(r.Trades, " "), sounds: strings.Join(r.Sounds, " "), not: strings.Join(r.NotTrades, " "),
			words: strings.Join(r.Words, " "), wide: len(r.Wide) > 0, region: r.Region, pay: r.Pay, facets: r.Facets, mean: r.DidYouMean,
		}
		if d := cmp.Diff(want, got, cmp.AllowUnexported(q{})); d != "" {
			t.Errorf("%q (-want +got):\n%s", text, d)
		}
	}
}

// gigs are postings as they are written here.
var gigs = map[string]worktext.Fields{
	"welding":   worktext.Document("急招电焊工两名", "会二保焊，自带面罩", "welder", nil),
	"gardening": worktext.Document("小区绿化养护", "割草修剪，绿化工优先", "gardener", nil),
	"chemical":  worktext.Document("化工厂操作普工", "两班倒", "lineworker", nil),
	"assembly":  worktext.Document("电子厂装配", "流水线，新手可做", "electronics", nil),
	"cleaning":  worktext.Document("商场保洁员", "早班", "cleaner", []string{"日结"}),
	"homeclean": worktext.Document("家庭打扫", "三小时", "homecleaner", nil),
	"maternity": worktext.Document("找月嫂一位", "下月初", "maternity", nil),
	"childcare": worktext.Document("带孩子", "白天", "childcare", nil),
	"wiring":    worktext.Document("厂房水电安装", "布线", "plumbelectric", nil),
	"electric":  worktext.Document("值班电工", "低压", "electrician", nil),
	"forklift":  worktext.Document("叉车工", "仓库", "forklift", nil),
	"garment":   worktext.Document("服装车间辅助", "剪线头", "threadtrimmer", nil),
	"loading":   worktext.Document("卸货6人", "经编厂坯布卸车，与保洁员配合", "loader", nil),
	"lathe":     worktext.Document("车工", "数控车床", "cnc", nil),
}

func TestAQueryFindsTheseAndNeverThose(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ query, find, never string }{
		{"焊工", "welding", "electric wiring"},
		{"电焊工", "welding", "electric"},
		{"绿化工", "gardening", "chemical"},
		{"化工", "chemical", "gardening"},
		{"化工厂", "chemical", "gardening"},
		{"月嫂", "maternity", "childcare"},
		{"普工", "assembly chemical loading", "welding maternity"},
		{"装配", "assembly", "chemical"},
		{"保洁", "cleaning homeclean", "assembly"},
		{"保结", "cleaning", "assembly"},
		{"baojie", "cleaning", "assembly"},
		{"商场保洁", "cleaning", "homeclean"},
		{"dianhan", "welding", "electric"},
		{"shangchang", "cleaning", "assembly"},
		{"装车", "loading", "garment"},
		{"装卸工", "loading", "garment"},
		{"车工", "lathe", "forklift"},
		{"日结", "cleaning assembly", ""},
		{"经编厂", "", "loading garment"},
		{"\"坯布卸车\"", "loading", "garment"},
		{"卸货 -经编", "", "loading"},
		{"护工", "", "gardening"},
		{"焊", "welding", "electric"},
	} {
		m := worktext.Parse(c.query, nil).Match()
		for _, id := range strings.Fields(c.find) {
			if !m.Accepts(gigs[id]) {
				t.Errorf("%s does not find %s: %+v", c.query, id, m)
			}
		}
		for _, id := range strings.Fields(c.never) {
			if m.Accepts(gigs[id]) {
				t.Errorf("%s finds %s: %+v in %+v", c.query, id, m, gigs[id])
			}
		}
	}
}

func TestNearFindsRelatedTrades(t *testing.T) {
	t.Parallel()
	for query, id := range map[string]string{"电工": "wiring", "水电工": "electric", "月嫂": "childcare", "学校保洁": "cleaning", "经编厂": "loading"} {
		q := worktext.Parse(query, nil)
		if !q.Near().Accepts(gigs[id]) {
			t.Errorf("nothing near %s finds %s: %+v", query, id, q.Near())
		}
	}
}

func TestEveryWordOfATradeFindsItsPostings(t *testing.T) {
	t.Parallel()
	for _, tr := range worktext.Trades() {
		doc := worktext.Document("招聘", "", tr.ID, nil)
		for _, w := range tr.Words() {
			if worktext.IsGeneric(w) {
				continue
			}
			q := worktext.Parse(w, nil)
			if !slices.Contains(q.Trades, tr.ID) || !q.Match().Accepts(doc) {
				t.Errorf("%s does not find %s: %v", w, tr.Name, q.Trades)
			}
		}
	}
}

func TestTheTradeOfAPostingSaysWhichMeaningIsMeant(t *testing.T) {
	t.Parallel()
	doc := worktext.Document("护工", "", "eldercare", nil)
	if worktext.Parse("陪诊员", nil).Match().Accepts(doc) {
		t.Error("护工 in an old people's home was taken for a hospital attendant")
	}
}

func TestSuggestionsContinueWhatIsTyped(t *testing.T) {
	t.Parallel()
	for prefix, want := range map[string]string{
		"bj": "cleaner", "baojie": "cleaner", "baoj": "cleaner", "焊": "welder", "绿": "gardener", "保结": "cleaner", "hangong": "welder",
		"dhg": "welder", "月": "maternity", "装卸": "loader", "lvhua": "gardener", "luhua": "gardener", "基": "",
	} {
		got := worktext.Suggest(prefix, 3)
		if want == "" && len(got) > 0 || want != "" && !slices.ContainsFunc(got, func(s worktext.Suggestion) bool { return s.Trade == want }) {
			t.Errorf("%q suggests %v, want %s", prefix, got, want)
		}
	}
	if got := worktext.Suggest("工", 5); len(got) > 5 {
		t.Errorf("%d suggestions", len(got))
	}
}

func TestPlacesAreReadAsTheyAreSpoken(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"长安": "chang an", "店长": "dian zhang", "起重工": "qi zhong gong", "重新": "chong xin", "家纺": "jia fang", "行车工": "hang che gong",
		"空调": "kong tiao", "硖石": "xia shi", "绿化": "lv hua", "QC检验": "qc jian yan", "银行": "yin hang", "调查": "diao cha", "！": "",
	} {
		if got := strings.Join(worktext.Syllables(in), " "); got != want {
			t.Errorf("%s is read %q, want %q", in, got, want)
		}
	}
}

// Everything lies in the city, so its name takes nothing away; what names it stands first.
func TestTheCityItselfMakesAHitBetter(t *testing.T) {
	t.Parallel()
	find := func(text string) (string, string, bool) {
		rest, ok := strings.CutPrefix(text, "海宁")
		return "330481000000", strings.TrimSpace(rest), ok
	}
	some := worktext.Parse("海宁 会计", find).Match().Some
	if !slices.ContainsFunc(some, func(c worktext.Clause) bool { return c.Label == "海宁" }) {
		t.Errorf("%+v", some)
	}
}

func TestALongQueryIsCut(t *testing.T) {
	t.Parallel()
	q := worktext.Parse(strings.Repeat("天堂鸟岛 ", 500)+"保洁", nil)
	if n := utf8.RuneCountInString(q.Text); n > worktext.MaxQueryRunes {
		t.Errorf("%d runes were read", n)
	}
	q = worktext.Parse("甲子 乙丑 丙寅 丁卯 戊辰 己巳 庚午 辛未 壬申 癸酉 甲戌 乙亥 保洁", nil)
	if n := len(q.Match().All); n > worktext.MaxTerms {
		t.Errorf("%d clauses", n)
	}
	if !slices.Contains(q.Trades, "cleaner") {
		t.Error("the trade was crowded out")
	}
}

// A query is typed letter by letter, and asked for its completion at each.
func TestEveryBeginningAndEveryEndOfAQueryIsOne(t *testing.T) {
	t.Parallel()
	sheet, err := os.ReadFile("../search/goldtest/data/queries.tsv")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(sheet), "\n")
	for _, line := range append(lines, "那边要人不", "不", "不用", "工作会不会累不", "+不", "-", "做", "会做", "教", "卖不") {
		for _, text := range strings.Split(line, "\t") {
			rs := []rune(text)
			for i := range min(len(rs), 40) {
				for _, part := range []string{string(rs[:i+1]), string(rs[i:])} {
					if q := worktext.Parse(part, towns); len([]rune(q.Text)) > len(rs) {
						t.Fatalf("%q became %q", part, q.Text)
					}
					worktext.Document(part, part, "", nil)
				}
			}
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"许村 装卸工 日结 300一天", "-保安 \"经编厂\" +打包", "不要", "不要 ", "“", "三百一天包吃住", "bao jie", "一", "1", "1,2,3", "不要不要不要",
		"\xff\xfe", "ｂｊ", "二十一小时", "200-", "¥", "养殖村", "++--", "9999999999999999999999/天", "一百二一天三百", "做一天结一天",
		"不", "要人不", "做",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		q := worktext.Parse(s, towns)
		if utf8.RuneCountInString(q.Text) > worktext.MaxQueryRunes {
			t.Fatalf("%d runes", utf8.RuneCountInString(q.Text))
		}
		for _, m := range []worktext.Match{q.Match(), q.Near()} {
			if len(m.All)+len(m.None) > worktext.MaxTerms+1 {
				t.Fatalf("%q: %d clauses", s, len(m.All)+len(m.None))
			}
			for _, c := range slices.Concat(m.All, m.None) {
				checkClause(t, s, c)
			}
		}
		if q.Pay.HourFen < 0 || q.Pay.DayFen < 0 || q.Pay.MonthFen < 0 {
			t.Fatalf("%q: pay %+v", s, q.Pay)
		}
		worktext.Suggest(s, 5)
		doc := worktext.Document(s, s, "loader", []string{s})
		q.Match().Accepts(doc)
	})
}

// checkClause holds what an adapter relies on: no empty clause or term, and no
// token an engine could read as an operator.
func checkClause(t *testing.T, s string, c worktext.Clause) {
	t.Helper()
	if len(c.Any) == 0 {
		t.Fatalf("%q: clause %q asks nothing", s, c.Label)
	}
	for _, term := range c.Any {
		if len(term.Tokens) == 0 || term.Phrase && len(term.Tokens) < 2 {
			t.Fatalf("%q: term %+v", s, term)
		}
		for _, tok := range term.Tokens {
			if tok == "" || strings.ContainsFunc(tok, func(r rune) bool {
				return !unicode.Is(unicode.Han, r) && (r < 'a' || r > 'z') && (r < '0' || r > '9')
			}) {
				t.Fatalf("%q: token %q", s, tok)
			}
		}
	}
}

// What is typed costs what MaxQueryRunes cost, however much it is: a page of
// text is no more work than a line, and neither makes much garbage.
func TestALongQueryCostsNoMoreThanAShortOne(t *testing.T) { //nolint:paralleltest // it counts allocations, and others would be counted too
	for name, s := range map[string]string{
		"words":     strings.Repeat("天堂鸟岛 ", 2500),
		"one word":  strings.Repeat("天地玄黄宇宙洪荒", 400),
		"trades":    strings.Repeat("保洁电焊工装卸", 500),
		"letters":   strings.Repeat("zhuangxiebaojie", 700),
		"refusals":  strings.Repeat("不要", 1700),
		"signs":     strings.Repeat("-+\"“", 2000),
		"numbers":   strings.Repeat("9", 10_000),
		"vowels":    strings.Repeat("a", 10_000),
		"emoji":     strings.Repeat("👷🏽‍♀️", 600),
		"no UTF-8":  strings.Repeat("\xff\xfe", 5000),
		"invisible": strings.Repeat("\u200b", 3400),
	} {
		// 20,000 at most, and a tenth more under the race detector, which empties pools at random.
		if n := testing.AllocsPerRun(3, func() { worktext.Parse(s, towns) }); n > 24_000 {
			t.Errorf("%s: %d bytes make %.0f allocations", name, len(s), n)
		}
	}
}

func BenchmarkParseTenKilobytes(b *testing.B) {
	for name, s := range map[string]string{
		"one word": strings.Repeat("天地玄黄宇宙洪荒", 400), "trades": strings.Repeat("保洁电焊工装卸", 500), "letters": strings.Repeat("zhuangxiebaojie", 700),
		"refusals": strings.Repeat("不要", 1700), "vowels": strings.Repeat("a", 10_000),
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				worktext.Parse(s, towns)
			}
		})
	}
}

func BenchmarkParse(b *testing.B) {
	for b.Loop() {
		worktext.Parse("许村 装卸工 日结 300一天 不要夜班 baojie", towns)
	}
}

func BenchmarkDocument(b *testing.B) {
	for b.Loop() {
		worktext.Document("急招装卸工6名", "经编厂坯布装卸，自带手套，包一餐，当天结清，需要能吃苦耐劳。", "loader", []string{"日结", "包吃"})
	}
}
