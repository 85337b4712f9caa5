package cli

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"linggong/internal/app"
	"linggong/internal/day"
	"linggong/internal/dbx"
	"linggong/internal/httpapi"
	"linggong/internal/job"
	"linggong/internal/rules"
	"linggong/internal/worktext"
)

func (s *session) jobs() *cobra.Command {
	var state string
	var asJSON bool
	c := &cobra.Command{
		Use: "jobs", Short: "后台任务 / work after commits",
		Example: "  linggong jobs --state dead\n  linggong jobs retry ID",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return s.with(c.Context(), func(a *app.App) error {
				all, err := a.Queue.List(c.Context(), job.State(state), "", 100)
				if err != nil {
					return err
				}
				if asJSON {
					return s.json(all)
				}
				for _, j := range all {
					fmt.Fprintf(s.out, "%s  %-8s %-28s %d/%d  %s\n", j.ID, j.State, j.Kind, j.Attempt, j.MaxAttempts, j.LastError)
				}
				if len(all) == 0 {
					fmt.Fprintln(s.out, "没有任务 / none")
				}
				return nil
			})
		},
	}
	c.Flags().StringVar(&state, "state", "", "ready、running、done、dead")
	c.Flags().BoolVar(&asJSON, "json", false, "JSON")
	c.AddCommand(&cobra.Command{
		Use: "retry ID", Short: "重新执行一个停滞的任务 / run a dead one again", Example: "  linggong jobs retry 0190…", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return s.with(c.Context(), func(a *app.App) error { return a.Queue.Retry(c.Context(), args[0]) })
		},
	})
	return c
}

func (s *session) openapi() *cobra.Command {
	return &cobra.Command{
		Use: "openapi", Short: "打印接口文档（OpenAPI）/ print the contract", Example: "  linggong openapi > api/openapi.json", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			doc, err := httpapi.Contract()
			if err != nil {
				return err
			}
			_, err = s.out.Write(doc)
			return err
		},
	}
}

func (s *session) doctor() *cobra.Command {
	var healthz bool
	c := &cobra.Command{
		Use: "doctor", Short: "检查配置与环境，并说怎么办 / what is in force, what is wrong, what to do",
		Example: "  linggong doctor\n  linggong doctor --healthz",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			cfg, err := s.config()
			if err != nil {
				return err
			}
			if healthz {
				return s.askHealth(c.Context(), cfg.Addr)
			}
			for _, kv := range cfg.Describe() {
				fmt.Fprintf(s.out, "  %-16s %s\n", kv[0], kv[1])
			}
			return s.examine(c.Context())
		},
	}
	c.Flags().BoolVar(&healthz, "healthz", false, "只问正在运行的服务是否健康，退出码 0/1")
	return c
}

// askHealth asks the running service on this machine.
func (s *session) askHealth(ctx context.Context, addr string) error {
	if strings.HasPrefix(addr, "0.0.0.0:") || strings.HasPrefix(addr, ":") {
		addr = "127.0.0.1" + addr[strings.LastIndex(addr, ":"):]
	}
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+addr+"/readyz", nil)
	if err != nil {
		return badCall{err}
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		fmt.Fprintln(s.err, "服务没有应答 / no answer:", err)
		return errFound
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		fmt.Fprintln(s.err, "服务未就绪 / not ready:", res.Status)
		return errFound
	}
	fmt.Fprintln(s.out, "ok")
	return nil
}

