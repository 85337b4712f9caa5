package projection

import (
	"context"
	"slices"
	"strings"

	"linggong/internal/gig"
	"linggong/internal/search"
	"linggong/internal/worktext"
)

// levels are how many digits the codes of a province, a district's city, a
// city, a town and a village share with all below them.
var levels = []int{2, 4, 6, 9, 12}

// scopeMarks are the scopes a worker is within, as tokens: who searches names
// hers, and no document without one of them is found, whatever the words are.
func scopeMarks(w gig.Worker) []string {
	var out []string
	for _, n := range levels {
		if len(w.Village) >= n {
			out = append(out, regionMark(w.Village[:n]))
		}
	}
	if w.Station != "" {
		out = append(out, stationMark(w.Station))
	}
	return out
}

func regionMark(prefix string) string { return "zr" + prefix }

// stationMark keeps within search.MaxTokenRunes: the first characters of an id
// are its date.
func stationMark(id gig.StationID) string {
	hex := strings.ReplaceAll(string(id), "-", "")
	return "zs" + hex[max(0, len(hex)-search.MaxTokenRunes+2):]
}

// scopeClause is the filter every search for workers carries; ok is false where
// the scope holds nobody that could be found by words.
func scopeClause(s gig.Scope) (c worktext.Clause, ok bool) {
	add := func(mark string) {
		c.Any = append(c.Any, worktext.Term{Field: worktext.InTokens, Tokens: []string{mark}, Weight: 1})
	}
	for _, prefix := range s.Regions {
		for i := len(levels) - 1; i >= 0; i-- {
			if n := levels[i]; len(prefix) >= n { // a prefix between two levels is narrowed when the rows are read
				add(regionMark(prefix[:n]))
				break
			}
		}
	}
	if s.Station != "" {
		add(stationMark(s.Station))
	}
	return c, len(c.Any) > 0
}

// FindWorkers implements gig.WorkerFinder.
func (p *Workers) FindWorkers(ctx context.Context, f gig.WorkerFind) (gig.WorkersFound, error) {
	q := search.Query{Match: worktext.Match{All: slices.Clone(f.Words.All), None: f.Words.None, Some: f.Words.Some}, Region: f.Region, Limit: f.Limit}
	if !f.Scope.All {
		c, ok := scopeClause(f.Scope)
		if !ok {
			return gig.WorkersFound{}, nil
		}
		q.All = append([]worktext.Clause{c}, q.All...)
	}
	for _, h := range []struct {
		asked bool
		mark  string
	}{{f.Weekend, weekendMark}, {f.Night, nightMark}} {
		if h.asked {
			q.All = append(q.All, worktext.Clause{Any: []worktext.Term{{Field: worktext.InTokens, Tokens: []string{h.mark}, Weight: 1}}})
		}
	}
	answer, err := p.Words.Match(ctx, q)
	if err != nil {
		return gig.WorkersFound{}, err
	}
	out := gig.WorkersFound{Degraded: answer.Degraded, Hits: make([]gig.WorkerHit, len(answer.Hits))}
	for i, h := range answer.Hits {
		out.Hits[i] = gig.WorkerHit{ID: gig.WorkerID(h.ID), Score: h.Score}
	}
	return out, nil
}
