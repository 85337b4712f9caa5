package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"
)

// console is what a person sees: one line when a step starts, one when it
// ends, the words of a failure at once, and a summary.
type console struct {
	mu     sync.Mutex
	out    io.Writer
	now    func() time.Time
	begun  time.Time
	colour bool
}

const (
	green  = "32"
	red    = "31"
	yellow = "33"
	faint  = "2"
)

// Bounds on what one failure may print; the whole of it is in the step's log.
const (
	maxProblems     = 12
	maxProblemLines = 40
)

func newConsole(out io.Writer, now func() time.Time) *console {
	c := &console{out: out, now: now, begun: now()}
	if f, ok := out.(*os.File); ok && os.Getenv("NO_COLOR") == "" {
		info, err := f.Stat()
		c.colour = err == nil && info.Mode()&os.ModeCharDevice != 0
	}
	return c
}

func (c *console) paint(colour, text string) string {
	if !c.colour {
		return text
	}
	return "\x1b[" + colour + "m" + text + "\x1b[0m"
}

// line writes one line with the time since the beginning before it.
func (c *console) line(format string, args ...any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	d := c.now().Sub(c.begun)
	stamp := fmt.Sprintf("%02d:%02d", int(d.Minutes()), int(d.Seconds())%60)
	fmt.Fprintf(c.out, "%s  %s\n", c.paint(faint, stamp), fmt.Sprintf(format, args...))
}

func (c *console) begin(steps, jobs int) {
	c.line("%d steps, %d at a time; their full output goes to var/check/", steps, jobs)
}

func (c *console) started(s *step) {
	c.line("%s %-14s %s", c.paint(faint, "▸"), s.name, c.paint(faint, s.does))
}

// progress tells of a long step that is still going.
func (c *console) progress(s *step, format string, args ...any) {
	c.line("%s %-14s %s", c.paint(faint, "·"), s.name, fmt.Sprintf(format, args...))
}

func (c *console) ended(r *result) {
	mark := c.paint(green, "✓")
	if r.failed > 0 {
		mark = c.paint(red, "✗")
	}
	text := fmt.Sprintf("%s %-14s %s", mark, r.step.name, counts(r.passed, r.failed, r.skipped))
	if r.took > 0 {
		text += fmt.Sprintf(" in %s", r.took.Round(100*time.Millisecond))
	}
	if r.note != "" {
		text += " · " + r.note
	}
	c.line("%s", text)
	c.problems(r)
}

// problems prints what went wrong, bounded, indented under its step.
func (c *console) problems(r *result) {
	if len(r.problems) == 0 {
		return
	}
	var b strings.Builder
	for i, p := range r.problems {
		if i == maxProblems {
			fmt.Fprintf(&b, "… and %d more\n", len(r.problems)-i)
			break
		}
		lines := strings.Split(strings.TrimRight(p, "\n "), "\n")
		if n := len(lines); n > maxProblemLines {
			lines = append(append(lines[:10:10], fmt.Sprintf("… %d lines …", n-maxProblemLines)), lines[n-maxProblemLines+10:]...)
		}
		b.WriteString(strings.Join(lines, "\n") + "\n")
	}
	if r.logPath != "" {
		b.WriteString("whole output: " + r.logPath + "\n")
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for text := range strings.SplitSeq(strings.TrimRight(b.String(), "\n"), "\n") {
		fmt.Fprintf(c.out, "       %s %s\n", c.paint(red, "│"), text)
	}
}

// finish prints the summary and the closing line, and returns the exit status.
func (c *console) finish(results []*result, interrupted bool) int {
	var passed, failed, skipped int
	var broken []string
	for _, r := range results {
		passed, failed, skipped = passed+r.passed, failed+r.failed, skipped+r.skipped
		if r.failed > 0 {
			broken = append(broken, r.step.name)
		}
		for _, reason := range r.reasons {
			c.line("%s %s: skipped %s", c.paint(yellow, "–"), r.step.name, reason)
		}
	}
	if interrupted {
		c.line("interrupted; everything that was started has been stopped")
	}
	if len(broken) > 0 {
		c.line("%s %s; one alone: make test ONLY=%q", c.paint(red, "failed:"), strings.Join(broken, ", "), broken[0])
	}
	c.line("done")
	fmt.Fprintln(c.out, counts(passed, failed, skipped))
	if failed > 0 || passed == 0 {
		return 1
	}
	return 0
}

// counts is the closing line: plain, alone on its line, for people and tools.
func counts(passed, failed, skipped int) string {
	text := fmt.Sprintf("%d passed, %d failed", passed, failed)
	if skipped > 0 {
		text += fmt.Sprintf(", %d skipped", skipped)
	}
	return text
}
