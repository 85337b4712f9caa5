package gigdb

import (
	"context"
	"errors"
	"fmt"
	"time"

	"linggong/internal/day"
	"linggong/internal/dbx"
	"linggong/internal/gig"
)

var _ gig.EngagementStore = (*Store)(nil)

type engagement struct {
	ID                string `gorm:"primaryKey"`
	Code              string
	PostingID         string
	ShiftID           string
	EmployerID        string
	StationID         *string
	WorkerID          string
	PersonID          string
	Village           string
	StartsAt          time.Time
	EndsAt            time.Time
	Status            string
	Holds             bool
	Live              bool
	AnswerBy          *time.Time
	CheckedInAt       *time.Time
	CheckedOutAt      *time.Time
	MinutesByWorker   int64
	MinutesByEmployer int64
	AmountFen         int64
	PayDue            *string
	PaidAt            *time.Time
	PayMethod         string
	PayProof          string
	StarsByEmployer   int64
	StarsByWorker     int64
	Insurance         string
	CreatedAt         time.Time
	UpdatedAt         time.Time
	Version           int64
}

func (engagement) TableName() string { return "gig_engagements" }

func newEngagement(e gig.Engagement) engagement {
	r := engagement{
		ID: string(e.ID), Code: e.Code, PostingID: string(e.PostingID), ShiftID: string(e.ShiftID), EmployerID: string(e.EmployerID),
		StationID: dbx.StrPtr(e.StationID), WorkerID: string(e.WorkerID), PersonID: e.PersonID, Village: e.Village,
		StartsAt: e.StartsAt, EndsAt: e.EndsAt, Status: string(e.Status), Holds: e.Status.Holds(), Live: e.Status.Live(),
		CheckedInAt: dbx.TimePtr(e.CheckedInAt), CheckedOutAt: dbx.TimePtr(e.CheckedOutAt),
		MinutesByWorker: e.MinutesByWorker, MinutesByEmployer: e.MinutesByEmployer, AmountFen: e.AmountFen,
		PayDue: dbx.StrPtr(e.PayDue), PaidAt: dbx.TimePtr(e.PaidAt), PayMethod: e.PayMethod, PayProof: e.PayProof,
		StarsByEmployer: e.StarsByEmployer, StarsByWorker: e.StarsByWorker, Insurance: e.Insurance, CreatedAt: e.CreatedAt, Version: e.Version,
	}
	if e.Status == gig.Applied || e.Status == gig.Invited { // only these wait for an answer
		r.AnswerBy = dbx.TimePtr(e.AnswerBy)
	}
	return r
}

func (r engagement) domain() gig.Engagement {
	return gig.Engagement{
		ID: gig.EngagementID(r.ID), Code: r.Code, PostingID: gig.PostingID(r.PostingID), ShiftID: gig.ShiftID(r.ShiftID),
		EmployerID: gig.EmployerID(r.EmployerID), StationID: dbx.Str[gig.StationID](r.StationID), WorkerID: gig.WorkerID(r.WorkerID),
		PersonID: r.PersonID, Village: r.Village, StartsAt: r.StartsAt.UTC(), EndsAt: r.EndsAt.UTC(), Status: gig.EngagementStatus(r.Status),
		AnswerBy: dbx.Time(r.AnswerBy), CheckedInAt: dbx.Time(r.CheckedInAt), CheckedOutAt: dbx.Time(r.CheckedOutAt),
		MinutesByWorker: r.MinutesByWorker, MinutesByEmployer: r.MinutesByEmployer, AmountFen: r.AmountFen,
		PayDue: dbx.Str[day.Date](r.PayDue), PaidAt: dbx.Time(r.PaidAt), PayMethod: r.PayMethod, PayProof: r.PayProof,
		StarsByEmployer: r.StarsByEmployer, StarsByWorker: r.StarsByWorker, Insurance: r.Insurance, CreatedAt: r.CreatedAt.UTC(), Version: r.Version,
	}
}

