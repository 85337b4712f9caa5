package httpapi_test

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"

	"linggong/internal/access"
	"linggong/internal/dbx"
	"linggong/internal/httpapi"
)

// bare is the API without services: enough for what the transport itself promises.
func bare() (*httpapi.API, *gin.Engine) {
	gin.SetMode(gin.TestMode)
	r := gin.New()
	return httpapi.New(r, httpapi.Services{}, httpapi.Options{Version: "test", Log: slog.New(slog.DiscardHandler), Now: dbx.Now}), r
}

func ask(t *testing.T, method, path, body string, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	req := httptest.NewRequest(method, path, strings.NewReader(body))
	req.Header.Set("Content-Type", "application/json")
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	_, r := bare()
	r.ServeHTTP(w, req)
	return w
}

func problem(t *testing.T, w *httptest.ResponseRecorder) httpapi.Problem {
	t.Helper()
	if ct := w.Header().Get("Content-Type"); !strings.HasPrefix(ct, "application/problem+json") {
		t.Fatalf("content type %q, body %s", ct, w.Body)
	}
	var p httpapi.Problem
	if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil {
		t.Fatal(err)
	}
	return p
}

func TestARefusalIsAProblemDocumentInTheReadersLanguage(t *testing.T) {
	t.Parallel()
	zh := problem(t, ask(t, http.MethodGet, "/api/v1/indicators", ""))
	en := problem(t, ask(t, http.MethodGet, "/api/v1/indicators", "", "Accept-Language", "en-GB"))
	if zh.Status != 401 || zh.Code != "sign_in_required" || zh.Detail != "请先登录" || zh.RequestID == "" {
		t.Errorf("%+v", zh)
	}
	if en.Detail != "Please sign in first." {
		t.Errorf("%+v", en)
	}
}

func TestABadRequestNamesItsFieldsAndNeverEchoesThem(t *testing.T) {
	t.Parallel()
	w := ask(t, http.MethodPost, "/api/v1/session/code", `{"phone":"13800000001","purpose":"bank"}`, "X-Linggong", "1")
	p := problem(t, w)
	if p.Status != 422 || len(p.Errors) != 1 || p.Errors[0].Name != "purpose" {
		t.Errorf("%+v", p)
	}
	if strings.Contains(w.Body.String(), "13800000001") {
		t.Error("the phone number came back in the problem")
	}
	for name, body := range map[string]string{"no JSON": "{", "unknown field": `{"phone":"1","purpose":"worker","admin":true}`, "nothing": ""} {
		if p := problem(t, ask(t, http.MethodPost, "/api/v1/session/code", body, "X-Linggong", "1")); p.Status < 400 || p.Status > 499 {
			t.Errorf("%s: %+v", name, p)
		}
	}
}

func TestAnotherSitesPageCannotAct(t *testing.T) {
	t.Parallel()
	if p := problem(t, ask(t, http.MethodPost, "/api/v1/session/code", `{"phone":"1","purpose":"worker"}`)); p.Code != "csrf_header_missing" {
		t.Errorf("%+v", p)
	}
}

func TestEveryOperationSaysWhoMay(t *testing.T) {
	t.Parallel()
	a, _ := bare()
	seen := map[string]bool{}
	for _, r := range a.Routes() {
		if seen[r.ID] {
			t.Errorf("two operations are called %s", r.ID)
		}
		seen[r.ID] = true
		if _, known := access.Policy[r.May]; !r.Public && !known {
			t.Errorf("%s asks for %q, which is not in the policy", r.ID, r.May)
		}
	}
}

func TestEveryOperationOfTheDocumentIsARouteAndEveryRouteIsInTheDocument(t *testing.T) {
	t.Parallel()
	a, r := bare()
	doc, err := a.Document()
	if err != nil {
		t.Fatal(err)
	}
	var d struct {
		Paths map[string]map[string]json.RawMessage `json:"paths"`
	}
	if err := json.Unmarshal(doc, &d); err != nil {
		t.Fatal(err)
	}
	documented := map[string]bool{}
	for path, ops := range d.Paths {
		for method := range ops {
			documented[strings.ToUpper(method)+" "+path] = true
		}
	}
	// Outside the contract on purpose: what machines that watch this one ask.
	outside := map[string]bool{"GET /healthz": true, "GET /readyz": true, "GET /metrics": true, "GET /api/openapi.json": true}
	served := map[string]bool{}
	for _, route := range r.Routes() {
		parts := strings.Split(route.Path, "/")
		for i, p := range parts {
			if strings.HasPrefix(p, ":") {
				parts[i] = "{" + p[1:] + "}"
			}
		}
		name := route.Method + " " + strings.Join(parts, "/")
		if outside[name] {
			continue
		}
		served[name] = true
		if !documented[name] {
			t.Errorf("%s is served outside the contract", name)
		}
	}
	for name := range documented {
		if !served[name] {
			t.Errorf("%s is in the contract and not served", name)
		}
	}
}
