package offer

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"linggong/internal/day"
	"linggong/internal/region"
	"linggong/internal/rules"
	"linggong/internal/worktext"
)

// Verdict is what the rules say of one posting's terms.
type Verdict struct {
	Findings       []Finding
	HourFen        int64 // what an hour of the worst-paid shift earns, rounded down; 0 unknown
	MinimumHourFen int64 // the hourly standard on that shift's day; 0 unknown
}

// Worst returns the heaviest severity, "" when nothing was found.
func (v Verdict) Worst() Severity {
	var worst Severity
	for _, f := range v.Findings {
		switch {
		case f.Severity == Block:
			return Block
		case f.Severity == Hold, worst == "":
			worst = f.Severity
		}
	}
	return worst
}

// Lawful says nothing blocks.
func (v Verdict) Lawful() bool { return v.Worst() != Block }

// The limits Check holds terms to, each with its source beside its finding.
const (
	fullDayMinutes     = 8 * 60 // 国务院关于职工工作时间的规定 art. 3
	overtimeDayMinutes = 3 * 60 // 劳动法 art. 41
	maxValidityDays    = 30     // ours, domain.md §4.4
	maxShifts          = 62
	maxHeadcount       = 500
)

// Check judges terms as they would be published at now. It is pure and total:
// every rule that speaks is in the answer, in a fixed order. The day of the work
// decides which parameters of the book hold, not today.
func Check(t Terms, book *rules.Book, regions *region.Tree, now time.Time) Verdict {
	c := &checker{t: t, book: book, regions: regions, now: now}
	c.day = cmp.Or(t.FirstDate(), day.Of(now))
	c.content()
	c.place()
	c.shifts()
	c.hours()
	c.pay()
	c.settlement()
	c.people()
	c.safety()
	c.words()
	c.validity()
	return c.v
}

type checker struct {
	t       Terms
	book    *rules.Book
	regions *region.Tree
	now     time.Time
	day     day.Date // of the first shift
	v       Verdict
}

// The texts the findings quote most.
const (
	srcMarket   = "人力资源市场暂行条例 第24条"
	srcPartTime = "劳动合同法 第68条"
	srcHours    = "劳动法 第36条、第41条"
	srcValidity = "关于规范网络平台招聘类信息发布的通知（2026年1月）"
)

func (c *checker) say(s Severity, code, field, message, rule, source, remedy string) {
	c.v.Findings = append(c.v.Findings, Finding{code, s, message, rule, source, remedy, field})
}

// number looks a limit up for the day and place of the work.
func (c *checker) number(key string) int64 { return int64(c.book.Number(key, c.t.Village, c.day)) }

// minWage is one minimum-wage standard (domain.md §5.3).
type minWage struct {
	monthFen, hourFen int64
	source            string
}

func minimumWage(b *rules.Book, village string, on day.Date) (minWage, bool) {
	hour, err := b.At("wage.hour", village, on)
	if err != nil {
		return minWage{}, false
	}
	return minWage{
		monthFen: int64(b.Number("wage.month", village, on)), hourFen: int64(b.Number("wage.hour", village, on)), source: hour.Source,
	}, true
}

func (c *checker) content() {
	t := c.t
	switch n := len([]rune(strings.TrimSpace(t.Title))); {
	case n < 2:
		c.say(Block, "title_missing", "title", "没有岗位名称", "R-POST", srcMarket, "写明做什么工，如“装卸工”")
	case n > 40:
		c.say(Block, "title_long", "title", "岗位名称超过40字", "R-POST", srcMarket, "缩短名称，细节写在工作内容里")
	}
	if _, ok := worktext.TradeByID(t.Trade); !ok {
		c.say(Block, "trade_missing", "trade", "没有选择工种", "R-POST", srcMarket, "从工种表中选择一个")
	}
	switch n := len([]rune(strings.TrimSpace(t.Description))); {
	case n < 4:
		c.say(Block, "description_missing", "description", "没有写工作内容", "R-POST", srcMarket, "用一两句话写明做什么")
	case n > 2000:
		c.say(Block, "description_long", "description", "工作内容超过2000字", "R-POST", srcMarket, "删减到2000字以内")
	}
	switch t.Form {
	case PartTime, ShortFullTime, ServiceWork, Trainee, WelfareWork:
	default:
		c.say(Block, "form_missing", "form", "没有选择用工形式", "R-POST", srcMarket, "选择非全日制、短期全日制或劳务")
	}
}

