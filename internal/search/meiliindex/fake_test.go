package meiliindex_test

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"linggong/internal/search"
)

// fake answers as Meilisearch 1.10 does, so far as we use it: the same paths,
// bodies, codes and tasks, and it refuses fields that version does not know. It
// keeps the adapter honest where no real server is; it proves nothing about one.
type fake struct {
	*httptest.Server
	key string

	mu       sync.Mutex
	version  string
	indexes  map[string]*fakeIndex
	tasks    []map[string]any
	slow     int // polls a task stays under way
	polls    map[int]int
	failTask func(kind string) string // code a task of the kind fails with
	refuse   func(w http.ResponseWriter, r *http.Request) bool
	log      []call
}

type fakeIndex struct {
	docs     map[string]map[string]any
	order    []string
	settings map[string]any
}

type call struct {
	method, path string
	header       http.Header
	body         string
}

func newFake(t *testing.T) *fake {
	t.Helper()
	return newFakeFor(t)
}

func newFakeFor(t testing.TB) *fake {
	t.Helper()
	f := &fake{key: "a-key", version: "1.10.3", indexes: map[string]*fakeIndex{}, polls: map[int]int{}}
	f.Server = httptest.NewServer(http.HandlerFunc(f.serve))
	t.Cleanup(f.Close)
	return f
}

// known are the fields version 1.10 takes; any other is an error there.
var known = map[string][]string{
	"POST /indexes":        {"uid", "primaryKey"},
	"PATCH settings":       {"rankingRules", "distinctAttribute", "searchableAttributes", "displayedAttributes", "filterableAttributes", "sortableAttributes", "stopWords", "synonyms", "typoTolerance", "faceting", "pagination", "localizedAttributes", "dictionary", "separatorTokens", "nonSeparatorTokens", "proximityPrecision", "searchCutoffMs", "embedders"},
	"POST search":          {"q", "offset", "limit", "filter", "attributesToRetrieve", "hybrid", "showRankingScore", "sort", "facets", "matchingStrategy", "locales"},
	"POST documents/fetch": {"offset", "limit", "fields", "filter", "retrieveVectors"},
	"swap":                 {"indexes"},
	"typoTolerance":        {"enabled", "minWordSizeForTypos", "disableOnWords", "disableOnAttributes"},
}

func refuse(w http.ResponseWriter, status int, code string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]string{
		"message": "words of the server", "code": code, "type": errorType(code), "link": "…",
	})
}

func errorType(code string) string {
	switch code {
	case "invalid_api_key":
		return "auth"
	case "internal", "no_space_left_on_device":
		return "internal"
	}
	return "invalid_request"
}

// named is an index's uid as answers carry it.
func named(uid string) any {
	if uid == "" {
		return nil
	}
	return uid
}

func unknown(what string, fields map[string]any) string {
	for k := range fields {
		if !slices.Contains(known[what], k) {
			return k
		}
	}
	return ""
}

func (f *fake) serve(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.log = append(f.log, call{r.Method, r.URL.RequestURI(), r.Header.Clone(), string(body)})
	if f.refuse != nil && f.refuse(w, r) {
		return
	}
	if r.Header.Get("Authorization") != "Bearer "+f.key {
		refuse(w, 403, "invalid_api_key")
		return
	}
	part := strings.Split(strings.Trim(r.URL.Path, "/"), "/")
	var obj map[string]any
	_ = json.Unmarshal(body, &obj)
	switch {
	case r.Method == "GET" && r.URL.Path == "/version":
		f.answer(w, 200, map[string]string{"commitSha": "x", "commitDate": "x", "pkgVersion": f.version})
	case r.Method == "GET" && part[0] == "tasks":
		f.task(w, part[1])
	case r.Method == "POST" && r.URL.Path == "/swap-indexes":
		f.swap(w, body)
	case r.Method == "GET" && r.URL.Path == "/indexes":
		list := []map[string]any{}
		for _, uid := range slices.Sorted(maps.Keys(f.indexes)) {
			list = append(list, described(uid))
		}
		f.answer(w, 200, map[string]any{"results": list, "offset": 0, "limit": 1000, "total": len(list)})
	case r.Method == "POST" && r.URL.Path == "/indexes":
		f.createIndex(w, obj)
	case part[0] == "indexes" && len(part) == 2:
		f.oneIndex(w, r.Method, part[1])
	case part[0] == "indexes" && len(part) > 2:
		f.inIndex(w, r, part[1], strings.Join(part[2:], "/"), body, obj)
	default:
		refuse(w, 404, "not_found")
	}
}

