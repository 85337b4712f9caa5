package app_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"linggong/internal/access"
	"linggong/internal/app/apptest"
	"linggong/internal/day"
	"linggong/internal/dbx/dbtest"
	"linggong/internal/gig"
)

func seekers(t *testing.T, c *apptest.Client, n int) []string {
	t.Helper()
	ids := make([]string, n)
	for i := range n {
		var w idOnly
		c.Must(http.MethodPost, "/workers", map[string]any{
			"name": "丁小满", "phone": fmt.Sprintf("1380013%04d", i), "birth": "1980-04-06", "consent": "spoken", "village": apptest.Village, "radius_m": 20000,
			"available": map[string]any{"days": []int{}, "from": "00:00", "to": "00:00"},
		}, &w)
		ids[i] = w.ID
	}
	return ids
}

// Everybody wants the same few places at the same moment, some twice, some under
// the same key, some on shifts that overlap.
func TestACrowdIsBookedTogetherAndNobodyTwice(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		boss, operator := employer(w, "13800138000"), w.Staff("operator")
		tomorrow := day.Of(w.Clock.Now()).Add(1)
		first, same, later := published(boss, draft(tomorrow, 7, true)), published(boss, draft(tomorrow, 5, true)), published(boss, draft(tomorrow.Add(1), 40, true))
		people := seekers(t, operator, 24)
		type told struct {
			status int
			id     string
			key    string
			shift  string
		}
		var mu sync.Mutex
		var all []told
		var wg sync.WaitGroup
		for i, who := range people {
			for k, p := range []posting{first, same, later} {
				for n := range 2 { // each asks twice: under one key or, every fourth, another
					key := fmt.Sprintf("%d-%d", i, k)
					if n == 1 && i%4 == 0 {
						key += "-again"
					}
					wg.Go(func() {
						a := operator.With(http.MethodPost, "/shifts/"+p.Shifts[0].ID+"/apply", map[string]any{"worker_id": who}, "Idempotency-Key", key)
						var e engagement
						_ = json.Unmarshal(a.Body, &e) // a problem has no id
						mu.Lock()
						defer mu.Unlock()
						all = append(all, told{a.Status, e.ID, key, p.ID})
						if a.Status >= 500 {
							t.Errorf("%s: %d %s", key, a.Status, a.Body)
						}
					})
				}
			}
		}
		wg.Wait()
		byKey, booked := map[string]string{}, map[string]map[string]bool{}
		for _, a := range all {
			if a.id == "" {
				continue
			}
			if was, ok := byKey[a.key]; ok && was != a.id {
				t.Errorf("key %s was answered %s and %s", a.key, was, a.id)
			}
			byKey[a.key] = a.id
			if booked[a.shift] == nil {
				booked[a.shift] = map[string]bool{}
			}
			booked[a.shift][a.id] = true
		}
		if a, b, c := len(booked[first.ID]), len(booked[same.ID]), len(booked[later.ID]); a != 7 || b != 5 || c != 24 {
			t.Errorf("%d, %d and %d were told they have a place of 7, 5 and 24", a, b, c)
		}
		var rows []struct{ Filled, Held, Told int64 }
		err := w.DB.From(t.Context()).Raw(`SELECT s.filled, (SELECT count(*) FROM gig_engagements e WHERE e.shift_id = s.id AND e.holds) AS held,
			(SELECT count(*) FROM gig_engagements e JOIN audit_entries a ON a.subject_id = CAST(e.id AS text) JOIN gig_engagement_history h ON h.engagement_id = e.id WHERE e.shift_id = s.id) AS told
			FROM gig_shifts s ORDER BY s.filled`).Scan(&rows).Error
		if err != nil {
			t.Fatal(err)
		}
		for i, want := range []int64{5, 7, 24} {
			if rows[i].Filled != want || rows[i].Held != want || rows[i].Told != want {
				t.Errorf("shift with %d places: %+v", want, rows[i])
			}
		}
		var overlaps int64
		err = w.DB.From(t.Context()).Raw(`SELECT count(*) FROM gig_engagements a JOIN gig_engagements b ON a.worker_id = b.worker_id AND a.id < b.id AND a.holds AND b.holds
			AND a.starts_at < b.ends_at AND b.starts_at < a.ends_at`).Scan(&overlaps).Error
		if err != nil || overlaps != 0 {
			t.Errorf("%d people are in two places at once, %v", overlaps, err)
		}
	})
}

