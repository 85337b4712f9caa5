package assign

// search is the state of a solution in the making. Between steps it keeps, for
// prices u of workers and p of places,
//
//	unused edge: weight ≤ u+p     used edge: weight ≥ u+p
//	idle unit:   u = 0            u ≥ 0
//	free seat:   p ≤ its reserve  taken seat: p ≥ its reserve
//
// where the reserve of a seat is -bonus for one that must be taken, else 0. A
// worker waiting to be inserted, and a place waiting to be repaired, may break
// the second and third line; when none waits the solution is optimal.
type search struct {
	*network
	u, p   []int64
	used   []bool
	load   []int32   // used units of workers
	taken  [][]int32 // edges used at each place
	at     []int32   // position of a used edge in taken
	only   []int32   // the used edge of a worker of one unit
	stop   func() bool
	halted int // counts calls between questions to stop

	stopped bool

	// one shortest-path search
	round          int32
	distP, distW   []int64
	seenP, doneP   []int32
	seenW, doneW   []int32
	viaP, viaW     []int32 // edge by which a place, a worker was reached
	touchP, touchW []int32
	queue          queue
}

func newSearch(n *network, stop func() bool) *search {
	nw, np := len(n.workers), len(n.places)
	s := &search{
		network: n, stop: stop,
		u: make([]int64, nw), p: make([]int64, np), used: make([]bool, len(n.to)), load: make([]int32, nw),
		taken: make([][]int32, np), at: make([]int32, len(n.to)), only: make([]int32, nw),
		distP: make([]int64, np), seenP: make([]int32, np), doneP: make([]int32, np), viaP: make([]int32, np),
		distW: make([]int64, nw), seenW: make([]int32, nw), doneW: make([]int32, nw), viaW: make([]int32, nw),
	}
	return s
}

// run solves to the end or until stopped.
func (s *search) run() {
	waiting := s.auction()
	for _, i := range waiting {
		for s.load[i] < s.units[i] {
			if s.shouldStop() {
				return
			}
			if !s.insert(i) {
				break
			}
		}
	}
	for j := range s.places {
		for s.hole(int32(j)) {
			if s.shouldStop() {
				return
			}
			s.repair(int32(j))
		}
	}
}

// shouldStop asks the caller every now and then.
func (s *search) shouldStop() bool {
	if s.stopped || s.stop == nil {
		return s.stopped
	}
	if s.halted++; s.halted&63 == 1 {
		s.stopped = s.stop()
	}
	return s.stopped
}

// use pairs the ends of an edge.
func (s *search) use(e int32) {
	j, i := s.to[e], s.owner[e]
	s.used[e] = true
	s.at[e] = int32(len(s.taken[j]))
	s.taken[j] = append(s.taken[j], e)
	s.load[i]++
	s.only[i] = e
}

// free parts them again.
func (s *search) free(e int32) {
	j := s.to[e]
	s.used[e] = false
	seats := s.taken[j]
	last := seats[len(seats)-1]
	seats[s.at[e]] = last
	s.at[last] = s.at[e]
	s.taken[j] = seats[:len(seats)-1]
	s.load[s.owner[e]]--
}

// room says place j has a free seat.
func (s *search) room(j int32) bool { return len(s.taken[j]) < int(s.seats[j]) }

// reserve is the price at which the next free seat of j may stay free.
func (s *search) reserve(j int32) int64 {
	if len(s.taken[j]) < int(s.must[j]) {
		return -s.bonus
	}
	return 0
}

// lastReserve is the reserve of the seat that would be freed next.
func (s *search) lastReserve(j int32) int64 {
	if len(s.taken[j]) <= int(s.must[j]) {
		return -s.bonus
	}
	return 0
}

// hole says a seat of j is free though its price is above its reserve.
func (s *search) hole(j int32) bool { return s.room(j) && s.p[j] > s.reserve(j) }

// lift sets the lowest lawful price of a worker with an idle unit.
func (s *search) lift(i int32) {
	var u int64
	for e := s.first[i]; e < s.first[i+1]; e++ {
		if !s.used[e] {
			u = max(u, s.weight[e]-s.p[s.to[e]])
		}
	}
	s.u[i] = u
}

// begin clears the marks of the last search.
func (s *search) begin() {
	s.round++
	s.queue = s.queue[:0]
	s.touchP, s.touchW = s.touchP[:0], s.touchW[:0]
}

// entry is a node to settle: a place j, or a worker i as ^i.
type entry struct {
	dist int64
	node int32
}

// queue is a binary heap, nearest first.
type queue []entry

func (q *queue) push(x entry) {
	a := append(*q, x)
	i := len(a) - 1
	for i > 0 {
		parent := (i - 1) / 2
		if a[parent].dist <= x.dist {
			break
		}
		a[i] = a[parent]
		i = parent
	}
	a[i] = x
	*q = a
}

func (q *queue) pop() entry {
	a := *q
	top, x := a[0], a[len(a)-1]
	a = a[:len(a)-1]
	i := 0
	for {
		c := 2*i + 1
		if c >= len(a) {
			break
		}
		if c+1 < len(a) && a[c+1].dist < a[c].dist {
			c++
		}
		if a[c].dist >= x.dist {
			break
		}
		a[i] = a[c]
		i = c
	}
	if len(a) > 0 {
		a[i] = x
	}
	*q = a
	return top
}
