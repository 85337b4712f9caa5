// Package gigtest is what tests of the market stand in for the rooms around it:
// a small region tree, the wage table, a few trades, a registry of people, a
// sealer that only marks, and an event list.
package gigtest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"linggong/internal/access"
	"linggong/internal/event"
	"linggong/internal/gig"
	"linggong/internal/gig/offer"
	"linggong/internal/region"
	"linggong/internal/tx"
)

// The places tests use.
const (
	City    = "330481000000"
	Haizhou = "330481002000" // 海洲街道
	Xucun   = "330481101000" // 许村镇
	Village = "330481101201" // 许村镇
	Market  = "330481002002" // a community of 海洲
)

// Now is the tests' present: a Monday morning in Shanghai.
var Now = time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC)

// Regions is the tree of 海宁.
func Regions() *region.Tree { return region.HainingTree() }

// Sealer marks what it seals, so that a test sees what was.
type Sealer struct{}

// Seal implements gigdb.Sealer.
func (Sealer) Seal(field, row string, plain []byte) ([]byte, error) {
	return []byte("sealed:" + field + ":" + row + ":" + string(plain)), nil
}

// Open implements gigdb.Sealer.
func (Sealer) Open(field, row string, sealed []byte) ([]byte, error) {
	plain, ok := strings.CutPrefix(string(sealed), "sealed:"+field+":"+row+":")
	if !ok {
		return nil, errors.New("sealed for another place")
	}
	return []byte(plain), nil
}

// Blind implements gigdb.Sealer.
func (Sealer) Blind(field, value string) string {
	if value == "" {
		return ""
	}
	return fmt.Sprintf("%x", field+value)
}

// People is a registry in memory.
type People struct {
	NewID func() string
	mu    sync.Mutex
	cards map[string]gig.PersonCard
	known map[string]string
}

// Register implements gig.People: the same name and phone is the same person.
func (p *People) Register(_ context.Context, _ access.Actor, n gig.NewPerson) (string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	key := n.Name + "|" + n.Phone + "|" + n.IDNumber
	if id, ok := p.known[key]; ok {
		return id, nil
	}
	if p.known == nil {
		p.known, p.cards = map[string]string{}, map[string]gig.PersonCard{}
	}
	id := p.NewID()
	p.known[key] = id
	p.cards[id] = gig.PersonCard{NameMasked: gig.MaskName(n.Name), PhoneMasked: gig.MaskPhone(n.Phone), Birth: n.Birth, Village: n.Village}
	return id, nil
}

// Cards implements gig.People.
func (p *People) Cards(_ context.Context, ids []string) (map[string]gig.PersonCard, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := map[string]gig.PersonCard{}
	for _, id := range ids {
		if c, ok := p.cards[id]; ok {
			out[id] = c
		}
	}
	return out, nil
}

// Find implements gig.People.
func (p *People) Find(_ context.Context, query string) ([]string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	var out []string
	for key, id := range p.known {
		for part := range strings.SplitSeq(key, "|") {
			if part == query {
				out = append(out, id)
				break
			}
		}
	}
	return out, nil
}

// Accounts remembers who was bound to whom; every account has one phone.
type Accounts struct {
	mu                 sync.Mutex
	Employers, Persons map[string]string
}

// Phone implements gig.Accounts.
func (*Accounts) Phone(context.Context, string) (string, error) { return "13900000001", nil }

// BindEmployer implements gig.Accounts.
func (a *Accounts) BindEmployer(_ context.Context, account, id string) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.Employers == nil {
		a.Employers = map[string]string{}
	}
	a.Employers[account] = id
	return nil
}

// BindWorker implements gig.Accounts.
func (a *Accounts) BindWorker(_ context.Context, account, id string) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.Persons == nil {
		a.Persons = map[string]string{}
	}
	a.Persons[account] = id
	return nil
}

// Events lists what was published and hands it to Sub, if there is one.
type Events struct {
	Sub  event.Subscriber
	mu   sync.Mutex
	list []event.Event
}

// Publish implements event.Publisher, with its refusal outside a transaction.
func (e *Events) Publish(ctx context.Context, events ...event.Event) error {
	if tx.From(ctx) == nil {
		return errors.New("an event was published outside a transaction")
	}
	tx.AfterCommit(ctx, func(context.Context) {
		e.mu.Lock()
		defer e.mu.Unlock()
		e.list = append(e.list, events...)
	})
	for _, ev := range events {
		if e.Sub == nil {
			break
		}
		if err := e.Sub.Handle(ctx, ev); err != nil {
			return err
		}
	}
	return nil
}

// Kinds returns the kinds committed so far, in order.
func (e *Events) Kinds() []event.Kind {
	e.mu.Lock()
	defer e.mu.Unlock()
	out := make([]event.Kind, len(e.list))
	for i, ev := range e.list {
		out[i] = ev.Kind
	}
	return out
}

// Last returns the newest committed event.
func (e *Events) Last() event.Event {
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.list) == 0 {
		return event.Event{}
	}
	return e.list[len(e.list)-1]
}

// Terms are lawful terms: loading, tomorrow 08:00–12:00, two places, 30 yuan an hour.
func Terms() gig.Terms {
	return gig.Terms{
		Title: "装卸工", Trade: "loader", Description: "仓库卸货，纸箱每件20公斤", Form: gig.PartTime,
		Village: Village, Address: "许巷路1号", Pay: gig.Pay{AmountFen: 3000, Unit: gig.PerHour, Settlement: gig.SettleDaily, SettlementDays: 1, Payer: "employer"},
		Shifts:    []gig.Shift{gig.NewShift("2026-11-24", 8*60, 12*60, 0, 2)},
		Insurance: "accident", MinAge: 18, Flags: []gig.Flag{offer.FlagHeavy},
		ValidUntil: Now.Add(20 * time.Hour),
	}
}

// The people who act in tests.
var (
	System = access.Internal("test")
	Bureau = access.Actor{Role: access.Bureau, Account: "01900000-0000-7000-8000-0000000000b1"}
	Town   = access.Actor{Role: access.TownOfficer, Account: "01900000-0000-7000-8000-0000000000c1", Regions: []string{"330481101"}}
)

// Finder answers as Answer says and keeps what it was asked.
type Finder struct {
	Answer func(gig.Find) gig.Found
	Asked  []gig.Find
}

// Find implements gig.Finder.
func (f *Finder) Find(_ context.Context, q gig.Find) (gig.Found, error) {
	f.Asked = append(f.Asked, q)
	if f.Answer == nil {
		return gig.Found{}, nil
	}
	return f.Answer(q), nil
}

// Suggest implements gig.Finder.
func (f *Finder) Suggest(_ context.Context, text string, _ int) ([]gig.Suggestion, error) {
	return []gig.Suggestion{{Label: text, Kind: "word", Value: text}}, nil
}
