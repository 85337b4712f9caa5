package persondb_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"linggong/internal/access"
	"linggong/internal/audit"
	"linggong/internal/audit/auditdb"
	"linggong/internal/bus"
	"linggong/internal/cache"
	"linggong/internal/dbx"
	"linggong/internal/dbx/dbtest"
	"linggong/internal/event"
	"linggong/internal/person"
	"linggong/internal/person/persondb"
	"linggong/internal/seal"
)

// The two sample numbers of the standard (domain.md §6.1).
const (
	womansNumber = "11010519491231002X"
	mansNumber   = "440524188001010014"
	village      = "330481101201"
	otherVillage = "330481102201"
)

var (
	her    = access.Actor{Role: access.Caseworker, Account: "01990000-0000-7000-8000-00000000000a", Regions: []string{village}}
	bureau = access.Actor{Role: access.Bureau, Account: "01990000-0000-7000-8000-00000000000b"}
	kiosk  = access.Actor{Role: access.Kiosk, Station: "01990000-0000-7000-8000-00000000000c"}
)

func now() time.Time { return time.Date(2026, 11, 23, 1, 0, 0, 123456000, time.UTC) }

type regions struct{}

func (regions) IsTown(code string) bool { return len(code) == 12 && strings.HasSuffix(code, "000") }
func (regions) IsVillage(code string) bool {
	return len(code) == 12 && !strings.HasSuffix(code, "000")
}

type world struct {
	*person.Service
	db    *dbx.DB
	ring  *seal.Keyring
	store *persondb.Store
	trace *auditdb.Store
}

func newWorld(t *testing.T, db *dbx.DB) world {
	t.Helper()
	ring, err := seal.Generate(seal.Standard)
	if err != nil {
		t.Fatal(err)
	}
	store, trace := persondb.NewStore(db, ring, now), auditdb.NewStore(db)
	return world{
		Service: person.NewService(person.Deps{
			Store: store, Tx: db, Events: bus.New(trace, now), Regions: regions{},
			Limit: cache.NewLocal(now), NewID: dbx.NewID, Now: now,
		}),
		db: db, ring: ring, store: store, trace: trace,
	}
}

func (w world) register(t *testing.T, actor access.Actor, n person.NewPerson) person.Registered {
	t.Helper()
	if n.Village == "" {
		n.Village = village
	}
	r, err := w.Register(t.Context(), actor, n)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func (w world) acts(t *testing.T, kind event.Kind) []audit.Entry {
	t.Helper()
	list, err := w.trace.List(t.Context(), audit.Filter{Kind: kind, Limit: 500})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func each(t *testing.T, fn func(t *testing.T, w world)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) { fn(t, newWorld(t, db)) })
}

func TestTheSameIDNumberIsOnePerson(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w world) {
		first := w.register(t, her, person.NewPerson{Name: "张三", IDNumber: womansNumber, Phone: "13900000001"})
		again := w.register(t, bureau, person.NewPerson{Name: "张 三", IDNumber: strings.ToLower(womansNumber), Village: otherVillage})
		if first.Existing || !again.Existing || again.ID != first.ID {
			t.Fatalf("%+v, %+v", first, again)
		}
		if n := len(w.acts(t, event.PersonRegistered)); n != 1 {
			t.Errorf("%d registrations on the record", n)
		}
		c, err := w.Card(t.Context(), first.ID)
		if err != nil {
			t.Fatal(err)
		}
		want := person.Card{
			ID: first.ID, NameMasked: "张*", PhoneMasked: "139****0001", IDMasked: "110105**********2X",
			Sex: person.Female, Birth: "1949-12-31", Village: village,
		}
		if d := cmp.Diff(want, c); d != "" {
			t.Error(d)
		}
		_, err = w.Register(t.Context(), her, person.NewPerson{Name: "李四", IDNumber: womansNumber, Village: village})
		if !errors.Is(err, person.ErrOtherName) {
			t.Errorf("another name on the number: %v", err)
		}
	})
}

func TestRegistrationsRacingForOneIDNumberMakeOnePerson(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w world) {
		ids := make([]string, 8)
		var wg sync.WaitGroup
		for i := range ids {
			wg.Go(func() {
				r, err := w.Register(t.Context(), bureau, person.NewPerson{Name: "张三", IDNumber: womansNumber, Village: village})
				if err != nil {
					t.Error(err)
				}
				ids[i] = r.ID
			})
		}
		wg.Wait()
		if slices.Sort(ids); ids[0] != ids[7] || len(w.acts(t, event.PersonRegistered)) != 1 {
			t.Fatal(ids)
		}
	})
}

