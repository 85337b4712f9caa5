package cli_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What is not a problem with an answer is said on the error output, exits with
// 2 and leaves no file behind: neither a result nor half of one.
func TestAMatchWithoutAnAnswerWritesNothing(t *testing.T) {
	t.Parallel()
	const workers, places = `"workers":[{"id":"a"},{"id":"b"}]`, `"places":[{"id":"x","capacity":1}]`
	edge := func(w, p, weight string) string {
		return fmt.Sprintf(`{"worker":%q,"place":%q,"weight":%s}`, w, p, weight)
	}
	whole := func(workers, places, edges, rest string) string {
		return "{" + workers + "," + places + `,"edges":[` + edges + `],"sense":"max"` + rest + "}"
	}
	good := whole(workers, places, edge("a", "x", "1"), "")
	for name, in := range map[string]string{
		"an empty file":         "",
		"an empty object":       "{}",
		"nobody":                whole(`"workers":[]`, places, "", ""),
		"nowhere":               whole(workers, `"places":[]`, "", ""),
		"cut in the middle":     good[:len(good)-9],
		"cut at the very end":   good[:len(good)-1],
		"a worker twice":        whole(`"workers":[{"id":"a"},{"id":"a"}]`, places, "", ""),
		"a place twice":         whole(workers, `"places":[{"id":"x","capacity":1},{"id":"x","capacity":1}]`, "", ""),
		"an edge twice":         whole(workers, places, edge("a", "x", "1")+","+edge("b", "x", "1")+","+edge("a", "x", "2"), ""),
		"a negative capacity":   whole(workers, `"places":[{"id":"x","capacity":-1}]`, "", ""),
		"a negative minimum":    whole(workers, `"places":[{"id":"x","capacity":1,"min":-1}]`, "", ""),
		"a minimum too great":   whole(workers, `"places":[{"id":"x","capacity":1,"min":2}]`, "", ""),
		"a weight too great":    whole(workers, places, edge("a", "x", "1099511627777"), ""),
		"a weight beyond int64": whole(workers, places, edge("a", "x", "9223372036854775808"), ""),
		"a fraction":            whole(workers, places, edge("a", "x", "1.5"), ""),
		"an unknown worker":     whole(workers, places, edge("z", "x", "1"), ""),
		"two for one seat":      whole(workers, places, edge("a", "x", "1")+","+edge("b", "x", "1"), `,"require_all_workers":true`),
		"a minimum out of reach": whole(workers, `"places":[{"id":"x","capacity":2,"min":2}]`,
			edge("a", "x", "1"), ""),
		"something after the end": good + "[]",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			p := filepath.Join(dir, "p.json")
			write(t, p, in)
			for _, more := range [][]string{nil, {"--deadline", "1ms"}} {
				code, out, errOut := run(t, "", append([]string{"match", "assign", "--in", p, "--out", filepath.Join(dir, "r.json")}, more...)...)
				if code != 2 || out != "" || strings.TrimSpace(errOut) == "" {
					t.Errorf("exit %d, said %q and %q", code, out, errOut)
				}
			}
			left, err := os.ReadDir(dir)
			if err != nil || len(left) != 1 {
				t.Errorf("it left %v, %v", left, err)
			}
		})
	}
}

// The file that was there stays when a new answer cannot be found.
func TestAFormerResultSurvivesABadProblem(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	p, r := filepath.Join(dir, "p.json"), filepath.Join(dir, "r.json")
	write(t, p, `{"workers"`)
	write(t, r, "before")
	if code, _, _ := run(t, "", "match", "assign", "--in", p, "--out", r); code != 2 {
		t.Errorf("exit %d", code)
	}
	if b, err := os.ReadFile(r); err != nil || string(b) != "before" {
		t.Errorf("%q %v", b, err)
	}
}

func TestADeadlineStillGivesAnAnswerThatHolds(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	p := filepath.Join(dir, "p.json")
	var b strings.Builder
	b.WriteString(`{"workers":[`)
	list := func(n int, item func(i int) string) {
		for i := range n {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(item(i))
		}
	}
	list(300, func(i int) string { return fmt.Sprintf(`{"id":"w%d"}`, i) })
	b.WriteString(`],"places":[`)
	list(100, func(j int) string { return fmt.Sprintf(`{"id":"p%d","capacity":3,"min":%d}`, j, j%4) })
	b.WriteString(`],"edges":[`)
	list(30_000, func(k int) string {
		return fmt.Sprintf(`{"worker":"w%d","place":"p%d","weight":%d}`, k/100, k%100, (k*k*7919+k)%100_003)
	})
	b.WriteString(`],"sense":"min","require_all_workers":true}`)
	write(t, p, b.String())
	want := ""
	for n, more := range [][]string{{"--deadline", "1ns"}, {"--threads", "1"}, {"--threads", "2"}, {"--deadline", "1h", "--threads", "3"}} {
		r := filepath.Join(dir, fmt.Sprint(n, ".json"))
		if code, _, errOut := run(t, "", append([]string{"match", "assign", "--in", p, "--out", r}, more...)...); code != 0 {
			t.Fatal(errOut)
		}
		code, out, errOut := run(t, "", "match", "verify", "--problem", p, "--result", r)
		if code != 0 || n > 0 && !strings.Contains(out, `"optimal": true`) {
			t.Fatalf("%v: %d %s %s", more, code, out, errOut)
		}
		got, err := os.ReadFile(r)
		if err != nil {
			t.Fatal(err)
		}
		if n > 1 && string(got) != want {
			t.Errorf("%v gave other bytes", more)
		}
		want = string(got)
	}
}
