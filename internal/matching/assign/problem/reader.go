package problem

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"

	"linggong/internal/errs"
)

// Read reads a problem from JSON as it streams by and validates it:
//
//	{"workers":[{"id","capacity"?:1}],"places":[{"id","capacity","min"?:0}],
//	 "edges":[{"worker","place","weight"}],"sense":"max"|"min","require_all_workers"?:bool}
//
// The keys may come in any order. Unknown or repeated keys, missing fields,
// numbers that are no integers, a truncated file or anything after it give
// ErrProblem naming the item. A failing r gives its own error.
func Read(r io.Reader) (Problem, error) {
	f := newFile(r, ErrProblem)
	var p Problem
	var pending []wireEdge
	err := f.object(func(key string) error {
		switch key {
		case "workers":
			return f.workers(&p)
		case "places":
			return f.places(&p)
		case "edges":
			return f.array(key, func(i int) error {
				e := wireEdge{missing, missing, absent}
				if err := f.decode(&e, "edges", i); err != nil {
					return err
				}
				pending = append(pending, e)
				return nil
			})
		case "sense":
			return f.value(key, &p.Sense)
		case "require_all_workers":
			return f.value(key, &p.RequireAllWorkers)
		}
		return f.unknownKey(key)
	})
	if err != nil {
		return Problem{}, err
	}
	for _, key := range []string{"workers", "places", "edges", "sense"} {
		if !f.keys[key] {
			return Problem{}, fault{key, "required", "缺少这一项", "is missing"}.of(ErrProblem)
		}
	}
	if err := cmp.Or(p.checkSense(), p.checkWorkers(), p.checkPlaces()); err != nil {
		return Problem{}, err
	}
	if err := p.link(pending); err != nil {
		return Problem{}, err
	}
	if err := p.checkEdges(); err != nil {
		return Problem{}, err
	}
	return p, nil
}

// missing and absent mark fields a file did not give.
const (
	missing = "\x00"
	absent  = math.MinInt64
)

type wireWorker struct {
	ID       string `json:"id"`
	Capacity int64  `json:"capacity"`
}

type wirePlace struct {
	ID       string `json:"id"`
	Capacity int64  `json:"capacity"`
	Min      int64  `json:"min"`
}

type wireEdge struct {
	Worker string `json:"worker"`
	Place  string `json:"place"`
	Weight int64  `json:"weight"`
}

func (f *file) workers(p *Problem) error {
	return f.array("workers", func(i int) error {
		w := wireWorker{ID: "", Capacity: 1}
		if err := f.decode(&w, "workers", i); err != nil {
			return err
		}
		if w.Capacity == 0 {
			return fault{fmt.Sprintf("workers[%d].capacity", i), "out_of_range", "容量至少为 1", "the capacity must be at least 1"}.of(ErrProblem)
		}
		p.Workers = append(p.Workers, Worker(w))
		return nil
	})
}

func (f *file) places(p *Problem) error {
	return f.array("places", func(i int) error {
		q := wirePlace{Capacity: absent}
		if err := f.decode(&q, "places", i); err != nil {
			return err
		}
		if q.Capacity == absent {
			return fault{fmt.Sprintf("places[%d].capacity", i), "required", "缺少容量", "the capacity is missing"}.of(ErrProblem)
		}
		p.Places = append(p.Places, Place(q))
		return nil
	})
}

// link turns the ids of edges into indexes.
func (p *Problem) link(edges []wireEdge) error {
	workers, places := indexes(p)
	p.Edges = make([]Edge, len(edges))
	for k, e := range edges {
		i, ok := workers[e.Worker]
		if !ok {
			return unknownID(e.Worker, fmt.Sprintf("edges[%d].worker", k), "workers", "求职者").of(ErrProblem)
		}
		j, ok := places[e.Place]
		if !ok {
			return unknownID(e.Place, fmt.Sprintf("edges[%d].place", k), "places", "岗位").of(ErrProblem)
		}
		if e.Weight == absent {
			return fault{fmt.Sprintf("edges[%d].weight", k), "required", "缺少权重", "the weight is missing"}.of(ErrProblem)
		}
		p.Edges[k] = Edge{Worker: i, Place: j, Weight: e.Weight}
	}
	return nil
}

