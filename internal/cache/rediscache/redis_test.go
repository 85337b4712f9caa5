package rediscache_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"linggong/internal/cache"
	"linggong/internal/cache/cachetest"
	"linggong/internal/cache/rediscache"
	"linggong/internal/testserver"
	"linggong/internal/tx"
)

// server returns a Redis for this test alone: the suite's keys are the same in
// every test.
func server(t *testing.T) string {
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

func open(t *testing.T, addr string) *cache.Cache {
	t.Helper()
	c, err := rediscache.Open(t.Context(), addr, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	return c
}

func withFallback(t *testing.T, addr string) *cache.Cache {
	t.Helper()
	remote, err := rediscache.Open(t.Context(), addr, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	c := rediscache.WithFallback(remote, cache.NewLocal(time.Now))
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	return c
}

func TestRedisKeepsTheContract(t *testing.T) {
	t.Parallel()
	addr := server(t)
	db := 0
	var mu sync.Mutex
	cachetest.Run(t, func(t *testing.T) *cache.Cache { return open(t, ownDatabase(t, addr, &mu, &db)) })
}

func TestRedisWithFallbackKeepsTheContract(t *testing.T) {
	t.Parallel()
	addr := server(t)
	db := 0
	var mu sync.Mutex
	cachetest.Run(t, func(t *testing.T) *cache.Cache { return withFallback(t, ownDatabase(t, addr, &mu, &db)) })
}

func TestFallbackKeepsTheContractWithoutRedis(t *testing.T) {
	t.Parallel()
	cachetest.Run(t, func(t *testing.T) *cache.Cache { return withFallback(t, "redis://127.0.0.1:1/0") })
}

// ownDatabase gives each test one of the server's sixteen databases.
func ownDatabase(t *testing.T, addr string, mu *sync.Mutex, db *int) string {
	t.Helper()
	mu.Lock()
	defer mu.Unlock()
	*db++
	u, err := url.Parse(addr)
	if err != nil || *db > 15 {
		t.Fatal(err, *db)
	}
	u.Path = "/" + strconv.Itoa(*db)
	return u.String()
}

func TestReplicasActAsOne(t *testing.T) {
	t.Parallel()
	addr := server(t)
	a, b := open(t, addr), open(t, addr)
	ctx := t.Context()

	if err := a.Set(ctx, "code", []byte("1"), time.Minute); err != nil {
		t.Fatal(err)
	}
	if v, ok, err := b.Take(ctx, "code"); !ok || err != nil || string(v) != "1" {
		t.Errorf("the other replica took %q, %v, %v", v, ok, err)
	}
	for i := range 4 {
		d, err := []*cache.Cache{a, b}[i%2].Allow(ctx, "k", 3, time.Hour)
		if err != nil || d.OK != (i < 3) {
			t.Errorf("turn %d: %+v, %v", i, d, err)
		}
	}

	atA, cancel := a.Subscribe(ctx, 0, "x")
	defer cancel()
	if err := b.Publish(ctx, "x", []byte("hello")); err != nil {
		t.Fatal(err)
	}
	hello := receive(t, atA)
	if err := b.Publish(ctx, "x", []byte("again")); err != nil {
		t.Fatal(err)
	}
	receive(t, atA)

	// A replica that starts now still serves a screen that comes from the other.
	late := open(t, addr)
	atLate, cancel := late.Subscribe(ctx, 0, "y")
	defer cancel()
	if err := a.Publish(ctx, "y", []byte("arrived")); err != nil {
		t.Fatal(err)
	}
	receive(t, atLate)
	again, cancel := late.Subscribe(ctx, hello.ID, "x")
	defer cancel()
	if m := receive(t, again); string(m.Data) != "again" {
		t.Errorf("replayed %q", m.Data)
	}
}

func receive(t *testing.T, ch <-chan cache.Message) cache.Message {
	t.Helper()
	select {
	case m := <-ch:
		return m
	case <-time.After(30 * time.Second):
		t.Fatal("no message")
		return cache.Message{}
	}
}

// cable is a wire to Redis that can be cut and mended.
type cable struct {
	listener net.Listener
	to       string

	mu    sync.Mutex
	cut   bool
	conns []net.Conn
}

func newCable(t *testing.T, to string) *cable {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := &cable{listener: l, to: to}
	t.Cleanup(func() { _ = l.Close(); c.set(true) })
	go func() {
		for {
			in, err := l.Accept()
			if err != nil {
				return
			}
			c.join(in)
		}
	}()
	return c
}

func (c *cable) join(in net.Conn) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.cut {
		_ = in.Close()
		return
	}
	out, err := net.Dial("tcp", c.to)
	if err != nil {
		_ = in.Close()
		return
	}
	c.conns = append(c.conns, in, out)
	go func() { _, _ = io.Copy(out, in); _ = out.Close() }()
	go func() { _, _ = io.Copy(in, out); _ = in.Close() }()
}

func (c *cable) set(cut bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.cut = cut
	if cut {
		for _, conn := range c.conns {
			_ = conn.Close()
		}
		c.conns = nil
	}
}

func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	deadline := time.After(30 * time.Second)
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-deadline:
			t.Fatalf("%s: not within half a minute", what)
		case <-tick.C:
		}
	}
}

