package person

import (
	"context"
	"errors"

	"linggong/internal/access"
	"linggong/internal/day"
)

// Card is what may be shown of a person and what rules need: masked, and
// without anything that identifies.
type Card struct {
	ID            string
	NameMasked    string // 张*
	PhoneMasked   string // 138****0001, or ""
	IDMasked      string // 330481********1234, or ""
	AddressMasked string // the village says where; the rest is not shown
	Sex           Sex
	Birth         day.Date // may be ""
	Declared      bool     // Birth is the year she told
	Village       string
	Retire        RetireCategory
}

// View is a person as the screens of the staff show her.
type View struct {
	Person
	Card Card
}

func cardOf(r Record) Card {
	p := r.Particulars
	c := Card{
		ID: r.ID, NameMasked: MaskName(p.Name), PhoneMasked: MaskPhone(p.Phone), IDMasked: MaskIDNumber(p.IDNumber),
		Sex: r.Sex, Birth: r.Birth, Declared: r.Declared, Village: r.Village, Retire: r.Retire,
	}
	if p.Address != "" {
		c.AddressMasked = "***"
	}
	return c
}

func viewOf(r Record) View { return View{Person: r.Person, Card: cardOf(r)} }

// Age returns the full years on a day, or 0 where no birth is known.
func (c Card) Age(on day.Date) int {
	if c.Birth == "" {
		return 0
	}
	return on.Age(c.Birth)
}

// Card returns one person masked, or ErrNotFound. It is for other domains, which
// have decided that their actor may see it.
func (s *Service) Card(ctx context.Context, id string) (Card, error) {
	r, err := s.Store.Person(ctx, id)
	if err != nil {
		return Card{}, err
	}
	return cardOf(r), nil
}

// Cards returns those of ids that exist, in one query.
func (s *Service) Cards(ctx context.Context, ids []string) (map[string]Card, error) {
	if len(ids) == 0 {
		return map[string]Card{}, nil
	}
	rs, err := s.Store.People(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := make(map[string]Card, len(rs))
	for _, r := range rs {
		out[r.ID] = cardOf(r)
	}
	return out, nil
}

// Region returns the village of a person, or ErrNotFound.
func (s *Service) Region(ctx context.Context, id string) (string, error) {
	r, err := s.Store.Person(ctx, id)
	return r.Village, err
}

// Phone returns the phone to write to a person, "" for none. It is for notify,
// which sends and does not show.
func (s *Service) Phone(ctx context.Context, id string) (string, error) {
	r, err := s.Store.Person(ctx, id)
	return r.Particulars.Phone, err
}

// Find returns the ids of those with exactly this name, phone or ID number. It
// is for other domains, whose own lists are scoped.
func (s *Service) Find(ctx context.Context, query string) ([]string, error) {
	x, ok := exactOf(query)
	if !ok {
		return []string{}, nil
	}
	return s.Store.Find(ctx, x)
}

// exactOf reads what was typed into a search field as a whole value.
func exactOf(query string) (Exact, bool) {
	if phone := CleanPhone(query); phone != "" {
		return Exact{Phone: phone}, true
	}
	if n := cleanIDNumber(query); len(n) == 18 && n[0] >= '0' && n[0] <= '9' {
		return Exact{IDNumber: n}, true
	}
	if name := CleanName(query); plausibleName(name) {
		return Exact{Name: name}, true
	}
	return Exact{}, false
}

// Scope is what part of the registry a list may show; it becomes SQL, so that
// nobody outside it is ever read. The zero Scope shows nobody.
type Scope struct {
	All     bool
	Regions []string // prefixes of region codes
	Person  string
}

func scopeOf(a access.Actor, do access.Action) Scope {
	var s Scope
	for _, g := range access.Policy[do] {
		if g.Role != a.Role {
			continue
		}
		switch g.Reach {
		case access.Everywhere:
			s.All = true
		case access.InRegions, access.AtStationOrRegion:
			for _, p := range a.Regions {
				if p != "" {
					s.Regions = append(s.Regions, p)
				}
			}
		case access.OfSelf:
			s.Person = a.Person
		case access.AtStation, access.OfEmployer:
		}
	}
	return s
}

// Filter narrows a list. Empty fields do not.
type Filter struct {
	Query  string // a whole name, phone or ID number
	Exact  Exact  // what Query was read as
	Under  string // a region prefix
	IDs    []string
	Cursor string
	Limit  int // 20 by default, at most 200
}

// Page is one page of a list; Next is "" on the last.
type Page struct {
	Items []Record
	Next  string
}

// Views is one page of a list, masked.
type Views struct {
	Items []View
	Next  string
}

// List returns those in the actor's scope, newest first.
func (s *Service) List(ctx context.Context, actor access.Actor, f Filter) (Views, error) {
	if err := access.May(actor, access.PersonRead); err != nil {
		return Views{}, err
	}
	if f.Query != "" {
		x, ok := exactOf(f.Query)
		if !ok {
			return Views{}, nil
		}
		f.Exact = x
	}
	if f.Limit <= 0 {
		f.Limit = 20
	}
	f.Limit = min(f.Limit, 200)
	page, err := s.Store.List(ctx, scopeOf(actor, access.PersonRead), f)
	if err != nil {
		return Views{}, err
	}
	out := Views{Items: make([]View, len(page.Items)), Next: page.Next}
	for i, r := range page.Items {
		out.Items[i] = viewOf(r)
	}
	return out, nil
}

// Person returns one, masked, or ErrNotFound when she is not there or not the
// actor's to see.
func (s *Service) Person(ctx context.Context, actor access.Actor, id string) (View, error) {
	r, err := s.mine(ctx, actor, access.PersonRead, id)
	if err != nil {
		return View{}, err
	}
	return viewOf(r), nil
}

// Enter is Register for the staff's registry page: it answers with the person,
// or with ErrElsewhere when she is known but not the actor's to see.
func (s *Service) Enter(ctx context.Context, actor access.Actor, n NewPerson) (View, Registered, error) {
	done, err := s.Register(ctx, actor, n)
	if err != nil {
		return View{}, Registered{}, err
	}
	v, err := s.Person(ctx, actor, done.ID)
	if errors.Is(err, ErrNotFound) {
		return View{}, Registered{}, ErrElsewhere
	}
	return v, done, err
}
