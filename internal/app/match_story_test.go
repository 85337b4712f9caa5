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
