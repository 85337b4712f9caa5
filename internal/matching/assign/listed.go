package assign

import (
	"cmp"
	"slices"
	"strings"

	"linggong/internal/matching/assign/problem"
)

// listed is a problem whose edges are all given: the source of its core. Its
// answer does not depend on the order in which workers, places and edges are
// listed: what is first is decided by a salted hash of their ids.
type listed struct {
	p       Problem
	edges   []Edge // by worker
	start   []int32
	workers []int32 // in turn
	places  []int32
	turn    []int32 // of places
	hashW   []uint64
	hashP   []uint64
	seats   []int32
	must    []int32
	scale   scale
	sign    int64
	bonus   int64
	spread  int64 // between the heaviest and the lightest weight, scaled
}

func newListed(p Problem, salt string) (*listed, error) {
	l := &listed{p: p, sign: 1}
	if p.Sense == problem.Min {
		l.sign = -1
	}
	l.workers, l.hashW = order(len(p.Workers), salt, "w", func(i int) string { return p.Workers[i].ID })
	l.places, l.hashP = order(len(p.Places), salt, "p", func(j int) string { return p.Places[j].ID })
	l.turn = make([]int32, len(l.places))
	for t, j := range l.places {
		l.turn[j] = int32(t)
	}
	heaviest, spread := l.sortEdges()
	if err := l.size(heaviest, spread); err != nil {
		return nil, err
	}
	l.seats, l.must = make([]int32, len(p.Places)), make([]int32, len(p.Places))
	for j, q := range p.Places {
		l.seats[j], l.must[j] = int32(q.Capacity), int32(q.Min)
	}
	return l, nil
}

// order returns the indexes 0…n-1 sorted by a hash of their ids, and the hashes.
func order(n int, salt, side string, id func(int) string) ([]int32, []uint64) {
	out, hash := make([]int32, n), make([]uint64, n)
	for i := range out {
		out[i], hash[i] = int32(i), hashID(salt, side, id(i))
	}
	slices.SortFunc(out, func(a, b int32) int {
		return cmp.Or(cmp.Compare(hash[a], hash[b]), strings.Compare(id(int(a)), id(int(b))))
	})
	return out, hash
}

// size sets scale and bonus and refuses what could overflow. A simple path or
// cycle of exchanges visits each node once, so a bonus above nodes × heaviest
// weight outweighs any of them; potentials stay below four bonuses.
func (l *listed) size(heaviest, spread int64) error {
	var units int64
	for _, w := range l.p.Workers {
		units += min(w.Units(), int64(len(l.p.Places)))
	}
	if units > 0 && heaviest > (1<<61)/units {
		return ErrTooLarge
	}
	nodes := len(l.p.Workers) + len(l.p.Places) + 2
	if !l.forced() {
		l.scale = newScale(heaviest, nodes)
	} else {
		if heaviest+1 > (1<<58)/int64(nodes) {
			return ErrTooLarge
		}
		l.scale = scale{unit: 1}
		l.bonus = int64(nodes) * (heaviest + 1)
	}
	l.spread = spread * l.scale.unit
	return nil
}

// forced says that not every set of lawful pairs is an answer.
func (l *listed) forced() bool {
	return l.p.RequireAllWorkers || slices.ContainsFunc(l.p.Places, func(q Place) bool { return q.Min > 0 })
}

// sortEdges lists edges by worker, without a copy where they are listed so. It
// returns the greatest absolute weight and the greatest difference.
func (l *listed) sortEdges() (heaviest, spread int64) {
	edges := l.p.Edges
	l.start = make([]int32, len(l.p.Workers)+1)
	if len(edges) == 0 {
		return 0, 0
	}
	low, high, last, begun, sorted := edges[0].Weight, edges[0].Weight, int32(0), 0, true
	for k := range edges {
		e := &edges[k]
		low, high = min(low, e.Weight), max(high, e.Weight)
		if e.Worker != last { // they mostly come by worker
			l.start[last+1] += int32(k - begun)
			sorted = sorted && last < e.Worker
			last, begun = e.Worker, k
		}
	}
	l.start[last+1] += int32(len(edges) - begun)
	for i := range l.p.Workers {
		l.start[i+1] += l.start[i]
	}
	l.edges = edges
	if !sorted {
		l.edges = make([]Edge, len(edges))
		next := slices.Clone(l.start)
		for _, e := range edges {
			l.edges[next[e.Worker]] = e
			next[e.Worker]++
		}
	}
	return max(high, -low), high - low
}

