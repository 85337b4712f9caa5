package cli

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"linggong/internal/matching"
	"linggong/internal/matching/simulate"
)

func (s *session) simulate() *cobra.Command {
	c := &cobra.Command{
		Use: "simulate", Short: "用虚构的人和活试跑规则 / try rules on made people and work",
		Example: "  linggong simulate matching --days 90 --seed 1",
	}
	c.AddCommand(s.simulateMatching())
	return c
}

func (s *session) simulateMatching() *cobra.Command {
	var o simulate.Options
	var tiers string
	var asJSON bool
	c := &cobra.Command{
		Use: "matching", Short: "同样的人和活，三种分派办法各过许多天 / the same people and work under three ways to match",
		Long: "逐对先到先配、只看合适度、先照顾久等再看合适度；报告最长等候、机会的基尼系数、名额填满率、平均合适度。\n" +
			"Best pair first, best fit, and who waited first then best fit: longest wait, Gini of gigs, fill rate, mean fit.",
		Example: "  linggong simulate matching --days 90 --workers 400 --tiers \"14 7\" --json",
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			order := matching.ParseOrder(tiers)
			if o.Days < 1 || o.Days > 3650 || o.Workers < 1 || o.Workers > 20_000 || o.Shifts < 1 || o.Shifts > 5000 || o.Seats < 1 || o.Seats > 1000 {
				return badCall{errors.New("--days 1…3650, --workers 1…20000, --shifts 1…5000, --seats 1…1000")}
			}
			if len(order) == 0 {
				return badCall{fmt.Errorf("--tiers %q names no days, as in \"14 7\"", tiers)}
			}
			var reports []simulate.Report
			for _, r := range simulate.Rules(order) {
				rep, err := simulate.Run(o, r, order)
				if err != nil {
					return err
				}
				reports = append(reports, rep)
			}
			if asJSON {
				return s.json(reports)
			}
			s.simulated(reports)
			return nil
		},
	}
	c.Flags().IntVar(&o.Days, "days", 90, "天数 / days")
	c.Flags().IntVar(&o.Workers, "workers", 400, "人数 / people")
	c.Flags().IntVar(&o.Shifts, "shifts", 24, "每天的班次 / shifts a day")
	c.Flags().IntVar(&o.Seats, "seats", 5, "一个班次最多几个名额 / at most so many places in a shift")
	c.Flags().Uint64Var(&o.Seed, "seed", 1, "种子 / seed")
	c.Flags().StringVar(&tiers, "tiers", "14 7", "先照顾等了多少天以上的 / who waited so many days comes first")
	c.Flags().BoolVar(&asJSON, "json", false, "JSON")
	return c
}

// simulated prints the reports side by side.
func (s *session) simulated(reports []simulate.Report) {
	fmt.Fprintf(s.out, "%-34s %8s %7s %7s %9s %9s %7s %9s %11s\n", "", "placed", "filled", "fit", "longest", "95 of 100", "Gini", "passes", "out of turn")
	for _, r := range reports {
		fmt.Fprintf(s.out, "%-34s %8d %6.1f%% %6.1f%% %7d d %7d d %7.3f %7d d %11d\n",
			r.Rule, r.Placed, 100*r.FillRate, r.MeanFit, r.LongestWait, r.P95Wait, r.Gini, r.MostPasses, r.OutOfOrder)
	}
	last := reports[len(reports)-1]
	fmt.Fprintf(s.out, "%d 天，%d 人，%d 个名额；每一天的分派都经核验：%v / each day's assignment proved: %v\n", last.Days, last.Workers, last.Places, last.Proved, last.Proved)
}
