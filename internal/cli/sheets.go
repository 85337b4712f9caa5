package cli

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strconv"
	"time"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"
	"golang.org/x/term"

	"linggong/internal/app"
	"linggong/internal/dbx"
	"linggong/internal/intake"
	"linggong/internal/intake/intakedb"
)

func (s *session) imports() *cobra.Command {
	c := &cobra.Command{Use: "import", Short: "导入表格 / take sheets in", Example: "  linggong import postings 岗位.csv --dry-run"}
	c.AddCommand(s.importPostings())
	return c
}

func (s *session) importPostings() *cobra.Command {
	var dry, asJSON bool
	var verdicts string
	c := &cobra.Command{
		Use: "postings FILE.csv", Short: "导入外部岗位，逐行给出结论 / postings of elsewhere, a verdict for every row",
		Long: "读 UTF-8、带 BOM 的 UTF-8、GB18030、UTF-16；表头按名字认，次序不限。坏行不影响好行；再导入一次，没有变化的行不动。\n" +
			"导入的岗位留存在市场之外，须由用工方确认后另行发布。退出码：0 全部接受，1 有行被拒，2 文件不能用（什么都没有写入）。\n" +
			"Reads UTF-8, UTF-8 with BOM, GB18030 and UTF-16; columns by name, in any order. A bad row stops no good one; a second run changes nothing.\n" +
			"What comes in stays beside the market until its employer confirms it. Exit: 0 every row taken, 1 some refused, 2 the file is unusable and nothing was written.",
		Example: "  linggong import postings 岗位.csv --dry-run --verdicts 结论.csv\n  linggong import postings postings.csv --json",
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			f, err := os.Open(args[0])
			if err != nil {
				return badCall{err}
			}
			defer f.Close() //nolint:errcheck // only read
			info, err := f.Stat()
			if err != nil || !info.Mode().IsRegular() {
				return badCall{errors.Join(err, fmt.Errorf("%s 不是普通文件 / not a regular file", args[0]))}
			}
			told, finish, err := s.tellVerdicts(verdicts, asJSON)
			if err != nil {
				return badCall{err}
			}
			bar := s.bar(2*info.Size(), "读取 / reading")
			var sum intake.Summary
			err = s.with(c.Context(), func(a *app.App) error {
				var err error
				sum, err = newIntake(a).Import(c.Context(), f, intake.Options{DryRun: dry, Told: told, Read: func(n int64) { bar(n) }})
				return err
			})
			if err = errors.Join(err, finish()); err != nil {
				return err
			}
			return s.tellSummary(sum, asJSON)
		},
	}
	c.Flags().BoolVar(&dry, "dry-run", false, "只看结论，不写入 / verdicts only")
	c.Flags().BoolVar(&asJSON, "json", false, "逐行 JSON，最后一行是汇总 / JSON lines, the summary last")
	c.Flags().StringVar(&verdicts, "verdicts", "", "把每行结论写进一个 CSV / write the verdicts as CSV")
	return c
}

func newIntake(a *app.App) *intake.Service {
	return intake.NewService(intake.Deps{Store: intakedb.NewStore(a.DB), Tx: a.DB, Regions: a.Regions, NewID: dbx.NewID, Now: a.Now})
}

// bar shows how far a file is read, on a terminal only.
func (s *session) bar(size int64, what string) func(int64) {
	f, ok := s.err.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return func(int64) {}
	}
	b := progressbar.NewOptions64(size, progressbar.OptionSetWriter(s.err), progressbar.OptionSetDescription(what),
		progressbar.OptionShowBytes(true), progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish())
	return func(n int64) {
		if err := b.Add64(n); err != nil {
			s.logger("warn").Debug("progress", "err", err)
		}
	}
}