func TestAPhoneSharedInAFamilyMakesTwoPersons(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w world) {
		father := w.register(t, bureau, person.NewPerson{Name: "王大", Phone: "13900000001", BirthYear: 1960})
		mother := w.register(t, bureau, person.NewPerson{Name: "李梅", Phone: "13900000001", BirthYear: 1962})
		again := w.register(t, bureau, person.NewPerson{Name: "王大", Phone: "13900000001"})
		if father.ID == mother.ID || len(mother.Similar) != 0 {
			t.Error("the family is one person")
		}
		if again.Existing || !slices.Equal(again.Similar, []string{father.ID}) {
			t.Errorf("a likeness is to be reported, not acted on: %+v", again)
		}
	})
}

func TestThePasserByAtTheKioskIsKnownAgain(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w world) {
		tap := func(name string, year int) (person.Registered, error) {
			return w.Register(t.Context(), kiosk, person.NewPerson{Name: name, Phone: "13900000001", BirthYear: year, Village: village, Light: true})
		}
		first, err := tap("王", 1960)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"王", "王大"} {
			if r, err := tap(name, 0); err != nil || r.ID != first.ID || !r.Existing {
				t.Errorf("%s again: %+v, %v", name, r, err)
			}
		}
		son, err := tap("王", 1990)
		if err != nil || son.ID == first.ID {
			t.Fatalf("the son is his father: %+v, %v", son, err)
		}
		if _, err := tap("王", 0); !errors.Is(err, person.ErrAmbiguous) {
			t.Errorf("two of that surname: %v", err)
		}
		if r, err := tap("王", 1960); err != nil || r.ID != first.ID {
			t.Errorf("told by the year: %+v, %v", r, err)
		}
	})
}

func TestTapsRacingAtTheKioskMakeOnePerson(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w world) {
		ids := make([]string, 6)
		var wg sync.WaitGroup
		for i := range ids {
			wg.Go(func() {
				r, err := w.Register(t.Context(), kiosk, person.NewPerson{Name: "王", Phone: "13900000001", Village: village, Light: true})
				if err != nil {
					t.Error(err)
				}
				ids[i] = r.ID
			})
		}
		wg.Wait()
		if slices.Sort(ids); ids[0] != ids[5] {
			t.Fatal(ids)
		}
	})
}

func TestAnIDNumberIsNoPassword(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w world) {
		known := w.register(t, her, person.NewPerson{Name: "张三", IDNumber: womansNumber, Phone: "13900000001"})
		as := func(actor access.Actor, name, phone string, proved bool) error {
			_, err := w.Register(t.Context(), actor, person.NewPerson{Name: name, IDNumber: womansNumber, Phone: phone, PhoneProved: proved, Village: village})
			return err
		}
		worker := access.Actor{Role: access.Worker, Account: "01990000-0000-7000-8000-00000000000d"}
		for name, err := range map[string]error{
			"her name, another phone":       as(worker, "张三", "13700000000", true),
			"her phone, not proved":         as(worker, "张三", "13900000001", false),
			"her proved phone, other name":  as(worker, "李四", "13900000001", true),
			"at a kiosk, everything typed":  as(kiosk, "张三", "13900000001", false),
			"at a kiosk, only her name too": as(kiosk, "张", "", false),
		} {
			if !errors.Is(err, person.ErrAskStaff) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if err := as(worker, "张三", "13900000001", true); err != nil {
			t.Errorf("she herself: %v", err)
		}
		self := worker
		self.Person = known.ID
		if _, err := w.Change(t.Context(), self, known.ID, person.Change{Name: ptr("李四")}); !errors.Is(err, person.ErrAskStaff) {
			t.Errorf("she renames herself: %v", err)
		}
		if v, err := w.Change(t.Context(), self, known.ID, person.Change{Phone: ptr("13600000000")}); err != nil || v.Card.PhoneMasked != "136****0000" {
			t.Errorf("she takes a new phone: %+v, %v", v, err)
		}
	})
}

func TestAWorkerSigningUpTakesOverOnlyHerOwnRecord(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w world) {
		worker := access.Actor{Role: access.Worker, Account: "01990000-0000-7000-8000-00000000000d"}
		up := func(name, phone string) person.Registered {
			return w.register(t, worker, person.NewPerson{Name: name, Phone: phone, Light: true, PhoneProved: true})
		}
		tapped := w.register(t, kiosk, person.NewPerson{Name: "王", Phone: "13900000001", Light: true})
		verified := w.register(t, her, person.NewPerson{Name: "张三", IDNumber: womansNumber, Phone: "13900000002"})
		if r := up("王大", "13900000001"); r.ID != tapped.ID {
			t.Errorf("her own taps: %+v", r)
		}
		if r := up("张", "13900000002"); r.ID == verified.ID {
			t.Error("a surname opens a verified record")
		}
		if r := w.register(t, kiosk, person.NewPerson{Name: "张", Phone: "13900000003", Light: true}); r.Existing {
			t.Errorf("another phone: %+v", r)
		}
	})
}

