package assign

import (
	"slices"

	"linggong/internal/errs"
	"linggong/internal/matching/assign/problem"
)

// ErrNotForSessions says a problem has minimums or requires all workers.
var ErrNotForSessions = errs.New(errs.Invalid, "assignment_not_for_sessions", "有最少人数或全员必排的问题须整体求解", "A problem with minimums or required workers is solved as a whole.")

// ErrUnknown says a worker or place of that id is not in the session.
var ErrUnknown = errs.New(errs.NotFound, "assignment_unknown_id", "没有这个编号", "There is no such id.")

// Session keeps an answer best while workers and places come, go and change
// (增量重排): each change takes up from the last prices and costs about as much
// as it changes. The pairs are those that Assign would find from scratch, unless
// weights are so large that ties cannot be told apart (above about 2^40 divided
// by eight times the number of workers and places); the value is so always. It
// is not for use by several goroutines at once.
type Session struct {
	salt    string
	sense   problem.Sense
	sign    int64
	c       *core
	scale   scale
	workers ends[Worker]
	places  ends[Place]
	live    int   // edges
	dead    int   // arcs that led to places now gone
	most    int64 // greatest absolute weight
	atMost  int   // how many edges have it
}

// ends are the workers or places of a session by slot; a slot is used again
// after its holder has gone.
type ends[T any] struct {
	slot map[string]int32
	item []T
	hash []uint64
	free []int32
}

// To is an edge of a worker or place to the other side.
type To struct {
	ID     string
	Weight int64
}

// NewSession solves p and keeps the answer open to change.
func NewSession(p Problem, o Options) (*Session, error) {
	if err := p.Validate(); err != nil {
		return nil, err
	}
	l, err := newListed(p, o.Salt)
	if err != nil {
		return nil, err
	}
	if l.forced() {
		return nil, ErrNotForSessions
	}
	s := &Session{salt: o.Salt, sense: p.Sense, sign: l.sign}
	s.load(l)
	return s, nil
}

// load solves a problem from scratch with all of its edges in the core.
func (s *Session) load(l *listed) {
	s.scale = l.scale
	s.workers = newEnds(l.p.Workers, l.hashW, func(w Worker) string { return w.ID })
	s.places = newEnds(l.p.Places, l.hashP, func(q Place) string { return q.ID })
	units := make([]int32, len(l.p.Workers))
	for i := range units {
		s.workers.item[i].Capacity = l.p.Workers[i].Units()
		units[i] = int32(l.p.Workers[i].Units())
	}
	c := newCore(units, l.seats, l.must)
	c.turns, c.place = l.workers, l.places
	c.step = max(1, l.spread/incrementPart)
	s.c, s.live, s.dead, s.most, s.atMost = c, 0, 0, 0, 0
	row := []Edge(nil)
	for _, i := range l.workers {
		row = append(row[:0], l.row(i)...)
		slices.SortFunc(row, func(a, b Edge) int { return int(l.turn[a.Place] - l.turn[b.Place]) })
		c.arcs[i] = make([]arc, 0, len(row))
		for _, e := range row {
			s.join(e.Worker, e.Place, e.Weight)
		}
	}
	for j := range c.p {
		c.close(int32(j))
	}
	c.run()
}

// close prices a place without a seat out of everybody's reach.
func (c *core) close(j int32) {
	if c.seats[j] == 0 {
		c.p[j] = tooMuch
	}
}

func newEnds[T any](items []T, hash []uint64, id func(T) string) ends[T] {
	e := ends[T]{slot: make(map[string]int32, len(items)), item: slices.Clone(items), hash: slices.Clone(hash)}
	for i, x := range items {
		e.slot[id(x)] = int32(i)
	}
	return e
}

// put finds a slot for a new holder; grown says that it is one more than before.
func (e *ends[T]) put(id string, x T, hash uint64) (slot int32, grown bool) {
	if n := len(e.free); n > 0 {
		slot = e.free[n-1]
		e.free = e.free[:n-1]
		e.item[slot], e.hash[slot] = x, hash
	} else {
		slot, grown = int32(len(e.item)), true
		e.item, e.hash = append(e.item, x), append(e.hash, hash)
	}
	e.slot[id] = slot
	return slot, grown
}

func (e *ends[T]) drop(id string) (slot int32, ok bool) {
	slot, ok = e.slot[id]
	if ok {
		delete(e.slot, id)
		e.free = append(e.free, slot)
	}
	return slot, ok
}

