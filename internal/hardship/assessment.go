package hardship

import (
	"context"
	"fmt"
	"slices"

	"linggong/internal/access"
	"linggong/internal/day"
	"linggong/internal/event"
	"linggong/internal/hardship/helpcase"
	"linggong/internal/hardship/refusal"
)

// AssessmentInput is an assessment as entered.
type AssessmentInput struct {
	On       day.Date // today when empty
	Blocks   map[helpcase.Clarity]string
	Willing  *bool
	Able     *bool
	Evidence string
}

// Assess records an assessment. helpcase.Clarities count at once; a change of willing or
// able waits for a second person, because taking someone out of the denominator
// is how indicator 3 is gamed (§1.3).
func (s *Service) Assess(ctx context.Context, actor access.Actor, id helpcase.ID, in AssessmentInput) (helpcase.Assessment, error) {
	var a helpcase.Assessment
	_, err := s.changeCase(ctx, actor, id, access.CaseWrite, func(ctx context.Context, c *helpcase.Case) (event.Event, error) {
		var err error
		if a, err = s.newAssessment(actor, *c, in); err != nil {
			return event.Event{}, err
		}
		if c.Clear == nil {
			c.Clear = map[helpcase.Clarity]day.Date{}
		}
		for k := range a.Blocks {
			c.Clear[k] = max(c.Clear[k], a.On)
		}
		if a.Needs {
			c.Pending = a.ID
		} else if a.Willing != nil || a.Able != nil {
			c.Affirm(a)
			c.Pending = "" // a newer answer supersedes one that waits
		}
		if err := c.Seen(a.On, s.today(), s.book); err != nil {
			return event.Event{}, err
		}
		if c.AllClear(s.today(), s.book) {
			if err := c.Advance(helpcase.OnAssess, s.today(), s.book); err != nil {
				return event.Event{}, err
			}
		}
		if err := s.store.AddAssessment(ctx, a); err != nil {
			return event.Event{}, fmt.Errorf("assess case %s: %w", id, err)
		}
		return event.Event{Kind: event.CaseAssessed, On: a.On, Tags: map[string]string{"needs_confirmation": yesNo(a.Needs)}}, nil
	})
	return a, err
}

func (s *Service) newAssessment(actor access.Actor, c helpcase.Case, in AssessmentInput) (helpcase.Assessment, error) {
	if !c.Open() {
		return helpcase.Assessment{}, helpcase.ErrMove
	}
	if in.On == "" {
		in.On = s.today()
	}
	if err := refusal.Future(in.On, s.today()); err != nil {
		return helpcase.Assessment{}, err
	}
	for k, text := range in.Blocks {
		if !slices.Contains(helpcase.Clarities, k) {
			return helpcase.Assessment{}, refusal.ErrUnknownCode.On("blocks", "unknown", "没有这个评估项")
		}
		if text == "" {
			delete(in.Blocks, k)
		}
	}
	if (in.Willing != nil || in.Able != nil) && in.Evidence == "" {
		return helpcase.Assessment{}, refusal.ErrNeedsProof.On("evidence", "required", "意愿或能力的认定须附本人签字或走访记录")
	}
	return helpcase.Assessment{
		ID: s.newID(), Case: c.ID, Person: c.Person, Region: c.Region, On: in.On, Blocks: in.Blocks,
		Willing: in.Willing, Able: in.Able, Evidence: in.Evidence, By: actor.Account,
		Needs: helpcase.Changes(c.Willing, in.Willing) || helpcase.Changes(c.Able, in.Able), Version: 1,
	}, nil
}

// ConfirmAssessment is the second person's word on the answer that waits: only
// when agreed to does it count, and in any case it waits no longer.
func (s *Service) ConfirmAssessment(ctx context.Context, actor access.Actor, id helpcase.ID, agreed bool) (helpcase.Case, error) {
	if err := refusal.Machine(actor); err != nil {
		return helpcase.Case{}, err
	}
	return s.changeCase(ctx, actor, id, access.CaseAssign, func(ctx context.Context, c *helpcase.Case) (event.Event, error) {
		if c.Pending == "" {
			return event.Event{}, helpcase.ErrMove.Saying("没有待确认的评估", "No assessment waits to be confirmed.")
		}
		a, err := s.store.Assessment(ctx, c.Pending)
		if err != nil {
			return event.Event{}, err
		}
		if a.By == actor.Account {
			return event.Event{}, ErrSecondPerson
		}
		c.Pending = ""
		if !agreed {
			return event.Event{Kind: event.CaseAssessed, Tags: map[string]string{"confirmed": "no"}}, nil
		}
		a.ConfirmedBy, a.ConfirmedAt = actor.Account, s.now()
		if err := s.store.SaveAssessment(ctx, a); err != nil {
			return event.Event{}, err
		}
		c.Affirm(a)
		c.ReviewOn = ""
		if c.Willing.Known && !c.Willing.Value || c.Able.Known && !c.Able.Value {
			c.ReviewOn = a.On.Add(s.book.Number("assess.review_days", c.Region, s.today()))
		}
		return event.Event{Kind: event.CaseAssessed, On: a.On, Tags: map[string]string{"confirmed": "yes"}}, nil
	})
}

// LastAssessment returns the newest assessment of a case, with its words.
func (s *Service) LastAssessment(ctx context.Context, actor access.Actor, id helpcase.ID) (helpcase.Assessment, error) {
	a, err := s.store.LastAssessment(ctx, id)
	if err != nil {
		return helpcase.Assessment{}, err
	}
	return a, access.Can(actor, access.CaseRead, at(a.Region))
}
