package snapshot_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"linggong/internal/day"
	"linggong/internal/search"
	"linggong/internal/search/snapshot"
)

// city makes n postings like those of a city: 96 trades, 236 villages.
func city(n int) []snapshot.Row {
	rng := rand.New(rand.NewPCG(1, 2))
	rows := make([]snapshot.Row, n)
	for i := range rows {
		village := fmt.Sprintf("3304811%02d2%02d", rng.IntN(12), rng.IntN(20))
		r := snapshot.Row{
			ID: fmt.Sprintf("0195a2b4-%04x-7000-8000-%012x", i>>16, i), Version: 1,
			Trade: fmt.Sprintf("trade%02d", rng.IntN(96)), TradeGroup: fmt.Sprintf("g%d", rng.IntN(15)),
			Town: village[:9] + "000", Village: village, Lat: 30.3 + rng.Float64()*0.35, Lng: 120.3 + rng.Float64()*0.55, Located: true,
			PayHourFen: int64(1800 + rng.IntN(3000)), Settlement: kinds[rng.IntN(3)], Form: "part_time",
			EmployerID: fmt.Sprintf("e%d", rng.IntN(3000)), Flags: snapshot.Flags(rng.IntN(256) & ^rng.IntN(256)),
			Published: noon.Add(-time.Duration(rng.IntN(300)) * time.Hour),
		}
		for s := range 1 + rng.IntN(3) {
			start := noon.Add(time.Duration(rng.IntN(14*24)) * time.Hour)
			heads := 1 + rng.IntN(10)
			r.Shifts = append(r.Shifts, snapshot.Shift{ID: fmt.Sprintf("%d-%d", i, s), Date: day.Of(start), Start: start, Open: rng.IntN(heads + 1), Headcount: heads})
		}
		rows[i] = r
	}
	return rows
}

func BenchmarkSearch100k(b *testing.B) {
	s := snapshot.New()
	rows := city(100_000)
	if err := s.Load(seq(rows)); err != nil {
		b.Fatal(err)
	}
	here := &snapshot.Point{Lat: 30.45, Lng: 120.55, RadiusM: 5000}
	tomorrow := []day.Date{day.Of(noon).Add(1)}
	var words []search.Hit
	for i := 0; i < len(rows); i += 50 {
		words = append(words, search.Hit{ID: rows[i].ID, Score: float64(i%7) / 7})
	}
	for name, q := range map[string]struct {
		f snapshot.Filter
		p snapshot.Page
	}{
		"kiosk":      {snapshot.Filter{Now: noon, Trades: []string{"trade05"}, From: here, Dates: tomorrow, MinHourFen: 2200}, snapshot.Page{Sort: snapshot.Near}},
		"near":       {snapshot.Filter{Now: noon, From: here}, snapshot.Page{Sort: snapshot.Near}},
		"town":       {snapshot.Filter{Now: noon, Regions: []string{"330481101"}, Dates: tomorrow}, snapshot.Page{}},
		"words":      {snapshot.Filter{Now: noon, Words: words, From: here}, snapshot.Page{}},
		"everything": {snapshot.Filter{Now: noon}, snapshot.Page{}},
	} {
		b.Run(name, func(b *testing.B) {
			var took []time.Duration
			for b.Loop() {
				start := time.Now()
				if _, err := s.Search(q.f, q.p); err != nil {
					b.Fatal(err)
				}
				took = append(took, time.Since(start))
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "µs-p99")
		})
	}
}

func BenchmarkLoad100k(b *testing.B) {
	rows := city(100_000)
	for b.Loop() {
		if err := snapshot.New().Load(seq(rows)); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkApply(b *testing.B) {
	rows := city(100_000)
	s := snapshot.New()
	if err := s.Load(seq(rows)); err != nil {
		b.Fatal(err)
	}
	for i := 0; b.Loop(); i++ {
		s.Apply(rows[i*7919%len(rows):][:1], nil)
	}
}
