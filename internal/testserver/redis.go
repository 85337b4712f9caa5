//go:build unix

package testserver

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

// RedisProgram returns a Redis server's path, or a *MissingError. Debian's
// redis-tools carries the same program under the name redis-check-rdb, without
// a service that would start by itself.
func RedisProgram() (string, error) {
	if path := look(nil, "redis-server", "valkey-server", "redis-check-rdb"); path != "" {
		return path, nil
	}
	return "", &MissingError{What: "Redis", Package: "redis-tools"}
}

// Redis returns the server that EnvRedis names, which stop leaves alone, or
// starts one as StartRedis does.
func Redis(ctx context.Context) (rawURL string, stop func(), err error) {
	if given := os.Getenv(EnvRedis); given != "" {
		return given, func() {}, nil
	}
	return StartRedis(ctx)
}

// StartRedis starts an empty Redis server on a free port of the loopback address,
// behind a password that the URL carries; it writes nothing to disk. The server
// ends at stop, or with our process when stop is never called. The error
// matches ErrMissing when there is no server to start.
func StartRedis(ctx context.Context) (rawURL string, stop func(), err error) {
	program, err := RedisProgram()
	if err != nil {
		return "", nil, err
	}
	who, err := unprivileged("redis")
	if err != nil {
		return "", nil, err
	}
	// Another program may take the free port first; then a second try helps.
	for range 3 {
		if rawURL, stop, err = tryRedis(ctx, program, who); err == nil || ctx.Err() != nil {
			break
		}
	}
	return rawURL, stop, err
}

func tryRedis(ctx context.Context, program string, who account) (string, func(), error) {
	port, err := FreePort()
	if err != nil {
		return "", nil, err
	}
	dir, err := privateDir("redis", who)
	if err != nil {
		return "", nil, err
	}
	password := secret()
	s, err := launchRedis(dir, program, password, port, who)
	if err != nil {
		_ = os.RemoveAll(dir)
		return "", nil, err
	}
	address := net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
	if err := waitReady(ctx, s, func() bool { return redisReady(address, password) }); err != nil {
		s.stop()
		return "", nil, err
	}
	return "redis://:" + password + "@" + address + "/0", s.stop, nil
}

// launchRedis writes the configuration, which keeps the password out of the
// process list, and starts the program under the name that makes it a server.
func launchRedis(dir, program, password string, port int, who account) (*leashed, error) {
	argv, err := redisArgs(dir, program, password, port, who)
	if err != nil {
		return nil, err
	}
	return start("redis", dir, "TERM", who, argv...)
}

func redisArgs(dir, program, password string, port int, who account) ([]string, error) {
	conf := filepath.Join(dir, "redis.conf")
	text := fmt.Sprintf("bind 127.0.0.1\nport %d\nrequirepass %s\nsave \"\"\nappendonly no\ndir %s\n", port, password, dir)
	if err := os.WriteFile(conf, []byte(text), 0o600); err != nil {
		return nil, fmt.Errorf("write redis configuration: %w", err)
	}
	if err := who.own(conf); err != nil {
		return nil, err
	}
	server := filepath.Join(dir, "redis-server")
	if err := os.Symlink(program, server); err != nil {
		return nil, fmt.Errorf("link redis: %w", err)
	}
	return []string{server, conf}, nil
}

// redisReady says the server answers to our password, so it is ours.
func redisReady(address, password string) bool {
	c, err := net.DialTimeout("tcp", address, time.Second)
	if err != nil {
		return false
	}
	defer func() { _ = c.Close() }()
	_ = c.SetDeadline(time.Now().Add(time.Second))
	if _, err := fmt.Fprintf(c, "AUTH %s\r\n", password); err != nil {
		return false
	}
	answer := make([]byte, 5)
	n, err := c.Read(answer)
	return err == nil && string(answer[:n]) == "+OK\r\n"
}

// FreePort returns a loopback port that was free a moment ago.
func FreePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("find a free port: %w", err)
	}
	addr, ok := l.Addr().(*net.TCPAddr)
	if err := l.Close(); err != nil || !ok {
		return 0, errors.Join(errors.New("find a free port"), err)
	}
	return addr.Port, nil
}
