package app_test

import (
	"net/http"
	"testing"

	"linggong/internal/app/apptest"
)

// A best-first list gives the loader the loading and leaves the other without;
// the best assignment places both.
func TestTheOperatorPressesOneButtonAndInvitesTheBestAssignment(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		boss := employer(w, "13800000001")
		operator := w.Staff("operator")
		loading, cooking := draft("2026-11-23", 1, false), draft("2026-11-23", 1, false)
		cooking["title"], cooking["trade"], cooking["description"], cooking["flags"] = "厨房帮工", "kitchenhand", "洗菜切菜", []string{}
		for _, d := range []map[string]any{loading, cooking} {
			d["shifts"] = []map[string]any{{"starts_at": "2026-11-23T13:00:00+08:00", "ends_at": "2026-11-23T17:00:00+08:00", "break_minutes": 0, "headcount": 1}}
		}
		cooking["certificates"] = []string{"health"}
		p, q := published(boss, loading), published(boss, cooking)
		both := register(operator, "沈大力", "13900000201", []string{"loader", "kitchenhand"}, []map[string]any{{"kind": "health", "expires": "2027-01-01"}})
		one := register(operator, "陆小勤", "13900000202", []string{"kitchenhand"}, nil)

		var run struct {
			RunID        string `json:"run_id"`
			Workers      int    `json:"workers"`
			Places       int    `json:"places"`
			Placed       int    `json:"placed"`
			Optimal      bool   `json:"optimal"`
			GreedyPlaced int    `json:"greedy_placed"`
			Pairs        []struct {
				Worker idOnly
				Seat   struct {
					Posting idOnly
					ShiftID string `json:"shift_id"`
				}
				Reasons []string
			}
			Unfilled, Unplaced []any
		}
		operator.Must(http.MethodPost, "/stations/"+string(w.Station.ID)+"/match", map[string]any{}, &run)
		if run.Workers != 2 || run.Places != 2 || run.Placed != 2 || run.GreedyPlaced != 1 || !run.Optimal || len(run.Unfilled)+len(run.Unplaced) != 0 {
			t.Fatalf("%+v", run)
		}
		got := map[string]string{}
		for _, x := range run.Pairs {
			got[x.Worker.ID] = x.Seat.Posting.ID
			if len(x.Reasons) == 0 {
				t.Errorf("a pair without a reason: %+v", x)
			}
		}
		if got[both] != q.ID || got[one] != p.ID {
			t.Fatalf("%v", got)
		}
		var sent struct {
			Sent    int
			Refused []struct{ Problem struct{ Code string } }
		}
		operator.Must(http.MethodPost, "/matches/"+run.RunID+"/send", map[string]any{}, &sent)
		if sent.Sent != 2 || len(sent.Refused) != 0 {
			t.Fatalf("%+v", sent)
		}
		operator.Must(http.MethodPost, "/matches/"+run.RunID+"/send", map[string]any{}, &sent)
		if sent.Sent != 0 || len(sent.Refused) != 2 || sent.Refused[0].Problem.Code != "already_applied" {
			t.Fatalf("sent again: %+v", sent)
		}
		operator.Must(http.MethodPost, "/stations/"+string(w.Station.ID)+"/match", map[string]any{}, &run)
		if run.Workers != 0 || run.Places != 2 || len(run.Unfilled) != 2 {
			t.Fatalf("who was asked is asked again: %+v", run)
		}
		operator.Refused(http.MethodPost, "/stations/"+string(w.Station.ID)+"/match", map[string]any{"date": "2026-11-22"}, "match_day")
		operator.Refused(http.MethodPost, "/matches/"+run.RunID+"/send", map[string]any{"pairs": []map[string]any{{"worker_id": both}}}, "invalid_request")
	})
}

