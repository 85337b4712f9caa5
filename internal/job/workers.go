package job

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"linggong/internal/dbx"
)

const (
	limit   = 2 * time.Minute  // how long a job may run
	lease   = 30 * time.Second // how long after its worker's last sign of life another takes it
	alive   = 8 * time.Second  // between two signs of life
	poll    = 2 * time.Second  // how long work from another replica may lie unseen
	batch   = 8
	keep    = 7 * 24 * time.Hour // how long a done job is kept to be looked at
	maxWait = 6 * time.Hour

	periodLease = 10 * time.Minute // how long a periodic job may run before another replica may begin it
	periodAgain = time.Minute      // when one that failed is tried again
)

type handler func(ctx context.Context, args []byte) error

type periodic struct {
	name  string
	every time.Duration
	run   func(ctx context.Context) error
}

// Workers run the jobs of a queue.
type Workers struct {
	q        *Queue
	log      *slog.Logger
	handlers map[string]handler
	periods  []periodic
}

// NewWorkers returns workers for q that know no job yet.
func NewWorkers(q *Queue, log *slog.Logger) *Workers {
	return &Workers{q: q, log: log, handlers: map[string]handler{}}
}

// Register says how jobs with arguments A are run.
func Register[A Args](w *Workers, fn func(ctx context.Context, args A) error) {
	var zero A
	w.handlers[zero.Kind()] = func(ctx context.Context, b []byte) error {
		var a A
		if err := json.Unmarshal(b, &a); err != nil {
			return fmt.Errorf("read arguments: %w", err)
		}
		return fn(ctx, a)
	}
}

// Every runs fn about once each period, on one replica; after downtime it runs
// once and not once for each period missed: fn reads what is due by the clock.
func (w *Workers) Every(name string, period time.Duration, fn func(ctx context.Context) error) {
	w.periods = append(w.periods, periodic{name: name, every: period, run: fn})
}

// Run works until ctx ends, then finishes what it is doing and begins nothing more.
func (w *Workers) Run(ctx context.Context) {
	tick := time.NewTicker(poll)
	defer tick.Stop()
	var measured time.Time
	for {
		err := w.Turn(ctx)
		if now := w.q.now(); err == nil && now.Sub(measured) >= measureEvery {
			err, measured = w.measure(ctx), now
		}
		if err != nil && ctx.Err() == nil {
			w.log.ErrorContext(ctx, "run jobs", "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case <-w.q.wake:
		}
	}
}

// Turn runs every periodic job and every job that is due now.
func (w *Workers) Turn(ctx context.Context) error {
	w.runPeriods(ctx)
	for ctx.Err() == nil {
		n, err := w.Step(ctx)
		if err != nil || n == 0 {
			return err
		}
	}
	return nil
}

// Step claims and runs one batch and returns how many it ran. Tests call it
// until it returns 0 instead of waiting.
func (w *Workers) Step(ctx context.Context) (int, error) {
	rows, err := w.q.claim(ctx)
	if err != nil {
		return 0, err
	}
	var wg sync.WaitGroup
	for _, r := range rows {
		wg.Go(func() { w.one(ctx, r) })
	}
	wg.Wait()
	return len(rows), nil
}

func (w *Workers) one(ctx context.Context, r row) {
	err := w.call(ctx, r)
	// The outcome is written even while the program is being stopped.
	keepCtx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	if err != nil {
		failures.WithLabelValues(r.Kind).Inc()
		w.log.WarnContext(ctx, "job failed", "kind", r.Kind, "job", r.ID, "attempt", r.Attempt, "err", err)
	}
	if err := w.q.finish(keepCtx, r, err); err != nil {
		w.log.ErrorContext(ctx, "finish job", "kind", r.Kind, "job", r.ID, "err", err)
	}
}

func (w *Workers) call(ctx context.Context, r row) (err error) {
	h, ok := w.handlers[r.Kind]
	if !ok {
		return fmt.Errorf("no worker knows jobs of kind %q", r.Kind)
	}
	// A job that runs when the program is told to end is finished, not torn off.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), limit)
	defer cancel()
	go w.stayAlive(ctx, r)
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return h(ctx, []byte(r.Args))
}

// stayAlive keeps the lease of a job for as long as it runs.
func (w *Workers) stayAlive(ctx context.Context, r row) {
	tick := time.NewTicker(alive)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if err := w.q.renew(ctx, r); err != nil && ctx.Err() == nil {
				w.log.WarnContext(ctx, "keep lease", "kind", r.Kind, "job", r.ID, "err", err)
			}
		}
	}
}

func (q *Queue) renew(ctx context.Context, r row) error {
	return q.db.InTx(ctx, func(ctx context.Context) error {
		return q.db.From(ctx).Exec("UPDATE jobs SET lease_until = ? WHERE id = ? AND state = 'running' AND attempt = ?", q.now().Add(lease), r.ID, r.Attempt).Error
	})
}