func TestBirthAndSexAreReadFromTheNumberNeverTyped(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w world) {
		r := w.register(t, her, person.NewPerson{Name: "陈", Phone: "13900000002", BirthYear: 1990})
		v, err := w.Change(t.Context(), her, r.ID, person.Change{Name: ptr("陈真"), IDNumber: ptr(mansNumber), Version: 1})
		if err != nil {
			t.Fatal(err)
		}
		if v.Birth != "1880-01-01" || v.Declared || v.Sex != person.Male || v.Retire != person.RetireMan || v.Proof != person.ByNumber || v.Version != 2 {
			t.Errorf("%+v", v)
		}
		for name, c := range map[string]struct {
			change person.Change
			want   error
		}{
			"an old version":               {person.Change{Phone: ptr("13900000003"), Version: 1}, person.ErrStale},
			"a wrong check digit":          {person.Change{IDNumber: ptr("440524188001010013")}, person.ErrInvalid},
			"a woman's retirement for him": {person.Change{Retire: ptr(person.RetireWoman50)}, person.ErrInvalid},
			"a village that is none":       {person.Change{Village: ptr("33")}, person.ErrInvalid},
			"neither phone nor number":     {person.Change{Phone: ptr("1")}, person.ErrInvalid},
		} {
			if _, err := w.Change(t.Context(), her, r.ID, c.change); !errors.Is(err, c.want) {
				t.Errorf("%s: %v", name, err)
			}
		}
		other := w.register(t, her, person.NewPerson{Name: "张三", IDNumber: womansNumber})
		if _, err := w.Change(t.Context(), her, other.ID, person.Change{IDNumber: ptr(mansNumber)}); !errors.Is(err, person.ErrTaken) {
			t.Errorf("another's number: %v", err)
		}
	})
}

func TestARevealWithoutAReasonIsRefusedAndWithOneItIsOnTheRecord(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w world) {
		r := w.register(t, her, person.NewPerson{Name: "张三", IDNumber: womansNumber, Phone: "13900000001", Address: "前进村3组"})
		for _, reason := range []string{"", "  ", "看"} {
			if _, err := w.Reveal(t.Context(), her, r.ID, []person.Field{person.PhoneNumber}, reason); !errors.Is(err, person.ErrNoReason) {
				t.Errorf("reason %q: %v", reason, err)
			}
		}
		if n := len(w.acts(t, event.PersonRevealed)); n != 0 {
			t.Fatalf("%d looks on the record, none happened", n)
		}
		got, err := w.Reveal(t.Context(), her, r.ID, []person.Field{person.PhoneNumber, person.Address}, "电话通知复核")
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(person.Particulars{Phone: "13900000001", Address: "前进村3组"}, got); d != "" {
			t.Error(d)
		}
		look := w.acts(t, event.PersonRevealed)
		if len(look) != 1 || look[0].Account != her.Account || look[0].Person != r.ID || look[0].Reason != "电话通知复核" ||
			!maps.Equal(look[0].Tags, map[string]string{"fields": "address phone"}) {
			t.Errorf("on the record: %+v", look)
		}
		outside := her
		outside.Regions = []string{otherVillage}
		if _, err := w.Reveal(t.Context(), outside, r.ID, []person.Field{person.Name}, "好奇"); !errors.Is(err, person.ErrNotFound) {
			t.Errorf("another's village: %v", err)
		}
		for _, role := range []access.Role{access.Auditor, access.Admin, access.Kiosk, access.Employer, access.Anonymous} {
			if _, err := w.Reveal(t.Context(), access.Actor{Role: role}, r.ID, []person.Field{person.Name}, "好奇"); err == nil {
				t.Errorf("%s sees whole particulars", role)
			}
		}
	})
}

func TestNobodyCopiesTheRegistryByLooking(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w world) {
		r := w.register(t, her, person.NewPerson{Name: "张三", IDNumber: womansNumber})
		var err error
		n := 0
		for ; n < 100 && err == nil; n++ {
			_, err = w.Reveal(t.Context(), her, r.ID, []person.Field{person.Name}, "抽查核对")
		}
		if !errors.Is(err, person.ErrTooManyLooks) || n < 20 || n > 60 {
			t.Fatalf("after %d looks: %v", n, err)
		}
		if _, err := w.Reveal(t.Context(), bureau, r.ID, []person.Field{person.Name}, "抽查核对"); err != nil {
			t.Errorf("another account is held up too: %v", err)
		}
	})
}

