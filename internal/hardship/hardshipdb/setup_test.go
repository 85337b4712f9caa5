package hardshipdb_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"linggong/internal/access"
	"linggong/internal/audit/auditdb"
	"linggong/internal/bus"
	"linggong/internal/day"
	"linggong/internal/dbx"
	"linggong/internal/errs"
	"linggong/internal/event"
	"linggong/internal/hardship"
	"linggong/internal/hardship/hardshipdb"
	"linggong/internal/hardship/helpcase"
	"linggong/internal/hardship/recognition"
	"linggong/internal/rules"
	"linggong/internal/seal"
)

const (
	village = "330481101201"
	other   = "330481102202"
)

// world is a small city with its staff, a clock that can be set, and one person
// per call of person.
type world struct {
	t     *testing.T
	ctx   context.Context
	db    *dbx.DB
	store *hardshipdb.Store
	svc   *hardship.Service
	bus   *bus.Bus

	mu     sync.Mutex
	now    time.Time
	people map[string]hardship.PersonCard
	staff  map[string]account
	events []event.Event

	caseworker, town, town2, bureau, bureau2, auditor access.Actor
}

type account struct {
	access.Actor
	active bool
}

func newWorld(t *testing.T, db *dbx.DB) *world {
	t.Helper()
	keys, err := seal.Generate(seal.Standard)
	if err != nil {
		t.Fatal(err)
	}
	w := &world{
		t: t, ctx: t.Context(), db: db, store: hardshipdb.NewStore(db, keys),
		now: time.Date(2026, 3, 2, 2, 0, 0, 0, time.UTC), people: map[string]hardship.PersonCard{}, staff: map[string]account{},
	}
	w.caseworker = w.hire(access.Caseworker, village)
	w.town = w.hire(access.TownOfficer, "330481101")
	w.bureau = w.hire(access.Bureau)
	w.auditor = w.hire(access.Auditor)
	w.bus = bus.New(auditdb.NewStore(db), w.clock, bus.Func(func(_ context.Context, e event.Event) error {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.events = append(w.events, e)
		return nil
	}))
	w.svc = hardship.New(hardship.Deps{
		Store: w.store, People: w, Accounts: w, Book: book{}, Tx: db, Events: w.bus, Now: w.clock, NewID: dbx.NewID,
	})
	return w
}

func (w *world) clock() time.Time { return w.now }
func (w *world) today() day.Date  { return day.Of(w.now) }
func (w *world) pass(days int)    { w.now = w.now.AddDate(0, 0, days) }
func (w *world) goTo(d day.Date)  { w.now = d.Start().Add(10 * time.Hour) }
func (w *world) fire(a access.Actor) {
	x := w.staff[a.Account]
	x.active = false
	w.staff[a.Account] = x
}

func (w *world) hire(role access.Role, regions ...string) access.Actor {
	a := access.Actor{Role: role, Account: dbx.NewID(), Regions: regions}
	w.staff[a.Account] = account{a, true}
	return a
}

func (w *world) person(where string) string {
	id := dbx.NewID()
	w.people[id] = hardship.PersonCard{ID: id, NameMasked: "张*", Sex: "male", Birth: "1968-05-01", Village: where}
	return id
}

// Card, Cards and Region make the world a hardship.People.
func (w *world) Card(_ context.Context, id string) (hardship.PersonCard, error) {
	c, ok := w.people[id]
	if !ok {
		return c, access.ErrHidden
	}
	return c, nil
}

func (w *world) Cards(_ context.Context, ids []string) (map[string]hardship.PersonCard, error) {
	out := map[string]hardship.PersonCard{}
	for _, id := range ids {
		if c, ok := w.people[id]; ok {
			out[id] = c
		}
	}
	return out, nil
}

func (w *world) Region(ctx context.Context, id string) (string, error) {
	c, err := w.Card(ctx, id)
	return c.Village, err
}

// Owner and Covering make it a hardship.Accounts.
func (w *world) Owner(_ context.Context, id string) (string, access.Role, []string, bool, error) {
	a, ok := w.staff[id]
	if !ok {
		return "", "", nil, false, access.ErrHidden
	}
	return "someone", a.Role, a.Regions, a.active, nil
}

func (w *world) Covering(_ context.Context, region string, role access.Role) ([]string, error) {
	var out []string
	for id, a := range w.staff {
		if a.active && a.Role == role && a.Covers(region) {
			out = append(out, id)
		}
	}
	slices.Sort(out)
	return out, nil
}

// book is the rules with round numbers: five-day weeks and no holidays.
type book struct{}

var numbers = map[string]int{
	"hard.draft_days": 10, "hard.supplement_days": 10, "hard.check_days": 5, "hard.review_days": 5, "hard.publish_days": 2,
	"hard.objection_days": 5, "hard.decision_days": 5, "hard.suspend_review_days": 60, "hard.publicity_days": 5,
	"hard.validity_months": 12, "hard.renewal_lead_days": 30, "hard.stable_months": 6, "household.zero_target_days": 30,
	"assess.stale_days": 90, "assess.review_days": 90, "case.assign_days": 1, "case.contact_days": 5, "case.plan_days": 10,
	"case.confirm_days": 5, "case.contact_every_days": 30, "case.refusal_review_days": 5, "help.due_days": 30,
	"help.refusals_before_review": 3,
}

