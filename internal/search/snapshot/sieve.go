package snapshot

import "math"

// sieve keeps the rows that pass every filter that has no facet. It goes
// column by column, only those that were asked for, without a branch to
// mispredict: a few operations a row. rows is overwritten.
func (q *scan) sieve(g *segment, rows []int32) []int32 {
	if q.radius > 0 {
		rows = q.sieveBox(g, rows)
	}
	rows = above(rows, g.last, q.now)
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

// sieveBox keeps what lies in a square around the place asked from. Most rows
// do not, by either side, as chance will have it: there is no guessing, so there
// is no branch.
func (q *scan) sieveBox(g *segment, rows []int32) []int32 {
	south, north := grid(q.from.lat-q.dLat, 90), grid(q.from.lat+q.dLat, 90)
	west, east := grid(q.from.lng-q.dLng, 180), grid(q.from.lng+q.dLng, 180)
	high, wide := uint32(north-south)+1, uint32(east-west)+1 // a step more: the grid is rounded
	gridLat, gridLng := g.gridLat, g.gridLng
	n := 0
	for _, i := range rows {
		rows[n] = i
		n += one(uint32(gridLat[i]-south) <= high) & one(uint32(gridLng[i]-west) <= wide)
	}
	return rows[:n]
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
