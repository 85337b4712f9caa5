// Package webui serves the embedded browser apps: two shells (a light one for
// the kiosk, the wall screen and the phone; one for everybody who works here),
// the contract's page, and their assets.
package webui

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
	"sync"

	"github.com/gin-gonic/gin"
)

// shells maps the first part of an address to the page that serves it.
var shells = map[string]string{
	"": "index.html", "employer": "index.html", "station": "index.html", "desk": "index.html",
	"dashboard": "index.html", "admin": "index.html", "gallery": "index.html", "sign-in": "index.html",
	"kiosk": "kiosk.html", "screen": "kiosk.html", "phone": "kiosk.html",
}

const policy = "default-src 'self'; img-src 'self' data: blob:; style-src 'self'; style-src-attr 'unsafe-inline'; " +
	"style-src-elem 'self' 'unsafe-inline'; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// file is one asset, ready to send.
type file struct {
	plain, zipped []byte
	kind, etag    string
}

// UI serves the apps in files.
type UI struct {
	files fs.FS
	mu    sync.RWMutex
	ready map[string]*file
}

// Mount serves files on r wherever no operation is mounted. missing answers
// addresses that are neither.
func Mount(r *gin.Engine, files fs.FS, missing gin.HandlerFunc) {
	u := &UI{files: files, ready: map[string]*file{}}
	r.NoRoute(func(c *gin.Context) {
		if c.Request.Method != http.MethodGet && c.Request.Method != http.MethodHead || !u.serve(c) {
			missing(c)
		}
	})
}

func (u *UI) serve(c *gin.Context) bool {
	name := strings.TrimPrefix(path.Clean(c.Request.URL.Path), "/")
	if name == "api/docs" {
		return u.page(c, "docs.html")
	}
	if strings.HasPrefix(name, "api/") {
		return false
	}
	if f := u.open(name); f != nil && !strings.HasSuffix(name, ".html") {
		cache := "public, max-age=3600"
		if strings.HasPrefix(name, "assets/") { // their names change with their content
			cache = "public, max-age=31536000, immutable"
		}
		return u.send(c, f, cache)
	}
	first, _, _ := strings.Cut(name, "/")
	shell, ok := shells[first]
	if !ok || path.Ext(name) != "" {
		return false
	}
	return u.page(c, shell)
}

func (u *UI) page(c *gin.Context, name string) bool {
	f := u.open(name)
	if f == nil {
		c.Data(http.StatusOK, "text/html; charset=utf-8", []byte("<!doctype html><meta charset=utf-8><title>零工通</title><p>网页尚未构建，请运行 <code>make build</code>。/ The web apps are not built; run <code>make build</code>."))
		return true
	}
	c.Header("Content-Security-Policy", policy)
	return u.send(c, f, "no-cache")
}

func (u *UI) send(c *gin.Context, f *file, cache string) bool {
	h := c.Writer.Header()
	h.Set("Cache-Control", cache)
	h.Set("ETag", f.etag)
	h.Set("Vary", "Accept-Encoding")
	if c.GetHeader("If-None-Match") == f.etag {
		c.Status(http.StatusNotModified)
		return true
	}
	out := f.plain
	if f.zipped != nil && strings.Contains(c.GetHeader("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		out = f.zipped
	}
	c.Data(http.StatusOK, f.kind, out)
	return true
}

// open returns an asset, compressed once, or nil.
func (u *UI) open(name string) *file {
	u.mu.RLock()
	f := u.ready[name]
	u.mu.RUnlock()
	if f != nil {
		return f
	}
	b, err := fs.ReadFile(u.files, name)
	if err != nil {
		return nil
	}
	sum := sha256.Sum256(b)
	f = &file{plain: b, kind: mime.TypeByExtension(path.Ext(name)), etag: `"` + hex.EncodeToString(sum[:12]) + `"`}
	if f.kind == "" {
		f.kind = http.DetectContentType(b)
	}
	if z := squeeze(b); len(z) < len(b)*9/10 {
		f.zipped = z
	}
	u.mu.Lock()
	u.ready[name] = f
	u.mu.Unlock()
	return f
}

func squeeze(b []byte) []byte {
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	if _, err := z.Write(b); err != nil {
		return b
	}
	if err := z.Close(); err != nil {
		return b
	}
	return out.Bytes()
}
