package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"linggong/internal/search"
)

func (s *session) search() *cobra.Command {
	c := &cobra.Command{
		Use: "search", Short: "搜索质量 / how good the search is",
		Example: "  linggong search eval --gold internal/search/gold/held.tsv --docs internal/search/gold/docs.csv",
	}
	c.AddCommand(s.searchEval())
	return c
}

// evalOptions are the flags of search eval.
type evalOptions struct {
	gold, docs, engine     string
	asJSON, accept, detail bool
	check                  bool
}

func (s *session) searchEval() *cobra.Command {
	var o evalOptions
	c := &cobra.Command{
		Use: "eval", Short: "用标注好的查询衡量搜索 / measure the search with labelled queries",
		Long: "在一个临时库里收录文档，照产品的做法（理解、筛选、排序、放宽）逐条搜索，与标注比较。\n" +
			"GOLD: TSV query_id, kind, query, wanted_ids, acceptable_ids, forbidden_ids（编号以空格分隔 / ids separated by blanks）\n" +
			"DOCS: CSV id, title, description, trade, town, pay_min_fen, pay_unit, tags；别的列不看 / other columns are passed over\n" +
			"recall@10: of what is wanted, the share in the first ten (of ten, where more is wanted). precision@3: of the first three shown,\n" +
			"the share wanted or acceptable. MRR: 1 ÷ place of the first wanted. forbidden: forbidden ones shown, among the first hundred.",
		Example: "  linggong search eval --gold gold.tsv --docs docs.csv --json\n  linggong search eval --gold gold.tsv --docs docs.csv --accept",
		Args:    cobra.NoArgs,
		RunE:    func(c *cobra.Command, _ []string) error { return s.evalSearch(c.Context(), o) },
	}
	c.Flags().StringVar(&o.gold, "gold", "", "标注的查询 / labelled queries, TSV")
	c.Flags().StringVar(&o.docs, "docs", "", "文档 / documents, CSV")
	c.Flags().StringVar(&o.engine, "engine", "sql", "sql | meili（meili 需要 LINGGONG_MEILI_URL / needs it）")
	c.Flags().BoolVar(&o.asJSON, "json", false, "JSON")
	c.Flags().BoolVar(&o.accept, "accept", false, "记为通过的一次，以后与它比较 / keep this run as the accepted one, beside GOLD")
	c.Flags().BoolVar(&o.detail, "failures", false, "列出不如标注的查询 / list the queries that are not as labelled")
	c.Flags().BoolVar(&o.check, "check", false, "与通过的一次不同即退出 1 / exit 1 where the answers are not those of the accepted run")
	return required(c, "gold", "docs")
}

func (s *session) evalSearch(ctx context.Context, o evalOptions) error {
	if o.engine != "sql" && o.engine != "meili" {
		return badCall{fmt.Errorf("--engine %q is neither sql nor meili", o.engine)}
	}
	docs, queries, err := readGold(o.docs, o.gold)
	if err != nil {
		return badCall{err}
	}
	market, err := s.goldMarket(ctx, o.engine, docs)
	if err != nil {
		return err
	}
	report, err := search.Measure(ctx, queries, market.find)
	if err = errors.Join(err, market.close()); err != nil {
		return err
	}
	accepted, err := readAccepted(o.gold)
	if err != nil {
		return badCall{err}
	}
	changes := report.Changes(accepted.Tops, queries)
	if o.asJSON {
		err = s.json(report)
	} else {
		s.tell(report, o.detail)
		s.tellChanges(changes, accepted, docs)
	}
	switch {
	case err != nil:
		return err
	case o.accept:
		return writeAccepted(o.gold, acceptedRun{Engine: o.engine, Overall: report.Overall, Tops: report.Tops})
	case o.check:
		return s.held(o.gold, changes, accepted, report)
	}
	return nil
}

func readGold(docsPath, goldPath string) ([]search.GoldDoc, []search.GoldQuery, error) {
	d, err := os.Open(docsPath)
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = d.Close() }() // only read
	docs, err := search.ReadGoldDocs(docsPath, d)
	if err != nil {
		return nil, nil, err
	}
	g, err := os.Open(goldPath)
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = g.Close() }()
	queries, err := search.ReadGold(goldPath, g, docs)
	return docs, queries, err
}

func (s *session) tell(r search.Report, detail bool) {
	line := func(name string, n int, f search.Figures) {
		fmt.Fprintf(s.out, "%-12s %7d %10.4f %12.4f %8.4f %10d\n", name, n, f.RecallAt10, f.PrecisionAt3, f.MRR, f.ForbiddenHits)
	}
	fmt.Fprintf(s.out, "%-12s %7s %10s %12s %8s %10s\n", "kind", "queries", "recall@10", "precision@3", "MRR", "forbidden")
	total := 0
	for _, k := range r.Kinds {
		line(k, r.Counts[k], r.ByKind[k])
		total += r.Counts[k]
	}
	line("overall", total, r.Overall)
	if !detail {
		return
	}
	for _, f := range r.Failures {
		fmt.Fprintf(s.out, "%s\t%s\t%s\trecall %.2f\tprecision %.2f\ttop %s\tmissing %s\tforbidden %s\n", f.QueryID, f.Kind, f.Query,
			f.RecallAt10, f.PrecisionAt3, strings.Join(f.Top, " "), strings.Join(f.Missing, " "), strings.Join(f.Forbidden, " "))
	}
}
