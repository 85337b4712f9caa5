package torture_test

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"linggong/internal/testserver"
)

// searchRoom is the disk of the search engine, small enough to be filled.
const searchRoom = 256 << 20

// replica is one process of the program and its own ways to what it needs.
type replica struct {
	name, addr string
	binary     string
	env        []string
	ways       map[string]*proxy // by server: postgres, redis, meilisearch
	log        string

	mu  sync.Mutex
	cmd *exec.Cmd
}

// world is a city's whole machinery.
type world struct {
	t        *testing.T
	binary   string
	dir      string
	data     string // what is stored: a database URL, or a file
	dialect  string // postgres or sqlite
	servers  map[string]*testserver.Server
	replicas []*replica
}

// build makes the program, with files of its source replaced, if any: overlay
// is a file for go build.
func build(t *testing.T, overlay string) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "linggong")
	args := []string{"build", "-buildvcs=false", "-tags=noweb", "-o", binary}
	if overlay != "" {
		args = append(args, "-overlay", overlay)
	}
	c := exec.CommandContext(t.Context(), "go", append(args, "linggong/cmd/linggong")...)
	c.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return binary
}

var builtOnce = struct {
	sync.Once
	binary string
}{}

// built is the program as it is, made once for all tests of the package.
func built(t *testing.T) string {
	t.Helper()
	builtOnce.Do(func() {
		dir, err := os.MkdirTemp("", "linggong-torture-") //nolint:usetesting // it outlives the first test
		if err != nil {
			t.Fatal(err)
		}
		binary := filepath.Join(dir, "linggong")
		if err := os.Rename(build(t, ""), binary); err != nil {
			t.Fatal(err)
		}
		builtOnce.binary = binary
	})
	if builtOnce.binary == "" {
		t.Fatal("the program could not be built")
	}
	return builtOnce.binary
}

func TestMain(m *testing.M) {
	code := m.Run()
	if builtOnce.binary != "" {
		_ = os.RemoveAll(filepath.Dir(builtOnce.binary))
	}
	os.Exit(code)
}

// embedded is one replica with everything inside.
func embedded(t *testing.T, binary string) *world {
	t.Helper()
	w := &world{t: t, binary: binary, dir: t.TempDir(), dialect: "sqlite", servers: map[string]*testserver.Server{}}
	w.data = filepath.Join(w.dir, "a", "linggong.db")
	w.replica("a")
	w.begin()
	return w
}

// city is two replicas on PostgreSQL, Redis and, where it is here, Meilisearch.
func city(t *testing.T, binary string, withSearch bool) *world {
	t.Helper()
	w := &world{t: t, binary: binary, dir: t.TempDir(), dialect: "postgres", servers: map[string]*testserver.Server{}}
	pg, err := testserver.RestartablePostgres(t.Context())
	w.have("postgres", pg, err)
	redis, err := testserver.RestartableRedis(t.Context())
	w.have("redis", redis, err)
	if withSearch {
		meili, err := testserver.RestartableMeili(t.Context(), searchRoom)
		if errors.Is(err, testserver.ErrNoSmallDisk) {
			t.Logf("the disk of the search engine will not be filled: %v", err)
			meili, err = testserver.RestartableMeili(t.Context(), 0)
		}
		if errors.Is(err, testserver.ErrMissing) {
			t.Logf("without a search engine outside: %v", err)
		} else {
			w.have("meilisearch", meili, err)
		}
	}
	w.data = fmt.Sprintf("postgres://postgres:%s@/linggong?host=%s&sslmode=disable", pg.Secret, url.QueryEscape(pg.Dir()))
	w.sql(strings.Replace(w.data, "/linggong?", "/postgres?", 1), "CREATE DATABASE linggong")
	w.replica("a")
	w.replica("b")
	w.begin()
	return w
}

func (w *world) have(name string, s *testserver.Server, err error) {
	w.t.Helper()
	if errors.Is(err, testserver.ErrMissing) {
		w.t.Skip(err)
	}
	if err != nil {
		w.t.Fatal(err)
	}
	w.servers[name] = s
	w.t.Cleanup(func() {
		if w.t.Failed() {
			w.t.Logf("%s said last:\n%s", name, s.Log())
		}
		s.Close()
	})
}

