//nolint:paralleltest // one promise after another, in one world
package torture_test

import (
	"bufio"
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

// Two processes on one PostgreSQL and one Redis are one service.
func TestTwoReplicasActAsOne(t *testing.T) {
	t.Parallel()
	w := city(t, built(t), false)
	m := newMarket(t, w)
	a, b := w.replicas[0], w.replicas[1]
	w.countPeriods()
	began := time.Now()
	t.Run("a session made at one is known at the other, and ended at both", func(t *testing.T) {
		cookie, err := m.signIn(a, "bureau")
		if err != nil {
			t.Fatal(err)
		}
		if got, _ := m.send(b, cookie, http.MethodGet, "/session", "", nil); got.str("role") != "bureau" {
			t.Errorf("at the other she is %q", got.str("role"))
		}
		if got, _ := m.send(b, cookie, http.MethodDelete, "/session", "", nil); got.status != http.StatusNoContent {
			t.Errorf("she cannot sign out there: %d", got.status)
		}
		for _, r := range w.replicas {
			if got, _ := m.send(r, cookie, http.MethodGet, "/workers?limit=1", "", nil); got.status != http.StatusUnauthorized {
				t.Errorf("signed out, at %s she still reads: %d", r.name, got.status)
			}
		}
	})
	t.Run("a repeated key gives the first answer at the other", func(t *testing.T) {
		her := m.register()
		spot := m.spot(2, time.Now().Add(3*time.Hour))
		booking := m.apply(her.id, spot)
		first := m.at(a, "hz-operator", booking)
		if again := m.at(b, "hz-operator", booking); !first.accepted() || again.id != first.id || again.status != first.status {
			t.Errorf("%d %s, repeated %d %s %s", first.status, first.id, again.status, again.id, again.code)
		}
	})
	t.Run("an act at one is heard at the other", func(t *testing.T) { m.heard(t, a, b) })
	t.Run("a limit counts over both", func(t *testing.T) { m.limited(t) })
	t.Run("a third process makes the index anew while both serve, and nothing is missing", func(t *testing.T) { m.reindexed(t, w) })
	t.Run("what runs by the clock runs on one", func(t *testing.T) {
		const every = 5 * time.Second // of fold, the most frequent
		time.Sleep(time.Until(began.Add(4 * every)))
		most := int(time.Since(began)/every) + 2
		runs := len(w.store().column("SELECT at FROM torture_periods WHERE name = 'fold'")) / 2 // it is lent, and then set
		if runs < 2 || runs > most {
			t.Errorf("fold ran %d times in %s, want 2 to %d", runs, time.Since(began).Round(time.Second), most)
		}
	})
}

// countPeriods lets the database note every time a periodic job is begun or ended.
func (w *world) countPeriods() {
	w.t.Helper()
	for _, s := range []string{
		"CREATE TABLE torture_periods (name text, at timestamptz DEFAULT now())",
		"CREATE FUNCTION torture_period() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN INSERT INTO torture_periods (name) VALUES (NEW.name); RETURN NEW; END'",
		"CREATE TRIGGER torture_period AFTER UPDATE ON job_periods FOR EACH ROW EXECUTE FUNCTION torture_period()",
	} {
		w.sql(w.data, s)
	}
}

// reindexed publishes at both replicas while another process rebuilds.
func (m *market) reindexed(t *testing.T, w *world) {
	t.Helper()
	before := len(w.store().column("SELECT id FROM gig_postings WHERE status = 'published'"))
	over, published := make(chan struct{}), 0
	var all sync.WaitGroup
	all.Go(func() {
		for {
			if len(m.publish(true, 3, time.Now().Add(5*time.Hour))) > 0 {
				published++
			}
			select {
			case <-over:
				return
			default:
			}
		}
	})
	for range 3 {
		w.run(w.replicas[0], "reindex")
	}
	close(over)
	all.Wait()
	w.run(w.replicas[1], "verify", "index")
	if after := len(w.store().column("SELECT id FROM gig_postings WHERE status = 'published'")); published < 3 || after != before+published {
		t.Errorf("%d open before, %d published meanwhile, %d open after", before, published, after)
	}
}

// heard listens at one replica and publishes at another.
func (m *market) heard(t *testing.T, speaks, listens *replica) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	q, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+listens.addr+"/api/v1/live?topics=postings", nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := new(http.Client).Do(q)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	news := bufio.NewReader(res.Body)
	if _, err := news.ReadString('\n'); err != nil { // the first sign of life: it listens
		t.Fatal(err)
	}
	all := m.replicas
	m.replicas = []*replica{speaks}
	spot := m.spot(2, time.Now().Add(3*time.Hour))
	m.replicas = all
	for began := time.Now(); ; {
		line, err := news.ReadString('\n')
		if err != nil {
			t.Fatalf("not heard within 20 s: %v", err)
		}
		if strings.Contains(line, spot.posting) {
			t.Logf("heard after %s", time.Since(began).Round(time.Millisecond))
			return
		}
	}
}

// limited writes with one session at both replicas in turn, more than one
// minute allows: 300 of them.
func (m *market) limited(t *testing.T) {
	t.Helper()
	const allowed, asked = 300, 450
	cookie, err := m.signIn(m.replicas[0], "bureau")
	if err != nil {
		t.Fatal(err)
	}
	began, passed := time.Now(), map[string]int{}
	for i := range asked {
		r := m.replicas[i%2]
		if got, _ := m.send(r, cookie, http.MethodPost, "/postings/check", "", object{}); got.status != http.StatusTooManyRequests && got.status != 0 {
			passed[r.name]++
		}
	}
	regained := int(time.Since(began).Seconds()*allowed/60) + 2
	if all := passed["a"] + passed["b"]; all < allowed || all > allowed+regained {
		t.Errorf("%v passed of %d, want %d to %d", passed, asked, allowed, allowed+regained)
	}
}