// takePlace is the hot statement of booking: it takes a place only while there
// is one and the shift has not begun. The row decides, whoever asks at once.
const takePlace = `UPDATE gig_shifts SET filled = filled + 1 WHERE id = ? AND filled < headcount`

// freePlace gives a place back.
const freePlace = `UPDATE gig_shifts SET filled = filled - 1 WHERE id = ? AND filled > 0`

func (s *Store) takePlace(ctx context.Context, shift gig.ShiftID) error {
	res := s.db.From(ctx).Exec(takePlace, string(shift))
	if res.Error != nil {
		return fmt.Errorf("take place: %w", dbx.Classify(res.Error))
	}
	if res.RowsAffected == 0 {
		return gig.ErrShiftFull
	}
	return nil
}

func engagementError(id gig.EngagementID, err error) error {
	err = dbx.Classify(err)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, dbx.ErrOverlap):
		return gig.ErrOverlap.With(err)
	case errors.Is(err, dbx.ErrDuplicate):
		if c := dbx.Constraint(err); c == "gig_engagements_code_key" || c == "gig_engagements.code" {
			return gig.ErrEngagementCode.With(err)
		}
		return gig.ErrAlreadyApplied.With(err)
	}
	return fmt.Errorf("write engagement %s: %w", id, err)
}

// CreateEngagement implements gig.EngagementStore. The posting's row is locked
// before the engagement's, here and everywhere.
func (s *Store) CreateEngagement(ctx context.Context, e gig.Engagement) error {
	if e.Status.Holds() {
		if err := s.takePlace(ctx, e.ShiftID); err != nil {
			return err
		}
	}
	r := newEngagement(e)
	r.UpdatedAt = e.CreatedAt
	if err := engagementError(e.ID, s.db.From(ctx).Create(&r).Error); err != nil {
		return err
	}
	return s.MarkFilled(ctx, e.PostingID)
}

// SaveEngagement implements gig.EngagementStore.
func (s *Store) SaveEngagement(ctx context.Context, e gig.Engagement, from gig.EngagementStatus) error {
	switch {
	case e.Status.Holds() && !from.Holds():
		if err := s.takePlace(ctx, e.ShiftID); err != nil {
			return err
		}
	case !e.Status.Holds() && from.Holds():
		if err := s.db.From(ctx).Exec(freePlace, string(e.ShiftID)).Error; err != nil {
			return fmt.Errorf("free place: %w", dbx.Classify(err))
		}
	}
	r := newEngagement(e)
	r.Version++
	r.UpdatedAt = dbx.Now()
	res := s.db.From(ctx).Model(&engagement{}).Where("id = ? AND version = ? AND status = ?", r.ID, e.Version, string(from)).Select("*").Updates(&r)
	if err := engagementError(e.ID, res.Error); err != nil {
		return err
	}
	if res.RowsAffected == 0 {
		return gig.ErrEngagementStale
	}
	if e.Status.Holds() == from.Holds() {
		return nil
	}
	return s.MarkFilled(ctx, e.PostingID)
}

// Engagement implements gig.EngagementStore.
func (s *Store) Engagement(ctx context.Context, id gig.EngagementID) (gig.Engagement, error) {
	return s.oneEngagement(ctx, "id = ?", string(id))
}

// EngagementByCode implements gig.EngagementStore.
func (s *Store) EngagementByCode(ctx context.Context, code string) (gig.Engagement, error) {
	return s.oneEngagement(ctx, "code = ? AND "+underWay, code)
}

// underWay is when a pick-up code is an engagement's alone: the words of its
// unique index.
const underWay = "live AND status NOT IN ('settled', 'closed')"

// FinishedByCode implements gig.EngagementStore.
func (s *Store) FinishedByCode(ctx context.Context, code string) ([]gig.Engagement, error) {
	var rows []engagement
	err := s.db.From(ctx).Where("code = ? AND status IN ('settled', 'closed')", code).Order("id DESC").Limit(100).Find(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("read engagements of an old code: %w", dbx.Classify(err))
	}
	out := make([]gig.Engagement, len(rows))
	for i, r := range rows {
		out[i] = r.domain()
	}
	return out, nil
}

