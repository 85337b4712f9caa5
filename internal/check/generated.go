package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// generated makes everything that is generated once more, beside the committed
// files, and compares. Nothing is written where it is committed: "make gen" does.
func generated(ctx context.Context, j *job) error {
	dir, err := filepath.Abs(filepath.Join(j.logs, "generated"))
	if err != nil {
		return fmt.Errorf("make a folder: %w", err)
	}
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return fmt.Errorf("make a folder: %w", err)
	}
	document := filepath.Join(dir, "openapi.json")
	file, err := os.Create(document)
	if err != nil {
		return fmt.Errorf("write openapi: %w", err)
	}
	err = j.sh(ctx, command{out: file, quiet: true}, "go", "run", "-tags=noweb", "./cmd/linggong", "openapi")
	if closeErr := file.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return err
	}
	types := filepath.Join(dir, "schema.d.ts")
	// From the committed document, so that one drift is told once.
	if err := j.sh(ctx, command{dir: webDir}, webBin("openapi-typescript"), filepath.Join("..", "api", "openapi.json"), "-o", types); err != nil {
		return err
	}
	j.same(filepath.Join("api", "openapi.json"), document)
	j.same(filepath.Join(webDir, "src", "api", "schema.d.ts"), types)
	return nil
}

// same counts one committed file against what was generated now.
func (j *job) same(committed, fresh string) {
	old, err := os.ReadFile(committed)
	if err != nil {
		j.fault("%s is generated and committed, but not there: run \"make gen\"", committed)
		return
	}
	now, err := os.ReadFile(fresh)
	if err != nil {
		j.fault("%v", err)
		return
	}
	if line, a, b := firstDifference(old, now); line > 0 {
		j.fault("%s is out of date, \"make gen\" writes it; line %d\ncommitted: %s\ngenerated: %s", committed, line, a, b)
		return
	}
	j.passed++
}

// firstDifference returns the number and both texts of the first line that
// differs, or 0.
func firstDifference(a, b []byte) (line int, was, is string) {
	if bytes.Equal(a, b) {
		return 0, "", ""
	}
	as, bs := strings.Split(string(a), "\n"), strings.Split(string(b), "\n")
	for i := range max(len(as), len(bs)) {
		was, is = "(end of file)", "(end of file)"
		if i < len(as) {
			was = as[i]
		}
		if i < len(bs) {
			is = bs[i]
		}
		if was != is {
			return i + 1, was, is
		}
	}
	return 0, "", ""
}
