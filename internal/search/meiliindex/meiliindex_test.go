package meiliindex_test

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"linggong/internal/errs"
	"linggong/internal/search"
	"linggong/internal/search/meiliindex"
	"linggong/internal/search/searchtest"
	"linggong/internal/testserver"
	"linggong/internal/tx"
	"linggong/internal/worktext"
)

// realServer returns a Meilisearch to test against: the one that
// LINGGONG_TEST_MEILI_URL names, or one started for this run.
func realServer(t *testing.T) testserver.MeiliServer {
	t.Helper()
	real.once.Do(func() { real.server, real.stop, real.err = testserver.Meilisearch(context.Background()) })
	if errors.Is(real.err, testserver.ErrMissing) {
		t.Skip("NOT TESTED against a real Meilisearch: ", real.err, ". The stand-in and the recorded contract were tested.")
	}
	if real.err != nil {
		t.Fatal(real.err)
	}
	return real.server
}

var real struct {
	once   sync.Once
	server testserver.MeiliServer
	stop   func()
	err    error
}

func TestMain(m *testing.M) {
	code := m.Run()
	if real.stop != nil {
		real.stop()
	}
	os.Exit(code)
}

func TestMeilisearchKeepsTheContract(t *testing.T) {
	t.Parallel()
	server := realServer(t)
	searchtest.Run(t, func(t *testing.T) search.Index {
		return open(t, server.URL, server.Key, "test_"+strings.ToLower(rand.Text()))
	})
}

func TestStandInKeepsTheContract(t *testing.T) {
	t.Parallel()
	searchtest.Run(t, func(t *testing.T) search.Index {
		f := newFake(t)
		return open(t, f.URL, f.key, "postings")
	})
}

func open(t *testing.T, addr, key, uid string) *meiliindex.Index {
	t.Helper()
	ix, err := meiliindex.New(addr, key, uid)
	if err != nil {
		t.Fatal(err)
	}
	return ix
}

func doc(id string, version int64, tokens string) search.Doc {
	return search.Doc{ID: id, Version: version, Fields: worktext.Fields{Tokens: tokens, Pinyin: "bao jie"}, Region: "330481101201", Open: true}
}

func asking(terms ...worktext.Term) search.Query {
	return search.Query{Match: worktext.Match{All: []worktext.Clause{{Any: terms}}}}
}

func term(phrase bool, tokens ...string) worktext.Term {
	return worktext.Term{Field: worktext.InTokens, Tokens: tokens, Phrase: phrase}
}

