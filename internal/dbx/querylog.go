package dbx

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

// queryLog logs slow statements with their text and never their values.
type queryLog struct {
	log  *slog.Logger
	slow time.Duration
}

var (
	_ logger.Interface  = (*queryLog)(nil)
	_ gorm.ParamsFilter = (*queryLog)(nil)
)

// withoutValues is gorm's own hook for the recorder behind Scan, which would
// otherwise write the values into the text before our ParamsFilter is asked.
var withoutValues = sync.OnceFunc(func() {
	logger.RecorderParamsFilter = func(_ context.Context, sql string, _ ...any) (string, []any) { return sql, nil }
})

// ParamsFilter keeps values, which may be personal, out of every message.
func (l *queryLog) ParamsFilter(_ context.Context, sql string, _ ...any) (string, []any) {
	return sql, nil
}

// LogMode implements logger.Interface; the level is the handler's business.
func (l *queryLog) LogMode(logger.LogLevel) logger.Interface { return l }

// Info implements logger.Interface.
func (l *queryLog) Info(ctx context.Context, msg string, _ ...any) { l.log.DebugContext(ctx, msg) }

// Warn implements logger.Interface.
func (l *queryLog) Warn(ctx context.Context, msg string, _ ...any) { l.log.WarnContext(ctx, msg) }

// Error implements logger.Interface. Stores wrap and return what failed, so
// here it is only detail.
func (l *queryLog) Error(ctx context.Context, msg string, _ ...any) { l.log.DebugContext(ctx, msg) }

// Trace implements logger.Interface.
func (l *queryLog) Trace(ctx context.Context, begin time.Time, fc func() (string, int64), err error) {
	if n, ok := ctx.Value(countKey{}).(*atomic.Int64); ok {
		n.Add(1)
	}
	took := time.Since(begin)
	if took < l.slow || errors.Is(err, context.Canceled) {
		return
	}
	text, rows := fc()
	l.log.WarnContext(ctx, "slow statement", "sql", text, "rows", rows, "ms", took.Milliseconds())
}

type countKey struct{}

// CountQueries returns a ctx in which statements are counted, and the count.
// Tests hold a route to its number of queries with it.
func CountQueries(ctx context.Context) (context.Context, *atomic.Int64) {
	n := new(atomic.Int64)
	return context.WithValue(ctx, countKey{}, n), n
}
