package snapshot

import (
	"math"
	"slices"
)

// all is sieve of every row of a segment; the first column is read from one end
// to the other.
func (q *scan) all(g *segment) []int32 {
	rows := q.rows[:0]
	rows = slices.Grow(rows, len(g.ids))[:len(g.ids)]
	q.rows = rows
	n := 0
	if q.radius > 0 {
		b := q.box()
		lng := g.gridLng[:len(g.gridLat)]
		for i, lat := range g.gridLat {
			rows[n] = int32(i)
			n += b.holds(lat, lng[i])
		}
		return q.sieveRest(g, above(rows[:n], g.last, q.now))
	}
	for i, last := range g.last {
		rows[n] = int32(i)
		n += one(last > q.now)
	}
	return q.sieveRest(g, rows[:n])
}

// sieve keeps the rows that pass every filter that has no facet. It goes
// column by column, only those that were asked for, without a branch to
// mispredict: a few operations a row. rows is overwritten.
func (q *scan) sieve(g *segment, rows []int32) []int32 {
	if q.radius > 0 {
		b := q.box()
		n := 0
		for _, i := range rows {
			rows[n] = i
			n += b.holds(g.gridLat[i], g.gridLng[i])
		}
		rows = rows[:n]
	}
	return q.sieveRest(g, above(rows, g.last, q.now))
}

func (q *scan) sieveRest(g *segment, rows []int32) []int32 {
	if q.facets > 1 {
		rows = q.sieveFacets(g, rows)
	}
	if q.minPay > 0 {
		rows = above(rows, g.pay, q.minPay-1)
	}
	if q.with|q.without != 0 {
		rows = flagged(rows, g.flags, q.with, q.without)
	}
	for _, c := range []struct {
		wanted choice
		column []uint32
	}{{q.groups, g.group}, {q.settlements, g.settlement}, {q.forms, g.form}, {q.employers, g.employer}} {
		if c.wanted != nil {
			rows = chosen(rows, c.column, c.wanted)
		}
	}
	return rows
}

// sieveFacets drops what surely fails two of the filters that have a facet: it
// counts in none. Of the days only a row's bits are looked at, which may say too much.
func (q *scan) sieveFacets(g *segment, rows []int32) []int32 {
	n := 0
	for _, i := range rows {
		rows[n] = i
		fails := 0
		if q.trades != nil {
			fails += one(!q.trades[g.trade[i]])
		}
		if q.regions != nil {
			fails += one(!q.regions[g.region[i]])
		}
		if q.dates != nil {
			fails += one(g.days[i]&q.dayBits == 0)
		}
		n += one(fails < 2)
	}
	return rows[:n]
}

// box is a square around the place asked from. Most rows are not in it, by
// either side, as chance will have it: there is no guessing, so there is no branch.
type box struct {
	south, west int32
	high, wide  uint32
}

func (q *scan) box() box {
	south, north := grid(q.from.lat-q.dLat, 90), grid(q.from.lat+q.dLat, 90)
	west, east := grid(q.from.lng-q.dLng, 180), grid(q.from.lng+q.dLng, 180)
	return box{south, west, uint32(north-south) + 1, uint32(east-west) + 1} // a step more: the grid is rounded
}

func (b box) holds(lat, lng int32) int {
	return one(uint32(lat-b.south) <= b.high) & one(uint32(lng-b.west) <= b.wide)
}

// grid is a degree in steps of a centimetre, cut at most degrees.
func grid(degree, most float64) int32 { return int32(math.Floor(min(max(degree, -most), most) * 1e7)) }

// nowhere is the step of what has no place; no square reaches it.
const nowhere = math.MinInt32

func one(is bool) int {
	if is {
		return 1
	}
	return 0
}

func above(rows []int32, column []int64, least int64) []int32 {
	n := 0
	for _, i := range rows {
		rows[n] = i
		if column[i] > least {
			n++
		}
	}
	return rows[:n]
}

func flagged(rows []int32, column []Flags, with, without Flags) []int32 {
	n := 0
	for _, i := range rows {
		rows[n] = i
		if f := column[i]; f&with == with && f&without == 0 {
			n++
		}
	}
	return rows[:n]
}

func chosen(rows []int32, column []uint32, wanted choice) []int32 {
	n := 0
	for _, i := range rows {
		rows[n] = i
		if wanted[column[i]] {
			n++
		}
	}
	return rows[:n]
}
