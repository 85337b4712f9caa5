package gigdb

import (
	"context"
	"fmt"
	"slices"
	"strings"

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
	err := s.db.From(ctx).Raw("SELECT id, posting_id FROM gig_shifts WHERE id IN ? ORDER BY id"+lock, texts(ids)).Scan(&rows).Error
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
	if err := s.db.From(ctx).Raw("SELECT code FROM gig_engagements WHERE code IN ? AND live", codes).Scan(&used).Error; err != nil {
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
	if err := engagementError(list[0].ID, s.db.From(ctx).Create(&rows).Error); err != nil {
		return err
	}
	if err := s.markFilled(ctx, postings); err != nil {
		return err
	}
	history := make([]engagementMove, len(moves))
	for i, m := range moves {
		history[i] = newEngagementMove(moveID(), m)
	}
	if err := s.db.From(ctx).Create(&history).Error; err != nil {
		return fmt.Errorf("add history of engagements: %w", dbx.Classify(err))
	}
	return nil
}

func (s *Store) takePlaces(ctx context.Context, places map[string]int) error {
	if len(places) == 0 {
		return nil
	}
	ids := sortedKeys(places)
	var b strings.Builder
	args := make([]any, 0, 2*len(ids)+1)
	for _, id := range ids {
		b.WriteString(" WHEN ? THEN ?")
		args = append(args, id, places[id])
	}
	kind := "" // of the parameters; PostgreSQL cannot tell by itself
	if s.db.Dialect() == dbx.Postgres {
		kind = "::bigint"
	}
	res := s.db.From(ctx).Exec("UPDATE gig_shifts SET filled = filled + (CASE id"+b.String()+" ELSE 0 END)"+kind+" WHERE id IN ?", append(args, ids)...)
	if err := dbx.Classify(res.Error); err != nil {
		return fmt.Errorf("take places: %w", err)
	}
	if res.RowsAffected != int64(len(ids)) {
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
		WHERE id IN ? AND status = CASE WHEN EXISTS (SELECT 1 FROM gig_shifts WHERE posting_id = gig_postings.id AND filled < headcount) THEN 'filled' ELSE 'published' END`,
		sortedKeys(postings)).Error
	if err != nil {
		return fmt.Errorf("mark postings filled: %w", dbx.Classify(err))
	}
	return nil
}

func sortedKeys[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
