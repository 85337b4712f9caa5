// Package sqlindex is the text index inside the database itself: FTS5 on
// SQLite, tsvector with GIN on PostgreSQL, both fed the same ready-made
// lexemes. It is the embedded default and the fall-back behind any other
// engine, and it is never behind: Put joins the transaction of the act.
package sqlindex

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync"

	"linggong/internal/dbx"
	"linggong/internal/search"
)

// Collection is one set of documents. Each has lexemes of its own, so that one
// never lengthens the other's lists.
type Collection string

// The collections.
const (
	Postings Collection = "postings"
	Workers  Collection = "workers"
)

// letter begins each lexeme of the collection.
func (c Collection) letter() string { return string(c[:1]) }

// batch is how many documents one transaction of a rebuild writes: the
// embedded database has one writer, and acts must get their turn.
const batch = 400

// Index is one collection in one database.
type Index struct {
	db         *dbx.DB
	collection Collection

	mu      sync.Mutex
	deleted map[string]bool // ids deleted while a rebuild runs; nil when none does
}

var (
	_ search.Index   = (*Index)(nil)
	_ search.Auditor = (*Index)(nil)
)

// New returns the collection's index.
func New(db *dbx.DB, c Collection) *Index { return &Index{db: db, collection: c} }

// Put implements search.Index, in the transaction of ctx or in one of its own.
func (x *Index) Put(ctx context.Context, docs ...search.Doc) error {
	if len(docs) == 0 {
		return nil
	}
	for _, d := range docs {
		if err := d.Check(); err != nil {
			return err
		}
	}
	return x.db.InTx(ctx, func(ctx context.Context) error {
		for _, d := range docs {
			if err := x.put(ctx, d); err != nil {
				return fmt.Errorf("index document %s: %w", d.ID, dbx.Classify(err))
			}
		}
		return nil
	})
}

// upsert answers the number of the row, or nothing when the one there is newer.
const upsert = `INSERT INTO search_documents (collection, id, version, region, open, head)
VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (collection, id) DO UPDATE
SET version = excluded.version, region = excluded.region, open = excluded.open, head = excluded.head
WHERE search_documents.version <= excluded.version
RETURNING no`

func (x *Index) put(ctx context.Context, d search.Doc) error {
	var nos []int64
	head := search.Head(d.Fields)
	err := x.db.From(ctx).Raw(upsert, x.collection, d.ID, d.Version, d.Region, d.Open, head).Scan(&nos).Error
	if err != nil || len(nos) == 0 {
		return err
	}
	lexemes := search.Lexemes(d.Fields)
	if x.db.Dialect() == dbx.Postgres {
		return x.db.From(ctx).Exec(`INSERT INTO search_fts (no, words) VALUES (?, CAST(CAST(? AS text) AS tsvector))
ON CONFLICT (no) DO UPDATE SET words = excluded.words`, nos[0], vector(x.collection, lexemes)).Error
	}
	return x.db.From(ctx).Exec(`INSERT OR REPLACE INTO search_fts (rowid, words) VALUES (?, ?)`,
		nos[0], text(x.collection, lexemes)).Error
}

// Delete implements search.Index.
func (x *Index) Delete(ctx context.Context, ids ...string) error {
	if len(ids) == 0 {
		return nil
	}
	x.note(ids)
	return x.delete(ctx, ids)
}

// note tells a rebuild that runs now that ids are gone for good.
func (x *Index) note(ids []string) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.deleted != nil {
		for _, id := range ids {
			x.deleted[id] = true
		}
	}
}

// noted says id was deleted since the rebuild began.
func (x *Index) noted(id string) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.deleted[id]
}

func (x *Index) delete(ctx context.Context, ids []string) error {
	return x.db.InTx(ctx, func(ctx context.Context) error {
		for start := 0; start < len(ids); start += batch {
			var nos []int64
			err := x.db.From(ctx).Raw(`DELETE FROM search_documents WHERE collection = ? AND id IN ? RETURNING no`,
				x.collection, ids[start:min(start+batch, len(ids))]).Scan(&nos).Error
			if err == nil {
				err = x.forget(ctx, nos)
			}
			if err != nil {
				return fmt.Errorf("delete %d documents: %w", len(ids), dbx.Classify(err))
			}
		}
		return nil
	})
}