func register(operator *apptest.Client, name, phone string, trades []string, certificates []map[string]any) string {
	skills := []map[string]any{}
	for _, t := range trades {
		skills = append(skills, map[string]any{"id": t, "level": 2})
	}
	if certificates == nil {
		certificates = []map[string]any{}
	}
	var made idOnly
	operator.Must(http.MethodPost, "/workers", map[string]any{
		"name": name, "phone": phone, "village": apptest.Village, "trades": skills, "certificates": certificates, "radius_m": 20000, "consent": "spoken",
		"available": map[string]any{"days": []int{}, "from": "00:00", "to": "00:00"},
	}, &made)
	operator.Must(http.MethodPost, "/workers/"+made.ID+"/available-today", map[string]any{"yes": true}, nil)
	return made.ID
}

// The operator knows what no column says: she holds a pair together, keeps one
// apart and a place back, and the rest is solved around it at once. Whoever said
// no is not asked for the same shift again, and an auditor gets the same bytes.
func TestTheOperatorSettlesWhatSheKnowsAndTheRestIsSolvedAroundIt(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		boss, operator := employer(w, "13800000001"), w.Staff("operator")
		morning, noon := draft("2026-11-23", 1, false), draft("2026-11-23", 1, false)
		for i, d := range []map[string]any{morning, noon} {
			d["shifts"] = []map[string]any{{"starts_at": "2026-11-23T13:00:00+08:00", "ends_at": "2026-11-23T17:00:00+08:00", "break_minutes": 0, "headcount": 1 + i}}
		}
		p, q := published(boss, morning), published(boss, noon)
		one, two, three := register(operator, "沈大力", "13900000301", []string{"loader"}, nil), register(operator, "陆小勤", "13900000302", []string{"loader"}, nil),
			register(operator, "周平", "13900000303", []string{"loader"}, nil)
		type run struct {
			RunID    string `json:"run_id"`
			Placed   int
			Reserved int
			Tiers    []struct{ People, Placed, Plain int }
			Pairs    []struct {
				Worker idOnly
				Pinned bool
				Seat   struct {
					ShiftID string `json:"shift_id"`
				}
			}
			Unplaced []struct {
				Worker  idOnly
				Nearest struct {
					Blockers []struct{ Code, Remedy string }
				}
			}
		}
		match := func(body map[string]any) run {
			var r run
			operator.Must(http.MethodPost, "/stations/"+string(w.Station.ID)+"/match", body, &r)
			return r
		}
		at := func(r run, worker string) string {
			for _, x := range r.Pairs {
				if x.Worker.ID == worker {
					return x.Seat.ShiftID
				}
			}
			return ""
		}
		first, second := p.Shifts[0].ID, q.Shifts[0].ID
		choice := func(worker, shift string) []map[string]any {
			return []map[string]any{{"worker_id": worker, "shift_id": shift}}
		}
		r := match(map[string]any{"pins": choice(three, first), "forbids": choice(one, second)})
		if r.Placed != 2 || at(r, three) != first || at(r, two) != second || at(r, one) != "" {
			t.Fatalf("%+v", r)
		}
		if len(r.Tiers) == 0 || len(r.Unplaced) != 1 || r.Unplaced[0].Nearest.Blockers == nil {
			t.Fatalf("%+v", r)
		}
		if r = match(map[string]any{"reserves": []map[string]any{{"shift_id": second, "places": 2}}}); r.Placed != 1 || r.Reserved != 2 {
			t.Fatalf("two places were to be kept back: %+v", r)
		}
		operator.Refused(http.MethodPost, "/stations/"+string(w.Station.ID)+"/match",
			map[string]any{"pins": append(choice(one, first), choice(one, second)...)}, "pinned_twice")

		r = match(map[string]any{"pins": choice(three, first)})
		var sent struct{ Sent int }
		operator.Must(http.MethodPost, "/matches/"+r.RunID+"/send", map[string]any{"pairs": choice(three, first)}, &sent)
		if sent.Sent != 1 {
			t.Fatal("a pinned pair is part of the proposal")
		}
		var asked struct{ Items []idOnly }
		operator.Must(http.MethodGet, "/engagements?worker_id="+three, nil, &asked)
		operator.Must(http.MethodPost, "/engagements/"+asked.Items[0].ID+"/decline", map[string]any{}, nil)
		if r = match(map[string]any{}); at(r, three) == first || r.Placed != 3 {
			t.Fatalf("she said no to it: %+v", r)
		}
		var again struct{ Same, Optimal bool }
		w.Staff("auditor").Must(http.MethodGet, "/matches/"+r.RunID, nil, &again)
		if !again.Same || !again.Optimal {
			t.Fatalf("%+v", again)
		}
		boss.Refused(http.MethodGet, "/matches/"+r.RunID, nil, "forbidden")
	})
}

