package snapshot

import (
	"maps"
	"math"
	"slices"
	"strings"
	"sync/atomic"
)

// dict gives words small numbers. It only ever grows; a state that has been
// published is never touched, so a writer grows a copy of its own.
type dict struct {
	names []string
	codes map[string]uint32
	own   bool // the copy is the writer's
}

// code returns the number of s.
func (d *dict) code(s string) uint32 {
	c, ok := d.codes[s]
	if ok {
		return c
	}
	if !d.own {
		if d.names, d.codes, d.own = slices.Clone(d.names), maps.Clone(d.codes), true; d.codes == nil {
			d.codes = map[string]uint32{}
		}
	}
	c = uint32(len(d.names))
	d.names, d.codes[s] = append(d.names, s), c
	return c
}

// dicts are all the words of a state.
type dicts struct{ trade, group, town, region, settlement, form, employer dict }

// publish ends the writer's ownership.
func (d *dicts) publish() {
	for _, one := range []*dict{&d.trade, &d.group, &d.town, &d.region, &d.settlement, &d.form, &d.employer} {
		one.own = false
	}
}

// segment is a run of rows in id order, as columns. It never changes.
type segment struct {
	ids                        []string
	version                    []int64
	trade, group, town, region []uint32
	settlement, form, employer []uint32
	flags                      []Flags
	located                    []bool
	lat, lng                   []float64
	gridLat, gridLng           []int32 // the same in steps of a centimetre; nowhere without a place
	pay                        []int64
	published                  []int64  // Unix seconds
	first, last                []int64  // starts of the first and last shift with a place left
	open, heads                []int32  // of the shifts with a place left
	room                       []int32  // points of the rank for the share of places left
	waiting                    []int32  // have applied and wait
	answers                    []int32  // points of the rank for the employer's answering
	still                      []int32  // room, answers and the urgent mark: what does not change with the hour
	days                       []uint64 // bit (day mod 64) of each of those: says where not to look
	firstShift                 []int32  // of each row, and one past the end
	shiftDay                   []int32
	shiftStart                 []int64 // Unix seconds
	shiftOpen, shiftHeads      []int32

	sums   atomic.Pointer[sums]   // of all rows, made when first asked for
	places atomic.Pointer[places] // of ids, the same
}

// segmentRows is how many rows a segment is made with; it may grow to twice that.
const segmentRows = 1024

func newSegment(capacity int) *segment {
	return &segment{ids: make([]string, 0, capacity), firstShift: append(make([]int32, 0, capacity+1), 0)}
}

// add appends a row; rows come in id order.
func (s *segment) add(r Row, d *dicts) {
	s.ids = append(s.ids, r.ID)
	s.version = append(s.version, r.Version)
	s.trade = append(s.trade, d.trade.code(r.Trade))
	s.group = append(s.group, d.group.code(r.TradeGroup))
	s.town = append(s.town, d.town.code(r.Town))
	s.region = append(s.region, d.region.code(r.region()))
	s.settlement = append(s.settlement, d.settlement.code(r.Settlement))
	s.form = append(s.form, d.form.code(r.Form))
	s.employer = append(s.employer, d.employer.code(r.EmployerID))
	s.flags = append(s.flags, r.Flags)
	s.located = append(s.located, r.Located)
	s.lat, s.lng = append(s.lat, r.Lat), append(s.lng, r.Lng)
	lat, lng := int32(nowhere), int32(nowhere)
	if r.Located {
		lat, lng = grid(r.Lat, 90), grid(r.Lng, 180)
	}
	s.gridLat, s.gridLng = append(s.gridLat, lat), append(s.gridLng, lng)
	s.pay = append(s.pay, r.PayHourFen)
	s.published = append(s.published, r.Published.Unix())
	first, last := int64(math.MaxInt64), int64(math.MinInt64)
	var open, heads int32
	var days uint64
	for _, h := range r.Shifts {
		s.shiftDay = append(s.shiftDay, dayNumber(h.Date))
		s.shiftStart = append(s.shiftStart, h.Start.Unix())
		s.shiftOpen = append(s.shiftOpen, int32(max(h.Open, 0)))
		s.shiftHeads = append(s.shiftHeads, int32(max(h.Headcount, 0)))
		if h.Open > 0 {
			first, last = min(first, h.Start.Unix()), max(last, h.Start.Unix())
			days |= dayBit(s.shiftDay[len(s.shiftDay)-1])
			open += s.shiftOpen[len(s.shiftOpen)-1]
			heads += s.shiftHeads[len(s.shiftHeads)-1]
		}
	}
	s.first, s.last = append(s.first, first), append(s.last, last)
	s.open, s.heads, s.days = append(s.open, open), append(s.heads, heads), append(s.days, days)
	s.room = append(s.room, int32(facts{open: int(open), headings: int(heads), waiting: r.Waiting}.room()))
	s.waiting, s.answers = append(s.waiting, int32(max(r.Waiting, 0))), append(s.answers, int32(answerPoints(r.Answers)))
	n := len(s.ids) - 1
	s.still = append(s.still, s.room[n]+s.answers[n]+rankUrge*int32(r.Flags&Urgent/Urgent))
	s.firstShift = append(s.firstShift, int32(len(s.shiftDay)))
}

