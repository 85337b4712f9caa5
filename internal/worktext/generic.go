package worktext

import (
	"slices"
	"sync"
)

// Facets are the conditions a query states in words. Zero values ask nothing.
type Facets struct {
	Settlement   string `json:"settlement,omitempty"` // daily, weekly, monthly, on_completion
	PayUnit      string `json:"pay_unit,omitempty"`   // hour, day, piece, month
	Form         string `json:"form,omitempty"`       // part_time
	Meals        bool   `json:"meals,omitempty"`
	Lodging      bool   `json:"lodging,omitempty"`
	NoNight      bool   `json:"no_night,omitempty"`
	Night        bool   `json:"night,omitempty"`
	NoExperience bool   `json:"no_experience,omitempty"`
	Older        bool   `json:"suited_older,omitempty"`
	Disabled     bool   `json:"suited_disabled,omitempty"`
	Home         bool   `json:"home,omitempty"`
	Urgent       bool   `json:"urgent,omitempty"`
	Weekend      bool   `json:"weekend,omitempty"`
	Days         []int  `json:"days,omitempty"` // 0 today, 1 tomorrow, 2 the day after
}

// IsZero says nothing was asked.
func (f Facets) IsZero() bool {
	return f.Settlement == "" && f.PayUnit == "" && f.Form == "" && len(f.Days) == 0 &&
		!(f.Meals || f.Lodging || f.NoNight || f.Night || f.NoExperience || f.Older || f.Disabled || f.Home || f.Urgent || f.Weekend)
}

// merge adds what o asks; of two answers to one question the later one counts.
func (f *Facets) merge(o Facets) {
	if o.Settlement != "" {
		f.Settlement = o.Settlement
	}
	if o.PayUnit != "" {
		f.PayUnit = o.PayUnit
	}
	if o.Form != "" {
		f.Form = o.Form
	}
	for _, d := range o.Days {
		if !slices.Contains(f.Days, d) {
			f.Days = append(f.Days, d)
		}
	}
	f.Meals, f.Lodging = f.Meals || o.Meals, f.Lodging || o.Lodging
	f.NoExperience, f.Older = f.NoExperience || o.NoExperience, f.Older || o.Older
	f.Disabled, f.Home = f.Disabled || o.Disabled, f.Home || o.Home
	f.Urgent, f.Weekend = f.Urgent || o.Urgent, f.Weekend || o.Weekend
	if o.NoNight || o.Night {
		f.NoNight, f.Night = o.NoNight, o.Night
	}
}

// Generic is a word for gig work that names no trade (零工, 小时工, 普工): it
// sets facets and widens to trades. Widening goes one way: 普工 finds 装配,
// 装配 does not find every 普工 (domain.md §7.5 note e).
type Generic struct {
	Word   string
	Label  string // what the chip says
	Kind   ChipKind
	Facets Facets
	Expand []string // trade ids; nil for any work
}

// IsGeneric says the word stands for gig work in general and is no trade.
func IsGeneric(word string) bool {
	g, ok := generics()[Normalize(word)]
	return ok && (g.Kind == ChipAnyWork || g.Kind == ChipGeneric || g.Facets.PayUnit != "" || g.Facets.Settlement != "" || g.Facets.Form != "")
}

// unskilled are the trades a person who writes 普工 would take.
var unskilled = []string{
	"lineworker", "packer", "feeder", "loader", "electronics", "solar", "injection", "foodpacker", "sockpacker",
	"sorter", "threadtrimmer", "warehouse", "clothroller",
}