func (s *Store) oneEngagement(ctx context.Context, where string, args ...any) (gig.Engagement, error) {
	var r engagement
	err := dbx.Classify(s.db.From(ctx).Where(where, args...).Take(&r).Error)
	if errors.Is(err, dbx.ErrNotFound) {
		return gig.Engagement{}, gig.ErrEngagementNotFound.With(err)
	}
	if err != nil {
		return gig.Engagement{}, fmt.Errorf("read engagement: %w", err)
	}
	return r.domain(), nil
}

// Engagements implements gig.EngagementStore.
func (s *Store) Engagements(ctx context.Context, scope gig.Scope, f gig.EngagementFilter) (gig.Page[gig.Engagement], error) {
	limit := pageSize(f.Limit)
	q, err := after(s.db.From(ctx), f.Cursor, limit)
	if err != nil {
		return gig.Page[gig.Engagement]{}, err
	}
	q = scoped(q, scope, columns{region: "village", station: "station_id", employer: "employer_id", person: "person_id"})
	for col, v := range map[string]string{
		"posting_id": string(f.Posting), "shift_id": string(f.Shift), "worker_id": string(f.Worker), "employer_id": string(f.Employer), "station_id": string(f.Station),
	} {
		if v != "" {
			q = q.Where(col+" = ?", v)
		}
	}
	if len(f.Statuses) > 0 {
		q = q.Where("status IN ?", texts(f.Statuses))
	}
	if f.Date != "" {
		q = q.Where("starts_at >= ? AND starts_at < ?", f.Date.Start().UTC(), f.Date.Add(1).Start().UTC())
	}
	switch f.DueState {
	case "due":
		q = q.Where("status = 'hours_confirmed' AND pay_due >= ?", string(f.Today))
	case "overdue":
		q = q.Where("status = 'hours_confirmed' AND pay_due < ?", string(f.Today))
	case "paid":
		q = q.Where("status IN ('settled', 'closed')")
	}
	var rows []engagement
	if err := q.Find(&rows).Error; err != nil {
		return gig.Page[gig.Engagement]{}, fmt.Errorf("list engagements: %w", dbx.Classify(err))
	}
	rows, next := cut(rows, limit, func(r engagement) string { return r.ID })
	out := gig.Page[gig.Engagement]{Next: next, Items: make([]gig.Engagement, len(rows))}
	for i, r := range rows {
		out.Items[i] = r.domain()
	}
	return out, nil
}

type engagementMove struct {
	ID           string `gorm:"primaryKey"`
	EngagementID string
	At           time.Time
	Act          string
	ToStatus     string
	ByRole       string
	ByAccount    *string
	Side         string
	Reason       string
}

func (engagementMove) TableName() string { return "gig_engagement_history" }

func newEngagementMove(id string, m gig.EngagementMove) engagementMove {
	return engagementMove{
		ID: id, EngagementID: string(m.EngagementID), At: m.At, Act: string(m.Act), ToStatus: string(m.To),
		ByRole: m.ByRole, ByAccount: dbx.StrPtr(m.ByAccount), Side: string(m.Side), Reason: m.Reason,
	}
}

// AddEngagementMove implements gig.EngagementStore.
func (s *Store) AddEngagementMove(ctx context.Context, id string, m gig.EngagementMove) error {
	r := newEngagementMove(id, m)
	if err := s.db.From(ctx).Create(&r).Error; err != nil {
		return fmt.Errorf("add history of engagement %s: %w", m.EngagementID, dbx.Classify(err))
	}
	return nil
}

// EngagementHistory implements gig.EngagementStore.
func (s *Store) EngagementHistory(ctx context.Context, id gig.EngagementID) ([]gig.EngagementMove, error) {
	var rows []engagementMove
	if err := s.db.From(ctx).Where("engagement_id = ?", string(id)).Order("id").Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("history of engagement %s: %w", id, dbx.Classify(err))
	}
	out := make([]gig.EngagementMove, len(rows))
	for i, r := range rows {
		out[i] = gig.EngagementMove{
			EngagementID: id, At: r.At.UTC(), Act: gig.Act(r.Act), To: gig.EngagementStatus(r.ToStatus), ByRole: r.ByRole,
			ByAccount: dbx.Str[string](r.ByAccount), Side: gig.Side(r.Side), Reason: r.Reason,
		}
	}
	return out, nil
}

