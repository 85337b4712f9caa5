package hardship

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"linggong/internal/access"
	"linggong/internal/errs"
	"linggong/internal/event"
	"linggong/internal/hardship/helpcase"
	"linggong/internal/hardship/recognition"
	"linggong/internal/hardship/refusal"
)

// CaseView is a case with everything its page shows.
type CaseView struct {
	helpcase.Case
	Card      PersonCard
	OwnerName string
	FourClear []helpcase.Clearness
	Standard  []helpcase.Progress
	Visits    []Visit
	Measures  []helpcase.Measure
	Review    *helpcase.RefusalPack // when a refusal review waits
}

// CaseOpenings is where a case opened by hand may come from.
var CaseOpenings = []string{"visit", "walk_in", "data_push", "self", "referral"}

// OpenCase opens a case by hand: found on a visit, walked in, named by a list.
func (s *Service) OpenCase(ctx context.Context, actor access.Actor, person, why string) (helpcase.Case, error) {
	region, err := s.people.Region(ctx, person)
	if err != nil {
		return helpcase.Case{}, err
	}
	if err := access.Can(actor, access.CaseWrite, at(region)); err != nil {
		return helpcase.Case{}, err
	}
	if err := refusal.Unlisted(CaseOpenings, why, "reason", "请选择建档来源"); err != nil {
		return helpcase.Case{}, err
	}
	var c helpcase.Case
	err = s.tx.InTx(ctx, func(ctx context.Context) error {
		c, err = s.openCase(ctx, actor, helpcase.Case{Person: person, Region: region, Why: why})
		return err
	})
	return c, err
}

// openGranted opens the case of someone just recognised, or ties the open one to
// the recognition. Recognition rests on her wanting and being able to work, and
// two people have said so by now.
func (s *Service) openGranted(ctx context.Context, actor access.Actor, r recognition.Record) error {
	yes := helpcase.Will{Value: true, Known: true, On: r.ValidFrom, Confirmed: true}
	c, err := s.store.OpenCase(ctx, r.Person)
	if absent(err) {
		_, err = s.openCase(ctx, actor, helpcase.Case{
			Person: r.Person, Region: r.Region, Recognition: r.ID, Why: "recognition", Willing: yes, Able: yes,
		})
		return err
	}
	if err != nil {
		return err
	}
	c.Recognition = r.ID
	if !c.Willing.Known {
		c.Willing = yes
	}
	if !c.Able.Known {
		c.Able = yes
	}
	return s.saveCase(ctx, actor, c, event.Event{Kind: event.CaseChanged, Tags: map[string]string{"change": "recognised"}})
}

// openCase finds an owner, and gives the case its first action and date.
func (s *Service) openCase(ctx context.Context, actor access.Actor, c helpcase.Case) (helpcase.Case, error) {
	owner, role, err := s.ownerFor(ctx, c.Region)
	if err != nil {
		return helpcase.Case{}, err
	}
	today := s.today()
	c.ID, c.Status, c.Owner, c.OpenedOn, c.Version = helpcase.ID(s.newID()), helpcase.Identified, owner, today, 1
	if c.Group == "" {
		c.Group = "hardship"
	}
	if role == access.Caseworker { // a town officer only holds it until she assigns one
		c.Status, c.Assigned = helpcase.Assigned, today
	}
	c.HelpDue = today.Add(s.book.Number("help.due_days", c.Region, today))
	c.Next = helpcase.NextAction(c, helpcase.StandardProgress(c, nil, s.book), s.book, today)
	if err := s.store.AddCase(ctx, c); err != nil {
		return helpcase.Case{}, fmt.Errorf("open case: %w", err)
	}
	return c, s.tellCase(ctx, actor, c, event.Event{Kind: event.CaseOpened, Tags: map[string]string{"why": c.Why}})
}

// ownerFor chooses who owns a new case of a village: of the caseworkers who
// cover it the one with the fewest, else a town officer, else the bureau.
func (s *Service) ownerFor(ctx context.Context, village string) (string, access.Role, error) {
	for _, role := range []access.Role{access.Caseworker, access.TownOfficer, access.Bureau} {
		ids, err := s.accounts.Covering(ctx, village, role)
		if err != nil {
			return "", "", err
		}
		if len(ids) == 0 {
			continue
		}
		load, err := s.store.OpenCount(ctx, ids)
		if err != nil {
			return "", "", err
		}
		slices.SortFunc(ids, func(a, b string) int {
			if load[a] != load[b] {
				return load[a] - load[b]
			}
			return cmp.Compare(a, b)
		})
		return ids[0], role, nil
	}
	return "", "", ErrNobodyCovers
}

