package hardship

import (
	"context"
	"fmt"
	"slices"

	"linggong/internal/access"
	"linggong/internal/day"
	"linggong/internal/errs"
	"linggong/internal/event"
	"linggong/internal/hardship/helpcase"
	"linggong/internal/hardship/refusal"
	"linggong/internal/rules"
)

// The lists the city may change: the kinds of visits (三走访) and the words of the
// four clarities (四清). The plan names both without defining them [UNC].
const (
	VisitKinds   = "visit.kinds"
	ClarityWords = "four_clear.blocks"
)

// Refusals about visits.
var (
	ErrVisitWhom  = errs.New(errs.Invalid, "visit_whom", "请选择走访的人员或家庭", "Choose the person or household visited.")
	ErrVisitTaken = errs.New(errs.Conflict, "client_id_taken", "该离线编号已被他人使用", "Someone else has used this client_id.")
)

// Point is a place on the map.
type Point struct {
	Lat float64 `json:"lat"`
	Lng float64 `json:"lng"`
}

// Visit is one dated contact. What was seen and said is sealed at rest.
type Visit struct {
	ID        VisitID
	ClientID  string // made on the phone, so that a visit sent twice is one visit
	Person    string // either of the two
	Household HouseholdID
	Case      helpcase.ID // the open case it touched, "" if none
	Region    string
	Kind      string
	On        day.Date
	By        string
	VisitText
}

// VisitText is the part of a visit that is sealed.
type VisitText struct {
	Met     string   `json:"met,omitempty"`
	Summary string   `json:"summary,omitempty"`
	Needs   []string `json:"needs,omitempty"`
	Outcome string   `json:"outcome,omitempty"`
	Place   *Point   `json:"place,omitempty"`
}

// VisitInput is a visit as entered, perhaps offline days ago.
type VisitInput struct {
	ClientID  string
	Person    string
	Household HouseholdID
	Kind      string
	On        day.Date
	VisitText
	Next *helpcase.Promise
}

// VisitFilter chooses visits.
type VisitFilter struct {
	Scope    Scope
	From, To day.Date
	Person   string
	By       string
	After    VisitID // last one of the page before; newest first
	Limit    int
}

// VisitStore keeps visits.
type VisitStore interface {
	// AddVisit reports false, and adds nothing, when the client id is known.
	AddVisit(ctx context.Context, v Visit) (added bool, err error)
	// VisitByClient returns the visit of a client id, or refusal.ErrNotFound.
	VisitByClient(ctx context.Context, clientID string) (Visit, error)
	Visit(ctx context.Context, id VisitID) (Visit, error)
	Visits(ctx context.Context, f VisitFilter) ([]Visit, error)
	// VisitsOf returns those to a person or to a household while she lived there.
	VisitsOf(ctx context.Context, person string, limit int) ([]Visit, error)
}

// Choices is one of the city's lists as it stands today, for forms.
func (s *Service) Choices(key string) []rules.Entry { return s.book.List(key, City, s.today()) }

// RecordVisit records a visit. It is never lost: a closed case or none at all
// does not stop it. Sent again with the same client id it gives the same answer.
func (s *Service) RecordVisit(ctx context.Context, actor access.Actor, in VisitInput) (Visit, error) {
	if in.ClientID == "" {
		in.ClientID = s.newID()
	}
	if in.On == "" {
		in.On = s.today()
	}
	if err := s.checkVisit(in); err != nil {
		return Visit{}, err
	}
	var v Visit
	seen := false
	err := s.tx.InTx(ctx, func(ctx context.Context) error {
		region, people, err := s.visited(ctx, in)
		if err != nil {
			return err
		}
		if err := access.Can(actor, access.VisitWrite, at(region)); err != nil {
			return err
		}
		v = Visit{
			ID: VisitID(s.newID()), ClientID: in.ClientID, Person: in.Person, Household: in.Household, Region: region,
			Kind: in.Kind, On: in.On, By: actor.Account, VisitText: in.VisitText,
		}
		touched, err := s.casesOf(ctx, people)
		if err != nil {
			return err
		}
		if len(touched) > 0 {
			v.Case = touched[0].ID
		}
		added, err := s.store.AddVisit(ctx, v)
		if err != nil {
			return fmt.Errorf("record visit: %w", err)
		}
		if !added { // not an error: it would undo whatever act this one is part of
			seen = true
			return nil
		}
		return s.touch(ctx, actor, v, in.Next, touched)
	})
	if err == nil && seen {
		return s.sameVisit(ctx, actor, in.ClientID)
	}
	return v, err
}

