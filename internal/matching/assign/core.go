package assign

// arc is an edge the solver looks at: one of the core.
type arc struct {
	weight int64 // scaled, see scale
	to     int32
	at     int32 // position among the taken of its place, -1 when unused
}

// ref names an arc: that of a worker.
type ref struct{ work, arc int32 }

// back is an arc seen from its place, with its weight at hand: of a place's many
// arcs most are dismissed at a glance.
type back struct {
	weight int64
	ref
}

// held is a place that somebody held, and what the pair weighs.
type held struct {
	weight int64
	place  int32
}

// core is the state of a solution in the making over those edges that matter
// so far. Between steps it keeps, for prices u of workers and p of places,
//
//	unused arc: weight ≤ u+p     used arc:   weight ≥ u+p
//	idle unit:  u = 0            u ≥ 0
//	free seat:  p ≤ its reserve  taken seat: p ≥ its reserve
//
// where the reserve of a seat is -bonus for one that must be taken, else 0. A
// worker waiting to be inserted, and a place waiting to be repaired, may break
// the second and third line; when none waits the solution is optimal among the
// arcs of the core, and when no edge outside it has weight > u+p, among all.
type core struct {
	arcs  [][]arc  // of workers
	into  [][]back // of places
	units []int32  // of workers
	seats []int32  // of places
	must  []int32  // seats that must be taken
	bonus int64    // worth of a taken must-seat and of a required unit, above all weights
	turns []int32  // workers in the order in which they are looked at
	place []int32  // places in the order in which they are looked at
	step  int64    // how much a bid exceeds what is needed

	u, p   []int64
	load   []int32 // used units of workers
	only   []int32 // the used arc of a worker of one unit
	taken  [][]ref // arcs used at each place
	known  []int64 // prices of places to which bidding came before, nil if none
	was    []held  // what a worker held and left to find better
	before []held  // what it held before that

	outside source  // edges that are not in the core; nil when all are
	rest    []int64 // no edge outside is worth more than this to the worker
	threads int
	scratch []*scratch
	rounds  int
	fixed   bool  // some columns are there for good
	band    int64 // what lies between the columns of one fetch

	stop    func() bool
	asked   int
	stopped bool

	way ways
}

// ways is the state of one search for a shortest path.
type ways struct {
	round          int32
	distP, distW   []int64
	seenP, doneP   []int32
	seenW, doneW   []int32
	viaP           []ref   // arc by which a place was reached
	viaW           []int32 // own arc by which a worker was reached
	touchP, touchW []int32
	queue          queue
}

func newCore(units, seats, must []int32) *core {
	nw, np := len(units), len(seats)
	c := &core{
		arcs: make([][]arc, nw), into: make([][]back, np), units: units, seats: seats, must: must,
		u: make([]int64, nw), p: make([]int64, np), load: make([]int32, nw), only: make([]int32, nw),
		taken: make([][]ref, np), was: make([]held, nw), before: make([]held, nw), threads: 1,
		way: ways{
			distP: make([]int64, np), seenP: make([]int32, np), doneP: make([]int32, np), viaP: make([]ref, np),
			distW: make([]int64, nw), seenW: make([]int32, nw), doneW: make([]int32, nw), viaW: make([]int32, nw),
		},
	}
	for i := range c.was {
		c.was[i].place, c.before[i].place = -1, -1
	}
	return c
}

func fill(n int, v int32) []int32 {
	s := make([]int32, n)
	for i := range s {
		s[i] = v
	}
	return s
}

// add puts an edge into the core.
func (c *core) add(i, j int32, weight int64) {
	c.into[j] = append(c.into[j], back{weight, ref{i, int32(len(c.arcs[i]))}})
	c.arcs[i] = append(c.arcs[i], arc{weight, j, -1})
}

// run solves to the end or until stopped.
func (c *core) run() {
	waiting := c.auction()
	for !c.stopped {
		c.settle(waiting)
		if c.stopped || c.outside == nil {
			return
		}
		if waiting = c.price(); len(waiting) == 0 {
			return
		}
	}
}

// settle inserts the idle units of those who wait, then fills the seats that were
// left with a price.
func (c *core) settle(waiting []int32) {
	for _, i := range waiting {
		for c.load[i] < c.units[i] {
			if c.shouldStop() {
				return
			}
			if !c.insert(i) {
				break
			}
		}
	}
	for _, j := range c.place {
		for c.hole(j) {
			if c.shouldStop() {
				return
			}
			c.repair(j)
		}
	}
}

// shouldStop asks the caller every now and then.
func (c *core) shouldStop() bool {
	if c.stopped || c.stop == nil {
		return c.stopped
	}
	if c.asked++; c.asked&63 == 1 {
		c.stopped = c.stop()
	}
	return c.stopped
}

// use pairs the ends of arc k of worker i.
func (c *core) use(i, k int32) {
	a := &c.arcs[i][k]
	a.at = int32(len(c.taken[a.to]))
	c.taken[a.to] = append(c.taken[a.to], ref{i, k})
	c.load[i]++
	c.only[i] = k
}

// free parts them again.
func (c *core) free(i, k int32) {
	a := &c.arcs[i][k]
	seats := c.taken[a.to]
	last := seats[len(seats)-1]
	seats[a.at] = last
	c.arcs[last.work][last.arc].at = a.at
	c.taken[a.to] = seats[:len(seats)-1]
	a.at = -1
	c.load[i]--
}

// release parts a worker from all of its places.
func (c *core) release(i int32) {
	if c.load[i] == 0 {
		return
	}
	if c.units[i] == 1 {
		c.free(i, c.only[i])
		return
	}
	for k := range c.arcs[i] {
		if c.arcs[i][k].at >= 0 {
			c.free(i, int32(k))
		}
	}
}

// room says place j has a free seat.
func (c *core) room(j int32) bool { return len(c.taken[j]) < int(c.seats[j]) }

// reserve is the price at which the next free seat of j may stay free.
func (c *core) reserve(j int32) int64 {
	if len(c.taken[j]) < int(c.must[j]) {
		return -c.bonus
	}
	return 0
}

// lastReserve is the reserve of the seat that would be freed next.
func (c *core) lastReserve(j int32) int64 {
	if len(c.taken[j]) <= int(c.must[j]) {
		return -c.bonus
	}
	return 0
}

// hole says a seat of j is free though its price is above its reserve.
func (c *core) hole(j int32) bool { return c.room(j) && c.p[j] > c.reserve(j) }

// lift sets the lowest lawful price of a worker with an idle unit.
func (c *core) lift(i int32) {
	var u int64
	for k := range c.arcs[i] {
		if a := &c.arcs[i][k]; a.at < 0 {
			u = max(u, a.weight-c.p[a.to])
		}
	}
	c.u[i] = u
}
