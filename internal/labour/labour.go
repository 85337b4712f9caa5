package labour

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"linggong/internal/access"
	"linggong/internal/day"
	"linggong/internal/event"
	"linggong/internal/rules"
	"linggong/internal/tx"
)

// Work is what the market knows of the engagement a clue is about.
type Work struct {
	Engagement, Posting, Title, Employer, EmployerName, Person, Village string
	On                                                                  day.Date
	Worked, Paid                                                        bool
}

// Market is the gig market.
type Market interface {
	Work(ctx context.Context, engagement string) (Work, error)
}

// Store keeps clues. Every method joins the transaction in ctx.
type Store interface {
	// Create returns ErrOpen when the engagement has an open clue.
	Create(ctx context.Context, c Clue) error
	// Save returns ErrStale when c was read before someone else's act.
	Save(ctx context.Context, c Clue) error
	Clue(ctx context.Context, id ID) (Clue, error)
	// Clues lists open ones first, the soonest due first.
	Clues(ctx context.Context, f Filter) ([]Clue, error)
	AddStep(ctx context.Context, id ID, s Step) error
	Steps(ctx context.Context, id ID) ([]Step, error)
}

// Filter chooses clues; Regions nil shows the whole city.
type Filter struct {
	Regions []string
	Person  string
	Status  Status
	Open    bool
	After   ID
	Limit   int
}

// Deps are what a Service needs; all are required.
type Deps struct {
	Store  Store
	Market Market
	Book   func() *rules.Book
	Tx     tx.Runner
	Events event.Publisher
	NewID  func() string
	Now    func() time.Time
}

// Service is the use cases of wage clues.
type Service struct{ Deps }

// NewService returns the use cases.
func NewService(d Deps) *Service { return &Service{d} }

func (s *Service) today() day.Date { return day.Of(s.Now()) }

// Report is what the worker says.
type Report struct {
	Engagement string
	ClaimedFen int64
	Story      string
}

// Open takes a report: from the worker, or from staff on her behalf.
func (s *Service) Open(ctx context.Context, actor access.Actor, in Report) (Clue, error) {
	if err := access.May(actor, access.WageClueOpen); err != nil {
		return Clue{}, err
	}
	e := ErrInvalid
	if in.ClaimedFen <= 0 {
		e = e.On("amount_fen", "required", "请填写欠多少钱")
	}
	if in.Story = strings.TrimSpace(in.Story); in.Story == "" {
		e = e.On("story", "required", "请说一下经过")
	}
	if len(e.Fields) > 0 {
		return Clue{}, e
	}
	var c Clue
	err := s.Tx.InTx(ctx, func(ctx context.Context) error {
		w, err := s.Market.Work(ctx, in.Engagement)
		if err != nil {
			return err
		}
		if err := access.Can(actor, access.WageClueOpen, access.Target{Region: w.Village, Person: w.Person}); err != nil {
			return err
		}
		years := s.Book().Number("clue.lookback_years", w.Village, s.today())
		switch {
		case w.Paid:
			return ErrSettled
		case !w.Worked:
			return ErrNotYet
		case w.On.AddMonths(12*years) < s.today():
			return ErrTooOld
		}
		c = Clue{
			ID: ID(s.NewID()), Engagement: w.Engagement, Posting: w.Posting, Title: w.Title, Employer: w.Employer, Name: w.EmployerName, Person: w.Person,
			Village: w.Village, Status: Received, ClaimedFen: in.ClaimedFen, Story: in.Story, OpenedBy: actor.Account, OpenedAt: s.Now(), Version: 1,
		}
		c.Due = c.due(s.Book(), s.today())
		if err := s.Store.Create(ctx, c); err != nil {
			return err
		}
		return s.moved(ctx, actor, c, event.WageClueOpened, Step{To: Received, Fen: in.ClaimedFen})
	})
	if err != nil {
		return Clue{}, fmt.Errorf("open wage clue: %w", err)
	}
	return c, nil
}

// Details come with an act.
type Details struct {
	Reason string
	Fen    int64
}

