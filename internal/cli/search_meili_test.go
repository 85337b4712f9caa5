package cli_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"linggong/internal/testserver"
)

// Whichever engine holds the words, the same question gives the same answer in
// the same order: every figure and every list of ids is the same.
func TestBothEnginesMeasureTheSame(t *testing.T) {
	t.Parallel()
	server, stop, err := testserver.Meilisearch(t.Context())
	if errors.Is(err, testserver.ErrMissing) {
		t.Skip("NOT TESTED against a real Meilisearch: ", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	config := filepath.Join(t.TempDir(), "config.yaml")
	if err := os.WriteFile(config, fmt.Appendf(nil, "meili_url: %s\nmeili_key: %s\n", server.URL, server.Key), 0o600); err != nil {
		t.Fatal(err)
	}
	gold := joined(t, "tuned.tsv", "held.tsv")
	call := func(engine string, more ...string) (figures, changes string) {
		t.Helper()
		code, out, errOut := runPlain(t, append([]string{"--config", config, "search", "eval", "--gold", gold, "--docs", goldFolder + "docs.csv", "--engine", engine}, more...)...)
		at := strings.Index(out, "\noverall")
		if code != 0 || at < 0 {
			t.Fatalf("%s: exit %d, %s%s", engine, code, out, errOut)
		}
		at += strings.Index(out[at+1:], "\n") + 2
		return out[:at], out[at:]
	}
	want, _ := call("sql", "--accept")
	got, changes := call("meili")
	if got != want {
		t.Errorf("sql\n%s\nmeili\n%s", want, got)
	}
	if !strings.Contains(changes, "0 first hits, 0 first tens changed") {
		t.Errorf("%s", changes)
	}
	if n := indexes(t, server); n != 0 {
		t.Errorf("the evaluations left %d indexes", n)
	}
}

// indexes is how many of evaluations there are on the server.
func indexes(t *testing.T, server testserver.MeiliServer) int {
	t.Helper()
	req, err := http.NewRequestWithContext(context.Background(), http.MethodGet, server.URL+"/indexes?limit=1000", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+server.Key)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	var answer struct {
		Results []struct {
			UID string `json:"uid"`
		} `json:"results"`
	}
	if err := json.NewDecoder(res.Body).Decode(&answer); err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, r := range answer.Results {
		if len(r.UID) > 11 && r.UID[:11] == "search_eval" {
			n++
		}
	}
	return n
}
