package snapshot_test

import (
	"cmp"
	"errors"
	"fmt"
	"iter"
	"maps"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"linggong/internal/day"
	"linggong/internal/search"
	"linggong/internal/search/snapshot"
)

var noon = time.Date(2026, 11, 23, 4, 0, 0, 0, time.UTC) // 12:00 in Haining

var (
	trades  = []string{"cleaner", "welder", "porter"}
	regions = []string{"330481101201", "330481101202", "330481102201", "330481101000"}
	kinds   = []string{"daily", "weekly", "monthly"}
)

func drawRow(t *rapid.T) snapshot.Row {
	region := rapid.SampledFrom(regions).Draw(t, "region")
	r := snapshot.Row{
		ID: fmt.Sprintf("p%02d", rapid.IntRange(0, 60).Draw(t, "id")), Version: int64(rapid.IntRange(1, 3).Draw(t, "version")),
		Trade: rapid.SampledFrom(trades).Draw(t, "trade"), TradeGroup: rapid.SampledFrom([]string{"a", "b"}).Draw(t, "group"),
		Town: region[:9] + "000", Village: region,
		Lat: 30.5 + float64(rapid.IntRange(0, 30).Draw(t, "lat"))/300, Lng: 120.6 + float64(rapid.IntRange(0, 30).Draw(t, "lng"))/300,
		Located: rapid.IntRange(0, 5).Draw(t, "located") > 0, PayHourFen: int64(rapid.IntRange(0, 4).Draw(t, "pay")) * 1000,
		Settlement: rapid.SampledFrom(kinds).Draw(t, "settlement"), Form: rapid.SampledFrom([]string{"part_time", "service"}).Draw(t, "form"),
		EmployerID: rapid.SampledFrom([]string{"e1", "e2"}).Draw(t, "employer"),
		Flags:      snapshot.Flags(rapid.IntRange(0, 255).Draw(t, "flags")) & snapshot.Flags(rapid.IntRange(0, 255).Draw(t, "and")),
		Waiting:    rapid.IntRange(0, 6).Draw(t, "waiting"), Answers: rapid.SampledFrom([]int{0, 1, 500, 1000}).Draw(t, "answers"),
		Published: noon.Add(-time.Duration(rapid.IntRange(0, 200).Draw(t, "published")) * time.Hour),
	}
	for i := range rapid.IntRange(0, 3).Draw(t, "shifts") {
		start := noon.Add(time.Duration(rapid.IntRange(-30, 100).Draw(t, "start")) * time.Hour)
		heads := rapid.IntRange(1, 5).Draw(t, "heads")
		r.Shifts = append(r.Shifts, snapshot.Shift{
			ID: fmt.Sprintf("%s-%d", r.ID, i), Date: day.Of(start), Start: start, End: start.Add(4 * time.Hour),
			Open: rapid.IntRange(0, heads).Draw(t, "open"), Headcount: heads,
		})
	}
	return r
}

func drawFilter(t *rapid.T) snapshot.Filter {
	some := func(label string, from []string) []string {
		if rapid.Bool().Draw(t, label+"?") {
			return nil
		}
		return rapid.SliceOfN(rapid.SampledFrom(from), 1, 2).Draw(t, label)
	}
	now := noon.Add(time.Duration(rapid.IntRange(-20, 60).Draw(t, "now")) * time.Hour)
	if rapid.IntRange(0, 3).Draw(t, "plain?") == 0 {
		return snapshot.Filter{Now: now}
	}
	f := snapshot.Filter{
		Now: now, Trades: some("trades", append(trades, "nobody's")), Groups: some("groups", []string{"a", "b"}),
		Regions: some("regions", append(regions, "330481", "330481101", "33048110", "9")), Settlements: some("settlements", kinds),
		Forms: some("forms", []string{"part_time", "service"}), Employers: some("employers", []string{"e1", "e2"}),
	}
	f.Wanted = some("wanted", append(trades, "nobody's"))
	if rapid.Bool().Draw(t, "near?") {
		f.From = &snapshot.Point{Lat: 30.55, Lng: 120.65, RadiusM: float64(rapid.SampledFrom([]int{0, 1, 2000, 5000, 9000}).Draw(t, "radius"))}
	}
	if rapid.Bool().Draw(t, "dates?") {
		for _, n := range rapid.SliceOfN(rapid.IntRange(-1, 4), 1, 3).Draw(t, "dates") {
			f.Dates = append(f.Dates, day.Of(noon).Add(n))
		}
	}
	if rapid.Bool().Draw(t, "pay?") {
		f.MinHourFen = int64(rapid.IntRange(0, 4).Draw(t, "min")) * 1000
	}
	if rapid.IntRange(0, 3).Draw(t, "flags?") == 0 {
		f.With = 1 << rapid.IntRange(0, 7).Draw(t, "with")
		f.Without = 1 << rapid.IntRange(0, 7).Draw(t, "without")
	}
	if rapid.Bool().Draw(t, "words?") {
		f.Words = []search.Hit{}
		for _, n := range rapid.SliceOfNDistinct(rapid.IntRange(0, 70), 0, 30, rapid.ID[int]).Draw(t, "words") {
			f.Words = append(f.Words, search.Hit{ID: fmt.Sprintf("p%02d", n), Score: float64(n%4) / 3})
		}
	}
	return f
}