func (c *checker) place() {
	village := IsVillage(c.regions, c.t.Village)
	switch {
	case !village && !IsTown(c.regions, c.t.Village):
		c.say(Block, "place_missing", "village", "没有工作地点", "R-POST", srcMarket, "选择工作所在的村（社区）")
	case strings.TrimSpace(c.t.Address) == "" && !village:
		c.say(Hold, "address_missing", "address", "没有详细地址", "R-POST", srcMarket, "写明详细地址，或选到村（社区）")
	case strings.TrimSpace(c.t.Address) == "":
		c.say(Warn, "address_missing", "address", "没有详细地址，求职者可能找不到", "R-POST", srcMarket, "写明详细地址")
	}
}

func (c *checker) shifts() {
	if n := len(c.t.Shifts); n == 0 {
		c.say(Block, "shifts_missing", "shifts", "没有工作日期和时间", "R-POST", srcMarket, "至少加一个班次")
	} else if n > maxShifts {
		c.say(Block, "shifts_many", "shifts", "班次过多", "R-POST", srcMarket, "分成几个岗位发布，每个不超过62个班次")
	}
	past := 0
	for i, s := range c.t.Shifts {
		field := "shifts[" + strconv.Itoa(i) + "]"
		switch {
		case !s.EndsAt.After(s.StartsAt) || s.Minutes() <= 0 || s.BreakMinutes < 0 || s.EndsAt.Sub(s.StartsAt) > 24*time.Hour:
			c.say(Block, "shift_times", field, "班次的起止时间或休息时间不对", "R-POST", srcMarket, "结束要晚于开始，一班不超过24小时，休息短于班次")
		case day.Of(s.StartsAt) != s.Date:
			c.say(Block, "shift_date", field+".date", "班次日期与开始时间不符", "R-POST", srcMarket, "日期填开始的那一天")
		case !s.StartsAt.After(c.now):
			past++
		}
		if s.Headcount < 1 || s.Headcount > maxHeadcount {
			c.say(Block, "headcount", field+".headcount", "招聘人数应为1至500人", "R-POST", srcMarket, "填写这一班要几个人")
		}
	}
	if past > 0 && past == len(c.t.Shifts) {
		c.say(Block, "shifts_past", "shifts", "所有班次都已开始", "R-POST", srcMarket, "改到今后的日期")
	}
}

// hours holds the length of work to the form (R-PT-01, 劳动法 36, 41).
func (c *checker) hours() {
	var total, longest int64
	weeks := map[day.Date]int64{}
	for _, s := range c.t.Shifts {
		m := s.Minutes()
		if m <= 0 {
			return
		}
		total, longest = total+m, max(longest, m)
		weeks[Monday(s.Date)] += m
	}
	n := int64(len(c.t.Shifts))
	if n == 0 {
		return
	}
	switch c.t.Form {
	case PartTime:
		c.partTimeHours(total, n, weeks)
	case ShortFullTime, WelfareWork, Trainee:
		if longest > fullDayMinutes+overtimeDayMinutes {
			c.say(Block, "hours_unlawful", "shifts", "一天工作超过11小时", "R-POST", srcHours, "减到8小时，确需加班的不超过3小时，或分成两班")
		} else if longest > fullDayMinutes {
			c.say(Warn, "hours_overtime", "shifts", "一天超过8小时，超出部分按加班计酬", "R-POST", srcHours+"、第44条", "减到8小时，或按150%付加班工资")
		}
	case ServiceWork:
		if longest > c.number("fatigue.day_minutes") {
			c.say(Hold, "hours_tiring", "shifts", "一班超过12小时，需人工审核", "R-POST", "零工通市场规则（domain.md §5.2）", "分成两班")
		}
	}
}

func (c *checker) partTimeHours(total, n int64, weeks map[day.Date]int64) {
	if total > c.number("pt.day_minutes")*n {
		c.say(Block, "part_time_day", "form", "非全日制平均每天不超过4小时", "R-PT-01", srcPartTime, "缩短班次，或把用工形式改为短期全日制")
	}
	var week int64
	for _, m := range weeks {
		week = max(week, m)
	}
	if week > c.number("pt.week_minutes") {
		c.say(Warn, "part_time_week", "shifts", "同一人一周最多24小时，这些班次不能由同一人做满", "R-PT-01", srcPartTime, "安排不同的人，或改为短期全日制")
	}
}

