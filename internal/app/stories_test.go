package app_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"linggong/internal/access"
	"linggong/internal/app/apptest"
	"linggong/internal/day"
)

type idOnly struct {
	ID string `json:"id"`
}

type posting struct {
	ID     string `json:"id"`
	Code   string `json:"code"`
	Status string `json:"status"`
	Shifts []struct {
		ID   string `json:"id"`
		Open int    `json:"open"`
	} `json:"shifts"`
}

type engagement struct {
	ID        string   `json:"id"`
	Code      string   `json:"code"`
	Status    string   `json:"status"`
	Next      []string `json:"next"`
	AmountFen int64    `json:"amount_fen"`
}

// employer registers a verified mill by its own account.
func employer(w *apptest.World, phone string) *apptest.Client {
	boss := w.Phone(phone, "employer")
	var me idOnly
	boss.Must(http.MethodPost, "/employers", map[string]any{
		"name": "海宁某某经编有限公司", "kind": "organisation", "credit_code": "91330100799655058B", "contact_name": "沈建国", "village": apptest.Village, "address": "许巷路1号",
	}, &me)
	w.Staff("operator").Must(http.MethodPost, "/employers/"+me.ID+"/verify", map[string]any{"ok": true, "reason": "看了营业执照和委托书"}, nil)
	return boss
}

func draft(on day.Date, headcount int, urgent bool) map[string]any {
	return map[string]any{
		"title": "装卸工", "trade": "loader", "description": "仓库卸货，纸箱每件二十公斤以内", "form": "part_time", "village": apptest.Village, "address": "许巷路1号",
		"pay":       map[string]any{"amount_fen": 2600, "unit": "hour", "settlement": "daily", "settlement_days": 1, "payer": "employer"},
		"shifts":    []map[string]any{{"starts_at": string(on) + "T07:00:00+08:00", "ends_at": string(on) + "T11:00:00+08:00", "break_minutes": 0, "headcount": headcount}},
		"insurance": "accident", "flags": []string{"heavy"}, "min_age": 18, "urgent": urgent, "meals": true, "lodging": false,
		"suited_older": false, "suited_disabled": false, "no_experience": true,
	}
}

func published(boss *apptest.Client, d map[string]any) posting {
	var p posting
	boss.Must(http.MethodPost, "/postings", d, &p)
	boss.Must(http.MethodPost, "/postings/"+p.ID+"/publish", nil, &p)
	return p
}

// total reads our own count of an indicator.
func total(c *apptest.Client, key string) float64 {
	var list struct {
		Items []struct {
			Key  string
			Ours *struct{ Value *float64 }
		}
	}
	c.Must(http.MethodGet, "/indicators?year=2026", nil, &list)
	for _, i := range list.Items {
		if i.Key == key && i.Ours != nil && i.Ours.Value != nil {
			return *i.Ours.Value
		}
	}
	return 0
}