// naive answers by asking every row everything, as the words of the package say it.
func naive(rows map[string]snapshot.Row, f snapshot.Filter, sort snapshot.Sort) (items []snapshot.Item, r snapshot.Result) {
	towns, trade, dates := map[string]int{}, map[string]int{}, map[string]int{}
	keys := map[string]int64{}
	for _, row := range rows {
		ok := any(f.Trades, row.Trade) && inRegions(f.Regions, row.Village)
		tradeOK, townOK := any(f.Trades, row.Trade), inRegions(f.Regions, row.Village)
		rest, item, rank := judge(row, f)
		if !rest {
			continue
		}
		var onDates, ever int
		next := int64(math.MaxInt64)
		for _, s := range row.Shifts {
			if s.Start.After(f.Now) {
				ever += s.Open
				if s.Open > 0 && (len(f.Dates) == 0 || slices.Contains(f.Dates, s.Date)) {
					onDates += s.Open
					next = min(next, s.Start.Unix())
				}
			}
		}
		if onDates > 0 && townOK {
			trade[row.Trade] += onDates
		}
		if onDates > 0 && tradeOK {
			towns[row.Town] += onDates
		}
		if ever > 0 && ok {
			for _, s := range row.Shifts {
				if s.Start.After(f.Now) && s.Date >= day.Of(f.Now) && s.Date < day.Of(f.Now).Add(snapshot.FacetDays) {
					dates[string(s.Date)] += s.Open
				}
			}
		}
		if !ok || onDates == 0 {
			continue
		}
		r.Total++
		r.TotalPlaces += onDates
		item.Places, item.Next, item.Rank = onDates, time.Unix(next, 0).UTC(), rank
		items = append(items, item)
		switch sort {
		case snapshot.Near:
			if keys[row.ID] = int64(item.DistanceM); item.DistanceM < 0 {
				keys[row.ID] = math.MaxInt64
			}
		case snapshot.Pay:
			keys[row.ID] = -row.PayHourFen
		case snapshot.Soon:
			keys[row.ID] = next
		case snapshot.Best:
			keys[row.ID] = -int64(rank)
		}
	}
	slices.SortFunc(items, func(a, b snapshot.Item) int {
		return cmp.Or(cmp.Compare(keys[a.ID], keys[b.ID]), strings.Compare(a.ID, b.ID))
	})
	r.Trades, r.Towns, r.Dates = facets(trade, false), facets(towns, false), facets(dates, true)
	return items, r
}

func any(wanted []string, s string) bool { return len(wanted) == 0 || slices.Contains(wanted, s) }

func inRegions(wanted []string, village string) bool {
	return len(wanted) == 0 || slices.ContainsFunc(wanted, func(w string) bool {
		return strings.HasPrefix(village, strings.TrimSuffix(w, "000"))
	})
}

