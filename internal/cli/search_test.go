package cli_test

import (
	"encoding/json"
	"strings"
	"testing"
)

// Search finds what people here ask for. The tuned part is what the pipeline was
// made with; the held part nobody tuned for. A change that makes either worse
// than this does not land.
func TestTheGoldSetIsFound(t *testing.T) {
	t.Parallel()
	for file, least := range map[string]struct{ recall, precision float64 }{"tuned": {0.98, 0.98}, "held": {0.97, 0.98}} {
		code, out, errOut := run(t, "", "search", "eval", "--gold", "../search/gold/"+file+".tsv", "--docs", "../search/gold/docs.csv", "--json")
		if code != 0 {
			t.Fatalf("%s: %d %s", file, code, errOut)
		}
		var got struct {
			Overall struct {
				Recall    float64 `json:"recall_at_10"`
				Precision float64 `json:"precision_at_3"`
				Forbidden int     `json:"forbidden_hits"`
			} `json:"overall"`
			ByKind map[string]any `json:"by_kind"`
		}
		if err := json.Unmarshal([]byte(out), &got); err != nil {
			t.Fatal(err)
		}
		if o := got.Overall; o.Recall < least.recall || o.Precision < least.precision || o.Forbidden != 0 || len(got.ByKind) != 12 {
			t.Errorf("%s: %+v over %d kinds; asked for %+v and nothing forbidden", file, o, len(got.ByKind), least)
		}
	}
	for _, bad := range [][]string{{"--gold", "missing.tsv", "--docs", "../search/gold/docs.csv"}, {"--gold", "../search/gold/docs.csv", "--docs", "../search/gold/tuned.tsv"}} {
		if code, out, errOut := run(t, "", append([]string{"search", "eval"}, bad...)...); code != 2 || out != "" || strings.TrimSpace(errOut) == "" {
			t.Errorf("%v: %d %q %q", bad, code, out, errOut)
		}
	}
}
