package assign

// fallBack makes the best of a search that was stopped: who left a seat to find
// a better one goes back to it while it is free, and who is idle takes the best
// seat that is.
func (c *core) fallBack() {
	for _, former := range [][]held{c.was, c.before} {
		for _, i := range c.turns {
			if s := former[i]; s.place >= 0 && c.load[i] == 0 && c.units[i] == 1 && c.room(s.place) {
				c.use(i, c.arcTo(i, s.place, s.weight))
			}
		}
	}
	prices := c.p
	c.p = make([]int64, len(prices)) // free seats cost nothing, the others too much
	for j := range c.p {
		c.closeFull(int32(j))
	}
	for n, i := range c.turns {
		if c.outside != nil && n%prepareEvery == 0 {
			c.outside.prepare(c.p)
		}
		for c.load[i] < c.units[i] && c.takeBest(i) {
			a := c.arcs[i][c.only[i]]
			c.closeFull(a.to)
		}
	}
	c.p = prices
}

const tooMuch = 1 << 61

func (c *core) closeFull(j int32) {
	if !c.room(j) {
		c.p[j] = tooMuch
	}
}

// takeBest seats one unit of worker i where it is worth most at the prices.
func (c *core) takeBest(i int32) bool {
	if c.outside != nil {
		c.fetch(i, 0, 1, c.scratch[0])
		c.take(i, c.scratch[0].found)
	}
	choice, best := int32(-1), int64(0)
	for k := range c.arcs[i] {
		a := &c.arcs[i][k]
		if v := a.weight - c.p[a.to] - c.reserve(a.to); a.at < 0 && v > best {
			choice, best = int32(k), v
		}
	}
	if choice < 0 {
		return false
	}
	c.use(i, choice)
	return true
}

// fulfil meets minimums and required workers whatever the weights, after a
// stop: by shortest chains of moves, each of which leaves nobody worse counted.
// What it cannot meet cannot be met.
func (l *listed) fulfil(c *core) {
	if !l.forced() {
		return
	}
	for _, j := range c.place {
		for len(c.taken[j]) < int(c.must[j]) && c.draw(j) {
			continue
		}
	}
	if l.p.RequireAllWorkers {
		for _, i := range c.turns {
			for c.load[i] < c.units[i] && l.push(c, i) {
				continue
			}
		}
	}
}

// draw brings one more unit to place j: an idle one, or one from a place that
// can spare it, through places that cannot. The core has all edges of places
// with a minimum.
func (c *core) draw(j int32) bool {
	c.begin()
	w := &c.way
	w.seenP[j] = w.round
	line := []int32{j}
	for len(line) > 0 {
		a := line[0]
		line = line[1:]
		for _, e := range c.into[a] {
			k := e.work
			if c.arcs[k][e.arc].at >= 0 || w.seenW[k] == w.round && c.units[k] == 1 {
				continue
			}
			w.seenW[k], w.viaW[k] = w.round, e.arc
			if c.load[k] < c.units[k] {
				c.pullBy(j, c.enter(k))
				return true
			}
			for out := range c.arcs[k] {
				b := c.arcs[k][out].to
				if c.arcs[k][out].at < 0 || w.seenP[b] == w.round {
					continue
				}
				w.seenP[b], w.viaP[b] = w.round, ref{k, int32(out)}
				c.way.enterBy(b, e.arc)
				if len(c.taken[b]) > int(c.must[b]) {
					c.pullBy(j, b)
					return true
				}
				line = append(line, b)
			}
		}
	}
	return false
}

// enterBy remembers by which own arc the worker that leaves place b moves on: a
// worker of several units may move on differently from different places.
func (w *ways) enterBy(b, in int32) { w.distP[b] = int64(in) }

// pullBy moves everyone on the path found from b one place on, ending at j.
func (c *core) pullBy(j, b int32) {
	for b != j {
		out, in := c.way.viaP[b], int32(c.way.distP[b])
		c.free(out.work, out.arc)
		c.use(out.work, in)
		b = c.arcs[out.work][in].to
	}
}

// push finds a seat for one more unit of worker i, moving others on.
func (l *listed) push(c *core, i int32) bool {
	c.begin()
	w := &c.way
	w.seenW[i] = w.round
	line := []int32{i}
	for len(line) > 0 {
		k := line[0]
		line = line[1:]
		for n, e := range l.row(k) {
			j := e.Place
			if w.seenP[j] == w.round || c.seats[j] == 0 || c.sits(k, j) {
				continue
			}
			w.seenP[j], w.viaP[j] = w.round, ref{k, int32(n)}
			if c.room(j) {
				l.moveOn(c, i, j)
				return true
			}
			for _, at := range c.taken[j] {
				if w.seenW[at.work] != w.round {
					w.seenW[at.work], w.viaW[at.work] = w.round, at.arc
					line = append(line, at.work)
				}
			}
		}
	}
	return false
}

func (c *core) sits(k, j int32) bool {
	for e := range c.arcs[k] {
		if a := &c.arcs[k][e]; a.to == j && a.at >= 0 {
			return true
		}
	}
	return false
}

// moveOn seats worker i and everyone on the path to the free seat at j.
func (l *listed) moveOn(c *core, i, j int32) {
	for {
		via := c.way.viaP[j]
		k := via.work
		e := l.row(k)[via.arc]
		w := l.sign * e.Weight
		if l.p.RequireAllWorkers {
			w += l.bonus
		}
		in := c.arcTo(k, e.Place, w*l.scale.unit)
		if k == i {
			c.use(k, in)
			return
		}
		from := c.leave(k)
		c.use(k, in)
		j = from
	}
}

// arcTo returns the arc of worker k to place j, adding it to the core if need be.
func (c *core) arcTo(k, j int32, weight int64) int32 {
	for n := range c.arcs[k] {
		if c.arcs[k][n].to == j {
			return int32(n)
		}
	}
	c.add(k, j, weight)
	return int32(len(c.arcs[k]) - 1)
}