// tellVerdicts returns who is told of each row, and what closes it. On the
// screen only rows with something to do are shown, a hundred at most.
func (s *session) tellVerdicts(path string, asJSON bool) (func(intake.Verdict) error, func() error, error) {
	if asJSON {
		return func(v intake.Verdict) error { return s.json(v) }, func() error { return nil }, nil
	}
	shown := 0
	screen := func(v intake.Verdict) {
		if v.Outcome != intake.Refused {
			return
		}
		if shown++; shown <= 100 {
			for _, n := range v.Notes {
				fmt.Fprintf(s.out, "第 %d 行 %s：%s。%s\n", v.Line, n.Column, n.Reason, n.Remedy)
			}
		}
	}
	if path == "" {
		return func(v intake.Verdict) error { screen(v); return nil }, func() error { return nil }, nil
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_EXCL, 0o600)
	if err != nil {
		return nil, nil, fmt.Errorf("结论文件 / the file of verdicts: %w", err)
	}
	if _, err := io.WriteString(f, "\uFEFF"); err != nil {
		return nil, nil, errors.Join(err, f.Close())
	}
	w := csv.NewWriter(f)
	if err := w.Write([]string{"line", "id", "outcome", "column", "code", "reason", "remedy"}); err != nil {
		return nil, nil, errors.Join(err, f.Close())
	}
	told := func(v intake.Verdict) error {
		screen(v)
		notes := v.Notes
		if len(notes) == 0 {
			notes = []intake.Note{{}}
		}
		for _, n := range notes {
			if err := w.Write([]string{strconv.Itoa(v.Line), v.ID, string(v.Outcome), n.Column, n.Code, n.Reason, n.Remedy}); err != nil {
				return err
			}
		}
		return nil
	}
	return told, func() error { w.Flush(); return errors.Join(w.Error(), f.Close()) }, nil
}

func (s *session) tellSummary(sum intake.Summary, asJSON bool) error {
	if asJSON {
		if err := s.json(sum); err != nil {
			return err
		}
	} else {
		how := ""
		if sum.DryRun {
			how = "（试运行，未写入 / dry run）"
		}
		fmt.Fprintf(s.out, "%s %d 行%s：新 %d，有变化 %d，没有变化 %d，拒绝 %d；在本市 %d\n", sum.Encoding, sum.Rows, how,
			sum.Outcomes[intake.New], sum.Outcomes[intake.Changed], sum.Outcomes[intake.Unchanged], sum.Outcomes[intake.Refused], sum.InTheCity)
		for _, code := range sortedKeys(sum.Notes) {
			fmt.Fprintf(s.out, "  %-20s %d\n", code, sum.Notes[code])
		}
		if len(sum.Ignored) > 0 {
			fmt.Fprintf(s.out, "不认识的列（忽略）/ ignored: %v\n", sum.Ignored)
		}
	}
	if sum.Outcomes[intake.Refused] > 0 {
		return errFound
	}
	return nil
}

func (s *session) exports() *cobra.Command {
	c := &cobra.Command{Use: "export", Short: "导出表格 / give sheets out", Example: "  linggong export postings --out 岗位.csv"}
	var out string
	p := &cobra.Command{
		Use: "postings", Short: "导出导入过的外部岗位 / the postings of elsewhere, as they came",
		Long:    "列与导入相同，再导入不会有变化；会被表格软件当作公式的内容前加单引号。\nThe same columns as the import, which takes it back without a change; what a spreadsheet would run gets a quote.",
		Example: "  linggong export postings --out 岗位.csv",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return s.with(c.Context(), func(a *app.App) error {
				rows := 0
				write := func(w io.Writer) error {
					var err error
					rows, err = newIntake(a).Export(c.Context(), w)
					return err
				}
				if out == "-" {
					return write(s.out)
				}
				if err := writeWhole(out, write); err != nil {
					return err
				}
				fmt.Fprintf(s.out, "已写入 %d 行到 %s / rows written\n", rows, out)
				return nil
			})
		},
	}
	p.Flags().StringVar(&out, "out", "-", "文件；- 为标准输出 / a file, or - for standard output")
	c.AddCommand(p)
	return c
}

func sortedKeys(m map[string]int) []string { return slices.Sorted(maps.Keys(m)) }
