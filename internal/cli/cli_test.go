package cli_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"linggong/internal/cli"
)

func run(t *testing.T, in string, args ...string) (code int, out, errOut string) {
	t.Helper()
	var o, e bytes.Buffer
	code = cli.Run(t.Context(), args, strings.NewReader(in), &o, &e)
	return code, o.String(), e.String()
}

func TestARuleIsAnsweredWithItsSource(t *testing.T) {
	t.Parallel()
	code, out, _ := run(t, "", "rules", "retirement", "--sex", "female", "--category", "worker", "--born", "1975-03")
	var r struct {
		Delay   int    `json:"delay_months"`
		Age     string `json:"age"`
		Retires string `json:"retires"`
		Source  string `json:"source"`
	}
	if err := json.Unmarshal([]byte(out), &r); err != nil || code != 0 {
		t.Fatalf("%d %v %s", code, err, out)
	}
	if r.Delay != 2 || r.Age != "50y2m" || r.Retires != "2025-05" || r.Source == "" {
		t.Errorf("%+v", r)
	}
	code, out, _ = run(t, "", "rules", "minimum-wage", "--on", "2024-06-01", "--region", "330481")
	if code != 0 || !strings.Contains(out, `"hour_fen": 2200`) || !strings.Contains(out, "source") {
		t.Errorf("%d %s", code, out)
	}
	code, out, _ = run(t, "", "rules", "workdays", "--from", "2026-09-28", "--days", "7")
	if code != 0 || !strings.HasPrefix(out, "2026-10-1") || !strings.Contains(out, "国庆") {
		t.Errorf("%d %s", code, out)
	}
}

func TestNumbersAreCheckedOneALineAndNeverRepeated(t *testing.T) {
	t.Parallel()
	code, out, _ := run(t, "11010519491231002X\n110105194912310021\n", "rules", "id-number")
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if code != 1 || len(lines) != 2 || lines[0] != "valid" || !strings.HasPrefix(lines[1], "invalid\tchecksum") || strings.Contains(out, "1101051949") {
		t.Errorf("%d %q", code, out)
	}
	if code, out, _ := run(t, "", "rules", "credit-code", "91350100M000100Y43"); code != 0 || out != "valid\n" {
		t.Errorf("%d %q", code, out)
	}
}

func TestABadCallIsExitTwoAndSaysWhy(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{
		{"no-such-command"},
		{"rules", "retirement", "--sex", "x", "--born", "1975-03"},
		{"rules", "retirement", "--sex", "male", "--born", "soon"},
		{"rules", "minimum-wage", "--on", "yesterday"},
		{"match", "assign", "--in", "nowhere.json", "--out", "x"},
		{"match", "assign"},
		{"verify", "everything"},
		{"rules", "--no-such-flag"},
		{"jobs", "retry"},
		{"--config", "nowhere.yaml", "doctor"},
	} {
		code, _, errOut := run(t, "", args...)
		if code != 2 || errOut == "" {
			t.Errorf("%v: exit %d, %q", args, code, errOut)
		}
	}
}

func TestEveryCommandHasHelpWithAnExample(t *testing.T) {
	t.Parallel()
	for _, c := range []string{
		"serve", "demo", "migrate", "migrate up", "migrate down", "migrate status", "rules", "rules retirement", "rules workdays", "rules minimum-wage",
		"rules id-number", "rules credit-code", "match", "match assign", "match verify", "simulate", "simulate matching", "search", "search eval", "verify", "rollup", "reindex", "jobs", "jobs retry", "doctor", "backup", "restore", "keys rotate", "openapi",
	} {
		code, out, _ := run(t, "", append(strings.Fields(c), "--help")...)
		if code != 0 || !strings.Contains(out, "linggong "+c) || !strings.Contains(out, "Examples:") {
			t.Errorf("%s: exit %d\n%s", c, code, out)
		}
	}
}

func TestRulesAreTriedOnMadePeople(t *testing.T) {
	t.Parallel()
	code, out, errOut := run(t, "", "simulate", "matching", "--days", "10", "--workers", "40", "--shifts", "4", "--json")
	if code != 0 || strings.Count(out, `"rule"`) != 3 || !strings.Contains(out, `"out_of_order": 0`) {
		t.Errorf("%d %s %s", code, out, errOut)
	}
	for _, bad := range [][]string{{"--days", "0"}, {"--tiers", "x"}, {"--workers", "-3"}} {
		if code, out, _ := run(t, "", append([]string{"simulate", "matching"}, bad...)...); code != 2 || out != "" {
			t.Errorf("%v: %d %s", bad, code, out)
		}
	}
}

