package snapshot

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"

	"linggong/internal/day"
	"linggong/internal/search"
)

// Search answers the filter. It reads one state from beginning to end, so the
// answer holds together whatever is applied meanwhile. The order is total and
// the same for the same state: ties go by id.
func (s *Snapshot) Search(f Filter, p Page) (Result, error) {
	if err := f.check(p); err != nil {
		return Result{}, err
	}
	if p.Sort == "" {
		p.Sort = Best
	}
	if p.Limit == 0 {
		p.Limit = 20
	}
	q := newScan(s.now.Load(), f, p)
	if p.Cursor != "" {
		c, err := parseCursor(p.Cursor, p.Sort)
		if err != nil {
			return Result{}, err
		}
		q.after = &c
		if age := q.now - c.now; age >= 0 && age <= cursorAge {
			q.now = c.now
		}
	}
	q.run(f)
	return q.result(), nil
}

// cursorAge is how long, in seconds, the pages of one question are answered as
// of its first; after that what has begun meanwhile drops out.
const cursorAge = 1800

// Explain returns what the rank of a posting is made of, as Search under Best
// would count it, or false when it is not on offer.
func (s *Snapshot) Explain(f Filter, id string) ([]Part, bool) {
	st := s.now.Load()
	g, i, ok := st.find(id)
	if !ok {
		return nil, false
	}
	q := newScan(st, f, Page{})
	w := q.work(g, i)
	if w.places == 0 {
		return nil, false
	}
	score := 0.0
	if h := slices.IndexFunc(f.Words, func(h search.Hit) bool { return h.ID == id }); h >= 0 {
		score = f.Scorer.Of(f.Words[h])
	}
	of := q.facts(g, i, w, q.way(g, i).m)
	of.score = score
	return of.parts().List(), true
}

// choice says which numbers of a dict are wanted; nil wants all.
type choice []bool

func (c choice) has(code uint32) bool { return c == nil || c[code] }

func choose(d dict, wanted []string) choice {
	if len(wanted) == 0 {
		return nil
	}
	c := make(choice, len(d.names))
	for _, w := range wanted {
		if code, ok := d.codes[w]; ok {
			c[code] = true
		}
	}
	return c
}

func chooseRegions(d dict, prefixes []string) choice {
	if len(prefixes) == 0 {
		return nil
	}
	c := make(choice, len(d.names))
	for code, name := range d.names {
		c[code] = slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(name, search.Scope(p)) })
	}
	return c
}

// scan is one question under way.
type scan struct {
	st    *state
	page  Page
	after *cursor
	now   int64

	trades, groups, regions, settlements, forms, employers choice
	dates                                                  []int32 // sorted; nil for any
	dayBits                                                uint64
	facets                                                 int // how many of trades, regions and dates are set
	minPay                                                 int64
	with, without                                          Flags
	from                                                   *plane
	radius                                                 int // 0 none
	dLat, dLng                                             float64

	scorer             *search.Scorer
	wanted             []int16 // points of each trade; nil when none is asked for
	rows               []int32 // scratch
	today              int32
	total, totalPlaces int
	byTrade, byTown    []int
	byDay              [FacetDays]int
	top                []found // heap, worst first
	more               bool
}

type found struct {
	key  int64 // smaller stands first
	item Item
}

func newScan(st *state, f Filter, p Page) *scan {
	q := &scan{
		st: st, page: p, now: f.Now.Unix(), minPay: f.MinHourFen, with: f.With, without: f.Without,
		trades: choose(st.dicts.trade, f.Trades), groups: choose(st.dicts.group, f.Groups),
		regions: chooseRegions(st.dicts.region, f.Regions), settlements: choose(st.dicts.settlement, f.Settlements),
		forms: choose(st.dicts.form, f.Forms), employers: choose(st.dicts.employer, f.Employers),
		byTrade: make([]int, len(st.dicts.trade.names)), byTown: make([]int, len(st.dicts.town.names)), scorer: f.Scorer,
	}
	q.wanted = wantedPoints(st.dicts.trade, f.Wanted)
	for _, d := range f.Dates {
		q.dates = append(q.dates, dayNumber(d))
		q.dayBits |= dayBit(dayNumber(d))
	}
	slices.Sort(q.dates)
	q.facets = one(q.trades != nil) + one(q.regions != nil) + one(q.dates != nil)
	if f.From != nil {
		pl := newPlane(f.From.Lat, f.From.Lng)
		q.from = &pl
		if r := f.From.RadiusM; r > 0 {
			q.radius = max(int(r), 1)
			q.dLat, q.dLng = (r+1)/pl.perLat, math.Inf(1)
			if pl.perLng > 1 {
				q.dLng = (r + 1) / pl.perLng
			}
		}
	}
	return q
}