func indexes(p *Problem) (workers, places map[string]int32) {
	workers, places = make(map[string]int32, len(p.Workers)), make(map[string]int32, len(p.Places))
	for i, w := range p.Workers {
		workers[w.ID] = int32(i)
	}
	for j, q := range p.Places {
		places[q.ID] = int32(j)
	}
	return workers, places
}

func unknownID(id, at, list, what string) fault {
	if id == missing {
		return fault{at, "required", "缺少编号", "the id is missing"}
	}
	return fault{
		at, "unknown", fmt.Sprintf("%s %s 不在 %s 里", what, quote(id), list),
		fmt.Sprintf("%s is not among the %s", quote(id), list),
	}
}

// file reads one JSON object strictly and says where it went wrong.
type file struct {
	dec  *json.Decoder
	err  *errs.Error
	keys map[string]bool
}

func newFile(r io.Reader, base *errs.Error) *file {
	d := json.NewDecoder(r)
	d.DisallowUnknownFields()
	return &file{dec: d, err: base, keys: map[string]bool{}}
}

// object reads {"key": …} calling read at each value, and demands the end of the file.
func (f *file) object(read func(key string) error) error {
	if err := f.delim('{', "file"); err != nil {
		return err
	}
	for f.dec.More() {
		key, err := f.key()
		if err != nil {
			return err
		}
		if f.keys[key] {
			return fault{key, "duplicate", "出现了两次", "appears twice"}.of(f.err)
		}
		f.keys[key] = true
		if err := read(key); err != nil {
			return err
		}
	}
	if err := f.delim('}', "file"); err != nil {
		return err
	}
	if _, err := f.dec.Token(); !errors.Is(err, io.EOF) {
		return fault{f.offset(), "trailing", "文件结束后还有内容", "there is something after the end"}.of(f.err)
	}
	return nil
}

func (f *file) key() (string, error) {
	t, err := f.dec.Token()
	if err != nil {
		return "", f.wrap(err, f.offset())
	}
	key, ok := t.(string)
	if !ok {
		return "", fault{f.offset(), "syntax", "此处应为字段名", "expected a key"}.of(f.err)
	}
	return key, nil
}

// array reads [ … ] calling read for each item.
func (f *file) array(key string, read func(i int) error) error {
	if err := f.delim('[', key); err != nil {
		return err
	}
	for i := 0; f.dec.More(); i++ {
		if err := read(i); err != nil {
			return err
		}
	}
	return f.delim(']', key)
}

func (f *file) delim(want json.Delim, at string) error {
	t, err := f.dec.Token()
	if err != nil {
		return f.wrap(err, at)
	}
	if t != want {
		return fault{at, "syntax", fmt.Sprintf("此处应为 %s", want), fmt.Sprintf("expected %s", want)}.of(f.err)
	}
	return nil
}

func (f *file) decode(into any, key string, i int) error {
	if err := f.dec.Decode(into); err != nil {
		return f.wrap(err, fmt.Sprintf("%s[%d]", key, i))
	}
	return nil
}

func (f *file) value(key string, into any) error {
	if err := f.dec.Decode(into); err != nil {
		return f.wrap(err, key)
	}
	return nil
}

func (f *file) unknownKey(key string) error {
	return fault{quote(key), "unknown", "没有这个字段", "there is no such key"}.of(f.err)
}

func (f *file) offset() string { return fmt.Sprintf("byte %d", f.dec.InputOffset()) }

// wrap tells a damaged file from a failing disk.
func (f *file) wrap(err error, at string) error {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return fault{at, "truncated", fmt.Sprintf("文件在第 %d 字节处中断", f.dec.InputOffset()), fmt.Sprintf("the file ends early, after byte %d", f.dec.InputOffset())}.of(f.err)
	case errors.As(err, &syntax):
		return fault{at, "syntax", fmt.Sprintf("第 %d 字节处不是合法的 JSON", syntax.Offset), fmt.Sprintf("not JSON at byte %d", syntax.Offset)}.of(f.err)
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
