package gigdb_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"linggong/internal/access"
	"linggong/internal/dbx"
	"linggong/internal/dbx/dbtest"
	"linggong/internal/errs"
	"linggong/internal/gig"
	"linggong/internal/gig/gigtest"
)

func walkIn() gig.WorkerForm {
	return gig.WorkerForm{
		Person:  gig.NewPerson{Name: "李阿姨", Phone: "13900000002", Birth: "1970-05-01", Consent: gig.ConsentSpoken},
		Village: gigtest.Village, Trades: []gig.TradeSkill{{Trade: "loader", Level: 3}, {Trade: "cleaner"}},
		Certificates: []gig.Certificate{{Kind: "health", Expires: "2027-01-01"}, {Kind: "special_equipment"}},
		FloorHourFen: 2500, Usual: gig.Availability{Days: []time.Weekday{time.Sunday, time.Saturday}, FromMinute: 480, ToMinute: 1080},
	}
}

func TestAnAssistedRegistrationKeepsWhoDidItAndHowSheAgreed(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		m := newMarket(t, db)
		f := walkIn()
		v, err := m.RegisterWorker(t.Context(), gigtest.Town, f)
		if err != nil {
			t.Fatal(err)
		}
		if v.ConsentBy != gigtest.Town.Account || v.Consent != gig.ConsentSpoken || v.Card.NameMasked != "李**" || v.Age("2026-11-23") != 56 || v.RadiusM != 8000 {
			t.Fatalf("%+v", v)
		}
		read, err := m.Worker(t.Context(), gigtest.Town, v.ID)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(v, read); diff != "" {
			t.Fatal(diff)
		}
		if _, err := m.RegisterWorker(t.Context(), gigtest.Town, f); !errors.Is(err, gig.ErrWorkerExists) {
			t.Fatalf("got %v", err)
		}
		f.Person.Name, f.Person.Consent = "王某", ""
		if _, err := m.RegisterWorker(t.Context(), gigtest.Town, f); !errors.Is(err, gig.ErrNoConsent) {
			t.Fatalf("R-MKT-02: got %v", err)
		}
		f.Person.Name, f.Person.Consent, f.Person.Birth = "赵某", gig.ConsentPaper, "2010-11-24"
		if _, err := m.RegisterWorker(t.Context(), gigtest.Town, f); !errors.Is(err, gig.ErrTooYoung) {
			t.Fatalf("R-AGE-01: got %v", err)
		}
		if n := len(m.events.Kinds()); n != 1 {
			t.Fatalf("%d events", n)
		}
	})
}

func TestAPasserByAtTheKioskIsTheSameWorkerNextTime(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		m := newMarket(t, db)
		kiosk := access.Actor{Role: access.Kiosk}
		f := gig.WorkerForm{Person: gig.NewPerson{Name: "周", Phone: "13900000003", Light: true}, Village: gigtest.Haizhou}
		a, err := m.RegisterWorker(t.Context(), kiosk, f)
		if err != nil {
			t.Fatal(err)
		}
		b, err := m.RegisterWorker(t.Context(), kiosk, f)
		if err != nil || a.ID != b.ID {
			t.Fatalf("%s then %s (%v)", a.ID, b.ID, err)
		}
	})
}

func TestAWorkerIsSeenInHerVillageAndByHerselfOnly(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		m := newMarket(t, db)
		self := access.Actor{Role: access.Worker, Account: dbx.NewID()}
		f := walkIn()
		v, err := m.RegisterWorker(t.Context(), self, f)
		if err != nil {
			t.Fatal(err)
		}
		self.Person = m.accts.Persons[self.Account]
		if own, err := m.OwnWorker(t.Context(), self); err != nil || own.ID != v.ID || v.Consent != gig.ConsentSelf {
			t.Fatalf("%+v %v", own, err)
		}
		elsewhere := access.Actor{Role: access.TownOfficer, Regions: []string{"330481002"}}
		stranger := access.Actor{Role: access.Worker, Person: dbx.NewID()}
		for _, a := range []access.Actor{elsewhere, stranger} {
			if _, err := m.Worker(t.Context(), a, v.ID); errs.KindOf(err) != errs.NotFound {
				t.Fatalf("%s: %v", a.Role, err)
			}
			if page, err := m.Workers(t.Context(), a, gig.WorkerFilter{}); err != nil || len(page.Items) != 0 {
				t.Fatalf("%s sees %d (%v)", a.Role, len(page.Items), err)
			}
			if _, err := m.SetAvailableToday(t.Context(), a, v.ID, true); errs.KindOf(err) != errs.NotFound {
				t.Fatalf("%s: %v", a.Role, err)
			}
		}
		if v, err = m.SetAvailableToday(t.Context(), self, v.ID, true); err != nil || !v.AvailableToday("2026-11-23") || v.AvailableToday("2026-11-24") {
			t.Fatalf("%+v %v", v, err)
		}
		for name, filter := range map[string]gig.WorkerFilter{
			"trade": {Trades: []string{"cleaner", "forklift"}}, "town": {Town: gigtest.Xucun}, "today": {Available: "2026-11-23"}, "phone": {Query: "13900000001"},
		} {
			if page, err := m.Workers(t.Context(), gigtest.Bureau, filter); err != nil || len(page.Items) != 1 {
				t.Errorf("%s: %d (%v)", name, len(page.Items), err)
			}
		}
		for name, filter := range map[string]gig.WorkerFilter{
			"trade": {Trades: []string{"forklift"}}, "town": {Town: gigtest.Haizhou}, "today": {Available: "2026-11-24"}, "phone": {Query: "1390000000"},
		} {
			if page, err := m.Workers(t.Context(), gigtest.Bureau, filter); err != nil || len(page.Items) != 0 {
				t.Errorf("%s: %d (%v)", name, len(page.Items), err)
			}
		}
	})
}

func TestListsGoOnWhereThePageEnded(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		m := newMarket(t, db)
		for _, name := range []string{"甲", "乙", "丙", "丁", "戊"} {
			f := walkIn()
			f.Person.Name = name
			if _, err := m.RegisterWorker(t.Context(), gigtest.Bureau, f); err != nil {
				t.Fatal(err)
			}
		}
		seen, cursor := map[gig.WorkerID]bool{}, ""
		for range 3 {
			page, err := m.Workers(t.Context(), gigtest.Bureau, gig.WorkerFilter{Limit: 2, Cursor: cursor})
			if err != nil {
				t.Fatal(err)
			}
			for _, w := range page.Items {
				seen[w.ID] = true
			}
			cursor = page.Next
		}
		if len(seen) != 5 || cursor != "" {
			t.Fatalf("%d seen, next %q", len(seen), cursor)
		}
		if _, err := m.Workers(t.Context(), gigtest.Bureau, gig.WorkerFilter{Cursor: "'; DROP"}); errs.KindOf(err) != errs.Invalid {
			t.Fatalf("got %v", err)
		}
		ctx, n := dbx.CountQueries(t.Context())
		if _, err := m.Workers(ctx, gigtest.Bureau, gig.WorkerFilter{}); err != nil || n.Load() != 3 {
			t.Fatalf("%d statements (%v)", n.Load(), err)
		}
	})
}
