package rules

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// span is a part of a text, in bytes.
type span struct{ from, to int }

func (s span) touches(o span) bool { return s.from < o.to && o.from < s.to }

// reading is a text without what people put between letters to hide a word
// (spaces, marks, full-width forms, case), and where each byte came from.
type reading struct {
	text string
	at   []span // by byte of text: the character of the original it stands for
}

// span returns the part of the original that bytes from … to of a reading stand for.
func (r reading) span(from, to int) span {
	s := span{r.at[from].from, r.at[to-1].to}
	for strings.HasPrefix(r.text[from:to], "\n") && from < to-1 {
		from++
		s.from = r.at[from].from
	}
	return s
}

// readings returns the text for words and the text for patterns. Both keep where
// a clause ends, as a new line; the second also keeps what numbers, ranges and
// brackets are written with.
func readings(text string) []reading {
	return []reading{read(text, ""), read(text, ".-~—()")}
}

func read(text, keep string) reading {
	var b strings.Builder
	var at []span
	for i, r := range text {
		where := span{i, i + utf8.RuneLen(r)}
		if r == utf8.RuneError {
			where.to = i + 1
		}
		r = plain(r)
		switch {
		case r == '\n', unicode.IsLetter(r), unicode.IsNumber(r), strings.ContainsRune(keep, r):
			n, _ := b.WriteRune(r)
			for range n {
				at = append(at, where)
			}
		}
	}
	return reading{b.String(), at}
}

// plain returns what a character is read as: full-width as half, large as small,
// the end of a clause as a new line.
func plain(r rune) rune {
	if r >= 0xff01 && r <= 0xff5e {
		r -= 0xfee0
	}
	switch r {
	case ',', ';', '!', '?', '。', '\n', '\r':
		return '\n'
	case '–', '−', '－':
		return '-'
	}
	return unicode.ToLower(r)
}
