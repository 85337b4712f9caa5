package gig

import (
	"context"
	"errors"
	"fmt"
	"time"

	"linggong/internal/access"
	"linggong/internal/day"
	"linggong/internal/errs"
	"linggong/internal/event"
	"linggong/internal/gig/offer"
	"linggong/internal/worktext"
)

// What can be wrong with a worker.
var (
	ErrWorkerNotFound = errs.New(errs.NotFound, "worker_not_found", "没有这位求职者", "There is no such worker.")
	ErrWorkerStale    = errs.New(errs.Stale, "worker_stale", "资料已被他人修改，请刷新后重试", "Someone else changed the worker; reload it.")
	ErrWorkerInvalid  = errs.New(errs.Invalid, "worker_invalid", "求职者资料有误", "The worker's particulars are not right.")
	ErrWorkerExists   = errs.New(errs.Conflict, "worker_exists", "此人已登记为求职者", "That person is a worker already.")
	ErrTooYoung       = errs.New(errs.Invalid, "under_sixteen", "未满16周岁不能登记求职", "Nobody under sixteen may register.").
				Because("R-AGE-01", "禁止使用童工规定 第2条、第4条", "年满16周岁后可以登记")
	ErrNoConsent = errs.New(errs.Invalid, "consent_missing", "代办须记录本人同意的方式", "Say how the person agreed.").
			Because("R-MKT-02", "domain.md §4.2-8；个人信息保护法 第13条", "选择书面、口头或本人办理")
)

// Consent is how a person agreed to be registered (代办).
type Consent string

// The ways of consent.
const (
	ConsentPaper  Consent = "paper"
	ConsentSpoken Consent = "spoken"
	ConsentSelf   Consent = "self"
)

// Availability is the usual hours of a worker, in Shanghai time.
type Availability struct {
	Days       []time.Weekday // empty: any day
	FromMinute int            // of the day, 0…1439
	ToMinute   int            // equal to FromMinute: all day; smaller: over midnight
}

// TradeSkill is one trade a worker does.
type TradeSkill struct {
	Trade string // trade id
	Level int    // 1 learner, 2 can, 3 master
}

// Certificate is a paper the law asks for (domain.md §7.4).
type Certificate struct {
	Kind    string
	Expires day.Date // "" never
}

// Worker is a person seeking gigs (求职者). Who it is, is in the person registry.
type Worker struct {
	ID       WorkerID
	PersonID string
	Village  string    // 12-digit code, copied from the registration; decides scope
	Station  StationID // where she registered; "" by herself
	Light    bool      // registered at a kiosk by surname and phone only

	Trades       []TradeSkill
	Certificates []Certificate
	RadiusM      int64 // how far she goes, metres
	FloorHourFen int64 // below this she is not asked; 0 none
	Usual        Availability
	AvailableOn  day.Date  // she said "today" on this day
	WaitingSince time.Time // her last work, or when she came (again)

	Completed   int64      // engagements settled
	NoShows     []day.Date // those not appealed; only the last 90 days weigh
	RatingSum   int64
	RatingCount int64

	Consent   Consent
	ConsentBy string // account id of who registered on behalf, "" for self
	CreatedAt time.Time
	Version   int64
}

// AvailableToday says she told us she is free on today.
func (w Worker) AvailableToday(today day.Date) bool { return today != "" && w.AvailableOn == today }

// NoShows90 counts the no-shows of the ninety days before today.
func (w Worker) NoShows90(today day.Date) int64 {
	var n int64
	for _, d := range w.NoShows {
		if ago := today.Sub(d); ago >= 0 && ago <= 90 {
			n++
		}
	}
	return n
}

// Has says she holds the certificate on that day.
func (w Worker) Has(kind string, on day.Date) bool {
	for _, c := range w.Certificates {
		if c.Kind == kind && (c.Expires == "" || c.Expires >= on) {
			return true
		}
	}
	return false
}

// WorkerStore keeps workers.
type WorkerStore interface {
	// CreateWorker returns ErrWorkerExists when the person is a worker already.
	CreateWorker(ctx context.Context, w Worker) error
	// SaveWorker writes every field but the counters of engagements. It returns
	// ErrWorkerStale when w was read before someone else's save.
	SaveWorker(ctx context.Context, w Worker) error
	// Worker and WorkerByPerson return ErrWorkerNotFound when there is none.
	Worker(ctx context.Context, id WorkerID) (Worker, error)
	WorkerByPerson(ctx context.Context, personID string) (Worker, error)
	WorkersByID(ctx context.Context, ids []WorkerID) (map[WorkerID]Worker, error)
	// WorkersByPerson returns the ids of those persons who are workers.
	WorkersByPerson(ctx context.Context, persons []string) (map[string]WorkerID, error)
	Workers(ctx context.Context, scope Scope, f WorkerFilter) (Page[Worker], error)
	// CandidateWorkers returns workers who do one of the trades, those free
	// today and of the town first, at most f.Limit.
	CandidateWorkers(ctx context.Context, f CandidateFilter) ([]Worker, error)
}

