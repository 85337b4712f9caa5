// Package migrate brings a database to the schema this program was built for.
package migrate

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"linggong/internal/dbx"
	"linggong/internal/errs"
	"linggong/migrations"
)

// ErrNewer says the database was made by a later release: going on could
// destroy what this one does not know.
var ErrNewer = errs.New(errs.Unavailable, "schema_newer",
	"数据库由更新版本的程序建立，请使用相同或更新的版本", "The database was made by a newer release; use that one.")

// State is one migration and when it was applied.
type State struct {
	Version int64
	Name    string
	Applied time.Time // zero when pending
}

// Up applies every pending migration, under a lock where several programs may
// start at once, and returns how many it applied.
func Up(ctx context.Context, db *dbx.DB) (int, error) {
	p, err := provider(db)
	if err != nil {
		return 0, err
	}
	var done []*goose.MigrationResult
	err = alone(ctx, db, func() error {
		if err := refuseNewer(ctx, p); err != nil {
			return err
		}
		if done, err = p.Up(ctx); err != nil {
			return fmt.Errorf("migrate up: %w", err)
		}
		return nil
	})
	return len(done), err
}

// Down undoes the newest migration and returns its name, or "" when none is left.
func Down(ctx context.Context, db *dbx.DB) (string, error) {
	p, err := provider(db)
	if err != nil {
		return "", err
	}
	r, err := p.Down(ctx)
	if errors.Is(err, goose.ErrNoNextVersion) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("migrate down: %w", err)
	}
	return r.Source.Path, nil
}

// Status lists every migration this program knows.
func Status(ctx context.Context, db *dbx.DB) ([]State, error) {
	p, err := provider(db)
	if err != nil {
		return nil, err
	}
	all, err := p.Status(ctx)
	if err != nil {
		return nil, fmt.Errorf("migrate status: %w", err)
	}
	out := make([]State, 0, len(all))
	for _, s := range all {
		out = append(out, State{Version: s.Source.Version, Name: s.Source.Path, Applied: s.AppliedAt})
	}
	return out, nil
}

func provider(db *dbx.DB) (*goose.Provider, error) {
	dialect := goose.DialectSQLite3
	opts := []goose.ProviderOption{goose.WithDisableGlobalRegistry(true)}
	if db.Dialect() == dbx.Postgres {
		dialect = goose.DialectPostgres
		// Asked for each second, not each fifth: replicas start together.
		locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 300))
		if err != nil {
			return nil, fmt.Errorf("migration lock: %w", err)
		}
		opts = append(opts, goose.WithSessionLocker(locker))
	}
	files, err := fs.Sub(migrations.FS, string(db.Dialect()))
	if err != nil {
		return nil, fmt.Errorf("migrations of %s: %w", db.Dialect(), err)
	}
	p, err := goose.NewProvider(dialect, db.SQL(), files, opts...)
	if err != nil {
		return nil, fmt.Errorf("read migrations: %w", err)
	}
	return p, nil
}

func refuseNewer(ctx context.Context, p *goose.Provider) error {
	have, err := p.GetDBVersion(ctx)
	if err != nil {
		return fmt.Errorf("read schema version: %w", err)
	}
	sources := p.ListSources()
	if newest := sources[len(sources)-1].Version; have > newest {
		return ErrNewer.With(fmt.Errorf("database is at %d, this program knows %d", have, newest))
	}
	return nil
}
