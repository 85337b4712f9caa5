package httpapi_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/gin-gonic/gin"

	"linggong/internal/access"
	"linggong/internal/dbx"
	"linggong/internal/dbx/dbtest"
	gigs "linggong/internal/gig"
	"linggong/internal/gig/gigdb"
	"linggong/internal/gig/gigtest"
	"linggong/internal/httpapi"
	"linggong/internal/region"
	"linggong/internal/rules"
)

// tokens signs in whoever the test says: the token names the actor.
type tokens struct {
	httpapi.Sessions
	actors map[string]access.Actor
}

func (s tokens) Authenticate(_ context.Context, token string) (access.Actor, error) {
	a, ok := s.actors[token]
	if !ok {
		return access.Actor{}, access.ErrSignIn
	}
	return a, nil
}

type treeNames struct{ httpapi.Names }

func (treeNames) Region(code string) string { return gigtest.Regions().Name(region.Code(code)) }

// market is the API over a market on an empty database.
type market struct {
	router *gin.Engine
	actors map[string]access.Actor
	accts  *gigtest.Accounts
	gig    *gigs.Service
	finder *gigtest.Finder
}

func newMarket(t *testing.T, db *dbx.DB) *market {
	t.Helper()
	gin.SetMode(gin.TestMode)
	m := &market{router: gin.New(), accts: &gigtest.Accounts{}, finder: &gigtest.Finder{}}
	m.actors = map[string]access.Actor{
		"bureau": gigtest.Bureau, "town": gigtest.Town,
		"boss": {Role: access.Employer, Account: dbx.NewID()}, "seeker": {Role: access.Worker, Account: dbx.NewID()},
	}
	now := func() time.Time { return gigtest.Now }
	store := gigdb.NewStore(db, gigtest.Sealer{})
	m.gig = gigs.NewService(gigs.Deps{
		Store: store, Tx: db, Events: &gigtest.Events{}, People: &gigtest.People{NewID: dbx.NewID},
		Accounts: m.accts, Regions: gigtest.Regions(), Rules: rules.Default, Finder: m.finder, NewID: dbx.NewID, Now: now,
	})
	httpapi.New(m.router, httpapi.Services{
		Sessions: tokens{actors: m.actors}, Names: treeNames{}, Stations: m.gig, Employers: m.gig, Workers: m.gig, Postings: m.gig, Search: m.gig,
		Engagements: &gigs.EngagementService{Service: m.gig, Engaged: store, Fit: m.gig.Eligible},
	}, httpapi.Options{Version: "test", Log: slog.New(slog.DiscardHandler), Now: now})
	return m
}

