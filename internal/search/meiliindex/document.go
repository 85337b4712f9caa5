package meiliindex

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"strings"
	"unicode/utf8"

	"github.com/meilisearch/meilisearch-go"

	"linggong/internal/search"
)

// document is what Meilisearch keeps.
type document struct {
	ID       string   `json:"id"`
	Version  int64    `json:"version"`
	Region   string   `json:"region"`
	Open     bool     `json:"open"`
	Scopes   []string `json:"scopes"`   // every beginning of the region
	Terms    []string `json:"terms"`    // lexemes, and pairs of neighbours
	Prefixes []string `json:"prefixes"` // every beginning of a lexeme
	Head     string   `json:"head"`     // for the score
	Words    string   `json:"words"`    // all lexemes in order, for long phrases
}

func newDocument(d search.Doc) document {
	lexemes := search.Lexemes(d.Fields)
	out := document{
		ID: d.ID, Version: d.Version, Region: d.Region, Open: d.Open,
		Scopes: []string{}, Terms: []string{}, Prefixes: []string{},
		Head: search.Head(d.Fields), Words: strings.Join(lexemes, " "),
	}
	for i := range d.Region {
		out.Scopes = append(out.Scopes, scopeValue(d.Region[:i+1]))
	}
	terms, prefixes := map[string]bool{}, map[string]bool{}
	add := func(list *[]string, seen map[string]bool, v string) {
		if !seen[v] {
			seen[v] = true
			*list = append(*list, v)
		}
	}
	for i, l := range lexemes {
		add(&out.Terms, terms, value(l))
		if i > 0 {
			add(&out.Terms, terms, pair(lexemes[i-1], l))
		}
		for at := range l {
			if at > 1 {
				add(&out.Prefixes, prefixes, value(l[:at]))
			}
		}
		add(&out.Prefixes, prefixes, value(l))
	}
	return out
}

// maxValue keeps a filter value below the length the engine cuts at (468).
const maxValue = 200

// value is a lexeme as a filter value.
func value(lexeme string) string { return short(ascii(lexeme)) }

// pair is two neighbours as one value; no lexeme alone looks like it.
func pair(a, b string) string { return short(ascii(a) + "__" + ascii(b)) }

// ascii writes a lexeme in small letters, digits and '_' only: the engine folds
// variants of Chinese characters, and we do not want it to.
func ascii(lexeme string) string {
	var b strings.Builder
	for _, r := range lexeme {
		if r < utf8.RuneSelf {
			b.WriteRune(r)
			continue
		}
		fmt.Fprintf(&b, "_%x_", r)
	}
	return b.String()
}

// short keeps a value, or its hash where it is too long to be told apart.
func short(v string) string {
	if len(v) <= maxValue {
		return v
	}
	h := fnv.New128a()
	_, _ = h.Write([]byte(v)) // a hash never fails
	return fmt.Sprintf("h_%x", h.Sum(nil))
}

func scopeValue(prefix string) string { return "r" + prefix }

// settings are the index's, kept here and nowhere else. Whoever changes them
// runs linggong reindex.
func settings() *meilisearch.Settings {
	return &meilisearch.Settings{
		SearchableAttributes: []string{"head"}, // queries are filters; this is the least there may be
		DisplayedAttributes:  []string{"id", "version", "region", "open", "head", "words"},
		FilterableAttributes: []string{"id", "open", "prefixes", "scopes", "terms"},
		SortableAttributes:   []string{},
		TypoTolerance: &meilisearch.TypoTolerance{
			Enabled: false, MinWordSizeForTypos: meilisearch.MinWordSizeForTypos{OneTypo: 5, TwoTypos: 9},
			DisableOnWords: []string{}, DisableOnAttributes: []string{},
		},
		LocalizedAttributes: []*meilisearch.LocalizedAttributes{{Locales: []string{"cmn"}, AttributePatterns: []string{"*"}}},
		Pagination:          &meilisearch.Pagination{MaxTotalHits: 1_000_000},
	}
}

// marshal writes what we send. It leaves out two fields that the client always
// writes and that servers before 1.18 refuse as unknown.
func marshal(v any) ([]byte, error) {
	switch v := v.(type) {
	case []*meilisearch.SwapIndexesParams:
		type swap struct {
			Indexes []string `json:"indexes"`
		}
		swaps := make([]swap, len(v))
		for i, s := range v {
			swaps[i].Indexes = s.Indexes
		}
		return json.Marshal(swaps)
	case **meilisearch.Settings:
		return marshalSettings(*v)
	}
	return json.Marshal(v)
}

func marshalSettings(s *meilisearch.Settings) ([]byte, error) {
	b, err := json.Marshal(s)
	if err != nil {
		return nil, err
	}
	var fields map[string]any
	if err := json.Unmarshal(b, &fields); err != nil {
		return nil, err
	}
	if typos, ok := fields["typoTolerance"].(map[string]any); ok {
		delete(typos, "disableOnNumbers")
	}
	return json.Marshal(fields)
}
