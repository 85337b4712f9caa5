package hardship

import (
	"context"
	"fmt"
	"slices"

	"linggong/internal/access"
	"linggong/internal/day"
	"linggong/internal/event"
	"linggong/internal/hardship/refusal"
)

// HouseholdInput is what a household is opened or corrected with.
type HouseholdInput struct {
	Name, Address string
	Region        string
	Urban         bool
	OtherIncome   bool
	Members       []MemberInput
}

// MemberInput is one member as told.
type MemberInput struct {
	Person   string
	Relation string
	Status   LifeStatus
	Since    day.Date // of the status; the day of moving in when empty
	In       day.Date // today when empty
	Unwill   bool
}

// OpenHousehold enters a household with its first members.
func (s *Service) OpenHousehold(ctx context.Context, actor access.Actor, in HouseholdInput) (Household, error) {
	if err := access.Can(actor, access.HouseholdWrite, at(in.Region)); err != nil {
		return Household{}, err
	}
	h := Household{
		ID: HouseholdID(s.newID()), Name: in.Name, Address: in.Address, Region: in.Region,
		Urban: in.Urban, OtherIncome: in.OtherIncome, Version: 1,
	}
	for _, m := range in.Members {
		if err := s.join(&h, m); err != nil {
			return Household{}, err
		}
	}
	err := s.tx.InTx(ctx, func(ctx context.Context) error {
		if err := s.reckonHousehold(ctx, &h); err != nil {
			return err
		}
		if err := s.store.AddHousehold(ctx, h); err != nil {
			return fmt.Errorf("open household: %w", err)
		}
		return s.householdChanged(ctx, actor, h, "opened", "")
	})
	return h, err
}

func (s *Service) join(h *Household, in MemberInput) error {
	if !slices.Contains(LifeStatuses, in.Status) {
		return refusal.ErrUnknownCode.On("status", "unknown", "请选择成员状态")
	}
	if in.In == "" {
		in.In = s.today()
	}
	if in.Since == "" {
		in.Since = in.In
	}
	for _, d := range []day.Date{in.In, in.Since} {
		if err := refusal.Future(d, s.today()); err != nil {
			return err
		}
	}
	if h.living(in.Person, s.today()) != nil {
		return ErrHouseholdElsewhere
	}
	h.Members = append(h.Members, Member{
		ID: s.newID(), Person: in.Person, Relation: in.Relation, Status: in.Status, Since: in.Since, Unwill: in.Unwill, In: in.In,
	})
	return nil
}

// HouseholdView is a household with its people.
type HouseholdView struct {
	Household
	Cards map[string]PersonCard // by person id
}

// Household returns one with its members.
func (s *Service) Household(ctx context.Context, actor access.Actor, id HouseholdID) (HouseholdView, error) {
	h, err := s.store.Household(ctx, id)
	if err != nil {
		return HouseholdView{}, err
	}
	if err := access.Can(actor, access.HouseholdRead, at(h.Region)); err != nil {
		return HouseholdView{}, err
	}
	cards, err := s.people.Cards(ctx, h.people())
	return HouseholdView{h, cards}, err
}

// Households lists those in the actor's scope.
func (s *Service) Households(ctx context.Context, actor access.Actor, under string, f HouseholdFilter) ([]HouseholdView, error) {
	if err := access.May(actor, access.HouseholdRead); err != nil {
		return nil, err
	}
	f.Scope = ScopeOf(actor, under)
	list, err := s.store.Households(ctx, f)
	if err != nil {
		return nil, err
	}
	var people []string
	for _, h := range list {
		people = append(people, h.people()...)
	}
	cards, err := s.people.Cards(ctx, people)
	if err != nil {
		return nil, err
	}
	out := make([]HouseholdView, len(list))
	for i, h := range list {
		out[i] = HouseholdView{h, cards}
	}
	return out, nil
}

// changeHousehold is the shape of every later act on a household: load, allow,
// change, reckon again, save, tell.
func (s *Service) changeHousehold(ctx context.Context, actor access.Actor, id HouseholdID, what, reason string, change func(*Household) error) (Household, error) {
	var h Household
	err := s.tx.InTx(ctx, func(ctx context.Context) error {
		var err error
		if h, err = s.store.Household(ctx, id); err != nil {
			return err
		}
		if err := access.Can(actor, access.HouseholdWrite, at(h.Region)); err != nil {
			return err
		}
		if err := change(&h); err != nil {
			return err
		}
		if err := s.reckonHousehold(ctx, &h); err != nil {
			return err
		}
		if err := s.store.SaveHousehold(ctx, h); err != nil {
			return fmt.Errorf("save household %s: %w", id, err)
		}
		h.Version++
		return s.householdChanged(ctx, actor, h, what, reason)
	})
	return h, err
}