// do sends body as who and reads the answer into out, which may be nil; it fails
// on another status.
func (m *market) do(t *testing.T, who, method, path string, body any, status int, out any, headers ...string) {
	t.Helper()
	var b bytes.Buffer
	if body != nil {
		if err := json.NewEncoder(&b).Encode(body); err != nil {
			t.Fatal(err)
		}
	}
	req := httptest.NewRequest(method, "/api/v1"+path, &b)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("X-Linggong", "1")
	if who != "" {
		req.Header.Set("Authorization", "Bearer "+who)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	m.router.ServeHTTP(w, req)
	if w.Code != status {
		t.Fatalf("%s %s as %q: %d, want %d: %s", method, path, who, w.Code, status, w.Body)
	}
	if out != nil {
		if err := json.Unmarshal(w.Body.Bytes(), out); err != nil {
			t.Fatalf("%v: %s", err, w.Body)
		}
	}
}

type object = map[string]any

func draft() object {
	return object{
		"title": "装卸工", "trade": "loader", "description": "仓库卸货，纸箱每件20公斤", "village": gigtest.Village, "address": "许巷路1号",
		"pay":       object{"amount_fen": 2000, "unit": "hour", "settlement": "daily", "settlement_days": 1},
		"shifts":    []object{{"starts_at": "2026-11-24T08:00:00+08:00", "ends_at": "2026-11-24T12:00:00+08:00", "headcount": 6}},
		"insurance": "accident",
	}
}

func TestAForemanPostsInOneGoAndIsToldWhatIsUnlawful(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		m := newMarket(t, db)
		var e httpapi.Employer
		m.do(t, "boss", http.MethodGet, "/employers/me", nil, http.StatusNotFound, nil)
		m.do(t, "boss", http.MethodPut, "/employers/me", object{
			"kind": "organisation", "name": "海宁经编厂", "credit_code": "91330481MA28A0000L", "contact_name": "沈建国", "village": gigtest.Village,
		}, http.StatusOK, &e)
		boss := m.actors["boss"]
		boss.Employer = m.accts.Employers[boss.Account]
		m.actors["boss"] = boss
		if e.Status != "pending" || e.TownName != "许村镇" || boss.Employer != e.ID {
			t.Fatalf("%+v", e)
		}
		m.do(t, "bureau", http.MethodPost, "/employers/"+e.ID+"/verify", object{"ok": true, "reason": "看了营业执照"}, http.StatusOK, &e)

		var check httpapi.PostingCheck
		m.do(t, "boss", http.MethodPost, "/postings/check", draft(), http.StatusOK, &check)
		if check.Lawful || check.HourFen != 2000 || check.MinimumHourFen != 2300 || check.Findings[0].Rule != "R-PT-05" {
			t.Fatalf("%+v", check)
		}
		var p httpapi.Posting
		m.do(t, "boss", http.MethodPost, "/postings", draft(), http.StatusCreated, &p)
		if p.Status != "draft" || p.MinAge != 18 || p.Form != "part_time" || p.Employer.Name != "海宁经编厂" || p.TradeName != "装卸工" || p.Shifts[0].Hours != 4 || p.Open != 6 {
			t.Fatalf("%+v", p)
		}
		var refused httpapi.Problem
		m.do(t, "boss", http.MethodPost, "/postings/"+p.ID+"/publish", nil, http.StatusUnprocessableEntity, &refused)
		if refused.Code != "posting_blocked" || refused.Rule != "R-PT-05" || refused.Remedy == "" || refused.Errors[0].Name != "pay.amount_fen" {
			t.Fatalf("%+v", refused)
		}
		better := draft()
		better["pay"] = object{"amount_fen": 2500, "unit": "hour", "settlement": "daily", "settlement_days": 1}
		better["shifts"] = []object{{"id": p.Shifts[0].ID, "starts_at": "2026-11-24T08:00:00+08:00", "ends_at": "2026-11-24T12:00:00+08:00", "headcount": 6}}
		m.do(t, "boss", http.MethodPut, "/postings/"+p.ID, better, http.StatusPreconditionFailed, nil, "If-Match", `"9"`)
		m.do(t, "boss", http.MethodPut, "/postings/"+p.ID, better, http.StatusUnprocessableEntity, nil, "If-Match", "soon")
		m.do(t, "boss", http.MethodPut, "/postings/"+p.ID, better, http.StatusOK, &p, "If-Match", `"1"`)
		m.do(t, "", http.MethodGet, "/postings/"+p.ID, nil, http.StatusNotFound, nil)
		m.do(t, "boss", http.MethodPost, "/postings/"+p.ID+"/publish", nil, http.StatusOK, &p)

		var seen httpapi.Posting
		m.do(t, "", http.MethodGet, "/postings/by-code/"+p.Code, nil, http.StatusOK, &seen)
		if seen.ID != p.ID || seen.Status != "published" || seen.Manages {
			t.Fatalf("%+v", seen)
		}
		var own struct{ Items []httpapi.Posting }
		m.do(t, "boss", http.MethodGet, "/employers/me/postings?status=published", nil, http.StatusOK, &own)
		if len(own.Items) != 1 || !own.Items[0].Manages {
			t.Fatalf("%+v", own)
		}
		m.do(t, "boss", http.MethodPost, "/postings/"+p.ID+"/copy", object{"date": "2026-12-01"}, http.StatusCreated, &seen)
		if seen.Shifts[0].Date != "2026-12-01" || seen.Status != "draft" {
			t.Fatalf("%+v", seen)
		}
		m.do(t, "boss", http.MethodPost, "/postings/"+p.ID+"/take-down", object{"reason": "x"}, http.StatusForbidden, nil)
		m.do(t, "town", http.MethodPost, "/postings/"+p.ID+"/take-down", object{"reason": "投诉属实"}, http.StatusOK, &seen)
		var people struct{ Items []httpapi.Candidate }
		m.do(t, "boss", http.MethodGet, "/postings/"+p.ID+"/candidates", nil, http.StatusOK, &people)
		var history struct{ Items []httpapi.PostingMove }
		m.do(t, "boss", http.MethodGet, "/postings/"+p.ID+"/history", nil, http.StatusOK, &history)
		if n := len(history.Items); n != 4 || history.Items[n-1].Reason != "投诉属实" {
			t.Fatalf("%+v", history)
		}
	})
}

