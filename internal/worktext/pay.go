package worktext

import "strings"

// Pay is the least a searcher wants to earn, integer fen; zero asks nothing.
type Pay struct {
	HourFen  int64 `json:"hour_fen,omitempty"`
	DayFen   int64 `json:"day_fen,omitempty"`
	MonthFen int64 `json:"month_fen,omitempty"`
}

// IsZero says no pay was asked.
func (p Pay) IsZero() bool { return p == Pay{} }

// unit is the period the searcher thinks in, "" none or several.
func (p Pay) unit() string {
	switch {
	case p.HourFen > 0 && p.DayFen == 0 && p.MonthFen == 0:
		return "hour"
	case p.HourFen == 0 && p.DayFen > 0 && p.MonthFen == 0:
		return "day"
	case p.HourFen == 0 && p.DayFen == 0 && p.MonthFen > 0:
		return "month"
	}
	return ""
}

// span is a stretch of runes of the normalised query.
type span struct{ from, to int }

// payWords are the ways to name a period, before or after the amount. Those
// marked bare may follow the number at once ("300天"), the others need 元 or /.
var payWords = []struct {
	word string
	unit string
}{
	{"个小时", "hour"},
	{"小时", "hour"},
	{"钟头", "hour"},
	{"个钟", "hour"},
	{"个钟头", "hour"},
	{"点钟", "hour"},
	{"h", "hour"},
	{"hr", "hour"},
	{"hour", "hour"},
	{"时", "hour"},
	{"钟", "hour"},
	{"天", "day"},
	{"日", "day"},
	{"day", "day"},
	{"d", "day"},
	{"个工", "day"},
	{"工日", "day"},
	{"班", "day"},
	{"个班", "day"},
	{"个月", "month"},
	{"月", "month"},
	{"month", "month"},
	{"m", "month"},
}

// payPrefixes name the period before the amount: 日薪300, 一天三百, 时薪22.
var payPrefixes = []struct {
	word string
	unit string
}{
	{"每小时", "hour"},
	{"一小时", "hour"},
	{"1小时", "hour"},
	{"一个小时", "hour"},
	{"时薪", "hour"},
	{"每个小时", "hour"},
	{"一个钟", "hour"},
	{"小时工资", "hour"},
	{"每天", "day"},
	{"一天", "day"},
	{"1天", "day"},
	{"日薪", "day"},
	{"每日", "day"},
	{"日工资", "day"},
	{"一日", "day"},
	{"一工", "day"},
	{"每月", "month"},
	{"一个月", "month"},
	{"月薪", "month"},
	{"月工资", "month"},
	{"一月", "month"},
}

// moneyWords say the number before them is money.
var moneyWords = []string{"块钱", "元钱", "人民币", "元", "块", "rmb", "¥", "圆"}

// scanPay finds what the query says about pay and where it stands.
func scanPay(rs []rune) (Pay, []span) {
	var p Pay
	var spans []span
	for i := 0; i < len(rs); {
		fen, unit, n := payAt(rs, i)
		if n == 0 {
			if _, m := scanNumber(rs[i:]); m > 0 {
				i += m // never begin inside a number
			} else {
				i++
			}
			continue
		}
		switch unit {
		case "hour":
			p.HourFen = max(p.HourFen, fen)
		case "day":
			p.DayFen = max(p.DayFen, fen)
		case "month":
			p.MonthFen = max(p.MonthFen, fen)
		}
		spans = append(spans, span{i, i + n})
		i += n
	}
	return p, spans
}

// payAt reads one statement of pay at rs[i]: a number, before it or behind it
// the period, and what shows that it is money.
func payAt(rs []rune, i int) (fen int64, unit string, n int) {
	at, unit := payPrefix(rs, i)
	prefixed := unit != ""
	money := at < len(rs) && rs[at] == '¥'
	if money {
		at++
	}
	v, m := scanNumber(rs[at:])
	if m == 0 || v <= 0 {
		return 0, "", 0
	}
	at += m
	if to, m := rangeEnd(rs[at:]); to >= v {
		at += m // 200-300: at least the lower end
	}
	if m := anyPrefix(rs[at:], moneyWords); m > 0 {
		money = true
		at += m
	}
	more := anyPrefix(rs[at:], openEnds)
	at += more
	if !prefixed {
		u, m := perUnit(rs[at:], money || more > 0, v)
		unit, at = u, at+m
		if more == 0 && (money || unit != "") {
			more = anyPrefix(rs[at:], openEnds)
			at += more
		}
	}
	if (unit == "" || prefixed && !money) && durationFollows(rs[at:]) {
		return 0, "", 0 // 一天8小时, 50多岁
	}
	if unit == "" && (money || more > 0 || standsBare(rs, i, at, v)) {
		unit = guessUnit(v)
	}
	if unit == "" || !plausible(v, unit) {
		return 0, "", 0
	}
	return v, unit, at - i
}

