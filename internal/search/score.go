package search

import (
	"cmp"
	"slices"
	"strings"
)

// How good a hit is. A clause that holds in the head of the document by its
// best term gives 1; by a later term (a synonym, a sound) less; one that holds
// only further down gives inBody. A term with a weight gives that. A hit's score is the mean
// of its clauses, and someShare of it what it holds of the clauses not asked for.
const (
	inBody    = 0.3
	rankStep  = 0.25 // the n-th term (from 0) gives 1/(1+n·rankStep), never under inBody
	someShare = 0.2
)

// Scorer scores the hits of one query.
type Scorer struct{ clauses, some [][]needle }

type needle struct {
	parts  []string // each to be found in " head "
	weight float64
}

// NewScorer prepares the plan's clauses.
func NewScorer(p Plan) *Scorer { return &Scorer{clauses: needles(p.All), some: needles(p.Some)} }

func needles(clauses []Clause) [][]needle {
	out := make([][]needle, len(clauses))
	for i, c := range clauses {
		for rank, t := range c {
			n := needle{weight: max(1/(1+float64(rank)*rankStep), inBody)}
			if t.Weight > 0 {
				n.weight = t.Weight
			}
			end := " "
			if t.Prefix {
				end = ""
			}
			if t.Phrase {
				n.parts = []string{" " + strings.Join(t.Lexemes, " ") + end}
			} else {
				for j, l := range t.Lexemes {
					if j < len(t.Lexemes)-1 {
						n.parts = append(n.parts, " "+l+" ")
					} else {
						n.parts = append(n.parts, " "+l+end)
					}
				}
			}
			out[i] = append(out[i], n)
		}
	}
	return out
}

// Flat says the score does not depend on the document: there is nothing to score.
func (s *Scorer) Flat() bool { return len(s.clauses) == 0 }

// Score returns the score of a document that matched, from its Head.
func (s *Scorer) Score(head string) float64 {
	if len(s.clauses) == 0 {
		return 1
	}
	head = " " + head + " "
	score := mean(s.clauses, head, inBody)
	if len(s.some) > 0 {
		score = (1-someShare)*score + someShare*mean(s.some, head, 0)
	}
	return score
}

// Of returns the score of a hit, made now where it was not yet. A nil Scorer
// takes it as it is.
func (s *Scorer) Of(h Hit) float64 {
	if s == nil || h.Head == "" {
		return h.Score
	}
	return s.Score(h.Head)
}

func mean(clauses [][]needle, head string, otherwise float64) float64 {
	sum := 0.0
	for _, c := range clauses {
		sum += clauseScore(c, head, otherwise)
	}
	return sum / float64(len(clauses))
}

func clauseScore(c []needle, head string, otherwise float64) float64 {
	best := otherwise
	for _, n := range c {
		if n.weight > best && !slices.ContainsFunc(n.parts, func(p string) bool { return !strings.Contains(head, p) }) {
			best = n.weight
		}
	}
	return best
}

// Sort puts hits in order, best first, then by id, and keeps limit of them.
func Sort(hits []Hit, limit int) []Hit {
	slices.SortFunc(hits, func(a, b Hit) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.ID, b.ID))
	})
	if limit > 0 && len(hits) > limit {
		hits = hits[:limit]
	}
	return hits
}
