// Package apptest starts the whole program for a test, on an empty database of
// the test's own, with the staff and the clock that stories need.
package apptest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
	"time"

	"linggong/internal/access"
	"linggong/internal/app"
	"linggong/internal/config"
	"linggong/internal/dbx"
	"linggong/internal/dbx/dbtest"
	"linggong/internal/gig"
	"linggong/internal/identity"
	"linggong/internal/notify"
	"linggong/internal/testserver"
)

// Clock is a clock that a story sets.
type Clock struct {
	mu sync.Mutex
	t  time.Time
}

// Now returns the story's present.
func (c *Clock) Now() time.Time { c.mu.Lock(); defer c.mu.Unlock(); return c.t }

// Set moves the present.
func (c *Clock) Set(t time.Time) { c.mu.Lock(); defer c.mu.Unlock(); c.t = t.UTC() }

// World is the program with a city hall around it.
type World struct {
	*app.App
	T       *testing.T
	Clock   *Clock
	URL     string
	Station gig.Station
	Handler http.Handler
}

// Password is every test account's.
const Password = "linggong-test-pw"

// The places of stories: 科同村 of 许村镇 lies in this village's town.
const (
	Village = "330481101201"
	Town    = "330481101"
)

// Each starts the program once with everything embedded, and once on PostgreSQL
// and Redis, as a city runs it.
func Each(t *testing.T, fn func(t *testing.T, w *World)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		fn(t, start(t, "", ""))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		fn(t, start(t, dbtest.PostgresURL(t), redis(t)))
	})
}