func TestAWorkerRegistersByPhoneAndSaysTodayICanCome(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		m := newMarket(t, db)
		m.do(t, "seeker", http.MethodGet, "/workers/me", nil, http.StatusNotFound, nil)
		var w httpapi.Worker
		m.do(t, "seeker", http.MethodPut, "/workers/me", object{
			"name": "李阿姨", "birth": "1970-05-01", "village": gigtest.Village, "trades": []object{{"id": "loader", "level": 3}},
			"available": object{"days": []int{0, 6}, "from": "07:00", "to": "18:30"}, "available_today": true,
		}, http.StatusOK, &w)
		if w.NameMasked != "李**" || w.PhoneMasked != "139****0001" || w.Age != 56 || !w.AvailableToday || w.Available.To != "18:30" || w.Trades[0].Name != "装卸工" || w.Consent != "self" {
			t.Fatalf("%+v", w)
		}
		seeker := m.actors["seeker"]
		seeker.Person = m.accts.Persons[seeker.Account]
		m.actors["seeker"] = seeker
		m.do(t, "seeker", http.MethodPut, "/workers/me", object{"village": gigtest.Village, "radius_m": 3000, "trades": []object{{"id": "cleaner"}}}, http.StatusOK, &w)
		m.do(t, "seeker", http.MethodGet, "/postings/"+dbx.NewID()+"/fit", nil, http.StatusNotFound, nil)
		if w.RadiusM != 3000 || w.Trades[0].ID != "cleaner" || w.Trades[0].Level != 2 || !w.AvailableToday {
			t.Fatalf("%+v", w)
		}
		var page struct{ Items []httpapi.Worker }
		m.do(t, "town", http.MethodGet, "/workers?available_today=true&trade=cleaner", nil, http.StatusOK, &page)
		if len(page.Items) != 1 {
			t.Fatalf("%+v", page)
		}
		m.do(t, "boss", http.MethodGet, "/workers", nil, http.StatusForbidden, nil)
		m.do(t, "", http.MethodGet, "/workers", nil, http.StatusUnauthorized, nil)
		m.do(t, "town", http.MethodPost, "/workers", object{"name": "赵某", "phone": "13900000009", "village": gigtest.Village}, http.StatusUnprocessableEntity, nil)
		m.do(t, "seeker", http.MethodPost, "/workers/"+w.ID+"/available-today", object{"yes": false}, http.StatusOK, &w)
		if w.AvailableToday {
			t.Fatal("still available")
		}
	})
}

func TestTheBoardAndTheSearchAreOpenToAll(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		m := newMarket(t, db)
		var st httpapi.Station
		m.do(t, "bureau", http.MethodPost, "/stations", object{"name": "许村驿站", "town": gigtest.Xucun}, http.StatusCreated, &st)
		var board httpapi.StationBoard
		m.do(t, "", http.MethodGet, "/stations/"+st.ID+"/board", nil, http.StatusOK, &board)
		m.actors["operator"] = access.Actor{Role: access.Operator, Account: dbx.NewID(), Station: st.ID, Regions: []string{"330481101"}}
		var console httpapi.StationConsole
		m.do(t, "operator", http.MethodGet, "/stations/"+st.ID+"/console", nil, http.StatusOK, &console)
		m.do(t, "boss", http.MethodGet, "/stations/"+st.ID+"/console", nil, http.StatusForbidden, nil)
		if board.Station.Name != "许村驿站" || board.Urgent == nil || board.Rolling == nil {
			t.Fatalf("%+v", board)
		}
		m.finder.Answer = func(gigs.Find) gigs.Found {
			return gigs.Found{Total: 3, TotalPlaces: 9, Towns: []gigs.Facet{{Key: gigtest.Xucun, Places: 9}}, Trades: []gigs.Facet{{Key: "loader", Places: 9}}, Degraded: true}
		}
		var r httpapi.PostingResult
		m.do(t, "", http.MethodGet, "/postings?q=%E6%90%AC%E8%BF%90&lat=30.4&lng=120.3&radius_m=5000&meals=true&sort=near", nil, http.StatusOK, &r)
		if r.Total != 3 || r.Facets.Towns[0].Name != "许村镇" || r.Facets.Trades[0].Name != "装卸工" || !r.Degraded || len(r.Chips) == 0 {
			t.Fatalf("%+v", r)
		}
		q := m.finder.Asked[0]
		if !q.Meals || q.RadiusM != 5000 || q.Sort != gigs.SortNear || q.Near.IsZero() {
			t.Fatalf("%+v", q)
		}
		m.do(t, "", http.MethodGet, "/postings?settlement=never", nil, http.StatusUnprocessableEntity, nil)
		m.do(t, "", http.MethodGet, "/postings/suggest?q=bj", nil, http.StatusOK, nil)
	})
}
