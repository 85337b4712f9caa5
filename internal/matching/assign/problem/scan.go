package problem

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"linggong/internal/errs"
)

// file reads one JSON object strictly, item by item as it streams by, and says
// where it went wrong.
type file struct {
	r    io.Reader
	buf  []byte
	at   int   // of the next byte in buf
	base int64 // of buf in the file
	err  *errs.Error
	keys map[string]bool
}

const readSize = 1 << 18

func newFile(r io.Reader, base *errs.Error) *file {
	return &file{r: r, err: base, keys: map[string]bool{}}
}

// more reads on, keeping buf from keep. It returns io.EOF at the end.
func (f *file) more(keep int) error {
	f.base += int64(keep)
	rest := copy(f.buf, f.buf[keep:])
	f.buf, f.at = f.buf[:rest], f.at-keep
	if cap(f.buf)-rest < readSize/2 {
		f.buf = append(make([]byte, 0, 2*rest+readSize), f.buf...)
	}
	for range 100 {
		n, err := f.r.Read(f.buf[rest:cap(f.buf)])
		f.buf = f.buf[:rest+n]
		if n > 0 {
			return nil
		}
		if err != nil {
			return err
		}
	}
	return io.ErrNoProgress
}

// peek returns the next byte that is no white space, without taking it.
func (f *file) peek() (byte, error) {
	for {
		for f.at < len(f.buf) {
			switch c := f.buf[f.at]; c {
			case ' ', '\t', '\n', '\r':
				f.at++
			default:
				return c, nil
			}
		}
		if err := f.more(f.at); err != nil {
			return 0, err
		}
	}
}

// raw takes the next value whole; it stays valid until the next call. It finds
// where the value ends and leaves the rest to who reads it.
func (f *file) raw() ([]byte, error) {
	if _, err := f.peek(); err != nil {
		return nil, err
	}
	start, depth, text := f.at, 0, false
	for {
		for ; f.at < len(f.buf); f.at++ {
			c := f.buf[f.at]
			switch {
			case text && c == '\\':
				if f.at+1 == len(f.buf) {
					goto refill
				}
				f.at++
			case text && c != '"':
			case c == '"':
				if text = !text; !text && depth == 0 {
					f.at++
					return f.buf[start:f.at], nil
				}
			case c == '{' || c == '[':
				depth++
			case depth == 0 && (c == ',' || c == ']' || c == '}' || c == ':' || c == ' ' || c == '\n' || c == '\t' || c == '\r'):
				return f.buf[start:f.at], nil
			case c == '}' || c == ']':
				if depth--; depth == 0 {
					f.at++
					return f.buf[start:f.at], nil
				}
			}
		}
	refill:
		err := f.more(start)
		start = 0
		if err != nil {
			return nil, err
		}
	}
}

// object reads {"key": …} calling read at each value, and demands the end of the file.
func (f *file) object(read func(key string) error) error {
	err := f.members("file", func(key string) error {
		if f.keys[key] {
			return fault{key, "duplicate", "出现了两次", "appears twice"}.of(f.err)
		}
		f.keys[key] = true
		return read(key)
	})
	if err != nil {
		return err
	}
	if _, err := f.peek(); !errors.Is(err, io.EOF) {
		if err != nil {
			return f.wrap(err, f.offset())
		}
		return fault{f.offset(), "trailing", "文件结束后还有内容", "there is something after the end"}.of(f.err)
	}
	return nil
}

// members reads {"key": …} calling read at each value.
func (f *file) members(at string, read func(key string) error) error {
	return f.list(at, '{', '}', func(int) error {
		var key string
		if err := f.value(f.offset(), &key); err != nil {
			return err
		}
		if err := f.delim(':', f.offset()); err != nil {
			return err
		}
		return read(key)
	})
}

// array reads [ … ] calling read for each item.
func (f *file) array(key string, read func(i int) error) error {
	return f.list(key, '[', ']', read)
}

func (f *file) list(at string, left, right byte, read func(i int) error) error {
	if err := f.delim(left, at); err != nil {
		return err
	}
	for i := 0; ; i++ {
		c, err := f.peek()
		if err != nil {
			return f.wrap(err, at)
		}
		if c == right && i == 0 {
			break
		}
		if i > 0 {
			if c == right {
				break
			}
			if err := f.delim(',', at); err != nil {
				return err
			}
		}
		if err := read(i); err != nil {
			return err
		}
	}
	f.at++
	return nil
}

func (f *file) delim(want byte, at string) error {
	c, err := f.peek()
	if err != nil {
		return f.wrap(err, at)
	}
	if c != want {
		return fault{at, "syntax", fmt.Sprintf("此处应为 %c（第 %d 字节）", want, f.base+int64(f.at)), fmt.Sprintf("expected %c at byte %d", want, f.base+int64(f.at))}.of(f.err)
	}
	f.at++
	return nil
}

func (f *file) decode(into any, key string, i int) error {
	b, err := f.raw()
	if err != nil {
		return f.wrap(err, fmt.Sprintf("%s[%d]", key, i))
	}
	return f.strict(b, into, func() string { return fmt.Sprintf("%s[%d]", key, i) })
}

func (f *file) value(key string, into any) error {
	b, err := f.raw()
	if err != nil {
		return f.wrap(err, key)
	}
	return f.strict(b, into, func() string { return key })
}

// strict decodes b, knowing all of its fields.
func (f *file) strict(b []byte, into any, at func() string) error {
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	err := d.Decode(into)
	if err == nil && string(b) == "null" {
		return fault{at(), "type", "不能为 null", "must not be null"}.of(f.err)
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) { // a value that ends too early is no JSON, the file goes on
		err = &json.SyntaxError{}
	}
	if err != nil {
		return f.wrap(err, at())
	}
	return nil
}

func (f *file) unknownKey(key string) error {
	return fault{quote(key), "unknown", "没有这个字段", "there is no such key"}.of(f.err)
}

func (f *file) offset() string { return fmt.Sprintf("byte %d", f.base+int64(f.at)) }

// wrap tells a damaged file from a failing disk.
func (f *file) wrap(err error, at string) error {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	end := f.base + int64(f.at)
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return fault{at, "truncated", fmt.Sprintf("文件在第 %d 字节处中断", end), fmt.Sprintf("the file ends early, after byte %d", end)}.of(f.err)
	case errors.As(err, &syntax):
		return fault{at, "syntax", fmt.Sprintf("第 %d 字节之前不是合法的 JSON", end), fmt.Sprintf("not JSON before byte %d", end)}.of(f.err)
	case errors.As(err, &kind):
		if kind.Field != "" {
			at += "." + kind.Field
		}
		return fault{at, "type", fmt.Sprintf("%s 不是这里应有的类型或超出整数范围", kind.Value), fmt.Sprintf("%s is of the wrong type or out of range", kind.Value)}.of(f.err)
	case strings.HasPrefix(err.Error(), "json: "):
		return fault{at, "unknown_field", "有未知字段", strings.TrimPrefix(err.Error(), "json: ")}.of(f.err)
	}
	return fmt.Errorf("read assignment file: %w", err)
}
