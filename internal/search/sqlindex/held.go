package sqlindex

import (
	"context"
	"fmt"
	"strconv"
	"sync"

	"github.com/RoaringBitmap/roaring/v2/roaring64"

	"linggong/internal/search"
)

// held remembers, on PostgreSQL, which numbers hold a term. There every number
// found costs a visit to its row, and a word that a third of a city holds visits
// them all. What was remembered at one moment is brought to the next by what
// came and went between: search_fts_log has both, written by a trigger in the
// transaction that did it. So a term remembered is as exact as one just asked
// for, whoever wrote and in whatever order the writers came to their end.
type held struct {
	mu         sync.Mutex
	young, old map[string]*term
	newest     uint64 // row of the log that anybody saw
}

// term is which numbers held it at one moment. It is never changed.
type term struct {
	nos *roaring64.Bitmap
	// horizon is the oldest transaction that was still under way then: whatever
	// older ones did is in nos already.
	horizon uint64
	newest  uint64 // row of the log by then
}

const (
	// heldTerms is how many terms are kept before those not asked for lately go;
	// twice as many at most, of 12 kB for each 100,000 documents.
	heldTerms = 1000
	// heldBehind is how many rows the log may have got since; beyond that it is
	// quicker to ask for the term anew.
	heldBehind = 1000
	// heldAtMost is how many it may have got for the term to be brought to the
	// present at all, far below logRows, which is how many the log keeps.
	heldAtMost = 20_000
	logRows    = 200_000
)

func (h *held) get(expr string) *term {
	h.mu.Lock()
	defer h.mu.Unlock()
	t := h.young[expr]
	if t == nil {
		t = h.old[expr]
	}
	if t == nil || h.newest > t.newest+heldBehind {
		return nil
	}
	return t
}

func (h *held) put(found map[string]*term, newest uint64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.newest = max(h.newest, newest)
	if len(h.young) > heldTerms {
		h.old, h.young = h.young, nil
	}
	if h.young == nil {
		h.young = map[string]*term{}
	}
	for expr, t := range found {
		h.young[expr] = t
	}
}

func (h *held) drop() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.young, h.old, h.newest = nil, nil, 0
}

// askHeld is one statement, so that all it says is of one moment: how far
// transactions have come, what went and what came since, and the terms not known.
//
//nolint:misspell // MATERIALIZED is the word of PostgreSQL
const askHeld = `WITH born AS MATERIALIZED (
  SELECT f.no, setweight(f.words, 'D') AS words FROM search_fts_log l JOIN search_fts f ON f.no = l.no
  WHERE l.at >= CAST(CAST(? AS text) AS xid8) AND l.born)
SELECT 'horizon' AS what, 0 AS i, CAST(pg_snapshot_xmin(pg_current_snapshot()) AS text) AS nos
UNION ALL SELECT 'newest', 0, (SELECT CAST(max(seq) AS text) FROM search_fts_log)
UNION ALL SELECT 'gone', 0, string_agg(CAST(no AS text), ',') FROM search_fts_log
  WHERE at >= CAST(CAST(? AS text) AS xid8) AND NOT born
UNION ALL SELECT 'born', q.i, string_agg(CAST(b.no AS text), ',')
  FROM born b, (SELECT CAST(e AS tsquery) AS e, i FROM unnest(CAST(? AS text[])) WITH ORDINALITY u (e, i) OFFSET 0) q
  WHERE b.words @@ q.e GROUP BY q.i
UNION ALL SELECT 'all', q.i, (SELECT string_agg(CAST(f.no AS text), ',') FROM search_fts f WHERE f.words @@ CAST(q.e AS tsquery))
  FROM unnest(CAST(? AS text[])) WITH ORDINALITY q (e, i)`

// findHeld returns the numbers that hold the words of a plan that asks for some.
func (x *Index) findHeld(ctx context.Context, p search.Plan) ([]int64, error) {
	terms, err := x.termsOf(ctx, p)
	if err != nil {
		return nil, err
	}
	var all *roaring64.Bitmap
	for _, k := range p.All {
		any := x.anyOf(k, terms)
		if all == nil {
			all = any
			continue
		}
		all.And(any)
	}
	for _, k := range p.None {
		all.AndNot(x.anyOf(k, terms))
	}
	out := make([]int64, 0, all.GetCardinality())
	for it := all.ManyIterator(); ; {
		var some [1024]uint64
		n := it.NextMany(some[:])
		if n == 0 {
			return out, nil
		}
		for _, no := range some[:n] {
			out = append(out, int64(no))
		}
	}
}

