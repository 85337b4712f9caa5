package cli

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"linggong/internal/app"
	"linggong/internal/config"
	"linggong/internal/errs"
	"linggong/internal/migrate"
)

func (s *session) serve() *cobra.Command {
	return &cobra.Command{
		Use:     "serve",
		Short:   "正式服务 / run the service",
		Long:    "升级表结构（加锁），然后服务；数据库还没起来时等它。收到 SIGTERM 后办完手上的请求再退出。\nMigrates under a lock and serves; waits for its database; drains on SIGTERM.",
		Example: "  LINGGONG_DATABASE_URL=postgres://… linggong serve",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			cfg, err := s.config()
			if err != nil {
				return err
			}
			door, err := s.openDoor(c.Context(), cfg.Addr)
			if err != nil {
				return err
			}
			a, err := s.waitAndOpen(c.Context(), cfg, app.Options{Log: s.logger(cfg.LogLevel)}, door)
			if err == nil {
				err = s.bootstrap(c.Context(), a)
			}
			return s.answer(c.Context(), door, a, err)
		},
	}
}

// bootstrap makes the first administrator of an empty store and says the
// password once.
func (s *session) bootstrap(ctx context.Context, a *app.App) error {
	user, password, err := a.Identity.Bootstrap(ctx)
	if err != nil || password == "" {
		return err
	}
	fmt.Fprintf(s.out, "首个管理员账号 / first administrator: %s  密码 / password: %s （只显示这一次 / shown once）\n", user, password)
	return nil
}

// waitAndOpen opens the program and waits, saying so, for as long as its
// database does not answer: whoever supervises it decides when to give up.
func (s *session) waitAndOpen(ctx context.Context, cfg config.Config, o app.Options, door *app.Door) (*app.App, error) {
	for pause := 500 * time.Millisecond; ; pause = min(pause*2, 10*time.Second) {
		a, err := app.Open(ctx, cfg, o)
		if err == nil || !worthWaiting(err) {
			return a, err
		}
		where := cfg.DatabaseHost()
		door.Waits("等待数据库 / waiting for the database")
		fmt.Fprintf(s.err, "等待数据库 %s，%v 后再试 / waiting for the database: %v\n", where, pause, err)
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(pause/2 + rand.N(pause/2)): // replicas started together do not knock together
		}
	}
}

// worthWaiting says a failure may pass by itself: nobody answers, or the server
// is just starting.
func worthWaiting(err error) bool {
	if errors.Is(err, migrate.ErrNewer) || errs.KindOf(err) == errs.Invalid {
		return false
	}
	_, netErr := errors.AsType[*net.OpError](err)
	return netErr || containsAny(err.Error(), "connection refused", "starting up", "shutting down", "recovery mode", "no such host", "failed to connect")
}

// openDoor answers on addr from now on, if only to say that the program starts.
func (s *session) openDoor(ctx context.Context, addr string) (*app.Door, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, errs.New(errs.Unavailable, "address_in_use", "不能在 "+addr+" 上服务，可能已被占用；可用 LINGGONG_ADDR 换一个", "Cannot listen there.").With(err)
	}
	fmt.Fprintf(s.out, "零工通 %s 在 http://%s 上服务\n", app.Version, l.Addr())
	return app.OpenDoor(ctx, l), nil
}

// answer serves until the context ends, unless starting has failed; it closes
// the door and the program in any case.
func (s *session) answer(ctx context.Context, door *app.Door, a *app.App, failed error) error {
	switch {
	case failed == nil:
		failed = door.Serve(ctx, a)
	default:
		failed = errors.Join(failed, door.Close(ctx, func() {}))
	}
	if a != nil {
		failed = errors.Join(failed, a.Close())
	}
	if ctx.Err() != nil && errors.Is(failed, context.Canceled) {
		failed = nil // told to end while it waited
	}
	return failed
}

func containsAny(s string, parts ...string) bool {
	for _, p := range parts {
		if strings.Contains(s, p) {
			return true
		}
	}
	return false
}
