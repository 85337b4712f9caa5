package assign

// goal is the cheapest end of a search found so far.
type goal struct {
	dist  int64
	place int32 // ends at a free seat here, -1 not
	work  int32 // ends with this worker giving up a unit, -1 not
}

// begin clears the marks of the last search.
func (c *core) begin() {
	w := &c.way
	w.round++
	w.queue = w.queue[:0]
	w.touchP, w.touchW = w.touchP[:0], w.touchW[:0]
}

// insert places one idle unit of worker i by the shortest augmenting path: to a
// free seat, or to a worker for whom staying out costs least, who may be i
// itself; then it says false.
func (c *core) insert(i int32) bool {
	c.begin()
	c.lift(i)
	w := &c.way
	g := goal{dist: c.u[i], place: -1, work: i}
	c.settleWorker(i, 0, &g)
	for len(w.queue) > 0 {
		x := w.queue.pop()
		if x.dist >= g.dist {
			break
		}
		if x.node < 0 {
			if k := ^x.node; w.doneW[k] != w.round && x.dist == w.distW[k] {
				c.settleWorker(k, x.dist, &g)
			}
			continue
		}
		if w.doneP[x.node] != w.round && x.dist == w.distP[x.node] {
			c.settlePlace(x.node, x.dist, &g)
		}
	}
	for _, j := range w.touchP {
		c.p[j] += g.dist - w.distP[j]
	}
	for _, k := range w.touchW {
		c.u[k] -= g.dist - w.distW[k]
	}
	return c.augment(i, g)
}

// settleWorker relaxes the unused arcs of k, reached at distance d.
func (c *core) settleWorker(k int32, d int64, g *goal) {
	w := &c.way
	w.doneW[k] = w.round
	w.distW[k] = d
	w.touchW = append(w.touchW, k)
	base := d + c.u[k]
	arcs := c.arcs[k]
	for e := range arcs {
		a := &arcs[e]
		j := a.to
		nd := base + c.p[j] - a.weight
		if nd >= g.dist || a.at >= 0 || w.doneP[j] == w.round || w.seenP[j] == w.round && nd >= w.distP[j] {
			continue
		}
		w.seenP[j], w.distP[j], w.viaP[j] = w.round, nd, ref{k, int32(e)}
		if c.room(j) {
			// a hole waiting for repair takes the unit at no further cost
			end := nd + max(0, c.reserve(j)-c.p[j])
			if end < g.dist {
				*g = goal{dist: end, place: j, work: -1}
			}
			if end == nd {
				continue
			}
		}
		w.queue.push(entry{nd, j})
	}
}

// settlePlace relaxes the workers seated at j, reached at distance d.
func (c *core) settlePlace(j int32, d int64, g *goal) {
	w := &c.way
	w.doneP[j] = w.round
	w.touchP = append(w.touchP, j)
	for _, e := range c.taken[j] {
		k := e.work
		nd := d + c.arcs[k][e.arc].weight - c.u[k] - c.p[j]
		if w.doneW[k] == w.round || w.seenW[k] == w.round && nd >= w.distW[k] || nd >= g.dist {
			continue
		}
		w.seenW[k], w.distW[k], w.viaW[k] = w.round, nd, e.arc
		if out := nd + c.u[k]; out < g.dist {
			*g = goal{dist: out, place: -1, work: k}
		}
		if nd == d {
			c.settleWorker(k, d, g)
		} else {
			w.queue.push(entry{nd, ^k})
		}
	}
}

// augment walks the path back from its end and moves everyone on it.
func (c *core) augment(i int32, g goal) bool {
	j := g.place
	if j < 0 {
		if g.work == i {
			return false
		}
		j = c.leave(g.work)
	}
	for {
		in := c.way.viaP[j]
		if in.work == i {
			c.use(in.work, in.arc)
			return true
		}
		j = c.leave(in.work)
		c.use(in.work, in.arc)
	}
}

// leave frees the arc by which worker k was reached and returns its place.
func (c *core) leave(k int32) int32 {
	out := c.way.viaW[k]
	j := c.arcs[k][out].to
	c.free(k, out)
	return j
}
