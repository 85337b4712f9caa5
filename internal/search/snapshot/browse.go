package snapshot

// Who asks for nothing in particular asks for every row. What is counted of a
// segment then hardly changes from one question to the next, so it is kept with
// the segment; only rows of which something has begun are looked at singly.

// sums are the places of all rows of a segment, as if nothing had begun.
type sums struct {
	rows, places int // rows with a place left, and those places
	trade, town  []count
	days         []count // by number of the day
}

type count struct{ of, places int32 }

// whole returns the sums of the segment.
func (s *segment) whole() *sums {
	if x := s.sums.Load(); x != nil {
		return x
	}
	x := &sums{}
	trade, town, days := map[uint32]int32{}, map[uint32]int32{}, map[int32]int32{}
	for i := range s.ids {
		if s.open[i] > 0 {
			x.rows++
			x.places += int(s.open[i])
			trade[s.trade[i]] += s.open[i]
			town[s.town[i]] += s.open[i]
		}
	}
	for h, d := range s.shiftDay {
		if s.shiftOpen[h] > 0 {
			days[d] += s.shiftOpen[h]
		}
	}
	x.trade, x.town, x.days = counts(trade), counts(town), counts(days)
	s.sums.Store(x)
	return x
}

func counts[K ~int32 | ~uint32](m map[K]int32) []count {
	out := make([]count, 0, len(m))
	for k, n := range m {
		out = append(out, count{int32(k), n})
	}
	return out
}

// plain says the question narrows nothing.
func (q *scan) plain() bool {
	return q.from == nil && q.minPay == 0 && q.with|q.without == 0 && q.dates == nil && q.trades == nil && q.regions == nil &&
		q.groups == nil && q.settlements == nil && q.forms == nil && q.employers == nil
}

// browse visits a whole segment.
func (q *scan) browse(g *segment) {
	x := g.whole()
	q.total += x.rows
	q.totalPlaces += x.places
	for _, c := range x.trade {
		q.byTrade[c.of] += int(c.places)
	}
	for _, c := range x.town {
		q.byTown[c.of] += int(c.places)
	}
	for _, c := range x.days {
		q.onDate(c.of, int(c.places))
	}
	for i := range g.ids {
		switch {
		case g.first[i] <= q.now:
			q.begun(g, i)
		case g.open[i] > 0 && !(len(q.top) == q.page.Limit && q.behind(g, i)):
			q.offer(g, i, work{int(g.open[i]), int(g.heads[i]), g.first[i]}, noWay, nil)
		}
	}
}

// behind says that a row of which nothing has begun stands behind a full page.
// It may miss some.
func (q *scan) behind(g *segment, i int) bool {
	if q.page.Sort != Best {
		return false
	}
	if q.bound(g, i, work{next: g.first[i]}, -1, false) < -q.top[0].key {
		q.more = true
		return true
	}
	return false
}

// begun takes a row with a shift that has begun out of the sums and counts it
// as it is.
func (q *scan) begun(g *segment, i int) {
	q.total--
	q.totalPlaces -= int(g.open[i])
	q.byTrade[g.trade[i]] -= int(g.open[i])
	q.byTown[g.town[i]] -= int(g.open[i])
	for h := g.firstShift[i]; h < g.firstShift[i+1]; h++ {
		q.onDate(g.shiftDay[h], -int(g.shiftOpen[h]))
	}
	q.visit(g, i, nil)
}

func (q *scan) onDate(number int32, places int) {
	if d := number - q.today; d >= 0 && d < FacetDays {
		q.byDay[d] += places
	}
}

// bound is at least the rank of a row, and takes no branch that could be
// foretold wrongly: of a city nearly every row is out by it. The words, which
// cost most, count whole.
func (q *scan) bound(g *segment, i int, w work, wayM int, words bool) int64 {
	const week = int64(rankWeek)
	b := int64(g.room[i])
	if q.dates != nil || g.first[i] != w.next {
		b = rankRoom // not all of its shifts count
	}
	b += rankUrge * int64(g.flags[i]&Urgent/Urgent)
	early := week - min(max(w.next-q.now, 0), week)
	fresh := week - min(max(q.now-g.published[i], 0), week)
	b += (rankSoon*early+rankFresh*fresh)/week + 2 // each part is rounded
	if wayM >= 0 {
		b += rankNear*(rankFar-int64(min(wayM, rankFar)))/rankFar + 1
	}
	b += int64(g.answers[i]) + int64(q.closeness(g, i))
	if words {
		b += rankWords
	}
	return b
}
