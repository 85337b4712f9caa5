package gig

import (
	"cmp"
	"context"
	"slices"

	"linggong/internal/access"
	"linggong/internal/day"
	"linggong/internal/errs"
	"linggong/internal/gig/offer"
	"linggong/internal/matching"
)

// errNoShift says a posting has no shift to come.
var errNoShift = errs.New(errs.Conflict, "no_shift_open", "没有还未开始的班次", "No shift is still to come.")

// Candidate is a worker for a shift.
type Candidate struct {
	Worker WorkerView
	Fit    Fit
	Status EngagementStatus // of her engagement on the shift, "" none
}

// CommitmentStore reads what workers hold.
type CommitmentStore interface {
	// Holdings returns what workers hold in the week around a day and what they
	// have done before, in two statements whatever their number. Those who hold
	// and did nothing are absent.
	Holdings(ctx context.Context, ids []WorkerID, around day.Date) (map[WorkerID]Holdings, error)
}

// Holdings are a worker's live engagements around a day, and her experience.
type Holdings struct {
	Live []Held
	Done map[string]int64 // trade → gigs settled
}

// Held is one live engagement.
type Held struct {
	Employer EmployerID
	Shift    ShiftID
	Status   EngagementStatus
	Holds    bool // takes up her time: confirmed or further
	Window   matching.Window
	Minutes  int64 // paid
}

// Around says what the holdings mean for one shift of a posting.
func (h Holdings) Around(p Posting, sh Shift) Commitments {
	c := Commitments{SameTrade: h.Done[p.Trade]}
	monday := offer.Monday(sh.Date)
	for _, x := range h.Live {
		if x.Shift == sh.ID {
			c.Status = x.Status
			continue
		}
		if !x.Holds {
			continue
		}
		c.Busy = append(c.Busy, x.Window)
		on := day.Of(x.Window.From)
		if x.Employer == p.EmployerID && on >= monday && on < monday.Add(7) {
			c.EmployerWeekMinutes += x.Minutes
		}
		if on == sh.Date {
			c.DayMinutes += x.Minutes
		}
	}
	return c
}

// maxCandidates bounds who is looked at closely for one shift.
const maxCandidates = 500

// CandidateFilter is the coarse sieve SQL applies before workers are judged.
type CandidateFilter struct {
	Trades []string // does one of these
	Town   string   // those of this town first
	Limit  int
}

// Candidates ranks workers for a shift of a posting, the eligible first, each
// with the reasons for and against. Without a shift the next one to come is meant.
func (s *Service) Candidates(ctx context.Context, actor access.Actor, id PostingID, shift ShiftID) ([]Candidate, error) {
	p, err := s.Store.Posting(ctx, id)
	if err != nil {
		return nil, err
	}
	if err := access.Can(actor, access.Candidates, p.target()); err != nil {
		return nil, err
	}
	sh, err := s.shiftToCome(p, shift)
	if err != nil {
		return nil, err
	}
	workers, err := s.Store.CandidateWorkers(ctx, CandidateFilter{
		Trades: nearTrades([]string{p.Trade}), Town: p.Town(), Limit: maxCandidates,
	})
	if err != nil {
		return nil, err
	}
	views, err := s.views(ctx, workers)
	if err != nil {
		return nil, err
	}
	ids := make([]WorkerID, len(views))
	for i, v := range views {
		ids[i] = v.ID
	}
	held, err := s.Store.Holdings(ctx, ids, sh.Date)
	if err != nil {
		return nil, err
	}
	out := make([]Candidate, len(views))
	for i, v := range views {
		c := held[v.ID].Around(p, sh)
		out[i] = Candidate{Worker: v, Fit: s.FitOf(v, p, sh, c), Status: c.Status}
	}
	slices.SortStableFunc(out, func(a, b Candidate) int {
		return cmp.Or(cmp.Compare(len(a.Fit.Blockers), len(b.Fit.Blockers)), -cmp.Compare(a.Fit.Total, b.Fit.Total), cmp.Compare(a.Worker.ID, b.Worker.ID))
	})
	return out, nil
}

// shiftToCome returns the shift named, or the first that has not begun and has
// a place left, or else the first that has not begun.
func (s *Service) shiftToCome(p Posting, id ShiftID) (Shift, error) {
	if id != "" {
		if sh, ok := p.Shift(id); ok {
			return sh, nil
		}
		return Shift{}, ErrShiftNotFound
	}
	var first *Shift
	for i, sh := range p.Shifts {
		if !sh.StartsAt.After(s.Now()) {
			continue
		}
		if sh.Open() > 0 {
			return sh, nil
		}
		if first == nil {
			first = &p.Shifts[i]
		}
	}
	if first == nil {
		return Shift{}, errNoShift
	}
	return *first, nil
}

// OwnFit says whether and how well a posting suits the signed-in worker.
func (s *Service) OwnFit(ctx context.Context, actor access.Actor, id PostingID) (Fit, error) {
	own, err := s.OwnWorker(ctx, actor)
	if err != nil {
		return Fit{}, err
	}
	return s.fitFor(ctx, own, id)
}

// FitFor says the same of any worker the actor may see.
func (s *Service) FitFor(ctx context.Context, actor access.Actor, worker WorkerID, id PostingID) (Fit, error) {
	w, err := s.Worker(ctx, actor, worker)
	if err != nil {
		return Fit{}, err
	}
	return s.fitFor(ctx, w, id)
}

func (s *Service) fitFor(ctx context.Context, w WorkerView, id PostingID) (Fit, error) {
	p, err := s.Store.Posting(ctx, id)
	if err != nil {
		return Fit{}, err
	}
	if !p.public() {
		return Fit{}, ErrPostingNotFound
	}
	sh, err := s.shiftToCome(p, "")
	if err != nil {
		return Fit{}, err
	}
	held, err := s.Store.Holdings(ctx, []WorkerID{w.ID}, sh.Date)
	if err != nil {
		return Fit{}, err
	}
	return s.FitOf(w, p, sh, held[w.ID].Around(p, sh)), nil
}

// ownFits judges a page of postings for a signed-in worker; others get none. What
// she holds elsewhere is looked at when she opens one.
func (s *Service) ownFits(ctx context.Context, actor access.Actor, list []PostingView) (map[PostingID]*Fit, error) {
	if actor.Role != access.Worker || actor.Person == "" || len(list) == 0 {
		return nil, nil //nolint:nilnil // nobody to judge for
	}
	own, err := s.OwnWorker(ctx, actor)
	if errs.KindOf(err) == errs.NotFound {
		return nil, nil //nolint:nilnil // signed in, but no profile yet
	}
	if err != nil {
		return nil, err
	}
	out := make(map[PostingID]*Fit, len(list))
	for _, v := range list {
		if sh, err := s.shiftToCome(v.Posting, ""); err == nil {
			f := s.FitOf(own, v.Posting, sh, Commitments{})
			out[v.ID] = &f
		}
	}
	return out, nil
}
