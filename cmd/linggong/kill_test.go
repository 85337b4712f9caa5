package main_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/cookiejar"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"linggong/internal/dbx/dbtest"
)

// How often the program is killed on each database; LINGGONG_TEST_KILLS says
// otherwise, `make torture` says 200.
const kills = 6

const village = "330481002002"

// Killed at any moment, the program has done what it said it did, once, and
// nothing that it refused: clients repeat what was not answered, with the same
// key, and an independent checker finds every invariant whole.
func TestKilledAtAnyMomentNothingAcknowledgedIsLostOrDoubled(t *testing.T) {
	t.Parallel()
	binary := filepath.Join(t.TempDir(), "linggong")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-buildvcs=false", "-tags=noweb", "-o", binary, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for name, url := range map[string]func() string{"sqlite": func() string { return "" }, "postgres": func() string { return dbtest.PostgresURL(t) }} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := &world{t: t, binary: binary, env: append(os.Environ(), "LINGGONG_DATA="+t.TempDir(), "LINGGONG_DATABASE_URL="+url(), "LINGGONG_ADDR="+freeAddr(t)), workers: map[string][]string{}}
			w.base = "http://" + w.env[len(w.env)-1][len("LINGGONG_ADDR="):] + "/api/v1"
			w.must("demo", "--people", "60", "--load-only")
			w.start()
			w.signIn()
			rounds := kills
			if n, err := strconv.Atoi(os.Getenv("LINGGONG_TEST_KILLS")); err == nil {
				rounds = n
			}
			var wait sync.WaitGroup
			stop := make(chan struct{})
			for i := range 4 {
				wait.Go(func() { w.client(i, stop) })
			}
			slowest := time.Duration(0)
			for range rounds {
				time.Sleep(time.Duration(200+rand.IntN(700)) * time.Millisecond) // a moment of chance is the point
				slowest = max(slowest, w.kill())
			}
			close(stop)
			wait.Wait()
			if w.check(); !t.Failed() {
				t.Logf("%d acts acknowledged, %d refused, %d kills, back after at most %s; lost 0, doubled 0", len(w.acts), w.refused, rounds, slowest.Round(time.Millisecond))
			}
		})
	}
}

// act is something asked for, and what the answer was.
type act struct {
	key, path string
	body      map[string]any
	id        string
}

type world struct {
	t      *testing.T
	binary string
	env    []string
	base   string
	server *exec.Cmd
	http   []*http.Client // sessions of one operator: what one may do a minute is limited

	mu      sync.Mutex
	acts    []act               // acknowledged
	workers map[string][]string // worker: her engagements that were acknowledged
	refused int
}

func freeAddr(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func (w *world) must(args ...string) {
	w.t.Helper()
	c := exec.CommandContext(w.t.Context(), w.binary, args...)
	c.Env = w.env
	if out, err := c.CombinedOutput(); err != nil {
		w.t.Fatalf("%v: %v\n%s", args, err, out)
	}
}

func (w *world) start() {
	w.t.Helper()
	w.server = exec.CommandContext(w.t.Context(), w.binary, "demo")
	w.server.Env = w.env
	if err := w.server.Start(); err != nil {
		w.t.Fatal(err)
	}
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if r, err := http.Get(w.base[:len(w.base)-len("/api/v1")] + "/readyz"); err == nil {
			r.Body.Close()
			if r.StatusCode == http.StatusOK {
				return
			}
		}
	}
	w.t.Fatal("not ready after 30 s")
}

// kill ends the server as a power cut would and returns how long it was away.
func (w *world) kill() time.Duration {
	if err := w.server.Process.Kill(); err != nil {
		w.t.Error(err)
	}
	_ = w.server.Wait() // killed is what it is
	began := time.Now()
	w.start()
	return time.Since(began)
}

func (w *world) signIn() {
	var sessions []*http.Client
	for range 12 {
		jar, err := cookiejar.New(nil)
		if err != nil {
			w.t.Fatal(err)
		}
		one := &http.Client{Jar: jar, Timeout: 10 * time.Second}
		w.http = []*http.Client{one}
		if status, _ := w.send(http.MethodPost, "/session/staff", "", map[string]any{"username": "hz-operator", "password": "linggong-demo"}); status != http.StatusOK {
			w.t.Fatalf("sign in: %d", status)
		}
		sessions = append(sessions, one)
	}
	w.http = sessions
}

