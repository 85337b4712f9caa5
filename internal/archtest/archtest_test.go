package archtest_test

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"linggong/internal/archtest"
)

// tree is every package of the program, from the root of the module.
func tree(t *testing.T) []archtest.Package {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "list", "-e", "-deps=false", "-json=ImportPath,Dir,GoFiles,Imports", "./...")
	cmd.Dir = filepath.Join("..", "..")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var graph []archtest.Package
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p archtest.Package
		switch err := dec.Decode(&p); {
		case errors.Is(err, io.EOF):
			return graph
		case err != nil:
			t.Fatal(err)
		}
		graph = append(graph, p)
	}
}

func TestTheRoomsImportOnlyWhatTheyMay(t *testing.T) {
	t.Parallel()
	graph := tree(t)
	if len(graph) < 10 {
		t.Fatalf("only %d packages were found", len(graph))
	}
	for _, wrong := range archtest.Linggong.Check(graph) {
		t.Error(wrong)
	}
}

func TestTheClockAndTheEnvironmentAreReadInOnePlace(t *testing.T) {
	t.Parallel()
	found, err := archtest.Linggong.CheckCalls(tree(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, wrong := range found {
		t.Error(wrong)
	}
}

func TestEveryExceptionGivesItsReasonAndNamesKnownRooms(t *testing.T) {
	t.Parallel()
	l := archtest.Linggong
	for _, e := range l.Exceptions {
		from, okFrom := l.Layer(e.From)
		to, okTo := l.Layer(e.To)
		if e.Why == "" || !okFrom || !okTo || from != to {
			t.Errorf("%+v: an exception needs a reason and two rooms of one layer", e)
		}
	}
	for _, v := range l.Vendors {
		if v.Why == "" {
			t.Errorf("%s: a library kept to some needs a reason", v.Prefix)
		}
	}
}

// The checker itself: one import each, allowed or refused with these words.
func TestAForbiddenImportNamesBothSidesAndTheReason(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		from, to string
		want     string // "" when allowed
	}{
		"a domain may use a mechanism":             {"internal/gig", "linggong/internal/seal", ""},
		"a domain may use pure rules":              {"internal/hardship", "linggong/internal/rules", ""},
		"domains never meet":                       {"internal/gig", "linggong/internal/hardship", "internal/gig imports internal/hardship: domains never import each other"},
		"rows know their domain":                   {"internal/gig/gigdb", "linggong/internal/gig", ""},
		"a domain does not know its rows":          {"internal/gig", "linggong/internal/gig/gigdb", "layer 3 imports lower layers only, and that is layer 4"},
		"rows do not know another domain":          {"internal/gig/gigdb", "linggong/internal/person", "rows know their own domain only"},
		"rows do not know other rows":              {"internal/gig/gigdb", "linggong/internal/person/persondb", "both are of layer 4"},
		"a domain knows its parts":                 {"internal/hardship", "linggong/internal/hardship/helpcase", ""},
		"the parts of a domain know each other":    {"internal/hardship/helpcase", "linggong/internal/hardship/refusal", ""},
		"rows know their domain's parts":           {"internal/hardship/hardshipdb", "linggong/internal/hardship/refusal", ""},
		"nobody knows another domain's parts":      {"internal/gig", "linggong/internal/hardship/refusal", "domains never import each other"},
		"a part of a domain is no place for gorm":  {"internal/hardship/helpcase", "gorm.io/gorm", "rows never leave"},
		"the trace's rows are rows":                {"internal/audit/auditdb", "linggong/internal/dbx", ""},
		"a mechanism does not know a domain":       {"internal/cache", "linggong/internal/gig", "layer 2 imports lower layers only"},
		"the ground knows nothing above":           {"internal/errs", "linggong/internal/rules", "layer 0 imports lower layers only, and that is layer 1"},
		"an adapter knows its port":                {"internal/cache/rediscache", "linggong/internal/cache", ""},
		"a port does not know its adapter":         {"internal/cache", "linggong/internal/cache/rediscache", "both are of layer 2"},
		"mechanisms do not meet":                   {"internal/seal", "linggong/internal/cache", "both are of layer 2"},
		"a listed exception":                       {"internal/job", "linggong/internal/dbx", ""},
		"an exception has one direction":           {"internal/dbx", "linggong/internal/job", "both are of layer 2"},
		"a solver of its own":                      {"internal/matching/assign/checker", "linggong/internal/matching/assign", ""},
		"a shared suite knows its port":            {"internal/search/searchtest", "linggong/internal/search", ""},
		"an unknown room":                          {"internal/misc", "fmt", "internal/misc has no layer"},
		"an unknown room is not imported":          {"internal/gig", "linggong/internal/misc", "it has no layer"},
		"anybody may use the standard library":     {"internal/gig", "fmt", ""},
		"rows may use gorm":                        {"internal/gig/gigdb", "gorm.io/gorm", ""},
		"a domain may not use gorm":                {"internal/gig", "gorm.io/gorm/clause", "internal/gig imports gorm.io/gorm/clause: only internal/dbx,"},
		"handlers may not use gorm":                {"internal/httpapi", "gorm.io/gorm", "rows never leave"},
		"a name that only ends in db is not rows":  {"internal/gig/otherdb", "gorm.io/gorm", "internal/gig/otherdb has no layer"},
		"gin at the edge":                          {"internal/httpapi", "github.com/gin-gonic/gin", ""},
		"gin inside":                               {"internal/app", "github.com/gin-gonic/gin", "only the edge speaks HTTP"},
		"a library with a name that begins alike":  {"internal/app", "github.com/gin-gonic/ginkgo", ""},
		"huma at the edge only":                    {"internal/webui", "github.com/danielgtaylor/huma/v2", "the contract is made in one place"},
		"Redis in its adapter only":                {"internal/cache", "github.com/redis/go-redis/v9", "behind the cache port"},
		"Meilisearch in its adapter only":          {"internal/search", "github.com/meilisearch/meilisearch-go", "behind the search port"},
		"the programs know the composed":           {"internal/cli", "linggong/internal/app", ""},
		"the composed do not know the programs":    {"internal/app", "linggong/internal/cli", "layer 7 imports lower layers only"},
		"embedded data is at the bottom of it all": {"internal/migrate", "linggong/migrations", ""},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := archtest.Linggong.Check([]archtest.Package{{ImportPath: "linggong/" + c.from, Imports: []string{c.to}}})
			text := strings.Join(got, "\n")
			if c.want == "" && text != "" || !strings.Contains(text, c.want) {
				t.Errorf("got %q, want %q", text, c.want)
			}
		})
	}
}