// row returns the edges of worker i.
func (l *listed) row(i int32) []Edge { return l.edges[l.start[i]:l.start[i+1]] }

// benefit is the scaled weight of an edge in a maximum, with the bonus of a
// required worker; useful is false where it can never help.
func (l *listed) benefit(e Edge) (weight int64, useful bool) {
	if l.seats[e.Place] == 0 {
		return 0, false
	}
	w := l.sign * e.Weight
	if l.p.RequireAllWorkers {
		w += l.bonus
	}
	if w <= 0 && l.must[e.Place] == 0 {
		return 0, false
	}
	return w*l.scale.unit + l.scale.tie(l.hashW[e.Worker], l.hashP[e.Place]), true
}

// best implements source.
func (l *listed) best(i int32, p []int64, floor int64, k int, s *scratch) (rest int64) {
	s.start(floor, k)
	most := l.scale.most()
	if l.p.RequireAllWorkers {
		most += l.bonus
	}
	a, b := l.sign*l.scale.unit, s.bar-most
	for _, e := range l.row(i) {
		if e.Weight*a-p[e.Place] < b {
			continue
		}
		w, useful := l.benefit(e)
		if !useful || s.marked(e.Place) {
			continue
		}
		if worth := w - p[e.Place]; worth >= s.bar {
			s.offer(found{worth, w, e.Place, l.turn[e.Place]})
			b = s.bar - most
		}
	}
	return s.finish(floor)
}

// prepare implements source: it needs nothing.
func (l *listed) prepare([]int64) {}

// fewEdges is how many edges a worker may have on average for all of them to be
// put into the core at once.
const fewEdges = 64

// core returns the problem ready to be solved.
func (l *listed) core(threads int) *core {
	units := make([]int32, len(l.p.Workers))
	for i, w := range l.p.Workers {
		units[i] = int32(min(w.Units(), int64(len(l.row(int32(i))))))
	}
	c := newCore(units, l.seats, l.must)
	c.turns, c.place, c.bonus = l.workers, l.places, l.bonus
	c.step = max(1, l.spread/incrementPart)
	if len(l.edges) <= fewEdges*len(units) {
		l.addAll(c)
		return c
	}
	if slices.ContainsFunc(l.must, func(n int32) bool { return n > 0 }) {
		l.addForced(c)
	}
	c.open(l, threads)
	return c
}

// incrementPart is the part of the usual weight by which a bid exceeds what is
// needed: so that few bids are made and the rest is near enough for short paths.
const incrementPart = 1024

func (l *listed) addAll(c *core) {
	arcs, backs, count := make([]arc, 0, len(l.edges)), make([]back, len(l.edges)), make([]int32, len(l.places))
	for _, e := range l.edges {
		count[e.Place]++
	}
	for _, j := range l.places {
		c.into[j], backs = backs[:0:count[j]], backs[count[j]:]
	}
	row := make([]Edge, 0, len(l.places))
	for _, i := range l.workers {
		row = append(row[:0], l.row(i)...)
		if l.scale.bits == 0 { // what comes first may matter
			slices.SortFunc(row, func(a, b Edge) int { return int(l.turn[a.Place] - l.turn[b.Place]) })
		}
		c.arcs[i] = arcs[len(arcs) : len(arcs) : len(arcs)+len(row)]
		arcs = arcs[:len(arcs)+len(row)]
		for _, e := range row {
			if w, useful := l.benefit(e); useful {
				c.add(i, e.Place, w)
			}
		}
	}
}

// addForced puts every edge of a place with a minimum into the core: its seats
// are filled from there whatever the edges are worth.
func (l *listed) addForced(c *core) {
	var list []found
	for _, i := range l.workers {
		list = list[:0]
		for _, e := range l.row(i) {
			if l.must[e.Place] > 0 {
				w, _ := l.benefit(e)
				list = append(list, found{weight: w, to: e.Place, turn: l.turn[e.Place]})
			}
		}
		slices.SortFunc(list, func(a, b found) int { return int(a.turn - b.turn) })
		c.take(i, list)
	}
}