// pay holds the offer to the floor (R-PT-05, R-PAY-01, R-PAY-02). Comparisons
// are exact; only what is shown is rounded, downwards.
func (c *checker) pay() {
	p := c.t.Pay
	if p.AmountFen <= 0 {
		c.say(Block, "pay_missing", "pay.amount_fen", "必须写明报酬，不能只写“面议”", "R-POST", srcMarket+"（基本劳动报酬）", "填写金额和单位")
		return
	}
	switch p.Unit {
	case PerHour, PerDay, PerPiece, PerJob, PerMonth:
	default:
		c.say(Block, "pay_unit", "pay.unit", "没有选择计酬单位", "R-POST", srcMarket, "选择按小时、天、件、次或月")
		return
	}
	if p.Unit == PerPiece && p.PiecesPerHour <= 0 {
		c.say(Hold, "pay_piece", "pay.pieces_per_hour", "计件要说明熟练工每小时约做几件，才能看出是否低于最低工资", "R-PAY-01", "最低工资规定 第12条", "填写每小时件数")
		return
	}
	for _, s := range c.t.Shifts {
		rate := HourRate(c.t, s)
		if rate.Minutes <= 0 {
			continue
		}
		wage, ok := minimumWage(c.book, c.t.Village, s.Date)
		if fen := rate.HourFen(); c.v.HourFen == 0 || fen < c.v.HourFen {
			c.v.HourFen, c.v.MinimumHourFen = fen, wage.hourFen
		}
		if ok && c.belowFloor(rate, wage) {
			return // one finding says it; the rest would repeat it
		}
	}
}

func (c *checker) belowFloor(rate Rate, wage minWage) bool {
	floor, rule := wage.hourFen, "R-PT-05"
	if c.t.Form != PartTime && !c.shortWork() && (c.t.Form == ShortFullTime || c.t.Form == WelfareWork) {
		// The monthly standard by the hour: month ÷ 21.75 ÷ 8 (R-PAY-02).
		rule = "R-PAY-02"
		if !rate.Below(wage.monthFen*100, 2175*fullDayMinutes) {
			return false
		}
		floor = (wage.monthFen*100*60 + 2175*fullDayMinutes - 1) / (2175 * fullDayMinutes)
	} else if !rate.Below(wage.hourFen, 60) {
		return false
	}
	severity := Block
	switch {
	case c.t.ForHousehold, c.t.Form == Trainee:
		severity = Warn // not a 用人单位: a market rule only (domain.md §5.2)
	case c.t.Form == ServiceWork && !c.shortWork():
		severity = Hold
	}
	c.say(severity, "pay_below_minimum", "pay.amount_fen",
		fmt.Sprintf("折合每小时%s元，低于最低工资%s元", Yuan(rate.HourFen()), Yuan(floor)), rule, wage.source,
		fmt.Sprintf("提高到每小时%s元以上", Yuan(floor)))
	return true
}

// shortWork says the planned hours are those of part-time work, whatever the
// label: then the hourly floor holds (R-PAY-02).
func (c *checker) shortWork() bool {
	var total int64
	weeks := map[day.Date]int64{}
	for _, s := range c.t.Shifts {
		total += s.Minutes()
		weeks[Monday(s.Date)] += s.Minutes()
	}
	for _, m := range weeks {
		if m > c.number("pt.week_minutes") {
			return false
		}
	}
	return total <= c.number("pt.day_minutes")*int64(len(c.t.Shifts))
}

func (c *checker) settlement() {
	p := c.t.Pay
	switch p.Settlement {
	case SettleDaily, SettleWeekly, SettleCompletion, SettleMonthly:
	default:
		c.say(Block, "settlement_missing", "pay.settlement", "没有写明结算方式", "R-POST", srcMarket, "选择日结、周结或完工结")
		return
	}
	switch {
	case c.t.Form == PartTime && (p.SettlementDays > c.number("pt.settlement_days") || p.Settlement == SettleMonthly):
		c.say(Block, "settlement_late", "pay.settlement_days", "非全日制结算周期最长15天", "R-PT-06", "劳动合同法 第72条", "改为15天以内结算")
	case p.SettlementDays > 31:
		c.say(Block, "settlement_late", "pay.settlement_days", "工资至少每月支付一次", "R-PAY-04", "劳动法 第50条", "改为一个月以内结算")
	case p.SettlementDays < 0:
		c.say(Block, "settlement_days", "pay.settlement_days", "结算天数不对", "R-POST", srcMarket, "填写干完几天内付清")
	case c.t.Form == ServiceWork && p.SettlementDays > c.number("pt.settlement_days"):
		c.say(Warn, "settlement_slow", "pay.settlement_days", "超过15天结算，求职者多半不愿来", "R-PT-06", "劳动合同法 第72条（非全日制）", "改为15天以内结算")
	}
}

// adultFlags are works nobody under eighteen may do (R-AGE-02, 劳动法 64).
var adultFlags = []Flag{FlagHeight, FlagHeavy, FlagToxic, FlagNight, FlagVehicle, FlagMachine, FlagVoltage, FlagExplosive, FlagEntertainment}