// forget drops the words of rows; on PostgreSQL the reference has done it.
func (x *Index) forget(ctx context.Context, nos []int64) error {
	if x.db.Dialect() == dbx.Postgres || len(nos) == 0 {
		return nil
	}
	return x.db.From(ctx).Exec(`DELETE FROM search_fts WHERE rowid IN ?`, nos).Error
}

// Count implements search.Index.
func (x *Index) Count(ctx context.Context) (int, error) {
	var n int
	err := x.db.From(ctx).Raw(`SELECT count(*) FROM search_documents WHERE collection = ?`, x.collection).Scan(&n).Error
	if err != nil {
		return 0, fmt.Errorf("count documents: %w", err)
	}
	return n, nil
}

// errRebuilding says one rebuild runs already.
var errRebuilding = errors.New("a rebuild of this index is under way")

// Rebuild implements search.Index. Searches go on over what is there; each
// document changes at once. What the acts put meanwhile stays: it is either
// newer than what seq says or has a higher number than anything of before.
func (x *Index) Rebuild(ctx context.Context, seq iter.Seq2[search.Doc, error]) error {
	x.mu.Lock()
	busy := x.deleted != nil
	if !busy {
		x.deleted = map[string]bool{}
	}
	x.mu.Unlock()
	if busy {
		return fmt.Errorf("rebuild %s: %w", x.collection, errRebuilding)
	}
	defer func() {
		x.mu.Lock()
		x.deleted = nil
		x.mu.Unlock()
	}()
	if err := x.rebuild(ctx, seq); err != nil {
		return fmt.Errorf("rebuild %s: %w", x.collection, err)
	}
	return nil
}

func (x *Index) rebuild(ctx context.Context, seq iter.Seq2[search.Doc, error]) error {
	var last int64
	err := x.db.From(ctx).Raw(`SELECT coalesce(max(no), 0) FROM search_documents WHERE collection = ?`, x.collection).
		Scan(&last).Error
	if err != nil {
		return err
	}
	wanted := map[string]bool{}
	var docs []search.Doc
	put := func() error {
		docs = slices.DeleteFunc(docs, func(d search.Doc) bool { return x.noted(d.ID) })
		err := x.Put(ctx, docs...)
		docs = docs[:0]
		return err
	}
	for d, err := range seq {
		if err != nil {
			return err
		}
		wanted[d.ID] = true
		if docs = append(docs, d); len(docs) == batch {
			if err := put(); err != nil {
				return err
			}
		}
	}
	if err := put(); err != nil {
		return err
	}
	return x.dropUnwanted(ctx, wanted, last)
}

// dropUnwanted deletes what was there before the rebuild began and is in it no more.
func (x *Index) dropUnwanted(ctx context.Context, wanted map[string]bool, last int64) error {
	for after := int64(0); ; {
		var rows []struct {
			No int64
			ID string
		}
		err := x.db.From(ctx).Raw(`SELECT no, id FROM search_documents WHERE collection = ? AND no > ? AND no <= ?
ORDER BY no LIMIT 5000`, x.collection, after, last).Scan(&rows).Error
		if err != nil || len(rows) == 0 {
			return err
		}
		var gone []string
		for _, r := range rows {
			after = r.No
			if !wanted[r.ID] {
				gone = append(gone, r.ID)
			}
		}
		if len(gone) == 0 {
			continue
		}
		if err := x.delete(ctx, gone); err != nil {
			return err
		}
	}
}

// Refs implements search.Auditor.
func (x *Index) Refs(ctx context.Context) iter.Seq2[search.Ref, error] {
	return func(yield func(search.Ref, error) bool) {
		for after := ""; ; {
			var rows []search.Ref
			err := x.db.From(ctx).Raw(`SELECT id, version, region, open FROM search_documents
WHERE collection = ? AND id > ? ORDER BY id LIMIT 2000`, x.collection, after).Scan(&rows).Error
			if err != nil {
				yield(search.Ref{}, fmt.Errorf("list documents: %w", err))
				return
			}
			for _, r := range rows {
				if !yield(r, nil) {
					return
				}
				after = r.ID
			}
			if len(rows) == 0 {
				return
			}
		}
	}
}

