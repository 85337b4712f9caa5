package snapshot_test

import (
	"testing"

	"linggong/internal/day"
	"linggong/internal/search"
	"linggong/internal/search/snapshot"
)

//nolint:paralleltest // allocations are counted of the whole process
func TestASearchOfACityAllocatesWhatThatOfAVillageDoes(t *testing.T) {
	const most = 64
	for name, q := range map[string]func(rows []snapshot.Row) snapshot.Filter{
		"everything": func([]snapshot.Row) snapshot.Filter { return snapshot.Filter{Now: noon} },
		"kiosk": func([]snapshot.Row) snapshot.Filter {
			return snapshot.Filter{Now: noon, From: &snapshot.Point{Lat: 30.45, Lng: 120.55, RadiusM: 5000}, Dates: []day.Date{day.Of(noon).Add(1)}, MinHourFen: 2200}
		},
		"words": func(rows []snapshot.Row) snapshot.Filter {
			f := snapshot.Filter{Now: noon, Words: []search.Hit{}}
			for i := 0; i < len(rows); i += 2 {
				f.Words = append(f.Words, search.Hit{ID: rows[i].ID, Score: float64(i%7) / 7})
			}
			return f
		},
	} {
		for _, n := range []int{1_000, 20_000} {
			s, rows := snapshot.New(), city(n)
			if err := s.Load(seq(rows)); err != nil {
				t.Fatal(err)
			}
			f := q(rows)
			got := testing.AllocsPerRun(20, func() {
				if r, err := s.Search(f, snapshot.Page{}); err != nil || len(r.Items) == 0 {
					t.Fatal(len(r.Items), err)
				}
			})
			if got > most {
				t.Errorf("%s of %d rows: %.0f allocations, at most %d", name, n, got, most)
			}
		}
	}
}
