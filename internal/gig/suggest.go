package gig

import (
	"context"
	"slices"
	"strings"

	"linggong/internal/access"
	"linggong/internal/region"
	"linggong/internal/worktext"
)

// mostSuggested fit a kiosk in two rows.
const mostSuggested = 8

// Suggest completes what has been typed so far: the word under the finger, and
// once a trade is understood, what goes with it and is there: towns that have
// places of it, days, pay, how it is settled.
func (s *Service) Suggest(ctx context.Context, actor access.Actor, text string) ([]Suggestion, error) {
	if err := access.May(actor, access.PostingSearch); err != nil {
		return nil, err
	}
	said, typing := lastWord(text)
	if said == "" { // a first word: complete it, then go on from it where it is whole
		out, err := s.Finder.Suggest(ctx, typing, mostSuggested)
		if err != nil || !s.understood(typing) {
			return out, err
		}
		more, err := s.context(ctx, typing, "")
		if err != nil {
			return nil, err
		}
		return slices.Concat(out[:min(len(out), mostSuggested/2)], more[:min(len(more), mostSuggested/2)]), nil
	}
	if !s.understood(said) {
		return s.Finder.Suggest(ctx, typing, mostSuggested)
	}
	more, err := s.context(ctx, said, typing)
	if err != nil || len(more) > 0 || typing == "" {
		return more[:min(len(more), mostSuggested)], err
	}
	out, err := s.Finder.Suggest(ctx, typing, mostSuggested)
	for i := range out {
		out[i].Value = said + " " + out[i].Value
	}
	return out, err
}

// lastWord splits what was said from the word that is being typed.
func lastWord(text string) (said, typing string) {
	text = strings.ReplaceAll(text, "\u3000", " ")
	i := strings.LastIndexByte(text, ' ')
	return strings.TrimSpace(text[:i+1]), text[i+1:]
}

// understood says the text names a trade, by word or by sound.
func (s *Service) understood(text string) bool {
	q := worktext.Parse(text, s.findPlace)
	return len(q.Trades) > 0 || len(q.Sounds) > 0
}

// context are the words that narrow what is said to something there is, those
// that begin with what is being typed.
func (s *Service) context(ctx context.Context, said, typing string) ([]Suggestion, error) {
	f, meant := s.understand(PostingQuery{Text: said, Limit: 1})
	for _, c := range meant.Chips { // what was typed by its sound goes on as the word
		if c.Kind == worktext.ChipSound {
			said = strings.Replace(said, c.Raw, c.Label, 1)
		}
	}
	found, err := s.Finder.Find(ctx, f)
	if err != nil || found.Total == 0 {
		return nil, err
	}
	var out []Suggestion
	add := func(kind, word string) {
		if begins(word, typing) {
			out = append(out, Suggestion{Label: said + " " + word, Kind: kind, Value: said + " " + word})
		}
	}
	if meant.Region == "" {
		for i, t := range found.Towns {
			if r, ok := s.Regions.Get(region.Code(t.Key)); ok && (i < 3 || typing != "") {
				add("place", strings.TrimSuffix(strings.TrimSuffix(r.Name, "街道"), "镇"))
			}
		}
	}
	if len(meant.Facets.Days) == 0 && !meant.Facets.Weekend {
		for n, word := range []string{"今天", "明天", "后天"} {
			if slices.ContainsFunc(found.Dates, func(d Facet) bool { return d.Key == string(s.today().Add(n)) }) {
				add("time", word)
			}
		}
	}
	if err := s.narrowing(ctx, f, meant, add); err != nil {
		return nil, err
	}
	return out, nil
}

// narrowing adds pay and conditions that some of what is found has.
func (s *Service) narrowing(ctx context.Context, f Find, meant worktext.Query, add func(kind, word string)) error {
	for _, c := range []struct {
		kind, word string
		said       bool
		with       func(*Find)
	}{
		{"pay", "30元一小时", !meant.Pay.IsZero(), func(f *Find) { f.PayMinHourFen = 3000 }},
		{"condition", "日结", meant.Facets.Settlement != "", func(f *Find) { f.Settlement = SettlementKind("daily") }},
		{"condition", "包吃", meant.Facets.Meals, func(f *Find) { f.Meals = true }},
		{"condition", "包住", meant.Facets.Lodging, func(f *Find) { f.Lodging = true }},
		{"condition", "新手可做", meant.Facets.NoExperience, func(f *Find) { f.NoExperience = true }},
		{"condition", "不上夜班", meant.Facets.NoNight || meant.Facets.Night, func(f *Find) { f.NoNight = true }},
	} {
		if c.said {
			continue
		}
		narrower := f
		c.with(&narrower)
		found, err := s.Finder.Find(ctx, narrower)
		if err != nil {
			return err
		}
		if found.Total > 0 {
			add(c.kind, c.word)
		}
	}
	return nil
}

// begins says the word continues what is typed, in characters, letters or first letters.
func begins(word, typed string) bool {
	typed = worktext.Normalize(typed)
	if typed == "" || strings.HasPrefix(word, typed) {
		return true
	}
	syllables := worktext.Syllables(word)
	var first strings.Builder
	for _, x := range syllables {
		first.WriteString(x[:1])
	}
	return strings.HasPrefix(strings.Join(syllables, ""), typed) || strings.HasPrefix(first.String(), typed)
}