func TestHalfACityIsNotServed(t *testing.T) { // not parallel: it sets the environment
	data := t.TempDir()
	t.Setenv("LINGGONG_DATA", data)
	if err := os.WriteFile(filepath.Join(data, "demo-half-loaded"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if code, _, errOut := run(t, "", "demo", "--load-only"); code != 1 || !strings.Contains(errOut, "半座城市") || !strings.Contains(errOut, data) {
		t.Errorf("%d %s", code, errOut)
	}
}

func TestAnAssignmentIsSolvedAndProved(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	p, r := filepath.Join(dir, "p.json"), filepath.Join(dir, "r.json")
	write(t, p, `{"workers":[{"id":"a"},{"id":"b"}],"places":[{"id":"x","capacity":1},{"id":"y","capacity":1}],
		"edges":[{"worker":"a","place":"x","weight":10},{"worker":"a","place":"y","weight":9},{"worker":"b","place":"x","weight":8}],"sense":"max"}`)
	if code, _, errOut := run(t, "", "match", "assign", "--in", p, "--out", r); code != 0 {
		t.Fatal(errOut)
	}
	if code, out, errOut := run(t, "", "match", "verify", "--problem", p, "--result", r); code != 0 || !strings.Contains(out, `"objective": 17`) || !strings.Contains(out, `"optimal": true`) {
		t.Fatalf("%d %s %s", code, out, errOut)
	}
	b, err := os.ReadFile(r)
	if err != nil {
		t.Fatal(err)
	}
	write(t, r, strings.Replace(string(b), `"objective":17`, `"objective":18`, 1))
	if code, _, _ := run(t, "", "match", "verify", "--problem", p, "--result", r); code == 0 {
		t.Error("a changed result was believed")
	}
	write(t, p, `{"workers":[{"id":"a"}`)
	if code, _, _ := run(t, "", "match", "assign", "--in", p, "--out", filepath.Join(dir, "none.json")); code != 2 {
		t.Errorf("a truncated file: exit %d", code)
	}
	if _, err := os.Stat(filepath.Join(dir, "none.json")); err == nil {
		t.Error("something was written for it")
	}
}

func write(t *testing.T, path, s string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(s), 0o600); err != nil {
		t.Fatal(err)
	}
}

// One store, from the first day to a restored copy.
func TestACityIsLoadedVerifiedSavedAndRestored(t *testing.T) { // not parallel: it sets the environment
	dir := t.TempDir()
	t.Setenv("LINGGONG_DATA", filepath.Join(dir, "a"))
	for _, args := range [][]string{
		{"demo", "--people", "60", "--load-only"},
		{"verify"},
		{"rollup"},
		{"rollup", "--rebuild"},
		{"reindex"},
		{"verify"},
		{"migrate", "status"},
		{"jobs"},
		{"keys", "rotate"},
		{"verify"},
		{"backup", filepath.Join(dir, "copy.tar.gz")},
	} {
		if code, out, errOut := run(t, "", args...); code != 0 {
			t.Fatalf("%v: exit %d\n%s\n%s", args, code, out, errOut)
		}
	}
	if code, _, _ := run(t, "", "restore", filepath.Join(dir, "copy.tar.gz")); code != 2 {
		t.Fatal("restored over a store that is there")
	}
	t.Setenv("LINGGONG_DATA", filepath.Join(dir, "b"))
	if code, out, errOut := run(t, "", "restore", filepath.Join(dir, "copy.tar.gz")); code != 0 {
		t.Fatalf("%s %s", out, errOut)
	}
	if code, out, errOut := run(t, "", "verify"); code != 0 || !strings.Contains(out, "✓ facts") {
		t.Fatalf("the restored copy: %s %s", out, errOut)
	}
}

func TestASheetIsTakenInOnceAndGivenOutTheSame(t *testing.T) { // not parallel: it sets the environment
	dir := t.TempDir()
	t.Setenv("LINGGONG_DATA", filepath.Join(dir, "data"))
	sheet, out, verdicts := "../intake/testdata/sample.csv", filepath.Join(dir, "out.csv"), filepath.Join(dir, "verdicts.csv")
	code, text, _ := run(t, "", "import", "postings", sheet, "--dry-run")
	if code != 1 || !strings.Contains(text, "新 10") || !strings.Contains(text, "第 8 行 title：没有填写岗位名称") {
		t.Fatalf("%d %s", code, text)
	}
	if code, text, _ = run(t, "", "import", "postings", sheet, "--verdicts", verdicts); code != 1 || !strings.Contains(text, "新 10") {
		t.Fatalf("%d %s", code, text)
	}
	if b, err := os.ReadFile(verdicts); err != nil || !strings.Contains(string(b), "id_twice") {
		t.Fatalf("%v %s", err, b)
	}
	if code, text, _ = run(t, "", "import", "postings", sheet); code != 1 || !strings.Contains(text, "没有变化 10") {
		t.Fatalf("%d %s", code, text)
	}
	if code, text, _ = run(t, "", "export", "postings", "--out", out); code != 0 || !strings.Contains(text, "10") {
		t.Fatalf("%d %s", code, text)
	}
	if code, text, _ = run(t, "", "import", "postings", out); code != 0 || !strings.Contains(text, "没有变化 10，拒绝 0") {
		t.Fatalf("%d %s", code, text)
	}
	if code, _, said := run(t, "", "import", "postings", filepath.Join(dir, "none.csv")); code != 2 || said == "" {
		t.Fatalf("%d %s", code, said)
	}
	broken := filepath.Join(dir, "broken.csv")
	write(t, broken, "id,title\n1,\"装卸工\n2,分拣\n")
	if code, _, said := run(t, "", "import", "postings", broken); code != 2 || !strings.Contains(said, "第 2 行") {
		t.Fatalf("%d %s", code, said)
	}
}
