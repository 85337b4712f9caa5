package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

const webDir = "web"

// webBin is a command that npm installed.
func webBin(name string) string { return filepath.Join("node_modules", ".bin", name) }

// webInstall runs npm ci unless node_modules already holds exactly what
// package-lock.json says: the copy beside it is the proof, as in the Makefile.
func webInstall(ctx context.Context, j *job) error {
	lock, err := os.ReadFile(filepath.Join(webDir, "package-lock.json"))
	if err != nil {
		return fmt.Errorf("web install: %w", err)
	}
	stamp := filepath.Join(webDir, "node_modules", ".installed-lock.json")
	if have, err := os.ReadFile(stamp); err == nil && bytes.Equal(have, lock) {
		j.note = "as it was"
		return nil
	}
	if err := j.sh(ctx, command{dir: webDir}, "npm", "ci", "--no-audit", "--no-fund"); err != nil {
		return err
	}
	if err := os.WriteFile(stamp, lock, 0o600); err != nil {
		return fmt.Errorf("web install: %w", err)
	}
	return nil
}

func webBuild(ctx context.Context, j *job) error {
	return j.sh(ctx, command{dir: webDir}, "npm", "run", "build")
}

func webTypes(ctx context.Context, j *job) error {
	return j.sh(ctx, command{dir: webDir}, "npm", "run", "typecheck")
}

func webUnits(ctx context.Context, j *job) error {
	report, err := filepath.Abs(filepath.Join(j.logs, "vitest.json"))
	if err != nil {
		return fmt.Errorf("web units: %w", err)
	}
	_ = os.Remove(report) // yesterday's result proves nothing
	runErr := j.sh(ctx, command{dir: webDir}, webBin("vitest"), "run",
		"--reporter=default", "--reporter=json", "--outputFile="+report)
	text, err := os.ReadFile(report)
	if err != nil {
		return errors.Join(runErr, err)
	}
	if err := countVitest(text, j); err != nil || j.failed == 0 {
		return errors.Join(runErr, err)
	}
	return nil
}

// vitestReport is what we read of vitest's JSON report.
type vitestReport struct {
	Passed  int          `json:"numPassedTests"`
	Pending int          `json:"numPendingTests"`
	Todo    int          `json:"numTodoTests"`
	Files   []vitestFile `json:"testResults"`
}

type vitestFile struct {
	Name    string       `json:"name"`
	Status  string       `json:"status"`
	Message string       `json:"message"`
	Tests   []vitestTest `json:"assertionResults"`
}

type vitestTest struct {
	Name     string   `json:"fullName"`
	Status   string   `json:"status"`
	Messages []string `json:"failureMessages"`
}

func countVitest(text []byte, j *job) error {
	var r vitestReport
	if err := json.Unmarshal(text, &r); err != nil {
		return fmt.Errorf("read vitest report: %w", err)
	}
	j.passed, j.skipped = r.Passed, r.Pending+r.Todo
	for _, file := range r.Files {
		failed := 0
		for _, a := range file.Tests {
			switch a.Status {
			case "failed":
				failed++
				j.fault("%s: %s\n%s", filepath.Base(file.Name), a.Name, strings.Join(a.Messages, "\n"))
			case "pending", "skipped", "todo":
				j.reasons = append(j.reasons, fmt.Sprintf("%s: %s (%s)", filepath.Base(file.Name), a.Name, a.Status))
			}
		}
		if file.Status == "failed" && failed == 0 {
			j.fault("%s did not load: %s", filepath.Base(file.Name), file.Message)
		}
	}
	if j.passed+j.failed == 0 {
		return errors.New("no web unit test ran")
	}
	return nil
}
