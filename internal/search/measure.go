package search

import (
	"context"
	"fmt"
	"slices"
)

// Looks are how deep a reader is taken to look.
const (
	recallAt    = 10
	precisionAt = 3
)

// Figures say how good answers are, as means over queries.
//
//   - RecallAt10: of what is wanted, the share among the first ten; where more
//     than ten are wanted, the share of ten.
//   - PrecisionAt3: of the first three shown, the share that is wanted or
//     acceptable; nothing shown is 0 where something is wanted, else 1.
//   - MRR: 1 ÷ the place of the first that is wanted, 0 without one.
//   - ForbiddenHits: how many forbidden ones are shown, however far down.
//
// Queries with nothing wanted count in precision and forbidden hits only.
type Figures struct {
	RecallAt10    float64 `json:"recall_at_10"`
	PrecisionAt3  float64 `json:"precision_at_3"`
	MRR           float64 `json:"mrr"`
	ForbiddenHits int     `json:"forbidden_hits"`
}

// Failure is a query whose answer is not as labelled.
type Failure struct {
	QueryID      string   `json:"query_id"`
	Kind         string   `json:"kind"`
	Query        string   `json:"query"`
	RecallAt10   float64  `json:"recall_at_10"`
	PrecisionAt3 float64  `json:"precision_at_3"`
	Top          []string `json:"top"`       // the first ten shown
	Missing      []string `json:"missing"`   // wanted and not among them, ten at most
	Forbidden    []string `json:"forbidden"` // shown and forbidden
}

// Report is a measured run.
type Report struct {
	Overall  Figures            `json:"overall"`
	ByKind   map[string]Figures `json:"by_kind"`
	Failures []Failure          `json:"failures"`

	Counts map[string]int      `json:"-"` // queries of each kind
	Kinds  []string            `json:"-"` // in the order of the file
	Tops   map[string][]string `json:"-"` // query id → the first ten
}

// Find answers a query with the ids of documents, best first.
type Find func(ctx context.Context, query string) ([]string, error)

// Measure asks every query and compares the answers with the labels.
func Measure(ctx context.Context, queries []GoldQuery, find Find) (Report, error) {
	r := Report{ByKind: map[string]Figures{}, Failures: []Failure{}, Counts: map[string]int{}, Tops: map[string][]string{}}
	all, kinds := &sums{}, map[string]*sums{}
	for _, q := range queries {
		shown, err := find(ctx, q.Query)
		if err != nil {
			return Report{}, fmt.Errorf("ask %s %q: %w", q.ID, q.Query, err)
		}
		f := q.judge(shown)
		if kinds[q.Kind] == nil {
			kinds[q.Kind] = &sums{}
			r.Kinds = append(r.Kinds, q.Kind)
		}
		wants := len(q.Wanted) > 0
		rank := reciprocal(q, shown)
		all.add(f, rank, wants)
		kinds[q.Kind].add(f, rank, wants)
		r.Counts[q.Kind]++
		r.Tops[q.ID] = f.Top
		if wants && f.RecallAt10 < 1 || f.PrecisionAt3 < 1 || len(f.Forbidden) > 0 {
			r.Failures = append(r.Failures, f)
		}
	}
	r.Overall = all.figures()
	for k, s := range kinds {
		r.ByKind[k] = s.figures()
	}
	return r, nil
}

// sums are figures not yet divided.
type sums struct {
	recall, precision, rank float64
	queries, wanting        int
	forbidden               int
}

func (s *sums) add(f Failure, rank float64, wants bool) {
	s.queries++
	s.precision += f.PrecisionAt3
	s.forbidden += len(f.Forbidden)
	if wants {
		s.wanting++
		s.recall += f.RecallAt10
		s.rank += rank
	}
}

func (s *sums) figures() Figures {
	f := Figures{ForbiddenHits: s.forbidden}
	if s.queries > 0 {
		f.PrecisionAt3 = s.precision / float64(s.queries)
	}
	if s.wanting > 0 {
		f.RecallAt10, f.MRR = s.recall/float64(s.wanting), s.rank/float64(s.wanting)
	}
	return f
}

func (q GoldQuery) judge(shown []string) Failure {
	f := Failure{QueryID: q.ID, Kind: q.Kind, Query: q.Query, Missing: []string{}, Forbidden: []string{}}
	f.Top = append([]string{}, shown[:min(recallAt, len(shown))]...)
	found := 0
	for _, id := range q.Wanted {
		if slices.Contains(f.Top, id) {
			found++
		} else if len(f.Missing) < recallAt {
			f.Missing = append(f.Missing, id)
		}
	}
	if n := min(recallAt, len(q.Wanted)); n > 0 {
		f.RecallAt10 = float64(found) / float64(n)
	}
	if f.RecallAt10 == 1 {
		f.Missing = []string{}
	}
	for _, id := range shown {
		if slices.Contains(q.Forbidden, id) {
			f.Forbidden = append(f.Forbidden, id)
		}
	}
	f.PrecisionAt3 = q.precision(shown[:min(precisionAt, len(shown))])
	return f
}

func (q GoldQuery) precision(first []string) float64 {
	if len(first) == 0 {
		if len(q.Wanted) == 0 {
			return 1
		}
		return 0
	}
	good := 0
	for _, id := range first {
		if slices.Contains(q.Wanted, id) || slices.Contains(q.Acceptable, id) {
			good++
		}
	}
	return float64(good) / float64(len(first))
}

func reciprocal(q GoldQuery, shown []string) float64 {
	for i, id := range shown {
		if slices.Contains(q.Wanted, id) {
			return 1 / float64(i+1)
		}
	}
	return 0
}

// Change is a query whose first ten are not those of the accepted run.
type Change struct {
	QueryID string
	Query   string
	First   bool // the first hit is another
	Was     string
	Is      string
	Gone    []string // of the ten before
	New     []string
}

// Changes compares a run with the accepted one, in the order of queries. A
// query the accepted run does not know is none.
func (r Report) Changes(accepted map[string][]string, queries []GoldQuery) []Change {
	var out []Change
	for _, q := range queries {
		was, known := accepted[q.ID]
		is := r.Tops[q.ID]
		if !known || slices.Equal(was, is) {
			continue
		}
		c := Change{QueryID: q.ID, Query: q.Query, Was: first(was), Is: first(is), Gone: without(was, is), New: without(is, was)}
		c.First = c.Was != c.Is
		if c.First || len(c.Gone)+len(c.New) > 0 {
			out = append(out, c)
		}
	}
	return out
}

func first(ids []string) string {
	if len(ids) == 0 {
		return ""
	}
	return ids[0]
}

func without(ids, others []string) []string {
	return slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return slices.Contains(others, id) })
}
