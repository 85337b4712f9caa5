package httpapi_test

import (
	"context"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gin-gonic/gin"

	"linggong/internal/access"
	"linggong/internal/audit/auditdb"
	"linggong/internal/bus"
	"linggong/internal/day"
	"linggong/internal/dbx"
	"linggong/internal/dbx/dbtest"
	"linggong/internal/hardship"
	"linggong/internal/hardship/hardshipdb"
	"linggong/internal/httpapi"
	"linggong/internal/rules"
	"linggong/internal/seal"
)

const deskVillage = "330481101201"

// help is the API over employment assistance on an empty database.
type help struct {
	*market
	t      *testing.T
	now    time.Time
	people map[string]hardship.PersonCard
}

func newHelp(t *testing.T, db *dbx.DB) *help {
	t.Helper()
	gin.SetMode(gin.TestMode)
	keys, err := seal.Generate(seal.Standard)
	if err != nil {
		t.Fatal(err)
	}
	h := &help{market: &market{router: gin.New()}, t: t, now: time.Date(2026, 3, 2, 2, 0, 0, 0, time.UTC), people: map[string]hardship.PersonCard{}}
	h.actors = map[string]access.Actor{
		"caseworker": {Role: access.Caseworker, Account: dbx.NewID(), Regions: []string{deskVillage}},
		"stranger":   {Role: access.Caseworker, Account: dbx.NewID(), Regions: []string{"330481102202"}},
		"town":       {Role: access.TownOfficer, Account: dbx.NewID(), Regions: []string{"330481101"}},
		"bureau":     {Role: access.Bureau, Account: dbx.NewID()},
		"auditor":    {Role: access.Auditor, Account: dbx.NewID()},
		"operator":   {Role: access.Operator, Account: dbx.NewID(), Station: dbx.NewID()},
	}
	clock := func() time.Time { return h.now }
	svc := hardship.New(hardship.Deps{
		Store: hardshipdb.NewStore(db, keys), People: h, Accounts: h, Book: hardship.Rules{Current: rules.Default}, Tx: db,
		Events: bus.New(auditdb.NewStore(db), clock), Now: clock, NewID: dbx.NewID,
	})
	httpapi.New(h.router, httpapi.Services{
		Sessions: tokens{actors: h.actors}, Names: treeNames{}, Households: svc, KeyGroups: svc, Recognitions: svc, Cases: svc, Visits: svc, Desk: svc,
	}, httpapi.Options{Version: "test", Log: slog.New(slog.DiscardHandler), Now: clock})
	return h
}

func (h *help) person() string {
	id := dbx.NewID()
	h.people[id] = hardship.PersonCard{ID: id, NameMasked: "李*", Sex: "male", Birth: "1968-05-01", Village: deskVillage}
	return id
}

func (h *help) Card(_ context.Context, id string) (hardship.PersonCard, error) {
	c, ok := h.people[id]
	if !ok {
		return c, access.ErrHidden
	}
	return c, nil
}

func (h *help) Cards(_ context.Context, ids []string) (map[string]hardship.PersonCard, error) {
	out := map[string]hardship.PersonCard{}
	for _, id := range ids {
		out[id] = h.people[id]
	}
	return out, nil
}

func (h *help) Region(ctx context.Context, id string) (string, error) {
	c, err := h.Card(ctx, id)
	return c.Village, err
}

func (h *help) Owner(_ context.Context, id string) (string, access.Role, []string, bool, error) {
	for name, a := range h.actors {
		if a.Account == id {
			return name, a.Role, a.Regions, true, nil
		}
	}
	return "", "", nil, false, access.ErrHidden
}

func (h *help) Covering(_ context.Context, region string, role access.Role) ([]string, error) {
	var out []string
	for _, a := range h.actors {
		if a.Role == role && a.Covers(region) {
			out = append(out, a.Account)
		}
	}
	return out, nil
}

func (h *help) post(who, path string, in object, status int, out any) {
	h.t.Helper()
	h.do(h.t, who, http.MethodPost, path, in, status, out)
}

func (h *help) get(who, path string, status int, out any) {
	h.t.Helper()
	h.do(h.t, who, http.MethodGet, path, nil, status, out)
}

