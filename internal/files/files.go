// Package files keeps blobs: proof photos, imported sheets, bulletins. A blob
// is written once under a key that its owner chose and stores in a row; it has
// no name, no owner and no permissions of its own.
package files

import (
	"context"
	"fmt"
	"io"
	"regexp"
	"strings"
	"time"

	"linggong/internal/errs"
)

// What can be wrong with a file.
var (
	ErrNotFound = errs.New(errs.NotFound, "file_not_found", "没有这个文件", "There is no such file.")
	ErrTooLarge = errs.New(errs.Invalid, "file_too_large", "文件太大", "The file is too large.")
	ErrEmpty    = errs.New(errs.Invalid, "file_empty", "文件是空的", "The file is empty.")
	ErrType     = errs.New(errs.Invalid, "file_type", "文件内容与类型不符", "The file is not what it says it is.")
	// ErrKey is a mistake of ours, never of a user: users do not choose keys.
	ErrKey = errs.New(errs.Internal, "file_key", "文件编号有误", "The file's key is not valid.")
	// ErrScheme says which stores this program has.
	ErrScheme = errs.New(errs.Invalid, "files_url", "不支持的文件存储地址", "The program has no such store of files.")
)

// DefaultMaxBytes bounds a blob where Options says nothing.
const DefaultMaxBytes = 20 << 20

// Info describes one blob.
type Info struct {
	Key         string
	Size        int64
	ContentType string // found in the content, never merely claimed
	Modified    time.Time
}

// Store keeps blobs. Keys are lower-case words of letters, digits, '.', '_' and
// '-', joined by '/', at most 200 bytes: "proofs/2026/11/0195….jpg".
type Store interface {
	// Put keeps what r holds under key, replacing what was there; readers see
	// the old blob or the new one, whole. When contentType is not empty the
	// content must be of that type (ErrType). It returns ErrTooLarge or ErrEmpty
	// having kept nothing. Not inside a transaction.
	Put(ctx context.Context, key string, r io.Reader, contentType string) (Info, error)
	// Open returns the blob, to be closed by the caller, or ErrNotFound.
	Open(ctx context.Context, key string) (io.ReadCloser, Info, error)
	// Stat describes the blob, or returns ErrNotFound.
	Stat(ctx context.Context, key string) (Info, error)
	// Delete removes the blob; an absent one is no error. Not inside a transaction.
	Delete(ctx context.Context, key string) error
}

// Options tunes a store. The zero value serves.
type Options struct {
	MaxBytes int64 // of one blob; 0 means DefaultMaxBytes
}

// Open returns the store at rawURL: "file://" and a folder, absolute
// ("file:///srv/linggong/files") or from the working directory. Object stores
// (s3://) are not built in; mount the bucket and name its folder.
func Open(rawURL string, o Options) (Store, error) {
	if dir, ok := strings.CutPrefix(rawURL, "file://"); ok && dir != "" {
		return OpenDir(dir, o)
	}
	if strings.HasPrefix(rawURL, "s3://") { // the address is not repeated: it may hold a key
		return nil, ErrScheme.On("LINGGONG_FILES_URL", "s3", "尚不直接支持 S3；请将存储桶挂载为目录，再用 file:///目录")
	}
	return nil, ErrScheme.On("LINGGONG_FILES_URL", "scheme", "只支持 file:///目录")
}

var keyPattern = regexp.MustCompile(`^[a-z0-9_-][a-z0-9._-]*(?:/[a-z0-9_-][a-z0-9._-]*)*$`)

// checkKey refuses what could leave the store or hide in it.
func checkKey(key string) error {
	if len(key) > 200 || !keyPattern.MatchString(key) || strings.Contains(key, "..") {
		return ErrKey.With(fmt.Errorf("key of %d bytes", len(key)))
	}
	return nil
}
