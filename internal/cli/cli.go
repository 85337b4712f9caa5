// Package cli is the command line: one binary, honest exit codes, plain words.
//
// Exit 0: done. Exit 1: something was found wrong. Exit 2: a bad call or input.
package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"

	"github.com/spf13/cobra"

	"linggong/internal/app"
	"linggong/internal/config"
	"linggong/internal/errs"
)

// The exit codes.
const (
	exitDone  = 0
	exitWrong = 1
	exitBad   = 2
)

// errFound says a command did its work and found something wrong. It has been
// told already.
var errFound = errors.New("something is wrong")

// badCall is a wrong flag, argument or file.
type badCall struct{ error }

// session is one call of the program.
type session struct {
	in         io.Reader
	out, err   io.Writer
	configFile string
}

// Run runs one command and returns its exit code.
func Run(ctx context.Context, args []string, in io.Reader, out, errOut io.Writer) int {
	s := &session{in: in, out: out, err: errOut}
	root := &cobra.Command{
		Use:   "linggong",
		Short: "零工通：公共零工市场与就业帮扶 / public gig-work market and employment assistance",
		Example: `  linggong demo                         演示城市，127.0.0.1:8080 / the demo city
  linggong serve                        正式服务 / the service
  linggong rules minimum-wage --on 2026-06-01 --region 330481`,
		Version:       app.Version,
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	root.SetArgs(args)
	root.SetIn(in)
	root.SetOut(out)
	root.SetErr(errOut)
	root.CompletionOptions.DisableDefaultCmd = true
	root.PersistentFlags().StringVar(&s.configFile, "config", "", "YAML 配置文件 / configuration file; the environment wins over it")
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return badCall{err} })
	root.AddCommand(
		s.serve(), s.demo(), s.migrate(), s.rules(), s.match(), s.simulate(), s.search(), s.verify(), s.rollup(), s.reindex(),
		s.imports(), s.exports(), s.jobs(), s.doctor(), s.backup(), s.restore(), s.keys(), s.openapi(),
	)
	err := root.ExecuteContext(ctx)
	return s.explain(err)
}

// explain tells what went wrong, in the reader's words, and returns the code.
func (s *session) explain(err error) int {
	if err == nil {
		return exitDone
	}
	if errors.Is(err, errFound) {
		return exitWrong
	}
	if e, ok := errors.AsType[*errs.Error](err); ok && e.Kind != errs.Internal {
		fmt.Fprintf(s.err, "%s（%s）\n", e.Message, e.Code)
		for _, f := range e.Fields {
			fmt.Fprintf(s.err, "  %s：%s\n", f.Name, f.Message)
		}
		if e.Rule != "" {
			fmt.Fprintf(s.err, "  规则 %s，来源：%s\n", e.Rule, e.Source)
		}
		if e.Remedy != "" {
			fmt.Fprintf(s.err, "  怎么办：%s\n", e.Remedy)
		}
		if e.Err != nil {
			fmt.Fprintf(s.err, "  原因：%v\n", e.Err)
		}
		if e.Kind == errs.Invalid {
			return exitBad
		}
		return exitWrong
	}
	fmt.Fprintln(s.err, "linggong:", err)
	var bad badCall
	if errors.As(err, &bad) || strings.HasPrefix(err.Error(), "unknown command") || strings.Contains(err.Error(), "arg(s)") || strings.HasPrefix(err.Error(), "required flag") {
		fmt.Fprintln(s.err, "用法见 linggong help / see linggong help")
		return exitBad
	}
	return exitWrong
}

// json writes v indented.
func (s *session) json(v any) error {
	enc := json.NewEncoder(s.out)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

func (s *session) config() (config.Config, error) { return config.Load(s.configFile) }

func (s *session) logger(level string) *slog.Logger {
	var l slog.Level
	if err := l.UnmarshalText([]byte(level)); err != nil {
		l = slog.LevelInfo
	}
	return slog.New(slog.NewJSONHandler(s.err, &slog.HandlerOptions{Level: l}))
}

// open puts the program together for a command.
func (s *session) open(ctx context.Context, o app.Options) (*app.App, error) {
	cfg, err := s.config()
	if err != nil {
		return nil, err
	}
	if o.Log == nil {
		o.Log = s.logger("warn")
	}
	return app.Open(ctx, cfg, o)
}

// with opens the program, runs fn and closes it.
func (s *session) with(ctx context.Context, fn func(a *app.App) error) error {
	a, err := s.open(ctx, app.Options{})
	if err != nil {
		return err
	}
	return errors.Join(fn(a), a.Close())
}