func TestAHiddenClockIsFound(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ pkg, source, want string }{
		"a call":                {"internal/gig", `import "time"; var x = time.Now()`, "internal/gig uses time.Now at f.go:1: only internal/app, internal/dbx"},
		"a value":               {"internal/httpapi", `import "time"; var now = time.Now`, "take now func()"},
		"under another name":    {"internal/gig", `import clock "time"; var x = clock.Since(x)`, "uses clock.Since"},
		"where it is allowed":   {"internal/app", `import "time"; var now = time.Now`, ""},
		"what only looks alike": {"internal/gig", `import "time"; var x = time.Second`, ""},
		"a field of that name":  {"internal/gig", `var x = s.time.Now()`, ""},
		"the environment":       {"internal/cli", `import "os"; var x = os.Getenv("X")`, "a setting that is not in config"},
		"ids from dbx":          {"internal/gig", `import "linggong/internal/dbx"; var id = dbx.NewID()`, ""},
		"a handle from dbx":     {"internal/gig", `import "linggong/internal/dbx"; var db *dbx.DB`, "it may take only NewID"},
		"a handle for rows":     {"internal/gig/gigdb", `import "linggong/internal/dbx"; var db *dbx.DB`, ""},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, "f.go"), []byte("package p; "+c.source), 0o600); err != nil {
				t.Fatal(err)
			}
			got, err := archtest.Linggong.CheckCalls([]archtest.Package{{ImportPath: "linggong/" + c.pkg, Dir: dir, GoFiles: []string{"f.go"}}})
			if err != nil {
				t.Fatal(err)
			}
			text := strings.Join(got, "\n")
			if c.want == "" && text != "" || !strings.Contains(text, c.want) {
				t.Errorf("got %q, want %q", text, c.want)
			}
		})
	}
}
