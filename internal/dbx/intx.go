package dbx

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"gorm.io/gorm"

	"linggong/internal/tx"
)

const maxTries = 4 // one try and three more

// InTx implements tx.Runner. Only the outermost call retries, only when the
// database asks for it (serialization failure, deadlock, busy), and it watches
// ctx while it waits.
func (d *DB) InTx(ctx context.Context, fn func(ctx context.Context) error) error {
	if s := tx.From(ctx); s != nil {
		err := fn(ctx)
		if err != nil {
			s.Doom(err)
		}
		return err
	}
	for try := 1; ; try++ {
		err := d.once(ctx, fn)
		if err == nil || try == maxTries || !retryable(err) {
			return Passing(err)
		}
		pause := time.Duration(try*try) * time.Duration(5+rand.IntN(20)) * time.Millisecond
		select {
		case <-ctx.Done():
			return errors.Join(err, ctx.Err())
		case <-time.After(pause):
		}
	}
}

func (d *DB) once(ctx context.Context, fn func(ctx context.Context) error) error {
	var scope *tx.Scope
	err := d.write.WithContext(ctx).Transaction(func(g *gorm.DB) error {
		var inner context.Context
		inner, scope = tx.Open(ctx, g)
		if err := fn(inner); err != nil {
			return err
		}
		return scope.Doomed()
	})
	if err != nil {
		return err
	}
	scope.Committed(ctx)
	return nil
}

// From returns the handle of the transaction in ctx, or one for reading.
func (d *DB) From(ctx context.Context) *gorm.DB {
	if s := tx.From(ctx); s != nil {
		if g, ok := s.Handle.(*gorm.DB); ok {
			return g.WithContext(ctx)
		}
	}
	return d.read.WithContext(ctx)
}