// genericTable is read into generics; several words of one meaning share a row.
var genericTable = []struct {
	words []string
	Generic
}{
	{
		[]string{"零工", "散工", "临时工", "短工", "打零工", "打短工", "临工", "做生活", "寻生活", "干活", "找活", "打工", "短期工", "灵活就业"},
		Generic{Label: "零工", Kind: ChipAnyWork},
	},
	{
		[]string{"普工", "普通工", "一般工"},
		Generic{Label: "普工", Kind: ChipGeneric, Expand: unskilled},
	},
	{
		[]string{"小工", "杂工", "力气活", "体力活"},
		Generic{Label: "小工", Kind: ChipGeneric, Expand: []string{"sitehand", "loader", "feeder", "demolition", "lineworker", "packer", "kitchenhand", "farmhand"}},
	},
	{
		[]string{"帮工", "帮忙"},
		Generic{Label: "帮工", Kind: ChipGeneric, Expand: []string{"kitchenhand", "dishwasher", "sitehand", "farmhand", "husbandry", "escort"}},
	},

	{
		[]string{"小时工", "钟点工", "按小时", "计时工", "按小时算", "钟头工"},
		Generic{Label: "按小时计酬", Kind: ChipPayUnit, Facets: Facets{PayUnit: "hour"}},
	},
	{
		[]string{"计件", "计件工", "按件", "按件算"},
		Generic{Label: "计件", Kind: ChipPayUnit, Facets: Facets{PayUnit: "piece"}},
	},
	{
		[]string{"兼职", "非全日制", "业余"},
		Generic{Label: "兼职", Kind: ChipForm, Facets: Facets{Form: "part_time"}},
	},
	{
		[]string{"日结", "日结工", "天结", "现结", "当天结", "当日结", "当天结算", "当日结算", "天天结", "日清", "做一天结一天", "干一天结一天", "当天拿钱", "当场结", "当天付"},
		Generic{Label: "日结", Kind: ChipSettlement, Facets: Facets{Settlement: "daily"}},
	},
	{
		[]string{"周结", "周结工", "一周一结", "每周结"},
		Generic{Label: "周结", Kind: ChipSettlement, Facets: Facets{Settlement: "weekly"}},
	},
	{
		[]string{"月结", "月结工"},
		Generic{Label: "月结", Kind: ChipSettlement, Facets: Facets{Settlement: "monthly"}},
	},
	{
		[]string{"完工结", "做完结", "完工结算", "干完结"},
		Generic{Label: "完工结", Kind: ChipSettlement, Facets: Facets{Settlement: "on_completion"}},
	},

	{
		[]string{"包吃", "管饭", "管吃", "包饭", "供餐", "包餐", "含餐", "包三餐", "包中饭", "包午餐", "有饭吃", "有工作餐"},
		Generic{Label: "包吃", Kind: ChipFacet, Facets: Facets{Meals: true}},
	},
	{
		[]string{"包住", "管住", "住宿", "提供住宿", "有宿舍", "包宿舍"},
		Generic{Label: "包住", Kind: ChipFacet, Facets: Facets{Lodging: true}},
	},
	{
		[]string{"包吃住", "包吃包住", "管吃住", "管吃管住", "包食宿", "吃住全包", "提供食宿", "包吃和住"},
		Generic{Label: "包吃住", Kind: ChipFacet, Facets: Facets{Meals: true, Lodging: true}},
	},
	{
		[]string{"不上夜班", "不要夜班", "无夜班", "没有夜班", "没夜班", "不夜班", "不做夜班", "不上晚班", "白班", "长白班", "日班", "不倒班", "不熬夜", "不通宵"},
		Generic{Label: "不上夜班", Kind: ChipFacet, Facets: Facets{NoNight: true}},
	},
	{
		[]string{"夜班", "晚班", "通宵", "夜工"},
		Generic{Label: "夜班", Kind: ChipFacet, Facets: Facets{Night: true}},
	},
	{
		[]string{"新手", "新手可做", "生手", "不要经验", "无经验", "没经验", "无需经验", "不需要经验", "免经验", "零经验", "不限经验", "没有经验", "学徒", "包教", "包教会"},
		Generic{Label: "新手可做", Kind: ChipFacet, Facets: Facets{NoExperience: true}},
	},
	{
		[]string{"大龄", "年纪大", "上年纪", "年龄大", "老年人", "退休", "退休人员", "适合老人"},
		Generic{Label: "适合大龄", Kind: ChipFacet, Facets: Facets{Older: true}},
	},
	{
		[]string{"残疾", "残疾人", "残障"},
		Generic{Label: "适合残疾人", Kind: ChipFacet, Facets: Facets{Disabled: true}},
	},
	{
		[]string{"在家做", "在家", "居家", "拿回家做"},
		Generic{Label: "可在家做", Kind: ChipFacet, Facets: Facets{Home: true}},
	},
	{
		[]string{"急招", "急聘", "急用", "马上上班", "立即上岗", "急找"},
		Generic{Label: "急招", Kind: ChipFacet, Facets: Facets{Urgent: true}},
	},
	{
		[]string{"今天", "今日", "今朝", "现在"},
		Generic{Label: "今天", Kind: ChipDate, Facets: Facets{Days: []int{0}}},
	},
	{
		[]string{"明天", "明日", "明早", "明朝"},
		Generic{Label: "明天", Kind: ChipDate, Facets: Facets{Days: []int{1}}},
	},
	{
		[]string{"后天", "后日"},
		Generic{Label: "后天", Kind: ChipDate, Facets: Facets{Days: []int{2}}},
	},
	{
		[]string{"周末", "双休日", "星期六", "星期天", "周六", "周日", "礼拜天"},
		Generic{Label: "周末", Kind: ChipDate, Facets: Facets{Weekend: true}},
	},
}

// generics maps each such word to what it means.
var generics = sync.OnceValue(func() map[string]Generic {
	m := map[string]Generic{}
	for _, row := range genericTable {
		for _, w := range row.words {
			g := row.Generic
			g.Word = w
			m[w] = g
		}
	}
	return m
})

// LookUpGeneric returns what a generic or facet word means.
func LookUpGeneric(word string) (Generic, bool) {
	g, ok := generics()[Normalize(word)]
	return g, ok
}

// noise are words of a query that say nothing about the work wanted.
var noise = func() map[string]bool {
	m := map[string]bool{}
	for _, w := range []string{
		"招聘", "招工", "招人", "诚聘", "应聘", "找工作", "找个", "工作", "岗位", "职位", "有没有", "哪里有", "我想", "我要", "想找", "想做", "想要", "能做",
		"附近", "周边", "本地", "师傅", "人员", "工人", "活儿", "的活", "一个", "一份", "一名", "几个", "若干", "男女不限", "不限", "请问", "你好", "谢谢", "可以",
		"左右", "以上", "工资", "薪资", "待遇", "报酬", "高工资", "高薪", "一天", "每天", "小时", "招", "找", "要", "做", "干", "有", "的", "吗", "呢", "啊", "呀", "吧", "去", "在", "也", "都", "能", "会", "好", "很", "就", "还", "了", "到", "每", "些", "和", "与", "或", "我", "想", "个", "活", "工", "员",
	} {
		m[w] = true
	}
	return m
}()
