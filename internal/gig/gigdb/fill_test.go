package gigdb_test

import (
	"cmp"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"linggong/internal/dbx"
	"linggong/internal/dbx/dbtest"
	"linggong/internal/gig"
)

func TestAFilledCityReadsAsItWasGiven(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		m := newMarket(t, db)
		_, boss := m.employer(t, code1)
		model := m.published(t, boss, nil)
		one, two := model, model
		one.ID, one.Code = gig.PostingID(dbx.NewID()), "900001"
		two.ID, two.Code = gig.PostingID(dbx.NewID()), "900002"
		for _, p := range []*gig.Posting{&one, &two} {
			sh := model.Shifts[0]
			sh.ID, sh.PostingID, sh.Headcount, sh.Filled = gig.ShiftID(dbx.NewID()), p.ID, 9, 4
			p.Shifts = []gig.Shift{sh}
		}
		w := gig.Worker{
			ID: gig.WorkerID(dbx.NewID()), PersonID: dbx.NewID(), Village: model.Village, RadiusM: 5000, Consent: "self", CreatedAt: model.CreatedAt, Version: 1,
			Trades: []gig.TradeSkill{{Trade: "loader", Level: 2}},
		}
		e := gig.Employer{
			ID: gig.EmployerID(dbx.NewID()), Kind: gig.Organisation, Name: "某厂", Town: model.Town(), Village: model.Village, Status: gig.EmployerVerified,
			CreatedAt: model.CreatedAt, Version: 1,
		}
		for _, err := range []error{
			m.store.FillEmployers(t.Context(), []gig.Employer{e}),
			m.store.FillPostings(t.Context(), []gig.Posting{one, two}),
			m.store.FillWorkers(t.Context(), []gig.Worker{w}),
		} {
			if err != nil {
				t.Fatal(err)
			}
		}
		postings, err := m.store.PostingsByID(t.Context(), []gig.PostingID{one.ID, two.ID})
		if diff := gocmp.Diff([]gig.Posting{one, two}, postings); diff != "" || err != nil {
			t.Error(err, diff)
		}
		workers, err := m.store.WorkersByID(t.Context(), []gig.WorkerID{w.ID})
		if diff := gocmp.Diff(map[gig.WorkerID]gig.Worker{w.ID: w}, workers); diff != "" || err != nil {
			t.Error(err, diff)
		}
		all, err := m.store.EmployersByID(t.Context(), []gig.EmployerID{e.ID})
		if diff := gocmp.Diff(map[gig.EmployerID]gig.Employer{e.ID: e}, all); diff != "" || err != nil {
			t.Error(err, diff)
		}
		if err := m.store.FillPostings(t.Context(), []gig.Posting{one}); err == nil {
			t.Error("the same posting was written twice")
		}
	})
}

func TestColumnsAreReadAsThePostingsStandInTwoStatements(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		m := newMarket(t, db)
		_, boss := m.employer(t, code1)
		var ids []gig.PostingID
		for i := range 8 {
			p := m.published(t, boss, func(x *gig.Terms) {
				x.Meals, x.Lodging, x.SuitedOlder, x.SuitedDisabled = i == 0, i == 1, i == 2, i == 3
				x.NoExperience, x.Urgent, x.Transport = i == 4, i == 5, ""
				if i == 6 {
					x.Transport = "有"
				}
				second := x.Shifts[0]
				second.ID, second.StartsAt, second.EndsAt, second.Headcount = "", second.StartsAt.AddDate(0, 0, 1), second.EndsAt.AddDate(0, 0, 1), 7
				x.Shifts = append(x.Shifts, second)
			})
			ids = append(ids, p.ID)
		}
		if _, err := m.PausePosting(t.Context(), boss, ids[7], ""); err != nil {
			t.Fatal(err)
		}
		want, err := m.store.PostingsByID(t.Context(), ids[:7])
		if err != nil {
			t.Fatal(err)
		}
		ctx, n := dbx.CountQueries(t.Context())
		var got []gig.Posting
		for p, err := range m.store.PublishedPostings(ctx) {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, p)
		}
		slices.SortFunc(got, func(a, b gig.Posting) int { return cmp.Compare(a.ID, b.ID) })
		slices.SortFunc(want, func(a, b gig.Posting) int { return cmp.Compare(a.ID, b.ID) })
		for i, p := range want { // what columns do not hold
			for k := range p.Shifts {
				p.Shifts[k].ID, p.Shifts[k].BreakMinutes = "", 0
			}
			want[i] = gig.Posting{
				ID: p.ID, Version: p.Version, Status: p.Status, EmployerID: p.EmployerID, HourFen: p.HourFen, PublishedAt: p.PublishedAt,
				Terms: gig.Terms{
					Trade: p.Trade, Village: p.Village, Place: p.Place, Form: p.Form, Pay: gig.Pay{Settlement: p.Pay.Settlement}, Shifts: p.Shifts,
					Meals: p.Meals, Lodging: p.Lodging, SuitedOlder: p.SuitedOlder, SuitedDisabled: p.SuitedDisabled,
					NoExperience: p.NoExperience, Urgent: p.Urgent, Transport: p.Transport, ForHousehold: p.ForHousehold,
				},
			}
		}
		byStart := cmpopts.SortSlices(func(a, b gig.Shift) bool { return a.StartsAt.Before(b.StartsAt) })
		if diff := gocmp.Diff(want, got, byStart); diff != "" || n.Load() != 2 {
			t.Fatalf("%d statements\n%s", n.Load(), diff)
		}
	})
}
