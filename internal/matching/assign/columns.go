package assign

import (
	"cmp"
	"math/bits"
	"slices"
	"sync"
)

// source lists the edges of a worker, of which there may be too many to keep.
// It is asked by several goroutines at once, each with its own scratch.
type source interface {
	// best finds the edges of worker i, not marked in s, that at prices p are
	// worth more than floor: in s.found the k most worth, best first. It
	// returns what no other unmarked edge is worth more than.
	best(i int32, p []int64, floor int64, k int, s *scratch) (rest int64)
	// prepare tells the prices at which best is asked from now on; they may
	// rise in between, but not fall.
	prepare(p []int64)
}

// found is an edge outside the core.
type found struct {
	worth, weight int64
	to            int32
	turn          int32 // settles ties between edges equally worth
}

// scratch is the working space of one goroutine.
type scratch struct {
	mark  []int32 // place → round in which it was marked
	round int32
	found []found // while searching a heap, the least first
	limit int
	bar   int64 // an edge worth less is not wanted
}

func newScratch(places int) *scratch { return &scratch{mark: make([]int32, places)} }

func (s *scratch) marked(j int32) bool { return s.mark[j] == s.round }

// start begins to collect the k edges most worth above floor.
func (s *scratch) start(floor int64, k int) {
	s.found, s.limit, s.bar = s.found[:0], k, floor+1
}

// offer collects an edge that is worth at least the bar.
func (s *scratch) offer(f found) {
	if len(s.found) < s.limit {
		s.found = append(s.found, f)
		if len(s.found) == s.limit {
			for i := s.limit/2 - 1; i >= 0; i-- {
				s.sink(i)
			}
			s.bar = s.found[0].worth
		}
		return
	}
	if lesser(f, s.found[0]) {
		return
	}
	s.found[0] = f
	s.sink(0)
	s.bar = s.found[0].worth
}

func lesser(a, b found) bool { return a.worth < b.worth || a.worth == b.worth && a.turn > b.turn }

func (s *scratch) sink(i int) {
	h := s.found
	x := h[i]
	for {
		c := 2*i + 1
		if c >= len(h) {
			break
		}
		if c+1 < len(h) && lesser(h[c+1], h[c]) {
			c++
		}
		if !lesser(h[c], x) {
			break
		}
		h[i] = h[c]
		i = c
	}
	h[i] = x
}

// finish sorts what was collected and returns the worth of the rest.
func (s *scratch) finish(floor int64) (rest int64) {
	full := len(s.found) == s.limit
	slices.SortFunc(s.found, func(a, b found) int { return cmp.Or(cmp.Compare(b.worth, a.worth), int(a.turn-b.turn)) })
	if full && len(s.found) > 0 {
		return s.found[len(s.found)-1].worth
	}
	return floor
}

// How many edges a worker gets at a time: to begin with, when it runs out of
// them while bidding, and when a price turns out to be too low.
const (
	columnsFirst = 10
	columnsMore  = 6
)

// fetch finds up to k edges outside the core worth more than floor to worker i.
func (c *core) fetch(i int32, floor int64, k int, s *scratch) (rest int64) {
	s.round++
	for e := range c.arcs[i] {
		s.mark[c.arcs[i][e].to] = s.round
	}
	return c.outside.best(i, c.p, floor, k, s)
}

// refresh adds the edges outside the core that are worth most to worker i now,
// whose second choice is worth so much.
func (c *core) refresh(i int32, second int64) {
	s := c.scratch[0]
	c.rest[i] = c.fetch(i, max(0, second-c.band), columnsMore, s)
	c.take(i, s.found)
}

// lookAhead refreshes those first in line who will need it, in parallel, and
// returns how many were looked at.
func (c *core) lookAhead(line *line) int {
	n := min(line.n, lookAheadBy)
	list := make([]int32, n)
	for k := range list {
		at := line.head + k
		if at >= len(line.ring) {
			at -= len(line.ring)
		}
		list[k] = line.ring[at]
	}
	c.sweep(list, func(i int32, s *scratch) bool {
		second := c.second(i)
		if c.rest[i] <= second {
			return false
		}
		c.rest[i] = c.fetch(i, max(0, second-c.band), columnsMore, s)
		return len(s.found) > 0
	})
	return n
}

// lookAheadBy is how many in line are looked at together.
const lookAheadBy = 2048

