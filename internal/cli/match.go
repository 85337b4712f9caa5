package cli

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/spf13/cobra"

	"linggong/internal/dbx"
	"linggong/internal/matching/assign"
	"linggong/internal/matching/assign/certify"
	"linggong/internal/matching/assign/problem"
)

func (s *session) match() *cobra.Command {
	c := &cobra.Command{
		Use: "match", Short: "多对多的最优分派 / the best assignment of many to many, and its proof",
		Example: "  linggong match assign --in problem.json --out result.json\n  linggong match verify --problem problem.json --result result.json",
	}
	c.AddCommand(s.matchAssign(), s.matchVerify())
	return c
}

func (s *session) matchAssign() *cobra.Command {
	var in, out, salt string
	var deadline time.Duration
	var threads int
	c := &cobra.Command{
		Use: "assign", Short: "求解 / solve",
		Long:    "problem.json: {\"workers\":[{\"id\",\"capacity\"?}],\"places\":[{\"id\",\"capacity\",\"min\"?}],\"edges\":[{\"worker\",\"place\",\"weight\"}],\"sense\":\"max\"|\"min\",\"require_all_workers\"?}\nresult.json: {\"pairs\",\"objective\",\"optimal\",\"bound\",\"prices\"}",
		Example: "  linggong match assign --in problem.json --out result.json --deadline 1s",
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			if threads < 1 || deadline < 0 {
				return badCall{errors.New("--threads is at least 1 and --deadline not negative")}
			}
			p, err := readProblem(in)
			if err != nil {
				return err
			}
			if err := someToAssign(p); err != nil {
				return err
			}
			o := assign.Options{Salt: salt, Threads: threads}
			start := dbx.Now()
			if deadline > 0 {
				o.Stop = func() bool { return dbx.Now().Sub(start) > deadline }
			}
			r, err := assign.Assign(p, o)
			if err != nil {
				return err
			}
			if err := writeWhole(out, func(w io.Writer) error { return problem.WriteResult(w, p, r) }); err != nil {
				return err
			}
			fmt.Fprintf(s.out, "%d 对，目标值 %d，上界 %d，最优 %v，用时 %v / pairs, objective, bound, optimal, took\n",
				len(r.Pairs), r.Objective, r.Bound, r.Optimal, dbx.Now().Sub(start).Round(time.Millisecond))
			return nil
		},
	}
	c.Flags().StringVar(&in, "in", "", "problem.json")
	c.Flags().StringVar(&out, "out", "", "result.json")
	c.Flags().StringVar(&salt, "salt", "", "并列时轮流的依据，如日期 / turns the order of ties, e.g. the date")
	c.Flags().DurationVar(&deadline, "deadline", 0, "读完文件起算，到时给出目前最好的答案与已证明的界 / counted once the file is read: the best so far by then, with its proven bound")
	c.Flags().IntVar(&threads, "threads", runtime.NumCPU(), "并行数，不影响结果 / goroutines; the result does not depend on it")
	return required(c, "in", "out")
}

func (s *session) matchVerify() *cobra.Command {
	var in, result string
	c := &cobra.Command{
		Use: "verify", Short: "独立检验一个结果 / check a result with its own prices",
		Example: "  linggong match verify --problem problem.json --result result.json",
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			p, err := readProblem(in)
			if err != nil {
				return err
			}
			f, err := os.Open(result)
			if err != nil {
				return badCall{err}
			}
			defer f.Close() //nolint:errcheck // only read
			r, err := problem.ReadResult(bufio.NewReader(f), p)
			if err != nil {
				return err
			}
			report, err := certify.Verify(p, r)
			if err != nil {
				fmt.Fprintln(s.err, err)
				return errFound
			}
			return s.json(report)
		},
	}
	c.Flags().StringVar(&in, "problem", "", "problem.json")
	c.Flags().StringVar(&result, "result", "", "result.json")
	return required(c, "problem", "result")
}

// someToAssign refuses a file in which there is nobody or nowhere.
func someToAssign(p problem.Problem) error {
	name := ""
	switch {
	case len(p.Workers) == 0:
		name = "workers"
	case len(p.Places) == 0:
		name = "places"
	default:
		return nil
	}
	return problem.ErrProblem.Saying(name+"：名单是空的，没有可分派的", name+": the list is empty, there is nothing to assign").On(name, "empty", "名单是空的")
}

func readProblem(path string) (problem.Problem, error) {
	f, err := os.Open(path)
	if err != nil {
		return problem.Problem{}, badCall{err}
	}
	defer f.Close() //nolint:errcheck // only read
	return problem.Read(bufio.NewReaderSize(f, 1<<20))
}

// writeWhole writes a file in full or not at all.
func writeWhole(path string, fn func(io.Writer) error) error {
	tmp, err := os.CreateTemp(filepath.Dir(path), ".linggong-*")
	if err != nil {
		return badCall{err}
	}
	w := bufio.NewWriterSize(tmp, 1<<20)
	err = errors.Join(fn(w), w.Flush(), tmp.Close())
	if err == nil {
		err = os.Rename(tmp.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(tmp.Name()))
	}
	return nil
}

func required(c *cobra.Command, flags ...string) *cobra.Command {
	for _, f := range flags {
		if err := c.MarkFlagRequired(f); err != nil {
			panic(err) // the flag stands a line above
		}
	}
	return c
}
