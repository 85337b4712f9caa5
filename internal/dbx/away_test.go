package dbx_test

import (
	"context"
	"errors"
	"net"
	"strings"
	"testing"
	"time"

	"linggong/internal/dbx"
	"linggong/internal/dbx/dbtest"
	"linggong/internal/errs"
)

func TestADatabaseThatIsAwayIsNoMistakeOfOurs(t *testing.T) {
	t.Parallel()
	db := dbtest.Postgres(t)
	var pid int64
	err := db.InTx(t.Context(), func(ctx context.Context) error {
		if err := db.From(ctx).Raw("SELECT pg_backend_pid()").Scan(&pid).Error; err != nil {
			return err
		}
		// As a restart of the server would end it.
		if err := db.From(t.Context()).Exec("SELECT pg_terminate_backend(?)", pid).Error; err != nil {
			return err
		}
		return insert(ctx, db, "lost")
	})
	if !errors.Is(err, dbx.ErrAway) || errs.KindOf(err) != errs.Unavailable {
		t.Errorf("in the middle of an act: %v", err)
	}
	if n := count(t, db); n != 0 {
		t.Errorf("%d rows of an act that did not happen", n)
	}
	for _, refused := range []error{&net.OpError{Op: "dial", Err: errors.New("refused")}, context.DeadlineExceeded} {
		if got := errors.Is(dbx.Passing(refused), dbx.ErrAway); got != strings.Contains(refused.Error(), "dial") {
			t.Errorf("%v: away %v", refused, got)
		}
	}
}

// A lock that is held too long is told as such, and nothing is half done.
func TestALockHeldTooLongIsBusyAndNothingHappened(t *testing.T) {
	t.Parallel()
	db := dbtest.Postgres(t)
	if err := db.InTx(t.Context(), func(ctx context.Context) error { return insert(ctx, db, "row") }); err != nil {
		t.Fatal(err)
	}
	held, done := make(chan struct{}), make(chan struct{})
	first := make(chan error, 1)
	go func() {
		first <- db.InTx(context.WithoutCancel(t.Context()), func(ctx context.Context) error {
			err := db.From(ctx).Exec("UPDATE job_periods SET next_at = ? WHERE name = 'row'", dbx.Now()).Error
			close(held)
			<-done
			return err
		})
	}()
	<-held
	err := db.InTx(t.Context(), func(ctx context.Context) error {
		if err := insert(ctx, db, "half"); err != nil {
			return err
		}
		if err := db.From(ctx).Exec("SET LOCAL lock_timeout = '50ms'").Error; err != nil { // 5 s as the program sets it
			return err
		}
		return dbx.Classify(db.From(ctx).Exec("UPDATE job_periods SET next_at = ? WHERE name = 'row'", dbx.Now()).Error)
	})
	close(done)
	if !errors.Is(err, dbx.ErrBusy) {
		t.Errorf("%v", err)
	}
	if err := <-first; err != nil {
		t.Error(err)
	}
	if n := count(t, db); n != 1 {
		t.Errorf("%d rows, one was there", n)
	}
}

func TestTheTimeOutsOfTheProgramAreInForce(t *testing.T) {
	t.Parallel()
	db := dbtest.Postgres(t)
	for setting, want := range map[string]string{"lock_timeout": "5s", "statement_timeout": "30s", "idle_in_transaction_session_timeout": "1min", "TimeZone": "UTC"} {
		var got string
		if err := db.From(t.Context()).Raw("SELECT current_setting(?)", setting).Scan(&got).Error; err != nil || got != want {
			t.Errorf("%s is %q, %v", setting, got, err)
		}
	}
}

// Two acts that need each other's rows: the database ends one, it is done again.
func TestADeadlockIsDoneAgain(t *testing.T) {
	t.Parallel()
	db := dbtest.Postgres(t)
	for _, n := range []string{"a", "b"} {
		if err := db.InTx(t.Context(), func(ctx context.Context) error { return insert(ctx, db, n) }); err != nil {
			t.Fatal(err)
		}
	}
	var tries [2]int
	var met [2]chan struct{}
	for i := range met {
		met[i] = make(chan struct{})
	}
	ends := make(chan error, 2)
	for i, order := range [][2]string{{"a", "b"}, {"b", "a"}} {
		go func() {
			ends <- db.InTx(context.WithoutCancel(t.Context()), func(ctx context.Context) error {
				tries[i]++
				for k, n := range order {
					if err := db.From(ctx).Exec("UPDATE job_periods SET next_at = ? WHERE name = ?", dbx.Now(), n).Error; err != nil {
						return err
					}
					if k == 0 && tries[i] == 1 { // each holds its first row before it asks for the other's
						close(met[i])
						<-met[1-i]
					}
				}
				return nil
			})
		}()
	}
	for range 2 {
		select {
		case err := <-ends:
			if err != nil {
				t.Error(err)
			}
		case <-time.After(30 * time.Second):
			t.Fatal("they still wait for each other")
		}
	}
	if tries[0]+tries[1] != 3 {
		t.Errorf("tried %v times", tries)
	}
}