// wantedPoints are the points of every trade for being asked for.
func wantedPoints(d dict, wanted []string) []int16 {
	if len(wanted) == 0 {
		return nil
	}
	out := make([]int16, len(d.names))
	for _, id := range wanted {
		if code, ok := d.codes[id]; ok {
			out[code] = rankTrade
		}
	}
	return out
}

func (q *scan) run(f Filter) {
	q.rows = make([]int32, 0, 2*segmentRows)
	q.today = dayNumber(day.Of(time.Unix(q.now, 0)))
	if f.Words != nil {
		q.runWords(f.Words)
		return
	}
	if q.plain() {
		for _, g := range q.st.segments {
			q.browse(g)
		}
		return
	}
	for _, g := range q.st.segments {
		for _, i := range q.all(g) {
			q.visit(g, int(i), nil)
		}
	}
}

// Which of the filters that have a facet a row fails. A row that fails one
// counts in that facet: it is what choosing otherwise would find.
const (
	failsTrade = 1 << iota
	failsTown
	failsDate
)

func (q *scan) visit(g *segment, i int, hit *search.Hit) {
	fails := 0
	if !q.trades.has(g.trade[i]) {
		fails |= failsTrade
	}
	if !q.regions.has(g.region[i]) {
		fails |= failsTown
	}
	if fails == failsTrade|failsTown {
		return
	}
	to := q.way(g, i)
	if q.radius > 0 && to.known && to.m > q.radius {
		return
	}
	w := q.work(g, i)
	if w.places == 0 {
		if fails != 0 {
			return
		}
		fails = failsDate
	}
	switch fails {
	case 0:
		q.total++
		q.totalPlaces += w.places
		q.byTrade[g.trade[i]] += w.places
		q.byTown[g.town[i]] += w.places
		q.countDays(g, i)
		q.offer(g, i, w, to, hit)
	case failsTrade:
		q.byTrade[g.trade[i]] += w.places
	case failsTown:
		q.byTown[g.town[i]] += w.places
	case failsDate:
		q.countDays(g, i)
	}
}

// work is what a row has left on the days asked for.
type work struct {
	places, heads int
	next          int64
}

func (q *scan) work(g *segment, i int) work {
	if q.dates == nil && g.first[i] > q.now {
		return work{int(g.open[i]), int(g.heads[i]), g.first[i]}
	}
	w := work{next: math.MaxInt64}
	if q.dates != nil && g.days[i]&q.dayBits == 0 {
		return w
	}
	for h := g.firstShift[i]; h < g.firstShift[i+1]; h++ {
		if g.shiftOpen[h] == 0 || g.shiftStart[h] <= q.now || q.dates != nil && !q.onDay(g.shiftDay[h]) {
			continue
		}
		w.places += int(g.shiftOpen[h])
		w.heads += int(g.shiftHeads[h])
		w.next = min(w.next, g.shiftStart[h])
	}
	return w
}

func (q *scan) onDay(d int32) bool {
	if len(q.dates) <= 8 {
		return slices.Contains(q.dates, d)
	}
	_, ok := slices.BinarySearch(q.dates, d)
	return ok
}

func (q *scan) countDays(g *segment, i int) {
	for h := g.firstShift[i]; h < g.firstShift[i+1]; h++ {
		if d := g.shiftDay[h] - q.today; d >= 0 && d < FacetDays && g.shiftStart[h] > q.now {
			q.byDay[d] += int(g.shiftOpen[h])
		}
	}
}

