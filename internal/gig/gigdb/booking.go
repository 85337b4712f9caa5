package gigdb

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"linggong/internal/day"
	"linggong/internal/dbx"
	"linggong/internal/gig"
)

var _ gig.BookingStore = (*Store)(nil)

// LockShifts implements gig.BookingStore. Rows are locked in the order of their
// ids, so that two that need several never wait for each other.
func (s *Store) LockShifts(ctx context.Context, ids []gig.ShiftID) (map[gig.ShiftID]gig.PostingID, error) {
	lock := ""
	if s.db.Dialect() == dbx.Postgres {
		lock = " FOR NO KEY UPDATE" // SQLite has one writer at a time
	}
	var rows []struct{ ID, PostingID string }
	err := s.db.From(ctx).Raw("SELECT id, posting_id FROM gig_shifts WHERE "+s.db.AnyID("id")+" ORDER BY id"+lock, s.db.List(texts(ids))).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("lock shifts: %w", dbx.Classify(err))
	}
	out := make(map[gig.ShiftID]gig.PostingID, len(rows))
	for _, r := range rows {
		out[gig.ShiftID(r.ID)] = gig.PostingID(r.PostingID)
	}
	return out, nil
}

// UsedCodes implements gig.BookingStore.
func (s *Store) UsedCodes(ctx context.Context, codes []string) ([]string, error) {
	var used []string
	if err := s.db.From(ctx).Raw("SELECT code FROM gig_engagements WHERE "+s.db.AnyText("code")+" AND "+underWay, s.db.List(codes)).Scan(&used).Error; err != nil {
		return nil, fmt.Errorf("look for codes: %w", dbx.Classify(err))
	}
	return used, nil
}

// CreateEngagements implements gig.BookingStore: the places of all shifts in one
// statement, the rows in another. The CHECK on the shift and the constraints on
// the rows promise what CreateEngagement promises.
func (s *Store) CreateEngagements(ctx context.Context, list []gig.Engagement, moves []gig.EngagementMove, moveID func() string) error {
	if len(list) == 0 {
		return nil
	}
	rows := make([]engagement, len(list))
	places, postings := map[string]int{}, map[string]bool{}
	for i, e := range list {
		rows[i] = newEngagement(e)
		rows[i].UpdatedAt = e.CreatedAt
		if e.Status.Holds() {
			places[string(e.ShiftID)]++
			postings[string(e.PostingID)] = true
		}
	}
	if err := s.takePlaces(ctx, places); err != nil {
		return err
	}
	if err := engagementError(list[0].ID, dbx.InsertAll(ctx, s.db, rows)); err != nil {
		return err
	}
	if err := s.markFilled(ctx, postings); err != nil {
		return err
	}
	history := make([]engagementMove, len(moves))
	for i, m := range moves {
		history[i] = newEngagementMove(moveID(), m)
	}
	if err := dbx.InsertAll(ctx, s.db, history); err != nil {
		return fmt.Errorf("add history of engagements: %w", dbx.Classify(err))
	}
	return nil
}

func (s *Store) takePlaces(ctx context.Context, places map[string]int) error {
	if len(places) == 0 {
		return nil
	}
	said, err := json.Marshal(places)
	if err != nil {
		return fmt.Errorf("take places: %w", err)
	}
	from := "json_each(?) AS j WHERE gig_shifts.id = j.key"
	if s.db.Dialect() == dbx.Postgres {
		from = "json_each_text(CAST(? AS json)) AS j WHERE gig_shifts.id = CAST(j.key AS uuid)"
	}
	res := s.db.From(ctx).Exec("UPDATE gig_shifts SET filled = filled + CAST(j.value AS bigint) FROM "+from, string(said))
	if err := dbx.Classify(res.Error); err != nil {
		return fmt.Errorf("take places: %w", err)
	}
	if res.RowsAffected != int64(len(places)) {
		return gig.ErrShiftNotFound
	}
	return nil
}

// markFilled is MarkFilled for several postings.
func (s *Store) markFilled(ctx context.Context, postings map[string]bool) error {
	if len(postings) == 0 {
		return nil
	}
	err := s.db.From(ctx).Exec(`UPDATE gig_postings SET status = CASE WHEN status = 'published' THEN 'filled' ELSE 'published' END
		WHERE `+s.db.AnyID("id")+` AND status = CASE WHEN EXISTS (SELECT 1 FROM gig_shifts WHERE posting_id = gig_postings.id AND filled < headcount) THEN 'filled' ELSE 'published' END`,
		s.db.List(slices.Sorted(maps.Keys(postings)))).Error
	if err != nil {
		return fmt.Errorf("mark postings filled: %w", dbx.Classify(err))
	}
	return nil
}

// LiveHoldings implements gig.BookingStore.
func (s *Store) LiveHoldings(ctx context.Context, ids []gig.WorkerID, from, until day.Date) (map[gig.WorkerID]gig.Holdings, error) {
	out := make(map[gig.WorkerID]gig.Holdings, len(ids))
	if len(ids) == 0 {
		return out, nil
	}
	return out, s.live(ctx, out, ids, from, until)
}

// Contacts implements gig.BookingStore.
func (s *Store) Contacts(ctx context.Context, ids []gig.EmployerID) (map[gig.EmployerID]gig.Contact, error) {
	var rows []employer
	err := s.db.From(ctx).Where(s.db.AnyID("id"), s.db.List(texts(ids))).Select("id", "phone_sealed", "address_sealed").Find(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("read contacts of employers: %w", dbx.Classify(err))
	}
	out := make(map[gig.EmployerID]gig.Contact, len(rows))
	for _, r := range rows {
		var c gig.Contact
		if c.Phone, err = s.opened(fieldPhone, r.ID, r.PhoneSealed); err != nil {
			return nil, err
		}
		if c.Address, err = s.opened(fieldAddress, r.ID, r.AddressSealed); err != nil {
			return nil, err
		}
		out[gig.EmployerID(r.ID)] = c
	}
	return out, nil
}
