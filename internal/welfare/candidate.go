package welfare

import (
	"context"
	"errors"
	"slices"
	"strings"

	"linggong/internal/access"
	"linggong/internal/errs"
)

// Candidate is a person who may be put on a post, in lawful order.
type Candidate struct {
	Recognised
	Rank     int
	By       string // what ranks her
	Card     Card
	Blockers []Blocker
}

// Blocker is why a person cannot have a post now.
type Blocker struct{ Code, Message, Rule, Source, Remedy string }

// Eligible ranks the recognised people of the post's town: those who may have
// the post first, in order, then those who may not, each with why.
func (s *Service) Eligible(ctx context.Context, actor access.Actor, id PostID) ([]Candidate, error) {
	post, err := s.store.Post(ctx, id)
	if err != nil {
		return nil, err
	}
	if err := access.Can(actor, access.PlacementWrite, post.target()); err != nil {
		return nil, err
	}
	list, err := s.ranked(ctx, post)
	if err != nil {
		return nil, err
	}
	// Only people of the actor's own scope are named to her.
	return slices.DeleteFunc(list, func(c Candidate) bool { return !actor.Covers(c.Village) }), nil
}

func (s *Service) ranked(ctx context.Context, post Post) ([]Candidate, error) {
	today := s.today()
	people, err := s.register.Candidates(ctx, post.Village[:9], today)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(people))
	for i, p := range people {
		ids[i] = p.Person
	}
	placed, err := s.store.ActivePersons(ctx, ids)
	if err != nil {
		return nil, err
	}
	cards, err := s.people.Cards(ctx, ids)
	if err != nil {
		return nil, err
	}
	past, err := s.store.History(ctx, ids...)
	if err != nil {
		return nil, err
	}
	busy := map[string]bool{}
	for _, p := range people {
		if placed[p.Person] && p.Household != "" {
			busy[p.Household] = true
		}
	}
	book := s.book()
	out := make([]Candidate, 0, len(people))
	for _, p := range people {
		c := Candidate{Recognised: p, Card: cards[p.Person]}
		if c.Rank, c.By = book.WelfareRank(p.Categories, p.Severe, post.Village, today); !slices.Contains(p.Categories, c.By) {
			c.By = "priority" // why is a health fact: it orders the list and is not told
		}
		if placed[p.Person] {
			c.Blockers = append(c.Blockers, blocker(ErrPlacedBefore.Code, ErrPlacedBefore.Message, ErrPlacedBefore.Rule, ErrPlacedBefore.Source, ErrPlacedBefore.Remedy))
		} else if p.Household != "" && busy[p.Household] && book.Text("pwj.household_one", post.Village, today) == "true" {
			c.Blockers = append(c.Blockers, blocker(ErrHouseholdPlaced.Code, ErrHouseholdPlaced.Message, "R-PWJ-01", "本系统缺省（省办法待确认）", "家里的安置退出后可以再办，或由市局决定"))
		} else if _, err := s.term(p, c.Card, post.Village, ordinal(past[p.Person], ""), today, today); err != nil {
			var no *errs.Error
			if !errors.As(err, &no) {
				return nil, err
			}
			c.Blockers = append(c.Blockers, blocker(no.Code, no.Message, no.Rule, no.Source, no.Remedy)) // told now, not after the papers are made
		}
		out = append(out, c)
	}
	slices.SortStableFunc(out, byLawfulOrder)
	return out, nil
}

// byLawfulOrder puts who may have the post first, then by rank; of equals the
// longer unemployed, then the longer recognised.
func byLawfulOrder(a, b Candidate) int {
	switch {
	case (len(a.Blockers) == 0) != (len(b.Blockers) == 0):
		if len(a.Blockers) == 0 {
			return -1
		}
		return 1
	case a.Rank != b.Rank:
		return a.Rank - b.Rank
	case a.Unemployed != b.Unemployed:
		return strings.Compare(string(a.Unemployed), string(b.Unemployed))
	case a.Since != b.Since:
		return strings.Compare(string(a.Since), string(b.Since))
	}
	return strings.Compare(a.Person, b.Person)
}

func blocker(code, message, rule, source, remedy string) Blocker {
	return Blocker{code, message, rule, source, remedy}
}
