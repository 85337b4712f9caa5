package assign

import (
	"fmt"

	"linggong/internal/matching/assign/problem"
)

// join adds an edge to the core. One that can never help is kept too, weighing
// so little that it is never used.
func (s *Session) join(i, j int32, weight int64) {
	scaled := s.sign * weight * s.scale.unit
	if scaled > 0 {
		scaled += s.scale.tie(s.workers.hash[i], s.places.hash[j])
	}
	s.c.add(i, j, scaled)
	s.live++
	switch size := max(weight, -weight); {
	case size > s.most:
		s.most, s.atMost = size, 1
	case size == s.most:
		s.atMost++
	}
}

// forget counts an edge out.
func (s *Session) forget(scaled int64) {
	s.live--
	if v := s.scale.points(scaled); max(v, -v) == s.most {
		s.atMost--
	}
}

// resume makes the answer best again, from where it is; from scratch only where
// weights and numbers no longer fit the scale, or too much that is dead is
// carried along.
func (s *Session) resume(waiting []int32) error {
	if s.atMost == 0 && s.live > 0 {
		s.findMost()
	}
	fit := newScale(s.most, len(s.workers.slot)+len(s.places.slot)+2)
	heavy := s.most > (1<<(room64-1))/s.scale.unit && s.scale.unit > 1
	if fit.bits != s.scale.bits || fit.unit > s.scale.unit || heavy || s.dead > s.live+1000 {
		l, err := newListed(s.Problem(), s.salt)
		if err != nil {
			return err
		}
		s.load(l)
		return nil
	}
	s.c.settle(waiting)
	return nil
}

func (s *Session) findMost() {
	s.most, s.atMost = 0, 0
	for i := range s.c.arcs {
		for _, a := range s.c.arcs[i] {
			if a.weight <= -tooMuch {
				continue
			}
			v := s.scale.points(a.weight)
			switch v = max(v, -v); {
			case v > s.most:
				s.most, s.atMost = v, 1
			case v == s.most:
				s.atMost++
			}
		}
	}
}

// growWorkers makes room for one more worker.
func (c *core) growWorkers() {
	n := int32(len(c.units))
	c.turns = append(c.turns, n)
	c.arcs = append(c.arcs, nil)
	c.units, c.load, c.only = append(c.units, 0), append(c.load, 0), append(c.only, 0)
	c.u = append(c.u, 0)
	c.was, c.before = append(c.was, held{0, -1}), append(c.before, held{0, -1})
	w := &c.way
	w.distW = append(w.distW, 0)
	w.seenW, w.doneW, w.viaW = append(w.seenW, 0), append(w.doneW, 0), append(w.viaW, 0)
}

// growPlaces makes room for one more place.
func (c *core) growPlaces() {
	n := int32(len(c.seats))
	c.place = append(c.place, n)
	c.into, c.taken = append(c.into, nil), append(c.taken, nil)
	c.seats, c.must = append(c.seats, 0), append(c.must, 0)
	c.p = append(c.p, tooMuch)
	w := &c.way
	w.distP = append(w.distP, 0)
	w.seenP, w.doneP, w.viaP = append(w.seenP, 0), append(w.doneP, 0), append(w.viaP, ref{})
}

// check refuses what Problem.Validate would.
func (s *Session) check(list, id string, capacity int64, edges []To, known map[string]int32) error {
	refuse := func(at, code, zh, english string) error {
		return problem.ErrProblem.Saying(at+"："+zh, at+": "+english).On(at, code, zh)
	}
	if id == "" {
		return refuse(list, "required", "缺少编号", "the id is missing")
	}
	if capacity < 0 || capacity > problem.MaxCapacity {
		return refuse(list+".capacity", "out_of_range", "容量超出范围", "the capacity is out of range")
	}
	seen := make(map[string]bool, len(edges))
	for k, e := range edges {
		at := fmt.Sprintf("edges[%d]", k)
		if _, ok := known[e.ID]; !ok {
			return refuse(at, "unknown", "没有这个编号", "there is no such id")
		}
		if seen[e.ID] {
			return refuse(at, "duplicate", "重复", "is repeated")
		}
		if seen[e.ID] = true; e.Weight > problem.MaxWeight || e.Weight < -problem.MaxWeight {
			return refuse(at+".weight", "out_of_range", "权重超出范围", "the weight exceeds 2^40")
		}
	}
	return nil
}

