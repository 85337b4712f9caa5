package gigdb_test

import (
	"testing"

	"linggong/internal/access"
	"linggong/internal/dbx"
	"linggong/internal/dbx/dbtest"
	"linggong/internal/errs"
	"linggong/internal/gig"
	"linggong/internal/gig/gigtest"
)

func TestTheBoardShowsItsTownFirstAndNothingPersonal(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		m := newMarket(t, db)
		_, boss := m.employer(t, code1)
		far := m.published(t, boss, func(x *gig.Terms) { x.Village = gigtest.Market })
		near := m.published(t, boss, nil)
		urgent := m.published(t, boss, func(x *gig.Terms) { x.Urgent = true })
		full := m.published(t, boss, nil)
		m.fill(t, full.Shifts[0].ID, 2)
		st, err := m.OpenStation(t.Context(), gigtest.Bureau, gig.Station{Name: "许村驿站", Town: gigtest.Xucun})
		if err != nil {
			t.Fatal(err)
		}
		w, err := m.RegisterWorker(t.Context(), gigtest.Bureau, walkIn())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := m.SetAvailableToday(t.Context(), gigtest.Bureau, w.ID, true); err != nil {
			t.Fatal(err)
		}
		m.now = m.now.AddDate(0, 0, 0)
		b, err := m.Board(t.Context(), st.ID)
		if err != nil {
			t.Fatal(err)
		}
		if len(b.Urgent) != 1 || b.Urgent[0].ID != urgent.ID || len(b.Rolling) != 2 || b.Rolling[0].ID != near.ID || b.Rolling[1].ID != far.ID {
			t.Fatalf("%+v", b)
		}
		if b.Rolling[0].SubmittedBy != "" || b.Rolling[0].Manages {
			t.Fatal("the public board says who submitted")
		}
		if b.Counts.Waiting != 1 || b.Counts.Places != 0 {
			t.Fatalf("%+v", b.Counts)
		}
		operator := access.Actor{Role: access.Operator, Account: dbx.NewID(), Station: string(st.ID)}
		c, err := m.Console(t.Context(), operator, st.ID)
		if err != nil || len(c.Waiting) != 1 || c.Waiting[0].Card.NameMasked != "李**" {
			t.Fatalf("%+v %v", c, err)
		}
		operator.Station = dbx.NewID()
		if _, err := m.Console(t.Context(), operator, st.ID); errs.KindOf(err) != errs.NotFound {
			t.Fatalf("got %v", err)
		}
		m.now = m.now.AddDate(0, 0, 1)
		if b, err = m.Board(t.Context(), st.ID); err != nil || b.Counts.Places != 6 || b.Counts.Placed != 2 {
			t.Fatalf("%+v %v", b.Counts, err)
		}
	})
}

func TestADraftIsHiddenAndAHouseholdIsOnlyAVillage(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		m := newMarket(t, db)
		_, boss := m.employer(t, code1)
		draft, err := m.CreatePosting(t.Context(), boss, gig.Draft{Terms: gigtest.Terms()})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := m.Posting(t.Context(), access.Nobody, draft.ID); errs.KindOf(err) != errs.NotFound {
			t.Fatalf("got %v", err)
		}
		if v, err := m.Posting(t.Context(), boss, draft.ID); err != nil || !v.Manages || v.Employer.Name != "海宁经编厂" {
			t.Fatalf("%+v %v", v, err)
		}
		e, err := m.RegisterEmployer(t.Context(), gigtest.System, gig.EmployerForm{Kind: gig.Household, Village: gigtest.Market, Contact: gig.Contact{Name: "陈芳", Phone: "13800000003"}})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := m.VerifyEmployer(t.Context(), gigtest.Bureau, e.ID, true, "看了身份证"); err != nil {
			t.Fatal(err)
		}
		home := access.Actor{Role: access.Employer, Account: dbx.NewID(), Employer: string(e.ID)}
		p := m.published(t, home, func(x *gig.Terms) {
			x.Trade, x.Title, x.Address, x.Village, x.Form, x.Place, x.Flags = "cleaner", "家政保洁", "某小区3幢", gigtest.Market, "", gig.PointOf(30.5, 120.6), nil
		})
		v, err := m.PostingByCode(t.Context(), access.Nobody, p.Code)
		if err != nil || v.Address != "" || v.Place == gig.PointOf(30.5, 120.6) {
			t.Fatalf("%+v %v", v, err)
		}
		if v, err := m.Posting(t.Context(), home, p.ID); err != nil || v.Address != "某小区3幢" {
			t.Fatalf("%+v %v", v, err)
		}
		ctx, n := dbx.CountQueries(t.Context())
		page, err := m.Postings(ctx, gigtest.Bureau, gig.PostingFilter{})
		if err != nil || len(page.Items) != 2 || n.Load() != 3 {
			t.Fatalf("%d items in %d statements (%v)", len(page.Items), n.Load(), err)
		}
	})
}
