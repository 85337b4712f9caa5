// Package matchrun matches a station's morning (智能匹配): everybody who is
// free on a day with every place of that day, at once, the best way there is.
//
// The operator gets a proposal with reasons, sees who and what is left over and
// the nearest miss of each, and sends the invitations in one act. Nothing is
// decided for anybody: an invitation is answered by the worker. Every run is
// kept as problem and result, so that it can be checked by somebody else.
package matchrun

import (
	"context"
	"fmt"
	"time"

	"linggong/internal/access"
	"linggong/internal/day"
	"linggong/internal/errs"
	"linggong/internal/gig"
	"linggong/internal/matching"
)

// What can be wrong with a run.
var (
	ErrRunNotFound = errs.New(errs.NotFound, "match_run_not_found", "没有这次匹配", "There is no such matching run.")
	ErrDay         = errs.New(errs.Invalid, "match_day", "只能匹配今天和以后七天内的班次", "Matching looks at today and the seven days to come.").
			Because("R-FIT-09", "本系统约定", "请选择今天或以后七天内的日期")
	ErrNotProposed = errs.New(errs.Invalid, "not_proposed", "这一对不在本次匹配的结果里", "That pair is not in the run's result.")
)

// The bounds of one run: more is matched by the command line.
const (
	maxDaysAhead = 7
	maxWorkers   = 2000
	maxPostings  = 500
	recentDays   = 30 // who came in the last month is asked for a day ahead
)

// ID is a run's.
type ID string

// Store keeps runs and reads what is matched. It joins the transaction in ctx.
type Store interface {
	// FreeWorkers returns workers of a town or a station who last said they are
	// free between two days, both included: the longest waiting first.
	FreeWorkers(ctx context.Context, town string, station gig.StationID, from, to day.Date, limit int) ([]gig.Worker, error)
	// OpenOn returns published postings of the town or the station with places
	// left in shifts of a day that begin after now.
	OpenOn(ctx context.Context, town string, station gig.StationID, on day.Date, now time.Time, limit int) ([]gig.Posting, error)
	// SaidNo returns who ended something on these shifts, or was refused there.
	SaidNo(ctx context.Context, shifts []gig.ShiftID) ([]Chosen, error)
	SaveRun(ctx context.Context, r Run) error
	// Run returns ErrRunNotFound when there is none.
	Run(ctx context.Context, id ID) (Run, error)
	Runs(ctx context.Context, station gig.StationID, limit int) ([]Run, error)
}

// Run is one run as it is kept: what was asked and answered, in ids and numbers.
type Run struct {
	ID      ID
	Station gig.StationID
	On      day.Date
	Problem string // the file format of `linggong match`
	Result  string
	Rounds  []Round // after the first: second shifts of the day
	Edits   string  // JSON: what the operator settled before
	Policy  string  // what it was decided by
	Placed  int64
	Value   int64 // sum of fits
	By      string
	At      time.Time
}

// Market is what this room uses of the market.
type Market interface {
	Holdings(ctx context.Context, ids []gig.WorkerID, around day.Date) (map[gig.WorkerID]gig.Holdings, error)
	Station(ctx context.Context, id gig.StationID) (gig.Station, error)
	EmployersByID(ctx context.Context, ids []gig.EmployerID) (map[gig.EmployerID]gig.Employer, error)
}

// Inviter asks a worker to come.
type Inviter interface {
	Invite(ctx context.Context, actor access.Actor, shift gig.ShiftID, worker gig.WorkerID) (gig.Engagement, error)
}

// Service is the use cases of matching.
type Service struct {
	Store   Store
	Market  Market
	Gig     *gig.Service
	Inviter Inviter
}

// Seat is one shift with places left.
type Seat struct {
	Posting  gig.Posting
	Employer string
	Shift    gig.Shift
}

// Pair is one proposed pair with its reasons.
type Pair struct {
	Worker gig.WorkerView
	Seat   Seat
	Fit    gig.Fit
	Pinned bool // settled by the operator
	Again  bool // another shift of somebody who has one that day
}

// Unfilled is a shift with places nobody free could take, and who comes nearest.
type Unfilled struct {
	Seat    Seat
	Open    int64
	Nearest *Pair // nil when everybody free has a place
}

// Unplaced is somebody without a place, and what comes nearest.
type Unplaced struct {
	Worker  gig.WorkerView
	Nearest *Pair // Fit without blockers: only the places were taken; nil when there is no shift at all
}

