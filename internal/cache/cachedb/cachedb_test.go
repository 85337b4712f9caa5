package cachedb_test

import (
	"context"
	"testing"
	"time"

	"linggong/internal/cache"
	"linggong/internal/cache/cachedb"
	"linggong/internal/cache/cachetest"
	"linggong/internal/dbx"
	"linggong/internal/dbx/dbtest"
)

// mixed is what a replica without Redis uses: values in the database, limits
// and messages in the process.
func mixed(t *testing.T, db *dbx.DB) *cache.Cache {
	t.Helper()
	local := cache.NewLocal(time.Now)
	c := cache.New(cachedb.New(db, time.Now), local, local, nil, local.Close)
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	return c
}

func TestTheDatabaseKeepsTheContractOfACache(t *testing.T) {
	t.Parallel()
	for name, open := range map[string]func(testing.TB) *dbx.DB{"sqlite": dbtest.SQLite, "postgres": dbtest.Postgres} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cachetest.Run(t, func(t *testing.T) *cache.Cache { return mixed(t, open(t)) })
		})
	}
}

func TestACodeSentByOneReplicaIsRedeemedByAnother(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		a, b := mixed(t, db), mixed(t, db)
		if err := a.Set(t.Context(), "code", []byte("123456"), time.Minute); err != nil {
			t.Fatal(err)
		}
		got, ok, err := b.Take(t.Context(), "code")
		if err != nil || !ok || string(got) != "123456" {
			t.Fatalf("%q %v %v", got, ok, err)
		}
		if _, ok, _ := a.Take(t.Context(), "code"); ok {
			t.Error("redeemed twice")
		}
	})
}

func TestWhatHasExpiredIsRemoved(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		now := dbx.Now()
		s := cachedb.New(db, func() time.Time { return now })
		for _, ttl := range []time.Duration{time.Minute, time.Hour} {
			if err := s.Set(t.Context(), ttl.String(), nil, ttl); err != nil {
				t.Fatal(err)
			}
		}
		now = now.Add(2 * time.Minute)
		if err := s.Prune(t.Context()); err != nil {
			t.Fatal(err)
		}
		var n int64
		if err := db.From(t.Context()).Raw("SELECT count(*) FROM cache_values").Scan(&n).Error; err != nil || n != 1 {
			t.Fatalf("%d rows, %v", n, err)
		}
	})
}

func TestAValueIsNoPartOfAnAct(t *testing.T) {
	t.Parallel()
	db := dbtest.SQLite(t)
	defer func() {
		if recover() == nil {
			t.Error("a value was kept inside a transaction")
		}
	}()
	_ = db.InTx(t.Context(), func(ctx context.Context) error {
		return cachedb.New(db, time.Now).Set(ctx, "k", nil, time.Minute)
	})
}
