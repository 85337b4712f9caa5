// Package dbx opens the database and carries the current transaction.
//
// It is the only package that touches gorm's connections. A store asks From for
// its handle on every call and never keeps one. Outside a transaction From gives
// a handle for reading: every write belongs to an act, and an act to a transaction.
package dbx

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/driver/postgres"
	"gorm.io/driver/sqlite"
	"gorm.io/gorm"
	_ "modernc.org/sqlite" // the "sqlite" driver

	"linggong/internal/tx"
)

// Dialect is which SQL the database speaks.
type Dialect string

// The two dialects. Everything passes the same tests on both.
const (
	SQLite   Dialect = "sqlite"
	Postgres Dialect = "postgres"
)

// Options tunes a DB. The zero value serves.
type Options struct {
	// MaxConns bounds the PostgreSQL pool; 0 means 12. More only adds waiters
	// on hot rows (8–16 on two cores).
	MaxConns int
	// Slow is how long a statement may take before it is logged, without its
	// values; 0 means 200 ms.
	Slow time.Duration
	Log  *slog.Logger
	// Synchronous is SQLite's; empty means FULL, which a booking needs.
	Synchronous string
}

// DB is one database: a pool for writing and, on SQLite, one for reading.
type DB struct {
	dialect     Dialect
	write, read *gorm.DB
	writeSQL    *sql.DB
	pool        *pgxpool.Pool // PostgreSQL only
	close       []func() error
}

var _ tx.Runner = (*DB)(nil)

// NewID returns a new UUIDv7: ids sort by the time they were made.
func NewID() string { return uuid.Must(uuid.NewV7()).String() }

// Now is the clock of the program, in the precision both dialects keep.
func Now() time.Time { return time.Now().UTC().Truncate(time.Microsecond) }

// Open connects to "sqlite:///path/file.db" or "postgres://…". It does not
// create a schema; package migrate does.
func Open(ctx context.Context, rawURL string, o Options) (*DB, error) {
	if o.Slow == 0 {
		o.Slow = 200 * time.Millisecond
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	switch {
	case strings.HasPrefix(rawURL, "sqlite://"):
		return openSQLite(ctx, strings.TrimPrefix(rawURL, "sqlite://"), o)
	case strings.HasPrefix(rawURL, "postgres://"), strings.HasPrefix(rawURL, "postgresql://"):
		return openPostgres(ctx, rawURL, o)
	}
	return nil, fmt.Errorf("open database: the address must begin with sqlite:// or postgres://")
}

func openSQLite(ctx context.Context, path string, o Options) (*DB, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	if err := private(path); err != nil {
		return nil, err
	}
	if o.Synchronous == "" {
		o.Synchronous = "FULL"
	}
	common := url.Values{
		"_pragma":      {"busy_timeout(5000)", "foreign_keys(1)", "synchronous(" + o.Synchronous + ")", "cache_size(-16000)"},
		"_time_format": {"sqlite"},
		"_texttotime":  {"1"},
		"_timezone":    {"UTC"},
	}
	w := clone(common)
	w.Add("_pragma", "journal_mode(WAL)")
	w.Set("_txlock", "immediate") // a deferred read-then-write fails at once under load
	r := clone(common)
	r.Add("_pragma", "query_only(1)")

	writeSQL, err := sql.Open("sqlite", "file:"+path+"?"+w.Encode())
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	writeSQL.SetMaxOpenConns(1)
	if err := writeSQL.PingContext(ctx); err != nil {
		return nil, fmt.Errorf("open database %s: %w", path, err)
	}
	readSQL, err := sql.Open("sqlite", "file:"+path+"?"+r.Encode())
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	readSQL.SetMaxOpenConns(4)
	readSQL.SetMaxIdleConns(4)

	d := &DB{dialect: SQLite, writeSQL: writeSQL, close: []func() error{readSQL.Close, writeSQL.Close}}
	if d.write, err = openGorm(sqlite.New(sqlite.Config{DriverName: "sqlite", Conn: writeSQL}), o); err != nil {
		return nil, err
	}
	if d.read, err = openGorm(sqlite.New(sqlite.Config{DriverName: "sqlite", Conn: readSQL}), o); err != nil {
		return nil, err
	}
	return d, nil
}

// private makes the file, readable by its owner only, before SQLite would make
// it readable by everyone; the files beside it take its mode.
func private(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("open database: %w", err)
	}
	return f.Close()
}

func clone(v url.Values) url.Values {
	out := url.Values{}
	for k, s := range v {
		out[k] = append([]string(nil), s...)
	}
	return out
}

func openPostgres(ctx context.Context, rawURL string, o Options) (*DB, error) {
	cfg, err := pgxpool.ParseConfig(rawURL)
	if err != nil {
		return nil, fmt.Errorf("open database: the postgres:// address cannot be read") // err may hold the password
	}
	cfg.MaxConns = 12
	if o.MaxConns > 0 {
		cfg.MaxConns = int32(min(o.MaxConns, 500))
	}
	for k, v := range map[string]string{
		"timezone": "UTC", "statement_timeout": "30000", "lock_timeout": "5000",
		"idle_in_transaction_session_timeout": "60000", "application_name": "linggong",
	} {
		if cfg.ConnConfig.RuntimeParams[k] == "" {
			cfg.ConnConfig.RuntimeParams[k] = v
		}
	}
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, fmt.Errorf("open database: %w", err)
	}
	db := stdlib.OpenDBFromPool(pool)
	db.SetMaxIdleConns(0) // the pool underneath keeps them
	g, err := openGorm(postgres.New(postgres.Config{Conn: db}), o)
	if err != nil {
		return nil, err
	}
	return &DB{
		dialect: Postgres, write: g, read: g, writeSQL: db, pool: pool,
		close: []func() error{db.Close, func() error { pool.Close(); return nil }},
	}, nil
}

func openGorm(d gorm.Dialector, o Options) (*gorm.DB, error) {
	withoutValues()
	g, err := gorm.Open(d, &gorm.Config{
		SkipDefaultTransaction: true, // InTx is explicit
		Logger:                 &queryLog{log: o.Log, slow: o.Slow},
		NowFunc:                Now,
	})
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	return g, nil
}

// Dialect returns which SQL the database speaks.
func (d *DB) Dialect() Dialect { return d.dialect }

// SQL returns the pool underneath, for migrations and the backup.
func (d *DB) SQL() *sql.DB { return d.writeSQL }

// Pool returns the driver's own pool on PostgreSQL, for the few hot statements
// and COPY; nil on SQLite.
func (d *DB) Pool() *pgxpool.Pool { return d.pool }

// Ping says whether the database answers.
func (d *DB) Ping(ctx context.Context) error { return d.writeSQL.PingContext(ctx) }

// Close closes the pools.
func (d *DB) Close() error {
	var first error
	for _, f := range d.close {
		if err := f(); err != nil && first == nil {
			first = err
		}
	}
	return first
}