// What goes over the wire, recorded: paths, headers, bodies.
func TestRequestsAreTheRecordedOnes(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	ix := open(t, f.URL+"/", f.key, "postings")
	ctx := t.Context()
	if err := ix.Put(ctx, doc("a-1", 7, "保洁 洁工")); err != nil {
		t.Fatal(err)
	}
	if err := ix.Delete(ctx, "b-2"); err != nil {
		t.Fatal(err)
	}
	if _, err := ix.Match(ctx, search.Query{Region: "330481", Match: worktext.Match{
		All:  []worktext.Clause{{Any: []worktext.Term{term(true, "保洁", "洁工"), {Field: worktext.InPinyin, Tokens: []string{"bao", "jie"}}}}},
		None: []worktext.Clause{{Any: []worktext.Term{term(false, "c++")}}},
	}}); err != nil {
		t.Fatal(err)
	}
	if _, err := ix.Count(ctx); err != nil {
		t.Fatal(err)
	}
	var got []string
	poll := regexp.MustCompile(`^/tasks/\d+$`)
	for _, c := range f.log {
		if poll.MatchString(c.path) {
			continue
		}
		got = append(got, strings.TrimSpace(c.method+" "+c.path+" "+c.body))
		if c.header.Get("Authorization") != "Bearer a-key" || !strings.HasPrefix(c.header.Get("User-Agent"), "Meilisearch Go (v0.36.") {
			t.Errorf("%s: headers %v", c.path, c.header)
		}
		if c.body != "" && c.header.Get("Content-Type") != "application/json" {
			t.Errorf("%s: content type %q", c.path, c.header.Get("Content-Type"))
		}
	}
	want := []string{
		`GET /version`,
		`GET /indexes/postings`,
		`POST /indexes {"uid":"postings","primaryKey":"id"}`,
		`GET /indexes/postings/settings`,
		`PATCH /indexes/postings/settings {"displayedAttributes":["id","version","region","open","head","words"],"filterableAttributes":["id","open","prefixes","scopes","terms"],"localizedAttributes":[{"attributePatterns":["*"],"locales":["cmn"]}],"pagination":{"maxTotalHits":1000000},"searchableAttributes":["head"],"typoTolerance":{"disableOnAttributes":[],"disableOnWords":[],"enabled":false,"minWordSizeForTypos":{"oneTypo":5,"twoTypos":9}}}`,
		`POST /indexes/postings/documents/fetch {"limit":2,"fields":["id","version"],"filter":"id IN [\"a-1\"]"}`,
		`POST /indexes/postings/documents?primaryKey=id [{"id":"a-1","version":7,"region":"330481101201","open":true,` +
			`"scopes":["r3","r33","r330","r3304","r33048","r330481","r3304811","r33048110","r330481101","r3304811012","r33048110120","r330481101201"],` +
			`"terms":["t_4fdd__6d01_","t_6d01__5de5_","t_4fdd__6d01___t_6d01__5de5_","pbao","t_6d01__5de5___pbao","pjie","pbao__pjie"],` +
			`"prefixes":["t_4fdd_","t_4fdd__6d01_","t_6d01_","t_6d01__5de5_","pb","pba","pbao","pj","pji","pjie"],` +
			`"head":"t保洁 t洁工 pbao pjie","words":"t保洁 t洁工 pbao pjie"}]`,
		`POST /indexes/postings/documents/delete-batch ["b-2"]`,
		`POST /indexes/postings/search {"limit":5000,"attributesToRetrieve":["id","head"],"filter":"open = true AND scopes = \"r330481\" AND ` +
			`((terms = \"t_4fdd__6d01___t_6d01__5de5_\") OR (terms = \"pbao\" AND terms = \"pjie\")) AND ` +
			`NOT ((terms = \"tc_3105_00002b_3106__3105_00002b_3106_\"))","q":"","hybrid":null}`,
		`GET /indexes/postings/stats`,
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("requests (-recorded +sent):\n%s", d)
	}
}

// Settings are sent once, and not again by the next process that finds them.
func TestSettingsAreAppliedOnce(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	for range 2 {
		ix := open(t, f.URL, f.key, "postings")
		for i := range 2 {
			if err := ix.Put(t.Context(), doc("a", int64(i), "保洁")); err != nil {
				t.Fatal(err)
			}
		}
	}
	n := 0
	for _, c := range f.log {
		if c.method == "PATCH" {
			n++
		}
	}
	if n != 1 {
		t.Errorf("settings were sent %d times", n)
	}
}

func TestWaitingFollowsTheTask(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.slow = 3 // enqueued, processing, enqueued, done
	ix := open(t, f.URL, f.key, "postings")
	if err := ix.Put(t.Context(), doc("a", 1, "保洁")); err != nil {
		t.Fatal(err)
	}
	if n, err := ix.Count(t.Context()); n != 1 || err != nil {
		t.Errorf("count %d, %v", n, err)
	}
}

