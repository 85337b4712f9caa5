package job_test

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"linggong/internal/dbx"
	"linggong/internal/dbx/dbtest"
	"linggong/internal/job"
)

type ping struct{ N int }

func (ping) Kind() string { return "ping" }

type clock struct {
	mu sync.Mutex
	t  time.Time
}

func (c *clock) now() time.Time { c.mu.Lock(); defer c.mu.Unlock(); return c.t }
func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

func setup(t *testing.T, db *dbx.DB) (*job.Queue, *job.Workers, *clock) {
	t.Helper()
	c := &clock{t: time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC)}
	q := job.NewQueue(db, c.now)
	return q, job.NewWorkers(q, slog.New(slog.DiscardHandler)), c
}

func enqueue(t *testing.T, db *dbx.DB, q *job.Queue, n int, opts ...job.Option) {
	t.Helper()
	if err := db.InTx(t.Context(), func(ctx context.Context) error { return q.Enqueue(ctx, ping{n}, opts...) }); err != nil {
		t.Fatal(err)
	}
}

func drain(t *testing.T, w *job.Workers) (ran int) {
	t.Helper()
	for {
		n, err := w.Step(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			return ran
		}
		ran += n
	}
}

func TestARolledBackActLeavesNoJob(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		q, w, _ := setup(t, db)
		job.Register(w, func(context.Context, ping) error { return nil })
		boom := errors.New("boom")
		err := db.InTx(t.Context(), func(ctx context.Context) error {
			return errors.Join(q.Enqueue(ctx, ping{1}), boom)
		})
		if !errors.Is(err, boom) {
			t.Fatal(err)
		}
		if n := drain(t, w); n != 0 {
			t.Fatalf("%d jobs ran", n)
		}
	})
}

func TestEveryJobRunsOnceHoweverManyWork(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		q, w, _ := setup(t, db)
		var seen sync.Map
		var twice atomic.Int64
		job.Register(w, func(_ context.Context, p ping) error {
			if _, again := seen.LoadOrStore(p.N, true); again {
				twice.Add(1)
			}
			return nil
		})
		const jobs = 100
		for i := range jobs {
			enqueue(t, db, q, i)
		}
		var ran atomic.Int64
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				for {
					n, err := w.Step(t.Context())
					if err != nil {
						t.Error(err)
						return
					}
					if n == 0 {
						return
					}
					ran.Add(int64(n))
				}
			})
		}
		wg.Wait()
		if ran.Load() != jobs || twice.Load() != 0 {
			t.Fatalf("ran %d, twice %d", ran.Load(), twice.Load())
		}
	})
}

func TestAJobWhoseWorkerDiedIsTakenUpAgain(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		q, w, c := setup(t, db)
		ran := 0
		job.Register(w, func(context.Context, ping) error { ran++; return nil })
		enqueue(t, db, q, 1)
		// The worker claimed it and was killed: the row stays running.
		if err := db.InTx(t.Context(), func(ctx context.Context) error {
			return db.From(ctx).Exec("UPDATE jobs SET state = 'running', attempt = 1, lease_until = ?", c.now().Add(time.Minute)).Error
		}); err != nil {
			t.Fatal(err)
		}
		if drain(t, w) != 0 {
			t.Fatal("taken while the lease held")
		}
		c.add(2 * time.Minute)
		if drain(t, w) != 1 || ran != 1 {
			t.Fatal("lost")
		}
	})
}

func TestAFailingJobWaitsLongerEachTimeThenIsKeptDead(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		q, w, c := setup(t, db)
		fail := true
		job.Register(w, func(context.Context, ping) error {
			if fail {
				return errors.New("engine is down")
			}
			return nil
		})
		enqueue(t, db, q, 1, job.Tries(3))
		for range 3 {
			drain(t, w)
			if drain(t, w) != 0 {
				t.Fatal("tried again without waiting")
			}
			c.add(time.Hour)
		}
		dead, err := q.List(t.Context(), job.Dead, "", 10)
		if err != nil || len(dead) != 1 || dead[0].LastError != "engine is down" {
			t.Fatalf("dead = %+v, %v", dead, err)
		}
		fail = false
		if err := q.Retry(t.Context(), dead[0].ID); err != nil {
			t.Fatal(err)
		}
		if drain(t, w) != 1 {
			t.Fatal("a dead job run again by hand did not run")
		}
		if err := q.Retry(t.Context(), dead[0].ID); !errors.Is(err, job.ErrUnknown) {
			t.Fatalf("a done job was run again: %v", err)
		}
	})
}

func TestOneOfAKindWaitsOnlyOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		q, w, _ := setup(t, db)
		ran := 0
		job.Register(w, func(context.Context, ping) error { ran++; return nil })
		for range 5 {
			enqueue(t, db, q, 1, job.Unique("ping:1"))
		}
		drain(t, w)
		if ran != 1 {
			t.Fatalf("ran %d times", ran)
		}
		enqueue(t, db, q, 1, job.Unique("ping:1"))
		if drain(t, w); ran != 2 {
			t.Fatal("a later one was swallowed")
		}
	})
}

func TestAPeriodicJobCatchesUpOnceAfterDowntime(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		_, w, c := setup(t, db)
		var ran atomic.Int64
		w.Every("clocks", time.Hour, func(context.Context) error { ran.Add(1); return nil })
		turn := func() {
			if err := w.Turn(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		turn()
		turn()
		if ran.Load() != 1 {
			t.Fatalf("ran %d times in one period", ran.Load())
		}
		c.add(72 * time.Hour)
		turn()
		turn()
		if ran.Load() != 2 {
			t.Fatalf("ran %d times after three days down", ran.Load())
		}
	})
}

// A day's work that fails in the morning is not left for tomorrow.
func TestAPeriodicJobThatFailsIsDueAgainSoon(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		_, w, c := setup(t, db)
		var ran int
		var fail func() error
		w.Every("households", 24*time.Hour, func(context.Context) error { ran++; return fail() })
		turn := func(want int, what string) {
			t.Helper()
			if err := w.Turn(t.Context()); err != nil {
				t.Fatal(err)
			}
			if ran != want {
				t.Fatalf("%s: ran %d times, want %d", what, ran, want)
			}
		}
		fail = func() error { return errors.New("the database was away") }
		turn(1, "first")
		turn(1, "at once again")
		c.add(2 * time.Minute)
		fail = func() error { panic("a mistake of ours") }
		turn(2, "soon again")
		c.add(2 * time.Minute)
		fail = func() error { return nil }
		turn(3, "and again")
		c.add(23 * time.Hour)
		turn(3, "done for today")
		c.add(2 * time.Hour)
		turn(4, "the next day")
	})
}

// Whoever runs it is killed: another replica begins it when the loan ends.
func TestAPeriodicJobWhoseReplicaDiedIsBegunAgain(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		q, w, c := setup(t, db)
		begun, never := make(chan struct{}), make(chan struct{})
		t.Cleanup(func() { close(never) })
		w.Every("households", 24*time.Hour, func(context.Context) error { close(begun); <-never; return nil })
		go func() { _ = w.Turn(context.WithoutCancel(t.Context())) }() // as good as dead: it never comes back
		<-begun
		other, ran := job.NewWorkers(q, slog.New(slog.DiscardHandler)), 0
		other.Every("households", 24*time.Hour, func(context.Context) error { ran++; return nil })
		for _, wait := range []time.Duration{time.Minute, 10 * time.Minute} {
			if err := other.Turn(t.Context()); err != nil || ran != 0 {
				t.Fatalf("ran %d times beside the first, %v", ran, err)
			}
			c.add(wait)
		}
		if err := other.Turn(t.Context()); err != nil || ran != 1 {
			t.Fatalf("ran %d times, %v", ran, err)
		}
	})
}

func TestAJobUnderWayIsFinishedWhenTheProgramIsToldToEnd(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		q, w, _ := setup(t, db)
		ctx, end := context.WithCancel(t.Context())
		job.Register(w, func(ctx context.Context, _ ping) error {
			end()
			return ctx.Err()
		})
		enqueue(t, db, q, 1)
		w.Run(ctx)
		n, err := q.Count(t.Context())
		if err != nil || n[job.Done] != 1 {
			t.Fatalf("%v, %v", n, err)
		}
	})
}

// An act asks for a job of which one waits already; begun before the act's
// commit, that one would read what was before and the act would have none.
func TestOneThatWaitsIsNotBegunBeforeTheActThatCountsOnIt(t *testing.T) {
	t.Parallel()
	db := dbtest.Postgres(t) // SQLite lets nobody else write meanwhile
	q, w, _ := setup(t, db)
	var ran atomic.Int64
	job.Register(w, func(context.Context, ping) error { ran.Add(1); return nil })
	enqueue(t, db, q, 1, job.Unique("one"))
	err := db.InTx(t.Context(), func(ctx context.Context) error {
		if err := q.Enqueue(ctx, ping{1}, job.Unique("one")); err != nil {
			return err
		}
		if n := drain(t, w); n != 0 {
			t.Errorf("%d jobs ran before the commit", n)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if n := drain(t, w); n != 1 || ran.Load() != 1 {
		t.Errorf("%d jobs ran after the commit", n)
	}
}
