package cli

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"linggong/internal/app"
	"linggong/internal/config"
	"linggong/internal/dbx"
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
			a, err := s.waitAndOpen(c.Context(), cfg, app.Options{Log: s.logger(cfg.LogLevel)})
			if err != nil {
				return err
			}
			if err := s.bootstrap(c.Context(), a); err != nil {
				return errors.Join(err, a.Close())
			}
			return errors.Join(s.answer(c.Context(), a), a.Close())
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

// waitAndOpen opens the program and waits while its database does not answer.
func (s *session) waitAndOpen(ctx context.Context, cfg config.Config, o app.Options) (*app.App, error) {
	pause, until := time.Second, dbx.Now().Add(waitAtMost)
	for {
		a, err := app.Open(ctx, cfg, o)
		if err == nil || !worthWaiting(err) || dbx.Now().After(until) {
			return a, err
		}
		fmt.Fprintf(s.err, "等待数据库，%v 后再试 / waiting for the database: %v\n", pause, err)
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(pause):
		}
		pause = min(pause*2, 15*time.Second)
	}
}

// worthWaiting says a failure may pass by itself: nobody answers, or the server
// is just starting.
func worthWaiting(err error) bool {
	if errors.Is(err, migrate.ErrNewer) || errs.KindOf(err) == errs.Invalid {
		return false
	}
	_, netErr := errors.AsType[*net.OpError](err)
	return netErr || containsAny(err.Error(), "connection refused", "starting up", "no such host", "failed to connect")
}

// answer serves until the context ends.
func (s *session) answer(ctx context.Context, a *app.App) error {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", a.Config.Addr)
	if err != nil {
		return errs.New(errs.Unavailable, "address_in_use", "不能在 "+a.Config.Addr+" 上服务，可能已被占用；可用 LINGGONG_ADDR 换一个", "Cannot listen there.").With(err)
	}
	fmt.Fprintf(s.out, "零工通 %s 在 http://%s 上服务\n", app.Version, l.Addr())
	return a.Serve(ctx, l)
}

const waitAtMost = 5 * time.Minute

func containsAny(s string, parts ...string) bool {
	for _, p := range parts {
		if strings.Contains(s, p) {
			return true
		}
	}
	return false
}
