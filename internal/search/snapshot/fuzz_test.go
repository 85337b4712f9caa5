package snapshot_test

import (
	"encoding/base64"
	"testing"
	"time"

	"linggong/internal/day"
	"linggong/internal/search/snapshot"
)

// Whatever stands in a filter or a cursor: a refusal or an answer that holds
// together, and nothing that is not on offer.
func FuzzFilterAndCursor(f *testing.F) {
	now := time.Date(2026, 11, 23, 4, 0, 0, 0, time.UTC)
	s := snapshot.New()
	s.Apply([]snapshot.Row{
		{
			ID: "a", Version: 1, Trade: "cleaner", Town: "330481101000", Village: "330481101201", Lat: 30.5, Lng: 120.6, Located: true, PayHourFen: 2000, Published: now,
			Shifts: []snapshot.Shift{{ID: "a1", Date: day.Of(now).Add(1), Start: now.Add(24 * time.Hour), End: now.Add(28 * time.Hour), Open: 2, Headcount: 3}},
		},
		{
			ID: "b", Version: 1, Trade: "welder", Town: "330481102000", Published: now.Add(-time.Hour),
			Shifts: []snapshot.Shift{{ID: "b1", Date: day.Of(now), Start: now.Add(-time.Hour), End: now.Add(time.Hour), Open: 1, Headcount: 1}},
		},
	}, nil)
	f.Add("330481101", "cleaner", 30.5, 120.6, 5000.0, int64(1500), "2026-11-24", "best", 20, "", uint16(0), uint16(0))
	f.Add("%' OR 1=1", "x'; --", -1e308, 1e308, -1.0, int64(-1), "2026-02-31", "pay", -1, base64.RawURLEncoding.EncodeToString([]byte("best 1764000000 -9223372036854775808 \x00")), uint16(0xffff), uint16(1))
	f.Add("", "", 0.0, 0.0, 0.0, int64(9223372036854775807), "", "near", 200, "AAAA", uint16(0), uint16(0xffff))
	f.Fuzz(func(t *testing.T, region, trade string, lat, lng, radius float64, pay int64, date, sort string, limit int, cursor string, with, without uint16) {
		q := snapshot.Filter{
			Now: now, MinHourFen: pay, Wanted: []string{trade}, From: &snapshot.Point{Lat: lat, Lng: lng, RadiusM: radius},
			With: snapshot.Flags(with), Without: snapshot.Flags(without),
		}
		if region != "" {
			q.Regions = []string{region}
		}
		if trade != "" {
			q.Trades = []string{trade}
		}
		if date != "" {
			q.Dates = []day.Date{day.Date(date)}
		}
		r, err := s.Search(q, snapshot.Page{Sort: snapshot.Sort(sort), Limit: limit, Cursor: cursor})
		if err != nil {
			return
		}
		if len(r.Items) > r.Total || r.Total > 1 || r.TotalPlaces > 2 {
			t.Fatalf("%+v", r)
		}
		for _, i := range r.Items {
			if i.ID != "a" || i.Rank < 0 || i.Rank > 1000 || i.Parts.Rank() != i.Rank {
				t.Fatalf("%+v", i)
			}
		}
	})
}