// send asks once; 0 says there was no answer.
func (w *world) send(method, path, key string, body map[string]any) (status int, answer map[string]any) {
	var b bytes.Buffer
	if body != nil {
		if err := json.NewEncoder(&b).Encode(body); err != nil {
			w.t.Error(err)
		}
	}
	r, err := http.NewRequestWithContext(w.t.Context(), method, w.base+path, &b)
	if err != nil {
		w.t.Error(err)
		return 0, nil
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-Linggong", "1")
	if key != "" {
		r.Header.Set("Idempotency-Key", key)
	}
	res, err := w.http[rand.IntN(len(w.http))].Do(r)
	if err != nil {
		return 0, nil
	}
	defer res.Body.Close()
	all, err := io.ReadAll(res.Body)
	if err != nil { // cut off in the middle of the answer
		return 0, nil
	}
	if len(all) > 0 && json.Unmarshal(all, &answer) != nil {
		return 0, nil
	}
	return res.StatusCode, answer
}

// insist repeats until there is an answer that is no accident.
func (w *world) insist(method, path, key string, body map[string]any) (int, map[string]any) {
	for end := time.Now().Add(60 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		status, answer := w.send(method, path, key, body)
		inFlight := status == http.StatusConflict && answer["code"] == "idempotency_in_flight"
		if status != 0 && status < 500 && status != http.StatusTooManyRequests && !inFlight {
			return status, answer
		}
	}
	w.t.Errorf("%s %s: no answer in a minute", method, path)
	return 0, nil
}

// client registers people and lets them apply, until told to stop.
func (w *world) client(n int, stop chan struct{}) {
	for i := 0; ; i++ {
		select {
		case <-stop:
			return
		default:
		}
		her := act{
			key: fmt.Sprintf("w-%d-%d", n, i), path: "/workers",
			body: map[string]any{
				"name": "丁小满", "phone": fmt.Sprintf("13%d%08d", n+5, i), "birth": "1972-04-06", "consent": "spoken", "village": village,
				"radius_m": 20000, "available": map[string]any{"days": []int{}, "from": "00:00", "to": "00:00"},
			},
		}
		worker := w.do(her)
		if worker == "" {
			continue
		}
		_, open := w.insist(http.MethodGet, "/workers/"+worker+"/openings", "", nil)
		items, _ := open["items"].([]any)
		if len(items) > 2 {
			items = items[:2]
		}
		for j, o := range items {
			shift, _ := o.(map[string]any)["shift"].(map[string]any)
			if e := w.do(act{key: fmt.Sprintf("a-%d-%d-%d", n, i, j), path: fmt.Sprintf("/shifts/%s/apply", shift["id"]), body: map[string]any{"worker_id": worker}}); e != "" {
				w.mu.Lock()
				w.workers[worker] = append(w.workers[worker], e)
				w.mu.Unlock()
			}
		}
	}
}

// do asks until answered and keeps what was acknowledged.
func (w *world) do(a act) string {
	status, answer := w.insist(http.MethodPost, a.path, a.key, a.body)
	w.mu.Lock()
	defer w.mu.Unlock()
	if status/100 != 2 {
		if w.refused++; a.path == "/workers" {
			w.t.Errorf("%s: %d %v", a.path, status, answer)
		}
		return ""
	}
	a.id, _ = answer["id"].(string)
	w.acts = append(w.acts, a)
	if a.path == "/workers" {
		w.workers[a.id] = nil
	}
	return a.id
}

// check asks for everything again, with the same keys: the same answers. Then
// what is stored is what was acknowledged, and every invariant holds.
func (w *world) check() {
	if len(w.acts) < 20 {
		w.t.Errorf("only %d acts: the run shows nothing", len(w.acts))
	}
	for _, a := range w.acts {
		if status, again := w.insist(http.MethodPost, a.path, a.key, a.body); again["id"] != a.id {
			w.t.Errorf("%s %s was %s, repeated it is %d %v", a.path, a.key, a.id, status, again["id"])
		}
	}
	for worker, want := range w.workers {
		_, list := w.insist(http.MethodGet, "/engagements?limit=50&worker_id="+worker, "", nil)
		var got []string
		items, _ := list["items"].([]any)
		for _, x := range items {
			got = append(got, fmt.Sprint(x.(map[string]any)["id"]))
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			w.t.Errorf("worker %s: acknowledged %v, stored %v", worker, want, got)
		}
	}
	if err := w.server.Process.Signal(os.Interrupt); err != nil {
		w.t.Error(err)
	}
	if err := w.server.Wait(); err != nil {
		w.t.Errorf("told to end, it did not end well: %v", err)
	}
	w.must("verify")
}
