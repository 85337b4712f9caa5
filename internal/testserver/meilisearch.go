//go:build unix

package testserver

import (
	"context"
	"errors"
	"net"
	"net/http"
	"os"
	"strconv"
	"time"
)

// MeilisearchProgram returns Meilisearch's path, or a *MissingError. EnvMeilisearch
// names one that is not on the path.
func MeilisearchProgram() (string, error) {
	if given := os.Getenv(EnvMeilisearch); given != "" {
		if info, err := os.Stat(given); err == nil && !info.IsDir() && info.Mode()&0o111 != 0 {
			return given, nil
		}
		return "", &MissingError{What: "the program that " + EnvMeilisearch + " names"}
	}
	if path := look(nil, "meilisearch"); path != "" {
		return path, nil
	}
	return "", &MissingError{What: "Meilisearch (no program meilisearch on the path, and neither " + EnvMeili + " nor " + EnvMeilisearch + " is set)"}
}

// Meilisearch returns the server that EnvMeili names, which stop leaves alone,
// or starts one as StartMeilisearch does.
func Meilisearch(ctx context.Context) (m MeiliServer, stop func(), err error) {
	if given := os.Getenv(EnvMeili); given != "" {
		return MeiliServer{URL: given, Key: os.Getenv(EnvMeiliKey)}, func() {}, nil
	}
	return StartMeilisearch(ctx)
}

// MeiliServer is where a Meilisearch answers, and its master key.
type MeiliServer struct{ URL, Key string }

// StartMeilisearch starts an empty Meilisearch on a free port of the loopback
// address, behind a key. It ends at stop, or with our process. The error matches
// ErrMissing when there is no program to start.
func StartMeilisearch(ctx context.Context) (m MeiliServer, stop func(), err error) {
	program, err := MeilisearchProgram()
	if err != nil {
		return MeiliServer{}, nil, err
	}
	for range 3 { // another program may take the free port first
		var port int
		if port, err = FreePort(); err != nil {
			return MeiliServer{}, nil, err
		}
		if m, stop, err = launchMeilisearch(ctx, program, port, secret()); err == nil || ctx.Err() != nil {
			break
		}
	}
	return m, stop, err
}

func launchMeilisearch(ctx context.Context, program string, port int, key string) (MeiliServer, func(), error) {
	who, err := unprivileged("meilisearch")
	if err != nil {
		return MeiliServer{}, nil, err
	}
	dir, err := privateDir("meili", who)
	if err != nil {
		return MeiliServer{}, nil, err
	}
	address := net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
	s, err := start("meilisearch", dir, "TERM", who, "/usr/bin/env", "MEILI_MASTER_KEY="+key, program, "--no-analytics",
		"--http-addr", address, "--db-path", dir+"/data", "--dump-dir", dir+"/dumps", "--snapshot-dir", dir+"/snapshots",
		"--log-level", "WARN", "--max-indexing-threads", "2")
	if err != nil {
		_ = os.RemoveAll(dir)
		return MeiliServer{}, nil, err
	}
	m := MeiliServer{URL: "http://" + address, Key: key}
	if err := waitReady(ctx, s, func() bool { return m.ready(ctx) }); err != nil {
		s.stop()
		return MeiliServer{}, nil, err
	}
	return m, s.stop, nil
}

// ready says the server answers to our key, so it is ours.
func (m MeiliServer) ready(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, m.URL+"/version", nil)
	if err != nil {
		return false
	}
	req.Header.Set("Authorization", "Bearer "+m.Key)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return false
	}
	return errors.Join(res.Body.Close()) == nil && res.StatusCode == http.StatusOK
}
