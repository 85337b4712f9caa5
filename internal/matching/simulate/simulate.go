// Package simulate runs the matching of a market through many days with made
// people and made work, and counts what a rule does to them: who waits how
// long, who gets how much, how many places are filled.
//
// It is the same judging and the same solver as on a real morning. Nobody's data
// is in it: everything follows from a seed.
package simulate

import (
	"math/rand/v2"

	"linggong/internal/matching"
)

// Options are the size of the made market. The zero value of a field takes its
// default.
type Options struct {
	Days    int    // 90
	Workers int    // 400
	Shifts  int    // a day, 24
	Seats   int    // at most, of a shift: 5
	Seed    uint64 // 1
}

func (o Options) whole() Options {
	set := func(v *int, d int) {
		if *v <= 0 {
			*v = d
		}
	}
	set(&o.Days, 90)
	set(&o.Workers, 400)
	set(&o.Shifts, 24)
	set(&o.Seats, 5)
	if o.Seed == 0 {
		o.Seed = 1
	}
	return o
}

const (
	trades   = 12
	sideM    = 24_000 // of the square the market lies in
	dayHours = 11
)

// person is one of the made workers and what the days did to her.
type person struct {
	skills  []matching.Skill
	x, y    int64
	radiusM int64
	floor   int64
	comes   float64 // how often she is here

	since   int // day on which she began to wait
	last    int // day she last came
	gigs    int
	waits   int // days she was here since she last had work
	row     int // of them in a row with a place she could have had
	longest int // the most of waits
	maxRow  int // the most of row
}

type shift struct {
	matching.Shift
	x, y  int64
	seats int64
}

// market makes people and days from a seed.
type market struct {
	rnd *rand.Rand
	o   Options
}

func (m *market) people() []person {
	out := make([]person, m.o.Workers)
	for i := range out {
		p := &out[i]
		p.x, p.y = m.rnd.Int64N(sideM), m.rnd.Int64N(sideM)
		p.radiusM = []int64{3000, 5000, 10_000, 20_000}[m.rnd.IntN(4)]
		p.floor = 2000 + 100*m.rnd.Int64N(8)
		p.comes = 0.25 + 0.6*m.rnd.Float64()
		for range 1 + m.rnd.IntN(3) {
			p.skills = append(p.skills, matching.Skill{Trade: trade(m.rnd), Level: 1 + m.rnd.IntN(3)})
		}
	}
	return out
}

// trade draws one of the trades; the first are the common ones.
func trade(r *rand.Rand) string { return string(rune('a' + min(r.IntN(trades), r.IntN(trades)))) }

func (m *market) day() []shift {
	out := make([]shift, m.o.Shifts)
	for i := range out {
		out[i] = shift{
			Shift: matching.Shift{Trade: trade(m.rnd), NoExperience: m.rnd.IntN(3) == 0, HourFen: 2300 + 50*m.rnd.Int64N(30), Minutes: 240, PartTime: true},
			x:     m.rnd.Int64N(sideM), y: m.rnd.Int64N(sideM), seats: 1 + m.rnd.Int64N(int64(m.o.Seats)),
		}
	}
	return out
}

// seen is a person as the shift looks at her on a day.
func (p *person) seen(on int) matching.Worker {
	return matching.Worker{
		Age: 45, Trades: p.skills, RadiusM: p.radiusM, FloorHourFen: p.floor, Completed: int64(p.gigs), WaitingDays: p.waited(on), Free: true,
	}
}

// waited is the days since she began to wait.
func (p *person) waited(on int) int64 { return int64(on - p.since) }

// forgets says that who stayed away so long begins to wait anew (R-FIT-10).
const forgets = 30

func (p *person) come(on int) {
	if on-p.last > forgets {
		p.since, p.waits, p.row = on, 0, 0
	}
	p.last = on
}

func (p *person) work(on int) { p.gigs, p.since, p.waits, p.row = p.gigs+1, on, 0, 0 }

func (p *person) wait(couldHave bool) {
	p.waits++
	p.longest = max(p.longest, p.waits)
	if !couldHave {
		p.row = 0
		return
	}
	p.row++
	p.maxRow = max(p.maxRow, p.row)
}
