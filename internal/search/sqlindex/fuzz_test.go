package sqlindex_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"linggong/internal/dbx/dbtest"
	"linggong/internal/search"
	"linggong/internal/search/sqlindex"
	"linggong/internal/testserver"
	"linggong/internal/worktext"
)

// Whatever the words are, both engines take them for words: a document of them
// is found by them, one without is not, and nothing is ever an error.
func FuzzWordsStayWords(f *testing.F) {
	for _, s := range []string{`保洁 员`, `" OR "a`, `a* NEAR(b)`, `'; DROP TABLE x; --`, "a\x00b", `\' \`, `!a & b | (c`, `:* <->`, "ㄅ0000e9ㄆ é", strings.Repeat("长", 100)} {
		for _, flags := range []byte{0, 1, 2, 3, 7} {
			f.Add(s, flags)
		}
	}
	indexes := []search.Index{sqlindex.New(dbtest.SQLite(f), sqlindex.Postings)}
	if _, _, err := testserver.Postgres(f.Context()); err == nil {
		indexes = append(indexes, sqlindex.New(dbtest.Postgres(f), sqlindex.Postings))
	}
	other := search.Doc{ID: "other", Version: 1, Fields: worktext.Fields{Tokens: "别的 词", Pinyin: "bie de", Initials: "bd"}, Open: true}
	f.Fuzz(func(t *testing.T, text string, flags byte) {
		tokens := strings.Fields(text)
		if len(tokens) == 0 || len(tokens) > search.MaxTermTokens || !utf8.ValidString(text) {
			return
		}
		field := []worktext.Field{worktext.InTokens, worktext.InPinyin, worktext.InInitials}[int(flags>>4)%3]
		clause := []worktext.Clause{{Any: []worktext.Term{{Field: field, Tokens: tokens, Phrase: flags&1 == 1}}}}
		q := search.Query{Prefix: flags&2 == 2, Match: worktext.Match{All: clause}}
		if flags&4 == 4 {
			q = search.Query{Match: worktext.Match{None: clause}}
		}
		fields := worktext.Fields{Tokens: text}
		switch field {
		case worktext.InPinyin:
			fields = worktext.Fields{Pinyin: text}
		case worktext.InInitials:
			fields = worktext.Fields{Initials: text}
		case worktext.InTokens:
		}
		for _, ix := range indexes {
			d := search.Doc{ID: "d", Fields: fields, Open: true}
			if err := ix.Delete(t.Context(), "d"); err != nil {
				t.Fatal(err)
			}
			if err := ix.Put(t.Context(), d, other); err != nil {
				t.Fatal(err)
			}
			hits, err := ix.Match(t.Context(), q)
			if err != nil {
				t.Fatalf("%q: %v", text, err)
			}
			found := slices.ContainsFunc(hits, func(h search.Hit) bool { return h.ID == "d" })
			if found != (flags&4 == 0) {
				t.Errorf("%q (flags %b): found %v", text, flags, found)
			}
		}
	})
}