func (f *fake) answer(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}

// enqueue runs work at once and answers as if it had only been taken on.
func (f *fake) enqueue(w http.ResponseWriter, uid, kind string, work func() string) {
	id := len(f.tasks)
	code := ""
	if f.failTask != nil {
		code = f.failTask(kind)
	}
	if code == "" {
		code = work()
	}
	task := map[string]any{"uid": id, "indexUid": named(uid), "type": kind, "status": "succeeded", "error": nil, "enqueuedAt": "2026-11-23T04:00:00Z"}
	if code != "" {
		task["status"] = "failed"
		task["error"] = map[string]string{"message": "words of the server", "code": code, "type": errorType(code), "link": "…"}
	}
	f.tasks = append(f.tasks, task)
	f.answer(w, 202, map[string]any{"taskUid": id, "indexUid": named(uid), "status": "enqueued", "type": kind, "enqueuedAt": "2026-11-23T04:00:00Z"})
}

func (f *fake) task(w http.ResponseWriter, id string) {
	n, err := strconv.Atoi(id)
	if err != nil || n >= len(f.tasks) {
		refuse(w, 404, "task_not_found")
		return
	}
	f.polls[n]++
	if f.polls[n] <= f.slow {
		f.answer(w, 200, map[string]any{"uid": n, "status": []string{"enqueued", "processing"}[f.polls[n]%2], "type": f.tasks[n]["type"]})
		return
	}
	f.answer(w, 200, f.tasks[n])
}

func (f *fake) swap(w http.ResponseWriter, body []byte) {
	var swaps []map[string]any
	if err := json.Unmarshal(body, &swaps); err != nil || len(swaps) != 1 || unknown("swap", swaps[0]) != "" {
		refuse(w, 400, "bad_request")
		return
	}
	names, _ := swaps[0]["indexes"].([]any)
	a, b := fmt.Sprint(names[0]), fmt.Sprint(names[1])
	f.enqueue(w, "", "indexSwap", func() string {
		if f.indexes[a] == nil || f.indexes[b] == nil {
			return "index_not_found"
		}
		f.indexes[a], f.indexes[b] = f.indexes[b], f.indexes[a]
		return ""
	})
}

func (f *fake) createIndex(w http.ResponseWriter, obj map[string]any) {
	if unknown("POST /indexes", obj) != "" {
		refuse(w, 400, "bad_request")
		return
	}
	uid := fmt.Sprint(obj["uid"])
	f.enqueue(w, uid, "indexCreation", func() string {
		if f.indexes[uid] != nil {
			return "index_already_exists"
		}
		f.indexes[uid] = &fakeIndex{docs: map[string]map[string]any{}, settings: map[string]any{
			"searchableAttributes": []any{"*"}, "displayedAttributes": []any{"*"}, "filterableAttributes": []any{}, "sortableAttributes": []any{},
			"typoTolerance": map[string]any{"enabled": true}, "pagination": map[string]any{"maxTotalHits": 1000}, "localizedAttributes": nil,
		}}
		return ""
	})
}

func (f *fake) oneIndex(w http.ResponseWriter, method, uid string) {
	ix := f.indexes[uid]
	if method == "DELETE" {
		f.enqueue(w, uid, "indexDeletion", func() string {
			if ix == nil {
				return "index_not_found"
			}
			delete(f.indexes, uid)
			return ""
		})
		return
	}
	if ix == nil {
		refuse(w, 404, "index_not_found")
		return
	}
	f.answer(w, 200, described(uid))
}

