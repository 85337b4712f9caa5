package rules

import (
	"fmt"

	"linggong/internal/day"
)

// AgeQuestion is one person and one work, on the day of the work.
type AgeQuestion struct {
	Birth          day.Date // "" not known
	Sex            string   // only the law on retirement looks at it
	RetireCategory string   // as recorded; see CategoryOf
	On             day.Date // the day of the work, never today (R-AGE-04)
	Region         string
	MinAge         int // what the posting asks for; 0 nothing
	Hazards        []Hazard
}

// LeastAge returns the age a work may be done from, and the hazards that force
// it above sixteen (R-AGE-01, R-AGE-03).
func (b *Book) LeastAge(hazards []Hazard, region string, on day.Date) (age int, because []HazardRule) {
	because = withRule(hazards, func(r HazardRule) bool { return r.Adult })
	if len(because) > 0 {
		return b.Number("age.adult_flags", region, on), because
	}
	return b.Number("age.work", region, on), nil
}

// CheckMinAge holds what a posting asks for to what its hazards force: nobody
// under 16 is called for, nobody under 18 to dangerous work (R-AGE-01, R-AGE-03).
func (b *Book) CheckMinAge(asked int, hazards []Hazard, region string, on day.Date) []Finding {
	least, because := b.LeastAge(hazards, region, on)
	switch child := b.Number("age.work", region, on); {
	case asked < child:
		return []Finding{{
			Code: "age_child", Severity: Block, Message: fmt.Sprintf("不得招用未满 %d 周岁的人", child), English: fmt.Sprintf("Nobody under %d may be called for.", child),
			Rule: "R-AGE-01", Source: sourceChild, Remedy: fmt.Sprintf("最低年龄不低于 %d 周岁", least),
		}}
	case asked < least:
		return []Finding{{
			Code: "age_minor", Severity: Block, Message: fmt.Sprintf("有%s，不得招用未满 %d 周岁的人", names(because), least), English: fmt.Sprintf("This work is for those of %d and over.", least),
			Rule: "R-AGE-03", Source: because[0].Source, Remedy: fmt.Sprintf("最低年龄改为 %d 周岁", least),
		}}
	}
	return nil
}

const (
	sourceChild = "禁止使用童工规定 第2条、第4条；劳动法 第15条"
	sourceOver  = "劳动合同法 第44条；劳动合同法实施条例 第21条"
)

// WorkAge judges whether a person's age allows a work. Under age blocks; over
// the statutory retirement age only warns (R-AGE-01 … 05).
func (b *Book) WorkAge(q AgeQuestion) []Finding {
	if q.Birth == "" {
		return []Finding{{
			Code: "age_unknown", Severity: Warn, Message: "年龄还没有核对", English: "The age has not been verified.",
			Rule: "R-AGE-01", Source: "禁止使用童工规定 第4条", Remedy: "上岗前核对身份证并留下核验记录",
		}}
	}
	age := q.On.Age(q.Birth)
	child, adult := b.Number("age.work", q.Region, q.On), b.Number("age.adult_flags", q.Region, q.On)
	least, because := b.LeastAge(q.Hazards, q.Region, q.On)
	switch {
	case age < child:
		return []Finding{{
			Code: "under_sixteen", Severity: Block, Message: fmt.Sprintf("未满 %d 周岁，不能用工", child), English: fmt.Sprintf("Under %d.", child),
			Rule: "R-AGE-01", Source: sourceChild, Remedy: fmt.Sprintf("%s 起年满 %d 周岁，可以报名", q.Birth.AddMonths(12*child), child),
		}}
	case age < least:
		return []Finding{{
			Code: "under_min_age", Severity: Block, Message: fmt.Sprintf("有%s，须年满 %d 周岁", names(because), least), English: fmt.Sprintf("Must be %d.", least),
			Rule: "R-AGE-03", Source: because[0].Source, Remedy: "可以看看没有这些要求的岗位",
		}}
	case age < q.MinAge:
		return []Finding{{
			Code: "under_min_age", Severity: Block, Message: fmt.Sprintf("岗位要求年满 %d 周岁", q.MinAge), English: fmt.Sprintf("Must be %d.", q.MinAge),
			Rule: "R-AGE-03", Source: "用工方要求", Remedy: "可以看看没有这个要求的岗位",
		}}
	case age < adult:
		return []Finding{{
			Code: "minor_worker", Severity: Warn, Message: "未成年工：须体检并办理未成年工登记", English: "A minor: health check and registration are required.",
			Rule: "R-AGE-02", Source: "劳动法 第65条；劳部发〔1994〕498号", Remedy: "用工方先办体检和登记",
		}}
	}
	return b.overAge(q)
}

// overAge warns of a person past the statutory age: work is allowed, as a
// relation of service with a written agreement and insurance (R-AGE-05).
func (b *Book) overAge(q AgeQuestion) []Finding {
	c, known := CategoryOf(q.Sex, q.RetireCategory)
	r := Retirement(c, q.Birth)
	if q.On <= r.LastDay() {
		return nil
	}
	f := Finding{
		Code: "over_retirement_age", Severity: Warn, Message: fmt.Sprintf("已过法定退休年龄（%s），按劳务关系办理", r.Retires), English: "Past the statutory retirement age: a relation of service.",
		Rule: "R-AGE-05", Source: sourceOver, Remedy: "写明书面约定并确认有保险，一般不安排加班和危险作业",
	}
	if b.Text("overage.rules", q.Region, q.On) == "draft2025" {
		f.Source += "；超龄劳动者基本权益保障暂行规定（征求意见稿）"
	}
	if !known {
		f.Message += "；退休类别未确认"
	}
	return []Finding{f}
}
