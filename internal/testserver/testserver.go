// Package testserver starts private PostgreSQL, Redis and Meilisearch servers for tests.
//
// Each server lives in its own temporary directory, listens where nobody else
// does, runs without privileges, keeps nothing, and ends with the process that
// started it, however that process ends. It never talks to a server that was
// already there. It is for tests only and knows nothing of our schema.
package testserver

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// The environment variables that name a server which is already running for
// the tests, so that every test binary of one run shares it.
const (
	EnvPostgres = "LINGGONG_TEST_POSTGRES_URL"
	EnvRedis    = "LINGGONG_TEST_REDIS_URL"
	EnvChromium = "LINGGONG_TEST_CHROMIUM"
	// EnvMeili and EnvMeiliKey name a Meilisearch; EnvMeilisearch a program to start.
	EnvMeili       = "LINGGONG_TEST_MEILI_URL"
	EnvMeiliKey    = "LINGGONG_TEST_MEILI_KEY"
	EnvMeilisearch = "LINGGONG_TEST_MEILI_BINARY"
)

// ErrMissing matches every *MissingError in errors.Is.
var ErrMissing = errors.New("a program that the tests need is missing")

// MissingError says which program is missing and how to install it, in one
// sentence fit for a person.
type MissingError struct {
	What    string // "PostgreSQL 15 or newer"
	Package string // Debian's package; "" where it has none
}

func (e *MissingError) Error() string {
	if e.Package == "" {
		return e.What + " is missing"
	}
	return fmt.Sprintf("%s is missing: install it with \"apt-get install --no-install-recommends %s\"", e.What, e.Package)
}

// Is makes every MissingError equal ErrMissing.
func (e *MissingError) Is(target error) bool { return target == ErrMissing }

// startTimeout bounds one start; a loaded two-core machine needs about 2 s.
const startTimeout = 60 * time.Second

// privateDir makes a directory that only account may enter. A Unix socket's
// path holds at most about 100 bytes, so a long TMPDIR is passed over.
func privateDir(kind string, who account) (string, error) {
	dir, err := os.MkdirTemp("", "linggong-"+kind+"-")
	if err == nil && len(dir) > 70 {
		_ = os.Remove(dir)
		dir, err = os.MkdirTemp("/tmp", "linggong-"+kind+"-")
	}
	if err != nil {
		return "", fmt.Errorf("make %s directory: %w", kind, err)
	}
	if err := who.own(dir); err != nil {
		_ = os.RemoveAll(dir)
		return "", err
	}
	return dir, nil
}

// waitReady calls ready every few milliseconds until it says yes, the server
// dies, or ctx ends; then the error carries the end of the server's log.
func waitReady(ctx context.Context, s *leashed, ready func() bool) error {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !ready() {
		select {
		case <-tick.C:
		case <-s.ended:
			return fmt.Errorf("%s ended while starting: %s", s.name, tail(filepath.Join(s.dir, "log")))
		case <-ctx.Done():
			return fmt.Errorf("%s did not start: %w: %s", s.name, context.Cause(ctx), tail(filepath.Join(s.dir, "log")))
		}
	}
	return nil
}

// tail returns the last lines of a log, or nothing.
func tail(file string) string {
	b, err := os.ReadFile(file)
	if err != nil {
		return ""
	}
	lines := strings.Split(strings.TrimSpace(string(b)), "\n")
	return strings.Join(lines[max(0, len(lines)-12):], "\n")
}

// look returns the first of names found in dirs or, failing that, in PATH.
// Patterns in dirs are tried from the highest name down, so 17 comes before 15.
func look(dirs []string, names ...string) string {
	dirs = append(dirs, filepath.SplitList(os.Getenv("PATH"))...)
	for _, pattern := range dirs {
		found, _ := filepath.Glob(pattern)
		for i := len(found) - 1; i >= 0; i-- {
			for _, name := range names {
				path := filepath.Join(found[i], name)
				if info, err := os.Stat(path); err == nil && !info.IsDir() && info.Mode()&0o111 != 0 {
					return path
				}
			}
		}
	}
	return ""
}

// secret returns an unguessable word of letters and digits.
func secret() string { return rand.Text() }
