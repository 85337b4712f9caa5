package gigdb_test

import (
	"testing"

	"linggong/internal/day"
	"linggong/internal/dbx"
	"linggong/internal/dbx/dbtest"
	"linggong/internal/gig"
	"linggong/internal/gig/gigtest"
)

func TestACandidateWhoIsTakenIsShownWithTheReason(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		m := newMarket(t, db)
		_, boss := m.employer(t, code1)
		first := m.published(t, boss, func(x *gig.Terms) { x.Urgent = true })
		second := m.published(t, boss, nil)
		busy, err := m.RegisterWorker(t.Context(), gigtest.Bureau, walkIn())
		if err != nil {
			t.Fatal(err)
		}
		f := walkIn()
		f.Person.Name = "王五"
		free, err := m.RegisterWorker(t.Context(), gigtest.Bureau, f)
		if err != nil {
			t.Fatal(err)
		}
		book := &gig.EngagementService{Service: m.Service, Engaged: m.store, Fit: m.Eligible, CodeOf: func(gig.PostingID, day.Date) string { return "1" }}
		if _, err := book.Apply(t.Context(), gigtest.System, first.Shifts[0].ID, busy.ID); err != nil {
			t.Fatal(err)
		}
		list, err := m.Candidates(t.Context(), boss, second.ID, "")
		if err != nil || len(list) != 2 {
			t.Fatalf("%d %v", len(list), err)
		}
		if list[0].Worker.ID != free.ID || !list[0].Fit.Eligible() || list[1].Fit.Eligible() || list[1].Fit.Blockers[0].Code != "overlap" {
			t.Fatalf("%+v", list)
		}
		if list, err = m.Candidates(t.Context(), boss, first.ID, first.Shifts[0].ID); err != nil || list[0].Status == "" && list[1].Status == "" {
			t.Fatalf("%+v %v", list, err)
		}
		fit, err := m.FitFor(t.Context(), gigtest.Bureau, busy.ID, second.ID)
		if err != nil || fit.Eligible() {
			t.Fatalf("%+v %v", fit, err)
		}
	})
}
