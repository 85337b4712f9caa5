package app_test

import (
	"net/http"
	"testing"

	"linggong/internal/app/apptest"
)

// Somebody stands at the counter: the operator reads out what suits her, applies
// for her by word of mouth, and the gig is not read out a second time.
func TestTheOperatorReadsOutWhatSuitsWhoStandsAtTheCounter(t *testing.T) {
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
		published(boss, cooking)
		suits := published(boss, loading)
		her := register(operator, "陆小勤", "13900000202", []string{"loader", "kitchenhand"}, nil)

		var found struct {
			Items []struct {
				Posting idOnly
				Shift   idOnly
				Fit     struct {
					Eligible bool
					Reasons  []string
					Blockers []struct{ Rule, Source, Remedy string }
				}
			}
		}
		operator.Must(http.MethodGet, "/workers/"+her+"/openings", nil, &found)
		if len(found.Items) != 2 || found.Items[0].Posting.ID != suits.ID || !found.Items[0].Fit.Eligible || len(found.Items[0].Fit.Reasons) == 0 {
			t.Fatalf("%+v", found)
		}
		if miss := found.Items[1].Fit; miss.Eligible || len(miss.Blockers) == 0 || miss.Blockers[0].Source == "" || miss.Blockers[0].Remedy == "" {
			t.Fatalf("without a health certificate, and not told what is missing: %+v", miss)
		}
		operator.Must(http.MethodPost, "/shifts/"+found.Items[0].Shift.ID+"/apply", map[string]any{"worker_id": her}, nil)
		operator.Must(http.MethodGet, "/workers/"+her+"/openings", nil, &found)
		for _, o := range found.Items {
			if o.Posting.ID == suits.ID {
				t.Error("what she applied for is read out again")
			}
		}
		boss.Refused(http.MethodGet, "/workers/"+her+"/openings", nil, "forbidden")
	})
}
