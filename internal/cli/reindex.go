package cli

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"linggong/internal/app"
	"linggong/internal/dbx"
	"linggong/internal/search/follow"
)

// verifyIndex compares every text index with the rows, by counts and checksums
// of id, version and state town by town, and the documents of towns that differ.
func verifyIndex(ctx context.Context, a *app.App) ([]finding, error) {
	all, err := a.Follow.Check(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]finding, len(all))
	for i, x := range all {
		out[i] = finding{Name: fmt.Sprintf("%s in %s = rows 索引与数据库一致", x.Collection, x.Engine), Checked: int64(x.Rows)}
		if len(x.IDs()) == 0 {
			continue
		}
		out[i].Broken = append(out[i].Broken, fmt.Sprintf("索引 %d，数据库 %d；缺 %d，旧 %d，超前 %d，多 %d；服务每十分钟自动修复，或运行 linggong reindex",
			x.Docs, x.Rows, len(x.Missing), len(x.Stale), len(x.Ahead), len(x.Extra)))
		for _, town := range slices.Sorted(maps.Keys(x.Towns)) {
			out[i].Broken = append(out[i].Broken, fmt.Sprintf("%s: %d", town, x.Towns[town]))
		}
	}
	return out, nil
}

// reindexOptions are the flags of reindex.
type reindexOptions struct {
	engine string
	check  bool
}

func (s *session) reindex() *cobra.Command {
	var o reindexOptions
	c := &cobra.Command{
		Use: "reindex", Short: "重建搜索索引，期间照常可搜 / rebuild the search indexes beside the old ones",
		Long: "服务可以照常运行：旧索引一直应答到新索引就位的一刻，其间的改动随后补上。\n" +
			"--check 只核对不改动，有不一致时退出码为 1。\n" +
			"The service may go on: the old index answers until the new one takes its place, and what changed meanwhile is brought over.\n" +
			"--check compares and changes nothing; it exits 1 where something differs.",
		Example: "  linggong reindex\n  linggong reindex --engine meili\n  linggong reindex --check", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if o.engine != "all" && o.engine != follow.SQL && o.engine != follow.Meili {
				return badCall{fmt.Errorf("--engine %q is none of all, sql, meili", o.engine)}
			}
			return s.with(c.Context(), func(a *app.App) error {
				if o.engine == follow.Meili && !a.Follow.Engines() {
					return badCall{errNoMeili}
				}
				if o.check {
					return s.checkIndexes(c.Context(), a, o.engine)
				}
				return s.rebuildIndexes(c.Context(), a, o.engine)
			})
		},
	}
	c.Flags().StringVar(&o.engine, "engine", "all", "all | sql | meili")
	c.Flags().BoolVar(&o.check, "check", false, "只核对 / only compare")
	return c
}

func (s *session) checkIndexes(ctx context.Context, a *app.App, engine string) error {
	all, err := verifyIndex(ctx, a)
	if err != nil {
		return err
	}
	for i := range all {
		all[i].Group = "index"
	}
	return s.tellFindings(slices.DeleteFunc(all, func(f finding) bool {
		return engine != "all" && !strings.Contains(f.Name, " in "+engine+" ")
	}), false)
}

func (s *session) rebuildIndexes(ctx context.Context, a *app.App, engine string) error {
	for _, c := range a.Follow.Collections {
		for _, to := range []struct {
			name  string
			index follow.Index
		}{{follow.SQL, c.Text}, {follow.Meili, c.Engine}} {
			if to.index == nil || engine != "all" && engine != to.name {
				continue
			}
			if err := s.rebuildIndex(ctx, a, c, to.name, to.index); err != nil {
				return err
			}
		}
	}
	return nil
}

// rebuildIndex tells how far it is on the error stream: every ten thousand
// documents, and what came of it on the other.
func (s *session) rebuildIndex(ctx context.Context, a *app.App, c follow.Collection, name string, to follow.Index) error {
	began := dbx.Now()
	const every = 10_000
	err := a.Follow.Reindex(ctx, c, to, func(n int) {
		if n%every == 0 {
			fmt.Fprintf(s.err, "%s %s: %d（%.0f/s）\n", name, c.Name, n, float64(n)/dbx.Now().Sub(began).Seconds())
		}
	})
	if err != nil {
		return err
	}
	n, err := to.Count(ctx)
	if err != nil {
		return errors.Join(fmt.Errorf("count %s in %s", c.Name, name), err)
	}
	fmt.Fprintf(s.out, "%s %s：索引了 %d 份文档，%s / indexed %d documents\n", name, c.Name, n, dbx.Now().Sub(began).Round(10*time.Millisecond), n)
	return nil
}