// A second shift of the day goes to somebody who has one only where a place
// would stay empty, with time for the way between; and who wants to go together
// goes together where there is such a shift.
func TestEmptyPlacesGoToWhoCanDoASecondShiftAndCrewsStayTogether(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		boss, operator := employer(w, "13800000001"), w.Staff("operator")
		shift := func(from, to string, heads int) string {
			d := draft("2026-11-23", 1, false)
			d["shifts"] = []map[string]any{{"starts_at": "2026-11-23T" + from + ":00+08:00", "ends_at": "2026-11-23T" + to + ":00+08:00", "break_minutes": 0, "headcount": heads}}
			return published(boss, d).Shifts[0].ID
		}
		noon, evening, late := shift("13:00", "16:00", 2), shift("18:00", "21:00", 1), shift("15:00", "19:00", 1)
		one, two := register(operator, "沈大力", "13900000401", []string{"loader"}, nil), register(operator, "陆小勤", "13900000402", []string{"loader"}, nil)
		type run struct {
			RunID       string `json:"run_id"`
			Placed      int
			Again       int
			PlacesBound int `json:"places_bound"`
			Optimal     bool
			Apart       [][]string
			Pairs       []struct {
				Worker idOnly
				Again  bool
				Seat   struct {
					ShiftID string `json:"shift_id"`
				}
			}
		}
		match := func(body map[string]any) run {
			var r run
			operator.Must(http.MethodPost, "/stations/"+string(w.Station.ID)+"/match", body, &r)
			return r
		}
		if r := match(map[string]any{}); r.Placed != 2 || r.Again != 0 {
			t.Fatalf("one shift each: %+v", r)
		}
		r := match(map[string]any{"second": true, "together": [][]string{{one, two}}})
		if r.Placed != 2 || r.Again != 1 || !r.Optimal || r.PlacesBound < 3 || len(r.Apart) != 0 {
			t.Fatalf("%+v", r)
		}
		got := map[string][]string{}
		for _, x := range r.Pairs {
			got[x.Seat.ShiftID] = append(got[x.Seat.ShiftID], x.Worker.ID)
		}
		if len(got[noon]) != 2 || len(got[evening]) != 1 || len(got[late]) != 0 {
			t.Fatalf("the crew goes at noon, one of them again in the evening, nobody to what overlaps: %v", got)
		}
		var again struct{ Same, Optimal bool }
		operator.Must(http.MethodGet, "/matches/"+r.RunID, nil, &again)
		if !again.Same || !again.Optimal {
			t.Fatalf("%+v", again)
		}
		var sent struct {
			Sent    int
			Refused []any
		}
		operator.Must(http.MethodPost, "/matches/"+r.RunID+"/send", map[string]any{}, &sent)
		if sent.Sent != 3 {
			t.Fatalf("%+v", sent)
		}
		third := register(operator, "周平", "13900000403", []string{"kitchenhand"}, nil)
		if r = match(map[string]any{"together": [][]string{{third, one}}}); len(r.Apart) != 1 {
			t.Fatalf("a crew that cannot go together is told so: %+v", r)
		}
	})
}
