package demo_test

import (
	"path/filepath"
	"testing"

	"linggong/internal/access"
	"linggong/internal/app"
	"linggong/internal/config"
	"linggong/internal/day"
	"linggong/internal/dbx/dbtest"
	"linggong/internal/demo"
	"linggong/internal/gig"
	"linggong/internal/hardship"
)

func load(t *testing.T, database string) (*app.App, demo.Summary) {
	t.Helper()
	cfg := config.Default()
	cfg.Data = t.TempDir()
	cfg.KeyFile = filepath.Join(cfg.Data, "keys.json")
	cfg.DatabaseURL = config.Secret(database)
	clock := demo.NewClock()
	a, err := app.Open(t.Context(), cfg, app.Options{Now: clock.Now, Demo: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	sum, err := demo.Load(t.Context(), a, clock, demo.Options{People: 150, Seed: 1, Years: 2})
	if err != nil {
		t.Fatal(err)
	}
	return a, sum
}

var bureau = access.Actor{Role: access.Bureau, Account: "01900000-0000-7000-8000-000000000001", Regions: []string{"330481"}}

// A city on either database has everything that the screens show: a new
// engineer who starts the demo finds no empty room.
func TestASmallCityHasSomethingInEveryRoom(t *testing.T) {
	t.Parallel()
	for name, database := range map[string]func() string{"sqlite": func() string { return "" }, "postgres": func() string { return dbtest.PostgresURL(t) }} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, sum := load(t, database())
			if sum.People < 150 || sum.Employers < 12 || sum.Postings < 50 || sum.Engagements < 60 || sum.Cases < 5 || sum.WelfarePosts < 2 {
				t.Errorf("%+v", sum)
			}
			loaded, err := demo.Loaded(t.Context(), a)
			if err != nil || !loaded {
				t.Errorf("a second start would load again: %v", err)
			}
			open, err := a.GigStore.OpenPostings(t.Context(), "", 500)
			if err != nil || len(open) < 8 {
				t.Errorf("%d open postings, %v", len(open), err)
			}
			waiting, err := a.Gig.Workers(t.Context(), bureau, gig.WorkerFilter{Available: day.Of(a.Now()), Limit: 100})
			if err != nil || len(waiting.Items) == 0 {
				t.Errorf("nobody waits: %v", err)
			}
			held, err := a.Gig.Postings(t.Context(), bureau, gig.PostingFilter{Statuses: []gig.PostingStatus{gig.PostingInReview}, Limit: 50})
			if err != nil || len(held.Items) == 0 {
				t.Errorf("nothing waits for a reviewer: %v", err)
			}
			fresh, err := a.Gig.Employers(t.Context(), bureau, gig.EmployerFilter{Status: gig.EmployerPending, Limit: 50})
			if err != nil || len(fresh.Items) == 0 {
				t.Errorf("no employer waits to be verified: %v", err)
			}
			due, err := a.Engagements.Engagements(t.Context(), bureau, gig.EngagementFilter{Statuses: []gig.EngagementStatus{gig.HoursConfirmed}, Limit: 50})
			if err != nil || len(due.Items) == 0 {
				t.Errorf("nobody is to be paid: %v", err)
			}
			cases, err := a.Desk.Cases(t.Context(), bureau, "", hardship.CaseFilter{Limit: 200})
			if err != nil || len(cases) == 0 {
				t.Errorf("no case: %v", err)
			}
			for _, line := range cases {
				if line.Next.Due == "" {
					t.Errorf("case %s has no next date", line.ID)
				}
			}
			if name == "sqlite" { // the same city serves for it; a load is dear
				sealedAnew(t, a)
			}
		})
	}
}
