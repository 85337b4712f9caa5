package idempotency_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"linggong/internal/dbx"
	"linggong/internal/dbx/dbtest"
	"linggong/internal/idempotency"
)

func TestManyAreAnsweredTogetherAndRepeatsGetTheFirstAnswer(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		s := idempotency.New(db, blind{}, dbx.Now)
		if _, _, err := s.Once(t.Context(), "a", "before", "h", func(context.Context) ([]byte, error) { return []byte("first"), nil }); err != nil {
			t.Fatal(err)
		}
		var acted []int
		got, err := s.Many(t.Context(), []idempotency.Request{
			{"a", "before", "h"}, {"a", "before", "other"}, {"a", "new", "h"}, {"a", "new", "h"}, {"", "", ""}, {"", "", ""}, {"a", "refused", "h"},
		}, func(_ context.Context, todo []int) ([]idempotency.Answer, error) {
			acted = todo
			out := make([]idempotency.Answer, len(todo))
			for k, i := range todo {
				if out[k].Body = fmt.Append(nil, i); i == 6 {
					out[k] = idempotency.Answer{Err: errors.New("no")}
				}
			}
			return out, nil
		})
		if err != nil || fmt.Sprint(acted) != "[2 4 5 6]" {
			t.Fatalf("%v, done %v", err, acted)
		}
		if !got[0].Repeated || string(got[0].Body) != "first" || !errors.Is(got[1].Err, idempotency.ErrOtherBody) || string(got[2].Body) != "2" ||
			!errors.Is(got[3].Err, idempotency.ErrRaced) || string(got[4].Body) != "4" || got[6].Err == nil {
			t.Errorf("%+v", got)
		}
		again, repeated, err := s.Once(t.Context(), "a", "new", "h", nil)
		if err != nil || !repeated || string(again) != "2" {
			t.Errorf("%q %v %v", again, repeated, err)
		}
		if _, repeated, err := s.Once(t.Context(), "a", "refused", "h", func(context.Context) ([]byte, error) { return []byte("now"), nil }); err != nil || repeated {
			t.Errorf("a refusal was kept: %v", err)
		}
	})
}

// Two replicas get the same request at once, each in a crowd of its own.
func TestOfTwoCrowdsWithOneKeyOneActs(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		s := idempotency.New(db, blind{}, dbx.Now)
		var mu sync.Mutex
		acted, raced, repeated := 0, 0, 0
		var wg sync.WaitGroup
		for range 6 {
			wg.Go(func() {
				got, err := s.Many(t.Context(), []idempotency.Request{{"a", "k", "h"}}, func(context.Context, []int) ([]idempotency.Answer, error) {
					return []idempotency.Answer{{Body: []byte("done")}}, nil
				})
				mu.Lock()
				defer mu.Unlock()
				switch {
				case errors.Is(err, idempotency.ErrRaced):
					raced++
				case err != nil:
					t.Error(err)
				case got[0].Repeated:
					repeated++
				default:
					acted++
				}
			})
		}
		wg.Wait()
		if acted != 1 || raced+repeated != 5 {
			t.Errorf("%d acted, %d raced, %d repeated", acted, raced, repeated)
		}
	})
}

// Her twin at another replica commits while a crowd waits for its locks: what
// refuses her there is what she did herself.
func TestWhoIsRefusedBecauseOfHerTwinIsGivenItsAnswer(t *testing.T) {
	t.Parallel()
	db := dbtest.Postgres(t) // SQLite lets nobody else write meanwhile
	s := idempotency.New(db, blind{}, dbx.Now)
	outside := t.Context()
	got, err := s.Many(t.Context(), []idempotency.Request{{"a", "k", "h"}, {"a", "k2", "h"}}, func(context.Context, []int) ([]idempotency.Answer, error) {
		_, _, err := s.Once(outside, "a", "k", "h", func(context.Context) ([]byte, error) { return []byte("twin"), nil })
		no := idempotency.Answer{Err: errors.New("already applied")}
		return []idempotency.Answer{no, no}, err
	})
	if err != nil || got[0].Err != nil || !got[0].Repeated || string(got[0].Body) != "twin" || got[1].Err == nil {
		t.Errorf("%+v, %v", got, err)
	}
}