func TestACaseworkerListsOnlyHerVillages(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w world) {
		var mine, others []string
		for i := range 5 {
			mine = append(mine, w.register(t, bureau, person.NewPerson{Name: "张三", Phone: fmt.Sprintf("1390000000%d", i), BirthYear: 1960 + i}).ID)
			others = append(others, w.register(t, bureau, person.NewPerson{Name: "张三", Phone: fmt.Sprintf("1390000001%d", i), Village: otherVillage}).ID)
		}
		ids := func(actor access.Actor, f person.Filter) []string {
			var out []string
			for {
				page, err := w.List(t.Context(), actor, f)
				if err != nil {
					t.Fatal(err)
				}
				for _, v := range page.Items {
					out = append(out, v.ID)
				}
				if f.Cursor = page.Next; f.Cursor == "" {
					slices.Sort(out)
					return out
				}
			}
		}
		all := slices.Sorted(slices.Values(append(slices.Clone(mine), others...)))
		town := access.Actor{Role: access.TownOfficer, Regions: []string{"330481102"}}
		for name, c := range map[string]struct{ got, want []string }{
			"her two pages at a time":  {ids(her, person.Filter{Limit: 2}), mine},
			"by name, hers only":       {ids(her, person.Filter{Query: "张三"}), mine},
			"by phone of hers":         {ids(her, person.Filter{Query: "13900000003"}), mine[3:4]},
			"by phone of another's":    {ids(her, person.Filter{Query: "13900000013"}), nil},
			"a village that is not":    {ids(her, person.Filter{Under: otherVillage}), nil},
			"the town officer's":       {ids(town, person.Filter{}), others},
			"the whole city":           {ids(bureau, person.Filter{}), all},
			"the city, one town":       {ids(bureau, person.Filter{Under: "330481101"}), mine},
			"what cannot be a name":    {ids(bureau, person.Filter{Query: "1' OR 1=1"}), nil},
			"without any scope":        {ids(access.Actor{Role: access.Caseworker}, person.Filter{}), nil},
			"a percent sign for scope": {ids(access.Actor{Role: access.Caseworker, Regions: []string{"%"}}, person.Filter{}), nil},
			"a worker: herself":        {ids(access.Actor{Role: access.Worker, Person: mine[0]}, person.Filter{}), mine[:1]},
		} {
			if !slices.Equal(c.got, c.want) {
				t.Errorf("%s: %v, want %v", name, c.got, c.want)
			}
		}
		if _, err := w.Person(t.Context(), her, others[0]); !errors.Is(err, person.ErrNotFound) {
			t.Errorf("one of another village: %v", err)
		}
		if _, err := w.List(t.Context(), access.Actor{Role: access.Admin}, person.Filter{}); !errors.Is(err, access.ErrForbidden) {
			t.Errorf("the administrator: %v", err)
		}
		if _, _, err := w.Enter(t.Context(), her, person.NewPerson{Name: "王", IDNumber: mansNumber, Village: otherVillage}); err == nil {
			t.Error("she registers in another village")
		}
	})
}

func TestWhatIsSealedIsNotInTheFile(t *testing.T) {
	t.Parallel()
	path := t.TempDir() + "/canary.db"
	empty := dbtest.SQLite(t)
	if _, err := empty.SQL().Exec("VACUUM INTO ?", path); err != nil {
		t.Fatal(err)
	}
	db, err := dbx.Open(t.Context(), "sqlite://"+path, dbx.Options{})
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t, db)
	r := w.register(t, her, person.NewPerson{Name: "欧阳金丝雀", IDNumber: womansNumber, Phone: "13987654321", Address: "金丝雀弄77号"})
	w.register(t, kiosk, person.NewPerson{Name: "金丝", Phone: "13912344321", Light: true})
	if _, err := w.Change(t.Context(), her, r.ID, person.Change{Address: ptr("金丝雀弄78号")}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Reveal(t.Context(), her, r.ID, person.Fields, "核对材料"); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{path, path + "-wal"} {
		b, err := os.ReadFile(file)
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, canary := range []string{"金丝", "欧阳", womansNumber, "110105", "13987654321", "4321", "弄7"} {
			if i := bytes.Index(b, []byte(canary)); i >= 0 {
				t.Errorf("%s stands in %s", canary, file)
			}
		}
	}
}

