// Package person is the one registry of human beings (人员). A worker, a hardship
// person and a trainee are roles of a person kept elsewhere, by id only; who it
// is stands here and nowhere else.
//
// Name, ID number, phone and address are sealed at rest and leave masked. Seeing
// one whole is an act of its own, with a reason, limited and on the record.
package person

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"linggong/internal/access"
	"linggong/internal/cache"
	"linggong/internal/day"
	"linggong/internal/errs"
	"linggong/internal/event"
	"linggong/internal/rules"
	"linggong/internal/tx"
)

// What the registry refuses with.
var (
	ErrNotFound = errs.New(errs.NotFound, "person_not_found", "没有找到这个人", "There is no such person.")
	ErrStale    = errs.New(errs.Stale, "person_stale", "他人刚刚修改过这份资料，请刷新后再试", "Someone changed the person since you read it. Reload and try again.")
	ErrInvalid  = errs.New(errs.Invalid, "person_invalid", "人员资料有误，请检查标出的项目", "The particulars are not right; see the marked fields.")
	// ErrTaken says another person has that ID number.
	ErrTaken = errs.New(errs.Conflict, "id_number_taken", "该身份证号已登记给另一人", "That ID number belongs to another person.").
			Because("R-ID-01", "domain.md §6.1", "请核对号码，或按号码查找已登记的人员")
	ErrOtherName = errs.New(errs.Conflict, "id_number_other_name", "该身份证号已登记在另一姓名下", "That ID number is registered under another name.").
			Because("R-ID-01", "domain.md §6.1", "请核对证件，姓名确有更正的由工作人员修改")
	ErrAskStaff = errs.New(errs.Conflict, "person_needs_staff", "这份资料需要工作人员当面核验", "The staff have to check this in person.").
			Because("R-ID-01", "个人信息保护法 第51条", "请带身份证到零工市场窗口办理")
	ErrAmbiguous = errs.New(errs.Conflict, "person_ambiguous", "这个手机号下有多位同姓人员", "Several people of that surname share the phone.").
			Because("R-ID-02", "domain.md §6.2", "请填写全名或出生年份")
	ErrElsewhere = errs.New(errs.Conflict, "person_elsewhere", "此人已在其他村（社区）登记", "That person is registered in another village.").
			Because("R-ID-01", "domain.md §6.1", "请联系所在镇（街道）转入")
)

// Sex as the ID number tells it.
type Sex string

// The sexes; "" where no ID number has told.
const (
	Female Sex = "female"
	Male   Sex = "male"
)

// RetireCategory is the original retirement age a person falls under. A woman's
// is not in her ID number (R-RET-01); "" is not known.
type RetireCategory string

// The categories of domain.md §5.5, as package rules writes them.
const (
	RetireMan     = RetireCategory(rules.Male60)
	RetireWoman55 = RetireCategory(rules.Female55)
	RetireWoman50 = RetireCategory(rules.Female50)
)

// Proof is how far the registry can trust who a person is.
type Proof string

// The proofs, weakest first.
const (
	Unproved   Proof = ""          // her own word
	ByPhone    Proof = "phone"     // a code sent to the phone came back
	ByNumber   Proof = "id_number" // the ID number passes its check
	ByDocument Proof = "document"  // staff saw the card
)

// Person is one registered human being, without what is sealed.
type Person struct {
	ID       string
	Sex      Sex
	Birth    day.Date // from the ID number; else 1 January of the declared year; "" not known
	Declared bool     // Birth is her own word
	Village  string   // 12-digit code; a town's where the village is not known
	Retire   RetireCategory

	Proof    Proof
	ProvedAt time.Time
	ProvedBy string // account id; "" by the program

	CreatedAt time.Time
	Version   int64
}

// Particulars is what is sealed. It never prints.
type Particulars struct {
	Name     string
	IDNumber string // upper-case, 18 characters, or ""
	Phone    string // 11 digits, or ""
	Address  string
}

// String hides the particulars from every format verb.
func (Particulars) String() string { return "***" }

// GoString hides the particulars.
func (Particulars) GoString() string { return "***" }

// LogValue hides the particulars from the log.
func (Particulars) LogValue() slog.Value { return slog.StringValue("***") }

var (
	_ fmt.Stringer   = Particulars{}
	_ slog.LogValuer = Particulars{}
)

// Record is a person with the particulars: what the store keeps and what never
// leaves this package but through Reveal and Export.
type Record struct {
	Person
	Particulars Particulars
	// LightKey makes two taps on the kiosk one person: see lightKey. "" for
	// persons registered with an ID number.
	LightKey string
}

// Store keeps persons. Every method joins the transaction in ctx.
type Store interface {
	// Create adds r. It returns ErrTaken when its ID number or light key is
	// there already; the transaction goes on.
	Create(ctx context.Context, r Record) error
	// Save writes every field of r and raises its version, or returns ErrStale
	// or ErrTaken.
	Save(ctx context.Context, r Record) error
	// Person returns one, or ErrNotFound.
	Person(ctx context.Context, id string) (Record, error)
	// People returns those of ids that exist, in one query.
	People(ctx context.Context, ids []string) ([]Record, error)
	// ByIDNumber returns the one with the number, or ErrNotFound.
	ByIDNumber(ctx context.Context, number string) (Record, error)
	// ByPhone returns those who share the phone, oldest registration first.
	ByPhone(ctx context.Context, phone string) ([]Record, error)
	// Find returns the ids of those who match exactly.
	Find(ctx context.Context, x Exact) ([]string, error)
	// List returns a page of those in scope, newest first.
	List(ctx context.Context, s Scope, f Filter) (Page, error)

	ConsentStore
}

// Exact is a whole value to find a person by; one field is set.
type Exact struct{ Name, Phone, IDNumber string }

// Regions is what the registry asks of the region tree.
type Regions interface {
	IsTown(code string) bool
	IsVillage(code string) bool
}

// Limiter bounds how often something may be done.
type Limiter interface {
	Allow(ctx context.Context, key string, limit int, per time.Duration) (cache.Decision, error)
}

// Deps are what a Service needs; all are required.
type Deps struct {
	Store   Store
	Tx      tx.Runner
	Events  event.Publisher
	Regions Regions
	Limit   Limiter
	NewID   func() string
	Now     func() time.Time
}

// Service is the registry's use cases.
type Service struct{ Deps }

// NewService returns the registry's use cases.
func NewService(d Deps) *Service { return &Service{Deps: d} }

func (s *Service) today() day.Date { return day.Of(s.Now()) }

// at is the target of an act on a person.
func at(p Person) access.Target { return access.Target{Region: p.Village, Person: p.ID} }

// mine returns the record when the actor may do the action to it.
func (s *Service) mine(ctx context.Context, actor access.Actor, do access.Action, id string) (Record, error) {
	if err := access.May(actor, do); err != nil {
		return Record{}, err
	}
	r, err := s.Store.Person(ctx, id)
	if err != nil {
		return Record{}, err
	}
	if err := access.Can(actor, do, at(r.Person)); err != nil {
		return Record{}, ErrNotFound // that a person is registered is itself a fact about her
	}
	return r, nil
}

func (s *Service) tell(ctx context.Context, actor access.Actor, kind event.Kind, p Person, tags map[string]string, reason string) error {
	err := s.Events.Publish(ctx, event.Event{
		Kind: kind, Actor: actor, Subject: event.Ref{Kind: "person", ID: p.ID},
		Region: p.Village, Person: p.ID, Tags: tags, Reason: reason,
	})
	if err != nil {
		return fmt.Errorf("tell of person %s: %w", p.ID, err)
	}
	return nil
}
