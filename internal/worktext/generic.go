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
		[]string{"零工", "散工", "临时工", "短工", "打零工", "打短工", "临工", "做生活", "寻生活", "干活", "找活", "打工", "短期工", "灵活就业", "做零工", "找活干", "找事做", "做事", "找活做", "日工", "零活", "散活", "临时活", "短期", "赚钱", "挣钱", "打散工", "寻工作", "有活"},
		Generic{Label: "零工", Kind: ChipAnyWork},
	},
	{
		[]string{"普工", "普通工", "一般工", "一般普工", "生产普工", "男工", "女工", "男普工", "女普工"},
		Generic{Label: "普工", Kind: ChipGeneric, Expand: unskilled},
	},
	{
		[]string{"小工", "杂工", "力气活", "体力活", "重活", "粗活", "卖力气", "出力气", "力气工", "苦力"},
		Generic{Label: "小工", Kind: ChipGeneric, Expand: []string{"sitehand", "loader", "feeder", "demolition", "lineworker", "packer", "kitchenhand", "farmhand"}},
	},
	{
		[]string{"厂里", "工厂", "厂里的活", "厂子", "厂里活", "厂工"},
		Generic{Label: "厂里的活", Kind: ChipGeneric, Expand: unskilled},
	},
	{
		[]string{"工地", "工地上", "工地活", "建筑工地", "建筑", "建筑工", "建筑工人"},
		Generic{Label: "工地的活", Kind: ChipGeneric, Expand: []string{
			"sitehand", "mason", "formwork", "rebar", "concrete", "scaffolder", "plasterer", "demolition", "tiler",
		}},
	},
	{
		[]string{"服装厂", "制衣厂", "服装", "服装加工", "成衣厂"},
		Generic{Label: "服装厂的活", Kind: ChipGeneric, Expand: []string{
			"sewing", "cutter", "ironing", "threadtrimmer", "button", "garmentinspector", "packer",
		}},
	},
	{
		[]string{"皮革厂", "皮衣厂", "皮草厂", "皮革"},
		Generic{Label: "皮革厂的活", Kind: ChipGeneric, Expand: []string{"leathersewing", "leathercutter", "furboarder"}},
	},
	{
		[]string{"饭店", "餐馆", "餐饮店", "酒店", "饭馆", "餐厅"},
		Generic{Label: "饭店的活", Kind: ChipGeneric, Expand: []string{"waiter", "dishwasher", "kitchenhand", "cook", "pastry"}},
	},
	{
		[]string{"装修", "家装", "装潢", "安装", "安装工"},
		Generic{Label: "装修安装", Kind: ChipGeneric, Expand: []string{
			"doorfitter", "flooring", "plumbelectric", "appliancerepair", "carpenter", "tiler", "painter", "locksmith", "waterproofer",
		}},
	},
	{
		[]string{"种植", "农业", "务农", "乡下的活", "农村的活"},
		Generic{Label: "农活", Kind: ChipGeneric, Expand: []string{"farmhand", "picker", "flowergrower", "pickling", "husbandry", "farmmachine"}},
	},
	{
		[]string{"帮工", "帮忙"},
		Generic{Label: "帮工", Kind: ChipGeneric, Expand: []string{"kitchenhand", "dishwasher", "sitehand", "farmhand", "husbandry", "escort"}},
	},

	{
		[]string{"小时工", "钟点工", "按小时", "计时工", "按小时算", "钟头工", "计时", "钟头算", "按钟头", "论小时", "小时算", "小时结", "时薪", "做几个小时", "每小时"},
		Generic{Label: "按小时计酬", Kind: ChipPayUnit, Facets: Facets{PayUnit: "hour"}},
	},
	{
		[]string{"计件", "计件工", "按件", "按件算", "论件", "多劳多得", "按件算钱", "按件计酬", "做多少算多少", "按斤算", "论斤"},
		Generic{Label: "计件", Kind: ChipPayUnit, Facets: Facets{PayUnit: "piece"}},
	},
	{
		[]string{"兼职", "非全日制", "业余", "副业", "业余时间", "空余时间", "课余", "下班后", "兼职工"},
		Generic{Label: "兼职", Kind: ChipForm, Facets: Facets{Form: "part_time"}},
	},
	{
		[]string{"日结", "日结工", "天结", "现结", "当天结", "当日结", "当天结算", "当日结算", "天天结", "日清", "做一天结一天", "干一天结一天", "当天拿钱", "当场结", "当天付", "当天结账", "当天发工资", "当天付钱", "当天给钱", "日日结", "一天一结", "一日一结", "每天结", "做完当天结", "天天拿钱", "当天现金", "当日付", "日付", "做一天算一天", "干一天算一天", "当天结钱", "当天发钱", "当天结工资", "工资日结", "天天发工资", "现金结"},
		Generic{Label: "日结", Kind: ChipSettlement, Facets: Facets{Settlement: "daily"}},
	},
	{
		[]string{"周结", "周结工", "一周一结", "每周结", "一星期一结", "七天一结", "每星期结", "按周结", "工资周结"},
		Generic{Label: "周结", Kind: ChipSettlement, Facets: Facets{Settlement: "weekly"}},
	},
	{
		[]string{"月结", "月结工", "一月一结", "按月发", "每月结", "按月结", "月付", "工资月结", "每月发工资"},
		Generic{Label: "月结", Kind: ChipSettlement, Facets: Facets{Settlement: "monthly"}},
	},
	{
		[]string{"完工结", "做完结", "完工结算", "干完结", "干完结账", "做完结账", "做完拿钱", "完工付", "活干完结", "完工结账", "干完拿钱", "工完结"},
		Generic{Label: "完工结", Kind: ChipSettlement, Facets: Facets{Settlement: "on_completion"}},
	},

	{
		[]string{"包吃", "管饭", "管吃", "包饭", "供餐", "包餐", "含餐", "包三餐", "包中饭", "包午餐", "有饭吃", "有工作餐", "管一顿饭", "管一餐", "包一顿", "包一餐", "管午饭", "有中饭", "免费工作餐", "管中饭", "有食堂吃", "包晚饭", "管三餐", "包伙食", "提供餐食", "提供午餐", "提供工作餐", "免费午餐", "餐补", "吃饭免费"},
		Generic{Label: "包吃", Kind: ChipFacet, Facets: Facets{Meals: true}},
	},
	{
		[]string{"包住", "管住", "住宿", "提供住宿", "有宿舍", "包宿舍", "有地方住", "提供宿舍", "有宿舍住", "能住宿", "可住宿", "有住的", "有住宿", "免费住宿", "免费宿舍", "包宿", "可以住", "住厂里", "提供住房"},
		Generic{Label: "包住", Kind: ChipFacet, Facets: Facets{Lodging: true}},
	},
	{
		[]string{"包吃住", "包吃包住", "管吃住", "管吃管住", "包食宿", "吃住全包", "提供食宿", "包吃和住", "吃住都包", "包吃包宿", "食宿全包", "免费吃住", "吃住免费", "提供吃住", "包食包住", "食宿免费", "有吃有住", "包吃包睡", "提供免费食宿"},
		Generic{Label: "包吃住", Kind: ChipFacet, Facets: Facets{Meals: true, Lodging: true}},
	},
	{
		[]string{"不上夜班", "不要夜班", "无夜班", "没有夜班", "没夜班", "不夜班", "不做夜班", "不上晚班", "白班", "长白班", "日班", "不倒班", "不熬夜", "不通宵", "不上夜", "不要上夜班", "不用上夜班", "不用夜班", "不值夜班", "不加夜班", "上白班", "做白班", "白天班", "白天上班", "白天做", "只做白天", "不要晚班", "不上大夜", "不用熬夜", "常白班", "正常白班", "非夜班", "晚上不上班", "不想上夜班", "夜里不上班", "不用倒班", "不用上晚班", "不想熬夜", "没有晚班", "无晚班", "晚上不做"},
		Generic{Label: "不上夜班", Kind: ChipFacet, Facets: Facets{NoNight: true}},
	},
	{
		[]string{"夜班", "晚班", "通宵", "夜工", "上夜班", "做夜班", "大夜班", "夜间", "夜里", "晚上上班", "晚上做", "夜里做", "晚上干", "上晚班", "通宵班", "小夜班", "值夜"},
		Generic{Label: "夜班", Kind: ChipFacet, Facets: Facets{Night: true}},
	},
	{
		[]string{"新手", "新手可做", "生手", "不要经验", "无经验", "没经验", "无需经验", "不需要经验", "免经验", "零经验", "不限经验", "没有经验", "学徒", "包教", "包教会", "不用经验", "没做过", "没干过", "零基础", "经验不限", "没技术", "不用技术", "不要技术", "没手艺", "没文化", "不识字", "没学历", "手把手教", "有人教", "带教", "学手艺", "学门手艺", "收学徒", "带徒弟", "招学徒", "不会也可以", "新人", "新手也可以", "小白", "没有技术", "没有手艺", "没什么技术", "无技术要求", "学徒工", "可学", "会教", "免费培训", "没读过书", "包学会", "无经验可做"},
		Generic{Label: "新手可做", Kind: ChipFacet, Facets: Facets{NoExperience: true}},
	},
	{
		[]string{"大龄", "年纪大", "上年纪", "年龄大", "老年人", "退休", "退休人员", "适合老人", "上了年纪", "年纪大了", "年龄偏大", "岁数大", "老头", "老太", "老太太", "退休了", "适合大龄", "大龄可做", "老人能做", "年龄不限", "不限年龄", "中老年", "五十岁以上", "六十岁", "五十多岁", "六十多岁", "老年人能做", "退休工人", "大妈", "超龄"},
		Generic{Label: "适合大龄", Kind: ChipFacet, Facets: Facets{Older: true}},
	},
	{
		[]string{"残疾", "残疾人", "残障", "残疾人能做", "腿脚不便", "腿脚不好", "聋哑人", "适合残疾人"},
		Generic{Label: "适合残疾人", Kind: ChipFacet, Facets: Facets{Disabled: true}},
	},
	{
		[]string{"在家做", "在家", "居家", "拿回家做", "在家里做", "家里做", "带回家做", "在家能做", "可以在家", "拿回家", "居家做", "家里能做", "在家里", "可在家做"},
		Generic{Label: "可在家做", Kind: ChipFacet, Facets: Facets{Home: true}},
	},
	{
		[]string{"急招", "急聘", "急用", "马上上班", "立即上岗", "急找", "马上能上班", "马上上岗", "急需", "急缺", "急找人", "急用人", "马上能做", "立刻上岗", "急着找人", "马上用人"},
		Generic{Label: "急招", Kind: ChipFacet, Facets: Facets{Urgent: true}},
	},
	{
		[]string{"今天", "今日", "今朝", "现在", "今儿", "当天就能"},
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
		[]string{"周末", "双休日", "星期六", "星期天", "周六", "周日", "礼拜天", "星期日", "双休", "礼拜六", "礼拜日", "周六周日", "星期六星期天"},
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
		"师付", "师父", "哪里要", "要人", "要不要人", "还要人", "招不招", "有没有人要", "要不要", "还要不要", "帮我", "帮忙找", "给我", "麻烦", "问一下", "问问", "请问一下", "查一下", "查查",
		"找一下", "看看", "看一下", "推荐", "介绍", "那种", "这种", "那个", "这个", "就是", "之类", "等等", "嗯", "呃", "额", "哦", "喂", "啦", "嘛", "哎", "那", "这", "是", "老婆", "老公", "我老婆", "我老公", "我妈", "我爸",
		"儿子", "女儿", "小伙子", "姑娘", "阿姨", "老板", "本人", "自己", "我们", "俺", "有证", "持证", "熟手", "熟练", "熟练工", "多年", "经验", "有经验", "做过", "干过", "学过", "以前", "能干", "会做", "会干", "啥活", "啥",
		"什么", "什么活", "哪些", "哪个", "哪家", "都可以", "都行", "也行", "也可以", "可以做", "能来", "能上班", "上班", "岗", "单位", "公司", "地方", "没有", "最好", "优先", "希望", "打算", "准备", "应该", "想要找", "想干", "想去",
		"想换", "想接", "换个", "接活", "单子", "离家近", "近一点", "近点", "不远", "旁边", "一点", "轻松", "轻松点", "稳定", "长期", "刚来", "附近有", "有吗", "吗", "么", "价格", "工钱", "钱", "高一点", "收入", "一下", "里面", "里的",
		"一份工作", "找份", "找一份", "想找份", "想找个", "想找一个", "想找点", "找点", "做点", "干点", "做的", "干的", "的人", "人", "呢", "听说", "看到", "大概", "差不多", "算钱", "算的", "别的", "其他", "其它",
		"招聘", "招工", "招人", "诚聘", "应聘", "找工作", "找个", "工作", "岗位", "职位", "有没有", "哪里有", "我想", "我要", "想找", "想做", "想要", "能做",
		"哪里", "哪儿", "哪有", "帮忙", "在哪", "有人招", "有招", "人招", "没有招", "招啊", "大学刚毕业", "或者", "或是", "这类", "一类", "只要", "刚毕业",
		"附近", "周边", "本地", "师傅", "人员", "工人", "活儿", "的活", "一个", "一份", "一名", "几个", "若干", "男女不限", "不限", "请问", "你好", "谢谢", "可以",
		"左右", "以上", "工资", "薪资", "待遇", "报酬", "高工资", "高薪", "一天", "每天", "小时", "招", "找", "要", "做", "干", "有", "的", "吗", "呢", "啊", "呀", "吧", "去", "在", "也", "都", "能", "会", "好", "很", "就", "还", "了", "到", "每", "些", "和", "与", "或", "我", "想", "个", "活", "工", "员",
	} {
		m[w] = true
	}
	return m
}()
