package offer

import (
	"regexp"
	"strings"
	"unicode"
)

// WordsVersion dates the list below; a finding is kept with the posting, so what
// fired under an older list can still be explained (R-POST-09).
const WordsVersion = "2026-11"

// wordRule is one category of what a posting must not say. A hit inside one of
// the exceptions does not count.
type wordRule struct {
	code     string
	severity Severity
	say      string
	rule     string
	source   string
	remedy   string
	words    []string
	except   []string
	pattern  *regexp.Regexp
}

var wordRules = []wordRule{
	{
		code: "word_gender", severity: Block, say: "限定或偏好性别", rule: "R-POST-09",
		source: "人力资源市场暂行条例 第24条；就业促进法 第27条", remedy: "写工作本身的要求，如“需搬25公斤”",
		words: []string{
			"限男", "限女", "仅限男", "仅限女", "只招男", "只招女", "只要男", "只要女", "男性优先", "女性优先", "男士优先", "女士优先",
			"要求男性", "要求女性", "性别男", "性别女", "招男工", "招女工", "不要女", "不要男", "不招女", "不招男", "招聘男", "招聘女", "男生优先", "女生优先",
		},
		except: []string{"不限男女", "无限男女"},
	},
	{
		code: "word_marriage", severity: Block, say: "限定婚育", rule: "R-POST-09",
		source: "就业促进法 第27条", remedy: "删去婚姻、生育的要求",
		words: []string{"未婚优先", "已婚优先", "已婚已育", "限未婚", "限已婚", "未婚未育", "三年内不怀孕", "不得怀孕", "不要孕妇", "孕妇勿"},
	},
	{
		code: "word_origin", severity: Block, say: "限定户籍、地域或民族", rule: "R-POST-09",
		source: "就业促进法 第28条、第31条；" + srcValidity, remedy: "删去户籍、地域、民族的要求",
		words: []string{"本地户口", "限本地人", "只要本地人", "仅限本地", "本地人优先", "外地人勿", "外地勿", "不要外地", "不招外地", "限汉族", "只要汉族", "少数民族勿", "不要少数民族", "限城镇户口", "不要农村", "海宁户籍优先", "限海宁户籍"},
	},
	{
		code: "word_disease", severity: Block, say: "歧视病原携带者或残疾人", rule: "R-POST-09",
		source: "就业促进法 第29条、第30条", remedy: "删去，法律要求的健康证写在证书里",
		words: []string{"乙肝", "大小三阳", "无传染病史", "不要残疾", "残疾人勿", "不招残疾", "拒绝残疾", "查乙肝两对半"},
	},
	{
		code: "word_looks", severity: Hold, say: "对相貌身材的要求与工作无关", rule: "R-POST-09",
		source: "就业促进法 第3条、第26条", remedy: "删去相貌、身高的要求，或说明工作上的理由",
		words:   []string{"形象好", "五官端正", "相貌端正", "颜值", "身材好", "貌美", "相貌好"},
		pattern: regexp.MustCompile(`身高1[.\d]{2,4}|身高\d{3}`),
	},
	{
		code: "word_age_limit", severity: Warn, say: "年龄上限没有写明安全上的理由", rule: "R-POST-09",
		source: "就业促进法 第3条；domain.md §4.4", remedy: "删去年龄上限，或写明安全上的理由",
		pattern: regexp.MustCompile(`\d{2}周?岁?(以下|以内|以里)|(1[6-9]|2\d)周?岁?[-—~至到]\d{2}周?岁|不超过\d{2}周?岁|\d{2}后优先`),
		except:  []string{"65周岁以下可参保"},
	},
	{
		code: "word_fee", severity: Block, say: "向求职者收费、押金或扣证件", rule: "R-POST-09",
		source: "劳动合同法 第9条、第84条；就业促进法 第41条", remedy: "任何名目的费用、押金、扣证都不允许，请删去",
		words: []string{
			"押金", "保证金", "报名费", "培训费", "服装费", "工装费", "中介费", "介绍费", "入职费", "体检费自理", "建档费", "信息费", "押身份证", "扣身份证", "身份证抵押",
			"抵押证件", "扣押证件", "先交钱", "先交费", "先交后返", "培训贷", "交钱上岗", "预交", "代收费", "风险金",
		},
		except: []string{
			"无押金", "免押金", "不收押金", "不交押金", "没有押金", "无需押金", "不需要押金", "不收任何押金", "不收保证金", "无保证金", "免保证金", "不收培训费", "免培训费", "免费培训", "无中介费", "不收中介费",
			"免中介费", "没有中介费", "不收任何费用", "无任何费用", "不收服装费", "免服装费", "不收介绍费", "不收报名费", "免报名费", "不扣身份证",
		},
	},
	{
		code: "word_fraud", severity: Block, say: "疑似违法或诈骗的工作", rule: "R-POST-09",
		source: "反电信网络诈骗法 第25条、第31条；domain.md §4.4", remedy: "不能发布",
		words: []string{
			"刷单", "刷信誉", "刷流水", "跑分", "出租银行卡", "收银行卡", "出售银行卡", "租银行卡", "出租电话卡", "收电话卡", "收手机卡", "代实名", "实名代办", "网赚", "境外高薪", "缅北", "缅甸", "柬埔寨", "赌博", "博彩",
			"代收款", "帮转账", "过账", "洗钱", "陪酒", "陪睡", "夜场公关", "包夜", "卖卵", "捐卵", "代孕", "拉人头", "传销", "发展下线",
		},
	},
	{
		code: "word_child", severity: Block, say: "招用童工", rule: "R-AGE-01",
		source: "禁止使用童工规定 第2条、第4条", remedy: "最低年龄不低于16周岁",
		words:  []string{"童工", "初中生兼职", "小学生", "未满16", "15岁以上", "14岁以上"},
		except: []string{"不招童工", "禁止童工", "不用童工", "谢绝童工", "接送小学生", "小学生接送", "辅导小学生", "小学生作业", "小学生托管", "照看小学生", "小学生晚托", "未满16周岁勿", "未满16岁勿", "不招未满16", "陪小学生"},
	},
	{
		code: "word_divert", severity: Hold, say: "引导到私人社交账号", rule: "R-POST-09",
		source: srcValidity, remedy: "删去微信、QQ号，求职者会在这里报名",
		words:   []string{"加微信", "加薇", "加v信", "加vx", "加qq", "加扣扣", "加群", "扫码进群", "私聊", "微信号", "qq号", "v信"},
		pattern: regexp.MustCompile(`(微信|vx|wx|qq)\d{5,}`),
	},
	{
		code: "word_phone", severity: Hold, say: "正文里有电话号码", rule: "R-POST-09",
		source: "个人信息保护法 第6条；" + srcValidity, remedy: "删去电话，系统会在确认后告诉对方",
		pattern: regexp.MustCompile(`1[3-9]\d{9}`),
	},
	{
		code: "word_lure", severity: Hold, say: "夸大报酬或保录取", rule: "R-POST-09",
		source: srcValidity, remedy: "写实际金额",
		words: []string{"轻松月入", "月入过万", "日入过千", "日赚千元", "躺赚", "保录取", "包录取", "内部名额", "高薪诚聘", "上不封顶", "轻松日结高薪"},
	},
	{
		code: "word_negotiable", severity: Warn, say: "写了“面议”，以上面填写的金额为准", rule: "R-POST",
		source: srcMarket + "（基本劳动报酬）", remedy: "删去“面议”",
		words: []string{"工资面议", "薪资面议", "价格面议", "报酬面议", "面议"},
	},
	{
		code: "word_overtime", severity: Hold, say: "强制加班或违法扣款", rule: "R-PAY-04",
		source: "劳动法 第41条；工资支付暂行规定 第15条", remedy: "删去，扣款只能依法依约",
		words: []string{"必须加班", "强制加班", "无条件加班", "干不满扣", "做不满不给", "不满三天无工资", "不满7天无工资", "三天无工资", "试工无工资", "试用期无工资", "试工不算钱", "试岗无薪"},
	},
}

