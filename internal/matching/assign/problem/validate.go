package problem

import (
	"cmp"
	"fmt"

	"linggong/internal/errs"
)

// What can be wrong with a file.
var (
	ErrProblem = errs.New(errs.Invalid, "assignment_problem_invalid", "指派问题文件有误", "The assignment problem is not well formed.")
	ErrResult  = errs.New(errs.Invalid, "assignment_result_invalid", "指派结果文件有误", "The assignment result is not well formed.")
)

// fault is one thing wrong at one place of a file.
type fault struct {
	at      string // "edges[17].worker"
	code    string
	zh, eng string
}

func (f fault) of(base *errs.Error) error {
	return base.Saying(f.at+"："+f.zh, f.at+": "+f.eng).On(f.at, f.code, f.zh)
}

// quote shortens an id for a message.
func quote(id string) string {
	if rs := []rune(id); len(rs) > 40 {
		id = string(rs[:40]) + "…"
	}
	return fmt.Sprintf("%q", id)
}

// Validate returns ErrProblem naming the first thing wrong and where: an empty
// or repeated id, an edge or capacity out of range, a repeated edge.
func (p Problem) Validate() error {
	return cmp.Or(p.checkSense(), p.checkWorkers(), p.checkPlaces(), p.checkEdges())
}

func (p Problem) checkSense() error {
	if p.Sense != Max && p.Sense != Min {
		return fault{"sense", "unknown", "只能是 max 或 min", "must be max or min"}.of(ErrProblem)
	}
	return nil
}

func (p Problem) checkWorkers() error {
	seen := make(map[string]int, len(p.Workers))
	for i, w := range p.Workers {
		at := fmt.Sprintf("workers[%d]", i)
		if err := checkID(seen, at, w.ID, i); err != nil {
			return err
		}
		if w.Capacity < 0 || w.Capacity > MaxCapacity {
			return fault{at + ".capacity", "out_of_range", "容量须为 1 到 2^30 的整数", "the capacity must be between 1 and 2^30"}.of(ErrProblem)
		}
	}
	return nil
}

func (p Problem) checkPlaces() error {
	seen := make(map[string]int, len(p.Places))
	for j, q := range p.Places {
		at := fmt.Sprintf("places[%d]", j)
		if err := checkID(seen, at, q.ID, j); err != nil {
			return err
		}
		if q.Capacity < 0 || q.Capacity > MaxCapacity {
			return fault{at + ".capacity", "out_of_range", "容量须为 0 到 2^30 的整数", "the capacity must be between 0 and 2^30"}.of(ErrProblem)
		}
		if q.Min < 0 || q.Min > q.Capacity {
			return fault{at + ".min", "out_of_range", "最少人数须在 0 与容量之间", "the minimum must be between 0 and the capacity"}.of(ErrProblem)
		}
	}
	return nil
}

func checkID(seen map[string]int, at, id string, i int) error {
	if id == "" {
		return fault{at + ".id", "required", "缺少编号", "the id is missing"}.of(ErrProblem)
	}
	if first, ok := seen[id]; ok {
		return fault{
			at + ".id", "duplicate", fmt.Sprintf("编号 %s 与第 %d 项重复", quote(id), first+1),
			fmt.Sprintf("the id %s is that of item %d too", quote(id), first+1),
		}.of(ErrProblem)
	}
	seen[id] = i
	return nil
}

func (p Problem) checkEdges() error {
	if len(p.Edges) > 1<<30 || len(p.Workers) > 1<<28 || len(p.Places) > 1<<28 {
		return fault{"edges", "too_many", "规模超出上限", "the problem is too large"}.of(ErrProblem)
	}
	nw, np, ascending := uint32(len(p.Workers)), uint32(len(p.Places)), true
	last := Edge{Worker: -1}
	for k := range p.Edges {
		e := &p.Edges[k]
		if uint32(e.Worker) >= nw || uint32(e.Place) >= np || e.Weight > MaxWeight || e.Weight < -MaxWeight {
			return p.checkEdge(k)
		}
		ascending = ascending && (e.Worker > last.Worker || e.Worker == last.Worker && e.Place > last.Place)
		last = *e
	}
	if ascending { // each stands after the one before: none is repeated
		return nil
	}
	return p.checkRepeats()
}

// checkEdge says what is wrong with edge k by itself.
func (p Problem) checkEdge(k int) error {
	e := p.Edges[k]
	if e.Worker < 0 || int(e.Worker) >= len(p.Workers) {
		return fault{fmt.Sprintf("edges[%d].worker", k), "unknown", "求职者不存在", "there is no such worker"}.of(ErrProblem)
	}
	if e.Place < 0 || int(e.Place) >= len(p.Places) {
		return fault{fmt.Sprintf("edges[%d].place", k), "unknown", "岗位不存在", "there is no such place"}.of(ErrProblem)
	}
	return fault{fmt.Sprintf("edges[%d].weight", k), "out_of_range", "权重的绝对值不得超过 2^40", "the weight exceeds 2^40"}.of(ErrProblem)
}

// checkRepeats finds an edge that is listed twice, in time linear in the edges.
func (p Problem) checkRepeats() error {
	start := make([]int32, len(p.Workers)+1)
	for _, e := range p.Edges {
		start[e.Worker+1]++
	}
	for i := range p.Workers {
		start[i+1] += start[i]
	}
	byWorker := make([]int32, len(p.Edges))
	next := append([]int32(nil), start[:len(p.Workers)]...)
	for k, e := range p.Edges {
		byWorker[next[e.Worker]] = int32(k)
		next[e.Worker]++
	}
	seen := make([]int32, len(p.Places)) // edge+1 of the worker now looked at
	for i := range p.Workers {
		for _, k := range byWorker[start[i]:start[i+1]] {
			j := p.Edges[k].Place
			if f := seen[j] - 1; f >= 0 && p.Edges[f].Worker == int32(i) {
				return fault{
					fmt.Sprintf("edges[%d]", k), "duplicate",
					fmt.Sprintf("%s 与 %s 的边在第 %d 条已经给出", quote(p.Workers[i].ID), quote(p.Places[j].ID), f+1),
					fmt.Sprintf("worker %s and place %s are joined by edge %d already", quote(p.Workers[i].ID), quote(p.Places[j].ID), f+1),
				}.of(ErrProblem)
			}
			seen[j] = k + 1
		}
	}
	return nil
}
