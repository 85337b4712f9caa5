package main

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
)

// goTests runs every Go test. The race detector needs cgo; nothing else does.
func goTests(ctx context.Context, j *job) error {
	return goTest(ctx, j, "-race", "-shuffle=on", "./...")
}

// unraced is what the race detector makes minutes of and finds nothing in: one
// thread, or what other tests run over several (package raced).
var unraced = []struct{ tests, pkg string }{
	{"TestTheFlowLibrary", "./internal/matching/assign"},
}

func plainGoTests(ctx context.Context, j *job) error {
	for _, p := range unraced {
		if err := goTest(ctx, j, "-count=1", "-run="+p.tests, p.pkg); err != nil {
			return err
		}
	}
	return nil
}

func goTest(ctx context.Context, j *job, args ...string) error {
	r, w := io.Pipe()
	tally := newGoTally()
	read := make(chan error, 1)
	go func() { read <- tally.read(r, j.log) }()
	ticker := time.NewTicker(20 * time.Second)
	defer ticker.Stop()
	over := make(chan struct{})
	go func() {
		for {
			select {
			case <-ticker.C:
				passed, failed := tally.sofar()
				j.con.progress(j.step, "%d passed, %d failed so far", passed, failed)
			case <-over:
				return
			}
		}
	}()
	// The step "vet" vets; go 1.26 within "go test" sometimes does it before the
	// imports are there (golang/go#77116). A package that hangs shows its
	// goroutines before the step's own limit.
	err := j.sh(ctx, command{out: w, quiet: true, env: []string{"CGO_ENABLED=1"}},
		"go", append([]string{"test", "-vet=off", "-timeout=12m", "-json"}, args...)...)
	_ = w.Close()
	readErr := <-read
	close(over)
	tally.report(j)
	switch {
	case readErr != nil:
		return readErr
	case err != nil && j.failed == 0:
		return err
	case j.passed == 0 && j.failed == 0:
		return fmt.Errorf("no Go test ran")
	}
	return nil
}

// goEvent is one line of `go test -json`.
type goEvent struct {
	Action      string  `json:"Action"`
	Package     string  `json:"Package"`
	ImportPath  string  `json:"ImportPath"` // of build-output and build-fail
	Test        string  `json:"Test"`
	Output      string  `json:"Output"`
	Elapsed     float64 `json:"Elapsed"` // seconds
	FailedBuild string  `json:"FailedBuild"`
}

type testID struct{ pkg, test string }

// goTally counts the tests of a run and keeps the words of those that failed.
type goTally struct {
	mu      sync.Mutex
	output  map[testID][]string
	build   map[string][]string
	elapsed map[string]float64

	passed, failed, skipped int

	faults  []string
	reasons []string
	failing map[string]int    // failures per package
	parents map[testID]string // failed subtest's nearest parents: their words repeat it
}

func newGoTally() *goTally {
	return &goTally{
		output: map[testID][]string{}, build: map[string][]string{},
		elapsed: map[string]float64{}, failing: map[string]int{}, parents: map[testID]string{},
	}
}

func (t *goTally) sofar() (passed, failed int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.passed, t.failed
}

// read counts the events of in to its end and writes the tests' output to log.
func (t *goTally) read(in io.Reader, log io.Writer) error {
	lines := bufio.NewReader(in)
	for {
		line, err := lines.ReadBytes('\n')
		if len(bytes.TrimSpace(line)) > 0 {
			t.line(line, log)
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read go test's output: %w", err)
		}
	}
}

func (t *goTally) line(line []byte, log io.Writer) {
	var e goEvent
	if json.Unmarshal(line, &e) != nil || e.Action == "" {
		fmt.Fprintf(log, "%s", line) // not an event: the go command itself speaks
		return
	}
	if e.Output != "" {
		fmt.Fprint(log, e.Output)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.count(e)
}

func (t *goTally) count(e goEvent) {
	id := testID{e.Package, e.Test}
	switch e.Action {
	case "output":
		t.output[id] = append(t.output[id], e.Output)
	case "build-output":
		t.build[e.ImportPath] = append(t.build[e.ImportPath], e.Output)
	case "pass", "fail", "skip":
		if e.Test == "" {
			t.endPackage(e)
		} else {
			t.endTest(e, id)
		}
		delete(t.output, id)
	}
}

func (t *goTally) endTest(e goEvent, id testID) {
	switch e.Action {
	case "pass":
		t.passed++
	case "skip":
		t.skipped++
		t.reasons = append(t.reasons, short(id)+": "+why(t.output[id]))
	case "fail":
		t.failed++
		t.failing[id.pkg]++
		if i := strings.LastIndex(id.test, "/"); i > 0 {
			t.parents[testID{id.pkg, id.test[:i]}] = id.test
		}
		if _, isParent := t.parents[id]; !isParent {
			t.faults = append(t.faults, short(id)+"\n"+strings.Join(t.output[id], ""))
		}
	}
}

// endPackage counts a package that failed without a failed test: it did not
// build, panicked, raced outside a test, or ran out of time.
func (t *goTally) endPackage(e goEvent) {
	t.elapsed[e.Package] = e.Elapsed
	if e.Action != "fail" || t.failing[e.Package] > 0 {
		return
	}
	t.failed++
	words := append([]string{short(testID{e.Package, ""}) + "\n"}, t.build[e.FailedBuild]...)
	words = append(words, t.output[testID{e.Package, ""}]...)
	// A test that never ended is what the package died in.
	for _, id := range slices.SortedFunc(maps.Keys(t.output), byName) {
		if id.pkg == e.Package && id.test != "" {
			words = append(words, t.output[id]...)
			delete(t.output, id)
		}
	}
	t.faults = append(t.faults, strings.Join(words, ""))
}

// report hands the counts to the step.
func (t *goTally) report(j *job) {
	j.passed, j.failed, j.skipped = j.passed+t.passed, j.failed+t.failed, j.skipped+t.skipped
	j.problems = append(j.problems, t.faults...)
	j.reasons = append(j.reasons, t.reasons...)
	slowest := slices.SortedFunc(maps.Keys(t.elapsed), func(a, b string) int { return cmp.Compare(t.elapsed[b], t.elapsed[a]) })
	var words []string
	for _, pkg := range slowest[:min(3, len(slowest))] {
		words = append(words, fmt.Sprintf("%s %.0fs", short(testID{pkg, ""}), t.elapsed[pkg]))
	}
	j.note = "slowest: " + strings.Join(words, ", ")
}

func byName(a, b testID) int {
	return cmp.Or(strings.Compare(a.pkg, b.pkg), strings.Compare(a.test, b.test))
}

// short drops the module and internal/ from a test's name.
func short(id testID) string {
	pkg := strings.TrimPrefix(strings.TrimPrefix(id.pkg, "linggong/"), "internal/")
	return strings.TrimSpace(pkg + " " + id.test)
}

// why is the reason a test gave for skipping itself.
func why(output []string) string {
	for _, line := range output {
		line = strings.TrimSpace(line)
		if line != "" && !strings.HasPrefix(line, "===") && !strings.HasPrefix(line, "---") {
			return line
		}
	}
	return "no reason given"
}
