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
	for i := 0; i < len(g.ids); i++ {
		if len(q.top) == q.page.Limit && q.page.Sort == Best && q.wanted == nil {
			if i = q.ahead(g, i); i == len(g.ids) {
				return
			}
		}
		switch {
		case g.first[i] <= q.now:
			q.begun(g, i)
		case g.open[i] > 0:
			q.offer(g, i, work{int(g.open[i]), int(g.heads[i]), g.first[i]}, noWay, nil)
		}
	}
}

// ahead returns the first row from i on that has begun or may stand before the
// last of a full page: of a city nearly none. What it passes over is bound less
// than the page's last, without its division.
func (q *scan) ahead(g *segment, i int) int {
	const week = int64(rankWeek)
	least := -q.top[0].key - 2
	first := g.first[i:]
	published, still, open := g.published[i:][:len(first)], g.still[i:][:len(first)], g.open[i:][:len(first)]
	for k, starts := range first {
		early := week - min(starts-q.now, week)
		fresh := week - min(max(q.now-published[k], 0), week)
		if starts <= q.now || rankSoon*early+rankFresh*fresh >= (least-int64(still[k]))*week {
			return i + k
		}
		q.more = q.more || open[k] > 0
	}
	return len(g.ids)
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
	b := int64(g.still[i])
	if q.dates != nil || g.first[i] != w.next {
		b += rankRoom - int64(g.room[i]) // not all of its shifts count
	}
	early := week - min(max(w.next-q.now, 0), week)
	fresh := week - min(max(q.now-g.published[i], 0), week)
	b += (rankSoon*early+rankFresh*fresh)/week + 2 // each part is rounded
	if wayM >= 0 {
		b += rankNear*(rankFar-int64(min(wayM, rankFar)))/rankFar + 1
	}
	b += int64(q.closeness(g, i))
	if words {
		b += rankWords
	}
	return b
}
