package problem

import (
	"fmt"
	"math"
)

// Pool is a problem whose edges are not listed but follow from what workers and
// places are (供需池): every eligible pair is an edge. A hundred thousand
// workers and twenty thousand places have some 175 million of them; they are
// never written down.
type Pool struct {
	Workers []Seeker
	Places  []Post
	Terms   Terms
}

// Seeker is a worker of a pool, who takes one place.
type Seeker struct {
	ID       string
	Skills   uint64 // a bit for each trade
	X, Y     int32  // metres on a plane
	Radius   int32  // how far she goes, metres; 0 any way
	From, To int16  // minutes of the day between which she works
	Wish     int64  // fen an hour, for less she is not asked
	Bonus    int64  // points that any of her pairs is worth beyond its fit: priority
	Waits    int64  // days; where all else is equal who waits longest goes first
}

// Post is a place of a pool.
type Post struct {
	ID       string
	Skill    uint8 // trade, 0…63
	X, Y     int32
	From, To int16
	Pay      int64 // fen an hour
	Capacity int64
}

// Terms say what a pair is worth, in points.
type Terms struct {
	Base int64 // that somebody goes somewhere
	Yuan int64 // each yuan an hour above the wish, a part counted in proportion
	Km   int64 // lost for each kilometre, a part counted in proportion
}

// Weight returns the points of a pair; ok says it is eligible: she does the
// trade, is free throughout, gets at least her wish, is near enough, and the
// pair is worth something. It is exact on every machine.
func (p *Pool) Weight(i, j int32) (points int64, ok bool) {
	w, q := &p.Workers[i], &p.Places[j]
	if w.Skills>>q.Skill&1 == 0 || q.From < w.From || q.To > w.To || q.Pay < w.Wish {
		return 0, false
	}
	dx, dy := int64(w.X)-int64(q.X), int64(w.Y)-int64(q.Y)
	metres := int64(math.Sqrt(float64(dx*dx + dy*dy)))
	if w.Radius > 0 && metres > int64(w.Radius) {
		return 0, false
	}
	points = p.Worth(i) + p.Offer(j) - p.Terms.Km*metres/1000
	return points, points > 0
}

// Worth is the part of the points of her pairs that is the worker's.
func (p *Pool) Worth(i int32) int64 {
	return p.Terms.Base + p.Workers[i].Bonus - p.Terms.Yuan*p.Workers[i].Wish/100
}

// Offer is the part of the points of its pairs that is the place's.
func (p *Pool) Offer(j int32) int64 { return p.Terms.Yuan * p.Places[j].Pay / 100 }

// MaxPlane bounds coordinates, in metres: distances between two points are then
// computed exactly.
const MaxPlane = 1 << 24

// Validate returns ErrProblem naming the first thing wrong and where.
func (p *Pool) Validate() error {
	refuse := func(at, code, zh, english string) error { return fault{at, code, zh, english}.of(ErrProblem) }
	const limit = 1 << 30
	for k, v := range map[string]int64{"base": p.Terms.Base, "yuan": p.Terms.Yuan, "km": p.Terms.Km} {
		if v < 0 || v > limit {
			return refuse("terms."+k, "out_of_range", "须在 0 与 2^30 之间", "must be between 0 and 2^30")
		}
	}
	plane := func(x, y int32) bool { return x >= -MaxPlane && x <= MaxPlane && y >= -MaxPlane && y <= MaxPlane }
	seen := make(map[string]int, len(p.Workers))
	for i, w := range p.Workers {
		at := fmt.Sprintf("workers[%d]", i)
		if err := checkID(seen, at, w.ID, i); err != nil {
			return err
		}
		if !plane(w.X, w.Y) || w.Radius < 0 || w.Wish < 0 || w.Wish > limit || w.Bonus < 0 || w.Bonus > MaxWeight/4 || w.Waits < 0 {
			return refuse(at, "out_of_range", "数值超出范围", "a number is out of range")
		}
	}
	seen = make(map[string]int, len(p.Places))
	for j, q := range p.Places {
		at := fmt.Sprintf("places[%d]", j)
		if err := checkID(seen, at, q.ID, j); err != nil {
			return err
		}
		if !plane(q.X, q.Y) || q.Skill > 63 || q.Pay < 0 || q.Pay > limit || q.Capacity < 0 || q.Capacity > MaxCapacity {
			return refuse(at, "out_of_range", "数值超出范围", "a number is out of range")
		}
	}
	return nil
}

// Listed writes all eligible pairs down: for small pools.
func (p *Pool) Listed() Problem {
	out := Problem{Sense: Max}
	for _, w := range p.Workers {
		out.Workers = append(out.Workers, Worker{ID: w.ID, Capacity: 1})
	}
	for _, q := range p.Places {
		out.Places = append(out.Places, Place{ID: q.ID, Capacity: q.Capacity})
	}
	for i := range p.Workers {
		for j := range p.Places {
			if v, ok := p.Weight(int32(i), int32(j)); ok {
				out.Edges = append(out.Edges, Edge{Worker: int32(i), Place: int32(j), Weight: v})
			}
		}
	}
	return out
}
