package dbx

import (
	"strings"
	"time"
)

// Time returns the instant of a nullable column, zero for NULL.
func Time(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return t.UTC()
}

// TimePtr returns NULL for the zero instant, else t in the precision kept.
func TimePtr(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	u := t.UTC().Truncate(time.Microsecond)
	return &u
}

// Str returns the text of a nullable column, "" for NULL.
func Str[T ~string](s *string) T {
	if s == nil {
		return ""
	}
	return T(*s)
}

// StrPtr returns NULL for "": an absent id or date is NULL, so that foreign
// keys and unique indexes leave it alone.
func StrPtr[T ~string](s T) *string {
	if s == "" {
		return nil
	}
	v := string(s)
	return &v
}

// Words keeps a short list of codes in one column: " a b c ", found
// by LIKE '% b %'.
func Words[T ~string](list []T) string {
	if len(list) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteByte(' ')
	for _, s := range list {
		b.WriteString(string(s))
		b.WriteByte(' ')
	}
	return b.String()
}

// ParseWords is the reverse of Words.
func ParseWords[T ~string](s string) []T {
	f := strings.Fields(s)
	if len(f) == 0 {
		return nil
	}
	out := make([]T, len(f))
	for i, w := range f {
		out[i] = T(w)
	}
	return out
}
