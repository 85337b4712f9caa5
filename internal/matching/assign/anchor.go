package assign

// anchor lowers the prices of places to the least that still prove the answer:
// then the price of a place is exactly what one more seat there would be worth,
// and that of a worker what the answer would lose without it (up to ties). It
// looks at every edge once. Solutions that were reached in different ways get
// the same prices.
//
// A price can fall by as much as nobody who is idle would then want the seat
// and everybody seated elsewhere can be content if the price of the own place
// falls as well: a shortest path over places.
func (c *core) anchor(relax func(i int32, base int64)) {
	c.begin()
	w := &c.way
	for _, j := range c.place {
		c.reach(j, max(0, c.p[j]))
	}
	for _, i := range c.turns {
		if c.load[i] < c.units[i] {
			c.u[i], w.doneW[i] = 0, w.round
			relax(i, 0)
		}
	}
	for len(w.queue) > 0 {
		x := w.queue.pop()
		if x.node < 0 {
			if i := ^x.node; w.doneW[i] != w.round {
				w.doneW[i] = w.round
				relax(i, x.dist+c.u[i])
			}
			continue
		}
		if w.doneP[x.node] == w.round || x.dist != w.distP[x.node] {
			continue
		}
		w.doneP[x.node] = w.round
		for _, e := range c.taken[x.node] {
			if w.doneW[e.work] != w.round {
				slack := c.arcs[e.work][e.arc].weight - c.u[e.work] - c.p[x.node]
				w.queue.push(entry{x.dist + slack, ^e.work})
			}
		}
	}
	for _, j := range c.place {
		c.p[j] -= w.distP[j]
	}
}

// reach says the price of j can fall by d at most.
func (c *core) reach(j int32, d int64) {
	w := &c.way
	if w.seenP[j] != w.round || d < w.distP[j] {
		w.seenP[j], w.distP[j] = w.round, d
		w.queue.push(entry{d, j})
	}
}

// relax reaches the places of all edges of worker i, whose price can rise by
// base beyond what it is, but of those that it uses.
func (l *listed) relax(c *core) func(i int32, base int64) {
	return func(i int32, base int64) {
		p, dist := c.p, c.way.distP
		a, most := l.sign*l.scale.unit, l.scale.most()
		if l.p.RequireAllWorkers {
			most += l.bonus
		}
		for _, e := range l.row(i) {
			j := e.Place
			if base+p[j]-e.Weight*a-most >= dist[j] || c.way.doneP[j] == c.way.round {
				continue
			}
			if w, useful := l.benefit(e); useful && (c.units[i] == 1 && c.load[i] == 1 || !c.sits(i, j)) {
				c.reach(j, base+p[j]-w)
			}
		}
	}
}
