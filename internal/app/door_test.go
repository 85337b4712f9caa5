package app_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"linggong/internal/app"
	"linggong/internal/app/apptest"
)

func door(t *testing.T) (*app.Door, string) {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return app.OpenDoor(t.Context(), l), l.Addr().String()
}

func get(t *testing.T, url string) (int, string, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, res.Header.Get("Content-Type"), string(b)
}

func TestAStartingProgramSaysThatItStartsAndWhatItWaitsFor(t *testing.T) {
	t.Parallel()
	d, addr := door(t)
	d.Waits("等待数据库")
	for path, want := range map[string]struct {
		status int
		kind   string
		text   string
	}{
		"/healthz":          {200, "application/json", `"starting"`},
		"/readyz":           {503, "application/json", "等待数据库"},
		"/api/v1/stations":  {503, "application/problem+json", `"code":"starting"`},
		"/kiosk":            {503, "text/html; charset=utf-8", `http-equiv="refresh"`},
		"/no/such/page.png": {503, "text/html; charset=utf-8", "正在启动"},
	} {
		if status, kind, body := get(t, "http://"+addr+path); status != want.status || kind != want.kind || !strings.Contains(body, want.text) {
			t.Errorf("%s: %d %s %s", path, status, kind, body)
		}
	}
	if err := d.Close(t.Context(), func() {}); err != nil {
		t.Error(err)
	}
}

// A deploy must not cost anybody the act she is in the middle of.
func TestToldToEndTheProgramFinishesWhatIsUnderWay(t *testing.T) {
	t.Parallel()
	w := apptest.New(t)
	d, addr := door(t)
	ctx, end := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- d.Serve(ctx, w.App) }()
	for status := 0; status != http.StatusOK; {
		status, _, _ = get(t, "http://"+addr+"/readyz")
	}

	stream := dial(t, addr)
	fmt.Fprintf(stream, "GET /api/v1/live?topics=postings HTTP/1.1\r\nHost: %s\r\n\r\n", addr)
	news := bufio.NewReader(stream)
	for line := ""; !strings.HasPrefix(line, "data:"); {
		var err error
		if line, err = news.ReadString('\n'); err != nil {
			t.Fatal(err)
		}
	}
	body := fmt.Sprintf(`{"username":"operator","password":%q}`, apptest.Password)
	slow := dial(t, addr) // the server is reading her request when it is told to end
	fmt.Fprintf(slow, "POST /api/v1/session/staff HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nX-Linggong: 1\r\nContent-Length: %d\r\n\r\n%s", addr, len(body), body[:10])
	asked := dial(t, addr)
	fmt.Fprintf(asked, "GET /healthz HTTP/1.1\r\nHost: %s\r\n\r\n", addr)
	if _, err := http.ReadResponse(bufio.NewReader(asked), nil); err != nil { // the server has come to the requests before it
		t.Fatal(err)
	}

	end()
	began := time.Now()
	if _, err := io.ReadAll(news); err != nil {
		t.Errorf("the stream was torn: %v", err)
	}
	if _, err := fmt.Fprint(slow, body[10:]); err != nil {
		t.Fatal(err)
	}
	res, err := http.ReadResponse(bufio.NewReader(slow), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var me struct {
		Actor json.RawMessage `json:"actor"`
	}
	if err := json.NewDecoder(res.Body).Decode(&me); err != nil || res.StatusCode != http.StatusOK {
		t.Errorf("the request under way: %d %v", res.StatusCode, err)
	}
	if err := <-served; err != nil {
		t.Errorf("served: %v", err)
	}
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("ended after %s", took)
	}
	if c, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", addr); err == nil {
		c.Close()
		t.Error("somebody was let in after the end")
	}
}

func dial(t *testing.T, addr string) net.Conn {
	t.Helper()
	c, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	if err := c.SetDeadline(time.Now().Add(30 * time.Second)); err != nil {
		t.Fatal(err)
	}
	return c
}
