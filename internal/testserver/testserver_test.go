package testserver_test

import (
	"bufio"
	"context"
	"errors"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"linggong/internal/testserver"
)

// TestMain lets this binary play the process that dies while its server runs.
func TestMain(m *testing.M) {
	if os.Getenv("TESTSERVER_DIE") == "" {
		os.Exit(m.Run())
	}
	rawURL, _, err := testserver.StartPostgres(context.Background())
	if err != nil {
		println(err.Error())
		os.Exit(3)
	}
	_, _ = os.Stdout.WriteString(rawURL + "\n")
	select {}
}

func orSkip(t *testing.T, err error) {
	t.Helper()
	if errors.Is(err, testserver.ErrMissing) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func dirOf(t *testing.T, rawURL string) string {
	t.Helper()
	u, err := url.Parse(rawURL)
	if err != nil {
		t.Fatal(err)
	}
	return u.Query().Get("host")
}

func TestPostgresAnswersAndLeavesNothing(t *testing.T) {
	t.Parallel()
	rawURL, stop, err := testserver.StartPostgres(t.Context())
	orSkip(t, err)
	defer stop()
	dir := dirOf(t, rawURL)
	other, err := testserver.Database(rawURL, "template1")
	if err != nil {
		t.Fatal(err)
	}
	bin, err := testserver.PostgresBin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, u := range []string{rawURL, other} {
		out, err := exec.CommandContext(t.Context(), filepath.Join(bin, "psql"), "-Atc",
			"select current_setting('max_connections'), current_setting('server_encoding'), current_setting('listen_addresses')", u).CombinedOutput()
		if err != nil || strings.TrimSpace(string(out)) != "300|UTF8|" {
			t.Errorf("psql %s: %v %s", u, err, out)
		}
	}
	stop()
	stop()
	gone(t, dir)
}

func TestPostgresEndsWithTheProcessThatStartedIt(t *testing.T) {
	t.Parallel()
	self := exec.CommandContext(t.Context(), os.Args[0])
	self.Env = append(os.Environ(), "TESTSERVER_DIE=1")
	out, err := self.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := self.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Skipf("no server to start: %v", err)
	}
	dir := dirOf(t, strings.TrimSpace(line))
	if _, err := os.Stat(dir); err != nil {
		t.Fatalf("the server's directory should exist: %v", err)
	}
	if err := self.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = self.Wait()
	gone(t, dir)
}

func TestMeilisearchAnswersOnlyToItsKeyAndLeavesNothing(t *testing.T) {
	t.Parallel()
	m, stop, err := testserver.StartMeilisearch(t.Context())
	orSkip(t, err)
	defer stop()
	ask := func(key string) int {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, m.URL+"/indexes", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+key)
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		return res.StatusCode
	}
	if got := ask(m.Key); got != http.StatusOK {
		t.Errorf("with the key: %d", got)
	}
	if got := ask("another"); got != http.StatusForbidden {
		t.Errorf("with another key: %d", got)
	}
	stop()
	if _, err := http.Get(m.URL + "/health"); err == nil {
		t.Error("it still answers")
	}
}

func TestRedisAnswersOnlyToItsPassword(t *testing.T) {
	t.Parallel()
	rawURL, stop, err := testserver.StartRedis(t.Context())
	orSkip(t, err)
	defer stop()
	u, err := url.Parse(rawURL)
	if err != nil {
		t.Fatal(err)
	}
	password, _ := u.User.Password()
	for line, want := range map[string]string{
		"PING":                               "-NOAUTH",
		"AUTH " + password + "\r\nSET a 1":   "+OK",
		"AUTH nobody":                        "-WRONGPASS",
		"AUTH " + password + "\r\nINFO keys": "+OK",
	} {
		if got := redisSays(t, u.Host, line); !strings.HasPrefix(got, want) {
			t.Errorf("%s: got %q, want %s", strings.ReplaceAll(line, password, "…"), got, want)
		}
	}
	stop()
	if c, err := new(net.Dialer).DialContext(t.Context(), "tcp", u.Host); err == nil {
		_ = c.Close()
		t.Error("the server still answers after stop")
	}
}

func redisSays(t *testing.T, address, line string) string {
	t.Helper()
	c, err := new(net.Dialer).DialContext(t.Context(), "tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	if _, err := c.Write([]byte(line + "\r\n")); err != nil {
		t.Fatal(err)
	}
	answer, err := bufio.NewReader(c).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

func TestAGivenServerIsUsedAndLeftAlone(t *testing.T) {
	t.Setenv(testserver.EnvPostgres, "postgres://there@/x")
	t.Setenv(testserver.EnvRedis, "redis://there")
	pg, stopPg, errPg := testserver.Postgres(t.Context())
	redis, stopRedis, errRedis := testserver.Redis(t.Context())
	if pg != "postgres://there@/x" || redis != "redis://there" || errPg != nil || errRedis != nil {
		t.Errorf("got %q %v, %q %v", pg, errPg, redis, errRedis)
	}
	stopPg()
	stopRedis()
}

func TestACancelledStartLeavesNothing(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := testserver.StartPostgres(ctx); err == nil {
		t.Error("a cancelled start should fail")
	}
}

func TestAMissingProgramIsNamedInOneSentence(t *testing.T) {
	t.Parallel()
	var err error = &testserver.MissingError{What: "Redis", Package: "redis-tools"}
	if !errors.Is(err, testserver.ErrMissing) {
		t.Error("should match ErrMissing")
	}
	if got := err.Error(); !strings.Contains(got, "Redis is missing") || !strings.Contains(got, "apt-get install") {
		t.Error(got)
	}
}

// gone waits until a directory is removed: a signal we cannot be sent, since
// the one who removes it outlives the process it watched.
func gone(t *testing.T, dir string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 15*time.Second)
	defer cancel()
	for tick := time.NewTicker(5 * time.Millisecond); ; {
		if _, err := os.Stat(dir); errors.Is(err, os.ErrNotExist) {
			return
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("%s is still there", dir)
		}
	}
}
