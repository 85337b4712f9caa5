// Program check runs every check there is and says plainly how it went.
//
// `make test` starts it. It installs what the machine lacks when it may, starts
// private servers on free ports and stops them, runs the steps of plan.go two
// at a time, goes on after a failure, and ends with the line "N passed, N failed"
// and exit status 0 or 1. It uses the standard library only, so that it starts
// at once; what it does is a plain list, not a framework.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"
)

func main() {
	// The terminal's Ctrl-C and a supervisor's SIGTERM end every step and stop
	// every server before we go.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	code := run(ctx, os.Args[1:], os.Stdout)
	stop()
	os.Exit(code)
}

// run is the program: 0 all passed, 1 something failed, 2 a bad call.
func run(ctx context.Context, args []string, out io.Writer) int {
	flags := flag.NewFlagSet("check", flag.ContinueOnError)
	flags.SetOutput(out)
	only := flags.String("only", "", "run these steps and what they need: names with commas between")
	list := flags.Bool("list", false, "list the steps and stop")
	jobs := flags.Int("jobs", min(2, runtime.NumCPU()), "steps at a time")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	steps := plan()
	if *list {
		for _, s := range steps {
			fmt.Fprintf(out, "%-14s %s\n", s.name, s.does)
		}
		return 0
	}
	steps, err := choose(steps, *only)
	if err == nil {
		err = atRoot()
	}
	if err != nil {
		fmt.Fprintln(out, err)
		return 2
	}
	con := newConsole(out, time.Now)
	s := &site{logs: filepath.Join("var", "check"), env: cleanEnv(os.Environ()), con: con}
	if err := os.MkdirAll(s.logs, 0o750); err != nil {
		fmt.Fprintln(out, err)
		return 2
	}
	con.begin(len(steps), *jobs)
	results := schedule(ctx, s, steps, max(1, *jobs))
	s.close()
	return con.finish(results, ctx.Err() != nil)
}

// choose keeps the named steps and, through them, what they need.
func choose(steps []*step, only string) ([]*step, error) {
	if only == "" {
		return steps, nil
	}
	want := map[string]bool{}
	var add func(name string) error
	add = func(name string) error {
		i := slices.IndexFunc(steps, func(s *step) bool { return s.name == name })
		if i < 0 {
			return fmt.Errorf("there is no step %q; -list names them", name)
		}
		want[name] = true
		for _, need := range steps[i].needs {
			if err := add(need); err != nil {
				return err
			}
		}
		return nil
	}
	for name := range strings.SplitSeq(only, ",") {
		if err := add(strings.TrimSpace(name)); err != nil {
			return nil, err
		}
	}
	return slices.DeleteFunc(slices.Clone(steps), func(s *step) bool { return !want[s.name] }), nil
}

// atRoot moves to the folder that holds go.mod.
func atRoot() error {
	dir, err := os.Getwd()
	if err != nil {
		return fmt.Errorf("find the project: %w", err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return os.Chdir(dir)
		}
		if parent := filepath.Dir(dir); parent != dir {
			dir = parent
			continue
		}
		return errors.New("find the project: no go.mod here or above")
	}
}

// cleanEnv drops what could lead a test to somebody's real service: our own
// settings and libpq's. The path of a browser may stay.
func cleanEnv(env []string) []string {
	return slices.DeleteFunc(slices.Clone(env), func(kv string) bool {
		name, _, _ := strings.Cut(kv, "=")
		return strings.HasPrefix(name, "LINGGONG_") && name != "LINGGONG_TEST_CHROMIUM" ||
			strings.HasPrefix(name, "PG") && name != "PGO"
	})
}
