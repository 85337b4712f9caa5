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

// sieveBox keeps what lies in a square around the place asked from.
func (q *scan) sieveBox(g *segment, rows []int32) []int32 {
	lat, lng := g.lat, g.lng
	n := 0
	for _, i := range rows {
		rows[n] = i
		if math.Abs(lat[i]-q.from.lat) <= q.dLat && math.Abs(lng[i]-q.from.lng) <= q.dLng && g.located[i] {
			n++
		}
	}
	return rows[:n]
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
