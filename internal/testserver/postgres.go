//go:build unix

package testserver

import (
	"bytes"
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

const oldestPostgres = 15

// postgresDirs are where packagers put the server; Debian keeps it out of PATH.
var postgresDirs = []string{
	"/usr/lib/postgresql/*/bin",
	"/usr/pgsql-*/bin",
	"/opt/homebrew/opt/postgresql@*/bin",
	"/usr/local/opt/postgresql@*/bin",
}

// Postgres returns the server that EnvPostgres names, which stop leaves alone,
// or starts one as StartPostgres does.
func Postgres(ctx context.Context) (rawURL string, stop func(), err error) {
	if given := os.Getenv(EnvPostgres); given != "" {
		return given, func() {}, nil
	}
	return StartPostgres(ctx)
}

// StartPostgres starts an empty PostgreSQL server and returns the URL of its
// "postgres" database, where the user is a superuser. It listens on a Unix
// socket in its own directory only and does not survive a crash of the machine
// (fsync is off). The server ends at stop, or with our process when stop is
// never called. The error matches ErrMissing when there is no server to start.
func StartPostgres(ctx context.Context) (rawURL string, stop func(), err error) {
	return startPostgres(ctx, "fsync=off", "synchronous_commit=off", "full_page_writes=off")
}

// StartDurablePostgres is StartPostgres with a server that keeps what it has
// acknowledged, as one in service does: for measuring.
func StartDurablePostgres(ctx context.Context) (rawURL string, stop func(), err error) {
	return startPostgres(ctx, "shared_buffers=512MB")
}

func startPostgres(ctx context.Context, settings ...string) (rawURL string, stop func(), err error) {
	bin, err := PostgresBin(ctx)
	if err != nil {
		return "", nil, err
	}
	who, err := unprivileged("postgres")
	if err != nil {
		return "", nil, err
	}
	dir, err := privateDir("pg", who)
	if err != nil {
		return "", nil, err
	}
	data := filepath.Join(dir, "data")
	if err := initDB(ctx, bin, data, dir, who); err != nil {
		_ = os.RemoveAll(dir)
		return "", nil, err
	}
	argv := []string{filepath.Join(bin, "postgres"), "-D", data}
	for _, s := range append([]string{
		"listen_addresses=", "unix_socket_directories=" + dir, "max_connections=300", "timezone=UTC", "max_wal_size=4GB", "log_min_messages=warning",
	}, settings...) {
		argv = append(argv, "-c", s)
	}
	s, err := start("postgres", dir, "QUIT", who, argv...)
	if err != nil {
		_ = os.RemoveAll(dir)
		return "", nil, err
	}
	if err := waitReady(ctx, s, func() bool { return postgresReady(data) }); err != nil {
		s.stop()
		return "", nil, err
	}
	return "postgres://postgres@/postgres?host=" + url.QueryEscape(dir) + "&sslmode=disable", s.stop, nil
}

// Database returns the URL of another database on the same server.
func Database(rawURL, name string) (string, error) {
	u, err := url.Parse(rawURL)
	if err != nil {
		return "", fmt.Errorf("parse server url: %w", err)
	}
	u.Path = "/" + name
	return u.String(), nil
}

// PostgresBin returns the directory of a PostgreSQL server that is new enough,
// or a *MissingError.
func PostgresBin(ctx context.Context) (string, error) {
	missing := &MissingError{What: fmt.Sprintf("PostgreSQL %d or newer", oldestPostgres), Package: "postgresql"}
	initdb := look(postgresDirs, "initdb")
	if initdb == "" {
		return "", missing
	}
	out, err := exec.CommandContext(ctx, initdb, "--version").Output()
	if err != nil {
		return "", fmt.Errorf("ask %s for its version: %w", initdb, err)
	}
	found := regexp.MustCompile(`\d+`).Find(out)
	if n, err := strconv.Atoi(string(found)); err != nil || n < oldestPostgres {
		missing.What += fmt.Sprintf(" (%s is there)", bytes.TrimSpace(out))
		return "", missing
	}
	return filepath.Dir(initdb), nil
}

// initDB makes an empty cluster whose only account is the superuser postgres.
// Trust is safe: nobody else can enter the socket's directory.
func initDB(ctx context.Context, bin, data, dir string, who account, auth ...string) error {
	if len(auth) == 0 {
		auth = []string{"--auth=trust"}
	}
	cmd := exec.CommandContext(ctx, filepath.Join(bin, "initdb"), append(auth, "-D", data, "-U", "postgres",
		"--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions")...)
	who.as(cmd, dir)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w: %s", err, bytes.TrimSpace(out))
	}
	return nil
}

// postgresReady reads the status line that pg_ctl itself waits for.
func postgresReady(data string) bool {
	b, err := os.ReadFile(filepath.Join(data, "postmaster.pid"))
	if err != nil {
		return false
	}
	lines := strings.Split(string(b), "\n")
	return len(lines) > 7 && strings.TrimSpace(lines[7]) == "ready"
}
