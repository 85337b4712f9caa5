package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// clock is a clock that ticks a second at each look.
func clock() func() time.Time {
	var mu sync.Mutex
	now := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	return func() time.Time {
		mu.Lock()
		defer mu.Unlock()
		now = now.Add(time.Second)
		return now
	}
}

func good(context.Context, *job) error { return nil }

func bad(context.Context, *job) error { return errors.New("it broke") }

// runSteps schedules steps and returns what a person saw and the exit status.
func runSteps(t *testing.T, ctx context.Context, jobs int, steps ...*step) (string, []*result, int) { //nolint:revive // t first, as everywhere in tests
	t.Helper()
	var out bytes.Buffer
	con := newConsole(&out, clock())
	s := &site{logs: t.TempDir(), env: os.Environ(), con: con}
	results := schedule(ctx, s, steps, jobs)
	s.close()
	code := con.finish(results, ctx.Err() != nil)
	return out.String(), results, code
}

func TestTheLastLineIsPlainAndTrue(t *testing.T) {
	t.Parallel()
	counted := func(_ context.Context, j *job) error {
		j.passed, j.skipped = 40, 2
		j.reasons = []string{"TestX: no printer"}
		j.fault("TestY\nwant 1")
		return errors.New("exit status 1")
	}
	cases := map[string]struct {
		steps []*step
		last  string
		code  int
	}{
		"all well":        {[]*step{{name: "a", run: good}, {name: "b", run: good}}, "2 passed, 0 failed", 0},
		"one broke":       {[]*step{{name: "a", run: bad}, {name: "b", run: good}}, "1 passed, 1 failed", 1},
		"counted tests":   {[]*step{{name: "a", run: counted}}, "40 passed, 1 failed, 2 skipped", 1},
		"a panic":         {[]*step{{name: "a", run: func(context.Context, *job) error { panic("oh") }}, {name: "b", run: good}}, "1 passed, 1 failed", 1},
		"a need broke":    {[]*step{{name: "a", run: bad}, {name: "b", needs: []string{"a"}, run: good}}, "0 passed, 2 failed", 1},
		"only after":      {[]*step{{name: "a", run: bad}, {name: "b", after: []string{"a"}, run: good}}, "1 passed, 1 failed", 1},
		"not chosen":      {[]*step{{name: "b", after: []string{"a"}, run: good}}, "1 passed, 0 failed", 0},
		"waits for self":  {[]*step{{name: "a", after: []string{"b"}, run: good}, {name: "b", after: []string{"a"}, run: good}}, "0 passed, 2 failed", 1},
		"nothing was run": {nil, "0 passed, 0 failed", 1},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out, _, code := runSteps(t, t.Context(), 2, c.steps...)
			lines := strings.Split(strings.TrimRight(out, "\n"), "\n")
			if got := lines[len(lines)-1]; got != c.last || code != c.code {
				t.Errorf("got %q and %d, want %q and %d\n%s", got, code, c.last, c.code, out)
			}
		})
	}
}

func TestAFailureIsShownWithItsWords(t *testing.T) {
	t.Parallel()
	out, _, _ := runSteps(t, t.Context(), 1, &step{name: "lint", run: bad}, &step{name: "next", needs: []string{"lint"}, run: good})
	for _, want := range []string{"│ it broke", "lint.log", `not run: it needs "lint", which failed`, "failed: lint, next"} {
		if !strings.Contains(out, want) {
			t.Errorf("want %q in\n%s", want, out)
		}
	}
}

func TestTwoRunTogetherAndWhatWatchesTheClockRunsAlone(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	now, most, besideAlone := 0, 0, 0
	// Each step waits until its partner is there, so that the two overlap.
	meet := make(chan struct{})
	watch := func(alone bool, wait func()) func(context.Context, *job) error {
		return func(context.Context, *job) error {
			mu.Lock()
			now++
			most = max(most, now)
			if alone {
				besideAlone = now - 1
			}
			mu.Unlock()
			wait()
			mu.Lock()
			now--
			mu.Unlock()
			return nil
		}
	}
	runSteps(t, t.Context(), 2,
		&step{name: "alone", alone: true, after: []string{"a"}, run: watch(true, func() {})},
		&step{name: "a", run: watch(false, func() { meet <- struct{}{} })},
		&step{name: "b", run: watch(false, func() { <-meet })},
		&step{name: "c", run: watch(false, func() {})},
	)
	if most != 2 || besideAlone != 0 {
		t.Errorf("%d at most together, %d beside the lonely one", most, besideAlone)
	}
}

