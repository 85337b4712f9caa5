// Package job runs work after the commit that asked for it: kept in the same
// database, in the same transaction, so no crash loses or doubles it.
//
// A job carries ids and reads the present state when it runs, so running it
// twice or late is harmless. Running again after a crash is the rule: a lease
// that ran out makes the job ready.
package job

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"linggong/internal/dbx"
	"linggong/internal/errs"
	"linggong/internal/tx"
)

// ErrUnknown says there is no such job to run again.
var ErrUnknown = errs.New(errs.NotFound, "job_not_found", "没有这个任务，或它不在停滞状态", "No such dead job.")

// Args are what a job is told: ids and codes, JSON-encodable.
type Args interface{ Kind() string }

// State is where a job is.
type State string

// A job is ready, then running, then done, or dead once it has failed as often
// as it may; a dead job is kept until a person runs it again.
const (
	Ready   State = "ready"
	Running State = "running"
	Done    State = "done"
	Dead    State = "dead"
)

// Job is one piece of work as the list shows it.
type Job struct {
	ID          string
	Kind        string
	State       State
	Attempt     int
	MaxAttempts int
	RunAt       time.Time
	LastError   string
	CreatedAt   time.Time
	FinishedAt  time.Time
}

type row struct {
	ID          string `gorm:"primaryKey"`
	Kind        string
	Args        string
	State       string
	Attempt     int
	MaxAttempts int
	RunAt       time.Time
	LeaseUntil  *time.Time
	UniqueKey   *string
	LastError   string
	CreatedAt   time.Time
	FinishedAt  *time.Time
}

func (row) TableName() string { return "jobs" }

func (r row) job() Job {
	return Job{
		ID: r.ID, Kind: r.Kind, State: State(r.State), Attempt: r.Attempt, MaxAttempts: r.MaxAttempts,
		RunAt: r.RunAt.UTC(), LastError: r.LastError, CreatedAt: r.CreatedAt.UTC(), FinishedAt: dbx.Time(r.FinishedAt),
	}
}

// Queue is the list of work.
type Queue struct {
	db   *dbx.DB
	now  func() time.Time
	wake chan struct{}
}

// NewQueue returns a queue kept in db.
func NewQueue(db *dbx.DB, now func() time.Time) *Queue {
	return &Queue{db: db, now: now, wake: make(chan struct{}, 1)}
}

// Option changes how a job is queued.
type Option func(*row)

// At delays a job until t.
func At(t time.Time) Option { return func(r *row) { r.RunAt = t } }

// Unique adds the job only if none with the same key waits; one that waits is
// not begun before the transaction that asked for it again has ended.
func Unique(key string) Option { return func(r *row) { r.UniqueKey = &key } }

// Tries sets how often a job may fail; 12 by default, about a day.
func Tries(n int) Option { return func(r *row) { r.MaxAttempts = n } }

// Enqueue adds a job in the transaction in ctx.
func (q *Queue) Enqueue(ctx context.Context, args Args, opts ...Option) error {
	b, err := json.Marshal(args)
	if err != nil {
		return fmt.Errorf("enqueue %s: %w", args.Kind(), err)
	}
	now := q.now()
	r := row{ID: dbx.NewID(), Kind: args.Kind(), Args: string(b), State: string(Ready), MaxAttempts: 12, RunAt: now, CreatedAt: now}
	for _, o := range opts {
		o(&r)
	}
	// The update holds the one that waits until this transaction commits: begun
	// earlier it would read the state of before, and this act would have no job.
	res := q.db.From(ctx).Exec(`INSERT INTO jobs (id, kind, args, state, attempt, max_attempts, run_at, unique_key, last_error, created_at)
		VALUES (?, ?, ?, 'ready', 0, ?, ?, ?, '', ?)
		ON CONFLICT (unique_key) WHERE state = 'ready'
		DO UPDATE SET run_at = CASE WHEN excluded.run_at < jobs.run_at THEN excluded.run_at ELSE jobs.run_at END`,
		r.ID, r.Kind, r.Args, r.MaxAttempts, r.RunAt, r.UniqueKey, r.CreatedAt)
	if res.Error != nil {
		return fmt.Errorf("enqueue %s: %w", args.Kind(), dbx.Classify(res.Error))
	}
	tx.AfterCommit(ctx, q.nudge)
	return nil
}

func (q *Queue) nudge(context.Context) {
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

// List returns jobs newest first; state "" means all.
func (q *Queue) List(ctx context.Context, state State, before string, limit int) ([]Job, error) {
	g := q.db.From(ctx).Order("id DESC").Limit(min(max(limit, 1), 500))
	if state != "" {
		g = g.Where("state = ?", string(state))
	}
	if before != "" {
		g = g.Where("id < ?", before)
	}
	var rows []row
	if err := g.Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("list jobs: %w", dbx.Classify(err))
	}
	out := make([]Job, 0, len(rows))
	for _, r := range rows {
		out = append(out, r.job())
	}
	return out, nil
}

// Count returns how many jobs are in each state.
func (q *Queue) Count(ctx context.Context) (map[State]int64, error) {
	var rows []struct {
		State string
		N     int64
	}
	if err := q.db.From(ctx).Raw("SELECT state, count(*) AS n FROM jobs GROUP BY state").Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("count jobs: %w", err)
	}
	out := map[State]int64{}
	for _, r := range rows {
		out[State(r.State)] = r.N
	}
	return out, nil
}

// Retry makes a dead job ready again.
func (q *Queue) Retry(ctx context.Context, id string) error {
	return q.db.InTx(ctx, func(ctx context.Context) error {
		res := q.db.From(ctx).Exec("UPDATE jobs SET state = 'ready', attempt = 0, run_at = ?, finished_at = NULL WHERE id = ? AND state = 'dead'", q.now(), id)
		if err := dbx.Classify(res.Error); err != nil {
			if errors.Is(err, dbx.ErrDuplicate) { // one with its key waits already
				return nil
			}
			return fmt.Errorf("retry job %s: %w", id, err)
		}
		if res.RowsAffected == 0 {
			return ErrUnknown
		}
		tx.AfterCommit(ctx, q.nudge)
		return nil
	})
}