// Problem returns the problem as it stands now.
func (s *Session) Problem() Problem {
	p, _, _ := s.problem()
	return p
}

func (s *Session) problem() (p Problem, worker, place []int32) {
	p.Sense = s.sense
	worker, place = fill(len(s.workers.item), -1), fill(len(s.places.item), -1)
	for i, w := range s.workers.item {
		if slot, ok := s.workers.slot[w.ID]; ok && slot == int32(i) {
			worker[i] = int32(len(p.Workers))
			p.Workers = append(p.Workers, w)
		}
	}
	for j, q := range s.places.item {
		if slot, ok := s.places.slot[q.ID]; ok && slot == int32(j) {
			place[j] = int32(len(p.Places))
			p.Places = append(p.Places, q)
		}
	}
	p.Edges = make([]Edge, 0, s.live)
	for i := range s.c.arcs {
		for _, a := range s.c.arcs[i] {
			if a.weight > -tooMuch {
				p.Edges = append(p.Edges, Edge{Worker: worker[i], Place: place[a.to], Weight: s.sign * s.scale.points(a.weight)})
			}
		}
	}
	return p, worker, place
}

// Seat returns the ids of the places worker id goes to now, in no order.
func (s *Session) Seat(id string) []string {
	i, ok := s.workers.slot[id]
	if !ok {
		return nil
	}
	var out []string
	for k := range s.c.arcs[i] {
		if a := &s.c.arcs[i][k]; a.at >= 0 {
			out = append(out, s.places.item[a.to].ID)
		}
	}
	return out
}

// Result returns the answer as it stands now with its certificate, for the
// problem that it returns too. It looks at every edge.
func (s *Session) Result() (Problem, Result) {
	p, worker, place := s.problem()
	c := s.c
	prices, gains := append([]int64(nil), c.p...), append([]int64(nil), c.u...)
	c.anchor(func(i int32, base int64) {
		for k := range c.arcs[i] {
			a := &c.arcs[i][k]
			if d := base + c.p[a.to] - a.weight; a.at < 0 && d < c.way.distP[a.to] && c.way.doneP[a.to] != c.way.round {
				c.reach(a.to, d)
			}
		}
	})
	r := Result{Optimal: true, Prices: Prices{Workers: make([]int64, len(p.Workers)), Places: make([]int64, len(p.Places))}}
	for j, k := range place {
		if k >= 0 {
			r.Prices.Places[k] = s.sign * s.scale.points(c.p[j])
		}
	}
	c.p, c.u = prices, gains
	for j, seats := range c.taken {
		for _, e := range seats {
			r.Pairs = append(r.Pairs, Pair{Worker: worker[e.work], Place: place[j]})
			r.Objective += s.sign * s.scale.points(c.arcs[e.work][e.arc].weight)
		}
	}
	SortPairs(p, r.Pairs)
	r.Bound = r.Objective
	s.priceWorkers(p, &r)
	return p, r
}

// priceWorkers says what each worker's last unit gains at the prices of places.
func (s *Session) priceWorkers(p Problem, r *Result) {
	l := &listed{p: p, sign: s.sign, scale: s.scale}
	l.sortEdges()
	l.seats = make([]int32, len(p.Places))
	for j, q := range p.Places {
		l.seats[j] = int32(q.Capacity)
	}
	for i := range p.Workers {
		r.Prices.Workers[i] = s.sign * l.gain(nil, int32(i), r.Prices)
	}
	l.priceClosed(r.Prices)
}
