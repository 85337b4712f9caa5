package offer_test

import (
	"slices"
	"testing"
	"time"

	"linggong/internal/day"
	"linggong/internal/gig/gigtest"
	"linggong/internal/gig/offer"
	"linggong/internal/rules"
)

func check(t offer.Terms) offer.Verdict {
	return offer.Check(t, rules.Default(), gigtest.Regions(), gigtest.Now)
}

func find(v offer.Verdict, code string) (offer.Finding, bool) {
	i := slices.IndexFunc(v.Findings, func(f offer.Finding) bool { return f.Code == code })
	if i < 0 {
		return offer.Finding{}, false
	}
	return v.Findings[i], true
}

func TestLawfulTermsPassWithoutAWord(t *testing.T) {
	t.Parallel()
	v := check(gigtest.Terms())
	if len(v.Findings) != 0 || v.HourFen != 3000 || v.MinimumHourFen != 2300 {
		t.Fatalf("%+v", v)
	}
}

func TestEachRuleSpeaks(t *testing.T) {
	t.Parallel()
	hours := func(from, to int, days ...day.Date) []offer.Shift {
		var out []offer.Shift
		for _, d := range days {
			out = append(out, offer.NewShift(d, from*60, to*60, 0, 1))
		}
		return out
	}
	for name, c := range map[string]struct {
		change   func(*offer.Terms)
		code     string
		severity offer.Severity
	}{
		"no title":                           {func(x *offer.Terms) { x.Title = " " }, "title_missing", offer.Block},
		"no trade":                           {func(x *offer.Terms) { x.Trade = "" }, "trade_missing", offer.Block},
		"no work content":                    {func(x *offer.Terms) { x.Description = "" }, "description_missing", offer.Block},
		"no place":                           {func(x *offer.Terms) { x.Village = "" }, "place_missing", offer.Block},
		"town without address":               {func(x *offer.Terms) { x.Village, x.Address = gigtest.Xucun, "" }, "address_missing", offer.Hold},
		"no shifts":                          {func(x *offer.Terms) { x.Shifts = nil }, "shifts_missing", offer.Block},
		"nobody wanted":                      {func(x *offer.Terms) { x.Shifts[0].Headcount = 0 }, "headcount", offer.Block},
		"a shift that has begun":             {func(x *offer.Terms) { x.Shifts = hours(8, 9, "2026-11-23") }, "shifts_past", offer.Block},
		"面议 in place of a sum":               {func(x *offer.Terms) { x.Pay.AmountFen = 0; x.Pay.Note = "面议" }, "pay_missing", offer.Block},
		"面议 beside a sum":                    {func(x *offer.Terms) { x.Pay.Note = "工资面议" }, "word_negotiable", offer.Warn},
		"a fen under the hourly minimum":     {func(x *offer.Terms) { x.Pay.AmountFen = 2299 }, "pay_below_minimum", offer.Block},
		"day pay under the hourly minimum":   {func(x *offer.Terms) { x.Pay = pay(9199, offer.PerDay) }, "pay_below_minimum", offer.Block},
		"an unpaid break raises the rate":    {func(x *offer.Terms) { x.Pay = pay(9199, offer.PerDay); x.Shifts[0].BreakMinutes = 1 }, "", ""},
		"pieces that earn too little":        {func(x *offer.Terms) { x.Pay = pay(50, offer.PerPiece); x.Pay.PiecesPerHour = 45 }, "pay_below_minimum", offer.Block},
		"pieces nobody can judge":            {func(x *offer.Terms) { x.Pay = pay(50, offer.PerPiece) }, "pay_piece", offer.Hold},
		"a household pays too little":        {func(x *offer.Terms) { x.Pay.AmountFen, x.Form, x.ForHousehold = 2000, offer.ServiceWork, true }, "pay_below_minimum", offer.Warn},
		"a label does not evade the minimum": {func(x *offer.Terms) { x.Form, x.Pay.AmountFen = offer.ShortFullTime, 1500 }, "pay_below_minimum", offer.Block},
		"full time at the monthly minimum": {func(x *offer.Terms) {
			x.Form, x.Pay, x.Shifts = offer.ShortFullTime, pay(243000, offer.PerMonth), hours(8, 16, "2026-11-24", "2026-11-25", "2026-11-26")
		}, "", ""},
		"full time a fen under it": {func(x *offer.Terms) {
			x.Form, x.Pay, x.Shifts = offer.ShortFullTime, pay(242999, offer.PerMonth), hours(8, 16, "2026-11-24", "2026-11-25", "2026-11-26")
		}, "pay_below_minimum", offer.Block},
		"part-time of five hours":            {func(x *offer.Terms) { x.Shifts = hours(8, 13, "2026-11-24") }, "part_time_day", offer.Block},
		"part-time of 28 hours a week":       {func(x *offer.Terms) { x.Shifts = hours(8, 12, week("2026-11-23", 7)...); x.Shifts = x.Shifts[:7] }, "part_time_week", offer.Warn},
		"twelve hours full time":             {func(x *offer.Terms) { x.Form, x.Shifts = offer.ShortFullTime, hours(6, 18, "2026-11-24") }, "hours_unlawful", offer.Block},
		"nine hours full time":               {func(x *offer.Terms) { x.Form, x.Shifts = offer.ShortFullTime, hours(8, 17, "2026-11-24") }, "hours_overtime", offer.Warn},
		"sixteen days to the money":          {func(x *offer.Terms) { x.Pay.SettlementDays = 16 }, "settlement_late", offer.Block},
		"a child":                            {func(x *offer.Terms) { x.MinAge = 15 }, "age_child", offer.Block},
		"seventeen at heavy work":            {func(x *offer.Terms) { x.MinAge = 17 }, "age_minor", offer.Block},
		"a forklift without a licence":       {func(x *offer.Terms) { x.Trade = "forklift" }, "certificate_missing", offer.Block},
		"danger without insurance":           {func(x *offer.Terms) { x.Insurance = "none" }, "insurance_hazard", offer.Hold},
		"no insurance":                       {func(x *offer.Terms) { x.Insurance, x.Flags, x.Trade = "none", nil, "cleaner" }, "insurance_none", offer.Warn},
		"a building site unnamed":            {func(x *offer.Terms) { x.Flags = append(x.Flags, offer.FlagConstruction) }, "project_missing", offer.Block},
		"thirty-one days valid":              {func(x *offer.Terms) { x.ValidUntil = gigtest.Now.Add(31 * 24 * time.Hour) }, "validity_long", offer.Block},
		"validity over":                      {func(x *offer.Terms) { x.ValidUntil = gigtest.Now }, "validity_past", offer.Block},
		"only men":                           {func(x *offer.Terms) { x.Description += "，限 男。" }, "word_gender", offer.Block},
		"everyone is not only men":           {func(x *offer.Terms) { x.Description += "，不限男女。" }, "", ""},
		"a deposit":                          {func(x *offer.Terms) { x.Bring = "押 金200元" }, "word_fee", offer.Block},
		"no deposit":                         {func(x *offer.Terms) { x.Description += "，不收押金" }, "", ""},
		"no deposit but a fee":               {func(x *offer.Terms) { x.Description += "，不收押金，收报名费" }, "word_fee", offer.Block},
		"locals only":                        {func(x *offer.Terms) { x.Description += "，本地人优先" }, "word_origin", offer.Block},
		"brushing orders":                    {func(x *offer.Terms) { x.Title = "手机刷-单员" }, "word_fraud", offer.Block},
		"brushing orders plainly":            {func(x *offer.Terms) { x.Title = "手机刷 单员" }, "word_fraud", offer.Block},
		"an age ceiling":                     {func(x *offer.Terms) { x.Description += "，45周岁以下" }, "word_age_limit", offer.Warn},
		"a phone number":                     {func(x *offer.Terms) { x.Description += "，电话１３８００００１２３４" }, "word_phone", offer.Hold},
		"a private account":                  {func(x *offer.Terms) { x.Description += "，加 微 信详聊" }, "word_divert", offer.Hold},
		"fetching pupils is no child labour": {func(x *offer.Terms) { x.Description += "，接送小学生" }, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			terms := gigtest.Terms()
			c.change(&terms)
			v := check(terms)
			if c.code == "" {
				if len(v.Findings) != 0 {
					t.Fatalf("nothing should speak: %+v", v.Findings)
				}
				return
			}
			f, ok := find(v, c.code)
			if !ok {
				t.Fatalf("%s is not in %+v", c.code, v.Findings)
			}
			if f.Severity != c.severity || f.Rule == "" || f.Source == "" || f.Remedy == "" || f.Message == "" || f.Field == "" {
				t.Fatalf("%+v", f)
			}
		})
	}
}