// Match implements search.Index.
func (x *Index) Match(ctx context.Context, q search.Query) ([]search.Hit, error) {
	if err := q.Check(); err != nil {
		return nil, err
	}
	plan := q.Plan()
	if plan.Nothing {
		return nil, nil
	}
	scorer := search.NewScorer(plan)
	where, args := x.where(q, plan)
	heads, err := x.worthScoring(ctx, plan, scorer)
	if err != nil {
		return nil, err
	}
	hits, err := x.hits(ctx, where, args, heads, scorer)
	if err != nil {
		return nil, err
	}
	return search.Sort(hits, q.Limit), nil
}

// worthScoring says whether the words find few enough documents to rank.
func (x *Index) worthScoring(ctx context.Context, p search.Plan, s *search.Scorer) (bool, error) {
	expr, ok := x.expression(p)
	if s.Flat() || !ok {
		return false, nil
	}
	count := `SELECT count(*) FROM (SELECT 1 FROM search_fts WHERE search_fts MATCH ? LIMIT ?) n`
	if x.db.Dialect() == dbx.Postgres {
		count = `SELECT count(*) FROM (SELECT 1 FROM search_fts WHERE words @@ CAST(CAST(? AS text) AS tsquery) LIMIT ?) n`
	}
	var n int
	if err := x.db.From(ctx).Raw(count, expr, search.ScoredAtMost+1).Scan(&n).Error; err != nil {
		return false, fmt.Errorf("count matches: %w", failed(err))
	}
	return n <= search.ScoredAtMost, nil
}

func (x *Index) hits(ctx context.Context, where string, args []any, heads bool, s *search.Scorer) ([]search.Hit, error) {
	columns := `d.id, '' `
	if heads {
		columns = `d.id, d.head `
	}
	rows, err := x.db.From(ctx).Raw(`SELECT `+columns+where, args...).Rows()
	if err != nil {
		return nil, fmt.Errorf("match: %w", failed(err))
	}
	defer rows.Close()
	var out []search.Hit
	var head string
	for rows.Next() {
		h := search.Hit{Score: 1}
		if err := rows.Scan(&h.ID, &head); err != nil {
			return nil, fmt.Errorf("match: %w", err)
		}
		if heads {
			h.Score = s.Score(head)
		}
		out = append(out, h)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("match: %w", failed(err))
	}
	return out, nil
}

// where returns everything of the statement after its columns. Only lexemes
// made by us, quoted, and digits reach the engine's own query language, and
// those as values.
func (x *Index) where(q search.Query, p search.Plan) (string, []any) {
	var b strings.Builder
	var args []any
	lite := x.db.Dialect() == dbx.SQLite
	switch expr, ok := x.expression(p); {
	case !ok && len(p.None) > 0 && lite: // FTS5 knows no query of only NOT
		b.WriteString(`FROM search_documents d WHERE d.no NOT IN (SELECT rowid FROM search_fts WHERE search_fts MATCH ?)`)
		args = append(args, ftsAny(x.collection, p.None))
	case !ok:
		b.WriteString(`FROM search_documents d WHERE TRUE`)
	case lite:
		// CROSS JOIN keeps the words in front; the planner would scan the rows.
		b.WriteString(`FROM search_fts CROSS JOIN search_documents d ON d.no = search_fts.rowid WHERE search_fts MATCH ?`)
		args = append(args, expr)
	default:
		b.WriteString(`FROM search_fts f JOIN search_documents d ON d.no = f.no WHERE f.words @@ CAST(CAST(? AS text) AS tsquery)`)
		args = append(args, expr)
	}
	b.WriteString(` AND d.collection = ?`)
	args = append(args, x.collection)
	if !q.WithClosed {
		b.WriteString(` AND d.open`)
	}
	if q.Region != "" {
		b.WriteString(` AND d.region LIKE ?`)
		args = append(args, search.Scope(q.Region)+"%") // digits only, by Check
	}
	return b.String(), args
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
