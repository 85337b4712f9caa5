package main

import (
	"io"
	"os"
	"strings"
	"testing"
)

// tallied reads a stream of go test's events as the step does.
func tallied(t *testing.T, stream string) *goTally {
	t.Helper()
	tally := newGoTally()
	if err := tally.read(strings.NewReader(stream), io.Discard); err != nil {
		t.Fatal(err)
	}
	return tally
}

func TestTestsAreCountedAndOnlyFailuresSpeak(t *testing.T) {
	t.Parallel()
	tally := tallied(t, `{"Action":"run","Package":"linggong/internal/gig","Test":"TestA"}
{"Action":"output","Package":"linggong/internal/gig","Test":"TestA","Output":"=== RUN   TestA\n"}
{"Action":"output","Package":"linggong/internal/gig","Test":"TestA/sqlite","Output":"    gig_test.go:9: got 1, want 2\n"}
{"Action":"output","Package":"linggong/internal/gig","Test":"TestB","Output":"noise\n"}
{"Action":"pass","Package":"linggong/internal/gig","Test":"TestB","Elapsed":0.1}
{"Action":"fail","Package":"linggong/internal/gig","Test":"TestA/sqlite","Elapsed":0.1}
{"Action":"fail","Package":"linggong/internal/gig","Test":"TestA","Elapsed":0.1}
{"Action":"output","Package":"linggong/internal/gig","Test":"TestC","Output":"=== RUN   TestC\n"}
{"Action":"output","Package":"linggong/internal/gig","Test":"TestC","Output":"    gig_test.go:20: PostgreSQL is not here\n"}
{"Action":"skip","Package":"linggong/internal/gig","Test":"TestC","Elapsed":0}
{"Action":"fail","Package":"linggong/internal/gig","Elapsed":3.5}
`)
	if tally.passed != 1 || tally.failed != 2 || tally.skipped != 1 {
		t.Errorf("got %d passed, %d failed, %d skipped", tally.passed, tally.failed, tally.skipped)
	}
	if len(tally.faults) != 1 || !strings.Contains(tally.faults[0], "gig TestA/sqlite\n    gig_test.go:9: got 1, want 2") {
		t.Errorf("the parent should not repeat its subtest: %q", tally.faults)
	}
	if len(tally.reasons) != 1 || tally.reasons[0] != "gig TestC: gig_test.go:20: PostgreSQL is not here" {
		t.Errorf("got %q", tally.reasons)
	}
}

func TestAPackageThatDoesNotBuildIsOneFailure(t *testing.T) {
	t.Parallel()
	tally := tallied(t, `{"ImportPath":"linggong/internal/gig","Action":"build-output","Output":"internal/gig/gig.go:34:2: undefined: WorkerStore\n"}
{"ImportPath":"linggong/internal/gig","Action":"build-fail"}
{"Action":"start","Package":"linggong/internal/gig"}
{"Action":"output","Package":"linggong/internal/gig","Output":"FAIL\tlinggong/internal/gig [build failed]\n"}
{"Action":"fail","Package":"linggong/internal/gig","Elapsed":0,"FailedBuild":"linggong/internal/gig"}
`)
	if tally.failed != 1 || len(tally.faults) != 1 || !strings.Contains(tally.faults[0], "undefined: WorkerStore") {
		t.Errorf("got %d failed: %q", tally.failed, tally.faults)
	}
}

func TestAPackageThatDiesInATestSaysWhereItDied(t *testing.T) {
	t.Parallel()
	tally := tallied(t, `go: downloading something
{"Action":"run","Package":"linggong/internal/job","Test":"TestHangs"}
{"Action":"output","Package":"linggong/internal/job","Test":"TestHangs","Output":"panic: test timed out after 12m0s\n"}
{"Action":"output","Package":"linggong/internal/job","Output":"FAIL\tlinggong/internal/job\t720s\n"}
{"Action":"fail","Package":"linggong/internal/job","Elapsed":720}
`)
	if tally.failed != 1 || !strings.Contains(strings.Join(tally.faults, ""), "panic: test timed out") {
		t.Errorf("got %d failed: %q", tally.failed, tally.faults)
	}
}

func TestTheWebsReportsAreCounted(t *testing.T) {
	t.Parallel()
	vitest := newJob(t)
	if err := countVitest([]byte(`{"numPassedTests":4,"numFailedTests":1,"numPendingTests":1,"numTodoTests":0,"testResults":[
		{"name":"/web/src/lib/money.test.ts","status":"failed","assertionResults":[
			{"fullName":"money shows fen","status":"failed","failureMessages":["expected 1 to be 2"]},
			{"fullName":"money later","status":"pending"}]},
		{"name":"/web/src/lib/broken.test.ts","status":"failed","message":"Cannot find module","assertionResults":[]}]}`), vitest); err != nil {
		t.Fatal(err)
	}
	if vitest.passed != 4 || vitest.failed != 2 || vitest.skipped != 1 {
		t.Errorf("vitest: %d passed, %d failed, %d skipped: %q", vitest.passed, vitest.failed, vitest.skipped, vitest.problems)
	}

	browser := newJob(t)
	if err := countPlaywright([]byte(`{"errors":[],"suites":[{"suites":[{"specs":[
		{"title":"a seeker at the kiosk applies in four taps","tests":[{"status":"expected","results":[{}]}]},
		{"title":"a caseworker sees her villages only","tests":[{"status":"unexpected","results":[{"error":{"message":"timed out"}}]}]},
		{"title":"shaky","tests":[{"status":"flaky","results":[{},{}]}]}]}],"specs":[]}]}`), browser); err != nil {
		t.Fatal(err)
	}
	if browser.passed != 2 || browser.failed != 1 || !strings.Contains(browser.note, "shaky") ||
		!strings.Contains(browser.problems[0], "her villages only\ntimed out") {
		t.Errorf("playwright: %d passed, %d failed, %q, %q", browser.passed, browser.failed, browser.note, browser.problems)
	}
}

func TestNoTestAtAllIsAFailure(t *testing.T) {
	t.Parallel()
	if countVitest([]byte(`{"testResults":[]}`), newJob(t)) == nil || countPlaywright([]byte(`{"suites":[]}`), newJob(t)) == nil {
		t.Error("an empty run should not pass")
	}
}

func newJob(t *testing.T) *job {
	t.Helper()
	s := &site{logs: t.TempDir(), env: os.Environ(), con: newConsole(io.Discard, clock())}
	st := &step{name: "a step"}
	log, err := openLog(s.logs, st.name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { log.close() })
	return &job{site: s, step: st, log: log}
}
