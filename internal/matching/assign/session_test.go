package assign_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"linggong/internal/matching/assign"
	"linggong/internal/matching/assign/certify"
	"linggong/internal/matching/assign/problem"
)

// After any changes the session has the pairs and prices of a cold solve.
func TestASessionIsAlwaysWhatAColdSolveWouldBe(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := small(t)
		p.RequireAllWorkers = false
		for j := range p.Places {
			p.Places[j].Min = 0
		}
		large := rapid.Bool().Draw(t, "large")
		if large {
			p = market(rapid.Uint64Range(0, 50).Draw(t, "city"), 50, 10, 6, 0.7)
		}
		for k := range p.Edges { // weights that leave room for ties
			p.Edges[k].Weight %= 1 << 20
		}
		salt := rapid.SampledFrom([]string{"", "day"}).Draw(t, "salt")
		s, err := assign.NewSession(p, assign.Options{Salt: salt})
		if err != nil {
			t.Fatal(err)
		}
		for range rapid.IntRange(0, 25).Draw(t, "changes") {
			change(t, s)
			compareCold(t, s, salt)
		}
	})
}

// change does one thing to a session.
func change(t *rapid.T, s *assign.Session) {
	p := s.Problem()
	worker := fmt.Sprint("w", rapid.IntRange(0, 12).Draw(t, "worker"))
	place := fmt.Sprint("p", rapid.IntRange(0, 8).Draw(t, "place"))
	if len(p.Workers) > 20 && rapid.Bool().Draw(t, "old") {
		worker = p.Workers[rapid.IntRange(0, len(p.Workers)-1).Draw(t, "which")].ID
		place = p.Places[rapid.IntRange(0, len(p.Places)-1).Draw(t, "where")].ID
	}
	weight := rapid.OneOf(rapid.Int64Range(-5, 5), rapid.Int64Range(-1000, 1000))
	var edges []assign.To
	var err error
	switch rapid.IntRange(0, 4).Draw(t, "what") {
	case 0:
		for _, q := range p.Places {
			if rapid.IntRange(0, 2).Draw(t, "edge") > 0 {
				edges = append(edges, assign.To{ID: q.ID, Weight: weight.Draw(t, "weight")})
			}
		}
		err = s.SetWorker(assign.Worker{ID: worker, Capacity: rapid.Int64Range(0, 2).Draw(t, "units")}, edges)
	case 1:
		for _, w := range p.Workers {
			if rapid.IntRange(0, 2).Draw(t, "edge") > 0 {
				edges = append(edges, assign.To{ID: w.ID, Weight: weight.Draw(t, "weight")})
			}
		}
		err = s.SetPlace(assign.Place{ID: place, Capacity: rapid.Int64Range(0, 3).Draw(t, "seats")}, edges)
	case 2:
		err = s.RemoveWorker(worker)
	case 3:
		err = s.RemovePlace(place)
	default:
		err = s.SetCapacity(place, rapid.Int64Range(0, 4).Draw(t, "seats"))
	}
	if err != nil && !errors.Is(err, assign.ErrUnknown) {
		t.Fatal(err)
	}
}

func compareCold(t *rapid.T, s *assign.Session, salt string) {
	p, r := s.Result()
	if rep, err := certify.Verify(p, r); err != nil || !rep.Optimal {
		t.Fatalf("the certificate does not hold: %+v, %v", rep, err)
	}
	cold, err := assign.Assign(p, assign.Options{Salt: salt})
	if err != nil {
		t.Fatal(err)
	}
	if cold.Objective != r.Objective {
		t.Fatalf("warm %d, cold %d", r.Objective, cold.Objective)
	}
	if d := gocmp.Diff(named(p, cold), named(p, r)); d != "" {
		t.Fatalf("warm and cold differ:\n%s", d)
	}
	if d := gocmp.Diff(cold.Prices.Places, r.Prices.Places); d != "" {
		t.Fatalf("prices differ:\n%s", d)
	}
	for _, x := range r.Pairs {
		found := false
		for _, place := range s.Seat(p.Workers[x.Worker].ID) {
			found = found || place == p.Places[x.Place].ID
		}
		if !found {
			t.Fatal("Seat does not say what Result says")
		}
	}
}

func TestASessionRefusesWhatItCannotHold(t *testing.T) {
	t.Parallel()
	p := market(1, 30, 6, 4, 0.7)
	s, err := assign.NewSession(p, assign.Options{})
	if err != nil {
		t.Fatal(err)
	}
	_, before := s.Result()
	for name, err := range map[string]error{
		"no id":           s.SetWorker(assign.Worker{}, nil),
		"negative":        s.SetPlace(assign.Place{ID: "x", Capacity: -1}, nil),
		"unknown place":   s.SetWorker(assign.Worker{ID: "x"}, []assign.To{{ID: "nowhere"}}),
		"twice":           s.SetWorker(assign.Worker{ID: "x"}, []assign.To{{ID: p.Places[0].ID}, {ID: p.Places[0].ID}}),
		"too heavy":       s.SetWorker(assign.Worker{ID: "x"}, []assign.To{{ID: p.Places[0].ID, Weight: problem.MaxWeight + 1}}),
		"negative number": s.SetCapacity(p.Places[0].ID, -1),
	} {
		if !errors.Is(err, problem.ErrProblem) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := s.SetPlace(assign.Place{ID: "x", Capacity: 2, Min: 1}, nil); !errors.Is(err, assign.ErrNotForSessions) {
		t.Error(err)
	}
	for _, err := range []error{s.RemoveWorker("nobody"), s.RemovePlace("nowhere"), s.SetCapacity("nowhere", 1)} {
		if !errors.Is(err, assign.ErrUnknown) {
			t.Error(err)
		}
	}
	if _, after := s.Result(); gocmp.Diff(before, after) != "" {
		t.Error("a refused change changed something")
	}
	p.RequireAllWorkers = true
	if _, err := assign.NewSession(p, assign.Options{}); !errors.Is(err, assign.ErrNotForSessions) {
		t.Error(err)
	}
}

// A thousand changes to a larger market, checked now and then.
func TestALongSessionStaysExact(t *testing.T) {
	t.Parallel()
	p := market(2, 400, 80, 30, 0.9)
	s, err := assign.NewSession(p, assign.Options{})
	if err != nil {
		t.Fatal(err)
	}
	rnd := rand.New(rand.NewPCG(2, 2))
	other := market(9, 400, 80, 30, 0.9)
	edges := make([][]assign.To, 400)
	for _, e := range other.Edges {
		edges[e.Worker] = append(edges[e.Worker], assign.To{ID: p.Places[e.Place].ID, Weight: e.Weight})
	}
	for n := range 1000 {
		id := p.Workers[rnd.IntN(400)].ID
		switch rnd.IntN(3) {
		case 0:
			err = s.RemoveWorker(id)
		case 1:
			err = s.SetWorker(assign.Worker{ID: id}, edges[rnd.IntN(400)])
		default:
			err = s.SetCapacity(p.Places[rnd.IntN(80)].ID, rnd.Int64N(9))
		}
		if err != nil && !errors.Is(err, assign.ErrUnknown) {
			t.Fatal(err)
		}
		if n%50 == 0 {
			q, r := s.Result()
			cold, err := assign.Assign(q, assign.Options{})
			if err != nil || cold.Objective != r.Objective || gocmp.Diff(cold.Pairs, r.Pairs) != "" {
				t.Fatalf("change %d: warm %d, cold %d, %v", n, r.Objective, cold.Objective, err)
			}
		}
	}
}