// JoinHousehold records a person who moves in or is found to live there.
func (s *Service) JoinHousehold(ctx context.Context, actor access.Actor, id HouseholdID, in MemberInput) (Household, error) {
	if _, err := s.people.Region(ctx, in.Person); err != nil {
		return Household{}, err
	}
	return s.changeHousehold(ctx, actor, id, "member_joined", "", func(h *Household) error { return s.join(h, in) })
}

// LeaveHousehold records that a member moved out or died; the row stays.
func (s *Service) LeaveHousehold(ctx context.Context, actor access.Actor, id HouseholdID, person, reason string) (Household, error) {
	if err := refusal.Unlisted(MemberOuts, reason, "reason", "请选择迁出原因"); err != nil {
		return Household{}, err
	}
	return s.changeHousehold(ctx, actor, id, "member_left", reason, func(h *Household) error {
		m := h.living(person, s.today())
		if m == nil {
			return ErrNotMember
		}
		m.Out, m.OutWhy = s.today(), reason
		return nil
	})
}

// SetMemberStatus records what a member does now, from a day on.
func (s *Service) SetMemberStatus(ctx context.Context, actor access.Actor, id HouseholdID, person string, to LifeStatus, since day.Date, unwilling bool) (Household, error) {
	if !slices.Contains(LifeStatuses, to) {
		return Household{}, refusal.ErrUnknownCode.On("status", "unknown", "请选择成员状态")
	}
	if err := refusal.Future(since, s.today()); err != nil {
		return Household{}, err
	}
	return s.changeHousehold(ctx, actor, id, "member_status", "", func(h *Household) error {
		m := h.living(person, s.today())
		if m == nil {
			return ErrNotMember
		}
		m.Status, m.Since, m.Unwill = to, since, unwilling
		return nil
	})
}

// lifeChanged carries what a case learnt of a person (work found, work lost)
// into her household, if she has one, so that its status follows by itself.
func (s *Service) lifeChanged(ctx context.Context, actor access.Actor, person string, to LifeStatus, since day.Date) error {
	homes, err := s.store.HouseholdsOf(ctx, []string{person})
	if err != nil {
		return err
	}
	id, ok := homes[person]
	if !ok {
		return nil
	}
	h, err := s.store.Household(ctx, id)
	if err != nil {
		return err
	}
	m := h.living(person, s.today())
	if m == nil || m.Status == to {
		return nil
	}
	m.Status, m.Since = to, since
	if err := s.reckonHousehold(ctx, &h); err != nil {
		return err
	}
	if err := s.store.SaveHousehold(ctx, h); err != nil {
		return fmt.Errorf("save household %s: %w", id, err)
	}
	h.Version++
	return s.householdChanged(ctx, actor, h, "member_status", "")
}

// ReckonHouseholds recomputes every household of the city: ages cross limits
// without anyone acting. It is the daily job, and returns how many changed.
func (s *Service) ReckonHouseholds(ctx context.Context) (int, error) {
	actor, changed := access.Internal("reckon-households"), 0
	f := HouseholdFilter{Scope: Scope{""}, Limit: 200}
	for {
		page, err := s.store.Households(ctx, f)
		if err != nil || len(page) == 0 {
			return changed, err
		}
		f.After = page[len(page)-1].ID
		for _, h := range page {
			n, err := s.reckonOne(ctx, actor, h.ID)
			if err != nil {
				return changed, err
			}
			changed += n
		}
	}
}

func (s *Service) reckonOne(ctx context.Context, actor access.Actor, id HouseholdID) (changed int, err error) {
	err = s.tx.InTx(ctx, func(ctx context.Context) error {
		changed = 0
		h, err := s.store.Household(ctx, id)
		if err != nil {
			return err
		}
		before := h.Zero
		if err := s.reckonHousehold(ctx, &h); err != nil || h.Zero == before {
			return err
		}
		if err := s.store.SaveHousehold(ctx, h); err != nil {
			return err
		}
		changed = 1
		return s.householdChanged(ctx, actor, h, "reckoned", "")
	})
	return changed, err
}

func (s *Service) reckonHousehold(ctx context.Context, h *Household) error {
	cards, err := s.people.Cards(ctx, h.people())
	if err != nil {
		return err
	}
	for _, m := range h.Members {
		if _, ok := cards[m.Person]; !ok {
			return refusal.ErrNotFound.Saying("有成员未在人员库中登记", "A member is not in the registry.")
		}
	}
	h.reckon(cards, s.book, s.today())
	return nil
}

func (s *Service) householdChanged(ctx context.Context, actor access.Actor, h Household, what, reason string) error {
	return s.events.Publish(ctx, event.Event{
		Kind: event.HouseholdChanged, Actor: actor, Subject: event.Ref{Kind: "household", ID: string(h.ID)}, Region: h.Region,
		Tags:   map[string]string{"change": what, "zero_employment": yesNo(h.Zero.Is)},
		Reason: reason,
	})
}