func TestAGigIsPostedFoundMatchedWorkedAndSettled(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		boss := employer(w, "13800000001")
		p := published(boss, draft("2026-11-24", 2, false))
		if p.Status != "published" {
			t.Fatalf("%+v", p)
		}
		var found struct {
			Items []struct {
				ID string
			}
			TotalPlaces int `json:"total_places"`
		}
		w.Anyone().Must(http.MethodGet, "/postings?q=%E5%8D%B8%E8%B4%A7", nil, &found) // 卸货
		if len(found.Items) != 1 || found.Items[0].ID != p.ID || found.TotalPlaces != 2 {
			t.Fatalf("not searchable at once: %+v", found)
		}
		kiosk := w.Kiosk()
		var e engagement
		kiosk.Must(http.MethodPost, "/shifts/"+p.Shifts[0].ID+"/apply", map[string]any{"kiosk": map[string]any{"phone": "13900000056", "name": "王"}}, &e)
		if e.Status != "applied" || len(e.Code) != 6 {
			t.Fatalf("%+v", e)
		}
		var slip engagement
		kiosk.Must(http.MethodGet, "/engagements/by-code/"+e.Code+"?phone_last4=0056", nil, &slip)
		if slip.ID != e.ID {
			t.Fatalf("the slip opens %+v", slip)
		}
		kiosk.Refused(http.MethodGet, "/engagements/by-code/"+e.Code+"?phone_last4=0057", nil, "engagement_not_found")

		boss.Must(http.MethodPost, "/engagements/"+e.ID+"/accept", map[string]any{}, &e)
		if e.Status != "confirmed" {
			t.Fatalf("%+v", e)
		}
		w.Clock.Set(time.Date(2026, 11, 23, 22, 50, 0, 0, time.UTC)) // 06:50 in Shanghai
		boss.Must(http.MethodPost, "/engagements/"+e.ID+"/check-in", map[string]any{}, &e)
		w.Clock.Set(time.Date(2026, 11, 24, 3, 5, 0, 0, time.UTC))
		boss.Must(http.MethodPost, "/engagements/"+e.ID+"/check-out", map[string]any{}, nil)
		boss = employerAgain(w)
		boss.Must(http.MethodPost, "/engagements/"+e.ID+"/confirm-hours", map[string]any{"minutes": 240}, nil)
		w.Kiosk().Must(http.MethodPost, "/engagements/"+e.ID+"/confirm-hours", map[string]any{"minutes": 240}, &e)
		if e.Status != "hours_confirmed" || e.AmountFen != 10400 {
			t.Fatalf("four hours at 26 yuan: %+v", e)
		}
		boss.Refused(http.MethodPost, "/engagements/"+e.ID+"/pay", map[string]any{"amount_fen": 10400, "method": "voucher"}, "pay_method")
		boss.Must(http.MethodPost, "/engagements/"+e.ID+"/pay", map[string]any{"amount_fen": 10400, "method": "bank", "proof": "回单"}, &e)
		boss.Must(http.MethodPost, "/engagements/"+e.ID+"/rate", map[string]any{"stars": 5}, &e)

		bureau := w.Staff("bureau")
		for key, want := range map[string]float64{"gig_places": 2, "gig_placements": 1, "gig_settled": 1, "gig_paid_on_time": 100, "2": 0} {
			if got := total(bureau, key); got != want {
				t.Errorf("indicator %s is %v, want %v", key, got, want)
			}
		}
		var facts struct {
			Items []idOnly
			Count int
		}
		bureau.Must(http.MethodGet, "/indicators/gig_placements/facts?year=2026", nil, &facts)
		if facts.Count != 1 {
			t.Fatalf("the number 1 opens to %d facts", facts.Count)
		}
		var opened struct {
			Subject struct{ Kind, ID string }
			Act     struct{ Kind string }
		}
		bureau.Must(http.MethodGet, "/facts/"+facts.Items[0].ID, nil, &opened)
		if opened.Subject.ID != e.ID || opened.Act.Kind != "gig.engagement_checked_in" {
			t.Fatalf("the fact does not lead to its act: %+v", opened)
		}
	})
}

// employerAgain signs the mill in anew: a session ends when the clock jumps.
func employerAgain(w *apptest.World) *apptest.Client { return w.Phone("13800000001", "employer") }

func TestTwoSeekersWantTheLastPlaceAndTheOtherIsToldKindly(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		boss := employer(w, "13800000001")
		p := published(boss, draft("2026-11-24", 1, true))
		kiosk := w.Kiosk()
		answers := make([]apptest.Answer, 6)
		var wg sync.WaitGroup
		for i := range answers {
			wg.Go(func() {
				answers[i] = kiosk.Do(http.MethodPost, "/shifts/"+p.Shifts[0].ID+"/apply",
					map[string]any{"kiosk": map[string]any{"phone": fmt.Sprintf("1390000010%d", i), "name": "李"}})
			})
		}
		wg.Wait()
		got := map[int]int{}
		for _, a := range answers {
			got[a.Status]++
			if a.Status != http.StatusCreated && (a.Problem() != "shift_full" || !strings.Contains(string(a.Body), "名额")) {
				t.Errorf("%d %s", a.Status, a.Body)
			}
		}
		if got[http.StatusCreated] != 1 || got[http.StatusConflict] != 5 {
			t.Fatalf("%v", got)
		}
	})
}