func described(uid string) map[string]any {
	return map[string]any{"uid": uid, "primaryKey": "id", "createdAt": "2026-11-23T04:00:00Z", "updatedAt": "2026-11-23T04:00:00Z"}
}

func (f *fake) inIndex(w http.ResponseWriter, r *http.Request, uid, what string, body []byte, obj map[string]any) {
	ix := f.indexes[uid]
	if ix == nil {
		refuse(w, 404, "index_not_found")
		return
	}
	switch r.Method + " " + what {
	case "GET settings":
		f.answer(w, 200, ix.settings)
	case "PATCH settings":
		typos, _ := obj["typoTolerance"].(map[string]any)
		if unknown("PATCH settings", obj) != "" || unknown("typoTolerance", typos) != "" {
			refuse(w, 400, "bad_request")
			return
		}
		f.enqueue(w, uid, "settingsUpdate", func() string {
			for k, v := range obj {
				ix.settings[k] = v
			}
			return ""
		})
	case "GET stats":
		f.answer(w, 200, map[string]any{"numberOfDocuments": len(ix.docs), "isIndexing": false})
	case "POST documents":
		f.addDocuments(w, ix, uid, body)
	case "POST documents/delete-batch":
		var ids []string
		_ = json.Unmarshal(body, &ids)
		f.enqueue(w, uid, "documentDeletion", func() string {
			for _, id := range ids {
				delete(ix.docs, id)
			}
			return ""
		})
	case "POST documents/fetch":
		f.find(w, ix, obj, "POST documents/fetch", "fields", "results")
	case "POST search":
		f.find(w, ix, obj, "POST search", "attributesToRetrieve", "hits")
	default:
		refuse(w, 404, "not_found")
	}
}

func (f *fake) addDocuments(w http.ResponseWriter, ix *fakeIndex, uid string, body []byte) {
	var docs []map[string]any
	if json.Unmarshal(body, &docs) != nil {
		refuse(w, 400, "malformed_payload")
		return
	}
	f.enqueue(w, uid, "documentAdditionOrUpdate", func() string {
		for _, d := range docs {
			if (search.Doc{ID: fmt.Sprint(d["id"])}).Check() != nil {
				return "invalid_document_id"
			}
		}
		for _, d := range docs {
			id := fmt.Sprint(d["id"])
			if !slices.Contains(ix.order, id) {
				ix.order = append(ix.order, id)
			}
			ix.docs[id] = d
		}
		return ""
	})
}

func (f *fake) find(w http.ResponseWriter, ix *fakeIndex, obj map[string]any, what, fields, results string) {
	if k := unknown(what, obj); k != "" {
		refuse(w, 400, "bad_request")
		return
	}
	expr, _ := obj["filter"].(string)
	ok, err := parseFilter(expr, ix.settings["filterableAttributes"])
	if err != nil {
		code := "invalid_search_filter"
		if what != "POST search" {
			code = "invalid_document_filter"
		}
		refuse(w, 400, code)
		return
	}
	number := func(k string, otherwise int) int {
		if n, ok := obj[k].(float64); ok {
			return int(n)
		}
		return otherwise
	}
	offset, limit, total := number("offset", 0), number("limit", 20), 0
	hits := []map[string]any{}
	for _, id := range ix.order {
		d := ix.docs[id]
		if d == nil || !ok(d) {
			continue
		}
		if total++; total > offset && len(hits) < limit {
			some := map[string]any{}
			wanted, _ := obj[fields].([]any)
			for _, k := range wanted {
				if v, ok := d[fmt.Sprint(k)]; ok {
					some[fmt.Sprint(k)] = v
				}
			}
			hits = append(hits, some)
		}
	}
	answer := map[string]any{results: hits, "offset": offset, "limit": limit}
	if what == "POST search" {
		answer["estimatedTotalHits"], answer["processingTimeMs"], answer["query"] = total, 0, ""
	} else {
		answer["total"] = total
	}
	f.answer(w, 200, answer)
}