func TestFailedTaskIsReportedToWhoeverWaits(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"indexCreation", "settingsUpdate", "documentAdditionOrUpdate"} {
		f := newFake(t)
		f.failTask = func(k string) string {
			if k == kind {
				return "no_space_left_on_device"
			}
			return ""
		}
		ix := open(t, f.URL, f.key, "postings")
		err := ix.Put(t.Context(), doc("a", 1, "保洁"))
		failed, ok := errors.AsType[*meiliindex.TaskError](err)
		if !ok || failed.Code != "no_space_left_on_device" || failed.Kind != kind || failed.Status != "failed" || !errors.Is(err, search.ErrUnavailable) {
			t.Errorf("%s: %v", kind, err)
		}
		f.mu.Lock()
		f.failTask = nil
		f.mu.Unlock()
		if err := ix.Put(t.Context(), doc("a", 1, "保洁")); err != nil {
			t.Errorf("%s, tried again: %v", kind, err)
		}
	}
}

func TestFailedRebuildLeavesTheOldIndex(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"documentAdditionOrUpdate", "indexSwap"} {
		f := newFake(t)
		ix := open(t, f.URL, f.key, "postings")
		if err := ix.Put(t.Context(), doc("old", 1, "保洁")); err != nil {
			t.Fatal(err)
		}
		f.mu.Lock()
		f.failTask = func(k string) string {
			if k == kind {
				return "internal"
			}
			return ""
		}
		f.mu.Unlock()
		err := ix.Rebuild(t.Context(), func(yield func(search.Doc, error) bool) { yield(doc("new", 1, "焊工"), nil) })
		if _, ok := errors.AsType[*meiliindex.TaskError](err); !ok {
			t.Errorf("%s: %v", kind, err)
		}
		if hits, err := ix.Match(t.Context(), asking(term(false, "保洁"))); err != nil || len(hits) != 1 || hits[0].ID != "old" {
			t.Errorf("%s: %v, %v", kind, hits, err)
		}
		f.mu.Lock()
		if names := len(f.indexes); names != 1 {
			t.Errorf("%s: %d indexes are left", kind, names)
		}
		f.mu.Unlock()
	}
}

func TestErrorsSayTheCodeAndNothingThatWasAsked(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		refuse func(w http.ResponseWriter, r *http.Request) bool
		want   string
	}{
		"a wrong key": {func(w http.ResponseWriter, _ *http.Request) bool { refuse(w, 403, "invalid_api_key"); return true }, "403 invalid_api_key"},
		"a bad filter": {func(w http.ResponseWriter, _ *http.Request) bool {
			refuse(w, 400, "invalid_search_filter")
			return true
		}, "400 invalid_search_filter"},
		"a proxy's page": {func(w http.ResponseWriter, _ *http.Request) bool {
			w.WriteHeader(502)
			_, _ = w.Write([]byte("<html>Bad Gateway</html>"))
			return true
		}, "502"},
		"no JSON": {func(w http.ResponseWriter, _ *http.Request) bool {
			_, _ = w.Write([]byte("{"))
			return true
		}, "match"},
	} {
		f := newFake(t)
		f.refuse = c.refuse
		ix := open(t, f.URL, f.key, "postings")
		_, err := ix.Match(t.Context(), asking(term(false, "chanterelle")))
		if !errors.Is(err, search.ErrUnavailable) || errs.KindOf(err) != errs.Unavailable || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
		if strings.Contains(fmt.Sprint(err), "words of the server") || strings.Contains(fmt.Sprint(err), "chanterelle") {
			t.Errorf("%s repeats what was asked: %v", name, err)
		}
	}
	f := newFake(t)
	f.Close()
	ix := open(t, f.URL, f.key, "postings")
	if _, err := ix.Match(t.Context(), search.Query{}); !errors.Is(err, search.ErrUnavailable) {
		t.Errorf("nobody there: %v", err)
	}
	if err := ix.Put(t.Context(), doc("a", 1, "x")); !errors.Is(err, search.ErrUnavailable) {
		t.Errorf("nobody there: %v", err)
	}
}

func TestAServerTooOldIsNamed(t *testing.T) {
	t.Parallel()
	for version, ok := range map[string]bool{"1.9.9": false, "0.30.0": false, "1.10.0": true, "1.50.1": true, "2.0.0": true, "": false, "x.y.z": false} {
		f := newFake(t)
		f.version = version
		err := open(t, f.URL, f.key, "postings").Put(t.Context(), doc("a", 1, "x"))
		if (err == nil) != ok {
			t.Errorf("%q: %v", version, err)
		}
	}
}

