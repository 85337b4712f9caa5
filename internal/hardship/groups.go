package hardship

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"linggong/internal/access"
	"linggong/internal/day"
	"linggong/internal/errs"
	"linggong/internal/event"
	"linggong/internal/hardship/refusal"
)

// GroupKey names a key group (重点群体), domain.md §2.5.
type GroupKey string

// The key groups. A rule, not this list, says what follows from one.
const (
	RegisteredUnemployed GroupKey = "registered_unemployed" // 登记失业人员
	Graduate             GroupKey = "graduate"              // 离校未就业高校毕业生
	LowIncome            GroupKey = "low_income"            // 低保对象
	LowIncomeEdge        GroupKey = "low_income_edge"       // 低保边缘家庭成员
	SpecialSupport       GroupKey = "special_support"       // 特困人员
	Disabled             GroupKey = "disabled"              // 残疾人; type and level only in the sealed detail
	Veteran              GroupKey = "veteran"               // 退役军人
	FormerFisher         GroupKey = "former_fisher"         // 退捕渔民
	LandLost             GroupKey = "land_lost"             // 被征地农民
	ZeroEmployment       GroupKey = "zero_employment"       // 零就业家庭成员
)

// GroupKeys is every key group, in the order screens show them.
var GroupKeys = []GroupKey{
	RegisteredUnemployed, Graduate, LowIncome, LowIncomeEdge, SpecialSupport,
	Disabled, Veteran, FormerFisher, LandLost, ZeroEmployment,
}

// GroupEnds is why a person stops belonging to a key group.
var GroupEnds = []string{"employed", "no_longer_qualifies", "certificate_void", "retired", "moved_out", "deceased", "withdrawn", "recorded_in_error"}

// Refusals of the key-group register.
var (
	ErrGroupKnown = errs.New(errs.Conflict, "group_known", "此人已在该重点群体中", "The person is in this group already.")
)

// Group is one person's belonging to one key group, for a time. Ending it keeps
// the row.
type Group struct {
	ID       GroupID
	Person   string
	Region   string
	Key      GroupKey
	Since    day.Date
	Until    day.Date // "" while it lasts
	End      string   // one of GroupEnds
	Evidence string   // sealed at rest
	Detail   string   // sealed at rest: what the key must not say, as type and level of a disability
	By       string   // account
	Version  int64
}

// GroupStore keeps key groups.
type GroupStore interface {
	// AddGroup returns ErrGroupKnown if the person is in the group already.
	AddGroup(ctx context.Context, g Group) error
	// CurrentGroup returns the lasting membership, or refusal.ErrNotFound.
	CurrentGroup(ctx context.Context, person string, key GroupKey) (Group, error)
	SaveGroup(ctx context.Context, g Group) error
	// GroupsOf returns the lasting memberships of some people, without the sealed texts.
	GroupsOf(ctx context.Context, persons []string) (map[string][]Group, error)
	// Groups returns all memberships of one person, ended ones too.
	Groups(ctx context.Context, person string) ([]Group, error)
}

// GroupInput is what is told of a person who joins a key group.
type GroupInput struct {
	Key      GroupKey
	Since    day.Date
	Evidence string
	Detail   string
}

// JoinGroup records that a person belongs to a key group.
func (s *Service) JoinGroup(ctx context.Context, actor access.Actor, person string, in GroupInput) (Group, error) {
	var g Group
	err := s.tx.InTx(ctx, func(ctx context.Context) error {
		region, err := s.people.Region(ctx, person)
		if err != nil {
			return err
		}
		if err := access.Can(actor, access.PersonChange, at(region)); err != nil {
			return err
		}
		if !slices.Contains(GroupKeys, in.Key) {
			return refusal.ErrUnknownCode.On("key", "unknown", "没有这个重点群体")
		}
		if err := refusal.Future(in.Since, s.today()); err != nil {
			return err
		}
		if in.Evidence == "" {
			return refusal.ErrNeedsProof
		}
		g = Group{
			ID: GroupID(s.newID()), Person: person, Region: region, Key: in.Key, Since: in.Since,
			Evidence: in.Evidence, Detail: in.Detail, By: actor.Account, Version: 1,
		}
		if err := s.store.AddGroup(ctx, g); err != nil {
			return err
		}
		return s.groupChanged(ctx, actor, g, "joined")
	})
	return g, err
}

// LeaveGroup ends a membership for a coded reason; the row stays.
func (s *Service) LeaveGroup(ctx context.Context, actor access.Actor, person string, key GroupKey, end string) error {
	return s.tx.InTx(ctx, func(ctx context.Context) error {
		g, err := s.store.CurrentGroup(ctx, person, key)
		if err != nil {
			return err
		}
		if err := access.Can(actor, access.PersonChange, at(g.Region)); err != nil {
			return err
		}
		if !slices.Contains(GroupEnds, end) {
			return refusal.ErrUnknownCode.On("reason", "unknown", "请选择退出原因")
		}
		g.Until, g.End = s.today(), end
		if err := s.store.SaveGroup(ctx, g); err != nil {
			return fmt.Errorf("end group %s: %w", g.ID, err)
		}
		return s.groupChanged(ctx, actor, g, "left")
	})
}

// Groups lists every membership a person has or had, with its evidence.
func (s *Service) Groups(ctx context.Context, actor access.Actor, person string) ([]Group, error) {
	region, err := s.people.Region(ctx, person)
	if err != nil {
		return nil, err
	}
	if err := access.Can(actor, access.CaseRead, at(region)); err != nil {
		return nil, err
	}
	return s.store.Groups(ctx, person)
}

// groupChanged leaves the key out: for some groups it is itself a health fact.
func (s *Service) groupChanged(ctx context.Context, actor access.Actor, g Group, what string) error {
	return s.events.Publish(ctx, event.Event{
		Kind: event.PersonChanged, Actor: actor, Subject: event.Ref{Kind: "person", ID: g.Person},
		Region: g.Region, Person: g.Person, Refs: []event.Ref{{Kind: "key_group", ID: string(g.ID)}},
		Tags: map[string]string{"change": "group_" + what},
	})
}

// absent says err means there is no such record.
func absent(err error) bool { return errors.Is(err, refusal.ErrNotFound) }