// judge is every filter but trade, region and date, and the rank.
func judge(row snapshot.Row, f snapshot.Filter) (ok bool, item snapshot.Item, rank int) {
	item = snapshot.Item{ID: row.ID, DistanceM: -1}
	score := 0.0
	if f.Words != nil {
		i := slices.IndexFunc(f.Words, func(h search.Hit) bool { return h.ID == row.ID })
		if i < 0 {
			return false, item, 0
		}
		score = f.Words[i].Score
	}
	near := 0.0
	if f.From != nil { // a row that is not on the map ranks by the middle of its village
		const r = 6371008.8
		y := (row.Lat - f.From.Lat) * math.Pi / 180 * r
		x := (row.Lng - f.From.Lng) * math.Pi / 180 * r * math.Cos(f.From.Lat*math.Pi/180)
		metres := int(math.Round(math.Hypot(x, y)))
		near = max(0, 1-float64(metres)/15000)
		if row.Located {
			item.DistanceM = metres
		}
	}
	if f.From != nil && f.From.RadiusM > 0 && (item.DistanceM < 0 || item.DistanceM > int(f.From.RadiusM)) {
		return false, item, 0
	}
	open, heads, next := 0, 0, int64(math.MaxInt64)
	for _, s := range row.Shifts {
		if s.Start.After(f.Now) && s.Open > 0 && (len(f.Dates) == 0 || slices.Contains(f.Dates, s.Date)) {
			open, heads, next = open+s.Open, heads+s.Headcount, min(next, s.Start.Unix())
		}
	}
	part := func(weight, share float64) int { return int(math.Floor(weight*min(1, max(0, share)) + 0.5)) }
	urgent := 0.0
	if row.Flags&snapshot.Urgent != 0 {
		urgent = 1
	}
	const week = 7 * 24 * 3600
	if open > 0 {
		rank = part(375, score) + part(100, wantedShare(f.Wanted, row.Trade)) + part(250, near) + part(80, 1-float64(next-f.Now.Unix())/week) +
			part(80, float64(open)/float64(heads)*float64(open)/float64(open+row.Waiting)) + part(60, float64(cmp.Or(row.Answers, 800))/1000) +
			part(40, 1-f.Now.Sub(row.Published).Seconds()/week) + part(15, urgent)
	}
	return any(f.Groups, row.TradeGroup) && any(f.Settlements, row.Settlement) && any(f.Forms, row.Form) &&
		any(f.Employers, row.EmployerID) && row.PayHourFen >= f.MinHourFen && row.Flags&f.With == f.With && row.Flags&f.Without == 0, item, rank
}

func wantedShare(wanted []string, trade string) float64 {
	if slices.Contains(wanted, trade) {
		return 1
	}
	return 0
}

func facets(m map[string]int, byKey bool) []snapshot.Facet {
	var out []snapshot.Facet
	for k, n := range m {
		if n > 0 {
			out = append(out, snapshot.Facet{Key: k, Places: n})
		}
	}
	slices.SortFunc(out, func(a, b snapshot.Facet) int {
		if byKey {
			return strings.Compare(a.Key, b.Key)
		}
		return cmp.Or(cmp.Compare(b.Places, a.Places), strings.Compare(a.Key, b.Key))
	})
	return out
}

func seq(rows []snapshot.Row) iter.Seq2[snapshot.Row, error] {
	return func(yield func(snapshot.Row, error) bool) {
		for _, r := range rows {
			if !yield(r, nil) {
				return
			}
		}
	}
}

