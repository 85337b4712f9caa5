package assign

import (
	"cmp"
	"hash/fnv"
	"slices"
	"strings"

	"linggong/internal/matching/assign/problem"
)

// network is the problem in the solver's order and sign: always a maximum,
// workers and places sorted by a salted hash of their ids, edges by worker and
// then place, edges that can never help left out.
type network struct {
	p       Problem
	workers []int32 // rank → index in p.Workers
	places  []int32

	// edges of worker i are [first[i], first[i+1])
	first  []int32
	owner  []int32 // edge → worker
	to     []int32 // edge → place
	weight []int64
	// edges of place j are into[back[j]:back[j+1]]
	back []int32
	into []int32

	units []int32 // of workers
	seats []int32 // of places
	must  []int32 // seats that must be taken
	bonus int64   // worth of a taken must-seat and of a required unit, above all weights
}

func newNetwork(p Problem, salt string) (*network, error) {
	n := &network{
		p:       p,
		workers: order(len(p.Workers), salt, func(i int) string { return p.Workers[i].ID }),
		places:  order(len(p.Places), salt, func(j int) string { return p.Places[j].ID }),
	}
	if err := n.size(); err != nil {
		return nil, err
	}
	n.link()
	n.reverse()
	n.capacities()
	return n, nil
}

// order returns the indexes 0…n-1 sorted by a hash of their ids.
func order(n int, salt string, id func(int) string) []int32 {
	type key struct {
		hash uint64
		i    int32
	}
	keys := make([]key, n)
	for i := range keys {
		h := fnv.New64a()
		h.Write([]byte(salt))
		h.Write([]byte{0})
		h.Write([]byte(id(i)))
		keys[i] = key{h.Sum64(), int32(i)}
	}
	slices.SortFunc(keys, func(a, b key) int {
		return cmp.Or(cmp.Compare(a.hash, b.hash), strings.Compare(id(int(a.i)), id(int(b.i))))
	})
	out := make([]int32, n)
	for r, k := range keys {
		out[r] = k.i
	}
	return out
}

func rankOf(order []int32) []int32 {
	rank := make([]int32, len(order))
	for r, i := range order {
		rank[i] = int32(r)
	}
	return rank
}

// size sets the bonus and refuses what could overflow. A simple path or cycle
// of exchanges visits each node once, so a bonus above nodes × heaviest weight
// outweighs any of them; potentials stay below four bonuses.
func (n *network) size() error {
	var heaviest, units int64
	for _, e := range n.p.Edges {
		heaviest = max(heaviest, e.Weight, -e.Weight)
	}
	for _, w := range n.p.Workers {
		units += min(w.Units(), int64(len(n.p.Places)))
	}
	if units > 0 && heaviest > (1<<61)/units {
		return ErrTooLarge
	}
	must := n.p.RequireAllWorkers || slices.ContainsFunc(n.p.Places, func(q Place) bool { return q.Min > 0 })
	if !must {
		return nil
	}
	nodes := int64(len(n.p.Workers) + len(n.p.Places) + 2)
	if heaviest+1 > (1<<58)/nodes {
		return ErrTooLarge
	}
	n.bonus = nodes * (heaviest + 1)
	return nil
}

// benefit is the weight of an edge in a maximum, with the bonus of a required worker.
func (n *network) benefit(e Edge) int64 {
	w := e.Weight
	if n.p.Sense == problem.Min {
		w = -w
	}
	if n.p.RequireAllWorkers {
		w += n.bonus
	}
	return w
}

// link sorts the useful edges by worker and place.
func (n *network) link() {
	wr, pr := rankOf(n.workers), rankOf(n.places)
	useful := func(e Edge) bool {
		return (n.benefit(e) > 0 || n.p.Places[e.Place].Min > 0) && n.p.Places[e.Place].Capacity > 0
	}
	n.first = make([]int32, len(n.workers)+1)
	kept := 0
	for _, e := range n.p.Edges {
		if useful(e) {
			n.first[wr[e.Worker]+1]++
			kept++
		}
	}
	for i := range n.workers {
		n.first[i+1] += n.first[i]
	}
	type half struct {
		to     int32
		weight int64
	}
	halves := make([]half, kept)
	next := slices.Clone(n.first)
	for _, e := range n.p.Edges {
		if useful(e) {
			i := wr[e.Worker]
			halves[next[i]] = half{pr[e.Place], n.benefit(e)}
			next[i]++
		}
	}
	n.owner, n.to, n.weight = make([]int32, kept), make([]int32, kept), make([]int64, kept)
	for i := range n.workers {
		mine := halves[n.first[i]:n.first[i+1]]
		slices.SortFunc(mine, func(a, b half) int { return int(a.to) - int(b.to) })
		for k, h := range mine {
			e := int(n.first[i]) + k
			n.owner[e], n.to[e], n.weight[e] = int32(i), h.to, h.weight
		}
	}
}

// reverse lists the edges of each place.
func (n *network) reverse() {
	n.back = make([]int32, len(n.places)+1)
	for _, j := range n.to {
		n.back[j+1]++
	}
	for j := range n.places {
		n.back[j+1] += n.back[j]
	}
	n.into = make([]int32, len(n.to))
	next := slices.Clone(n.back)
	for e, j := range n.to {
		n.into[next[j]] = int32(e)
		next[j]++
	}
}

// capacities reads units and seats, cut to what edges can use.
func (n *network) capacities() {
	n.units, n.seats, n.must = make([]int32, len(n.workers)), make([]int32, len(n.places)), make([]int32, len(n.places))
	for r, i := range n.workers {
		n.units[r] = int32(min(n.p.Workers[i].Units(), int64(n.first[r+1]-n.first[r])))
	}
	for r, j := range n.places {
		q := n.p.Places[j]
		n.seats[r] = int32(q.Capacity)
		n.must[r] = int32(q.Min)
	}
}