// redis starts a Redis for one story: its clock is the server's, its keys are
// the same in every story.
func redis(t *testing.T) string {
	t.Helper()
	addr, stop, err := testserver.StartRedis(t.Context())
	if errors.Is(err, testserver.ErrMissing) {
		t.Skipf("Redis is not here: %v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	return addr
}

// Replica starts the program once more on the stores of w, serving as `serve`
// does; change may alter its options. It ends with the test.
func (w *World) Replica(change func(o *app.Options)) *World {
	w.T.Helper()
	o := app.Options{Now: w.Clock.Now, Demo: true}
	change(&o)
	a, err := app.Open(w.T.Context(), w.Config, o)
	if err != nil {
		w.T.Fatal(err)
	}
	l, err := (&net.ListenConfig{}).Listen(w.T.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		w.T.Fatal(err)
	}
	ctx, end := context.WithCancel(context.WithoutCancel(w.T.Context()))
	door, served := app.OpenDoor(ctx, l), make(chan error, 1)
	go func() { served <- door.Serve(ctx, a) }()
	w.T.Cleanup(func() {
		end()
		if err := errors.Join(<-served, a.Close()); err != nil {
			w.T.Error(err)
		}
	})
	b := &World{App: a, T: w.T, Clock: w.Clock, URL: "http://" + l.Addr().String(), Station: w.Station}
	for b.Anyone().Do(http.MethodGet, "/meta", nil).Problem() == "starting" {
		runtime.Gosched()
	}
	return b
}

// At is who she is, at another replica.
func (c *Client) At(w *World) *Client { return &Client{w: w, token: c.token} }

// New starts the program on SQLite.
func New(t *testing.T) *World {
	t.Helper()
	return start(t, "", "")
}

// On starts the program on a PostgreSQL and, where its address is given, a Redis.
func On(t *testing.T, database, redis string) *World {
	t.Helper()
	return start(t, database, redis)
}

func start(t *testing.T, database, redis string) *World {
	t.Helper()
	cfg := config.Default()
	cfg.Data = t.TempDir()
	cfg.KeyFile = filepath.Join(cfg.Data, "keys.json")
	cfg.DatabaseURL, cfg.RedisURL = config.Secret(database), config.Secret(redis)
	w := &World{T: t, Clock: &Clock{t: time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC)}}
	a, err := app.Open(t.Context(), cfg, app.Options{Now: w.Clock.Now, Demo: true})
	if err != nil {
		t.Fatal(err)
	}
	w.App = a
	if w.Handler, _, err = a.Handler(); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(w.Handler)
	w.URL = server.URL
	t.Cleanup(func() {
		server.Close()
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	w.cityHall()
	return w
}

// cityHall is a station and the staff that four-eyes rules need.
func (w *World) cityHall() {
	w.T.Helper()
	ctx, system := w.T.Context(), access.Internal("test")
	st, err := w.Gig.OpenStation(ctx, system, gig.Station{Name: "许村驿站", Town: Town + "000", Address: "许巷路1号", Phone: "0573-87000000"})
	if err != nil {
		w.T.Fatal(err)
	}
	w.Station = st
	for _, n := range []identity.NewAccount{
		{Username: "operator", Name: "驿站一", Role: access.Operator, Station: string(st.ID), Regions: []string{Town}},
		{Username: "operator2", Name: "驿站二", Role: access.Operator, Station: string(st.ID), Regions: []string{Town}},
		{Username: "caseworker", Name: "帮扶员", Role: access.Caseworker, Regions: []string{Village}},
		{Username: "stranger", Name: "别村帮扶员", Role: access.Caseworker, Regions: []string{"330481103201"}},
		{Username: "town", Name: "镇经办一", Role: access.TownOfficer, Regions: []string{Town}},
		{Username: "town2", Name: "镇经办二", Role: access.TownOfficer, Regions: []string{Town}},
		{Username: "bureau", Name: "市局一", Role: access.Bureau},
		{Username: "bureau2", Name: "市局二", Role: access.Bureau},
		{Username: "auditor", Name: "审计", Role: access.Auditor},
		{Username: "admin", Name: "管理员", Role: access.Admin},
	} {
		n.Password = Password
		if _, err := w.Identity.CreateAccount(ctx, system, n); err != nil {
			w.T.Fatalf("%s: %v", n.Username, err)
		}
	}
}

// Client is someone at a screen.
type Client struct {
	w     *World
	token string
}

// Anyone is a client without a session.
func (w *World) Anyone() *Client { return &Client{w: w} }

// Staff signs a member of staff in.
func (w *World) Staff(username string) *Client {
	w.T.Helper()
	c := w.Anyone()
	c.Must(http.MethodPost, "/session/staff", map[string]any{"username": username, "password": Password}, nil)
	return c
}

// Phone signs a worker or an employer in by a one-time code read from the outbox.
func (w *World) Phone(phone, purpose string) *Client {
	w.T.Helper()
	c := w.Anyone()
	c.Must(http.MethodPost, "/session/code", map[string]any{"phone": phone, "purpose": purpose}, nil)
	messages, err := w.Notices.Outbox(w.T.Context(), phone, 1)
	if err != nil || len(messages) == 0 {
		w.T.Fatalf("no code in the outbox: %v", err)
	}
	c.Must(http.MethodPost, "/session/phone", map[string]any{"phone": phone, "purpose": purpose, "code": codeIn(messages[0])}, nil)
	return c
}

// Kiosk pairs a kiosk of the station.
func (w *World) Kiosk() *Client {
	w.T.Helper()
	var made struct {
		PairingCode string `json:"pairing_code"`
	}
	w.Staff("admin").Must(http.MethodPost, "/admin/kiosks", map[string]any{"station_id": w.Station.ID, "name": "一号机", "kind": "kiosk"}, &made)
	c := w.Anyone()
	c.Must(http.MethodPost, "/session/kiosk", map[string]any{"pairing_code": made.PairingCode}, nil)
	return c
}

func codeIn(m notify.Message) string {
	digits := ""
	for _, r := range m.Text {
		if r >= '0' && r <= '9' {
			digits += string(r)
			if len(digits) == 6 {
				return digits
			}
			continue
		}
		digits = ""
	}
	return digits
}

// Answer is what came back.
type Answer struct {
	Status int
	Body   []byte
	Header http.Header
}

// Problem returns the code of a problem document.
func (a Answer) Problem() string {
	var p struct {
		Code string `json:"code"`
	}
	if json.Unmarshal(a.Body, &p) != nil {
		return ""
	}
	return p.Code
}

// Do sends a request with a fresh idempotency key.
func (c *Client) Do(method, path string, body any) Answer {
	return c.With(method, path, body, "Idempotency-Key", dbx.NewID())
}

// With sends a request with headers of the caller's choice.
func (c *Client) With(method, path string, body any, headers ...string) Answer {
	c.w.T.Helper()
	var in io.Reader
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			c.w.T.Fatal(err)
		}
		in = bytes.NewReader(b)
	}
	req, err := http.NewRequestWithContext(context.WithoutCancel(c.w.T.Context()), method, c.w.URL+"/api/v1"+path, in)
	if err != nil {
		c.w.T.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("X-Linggong", "1")
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	if c.token != "" {
		req.Header.Set("Authorization", "Bearer "+c.token)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		c.w.T.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		c.w.T.Fatal(err)
	}
	for _, k := range res.Cookies() {
		if k.Name == "lg_session" {
			c.token = k.Value
		}
	}
	return Answer{res.StatusCode, b, res.Header}
}

// Must sends a request that has to succeed and reads the answer into out.
func (c *Client) Must(method, path string, body, out any) {
	c.w.T.Helper()
	a := c.Do(method, path, body)
	if a.Status >= 300 {
		c.w.T.Fatalf("%s %s: %d %s", method, path, a.Status, a.Body)
	}
	if out != nil {
		if err := json.Unmarshal(a.Body, out); err != nil {
			c.w.T.Fatalf("%s %s: %v in %s", method, path, err, a.Body)
		}
	}
}

// Refused sends a request that has to be refused with code.
func (c *Client) Refused(method, path string, body any, code string) Answer {
	c.w.T.Helper()
	a := c.Do(method, path, body)
	if a.Status < 400 || a.Status >= 500 || a.Problem() != code {
		c.w.T.Fatalf("%s %s: %d %s, want a refusal %s", method, path, a.Status, a.Body, code)
	}
	return a
}
