package files_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"linggong/internal/errs"
	"linggong/internal/files"
	"linggong/internal/tx"
)

var png = append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"), make([]byte, 5000)...)

func store(t *testing.T, o files.Options) (files.Store, string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "a", "b")
	s, err := files.Open("file://"+dir, o)
	if err != nil {
		t.Fatal(err)
	}
	if c, ok := s.(io.Closer); ok {
		t.Cleanup(func() { _ = c.Close() })
	}
	return s, dir
}

func TestWhatIsPutCanBeRead(t *testing.T) {
	t.Parallel()
	s, _ := store(t, files.Options{})
	ctx := t.Context()
	put, err := s.Put(ctx, "proofs/2026/11/p-1.png", bytes.NewReader(png), "image/png")
	if err != nil {
		t.Fatal(err)
	}
	f, info, err := s.Open(ctx, "proofs/2026/11/p-1.png")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	got, err := io.ReadAll(f)
	if err != nil || !bytes.Equal(got, png) {
		t.Errorf("read %d bytes, %v", len(got), err)
	}
	if info != put || info.ContentType != "image/png" || info.Size != int64(len(png)) || info.Modified.IsZero() {
		t.Errorf("put %+v, opened %+v", put, info)
	}
	if err := s.Delete(ctx, "proofs/2026/11/p-1.png"); err != nil {
		t.Error(err)
	}
	if err := s.Delete(ctx, "proofs/2026/11/p-1.png"); err != nil {
		t.Errorf("deleting twice: %v", err)
	}
	if _, err := s.Stat(ctx, "proofs/2026/11/p-1.png"); !errors.Is(err, files.ErrNotFound) {
		t.Errorf("after Delete: %v", err)
	}
	if _, err := s.Stat(ctx, "proofs"); !errors.Is(err, files.ErrNotFound) {
		t.Errorf("a folder is no blob: %v", err)
	}
}

func TestTypeIsFoundNotClaimed(t *testing.T) {
	t.Parallel()
	s, _ := store(t, files.Options{})
	ctx := t.Context()
	for name, c := range map[string]struct {
		content, told, want string
	}{
		"a page that says it is a picture":    {"<html><script>alert(1)</script></html>", "image/png", ""},
		"a program that says it is a sheet":   {"MZ\x90\x00 program", "text/csv", ""},
		"text told as text":                   {"岗位,人数\n保洁,3\n", "text/plain", "text/"},
		"nothing told":                        {"%PDF-1.7\n...", "", "application/pdf"},
		"a picture with its type, upper case": {string(png), "IMAGE/PNG", "image/png"},
	} {
		info, err := s.Put(ctx, "x", strings.NewReader(c.content), c.told)
		if c.want == "" {
			if !errors.Is(err, files.ErrType) {
				t.Errorf("%s: %+v, %v", name, info, err)
			}
			continue
		}
		if err != nil || !strings.HasPrefix(info.ContentType, c.want) {
			t.Errorf("%s: %+v, %v", name, info, err)
		}
	}
}

