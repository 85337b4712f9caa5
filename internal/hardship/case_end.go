package hardship

import (
	"context"
	"slices"

	"linggong/internal/access"
	"linggong/internal/day"
	"linggong/internal/event"
	"linggong/internal/hardship/helpcase"
	"linggong/internal/hardship/refusal"
)

// FindWork records that the person works since a day. The case stays open until
// the work has proved stable.
func (s *Service) FindWork(ctx context.Context, actor access.Actor, id helpcase.ID, since day.Date, form, evidence string) (helpcase.Case, error) {
	return s.changeCase(ctx, actor, id, access.CaseWrite, func(ctx context.Context, c *helpcase.Case) (event.Event, error) {
		switch {
		case !c.Open() || c.Status == helpcase.InWork || c.Status == helpcase.FollowingUp:
			return event.Event{}, helpcase.ErrMove
		case !slices.Contains(helpcase.WorkForms, form):
			return event.Event{}, refusal.ErrUnknownCode.On("form", "unknown", "请选择就业形式")
		case evidence == "":
			return event.Event{}, refusal.ErrNeedsProof
		}
		if err := refusal.Future(since, s.today()); err != nil {
			return event.Event{}, err
		}
		c.WorkSince, c.WorkForm = since, form
		c.Promise = helpcase.Promise{}
		c.FollowUps = slices.DeleteFunc(c.FollowUps, func(f helpcase.FollowUp) bool { return f.DoneOn == "" })
		for _, m := range helpcase.FollowUpMonths {
			c.FollowUps = append(c.FollowUps, helpcase.FollowUp{ID: s.newID(), Month: m, Due: since.AddMonths(m)})
		}
		if err := c.Advance(helpcase.OnEmploy, s.today(), s.book); err != nil {
			return event.Event{}, err
		}
		status := Employed
		if form == "self_employed" {
			status = SelfEmployed
		}
		if err := s.lifeChanged(ctx, actor, c.Person, status, since); err != nil {
			return event.Event{}, err
		}
		return event.Event{Kind: event.CaseChanged, On: since, Tags: map[string]string{"change": "employed", "form": form}}, nil
	})
}

// FollowUpInput is what a follow-up found.
type FollowUpInput struct {
	Month    int
	On       day.Date
	Employed bool
	Evidence string
}

// FollowUp records a visit after work was found. Work lost puts the case back to
// serving: 一帮到底.
func (s *Service) FollowUp(ctx context.Context, actor access.Actor, id helpcase.ID, in FollowUpInput) (helpcase.Case, error) {
	return s.changeCase(ctx, actor, id, access.CaseWrite, func(ctx context.Context, c *helpcase.Case) (event.Event, error) {
		if c.Status != helpcase.InWork && c.Status != helpcase.FollowingUp {
			return event.Event{}, helpcase.ErrMove
		}
		if in.Evidence == "" {
			return event.Event{}, refusal.ErrNeedsProof
		}
		if err := refusal.Future(in.On, s.today()); err != nil {
			return event.Event{}, err
		}
		i := slices.IndexFunc(c.FollowUps, func(f helpcase.FollowUp) bool { return f.DoneOn == "" && f.Month == in.Month })
		if i < 0 {
			return event.Event{}, refusal.ErrUnknownCode.On("month", "unknown", "没有这次待办的回访")
		}
		f := &c.FollowUps[i]
		f.DoneOn, f.Employed, f.Evidence, f.By = in.On, in.Employed, in.Evidence, actor.Account
		if err := c.Seen(in.On, s.today(), s.book); err != nil {
			return event.Event{}, err
		}
		if in.Employed {
			return event.Event{Kind: event.CaseChanged, On: in.On, Tags: map[string]string{"change": "followed_up"}},
				c.Advance(helpcase.OnFollowUp, s.today(), s.book)
		}
		return event.Event{Kind: event.CaseChanged, On: in.On, Tags: map[string]string{"change": "relapsed"}},
			s.relapse(ctx, actor, c, in.On)
	})
}

