package rules

import (
	"fmt"

	"linggong/internal/day"
)

// Form is the kind of relation a work is done in (用工形式); it decides which
// rules hold.
type Form string

// The forms of work.
const (
	PartTime      Form = "part_time"       // 非全日制
	ShortFullTime Form = "short_full_time" // 短期全日制
	ServiceWork   Form = "service"         // 劳务：家庭、超龄、承揽
	Trainee       Form = "trainee"         // 见习
	WelfareWork   Form = "welfare"         // 公益性岗位
)

// PayUnit is what an amount of pay is for.
type PayUnit string

// The units of pay. A job is one person's work on one shift.
const (
	PerHour  PayUnit = "hour"
	PerDay   PayUnit = "day"
	PerPiece PayUnit = "piece"
	PerJob   PayUnit = "job"
	PerMonth PayUnit = "month"
)

// PayQuestion is what one person would earn, and how long for. Meals, lodging,
// overtime, night and high-temperature allowances are not part of the amount
// (R-PAY-03).
type PayQuestion struct {
	Form      Form
	Household bool // a household or natural person pays, who is no 用人单位 (domain.md §5.2)
	OverAge   bool // the worker is past the statutory retirement age (R-AGE-05)

	AmountFen     int64
	Unit          PayUnit
	PiecesPerHour int64 // a practised worker's, for PerPiece
	DayMinutes    int64 // paid minutes of a worked day or of the job, unpaid breaks taken off
	WeekMinutes   int64 // planned in the fullest Monday-to-Sunday week; 0 one day

	Region string
	On     day.Date // of the work (R-PT-05)
}

// PayVerdict is what the floor says of an offer.
type PayVerdict struct {
	Rate     Rate    // exact; zero when the question does not tell
	Floor    Rate    // exact; zero when no standard is known for the day
	Wage     Wage    // the standard in force on the day
	Finding  Finding // when Unlawful or Doubtful
	Doubtful bool    // a finding that does not block
	Unlawful bool    // a finding that blocks
}

// Refusal returns the error that refuses unlawful pay, nil for other pay.
func (v PayVerdict) Refusal() error {
	if !v.Unlawful {
		return nil
	}
	return v.Finding.Refusal()
}

func (v PayVerdict) saying(f Finding) PayVerdict {
	v.Finding, v.Unlawful, v.Doubtful = f, f.Severity == Block, f.Severity != Block
	return v
}

// Pay returns what the question's amount is by the minute. A month is 21.75 days,
// of eight hours at least in full-time work.
func (q PayQuestion) Pay() Rate {
	if q.AmountFen <= 0 {
		return Rate{}
	}
	switch q.Unit {
	case PerHour:
		return Rate{q.AmountFen, 60}
	case PerPiece:
		if q.PiecesPerHour > 0 {
			return Rate{q.AmountFen * q.PiecesPerHour, 60}
		}
	case PerDay, PerJob:
		if q.DayMinutes > 0 {
			return Rate{q.AmountFen, q.DayMinutes}
		}
	case PerMonth:
		if m := q.monthDayMinutes(); m > 0 {
			return Rate{q.AmountFen * 100, monthDays100 * m}
		}
	}
	return Rate{}
}

func (q PayQuestion) monthDayMinutes() int64 {
	if q.Form == ShortFullTime || q.Form == WelfareWork {
		return max(q.DayMinutes, fullDayMinutes)
	}
	return q.DayMinutes
}

// PayFloor holds pay to the minimum wage of the day of the work: by the hour for
// part-time work (R-PT-05) and for whatever has part-time hours under another
// label; by the month for full-time work (R-PAY-01, R-PAY-02). Households, people
// past retirement and trainees are warned, never blocked.
func (b *Book) PayFloor(q PayQuestion) PayVerdict {
	v := PayVerdict{Rate: q.Pay()}
	switch {
	case q.AmountFen <= 0:
		return v.saying(Finding{
			Code: "pay_missing", Severity: Block, Message: "必须写明报酬，不能只写“面议”", English: "The pay must be stated.",
			Rule: "R-POST", Source: "人力资源市场暂行条例 第24条（基本劳动报酬）", Remedy: "填写金额和单位",
		})
	case v.Rate.Minutes == 0:
		return v.saying(Finding{
			Code: "pay_unclear", Severity: Hold, Message: "看不出每小时多少钱", English: "What an hour earns cannot be told.",
			Rule: "R-PAY-01", Source: "最低工资规定 第12条", Remedy: "计件的写明熟练工每小时几件，其他的写明工作时间和计酬单位",
		})
	}
	var known bool
	if v.Wage, known = b.MinimumWage(q.Region, q.On); !known {
		return v
	}
	rule, law := "R-PT-05", "劳动合同法 第72条"
	v.Floor = v.Wage.HourRate()
	full := q.Form == ShortFullTime || q.Form == WelfareWork
	if full && !b.partTimeHours(q) {
		rule, law, v.Floor = "R-PAY-02", "劳动法 第48条", v.Wage.MonthRate()
	}
	if !v.Rate.Below(v.Floor) {
		return v
	}
	least := v.Floor.least(60)
	return v.saying(Finding{
		Code: "pay_below_minimum", Severity: b.floorSeverity(q), Rule: rule, Source: law + "；" + v.Wage.Source,
		Message: fmt.Sprintf("折合每小时 %s 元，低于最低工资 %s 元", yuan(v.Rate.HourFen()), yuan(least)),
		English: fmt.Sprintf("%s yuan an hour is below the minimum of %s.", yuan(v.Rate.HourFen()), yuan(least)),
		Remedy:  q.remedy(v),
	})
}

// partTimeHours says the planned hours are those of part-time work, whatever the
// label: then the hourly floor holds (R-PAY-02).
func (b *Book) partTimeHours(q PayQuestion) bool {
	return q.DayMinutes <= int64(b.Number("pt.day_minutes", q.Region, q.On)) &&
		max(q.WeekMinutes, q.DayMinutes) <= int64(b.Number("pt.week_minutes", q.Region, q.On))
}

func (b *Book) floorSeverity(q PayQuestion) Severity {
	switch {
	case q.Household, q.OverAge, q.Form == Trainee:
		return Warn
	case q.Form == ServiceWork && !b.partTimeHours(q):
		return Hold
	}
	return Block
}

// remedy says the least lawful pay in the unit that was offered.
func (q PayQuestion) remedy(v PayVerdict) string {
	hour := "时薪至少 " + yuan(v.Floor.least(60)) + " 元"
	switch q.Unit {
	case PerDay:
		return fmt.Sprintf("%s，即 %s 小时日薪至少 %s 元", hour, hours(q.DayMinutes), yuan(v.Floor.least(q.DayMinutes)))
	case PerJob:
		return fmt.Sprintf("%s，即 %s 小时这一次至少 %s 元", hour, hours(q.DayMinutes), yuan(v.Floor.least(q.DayMinutes)))
	case PerPiece:
		piece := (v.Floor.Fen*60 + v.Floor.Minutes*q.PiecesPerHour - 1) / (v.Floor.Minutes * q.PiecesPerHour)
		return fmt.Sprintf("%s，按每小时 %d 件每件至少 %s 元", hour, q.PiecesPerHour, yuan(piece))
	case PerMonth:
		month := Rate{v.Floor.Fen, v.Floor.Minutes * 100}.least(monthDays100 * q.monthDayMinutes())
		return fmt.Sprintf("月薪至少 %s 元", yuan(month))
	case PerHour:
	}
	return hour
}
