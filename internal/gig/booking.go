package gig

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"linggong/internal/access"
	"linggong/internal/day"
	"linggong/internal/event"
	"linggong/internal/gig/offer"
)

// BookingStore writes applications many at a time: the same rows and the same
// promises as one by one, in as many statements as one takes.
type BookingStore interface {
	// LockShifts keeps others from taking places of these shifts until the
	// transaction ends, and says whose they are. Unknown ones are absent.
	LockShifts(ctx context.Context, ids []ShiftID) (map[ShiftID]PostingID, error)
	// UsedCodes returns those of the pick-up codes that are in use.
	UsedCodes(ctx context.Context, codes []string) ([]string, error)
	// LiveHoldings returns what workers hold of what begins from a day until
	// before another, and a day on either side, without what they did before.
	LiveHoldings(ctx context.Context, ids []WorkerID, from, until day.Date) (map[WorkerID]Holdings, error)
	// Contacts returns phones and addresses of employers: what EmployerContact
	// tells whoever works there.
	Contacts(ctx context.Context, ids []EmployerID) (map[EmployerID]Contact, error)
	// CreateEngagements adds all of list with the first line of each history, or
	// none: ErrOverlap, ErrAlreadyApplied and a CHECK speak for the whole.
	CreateEngagements(ctx context.Context, list []Engagement, moves []EngagementMove, moveID func() string) error
}

// Ask is one worker put forward for one shift; without Worker the actor herself.
type Ask struct {
	Actor  access.Actor
	Shift  ShiftID
	Worker WorkerID
}

// Outcome is what became of an Ask: the engagement, or why there is none.
type Outcome struct {
	View EngagementView
	Err  error
}

// ErrAskAlone says that an ask cannot be answered together with those beside it.
var ErrAskAlone = errors.New("to be asked by itself")

// ApplyMany is Apply for asks that arrived together, in the transaction in ctx:
// what each would have been told one by one, in a fixed number of statements. An
// error of its own, a constraint that spoke, means that none of it holds: the
// caller asks each by itself.
func (s *EngagementService) ApplyMany(ctx context.Context, asks []Ask) ([]Outcome, error) {
	out := make([]Outcome, len(asks))
	b, err := s.gather(ctx, asks)
	if err != nil {
		return nil, fmt.Errorf("gather for %d applications: %w", len(asks), err)
	}
	for i, a := range asks {
		if out[i].Err = s.decide(b, a); out[i].Err == nil {
			b.takes = append(b.takes, i)
		}
	}
	if err := s.book(ctx, b, asks); err != nil {
		return nil, fmt.Errorf("book %d applications: %w", len(b.takes), err)
	}
	if err := s.gatherPhones(ctx, b, asks); err != nil {
		return nil, fmt.Errorf("show %d applications: %w", len(b.takes), err)
	}
	for k, i := range b.takes {
		out[i].View = s.shown(b, asks[i].Actor, k)
	}
	return out, nil
}

// batch is what one turn knows.
type batch struct {
	postings map[PostingID]*Posting
	of       map[ShiftID]PostingID
	workers  map[WorkerID]WorkerView
	bosses   map[EmployerID]Employer
	phones   map[EmployerID]Contact
	own      map[string]WorkerID // of the persons who ask for themselves
	held     map[WorkerID]Holdings
	seen     map[WorkerID]bool

	takes []int // the asks that get an engagement, in order
	made  []Engagement
	kinds []event.Kind
	moves []EngagementMove
}

func (s *EngagementService) gather(ctx context.Context, asks []Ask) (*batch, error) {
	b := &batch{postings: map[PostingID]*Posting{}, workers: map[WorkerID]WorkerView{}, seen: map[WorkerID]bool{}}
	shifts := make([]ShiftID, len(asks))
	for i, a := range asks {
		shifts[i] = a.Shift
	}
	var err error
	if b.of, err = s.Booking.LockShifts(ctx, offer.Set(shifts)); err != nil {
		return nil, err
	}
	var postings []PostingID
	for _, p := range b.of {
		postings = append(postings, p)
	}
	list, err := s.Store.PostingsByID(ctx, offer.Set(postings))
	if err != nil {
		return nil, err
	}
	var bosses []EmployerID
	var dates []day.Date
	for i := range list {
		list[i].Shifts = slices.Clone(list[i].Shifts) // places are counted down in them
		b.postings[list[i].ID] = &list[i]
		bosses = append(bosses, list[i].EmployerID)
		for _, sh := range list[i].Shifts {
			if slices.Contains(shifts, sh.ID) {
				dates = append(dates, sh.Date)
			}
		}
	}
	if b.bosses, err = s.Store.EmployersByID(ctx, offer.Set(bosses)); err != nil {
		return nil, err
	}
	return b, s.gatherWorkers(ctx, b, asks, dates)
}

// gatherWorkers reads who they are, and what they hold in the weeks of dates.
func (s *EngagementService) gatherWorkers(ctx context.Context, b *batch, asks []Ask, dates []day.Date) error {
	var persons []string
	for _, a := range asks {
		if a.Worker == "" && a.Actor.Person != "" {
			persons = append(persons, a.Actor.Person)
		}
	}
	var err error
	if b.own, err = s.Store.WorkersByPerson(ctx, offer.Set(persons)); err != nil {
		return err
	}
	var all []WorkerID
	for _, a := range asks {
		if id := b.workerOf(a); id != "" {
			all = append(all, id)
		}
	}
	ids := offer.Set(all)
	found, err := s.Store.WorkersByID(ctx, ids)
	if err != nil {
		return err
	}
	list := make([]Worker, 0, len(found))
	for _, w := range found {
		list = append(list, w)
	}
	views, err := s.views(ctx, list)
	if err != nil {
		return err
	}
	for _, v := range views {
		b.workers[v.ID] = v
	}
	if len(dates) == 0 {
		return nil
	}
	b.held, err = s.Booking.LiveHoldings(ctx, ids, offer.Monday(slices.Min(dates)), offer.Monday(slices.Max(dates)).Add(7))
	return err
}

