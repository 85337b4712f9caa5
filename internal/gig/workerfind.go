package gig

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"linggong/internal/access"
	"linggong/internal/region"
	"linggong/internal/worktext"
)

// WorkerFind is a search for workers as the index takes it.
type WorkerFind struct {
	Words   worktext.Match
	Region  string // under this code, "" anywhere
	Scope   Scope  // nobody outside it is found
	Weekend bool   // usually free then
	Night   bool
	Limit   int // the best so many
}

// WorkersFound is what the index found, best first.
type WorkersFound struct {
	Hits     []WorkerHit
	Degraded bool // the text engine did not answer; the database did
}

// WorkerHit is one worker found.
type WorkerHit struct {
	ID    WorkerID
	Score float64 // 0…1
}

// WorkerFinder finds workers by what they can do and when.
type WorkerFinder interface {
	FindWorkers(ctx context.Context, f WorkerFind) (WorkersFound, error)
}

// WorkerResult is what a search for workers found.
type WorkerResult struct {
	Items    []WorkerView
	Chips    []worktext.Chip // what the words were understood to say; none where a person was found by name or number
	Degraded bool
}

const (
	workersFound = 500 // looked at, the best by words
	workersShown = 50
	mostDigits   = 6 // more in a row are a number that leads to a person
)

// SearchWorkers finds the workers the actor may see: a whole name, phone or ID
// number names a person of the registry; anything else is words about work
// (保洁 周末 许村). What may be a number of a person never goes to the index.
func (s *Service) SearchWorkers(ctx context.Context, actor access.Actor, text string) (WorkerResult, error) {
	scope, err := scopeOf(actor, access.WorkerRead)
	if err != nil {
		return WorkerResult{}, err
	}
	page, err := s.Workers(ctx, actor, WorkerFilter{Query: text, Limit: workersShown})
	if err != nil || len(page.Items) > 0 || s.WorkerFinder == nil || digits(text) > mostDigits {
		return WorkerResult{Items: page.Items}, err
	}
	f, meant := s.understandWorkers(text)
	f.Scope = scope
	out := WorkerResult{Chips: meant.Chips}
	if f.Words.IsZero() && !f.Weekend && !f.Night {
		if f.Region == "" && len(meant.Facets.Days) == 0 {
			return out, nil
		}
		page, err := s.Workers(ctx, actor, s.workersOf(f, meant, nil))
		out.Items = page.Items
		return out, err
	}
	found, err := s.WorkerFinder.FindWorkers(ctx, f)
	if err != nil || len(found.Hits) == 0 {
		out.Degraded = found.Degraded
		return out, err
	}
	out.Degraded = found.Degraded
	out.Items, err = s.foundWorkers(ctx, scope, s.workersOf(f, meant, found.Hits), found.Hits)
	return out, err
}

// understandWorkers turns what was typed into words, a place and hours.
func (s *Service) understandWorkers(text string) (WorkerFind, worktext.Query) {
	meant := worktext.Parse(text, s.findPlace)
	return WorkerFind{
		Words: meant.Match(), Region: meant.Region, Weekend: meant.Facets.Weekend, Night: meant.Facets.Night, Limit: workersFound,
	}, meant
}

// workersOf is what the rows must say beside the words.
func (s *Service) workersOf(f WorkerFind, meant worktext.Query, hits []WorkerHit) WorkerFilter {
	out := WorkerFilter{Town: f.Region, Limit: workersShown}
	if slices.Contains(meant.Facets.Days, 0) {
		out.Available = s.today()
	}
	for _, h := range hits {
		out.IDs = append(out.IDs, h.ID)
	}
	if hits != nil {
		out.Limit = workersFound
	}
	return out
}

// foundWorkers reads the workers found, in scope by the rows as they are now:
// the best first, of equals those who said they are free today, then who has
// waited longest.
func (s *Service) foundWorkers(ctx context.Context, scope Scope, f WorkerFilter, hits []WorkerHit) ([]WorkerView, error) {
	page, err := s.Store.Workers(ctx, scope, f)
	if err != nil {
		return nil, fmt.Errorf("read the workers found: %w", err)
	}
	score := make(map[WorkerID]float64, len(hits))
	for _, h := range hits {
		score[h.ID] = h.Score
	}
	today := s.today()
	rank := func(w Worker) int {
		if w.AvailableToday(today) {
			return 0
		}
		return 1
	}
	slices.SortFunc(page.Items, func(a, b Worker) int {
		return cmp.Or(cmp.Compare(score[b.ID], score[a.ID]), cmp.Compare(rank(a), rank(b)), a.WaitingSince.Compare(b.WaitingSince), cmp.Compare(a.ID, b.ID))
	})
	return s.views(ctx, page.Items[:min(len(page.Items), workersShown)])
}

// CandidatesFound are candidates whom words mean.
type CandidatesFound struct {
	Items    []Candidate
	Chips    []worktext.Chip // what the words were understood to say
	Degraded bool            // the text engine did not answer; the database did
}

// CandidatesByWords is Candidates, of those only whom the words mean, in the
// same order.
func (s *Service) CandidatesByWords(ctx context.Context, actor access.Actor, id PostingID, shift ShiftID, text string) (CandidatesFound, error) {
	all, err := s.Candidates(ctx, actor, id, shift)
	if err != nil {
		return CandidatesFound{}, err
	}
	return s.amongCandidates(ctx, all, text)
}

// amongCandidates keeps the candidates the words mean. The list is already what
// the actor may see.
func (s *Service) amongCandidates(ctx context.Context, all []Candidate, text string) (CandidatesFound, error) {
	if strings.TrimSpace(text) == "" || s.WorkerFinder == nil {
		return CandidatesFound{Items: all}, nil
	}
	if digits(text) > mostDigits {
		return CandidatesFound{}, nil
	}
	f, meant := s.understandWorkers(text)
	f.Scope, f.Limit = Scope{All: true}, 0
	out, found := CandidatesFound{Chips: meant.Chips}, map[WorkerID]bool{}
	if words := !f.Words.IsZero() || f.Weekend || f.Night; words {
		res, err := s.WorkerFinder.FindWorkers(ctx, f)
		if err != nil {
			return CandidatesFound{}, err
		}
		for _, h := range res.Hits {
			found[h.ID] = true
		}
		out.Degraded = res.Degraded
	} else {
		for _, c := range all {
			found[c.Worker.ID] = f.Region != "" || len(meant.Facets.Days) > 0
		}
	}
	today := slices.Contains(meant.Facets.Days, 0)
	out.Items = slices.DeleteFunc(all, func(c Candidate) bool {
		return !found[c.Worker.ID] || !strings.HasPrefix(c.Worker.Village, region.Code(f.Region).Prefix()) || today && !c.Worker.AvailableToday(s.today())
	})
	return out, nil
}

// digits is the longest run of digits in text.
func digits(text string) int {
	most, n := 0, 0
	for _, r := range worktext.Normalize(text) {
		if r >= '0' && r <= '9' {
			n++
			most = max(most, n)
		} else if r != ' ' && r != '-' {
			n = 0
		}
	}
	return most
}
