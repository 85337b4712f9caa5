package rules

import (
	"fmt"

	"linggong/internal/day"
)

// HoursQuestion is how long one person would work, with what is confirmed
// already. Minutes are paid minutes.
type HoursQuestion struct {
	Form          Form
	Days          int   // worked days with this employer in the week
	WeekMinutes   int64 // with this employer, Monday to Sunday
	LongestDay    int64 // with this employer
	EveryoneDay   int64 // with all employers on the fullest day; 0 as LongestDay
	OvertimeMonth int64 // overtime with this employer in the month; 0 not known
	Region        string
	On            day.Date
}

const (
	sourcePartTime = "劳动合同法 第68条"
	sourceHours    = "劳动法 第36条、第41条；国务院关于职工工作时间的规定 第3条"
)

// WorkTime holds hours to their form. Part-time hours that are too long are to be
// called 短期全日制, not forbidden: the statute says "generally" (R-PT-01). Hours
// with several employers are added up only to warn of fatigue.
func (b *Book) WorkTime(q HoursQuestion) []Finding {
	var out []Finding
	switch q.Form {
	case PartTime:
		out = b.partTimeWeek(q)
	case ShortFullTime, WelfareWork, Trainee:
		out = b.fullTimeHours(q)
	case ServiceWork:
	}
	if limit := b.minutes("fatigue.day_minutes", q); max(q.EveryoneDay, q.LongestDay) > limit {
		out = append(out, Finding{
			Code: "hours_tiring", Severity: Warn, Message: fmt.Sprintf("一天合计超过 %s 小时", hours(limit)), English: fmt.Sprintf("Over %s hours in one day.", hours(limit)),
			Rule: "R-PT-01", Source: "本系统约定（domain.md §5.2）", Remedy: "分给别人，或隔开时间休息",
		})
	}
	return out
}

func (b *Book) minutes(key string, q HoursQuestion) int64 {
	return int64(b.Number(key, q.Region, q.On))
}

// partTimeWeek judges one week with one employer (R-PT-01).
func (b *Book) partTimeWeek(q HoursQuestion) []Finding {
	var out []Finding
	perDay, week, near := b.minutes("pt.day_minutes", q), b.minutes("pt.week_minutes", q), b.minutes("pt.week_warn_minutes", q)
	if q.WeekMinutes > perDay*int64(q.Days) {
		out = append(out, Finding{
			Code: "part_time_day", Severity: Block, Message: fmt.Sprintf("非全日制平均每天不超过 %s 小时", hours(perDay)), English: fmt.Sprintf("Part-time work is %s hours a day on average at most.", hours(perDay)),
			Rule: "R-PT-01", Source: sourcePartTime, Remedy: "缩短班次，或把用工形式改为短期全日制、签书面合同",
		})
	}
	switch {
	case q.WeekMinutes > week:
		out = append(out, Finding{
			Code: "part_time_week", Severity: Block, Message: fmt.Sprintf("本周为同一用工方将做 %s 小时，超过非全日制每周 %s 小时", hours(q.WeekMinutes), hours(week)), English: fmt.Sprintf("Over %s hours a week with one employer.", hours(week)),
			Rule: "R-PT-01", Source: sourcePartTime, Remedy: "换人做，或由用工方改为短期全日制、签书面合同",
		})
	case q.WeekMinutes >= near:
		out = append(out, Finding{
			Code: "part_time_week_near", Severity: Warn, Message: fmt.Sprintf("本周已满 %s 小时，每周最多 %s 小时", hours(q.WeekMinutes), hours(week)), English: fmt.Sprintf("Near the %s hours a week.", hours(week)),
			Rule: "R-PT-01", Source: sourcePartTime, Remedy: fmt.Sprintf("本周还可做 %s 小时", hours(week-q.WeekMinutes)),
		})
	}
	return out
}

// fullTimeHours judges full-time days and weeks (劳动法 36, 38, 41, 44).
func (b *Book) fullTimeHours(q HoursQuestion) []Finding {
	var out []Finding
	dayLimit, overDay := b.minutes("full.day_minutes", q), b.minutes("full.overtime_day_minutes", q)
	switch {
	case q.LongestDay > dayLimit+overDay:
		out = append(out, Finding{
			Code: "hours_unlawful", Severity: Block, Message: fmt.Sprintf("一天工作超过 %s 小时", hours(dayLimit+overDay)), English: fmt.Sprintf("Over %s hours in one day.", hours(dayLimit+overDay)),
			Rule: "R-HOURS", Source: sourceHours, Remedy: fmt.Sprintf("减到 %s 小时，确需加班的不超过 %s 小时，或分成两班", hours(dayLimit), hours(overDay)),
		})
	case q.LongestDay > dayLimit, q.WeekMinutes > b.minutes("full.week_minutes", q):
		out = append(out, Finding{
			Code: "hours_overtime", Severity: Warn, Message: fmt.Sprintf("超过每天 %s 小时、每周 %s 小时的部分按加班计酬", hours(dayLimit), hours(b.minutes("full.week_minutes", q))), English: "Beyond the standard hours overtime is paid.",
			Rule: "R-HOURS", Source: sourceHours + "；劳动法 第44条", Remedy: "减少工时，或按 150%（休息日 200%、法定节假日 300%）付加班工资",
		})
	}
	if q.Days >= 7 {
		out = append(out, Finding{
			Code: "no_rest_day", Severity: Block, Message: "一周没有休息日", English: "There is no rest day in the week.",
			Rule: "R-HOURS", Source: "劳动法 第38条", Remedy: "每周至少安排休息一天",
		})
	}
	if limit := b.minutes("full.overtime_month_minutes", q); q.OvertimeMonth > limit {
		out = append(out, Finding{
			Code: "overtime_month", Severity: Block, Message: fmt.Sprintf("本月加班超过 %s 小时", hours(limit)), English: fmt.Sprintf("Over %s hours of overtime in the month.", hours(limit)),
			Rule: "R-HOURS", Source: "劳动法 第41条", Remedy: "安排别人，或下月再做",
		})
	}
	return out
}

// Settlement holds the days from the end of work to the money: 15 for part-time
// work, a month for other employees (R-PT-06, R-PAY-04). lawful is true when no
// finding is made.
func (b *Book) Settlement(form Form, days int64, region string, on day.Date) (f Finding, lawful bool) {
	short, month := int64(b.Number("pt.settlement_days", region, on)), int64(b.Number("pay.max_days", region, on))
	late := Finding{
		Code: "settlement_late", Severity: Block, Message: fmt.Sprintf("非全日制结算周期最长 %d 天", short), English: fmt.Sprintf("Part-time pay falls due within %d days.", short),
		Rule: "R-PT-06", Source: "劳动合同法 第72条", Remedy: fmt.Sprintf("改为 %d 天以内结算", short),
	}
	switch {
	case days < 0:
		late.Code, late.Message, late.English, late.Remedy = "settlement_days", "结算天数不对", "The days to settlement make no sense.", "填写干完几天内付清"
		return late, false
	case form == PartTime && days > short:
		return late, false
	case days > month:
		late.Message, late.English = "工资至少每月支付一次", "Pay falls due once a month at least."
		late.Rule, late.Source, late.Remedy = "R-PAY-04", "劳动法 第50条", "改为一个月以内结算"
		return late, false
	case form == ServiceWork && days > short:
		late.Code, late.Severity = "settlement_slow", Warn
		late.Message, late.English = fmt.Sprintf("超过 %d 天结算，求职者多半不愿来", short), "Slow pay."
		late.Source = "劳动合同法 第72条（非全日制）"
		return late, false
	}
	return Finding{}, true
}
