package main

import (
	"context"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
)

// goFiles are the project's own Go files.
func goFiles() ([]string, error) {
	var files []string
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && path != "." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "node_modules" || path == "var"):
			return fs.SkipDir
		case !d.IsDir() && strings.HasSuffix(path, ".go"):
			files = append(files, path)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list go files: %w", err)
	}
	return files, nil
}

// checkFormat counts each file.
func checkFormat(ctx context.Context, j *job) error {
	files, err := goFiles()
	if err != nil {
		return err
	}
	var out strings.Builder
	if err := j.sh(ctx, command{out: &out}, "gofmt", append([]string{"-l"}, files...)...); err != nil {
		return err
	}
	if ugly := strings.Fields(out.String()); len(ugly) > 0 {
		j.fault("not formatted, \"make fmt\" does it:\n%s", strings.Join(ugly, "\n"))
		return nil
	}
	j.note = fmt.Sprintf("%d files", len(files))
	return nil
}

// lintTool is how golangci-lint is started: pinned in tools.mod, so that its
// hundreds of modules stay out of the program's own list.
var lintTool = []string{"tool", "-modfile=tools.mod", "golangci-lint"}

func buildLinter(ctx context.Context, j *job) error {
	var out strings.Builder
	if err := j.sh(ctx, command{out: &out}, "go", append(lintTool, "version", "--short")...); err != nil {
		return err
	}
	j.note = strings.TrimSpace(out.String())
	return j.sh(ctx, command{}, "go", append(lintTool, "config", "verify")...)
}

func lint(ctx context.Context, j *job) error {
	var out strings.Builder
	err := j.sh(ctx, command{out: &out}, "go", append(lintTool, "run", "./...")...)
	if err != nil && out.Len() > 0 {
		j.fault("%s", out.String()) // its findings say it all
		return nil
	}
	return err
}

// goVet tries again when go 1.26 vetted a package before its imports were there
// (golang/go#77116); the second time they are.
func goVet(ctx context.Context, j *job) error {
	err := j.sh(ctx, command{}, "go", "vet", "./...")
	if err != nil && strings.Contains(err.Error(), "(open : no such file or directory)") {
		err = j.sh(ctx, command{}, "go", "vet", "./...")
	}
	return err
}

// binaryPath is the program that the browser tests start; `make run` has its own.
func binaryPath() string { return filepath.Join("var", "check", "linggong") }

func buildBinary(ctx context.Context, j *job) error {
	return j.sh(ctx, command{env: []string{"CGO_ENABLED=0"}}, "go", "build", "-trimpath", "-o", binaryPath(), "./cmd/linggong")
}