// words looks through everything written for what must not be there. The field
// named is the first in which it stands.
func (c *checker) words() {
	t := c.t
	fields := []struct{ name, text, packed string }{
		{name: "title", text: t.Title},
		{name: "description", text: t.Description},
		{name: "pay.note", text: t.Pay.Note},
		{name: "transport", text: t.Transport},
		{name: "tools", text: t.Tools},
		{name: "bring", text: t.Bring},
		{name: "address", text: t.Address},
	}
	for i := range fields {
		fields[i].text = plain(fields[i].text)
		fields[i].packed = marks.Replace(fields[i].text)
	}
	for i := range wordRules {
		r := &wordRules[i]
		for _, f := range fields {
			if hit := r.find(f.text, f.packed); hit != "" {
				c.say(r.severity, r.code, f.name, r.say+"：“"+hit+"”", r.rule, r.source, r.remedy)
				break
			}
		}
	}
}

// marks are what plain leaves for the patterns; words are sought without them.
var marks = strings.NewReplacer(".", "", "-", "", "~", "", "—", "")

// find returns what of the rule stands in text, "" for nothing: its words in
// the packed text, its pattern in the other.
func (r *wordRule) find(text, packed string) string {
	for _, e := range r.except {
		text, packed = strings.ReplaceAll(text, e, "\x00"), strings.ReplaceAll(packed, e, "\x00")
	}
	for _, w := range r.words {
		if strings.Contains(packed, w) {
			return w
		}
	}
	if r.pattern != nil {
		return r.pattern.FindString(text)
	}
	return ""
}

// plain takes away what people put between letters to hide a word: spaces,
// marks, full-width forms and case.
func plain(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range s {
		if r >= 0xff01 && r <= 0xff5e {
			r -= 0xfee0 // full-width to ASCII
		}
		switch {
		case r == '.' || r == '-' || r == '~' || r == '—':
			b.WriteRune(r) // numbers and ranges need them
		case unicode.IsLetter(r), unicode.IsNumber(r):
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return b.String()
}