// SetWorker adds a worker, or puts this one in the place of that of its id.
func (s *Session) SetWorker(w Worker, edges []To) error {
	if err := s.check("workers", w.ID, w.Capacity, edges, s.places.slot); err != nil {
		return err
	}
	if _, ok := s.workers.slot[w.ID]; ok {
		s.takeWorker(w.ID)
	}
	w.Capacity = w.Units()
	i, grown := s.workers.put(w.ID, w, hashID(s.salt, "w", w.ID))
	if grown {
		s.c.growWorkers()
	}
	s.c.units[i] = int32(w.Capacity)
	for _, e := range edges {
		s.join(i, s.places.slot[e.ID], e.Weight)
	}
	return s.resume([]int32{i})
}

// RemoveWorker takes a worker away; ErrUnknown if there is none.
func (s *Session) RemoveWorker(id string) error {
	if _, ok := s.workers.slot[id]; !ok {
		return ErrUnknown
	}
	s.takeWorker(id)
	return s.resume(nil)
}

func (s *Session) takeWorker(id string) {
	i, _ := s.workers.drop(id)
	s.c.release(i)
	for k, a := range s.c.arcs[i] {
		if a.weight <= -tooMuch {
			s.dead--
			continue
		}
		s.forget(a.weight)
		into := s.c.into[a.to]
		at := slices.IndexFunc(into, func(b back) bool { return b.ref == ref{i, int32(k)} })
		into[at] = into[len(into)-1]
		s.c.into[a.to] = into[:len(into)-1]
	}
	s.c.arcs[i] = s.c.arcs[i][:0]
	s.c.units[i], s.c.u[i] = 0, 0
}

// SetPlace adds a place, or puts this one in the place of that of its id.
func (s *Session) SetPlace(q Place, edges []To) error {
	if q.Min > 0 {
		return ErrNotForSessions
	}
	if err := s.check("places", q.ID, q.Capacity, edges, s.workers.slot); err != nil {
		return err
	}
	var waiting []int32
	if _, ok := s.places.slot[q.ID]; ok {
		waiting = s.takePlace(q.ID)
	}
	j, grown := s.places.put(q.ID, q, hashID(s.salt, "p", q.ID))
	if grown {
		s.c.growPlaces()
	}
	s.c.seats[j] = int32(q.Capacity)
	for _, e := range edges {
		s.join(s.workers.slot[e.ID], j, e.Weight)
	}
	s.c.reopen(j)
	return s.resume(waiting)
}

// reopen prices a place so dear that nobody wants to move there yet.
func (c *core) reopen(j int32) {
	c.p[j] = 0
	for _, b := range c.into[j] {
		c.p[j] = max(c.p[j], b.weight-c.u[b.work])
	}
	c.close(j)
}

// RemovePlace takes a place away; ErrUnknown if there is none.
func (s *Session) RemovePlace(id string) error {
	if _, ok := s.places.slot[id]; !ok {
		return ErrUnknown
	}
	return s.resume(s.takePlace(id))
}

// takePlace takes a place out and returns the workers who had a seat there.
func (s *Session) takePlace(id string) (waiting []int32) {
	j, _ := s.places.drop(id)
	for _, e := range slices.Clone(s.c.taken[j]) {
		waiting = append(waiting, e.work)
		s.c.free(e.work, e.arc)
	}
	for _, b := range s.c.into[j] {
		s.forget(b.weight)
		s.dead++
		s.c.arcs[b.work][b.arc].weight = -tooMuch
	}
	s.c.into[j], s.c.seats[j] = s.c.into[j][:0], 0
	s.c.close(j)
	return waiting
}

// SetCapacity changes how many seats a place has; ErrUnknown if there is none.
func (s *Session) SetCapacity(id string, capacity int64) error {
	j, ok := s.places.slot[id]
	if !ok {
		return ErrUnknown
	}
	if err := s.check("places", id, capacity, nil, nil); err != nil {
		return err
	}
	c := s.c
	opens := c.seats[j] == 0
	c.seats[j], s.places.item[j].Capacity = int32(capacity), capacity
	if opens {
		c.reopen(j)
	}
	var waiting []int32
	for len(c.taken[j]) > int(capacity) {
		last := c.taken[j][len(c.taken[j])-1]
		c.free(last.work, last.arc)
		waiting = append(waiting, last.work)
	}
	c.close(j)
	return s.resume(waiting)
}
