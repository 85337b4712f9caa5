package gigdb

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"

	"linggong/internal/day"
	"linggong/internal/dbx"
	"linggong/internal/gig"
)

type worker struct {
	ID           string `gorm:"primaryKey"`
	PersonID     string
	Village      string
	StationID    *string
	Light        bool
	RadiusM      int64
	FloorHourFen int64
	Days         int64
	FromMinute   int64
	ToMinute     int64
	AvailableOn  *string
	WaitingSince *time.Time
	Completed    int64
	NoShows      string
	RatingSum    int64
	RatingCount  int64
	Consent      string
	ConsentBy    *string
	CreatedAt    time.Time
	UpdatedAt    time.Time
	Version      int64
}

func (worker) TableName() string { return "gig_workers" }

type workerTrade struct {
	WorkerID string `gorm:"primaryKey"`
	Trade    string `gorm:"primaryKey"`
	Level    int
}

func (workerTrade) TableName() string { return "gig_worker_trades" }

type workerCertificate struct {
	WorkerID string `gorm:"primaryKey"`
	Kind     string `gorm:"primaryKey"`
	Expires  *string
}

func (workerCertificate) TableName() string { return "gig_worker_certificates" }

func newWorker(w gig.Worker) (worker, []workerTrade, []workerCertificate) {
	row := worker{
		ID: string(w.ID), PersonID: w.PersonID, Village: w.Village, StationID: dbx.StrPtr(w.Station), Light: w.Light,
		RadiusM: w.RadiusM, FloorHourFen: w.FloorHourFen, FromMinute: int64(w.Usual.FromMinute), ToMinute: int64(w.Usual.ToMinute),
		AvailableOn: dbx.StrPtr(w.AvailableOn), WaitingSince: dbx.TimePtr(w.WaitingSince), Completed: w.Completed, NoShows: dbx.Words(w.NoShows),
		RatingSum: w.RatingSum, RatingCount: w.RatingCount, Consent: string(w.Consent), ConsentBy: dbx.StrPtr(w.ConsentBy),
		CreatedAt: w.CreatedAt, UpdatedAt: dbx.Now(), Version: w.Version,
	}
	for _, d := range w.Usual.Days {
		row.Days |= 1 << d
	}
	trades := make([]workerTrade, len(w.Trades))
	for i, t := range w.Trades {
		trades[i] = workerTrade{row.ID, t.Trade, t.Level}
	}
	certificates := make([]workerCertificate, len(w.Certificates))
	for i, c := range w.Certificates {
		certificates[i] = workerCertificate{row.ID, c.Kind, dbx.StrPtr(c.Expires)}
	}
	return row, trades, certificates
}

func (r worker) domain(trades []workerTrade, certificates []workerCertificate) gig.Worker {
	w := gig.Worker{
		ID: gig.WorkerID(r.ID), PersonID: r.PersonID, Village: r.Village, Station: dbx.Str[gig.StationID](r.StationID), Light: r.Light,
		RadiusM: r.RadiusM, FloorHourFen: r.FloorHourFen,
		Usual:       gig.Availability{FromMinute: int(r.FromMinute), ToMinute: int(r.ToMinute)},
		AvailableOn: dbx.Str[day.Date](r.AvailableOn), WaitingSince: dbx.Time(r.WaitingSince),
		Completed: r.Completed, NoShows: dbx.ParseWords[day.Date](r.NoShows), RatingSum: r.RatingSum, RatingCount: r.RatingCount,
		Consent: gig.Consent(r.Consent), ConsentBy: dbx.Str[string](r.ConsentBy), CreatedAt: r.CreatedAt.UTC(), Version: r.Version,
	}
	for d := time.Sunday; d <= time.Saturday; d++ {
		if r.Days&(1<<d) != 0 {
			w.Usual.Days = append(w.Usual.Days, d)
		}
	}
	for _, t := range trades {
		w.Trades = append(w.Trades, gig.TradeSkill{Trade: t.Trade, Level: t.Level})
	}
	for _, c := range certificates {
		w.Certificates = append(w.Certificates, gig.Certificate{Kind: c.Kind, Expires: dbx.Str[day.Date](c.Expires)})
	}
	return w
}

// CreateWorker implements gig.WorkerStore.
func (s *Store) CreateWorker(ctx context.Context, w gig.Worker) error {
	row, trades, certificates := newWorker(w)
	if err := workerError("create", w.ID, s.db.From(ctx).Create(&row).Error); err != nil {
		return err
	}
	return s.writeWorkerLists(ctx, w.ID, trades, certificates)
}

// SaveWorker implements gig.WorkerStore.
func (s *Store) SaveWorker(ctx context.Context, w gig.Worker) error {
	row, trades, certificates := newWorker(w)
	row.Version++
	res := s.db.From(ctx).Model(&worker{}).Where("id = ? AND version = ?", row.ID, w.Version).
		Select("village", "station_id", "light", "radius_m", "floor_hour_fen", "days", "from_minute", "to_minute",
			"available_on", "waiting_since", "updated_at", "version").
		Updates(&row)
	if err := workerError("save", w.ID, res.Error); err != nil {
		return err
	}
	if res.RowsAffected == 0 {
		return gig.ErrWorkerStale
	}
	for _, list := range []any{&workerTrade{}, &workerCertificate{}} {
		if err := s.db.From(ctx).Where("worker_id = ?", row.ID).Delete(list).Error; err != nil {
			return workerError("save", w.ID, err)
		}
	}
	return s.writeWorkerLists(ctx, w.ID, trades, certificates)
}