// recognised brings a person through the procedure by the API alone.
func (h *help) recognised(person string) httpapi.Recognition {
	h.t.Helper()
	var r httpapi.Recognition
	h.post("caseworker", "/recognitions", object{
		"person_id": person, "categories": []string{"H1"}, "facts": object{"registered_unemployed_on": "2025-05-01"},
	}, http.StatusCreated, &r)
	step := func(who, event string, in object) {
		h.t.Helper()
		h.post(who, "/recognitions/"+r.ID+"/"+event, in, http.StatusOK, &r)
	}
	step("caseworker", "submit", object{})
	step("caseworker", "check", object{"ok": true})
	step("town", "review", object{"ok": true, "opinion": "同意"})
	step("town", "publish", object{})
	h.post("bureau", "/recognitions/"+r.ID+"/decide", object{"ok": true, "opinion": "认定"}, http.StatusConflict, nil)
	if r.Status != "publicity" || r.Publicity == nil {
		h.t.Fatalf("%+v", r)
	}
	h.now = r.Publicity.To.Add(1).Start().Add(9 * time.Hour)
	step("bureau", "decide", object{"ok": true, "opinion": "予以认定"})
	return r
}

func TestAHardshipPersonIsRecognisedVisitedAndHelped(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		h := newHelp(t, db)
		p := h.person()
		r := h.recognised(p)
		if r.Status != "recognised" || len(r.Findings) < 4 || r.Facts == nil || r.Primary != "H1" || !slices.Contains(r.Next, "exit") {
			t.Errorf("%+v", r)
		}
		var d httpapi.DeskToday
		h.get("caseworker", "/desk/today", http.StatusOK, &d)
		if len(d.Items) != 1 || d.Items[0].Action != "first_contact" || d.Items[0].Person.NameMasked != "李*" || d.Counts.OpenCases != 1 {
			t.Fatalf("%+v", d)
		}
		id := d.Items[0].CaseID
		visit := object{
			"client_id": "phone-1", "person_id": p, "kind": "household", "summary": "本人在家", "needs": []string{"保洁岗位"},
			"place": object{"lat": 30.5, "lng": 120.7}, "next": object{"kind": "visit", "due": day.Of(h.now).Add(3)},
		}
		var one, two httpapi.Visit
		h.post("caseworker", "/visits", visit, http.StatusCreated, &one)
		h.post("caseworker", "/visits", visit, http.StatusCreated, &two)
		if one.ID != two.ID {
			t.Error("the same visit was kept twice")
		}
		var c httpapi.HelpCase
		h.get("caseworker", "/cases/"+id, http.StatusOK, &c)
		if c.Status != "contacted" || len(c.Visits) != 1 || c.Next.Kind != "visit" || c.Owner.Name != "caseworker" || c.FourClear[0].Label == "" {
			t.Errorf("%+v", c)
		}
		h.post("caseworker", "/cases/"+id+"/assess", object{
			"blocks": object{"basic": "独居", "employment": "失业", "skills": "电工", "wish": "愿意"}, "able": true, "evidence": "走访记录",
		}, http.StatusOK, &c)
		h.post("caseworker", "/cases/"+id+"/plan", object{"goals": "三个月内上岗", "measures": []string{"guidance"}}, http.StatusOK, &c)
		var m httpapi.Measure
		h.post("caseworker", "/cases/"+id+"/measures", object{"kind": "job_referral", "post_name": "保洁", "mass": true}, http.StatusCreated, &m)
		if m.Counts || !strings.Contains(m.WhyNot, "R-HELP-02") {
			t.Errorf("%+v", m)
		}
		h.post("caseworker", "/cases/"+id+"/measures", object{"kind": "guidance", "detail": "简历"}, http.StatusCreated, &m)
		h.get("caseworker", "/cases/"+id, http.StatusOK, &c)
		if !m.Counts || c.Status != "serving" || len(c.Standard) != 4 {
			t.Errorf("%+v %+v", m, c)
		}
		var refused httpapi.Problem
		h.post("caseworker", "/cases/"+id+"/close", object{"reason": "helped", "evidence": "已帮扶"}, http.StatusUnprocessableEntity, &refused)
		if refused.Rule != "R-HELP-04" || refused.Remedy == "" {
			t.Errorf("%+v", refused)
		}
		var page struct{ Items []httpapi.HelpCase }
		h.get("caseworker", "/cases?owner=me&village=330481101000", http.StatusOK, &page)
		if len(page.Items) != 1 {
			t.Errorf("%d cases are hers", len(page.Items))
		}
	})
}

