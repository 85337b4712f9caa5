package simulate

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"

	"linggong/internal/matching"
	"linggong/internal/matching/assign"
	"linggong/internal/matching/assign/certify"
	"linggong/internal/matching/assign/problem"
)

// Rule is a way to match a day.
type Rule struct {
	Name   string
	Order  matching.Order
	Greedy bool // best pair first, as lists do
}

// Rules are what is compared: the list everybody uses, the best fit, and the
// best fit with those first who waited.
func Rules(order matching.Order) []Rule {
	return []Rule{{Name: "best first", Greedy: true}, {Name: "best fit"}, {Name: "who waited first, then best fit", Order: order}}
}

// Report is what a rule did to the same people and the same work.
type Report struct {
	Rule        string  `json:"rule"`
	Days        int     `json:"days"`
	Workers     int     `json:"workers"`
	Places      int64   `json:"places"`
	Placed      int64   `json:"placed"`
	FillRate    float64 `json:"fill_rate"`     // placed of the places
	MeanFit     float64 `json:"mean_fit"`      // percent
	LongestWait int     `json:"longest_wait"`  // days somebody was here without work, in a row
	P95Wait     int     `json:"p95_wait"`      // the same, of ninety-five in a hundred people
	MostPasses  int     `json:"most_passes"`   // days in a row with a place somebody could have had
	OutOfOrder  int64   `json:"out_of_order"`  // a place went to a lower tier that she could have had
	Gini        float64 `json:"gini_of_gigs"`  // 0 everybody the same
	WithoutAny  int     `json:"without_a_gig"` // people who came and never had one
	Proved      bool    `json:"proved"`        // every day's answer, by the checker
}

// weightOf one more placed outweighs all fits of a day.
func one(workers int) int64 { return int64(workers+1) * 1_000_000 }

// Run matches every day by a rule and reports.
func Run(o Options, r Rule, tiers matching.Order) (Report, error) {
	o = o.whole()
	m := &market{rand.New(rand.NewPCG(o.Seed, 90)), o}
	people := m.people()
	rep := Report{Rule: r.Name, Days: o.Days, Workers: o.Workers, Proved: !r.Greedy}
	var fit int64
	for on := 1; on <= o.Days; on++ {
		shifts := m.day()
		var here []int
		for i := range people {
			if m.rnd.Float64() < people[i].comes { // drawn for everybody, so that every rule has the same days
				people[i].come(on)
				here = append(here, i)
			}
		}
		d := &morning{on: on, people: people, here: here, shifts: shifts, rule: r, tiers: tiers}
		if err := d.match(&rep, &fit); err != nil {
			return Report{}, fmt.Errorf("day %d: %w", on, err)
		}
	}
	rep.finish(people, fit)
	return rep, nil
}

// morning is one simulated day.
type morning struct {
	on     int
	people []person
	here   []int
	shifts []shift
	rule   Rule
	tiers  matching.Order // by which passing over is judged, whatever the rule
}

func (d *morning) problem() (assign.Problem, map[[2]int32]int64) {
	p := assign.Problem{Sense: problem.Max}
	fits := map[[2]int32]int64{}
	for _, i := range d.here {
		p.Workers = append(p.Workers, assign.Worker{ID: strconv.Itoa(i), Capacity: 1})
	}
	for j, s := range d.shifts {
		p.Places = append(p.Places, assign.Place{ID: "s" + strconv.Itoa(j), Capacity: s.seats})
	}
	limits := matching.Limits{}
	for n, i := range d.here {
		w := d.people[i].seen(d.on)
		for j := range d.shifts {
			s := d.shifts[j].Shift
			s.DistanceM = int64(math.Hypot(float64(d.people[i].x-d.shifts[j].x), float64(d.people[i].y-d.shifts[j].y)))
			points, ok := matching.Score(&w, &s, &limits, matching.DefaultWeights)
			if !ok {
				continue
			}
			k := [2]int32{int32(n), int32(j)}
			fits[k] = points
			p.Edges = append(p.Edges, assign.Edge{Worker: k[0], Place: k[1], Weight: d.rule.Order.Bonus(w.WaitingDays, one(len(d.people))) + points})
		}
	}
	return p, fits
}

func (d *morning) match(rep *Report, fit *int64) error {
	p, fits := d.problem()
	var r assign.Result
	if d.rule.Greedy {
		r = assign.Greedy(p)
	} else {
		var err error
		if r, err = assign.Assign(p, assign.Options{Salt: strconv.Itoa(d.on)}); err != nil {
			return err
		}
		report, err := certify.Verify(p, r)
		if err != nil {
			return err
		}
		rep.Proved = rep.Proved && report.Optimal
	}
	for _, s := range d.shifts {
		rep.Places += s.seats
	}
	rep.Placed += int64(len(r.Pairs))
	placed := make([]bool, len(d.here))
	lowest := make([]int, len(d.shifts)) // of those placed there; -1 nobody
	for j := range lowest {
		lowest[j] = -1
	}
	for _, x := range r.Pairs {
		placed[x.Worker] = true
		*fit += fits[[2]int32{x.Worker, x.Place}]
		lowest[x.Place] = max(lowest[x.Place], d.tiers.Tier(d.people[d.here[x.Worker]].waited(d.on)))
	}
	for n, i := range d.here {
		w := &d.people[i]
		if placed[n] {
			w.work(d.on)
			continue
		}
		could, mine := false, d.tiers.Tier(w.waited(d.on))
		for j := range d.shifts {
			if _, ok := fits[[2]int32{int32(n), int32(j)}]; ok && lowest[j] >= 0 {
				could = true
				if lowest[j] > mine {
					rep.OutOfOrder++
					break
				}
			}
		}
		w.wait(could)
	}
	return nil
}

func (r *Report) finish(people []person, fit int64) {
	if r.Places > 0 {
		r.FillRate = float64(r.Placed) / float64(r.Places)
	}
	if r.Placed > 0 {
		r.MeanFit = float64(fit) / float64(r.Placed) / 10_000
	}
	var gigs, waits []int
	for i := range people {
		p := &people[i]
		if p.last == 0 {
			continue
		}
		gigs, waits = append(gigs, p.gigs), append(waits, p.longest)
		r.MostPasses = max(r.MostPasses, p.maxRow)
		if p.gigs == 0 {
			r.WithoutAny++
		}
	}
	if len(waits) == 0 {
		return
	}
	slices.Sort(waits)
	r.LongestWait, r.P95Wait = waits[len(waits)-1], waits[(len(waits)-1)*95/100]
	r.Gini = gini(gigs)
}

// gini of what each has: 0 all the same, near 1 one has everything.
func gini(v []int) float64 {
	slices.Sort(v)
	var sum, weighted float64
	for i, x := range v {
		sum += float64(x)
		weighted += float64(i+1) * float64(x)
	}
	if sum == 0 {
		return 0
	}
	n := float64(len(v))
	return 2*weighted/(n*sum) - (n+1)/n
}
