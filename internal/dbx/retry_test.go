package dbx_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"linggong/internal/dbx"
	"linggong/internal/dbx/dbtest"
	"linggong/internal/tx"
)

// Two acts at SERIALIZABLE that each read what the other writes: PostgreSQL
// lets one through, the other is done again and what waited for its commit runs once.
func TestASerializationFailureIsDoneAgainAndItsHooksRunOnce(t *testing.T) {
	t.Parallel()
	db := dbtest.Postgres(t)
	var tries, hooks [2]atomic.Int64
	var read [2]chan struct{}
	for i := range read {
		read[i] = make(chan struct{})
	}
	ends := make(chan error, 2)
	for i := range read {
		go func() {
			ends <- db.InTx(context.WithoutCancel(t.Context()), func(ctx context.Context) error {
				try := tries[i].Add(1)
				tx.AfterCommit(ctx, func(context.Context) { hooks[i].Add(1) })
				if err := db.From(ctx).Exec("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE").Error; err != nil {
					return err
				}
				var n int64
				if err := db.From(ctx).Raw("SELECT count(*) FROM job_periods").Scan(&n).Error; err != nil {
					return err
				}
				if try == 1 { // both have read before either writes
					close(read[i])
					<-read[1-i]
				}
				return insert(ctx, db, string(rune('a'+i)))
			})
		}()
	}
	for range read {
		select {
		case err := <-ends:
			if err != nil {
				t.Error(err)
			}
		case <-time.After(30 * time.Second):
			t.Fatal("they still wait for each other")
		}
	}
	if a, b := tries[0].Load(), tries[1].Load(); a+b != 3 {
		t.Errorf("tried %d and %d times", a, b)
	}
	if a, b := hooks[0].Load(), hooks[1].Load(); a != 1 || b != 1 {
		t.Errorf("hooks ran %d and %d times", a, b)
	}
	if n := count(t, db); n != 2 {
		t.Errorf("%d rows of two acts", n)
	}
}

// What the database goes on refusing is told after a bounded number of tries, and
// nothing of it is there.
func TestRetriesEnd(t *testing.T) {
	t.Parallel()
	db := dbtest.Postgres(t)
	tries, hooks := 0, 0
	err := db.InTx(t.Context(), func(ctx context.Context) error {
		tries++
		tx.AfterCommit(ctx, func(context.Context) { hooks++ })
		if err := insert(ctx, db, "half"); err != nil {
			return err
		}
		return db.From(ctx).Exec("DO $$ BEGIN RAISE EXCEPTION 'again' USING ERRCODE = '40001'; END $$").Error
	})
	if !errors.Is(err, dbx.ErrBusy) || tries != 4 || hooks != 0 || count(t, db) != 0 {
		t.Errorf("%v after %d tries, %d hooks, %d rows", err, tries, hooks, count(t, db))
	}
}

// Through the driver of PostgreSQL too, and with a list of values.
func TestASlowStatementOnPostgresIsLoggedWithoutItsValues(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	db, err := dbx.Open(t.Context(), dbtest.PostgresURL(t), dbx.Options{Slow: 1, Log: slog.New(slog.NewTextHandler(&out, nil))})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var n int64
	if err := db.From(t.Context()).Raw("SELECT count(*) FROM (VALUES (?::text)) AS v(a) WHERE a IN ?", "13800000001", []string{"13800000001", "330481198503070022"}).Scan(&n).Error; err != nil || n != 1 {
		t.Fatal(n, err)
	}
	if err := db.From(t.Context()).Exec("SELECT ?::bigint", "13800000001x").Error; err == nil {
		t.Fatal("no number was taken for one")
	}
	s := out.String()
	if !strings.Contains(s, "slow statement") || strings.Contains(s, "13800000001") || strings.Contains(s, "330481198503070022") {
		t.Fatalf("log: %s", s)
	}
}
