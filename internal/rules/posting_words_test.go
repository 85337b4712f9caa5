package rules_test

import (
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"linggong/internal/rules"
)

// What R-POST-09 finds, by what people write. "" means nothing may be found.
var postings = map[string]string{
	// 性别
	"限男，能吃苦": "word_gender", "装卸工，限 男。": "word_gender", "只招女工两名": "word_gender", "招女服务员2名": "word_gender", "男士优先": "word_gender",
	"要求：性别男": "word_gender", "服务员（女）": "word_gender", "包装工（限女）": "word_gender", "男3女2": "word_gender", "不要女的": "word_gender",
	"招2名男工": "word_gender", "需要女性": "word_gender", "急招男": "word_gender", "限男性": "word_gender", "女生优先": "word_gender",
	"不限男女，均可": "", "男女不限": "", "性别不限": "", "性别男女不限": "", "招男女普工30名": "", "男女均可，年龄不限": "", "招聘男女装卸工": "", "不限制男女": "",
	"招女装缝纫工": "", "招聘女裤车工": "", "招聘女士皮衣缝制工": "", "女鞋包装": "", "招女式毛衣缝合": "", "男装整烫": "", "打扫女厕": "", "招女生宿舍保洁": "",
	"联系人李女士": "", "适合宝妈": "word_gender_hint", "穿纱工，限女": "word_gender", "海宁市某某有限公司": "",
	"不限男女，但限男": "word_gender",
	// 婚育
	"已婚已育优先": "word_marriage", "三年内不得怀孕": "word_marriage", "婚育不限": "", "不限婚姻": "",
	// 户籍、民族
	"本地人优先": "word_origin", "限海宁户籍": "word_origin", "不要外地人": "word_origin", "限汉族": "word_origin", "谢绝农民工": "word_origin", "河南人勿扰": "word_origin",
	"户籍不限": "", "不限本地户口": "", "本地人外地人均可": "", "限海宁市内配送": "", "在本地工作过优先": "", "配送到河南": "",
	// 疾病、残疾
	"需查乙肝两对半": "word_disease", "不招残疾人": "word_disease", "不查乙肝": "", "残疾人优先": "", "残疾人岗位": "", "须有健康证": "",
	// 相貌、年龄
	"形象气质佳": "word_looks", "身高1.65以上": "word_looks", "身高160以上": "word_looks", "45周岁以下": "word_age_limit", "18-45岁": "word_age_limit", "20至50周岁": "word_age_limit",
	"年龄要求18-50": "word_age_limit", "18周岁以上": "", "照看3岁以下婴儿": "", "接12岁以下孩子": "", "65周岁以下可参保": "", "每箱45斤以下": "", "工期20-50天": "",
	// 收费
	"押金200元": "word_fee", "押 金200元": "word_fee", "押*金": "word_fee", "需交保证金": "word_fee", "报名费50": "word_fee", "先交钱后上岗": "word_fee", "扣押身份证": "word_fee", "身份证原件上交": "word_fee",
	"体检费自理": "word_fee", "预交300元服装款": "word_fee",
	"无押金": "", "不收押金": "", "免押金": "", "不收任何押金": "", "不收取押金、保证金、报名费等任何费用": "", "无需缴纳保证金": "", "不收押金，收报名费": "word_fee", "不收押金，报名费50元": "word_fee",
	"免费培训": "", "免培训费": "", "培训费由公司承担": "", "体检费报销": "", "不押身份证": "", "携带身份证复印件": "", "带身份证登记": "", "工资保证金账户齐全": "", "有农民工工资保证金": "", "严禁收取中介费": "",
	// 违法、诈骗
	"手机刷-单员": "word_fraud", "刷 单 日结": "word_fraud", "出租银行卡，日赚500": "word_fraud", "跑分": "word_fraud", "代实名注册": "word_fraud", "去缅北高薪": "word_fraud", "捐卵": "word_fraud",
	"谨防刷单诈骗": "", "严禁刷单": "", "非刷单，手机操作": "word_fraud_denied", "前台客服，禁止网络赌博": "", "赴日本务工": "word_abroad", "出口日本订单包装": "", "到韩国料理店洗碗": "", "去泰国": "word_abroad",
	// 童工
	"初中生暑假工": "word_child", "15岁以上即可": "word_child", "招小学生": "word_child", "谢绝童工": "", "不招童工": "", "接送小学生": "", "辅导初中生作业": "", "小学生托管看护": "", "接送12岁左右孩子": "",
	// 引流、电话
	"加 微 信详聊": "word_divert", "加VX报名": "word_divert", "加群": "word_divert", "微信同号": "word_divert", "可参加群体活动": "", "微信结算": "", "支付宝或微信当天付": "", "QQ 12345678": "word_divert",
	"电话１３８００００１２３４": "word_phone", "138-0000-1234": "word_phone", "138 0000 1234": "word_phone", "订单号202613800001234567": "", "0573-87001234": "word_phone",
	// 其他
	"月入过万": "word_lure", "工资面议": "word_negotiable", "必须加班": "word_overtime", "不满七天无工资": "word_overtime", "不强制加班": "",
	"在仓库装卸纸箱，每箱约10公斤，包中餐，做完当天结": "", "缝纫工，会平车拷边，按件计酬，多劳多得": "", "观潮引导，站立为主，提供雨衣和午饭": "", "": "",
}

func TestWordsThatAPostingMustNotContain(t *testing.T) { // R-POST-09
	t.Parallel()
	for text, want := range postings {
		found := rules.PostingWords(text)
		var codes []string
		for _, f := range found {
			codes = append(codes, f.Code)
			if f.Rule == "" || f.Source == "" || f.Remedy == "" || f.Severity == "" || f.Hit != text[f.From:f.To] || f.Hit == "" {
				t.Errorf("%q: %+v", text, f)
			}
		}
		switch {
		case want == "" && len(found) > 0:
			t.Errorf("%q is lawful, but: %v %q", text, codes, found[0].Hit)
		case want != "" && (len(found) == 0 || found[0].Code != want):
			t.Errorf("%q gives %v, want %s", text, codes, want)
		}
	}
}

func TestAHiddenWordIsShownAsItWasWritten(t *testing.T) {
	t.Parallel()
	text := "白班，押　 金200元；男女不限"
	f := rules.PostingWords(text)
	if len(f) != 1 || f[0].Hit != "押　 金" || f[0].Severity != rules.Block {
		t.Errorf("%+v", f)
	}
	two := rules.PostingWords("限男，押金，限女")
	if len(two) != 3 || two[0].Hit != "限男" || two[1].Hit != "限女" || two[2].Hit != "押金" {
		t.Errorf("%+v", two)
	}
}

func TestAnyTextIsReadWithoutHarm(t *testing.T) {
	t.Parallel()
	parts := []string{"限男", "不限男女", "押金", "不收", "，", "\n", " ", "13800001234", "加微信", "（", "）", "18-45岁", "\xff", "刷", "-", "单", "Ａ", "😀", "K"}
	rapid.Check(t, func(t *rapid.T) {
		text := ""
		for _, p := range rapid.SliceOfN(rapid.SampledFrom(parts), 0, 12).Draw(t, "parts") {
			text += p
		}
		for _, f := range rules.PostingWords(text) {
			if f.From >= f.To || text[f.From:f.To] != f.Hit || utf8.ValidString(text) && !utf8.ValidString(f.Hit) {
				t.Fatalf("%q: %+v", text, f)
			}
		}
	})
}