// WorkerFilter narrows a list of workers. Empty fields do not.
type WorkerFilter struct {
	Trades    []string   // any of these
	Town      string     // 12-digit code
	Available day.Date   // said so on this day
	IDs       []WorkerID // of these only; nil is all
	Persons   []string   // person ids, when Query was looked up in the registry
	Query     string     // name, phone or ID number, whole
	Cursor    string
	Limit     int
}

// WorkerView is a worker with what the registry shows of the person.
type WorkerView struct {
	Worker
	Card PersonCard
}

// Age returns the full years on a day, or 0 where no birth is known.
func (v WorkerView) Age(on day.Date) int {
	if v.Card.Birth == "" {
		return 0
	}
	return on.Age(v.Card.Birth)
}

// WorkerForm is what is written of a worker.
type WorkerForm struct {
	Person       NewPerson // read at registration only
	Village      string
	Trades       []TradeSkill
	Certificates []Certificate
	RadiusM      int64
	FloorHourFen int64
	Usual        Availability
}

// defaultRadiusM is how far a worker goes who has not said.
const defaultRadiusM = 8000

// RegisterWorker enters a worker: herself by her account, a passer-by at a
// kiosk (form.Person.Light), or on someone's behalf by staff, with consent
// (代办, R-MKT-02). Nobody under sixteen is entered (R-AGE-01).
func (s *Service) RegisterWorker(ctx context.Context, actor access.Actor, f WorkerForm) (WorkerView, error) {
	if err := access.May(actor, access.WorkerRegister); err != nil {
		return WorkerView{}, err
	}
	w := Worker{
		ID: WorkerID(s.NewID()), Light: f.Person.Light, Station: StationID(actor.Station), Consent: f.Person.Consent,
		WaitingSince: s.Now(), CreatedAt: s.Now(), Version: 1,
	}
	if actor.Staff() {
		w.ConsentBy = actor.Account
	} else {
		w.Consent = ConsentSelf
	}
	var view WorkerView
	err := s.Tx.InTx(ctx, func(ctx context.Context) error {
		if err := s.fillOwn(ctx, actor, &f); err != nil {
			return err
		}
		f.Person.Consent, f.Person.Village = w.Consent, f.Village
		if err := s.writeWorker(&w, f); err != nil {
			return err
		}
		var err error
		if w.PersonID, err = s.personOf(ctx, actor, f.Person); err != nil {
			return err
		}
		if known, err := s.Store.WorkerByPerson(ctx, w.PersonID); err == nil {
			if !w.Light {
				return ErrWorkerExists
			}
			view, err = s.view(ctx, known) // the same passer-by again
			return err
		} else if !errors.Is(err, ErrWorkerNotFound) {
			return err
		}
		if view, err = s.view(ctx, w); err != nil {
			return err
		}
		if age := view.Age(s.today()); view.Card.Birth != "" && age < 16 {
			return ErrTooYoung
		}
		if err := s.Store.CreateWorker(ctx, w); err != nil {
			return err
		}
		if actor.Role == access.Worker && actor.Account != "" {
			if err := s.Accounts.BindWorker(ctx, actor.Account, w.PersonID); err != nil {
				return err
			}
		}
		return s.tellWorker(ctx, actor, event.WorkerRegistered, w)
	})
	return view, err
}

// fillOwn takes the phone of a worker's own account, which a code has proved.
func (s *Service) fillOwn(ctx context.Context, actor access.Actor, f *WorkerForm) error {
	if actor.Role != access.Worker || actor.Account == "" || f.Person.Phone != "" && actor.Person != "" {
		return nil
	}
	phone, err := s.Accounts.Phone(ctx, actor.Account)
	f.Person.Phone = phone
	return err
}

// writeWorker checks f and puts it into w.
func (s *Service) writeWorker(w *Worker, f WorkerForm) error {
	if w.Consent != ConsentPaper && w.Consent != ConsentSpoken && w.Consent != ConsentSelf {
		return ErrNoConsent
	}
	bad := ErrWorkerInvalid
	if !offer.IsVillage(s.Regions, f.Village) && !offer.IsTown(s.Regions, f.Village) {
		bad = bad.On("village", "unknown", "请选择所在村（社区）")
	}
	if f.RadiusM == 0 {
		f.RadiusM = defaultRadiusM
	}
	if f.RadiusM < 0 || f.RadiusM > 100_000 {
		bad = bad.On("radius_m", "range", "可去距离应在100公里以内")
	}
	if f.FloorHourFen < 0 || f.FloorHourFen > 100_000 {
		bad = bad.On("floor_hour_fen", "range", "期望时薪不合理")
	}
	for i := range f.Trades {
		if f.Trades[i].Level == 0 {
			f.Trades[i].Level = 2
		}
		if _, ok := worktext.TradeByID(f.Trades[i].Trade); !ok {
			bad = bad.On("trades", "unknown", "没有这个工种")
		}
	}
	u := f.Usual
	if u.FromMinute < 0 || u.FromMinute > 1439 || u.ToMinute < 0 || u.ToMinute > 1440 {
		bad = bad.On("available", "range", "时间应在0点到24点之间")
	}
	if len(bad.Fields) > 0 {
		return bad
	}
	w.Village, w.Trades, w.Certificates = f.Village, f.Trades, f.Certificates
	w.RadiusM, w.FloorHourFen, w.Usual = f.RadiusM, f.FloorHourFen, f.Usual
	return nil
}

