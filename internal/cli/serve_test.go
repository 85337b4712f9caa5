package cli_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"linggong/internal/cli"
	"linggong/internal/dbx/dbtest"
)

// said is what a running command has printed so far.
type said struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *said) Write(p []byte) (int, error) { s.mu.Lock(); defer s.mu.Unlock(); return s.b.Write(p) }

func (s *said) String() string { s.mu.Lock(); defer s.mu.Unlock(); return s.b.String() }

// until polls for half a minute.
func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	end := time.NewTimer(30 * time.Second)
	defer end.Stop()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-end.C:
			t.Fatalf("%s: not within half a minute", what)
		case <-tick.C:
		}
	}
}

// serving runs `linggong serve` against a database at addr that answers when
// the test lets it, and returns where it serves, what it printed and its end.
func serving(t *testing.T, database string) (base string, errOut *said, end func() int) {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "linggong.yaml")
	if err := os.WriteFile(file, fmt.Appendf(nil, "addr: 127.0.0.1:0\ndata: %s\ndatabase_url: %s\n", dir, database), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	out, errOut := &said{}, &said{}
	code := make(chan int, 1)
	go func() { code <- cli.Run(ctx, []string{"serve", "--config", file}, strings.NewReader(""), out, errOut) }()
	var at []string
	until(t, "the address", func() bool {
		at = regexp.MustCompile(`http://\S+`).FindStringSubmatch(out.String())
		return at != nil
	})
	return at[0], errOut, func() int { cancel(); return <-code }
}

func ready(t *testing.T, base string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, base+"/readyz", nil)
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
	return res.StatusCode, string(b)
}

func TestServeWaitsForItsDatabaseAndSaysSo(t *testing.T) {
	t.Parallel()
	real, err := url.Parse(dbtest.PostgresURL(t))
	if err != nil {
		t.Fatal(err)
	}
	// A port where nobody listens yet.
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	l.Close()
	waits := *real
	waits.Host, waits.RawQuery = addr, "sslmode=disable"
	base, errOut, end := serving(t, waits.String())
	until(t, "the sentence on the console", func() bool { return strings.Contains(errOut.String(), "等待数据库 "+addr) })
	if status, body := ready(t, base); status != http.StatusServiceUnavailable || !strings.Contains(body, "等待数据库") || strings.Contains(body, addr) {
		t.Errorf("while it waits: %d %s", status, body)
	}
	forward(t, addr, real)
	until(t, "ready once the database is there", func() bool { status, _ := ready(t, base); return status == http.StatusOK })
	if code := end(); code != 0 {
		t.Errorf("told to end: exit %d %s", code, errOut)
	}
}

func TestServeThatWaitsCanBeToldToEnd(t *testing.T) {
	t.Parallel()
	_, errOut, end := serving(t, "postgres://nobody@127.0.0.1:1/none?sslmode=disable")
	until(t, "the sentence on the console", func() bool { return strings.Contains(errOut.String(), "等待数据库") })
	if code := end(); code != 0 {
		t.Errorf("exit %d %s", code, errOut)
	}
}

// forward carries bytes from a port to the test server, wherever it listens.
func forward(t *testing.T, addr string, to *url.URL) {
	t.Helper()
	network, target := "tcp", to.Host
	if dir := to.Query().Get("host"); dir != "" {
		network, target = "unix", filepath.Join(dir, ".s.PGSQL.5432")
	}
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			in, err := l.Accept()
			if err != nil {
				return
			}
			out, err := (&net.Dialer{}).DialContext(context.WithoutCancel(t.Context()), network, target)
			if err != nil {
				in.Close()
				continue
			}
			for _, c := range [2][2]net.Conn{{in, out}, {out, in}} {
				go func() {
					_, _ = io.Copy(c[0], c[1]) // its end is the other's end
					c[0].Close()
					c[1].Close()
				}()
			}
		}
	}()
}
