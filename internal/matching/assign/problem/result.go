package problem

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
)

// ReadResult reads a result of p from JSON:
//
//	{"pairs":[{"worker","place"}],"objective","optimal","bound","prices":{"workers":{},"places":{}}}
//
// An id without a price has the price 0. It checks form only: whether the
// result is true is for the checker. Faults give ErrResult naming the item.
func ReadResult(r io.Reader, p Problem) (Result, error) {
	f := newFile(r, ErrResult)
	workers, places := indexes(&p)
	res := Result{Prices: Prices{Workers: make([]int64, len(p.Workers)), Places: make([]int64, len(p.Places))}}
	err := f.object(func(key string) error {
		switch key {
		case "pairs":
			return f.array(key, func(i int) error {
				e := struct {
					Worker string `json:"worker"`
					Place  string `json:"place"`
				}{missing, missing}
				if err := f.decode(&e, key, i); err != nil {
					return err
				}
				w, ok := workers[e.Worker]
				if !ok {
					return unknownID(e.Worker, fmt.Sprintf("pairs[%d].worker", i), "workers", "求职者").of(ErrResult)
				}
				q, ok := places[e.Place]
				if !ok {
					return unknownID(e.Place, fmt.Sprintf("pairs[%d].place", i), "places", "岗位").of(ErrResult)
				}
				res.Pairs = append(res.Pairs, Pair{w, q})
				return nil
			})
		case "objective":
			return f.value(key, &res.Objective)
		case "optimal":
			return f.value(key, &res.Optimal)
		case "bound":
			return f.value(key, &res.Bound)
		case "prices":
			return f.prices(&res.Prices, workers, places)
		}
		return f.unknownKey(key)
	})
	if err != nil {
		return Result{}, err
	}
	for _, key := range []string{"pairs", "objective", "optimal", "bound", "prices"} {
		if !f.keys[key] {
			return Result{}, fault{key, "required", "缺少这一项", "is missing"}.of(ErrResult)
		}
	}
	return res, nil
}

// prices reads {"workers":{id: price}, "places":{…}}.
func (f *file) prices(into *Prices, workers, places map[string]int32) error {
	return f.members("prices", func(key string) error {
		switch key {
		case "workers":
			return f.priceMap("prices.workers", into.Workers, workers)
		case "places":
			return f.priceMap("prices.places", into.Places, places)
		}
		return f.unknownKey("prices." + key)
	})
}

func (f *file) priceMap(at string, into []int64, ids map[string]int32) error {
	seen := make([]bool, len(into))
	return f.members(at, func(id string) error {
		i, ok := ids[id]
		if !ok {
			return fault{at, "unknown", "没有编号 " + quote(id), "there is no id " + quote(id)}.of(f.err)
		}
		if seen[i] {
			return fault{at, "duplicate", "编号重复 " + quote(id), "the id is repeated: " + quote(id)}.of(f.err)
		}
		seen[i] = true
		return f.value(at, &into[i])
	})
}

// WriteResult writes a result of p as JSON, pairs one a line.
func WriteResult(w io.Writer, p Problem, r Result) error {
	o := out{w: bufio.NewWriter(w)}
	o.text("{\n\"pairs\":[")
	for i, e := range r.Pairs {
		o.comma(i)
		o.text(`{"worker":`).id(p.Workers[e.Worker].ID).text(`,"place":`).id(p.Places[e.Place].ID).text("}")
	}
	o.text("],\n\"objective\":").number(r.Objective).text(",\n\"optimal\":").text(strconv.FormatBool(r.Optimal))
	o.text(",\n\"bound\":").number(r.Bound).text(",\n\"prices\":{\"workers\":{")
	for i, v := range r.Prices.Workers {
		o.comma(i)
		o.id(p.Workers[i].ID).text(":").number(v)
	}
	o.text("},\"places\":{")
	for j, v := range r.Prices.Places {
		o.comma(j)
		o.id(p.Places[j].ID).text(":").number(v)
	}
	o.text("}}\n}\n")
	return o.done("result")
}

// Write writes a problem as JSON, items one a line.
func Write(w io.Writer, p Problem) error {
	o := out{w: bufio.NewWriter(w)}
	o.text("{\n\"workers\":[")
	for i, x := range p.Workers {
		o.comma(i)
		o.text(`{"id":`).id(x.ID)
		if x.Units() != 1 {
			o.text(`,"capacity":`).number(x.Units())
		}
		o.text("}")
	}
	o.text("],\n\"places\":[")
	for j, q := range p.Places {
		o.comma(j)
		o.text(`{"id":`).id(q.ID).text(`,"capacity":`).number(q.Capacity)
		if q.Min > 0 {
			o.text(`,"min":`).number(q.Min)
		}
		o.text("}")
	}
	o.text("],\n\"edges\":[")
	for k, e := range p.Edges {
		o.comma(k)
		o.text(`{"worker":`).id(p.Workers[e.Worker].ID).text(`,"place":`).id(p.Places[e.Place].ID)
		o.text(`,"weight":`).number(e.Weight).text("}")
	}
	o.text("],\n\"sense\":").id(string(p.Sense)).text(",\n\"require_all_workers\":").text(strconv.FormatBool(p.RequireAllWorkers)).text("\n}\n")
	return o.done("problem")
}

// out writes until the first error and remembers it.
type out struct {
	w   *bufio.Writer
	buf []byte
	err error
}

func (o *out) text(s string) *out {
	if o.err == nil {
		_, o.err = o.w.WriteString(s)
	}
	return o
}

func (o *out) comma(i int) {
	if i > 0 {
		o.text(",\n")
	}
}

func (o *out) number(n int64) *out {
	o.buf = strconv.AppendInt(o.buf[:0], n, 10)
	return o.text(string(o.buf))
}

func (o *out) id(s string) *out {
	b, err := json.Marshal(s)
	if err != nil {
		o.err = err
		return o
	}
	return o.text(string(b))
}

func (o *out) done(what string) error {
	if o.err == nil {
		o.err = o.w.Flush()
	}
	if o.err != nil {
		return fmt.Errorf("write assignment %s: %w", what, o.err)
	}
	return nil
}
