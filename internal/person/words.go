package person

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// compound are the surnames of two characters (复姓) still borne by many.
var compound = strings.Fields(`欧阳 上官 司马 司徒 司空 诸葛 夏侯 皇甫 尉迟 公孙 公冶 公羊 令狐 慕容 长孙 宇文
	申屠 独孤 南宫 东方 东郭 西门 百里 端木 轩辕 濮阳 淳于 单于 太叔 钟离 闾丘 呼延 第五 澹台 赫连 鲜于 万俟 闻人 拓跋 乐正 宗政 梁丘 左丘`)

var mobile = regexp.MustCompile(`^1[3-9]\d{9}$`)

// halfWidth turns the full-width forms a Chinese keyboard makes into plain ones.
func halfWidth(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '！' && r <= '～':
			return r - 0xFEE0
		case r == '\u3000':
			return ' '
		}
		return r
	}, s)
}

// CleanName returns a name as it is kept: no spaces between Chinese characters,
// one kind of middle dot.
func CleanName(s string) string {
	s = strings.Join(strings.Fields(halfWidth(s)), " ")
	s = strings.NewReplacer("•", "·", "‧", "·", "・", "·", "●", "·", "．", "·", "∙", "·").Replace(s)
	if strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
		s = strings.ReplaceAll(s, " ", "")
	}
	return s
}

func plausibleName(s string) bool {
	if n := utf8.RuneCountInString(s); n < 1 || n > 50 {
		return false
	}
	return !strings.ContainsFunc(s, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsMark(r) && r != '·' && r != ' ' && r != '-' && r != '\'' && r != '.'
	})
}

// CleanPhone returns a mobile number as it is kept, or "" where it is none (domain.md §6.2).
func CleanPhone(s string) string {
	s = strings.NewReplacer(" ", "", "-", "", "(", "", ")", "").Replace(halfWidth(s))
	s = strings.TrimPrefix(strings.TrimPrefix(s, "+"), "86")
	if !mobile.MatchString(s) {
		return ""
	}
	return s
}

func cleanIDNumber(s string) string {
	return strings.ToUpper(strings.ReplaceAll(halfWidth(s), " ", ""))
}

// surname returns the family name: two characters of a compound one, what
// stands before the dot or the space, else the first character.
func surname(name string) string {
	if i := strings.IndexAny(name, "· "); i > 0 {
		return name[:i]
	}
	r := []rune(name)
	if len(r) >= 2 && slices.Contains(compound, string(r[:2])) {
		return string(r[:2])
	}
	if len(r) == 0 {
		return ""
	}
	return string(r[:1])
}

// sameName says two names can be one person's: equal, or one of them is only
// the surname of the other, which is all a kiosk asks for.
func sameName(a, b string) bool {
	if a == b {
		return true
	}
	return (a == surname(a) || b == surname(b)) && surname(a) == surname(b)
}

// MaskName keeps the family name: 张*, 欧阳*. How long the rest is, is not told.
func MaskName(name string) string {
	if name == "" {
		return ""
	}
	family := []rune(surname(name))
	if strings.ContainsAny(name, "· ") {
		family = family[:1] // before a dot stands a given name
	}
	return string(family) + "*"
}

// MaskPhone keeps the first three and the last four digits: 138****0001.
func MaskPhone(phone string) string { return mask(phone, 3, 4) }

// MaskIDNumber keeps the first six and the last four characters, the most a
// member of staff may see unasked (R-ID-01).
func MaskIDNumber(number string) string { return mask(number, 6, 2) }

// MaskIDNumberPublic keeps the first three and the last two, the most a public
// list may show (R-ID-01).
func MaskIDNumberPublic(number string) string { return mask(number, 3, 2) }

func mask(s string, head, tail int) string {
	if len(s) <= head+tail {
		return strings.Repeat("*", len(s))
	}
	return s[:head] + strings.Repeat("*", len(s)-head-tail) + s[len(s)-tail:]
}