func TestEverythingIsReadableWhileKeysChange(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w world) {
		var ids []string
		for i := range 7 {
			ids = append(ids, w.register(t, bureau, person.NewPerson{Name: "张三", Phone: fmt.Sprintf("1390000000%d", i), Address: "前进村"}).ID)
		}
		before, err := w.store.People(t.Context(), ids)
		if err != nil {
			t.Fatal(err)
		}
		if err := w.ring.Rotate(); err != nil {
			t.Fatal(err)
		}
		for _, want := range []int{3, 3, 1, 0} {
			if n, err := w.store.Reseal(t.Context(), 3); err != nil || n != want {
				t.Fatalf("resealed %d, %v; want %d", n, err, want)
			}
			after, err := w.store.People(t.Context(), ids)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(before, after, cmp.Comparer(func(a, b person.Particulars) bool { return a == b })); d != "" {
				t.Fatal(d)
			}
		}
		var old int64
		if err := w.db.From(t.Context()).Raw("SELECT count(*) FROM person_persons WHERE key_id <> ?", w.ring.ActiveID()).Scan(&old).Error; err != nil || old != 0 {
			t.Errorf("%d rows under the old key, %v", old, err)
		}
	})
}

func TestARecordComesBackAsItWasWritten(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w world) {
		want := person.Record{
			Person: person.Person{
				ID: dbx.NewID(), Sex: person.Female, Birth: "1970-02-03", Declared: true, Village: village, Retire: person.RetireWoman55,
				Proof: person.ByDocument, ProvedAt: now(), ProvedBy: her.Account, CreatedAt: now(), Version: 1,
			},
			Particulars: person.Particulars{Name: "张三", IDNumber: womansNumber, Phone: "13900000001", Address: "前进村3组"},
		}
		in := func(fn func(ctx context.Context) error) error { return w.db.InTx(t.Context(), fn) }
		if err := in(func(ctx context.Context) error { return w.store.Create(ctx, want) }); err != nil {
			t.Fatal(err)
		}
		same := cmp.Comparer(func(a, b person.Particulars) bool { return a == b })
		got, err := w.store.Person(t.Context(), want.ID)
		if d := cmp.Diff(want, got, same); err != nil || d != "" {
			t.Fatal(err, d)
		}
		bare := person.Record{
			Person:      person.Person{ID: want.ID, Village: otherVillage, CreatedAt: now(), Version: 1},
			Particulars: person.Particulars{Name: "李", Phone: "13900000002"},
		}
		if err := in(func(ctx context.Context) error { return w.store.Save(ctx, bare) }); err != nil {
			t.Fatal(err)
		}
		bare.Version = 2
		got, err = w.store.Person(t.Context(), want.ID)
		if d := cmp.Diff(bare, got, same); err != nil || d != "" {
			t.Fatal(err, d)
		}
	})
}

func TestConsentIsKeptAndEndsWithADate(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w world) {
		r := w.register(t, her, person.NewPerson{Name: "张三", IDNumber: womansNumber, Purpose: person.ForGigMarket, How: person.OnPaper})
		if err := w.Withdraw(t.Context(), her, r.ID, person.ForGigMarket); err != nil {
			t.Fatal(err)
		}
		if err := w.Withdraw(t.Context(), her, r.ID, person.ForGigMarket); !errors.Is(err, person.ErrInvalid) {
			t.Errorf("withdrawn twice: %v", err)
		}
		self := access.Actor{Role: access.Worker, Account: "01990000-0000-7000-8000-00000000000d", Person: r.ID}
		if err := w.Agree(t.Context(), self, r.ID, person.ForSharing, person.Herself); err != nil {
			t.Fatal(err)
		}
		own, err := w.Export(t.Context(), self, r.ID, "")
		if err != nil {
			t.Fatal(err)
		}
		if own.Particulars.IDNumber != womansNumber || len(own.Consents) != 2 ||
			own.Consents[0].By != "" || own.Consents[1].By != her.Account || !own.Consents[1].WithdrawnAt.Equal(now()) {
			t.Errorf("%+v", own.Consents)
		}
		if _, err := w.Export(t.Context(), her, r.ID, ""); !errors.Is(err, person.ErrNoReason) {
			t.Errorf("staff export without a reason: %v", err)
		}
		other := self
		other.Person = dbx.NewID()
		if _, err := w.Export(t.Context(), other, r.ID, ""); err == nil {
			t.Error("somebody else's data")
		}
	})
}

func ptr[T any](v T) *T { return &v }