// examine looks at what a service stands on.
func (s *session) examine(ctx context.Context) error {
	bad := 0
	say := func(ok bool, what, remedy string) {
		mark := "✓"
		if !ok {
			mark = "✗"
			bad++
		}
		fmt.Fprintf(s.out, "%s %s\n", mark, what)
		if !ok && remedy != "" {
			fmt.Fprintf(s.out, "    → %s\n", remedy)
		}
	}
	a, err := s.open(ctx, app.Options{})
	if err != nil {
		say(false, "程序打不开 / cannot open: "+err.Error(), "按上面的说明改正后再运行 linggong doctor")
		return errFound
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	say(a.DB.Ping(ctx) == nil, "数据库可用 / database answers", "检查 LINGGONG_DATABASE_URL")
	info, statErr := os.Stat(a.Config.Keys())
	say(statErr == nil && info.Mode().Perm()&0o077 == 0, "密钥文件只有属主可读 / key file readable by its owner only", "chmod 600 "+a.Config.Keys())
	h := a.Cache.Health()
	say(!h.Degraded, "缓存 / cache "+h.Reason, "检查 LINGGONG_REDIS_URL；没有 Redis 时限流按进程计")
	counts, err := a.Queue.Count(ctx)
	say(err == nil && counts[job.Dead] == 0, fmt.Sprintf("停滞的任务 / dead jobs: %d", counts[job.Dead]), "linggong jobs --state dead")
	examineSearch(ctx, a, say)
	today := day.Of(dbx.Now())
	say(rules.DefaultCalendar().Covers(today.Add(60)), "节假日安排覆盖未来六十天 / holidays known for sixty days", "更新 internal/rules/data/holidays.csv 或等新一年安排公布后升级")
	unconfirmed := 0
	for _, p := range a.Parameters.Book().Parameters() {
		if !p.Confirmed {
			unconfirmed++
		}
	}
	fmt.Fprintf(s.out, "· 待市局确认的参数 / parameters to confirm: %d\n", unconfirmed)
	fmt.Fprintln(s.out, "· 未接短信网关：验证码只进本地发件箱，求职者和用工主体无法以手机号登录 / no SMS gateway: codes stay in the outbox")
	if bad > 0 {
		return errFound
	}
	return err
}

func (s *session) keys() *cobra.Command {
	c := &cobra.Command{Use: "keys", Short: "密钥 / the key ring", Example: "  linggong keys rotate"}
	c.AddCommand(&cobra.Command{
		Use: "rotate", Short: "换用新密钥并重新加密（不停机）/ a new key, and everything sealed again", Example: "  linggong keys rotate", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return s.with(c.Context(), func(a *app.App) error {
				if err := a.Keys.Rotate(); err != nil {
					return err
				}
				if err := a.Reseal(c.Context(), func(table string, n int) { fmt.Fprintf(s.out, "%s：%d\n", table, n) }); err != nil {
					return fmt.Errorf("reseal: %w", err)
				}
				fmt.Fprintln(s.out, "全部已用新密钥加密。旧密钥仍留在密钥文件里，用来打开旧备份；请立刻另存一份 / all sealed anew; the old key stays in the ring for old backups, keep a copy: "+a.Config.Keys())
				return nil
			})
		},
	})
	return c
}

// examineSearch says of an engine outside what it has still to be told, and what
// it refused.
func examineSearch(ctx context.Context, a *app.App, say func(ok bool, what, remedy string)) {
	old, err := a.Follow.Outdated(ctx)
	say(err == nil && len(old) == 0, "搜索索引与词表同版 / indexes made with this vocabulary ("+worktext.Pipeline()+") "+strings.Join(old, ", "),
		"服务启动时自动重建，其间照常可搜；也可运行 linggong reindex")
	if !a.Follow.Engines() {
		return
	}
	_, err = a.Engine.Count(ctx)
	say(err == nil, "搜索引擎应答 / search engine answers", "检查 LINGGONG_MEILI_URL 与密钥；其间由数据库应答，恢复后自动补齐")
	all, err := a.Follow.Status(ctx)
	say(err == nil, "搜索进度可读 / search progress", "检查数据库")
	for _, s := range all {
		say(s.Refused == 0, fmt.Sprintf("搜索引擎拒收 %s / refused: %d %s", s.Collection, s.Refused, s.LastError), "看日志里的编号；改正后会自动重试，或运行 linggong reindex --engine meili")
		say(!s.Behind, fmt.Sprintf("还搜不到的 %s / not found yet: %d", s.Collection, s.Waiting), "服务在运行时会自动补齐；久不减少时看 /readyz 与日志")
	}
}