// Together or by itself: an application leaves the same rows and is told the same.
func TestBookedTogetherIsBookedTheSame(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		boss, operator := employer(w, "13800138000"), w.Staff("operator")
		people := seekers(t, operator, 2)
		for _, urgent := range []bool{true, false} {
			p := published(boss, draft(day.Of(w.Clock.Now()).Add(1), 4, urgent))
			actor, shift := access.Internal("test"), gig.ShiftID(p.Shifts[0].ID)
			alone, err := w.Engagements.Apply(t.Context(), actor, shift, gig.WorkerID(people[0]))
			if err != nil {
				t.Fatal(err)
			}
			before, err := w.Engagements.View(t.Context(), actor, alone)
			if err != nil {
				t.Fatal(err)
			}
			var out []gig.Outcome
			err = w.DB.InTx(t.Context(), func(ctx context.Context) error {
				out, err = w.Engagements.ApplyMany(ctx, []gig.Ask{{Actor: actor, Shift: shift, Worker: gig.WorkerID(people[1])}})
				return err
			})
			if err != nil || out[0].Err != nil {
				t.Fatal(err, out)
			}
			stored, err := w.Engagements.View(t.Context(), actor, out[0].View.Engagement)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(stored, out[0].View); d != "" {
				t.Errorf("what is told is not what is stored (-stored +told):\n%s", d)
			}
			same := func(v gig.EngagementView) gig.EngagementView { // all but whose it is and how many came before
				v.ID, v.Code, v.WorkerID, v.PersonID, v.Worker = "", "", "", "", gig.PersonCard{}
				for i := range v.History {
					v.History[i].EngagementID = ""
				}
				v.Shift.Filled, v.Posting.Shifts = 0, nil
				return v
			}
			if d := cmp.Diff(same(before), same(stored)); d != "" {
				t.Errorf("urgent %v (-alone +together):\n%s", urgent, d)
			}
			if d := cmp.Diff(trace(t, w, string(alone.ID)), trace(t, w, string(stored.ID))); d != "" {
				t.Errorf("the trace (-alone +together):\n%s", d)
			}
		}
	})
}

// trace is what the audit says of one engagement, without whose it is.
func trace(t *testing.T, w *apptest.World, id string) []string {
	t.Helper()
	var rows []struct{ Kind, ActorRole, Region, Reason, Detail string }
	if err := w.DB.From(t.Context()).Raw("SELECT kind, actor_role, region, reason, detail FROM audit_entries WHERE subject_id = ? ORDER BY id", id).Scan(&rows).Error; err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, r := range rows {
		var d struct {
			Refs []struct {
				Kind string `json:"kind"`
			} `json:"refs"`
			Nums map[string]int64  `json:"nums"`
			Tags map[string]string `json:"tags"`
		}
		if err := json.Unmarshal([]byte(r.Detail), &d); err != nil {
			t.Fatal(err)
		}
		out = append(out, fmt.Sprint(r.Kind, r.ActorRole, r.Region, r.Reason, d))
	}
	slices.Sort(out)
	return out
}

// Whoever holds a shift's row up holds up those who apply for it: they are told
// to come again, all at once, and what they ask again is done once.
func TestApplicationsThatAreHeldUpAreToldAndNothingIsHalfWritten(t *testing.T) {
	t.Parallel()
	w := apptest.On(t, dbtest.PostgresURL(t)+"&lock_timeout=300", "")
	boss, operator := employer(w, "13800138000"), w.Staff("operator")
	p := published(boss, draft(day.Of(w.Clock.Now()).Add(1), 40, true))
	people := seekers(t, operator, 20)
	apply := func(want int) {
		var wg sync.WaitGroup
		for i, who := range people {
			wg.Go(func() {
				a := operator.With(http.MethodPost, "/shifts/"+p.Shifts[0].ID+"/apply", map[string]any{"worker_id": who}, "Idempotency-Key", fmt.Sprint("held-", i))
				if a.Status != want || want == http.StatusServiceUnavailable && !strings.Contains(string(a.Body), "database_busy") {
					t.Errorf("%d: %d %s", i, a.Status, a.Body)
				}
			})
		}
		wg.Wait()
	}
	rows := func() (filled, engagements int64) {
		for sql, n := range map[string]*int64{"SELECT filled FROM gig_shifts WHERE id = ?": &filled, "SELECT count(*) FROM gig_engagements WHERE shift_id = ?": &engagements} {
			if err := w.DB.From(t.Context()).Raw(sql, p.Shifts[0].ID).Scan(n).Error; err != nil {
				t.Fatal(err)
			}
		}
		return filled, engagements
	}
	held, goOn, ended := make(chan struct{}), make(chan struct{}), make(chan error)
	go func() {
		ended <- w.DB.InTx(context.WithoutCancel(t.Context()), func(ctx context.Context) error {
			err := w.DB.From(ctx).Exec("SELECT 1 FROM gig_shifts WHERE id = ? FOR UPDATE", p.Shifts[0].ID).Error
			close(held)
			<-goOn
			return err
		})
	}()
	<-held
	apply(http.StatusServiceUnavailable)
	if filled, n := rows(); filled != 0 || n != 0 {
		t.Errorf("%d places, %d engagements while it was held up", filled, n)
	}
	close(goOn)
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	apply(http.StatusCreated)
	apply(http.StatusCreated) // once more with the same keys: the same answers
	if filled, n := rows(); filled != 20 || n != 20 {
		t.Errorf("%d places, %d engagements, 20 came", filled, n)
	}
}