func TestManyWritersShareBatches(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.slow = 2
	ix := open(t, f.URL, f.key, "postings")
	var wg sync.WaitGroup
	for i := range 100 {
		wg.Go(func() {
			if err := ix.Put(t.Context(), doc(fmt.Sprintf("d%d", i), 1, "保洁")); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n, err := ix.Count(t.Context()); n != 100 || err != nil {
		t.Errorf("count %d, %v", n, err)
	}
	batches := 0
	for _, c := range f.log {
		if strings.Contains(c.path, "/documents?") {
			batches++
		}
	}
	if batches > 30 {
		t.Errorf("%d batches for 100 writers at once", batches)
	}
}

func TestDeepAnswersComeInPages(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	ix := open(t, f.URL, f.key, "postings")
	err := ix.Rebuild(t.Context(), func(yield func(search.Doc, error) bool) {
		for i := range 5001 {
			if !yield(doc(fmt.Sprintf("d%04d", i), 1, "保洁"), nil) {
				return
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if hits, err := ix.Match(t.Context(), asking(term(false, "保洁"))); err != nil || len(hits) != 5001 {
		t.Errorf("%d hits, %v", len(hits), err)
	}
}

func TestOutsideTransactionsOnly(t *testing.T) {
	t.Parallel()
	ix := open(t, "http://127.0.0.1:1", "", "postings")
	ctx, _ := tx.Open(context.Background(), nil)
	for name, f := range map[string]func(){
		"Match": func() { _, _ = ix.Match(ctx, search.Query{}) },
		"Put":   func() { _ = ix.Put(ctx, doc("a", 1, "x")) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s inside a transaction went through", name)
				}
			}()
			f()
		}()
	}
}

func TestAddressesAreChecked(t *testing.T) {
	t.Parallel()
	for _, addr := range []string{"", "localhost:7700", "ftp://x", "http://", "://"} {
		if _, err := meiliindex.New(addr, "", "postings"); err == nil {
			t.Errorf("%q was accepted", addr)
		}
	}
	if _, err := meiliindex.New("http://x", "", "Post ings/.."); err == nil {
		t.Error("a strange name was accepted")
	}
}

// Whatever the words are, the filter reads back as one value per word, and
// nothing of them gets out of its quotes.
func FuzzFilter(f *testing.F) {
	server := newFakeFor(f)
	ix, err := meiliindex.New(server.URL, server.key, "postings")
	if err != nil {
		f.Fatal(err)
	}
	if err := ix.Put(f.Context(), doc("other", 1, "别的 词")); err != nil {
		f.Fatal(err)
	}
	for _, s := range []string{`保洁 员`, `" OR open = "true`, `\" OR open = true OR id = \"`, "a] OR id IN [b", "a\x00b", "ㄅ ㄆ _ __", strings.Repeat("长", 40)} {
		f.Add(s, true, true)
		f.Add(s, false, false)
	}
	f.Fuzz(func(t *testing.T, text string, phrase, prefix bool) {
		tokens := strings.Fields(text)
		if len(tokens) == 0 || len(tokens) > search.MaxTermTokens || strings.ContainsRune(text, '\uFFFD') {
			return
		}
		if valid, err := json.Marshal(text); err != nil || strings.Contains(string(valid), `\ufffd`) {
			return
		}
		if err := ix.Put(t.Context(), doc("d", 1, text)); err != nil {
			t.Fatal(err)
		}
		q := asking(term(phrase, tokens...))
		q.Prefix = prefix
		hits, err := ix.Match(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		if found := slices.ContainsFunc(hits, func(h search.Hit) bool { return h.ID == "d" }); !found {
			t.Errorf("%q does not find itself", text)
		}
	})
}
