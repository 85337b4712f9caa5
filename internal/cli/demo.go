package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"linggong/internal/app"
	"linggong/internal/config"
	"linggong/internal/demo"
	"linggong/internal/errs"
)

func (s *session) demo() *cobra.Command {
	o := demo.Options{People: 3000, Seed: 1, Years: 2}
	var loadOnly bool
	c := &cobra.Command{
		Use: "demo", Short: "演示城市：空库时先装入，再服务 / the demo city, loaded into an empty store, then served",
		Long:    "人和单位都是种子生成、虚构的。第二次启动保留数据。\nInvented by a seeded generator; a second start keeps the data.",
		Example: "  linggong demo\n  LINGGONG_DATA=/tmp/city linggong demo --people 300 --seed 7",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			cfg, err := s.config()
			if err != nil {
				return err
			}
			half := filepath.Join(cfg.Data, "demo-half-loaded")
			if _, err := os.Stat(half); err == nil {
				return errHalf.On("data", "half_loaded", cfg.Data)
			}
			clock := demo.NewClock()
			if loadOnly {
				a, err := s.openDemo(c.Context(), cfg, clock, o, half, nil)
				if a != nil {
					err = errors.Join(err, a.Close())
				}
				return err
			}
			door, err := s.openDoor(c.Context(), cfg.Addr)
			if err != nil {
				return err
			}
			a, err := s.openDemo(c.Context(), cfg, clock, o, half, door)
			if err == nil {
				clock.Real()
				s.entrances(cfg.Addr)
			}
			return s.answer(c.Context(), door, a, err)
		},
	}
	c.Flags().IntVar(&o.People, "people", o.People, "人数 / people")
	c.Flags().Uint64Var(&o.Seed, "seed", o.Seed, "种子 / seed")
	c.Flags().BoolVar(&loadOnly, "load-only", false, "只装入，不服务 / load and end")
	return c
}

// openDemo opens the program and loads the city into it when there is none.
func (s *session) openDemo(ctx context.Context, cfg config.Config, clock *demo.Clock, o demo.Options, half string, door *app.Door) (*app.App, error) {
	a, err := app.Open(ctx, cfg, app.Options{Log: s.logger("warn"), Demo: true, Now: clock.Now})
	if err != nil {
		return nil, err
	}
	o.Progress = s.progress()
	loaded, err := demo.Loaded(ctx, a)
	if err != nil || loaded {
		return a, err
	}
	fmt.Fprintln(s.out, "正在装入演示城市（虚构）/ loading the demo city")
	if door != nil {
		door.Waits("正在装入演示城市 / loading the demo city")
	}
	return a, s.load(ctx, a, clock, o, half)
}

var errHalf = errs.New(errs.Conflict, "demo_half_loaded", "上次装入演示城市没有完成，里面只有半座城市", "Loading the demo city was interrupted: there is only half a city.").
	Because("", "", "删掉这个数据文件夹（里面只有演示数据），再启动一次 / remove this data folder and start again")

// load makes the city, with a mark beside it for as long as it is not whole.
func (s *session) load(ctx context.Context, a *app.App, clock *demo.Clock, o demo.Options, half string) error {
	if err := os.WriteFile(half, nil, 0o600); err != nil {
		return fmt.Errorf("mark the load: %w", err)
	}
	if _, err := demo.Load(ctx, a, clock, o); err != nil {
		return err
	}
	return os.Remove(half)
}

// entrances prints one line for each door, with the key to it.
func (s *session) entrances(addr string) {
	for _, e := range [][3]string{
		{"/kiosk", "自助机", "自动配对 / pairs itself"},
		{"/screen", "大屏", "自动配对 / pairs itself"},
		{"/phone", "求职者", "手机 13900000001，验证码见登录页 / code shown on the page"},
		{"/employer", "用工主体", "手机 13800000001，验证码见登录页"},
		{"/station", "驿站", "hz-operator  " + demo.Password},
		{"/desk", "帮扶", "xc-caseworker（村）、xc-town（镇）  " + demo.Password},
		{"/dashboard", "指标", "bureau  " + demo.Password},
		{"/admin", "管理", "admin  " + demo.Password},
		{"/api/docs", "接口", "—"},
	} {
		fmt.Fprintf(s.out, "  http://%s%-11s %-10s %s\n", addr, e[0], e[1], e[2])
	}
}

// progress shows how far a long work is, on one line.
func (s *session) progress() func(stage string, done, total int) {
	last := ""
	return func(stage string, done, total int) {
		if total == 0 {
			return
		}
		line := fmt.Sprintf("%s %d%%", stage, done*100/total)
		if line != last {
			fmt.Fprintf(s.err, "\r%-60s", line)
			last = line
		}
		if done >= total {
			fmt.Fprintln(s.err)
		}
	}
}