// changeCase is the shape of every later act on a case: load, allow, change,
// reckon the next action, save, tell.
func (s *Service) changeCase(ctx context.Context, actor access.Actor, id helpcase.ID, do access.Action,
	change func(context.Context, *helpcase.Case) (event.Event, error),
) (helpcase.Case, error) {
	var c helpcase.Case
	err := s.tx.InTx(ctx, func(ctx context.Context) error {
		var err error
		if c, err = s.store.Case(ctx, id); err != nil {
			return err
		}
		if err := access.Can(actor, do, at(c.Region)); err != nil {
			return err
		}
		e, err := change(ctx, &c)
		if err != nil {
			return err
		}
		if err := s.saveCase(ctx, actor, c, e); err != nil {
			return err
		}
		c, err = s.store.Case(ctx, id)
		return err
	})
	return c, err
}

func (s *Service) saveCase(ctx context.Context, actor access.Actor, c helpcase.Case, e event.Event) error {
	if c.Open() {
		counts, err := s.store.CountedMeasures(ctx, c.ID, c.OpenedOn)
		if err != nil {
			return err
		}
		if len(counts) > 0 { // help given before the plan was made
			if err := c.Advance(helpcase.OnServe, s.today(), s.book); err != nil {
				return err
			}
		}
		c.Next = helpcase.NextAction(c, helpcase.StandardProgress(c, counts, s.book), s.book, s.today())
	} else {
		c.Next = helpcase.Action{}
	}
	if err := s.store.SaveCase(ctx, c); err != nil {
		return fmt.Errorf("save case %s: %w", c.ID, err)
	}
	return s.tellCase(ctx, actor, c, e)
}

func (s *Service) tellCase(ctx context.Context, actor access.Actor, c helpcase.Case, e event.Event) error {
	if e.Subject.ID == "" {
		e.Subject = event.Ref{Kind: "case", ID: string(c.ID)}
	}
	e.Actor, e.Region, e.Person = actor, c.Region, c.Person
	if e.On == "" {
		e.On = s.today()
	}
	if e.Tags == nil {
		e.Tags = map[string]string{}
	}
	e.Tags["status"] = string(c.Status)
	return s.events.Publish(ctx, e)
}

// Assign gives a case its owner, or hands it over to another.
func (s *Service) Assign(ctx context.Context, actor access.Actor, id helpcase.ID, account string) (helpcase.Case, error) {
	return s.changeCase(ctx, actor, id, access.CaseAssign, func(ctx context.Context, c *helpcase.Case) (event.Event, error) {
		if !c.Open() {
			return event.Event{}, helpcase.ErrMove
		}
		_, role, regions, active, err := s.accounts.Owner(ctx, account)
		if errs.KindOf(err) == errs.NotFound {
			return event.Event{}, ErrOwner
		}
		if err != nil {
			return event.Event{}, err
		}
		if !suits(role, regions, active, c.Region) {
			return event.Event{}, ErrOwner
		}
		from := c.Owner
		c.Owner, c.Assigned = account, s.today()
		if err := c.Advance(helpcase.OnAssign, s.today(), s.book); err != nil {
			return event.Event{}, err
		}
		return event.Event{
			Kind: event.CaseChanged, Tags: map[string]string{"change": "assigned"},
			Refs: []event.Ref{{Kind: "account", ID: account}, {Kind: "account", ID: from}},
		}, nil
	})
}

// HandOver finds a new owner for every open case of an account that leaves
// service or changes villages. The caller has authorised the change of the
// account; whoever can be moved is, and the rest fail the whole act.
func (s *Service) HandOver(ctx context.Context, actor access.Actor, from string) (int, error) {
	moved := 0
	err := s.tx.InTx(ctx, func(ctx context.Context) error {
		moved = 0
		ids, err := s.store.CasesOf(ctx, from)
		if err != nil {
			return err
		}
		for _, id := range ids {
			c, err := s.store.Case(ctx, id)
			if err != nil {
				return err
			}
			owner, _, err := s.ownerFor(ctx, c.Region)
			if err != nil {
				return err
			}
			if owner == from {
				continue
			}
			c.Owner, c.Assigned = owner, s.today()
			err = s.saveCase(ctx, actor, c, event.Event{
				Kind: event.CaseChanged, Tags: map[string]string{"change": "handed_over"},
				Refs: []event.Ref{{Kind: "account", ID: owner}, {Kind: "account", ID: from}},
			})
			if err != nil {
				return err
			}
			moved++
		}
		return nil
	})
	return moved, err
}

