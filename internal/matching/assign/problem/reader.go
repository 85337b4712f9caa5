package problem

import (
	"cmp"
	"fmt"
	"io"
	"math"
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
	pending := edgeList{workers: newNames(), places: newNames()}
	err := f.object(func(key string) error {
		switch key {
		case "workers":
			return f.workers(&p)
		case "places":
			return f.places(&p)
		case "edges":
			return f.array(key, func(i int) error { return f.edge(&pending, i) })
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
	if err := p.link(&pending); err != nil {
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

// link turns the numbers of ids into indexes.
func (p *Problem) link(l *edgeList) error {
	workers, places := make([]string, len(p.Workers)), make([]string, len(p.Places))
	for i, w := range p.Workers {
		workers[i] = w.ID
	}
	for j, q := range p.Places {
		places[j] = q.ID
	}
	worker, place := l.workers.indexes(workers), l.places.indexes(places)
	p.Edges = make([]Edge, 0, l.n)
	for n, piece := range l.pieces {
		for _, e := range piece {
			i, j := worker[e.Worker], place[e.Place]
			if i < 0 {
				return unknownID(l.workers.ids[e.Worker], fmt.Sprintf("edges[%d].worker", len(p.Edges)), "workers", "求职者").of(ErrProblem)
			}
			if j < 0 {
				return unknownID(l.places.ids[e.Place], fmt.Sprintf("edges[%d].place", len(p.Edges)), "places", "岗位").of(ErrProblem)
			}
			p.Edges = append(p.Edges, Edge{Worker: i, Place: j, Weight: e.Weight})
		}
		l.pieces[n] = nil
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
