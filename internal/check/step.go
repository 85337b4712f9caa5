package main

import (
	"context"
	"fmt"
	"time"
)

// step is one named check.
type step struct {
	name  string
	does  string   // one phrase for a reader
	after []string // steps that must have ended, well or badly
	needs []string // steps that must have passed
	alone bool     // timing matters: nothing runs beside it
	limit time.Duration
	run   func(ctx context.Context, j *job) error
}

// defaultLimit ends a step that hangs; a step that may take longer says so.
const defaultLimit = 5 * time.Minute

// job is one run of a step: what it writes, runs and counts.
type job struct {
	*site
	step *step
	log  *logFile

	passed, failed, skipped int

	note     string   // one phrase beside the result
	problems []string // what went wrong, in words, some lines each
	reasons  []string // why something was skipped
}

// fault counts one failure and keeps its words for the report.
func (j *job) fault(format string, args ...any) {
	j.failed++
	j.problems = append(j.problems, fmt.Sprintf(format, args...))
}

// result is how a step went.
type result struct {
	step                    *step
	passed, failed, skipped int
	note                    string
	problems, reasons       []string
	logPath                 string
	took                    time.Duration
}

// perform runs one step to its end, whatever happens in it.
func perform(ctx context.Context, s *site, st *step) *result {
	begun := time.Now()
	limit := st.limit
	if limit == 0 {
		limit = defaultLimit
	}
	ctx, cancel := context.WithTimeoutCause(ctx, limit, fmt.Errorf("took longer than %s", limit))
	defer cancel()
	j := &job{site: s, step: st}
	log, err := openLog(s.logs, st.name)
	if err == nil {
		j.log = log
		err = guard(ctx, j)
	}
	if cause := context.Cause(ctx); cause != nil && err != nil {
		err = fmt.Errorf("%w (%w)", err, cause)
	}
	switch {
	case err != nil && j.failed == 0:
		j.fault("%v", err)
	case err != nil:
		j.problems = append(j.problems, err.Error())
	case j.passed+j.failed+j.skipped == 0:
		j.passed = 1
	}
	return &result{
		step: st, passed: j.passed, failed: j.failed, skipped: j.skipped, note: j.note,
		problems: j.problems, reasons: j.reasons, logPath: j.log.close(), took: time.Since(begun),
	}
}

// guard turns a panic in a step into its failure, so that the other steps and
// the servers' end are not lost with it.
func guard(ctx context.Context, j *job) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return j.step.run(ctx, j)
}

// notRun is the failure of a step that could not be tried: it never counts as
// passed or skipped.
func notRun(st *step, why string) *result {
	return &result{step: st, failed: 1, problems: []string{"not run: " + why}}
}
