package gigdb_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"linggong/internal/access"
	"linggong/internal/dbx"
	"linggong/internal/dbx/dbtest"
	"linggong/internal/errs"
	"linggong/internal/event"
	"linggong/internal/gig"
	"linggong/internal/gig/gigtest"
)

func TestAnEmployersContactIsSealedAndFoundOnlyByItsWhole(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		m := newMarket(t, db)
		e, _ := m.employer(t, "91330481MA28A0000L")
		read, err := m.Employer(t.Context(), gigtest.Bureau, e.ID)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(e, read); diff != "" {
			t.Fatalf("written (-) and read (+):\n%s", diff)
		}
		if read.PhoneMasked != "138****0001" || read.ContactNameMasked != "沈**" || strings.Contains(read.CreditCodeMasked, "MA28A0") {
			t.Fatalf("not masked: %+v", read)
		}
		var raw int64
		if err := db.From(t.Context()).Raw("SELECT count(*) FROM gig_employers WHERE phone_masked = '13800000001' OR contact_name_masked = '沈建国'").Scan(&raw).Error; err != nil || raw != 0 {
			t.Fatal("personal data stands in the clear")
		}
		c, err := m.store.EmployerContact(t.Context(), e.ID)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(gig.Contact{CreditCode: "91330481MA28A0000L", Name: "沈建国", Phone: "13800000001", Address: "许巷路1号"}, c); diff != "" {
			t.Fatal(diff)
		}
		for query, want := range map[string]int{"经编": 1, "13800000001": 1, "1380000000": 0, "91330481ma28a0000l": 1, "%": 0, "_": 0, "": 1} {
			page, err := m.Employers(t.Context(), gigtest.Bureau, gig.EmployerFilter{Query: query})
			if err != nil || len(page.Items) != want {
				t.Errorf("%q found %d, want %d (%v)", query, len(page.Items), want, err)
			}
		}
	})
}

func TestACreditCodeIsRegisteredOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		m := newMarket(t, db)
		m.employer(t, "91330481MA28A0000L")
		_, err := m.RegisterEmployer(t.Context(), gigtest.System, gig.EmployerForm{
			Kind: gig.Organisation, Name: "另一家", Village: gigtest.Village,
			Contact: gig.Contact{CreditCode: "91330481ma28a0000l", Name: "王五", Phone: "13800000002"},
		})
		if !errors.Is(err, gig.ErrEmployerTaken) {
			t.Fatalf("got %v", err)
		}
	})
}

func TestAnEmployersOwnAccountIsBoundAndSeesOnlyItself(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		m := newMarket(t, db)
		other, _ := m.employer(t, "91330481MA28A0000L")
		actor := access.Actor{Role: access.Employer, Account: dbx.NewID()}
		e, err := m.RegisterEmployer(t.Context(), actor, gig.EmployerForm{Kind: gig.Household, Village: gigtest.Market, Contact: gig.Contact{Name: "陈芳", Address: "某小区3幢"}})
		if err != nil {
			t.Fatal(err)
		}
		if e.Name != "陈姓家庭" || e.PhoneMasked != "139****0001" || e.Status != gig.EmployerPending || m.accts.Employers[actor.Account] != string(e.ID) {
			t.Fatalf("%+v", e)
		}
		actor.Employer = string(e.ID)
		if _, err := m.Employer(t.Context(), actor, other.ID); errs.KindOf(err) != errs.NotFound {
			t.Fatalf("another employer must be hidden: %v", err)
		}
		page, err := m.Employers(t.Context(), actor, gig.EmployerFilter{})
		if err != nil || len(page.Items) != 1 || page.Items[0].ID != e.ID {
			t.Fatalf("%+v %v", page, err)
		}
		if _, err := m.RegisterEmployer(t.Context(), actor, gig.EmployerForm{}); !errors.Is(err, gig.ErrEmployerHasAccount) {
			t.Fatalf("got %v", err)
		}
	})
}

func TestVerificationNeedsANoteAndIsLostWithTheName(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		m := newMarket(t, db)
		e, actor := m.employer(t, "91330481MA28A0000L")
		if _, err := m.VerifyEmployer(t.Context(), gigtest.Bureau, e.ID, true, " "); !errors.Is(err, gig.ErrReasonMissing) {
			t.Fatalf("got %v", err)
		}
		if _, err := m.VerifyEmployer(t.Context(), actor, e.ID, true, "自己核验"); errs.KindOf(err) != errs.Forbidden {
			t.Fatalf("an employer verified itself: %v", err)
		}
		e, err := m.ChangeEmployer(t.Context(), actor, e.ID, gig.EmployerForm{Contact: gig.Contact{Phone: "13800000009"}}, e.Version)
		if err != nil || e.Status != gig.EmployerVerified || e.PhoneMasked != "138****0009" {
			t.Fatalf("%+v %v", e, err)
		}
		if e, err = m.ChangeEmployer(t.Context(), actor, e.ID, gig.EmployerForm{Name: "海宁新经编厂"}, e.Version); err != nil || e.Status != gig.EmployerPending {
			t.Fatalf("%+v %v", e, err)
		}
		if _, err := m.ChangeEmployer(t.Context(), actor, e.ID, gig.EmployerForm{}, e.Version-1); !errors.Is(err, gig.ErrEmployerStale) {
			t.Fatalf("got %v", err)
		}
		if got := m.events.Kinds()[1]; got != event.EmployerVerified {
			t.Fatalf("%v", m.events.Kinds())
		}
	})
}

func TestABadEmployerFormNamesEveryField(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		m := newMarket(t, db)
		_, err := m.RegisterEmployer(t.Context(), gigtest.System, gig.EmployerForm{Kind: gig.Organisation, Contact: gig.Contact{CreditCode: "1", Phone: "1"}})
		e, _ := errors.AsType[*errs.Error](err)
		var names []string
		for _, f := range e.Fields {
			names = append(names, f.Name)
		}
		if diff := cmp.Diff([]string{"name", "credit_code", "contact_name", "phone", "village"}, names); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestStationsAreOpenedByTheBureauAndSeenByAll(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		m := newMarket(t, db)
		st := gig.Station{Name: "海洲驿站", Town: gigtest.Haizhou, Phone: "0573-87000000", Facilities: []string{"kiosk", "screen"}}
		if _, err := m.OpenStation(t.Context(), gigtest.Town, st); errs.KindOf(err) != errs.Forbidden {
			t.Fatalf("got %v", err)
		}
		made, err := m.OpenStation(t.Context(), gigtest.Bureau, st)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := m.OpenStation(t.Context(), gigtest.Bureau, st); !errors.Is(err, gig.ErrStationExists) {
			t.Fatalf("got %v", err)
		}
		list, err := m.Stations(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]gig.Station{made}, list); diff != "" {
			t.Fatal(diff)
		}
		if _, err := m.Station(t.Context(), "x"); !errors.Is(err, gig.ErrStationNotFound) {
			t.Fatalf("got %v", err)
		}
	})
}
