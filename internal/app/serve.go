package app

import (
	"context"
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"time"

	"linggong/internal/httpapi"
	"linggong/internal/webui"
	"linggong/web"
)

// Handler returns everything the program serves, and the contract.
func (a *App) Handler() (http.Handler, *httpapi.API, error) {
	proxies := []string{}
	for _, p := range strings.Split(a.Config.Proxies, ",") {
		if p = strings.TrimSpace(p); p != "" {
			proxies = append(proxies, p)
		}
	}
	r, err := httpapi.NewRouter(proxies)
	if err != nil {
		return nil, nil, err
	}
	nm := names{a.Regions, a.Persons, a.Identity}
	api := httpapi.New(r, httpapi.Services{
		Sessions: httpapi.NewSessions(a.Identity, nm, a.Gig), Indicators: a.Indicators, Reports: a.Reports, Names: nm, Trace: a.Trace,
		Stations: a.Gig, Employers: a.Gig, Workers: a.Gig, Postings: a.Gig, Search: a.Engagements,
		Engagements: a.Engagements, Matches: a.Matches, WageClues: a.Labour, Welfare: a.Welfare, Parameters: a.Parameters, Jobs: a.Queue, Places: a.Regions,
		Households: a.Desk, KeyGroups: a.Desk, Recognitions: a.Desk, Cases: a.Desk, Visits: a.Desk, Desk: a.Desk,
		Accounts: a.Identity, Kiosks: a.Identity, Persons: a.Persons, PersonRoles: personRoles{a.Desk, a.DeskStore, a.GigStore}, Outbox: a.Notices,
	}, httpapi.Options{
		Version: Version, Demo: a.Demo, Secure: a.Config.Secure, Log: a.Log, Now: a.Now, Idempotency: a.Idempotency,
		Limit: limiter{a.Cache}, Lanes: a.lanes(), Live: live{a}, Ready: a.ready,
	})
	webui.Mount(r, web.Dist(), api.NotFound)
	return r, api, nil
}

// lanes is in how many transactions applications are booked at once: SQLite has
// one writer; on PostgreSQL each is a processor's worth of work on our side and
// on the server's. More of them share less, and leave others no connection.
func (a *App) lanes() int {
	if a.Embedded() {
		return 1
	}
	return min(max(2, runtime.GOMAXPROCS(0)), 8)
}

// ready asks what the program stands on.
func (a *App) ready(ctx context.Context) []httpapi.Check {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	note := func(err error) string {
		if err != nil {
			return "不可用"
		}
		return ""
	}
	err := a.DB.Ping(ctx)
	checks := []httpapi.Check{{Name: "database", OK: err == nil, Required: true, Note: note(err)}}
	h := a.Cache.Health()
	checks = append(checks, httpapi.Check{Name: "cache", OK: !h.Degraded, Note: h.Reason})
	checks = append(checks, a.searchChecks(ctx)...)
	counts, err := a.Queue.Count(ctx)
	dead := counts["dead"]
	checks = append(checks, httpapi.Check{Name: "jobs", OK: err == nil && dead == 0, Note: plural(dead)})
	return checks
}

func plural(dead int64) string {
	if dead == 0 {
		return ""
	}
	return fmt.Sprintf("%d 个任务已停滞，请在管理端查看", dead)
}