func TestRedisGoneAndBack(t *testing.T) {
	t.Parallel()
	addr := server(t)
	u, err := url.Parse(addr)
	if err != nil {
		t.Fatal(err)
	}
	wire := newCable(t, u.Host)
	u.Host = wire.listener.Addr().String()
	c, other := withFallback(t, u.String()), open(t, addr)
	ctx := t.Context()
	if h := c.Health(); h.Degraded {
		t.Fatalf("at the start: %+v", h)
	}
	for k, v := range map[string]string{"session": "ended later", "code": "old"} {
		if err := c.Set(ctx, k, []byte(v), time.Hour); err != nil {
			t.Fatal(err)
		}
	}
	live, cancel := c.Subscribe(ctx, 0, "x")
	defer cancel()

	wire.set(true)
	// Every call goes on from the first, whether or not the loss was noticed.
	if err := c.Set(ctx, "code", []byte("new"), time.Hour); err != nil {
		t.Fatal(err)
	}
	if h := c.Health(); !h.Degraded || h.Reason == "" || h.Since.IsZero() {
		t.Errorf("while gone: %+v", h)
	}
	if err := c.Delete(ctx, "session"); err != nil {
		t.Error(err)
	}
	for i := range 3 {
		if d, err := c.Allow(ctx, "k", 2, time.Hour); err != nil || d.OK != (i < 2) {
			t.Errorf("turn %d without Redis: %+v, %v", i, d, err)
		}
	}
	if err := c.Publish(ctx, "x", []byte("local")); err != nil {
		t.Error(err)
	}
	if m := receive(t, live); string(m.Data) != "local" {
		t.Errorf("without Redis came %q", m.Data)
	}
	if err := other.Publish(ctx, "x", []byte("meanwhile")); err != nil {
		t.Fatal(err)
	}

	wire.set(false)
	eventually(t, "health returns", func() bool { return !c.Health().Degraded })
	if m := receive(t, live); string(m.Data) != "meanwhile" {
		t.Errorf("what the others said meanwhile is made up for; came %q", m.Data)
	}
	if _, ok, err := c.Get(ctx, "session"); ok || err != nil {
		t.Errorf("what was deleted came back with Redis: %v, %v", ok, err)
	}
	if v, ok, err := c.Take(ctx, "code"); !ok || err != nil || string(v) != "new" {
		t.Errorf("the newer value: %q, %v, %v", v, ok, err)
	}
	if v, ok, err := c.Take(ctx, "code"); ok || err != nil {
		t.Errorf("a code was taken twice: %q, %v, %v", v, ok, err)
	}
	if err := other.Publish(ctx, "x", []byte("after")); err != nil {
		t.Fatal(err)
	}
	if m := receive(t, live); string(m.Data) != "after" {
		t.Errorf("afterwards came %q", m.Data)
	}
}

func TestNoWaitingForRedisInATransaction(t *testing.T) {
	t.Parallel()
	c := withFallback(t, "redis://127.0.0.1:1/0")
	ctx, _ := tx.Open(context.Background(), nil)
	defer func() {
		if recover() == nil {
			t.Error("a call inside a transaction went through")
		}
	}()
	_, _, _ = c.Get(ctx, "k")
}

func TestAddressErrorsShowNoPassword(t *testing.T) {
	t.Parallel()
	for _, addr := range []string{"http://x:geheim@h", "redis://x:geheim@h:port/0", ""} {
		if _, err := rediscache.Open(t.Context(), addr, time.Now); err == nil {
			t.Errorf("%q was accepted", addr)
		} else if strings.Contains(err.Error(), "geheim") {
			t.Errorf("%q: %v", addr, err)
		}
	}
}
