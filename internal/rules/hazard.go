package rules

import (
	"slices"
	"strings"
)

// Hazard is something about a work that the law looks at: the letters of
// domain.md §7.5. Trades, postings and people's wishes use the same words.
type Hazard string

// The hazards.
const (
	Height        Hazard = "height"        // 登高
	Heavy         Hazard = "heavy"         // 重体力
	Toxic         Hazard = "toxic"         // 有毒、粉尘
	Night         Hazard = "night"         // 夜班 22:00–06:00
	Vehicle       Hazard = "vehicle"       // 驾驶
	Machine       Hazard = "machine"       // 危险机械
	HighVoltage   Hazard = "high_voltage"  // 高压电
	Explosive     Hazard = "explosive"     // 易燃易爆
	Entertainment Hazard = "entertainment" // 娱乐场所、酒吧、网吧
	Construction  Hazard = "construction"  // 建筑工地
	Food          Hazard = "food"          // 接触直接入口的食品
	Minors        Hazard = "minors"        // 密切接触未成年人
	Min18         Hazard = "min18"         // 别的缘由只用成年人
)

// HazardRule is what a hazard triggers.
type HazardRule struct {
	Hazard   Hazard
	Name     string // zh-CN
	Adult    bool   // nobody under 18 (R-AGE-02, R-AGE-03)
	Insured  bool   // without insurance a human looks first (R-INS-01)
	Rule     string
	Source   string
	Requires string // zh-CN: what else the law asks for, "" nothing
}

const sourceMinors = "劳动法 第58条、第64条"

// hazardRules is the whole table, in the order a posting names them.
var hazardRules = []HazardRule{
	{Height, "登高", true, true, "R-AGE-02", sourceMinors, "二级以上高处作业（5米起）须持高处作业证"},
	{Heavy, "重体力", true, true, "R-AGE-02", sourceMinors + "；女职工劳动保护特别规定 附录", "写明重量和频次，不写性别"},
	{Toxic, "有毒或粉尘", true, true, "R-AGE-02", sourceMinors + "；职业病防治法", "告知危害并提供防护"},
	{Night, "夜班", true, false, "R-AGE-02", sourceMinors, ""},
	{Vehicle, "驾驶", true, true, "R-AGE-02", sourceMinors + "；道路交通安全法 第19条", "准驾车型相符的驾驶证"},
	{Machine, "危险机械", true, true, "R-AGE-02", sourceMinors, ""},
	{HighVoltage, "高压电", true, true, "R-AGE-02", sourceMinors, "特种作业操作证（电工）"},
	{Explosive, "易燃易爆", true, true, "R-AGE-02", sourceMinors, ""},
	{Entertainment, "娱乐场所", true, false, "R-AGE-02", "未成年人保护法 第61条", ""},
	{Construction, "建筑工地", false, true, "R-PAY-06", "保障农民工工资支付条例 第28条", "实名制登记后进场，写明项目编号"},
	{Food, "接触食品", false, false, "R-CERT", "食品安全法 第45条", "有效的健康证明"},
	{Minors, "接触未成年人", false, false, "R-CERT", "未成年人保护法 第62条", "用工方查询违法犯罪记录"},
	{Min18, "须成年", true, false, "R-AGE-03", sourceMinors, ""},
}

// HazardOf returns what a hazard triggers; ok is false for a word that is none.
func HazardOf(h Hazard) (r HazardRule, ok bool) {
	for _, r := range hazardRules {
		if r.Hazard == h {
			return r, true
		}
	}
	return HazardRule{}, false
}

// HazardRules lists what every hazard triggers.
func HazardRules() []HazardRule { return slices.Clone(hazardRules) }

// withRule returns the rules of those hazards that keep is true for, in the table's order.
func withRule(hazards []Hazard, keep func(HazardRule) bool) []HazardRule {
	var out []HazardRule
	for _, r := range hazardRules {
		if keep(r) && slices.Contains(hazards, r.Hazard) {
			out = append(out, r)
		}
	}
	return out
}

// Uninsured judges work without any insurance: dangerous work is held for a
// human, other work is warned of (R-INS-01).
func Uninsured(hazards []Hazard) Finding {
	f := Finding{
		Code: "insurance_none", Severity: Warn, Message: "没有保险", English: "There is no insurance.",
		Rule: "R-INS-01", Source: "工伤保险条例 第2条", Remedy: "参加工伤保险或买意外险",
	}
	if list := withRule(hazards, func(r HazardRule) bool { return r.Insured }); len(list) > 0 {
		f.Code, f.Severity = "insurance_hazard", Hold
		f.Message, f.English = "有危险的工作（"+names(list)+"）没有保险，需人工审核", "Dangerous work without insurance is reviewed by a human."
		f.Source, f.Remedy = "工伤保险条例 第2条；浙江省单险种工伤保险办法（2023）", "为来做工的人参加工伤保险或买意外险"
	}
	return f
}

func names(list []HazardRule) string {
	out := make([]string, len(list))
	for i, r := range list {
		out[i] = r.Name
	}
	return strings.Join(out, "、")
}