// workerOf is whom an ask puts forward, "" where nobody.
func (b *batch) workerOf(a Ask) WorkerID {
	if a.Worker == "" {
		return b.own[a.Actor.Person]
	}
	return a.Worker
}

// decide is the judgement of Apply on one ask, and puts the engagement into b.
func (s *EngagementService) decide(b *batch, a Ask) error {
	who := b.workerOf(a)
	if who == "" {
		return ErrWorkerNotFound
	}
	id, ok := b.of[a.Shift]
	p := b.postings[id]
	if !ok || p == nil {
		return ErrShiftNotFound
	}
	sh, err := p.onOffer(a.Shift, s.Now())
	if err != nil {
		return err
	}
	w, ok := b.workers[who]
	if !ok {
		return ErrWorkerNotFound
	}
	if err := s.mayBegin(a.Actor, access.Apply, *p, w.Worker); err != nil {
		return err
	}
	if b.seen[w.ID] {
		return ErrAskAlone // what she got a moment ago is not in what was read
	}
	c := b.held[w.ID].Around(*p, sh)
	if err := s.Fit(*p, sh, w, c.Load); err != nil {
		return err
	}
	e, kind := s.begun(*p, sh, w.Worker, applied)
	if c.Status != "" {
		return ErrAlreadyApplied
	}
	if e.Status.Holds() {
		for _, x := range c.Busy {
			if x.From.Before(sh.EndsAt) && sh.StartsAt.Before(x.To) {
				return ErrOverlap
			}
		}
		p.take(sh.ID)
	}
	b.seen[w.ID] = true
	b.made, b.kinds = append(b.made, e), append(b.kinds, kind)
	return nil
}

// take counts one place of a shift as taken.
func (p *Posting) take(id ShiftID) {
	for i := range p.Shifts {
		if p.Shifts[i].ID == id {
			p.Shifts[i].Filled++
		}
	}
}

// book writes what was decided.
func (s *EngagementService) book(ctx context.Context, b *batch, asks []Ask) error {
	if len(b.made) == 0 {
		return nil
	}
	if err := s.giveCodes(ctx, b.made); err != nil {
		return err
	}
	events := make([]event.Event, len(b.made))
	for k, e := range b.made {
		actor, act := asks[b.takes[k]].Actor, firstAct(e)
		b.moves = append(b.moves, s.moveOf(actor, e, act, ""))
		events[k] = eventOf(actor, e, b.kinds[k], act, "", b.postings[e.PostingID].Trade)
	}
	if err := s.Booking.CreateEngagements(ctx, b.made, b.moves, s.NewID); err != nil {
		return err
	}
	return s.Events.Publish(ctx, events...)
}

// giveCodes gives each a pick-up code nobody else has now.
func (s *EngagementService) giveCodes(ctx context.Context, list []Engagement) error {
	taken := map[string]bool{}
	for range 20 {
		var codes []string
		for i := range list {
			for list[i].Code == "" {
				if code := newCode(); !taken[code] {
					list[i].Code, taken[code] = code, true
					codes = append(codes, code)
				}
			}
		}
		if len(codes) == 0 {
			return nil
		}
		used, err := s.Booking.UsedCodes(ctx, codes)
		if err != nil {
			return err
		}
		for i := range list {
			if slices.Contains(used, list[i].Code) {
				list[i].Code = ""
			}
		}
		if len(used) == 0 {
			return nil
		}
	}
	return ErrEngagementCode
}

// gatherPhones reads the contacts of those employers that are told to somebody.
func (s *EngagementService) gatherPhones(ctx context.Context, b *batch, asks []Ask) error {
	var bosses []EmployerID
	for k, i := range b.takes {
		if e := b.made[k]; e.Status.Holds() && e.sideOf(asks[i].Actor) == BySeeker {
			bosses = append(bosses, e.EmployerID)
		}
	}
	if len(bosses) == 0 {
		return nil
	}
	var err error
	b.phones, err = s.Booking.Contacts(ctx, offer.Set(bosses))
	return err
}

// shown is View of what was just made, from what is known already.
func (s *EngagementService) shown(b *batch, actor access.Actor, k int) EngagementView {
	e := b.made[k]
	p := *b.postings[e.PostingID]
	sh, _ := p.Shift(e.ShiftID)
	if p.ForHousehold && !e.Status.Holds() {
		p.Address, p.Place = "", offer.PlaceOf(s.Regions, p.Village)
	}
	v := EngagementView{
		Engagement: e, Posting: p, Shift: sh, Employer: b.bosses[e.EmployerID], Worker: b.workers[e.WorkerID].Card,
		History: []EngagementMove{b.moves[k]}, Next: e.Next(actor, s.Now()),
	}
	if !e.Status.Holds() || e.sideOf(actor) != BySeeker {
		return v
	}
	contact := b.phones[e.EmployerID]
	v.Phone = contact.Phone
	if v.Posting.ForHousehold && contact.Address != "" && v.Posting.Address == "" {
		v.Posting.Address = contact.Address
	}
	return v
}