// payPrefix reads 日薪, 一天, 每小时 before an amount, and returns where the
// amount begins.
func payPrefix(rs []rune, i int) (at int, unit string) {
	at = i
	for _, p := range payPrefixes {
		if m := len([]rune(p.word)); hasPrefix(rs[i:], p.word) && i+m > at {
			at, unit = i+m, p.unit
		}
	}
	for unit != "" && at < len(rs) && strings.ContainsRune(" :≥>", rs[at]) {
		at++
	}
	return at, unit
}

// openEnds say "or more".
var openEnds = []string{"以上", "起步", "起", "+", "多", "朝上", "往上"}

// standsBare says the number is a word of its own that can only be pay: 300 a
// day, 6000 or 8k a month.
func standsBare(rs []rune, from, to int, v int64) bool {
	return (v >= 100_00 && v <= 999_00 && v%10_00 == 0 || v >= 3000_00 && v <= 20_000_00 && v%500_00 == 0) &&
		(from == 0 || !isAlnum(rs[from-1])) && (to == len(rs) || rs[to] == ' ')
}

// plausible says a period can be worth the amount; nobody asks for 9 元 a month.
func plausible(v int64, unit string) bool {
	switch unit {
	case "hour":
		return v >= 1_00 && v <= 1000_00
	case "day":
		return v >= 10_00 && v <= 10_000_00
	}
	return v >= 300_00 && v <= 200_000_00
}

// rangeEnd reads the upper end of "200-300" or "200到300".
func rangeEnd(rs []rune) (hundredths int64, n int) {
	if len(rs) == 0 || !strings.ContainsRune("-~到至—–", rs[0]) {
		return 0, 0
	}
	v, m := scanNumber(rs[1:])
	if m == 0 {
		return 0, 0
	}
	return v, m + 1
}

// perUnit reads "/天", "每小时", "一天", "h". Without money before it and
// without a per sign only amounts no duration would have are read ("300天").
func perUnit(rs []rune, money bool, v int64) (unit string, n int) {
	skip := 0
	for skip < len(rs) && rs[skip] == ' ' {
		skip++
	}
	per := anyPrefix(rs[skip:], []string{"/", "每", "一", "1", "p", "per"})
	for _, w := range payWords {
		m := len([]rune(w.word))
		if !hasPrefix(rs[skip+per:], w.word) || m+skip+per <= n {
			continue
		}
		end := skip + per + m
		if end < len(rs) && isAlnum(rs[end]) && isAlnum(rs[end-1]) {
			continue // "m2" is no month
		}
		if per == 0 && !money && (w.unit != "day" || v < 80_00 || skip > 0) {
			continue
		}
		unit, n = w.unit, end
	}
	return unit, n
}

// guessUnit takes small amounts for hourly pay, large ones for monthly pay.
func guessUnit(v int64) string {
	switch {
	case v < 10_00:
		return ""
	case v <= 70_00:
		return "hour"
	case v < 1500_00:
		return "day"
	}
	return "month"
}

// durationFollows says the number before is no amount of money.
func durationFollows(rs []rune) bool {
	return anyPrefix(rs, []string{"小时", "个小时", "h", "钟头", "个钟", "点", "班", "个人", "人", "次", "趟", "单", "件", "公里", "岁", "米", "顿", "餐"}) > 0
}

// scanAge finds an age of fifty or more ("55岁", "五十多岁"): the searcher asks
// for work that suits older people.
func scanAge(rs []rune) (older bool, spans []span) {
	for i := 0; i < len(rs); {
		v, n := scanNumber(rs[i:])
		if n == 0 {
			i++
			continue
		}
		m := anyPrefix(rs[i+n:], []string{"多岁", "几岁", "来岁", "周岁", "岁以上", "岁", "岁了", "多岁了"})
		if m == 0 && i >= 2 && string(rs[i-2:i]) == "今年" {
			m = max(1, anyPrefix(rs[i+n:], []string{"了", "多了", "多"}))
			m = min(m, len(rs)-i-n)
		}
		if (m > 0 || i+n == len(rs) && i >= 2 && string(rs[i-2:i]) == "今年") && v >= 50_00 && v <= 99_00 {
			older = true
			spans = append(spans, span{i, i + n + m})
		}
		i += n + m
	}
	return older, spans
}

// scanCounts finds "8小时", "一天8小时", "3个人", "2名".
func scanCounts(rs []rune) []span {
	var spans []span
	for i := 0; i < len(rs); {
		at, _ := payPrefix(rs, i)
		_, n := scanNumber(rs[at:])
		m := anyPrefix(rs[min(at+n, len(rs)):], []string{"个多小时", "个小时", "小时", "点钟", "点", "个人", "名", "位", "人"})
		if n > 0 && m > 0 {
			spans = append(spans, span{i, at + n + m})
			i = at + n + m
			continue
		}
		i++
	}
	return spans
}

func hasPrefix(rs []rune, word string) bool {
	i := 0
	for _, r := range word {
		if i >= len(rs) || rs[i] != r {
			return false
		}
		i++
	}
	return true
}

// anyPrefix returns the length in runes of the longest of words rs begins with.
func anyPrefix(rs []rune, words []string) int {
	n := 0
	for _, w := range words {
		if m := len([]rune(w)); m > n && hasPrefix(rs, w) {
			n = m
		}
	}
	return n
}
