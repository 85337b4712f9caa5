package rules

import (
	"fmt"

	"linggong/internal/day"
)

// HardshipFacts is what is known of a person when a category of hardship
// (就业困难人员) is judged. Unknown is nil or empty, and never counts against her.
type HardshipFacts struct {
	Birth          day.Date
	Sex            string // "male", "female"
	RetireCategory string // as recorded; see CategoryOf
	RegisteredOn   day.Date
	BenefitFrom    day.Date
	BenefitTo      day.Date // "" while drawing
	LowIncome      string   // "", "dibao" 低保, "edge" 低保边缘
	DisabilityCard bool
	SpecialSupport bool   // 特困人员救助供养
	ZeroHousehold  *bool  // nil: no household known
	Working        bool   // known to have work now
	Willing, Able  *bool  // 就业意愿, 劳动能力, as assessed; nil not assessed
	OtherDocument  string // H6: the document that names the group
}

// Condition is one condition of a category, judged.
type Condition struct {
	Text     string
	Met      *bool
	Evidence string // what it was judged by, no health facts
	Rule     string
	Source   string
	Hard     bool // of the law or the notice: unmet refuses; the others only warn
}

const (
	notice59    = "浙人社发〔2025〕59号"
	oldNotice   = "浙江省就业困难人员认定旧办法（2025年11月前）"
	noticeStart = day.Date("2025-11-01") // no later than November 2025; its own first day is not confirmed
)

func hardshipSource(on day.Date) string {
	if on < noticeStart {
		return oldNotice
	}
	return notice59
}

func yes(v bool) *bool { return &v }

// HardshipConditions judges a category H1…H6 on a day: first what all share,
// then its own (domain.md §2.2).
func (b *Book) HardshipConditions(category, region string, f HardshipFacts, on day.Date) []Condition {
	source := hardshipSource(on)
	out := b.commonConditions(f, source, on)
	c := Condition{Source: source, Hard: true}
	switch category {
	case "H1":
		out = append(out, b.olderConditions(region, f, source, on)...)
	case "H2":
		c.Rule, c.Text, c.Met = "R-HARD-H2", "城镇零就业家庭成员", f.ZeroHousehold
		c.Evidence = unknownOr(f.ZeroHousehold, "按家庭成员就业状况计算", "尚未登记家庭成员")
		out = append(out, c)
	case "H3":
		need := b.Number("hard.h3_benefit_months", region, on)
		c.Rule, c.Text = "R-HARD-H3", fmt.Sprintf("连续领取失业保险金满 %d 个月", need)
		if f.BenefitFrom == "" {
			c.Evidence = "未取得失业保险金领取记录"
		} else {
			end := f.BenefitTo
			if end == "" || end > on {
				end = on
			}
			// Both days are drawn for: 1 January to 30 June are six months.
			c.Met, c.Evidence = yes(f.BenefitFrom.AddMonths(need).Add(-1) <= end), fmt.Sprintf("自 %s 起领取", f.BenefitFrom)
		}
		out = append(out, c)
	case "H4":
		c.Rule, c.Text, c.Evidence = "R-HARD-H4", "低保对象或低保边缘家庭成员", "以民政认定为准"
		if f.LowIncome != "" {
			c.Met = yes(f.LowIncome == "dibao" || f.LowIncome == "edge")
		}
		out = append(out, c)
	case "H5":
		c.Rule, c.Text, c.Evidence = "R-HARD-H5", "持有有效的残疾人证", "以残联证件为准"
		if f.DisabilityCard {
			c.Met = yes(true)
		}
		not := Condition{Rule: "R-HARD-H5", Text: "未纳入特困人员救助供养", Met: yes(!f.SpecialSupport), Evidence: "以民政认定为准", Source: source, Hard: true}
		out = append(out, c, not)
	case "H6":
		c.Rule, c.Text, c.Evidence = "R-HARD-H6", "设区市确定并经省政府批准的其他人员", f.OtherDocument
		if f.OtherDocument != "" {
			c.Met = yes(true)
		}
		out = append(out, c)
	}
	return out
}

func unknownOr(v *bool, known, unknown string) string {
	if v == nil {
		return unknown
	}
	return known
}

// commonConditions are those of every category: of working age, registered
// unemployed, without work, able and willing.
func (b *Book) commonConditions(f HardshipFacts, source string, on day.Date) []Condition {
	age := Condition{Rule: "R-HARD-02", Text: "在法定劳动年龄内（16 周岁至法定退休月）", Source: "就业促进法 第52条；" + retirementSource, Hard: true}
	if f.Birth == "" {
		age.Evidence = "出生日期未知"
	} else {
		c, known := CategoryOf(f.Sex, f.RetireCategory)
		r := Retirement(c, f.Birth)
		age.Met, age.Evidence = yes(WorkingAge(f.Birth, f.Sex, f.RetireCategory, on)), "法定退休月 "+r.Retires
		if !known {
			age.Evidence += "（退休类别未确认，按较晚者）"
		}
	}
	reg := Condition{Rule: "R-HARD", Text: "在我省登记失业", Source: source, Hard: true, Evidence: "未取得失业登记记录"}
	if f.RegisteredOn != "" {
		reg.Met, reg.Evidence = yes(f.RegisteredOn <= on), fmt.Sprintf("%s 登记", f.RegisteredOn)
	}
	idle := Condition{Rule: "R-HARD", Text: "处于无业状态", Source: source, Hard: true, Met: yes(!f.Working), Evidence: "按家庭成员就业状况和本系统记录"}
	ready := Condition{Rule: "R-HARD", Text: "有劳动能力和就业意愿", Source: source, Hard: true, Evidence: "尚未评估"}
	if f.Willing != nil && f.Able != nil {
		ready.Met, ready.Evidence = yes(*f.Willing && *f.Able), "按最近一次评估"
	}
	return []Condition{age, reg, idle, ready}
}

// olderConditions are those of 大龄失业人员.
func (b *Book) olderConditions(region string, f HardshipFacts, source string, on day.Date) []Condition {
	months := b.Number("hard.h1_months", region, on)
	long := Condition{Rule: "R-HARD-01", Text: fmt.Sprintf("连续登记失业满 %d 个月", months), Source: source, Hard: true, Evidence: "未取得失业登记记录"}
	if f.RegisteredOn != "" {
		long.Met, long.Evidence = yes(f.RegisteredOn.AddMonths(months) <= on), fmt.Sprintf("自 %s 起", f.RegisteredOn)
	}
	key, who := "hard.h1_female_age", "女性"
	if f.Sex == "male" {
		key, who = "hard.h1_male_age", "男性"
	}
	least := b.Number(key, region, on)
	age := Condition{Rule: "R-HARD-01", Text: fmt.Sprintf("%s年满 %d 周岁", who, least), Source: source, Hard: true, Evidence: "出生日期或性别未知"}
	if f.Birth != "" && f.Sex != "" {
		age.Met, age.Evidence = yes(on.Age(f.Birth) >= least), fmt.Sprintf("%d 周岁", on.Age(f.Birth))
	}
	return []Condition{long, age}
}
