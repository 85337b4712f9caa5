package assign

// bid is what a worker would pay at most for the seat it holds.
type bid struct {
	value int64
	edge  int32
}

// bidsPerUnit bounds the auction: a price war (three workers, two seats, nothing
// else for any of them) rises by the increment only. What is left to place then
// is placed by shortest paths, which mind no price war.
const bidsPerUnit = 100

// auction lets workers of one unit bid for seats from price 0 up, and keeps
// those who sit exactly where they would choose. It returns the workers still
// to be inserted.
func (s *search) auction() (waiting []int32) {
	bids := make([][]bid, len(s.places))
	queue := make([]int32, 0, len(s.workers))
	for i := range s.workers {
		if s.units[i] == 1 {
			queue = append(queue, int32(i))
		}
	}
	step := s.increment()
	left := bidsPerUnit * len(queue)
	for head := 0; head < len(queue) && left > 0 && !s.shouldStop(); head++ {
		left--
		e, value := s.bestBid(queue[head], step)
		if e < 0 {
			continue
		}
		j := s.to[e]
		b := bid{value, e}
		if len(bids[j]) < int(s.seats[j]) {
			bids[j] = pushBid(bids[j], b)
		} else {
			queue = append(queue, s.owner[bids[j][0].edge])
			replaceBid(bids[j], b)
		}
		if len(bids[j]) == int(s.seats[j]) {
			s.p[j] = max(s.p[j], bids[j][0].value)
		}
	}
	for j := range bids {
		for _, b := range bids[j] {
			s.use(b.edge)
		}
	}
	return s.unsettled()
}

// increment is how much a bid exceeds what is needed: some of the usual weight,
// so that few bids are made and the rest is near enough for short paths.
func (s *search) increment() int64 {
	var heaviest, lightest int64
	for k, w := range s.weight {
		if k == 0 || w > heaviest {
			heaviest = w
		}
		if k == 0 || w < lightest {
			lightest = w
		}
	}
	return max(1, (heaviest-lightest)/incrementPart)
}

const incrementPart = 256

// bestBid returns the edge worker i would choose at the prices of the moment
// and what it would pay for it, or -1 where staying idle is as good.
func (s *search) bestBid(i int32, step int64) (edge int32, value int64) {
	var best, second int64
	edge = -1
	for e := s.first[i]; e < s.first[i+1]; e++ {
		v := s.weight[e] - s.p[s.to[e]]
		if v <= second {
			continue
		}
		if v > best {
			best, second, edge = v, best, e
		} else {
			second = v
		}
	}
	if edge < 0 {
		return -1, 0
	}
	return edge, s.weight[edge] - second + step
}

// unsettled prices all workers and takes out of their seats those who would now
// rather be elsewhere.
func (s *search) unsettled() []int32 {
	var waiting []int32
	for i := range s.workers {
		k := int32(i)
		var u int64
		for e := s.first[k]; e < s.first[k+1]; e++ {
			u = max(u, s.weight[e]-s.p[s.to[e]])
		}
		s.u[k] = u
		if s.load[k] == 0 {
			waiting = append(waiting, k)
			continue
		}
		if e := s.only[k]; s.weight[e]-s.p[s.to[e]] < u {
			s.free(e)
			waiting = append(waiting, k)
		}
	}
	return waiting
}

// fillFree seats idle units greedily after a stop: any seat is better than none.
func (s *search) fillFree() {
	for i := range s.workers {
		for s.load[i] < s.units[i] {
			best, edge := int64(0), int32(-1)
			for e := s.first[i]; e < s.first[i+1]; e++ {
				if v := s.weight[e] - s.reserve(s.to[e]); !s.used[e] && s.room(s.to[e]) && v > best {
					best, edge = v, e
				}
			}
			if edge < 0 {
				break
			}
			s.use(edge)
		}
	}
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
