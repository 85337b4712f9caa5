package gigdb

import (
	"context"
	"strconv"
	"strings"
	"sync"

	"linggong/internal/dbx"
)

// memo remembers rows by id, the lately used ones: at most two generations of
// memoRows. Rows wait there as they are stored, what is sealed stays sealed.
//
// Nothing is shown because it is remembered: each time the database says which
// version a row has now, and all that may change without a new version with it.
type memo[R any] struct {
	mu         sync.Mutex
	young, old map[string]R
}

// memoRows of postings are some 16 MB.
const memoRows = 8192

func (m *memo[R]) get(id string) (R, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	r, ok := m.young[id]
	if !ok {
		if r, ok = m.old[id]; ok {
			m.add(id, r)
		}
	}
	return r, ok
}

func (m *memo[R]) put(id string, r R) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.add(id, r)
}

func (m *memo[R]) add(id string, r R) {
	if m.young == nil || len(m.young) >= memoRows {
		m.young, m.old = make(map[string]R, memoRows/4), m.young
	}
	m.young[id] = r
}

// known returns what is remembered of ids.
func (m *memo[R]) known(ids []string) map[string]R {
	out := make(map[string]R, len(ids))
	for _, id := range ids {
		if r, ok := m.get(id); ok {
			out[id] = r
		}
	}
	return out
}

// whole is a posting with its shifts.
type whole struct {
	row    posting
	shifts []shift
}

// recalled returns the postings that are remembered as they are now, and the
// ids of the others. A posting's status and how many places are filled change
// without a new version; the rest does not (SavePosting). In a transaction, too:
// a version that it has not written itself can only be one that was committed,
// and what it reads is not remembered, for it may be undone.
func (s *Store) recalled(ctx context.Context, ids []string) (now map[string]whole, others []string, err error) {
	known := s.postings.known(ids)
	if len(known) == 0 {
		return nil, ids, nil
	}
	pack := `string_agg(CAST(s.id AS text) || ' ' || CAST(s.filled AS text), ',')`
	if s.db.Dialect() == dbx.SQLite {
		pack = `group_concat(s.id || ' ' || s.filled)`
	}
	rows, err := s.db.From(ctx).Raw(`SELECT p.id, p.version, p.status, COALESCE((SELECT `+pack+` FROM gig_shifts s WHERE s.posting_id = p.id), '')
		FROM gig_postings p WHERE `+s.db.AnyID("p.id"), s.db.List(ids)).Rows()
	if err != nil {
		return nil, nil, err
	}
	defer rows.Close()
	now = make(map[string]whole, len(ids))
	for rows.Next() {
		var id, status, filled string
		var version int64
		if err := rows.Scan(&id, &version, &status, &filled); err != nil {
			return nil, nil, err
		}
		w, ok := known[id]
		if ok = ok && w.row.Version == version; ok {
			w, ok = w.as(status, filled)
		}
		if ok {
			now[id] = w
		} else {
			others = append(others, id)
		}
	}
	return now, others, rows.Err()
}

// as returns the posting with another status and its places filled as said
// ("shift number,shift number"); false when those are not its shifts.
func (w whole) as(status, filled string) (whole, bool) {
	w.row.Status = status
	shifts := make([]shift, len(w.shifts))
	copy(shifts, w.shifts)
	said := 0
	for part := range strings.SplitSeq(filled, ",") {
		id, number, _ := strings.Cut(part, " ")
		n, err := strconv.ParseInt(number, 10, 64)
		for i := range shifts {
			if err == nil && shifts[i].ID == id {
				shifts[i].Filled = n
				said++
				break
			}
		}
	}
	w.shifts = shifts
	return w, said == len(shifts)
}

// recalledEmployers is recalled for employers, whose ratings are counted
// without a new version.
func (s *Store) recalledEmployers(ctx context.Context, ids []string) (now []employer, others []string, err error) {
	known := s.employers.known(ids)
	if len(known) == 0 {
		return nil, ids, nil
	}
	rows, err := s.db.From(ctx).Raw(`SELECT id, version, rating_sum, rating_count FROM gig_employers WHERE `+s.db.AnyID("id"), s.db.List(ids)).Rows()
	if err != nil {
		return nil, nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		var version, sum, count int64
		if err := rows.Scan(&id, &version, &sum, &count); err != nil {
			return nil, nil, err
		}
		if r, ok := known[id]; ok && r.Version == version {
			r.RatingSum, r.RatingCount = sum, count
			now = append(now, r)
		} else {
			others = append(others, id)
		}
	}
	return now, others, rows.Err()
}