// ChangeWorker writes a worker's own wishes; who she is stays with the registry.
func (s *Service) ChangeWorker(ctx context.Context, actor access.Actor, id WorkerID, f WorkerForm, version int64) (WorkerView, error) {
	return s.changeWorker(ctx, actor, id, version, func(w *Worker) error { return s.writeWorker(w, f) })
}

// SetAvailableToday records "today I can come", or takes it back.
func (s *Service) SetAvailableToday(ctx context.Context, actor access.Actor, id WorkerID, yes bool) (WorkerView, error) {
	return s.changeWorker(ctx, actor, id, 0, func(w *Worker) error {
		today := s.today()
		if !yes {
			if w.AvailableOn == today {
				w.AvailableOn = today.Add(-1) // she was free up to now: her waiting is not lost
			}
			return nil
		}
		// R-FIT-10: who has not come for long does not wait; who comes again does.
		long := today.Add(-s.Rules().Number("waiting.forget_days", w.Village, today))
		if w.AvailableOn < long && day.Of(w.WaitingSince) < long {
			w.WaitingSince = s.Now()
		}
		w.AvailableOn = today
		return nil
	})
}

func (s *Service) changeWorker(ctx context.Context, actor access.Actor, id WorkerID, version int64, change func(*Worker) error) (WorkerView, error) {
	var view WorkerView
	err := s.Tx.InTx(ctx, func(ctx context.Context) error {
		w, err := s.Store.Worker(ctx, id)
		if err != nil {
			return err
		}
		if err := access.Can(actor, access.WorkerChange, w.target()); err != nil {
			return err
		}
		if version != 0 && version != w.Version {
			return ErrWorkerStale
		}
		if err := change(&w); err != nil {
			return err
		}
		if err := s.Store.SaveWorker(ctx, w); err != nil {
			return err
		}
		w.Version++
		if view, err = s.view(ctx, w); err != nil {
			return err
		}
		return s.tellWorker(ctx, actor, event.WorkerChanged, w)
	})
	return view, err
}

func (w Worker) target() access.Target {
	return access.Target{Region: w.Village, Station: string(w.Station), Person: w.PersonID}
}

func (s *Service) tellWorker(ctx context.Context, actor access.Actor, kind event.Kind, w Worker) error {
	return s.Events.Publish(ctx, event.Event{
		Kind: kind, Actor: actor, Region: w.Village, Person: w.PersonID,
		Subject: event.Ref{Kind: "worker", ID: string(w.ID)},
		Tags:    map[string]string{"consent": string(w.Consent)},
	})
}

// Worker returns one worker, masked.
func (s *Service) Worker(ctx context.Context, actor access.Actor, id WorkerID) (WorkerView, error) {
	w, err := s.Store.Worker(ctx, id)
	if err != nil {
		return WorkerView{}, err
	}
	if err := access.Can(actor, access.WorkerRead, w.target()); err != nil {
		return WorkerView{}, err
	}
	return s.view(ctx, w)
}

// OwnWorker returns the signed-in worker, or ErrWorkerNotFound before she has
// written her profile.
func (s *Service) OwnWorker(ctx context.Context, actor access.Actor) (WorkerView, error) {
	if actor.Person == "" {
		return WorkerView{}, ErrWorkerNotFound
	}
	w, err := s.Store.WorkerByPerson(ctx, actor.Person)
	if err != nil {
		return WorkerView{}, err
	}
	return s.view(ctx, w)
}

// OwnWorkerID is the id of OwnWorker, from one statement: all that an application
// must know beforehand.
func (s *Service) OwnWorkerID(ctx context.Context, actor access.Actor) (WorkerID, error) {
	if actor.Person == "" {
		return "", ErrWorkerNotFound
	}
	ids, err := s.Store.WorkersByPerson(ctx, []string{actor.Person})
	if err != nil {
		return "", err
	}
	if ids[actor.Person] == "" {
		return "", ErrWorkerNotFound
	}
	return ids[actor.Person], nil
}

// Workers lists the workers the actor may see.
func (s *Service) Workers(ctx context.Context, actor access.Actor, f WorkerFilter) (Page[WorkerView], error) {
	scope, err := scopeOf(actor, access.WorkerRead)
	if err != nil {
		return Page[WorkerView]{}, err
	}
	if f.Query != "" {
		if f.Persons, err = s.People.Find(ctx, f.Query); err != nil {
			return Page[WorkerView]{}, fmt.Errorf("find persons: %w", err)
		}
		if len(f.Persons) == 0 {
			return Page[WorkerView]{}, nil
		}
	}
	page, err := s.Store.Workers(ctx, scope, f)
	if err != nil {
		return Page[WorkerView]{}, err
	}
	items, err := s.views(ctx, page.Items)
	return Page[WorkerView]{Items: items, Next: page.Next}, err
}