// anyOf returns a set of its own.
func (x *Index) anyOf(k search.Clause, terms map[string]*term) *roaring64.Bitmap {
	out := roaring64.New()
	for _, t := range k {
		out.Or(terms[tsClause(x.collection, search.Clause{t})].nos)
	}
	return out
}

// termsOf returns all terms of a plan as they are now.
func (x *Index) termsOf(ctx context.Context, p search.Plan) (map[string]*term, error) {
	known := map[string]*term{}
	var warm, cold []string
	for _, list := range [][]search.Clause{p.All, p.None} {
		for _, k := range list {
			for _, t := range k {
				expr := tsClause(x.collection, search.Clause{t})
				if _, seen := known[expr]; seen {
					continue
				}
				if known[expr] = x.held.get(expr); known[expr] != nil {
					warm = append(warm, expr)
				} else {
					cold = append(cold, expr)
				}
			}
		}
	}
	since := ^uint64(0) >> 1 // nothing is newer
	for _, expr := range warm {
		since = min(since, known[expr].horizon)
	}
	now, err := x.askTerms(ctx, since, warm, cold)
	if err != nil {
		return nil, err
	}
	for _, expr := range warm {
		// A database older than it was has been restored from a copy.
		if t := known[expr]; now.horizon < t.horizon || now.newest < t.newest || now.newest > t.newest+heldAtMost {
			x.held.drop()
			return x.termsOf(ctx, p)
		}
	}
	found := now.bring(known, warm, cold)
	x.held.put(found, now.newest)
	return found, nil
}

// moment is an answer to askHeld.
type moment struct {
	horizon, newest uint64
	gone            *roaring64.Bitmap
	born, all       map[int]*roaring64.Bitmap // by place in the list asked for, from 0
}

func (x *Index) askTerms(ctx context.Context, since uint64, warm, cold []string) (moment, error) {
	var rows []struct {
		What string
		I    int
		Nos  *string
	}
	from := strconv.FormatUint(since, 10)
	err := x.db.From(ctx).Raw(askHeld, from, from, x.db.List(warm), x.db.List(cold)).Scan(&rows).Error
	if err != nil {
		return moment{}, fmt.Errorf("match: %w", failed(err))
	}
	m := moment{born: map[int]*roaring64.Bitmap{}, all: map[int]*roaring64.Bitmap{}}
	for _, r := range rows {
		var text string
		if r.Nos != nil {
			text = *r.Nos
		}
		nos, err := unpack(text)
		if err != nil {
			return moment{}, err
		}
		switch r.What {
		case "horizon":
			m.horizon = uint64(nos[0])
		case "newest":
			if len(nos) > 0 {
				m.newest = uint64(nos[0])
			}
		case "gone":
			m.gone = setOf(nos)
		case "born":
			m.born[r.I-1] = setOf(nos)
		case "all":
			m.all[r.I-1] = setOf(nos)
		}
	}
	return m, nil
}

// bring takes what was known to the moment and adds what was asked for anew.
func (m moment) bring(known map[string]*term, warm, cold []string) map[string]*term {
	out := make(map[string]*term, len(known))
	for i, expr := range warm {
		nos := known[expr].nos
		born := m.born[i]
		if born != nil || nos.Intersects(m.gone) {
			nos = nos.Clone()
			nos.AndNot(m.gone)
			if born != nil {
				nos.Or(born)
			}
		}
		out[expr] = &term{nos, m.horizon, m.newest}
	}
	for i, expr := range cold {
		out[expr] = &term{m.all[i], m.horizon, m.newest}
	}
	return out
}

func setOf(nos []int64) *roaring64.Bitmap {
	list := make([]uint64, len(nos))
	for i, no := range nos {
		list[i] = uint64(no)
	}
	out := roaring64.New()
	out.AddMany(list)
	return out
}

// Prune forgets what came and went so long ago that no term remembered needs it.
func (x *Index) Prune(ctx context.Context) error {
	if !x.holds() {
		return nil
	}
	err := x.db.From(ctx).Exec(`DELETE FROM search_fts_log
WHERE seq < (SELECT max(seq) FROM search_fts_log) - ? AND at < pg_snapshot_xmin(pg_current_snapshot())`, logRows).Error
	if err != nil {
		return fmt.Errorf("prune the log of the full text: %w", err)
	}
	return nil
}
