package gigdb

import (
	"context"
	"database/sql"
	"fmt"
	"iter"
	"time"

	"linggong/internal/dbx"
	"linggong/internal/gig"
)

// PublishedPostings implements gig.PostingStore. Two statements whatever the
// number, and only the columns that are asked about: a start must not wait.
func (s *Store) PublishedPostings(ctx context.Context) iter.Seq2[gig.Posting, error] {
	return func(yield func(gig.Posting, error) bool) {
		shifts, err := s.publishedShifts(ctx)
		if err == nil {
			err = s.publishedTerms(ctx, shifts, func(p gig.Posting) bool { return yield(p, nil) })
		}
		if err != nil {
			yield(gig.Posting{}, fmt.Errorf("read published postings: %w", dbx.Classify(err)))
		}
	}
}

// published is the condition. On SQLite it makes the rows come in the order they
// lie in: an index would have every one looked up somewhere else, and its shifts
// too, five times the work. PostgreSQL sorts by itself.
func (s *Store) published() string {
	if s.db.Dialect() == dbx.SQLite {
		return `p.rowid IN (SELECT rowid FROM gig_postings WHERE status = 'published')`
	}
	return `p.status = 'published'`
}

// publishedShifts returns the shifts of published postings by posting.
func (s *Store) publishedShifts(ctx context.Context) (map[gig.PostingID][]gig.Shift, error) {
	rows, err := s.db.From(ctx).Raw(`SELECT s.posting_id, s.id, s.date, s.starts_at, s.ends_at, s.headcount, s.filled
		FROM gig_postings p CROSS JOIN gig_shifts s WHERE s.posting_id = p.id AND ` + s.published()).Rows()
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[gig.PostingID][]gig.Shift{}
	for rows.Next() {
		var sh gig.Shift
		var starts, ends time.Time
		if err := rows.Scan(&sh.PostingID, &sh.ID, &sh.Date, &starts, &ends, &sh.Headcount, &sh.Filled); err != nil {
			return nil, err
		}
		sh.StartsAt, sh.EndsAt = starts.UTC(), ends.UTC()
		out[sh.PostingID] = append(out[sh.PostingID], sh)
	}
	return out, rows.Err()
}

// What is yes or no of a posting comes as one number.
const (
	isMeals = 1 << iota
	isLodging
	isSuitedOlder
	isSuitedDisabled
	isNoExperience
	isUrgent
	isTransport
	isForHousehold
)

func (s *Store) publishedTerms(ctx context.Context, shifts map[gig.PostingID][]gig.Shift, yield func(gig.Posting) bool) error {
	rows, err := s.db.From(ctx).Raw(`SELECT id, version, trade, village, lat_e6, lng_e6, hour_fen, settlement, form, employer_id, published_at,
			CASE WHEN meals THEN 1 ELSE 0 END + CASE WHEN lodging THEN 2 ELSE 0 END + CASE WHEN suited_older THEN 4 ELSE 0 END
			+ CASE WHEN suited_disabled THEN 8 ELSE 0 END + CASE WHEN no_experience THEN 16 ELSE 0 END + CASE WHEN urgent THEN 32 ELSE 0 END
			+ CASE WHEN transport <> '' THEN 64 ELSE 0 END + CASE WHEN for_household THEN 128 ELSE 0 END AS flags
		FROM gig_postings p WHERE ` + s.published()).Rows()
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		p := gig.Posting{Status: gig.PostingPublished}
		var published sql.NullTime
		var flags int64
		err := rows.Scan(&p.ID, &p.Version, &p.Trade, &p.Village, &p.Place.LatE6, &p.Place.LngE6, &p.HourFen, &p.Pay.Settlement, &p.Form,
			&p.EmployerID, &published, &flags)
		if err != nil {
			return err
		}
		p.PublishedAt, p.Shifts = published.Time.UTC(), shifts[p.ID]
		p.Meals, p.Lodging, p.SuitedOlder = flags&isMeals != 0, flags&isLodging != 0, flags&isSuitedOlder != 0
		p.SuitedDisabled, p.NoExperience, p.Urgent = flags&isSuitedDisabled != 0, flags&isNoExperience != 0, flags&isUrgent != 0
		p.ForHousehold = flags&isForHousehold != 0
		if flags&isTransport != 0 {
			p.Transport = "有"
		}
		if !yield(p) {
			return nil
		}
	}
	return rows.Err()
}
