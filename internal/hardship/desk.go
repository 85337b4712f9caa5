package hardship

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	"linggong/internal/access"
	"linggong/internal/day"
	"linggong/internal/hardship/helpcase"
	"linggong/internal/hardship/recognition"
)

// DeskItem is one thing to do, with why and by when. Exactly one of Case,
// Recognition and Household says what it opens.
type DeskItem struct {
	Case        helpcase.ID
	Recognition recognition.ID
	Household   HouseholdID
	Person      string
	NameMasked  string
	Village     string
	Action      string // code: an helpcase.ActionKind, a recognition.State or "zero_employment"
	Label       string // zh-CN
	Why         string // zh-CN
	Due         day.Date
	Overdue     int    // days
	Urgency     string // overdue, today, soon
	Mine        bool   // the actor owns the case
}

// DeskCounts is the desk at a glance.
type DeskCounts struct {
	Overdue, Today, Week, OpenCases, People int
}

// DeskVillage is one village of the actor's.
type DeskVillage struct {
	Village       string
	Open, Overdue int
}

// Desk is what needs the actor today, in order of urgency.
type Desk struct {
	Date     day.Date
	Items    []DeskItem
	Counts   DeskCounts
	Villages []DeskVillage
}

// DeskRow is a thing due, as the store finds it.
type DeskRow struct {
	Case        helpcase.ID
	Recognition recognition.ID
	Household   HouseholdID
	Person      string
	Region      string
	Owner       string
	Kind        string // helpcase.ActionKind, recognition.State, or "zero_employment"
	Due         day.Date
}

// DeskStore answers the desk's questions, each in one query over the scope.
type DeskStore interface {
	// DueCases returns open cases due on or before a day, the most overdue first.
	DueCases(ctx context.Context, in Scope, by day.Date, limit int) ([]DeskRow, error)
	// DueRecognitions returns recognitions in which one of the roles must act by a day.
	DueRecognitions(ctx context.Context, in Scope, roles []access.Role, by day.Date, limit int) ([]DeskRow, error)
	// DueHouseholds returns zero-employment households whose target is near.
	DueHouseholds(ctx context.Context, in Scope, by day.Date, limit int) ([]DeskRow, error)
	// DeskCounts counts over the scope.
	DeskCounts(ctx context.Context, in Scope, today day.Date) (DeskCounts, error)
	// DeskVillages counts by village.
	DeskVillages(ctx context.Context, in Scope, today day.Date) ([]DeskVillage, error)
}

const (
	deskAhead = 7   // days looked ahead
	deskLimit = 200 // more than a day's work; the lists have the rest
)

// Today is the actor's desk: six queries, however many people.
func (s *Service) Today(ctx context.Context, actor access.Actor, today day.Date) (Desk, error) {
	if err := access.May(actor, access.CaseRead); err != nil {
		return Desk{}, err
	}
	in, by := ScopeOf(actor, ""), today.Add(deskAhead)
	rows, err := s.store.DueCases(ctx, in, by, deskLimit)
	if err != nil {
		return Desk{}, err
	}
	more, err := s.store.DueRecognitions(ctx, in, actsAs(actor.Role), by, deskLimit)
	if err != nil {
		return Desk{}, err
	}
	rows = append(rows, more...)
	if more, err = s.store.DueHouseholds(ctx, in, by, deskLimit); err != nil {
		return Desk{}, err
	}
	rows = append(rows, more...)
	d := Desk{Date: today}
	if d.Counts, err = s.store.DeskCounts(ctx, in, today); err != nil {
		return Desk{}, err
	}
	if d.Villages, err = s.store.DeskVillages(ctx, in, today); err != nil {
		return Desk{}, err
	}
	ids := make([]string, 0, len(rows))
	for _, r := range rows {
		if r.Person != "" {
			ids = append(ids, r.Person)
		}
	}
	cards, err := s.people.Cards(ctx, ids)
	if err != nil {
		return Desk{}, err
	}
	for _, r := range rows {
		d.Items = append(d.Items, newDeskItem(r, cards[r.Person], actor, today))
	}
	Rank(d.Items)
	if len(d.Items) > deskLimit {
		d.Items = d.Items[:deskLimit]
	}
	return d, nil
}

// actsAs is whose steps of a recognition someone sees as her own.
func actsAs(r access.Role) []access.Role {
	switch r {
	case access.Caseworker, access.TownOfficer, access.Bureau:
		return []access.Role{r}
	default:
		return []access.Role{access.Caseworker, access.TownOfficer, access.Bureau}
	}
}

// Rank orders what is due: the longest overdue first, then by date; on the same
// day one's own before another's, a person before a household.
func Rank(items []DeskItem) {
	slices.SortStableFunc(items, func(a, b DeskItem) int {
		return cmp.Or(cmp.Compare(a.Due, b.Due), mineFirst(a, b), cmp.Compare(a.Village, b.Village),
			cmp.Compare(a.Case, b.Case), cmp.Compare(a.Recognition, b.Recognition), cmp.Compare(a.Household, b.Household))
	})
}

func mineFirst(a, b DeskItem) int {
	switch {
	case a.Mine == b.Mine:
		return 0
	case a.Mine:
		return -1
	}
	return 1
}

func newDeskItem(r DeskRow, card PersonCard, actor access.Actor, today day.Date) DeskItem {
	it := DeskItem{
		Case: r.Case, Recognition: r.Recognition, Household: r.Household, Person: r.Person, NameMasked: card.NameMasked,
		Village: r.Region, Action: r.Kind, Due: r.Due, Overdue: max(0, today.Sub(r.Due)),
		Mine: r.Owner != "" && r.Owner == actor.Account,
	}
	cause := ""
	switch {
	case r.Recognition != "":
		it.Label = recognition.State(r.Kind).ToDo()
		cause = it.Label
	case r.Household != "":
		it.Label, cause = "零就业家庭帮扶", "零就业家庭应在期限内至少一人就业"
	default:
		a := helpcase.Action{Kind: helpcase.ActionKind(r.Kind)}
		it.Label, cause = a.Label(), a.Reason()
	}
	switch left := r.Due.Sub(today); {
	case left < 0:
		it.Urgency, it.Why = "overdue", cause+"，已逾期"+strconv.Itoa(-left)+"天"
	case left == 0:
		it.Urgency, it.Why = "today", cause+"，今天到期"
	default:
		it.Urgency, it.Why = "soon", cause+"，还有"+strconv.Itoa(left)+"天"
	}
	return it
}