// second returns what the second choice of worker i is worth.
func (c *core) second(i int32) int64 {
	var best, second int64
	arcs := c.arcs[i]
	for k := range arcs {
		if v := arcs[k].weight - c.p[arcs[k].to]; v > best {
			best, second = v, best
		} else if v > second {
			second = v
		}
	}
	return second
}

func (c *core) take(i int32, list []found) {
	for _, f := range list {
		c.add(i, f.to, f.weight)
	}
}

// open gives every worker its first columns.
func (c *core) open(src source, threads int) {
	c.outside, c.threads = src, max(1, threads)
	c.rest = make([]int64, len(c.units))
	for range c.threads {
		c.scratch = append(c.scratch, newScratch(len(c.seats)))
	}
	for j := range c.into {
		c.fixed = c.fixed || len(c.into[j]) > 0
	}
	c.firstColumns()
	c.band = c.usualBand()
	c.step = max(1, c.band/stepPart)
	c.band = c.band * bandPart / 16
}

// firstColumns gives every worker the columns that are worth most now.
func (c *core) firstColumns() {
	c.sweep(c.turns, func(i int32, s *scratch) bool {
		c.rest[i] = c.fetch(i, 0, columnsFirst, s)
		return true
	})
}

// usualBand is what lies between the best and the last of the first columns of a
// worker, on average.
func (c *core) usualBand() int64 {
	var high, low, n uint64
	for _, arcs := range c.arcs {
		if len(arcs) < 2 {
			continue
		}
		least, most := arcs[0].weight, arcs[0].weight
		for k := range arcs {
			least, most = min(least, arcs[k].weight), max(most, arcs[k].weight)
		}
		var carry uint64
		low, carry = bits.Add64(low, uint64(most-least), 0)
		high += carry
		n++
	}
	if n == 0 {
		return 0
	}
	mean, _ := bits.Div64(high, low, n)
	return int64(mean)
}

const bandPart = 3

// stepPart divides the band into bids.
const stepPart = 32

// widen gives columns to those for whom an edge outside the core might be best
// at the prices the auction ended with.
func (c *core) widen() {
	c.sweep(c.turns, func(i int32, s *scratch) bool {
		var best int64
		for k := range c.arcs[i] {
			a := &c.arcs[i][k]
			best = max(best, a.weight-c.p[a.to])
		}
		if c.rest[i] <= best-2*c.step {
			return false
		}
		c.rest[i] = c.fetch(i, max(0, best-2*c.step), columnsMore, s)
		return len(s.found) > 0
	})
}

// price looks for edges outside the core that are worth more than their worker
// has, adds the best of them and returns the workers to be seated anew.
func (c *core) price() (waiting []int32) {
	c.rounds++
	grown := c.sweep(c.turns, func(i int32, s *scratch) bool {
		c.fetch(i, c.u[i], columnsMore, s)
		return len(s.found) > 0
	})
	for _, i := range grown {
		if c.shouldStop() {
			break
		}
		if c.load[i] > 0 {
			a := &c.arcs[i][c.only[i]]
			c.was[i] = held{a.weight, a.to}
		}
		c.release(i)
		waiting = append(waiting, i)
	}
	return waiting
}

// batch is how many workers one goroutine looks at in one go.
const batch = 64

// sweep asks look of every worker, in parallel and at the same prices, and adds
// what it found to the core in the order of the list: the outcome does not
// depend on how many threads there are. It returns those for whom look was true.
func (c *core) sweep(list []int32, look func(i int32, s *scratch) bool) (grown []int32) {
	type part struct {
		workers []int32
		ends    []int32
		found   []found
	}
	c.outside.prepare(c.p)
	parts := make([]part, (len(list)+batch-1)/batch)
	one := func(n int, s *scratch) {
		part := &parts[n]
		for _, i := range list[n*batch : min(len(list), (n+1)*batch)] {
			s.found = s.found[:0]
			if look(i, s) {
				part.workers = append(part.workers, i)
				part.found = append(part.found, s.found...)
				part.ends = append(part.ends, int32(len(part.found)))
			}
		}
	}
	if c.threads <= 1 {
		for n := range parts {
			one(n, c.scratch[0])
		}
	} else {
		var wait sync.WaitGroup
		for t := range c.threads {
			wait.Go(func() {
				for n := t; n < len(parts); n += c.threads {
					one(n, c.scratch[t])
				}
			})
		}
		wait.Wait()
	}
	for _, part := range parts {
		begin := int32(0)
		for k, i := range part.workers {
			c.take(i, part.found[begin:part.ends[k]])
			begin = part.ends[k]
			grown = append(grown, i)
		}
	}
	return grown
}