func (w *world) replica(name string) {
	w.t.Helper()
	port, err := testserver.SteadyPort()
	w.must(err)
	r := &replica{name: name, binary: w.binary, addr: net.JoinHostPort("127.0.0.1", strconv.Itoa(port)), ways: map[string]*proxy{}, log: filepath.Join(w.dir, name+".log")}
	for name, s := range w.servers {
		r.ways[name] = newProxy(w.t, s.Network, s.Address)
	}
	// One machine's folder each, one key ring for all.
	r.env = append(os.Environ(), "LINGGONG_ADDR="+r.addr, "LINGGONG_DATA="+filepath.Join(w.dir, name), "LINGGONG_KEY_FILE="+filepath.Join(w.dir, "keys.json"))
	if p := r.ways["postgres"]; p != nil {
		r.env = append(r.env, fmt.Sprintf("LINGGONG_DATABASE_URL=postgres://postgres:%s@%s/linggong?sslmode=disable", w.servers["postgres"].Secret, p.addr()))
	}
	if p := r.ways["redis"]; p != nil {
		r.env = append(r.env, fmt.Sprintf("LINGGONG_REDIS_URL=redis://:%s@%s/0", w.servers["redis"].Secret, p.addr()))
	}
	if p := r.ways["meilisearch"]; p != nil {
		r.env = append(r.env, "LINGGONG_MEILI_URL=http://"+p.addr(), "LINGGONG_MEILI_KEY="+w.servers["meilisearch"].Secret)
	}
	w.replicas = append(w.replicas, r)
}

// begin loads a small city and starts every replica.
func (w *world) begin() {
	w.t.Helper()
	first := w.replicas[0]
	for _, r := range w.replicas {
		if err := os.MkdirAll(filepath.Join(w.dir, r.name), 0o700); err != nil {
			w.t.Fatal(err)
		}
	}
	w.run(first, "demo", "--people", "60", "--load-only")
	if w.servers["meilisearch"] != nil {
		w.run(first, "reindex")
	}
	w.t.Cleanup(func() {
		for _, r := range w.replicas {
			r.kill()
			if w.t.Failed() {
				b, err := os.ReadFile(r.log)
				w.t.Logf("replica %s said last (%v):\n%s", r.name, err, b[max(0, len(b)-3000):])
			}
		}
	})
	for _, r := range w.replicas {
		w.must(r.start())
	}
	for _, r := range w.replicas {
		w.must(r.ready(60 * time.Second))
	}
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// run runs a command of the program to its end.
func (w *world) run(r *replica, args ...string) {
	w.t.Helper()
	c := exec.CommandContext(w.t.Context(), w.binary, args...)
	c.Env = r.env
	if out, err := c.CombinedOutput(); err != nil {
		w.t.Fatalf("%v: %v\n%s", args, err, out)
	}
}

func (r *replica) start() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	out, err := os.OpenFile(r.log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer out.Close()
	r.cmd = exec.Command(r.binary, "demo")
	r.cmd.Env, r.cmd.Stdout, r.cmd.Stderr = r.env, out, out
	endsWithUs(r.cmd)
	return r.cmd.Start()
}

// ready waits until the replica says that it serves.
func (r *replica) ready(within time.Duration) error {
	for end := time.Now().Add(within); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if res, err := http.Get("http://" + r.addr + "/readyz"); err == nil {
			_ = res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return nil
			}
		}
	}
	return fmt.Errorf("replica %s is not ready after %s", r.name, within)
}

// kill ends the replica as a power cut would.
func (r *replica) kill() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.cmd != nil {
		_ = r.cmd.Process.Kill()
		_ = r.cmd.Wait() // killed is what it is
		r.cmd = nil
	}
}

// end asks the replica to end and says how that went.
func (r *replica) end(within time.Duration) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	cmd := r.cmd
	r.cmd = nil
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	select {
	case err := <-ended:
		return err
	case <-time.After(within):
		_ = cmd.Process.Kill()
		<-ended
		return fmt.Errorf("replica %s did not end within %s", r.name, within)
	}
}
