package app_test

import (
	"net/http"
	"testing"
	"time"

	"linggong/internal/app/apptest"
	"linggong/internal/day"
)

type moved struct {
	ID        string   `json:"id"`
	Status    string   `json:"status"`
	Next      []string `json:"next"`
	Publicity *struct{ From, To day.Date }
	Announced *struct{ From, To day.Date }
	EndsOn    day.Date `json:"ends_on"`
}

// recognise brings a person through the procedure: three different people, a
// public notice, a decision.
func recognise(t *testing.T, w *apptest.World, person string) {
	t.Helper()
	var r moved
	w.Staff("caseworker").Must(http.MethodPost, "/recognitions", map[string]any{
		"person_id": person, "categories": []string{"H1"}, "facts": map[string]any{"registered_unemployed_on": "2026-01-05"},
	}, &r)
	step := func(who, event string, body map[string]any) {
		t.Helper()
		w.Staff(who).Must(http.MethodPost, "/recognitions/"+r.ID+"/"+event, body, &r)
	}
	step("caseworker", "submit", map[string]any{})
	step("caseworker", "check", map[string]any{"ok": true})
	step("town", "review", map[string]any{"ok": true, "opinion": "情况属实"})
	step("town", "publish", map[string]any{})
	if a := w.Staff("bureau").Do(http.MethodPost, "/recognitions/"+r.ID+"/decide", map[string]any{"ok": true, "opinion": "同意"}); a.Status != http.StatusConflict {
		t.Fatalf("decided while the notice runs: %d %s", a.Status, a.Body)
	}
	w.Clock.Set(r.Publicity.To.Add(1).Start().Add(9 * time.Hour))
	step("bureau", "decide", map[string]any{"ok": true, "opinion": "予以认定"})
	if r.Status != "recognised" {
		t.Fatalf("%+v", r)
	}
}

// place opens a welfare post and puts the person on it.
func place(t *testing.T, w *apptest.World, person string) moved {
	t.Helper()
	var post moved
	w.Staff("town").Must(http.MethodPost, "/welfare/posts", map[string]any{
		"number": "XC-001", "title": "村道保洁", "unit_name": "科同村村委会", "village": apptest.Village, "duties": "村道清扫", "places": 1, "hours_day": 8,
		"days_week": 5, "wage_fen": 243000, "wage_unit": "month", "funding": "就业补助资金", "term_months": 36,
	}, &post)
	move := func(who, event string, body map[string]any) {
		t.Helper()
		w.Staff(who).Must(http.MethodPost, "/welfare/posts/"+post.ID+"/"+event, body, &post)
	}
	move("town2", "check", map[string]any{})
	move("bureau", "recognise", map[string]any{})
	move("bureau", "announce", map[string]any{})
	w.Clock.Set(post.Announced.To.Add(1).Start().Add(9 * time.Hour))
	move("bureau", "open", map[string]any{})
	var eligible struct {
		Items []struct {
			PersonID string `json:"person_id"`
			Blockers []any
		}
	}
	w.Staff("caseworker").Must(http.MethodGet, "/welfare/posts/"+post.ID+"/eligible", nil, &eligible)
	if len(eligible.Items) != 1 || eligible.Items[0].PersonID != person || len(eligible.Items[0].Blockers) != 0 {
		t.Fatalf("%+v", eligible)
	}
	var p moved
	w.Staff("caseworker").Must(http.MethodPost, "/welfare/placements", map[string]any{"post_id": post.ID, "person_id": person, "conflict": map[string]any{"relative": false}}, &p)
	step := func(who, event string, body map[string]any) {
		t.Helper()
		w.Staff(who).Must(http.MethodPost, "/welfare/placements/"+p.ID+"/"+event, body, &p)
	}
	step("town", "check", map[string]any{})
	step("bureau", "publish", map[string]any{})
	w.Staff("bureau2").Refused(http.MethodPost, "/welfare/placements/"+p.ID+"/contract", map[string]any{}, "publicity_running")
	w.Clock.Set(p.Publicity.To.Add(1).Start().Add(9 * time.Hour))
	step("bureau2", "contract", map[string]any{})
	step("caseworker", "start", map[string]any{"registration_ref": "JY-2026-0001"})
	return p
}

func TestAHardshipPersonIsRecognisedVisitedHelpedAndPlaced(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		w.Clock.Set(time.Date(2026, 8, 3, 1, 0, 0, 0, time.UTC))
		var person struct {
			ID string `json:"id"`
		}
		w.Staff("caseworker").Must(http.MethodPost, "/persons", map[string]any{
			"name": "陈大伯", "id_number": "330481197001010015", "phone": "13900000052", "village": apptest.Village,
		}, &person)
		w.Staff("stranger").Refused(http.MethodGet, "/persons/"+person.ID, nil, "person_not_found")
		recognise(t, w, person.ID)

		var cases struct {
			Items []struct {
				ID         string
				NextAction *struct {
					Kind string
					Due  day.Date
				} `json:"next_action"`
				Owner *struct{ Name string }
			}
		}
		w.Staff("caseworker").Must(http.MethodGet, "/cases", nil, &cases)
		if len(cases.Items) != 1 || cases.Items[0].Owner == nil || cases.Items[0].NextAction == nil || cases.Items[0].NextAction.Due == "" {
			t.Fatalf("a recognised person without an owner, an action and a date: %+v", cases)
		}
		id := cases.Items[0].ID
		bureau := w.Staff("bureau")
		if got := total(bureau, "3"); got != 0 {
			t.Errorf("helped before anybody helped: %v", got)
		}
		her := w.Staff("caseworker")
		visit := map[string]any{"person_id": person.ID, "kind": "household", "on": day.Of(w.Clock.Now()), "met": "本人", "summary": "想在家附近做活", "outcome": "愿意就业", "client_id": "phone-1"}
		her.Must(http.MethodPost, "/visits", visit, nil)
		her.Must(http.MethodPost, "/visits", visit, nil) // sent again from a bad connection
		her.Must(http.MethodPost, "/cases/"+id+"/measures", map[string]any{"kind": "guidance", "on": day.Of(w.Clock.Now()), "detail": "一对一职业指导一小时", "evidence": "指导记录第12号"}, nil)

		placed := place(t, w, person.ID)
		if placed.Status != "on_post" || placed.EndsOn == "" {
			t.Fatalf("%+v", placed)
		}
		bureau = w.Staff("bureau")
		for key, want := range map[string]float64{"recognised": 1, "visits": 1, "3": 100, "welfare_placed": 1, "2": 1} {
			if got := total(bureau, key); got != want {
				t.Errorf("indicator %s is %v, want %v", key, got, want)
			}
		}
		if _, wrong, err := w.Rollups.Disagreements(t.Context(), 5); err != nil || len(wrong) > 0 {
			t.Errorf("facts and sums: %v %v", wrong, err)
		}
		checks, err := w.DeskStore.Verify(t.Context(), w.Identity)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range checks {
			if len(c.Broken) > 0 {
				t.Errorf("%s: %v", c.Name, c.Broken)
			}
		}
	})
}
