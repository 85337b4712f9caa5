package goldtest_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"linggong/internal/search"
	"linggong/internal/search/goldtest"
)

var write = flag.Bool("write", false, "write the gold set instead of comparing it")

// The files of the gold set are what the generator makes, byte for byte.
func TestTheGoldSetIsWhatItsSeedMakes(t *testing.T) {
	t.Parallel()
	postings, err := goldtest.Make()
	if err != nil {
		t.Fatal(err)
	}
	tuned, held, err := goldtest.Label(postings)
	if err != nil {
		t.Fatal(err)
	}
	var docs []search.GoldDoc
	for _, p := range postings {
		docs = append(docs, p.GoldDoc)
	}
	for name, make := range map[string]func(*bytes.Buffer) error{
		"docs.csv":  func(b *bytes.Buffer) error { return search.WriteGoldDocs(b, docs) },
		"tuned.tsv": func(b *bytes.Buffer) error { return search.WriteGold(b, tuned) },
		"held.tsv":  func(b *bytes.Buffer) error { return search.WriteGold(b, held) },
	} {
		var b bytes.Buffer
		if err := make(&b); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join("..", "gold", name)
		if *write {
			if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil { //nolint:gosec // a file of the repository
				t.Fatal(err)
			}
			continue
		}
		got, err := os.ReadFile(path)
		if err != nil || !bytes.Equal(got, b.Bytes()) {
			t.Errorf("%s is not what the generator makes (%v): go test ./internal/search/goldtest -write", name, err)
		}
	}
}

func TestTheGoldSetIsLargeEnoughAndOfEveryKind(t *testing.T) {
	t.Parallel()
	postings, err := goldtest.Make()
	if err != nil {
		t.Fatal(err)
	}
	tuned, held, err := goldtest.Label(postings)
	if err != nil {
		t.Fatal(err)
	}
	all := len(tuned) + len(held)
	t.Logf("%d postings, %d queries, %d held out", len(postings), all, len(held))
	if len(postings) < 1000 || all < 400 || len(held)*10 < all*3 || len(held)*10 > all*4 {
		t.Errorf("%d postings, %d queries, %d held out", len(postings), all, len(held))
	}
	kinds := []string{"exact", "part", "synonym", "homophone", "pinyin", "initials", "place", "pay", "negation", "typo", "long", "voice"}
	for name, part := range map[string][]search.GoldQuery{"tuned": tuned, "held out": held} {
		for _, kind := range kinds {
			if !slices.ContainsFunc(part, func(q search.GoldQuery) bool { return q.Kind == kind }) {
				t.Errorf("none of kind %s is %s", kind, name)
			}
		}
	}
}