func TestUnlawfulPayIsRefusedWithItsRule(t *testing.T) { // R-PT-05
	t.Parallel()
	w := apptest.New(t)
	boss := employer(w, "13800000001")
	d := draft("2026-11-24", 1, false)
	d["pay"].(map[string]any)["amount_fen"] = 2299
	var p posting
	boss.Must(http.MethodPost, "/postings", d, &p)
	a := boss.Do(http.MethodPost, "/postings/"+p.ID+"/publish", nil)
	if a.Status != http.StatusUnprocessableEntity || !strings.Contains(string(a.Body), "R-PT-05") || !strings.Contains(string(a.Body), "23") {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
}

func TestARepeatedRequestActsOnce(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	boss := employer(w, "13800000001")
	p := published(boss, draft("2026-11-24", 3, true))
	kiosk := w.Kiosk()
	body := map[string]any{"kiosk": map[string]any{"phone": "13900000077", "name": "赵"}}
	var first engagement
	for i := range 3 {
		a := kiosk.With(http.MethodPost, "/shifts/"+p.Shifts[0].ID+"/apply", body, "Idempotency-Key", "one-tap")
		if a.Status != http.StatusCreated {
			t.Fatalf("%d: %d %s", i, a.Status, a.Body)
		}
		var e engagement
		decode(t, a.Body, &e)
		if i == 0 {
			first = e
		}
		if e.ID != first.ID {
			t.Fatal("a repeat made another engagement")
		}
	}
	other := map[string]any{"kiosk": map[string]any{"phone": "13900000078", "name": "赵"}}
	if a := kiosk.With(http.MethodPost, "/shifts/"+p.Shifts[0].ID+"/apply", other, "Idempotency-Key", "one-tap"); a.Problem() != "idempotency_key_reused" {
		t.Fatalf("another body under the key: %d %s", a.Status, a.Body)
	}
}

// A request by the wrong role is refused, by nobody sent to sign in, and no
// route answers any of them with a failure of ours.
func TestEveryRouteRefusesWhoeverThePolicyDoes(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	_, api, err := w.App.Handler()
	if err != nil {
		t.Fatal(err)
	}
	clients := map[access.Role]*apptest.Client{
		access.Anonymous: w.Anyone(), access.Operator: w.Staff("operator"), access.Caseworker: w.Staff("caseworker"), access.TownOfficer: w.Staff("town"),
		access.Bureau: w.Staff("bureau"), access.Auditor: w.Staff("auditor"), access.Admin: w.Staff("admin"),
		access.Kiosk: w.Kiosk(), access.Worker: w.Phone("13900000001", "worker"), access.Employer: w.Phone("13800000009", "employer"),
	}
	for _, r := range api.Routes() {
		if r.ID == "live" || r.ID == "sign-out" {
			continue
		}
		path := strings.TrimPrefix(r.Path, "/api/v1")
		for _, name := range []string{"{id}", "{shift_id}", "{person_id}"} {
			path = strings.ReplaceAll(path, name, "01900000-0000-7000-8000-00000000dead")
		}
		path = strings.NewReplacer("{code}", "123456", "{key}", "1", "{phone}", "1").Replace(path)
		for role, c := range clients {
			a := c.Do(r.Method, path, map[string]any{})
			if a.Status >= 500 {
				t.Errorf("%s as %s: %d %s", r.ID, role, a.Status, a.Body)
			}
			may := access.May(access.Actor{Role: role}, r.May)
			if r.Public || may == nil {
				continue
			}
			want := http.StatusForbidden
			if role == access.Anonymous {
				want = http.StatusUnauthorized
			}
			if a.Status != want && a.Status != http.StatusUnprocessableEntity {
				t.Errorf("%s as %s: %d %s, want %d", r.ID, role, a.Status, a.Body, want)
			}
		}
	}
}

func decode(t *testing.T, b []byte, out any) {
	t.Helper()
	if err := json.Unmarshal(b, out); err != nil {
		t.Fatalf("%v in %s", err, b)
	}
}
