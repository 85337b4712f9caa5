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

// MeasureInput is a measure as a caseworker enters it.
type MeasureInput struct {
	Kind     helpcase.Kind
	On       day.Date // today when empty
	Detail   string
	Posting  string
	PostName string // a post outside the market, named in words
	StartsOn day.Date
	Mass     bool
	Outside  bool // outside her stated limits
	Answer   helpcase.Answer
	Refusal  *helpcase.Refusal
	Evidence string
}

// AddMeasure records one act of help by staff. It is kept whether or not it
// counts; the answer says why not.
func (s *Service) AddMeasure(ctx context.Context, actor access.Actor, id helpcase.ID, in MeasureInput) (helpcase.Measure, error) {
	var m helpcase.Measure
	_, err := s.changeCase(ctx, actor, id, access.MeasureWrite, func(ctx context.Context, c *helpcase.Case) (event.Event, error) {
		var err error
		if m, err = s.newMeasure(ctx, actor, *c, in); err != nil {
			return event.Event{}, err
		}
		return s.help(ctx, c, &m)
	})
	return m, err
}

func (s *Service) newMeasure(ctx context.Context, actor access.Actor, c helpcase.Case, in MeasureInput) (helpcase.Measure, error) {
	if in.On == "" {
		in.On = s.today()
	}
	switch {
	case !c.Open():
		return helpcase.Measure{}, helpcase.ErrMove
	case !slices.Contains(helpcase.Kinds, in.Kind):
		return helpcase.Measure{}, refusal.ErrUnknownCode.On("kind", "unknown", "没有这种帮扶措施")
	case in.Answer != "" && !slices.Contains([]helpcase.Answer{helpcase.Accepted, helpcase.Declined, helpcase.NoAnswer}, in.Answer):
		return helpcase.Measure{}, refusal.ErrUnknownCode.On("answer", "unknown", "没有这种答复")
	case in.Answer == helpcase.Declined && (in.Refusal == nil || in.Refusal.Reason == ""):
		return helpcase.Measure{}, refusal.ErrNeedsReason.On("refusal", "required", "请记录拒绝的理由和岗位是否适合本人").
			Because("R-HELP-07", "社会救助暂行办法 第45条", "")
	}
	if err := refusal.Future(in.On, s.today()); err != nil {
		return helpcase.Measure{}, err
	}
	if in.Answer != helpcase.Declined {
		in.Refusal = nil
	}
	m := helpcase.Measure{
		ID: helpcase.MeasureID(s.newID()), Case: c.ID, Person: c.Person, Region: c.Region, Kind: in.Kind, On: in.On,
		Detail: in.Detail, Posting: in.Posting, StartsOn: in.StartsOn, Mass: in.Mass, Within: !in.Outside,
		Answer: in.Answer, Refusal: in.Refusal, Evidence: in.Evidence, By: actor.Account,
	}
	postOpen := in.PostName != "" || in.Detail != "" && in.Posting == ""
	if in.PostName != "" {
		m.Detail = in.PostName + " " + m.Detail
	}
	if in.Posting != "" && s.postings != nil {
		var err error
		if postOpen, err = s.postings.Open(ctx, in.Posting, in.On); err != nil {
			return helpcase.Measure{}, err
		}
	}
	m.Counts, m.WhyNot = helpcase.Counts(m, postOpen)
	return m, nil
}

// help adds a measure to its case and lets the case follow.
func (s *Service) help(ctx context.Context, c *helpcase.Case, m *helpcase.Measure) (event.Event, error) {
	added, err := s.store.AddMeasure(ctx, *m)
	if err != nil {
		return event.Event{}, fmt.Errorf("add measure to case %s: %w", c.ID, err)
	}
	e := event.Event{
		Kind: event.MeasureRecorded, Subject: event.Ref{Kind: "measure", ID: string(m.ID)}, On: m.On,
		Refs: []event.Ref{{Kind: "case", ID: string(c.ID)}},
		Tags: map[string]string{
			"kind": string(m.Kind), "counts": yesNo(m.Counts),
			"substantive": yesNo(m.Counts && slices.Contains(helpcase.Substantive, m.Kind)),
		},
	}
	if !added {
		return e, errSeen
	}
	if m.Ref.ID != "" {
		e.Refs = append(e.Refs, m.Ref)
	}
	c.Refusals = m.Streak(c.Refusals)
	if c.Refusals >= s.book.Number("help.refusals_before_review", c.Region, m.On) && c.AskHuman == "" && m.Unjustified() {
		c.AskHuman = s.today()
		e.Tags["refusal_review"] = "opened"
	}
	if m.Counts {
		if err := c.Advance(helpcase.OnServe, s.today(), s.book); err != nil {
			return e, err
		}
	}
	return e, nil
}

// errSeen says the act was recorded before; nothing is to be done again.
var errSeen = fmt.Errorf("recorded before")

// RecordMeasure lets other domains record, inside their own transaction, that
// something they did is a measure of the person's open case: a welfare
// placement, a gig, a training. It does nothing when she has no open case, and
// nothing the second time for the same ref. The caller has authorised its act;
// this one asks for no right of the actor's.
func (s *Service) RecordMeasure(ctx context.Context, actor access.Actor, personID, kind string, on day.Date, ref event.Ref) error {
	return s.tx.InTx(ctx, func(ctx context.Context) error {
		c, err := s.store.OpenCase(ctx, personID)
		if absent(err) {
			return nil
		}
		if err != nil {
			return err
		}
		if !slices.Contains(helpcase.Kinds, helpcase.Kind(kind)) {
			return fmt.Errorf("record measure for case %s: no kind %q", c.ID, kind)
		}
		m := helpcase.Measure{
			ID: helpcase.MeasureID(s.newID()), Case: c.ID, Person: c.Person, Region: c.Region, Kind: helpcase.Kind(kind), On: on,
			Within: true, Answer: helpcase.Accepted, Ref: ref, By: actor.Account,
		}
		m.Counts, m.WhyNot = helpcase.Counts(m, true)
		e, err := s.help(ctx, &c, &m)
		if err == errSeen { //nolint:errorlint // the sentinel of this file, never wrapped
			return nil
		}
		if err != nil {
			return err
		}
		return s.saveCase(ctx, actor, c, e)
	})
}

// ReviewRefusals is a person's decision on three unjustified refusals in a row.
func (s *Service) ReviewRefusals(ctx context.Context, actor access.Actor, id helpcase.ID, decision, opinion string) (helpcase.Case, error) {
	if err := refusal.Machine(actor); err != nil {
		return helpcase.Case{}, err
	}
	return s.changeCase(ctx, actor, id, access.CaseAssign, func(ctx context.Context, c *helpcase.Case) (event.Event, error) {
		switch {
		case c.AskHuman == "":
			return event.Event{}, helpcase.ErrMove
		case !slices.Contains(helpcase.RefusalDecisions, decision):
			return event.Event{}, refusal.ErrUnknownCode.On("decision", "unknown", "请选择复核结论")
		case opinion == "":
			return event.Event{}, refusal.ErrNeedsReason
		}
		r := helpcase.RefusalReview{
			ID: s.newID(), Case: id, Since: c.AskHuman, On: s.today(), Decision: decision, Opinion: opinion, By: actor.Account,
		}
		if err := s.store.AddRefusalReview(ctx, r); err != nil {
			return event.Event{}, err
		}
		c.AskHuman, c.Refusals = "", 0
		return event.Event{Kind: event.CaseChanged, Tags: map[string]string{"change": "refusals_reviewed", "decision": decision}}, nil
	})
}
