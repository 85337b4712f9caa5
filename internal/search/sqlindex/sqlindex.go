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

	cards shelf
	held  held
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

// putTries is how often put tries where others put the same document at the
// same moment.
const putTries = 4

// put writes a document under a number of its own. What a number stands for
// never changes, so whoever remembers it is never wrong (shelf.go).
func (x *Index) put(ctx context.Context, d search.Doc) error {
	head := search.Head(d.Fields)
	there := 0
	for range putTries {
		var nos []int64
		err := x.db.From(ctx).Raw(`INSERT INTO search_documents (collection, id, version, region, open, head)
VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (collection, id) DO NOTHING RETURNING no`,
			x.collection, d.ID, d.Version, d.Region, d.Open, head).Scan(&nos).Error
		if err != nil {
			return err
		}
		if len(nos) == 1 {
			return x.putText(ctx, nos[0], search.Lexemes(d.Fields))
		}
		err = x.db.From(ctx).Raw(`DELETE FROM search_documents WHERE collection = ? AND id = ? AND version <= ? RETURNING no`,
			x.collection, d.ID, d.Version).Scan(&nos).Error
		if err == nil {
			err = x.forget(ctx, nos)
		}
		if err != nil {
			return err
		}
		if len(nos) == 0 {
			if there++; there == 2 { // once, it may have been deleted in between
				return nil // what is there is newer
			}
		}
	}
	return errContended
}

var errContended = errors.New("others put the same document again and again")

func (x *Index) putText(ctx context.Context, no int64, lexemes []string) error {
	if x.db.Dialect() == dbx.Postgres {
		return x.db.From(ctx).Exec(`INSERT INTO search_fts (no, words) VALUES (?, CAST(CAST(? AS text) AS tsvector))`,
			no, vector(x.collection, lexemes)).Error
	}
	return x.db.From(ctx).Exec(`INSERT INTO search_fts (rowid, words) VALUES (?, ?)`, no, text(x.collection, lexemes)).Error
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
func (x *Index) Refs(ctx context.Context, ids ...string) iter.Seq2[search.Ref, error] {
	const page = 2000
	return func(yield func(search.Ref, error) bool) {
		some := func(sql string, args ...any) (rows []search.Ref, more bool) {
			err := x.db.From(ctx).Raw(`SELECT id, version, region, open FROM search_documents WHERE collection = ? AND `+sql,
				append([]any{x.collection}, args...)...).Scan(&rows).Error
			if err != nil {
				yield(search.Ref{}, fmt.Errorf("list documents: %w", failed(dbx.Classify(err))))
				return nil, false
			}
			for _, r := range rows {
				if !yield(r, nil) {
					return nil, false
				}
			}
			return rows, true
		}
		for part := range slices.Chunk(ids, batch) {
			if _, more := some(`id IN ?`, part); !more {
				return
			}
		}
		for after := ""; len(ids) == 0; {
			rows, more := some(`id > ? ORDER BY id LIMIT ?`, after, page)
			if !more || len(rows) < page {
				return
			}
			after = rows[len(rows)-1].ID
		}
	}
}
