package gig

import (
	"context"

	"linggong/internal/access"
	"linggong/internal/day"
	"linggong/internal/gig/offer"
)

// EngagementView is an engagement with what its screens show of both sides.
type EngagementView struct {
	Engagement
	Posting  Posting
	Shift    Shift
	Employer Employer
	Worker   PersonCard
	Phone    string // the employer's, whole, once the engagement is confirmed and only to its worker
	History  []EngagementMove
	Next     []Act
}

// View completes one engagement for an actor.
func (s *EngagementService) View(ctx context.Context, actor access.Actor, e Engagement) (EngagementView, error) {
	list, err := s.Views(ctx, actor, []Engagement{e})
	if err != nil {
		return EngagementView{}, err
	}
	v := list[0]
	if v.History, err = s.Engaged.EngagementHistory(ctx, e.ID); err != nil {
		return EngagementView{}, err
	}
	if e.Status.Holds() && (e.sideOf(actor) == BySeeker) {
		contact, err := s.Store.EmployerContact(ctx, e.EmployerID)
		if err != nil {
			return EngagementView{}, err
		}
		v.Phone = contact.Phone
		if v.Posting.ForHousehold && contact.Address != "" && v.Posting.Address == "" {
			v.Posting.Address = contact.Address
		}
	}
	return v, nil
}

// Views completes a list: three statements, however long it is.
func (s *EngagementService) Views(ctx context.Context, actor access.Actor, list []Engagement) ([]EngagementView, error) {
	postings := make([]PostingID, 0, len(list))
	employers := make([]EmployerID, 0, len(list))
	persons := make([]string, 0, len(list))
	for _, e := range list {
		postings, employers, persons = append(postings, e.PostingID), append(employers, e.EmployerID), append(persons, e.PersonID)
	}
	found, err := s.Store.PostingsByID(ctx, offer.Set(postings))
	if err != nil {
		return nil, err
	}
	byID := make(map[PostingID]Posting, len(found))
	for _, p := range found {
		byID[p.ID] = p
	}
	bosses, err := s.Store.EmployersByID(ctx, offer.Set(employers))
	if err != nil {
		return nil, err
	}
	cards, err := s.People.Cards(ctx, offer.Set(persons))
	if err != nil {
		return nil, err
	}
	now := s.Now()
	out := make([]EngagementView, len(list))
	for i, e := range list {
		p := byID[e.PostingID]
		sh, _ := p.Shift(e.ShiftID)
		if p.ForHousehold && !e.Status.Holds() {
			p.Address, p.Place = "", offer.PlaceOf(s.Regions, p.Village)
		}
		out[i] = EngagementView{Engagement: e, Posting: p, Shift: sh, Employer: bosses[e.EmployerID], Worker: cards[e.PersonID], Next: e.Next(actor, now)}
		// Ratings are double-blind: a side sees the other's once both have rated.
		if e.StarsByEmployer == 0 || e.StarsByWorker == 0 {
			switch e.sideOf(actor) {
			case BySeeker:
				out[i].StarsByEmployer = 0
			case ByEmployer:
				out[i].StarsByWorker = 0
			case ByStaff, BySystem:
			}
		}
	}
	return out, nil
}

// Passer is someone at a kiosk without an account.
type Passer struct {
	Surname string
	Phone   string
	Village string // of the kiosk's station
}

// ApplyAtKiosk registers a passer-by by surname and phone and applies for her,
// in one act. By pressing the button she declares to be of the age it names.
func (s *EngagementService) ApplyAtKiosk(ctx context.Context, actor access.Actor, shift ShiftID, who Passer) (Engagement, error) {
	var e Engagement
	err := s.Tx.InTx(ctx, func(ctx context.Context) error {
		if who.Village == "" && actor.Station != "" {
			st, err := s.Store.Station(ctx, StationID(actor.Station))
			if err != nil {
				return err
			}
			who.Village = st.Town
		}
		w, err := s.RegisterWorker(ctx, actor, WorkerForm{
			Person: NewPerson{Name: who.Surname, Phone: who.Phone, Light: true, Consent: ConsentSelf}, Village: who.Village,
		})
		if err != nil {
			return err
		}
		e, err = s.Apply(ctx, actor, shift, w.ID)
		return err
	})
	return e, err
}

// DayShift is one shift of an employer's day with everyone on it.
type DayShift struct {
	Posting     PostingView
	Shift       Shift
	CheckInCode string
	Engagements []EngagementView
}

// Day is an employer's day sheet.
func (s *EngagementService) Day(ctx context.Context, actor access.Actor, on day.Date) ([]DayShift, error) {
	if actor.Employer == "" {
		return nil, access.ErrForbidden
	}
	page, err := s.Engaged.Engagements(ctx, Scope{Employer: EmployerID(actor.Employer)}, EngagementFilter{Date: on, Limit: 500})
	if err != nil {
		return nil, err
	}
	views, err := s.Views(ctx, actor, page.Items)
	if err != nil {
		return nil, err
	}
	postings, err := s.Postings(ctx, actor, PostingFilter{Limit: 200})
	if err != nil {
		return nil, err
	}
	var out []DayShift
	for _, p := range postings.Items {
		for _, sh := range p.Shifts {
			if sh.Date != on || p.Status == PostingDraft || p.Status == PostingRejected {
				continue
			}
			d := DayShift{Posting: p, Shift: sh, CheckInCode: s.CodeOf(p.ID, on)}
			for _, v := range views {
				if v.ShiftID == sh.ID {
					d.Engagements = append(d.Engagements, v)
				}
			}
			out = append(out, d)
		}
	}
	return out, nil
}

// Alternatives finds up to three other postings near the one that is full.
func (s *EngagementService) Alternatives(ctx context.Context, actor access.Actor, shift ShiftID) []PostingHit {
	p, err := s.Store.PostingOfShift(ctx, shift)
	if err != nil {
		return nil
	}
	r, err := s.Search(ctx, actor, PostingQuery{Trade: p.Trade, Region: p.Town(), Limit: 4})
	if err != nil || len(r.Items) < 2 {
		if r, err = s.Search(ctx, actor, PostingQuery{Region: p.Town(), Limit: 4}); err != nil {
			return nil
		}
	}
	var out []PostingHit
	for _, h := range r.Items {
		if h.ID != p.ID && len(out) < 3 {
			out = append(out, h)
		}
	}
	return out
}