// claim takes due jobs, and those whose worker died, in one statement.
func (q *Queue) claim(ctx context.Context) ([]row, error) {
	now := q.now()
	skip := ""
	if q.db.Dialect() == dbx.Postgres {
		skip = "FOR UPDATE SKIP LOCKED"
	}
	var due int64
	// A look first, outside a transaction: an idle queue costs no write lock.
	err := q.db.From(ctx).Raw(`SELECT count(*) FROM (SELECT 1 FROM jobs WHERE state = 'ready' AND run_at <= ? OR state = 'running' AND lease_until < ? LIMIT 1) AS due`, now, now).Scan(&due).Error
	if err != nil || due == 0 {
		return nil, err
	}
	var rows []row
	err = q.db.InTx(ctx, func(ctx context.Context) error {
		rows = nil
		return q.db.From(ctx).Raw(`UPDATE jobs SET state = 'running', attempt = attempt + 1, lease_until = ?
			WHERE id IN (SELECT id FROM jobs WHERE state = 'ready' AND run_at <= ? OR state = 'running' AND lease_until < ?
				ORDER BY run_at, id LIMIT ? `+skip+`)
			RETURNING *`, now.Add(lease), now, now, batch).Scan(&rows).Error
	})
	return rows, err
}

func (q *Queue) finish(ctx context.Context, r row, failed error) error {
	err := q.db.InTx(ctx, func(ctx context.Context) error {
		now := q.now()
		g := q.db.From(ctx)
		switch {
		case failed == nil:
			return g.Exec("UPDATE jobs SET state = 'done', finished_at = ?, last_error = '' WHERE id = ? AND state = 'running'", now, r.ID).Error
		case r.Attempt >= r.MaxAttempts:
			return g.Exec("UPDATE jobs SET state = 'dead', finished_at = ?, last_error = ? WHERE id = ?", now, brief(failed), r.ID).Error
		}
		wait := min(maxWait, time.Second<<min(r.Attempt, 20)) + time.Duration(rand.IntN(1000))*time.Millisecond
		res := g.Exec("UPDATE jobs SET state = 'ready', run_at = ?, last_error = ? WHERE id = ?", now.Add(wait), brief(failed), r.ID)
		if errors.Is(dbx.Classify(res.Error), dbx.ErrDuplicate) {
			return errYields
		}
		return res.Error
	})
	if errors.Is(err, errYields) {
		return q.db.InTx(ctx, func(ctx context.Context) error {
			return q.db.From(ctx).Exec("UPDATE jobs SET state = 'done', finished_at = ?, last_error = ? WHERE id = ?", q.now(), brief(errYields), r.ID).Error
		})
	}
	return err
}

// errYields says the job gave way to a newer one with its key, which reads the
// same state.
var errYields = errors.New("gave way: a newer job with the same key waits")

func brief(err error) string {
	s := []rune(err.Error())
	if len(s) > 500 {
		s = s[:500]
	}
	return string(s)
}

func (w *Workers) runPeriods(ctx context.Context) {
	for _, p := range w.periods {
		if ctx.Err() != nil {
			return
		}
		if err := w.period(ctx, p); err != nil && ctx.Err() == nil {
			w.log.ErrorContext(ctx, "periodic job", "name", p.name, "err", err)
		}
	}
}

// period runs p if it is due. Its slot is only lent until the work is done: if
// it fails, or whoever runs it dies, it is due again soon and not a period later.
func (w *Workers) period(ctx context.Context, p periodic) error {
	due, err := w.q.beginPeriod(ctx, p.name, min(p.every, periodLease))
	if err != nil || !due {
		return err
	}
	began := w.q.now()
	work, cancel := context.WithTimeout(context.WithoutCancel(ctx), periodLease)
	defer cancel()
	next := began.Add(p.every)
	failed := w.runPeriod(work, p)
	if failed != nil {
		next = began.Add(min(p.every, periodAgain))
	}
	return errors.Join(failed, w.q.endPeriod(context.WithoutCancel(ctx), p.name, next))
}

func (w *Workers) runPeriod(ctx context.Context, p periodic) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	return p.run(ctx)
}

// beginPeriod claims the slot of a periodic job until lent has passed: the one
// replica whose update meets the old time runs it.
func (q *Queue) beginPeriod(ctx context.Context, name string, lent time.Duration) (bool, error) {
	now := q.now()
	var next []time.Time
	if err := q.db.From(ctx).Raw("SELECT next_at FROM job_periods WHERE name = ?", name).Scan(&next).Error; err != nil {
		return false, err
	}
	if len(next) > 0 && next[0].After(now) {
		return false, nil
	}
	var mine bool
	err := q.db.InTx(ctx, func(ctx context.Context) error {
		res := q.db.From(ctx).Exec(`INSERT INTO job_periods (name, next_at) VALUES (?, ?)
			ON CONFLICT (name) DO UPDATE SET next_at = excluded.next_at WHERE job_periods.next_at <= ?`, name, now.Add(lent), now)
		mine = res.RowsAffected == 1
		return res.Error
	})
	return mine, err
}

// endPeriod says when the job is due again.
func (q *Queue) endPeriod(ctx context.Context, name string, next time.Time) error {
	return q.db.InTx(ctx, func(ctx context.Context) error {
		return q.db.From(ctx).Exec("UPDATE job_periods SET next_at = ? WHERE name = ?", next, name).Error
	})
}

// Prune removes done jobs that are no longer worth looking at.
func (q *Queue) Prune(ctx context.Context) error {
	return q.db.InTx(ctx, func(ctx context.Context) error {
		return q.db.From(ctx).Exec("DELETE FROM jobs WHERE state = 'done' AND finished_at < ?", q.now().Add(-keep)).Error
	})
}
