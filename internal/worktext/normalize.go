package worktext

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Normalize folds what looks the same to a reader into one form: full width to
// half width, upper to lower case, traditional to simplified characters (those
// of this vocabulary), toned to toneless pinyin letters, circled digits and
// unit signs to plain ones, every kind of space to one blank. Control and
// invalid bytes become blanks. It is idempotent and keeps punctuation.
func Normalize(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	blank := true // also trims the front
	for _, r := range s {
		if isIgnorable(r) {
			continue
		}
		r = foldRune(r)
		if isBlank(r) {
			if !blank {
				b.WriteByte(' ')
				blank = true
			}
			continue
		}
		blank = false
		if long, ok := unfolded[r]; ok {
			b.WriteString(long)
			continue
		}
		b.WriteRune(r)
	}
	return strings.TrimSuffix(b.String(), " ")
}

// foldRune maps one rune to the one it is read as.
func foldRune(r rune) rune {
	switch {
	case r < utf8.RuneSelf:
		if 'A' <= r && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	case 0xFF01 <= r && r <= 0xFF5E: // full-width ASCII
		return foldRune(r - 0xFEE0)
	case 0x2460 <= r && r <= 0x2468: // ① to ⑨
		return '1' + r - 0x2460
	case r == utf8.RuneError:
		return ' '
	case 0x2E80 <= r && r <= 0x2FDF: // a radical, read as its character
		if c, ok := radicals()[r]; ok {
			r = c
		}
	}
	if s, ok := simplified()[r]; ok {
		return s
	}
	if l, ok := toneless[r]; ok {
		return l
	}
	return unicode.ToLower(r)
}

func isBlank(r rune) bool { return r == ' ' || unicode.IsSpace(r) || unicode.IsControl(r) }

// isIgnorable says r has no width: joiners, direction marks, the byte order mark.
func isIgnorable(r rune) bool {
	return 0x200B <= r && r <= 0x200F || 0x202A <= r && r <= 0x202E || r == 0x2060 || r == 0xFEFF ||
		0xFE00 <= r && r <= 0xFE0F
}

// isHan says r is a Chinese character of the planes people type.
func isHan(r rune) bool { return unicode.Is(unicode.Han, r) && r != '〇' || r == '〇' }

// isAlnum says r is a letter or digit of a latin word after normalising.
func isAlnum(r rune) bool { return 'a' <= r && r <= 'z' || '0' <= r && r <= '9' }

func isDigit(r rune) bool { return '0' <= r && r <= '9' }

// unfolded are signs that are read as more than one letter.
var unfolded = map[rune]string{
	'㎡': "m2", '㎥': "m3", '㎏': "kg", '㎞': "km", '㎜': "mm", '㎝': "cm", '㎎': "mg", '℃': "c",
	'⑩': "10", '½': "0.5", '…': "...", '￥': "¥",
}

// toneless are the vowels of pinyin with tone marks; ü is typed as v.
var toneless = func() map[rune]rune {
	m := map[rune]rune{}
	for plain, toned := range map[rune]string{
		'a': "āáǎà", 'e': "ēéěè", 'i': "īíǐì", 'o': "ōóǒò", 'u': "ūúǔù", 'v': "üǖǘǚǜ", 'n': "ńňǹ", 'm': "ḿ",
	} {
		for _, r := range toned {
			m[r] = plain
			m[unicode.ToUpper(r)] = plain
		}
	}
	return m
}()
