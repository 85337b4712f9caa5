package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"linggong/internal/dbx"
	"linggong/internal/migrate"
)

func (s *session) migrate() *cobra.Command {
	c := &cobra.Command{
		Use: "migrate", Short: "表结构 / the schema: up, down, status",
		Example: "  linggong migrate status\n  linggong migrate up",
	}
	with := func(ctx context.Context, fn func(db *dbx.DB) error) error {
		cfg, err := s.config()
		if err != nil {
			return err
		}
		db, err := dbx.Open(ctx, cfg.Database(), dbx.Options{})
		if err != nil {
			return err
		}
		return errors.Join(fn(db), db.Close())
	}
	c.AddCommand(
		&cobra.Command{Use: "up", Short: "升级到本程序的表结构 / apply what is pending", Example: "  linggong migrate up", Args: cobra.NoArgs, RunE: func(c *cobra.Command, _ []string) error {
			return with(c.Context(), func(db *dbx.DB) error {
				n, err := migrate.Up(c.Context(), db)
				if err == nil {
					fmt.Fprintf(s.out, "应用了 %d 项 / applied %d\n", n, n)
				}
				return err
			})
		}},
		&cobra.Command{Use: "down", Short: "撤回最近一项（会丢数据）/ undo the newest; its data is lost", Example: "  linggong migrate down", Args: cobra.NoArgs, RunE: func(c *cobra.Command, _ []string) error {
			return with(c.Context(), func(db *dbx.DB) error {
				name, err := migrate.Down(c.Context(), db)
				if err == nil && name == "" {
					name = "（没有可撤回的 / nothing left）"
				}
				fmt.Fprintln(s.out, name)
				return err
			})
		}},
		&cobra.Command{Use: "status", Short: "每一项与应用时间 / each, and when it was applied", Example: "  linggong migrate status", Args: cobra.NoArgs, RunE: func(c *cobra.Command, _ []string) error {
			return with(c.Context(), func(db *dbx.DB) error {
				all, err := migrate.Status(c.Context(), db)
				for _, m := range all {
					state := "未应用 / pending"
					if !m.Applied.IsZero() {
						state = m.Applied.Format("2006-01-02 15:04:05")
					}
					fmt.Fprintf(s.out, "%04d  %-28s %s\n", m.Version, m.Name, state)
				}
				return err
			})
		}},
	)
	return c
}
