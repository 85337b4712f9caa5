package app

import (
	"context"
	"time"

	"linggong/internal/job"
	"linggong/internal/projection"
)

// jobs says what runs after commits and by the clock. Each reads what is due
// when it runs, so running late or twice is harmless.
func (a *App) jobs() {
	job.Register(a.Workers, func(ctx context.Context, args projection.IndexPosting) error {
		return a.Postings.RunIndexPosting(ctx, args)
	})
	every := func(name string, period time.Duration, fn func(ctx context.Context) error) {
		a.Workers.Every(name, period, fn)
	}
	count := func(fn func(context.Context) (int, error)) func(context.Context) error {
		return func(ctx context.Context) error { _, err := fn(ctx); return err }
	}
	every("fold", rollEvery, a.fold)
	every("lapse", time.Minute, count(a.Engagements.LapseDue))
	every("expire", time.Minute, func(ctx context.Context) error { _, err := a.Gig.ExpireDue(ctx, a.Now()); return err })
	every("notices", 10*time.Minute, count(a.Desk.CloseNotices))
	every("households", 24*time.Hour, count(a.Desk.ReckonHouseholds))
	every("messages", time.Minute, func(ctx context.Context) error { _, err := a.Notices.DeliverWaiting(ctx, 100); return err })
	every("parameters", time.Minute, a.Parameters.Load)
	every("search-audit", auditEvery, func(ctx context.Context) error { _, err := a.Follow.Audit(ctx); return err })
	every("prune", 6*time.Hour, a.prune)
}

// fold adds what has come in to the kept sums.
func (a *App) fold(ctx context.Context) error {
	for {
		n, err := a.Rollups.Fold(ctx)
		if err != nil || n == 0 {
			return err
		}
	}
}

func (a *App) prune(ctx context.Context) error {
	for _, f := range []func(context.Context) error{a.Queue.Prune, a.Idempotency.Prune, a.Identity.Prune, a.Notices.Prune, a.Kept.Prune, a.pruneText} {
		if err := f(ctx); err != nil {
			return err
		}
	}
	return nil
}
