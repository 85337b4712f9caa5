package goldtest

import (
	"errors"
	"fmt"
	"hash/fnv"
	"strconv"
	"strings"

	"linggong/internal/search"
)

// Label judges the written queries over the postings. A third of them, by the
// hash of what they say, is held out: measured, and not tuned for.
func Label(postings []Posting) (tuned, held []search.GoldQuery, err error) {
	for i, row := range rowsOf(queriesTSV) {
		if len(row) != 5 {
			return nil, nil, fmt.Errorf("queries.tsv, query %d has %d columns", i+1, len(row))
		}
		q := search.GoldQuery{ID: fmt.Sprintf("Q%03d", i+1), Kind: row[0], Query: row[1]}
		if err := judge(&q, postings, row[2], row[3], row[4]); err != nil {
			return nil, nil, fmt.Errorf("queries.tsv, %q: %w", q.Query, err)
		}
		if Held(q.Query) {
			held = append(held, q)
		} else {
			tuned = append(tuned, q)
		}
	}
	return tuned, held, nil
}

// Held says a query belongs to the third that is held out.
func Held(query string) bool {
	h := fnv.New32a()
	h.Write([]byte(query))
	return h.Sum32()%3 == 0
}

var errNothing = errors.New("no posting is wanted")

func judge(q *search.GoldQuery, postings []Posting, want, accept, forbid string) error {
	wanted, err := parseWish(want)
	if err != nil {
		return err
	}
	accepted, otherPay := wanted.also(accept)
	for _, p := range postings {
		never, err := anyOf(p, forbid)
		switch {
		case err != nil:
			return err
		case never:
			q.Forbidden = append(q.Forbidden, p.ID)
		case wanted.holds(p):
			q.Wanted = append(q.Wanted, p.ID)
		case accepted.kind(p) && accepted.conditions(p, otherPay) || otherPay && wanted.kind(p) && wanted.conditions(p, true):
			q.Acceptable = append(q.Acceptable, p.ID)
		}
	}
	if len(q.Wanted) == 0 {
		return errNothing
	}
	return nil
}

// wish is what a query asks: one of the kinds, and all of the conditions.
type wish struct {
	all        bool
	trades     []string // or "#group"
	alsoHourly bool
	alsoNoExp  bool
	town       string
	payFen     int64
	payUnit    string
	facets     []string
}

func parseWish(s string) (wish, error) {
	var w wish
	for word := range strings.FieldsSeq(s) {
		switch {
		case word == "all":
			w.all = true
		case strings.HasPrefix(word, "@"):
			w.town = word[1:]
		case strings.HasPrefix(word, "f:"), strings.HasPrefix(word, "s:"):
			if _, err := facet(Posting{}, word); err != nil {
				return w, err
			}
			w.facets = append(w.facets, word)
		case word[0] == 'p' && len(word) > 2 && word[1] >= '0' && word[1] <= '9':
			u, ok := units[word[len(word)-1]]
			n, err := strconv.ParseInt(word[1:len(word)-1], 10, 64)
			if err != nil || !ok {
				return w, fmt.Errorf("pay %q", word)
			}
			w.payFen, w.payUnit = n*100, u.name
		default:
			w.trades = append(w.trades, word)
		}
	}
	if !w.all && len(w.trades) == 0 {
		return w, errors.New("it asks for no trade")
	}
	return w, nil
}

// also is the wish with other kinds; otherPay says pay of another unit will do.
func (w wish) also(accept string) (out wish, otherPay bool) {
	out = w
	out.trades, out.all = nil, false
	for word := range strings.FieldsSeq(accept) {
		switch word {
		case "~pay":
			otherPay = true
		case "f:hour":
			out.alsoHourly = true
		case "f:noexp":
			out.alsoNoExp = true
		case "all":
			out.all = true
		default:
			out.trades = append(out.trades, word)
		}
	}
	return out, otherPay
}

func (w wish) holds(p Posting) bool { return w.kind(p) && w.conditions(p, false) }

func (w wish) kind(p Posting) bool {
	if w.all || w.alsoHourly && p.PayUnit == "hour" || w.alsoNoExp && p.NoExp {
		return true
	}
	for _, t := range w.trades {
		if t == p.Trade || p.Group != "" && t == "#"+p.Group {
			return true
		}
	}
	return false
}

func (w wish) conditions(p Posting, otherPay bool) bool {
	if w.town != "" && p.Town != w.town {
		return false
	}
	for _, f := range w.facets {
		if is, err := facet(p, f); err != nil || !is {
			return false
		}
	}
	if w.payFen == 0 {
		return true
	}
	if p.PayUnit == w.payUnit {
		return p.PayMinFen >= w.payFen
	}
	asked, paid := perHour(w.payFen, w.payUnit), perHour(p.PayMinFen, p.PayUnit)
	return otherPay && paid > 0 && paid >= asked
}

// perHour turns pay into an hour's, of a day of eight hours and a month of 21.75 days.
func perHour(fen int64, unit string) int64 {
	switch unit {
	case "hour":
		return fen
	case "day":
		return fen / 8
	case "month":
		return fen * 100 / (2175 * 8)
	}
	return 0
}

func facet(p Posting, name string) (bool, error) {
	switch name {
	case "f:meals":
		return p.Meals, nil
	case "f:lodging":
		return p.Lodging, nil
	case "f:night":
		return p.Night, nil
	case "f:nonight":
		return !p.Night, nil
	case "f:noexp":
		return p.NoExp, nil
	case "f:older":
		return p.Older, nil
	case "f:hour":
		return p.PayUnit == "hour", nil
	case "f:urgent":
		return p.Urgent, nil
	case "f:notmonthly":
		return p.Settlement != "monthly", nil
	}
	if s, ok := strings.CutPrefix(name, "s:"); ok {
		return p.Settlement == s, nil
	}
	return false, fmt.Errorf("unknown condition %q", name)
}

// anyOf says one of the things never wanted is true of p.
func anyOf(p Posting, forbid string) (bool, error) {
	for word := range strings.FieldsSeq(forbid) {
		if strings.HasPrefix(word, "f:") || strings.HasPrefix(word, "s:") {
			is, err := facet(p, word)
			if err != nil || is {
				return is, err
			}
			continue
		}
		if (wish{trades: []string{word}}).kind(p) {
			return true, nil
		}
	}
	return false, nil
}