func TestTooMuchIsRefusedAndLeavesNothing(t *testing.T) {
	t.Parallel()
	s, dir := store(t, files.Options{MaxBytes: 10_000})
	ctx := t.Context()
	if _, err := s.Put(ctx, "k", bytes.NewReader(png), ""); err != nil {
		t.Fatal(err)
	}
	for name, r := range map[string]io.Reader{
		"one byte too many": bytes.NewReader(make([]byte, 10_001)),
		"without end":       endless{},
		"nothing":           strings.NewReader(""),
		"a torn upload":     io.MultiReader(bytes.NewReader(png), torn{}),
	} {
		if _, err := s.Put(ctx, "k", r, ""); err == nil {
			t.Errorf("%s was kept", name)
		}
	}
	if info, err := s.Stat(ctx, "k"); err != nil || info.Size != int64(len(png)) {
		t.Errorf("the old blob: %+v, %v", info, err)
	}
	if left, err := os.ReadDir(filepath.Join(dir, ".unfinished")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	if _, err := s.Put(ctx, "k", bytes.NewReader(make([]byte, 10_000)), ""); err != nil {
		t.Errorf("exactly the limit: %v", err)
	}
}

type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

type torn struct{}

func (torn) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func TestNoKeyLeavesTheFolder(t *testing.T) {
	t.Parallel()
	s, dir := store(t, files.Options{})
	ctx := t.Context()
	outside := filepath.Join(filepath.Dir(dir), "secret")
	if err := os.WriteFile(outside, []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(outside, filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{
		"", ".", "..", "../secret", "a/../../secret", "/etc/passwd", "a//b", "a/", ".unfinished/x", "a/.b",
		"a\x00b", `a\b`, "A", "文件", "a b", strings.Repeat("a", 201), "link",
	} {
		if f, _, err := s.Open(ctx, key); err == nil {
			_ = f.Close()
			t.Errorf("Open(%q) went through", key)
		}
		if key == "link" {
			continue // a link may be replaced; it is never followed
		}
		if _, err := s.Put(ctx, key, bytes.NewReader(png), ""); !errors.Is(err, files.ErrKey) {
			t.Errorf("Put(%q): %v", key, err)
		}
		if err := s.Delete(ctx, key); !errors.Is(err, files.ErrKey) {
			t.Errorf("Delete(%q): %v", key, err)
		}
	}
	if b, err := os.ReadFile(outside); err != nil || string(b) != "secret" {
		t.Errorf("outside: %q, %v", b, err)
	}
}

func FuzzKeysStayInside(f *testing.F) {
	f.Add("proofs/a.png")
	f.Add("../x")
	f.Fuzz(func(t *testing.T, key string) {
		s, dir := store(t, files.Options{})
		if _, err := s.Put(t.Context(), key, bytes.NewReader(png), ""); err != nil {
			return
		}
		if _, err := os.Stat(filepath.Join(dir, filepath.FromSlash(key))); err != nil || !filepath.IsLocal(key) {
			t.Errorf("%q: %v", key, err)
		}
	})
}

// A reader sees one blob or the other, never half of each.
func TestReplacingIsAtOnce(t *testing.T) {
	t.Parallel()
	s, _ := store(t, files.Options{})
	ctx := t.Context()
	a, b := bytes.Repeat([]byte("a"), 100_000), bytes.Repeat([]byte("b"), 200_000)
	if _, err := s.Put(ctx, "k", bytes.NewReader(a), ""); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Go(func() {
			for range 10 {
				if _, err := s.Put(ctx, "k", bytes.NewReader([][]byte{a, b}[i%2]), ""); err != nil {
					t.Error(err)
				}
				f, _, err := s.Open(ctx, "k")
				if err != nil {
					t.Error(err)
					continue
				}
				got, err := io.ReadAll(f)
				_ = f.Close()
				if err != nil || !bytes.Equal(got, a) && !bytes.Equal(got, b) {
					t.Errorf("read %d mixed bytes, %v", len(got), err)
				}
			}
		})
	}
	wg.Wait()
}

func TestWhatADeadProcessLeftIsSweptLater(t *testing.T) {
	t.Parallel()
	_, dir := store(t, files.Options{})
	old, fresh := filepath.Join(dir, ".unfinished", "OLD"), filepath.Join(dir, ".unfinished", "FRESH")
	for _, name := range []string{old, fresh} {
		if err := os.WriteFile(name, png, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	then := time.Now().Add(-25 * time.Hour)
	if err := os.Chtimes(old, then, then); err != nil {
		t.Fatal(err)
	}
	d, err := files.OpenDir(dir, files.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if _, err := os.Stat(old); !os.IsNotExist(err) {
		t.Errorf("the old one is still there: %v", err)
	}
	if _, err := os.Stat(fresh); err != nil {
		t.Errorf("the fresh one may still be written: %v", err)
	}
}

func TestUnknownStoresAreNamedClearly(t *testing.T) {
	t.Parallel()
	for _, addr := range []string{"s3://key:geheim@bucket", "ftp://x", "/var/files", "file:relative", "file://", "", "::"} {
		_, err := files.Open(addr, files.Options{})
		e, ok := errors.AsType[*errs.Error](err)
		if !ok || !errors.Is(err, files.ErrScheme) || len(e.Fields) != 1 || strings.Contains(err.Error(), "geheim") {
			t.Errorf("%q: %v", addr, err)
		}
	}
}

func TestNoFileIsWrittenInATransaction(t *testing.T) {
	t.Parallel()
	s, _ := store(t, files.Options{})
	ctx, _ := tx.Open(context.Background(), nil)
	defer func() {
		if recover() == nil {
			t.Error("Put went through")
		}
	}()
	_, _ = s.Put(ctx, "k", bytes.NewReader(png), "")
}

func TestCancelledUploadStops(t *testing.T) {
	t.Parallel()
	s, _ := store(t, files.Options{MaxBytes: 1 << 40})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Put(ctx, "k", endless{}, ""); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
