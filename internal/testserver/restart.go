//go:build unix

package testserver

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// Server is a private server that a test may end, in an orderly way or not, and
// start again on the same data. It ends for good at Close, or with our process.
type Server struct {
	Secret           string // of who may enter
	Network, Address string // where it listens

	name, dir, signal string
	who               account
	argv              []string
	ready             func() bool
	undo              func() // after the end

	mu      sync.Mutex
	running *leashed // nil while it is down
}

// Dir returns the directory of the server's data.
func (s *Server) Dir() string { return s.dir }

// Log returns the end of what the server said.
func (s *Server) Log() string { return tail(filepath.Join(s.dir, "log")) }

// Start starts the server, if it is down, and waits until it answers.
func (s *Server) Start(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.running != nil {
		return nil
	}
	l, err := start(s.name, s.dir, s.signal, s.who, s.argv...)
	if err != nil {
		return err
	}
	s.running = l
	return waitReady(ctx, l, s.ready)
}

// Kill ends the server as a power cut would, and keeps its directory.
func (s *Server) Kill() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.running == nil {
		return nil
	}
	b, err := os.ReadFile(filepath.Join(s.dir, "leash.pid"))
	if err != nil {
		return fmt.Errorf("kill %s: %w", s.name, err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(b)))
	if err != nil {
		return fmt.Errorf("kill %s: %w", s.name, err)
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		return fmt.Errorf("kill %s: %w", s.name, err)
	}
	<-s.running.ended // its children have seen it die, too
	return s.release()
}

// Stop ends the server as its owner would, and keeps its directory.
func (s *Server) Stop() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.running == nil {
		return nil
	}
	return s.release()
}

func (s *Server) release() error {
	l := s.running
	s.running = nil
	if w, ok := l.input.(io.Writer); ok {
		if _, err := io.WriteString(w, "keep"); err != nil {
			return fmt.Errorf("end %s: %w", s.name, err)
		}
	}
	_ = l.input.Close()
	select {
	case <-l.gone:
		return nil
	case <-time.After(30 * time.Second):
		_ = syscall.Kill(-l.cmd.Process.Pid, syscall.SIGKILL) // the group holds only what the leash started
		<-l.gone
		return fmt.Errorf("%s did not end within 30 s", s.name)
	}
}

// Close ends the server and removes its directory.
func (s *Server) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.running != nil {
		s.running.stop()
		s.running = nil
	}
	if s.undo != nil {
		s.undo()
	}
	_ = os.RemoveAll(s.dir)
}

// RestartablePostgres starts a PostgreSQL that keeps what it has acknowledged
// (fsync is on). It listens on a Unix socket in its own directory, for the
// account postgres with the Secret.
func RestartablePostgres(ctx context.Context) (*Server, error) {
	bin, err := PostgresBin(ctx)
	if err != nil {
		return nil, err
	}
	who, err := unprivileged("postgres")
	if err != nil {
		return nil, err
	}
	dir, err := privateDir("pg", who)
	if err != nil {
		return nil, err
	}
	data, word := filepath.Join(dir, "data"), filepath.Join(dir, "word")
	s := &Server{
		Secret: secret(), Network: "unix", Address: filepath.Join(dir, ".s.PGSQL.5432"), name: "postgres", dir: dir, signal: "INT", who: who,
		argv: []string{
			filepath.Join(bin, "postgres"), "-D", data, "-c", "listen_addresses=", "-c", "unix_socket_directories=" + dir,
			"-c", "max_connections=100", "-c", "timezone=UTC", "-c", "log_min_messages=warning",
		},
		// The status line of one that was killed stays, and says ready; so ask.
		ready: func() bool { return exec.Command(filepath.Join(bin, "pg_isready"), "-q", "-h", dir).Run() == nil },
	}
	err = os.WriteFile(word, []byte(s.Secret), 0o600)
	if err == nil {
		err = who.own(word)
	}
	if err == nil {
		err = initDB(ctx, bin, data, dir, who, "--auth=scram-sha-256", "--pwfile="+word)
	}
	return s.begin(ctx, err)
}

// RestartableRedis is StartRedis with a server that can be started again, empty.
func RestartableRedis(ctx context.Context) (*Server, error) {
	program, err := RedisProgram()
	if err != nil {
		return nil, err
	}
	who, err := unprivileged("redis")
	if err != nil {
		return nil, err
	}
	port, err := SteadyPort()
	if err != nil {
		return nil, err
	}
	dir, err := privateDir("redis", who)
	if err != nil {
		return nil, err
	}
	s := &Server{Secret: secret(), Network: "tcp", Address: net.JoinHostPort("127.0.0.1", strconv.Itoa(port)), name: "redis", dir: dir, signal: "TERM", who: who}
	s.ready = func() bool { return redisReady(s.Address, s.Secret) }
	s.argv, err = redisArgs(dir, program, s.Secret, port, who)
	return s.begin(ctx, err)
}

// RestartableMeili starts a Meilisearch, or returns a *MissingError. With a room,
// in bytes, its data lies on a file system of that size, which only root can make.
func RestartableMeili(ctx context.Context, room int64) (*Server, error) {
	program, err := MeilisearchProgram()
	if err != nil {
		return nil, err
	}
	port, err := SteadyPort()
	if err != nil {
		return nil, err
	}
	dir, err := privateDir("meili", account{})
	if err != nil {
		return nil, err
	}
	data := filepath.Join(dir, "data")
	s := &Server{Secret: secret(), Network: "tcp", Address: net.JoinHostPort("127.0.0.1", strconv.Itoa(port)), name: "meilisearch", dir: dir, signal: "TERM"}
	s.argv = []string{
		"/usr/bin/env", "MEILI_MASTER_KEY=" + s.Secret, program, "--no-analytics", "--env", "production", "--http-addr", s.Address, "--db-path", filepath.Join(data, "db"),
		"--dump-dir", filepath.Join(dir, "dumps"), "--max-indexing-threads", "1", "--max-indexing-memory", "100MiB", "--log-level", "WARN",
	}
	s.ready = func() bool {
		r, err := http.Get((&url.URL{Scheme: "http", Host: s.Address, Path: "/health"}).String())
		if err != nil {
			return false
		}
		_ = r.Body.Close()
		return r.StatusCode == http.StatusOK
	}
	err = os.Mkdir(data, 0o700)
	if err == nil && room > 0 {
		if err = smallDisk(ctx, data, room); err == nil {
			s.undo = func() { _ = exec.Command("umount", data).Run() }
		}
	}
	return s.begin(ctx, err)
}

// ErrNoSmallDisk says that a file system of a given size cannot be made here.
var ErrNoSmallDisk = errors.New("a small file system needs root and mount")

func smallDisk(ctx context.Context, dir string, room int64) error {
	out, err := exec.CommandContext(ctx, "mount", "-t", "tmpfs", "-o", "size="+strconv.FormatInt(room, 10), "linggong-test", dir).CombinedOutput()
	if err != nil {
		return fmt.Errorf("%w: %s", ErrNoSmallDisk, strings.TrimSpace(string(out)))
	}
	return nil
}

func (s *Server) begin(ctx context.Context, err error) (*Server, error) {
	if err == nil {
		err = s.Start(ctx)
	}
	if err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// SteadyPort returns a free loopback port below those that outgoing connections
// are given, so that who listens there can end and come back.
func SteadyPort() (int, error) {
	var last error
	for range 100 {
		port := 15000 + rand.IntN(17000) //nolint:gosec // not a secret
		l, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
		if err == nil {
			return port, l.Close()
		}
		last = err
	}
	return 0, fmt.Errorf("find a steady port: %w", last)
}
