package projection_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"linggong/internal/day"
	"linggong/internal/dbx"
	"linggong/internal/dbx/dbtest"
	"linggong/internal/gig"
	"linggong/internal/gig/gigtest"
)

// Facets count places, not postings, and each leaves out its own filter: the
// database, asked in plain SQL, says the same numbers.
func TestFacetsAreTheSumsOfPlacesTheDatabaseHolds(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		m := newMarket(t, db)
		today := day.Of(m.now)
		trades := []string{"loader", "cleaner", "sewing"}
		villages := []string{gigtest.Village, gigtest.Market}
		for i := range 18 {
			p := m.publish(t, func(x *gig.Terms) {
				x.Trade, x.Title, x.Flags, x.Description = trades[i%3], "招人", nil, "按时上工"
				x.Village, x.Meals = villages[i/3%2], i%4 == 0
				x.Shifts, x.ValidUntil = nil, time.Time{}
				for n := range 1 + i%3 {
					x.Shifts = append(x.Shifts, gig.NewShift(today.Add(1+n+i%2), 8*60, 12*60, 0, int64(1+i%5)))
				}
			})
			if i%5 == 4 { // some places are taken
				err := m.db.InTx(t.Context(), func(ctx context.Context) error {
					return m.db.From(ctx).Exec("UPDATE gig_shifts SET filled = 1 WHERE posting_id = ?", string(p.ID)).Error
				})
				if err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := m.found.Rebuild(t.Context()); err != nil {
			t.Fatal(err)
		}
		on := today.Add(2)
		for name, c := range map[string]struct {
			q     gig.PostingQuery
			where map[string]string // facet → what its sum is over
		}{
			"all": {gig.PostingQuery{}, map[string]string{"trade": "true", "town": "true", "date": "true"}},
			"a trade": {gig.PostingQuery{Trade: "cleaner"}, map[string]string{
				"trade": "true", "town": "p.trade = 'cleaner'", "date": "p.trade = 'cleaner'",
			}},
			"a town, a day and meals": {gig.PostingQuery{Region: gigtest.Xucun, Date: on, Meals: true}, map[string]string{
				"trade": "p.meals AND p.village LIKE '" + string(gigtest.Xucun)[:9] + "%' AND s.date = '" + string(on) + "'",
				"town":  "p.meals AND s.date = '" + string(on) + "'",
				"date":  "p.meals AND p.village LIKE '" + string(gigtest.Xucun)[:9] + "%'",
			}},
		} {
			r := m.search(t, c.q)
			for facet, got := range map[string][]gig.Facet{"trade": r.Trades, "town": r.Towns, "date": r.Dates} {
				if diff := cmp.Diff(m.sums(t, facet, c.where[facet]), byKey(got)); diff != "" {
					t.Errorf("%s: %s (-database +facet)\n%s", name, facet, diff)
				}
			}
		}
	})
}

func byKey(list []gig.Facet) map[string]int64 {
	out := map[string]int64{}
	for _, f := range list {
		out[f.Key] = f.Places
	}
	return out
}

func (m *market) sums(t *testing.T, facet, where string) map[string]int64 {
	t.Helper()
	key := map[string]string{"trade": "p.trade", "town": "substr(p.village, 1, 9) || '000'", "date": "s.date"}[facet]
	var rows []struct {
		Key string
		N   int64
	}
	err := m.db.From(t.Context()).Raw(fmt.Sprintf(`SELECT %s AS key, SUM(s.headcount - s.filled) AS n
		FROM gig_postings p JOIN gig_shifts s ON s.posting_id = p.id
		WHERE p.status = 'published' AND s.starts_at > ? AND s.filled < s.headcount AND %s GROUP BY 1`, key, where), m.now.UTC()).Scan(&rows).Error
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]int64{}
	for _, r := range rows {
		out[r.Key] = r.N
	}
	return out
}
