package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"linggong/internal/errs"
)

// drain is how long work under way may take to end; after it the process ends
// all the same. Keep it below what the supervisor waits before it kills
// (TimeoutStopSec, terminationGracePeriodSeconds).
const drain = 15 * time.Second

// Door answers on the address of the service from its first moment to its last:
// while the program waits for its database it says so, then it lets everybody
// in, and at the end it lets those inside finish.
type Door struct {
	server *http.Server
	inside atomic.Pointer[http.Handler] // nil while the program starts
	why    atomic.Pointer[string]       // what a starting program waits for
	hard   context.CancelFunc           // ends the requests that did not end in time
	failed chan error
}

// OpenDoor begins to answer on l. The requests outlive ctx, its values are theirs.
func OpenDoor(ctx context.Context, l net.Listener) *Door {
	base, hard := context.WithCancel(context.WithoutCancel(ctx))
	d := &Door{hard: hard, failed: make(chan error, 1)}
	d.server = &http.Server{
		Handler: d, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
		BaseContext: func(net.Listener) context.Context { return base },
	}
	d.Waits("")
	go func() { d.failed <- d.server.Serve(l) }()
	return d
}

// Waits says what the program waits for; "" is nothing in particular.
func (d *Door) Waits(what string) { d.why.Store(&what) }

// ServeHTTP implements http.Handler.
func (d *Door) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if h := d.inside.Load(); h != nil {
		(*h).ServeHTTP(w, r)
		return
	}
	starting(w, r, *d.why.Load())
}

// starting answers before there is a program: machines get what they ask for,
// people a page that looks again by itself.
func starting(w http.ResponseWriter, r *http.Request, why string) {
	w.Header().Set("Retry-After", "2")
	w.Header().Set("Cache-Control", "no-store")
	answer := func(kind string, status int, body any) {
		w.Header().Set("Content-Type", kind)
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(body) // who asked may have left
	}
	switch {
	case r.URL.Path == "/healthz":
		answer("application/json", http.StatusOK, map[string]any{"status": "starting", "version": Version})
	case r.URL.Path == "/readyz":
		answer("application/json", http.StatusServiceUnavailable, map[string]any{
			"status": "starting", "checks": []map[string]any{{"name": "start", "ok": false, "required": true, "note": why}},
		})
	case strings.HasPrefix(r.URL.Path, "/api/"):
		answer("application/problem+json", http.StatusServiceUnavailable, map[string]any{
			"type": "about:blank", "title": "Service Unavailable", "status": http.StatusServiceUnavailable, "code": "starting", "detail": "服务正在启动，请稍候再试",
		})
	default:
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(http.StatusServiceUnavailable)
		_, _ = w.Write([]byte(startingPage)) // who asked may have left
	}
}

const startingPage = `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta http-equiv="refresh" content="2">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>零工通 正在启动</title>
<body style="font:28px/1.7 'PingFang SC','Noto Sans CJK SC',sans-serif;display:grid;place-content:center;min-height:90vh;margin:0;text-align:center;color:#1b2a3a">
<p>零工通正在启动，请稍候<br><small style="color:#56616d">页面会自己打开 / starting, this page opens by itself</small></p>
`

// Serve lets everybody in and works off jobs until ctx ends, then lets what is
// under way finish.
func (d *Door) Serve(ctx context.Context, a *App) error {
	handler, _, err := a.Handler() //nolint:contextcheck // a request brings its own
	if err != nil {
		d.hard()
		return errors.Join(err, d.server.Close())
	}
	var wg sync.WaitGroup
	wg.Go(func() { a.Workers.Run(ctx) })
	wg.Go(func() { a.followReplicas(ctx) })
	wg.Go(func() { a.Follow.Run(ctx) })
	wg.Go(func() { a.Follow.RunRenew(ctx) })
	wg.Go(func() { a.warm(ctx) })
	d.inside.Store(&handler)
	select {
	case err := <-d.failed:
		d.hard()
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	a.closing() // live streams would never end by themselves
	return d.Close(ctx, wg.Wait)
}

// Close lets in nobody more, and waits for those inside and for more, but not
// for longer than drain.
func (d *Door) Close(ctx context.Context, more func()) error {
	defer d.hard()
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), drain)
	defer cancel()
	err := d.server.Shutdown(stop)
	ended := make(chan struct{})
	go func() { more(); close(ended) }()
	select {
	case <-ended:
	case <-stop.Done():
		err = errors.Join(err, stop.Err())
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return errs.New(errs.Unavailable, "drain_timeout", "有请求或任务没能在时限内结束", "Some requests or jobs did not end in time.").With(err)
	}
	return err
}
