// Package city draws pools of workers and gigs like those of a real city, from a
// seed: for measurements and tests. Nobody in them exists.
package city

import (
	"fmt"
	"math/rand/v2"

	"linggong/internal/matching/assign"
)

// What a city is like.
const (
	towns  = 16
	trades = 30
	extent = 60_000 // metres across
)

// Pool draws a city of so many workers and places, with seats for the given part
// of the workers in a thousand. Towns are of different size and trades of
// different demand; a worker does one to five trades, goes 12 to 44 km, asks for
// 18 to 33 yuan an hour and has her hours; a gig pays 18 to 50. At 10,000 × 2,000
// about 1.7 million pairs are eligible. Only whole numbers are used: the same
// seed gives the same city on every machine.
func Pool(seed uint64, workers, places int, seatsPerMille int64) *assign.Pool {
	d := draw{rand.New(rand.NewPCG(seed, 330481))}
	type spot struct{ x, y int32 }
	var centres [towns]spot
	for k := range centres {
		centres[k] = spot{d.Int32N(extent), d.Int32N(extent)}
	}
	near := func(spread int32) (x, y int32) {
		c := centres[d.few(towns)]
		return c.x + d.around(spread), c.y + d.around(spread)
	}
	p := &assign.Pool{Terms: assign.Terms{Base: 400, Yuan: 10, Km: 10}}
	left, sum := seatsPerMille*int64(workers)/1000, int64(0)
	for j := range places {
		q := assign.Post{ID: fmt.Sprintf("place-%07d", j), Skill: uint8(d.few(trades)), Pay: 1800 + 50*d.Int64N(65)}
		q.X, q.Y = near(6000)
		q.From, q.To = d.hours()
		q.Capacity = 1 + d.Int64N(8) + 6*(d.Int64N(8)/7)
		sum += q.Capacity
		p.Places = append(p.Places, q)
	}
	given, seen := int64(0), int64(0)
	for j := range p.Places { // as many seats as there shall be
		seen += p.Places[j].Capacity
		c := max(1, left*seen/sum-given)
		p.Places[j].Capacity = c
		given += c
	}
	for i := range workers {
		w := assign.Seeker{ID: fmt.Sprintf("worker-%07d", i), Radius: 12_000 + 1000*d.Int32N(33), Wish: 1800 + 50*d.Int64N(32), Waits: d.Int64N(30)}
		for range 2 + d.IntN(4) {
			w.Skills |= 1 << d.few(trades)
		}
		w.X, w.Y = near(8000)
		w.From, w.To = d.free()
		if d.IntN(12) == 0 {
			w.Bonus = 150
		}
		p.Workers = append(p.Workers, w)
	}
	return p
}

// draw draws whole numbers.
type draw struct{ *rand.Rand }

// few returns 0…n-1, the low ones oftener.
func (d draw) few(n int) int { return int(d.Int64N(1000) * d.Int64N(1000) * int64(n) / 1_000_000) }

// around returns about 0, three in four within the spread.
func (d draw) around(spread int32) int32 {
	var sum int32
	for range 4 {
		sum += d.Int32N(2*spread) - spread
	}
	return sum / 2
}

// hours of a gig: mornings, afternoons, whole days, evenings.
func (d draw) hours() (from, to int16) {
	switch d.IntN(8) {
	case 0, 1:
		return 8 * 60, 12 * 60
	case 2, 3:
		return 13 * 60, 18 * 60
	case 4:
		return 18 * 60, 22 * 60
	default:
		return 8 * 60, 18 * 60
	}
}

// free hours of a worker: most are free all day.
func (d draw) free() (from, to int16) {
	switch d.IntN(10) {
	case 0:
		return 7 * 60, 13 * 60
	case 1:
		return 12 * 60, 22 * 60
	default:
		return 6 * 60, 22 * 60
	}
}
