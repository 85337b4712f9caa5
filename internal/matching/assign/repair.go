package assign

// repair settles one free seat of place j whose price is above its reserve: by
// pulling in a unit that is idle or sits where its seat is worth less, or by
// lowering the price. It searches backwards from j.
func (s *search) repair(j int32) {
	s.begin()
	g := goal{dist: s.p[j] - s.reserve(j), place: j, work: -1}
	s.seenP[j], s.distP[j] = s.round, 0
	s.queue.push(entry{0, j})
	for len(s.queue) > 0 {
		x := s.queue.pop()
		if x.dist >= g.dist {
			break
		}
		if s.doneP[x.node] != s.round && x.dist == s.distP[x.node] {
			s.settleBack(x.node, x.dist, &g)
		}
	}
	for _, a := range s.touchP {
		s.p[a] -= g.dist - s.distP[a]
	}
	for _, k := range s.touchW {
		if d := g.dist - s.distW[k]; d > 0 {
			s.u[k] += d
		}
	}
	s.pull(j, g)
}

// settleBack looks at everyone who could move to place a, reached at distance d.
func (s *search) settleBack(a int32, d int64, g *goal) {
	s.doneP[a] = s.round
	s.touchP = append(s.touchP, a)
	for _, e := range s.into[s.back[a]:s.back[a+1]] {
		if s.used[e] {
			continue
		}
		k := s.owner[e]
		nd := d + s.u[k] + s.p[a] - s.weight[e]
		if nd >= g.dist || s.seenW[k] == s.round && nd >= s.distW[k] {
			continue
		}
		if s.seenW[k] != s.round {
			s.touchW = append(s.touchW, k)
		}
		s.seenW[k], s.distW[k], s.viaW[k] = s.round, nd, e
		if s.load[k] < s.units[k] { // idle: u is 0
			*g = goal{dist: nd, place: -1, work: k}
			continue
		}
		if s.units[k] == 1 {
			s.leave(s.only[k], nd, g)
			continue
		}
		for out := s.first[k]; out < s.first[k+1]; out++ {
			if s.used[out] {
				s.leave(out, nd, g)
			}
		}
	}
}

// leave reaches the place whose seat edge out would free.
func (s *search) leave(out int32, d int64, g *goal) {
	b := s.to[out]
	nd := d + s.weight[out] - s.u[s.owner[out]] - s.p[b]
	if nd >= g.dist || s.doneP[b] == s.round || s.seenP[b] == s.round && nd >= s.distP[b] {
		return
	}
	s.seenP[b], s.distP[b], s.viaP[b] = s.round, nd, out
	if end := nd + s.p[b] - s.lastReserve(b); end < g.dist {
		*g = goal{dist: end, place: b, work: -1}
	}
	s.queue.push(entry{nd, b})
}

// pull moves everyone on the path found one place on, ending at j.
func (s *search) pull(j int32, g goal) {
	a := g.place
	if a < 0 {
		in := s.viaW[g.work]
		s.use(in)
		a = s.to[in]
	}
	for a != j {
		out := s.viaP[a]
		in := s.viaW[s.owner[out]]
		s.free(out)
		s.use(in)
		a = s.to[in]
	}
}
