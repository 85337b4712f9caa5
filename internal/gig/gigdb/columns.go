package gigdb

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"linggong/internal/day"
	"linggong/internal/dbx"
	"linggong/internal/gig"
	"linggong/internal/tx"
)

// PublishedPostings implements gig.PostingStore: a start must not wait. Two
// statements whatever the number, beside each other, of only the columns that
// are asked about; and each row comes as one text, for handing over a value
// costs more than reading it.
func (s *Store) PublishedPostings(ctx context.Context) iter.Seq2[gig.Posting, error] {
	return func(yield func(gig.Posting, error) bool) {
		var shifts map[gig.PostingID]string
		var terms []string
		g, gctx := errgroup.WithContext(ctx)
		if tx.From(ctx) != nil {
			g.SetLimit(1) // a transaction is one connection
		}
		g.Go(func() (err error) { shifts, err = s.publishedShifts(gctx); return err })
		g.Go(func() (err error) { terms, err = s.publishedTerms(gctx); return err })
		err := g.Wait()
		for i := 0; err == nil && i < len(terms); i++ {
			var p gig.Posting
			if p, err = postingOf(terms[i], shifts); err == nil && !yield(p, nil) {
				return
			}
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

// seconds is a time as Unix seconds, in SQL.
func (s *Store) seconds(column string) string {
	if s.db.Dialect() == dbx.SQLite {
		return `unixepoch(` + column + `)`
	}
	return `CAST(extract(epoch FROM ` + column + `) AS bigint)`
}

// whole hands a text over as it is: SQLite's driver tries in seven ways whether
// the text of an expression is a time.
func (s *Store) whole(expr string) string {
	if s.db.Dialect() == dbx.SQLite {
		return `CAST(` + expr + ` AS BLOB)`
	}
	return expr
}

// publishedShifts returns the shifts of published postings, packed, by posting.
func (s *Store) publishedShifts(ctx context.Context) (map[gig.PostingID]string, error) {
	list, group := `string_agg`, `s.posting_id`
	if s.db.Dialect() == dbx.SQLite {
		list, group = `group_concat`, `p.rowid` // the order they come in
	}
	list += `(s.date || ' ' || ` + s.seconds("s.starts_at") + ` || ' ' || ` + s.seconds("s.ends_at") + ` || ' ' || s.headcount || ' ' || s.filled, ',')`
	var rows []struct{ PostingID, Shifts string }
	err := s.db.From(ctx).Raw(`SELECT s.posting_id, ` + s.whole(list) + ` AS shifts
		FROM gig_postings p CROSS JOIN gig_shifts s WHERE s.posting_id = p.id AND ` + s.published() + ` GROUP BY ` + group).Scan(&rows).Error
	if err != nil {
		return nil, err
	}
	out := make(map[gig.PostingID]string, len(rows))
	for _, r := range rows {
		out[gig.PostingID(r.PostingID)] = r.Shifts
	}
	return out, nil
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

// publishedTerms returns published postings, packed; none of these values holds a space.
func (s *Store) publishedTerms(ctx context.Context) (out []string, err error) {
	line := `id || ' ' || version || ' ' || trade || ' ' || village || ' ' || lat_e6 || ' ' || lng_e6 || ' ' || hour_fen
		|| ' ' || settlement || ' ' || form || ' ' || employer_id || ' ' || coalesce(` + s.seconds("published_at") + `, 0) || ' ' ||
		(CASE WHEN meals THEN 1 ELSE 0 END + CASE WHEN lodging THEN 2 ELSE 0 END + CASE WHEN suited_older THEN 4 ELSE 0 END
		+ CASE WHEN suited_disabled THEN 8 ELSE 0 END + CASE WHEN no_experience THEN 16 ELSE 0 END + CASE WHEN urgent THEN 32 ELSE 0 END
		+ CASE WHEN transport <> '' THEN 64 ELSE 0 END + CASE WHEN for_household THEN 128 ELSE 0 END)`
	err = s.db.From(ctx).Raw(`SELECT ` + s.whole(line) + ` FROM gig_postings p WHERE ` + s.published()).Scan(&out).Error
	return out, err
}

// packed reads the values of one text, from left to right.
type packed struct {
	rest string
	err  error
}

func (p *packed) text() string {
	v, rest, _ := strings.Cut(p.rest, " ")
	p.rest = rest
	return v
}

func (p *packed) number() int64 {
	n, err := strconv.ParseInt(p.text(), 10, 64)
	if err != nil && p.err == nil {
		p.err = err
	}
	return n
}

func (p *packed) time() time.Time { return time.Unix(p.number(), 0).UTC() }

func postingOf(line string, shifts map[gig.PostingID]string) (gig.Posting, error) {
	v := packed{rest: line}
	p := gig.Posting{ID: gig.PostingID(v.text()), Version: v.number(), Status: gig.PostingPublished}
	p.Trade, p.Village = v.text(), v.text()
	p.Place.LatE6, p.Place.LngE6, p.HourFen = v.number(), v.number(), v.number()
	p.Pay.Settlement, p.Form, p.EmployerID = gig.SettlementKind(v.text()), gig.Form(v.text()), gig.EmployerID(v.text())
	p.PublishedAt = v.time()
	flags := v.number()
	p.Meals, p.Lodging, p.SuitedOlder = flags&isMeals != 0, flags&isLodging != 0, flags&isSuitedOlder != 0
	p.SuitedDisabled, p.NoExperience, p.Urgent = flags&isSuitedDisabled != 0, flags&isNoExperience != 0, flags&isUrgent != 0
	p.ForHousehold = flags&isForHousehold != 0
	if flags&isTransport != 0 {
		p.Transport = "有"
	}
	list := shifts[p.ID]
	p.Shifts = make([]gig.Shift, 0, 1+strings.Count(list, ","))
	for one := range strings.SplitSeq(list, ",") {
		if one == "" {
			continue
		}
		h := packed{rest: one}
		sh := gig.Shift{PostingID: p.ID, Date: day.Date(h.text())}
		sh.StartsAt, sh.EndsAt = h.time(), h.time()
		sh.Headcount, sh.Filled = h.number(), h.number()
		p.Shifts = append(p.Shifts, sh)
		v.err = cmp.Or(v.err, h.err)
	}
	return p, v.err
}
