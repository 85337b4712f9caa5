package gigdb

import (
	"context"
	"fmt"

	"linggong/internal/dbx"
	"linggong/internal/gig"
)

// fillRows is how many rows one statement of a fill writes: a posting has 49
// columns, and SQLite takes 32,766 values.
const fillRows = 500

// FillPostings writes postings as they are, with the places already filled,
// many in one statement and without an act: for made cities whose size is the
// point. Nothing hears of them; rebuild what is derived afterwards.
func (s *Store) FillPostings(ctx context.Context, list []gig.Posting) error {
	rows := make([]posting, len(list))
	var shifts []shift
	for i, p := range list {
		var err error
		if rows[i], err = s.newPosting(p); err != nil {
			return err
		}
		for _, sh := range p.Shifts {
			shifts = append(shifts, newShift(p.ID, sh))
		}
	}
	return fill(ctx, s.db, "postings", &rows, &shifts)
}

// FillWorkers is FillPostings for workers.
func (s *Store) FillWorkers(ctx context.Context, list []gig.Worker) error {
	rows := make([]worker, len(list))
	var trades []workerTrade
	var papers []workerCertificate
	for i, w := range list {
		var t []workerTrade
		var c []workerCertificate
		rows[i], t, c = newWorker(w)
		trades, papers = append(trades, t...), append(papers, c...)
	}
	return fill(ctx, s.db, "workers", &rows, &trades, &papers)
}

// FillEmployers is FillPostings for employers; nobody can be asked about them.
func (s *Store) FillEmployers(ctx context.Context, list []gig.Employer) error {
	rows := make([]employer, len(list))
	for i, e := range list {
		rows[i] = newEmployer(e)
	}
	return fill(ctx, s.db, "employers", &rows)
}

// fill writes lists of rows in one transaction, in their order.
func fill(ctx context.Context, db *dbx.DB, what string, lists ...any) error {
	return db.InTx(ctx, func(ctx context.Context) error {
		for _, rows := range lists {
			if err := db.From(ctx).CreateInBatches(rows, fillRows).Error; err != nil {
				return fmt.Errorf("fill %s: %w", what, dbx.Classify(err))
			}
		}
		return nil
	})
}
