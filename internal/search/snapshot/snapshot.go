package snapshot

import (
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// state is one immutable whole: segments in id order.
type state struct {
	segments []*segment
	rows     int
	dicts    dicts
}

// Snapshot is what is on offer. The zero value is not usable; see New.
type Snapshot struct {
	now atomic.Pointer[state]

	mu      sync.Mutex // of writers
	loading bool
	missed  []change // applied while a Load runs, to be applied to what it loads
}

// New returns an empty snapshot.
func New() *Snapshot {
	s := &Snapshot{}
	s.now.Store(&state{})
	return s
}

// Len returns the number of postings kept.
func (s *Snapshot) Len() int { return s.now.Load().rows }

// Has says which version of a posting is kept.
func (s *Snapshot) Has(id string) (version int64, ok bool) {
	g, i, ok := s.now.Load().find(id)
	if !ok {
		return 0, false
	}
	return g.version[i], true
}

// Apply puts rows and deletes ids, at once for every reader. A row older than
// the one kept is passed over.
func (s *Snapshot) Apply(upserts []Row, deletes []string) {
	changes := make([]change, 0, len(upserts)+len(deletes))
	for i := range upserts {
		changes = append(changes, change{upserts[i].ID, &upserts[i]})
	}
	for _, id := range deletes {
		changes = append(changes, change{id, nil})
	}
	if len(changes) == 0 {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.loading {
		s.missed = append(s.missed, changes...)
	}
	s.now.Store(s.now.Load().apply(changes))
}

// Load replaces everything by the rows of seq, whose order does not matter.
// What Apply does meanwhile counts. An error of seq leaves all as it was.
func (s *Snapshot) Load(seq iter.Seq2[Row, error]) error {
	s.mu.Lock()
	if s.loading {
		s.mu.Unlock()
		return fmt.Errorf("load snapshot: another load is under way")
	}
	s.loading = true
	s.mu.Unlock()
	fresh, err := load(seq)
	s.mu.Lock()
	defer s.mu.Unlock()
	if err == nil {
		s.now.Store(fresh.apply(s.missed))
	}
	s.loading, s.missed = false, nil
	return err
}

func load(seq iter.Seq2[Row, error]) (*state, error) {
	var changes []change
	for r, err := range seq {
		if err != nil {
			return nil, fmt.Errorf("load snapshot: %w", err)
		}
		changes = append(changes, change{r.ID, &r})
	}
	return (&state{}).apply(changes), nil
}

// apply returns the state after changes; st is not touched.
func (st *state) apply(changes []change) *state {
	changes = ordered(slices.Clone(changes))
	next := &state{dicts: st.dicts, segments: make([]*segment, 0, len(st.segments)+1)}
	if len(st.segments) == 0 {
		next.segments = (&segment{}).merge(changes, &next.dicts)
	}
	for i, g := range st.segments {
		n := len(changes) // the last segment takes all that is left
		if i+1 < len(st.segments) {
			border := st.segments[i+1].ids[0]
			n, _ = slices.BinarySearchFunc(changes, border, func(c change, id string) int { return strings.Compare(c.id, id) })
		}
		if n == 0 {
			next.segments = append(next.segments, g)
			continue
		}
		for _, m := range g.merge(changes[:n], &next.dicts) {
			next.segments = join(next.segments, m)
		}
		changes = changes[n:]
	}
	for _, g := range next.segments {
		next.rows += len(g.ids)
	}
	next.dicts.publish()
	return next
}

// segmentOf returns the number of the segment an id lies in, or would; -1
// before the first.
func (st *state) segmentOf(id string) int {
	n, exact := slices.BinarySearchFunc(st.segments, id, func(g *segment, id string) int { return strings.Compare(g.ids[0], id) })
	if !exact {
		n--
	}
	return n
}

// find returns the segment and place of a row.
func (st *state) find(id string) (*segment, int, bool) {
	n := st.segmentOf(id)
	if n < 0 {
		return nil, 0, false
	}
	i, ok := st.segments[n].find(id)
	return st.segments[n], i, ok
}