// Whatever was loaded, put and deleted, in whatever order, the scan says what
// asking every row says: items in order over all pages, totals, facets.
func TestScanAgreesWithAskingEveryRow(t *testing.T) {
	t.Parallel()
	row := rapid.Custom(drawRow)
	rapid.Check(t, func(t *rapid.T) {
		s, rows := snapshot.New(), map[string]snapshot.Row{}
		put := func(list []snapshot.Row) {
			for _, r := range list {
				if old, ok := rows[r.ID]; !ok || old.Version <= r.Version {
					rows[r.ID] = r
				}
			}
		}
		first := rapid.SliceOfN(row, 0, 60).Draw(t, "loaded")
		if err := s.Load(seq(first)); err != nil {
			t.Fatal(err)
		}
		put(first)
		for range rapid.IntRange(0, 4).Draw(t, "steps") {
			if rapid.Bool().Draw(t, "put") {
				more := rapid.SliceOfN(row, 0, 12).Draw(t, "rows")
				s.Apply(more, nil)
				put(more)
			} else {
				ids := rapid.SliceOfN(rapid.Map(row, func(r snapshot.Row) string { return r.ID }), 0, 8).Draw(t, "deleted")
				s.Apply(nil, ids)
				for _, id := range ids {
					delete(rows, id)
				}
			}
		}
		if s.Len() != len(rows) {
			t.Fatalf("%d rows, want %d", s.Len(), len(rows))
		}
		f := drawFilter(t)
		sort := rapid.SampledFrom([]snapshot.Sort{snapshot.Best, snapshot.Near, snapshot.Pay, snapshot.Soon}).Draw(t, "sort")
		items, want := naive(rows, f, sort)
		page := snapshot.Page{Sort: sort, Limit: rapid.IntRange(1, 30).Draw(t, "limit")}
		var got []snapshot.Item
		for {
			r, err := s.Search(f, page)
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, r.Items...)
			if d := gocmp.Diff(want, r, cmpopts.IgnoreFields(snapshot.Result{}, "Items", "Next"), cmpopts.EquateEmpty()); d != "" {
				t.Fatalf("totals and facets (-want +got):\n%s", d)
			}
			if page.Cursor = r.Next; r.Next == "" {
				break
			}
			if len(r.Items) != page.Limit {
				t.Fatalf("a page of %d with one to follow", len(r.Items))
			}
		}
		if d := gocmp.Diff(items, got, cmpopts.EquateEmpty(), cmpopts.IgnoreFields(snapshot.Item{}, "Parts")); d != "" {
			t.Fatalf("items (-want +got):\n%s", d)
		}
		for _, i := range got {
			if i.Parts.Rank() != i.Rank {
				t.Fatalf("%s ranks %d by %+v", i.ID, i.Rank, i.Parts.List())
			}
			parts, ok := s.Explain(f, i.ID)
			sum := 0
			for _, p := range parts {
				if sum += p.Points; p.Points > p.Weight {
					t.Fatalf("%+v", p)
				}
			}
			if !ok || sum != i.Rank {
				t.Fatalf("%s ranks %d, explained %d", i.ID, i.Rank, sum)
			}
		}
	})
}

func TestManySegmentsHoldTogether(t *testing.T) {
	t.Parallel()
	s := snapshot.New()
	id := func(i int) string { return fmt.Sprintf("%06d", i) }
	row := func(i int) snapshot.Row {
		return snapshot.Row{ID: id(i), Version: 1, Trade: trades[i%3], Town: "330481101000", PayHourFen: int64(i), Shifts: []snapshot.Shift{
			{Date: day.Of(noon), Start: noon.Add(time.Hour), Open: 1, Headcount: 1},
		}}
	}
	check := func(what string, want map[int]bool) {
		t.Helper()
		r, err := s.Search(snapshot.Filter{Now: noon}, snapshot.Page{Sort: snapshot.Pay, Limit: 1})
		if err != nil || r.Total != len(want) || r.TotalPlaces != len(want) || s.Len() != len(want) {
			t.Fatalf("%s: %d of %d, %v", what, r.Total, len(want), err)
		}
		for i := range 12_000 {
			if _, ok := s.Has(id(i)); ok != want[i] {
				t.Fatalf("%s: has %d: %v", what, i, ok)
			}
		}
	}
	have := map[int]bool{}
	for i := range 5000 { // one by one at the end, as new postings come
		s.Apply([]snapshot.Row{row(2*i + 1)}, nil)
		have[2*i+1] = true
	}
	check("appended", have)
	var rows []snapshot.Row
	for i := range 3000 { // in between, many at once
		rows = append(rows, row(2*i))
		have[2*i] = true
	}
	s.Apply(rows, nil)
	check("put between", have)
	for i := range 10_000 { // nearly all go, a few at a time
		if i%100 != 0 && have[i] {
			s.Apply(nil, []string{id(i)})
			delete(have, i)
		}
	}
	check("thinned", have)
	s.Apply(nil, slices.Collect(func(yield func(string) bool) {
		for i := range maps.Keys(have) {
			if !yield(id(i)) {
				return
			}
		}
	}))
	check("emptied", map[int]bool{})
}