// offer keeps the row if it belongs to the page.
func (q *scan) offer(g *segment, i int, w work, to way, hit *search.Hit) {
	full := len(q.top) == q.page.Limit
	if full && q.page.Sort == Best && q.bound(g, i, w, to.m, hit != nil) < -q.top[0].key {
		q.more = true // it stands behind all of the page, and so behind where the page begins
		return
	}
	of := q.facts(g, i, w, to.m)
	distance := to.distance()
	var key int64
	scored := false
	switch q.page.Sort {
	case Near:
		if key = int64(distance); distance < 0 {
			key = math.MaxInt64
		}
	case Pay:
		key = -g.pay[i]
	case Soon:
		key = w.next
	case Best:
		of.score, scored = q.score(hit), true
		key = -int64(of.parts().Rank())
	}
	id := g.ids[i]
	if q.after != nil && !before(q.after.key, q.after.id, key, id) {
		return
	}
	if full {
		if q.more = true; !before(key, id, q.top[0].key, q.top[0].item.ID) {
			return
		}
	}
	if !scored {
		of.score = q.score(hit)
	}
	parts := of.parts()
	q.keep(found{key, Item{ID: id, DistanceM: distance, Places: w.places, Next: time.Unix(w.next, 0).UTC(), Rank: parts.Rank(), Parts: parts}})
}

// score is what the words asked for are worth; 0 where none were asked.
func (q *scan) score(hit *search.Hit) float64 {
	if hit == nil {
		return 0
	}
	return q.scorer.Of(*hit)
}

func (q *scan) facts(g *segment, i int, w work, wayM int) facts {
	return facts{
		wayM: wayM, starts: w.next - q.now, age: q.now - g.published[i], trade: q.closeness(g, i),
		open: w.places, headings: w.heads, waiting: int(g.waiting[i]), answers: int(g.answers[i]), urgent: g.flags[i]&Urgent != 0,
	}
}

// closeness are the points of a row's trade.
func (q *scan) closeness(g *segment, i int) int {
	if q.wanted == nil {
		return 0
	}
	return int(q.wanted[g.trade[i]])
}

// way is how far a row is from where it is asked from.
type way struct {
	m     int  // metres, -1 unknown
	known bool // to the place itself, not to the middle of its village
}

var noWay = way{m: -1}

func (w way) distance() int {
	if !w.known {
		return -1
	}
	return w.m
}

func (q *scan) way(g *segment, i int) way {
	if q.from == nil || !g.located[i] && g.lat[i] == 0 && g.lng[i] == 0 {
		return noWay
	}
	return way{q.from.distance(g.lat[i], g.lng[i]), g.located[i]}
}

func before(key int64, id string, otherKey int64, otherID string) bool {
	if key != otherKey {
		return key < otherKey
	}
	return id < otherID
}

// keep puts f into the heap, in place of the worst when it is full.
func (q *scan) keep(f found) {
	worse := func(a, b int) bool {
		return before(q.top[b].key, q.top[b].item.ID, q.top[a].key, q.top[a].item.ID)
	}
	if len(q.top) < q.page.Limit {
		q.top = append(q.top, f)
		for c := len(q.top) - 1; c > 0 && worse(c, (c-1)/2); c = (c - 1) / 2 {
			q.top[c], q.top[(c-1)/2] = q.top[(c-1)/2], q.top[c]
		}
		return
	}
	q.top[0] = f
	for p := 0; ; {
		c := 2*p + 1
		if c+1 < len(q.top) && worse(c+1, c) {
			c++
		}
		if c >= len(q.top) || !worse(c, p) {
			return
		}
		q.top[p], q.top[c] = q.top[c], q.top[p]
		p = c
	}
}

func (q *scan) result() Result {
	slices.SortFunc(q.top, func(a, b found) int {
		return cmp.Or(cmp.Compare(a.key, b.key), strings.Compare(a.item.ID, b.item.ID))
	})
	r := Result{
		Items: make([]Item, len(q.top)), Total: q.total, TotalPlaces: q.totalPlaces,
		Trades: facets(q.st.dicts.trade, q.byTrade), Towns: facets(q.st.dicts.town, q.byTown),
	}
	for i, f := range q.top {
		r.Items[i] = f.item
	}
	for d, n := range q.byDay {
		if n > 0 {
			r.Dates = append(r.Dates, Facet{string(dateOf(q.today + int32(d))), n})
		}
	}
	if q.more {
		last := q.top[len(q.top)-1]
		r.Next = cursor{q.page.Sort, last.key, last.item.ID, q.now}.String()
	}
	return r
}

func facets(d dict, places []int) []Facet {
	var out []Facet
	for code, n := range places {
		if n > 0 {
			out = append(out, Facet{d.names[code], n})
		}
	}
	slices.SortFunc(out, func(a, b Facet) int {
		return cmp.Or(cmp.Compare(b.Places, a.Places), strings.Compare(a.Key, b.Key))
	})
	return out
}