func (book) Number(key, _ string, _ day.Date) int {
	n, ok := numbers[key]
	if !ok {
		panic("no number " + key)
	}
	return n
}

func (book) List(string, string, day.Date) []rules.Entry {
	return []rules.Entry{{Key: "household", Label: "走访困难家庭"}}
}

func works(d day.Date) bool { return d.Weekday() != time.Saturday && d.Weekday() != time.Sunday }

func (book) AddWorkingDays(from day.Date, n int) day.Date {
	for n > 0 {
		if from = from.Add(1); works(from) {
			n--
		}
	}
	return from
}

func (book) WorkingDays(from, to day.Date) int {
	n := 0
	for d := from; d <= to; d = d.Add(1) {
		if works(d) {
			n++
		}
	}
	return n
}

func (book) WorkingAge(birth day.Date, _, _ string, on day.Date) bool {
	age := on.Age(birth)
	return age >= 16 && age < 63
}

func (book) Conditions(c recognition.Category, _ string, f recognition.Facts, on day.Date) []recognition.Finding {
	met := f.RegisteredOn != "" && f.RegisteredOn <= on.AddMonths(-6)
	return []recognition.Finding{{Category: c, Condition: "连续登记失业满6个月", Met: &met, Rule: "R-HARD-01", Source: "浙人社发〔2025〕59号", Hard: true}}
}

func (book) Standard(_, _ string, _ day.Date) []helpcase.StandardLine {
	return []helpcase.StandardLine{
		{Kind: helpcase.Policy, Needed: 1, Within: 30},
		{Kind: helpcase.Guidance, Needed: 1, Within: 30},
		{Kind: helpcase.JobReferral, Needed: 3, Within: 30},
		{Kind: helpcase.TrainingOffer, Needed: 1, Within: 30},
	}
}

func yes() *bool { v := true; return &v }
func no() *bool  { v := false; return &v }

// apply opens and submits an application by the caseworker.
func (w *world) apply(person string) recognition.ID {
	w.t.Helper()
	r, err := w.svc.Apply(w.ctx, w.caseworker, hardship.RecognitionInput{
		Person: person, Categories: []recognition.Category{recognition.H1}, Facts: recognition.Facts{RegisteredOn: w.today().AddMonths(-8)},
	})
	w.must(err)
	w.move(w.caseworker, r.ID, recognition.Submit, recognition.Input{})
	return r.ID
}

func (w *world) move(a access.Actor, id recognition.ID, m recognition.Move, in recognition.Input) recognition.Record {
	w.t.Helper()
	r, err := w.svc.Move(w.ctx, a, id, m, in)
	if err != nil {
		w.t.Fatalf("%s by %s: %v", m, a.Role, err)
	}
	return r
}

// published brings an application to its public notice.
func (w *world) published(person string) recognition.ID {
	w.t.Helper()
	id := w.apply(person)
	w.move(w.caseworker, id, recognition.Check, recognition.Input{OK: yes(), Opinion: "属实"})
	w.move(w.town, id, recognition.Review, recognition.Input{OK: yes(), Opinion: "同意"})
	w.move(w.town, id, recognition.Publish, recognition.Input{})
	return id
}

// recognised brings a person to recognition and returns her open case.
func (w *world) recognised(person string) helpcase.Case {
	w.t.Helper()
	id := w.published(person)
	w.pass(8)
	r := w.move(w.bureau, id, recognition.Decide, recognition.Input{OK: yes(), Opinion: "予以认定"})
	if r.State != recognition.Recognised {
		w.t.Fatalf("state = %s", r.State)
	}
	c, err := w.store.OpenCase(w.ctx, person)
	w.must(err)
	return c
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) refused(err error, want *errs.Error) {
	w.t.Helper()
	if !errors.Is(err, want) {
		w.t.Fatalf("got %v, want %s", err, want.Code)
	}
}

// kinds returns how often each kind of event was told.
func (w *world) kinds() map[event.Kind]int {
	out := map[event.Kind]int{}
	for _, e := range w.events {
		out[e.Kind]++
	}
	return out
}

// verified fails the test if any invariant of the store is broken.
func (w *world) verified() {
	w.t.Helper()
	list, err := w.store.Verify(w.ctx, w)
	w.must(err)
	for _, inv := range list {
		if len(inv.Broken) > 0 {
			w.t.Errorf("%s: broken by %s", inv.Name, strings.Join(inv.Broken, ", "))
		}
	}
}

// silent fails the test if a word is in any event.
func (w *world) silent(words ...string) {
	w.t.Helper()
	for _, e := range w.events {
		told := fmt.Sprintf("%+v", e)
		for _, word := range words {
			if strings.Contains(told, word) {
				w.t.Errorf("event %s tells %q", e.Kind, word)
			}
		}
	}
}