func (s *Service) checkVisit(in VisitInput) error {
	switch {
	case in.Person == "" && in.Household == "":
		return ErrVisitWhom
	case !slices.ContainsFunc(s.Choices(VisitKinds), func(k rules.Entry) bool { return k.Key == in.Kind }):
		return refusal.ErrUnknownCode.On("kind", "unknown", "请选择走访类型")
	case in.Summary == "":
		return refusal.ErrNeedsReason.On("summary", "required", "请写明走访情况")
	}
	return refusal.Future(in.On, s.today())
}

func (s *Service) sameVisit(ctx context.Context, actor access.Actor, clientID string) (Visit, error) {
	v, err := s.store.VisitByClient(ctx, clientID)
	if err != nil {
		return Visit{}, err
	}
	if v.By != actor.Account {
		return Visit{}, ErrVisitTaken
	}
	return v, nil
}

// visited returns where a visit was and whom it concerns.
func (s *Service) visited(ctx context.Context, in VisitInput) (region string, people []string, err error) {
	if in.Person != "" {
		region, err = s.people.Region(ctx, in.Person)
		return region, []string{in.Person}, err
	}
	h, err := s.store.Household(ctx, in.Household)
	if err != nil {
		return "", nil, err
	}
	for _, m := range h.Members {
		if m.Lives(in.On) {
			people = append(people, m.Person)
		}
	}
	return h.Region, people, nil
}

func (s *Service) casesOf(ctx context.Context, people []string) ([]helpcase.Case, error) {
	var out []helpcase.Case
	for _, p := range people { // a household, not a list
		c, err := s.store.OpenCase(ctx, p)
		if absent(err) {
			continue
		}
		if err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, nil
}

// touch lets each case know it was visited: a visit is also the first contact,
// keeps a promised one, and sets the next step.
func (s *Service) touch(ctx context.Context, actor access.Actor, v Visit, next *helpcase.Promise, cases []helpcase.Case) error {
	e := event.Event{
		Kind: event.VisitRecorded, Actor: actor, Subject: event.Ref{Kind: "visit", ID: string(v.ID)},
		Region: v.Region, Person: v.Person, On: v.On, Tags: map[string]string{"kind": v.Kind},
	}
	for _, c := range cases {
		e.Refs = append(e.Refs, event.Ref{Kind: "case", ID: string(c.ID)})
	}
	if err := s.events.Publish(ctx, e); err != nil {
		return err
	}
	for _, c := range cases {
		if err := c.Seen(v.On, s.today(), s.book); err != nil {
			return err
		}
		c.Kept(helpcase.PromiseVisit, helpcase.PromiseCall)
		if next != nil {
			if err := c.SetPromise(*next, s.today()); err != nil {
				return err
			}
		}
		changed := event.Event{Kind: event.CaseChanged, On: v.On, Tags: map[string]string{"change": "visited"}}
		if err := s.saveCase(ctx, actor, c, changed); err != nil {
			return err
		}
	}
	return nil
}

// Visits lists those in the actor's scope, newest first.
func (s *Service) Visits(ctx context.Context, actor access.Actor, under string, f VisitFilter) ([]Visit, error) {
	if err := access.May(actor, access.CaseRead); err != nil {
		return nil, err
	}
	f.Scope = ScopeOf(actor, under)
	return s.store.Visits(ctx, f)
}
