package snapshot

import (
	"hash/maphash"
	"math/bits"

	"linggong/internal/search"
)

// runWords visits what the text engine found. Hits of one segment that come one
// after the other, as they do from the database, are sieved together.
func (q *scan) runWords(hits []search.Hit) {
	at := walk{st: q.st}
	of := make([]int32, 2*segmentRows) // row of the segment → its hit
	var g *segment
	flush := func() {
		if g != nil {
			for _, i := range q.sieve(g, q.rows) {
				q.visit(g, int(i), &hits[of[i]])
			}
		}
		q.rows = q.rows[:0]
	}
	for n := range hits {
		here, i, ok := at.to(hits[n].ID)
		if !ok {
			continue
		}
		if here != g {
			flush()
			g = here
			of = append(of, make([]int32, max(0, len(g.ids)-len(of)))...)
		}
		of[i] = int32(n)
		q.rows = append(q.rows, int32(i))
	}
	flush()
}

// walk finds rows by id; the next one often lies in the segment of the last.
type walk struct {
	st      *state
	segment *segment
	after   string // id the next segment begins with, "" for none
}

func (w *walk) to(id string) (*segment, int, bool) {
	if w.segment == nil || id < w.segment.ids[0] || w.after != "" && id >= w.after {
		n := w.st.segmentOf(id)
		if n < 0 {
			return nil, 0, false
		}
		w.segment, w.after = w.st.segments[n], ""
		if n+1 < len(w.st.segments) {
			w.after = w.st.segments[n+1].ids[0]
		}
	}
	i, ok := w.segment.at(id)
	return w.segment, i, ok
}

// places says where in a segment an id stands: rows by the hash of their id,
// each as row+1, at the first free place from there. Searching by halves would
// look at ten ids, each somewhere else in memory.
type places struct {
	mask uint64
	rows []uint32
}

var hashSeed = maphash.MakeSeed()

// at returns the row of an id.
func (s *segment) at(id string) (int, bool) {
	p := s.places.Load()
	if p == nil {
		p = s.place()
		s.places.Store(p)
	}
	for h := maphash.String(hashSeed, id) & p.mask; p.rows[h] != 0; h = (h + 1) & p.mask {
		if i := int(p.rows[h]) - 1; s.ids[i] == id {
			return i, true
		}
	}
	return 0, false
}

func (s *segment) place() *places {
	size := 1 << bits.Len(uint(2*len(s.ids)))
	p := &places{uint64(size - 1), make([]uint32, size)}
	for i, id := range s.ids {
		h := maphash.String(hashSeed, id) & p.mask
		for p.rows[h] != 0 {
			h = (h + 1) & p.mask
		}
		p.rows[h] = uint32(i + 1)
	}
	return p
}