// Do does an act to a clue.
func (s *Service) Do(ctx context.Context, actor access.Actor, id ID, act Act, d Details) (Clue, error) {
	i := slices.IndexFunc(moves, func(m move) bool { return m.act == act })
	if i < 0 {
		return Clue{}, ErrState
	}
	m := moves[i]
	var c Clue
	err := s.Tx.InTx(ctx, func(ctx context.Context) error {
		var err error
		if c, err = s.Store.Clue(ctx, id); err != nil {
			return err
		}
		if err := access.Can(actor, m.may, c.target()); err != nil {
			return err
		}
		if !slices.Contains(m.from, c.Status) {
			return ErrState
		}
		if err := c.apply(m, d, actor); err != nil {
			return err
		}
		c.Due = c.due(s.Book(), s.today())
		if err := s.Store.Save(ctx, c); err != nil {
			return err
		}
		c.Version++
		return s.moved(ctx, actor, c, kindOf(act), Step{Act: act, To: c.Status, Reason: d.Reason, Fen: d.Fen})
	})
	if err != nil {
		return Clue{}, fmt.Errorf("%s wage clue %s: %w", act, id, err)
	}
	return c, nil
}

// apply puts an act's outcome into c.
func (c *Clue) apply(m move, d Details, actor access.Actor) error {
	if d.Reason = strings.TrimSpace(d.Reason); d.Reason == "" && m.act != Accept {
		return ErrReason
	}
	if m.money && d.Fen <= 0 {
		return ErrInvalid.On("amount_fen", "required", "请填写金额")
	}
	switch m.act {
	case Accept:
		c.Officer = actor.Account
	case Confirm:
		c.FoundFen, c.Confirmed = d.Fen, true
	case Resolve:
		c.PaidFen = d.Fen
	case Dismiss, Transfer, Withdraw:
	}
	c.Status = m.to
	return nil
}

func kindOf(act Act) event.Kind {
	switch act {
	case Confirm:
		return event.WageClueConfirmed
	case Resolve:
		return event.WageClueResolved
	case Accept, Dismiss, Transfer, Withdraw:
	}
	return event.WageClueMoved
}

func (s *Service) moved(ctx context.Context, actor access.Actor, c Clue, kind event.Kind, st Step) error {
	st.At, st.By, st.Role = s.Now(), actor.Account, string(actor.Role)
	if err := s.Store.AddStep(ctx, c.ID, st); err != nil {
		return err
	}
	confirmed := "no"
	if c.Confirmed {
		confirmed = "yes"
	}
	return s.Events.Publish(ctx, event.Event{
		Kind: kind, Actor: actor, Subject: event.Ref{Kind: "wage_clue", ID: string(c.ID)}, Region: c.Village, Person: c.Person,
		Refs: []event.Ref{{Kind: "engagement", ID: c.Engagement}, {Kind: "employer", ID: c.Employer}},
		Nums: map[string]int64{"fen": st.Fen}, Tags: map[string]string{"act": string(st.Act), "status": string(c.Status), "confirmed": confirmed},
	})
}

// mayRead says the actor may see a clue: officers and openers within reach.
func mayRead(a access.Actor, t access.Target) error {
	err := access.Can(a, access.WageClueHandle, t)
	if err == nil {
		return nil
	}
	return access.Can(a, access.WageClueOpen, t)
}

// Clue returns one with its history.
func (s *Service) Clue(ctx context.Context, actor access.Actor, id ID) (Clue, []Step, error) {
	c, err := s.Store.Clue(ctx, id)
	if err != nil {
		return Clue{}, nil, err
	}
	if err := mayRead(actor, c.target()); err != nil {
		return Clue{}, nil, err
	}
	steps, err := s.Store.Steps(ctx, id)
	return c, steps, err
}

// Clues lists what the actor may see: her own, or those of her regions.
func (s *Service) Clues(ctx context.Context, actor access.Actor, f Filter) ([]Clue, error) {
	if err := access.May(actor, access.WageClueOpen); err != nil && access.May(actor, access.WageClueHandle) != nil {
		return nil, err
	}
	switch {
	case actor.Role == access.Worker:
		if actor.Person == "" {
			return []Clue{}, nil
		}
		f.Person = actor.Person
	case !actor.City():
		f.Regions = append([]string{}, actor.Regions...) // none sees none
	}
	if f.Limit <= 0 || f.Limit > 100 {
		f.Limit = 50
	}
	return s.Store.Clues(ctx, f)
}
