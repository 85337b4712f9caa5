package worktext

// maxNumber bounds what a typed number may say: above it is no pay and no age.
const maxNumber = 10_000_000

// ParseNumber reads a whole text as a number: digits, Chinese numerals, or a
// mixture ("300", "三百", "3百", "一百二" = 120, "两千五" = 2500, "1.5万", "5k").
// The result is in hundredths, because pay is; ok is false for anything else.
func ParseNumber(s string) (hundredths int64, ok bool) {
	rs := []rune(Normalize(s))
	v, n := scanNumber(rs)
	return v, n > 0 && n == len(rs)
}

// scanNumber reads the longest number at the front of rs and says how many
// runes it took, 0 where there is none.
func scanNumber(rs []rune) (hundredths int64, n int) {
	if len(rs) == 0 {
		return 0, 0
	}
	if isDigit(rs[0]) {
		return scanDigits(rs)
	}
	return scanNumeral(rs)
}

// scanDigits reads "300", "22.5", "1,200", then a unit: 百 千 万 k w.
func scanDigits(rs []rune) (hundredths int64, n int) {
	var whole, frac int64
	scale := int64(100)
	i := 0
	for i < len(rs) && (isDigit(rs[i]) || isThousands(rs, i)) {
		if isDigit(rs[i]) {
			if whole = whole*10 + int64(rs[i]-'0'); whole > maxNumber {
				return 0, 0
			}
		}
		i++
	}
	if i+1 < len(rs) && rs[i] == '.' && isDigit(rs[i+1]) {
		for i++; i < len(rs) && isDigit(rs[i]); i++ {
			if scale /= 10; scale > 0 {
				frac += int64(rs[i]-'0') * scale
			}
		}
	}
	v := whole*100 + frac
	if i < len(rs) {
		unit := bigUnit[rs[i]]
		if unit == 0 && (rs[i] == 'k' || rs[i] == 'w') && (i+1 == len(rs) || !('a' <= rs[i+1] && rs[i+1] <= 'z')) {
			unit = map[rune]int64{'k': 1000, 'w': 10000}[rs[i]]
		}
		if unit > 0 {
			v *= unit
			i++
			tail, m := shortTail(rs[i:], unit)
			v += tail * 100
			i += m
		}
	}
	if v > maxNumber*100 {
		return 0, 0
	}
	return v, i
}

// isThousands says rs[i] is the comma of "1,200".
func isThousands(rs []rune, i int) bool {
	return rs[i] == ',' && i > 0 && i+3 < len(rs) && isDigit(rs[i+1]) && isDigit(rs[i+2]) && isDigit(rs[i+3]) &&
		(i+4 >= len(rs) || !isDigit(rs[i+4]))
}

var (
	numeral = map[rune]int64{
		'零': 0, '〇': 0, '一': 1, '二': 2, '两': 2, '俩': 2, '三': 3, '四': 4, '五': 5, '六': 6, '七': 7, '八': 8, '九': 9,
		'壹': 1, '贰': 2, '叁': 3, '肆': 4, '伍': 5, '柒': 7, '捌': 8, '玖': 9,
	}
	bigUnit = map[rune]int64{'十': 10, '百': 100, '千': 1000, '万': 10000, '拾': 10, '佰': 100, '仟': 1000}
)

// scanNumeral reads "三百", "二十五", "一百零五", "一百二", "两千五", "三五百"
// (the lower of an estimate), "二二〇".
func scanNumeral(rs []rune) (hundredths int64, n int) {
	var total, section, digit int64
	last, haveDigit, haveUnit := int64(0), false, false
	i := 0
	for ; i < len(rs); i++ {
		if d, ok := numeral[rs[i]]; ok {
			if haveDigit && digit > 0 && d > 0 && !haveUnit && i+1 < len(rs) && bigUnit[rs[i+1]] > 0 {
				continue // 三五百: at least three hundred
			}
			if haveUnit && digit > 0 {
				break // 一百二|一天
			}
			if haveDigit && !haveUnit {
				digit = digit*10 + d // 二二〇
			} else {
				digit = d
			}
			haveDigit = true
			if digit == 0 {
				last = 10 // 一百零五: what follows counts ones
			}
			if digit > maxNumber {
				return 0, 0
			}
			continue
		}
		u := bigUnit[rs[i]]
		if u == 0 {
			break
		}
		if !haveDigit && u != 10 {
			break // 百, 千 or 万 alone is part of a word (千斤顶, 万寿)
		}
		if !haveDigit && !haveUnit {
			digit = 1 // 十五
		}
		if u == 10000 {
			total += (section + digit) * u
			section = 0
		} else {
			section += digit * u
		}
		digit, haveDigit, haveUnit, last = 0, false, true, u
		if total+section > maxNumber {
			return 0, 0
		}
	}
	if haveUnit && haveDigit && last >= 100 {
		if rs[i-1] == '一' && periodFollows(rs[i:]) {
			i, digit = i-1, 0 // 三百|一天
		}
		digit *= last / 10 // 一百二 is 120, 两千五 is 2500
	}
	if v := total + section + digit; i > 0 && (haveDigit || haveUnit) && v <= maxNumber {
		return v * 100, i
	}
	return 0, 0
}

// shortTail reads the single numeral after a unit: the 2 of "1百2", the 五 of "3千五".
func shortTail(rs []rune, unit int64) (v int64, n int) {
	if len(rs) == 0 || unit < 100 {
		return 0, 0
	}
	d, ok := numeral[rs[0]]
	if isDigit(rs[0]) {
		d, ok = int64(rs[0]-'0'), true
	}
	if !ok || rs[0] == '一' && periodFollows(rs[1:]) || len(rs) > 1 && (isDigit(rs[1]) || numeral[rs[1]] > 0 || bigUnit[rs[1]] > 0) {
		return 0, 0
	}
	return d * unit / 10, 1
}

// periodFollows says the 一 before means "per": 三百一天.
func periodFollows(rs []rune) bool {
	return anyPrefix(rs, []string{"天", "日", "个", "小时", "工", "班", "月", "钟", "次", "件", "单", "h"}) > 0
}
