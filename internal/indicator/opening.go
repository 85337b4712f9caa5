package indicator

import (
	"context"
	"fmt"
	"time"

	"linggong/internal/access"
	"linggong/internal/day"
	"linggong/internal/dbx"
	"linggong/internal/event"
)

// FactPage is what a number opens to.
type FactPage struct {
	Facts []Fact
	Count int64 // of all pages
}

// FactQuery asks for the facts behind a number.
type FactQuery struct {
	Indicator Key
	Year      int
	Month     int // 1 to 12, 0 for the year
	Region    string
	All       bool // with what does not count, and why
	After     string
	Limit     int
}

// Facts returns the facts behind a number: as many as it says.
func (s *Service) Facts(ctx context.Context, actor access.Actor, q FactQuery) (FactPage, error) {
	if q.Region == "" {
		q.Region = s.city
		if !actor.City() && len(actor.Regions) == 1 {
			q.Region = actor.Regions[0]
		}
	}
	if err := access.Can(actor, access.FactRead, access.Target{Region: q.Region}); err != nil {
		return FactPage{}, err
	}
	d, err := s.defs.Definition(q.Indicator)
	if err != nil {
		return FactPage{}, err
	}
	if q.Year < 2023 || q.Year > 2035 {
		return FactPage{}, ErrYear
	}
	f := Filter{Indicator: q.Indicator, Region: scopePrefix(q.Region), Counted: !q.All, After: q.After, Limit: q.Limit}
	f.From, f.To = span(d, q.Year)
	if q.Month != 0 {
		f.From = day.New(q.Year, time.Month(q.Month), 1)
		f.To = f.From.AddMonths(1).Add(-1)
	}
	if d.Nature == Ratio && !q.All {
		f.Part = Num
	}
	if q.Indicator == HelpRate && !q.All {
		eligible, done, err := s.helpLists(ctx, q.Region, q.Year)
		if err != nil {
			return FactPage{}, err
		}
		f.Persons, f.Region = []string{}, scopePrefix(s.city)
		for _, e := range eligible {
			if done[e.Person] {
				f.Persons = append(f.Persons, e.Person)
			}
		}
	}
	page := FactPage{}
	if page.Facts, err = s.facts.List(ctx, f); err != nil {
		return page, err
	}
	page.Count, err = s.facts.Count(ctx, f)
	return page, err
}

// Fact returns one fact.
func (s *Service) Fact(ctx context.Context, actor access.Actor, id string) (Fact, error) {
	f, err := s.facts.Fact(ctx, id)
	if err != nil {
		return Fact{}, err
	}
	if err := access.Can(actor, access.FactRead, access.Target{Region: f.Region}); err != nil {
		return Fact{}, err
	}
	return f, nil
}

// Reverse takes a fact back with a reason: a new fact, the old one stays.
func (s *Service) Reverse(ctx context.Context, actor access.Actor, id, reason string) (Fact, error) {
	if reason == "" {
		return Fact{}, ErrReasonMissing
	}
	var back Fact
	err := s.tx.InTx(ctx, func(ctx context.Context) error {
		f, err := s.facts.Fact(ctx, id)
		if err != nil {
			return err
		}
		switch err := access.Can(actor, access.FactReverse, access.Target{Region: f.Region}); {
		case err != nil:
			return err
		case f.ReversedBy != "":
			return ErrAlreadyReversed
		case f.Reverses != "" || f.Quantity == 0:
			return ErrNotReversible
		}
		e := event.Event{
			ID: dbx.NewID(), Kind: event.FactReversed, Actor: actor, Subject: event.Ref{Kind: "fact", ID: f.ID},
			Region: f.Region, Person: f.Person, Reason: reason,
		}
		back = f
		back.ID, back.Cause, back.CauseKind = dbx.NewID(), e.ID, e.Kind
		back.Quantity, back.Reverses, back.RecordedAt = -f.Quantity, f.ID, s.now()
		if _, err := s.facts.Add(ctx, back); err != nil {
			return err
		}
		if err := s.facts.ReleaseOnce(ctx, f.ID); err != nil {
			return err
		}
		return s.events.Publish(ctx, e)
	})
	if err != nil {
		return Fact{}, fmt.Errorf("reverse fact %s: %w", id, err)
	}
	return back, nil
}
