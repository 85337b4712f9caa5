package meiliindex_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"linggong/internal/search"
	"linggong/internal/search/meiliindex"
	"linggong/internal/testserver"
	"linggong/internal/worktext"
)

var update = flag.Bool("update", false, "record testdata/contract.json anew from a real Meilisearch")

const contractFile = "testdata/contract.json"

// exchange is one request of the adapter and its answer, without what differs
// from run to run.
type exchange struct {
	Request string `json:"request"`
	Body    any    `json:"body,omitempty"`
	Status  int    `json:"status"`
	Kind    string `json:"content_type"`
	Answer  any    `json:"answer"`
}

// recorder stands between the adapter and a server and writes down what passes.
type recorder struct {
	*httptest.Server
	mu   sync.Mutex
	seen []exchange
}

func newRecorder(t *testing.T, to, key string) *recorder {
	t.Helper()
	r := &recorder{}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, in *http.Request) {
		body, _ := io.ReadAll(in.Body)
		out, err := http.NewRequestWithContext(in.Context(), in.Method, to+in.URL.RequestURI(), bytes.NewReader(body))
		if err != nil {
			t.Error(err)
			return
		}
		out.Header = in.Header.Clone()
		if in.Header.Get("Authorization") == "Bearer a-key" {
			out.Header.Set("Authorization", "Bearer "+key)
		}
		out.Header.Del("Accept-Encoding")
		res, err := http.DefaultClient.Do(out)
		if err != nil {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		answer, _ := io.ReadAll(res.Body)
		_ = res.Body.Close()
		r.note(in, body, res, answer)
		w.Header().Set("Content-Type", res.Header.Get("Content-Type"))
		w.WriteHeader(res.StatusCode)
		_, _ = w.Write(answer)
	}))
	t.Cleanup(r.Close)
	return r
}

var nextName = regexp.MustCompile(`_next_[a-z0-9]+`)

var taskPath = regexp.MustCompile(`^/tasks/\d+$`)

func (r *recorder) note(in *http.Request, body []byte, res *http.Response, answer []byte) {
	body, answer = nextName.ReplaceAll(body, []byte("_next_N")), nextName.ReplaceAll(answer, []byte("_next_N"))
	e := exchange{Request: in.Method + " " + nextName.ReplaceAllString(in.URL.RequestURI(), "_next_N"), Status: res.StatusCode, Kind: res.Header.Get("Content-Type")}
	_ = json.Unmarshal(body, &e.Body)
	_ = json.Unmarshal(answer, &e.Answer)
	if taskPath.MatchString(e.Request[len(in.Method)+1:]) {
		task, _ := e.Answer.(map[string]any)
		if s := task["status"]; s == "enqueued" || s == "processing" {
			return // how often one has to ask is the machine's affair
		}
		e.Request = "GET /tasks/N"
	}
	e.Answer = steady(e.Answer)
	if list, ok := e.Answer.(map[string]any); ok && strings.HasPrefix(e.Request, "GET /indexes?") {
		// A server may hold what is none of ours.
		list["total"] = "…"
		all, _ := list["results"].([]any)
		list["results"] = slices.DeleteFunc(all, func(x any) bool {
			i, _ := x.(map[string]any)
			return i["uid"] != "contract"
		})
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.seen = append(r.seen, e)
}

// steady puts a letter where values differ from run to run, and drops what only
// a person would read.
func steady(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k, x := range v {
			switch k {
			case "taskUid", "uid", "batchUid":
				if _, number := x.(float64); number {
					x = "N"
				}
			case "enqueuedAt", "startedAt", "finishedAt", "createdAt", "updatedAt", "duration", "commitSha", "commitDate", "pkgVersion", "message", "link", "processingTimeMs", "avgDocumentSize", "rawDocumentDbSize", "numberOfEmbeddings", "requestUid":
				x = "…"
			}
			v[k] = steady(x)
		}
	case []any:
		for i := range v {
			v[i] = steady(v[i])
		}
	}
	return v
}

// play lets the adapter do everything it ever does once, good and bad.
func play(t *testing.T, addr string) {
	t.Helper()
	ctx := t.Context()
	ix := open(t, addr, "a-key", "contract")
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	match := func(q search.Query) []search.Hit {
		t.Helper()
		hits, err := ix.Match(ctx, q)
		must(err)
		return hits
	}
	if _, err := ix.Match(ctx, search.Query{}); !errors.Is(err, search.ErrUnavailable) {
		t.Errorf("an index that is not there: %v", err)
	}
	if n, err := ix.Count(ctx); n != 0 || err != nil {
		t.Errorf("an index that is not there holds %d (%v)", n, err)
	}
	must(ix.Put(ctx, doc("a-1", 7, "保洁 洁工"), doc("b-2", 1, "c++")))
	must(ix.Put(ctx, doc("a-1", 6, "焊工"))) // older: nothing is sent
	must(ix.Delete(ctx, "b-2", "absent"))
	if hits := match(search.Query{Region: "330481101000", Match: worktext.Match{
		All:  []worktext.Clause{{Any: []worktext.Term{term(true, "保洁", "洁工"), {Field: worktext.InPinyin, Tokens: []string{"bao", "jie"}}}}},
		None: []worktext.Clause{{Any: []worktext.Term{term(false, `c"\+`)}}},
	}}); len(hits) != 1 || hits[0].ID != "a-1" {
		t.Errorf("found %v", hits)
	}
	for _, err := range ix.Refs(ctx) {
		must(err)
	}
	for _, err := range ix.Refs(ctx, "a-1", "absent") {
		must(err)
	}
	must(ix.Rebuild(ctx, func(yield func(search.Doc, error) bool) { yield(doc("c-3", 1, "焊工"), nil) }))
	if n, err := ix.Count(ctx); n != 1 || err != nil {
		t.Errorf("rebuilt: %d (%v)", n, err)
	}
	must(open(t, addr, "a-key", "contract").Put(ctx, doc("c-3", 2, "焊工"))) // the next process: no settings are sent
	if _, err := open(t, addr, "another-key", "contract").Match(ctx, search.Query{}); !errors.Is(err, search.ErrUnavailable) {
		t.Errorf("a wrong key: %v", err)
	}
}