func dayBit(d int32) uint64 { return 1 << (uint32(d) & 63) }

// take appends row i of o.
func (s *segment) take(o *segment, i int) {
	s.ids = append(s.ids, o.ids[i])
	s.version = append(s.version, o.version[i])
	s.trade = append(s.trade, o.trade[i])
	s.group = append(s.group, o.group[i])
	s.town = append(s.town, o.town[i])
	s.region = append(s.region, o.region[i])
	s.settlement = append(s.settlement, o.settlement[i])
	s.form = append(s.form, o.form[i])
	s.employer = append(s.employer, o.employer[i])
	s.flags = append(s.flags, o.flags[i])
	s.located = append(s.located, o.located[i])
	s.lat, s.lng = append(s.lat, o.lat[i]), append(s.lng, o.lng[i])
	s.gridLat, s.gridLng = append(s.gridLat, o.gridLat[i]), append(s.gridLng, o.gridLng[i])
	s.pay = append(s.pay, o.pay[i])
	s.published = append(s.published, o.published[i])
	s.first, s.last = append(s.first, o.first[i]), append(s.last, o.last[i])
	s.open, s.heads, s.days = append(s.open, o.open[i]), append(s.heads, o.heads[i]), append(s.days, o.days[i])
	s.room = append(s.room, o.room[i])
	s.waiting, s.answers, s.still = append(s.waiting, o.waiting[i]), append(s.answers, o.answers[i]), append(s.still, o.still[i])
	from, to := o.firstShift[i], o.firstShift[i+1]
	s.shiftDay = append(s.shiftDay, o.shiftDay[from:to]...)
	s.shiftStart = append(s.shiftStart, o.shiftStart[from:to]...)
	s.shiftOpen = append(s.shiftOpen, o.shiftOpen[from:to]...)
	s.shiftHeads = append(s.shiftHeads, o.shiftHeads[from:to]...)
	s.firstShift = append(s.firstShift, int32(len(s.shiftDay)))
}

// join appends g, melting it together with the one before where both are small.
func join(to []*segment, g *segment) []*segment {
	n := len(to)
	if n == 0 || len(to[n-1].ids)+len(g.ids) > segmentRows {
		return append(to, g)
	}
	both := newSegment(len(to[n-1].ids) + len(g.ids))
	for _, part := range []*segment{to[n-1], g} {
		for i := range part.ids {
			both.take(part, i)
		}
	}
	to[n-1] = both
	return to
}

// find returns where id stands or would stand.
func (s *segment) find(id string) (int, bool) { return slices.BinarySearch(s.ids, id) }

// change is one row to put, or to drop when row is nil.
type change struct {
	id  string
	row *Row
}

// merge returns segments with the rows of s and the changes, which come in id
// order, at most one for each id.
func (s *segment) merge(changes []change, d *dicts) []*segment {
	var out []*segment
	cur := newSegment(len(s.ids) + len(changes))
	room := func() {
		if len(cur.ids) >= segmentRows && len(s.ids)+len(changes) > 2*segmentRows {
			out = append(out, cur)
			cur = newSegment(segmentRows)
		}
	}
	i := 0
	for _, c := range changes {
		for i < len(s.ids) && s.ids[i] < c.id {
			room()
			cur.take(s, i)
			i++
		}
		kept := i < len(s.ids) && s.ids[i] == c.id
		room()
		switch {
		case c.row != nil && (!kept || s.version[i] <= c.row.Version):
			cur.add(*c.row, d)
		case c.row != nil:
			cur.take(s, i) // what is here is newer
		}
		if kept {
			i++
		}
	}
	for ; i < len(s.ids); i++ {
		room()
		cur.take(s, i)
	}
	if len(cur.ids) > 0 {
		out = append(out, cur)
	}
	return out
}

// ordered sorts changes by id and keeps the last of each id, except that of
// several rows the newest version stays.
func ordered(changes []change) []change {
	slices.SortStableFunc(changes, func(a, b change) int { return strings.Compare(a.id, b.id) })
	out := changes[:0]
	for _, c := range changes {
		if n := len(out); n > 0 && out[n-1].id == c.id {
			if c.row != nil && out[n-1].row != nil && out[n-1].row.Version > c.row.Version {
				continue
			}
			out[n-1] = c
			continue
		}
		out = append(out, c)
	}
	return out
}