func TestTheDeskIsClosedToThoseWithoutBusinessThere(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		h := newHelp(t, db)
		r := h.recognised(h.person())
		var page struct{ Items []httpapi.HelpCase }
		h.get("auditor", "/cases", http.StatusOK, &page)
		id := page.Items[0].ID
		h.get("stranger", "/cases/"+id, http.StatusNotFound, nil)
		h.get("stranger", "/recognitions/"+r.ID, http.StatusNotFound, nil)
		h.post("stranger", "/recognitions/"+r.ID+"/suspend", object{"reason": "employed"}, http.StatusNotFound, nil)
		h.get("operator", "/cases", http.StatusForbidden, nil)
		h.get("", "/desk/today", http.StatusUnauthorized, nil)
		h.post("auditor", "/cases/"+id+"/close", object{"reason": "moved", "evidence": "x"}, http.StatusForbidden, nil)
		h.post("caseworker", "/cases/"+id+"/assign", object{"account_id": h.actors["stranger"].Account}, http.StatusForbidden, nil)
		var p httpapi.Problem
		h.post("town", "/cases/"+id+"/assign", object{"account_id": h.actors["stranger"].Account}, http.StatusUnprocessableEntity, &p)
		if p.Code != "owner_not_suitable" {
			t.Errorf("%+v", p)
		}
		var notices struct{ Items []httpapi.PublicNotice }
		h.get("", "/recognitions/publicity?village="+deskVillage, http.StatusOK, &notices)
		if len(notices.Items) != 0 {
			t.Errorf("a notice that has ended still hangs: %+v", notices)
		}
	})
}

func TestAHouseholdTellsItsOwnZeroEmployment(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		h := newHelp(t, db)
		a, b := h.person(), h.person()
		var home httpapi.Household
		h.post("caseworker", "/households", object{
			"name": "李**户", "village": deskVillage, "address": "某路1号", "urban": true,
			"members": []object{{"person_id": a, "relation": "head", "status": "unemployed"}},
		}, http.StatusCreated, &home)
		if !home.ZeroEmployment.Is || home.ZeroEmployment.TargetDate == "" || home.AddressMasked != "***" {
			t.Errorf("%+v", home)
		}
		h.post("caseworker", "/households/"+home.ID+"/members", object{"person_id": b, "relation": "spouse", "status": "employed"}, http.StatusOK, &home)
		if home.ZeroEmployment.Is || len(home.Members) != 2 {
			t.Errorf("%+v", home)
		}
		h.do(t, "caseworker", http.MethodPut, "/households/"+home.ID+"/members/"+b, object{"status": "unemployed", "since": "2026-03-01"}, http.StatusOK, &home)
		if !home.ZeroEmployment.Is {
			t.Errorf("%+v", home.ZeroEmployment)
		}
		h.do(t, "caseworker", http.MethodDelete, "/households/"+home.ID+"/members/"+a+"?reason=moved_out", nil, http.StatusOK, &home)
		if home.Members[0].MovedOut == "" {
			t.Errorf("%+v", home.Members)
		}
		var page struct{ Items []httpapi.Household }
		h.get("town", "/households?zero_employment=true", http.StatusOK, &page)
		if len(page.Items) != 1 {
			t.Errorf("%d households", len(page.Items))
		}
		var groups struct{ Items []httpapi.KeyGroup }
		h.post("caseworker", "/persons/"+a+"/groups", object{"key": "veteran", "since": "2020-01-01", "evidence": "退役证"}, http.StatusOK, &groups)
		h.do(t, "caseworker", http.MethodDelete, "/persons/"+a+"/groups/veteran?reason=recorded_in_error", nil, http.StatusOK, &groups)
		if len(groups.Items) != 1 || groups.Items[0].Until == "" {
			t.Errorf("%+v", groups)
		}
	})
}