func pay(fen int64, u offer.PayUnit) offer.Pay {
	return offer.Pay{AmountFen: fen, Unit: u, Settlement: offer.SettleDaily, SettlementDays: 1}
}

func week(from day.Date, n int) []day.Date {
	var out []day.Date
	for i := range n {
		out = append(out, from.Add(i))
	}
	return out
}

func TestTheMinimumIsThatOfTheWorkDay(t *testing.T) {
	t.Parallel()
	terms := gigtest.Terms()
	terms.Pay.AmountFen = 2200
	terms.Shifts = []offer.Shift{offer.NewShift("2025-12-31", 8*60, 12*60, 0, 1)}
	terms.ValidUntil = time.Date(2025, 12, 30, 0, 0, 0, 0, time.UTC)
	at := time.Date(2025, 12, 20, 0, 0, 0, 0, time.UTC)
	if v := offer.Check(terms, rules.Default(), gigtest.Regions(), at); !v.Lawful() {
		t.Fatalf("22 yuan was lawful in 2025: %+v", v.Findings)
	}
	terms.Shifts = append(terms.Shifts, offer.NewShift("2026-01-01", 8*60, 12*60, 0, 1))
	if v := offer.Check(terms, rules.Default(), gigtest.Regions(), at); v.Lawful() {
		t.Fatal("R-PT-05: the day decides, and on 2026-01-01 it is 23")
	}
}

func TestANightShiftCrossesMidnight(t *testing.T) {
	t.Parallel()
	s := offer.NewShift("2026-11-24", 22*60, 6*60, 60, 1)
	if s.Minutes() != 7*60 || !s.Night() || day.Of(s.EndsAt) != "2026-11-25" || s.Date != "2026-11-24" {
		t.Fatalf("%+v minutes %d", s, s.Minutes())
	}
	if offer.NewShift("2026-11-24", 6*60, 22*60, 0, 1).Night() {
		t.Fatal("06:00 to 22:00 is day")
	}
	if !offer.NewShift("2026-11-24", 5*60+59, 9*60, 0, 1).Night() || !offer.NewShift("2026-11-24", 18*60, 22*60+1, 0, 1).Night() {
		t.Fatal("a minute of the night is night")
	}
}

func TestYuanIsWrittenShort(t *testing.T) {
	t.Parallel()
	for fen, want := range map[int64]string{2350: "23.5", 2300: "23", 2305: "23.05", 100000: "1000", 0: "0"} {
		if got := offer.Yuan(fen); got != want {
			t.Errorf("%d fen = %q, want %q", fen, got, want)
		}
	}
}
