package assign

// repair settles one free seat of place j whose price is above its reserve: by
// pulling in a unit that is idle or sits where its seat is worth less, or by
// lowering the price. It searches backwards from j.
func (c *core) repair(j int32) {
	c.begin()
	w := &c.way
	g := goal{dist: c.p[j] - c.reserve(j), place: j, work: -1}
	w.seenP[j], w.distP[j] = w.round, 0
	w.queue.push(entry{0, j})
	for len(w.queue) > 0 {
		x := w.queue.pop()
		if x.dist >= g.dist {
			break
		}
		if w.doneP[x.node] != w.round && x.dist == w.distP[x.node] {
			c.settleBack(x.node, x.dist, &g)
		}
	}
	for _, a := range w.touchP {
		c.p[a] -= g.dist - w.distP[a]
	}
	for _, k := range w.touchW {
		if d := g.dist - w.distW[k]; d > 0 {
			c.u[k] += d
		}
	}
	c.pull(j, g)
}

// settleBack looks at everyone who could move to place j, reached at distance d.
func (c *core) settleBack(j int32, d int64, g *goal) {
	w := &c.way
	w.doneP[j] = w.round
	w.touchP = append(w.touchP, j)
	base := d + c.p[j]
	for n := range c.into[j] {
		e := &c.into[j][n]
		k := e.work
		nd := base + c.u[k] - e.weight
		if nd >= g.dist || c.arcs[k][e.arc].at >= 0 || w.seenW[k] == w.round && nd >= w.distW[k] {
			continue
		}
		if w.seenW[k] != w.round {
			w.touchW = append(w.touchW, k)
		}
		w.seenW[k], w.distW[k], w.viaW[k] = w.round, nd, e.arc
		if c.load[k] < c.units[k] { // idle: u is 0
			*g = goal{dist: nd, place: -1, work: k}
			continue
		}
		if c.units[k] == 1 {
			c.leaveBack(k, c.only[k], nd, g)
			continue
		}
		for out := range c.arcs[k] {
			if c.arcs[k][out].at >= 0 {
				c.leaveBack(k, int32(out), nd, g)
			}
		}
	}
}

// leaveBack reaches the place whose seat arc out of worker k would free.
func (c *core) leaveBack(k, out int32, d int64, g *goal) {
	w := &c.way
	a := &c.arcs[k][out]
	b := a.to
	nd := d + a.weight - c.u[k] - c.p[b]
	if nd >= g.dist || w.doneP[b] == w.round || w.seenP[b] == w.round && nd >= w.distP[b] {
		return
	}
	w.seenP[b], w.distP[b], w.viaP[b] = w.round, nd, ref{k, out}
	if end := nd + c.p[b] - c.lastReserve(b); end < g.dist {
		*g = goal{dist: end, place: b, work: -1}
	}
	w.queue.push(entry{nd, b})
}

// pull moves everyone on the path found one place on, ending at j.
func (c *core) pull(j int32, g goal) {
	b := g.place
	if b < 0 {
		b = c.enter(g.work)
	}
	for b != j {
		out := c.way.viaP[b]
		c.free(out.work, out.arc)
		b = c.enter(out.work)
	}
}

// enter uses the arc by which worker k was reached and returns its place.
func (c *core) enter(k int32) int32 {
	in := c.way.viaW[k]
	c.use(k, in)
	return c.arcs[k][in].to
}
