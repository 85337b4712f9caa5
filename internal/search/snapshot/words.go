package snapshot

import (
	"math/bits"
	"slices"

	"linggong/internal/search"
)

// runWords visits what the text engine found. Hits of one segment that come one
// after the other, as they do from the database, are sieved together. That a row
// is the hit's own is looked at last, of those few that come through: ids lie
// anywhere in memory.
func (q *scan) runWords(hits []search.Hit) {
	at := walk{st: q.st}
	of := make([]int32, 2*segmentRows) // row of the segment → its hit
	var g *segment
	flush := func() {
		if g != nil {
			for _, i := range q.sieve(g, q.rows) {
				if hit := &hits[of[i]]; g.ids[i] == hit.ID {
					q.visit(g, int(i), hit)
				}
			}
		}
		q.rows = q.rows[:0]
	}
	for n := range hits {
		here, i, ok := at.to(&hits[n])
		if !ok {
			continue
		}
		if here != g {
			flush()
			g = here
			of = slices.Grow(of, max(0, len(g.ids)-len(of)))[:max(len(of), len(g.ids))]
		}
		of[i] = int32(n)
		q.rows = append(q.rows, int32(i))
	}
	flush()
}

// walk finds rows by the sums of their ids; the next one often lies in the
// segment of the last. Where two ids have one sum it may return the other's row.
type walk struct {
	st      *state
	segment *segment
	after   string // id the next segment begins with, "" for none
}

func (w *walk) to(hit *search.Hit) (*segment, int, bool) {
	sum := hit.Sum
	if sum == 0 {
		sum = search.SumOf(hit.ID)
	}
	if w.segment != nil {
		if i, ok := w.segment.at(sum); ok {
			return w.segment, i, true
		}
	}
	if w.segment != nil && hit.ID >= w.segment.ids[0] && (w.after == "" || hit.ID < w.after) {
		return nil, 0, false
	}
	n := w.st.segmentOf(hit.ID)
	if n < 0 {
		return nil, 0, false
	}
	w.segment, w.after = w.st.segments[n], ""
	if n+1 < len(w.st.segments) {
		w.after = w.st.segments[n+1].ids[0]
	}
	i, ok := w.segment.at(sum)
	return w.segment, i, ok
}

// places says where in a segment an id stands: by its sum, at the first free
// place from there. Searching by halves would look at ten ids, each somewhere
// else in memory.
type places struct {
	mask uint64
	of   []place
}

type place struct {
	sum uint64 // 0 is free
	row int32
}

// at returns the row of an id's sum.
func (s *segment) at(sum uint64) (int, bool) {
	p := s.places.Load()
	if p == nil {
		p = s.place()
		s.places.Store(p)
	}
	for h := sum & p.mask; p.of[h].sum != 0; h = (h + 1) & p.mask {
		if p.of[h].sum == sum {
			return int(p.of[h].row), true
		}
	}
	return 0, false
}

func (s *segment) place() *places {
	size := 1 << bits.Len(uint(2*len(s.ids)))
	p := &places{uint64(size - 1), make([]place, size)}
	for i, id := range s.ids {
		sum := search.SumOf(id)
		h := sum & p.mask
		for p.of[h].sum != 0 {
			h = (h + 1) & p.mask
		}
		p.of[h] = place{sum, int32(i)}
	}
	return p
}
