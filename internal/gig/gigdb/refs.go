package gigdb

import (
	"context"
	"database/sql"
	"fmt"
	"iter"
	"slices"
	"time"

	"linggong/internal/dbx"
	"linggong/internal/gig"
	"linggong/internal/search"
)

// refPage is how many rows one statement of a listing reads.
const refPage = 5000

// PostingRefs lists the postings that can be found by words, or of ids those that can.
func (s *Store) PostingRefs(ctx context.Context, ids ...string) iter.Seq2[search.Ref, error] {
	return s.refs(ctx, `SELECT id, version, village AS region, true AS open FROM gig_postings WHERE status || '' IN ('published', 'filled')`, ids)
}

// WorkerRefs lists the workers that can be found by words, or of ids those that can.
func (s *Store) WorkerRefs(ctx context.Context, ids ...string) iter.Seq2[search.Ref, error] {
	return s.refs(ctx, `SELECT id, version, village AS region, true AS open FROM gig_workers WHERE 1 = 1`, ids)
}

func (s *Store) refs(ctx context.Context, query string, ids []string) iter.Seq2[search.Ref, error] {
	return func(yield func(search.Ref, error) bool) {
		some := func(sql string, args ...any) (rows []search.Ref, more bool) {
			if err := s.db.From(ctx).Raw(query+sql, args...).Scan(&rows).Error; err != nil {
				yield(search.Ref{}, fmt.Errorf("list rows for the index: %w", dbx.Classify(err)))
				return nil, false
			}
			for _, r := range rows {
				if !yield(r, nil) {
					return nil, false
				}
			}
			return rows, true
		}
		known := slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return !uuidRE.MatchString(id) }) // an index may hold anything
		for part := range slices.Chunk(known, 500) {
			if _, more := some(` AND id IN ?`, part); !more {
				return
			}
		}
		after := "00000000-0000-0000-0000-000000000000"
		for len(ids) == 0 {
			rows, more := some(` AND id > ? ORDER BY id LIMIT ?`, after, refPage)
			if !more || len(rows) < refPage {
				return
			}
			after = rows[len(rows)-1].ID
		}
	}
}

// LockPostings keeps postings as they are until the transaction ends.
func (s *Store) LockPostings(ctx context.Context, ids ...string) error {
	return s.lock(ctx, "gig_postings", ids)
}

// LockWorkers keeps workers as they are until the transaction ends.
func (s *Store) LockWorkers(ctx context.Context, ids ...string) error {
	return s.lock(ctx, "gig_workers", ids)
}

func (s *Store) lock(ctx context.Context, table string, ids []string) error {
	if s.db.Dialect() == dbx.SQLite { // it has one writer at a time
		return nil
	}
	known := slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return !uuidRE.MatchString(id) })
	var rows []string
	err := s.db.From(ctx).Raw("SELECT id FROM "+table+" WHERE "+s.db.AnyID("id")+" ORDER BY id FOR SHARE", s.db.List(known)).Scan(&rows).Error
	if err != nil {
		return fmt.Errorf("lock rows of %s: %w", table, dbx.Classify(err))
	}
	return nil
}

// PostingsChangedSince returns the postings written since then, or whose
// employer was: its name is among their words.
func (s *Store) PostingsChangedSince(ctx context.Context, since time.Time) ([]string, error) {
	return s.changedSince(ctx, `SELECT id FROM gig_postings WHERE updated_at >= @since
UNION SELECT p.id FROM gig_employers e JOIN gig_postings p ON p.employer_id = e.id WHERE e.updated_at >= @since`, sql.Named("since", since.UTC()))
}

// PostingsOf returns the postings of an employer that can be found.
func (s *Store) PostingsOf(ctx context.Context, employer string) ([]string, error) {
	var ids []string
	err := s.db.From(ctx).Raw(`SELECT id FROM gig_postings WHERE employer_id = ? AND status IN ?`, employer,
		[]string{string(gig.PostingPublished), string(gig.PostingFilled)}).Scan(&ids).Error
	if err != nil {
		return nil, fmt.Errorf("list the postings of employer %s: %w", employer, dbx.Classify(err))
	}
	return ids, nil
}

// WorkersChangedSince returns the workers written since then.
func (s *Store) WorkersChangedSince(ctx context.Context, since time.Time) ([]string, error) {
	return s.changedSince(ctx, `SELECT id FROM gig_workers WHERE updated_at >= @since`, sql.Named("since", since.UTC()))
}

func (s *Store) changedSince(ctx context.Context, query string, since sql.NamedArg) ([]string, error) {
	var ids []string
	if err := s.db.From(ctx).Raw(query, since).Scan(&ids).Error; err != nil {
		return nil, fmt.Errorf("list what changed: %w", dbx.Classify(err))
	}
	return ids, nil
}

// AllWorkers yields every worker, by id, a thousand read at a time.
func (s *Store) AllWorkers(ctx context.Context) iter.Seq2[gig.Worker, error] {
	const batch = 1000
	return func(yield func(gig.Worker, error) bool) {
		for after := "00000000-0000-0000-0000-000000000000"; ; {
			var rows []worker
			err := s.db.From(ctx).Where("id > ?", after).Order("id").Limit(batch).Find(&rows).Error
			var list []gig.Worker
			if err == nil {
				list, err = s.wholeWorkers(ctx, rows)
			}
			if err != nil {
				yield(gig.Worker{}, fmt.Errorf("list workers: %w", dbx.Classify(err)))
				return
			}
			for _, w := range list {
				if !yield(w, nil) {
					return
				}
			}
			if len(rows) < batch {
				return
			}
			after = rows[len(rows)-1].ID
		}
	}
}
