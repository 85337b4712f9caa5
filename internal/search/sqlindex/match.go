package sqlindex

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"linggong/internal/dbx"
	"linggong/internal/search"
	"linggong/internal/tx"
)

// Match implements search.Index. The database says which numbers hold the
// words, in one value: a row for each would cost ten times what finding them
// does. What the numbers stand for is on the shelf.
func (x *Index) Match(ctx context.Context, q search.Query) ([]search.Hit, error) {
	if err := q.Check(); err != nil {
		return nil, err
	}
	plan := q.Plan()
	if plan.Nothing {
		return nil, nil
	}
	for range quickTries {
		nos, err := x.find(ctx, plan)
		if err != nil || len(nos) == 0 {
			return nil, err
		}
		m := newMatching(q, plan, len(nos))
		gone, err := x.look(ctx, nos, m.add)
		if err != nil {
			return nil, err
		}
		if gone == 0 {
			return m.answer(), nil
		}
	}
	// What is changed between the two statements has another number by then, and
	// must not vanish from a search for that: both are one statement now.
	rows, err := x.findRows(ctx, plan)
	if err != nil {
		return nil, err
	}
	m := newMatching(q, plan, len(rows))
	for _, r := range rows {
		c := r.card()
		m.add(&c)
	}
	return m.answer(), nil
}

// quickTries is how often a search is done in two statements before it is done in one.
const quickTries = 2

// matching makes hits of cards.
type matching struct {
	q      search.Query
	scope  string
	scorer *search.Scorer
	scored bool
	hits   []search.Hit
}

func newMatching(q search.Query, p search.Plan, found int) *matching {
	m := &matching{q: q, scope: search.Scope(q.Region), scorer: search.NewScorer(p), hits: make([]search.Hit, 0, found)}
	m.scored = !m.scorer.Flat() && found <= search.ScoredAtMost
	return m
}

func (m *matching) add(c *card) {
	if !c.open && !m.q.WithClosed || !strings.HasPrefix(c.region, m.scope) {
		return
	}
	h := search.Hit{ID: c.id, Sum: c.sum, Score: 1}
	switch {
	case m.scored && m.q.Unscored:
		h.Head = c.head
	case m.scored:
		h.Score = m.scorer.Score(c.head)
	}
	m.hits = append(m.hits, h)
}

func (m *matching) answer() []search.Hit {
	if m.q.Unscored {
		return m.hits
	}
	return search.Sort(m.hits, m.q.Limit)
}

// find returns the numbers that hold the words. Only lexemes made by us,
// quoted, reach the engine's own query language, and those as values. Lexemes
// begin with the collection's letter, so only a query without words that must
// be there has to look at the rows.
func (x *Index) find(ctx context.Context, p search.Plan) ([]int64, error) {
	if x.holds() && len(p.All) > 0 && tx.From(ctx) == nil { // an act sees what only it knows yet
		return x.findHeld(ctx, p)
	}
	list := `SELECT coalesce(string_agg(CAST(no AS text), ','), '') `
	if x.db.Dialect() == dbx.SQLite {
		list = `SELECT coalesce(group_concat(no), '') `
	}
	from, args := x.holding(p)
	var packed string
	if err := x.db.From(ctx).Raw(list+from, args...).Scan(&packed).Error; err != nil {
		return nil, fmt.Errorf("match: %w", failed(err))
	}
	return unpack(packed)
}

// findRows is find with what the numbers stand for, of one moment. It costs ten
// times as much where a word is wide.
func (x *Index) findRows(ctx context.Context, p search.Plan) (rows []row, err error) {
	from, args := x.holding(p)
	err = x.db.From(ctx).Raw(`SELECT no, id, region, head, open FROM search_documents WHERE no IN (SELECT no `+from+`)`, args...).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("match: %w", failed(err))
	}
	return rows, nil
}

// holding is what a statement selects the numbers from that hold the words.
func (x *Index) holding(p search.Plan) (from string, args []any) {
	lite := x.db.Dialect() == dbx.SQLite
	switch expr, ok := x.expression(p); {
	case !ok && len(p.None) > 0 && lite: // FTS5 knows no query of only NOT
		from, args = `FROM search_documents WHERE no NOT IN (SELECT rowid FROM search_fts WHERE search_fts MATCH ?) AND collection = ?`,
			[]any{ftsAny(x.collection, p.None), x.collection}
	case !ok:
		from, args = `FROM search_documents WHERE collection = ?`, []any{x.collection}
	case lite:
		from, args = `FROM (SELECT rowid AS no FROM search_fts WHERE search_fts MATCH ?) f`, []any{expr}
	case len(p.All) == 0:
		from = `FROM (SELECT d.no FROM search_fts f JOIN search_documents d ON d.no = f.no
WHERE f.words @@ CAST(CAST(? AS text) AS tsquery) AND d.collection = ?) f`
		args = []any{expr, x.collection}
	default:
		from, args = `FROM search_fts WHERE words @@ CAST(CAST(? AS text) AS tsquery)`, []any{expr}
	}
	return from, args
}

// holds says terms are remembered: FTS5 is quick enough without.
func (x *Index) holds() bool { return x.db.Dialect() == dbx.Postgres }

// unpack reads numbers with commas between.
func unpack(s string) ([]int64, error) {
	if s == "" {
		return nil, nil
	}
	out := make([]int64, 0, 1+strings.Count(s, ","))
	for part := range strings.SplitSeq(s, ",") {
		n, err := strconv.ParseInt(part, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("match: %w", err)
		}
		out = append(out, n)
	}
	return out, nil
}

// expression is the query in the engine's language; false where it has none.
func (x *Index) expression(p search.Plan) (string, bool) {
	if x.db.Dialect() == dbx.SQLite {
		return ftsQuery(x.collection, p)
	}
	return tsQuery(x.collection, p)
}

// failed marks what the engine itself would not do; the caller's own
// cancellation is none of it.
func failed(err error) error {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return search.ErrUnavailable.With(err)
}
