package idempotency_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"linggong/internal/dbx"
	"linggong/internal/dbx/dbtest"
	"linggong/internal/idempotency"
)

type blind struct{}

func (blind) Blind(field, value string) string { return field + value }

func TestARepeatedRequestGetsTheFirstAnswerAndActsOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		s := idempotency.New(db, blind{}, dbx.Now)
		var acts atomic.Int64
		act := func(context.Context) ([]byte, error) { acts.Add(1); return []byte("booked"), nil }
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				got, _, err := s.Once(t.Context(), "a", "k", "h", act)
				if err != nil || string(got) != "booked" {
					t.Errorf("%q, %v", got, err)
				}
			})
		}
		wg.Wait()
		if acts.Load() != 1 {
			t.Fatalf("acted %d times", acts.Load())
		}
		if _, _, err := s.Once(t.Context(), "a", "k", "other", act); !errors.Is(err, idempotency.ErrOtherBody) {
			t.Fatalf("another body with the key: %v", err)
		}
		if _, again, err := s.Once(t.Context(), "b", "k", "h", act); err != nil || again {
			t.Fatal("another actor's key is another key")
		}
	})
}

func TestARefusedRequestMayBeRepeated(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		s := idempotency.New(db, blind{}, dbx.Now)
		no := errors.New("full")
		if _, _, err := s.Once(t.Context(), "a", "k", "h", func(context.Context) ([]byte, error) { return nil, no }); !errors.Is(err, no) {
			t.Fatal(err)
		}
		got, again, err := s.Once(t.Context(), "a", "k", "h", func(context.Context) ([]byte, error) { return []byte("ok"), nil })
		if err != nil || again || string(got) != "ok" {
			t.Fatalf("%q %v %v", got, again, err)
		}
	})
}
