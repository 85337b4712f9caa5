package snapshot

import (
	"slices"

	"linggong/internal/search"
)

// runWords visits what the text engine found. Hits that come in the order of
// ids, as they do from the database, are found by steps from one to the next,
// and those of one segment are sieved together.
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

// walk finds rows by id, from where it stands when the next one lies ahead in
// the same segment.
type walk struct {
	st      *state
	segment *segment
	after   string // id the next segment begins with, "" for none
	i       int
}

func (w *walk) to(id string) (*segment, int, bool) {
	if w.segment == nil || id < w.segment.ids[w.i] || w.after != "" && id >= w.after {
		return w.jump(id)
	}
	ids := w.segment.ids
	step := 1
	for w.i+step < len(ids) && ids[w.i+step] <= id {
		w.i += step
		step *= 2
	}
	k, ok := slices.BinarySearch(ids[w.i:min(w.i+step, len(ids))], id)
	if ok {
		w.i += k
	}
	return w.segment, w.i, ok
}

func (w *walk) jump(id string) (*segment, int, bool) {
	n := w.st.segmentOf(id)
	if n < 0 {
		return nil, 0, false
	}
	w.segment, w.i, w.after = w.st.segments[n], 0, ""
	if n+1 < len(w.st.segments) {
		w.after = w.st.segments[n+1].ids[0]
	}
	k, ok := w.segment.find(id)
	w.i = min(k, len(w.segment.ids)-1)
	if !ok && k > 0 {
		w.i = k - 1
	}
	return w.segment, w.i, ok
}