// badTasks are what servers accept and then do not do, and what they refuse;
// the adapter never asks for them, but a person with the key may have.
func badTasks(t *testing.T, addr string) {
	t.Helper()
	for _, r := range []struct{ method, path, body string }{
		{"POST", "/indexes/contract/documents?primaryKey=id", `[{"id":"no good id!"}]`},
		{"POST", "/indexes", `{"uid":"contract","primaryKey":"id"}`},
		{"DELETE", "/indexes/absent", ``},
		{"POST", "/swap-indexes", `[{"indexes":["contract","absent"]}]`},
		{"POST", "/indexes/contract/search", `{"filter":"title = \"x\"","limit":5000}`},
		{"POST", "/indexes/contract/documents/fetch", `{"filter":"title = \"x\"","limit":1}`},
		{"POST", "/indexes/contract/search", `{"whatever":1}`},
	} {
		ctx, cancel := context.WithCancel(t.Context())
		req, err := http.NewRequestWithContext(ctx, r.method, addr+r.path, strings.NewReader(r.body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer a-key")
		req.Header.Set("Content-Type", "application/json")
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		var task struct {
			TaskUID *int64 `json:"taskUid"`
		}
		_ = json.NewDecoder(res.Body).Decode(&task)
		_ = res.Body.Close()
		if task.TaskUID != nil {
			_ = meiliindex.FinishTask(ctx, open(t, addr, "a-key", "contract"), *task.TaskUID)
		}
		cancel()
	}
}

func exchanges(t *testing.T, to, key string) []exchange {
	t.Helper()
	r := newRecorder(t, to, key)
	play(t, r.URL)
	badTasks(t, r.URL)
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.seen
}

// The recorded contract is what a real server says; -update records it anew.
func TestRealServerSaysWhatIsRecorded(t *testing.T) {
	t.Parallel()
	server := realServer(t)
	forget(t, server)
	got := exchanges(t, server.URL, server.Key)
	if *update {
		var b bytes.Buffer
		for _, e := range got {
			line, err := json.Marshal(e)
			if err != nil {
				t.Fatal(err)
			}
			b.Write(append(line, '\n'))
		}
		if err := os.WriteFile(contractFile, b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if d := cmp.Diff(recorded(t), got); d != "" {
		t.Errorf("(-recorded +said):\n%s", d)
	}
}

// forget drops what an earlier run left on a server that outlives it.
func forget(t *testing.T, server testserver.MeiliServer) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodDelete, server.URL+"/indexes/contract", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+server.Key)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	var task struct {
		TaskUID int64 `json:"taskUid"`
	}
	if err := errors.Join(json.NewDecoder(res.Body).Decode(&task), res.Body.Close()); err != nil {
		t.Fatal(err)
	}
	_ = meiliindex.FinishTask(t.Context(), open(t, server.URL, server.Key, "contract"), task.TaskUID) // it may not have been there
}

func recorded(t *testing.T) []exchange {
	t.Helper()
	f, err := os.Open(contractFile)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	var out []exchange
	for d := json.NewDecoder(f); ; {
		var e exchange
		if err := d.Decode(&e); errors.Is(err, io.EOF) {
			return out
		} else if err != nil {
			t.Fatal(err)
		}
		out = append(out, e)
	}
}

// The stand-in says nothing that a real server does not say: the adapter asks it
// for the same in the same order, and every field of its answers is in the
// recorded ones.
func TestStandInSaysWhatIsRecorded(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	got, want := exchanges(t, f.URL, f.key), recorded(t)
	for i := range max(len(got), len(want)) {
		if i >= len(got) || i >= len(want) {
			t.Fatalf("%d exchanges, %d are recorded", len(got), len(want))
		}
		g, w := got[i], want[i]
		if g.Request != w.Request || !reflect.DeepEqual(g.Body, w.Body) {
			t.Fatalf("request %d: %s %v, recorded is %s %v", i, g.Request, g.Body, w.Request, w.Body)
		}
		if g.Status != w.Status || g.Kind != w.Kind {
			t.Errorf("%s: answered %d %s, recorded is %d %s", g.Request, g.Status, g.Kind, w.Status, w.Kind)
		}
		if what := beyond(g.Answer, w.Answer); what != "" {
			t.Errorf("%s: %s", g.Request, what)
		}
	}
}

// beyond names what is in got and not in want; objects of got may have fewer fields.
func beyond(got, want any) string {
	g, object := got.(map[string]any)
	w, _ := want.(map[string]any)
	if object && w != nil {
		for k, v := range g {
			if _, ok := w[k]; !ok {
				return fmt.Sprintf("%q is never said", k)
			}
			if what := beyond(v, w[k]); what != "" {
				return k + ": " + what
			}
		}
		return ""
	}
	gs, list := got.([]any)
	ws, ok := want.([]any)
	if list && ok && len(gs) == len(ws) {
		for i := range gs {
			if what := beyond(gs[i], ws[i]); what != "" {
				return fmt.Sprintf("%d: %s", i, what)
			}
		}
		return ""
	}
	if !reflect.DeepEqual(got, want) {
		return fmt.Sprintf("%v, recorded is %v", got, want)
	}
	return ""
}
