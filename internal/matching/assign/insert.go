package assign

// goal is the cheapest end of a search found so far.
type goal struct {
	dist  int64
	place int32 // ends at a free seat here, -1 not
	work  int32 // ends with this worker giving up a unit, -1 not
}

// insert places one idle unit of worker i by the shortest augmenting path: to a
// free seat, or to a worker for whom staying out costs least, who may be i
// itself; then it says false.
func (s *search) insert(i int32) bool {
	s.begin()
	s.lift(i)
	g := goal{dist: s.u[i], place: -1, work: i}
	s.settleWorker(i, 0, &g)
	for len(s.queue) > 0 {
		x := s.queue.pop()
		if x.dist >= g.dist {
			break
		}
		if x.node < 0 {
			if k := ^x.node; s.doneW[k] != s.round && x.dist == s.distW[k] {
				s.settleWorker(k, x.dist, &g)
			}
			continue
		}
		if s.doneP[x.node] != s.round && x.dist == s.distP[x.node] {
			s.settlePlace(x.node, x.dist, &g)
		}
	}
	for _, j := range s.touchP {
		s.p[j] += g.dist - s.distP[j]
	}
	for _, k := range s.touchW {
		s.u[k] -= g.dist - s.distW[k]
	}
	return s.augment(i, g)
}

// settleWorker relaxes the unused edges of k, reached at distance d.
func (s *search) settleWorker(k int32, d int64, g *goal) {
	s.doneW[k] = s.round
	s.distW[k] = d
	s.touchW = append(s.touchW, k)
	base := d + s.u[k]
	for e := s.first[k]; e < s.first[k+1]; e++ {
		j := s.to[e]
		nd := base + s.p[j] - s.weight[e]
		if nd >= g.dist || s.used[e] || s.doneP[j] == s.round || s.seenP[j] == s.round && nd >= s.distP[j] {
			continue
		}
		s.seenP[j], s.distP[j], s.viaP[j] = s.round, nd, e
		if s.room(j) {
			// a hole waiting for repair takes the unit at no further cost
			end := nd + max(0, s.reserve(j)-s.p[j])
			if end < g.dist {
				*g = goal{dist: end, place: j, work: -1}
			}
			if end == nd {
				continue
			}
		}
		s.queue.push(entry{nd, j})
	}
}

// settlePlace relaxes the workers seated at j, reached at distance d.
func (s *search) settlePlace(j int32, d int64, g *goal) {
	s.doneP[j] = s.round
	s.touchP = append(s.touchP, j)
	for _, e := range s.taken[j] {
		k := s.owner[e]
		nd := d + s.weight[e] - s.u[k] - s.p[j]
		if s.doneW[k] == s.round || s.seenW[k] == s.round && nd >= s.distW[k] || nd >= g.dist {
			continue
		}
		s.seenW[k], s.distW[k], s.viaW[k] = s.round, nd, e
		if out := nd + s.u[k]; out < g.dist {
			*g = goal{dist: out, place: -1, work: k}
		}
		if nd == d {
			s.settleWorker(k, d, g)
		} else {
			s.queue.push(entry{nd, ^k})
		}
	}
}

// augment walks the path back from its end and moves everyone on it.
func (s *search) augment(i int32, g goal) bool {
	j := g.place
	if j < 0 {
		if g.work == i {
			return false
		}
		out := s.viaW[g.work]
		s.free(out)
		j = s.to[out]
	}
	for {
		e := s.viaP[j]
		k := s.owner[e]
		if k == i {
			s.use(e)
			return true
		}
		out := s.viaW[k]
		s.free(out)
		s.use(e)
		j = s.to[out]
	}
}