func TestWhatHappensDuringALoadCounts(t *testing.T) {
	t.Parallel()
	s := snapshot.New()
	row := func(id string, version int64) snapshot.Row { return snapshot.Row{ID: id, Version: version} }
	s.Apply([]snapshot.Row{row("old", 1), row("kept", 1)}, nil)
	err := s.Load(func(yield func(snapshot.Row, error) bool) {
		_ = yield(row("kept", 1), nil) && yield(row("erased", 1), nil)
		s.Apply([]snapshot.Row{row("kept", 2), row("new", 1)}, []string{"erased"})
		if err := s.Load(seq(nil)); err == nil {
			t.Error("two loads at once")
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]int64{}
	for _, id := range []string{"old", "kept", "new", "erased"} {
		if v, ok := s.Has(id); ok {
			got[id] = v
		}
	}
	if d := gocmp.Diff(map[string]int64{"kept": 2, "new": 1}, got); d != "" {
		t.Error(d)
	}
	broken := errors.New("no")
	if err := s.Load(func(yield func(snapshot.Row, error) bool) { yield(snapshot.Row{}, broken) }); !errors.Is(err, broken) {
		t.Error(err)
	}
	if s.Len() != 2 {
		t.Errorf("a load that failed left %d rows", s.Len())
	}
}

// Readers see whole states: two postings that are always put together are
// never seen apart.
func TestReadersSeeWholeStates(t *testing.T) {
	t.Parallel()
	s := snapshot.New()
	shifts := []snapshot.Shift{{Date: day.Of(noon), Start: noon.Add(time.Hour), Open: 1, Headcount: 1}}
	var wg sync.WaitGroup
	done := make(chan struct{})
	wg.Go(func() {
		defer close(done)
		for i := range 2000 {
			pair := []snapshot.Row{{ID: "a", Version: int64(i), Trade: fmt.Sprint(i % 50), Shifts: shifts}, {ID: "z", Version: int64(i), Shifts: shifts}}
			if i%3 == 0 {
				s.Apply(nil, []string{"a", "z"})
			} else {
				s.Apply(pair, nil)
			}
		}
	})
	for range 2 {
		wg.Go(func() {
			for {
				r, err := s.Search(snapshot.Filter{Now: noon}, snapshot.Page{})
				if err != nil || r.Total == 1 || len(r.Items) != r.Total {
					t.Errorf("saw %+v, %v", r, err)
				}
				select {
				case <-done:
					return
				default:
				}
			}
		})
	}
	wg.Wait()
}

func TestQuestionsThatMeanNothingAreRefused(t *testing.T) {
	t.Parallel()
	s := snapshot.New()
	s.Apply([]snapshot.Row{{ID: "a", Shifts: []snapshot.Shift{{Start: noon.Add(1), Open: 1}}}}, nil)
	for name, f := range map[string]snapshot.Filter{
		"no time":           {},
		"a negative radius": {Now: noon, From: &snapshot.Point{RadiusM: -1}},
		"NaN":               {Now: noon, From: &snapshot.Point{Lat: math.NaN()}},
		"infinite radius":   {Now: noon, From: &snapshot.Point{RadiusM: math.Inf(1)}},
		"beyond the pole":   {Now: noon, From: &snapshot.Point{Lat: 91}},
		"no code":           {Now: noon, Regions: []string{"33%"}},
		"no date":           {Now: noon, Dates: []day.Date{"2026-02-30"}},
		"a thousand trades": {Now: noon, Trades: make([]string, 1000)},
		"negative pay":      {Now: noon, MinHourFen: -1},
	} {
		if _, err := s.Search(f, snapshot.Page{}); !errors.Is(err, snapshot.ErrFilter) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, p := range []snapshot.Page{{Limit: -1}, {Limit: 201}, {Sort: "x"}} {
		if _, err := s.Search(snapshot.Filter{Now: noon}, p); !errors.Is(err, snapshot.ErrFilter) {
			t.Errorf("%+v: %v", p, err)
		}
	}
	for _, c := range []string{"x", "!!", "bmVhciAxIDIgMw", strings.Repeat("a", 500), "YmVzdCB4IDIgMw"} {
		if _, err := s.Search(snapshot.Filter{Now: noon}, snapshot.Page{Cursor: c}); !errors.Is(err, snapshot.ErrCursor) {
			t.Errorf("cursor %q: %v", c, err)
		}
	}
	// The pole itself is a place.
	if _, err := s.Search(snapshot.Filter{Now: noon, From: &snapshot.Point{Lat: 90, RadiusM: 5}}, snapshot.Page{}); err != nil {
		t.Error(err)
	}
}

func FuzzCursor(f *testing.F) {
	s := snapshot.New()
	s.Apply([]snapshot.Row{{ID: "a", Shifts: []snapshot.Shift{{Start: noon.Add(time.Hour), Open: 1}}}}, nil)
	f.Add("YmVzdCAxIDIgMw")
	f.Fuzz(func(t *testing.T, c string) {
		if _, err := s.Search(snapshot.Filter{Now: noon}, snapshot.Page{Cursor: c}); err != nil && !errors.Is(err, snapshot.ErrCursor) {
			t.Error(err)
		}
	})
}
