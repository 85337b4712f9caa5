package app_test

import (
	"net/http"
	"testing"
	"time"

	"linggong/internal/app/apptest"
)

// 欠薪线索, from the worker's word to her money, moves indicator 11.
func TestUnpaidWorkIsReportedConfirmedAndResolved(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		boss := employer(w, "13800000001")
		p := published(boss, draft("2026-11-24", 1, true))
		operator := w.Staff("operator")
		worker := register(operator, "沈大力", "13900000201", []string{"loader"}, nil)
		var e engagement
		operator.Must(http.MethodPost, "/shifts/"+p.Shifts[0].ID+"/apply", map[string]any{"worker_id": worker}, &e)
		report := map[string]any{"engagement_id": e.ID, "amount_fen": 10400, "story": "说好当天结，三天了没有给"}
		operator.Refused(http.MethodPost, "/wage-clues", report, "not_worked")

		w.Clock.Set(time.Date(2026, 11, 23, 22, 50, 0, 0, time.UTC))
		boss = employerAgain(w)
		boss.Must(http.MethodPost, "/engagements/"+e.ID+"/check-in", map[string]any{}, nil)
		boss.Refused(http.MethodPost, "/wage-clues", report, "forbidden")
		w.Staff("stranger").Refused(http.MethodPost, "/wage-clues", report, "not_found")
		w.Clock.Set(time.Date(2026, 11, 27, 1, 0, 0, 0, time.UTC))
		operator, town, town2 := w.Staff("operator"), w.Staff("town"), w.Staff("caseworker")
		var clue struct {
			ID, Status string
			Due        string
			Next       []string
			Steps      []struct{ Status, Reason string }
		}
		operator.Must(http.MethodPost, "/wage-clues", report, &clue)
		if clue.Status != "received" || clue.Due != "2026-12-04" {
			t.Fatalf("five working days from Friday: %+v", clue)
		}
		operator.Refused(http.MethodPost, "/wage-clues", report, "wage_clue_open")
		operator.Refused(http.MethodPost, "/wage-clues/"+clue.ID+"/accept", map[string]any{}, "forbidden")
		town2.Refused(http.MethodPost, "/wage-clues/"+clue.ID+"/confirm", map[string]any{"amount_fen": 1, "reason": "看了"}, "forbidden")
		town.Refused(http.MethodPost, "/wage-clues/"+clue.ID+"/confirm", map[string]any{"amount_fen": 1, "reason": "看了"}, "wage_clue_state")
		town.Must(http.MethodPost, "/wage-clues/"+clue.ID+"/accept", map[string]any{}, &clue)
		town.Refused(http.MethodPost, "/wage-clues/"+clue.ID+"/confirm", map[string]any{"amount_fen": 10400}, "reason_required")
		town.Must(http.MethodPost, "/wage-clues/"+clue.ID+"/confirm", map[string]any{"amount_fen": 10400, "reason": "签到记录与单位承认"}, &clue)
		if got := total(w.Staff("bureau"), "11"); got != 0 {
			t.Fatalf("confirmed and not resolved is %v per cent", got)
		}
		var mine struct{ Items []struct{ ID string } }
		w.Staff("stranger").Must(http.MethodGet, "/wage-clues?open=true", nil, &mine)
		if len(mine.Items) != 0 {
			t.Fatal("another village's caseworker sees it")
		}
		clue.Due = ""
		town.Must(http.MethodPost, "/wage-clues/"+clue.ID+"/resolve", map[string]any{"amount_fen": 10400, "reason": "转账回单，本人已收到"}, &clue)
		if clue.Status != "resolved" || clue.Due != "" || len(clue.Next) != 0 || len(clue.Steps) != 4 {
			t.Fatalf("%+v", clue)
		}
		if got := total(w.Staff("bureau"), "11"); got != 100 {
			t.Fatalf("one of one resolved is %v per cent", got)
		}
	})
}
