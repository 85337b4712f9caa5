package assign

// bid is what a worker would pay at most for the seat it holds.
type bid struct {
	value int64
	ref
}

// bidsPerUnit bounds the auction: a price war (three workers, two seats, nothing
// else for any of them) rises by the increment only. What is left to place then
// is placed by shortest paths, which mind no price war.
const bidsPerUnit = 100

// auction lets workers of one unit bid for seats, and keeps those who sit
// exactly where they would choose. It returns the workers still to be inserted.
func (c *core) auction() (waiting []int32) {
	c.approach()
	bids := c.bidding()
	for _, j := range c.place {
		for _, b := range bids[j] {
			c.use(b.work, b.arc)
		}
	}
	if c.outside != nil && !c.stopped {
		c.widen()
	}
	return c.unsettled()
}

// approach finds rough prices by bidding in great steps, forgets who sits where
// and goes a little below them: to bid from there in small steps takes much less
// time than from nothing.
func (c *core) approach() {
	if c.fixed {
		return
	}
	fine := c.step
	for _, step := range c.roughSteps() {
		c.step = step
		bids := c.bidding()
		c.remember(bids)
		if c.stopped {
			break
		}
		c.known = append(c.known[:0], c.p...)
		for j := range c.p {
			c.p[j] = max(0, c.p[j]-c.step*roughMargin/4)
		}
	}
	c.step = fine
}

// remember keeps who held which seat, in case there is no time for better, and
// who did the time before.
func (c *core) remember(bids [][]bid) {
	c.before, c.was = c.was, c.before
	for i := range c.was {
		c.was[i].place = -1
	}
	for j := range bids {
		for _, b := range bids[j] {
			c.was[b.work] = held{c.arcs[b.work][b.arc].weight, int32(j)}
		}
	}
}

// Rough steps are so many fine ones, and before them, where a pair is worth far
// more than what one pair is better than another, those that it takes to get
// there. Prices are taken back so many quarters of a rough step before they rise
// again.
const (
	roughFirst  = 64
	roughLast   = 16
	roughFar    = 1 << 12
	roughPart   = 8
	roughMargin = 8
)

// roughSteps returns the increments of the rough biddings.
func (c *core) roughSteps() (steps []int64) {
	var heaviest int64
	for i := range c.arcs {
		for k := range c.arcs[i] {
			heaviest = max(heaviest, c.arcs[i][k].weight)
		}
	}
	for s := heaviest / roughPart; s/roughFar > c.step; s /= roughPart {
		steps = append(steps, s)
	}
	return append(steps, c.step*roughFirst, c.step*roughLast)
}

// bidding lets everyone bid until nobody wants to, and returns who holds which
// seats.
func (c *core) bidding() [][]bid {
	bids := make([][]bid, len(c.seats))
	line := newLine(c.turns, c.units)
	ahead := 0
	for left := bidsPerUnit * line.n; line.n > 0 && left > 0 && !c.shouldStop(); left-- {
		if ahead--; ahead < 0 && c.outside != nil {
			ahead = c.lookAhead(line)
		}
		i := line.pop()
		k, value := c.bestBid(i)
		if k < 0 {
			continue
		}
		j := c.arcs[i][k].to
		b := bid{value, ref{i, k}}
		if len(bids[j]) < int(c.seats[j]) {
			bids[j] = pushBid(bids[j], b)
		} else {
			line.push(bids[j][0].work)
			replaceBid(bids[j], b)
		}
		if len(bids[j]) == int(c.seats[j]) {
			c.p[j] = max(c.p[j], bids[j][0].value)
		}
	}
	return bids
}

// line is who waits to bid, first come first served.
type line struct {
	ring []int32
	head int
	n    int
}

func newLine(turns, units []int32) *line {
	q := &line{ring: make([]int32, len(turns))}
	for _, i := range turns {
		if units[i] == 1 {
			q.push(i)
		}
	}
	return q
}

func (q *line) push(i int32) {
	at := q.head + q.n
	if at >= len(q.ring) {
		at -= len(q.ring)
	}
	q.ring[at] = i
	q.n++
}

func (q *line) pop() int32 {
	i := q.ring[q.head]
	if q.head++; q.head == len(q.ring) {
		q.head = 0
	}
	q.n--
	return i
}

// bestBid returns the arc worker i would choose at the prices of the moment and
// what it would pay for it, or -1 where staying idle is as good.
func (c *core) bestBid(i int32) (choice int32, value int64) {
	for {
		var best, second int64
		choice = -1
		arcs := c.arcs[i]
		for k := range arcs {
			v := arcs[k].weight - c.p[arcs[k].to]
			if v <= second {
				continue
			}
			if v > best {
				best, second, choice = v, best, int32(k)
			} else {
				second = v
			}
		}
		if c.outside != nil && c.rest[i] > second {
			c.refresh(i, second)
			continue
		}
		if choice < 0 {
			return -1, 0
		}
		return choice, arcs[choice].weight - second + c.step
	}
}

// unsettled prices all workers and takes out of their seats those who would now
// rather be elsewhere.
func (c *core) unsettled() []int32 {
	var waiting []int32
	for _, i := range c.turns {
		if c.unsettle(i) {
			waiting = append(waiting, i)
		}
	}
	return waiting
}

// unsettle prices worker i and says whether it is to be inserted anew.
func (c *core) unsettle(i int32) bool {
	var u int64
	for k := range c.arcs[i] {
		a := &c.arcs[i][k]
		u = max(u, a.weight-c.p[a.to])
	}
	if c.units[i] == 1 && c.load[i] == 1 {
		a := &c.arcs[i][c.only[i]]
		if a.weight-c.p[a.to] >= u {
			c.u[i] = u
			return false
		}
		c.was[i] = held{a.weight, a.to}
	}
	c.release(i)
	c.u[i] = u
	return true
}

// pushBid adds to a heap whose lowest bid is first.
func pushBid(h []bid, b bid) []bid {
	h = append(h, b)
	i := len(h) - 1
	for i > 0 {
		parent := (i - 1) / 2
		if h[parent].value <= b.value {
			break
		}
		h[i] = h[parent]
		i = parent
	}
	h[i] = b
	return h
}

// replaceBid puts b in place of the lowest bid.
func replaceBid(h []bid, b bid) {
	i := 0
	for {
		c := 2*i + 1
		if c >= len(h) {
			break
		}
		if c+1 < len(h) && h[c+1].value < h[c].value {
			c++
		}
		if h[c].value >= b.value {
			break
		}
		h[i] = h[c]
		i = c
	}
	h[i] = b
}