// Proposal is the outcome of a run, for the operator.
type Proposal struct {
	Run      Run
	Station  gig.Station
	Workers  int64
	Places   int64
	Reserved int64 // of them kept back by the operator
	Optimal  bool  // proved by the checker, which shares no code with the solver
	Pairs    []Pair
	Unfilled []Unfilled
	Unplaced []Unplaced

	// What the usual best-first list would have done with the same people.
	GreedyPlaced, GreedyValue int64

	// What the order of the policy did, and the sum of fits without it: the
	// difference is its price.
	Tiers      []Tier
	PlainValue int64

	Again       int64            // places filled by people who have a shift already
	PlacesBound int64            // no answer fills more; 0 where nobody is offered two
	Apart       [][]gig.WorkerID // who wanted to go together and cannot
}

// Match proposes pairs for a station's day, around what the operator settled,
// and keeps the run.
func (s *Service) Match(ctx context.Context, actor access.Actor, station gig.StationID, on day.Date, e Edits) (Proposal, error) {
	st, err := s.Market.Station(ctx, station)
	if err != nil {
		return Proposal{}, err
	}
	if err := access.Can(actor, access.MatchRun, access.Target{Station: string(st.ID), Region: st.Town}); err != nil {
		return Proposal{}, err
	}
	today := day.Of(s.Gig.Now())
	if on == "" {
		on = today
	}
	if ahead := on.Sub(today); ahead < 0 || ahead > maxDaysAhead {
		return Proposal{}, ErrDay.On("date", "out_of_range", "请选择今天或以后七天内的日期")
	}
	m, err := s.gather(ctx, st, on)
	if err != nil {
		return Proposal{}, fmt.Errorf("gather the day of station %s: %w", station, err)
	}
	m.policy = policy{matching.ParseOrder(s.Gig.Rules().Text("match.waiting_tiers", st.Town, on)), today, s.Gig.Weights(st.Town, on)}
	answered, err := s.Store.SaidNo(ctx, m.shifts())
	if err != nil {
		return Proposal{}, err
	}
	if err := m.settle(e, answered); err != nil {
		return Proposal{}, err
	}
	p, err := m.solve(e.Second)
	if err != nil {
		return Proposal{}, fmt.Errorf("match the day of station %s: %w", station, err)
	}
	p.Station = st
	p.Run.ID, p.Run.Station, p.Run.On = ID(s.Gig.NewID()), st.ID, on
	p.Run.By, p.Run.At = actor.Account, s.Gig.Now()
	if p.Run.Edits, err = m.keep(e); err != nil {
		return Proposal{}, err
	}
	return p, s.Gig.Tx.InTx(ctx, func(ctx context.Context) error { return s.Store.SaveRun(ctx, p.Run) })
}

// Runs lists a station's runs, newest first.
func (s *Service) Runs(ctx context.Context, actor access.Actor, station gig.StationID) ([]Run, error) {
	st, err := s.Market.Station(ctx, station)
	if err != nil {
		return nil, err
	}
	if err := access.Can(actor, access.MatchRun, access.Target{Station: string(st.ID), Region: st.Town}); err != nil {
		return nil, err
	}
	return s.Store.Runs(ctx, station, 20)
}

func (s *Service) gather(ctx context.Context, st gig.Station, on day.Date) (*morning, error) {
	// For today only those who are here; for a day ahead who comes often.
	from := on
	if today := day.Of(s.Gig.Now()); on > today {
		from = today.Add(-recentDays)
	}
	workers, err := s.Store.FreeWorkers(ctx, st.Town, st.ID, from, on, maxWorkers)
	if err != nil {
		return nil, err
	}
	postings, err := s.Store.OpenOn(ctx, st.Town, st.ID, on, s.Gig.Now(), maxPostings)
	if err != nil {
		return nil, err
	}
	m := &morning{gig: s.Gig}
	if m.workers, err = s.Gig.WorkerViews(ctx, workers); err != nil {
		return nil, err
	}
	ids := make([]gig.WorkerID, len(workers))
	for i, w := range workers {
		ids[i] = w.ID
	}
	if m.held, err = s.Market.Holdings(ctx, ids, on); err != nil {
		return nil, err
	}
	m.dropTaken(on)
	employers := make([]gig.EmployerID, len(postings))
	for i, p := range postings {
		employers[i] = p.EmployerID
	}
	names, err := s.Market.EmployersByID(ctx, employers)
	if err != nil {
		return nil, err
	}
	for _, p := range postings {
		for _, sh := range p.Shifts {
			if sh.Date == on && sh.Open() > 0 && sh.StartsAt.After(s.Gig.Now()) {
				m.seats = append(m.seats, Seat{p, names[p.EmployerID].Name, sh})
			}
		}
	}
	return m, nil
}
