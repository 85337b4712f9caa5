package files

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"time"

	"github.com/gabriel-vasile/mimetype"

	"linggong/internal/tx"
)

// sniffed is how much of a blob tells its type.
const sniffed = 3072

// unfinished is the folder of blobs being written. No key begins with a dot.
const unfinished = ".unfinished"

// staleAfter is when an unfinished blob has nobody writing it any more.
const staleAfter = 24 * time.Hour

// Dir keeps blobs in a folder, its own or a mounted volume.
type Dir struct {
	root *os.Root // nothing outside it can be reached, by ".." or by a link
	max  int64
}

var _ Store = (*Dir)(nil)

// OpenDir returns the store in the folder at name and makes it if need be.
func OpenDir(name string, o Options) (*Dir, error) {
	if err := os.MkdirAll(name, 0o700); err != nil {
		return nil, fmt.Errorf("open files: %w", err)
	}
	root, err := os.OpenRoot(name)
	if err != nil {
		return nil, fmt.Errorf("open files: %w", err)
	}
	d := &Dir{root: root, max: o.MaxBytes}
	if d.max <= 0 {
		d.max = DefaultMaxBytes
	}
	if err := root.MkdirAll(unfinished, 0o700); err != nil {
		return nil, fmt.Errorf("open files: %w", errors.Join(err, root.Close()))
	}
	if err := d.sweep(); err != nil {
		return nil, fmt.Errorf("open files: %w", errors.Join(err, root.Close()))
	}
	return d, nil
}

// Close gives the folder back.
func (d *Dir) Close() error { return d.root.Close() }

// sweep removes what a process that died left unfinished. The file system's
// own clock says how old that is. It also shows that we may write here.
func (d *Dir) sweep() error {
	f, name, err := d.begin()
	if err != nil {
		return err
	}
	mark, err := f.Stat()
	if err = errors.Join(err, f.Close(), d.root.Remove(name)); err != nil {
		return err
	}
	left, err := fs.ReadDir(d.root.FS(), unfinished)
	if err != nil {
		return err
	}
	for _, e := range left {
		info, err := e.Info()
		if err == nil && mark.ModTime().Sub(info.ModTime()) > staleAfter {
			err = d.root.Remove(path.Join(unfinished, e.Name()))
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) { // another replica may sweep too
			return err
		}
	}
	return nil
}

func (d *Dir) begin() (f *os.File, name string, err error) {
	name = path.Join(unfinished, rand.Text())
	f, err = d.root.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	return f, name, err
}

// Put implements Store.
func (d *Dir) Put(ctx context.Context, key string, r io.Reader, contentType string) (Info, error) {
	tx.MustNotBeIn(ctx, "files")
	if err := checkKey(key); err != nil {
		return Info{}, err
	}
	f, name, err := d.begin()
	if err != nil {
		return Info{}, fmt.Errorf("put file %s: %w", key, err)
	}
	info, err := d.fill(ctx, f, r, contentType)
	if err == nil {
		err = d.settle(name, key)
	}
	if err != nil {
		_ = d.root.Remove(name) // sweep takes what stays
		return Info{}, fmt.Errorf("put file %s: %w", key, err)
	}
	info.Key = key
	return info, nil
}

// fill writes, checks and closes the unfinished file.
func (d *Dir) fill(ctx context.Context, f *os.File, r io.Reader, contentType string) (Info, error) {
	var head bytes.Buffer
	body := io.TeeReader(io.LimitReader(r, sniffed), &head)
	n, err := io.Copy(f, body)
	if err == nil {
		var rest int64
		rest, err = io.Copy(f, io.LimitReader(untilDone{ctx, r}, d.max-n+1))
		n += rest
	}
	var info Info
	switch found := mimetype.Detect(head.Bytes()); {
	case err != nil:
	case n > d.max:
		err = ErrTooLarge.On("file", "too_large", fmt.Sprintf("不能超过 %d MB", d.max>>20))
	case n == 0:
		err = ErrEmpty
	case contentType != "" && !is(found, contentType):
		err = ErrType.With(fmt.Errorf("found %s, told %q", found, contentType))
	default:
		info = Info{Size: n, ContentType: found.String()}
	}
	if err == nil {
		err = f.Sync()
	}
	if err == nil {
		var st fs.FileInfo
		if st, err = f.Stat(); err == nil {
			info.Modified = st.ModTime().UTC()
		}
	}
	return info, errors.Join(err, f.Close())
}

// is says found is of the told type or a kind of it: a sheet is also a zip.
func is(found *mimetype.MIME, told string) bool {
	for m := found; m != nil; m = m.Parent() {
		if m.Is(told) {
			return true
		}
	}
	return false
}

// settle moves the finished file to its place and makes the move last.
func (d *Dir) settle(name, key string) error {
	dir := path.Dir(key)
	if dir != "." {
		if err := d.root.MkdirAll(dir, 0o700); err != nil {
			return err
		}
	}
	if err := d.root.Rename(name, key); err != nil {
		return err
	}
	f, err := d.root.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// untilDone stops a copy when ctx ends.
type untilDone struct {
	ctx context.Context
	r   io.Reader
}

func (u untilDone) Read(p []byte) (int, error) {
	if err := u.ctx.Err(); err != nil {
		return 0, err
	}
	return u.r.Read(p)
}

// Open implements Store.
func (d *Dir) Open(_ context.Context, key string) (io.ReadCloser, Info, error) {
	if err := checkKey(key); err != nil {
		return nil, Info{}, err
	}
	f, err := d.root.Open(key)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, Info{}, ErrNotFound.With(err)
	}
	if err != nil {
		return nil, Info{}, fmt.Errorf("open file %s: %w", key, err)
	}
	info, err := describe(f, key)
	if err != nil {
		return nil, Info{}, errors.Join(err, f.Close())
	}
	return f, info, nil
}

func describe(f *os.File, key string) (Info, error) {
	st, err := f.Stat()
	if err != nil {
		return Info{}, fmt.Errorf("stat file %s: %w", key, err)
	}
	if !st.Mode().IsRegular() {
		return Info{}, ErrNotFound // a folder is no blob
	}
	head := make([]byte, sniffed)
	n, err := f.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return Info{}, fmt.Errorf("read file %s: %w", key, err)
	}
	return Info{Key: key, Size: st.Size(), ContentType: mimetype.Detect(head[:n]).String(), Modified: st.ModTime().UTC()}, nil
}

// Stat implements Store.
func (d *Dir) Stat(ctx context.Context, key string) (Info, error) {
	f, info, err := d.Open(ctx, key)
	if err != nil {
		return Info{}, err
	}
	return info, f.Close()
}

// Delete implements Store.
func (d *Dir) Delete(ctx context.Context, key string) error {
	tx.MustNotBeIn(ctx, "files")
	if err := checkKey(key); err != nil {
		return err
	}
	if err := d.root.Remove(key); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("delete file %s: %w", key, err)
	}
	return nil
}
