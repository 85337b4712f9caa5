package cli_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// The evaluations are arithmetic over ten thousand documents: the race detector
// finds nothing there and takes ten times as long. They run in the program as it
// is shipped, built once (with the flags the torture builds it with, so that one
// cache serves both); TestTheFirstTenAreThoseThatWereAccepted runs the same path here.
var plainly = sync.OnceValues(func() (path string, err error) {
	path = filepath.Join(plainDir, "linggong")
	c := exec.Command("go", "build", "-buildvcs=false", "-tags=noweb", "-o", path, "linggong/cmd/linggong")
	c.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := c.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w\n%s", err, out)
	}
	return path, nil
})

var plainDir string

func TestMain(m *testing.M) {
	var err error
	if plainDir, err = os.MkdirTemp("", "linggong-cli-"); err != nil {
		panic(err)
	}
	code := m.Run()
	_ = os.RemoveAll(plainDir)
	os.Exit(code)
}

// runPlain is run in the program that was built.
func runPlain(t *testing.T, args ...string) (code int, out, errOut string) {
	t.Helper()
	path, err := plainly()
	if err != nil {
		t.Fatal(err)
	}
	var o, e bytes.Buffer
	c := exec.CommandContext(t.Context(), path, args...)
	c.Stdout, c.Stderr = &o, &e
	var exit *exec.ExitError
	if err := c.Run(); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return c.ProcessState.ExitCode(), o.String(), e.String()
}

// joined makes one gold file of several, so that one index serves them all. The
// kind of each query becomes the file it is from: by_kind tells them apart.
func joined(t *testing.T, golds ...string) string {
	t.Helper()
	var all strings.Builder
	for i, name := range golds {
		b, err := os.ReadFile(goldFolder + name)
		if err != nil {
			t.Fatal(err)
		}
		head, rows, _ := strings.Cut(string(b), "\n")
		if i == 0 {
			all.WriteString(head + "\n")
		}
		for row := range strings.Lines(rows) {
			cells := strings.Split(row, "\t")
			cells[0], cells[1] = name+"/"+cells[0], name
			all.WriteString(strings.Join(cells, "\t"))
		}
	}
	path := filepath.Join(t.TempDir(), "gold.tsv")
	if err := os.WriteFile(path, []byte(all.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
