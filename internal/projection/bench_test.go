package projection_test

import (
	"fmt"
	"testing"

	"linggong/internal/access"
	"linggong/internal/day"
	"linggong/internal/dbx/dbtest"
	"linggong/internal/gig"
)

// BenchmarkSearchSide measures the start and a search with the demo city's 1,500
// postings: a rebuild stays far under a second, a search under ten milliseconds.
func BenchmarkSearchSide(b *testing.B) {
	db := dbtest.SQLite(b)
	m := newMarket(b, db)
	for i := range 1500 {
		m.publish(b, func(x *gig.Terms) {
			x.Title = fmt.Sprintf("装卸工%d号仓", i)
			x.Shifts = nil
			for d := range 4 {
				x.Shifts = append(x.Shifts, gig.NewShift(day.Date("2026-11-24").Add(d), 480, 720, 0, 3))
			}
			x.ValidUntil = x.Shifts[3].StartsAt
		})
	}
	b.Run("rebuild", func(b *testing.B) {
		for b.Loop() {
			if err := m.found.Rebuild(b.Context()); err != nil {
				b.Fatal(err)
			}
		}
	})
	for name, q := range map[string]gig.PostingQuery{"all": {}, "words": {Text: "许村 搬运 日结"}, "columns": {Trade: "loader", Date: "2026-11-25", PayMinHourFen: 2500}} {
		b.Run("search "+name, func(b *testing.B) {
			for b.Loop() {
				if _, err := m.Search(b.Context(), access.Nobody, q); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