func (c *checker) people() {
	if c.t.MinAge < 16 {
		c.say(Block, "age_child", "min_age", "不得招用未满16周岁的人", "R-AGE-01", "禁止使用童工规定 第2条", "最低年龄不低于16周岁")
	} else if c.t.MinAge < 18 && slices.ContainsFunc(adultFlags, func(f Flag) bool { return slices.Contains(c.t.Flags, f) }) {
		c.say(Block, "age_minor", "min_age", "这类工作不得招用未满18周岁的人", "R-AGE-03", "劳动法 第64条；未成年人保护法 第61条", "最低年龄改为18周岁")
	}
	trade, _ := worktext.TradeByID(c.t.Trade)
	if c.t.MinAge < int64(trade.MinAge) && c.t.MinAge >= 16 {
		c.say(Block, "age_trade", "min_age", trade.Name+"不得招用未满18周岁的人", "R-AGE-03", "劳动法 第64条", "最低年龄改为18周岁")
	}
	for _, need := range trade.Needs {
		if paper, ok := worktext.CertificateByKind(need); ok && !slices.Contains(c.t.Certificates, need) {
			c.say(Block, "certificate_missing", "certificates", trade.Name+"依法须持证上岗", "R-POST", paper.Source, "在证书要求中加上"+paper.Name)
		}
	}
}

// hazards are flags with which "no insurance" needs a human look (R-INS-01).
var hazards = []Flag{FlagHeight, FlagHeavy, FlagToxic, FlagMachine, FlagVoltage, FlagExplosive, FlagConstruction, FlagVehicle}

func (c *checker) safety() {
	hazardous := slices.ContainsFunc(hazards, func(f Flag) bool { return slices.Contains(c.t.Flags, f) })
	if c.t.Insurance == "" || c.t.Insurance == "none" {
		if hazardous {
			c.say(Hold, "insurance_hazard", "insurance", "有危险的工作没有保险，需人工审核", "R-INS-01", "工伤保险条例 第2条；浙江省单险种工伤保险办法", "为来做工的人参加工伤保险或买意外险")
		} else {
			c.say(Warn, "insurance_none", "insurance", "没有保险", "R-INS-01", "工伤保险条例 第2条", "参加工伤保险或买意外险")
		}
	}
	if slices.Contains(c.t.Flags, FlagConstruction) && !c.t.ForHousehold && strings.TrimSpace(c.t.ProjectNo) == "" {
		c.say(Block, "project_missing", "project_no", "建筑工地须实名制用工，没有项目编号", "R-PAY-06", "保障农民工工资支付条例 第28条", "填写实名制管理平台的项目编号")
	}
}

func (c *checker) validity() {
	v := c.t.ValidUntil
	switch {
	case v.IsZero():
		c.say(Block, "validity_missing", "valid_until", "没有有效期", "R-POST", srcValidity, "写明信息有效到哪一天")
	case !v.After(c.now):
		c.say(Block, "validity_past", "valid_until", "有效期已过", "R-POST", srcValidity, "改到今后")
	case v.Sub(c.now) > maxValidityDays*24*time.Hour:
		c.say(Block, "validity_long", "valid_until", "有效期最长30天", "R-POST", srcValidity, "改到30天以内，到期可再发布")
	}
}

// Monday returns the first day of the week d lies in.
func Monday(d day.Date) day.Date { return d.Add(-(int(d.Weekday()) + 6) % 7) }

// Rate is exact pay: Fen for Minutes of paid work.
type Rate struct{ Fen, Minutes int64 }

// HourFen returns fen an hour, rounded down.
func (r Rate) HourFen() int64 {
	if r.Minutes <= 0 {
		return 0
	}
	return r.Fen * 60 / r.Minutes
}

// Below says r is less than fen for minutes, without rounding.
func (r Rate) Below(fen, minutes int64) bool { return r.Fen*minutes < fen*r.Minutes }

// HourRate returns what a shift earns (R-PAY-01: total ÷ hours without unpaid
// breaks; R-PAY-02: a month is 21.75 days of the shift's length, and of eight
// hours in full-time work). It is zero when it cannot be known.
func HourRate(t Terms, s Shift) Rate {
	m := s.Minutes()
	switch t.Pay.Unit {
	case PerHour:
		return Rate{t.Pay.AmountFen, 60}
	case PerDay, PerJob:
		return Rate{t.Pay.AmountFen, m}
	case PerPiece:
		if t.Pay.PiecesPerHour <= 0 {
			return Rate{}
		}
		return Rate{t.Pay.AmountFen * t.Pay.PiecesPerHour, 60}
	case PerMonth:
		if t.Form == ShortFullTime || t.Form == WelfareWork {
			m = max(m, fullDayMinutes)
		}
		return Rate{t.Pay.AmountFen * 100, 2175 * m}
	}
	return Rate{}
}

// Yuan writes fen as yuan: 2350 → "23.5".
func Yuan(fen int64) string {
	return strings.TrimSuffix(strings.TrimRight(fmt.Sprintf("%d.%02d", fen/100, fen%100), "0"), ".")
}