func TestAnInterruptEndsWhatRunsAndStartsNothingMore(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	undone := false
	_, results, code := runSteps(t, ctx, 1,
		&step{name: "long", run: func(ctx context.Context, j *job) error {
			j.atEnd(func() { undone = true })
			cancel()
			return j.sh(ctx, command{}, "sleep", "600")
		}},
		&step{name: "never", run: good})
	if code != 1 || results[0].failed != 1 || !strings.Contains(results[1].problems[0], "interrupted") || !undone {
		t.Errorf("code %d, undone %v, %+v", code, undone, results)
	}
}

func TestAStepThatHangsIsEnded(t *testing.T) {
	t.Parallel()
	_, results, _ := runSteps(t, t.Context(), 1, &step{
		name: "hang", limit: 50 * time.Millisecond,
		run: func(ctx context.Context, j *job) error { return j.sh(ctx, command{}, "sh", "-c", "sleep 600") },
	})
	if !strings.Contains(strings.Join(results[0].problems, " "), "took longer than 50ms") {
		t.Errorf("%q", results[0].problems)
	}
}

func TestTheCallersSettingsReachNoTest(t *testing.T) {
	t.Parallel()
	got := cleanEnv([]string{"HOME=/h", "LINGGONG_DATABASE_URL=postgres://real", "PGPASSWORD=x", "LINGGONG_TEST_CHROMIUM=/c", "PATH=/p"})
	if want := []string{"HOME=/h", "LINGGONG_TEST_CHROMIUM=/c", "PATH=/p"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestThePlanHoldsTogether(t *testing.T) {
	t.Parallel()
	names := map[string]bool{}
	for _, s := range plan() {
		if names[s.name] || s.does == "" {
			t.Errorf("%q: named twice, or says nothing", s.name)
		}
		names[s.name] = true
	}
	for _, s := range plan() {
		for _, other := range slices.Concat(s.needs, s.after) {
			if !names[other] {
				t.Errorf("%q waits for %q, which is not there", s.name, other)
			}
		}
	}
}

func TestOneStepBringsWhatItNeeds(t *testing.T) {
	t.Parallel()
	steps, err := choose(plan(), "browser tests")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, s := range steps {
		names = append(names, s.name)
	}
	if want := []string{"web install", "web build", "binary", "browser tests"}; !slices.Equal(names, want) {
		t.Errorf("got %q, want %q", names, want)
	}
	if _, err := choose(plan(), "nonsense"); err == nil {
		t.Error("an unknown step should be refused")
	}
}

func TestVersionsAreReadAsNumbers(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]int{"go1.26.8": {1, 26, 8}, "v20.20.2": {20, 20, 2}, "devel": nil} {
		if got := version(text); !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", text, got, want)
		}
	}
}

func TestTheFirstDifferenceIsNamed(t *testing.T) {
	t.Parallel()
	line, was, is := firstDifference([]byte("a\nb\nc"), []byte("a\nB\nc"))
	if line != 2 || was != "b" || is != "B" {
		t.Errorf("got %d %q %q", line, was, is)
	}
	if line, _, is := firstDifference([]byte("a"), []byte("a\nb")); line != 2 || is != "b" {
		t.Errorf("a longer file: got %d %q", line, is)
	}
	if line, _, _ := firstDifference([]byte("a"), []byte("a")); line != 0 {
		t.Error("the same should be the same")
	}
}

func TestABadCallSaysSo(t *testing.T) {
	t.Parallel()
	if code := run(t.Context(), []string{"-nonsense"}, io.Discard); code != 2 {
		t.Errorf("got %d", code)
	}
	var out bytes.Buffer
	if code := run(t.Context(), []string{"-list"}, &out); code != 0 || !strings.Contains(out.String(), "go tests") {
		t.Errorf("got %d %s", code, out.String())
	}
}