// Week implements gig.EngagementStore.
func (s *Store) Week(ctx context.Context, worker gig.WorkerID, employer gig.EmployerID, on day.Date) (int64, int64, error) {
	monday := on.Add(-(int(on.Weekday()) + 6) % 7)
	var rows []struct {
		EmployerID string
		StartsAt   time.Time
		EndsAt     time.Time
		Break      int64
	}
	err := s.db.From(ctx).Raw(`SELECT e.employer_id, e.starts_at, e.ends_at, s.break_minutes AS break
		FROM gig_engagements e JOIN gig_shifts s ON s.id = e.shift_id
		WHERE e.worker_id = ? AND e.holds AND e.starts_at >= ? AND e.starts_at < ?`,
		string(worker), monday.Start().UTC(), monday.Add(7).Start().UTC()).Scan(&rows).Error
	if err != nil {
		return 0, 0, fmt.Errorf("week of worker %s: %w", worker, dbx.Classify(err))
	}
	var week, dayMinutes int64
	for _, r := range rows {
		minutes := int64(r.EndsAt.Sub(r.StartsAt)/time.Minute) - r.Break
		if r.EmployerID == string(employer) {
			week += minutes
		}
		if day.Of(r.StartsAt) == on {
			dayMinutes += minutes
		}
	}
	return week, dayMinutes, nil
}

// Due implements gig.EngagementStore.
func (s *Store) Due(ctx context.Context, now time.Time, limit int) ([]gig.EngagementID, error) {
	var ids []string
	err := s.db.From(ctx).Raw("SELECT id FROM gig_engagements WHERE answer_by IS NOT NULL AND answer_by <= ? ORDER BY answer_by, id LIMIT ?", now, limit).Scan(&ids).Error
	if err != nil {
		return nil, fmt.Errorf("due engagements: %w", dbx.Classify(err))
	}
	out := make([]gig.EngagementID, len(ids))
	for i, id := range ids {
		out[i] = gig.EngagementID(id)
	}
	return out, nil
}

// StartWaiting implements gig.EngagementStore.
func (s *Store) StartWaiting(ctx context.Context, id gig.WorkerID, now time.Time) error {
	err := s.db.From(ctx).Exec("UPDATE gig_workers SET waiting_since = ? WHERE id = ?", now.UTC(), string(id)).Error
	if err != nil {
		return fmt.Errorf("start the waiting of worker %s: %w", id, dbx.Classify(err))
	}
	return nil
}

// CountWorker implements gig.EngagementStore.
func (s *Store) CountWorker(ctx context.Context, id gig.WorkerID, completed int64, noShow day.Date, stars int64) error {
	rated := int64(0)
	if stars > 0 {
		rated = 1
	}
	no := ""
	if noShow != "" {
		no = string(noShow) + " "
	}
	err := s.db.From(ctx).Exec(`UPDATE gig_workers SET completed = completed + ?, no_shows = CASE WHEN ? = '' THEN no_shows WHEN no_shows = '' THEN ' ' || ? ELSE no_shows || ? END,
			rating_sum = rating_sum + ?, rating_count = rating_count + ? WHERE id = ?`,
		completed, no, no, no, stars, rated, string(id)).Error
	if err != nil {
		return fmt.Errorf("count for worker %s: %w", id, dbx.Classify(err))
	}
	return nil
}

// RateEmployer implements gig.EngagementStore.
func (s *Store) RateEmployer(ctx context.Context, id gig.EmployerID, stars int64) error {
	err := s.db.From(ctx).Exec("UPDATE gig_employers SET rating_sum = rating_sum + ?, rating_count = rating_count + 1 WHERE id = ?", stars, string(id)).Error
	if err != nil {
		return fmt.Errorf("rate employer %s: %w", id, dbx.Classify(err))
	}
	return nil
}
