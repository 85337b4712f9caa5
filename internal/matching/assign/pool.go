package assign

import (
	"fmt"
	"math/bits"
	"slices"

	"linggong/internal/matching/assign/problem"
)

// The types of a pool, from package problem.
type (
	Pool   = problem.Pool
	Seeker = problem.Seeker
	Post   = problem.Post
	Terms  = problem.Terms
)

// AssignPool returns the best pairs of a pool, and prices that prove that no
// eligible pair was overlooked. The eligible pairs are not written down: for
// each worker those come into play that could matter at the prices of the
// moment, found by a search over trades and places that leaves out whole
// neighbourhoods. Ties go to who has waited longest.
func AssignPool(p *Pool, o Options) (Result, error) {
	if err := p.Validate(); err != nil {
		return Result{}, fmt.Errorf("assign: %w", err)
	}
	f, err := newField(p, o.Salt)
	if err != nil {
		return Result{}, err
	}
	c := f.core(o.Threads)
	c.stop = o.Stop
	c.run()
	if o.Effort != nil {
		o.Effort.count(c)
	}
	if c.stopped {
		c.fallBack()
	} else {
		c.anchor(f.relax(c))
	}
	return f.result(c), nil
}

// Effort tells how hard a run was.
type Effort struct {
	Columns int // edges looked at closely
	Rounds  int // searches for edges that would improve the answer
}

func (e *Effort) count(c *core) {
	e.Rounds, e.Columns = c.rounds, 0
	for _, arcs := range c.arcs {
		e.Columns += len(arcs)
	}
}

// field is a pool made ready to be searched: the source of its core.
type field struct {
	p       *Pool
	workers []int32 // in turn
	places  []int32
	turn    []int32 // of places
	hashW   []uint64
	hashP   []uint64
	seats   []int32
	worth   []int64 // of workers, see Pool.Worth
	wait    []int64 // the part of a tie that is the worker's
	scale   scale
	hash    scale // of the part of a tie that is drawn
	trees   [64]tree
}

func newField(p *Pool, salt string) (*field, error) {
	f := &field{p: p, seats: make([]int32, len(p.Places)), worth: make([]int64, len(p.Workers)), wait: make([]int64, len(p.Workers))}
	f.workers, f.hashW = order(len(p.Workers), salt, "w", func(i int) string { return p.Workers[i].ID })
	f.places, f.hashP = order(len(p.Places), salt, "p", func(j int) string { return p.Places[j].ID })
	f.turn = make([]int32, len(f.places))
	var most, offer int64
	for t, j := range f.places {
		f.turn[j], f.seats[j] = int32(t), int32(p.Places[j].Capacity)
		offer = max(offer, p.Offer(j))
	}
	for i := range f.worth {
		f.worth[i] = p.Worth(int32(i))
		most = max(most, f.worth[i])
	}
	if most+offer > problem.MaxWeight {
		return nil, ErrTooLarge
	}
	f.scale = newScale(most+offer, len(p.Workers)+len(p.Places))
	f.setWaits()
	f.plant()
	return f, nil
}

// waitBits is how much of a tie is the time waited, where there is room.
const waitBits = 8

func (f *field) setWaits() {
	f.hash = f.scale
	if f.scale.bits < tieBitsLeast+waitBits {
		return
	}
	f.hash.bits -= waitBits
	for i := range f.wait {
		f.wait[i] = min(f.p.Workers[i].Waits, 1<<waitBits-1) << f.hash.bits
	}
}

func (f *field) tie(i, j int32) int64 { return f.wait[i] + f.hash.tie(f.hashW[i], f.hashP[j]) }

func (f *field) core(threads int) *core {
	units := fill(len(f.workers), 1)
	c := newCore(units, f.seats, make([]int32, len(f.seats)))
	c.turns, c.place = f.workers, f.places
	c.open(f, threads)
	return c
}

// best implements source.
func (f *field) best(i int32, p []int64, floor int64, k int, s *scratch) (rest int64) {
	s.start(floor, k)
	for trades := f.p.Workers[i].Skills; trades != 0; trades &= trades - 1 {
		t := &f.trees[bits.TrailingZeros64(trades)]
		if len(t.nodes) > 0 {
			f.search(t, 0, i, p, s)
		}
	}
	return s.finish(floor)
}

// prepare implements source.
func (f *field) prepare(p []int64) {
	for k := range f.trees {
		f.trees[k].price(p, f.scale.unit)
	}
}

// relax reaches the places of all edges of worker i, see core.anchor. The search
// for them is that for columns, at the prices as low as they may become; these
// only rise while the search for the way down goes on.
func (f *field) relax(c *core) func(i int32, base int64) {
	low, asked := make([]int64, len(c.p)), 0
	return func(i int32, base int64) {
		if asked%prepareEvery == 0 {
			for j, v := range c.p {
				low[j] = v - c.way.distP[j]
			}
			f.prepare(low)
		}
		asked++
		for trades := f.p.Workers[i].Skills; trades != 0; trades &= trades - 1 {
			t := &f.trees[bits.TrailingZeros64(trades)]
			if len(t.nodes) > 0 {
				f.relaxTree(c, t, 0, i, base)
			}
		}
	}
}

// prepareEvery is how many workers are asked until their source hears of the
// prices again.
const prepareEvery = 1024

// result turns a finished or stopped search back into the words of the pool.
func (f *field) result(c *core) Result {
	r := Result{Optimal: !c.stopped}
	r.Prices.Places = make([]int64, len(c.p))
	for j, v := range c.p {
		r.Prices.Places[j] = max(0, f.scale.points(v))
	}
	for j, seats := range c.taken {
		for _, e := range seats {
			r.Pairs = append(r.Pairs, Pair{Worker: e.work, Place: int32(j)})
			r.Objective += f.scale.points(c.arcs[e.work][e.arc].weight)
		}
	}
	slices.SortFunc(r.Pairs, func(a, b Pair) int { return int(a.Worker) - int(b.Worker) })
	r.Bound = r.Objective
	if c.stopped {
		r.Prices, r.Bound = f.proof(c, c.p)
		if c.known != nil {
			if prices, bound := f.proof(c, c.known); bound < r.Bound {
				r.Prices, r.Bound = prices, bound
			}
		}
		r.Optimal = r.Bound == r.Objective
		return r
	}
	r.Prices.Workers = make([]int64, len(c.units))
	for _, x := range r.Pairs { // who sits, sits where she gains most
		w, _ := f.p.Weight(x.Worker, x.Place)
		r.Prices.Workers[x.Worker] = w - r.Prices.Places[x.Place]
	}
	return r
}

// proof returns the prices of everyone that go with these of places, and the
// bound they prove.
func (f *field) proof(c *core, places []int64) (pr Prices, bound int64) {
	pr.Places, pr.Workers = make([]int64, len(places)), make([]int64, len(c.units))
	prices := make([]int64, len(places))
	for j, v := range places {
		pr.Places[j] = max(0, f.scale.points(v))
		prices[j] = pr.Places[j] * f.scale.unit
		bound += pr.Places[j] * int64(c.seats[j])
	}
	kept := c.arcs
	c.p, c.arcs = prices, make([][]arc, len(c.units)) // look at every pair, also those in the core
	c.sweep(c.turns, func(i int32, s *scratch) bool {
		c.fetch(i, 0, 1, s)
		if len(s.found) > 0 {
			pr.Workers[i] = f.scale.points(s.found[0].worth - f.tie(i, s.found[0].to))
			s.found = s.found[:0]
		}
		return false
	})
	c.arcs = kept
	for _, u := range pr.Workers {
		bound += u
	}
	return pr, bound
}
