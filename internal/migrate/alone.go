package migrate

import (
	"context"
	"fmt"
	"time"

	"github.com/gofrs/flock"

	"linggong/internal/dbx"
)

// alone runs fn while no other process migrates this database. PostgreSQL has a
// lock of its own for that (see provider); beside a SQLite file lies one.
func alone(ctx context.Context, db *dbx.DB, fn func() error) (err error) {
	if db.Dialect() != dbx.SQLite {
		return fn()
	}
	var file string
	if err := db.SQL().QueryRowContext(ctx, "SELECT file FROM pragma_database_list WHERE name = 'main'").Scan(&file); err != nil {
		return fmt.Errorf("find the database file: %w", err)
	}
	lock := flock.New(file + ".migrating")
	if _, err := lock.TryLockContext(ctx, 50*time.Millisecond); err != nil {
		return fmt.Errorf("wait for another migration: %w", err)
	}
	defer func() {
		if unlock := lock.Close(); err == nil && unlock != nil {
			err = fmt.Errorf("end the migration lock: %w", unlock)
		}
	}()
	return fn()
}