// Promise sets the caseworker's own next step. What the standard demands
// earlier still comes first.
func (s *Service) Promise(ctx context.Context, actor access.Actor, id helpcase.ID, p helpcase.Promise) (helpcase.Case, error) {
	return s.changeCase(ctx, actor, id, access.CaseWrite, func(_ context.Context, c *helpcase.Case) (event.Event, error) {
		if err := c.SetPromise(p, s.today()); err != nil {
			return event.Event{}, err
		}
		return event.Event{Kind: event.CaseChanged, Tags: map[string]string{"change": "next"}}, nil
	})
}

// MakePlan records the plan agreed with the person.
func (s *Service) MakePlan(ctx context.Context, actor access.Actor, id helpcase.ID, goals string, measures []helpcase.Kind) (helpcase.Case, error) {
	return s.changeCase(ctx, actor, id, access.CaseWrite, func(ctx context.Context, c *helpcase.Case) (event.Event, error) {
		if !c.Open() {
			return event.Event{}, helpcase.ErrMove
		}
		if goals == "" {
			return event.Event{}, refusal.ErrNeedsReason.On("goals", "required", "请写明目标")
		}
		for _, m := range measures {
			if !slices.Contains(helpcase.Kinds, m) {
				return event.Event{}, refusal.ErrUnknownCode.On("measures", "unknown", "没有这种帮扶措施")
			}
		}
		p := helpcase.Plan{ID: s.newID(), Case: id, On: s.today(), Goals: goals, Measures: measures, By: actor.Account}
		if err := s.store.AddPlan(ctx, p); err != nil {
			return event.Event{}, fmt.Errorf("plan case %s: %w", id, err)
		}
		c.PlanOn = p.On
		c.Kept(helpcase.DoPlan)
		return event.Event{Kind: event.CaseChanged, Tags: map[string]string{"change": "planned"}}, c.Advance(helpcase.OnPlan, s.today(), s.book)
	})
}

// Case returns one with its history, for its page.
func (s *Service) Case(ctx context.Context, actor access.Actor, id helpcase.ID) (CaseView, error) {
	c, err := s.store.Case(ctx, id)
	if err != nil {
		return CaseView{}, err
	}
	if err := access.Can(actor, access.CaseRead, at(c.Region)); err != nil {
		return CaseView{}, err
	}
	v := CaseView{Case: c, FourClear: c.FourClear(s.today(), s.book)}
	if v.Card, err = s.people.Card(ctx, c.Person); err != nil {
		return CaseView{}, err
	}
	if v.OwnerName, _, _, _, err = s.accounts.Owner(ctx, c.Owner); err != nil && errs.KindOf(err) != errs.NotFound {
		return CaseView{}, err
	}
	counts, err := s.store.CountedMeasures(ctx, id, c.OpenedOn)
	if err != nil {
		return CaseView{}, err
	}
	v.Standard = helpcase.StandardProgress(c, counts, s.book)
	if v.Visits, err = s.store.VisitsOf(ctx, c.Person, 100); err != nil {
		return CaseView{}, err
	}
	if v.Measures, err = s.store.Measures(ctx, id); err != nil {
		return CaseView{}, err
	}
	if c.AskHuman != "" {
		v.Review = helpcase.PackOf(c, v.Measures)
	}
	return v, nil
}

// CaseLine is a case as lists show it.
type CaseLine struct {
	helpcase.Case
	Card      PersonCard
	OwnerName string
}

// Cases lists those in the actor's scope, the most urgent first.
func (s *Service) Cases(ctx context.Context, actor access.Actor, under string, f CaseFilter) ([]CaseLine, error) {
	if err := access.May(actor, access.CaseRead); err != nil {
		return nil, err
	}
	f.Scope = ScopeOf(actor, under)
	list, err := s.store.Cases(ctx, f)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(list))
	names := map[string]string{}
	for i, c := range list {
		ids[i] = c.Person
		if _, ok := names[c.Owner]; !ok && c.Owner != "" {
			if names[c.Owner], _, _, _, err = s.accounts.Owner(ctx, c.Owner); err != nil && errs.KindOf(err) != errs.NotFound {
				return nil, err
			}
		}
	}
	cards, err := s.people.Cards(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := make([]CaseLine, len(list))
	for i, c := range list {
		out[i] = CaseLine{Case: c, Card: cards[c.Person], OwnerName: names[c.Owner]}
	}
	return out, nil
}
