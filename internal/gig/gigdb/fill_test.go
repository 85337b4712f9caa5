package gigdb_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

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
		if diff := cmp.Diff([]gig.Posting{one, two}, postings); diff != "" || err != nil {
			t.Error(err, diff)
		}
		workers, err := m.store.WorkersByID(t.Context(), []gig.WorkerID{w.ID})
		if diff := cmp.Diff(map[gig.WorkerID]gig.Worker{w.ID: w}, workers); diff != "" || err != nil {
			t.Error(err, diff)
		}
		all, err := m.store.EmployersByID(t.Context(), []gig.EmployerID{e.ID})
		if diff := cmp.Diff(map[gig.EmployerID]gig.Employer{e.ID: e}, all); diff != "" || err != nil {
			t.Error(err, diff)
		}
		if err := m.store.FillPostings(t.Context(), []gig.Posting{one}); err == nil {
			t.Error("the same posting was written twice")
		}
	})
}
