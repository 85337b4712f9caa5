package demo_test

import (
	"slices"
	"strings"
	"testing"
	"unicode"

	"linggong/internal/gig"
	"linggong/internal/worktext"
)

// Of a whole city's job seekers the index of workers holds no full name, by
// character or sound, no phone, ID number or address, and no word of health.
func TestTheIndexOfWorkersTellsNothingOfThePeople(t *testing.T) {
	t.Parallel()
	a, _ := load(t, "")
	workers, people := map[string]gig.Worker{}, 0
	for w, err := range a.GigStore.AllWorkers(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		workers[string(w.ID)] = w
	}
	for d, err := range a.WorkerWords.All(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		w := workers[d.ID]
		p, err := a.PersonStore.Person(t.Context(), string(w.PersonID))
		if err != nil {
			t.Fatal(err)
		}
		people++
		x := p.Particulars
		if x.Name == "" || x.Phone == "" {
			t.Fatalf("%s has no name or phone: there is nothing to look for", d.ID)
		}
		for field, secret := range map[string]string{"name": x.Name, "phone": x.Phone, "ID number": x.IDNumber, "address": x.Address} {
			if secret == "" {
				continue
			}
			planted := worktext.Document("说明 "+secret, "", "", nil)
			if !tells(planted, secret) {
				t.Fatalf("%s: what holds the %s is not told from what does not", d.ID, field)
			}
			if tells(d.Fields, secret) {
				t.Errorf("%s: the document holds the %s", d.ID, field)
			}
		}
		for _, never := range []string{"健康", "残疾", "疾病", "患病", "低保", "困难", "精神", "肢体", "视力", "听力", "孕", "刑", "犯罪"} {
			if slices.Contains(strings.Fields(d.Tokens), never) {
				t.Errorf("%s: the document holds %q", d.ID, never)
			}
		}
		for token := range strings.FieldsSeq(d.Tokens) {
			if strings.Trim(token, "0123456789") == "" && len(token) > 3 {
				t.Errorf("%s: the document holds the number %s", d.ID, token)
			}
		}
	}
	if people < 50 {
		t.Errorf("%d workers are too few to show anything", people)
	}
}

// tells says a document holds a text: its characters or its sound in their
// order, of a long one any four characters, or a number of it.
func tells(f worktext.Fields, text string) bool {
	has := func(field string, tokens []string) bool {
		return len(tokens) > 0 && strings.Contains(" "+field+" ", " "+strings.Join(tokens, " ")+" ")
	}
	for part := range strings.FieldsFuncSeq(worktext.Normalize(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		rs := []rune(part)
		if strings.Trim(part, "0123456789x") == "" {
			if len(rs) > 3 && has(f.Tokens, []string{part}) {
				return true
			}
			continue
		}
		const window = 4
		for from := 0; from == 0 || from+window <= len(rs); from++ {
			piece := string(rs[from:min(len(rs), from+window)])
			tokens := worktext.Tokens(piece)
			if has(f.Tokens, tokens[:max(0, len([]rune(piece))-1)]) || has(f.Pinyin, worktext.Syllables(piece)) {
				return true
			}
		}
	}
	return false
}