// LoseWork records, outside a follow-up, that the work has ended.
func (s *Service) LoseWork(ctx context.Context, actor access.Actor, id helpcase.ID, on day.Date) (helpcase.Case, error) {
	return s.changeCase(ctx, actor, id, access.CaseWrite, func(ctx context.Context, c *helpcase.Case) (event.Event, error) {
		if err := refusal.Future(on, s.today()); err != nil {
			return event.Event{}, err
		}
		return event.Event{Kind: event.CaseChanged, On: on, Tags: map[string]string{"change": "relapsed"}}, s.relapse(ctx, actor, c, on)
	})
}

func (s *Service) relapse(ctx context.Context, actor access.Actor, c *helpcase.Case, on day.Date) error {
	if err := c.Advance(helpcase.OnRelapse, s.today(), s.book); err != nil {
		return err
	}
	c.WorkSince, c.WorkForm = "", ""
	c.LastSeen = max(c.LastSeen, on)
	c.FollowUps = slices.DeleteFunc(c.FollowUps, func(f helpcase.FollowUp) bool { return f.DoneOn == "" })
	return s.lifeChanged(ctx, actor, c.Person, Unemployed, on)
}

// CloseCase closes a case for one of the allowed reasons, with its evidence.
func (s *Service) CloseCase(ctx context.Context, actor access.Actor, id helpcase.ID, why helpcase.CloseReason, evidence string) (helpcase.Case, error) {
	return s.changeCase(ctx, actor, id, access.CaseWrite, func(_ context.Context, c *helpcase.Case) (event.Event, error) {
		if err := c.MayClose(why, evidence, s.today(), s.book); err != nil {
			return event.Event{}, err
		}
		if err := refusal.Machine(actor); err != nil {
			return event.Event{}, err
		}
		if err := c.Advance(helpcase.OnClose, s.today(), s.book); err != nil {
			return event.Event{}, err
		}
		c.ClosedOn, c.Reason, c.Proof = s.today(), why, evidence
		c.Promise, c.Pending, c.AskHuman = helpcase.Promise{}, "", ""
		return event.Event{Kind: event.CaseClosed, Tags: map[string]string{"reason": string(why)}}, nil
	})
}

// ReopenCase opens a closed case again, on relapse or because it was closed in
// error. Its owner must still be able to be one, else a new one is found.
func (s *Service) ReopenCase(ctx context.Context, actor access.Actor, id helpcase.ID, reason string) (helpcase.Case, error) {
	if reason == "" {
		return helpcase.Case{}, refusal.ErrNeedsReason
	}
	return s.changeCase(ctx, actor, id, access.CaseWrite, func(ctx context.Context, c *helpcase.Case) (event.Event, error) {
		if _, err := s.store.OpenCase(ctx, c.Person); !absent(err) {
			if err == nil {
				err = ErrCaseOpen
			}
			if c.Open() {
				err = helpcase.ErrMove
			}
			return event.Event{}, err
		}
		if err := c.Advance(helpcase.OnReopen, s.today(), s.book); err != nil {
			return event.Event{}, err
		}
		_, role, regions, active, err := s.accounts.Owner(ctx, c.Owner)
		if err != nil || !suits(role, regions, active, c.Region) {
			if c.Owner, _, err = s.ownerFor(ctx, c.Region); err != nil {
				return event.Event{}, err
			}
		}
		today := s.today()
		c.OpenedOn, c.Assigned, c.Contact, c.PlanOn, c.Refusals = today, today, "", "", 0
		c.WorkSince, c.WorkForm, c.ClosedOn, c.Reason, c.Proof = "", "", "", "", ""
		c.HelpDue = today.Add(s.book.Number("help.due_days", c.Region, today))
		return event.Event{Kind: event.CaseOpened, Tags: map[string]string{"why": "reopened"}}, nil
	})
}
