package webui_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/gin-gonic/gin"

	"linggong/internal/webui"
)

func engine() *gin.Engine {
	gin.SetMode(gin.TestMode)
	r := gin.New()
	webui.Mount(r, fstest.MapFS{
		"index.html":        {Data: []byte("staff shell")},
		"kiosk.html":        {Data: []byte("kiosk shell")},
		"docs.html":         {Data: []byte("contract")},
		"assets/app-1a.js":  {Data: []byte(strings.Repeat("let a = 1;", 500))},
		"assets/app-1a.css": {Data: []byte("a{}")},
	}, func(c *gin.Context) { c.String(http.StatusNotFound, "none") })
	return r
}

func get(t *testing.T, path string, headers ...string) *http.Response {
	t.Helper()
	req := httptest.NewRequest(http.MethodGet, path, nil)
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	engine().ServeHTTP(w, req)
	return w.Result()
}

func TestEveryEntranceAnswers(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{
		"/": "staff", "/kiosk": "kiosk", "/kiosk/posting/1": "kiosk", "/screen": "kiosk", "/phone/mine": "kiosk",
		"/employer": "staff", "/station": "staff", "/desk/cases/9": "staff", "/dashboard": "staff", "/admin": "staff", "/api/docs": "contract",
	} {
		r := get(t, path)
		b := make([]byte, 50)
		n, _ := r.Body.Read(b) // the text is compared
		if r.StatusCode != 200 || !strings.HasPrefix(string(b[:n]), want) {
			t.Errorf("%s: %d %q", path, r.StatusCode, b[:n])
		}
	}
}

func TestWhatIsNotThereIsNotAPage(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"/nothing", "/assets/gone.js", "/api/v1/nothing", "/desk/x.php", "/../go.mod"} {
		if r := get(t, path); r.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %d", path, r.StatusCode)
		}
	}
}

func TestHashedAssetsAreKeptForeverAndPagesNever(t *testing.T) {
	t.Parallel()
	js := get(t, "/assets/app-1a.js", "Accept-Encoding", "gzip")
	if !strings.Contains(js.Header.Get("Cache-Control"), "immutable") || js.Header.Get("Content-Encoding") != "gzip" {
		t.Errorf("asset: %v", js.Header)
	}
	page := get(t, "/kiosk")
	if page.Header.Get("Cache-Control") != "no-cache" || page.Header.Get("Content-Security-Policy") == "" {
		t.Errorf("page: %v", page.Header)
	}
	if r := get(t, "/kiosk", "If-None-Match", page.Header.Get("ETag")); r.StatusCode != http.StatusNotModified {
		t.Errorf("unchanged page: %d", r.StatusCode)
	}
}
