package cli

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"linggong/internal/day"
	"linggong/internal/dbx"
	"linggong/internal/errs"
	"linggong/internal/region"
	"linggong/internal/rules"
)

func (s *session) rules() *cobra.Command {
	c := &cobra.Command{
		Use: "rules", Short: "查一条规则及其来源 / one dated rule, with its source",
		Example: "  linggong rules retirement --sex female --category worker --born 1975-03\n  linggong rules workdays --from 2026-09-28 --days 7",
	}
	c.AddCommand(s.retirement(), s.workdays(), s.minimumWage(),
		s.numbers("id-number", "身份证号", func(n string) error {
			_, err := rules.ParseID(n, day.Of(dbx.Now()))
			return err
		}),
		s.numbers("credit-code", "统一社会信用代码", rules.CheckCreditCode))
	return c
}

func (s *session) retirement() *cobra.Command {
	var sex, category, born string
	c := &cobra.Command{
		Use: "retirement", Short: "法定退休年月 / the statutory retirement month",
		Example: "  linggong rules retirement --sex female --category worker --born 1975-03\n  linggong rules retirement --sex male --born 1970-01",
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			birth, err := day.Parse(born + "-01")
			if err != nil {
				return badCall{errors.New("--born 应为年月，例如 1975-03 / a year and month")}
			}
			switch {
			case sex != "male" && sex != "female":
				return badCall{errors.New("--sex 应为 male 或 female")}
			case sex == "female" && category != "worker" && category != "cadre" && category != "":
				return badCall{errors.New("--category 应为 worker（工人，50 岁起）或 cadre（干部，55 岁起）")}
			}
			cat, known := rules.CategoryOf(sex, category)
			answer := struct {
				rules.Retired
				Note string `json:"note,omitempty"`
			}{Retired: rules.Retirement(cat, birth)}
			if !known {
				answer.Note = "女性退休类别未给出，按较晚者（R-RET-01）"
			}
			return s.json(answer)
		},
	}
	c.Flags().StringVar(&sex, "sex", "", "male 或 female")
	c.Flags().StringVar(&category, "category", "", "女性：worker 工人、cadre 干部")
	c.Flags().StringVar(&born, "born", "", "出生年月 YYYY-MM")
	return c
}

func (s *session) workdays() *cobra.Command {
	var from string
	var days int
	var asJSON bool
	c := &cobra.Command{
		Use: "workdays", Short: "工作日期限 / a term in working days, each day with its reason",
		Example: "  linggong rules workdays --from 2026-09-28 --days 7",
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			d, err := day.Parse(from)
			if err != nil || days < 0 || days > 1000 {
				return badCall{errors.New("--from 应为日期 YYYY-MM-DD，--days 为 0 至 1000")}
			}
			t := rules.DefaultCalendar().Term(d, days)
			if asJSON {
				return s.json(t)
			}
			fmt.Fprintf(s.out, "%s\n", t.Due)
			for _, x := range t.Trace {
				mark := "  —"
				if x.Counts {
					mark = fmt.Sprintf("%3d", x.Nth)
				}
				fmt.Fprintf(s.out, "%s  %s  %s\n", mark, x.Date, x.Why)
			}
			if !t.Covered {
				fmt.Fprintln(s.err, "注意：期限跨到节假日安排尚未公布的年份，只按周末计算 / not announced yet: weekends only")
			}
			return nil
		},
	}
	c.Flags().StringVar(&from, "from", "", "起算日（不计入）/ not counted itself")
	c.Flags().IntVar(&days, "days", 0, "工作日数")
	c.Flags().BoolVar(&asJSON, "json", false, "JSON")
	return c
}

func (s *session) minimumWage() *cobra.Command {
	var on, code string
	c := &cobra.Command{
		Use: "minimum-wage", Short: "最低工资 / the minimum wage of a day and place",
		Example: "  linggong rules minimum-wage --on 2024-06-01 --region 330481",
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			d, err := day.Parse(on)
			if err != nil {
				return badCall{errors.New("--on 应为日期 YYYY-MM-DD")}
			}
			full := code + strings.Repeat("0", max(0, 12-len(code)))
			if !region.Code(full).Valid() {
				return badCall{errors.New("--region 应为地区代码，例如 330481")}
			}
			w, ok := rules.Default().MinimumWage(full, d)
			if !ok {
				return errs.New(errs.Invalid, "minimum_wage_unknown", "没有这一天这个地区的最低工资", "No minimum wage is known for that day and place.")
			}
			return s.json(map[string]any{
				"month_fen": w.MonthFen, "hour_fen": w.HourFen, "from": w.From, "published": w.Published, "source": w.Source, "confirmed": w.Confirmed,
			})
		},
	}
	c.Flags().StringVar(&on, "on", "", "用工日期")
	c.Flags().StringVar(&code, "region", "330481", "地区代码")
	return c
}

// numbers checks identifiers from the arguments, or one a line from stdin. It
// never repeats a number: the n-th line of the answer is for the n-th input.
func (s *session) numbers(use, what string, check func(string) error) *cobra.Command {
	return &cobra.Command{
		Use: use + " [N…]", Short: what + "：有效，或为什么无效 / valid, or why not",
		Example: "  linggong rules " + use + " 11010519491231002X\n  linggong rules " + use + " < file",
		RunE: func(_ *cobra.Command, args []string) error {
			bad := 0
			one := func(n string) {
				err := check(strings.TrimSpace(n))
				if err == nil {
					fmt.Fprintln(s.out, "valid")
					return
				}
				bad++
				e, ok := errors.AsType[*errs.Error](err)
				if !ok || len(e.Fields) == 0 {
					fmt.Fprintln(s.out, "invalid")
					return
				}
				fmt.Fprintf(s.out, "invalid\t%s\t%s\n", e.Fields[0].Code, e.Fields[0].Message)
			}
			for _, a := range args {
				one(a)
			}
			if len(args) == 0 {
				in := bufio.NewScanner(io.LimitReader(s.in, 1<<30))
				for in.Scan() {
					if strings.TrimSpace(in.Text()) != "" {
						one(in.Text())
					}
				}
				if err := in.Err(); err != nil {
					return badCall{fmt.Errorf("read input: %w", err)}
				}
			}
			if bad > 0 {
				return errFound
			}
			return nil
		},
	}
}
