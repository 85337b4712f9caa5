package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"linggong/internal/app"
	"linggong/internal/dbx"
)

// finding is one invariant of a store, and what breaks it.
type finding struct {
	Group   string   `json:"group"`
	Name    string   `json:"name"`
	Checked int64    `json:"checked"`
	Broken  []string `json:"broken"`
}

func (s *session) verify() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use: "verify [facts|market|cases|index]", Short: "检验一个库的全部承诺 / every invariant of a store, each with its count",
		Example:   "  linggong verify\n  linggong verify facts --json",
		Args:      cobra.MaximumNArgs(1),
		ValidArgs: []string{"facts", "market", "cases", "index"},
		RunE: func(c *cobra.Command, args []string) error {
			groups := map[string]func(context.Context, *app.App) ([]finding, error){"facts": verifyFacts, "market": verifyMarket, "cases": verifyCases, "index": verifyIndex}
			order := []string{"facts", "market", "cases", "index"}
			if len(args) == 1 {
				if groups[args[0]] == nil {
					return badCall{fmt.Errorf("没有 %q 这一组：facts、market、cases、index", args[0])}
				}
				order = args
			}
			return s.with(c.Context(), func(a *app.App) error {
				var all []finding
				for _, g := range order {
					found, err := groups[g](c.Context(), a)
					if err != nil {
						return err
					}
					for _, f := range found {
						f.Group = g
						all = append(all, f)
					}
				}
				return s.tellFindings(all, asJSON)
			})
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "JSON")
	return c
}

func (s *session) tellFindings(all []finding, asJSON bool) error {
	bad := 0
	for i := range all {
		if all[i].Broken == nil {
			all[i].Broken = []string{}
		}
		bad += len(all[i].Broken)
	}
	if asJSON {
		if err := s.json(all); err != nil {
			return err
		}
	} else {
		for _, f := range all {
			mark := "✓"
			if len(f.Broken) > 0 {
				mark = "✗"
			}
			fmt.Fprintf(s.out, "%s %-7s %-62s %d\n", mark, f.Group, f.Name, f.Checked)
			for _, b := range f.Broken {
				fmt.Fprintf(s.out, "    %s\n", b)
			}
		}
	}
	if bad > 0 {
		return errFound
	}
	return nil
}

func verifyFacts(ctx context.Context, a *app.App) ([]finding, error) {
	n, wrong, err := a.Rollups.Disagreements(ctx, 100)
	return []finding{{Name: "facts rebuilt = roll-ups 事实重算与汇总一致", Checked: n, Broken: wrong}}, err
}

// marketPromises are what the market never breaks: a query for what is looked
// at and one for what breaks it.
var marketPromises = []struct{ name, count, broken string }{
	{
		"no shift holds more than its places 没有班次超员", "SELECT count(*) FROM gig_shifts",
		"SELECT s.id FROM gig_shifts s WHERE s.filled > s.headcount OR s.filled <> (SELECT count(*) FROM gig_engagements e WHERE e.shift_id = s.id AND e.holds) LIMIT 100",
	},
	{
		"no worker is in two places at once 没有人同时在两处", "SELECT count(*) FROM gig_engagements WHERE holds",
		"SELECT a.id FROM gig_engagements a JOIN gig_engagements b ON a.worker_id = b.worker_id AND a.id < b.id AND a.holds AND b.holds AND a.starts_at < b.ends_at AND b.starts_at < a.ends_at LIMIT 100",
	},
	{
		"what is settled was paid 已结清的都有支付记录", "SELECT count(*) FROM gig_engagements WHERE status IN ('settled', 'closed')",
		"SELECT id FROM gig_engagements WHERE status IN ('settled', 'closed') AND (paid_at IS NULL OR amount_fen <= 0) LIMIT 100",
	},
	{
		"no welfare post holds more than its places 公岗不超名额", "SELECT count(*) FROM welfare_posts",
		"SELECT p.id FROM welfare_posts p WHERE p.taken > p.places OR p.taken <> (SELECT count(*) FROM welfare_placements x WHERE x.post_id = p.id AND x.active) LIMIT 100",
	},
}

func verifyMarket(ctx context.Context, a *app.App) ([]finding, error) {
	var out []finding
	for _, p := range marketPromises {
		f := finding{Name: p.name}
		g := a.DB.From(ctx)
		if err := g.Raw(p.count).Scan(&f.Checked).Error; err != nil {
			return nil, fmt.Errorf("verify %s: %w", p.name, dbx.Classify(err))
		}
		if err := a.DB.From(ctx).Raw(p.broken).Scan(&f.Broken).Error; err != nil {
			return nil, fmt.Errorf("verify %s: %w", p.name, dbx.Classify(err))
		}
		out = append(out, f)
	}
	return out, nil
}

func verifyCases(ctx context.Context, a *app.App) ([]finding, error) {
	all, err := a.DeskStore.Verify(ctx, a.Identity)
	var out []finding
	for _, x := range all {
		out = append(out, finding{Name: x.Name, Checked: int64(x.Checked), Broken: x.Broken})
	}
	return out, err
}

func (s *session) rollup() *cobra.Command {
	var rebuild bool
	c := &cobra.Command{
		Use: "rollup", Short: "汇总指标事实 / fold what has come in, or rebuild all of it",
		Example: "  linggong rollup\n  linggong rollup --rebuild",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return s.with(c.Context(), func(a *app.App) error {
				if rebuild {
					if err := a.Rollups.Rebuild(c.Context()); err != nil {
						return err
					}
					fmt.Fprintln(s.out, "已从事实重建 / rebuilt from the facts")
					return nil
				}
				total := 0
				for {
					n, err := a.Rollups.Fold(c.Context())
					if err != nil {
						return err
					}
					if n == 0 {
						fmt.Fprintf(s.out, "汇总了 %d 条 / folded %d\n", total, total)
						return nil
					}
					total += n
				}
			})
		},
	}
	c.Flags().BoolVar(&rebuild, "rebuild", false, "从事实重建")
	return c
}
