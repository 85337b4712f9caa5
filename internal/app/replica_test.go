package app_test

import (
	"bufio"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"linggong/internal/app"
	"linggong/internal/app/apptest"
	"linggong/internal/day"
	"linggong/internal/dbx/dbtest"
)

func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	end := time.NewTimer(30 * time.Second)
	defer end.Stop()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-end.C:
			t.Fatalf("%s: not within half a minute", what)
		case <-tick.C:
		}
	}
}

// No Redis, or none that answers: nobody tells a replica what the others did.
func TestReplicasThatCannotHearEachOtherLookForThemselves(t *testing.T) {
	t.Parallel()
	w := apptest.On(t, dbtest.PostgresURL(t), "")
	b := w.Replica(func(o *app.Options) { o.LookEvery = 20 * time.Millisecond })
	screen := dial(t, strings.TrimPrefix(b.URL, "http://"))
	fmt.Fprint(screen, "GET /api/v1/live?topics=postings HTTP/1.1\r\nHost: linggong\r\n\r\n")

	boss := employer(w, "13800138000")
	p := published(boss, draft(day.Of(w.Clock.Now()).Add(1), 2, true))
	eventually(t, "what A published is found at B", func() bool {
		var found struct{ Items []posting }
		b.Anyone().Must(http.MethodGet, "/postings?trade=loader", nil, &found)
		return len(found.Items) == 1 && found.Items[0].ID == p.ID
	})
	news := bufio.NewReader(screen)
	for line := ""; !strings.Contains(line, "look_again"); {
		var err error
		if line, err = news.ReadString('\n'); err != nil {
			t.Fatal(err)
		}
	}
	// Who signed in at A is known at B, and signs out at both.
	operator := w.Staff("operator")
	operator.At(b).Must(http.MethodGet, "/workers?limit=1", nil, nil)
	operator.At(b).Must(http.MethodDelete, "/session", nil, nil)
	if a := operator.Do(http.MethodGet, "/workers?limit=1", nil); a.Status != http.StatusUnauthorized {
		t.Errorf("signed out at B, at A she is still in: %d", a.Status)
	}
}