func (s *Store) writeWorkerLists(ctx context.Context, id gig.WorkerID, trades []workerTrade, certificates []workerCertificate) error {
	if len(trades) > 0 {
		if err := workerError("save trades of", id, s.db.From(ctx).Create(&trades).Error); err != nil {
			return err
		}
	}
	if len(certificates) == 0 {
		return nil
	}
	return workerError("save certificates of", id, s.db.From(ctx).Create(&certificates).Error)
}

func workerError(verb string, id gig.WorkerID, err error) error {
	err = dbx.Classify(err)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, dbx.ErrDuplicate):
		return gig.ErrWorkerExists.With(err)
	case errors.Is(err, dbx.ErrNotFound):
		return gig.ErrWorkerNotFound
	}
	return fmt.Errorf("%s worker %s: %w", verb, id, err)
}

// Worker implements gig.WorkerStore.
func (s *Store) Worker(ctx context.Context, id gig.WorkerID) (gig.Worker, error) {
	return s.oneWorker(ctx, id, s.db.From(ctx).Where("id = ?", string(id)))
}

// WorkerByPerson implements gig.WorkerStore.
func (s *Store) WorkerByPerson(ctx context.Context, personID string) (gig.Worker, error) {
	return s.oneWorker(ctx, "", s.db.From(ctx).Where("person_id = ?", personID))
}

func (s *Store) oneWorker(ctx context.Context, id gig.WorkerID, q *gorm.DB) (gig.Worker, error) {
	var row worker
	if err := workerError("read", id, q.Take(&row).Error); err != nil {
		return gig.Worker{}, err
	}
	list, err := s.wholeWorkers(ctx, []worker{row})
	if err != nil {
		return gig.Worker{}, err
	}
	return list[0], nil
}

// WorkersByID implements gig.WorkerStore.
func (s *Store) WorkersByID(ctx context.Context, ids []gig.WorkerID) (map[gig.WorkerID]gig.Worker, error) {
	out := make(map[gig.WorkerID]gig.Worker, len(ids))
	if len(ids) == 0 {
		return out, nil
	}
	var rows []worker
	if err := s.db.From(ctx).Where(s.db.AnyID("id"), s.db.List(texts(ids))).Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("read workers: %w", err)
	}
	list, err := s.wholeWorkers(ctx, rows)
	if err != nil {
		return nil, err
	}
	for _, w := range list {
		out[w.ID] = w
	}
	return out, nil
}

// wholeWorkers reads what hangs on the rows, in two statements whatever their number.
func (s *Store) wholeWorkers(ctx context.Context, rows []worker) ([]gig.Worker, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	ids := make([]string, len(rows))
	for i, r := range rows {
		ids[i] = r.ID
	}
	var trades []workerTrade
	if err := s.db.From(ctx).Where(s.db.AnyID("worker_id"), s.db.List(ids)).Order("worker_id, level DESC, trade").Find(&trades).Error; err != nil {
		return nil, fmt.Errorf("read trades of workers: %w", err)
	}
	var certificates []workerCertificate
	if err := s.db.From(ctx).Where(s.db.AnyID("worker_id"), s.db.List(ids)).Order("worker_id, kind").Find(&certificates).Error; err != nil {
		return nil, fmt.Errorf("read certificates of workers: %w", err)
	}
	byWorker := make(map[string][]workerTrade, len(rows))
	for _, t := range trades {
		byWorker[t.WorkerID] = append(byWorker[t.WorkerID], t)
	}
	papers := make(map[string][]workerCertificate)
	for _, c := range certificates {
		papers[c.WorkerID] = append(papers[c.WorkerID], c)
	}
	out := make([]gig.Worker, len(rows))
	for i, r := range rows {
		out[i] = r.domain(byWorker[r.ID], papers[r.ID])
	}
	return out, nil
}

// Workers implements gig.WorkerStore.
func (s *Store) Workers(ctx context.Context, scope gig.Scope, f gig.WorkerFilter) (gig.Page[gig.Worker], error) {
	q := scoped(s.db.From(ctx), scope, columns{region: "village", station: "station_id", person: "person_id"})
	if len(f.Trades) > 0 {
		q = q.Where("id IN (SELECT worker_id FROM gig_worker_trades WHERE trade IN ?)", f.Trades)
	}
	if f.Town != "" {
		q = q.Where("village LIKE ?", prefix(f.Town)+"%")
	}
	if f.Available != "" {
		q = q.Where("available_on = ?", string(f.Available))
	}
	if f.IDs != nil {
		q = q.Where("id IN ?", texts(f.IDs))
	}
	if len(f.Persons) > 0 {
		q = q.Where("person_id IN ?", f.Persons)
	}
	limit := pageSize(f.Limit)
	q, err := after(q, f.Cursor, limit)
	if err != nil {
		return gig.Page[gig.Worker]{}, err
	}
	var rows []worker
	if err := q.Find(&rows).Error; err != nil {
		return gig.Page[gig.Worker]{}, fmt.Errorf("list workers: %w", err)
	}
	rows, next := cut(rows, limit, func(r worker) string { return r.ID })
	list, err := s.wholeWorkers(ctx, rows)
	return gig.Page[gig.Worker]{Items: list, Next: next}, err
}

// CandidateWorkers implements gig.WorkerStore.
func (s *Store) CandidateWorkers(ctx context.Context, f gig.CandidateFilter) ([]gig.Worker, error) {
	var rows []worker
	err := s.db.From(ctx).Where("id IN (SELECT worker_id FROM gig_worker_trades WHERE trade IN ?)", f.Trades).
		Clauses(ordered("CASE WHEN village LIKE ? THEN 0 ELSE 1 END, COALESCE(available_on, '') DESC, waiting_since, id", prefix(f.Town)+"%")).
		Limit(f.Limit).Find(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("list candidates of %s: %w", f.Town, err)
	}
	return s.wholeWorkers(ctx, rows)
}
