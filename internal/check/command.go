package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"
)

// site is where the steps run: the environment they hand to programs, and what
// must be undone at the end.
type site struct {
	logs string // folder of the steps' full output
	con  *console

	mu    sync.Mutex
	env   []string
	undos []func()
}

// setenv gives every program that starts from now on one more variable.
func (s *site) setenv(name, value string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.env = append(s.env, name+"="+value)
}

// environ is the environment now, with more added.
func (s *site) environ(more ...string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append(append([]string(nil), s.env...), more...)
}

// atEnd registers what must happen before the program ends, however it does.
func (s *site) atEnd(undo func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.undos = append(s.undos, undo)
}

// close undoes in reverse order.
func (s *site) close() {
	s.mu.Lock()
	undos := s.undos
	s.undos = nil
	s.mu.Unlock()
	for i := len(undos) - 1; i >= 0; i-- {
		undos[i]()
	}
}

// logFile is a step's full output. A nil one is nobody's.
type logFile struct {
	*os.File
	path string
}

func openLog(dir, name string) (*logFile, error) {
	path := filepath.Join(dir, strings.ReplaceAll(name, " ", "-")+".log")
	f, err := os.Create(path)
	if err != nil {
		return nil, fmt.Errorf("open log: %w", err)
	}
	return &logFile{f, path}, nil
}

func (l *logFile) close() string {
	if l == nil {
		return ""
	}
	_ = l.Close()
	return l.path
}

// command is one program to run.
type command struct {
	dir   string
	env   []string  // added to the site's
	out   io.Writer // standard output, beside the log; may be nil
	quiet bool      // standard output does not go to the log
}

// sh runs a program, keeps its output in the log, and on failure returns an
// error that ends with the last of what it said.
func (j *job) sh(ctx context.Context, c command, name string, args ...string) error {
	last := &lastLines{}
	cmd := j.prepare(ctx, c, name, args...)
	sinks := []io.Writer{last}
	if !c.quiet {
		sinks = append(sinks, j.log)
	}
	if c.out != nil {
		sinks = append(sinks, c.out)
	}
	cmd.Stdout = io.MultiWriter(sinks...)
	cmd.Stderr = io.MultiWriter(last, j.log)
	err := cmd.Run()
	if err == nil {
		return nil
	}
	reap(cmd)
	return fmt.Errorf("%s: %w\n%s", strings.Join(append([]string{name}, args[:min(len(args), 4)]...), " "), err, last)
}

// prepare makes a command in a process group of its own, so that its whole
// family ends when the context does.
func (j *job) prepare(ctx context.Context, c command, name string, args ...string) *exec.Cmd {
	fmt.Fprintf(j.log, "$ %s %s\n", name, strings.Join(args, " "))
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = c.dir
	cmd.Env = j.environ(c.env...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM) }
	cmd.WaitDelay = 10 * time.Second
	return cmd
}

// reap ends what a failed command may have left of its own group.
func reap(cmd *exec.Cmd) {
	if cmd.Process != nil {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
	}
}

// output runs a program and returns what it printed, trimmed.
func output(ctx context.Context, name string, args ...string) (string, error) {
	out, err := exec.CommandContext(ctx, name, args...).Output()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok && len(exit.Stderr) > 0 {
		err = fmt.Errorf("%w: %s", err, bytes.TrimSpace(exit.Stderr))
	}
	return strings.TrimSpace(string(out)), err
}

// lastLines keeps the end of what is written to it.
type lastLines struct {
	mu  sync.Mutex
	buf []byte
}

const lastBytes = 8 << 10

func (l *lastLines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.buf = append(l.buf, p...)
	if over := len(l.buf) - lastBytes; over > 0 {
		l.buf = append(l.buf[:0], l.buf[over:]...)
	}
	return len(p), nil
}

func (l *lastLines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.TrimSpace(string(l.buf))
}
