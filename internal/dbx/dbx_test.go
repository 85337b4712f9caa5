package dbx_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"linggong/internal/dbx"
	"linggong/internal/dbx/dbtest"
	"linggong/internal/tx"
)

func insert(ctx context.Context, db *dbx.DB, name string) error {
	return dbx.Classify(db.From(ctx).Exec("INSERT INTO job_periods (name, next_at) VALUES (?, ?)", name, dbx.Now()).Error)
}

func count(t *testing.T, db *dbx.DB) (n int64) {
	t.Helper()
	if err := db.From(t.Context()).Raw("SELECT count(*) FROM job_periods").Scan(&n).Error; err != nil {
		t.Fatal(err)
	}
	return n
}

func TestAFailedPartUndoesTheWholeActEvenIfItsErrorIsDropped(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		boom := errors.New("boom")
		err := db.InTx(t.Context(), func(ctx context.Context) error {
			if err := insert(ctx, db, "outer"); err != nil {
				return err
			}
			_ = db.InTx(ctx, func(context.Context) error { return boom }) // dropped on purpose
			return nil
		})
		if !errors.Is(err, boom) || count(t, db) != 0 {
			t.Fatalf("err %v, %d rows", err, count(t, db))
		}
	})
}

func TestWhatWaitsForTheCommitDoesNotRunWithoutOne(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		ran := 0
		act := func(fail error) error {
			return db.InTx(t.Context(), func(ctx context.Context) error {
				tx.AfterCommit(ctx, func(context.Context) { ran++ })
				return fail
			})
		}
		if act(errors.New("no")) == nil || ran != 0 {
			t.Fatal("ran after a rollback")
		}
		if act(nil) != nil || ran != 1 {
			t.Fatal("did not run after the commit")
		}
	})
}

// A hook that asks a server outside must not look as if it were in the act, and
// a client who has left does not take it along.
func TestWhatRunsAfterTheCommitIsOutOfTheTransaction(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		asked, leave := context.WithCancel(t.Context())
		var seen error
		err := db.InTx(asked, func(ctx context.Context) error {
			tx.AfterCommit(ctx, func(ctx context.Context) {
				leave()
				tx.MustNotBeIn(ctx, "a server outside")
				seen = db.InTx(ctx, func(ctx context.Context) error { return insert(ctx, db, "another act") })
			})
			return insert(ctx, db, "the act")
		})
		if err != nil || seen != nil || count(t, db) != 2 {
			t.Errorf("%v, %v, %d rows", err, seen, count(t, db))
		}
	})
}

func TestConstraintsAreKnownByTheirKind(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		first := db.InTx(t.Context(), func(ctx context.Context) error { return insert(ctx, db, "a") })
		again := db.InTx(t.Context(), func(ctx context.Context) error { return insert(ctx, db, "a") })
		if first != nil || !errors.Is(again, dbx.ErrDuplicate) {
			t.Fatalf("%v, %v", first, again)
		}
		bad := db.InTx(t.Context(), func(ctx context.Context) error {
			return dbx.Classify(db.From(ctx).Exec("INSERT INTO jobs (id, kind, args, state, max_attempts, run_at, created_at) VALUES (?, 'k', '{}', 'odd', 1, ?, ?)", dbx.NewID(), dbx.Now(), dbx.Now()).Error)
		})
		if !errors.Is(bad, dbx.ErrCheck) || dbx.Constraint(bad) != "jobs_state_check" {
			t.Fatalf("%v, constraint %q", bad, dbx.Constraint(bad))
		}
		var rows []struct{ Name string }
		if err := dbx.Classify(db.From(t.Context()).Table("jobs").Where("id = ?", "no-uuid").Take(&rows).Error); !errors.Is(err, dbx.ErrNotFound) {
			t.Fatalf("an id that is no id: %v", err)
		}
	})
}

func TestAWriteOutsideAnActIsRefusedOnTheReadingHandle(t *testing.T) {
	t.Parallel()
	db := dbtest.SQLite(t)
	if err := insert(t.Context(), db, "a"); err == nil {
		t.Fatal("a write without a transaction went through")
	}
}

func TestManyActsAtOnceAllSucceed(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		var wg sync.WaitGroup
		for i := range 16 {
			wg.Go(func() {
				for j := range 5 {
					err := db.InTx(t.Context(), func(ctx context.Context) error {
						var n int64
						if err := db.From(ctx).Raw("SELECT count(*) FROM job_periods").Scan(&n).Error; err != nil {
							return err
						}
						return insert(ctx, db, fmt.Sprint(i, "-", j))
					})
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		if n := count(t, db); n != 80 {
			t.Fatalf("%d rows", n)
		}
	})
}

func TestInstantsComeBackAsTheyWereWritten(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		want := time.Date(2026, 11, 23, 7, 0, 0, 123456000, time.FixedZone("CST", 8*3600))
		if err := db.InTx(t.Context(), func(ctx context.Context) error {
			return db.From(ctx).Exec("INSERT INTO job_periods (name, next_at) VALUES ('x', ?)", want.UTC()).Error
		}); err != nil {
			t.Fatal(err)
		}
		var got []struct{ NextAt time.Time }
		if err := db.From(t.Context()).Raw("SELECT next_at FROM job_periods WHERE next_at = ?", want.UTC()).Scan(&got).Error; err != nil {
			t.Fatal(err)
		}
		if len(got) != 1 || !got[0].NextAt.Equal(want) {
			t.Fatalf("got %v, want %v", got, want)
		}
	})
}

func TestASlowStatementIsLoggedWithoutItsValues(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	db, err := dbx.Open(t.Context(), "sqlite://"+t.TempDir()+"/x.db", dbx.Options{Slow: 1, Log: slog.New(slog.NewTextHandler(&out, nil))})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var n string
	if err := db.From(t.Context()).Raw("SELECT ?", "13800000001").Scan(&n).Error; err != nil || n != "13800000001" {
		t.Fatal(n, err)
	}
	if s := out.String(); !strings.Contains(s, "slow statement") || strings.Contains(s, "13800000001") {
		t.Fatalf("log: %s", s)
	}
}