// parseFilter reads the part of the filter language we write.
func parseFilter(expr string, filterable any) (func(map[string]any) bool, error) {
	if expr == "" {
		return func(map[string]any) bool { return true }, nil
	}
	allowed := map[string]bool{}
	list, _ := filterable.([]any)
	for _, a := range list {
		allowed[fmt.Sprint(a)] = true
	}
	p := &filterParser{rest: expr, allowed: allowed}
	ok, err := p.or()
	if err == nil && p.rest != "" {
		err = fmt.Errorf("left over: %q", p.rest)
	}
	return ok, err
}

type filterParser struct {
	rest    string
	allowed map[string]bool
}

func (p *filterParser) skip(s string) bool {
	if !strings.HasPrefix(p.rest, s) {
		return false
	}
	p.rest = p.rest[len(s):]
	return true
}

func (p *filterParser) or() (func(map[string]any) bool, error) {
	return p.list(" OR ", p.and, func(a, b bool) bool { return a || b })
}

func (p *filterParser) and() (func(map[string]any) bool, error) {
	return p.list(" AND ", p.not, func(a, b bool) bool { return a && b })
}

func (p *filterParser) list(by string, one func() (func(map[string]any) bool, error), join func(a, b bool) bool) (func(map[string]any) bool, error) {
	first, err := one()
	if err != nil {
		return nil, err
	}
	for p.skip(by) {
		next, err := one()
		if err != nil {
			return nil, err
		}
		before := first
		first = func(d map[string]any) bool { return join(before(d), next(d)) }
	}
	return first, nil
}

func (p *filterParser) not() (func(map[string]any) bool, error) {
	if p.skip("NOT ") {
		of, err := p.not()
		if err != nil {
			return nil, err
		}
		return func(d map[string]any) bool { return !of(d) }, nil
	}
	if p.skip("(") {
		of, err := p.or()
		if err == nil && !p.skip(")") {
			err = fmt.Errorf("no ) at %q", p.rest)
		}
		return of, err
	}
	name, _, _ := strings.Cut(p.rest, " ")
	p.rest = p.rest[len(name):]
	if !p.allowed[name] {
		return nil, fmt.Errorf("%q is not filterable", name)
	}
	var values []string
	switch {
	case p.skip(" = "):
		v, err := p.value()
		if err != nil {
			return nil, err
		}
		values = []string{v}
	case p.skip(" IN ["):
		for {
			v, err := p.value()
			if err != nil {
				return nil, err
			}
			if values = append(values, v); !p.skip(", ") {
				break
			}
		}
		if !p.skip("]") {
			return nil, fmt.Errorf("no ] at %q", p.rest)
		}
	default:
		return nil, fmt.Errorf("no operator at %q", p.rest)
	}
	return func(d map[string]any) bool {
		has, ok := d[name].([]any)
		if !ok {
			has = []any{d[name]}
		}
		return slices.ContainsFunc(has, func(h any) bool {
			return slices.ContainsFunc(values, func(v string) bool { return strings.EqualFold(v, fmt.Sprint(h)) })
		})
	}, nil
}

func (p *filterParser) value() (string, error) {
	if p.skip("true") {
		return "true", nil
	}
	if !p.skip(`"`) {
		return "", fmt.Errorf("no value at %q", p.rest)
	}
	var b strings.Builder
	for i := 0; i < len(p.rest); i++ {
		switch c := p.rest[i]; c {
		case '\\':
			i++
			b.WriteByte(p.rest[i])
		case '"':
			p.rest = p.rest[i+1:]
			return b.String(), nil
		default:
			b.WriteByte(c)
		}
	}
	return "", fmt.Errorf("a string without end")
}
