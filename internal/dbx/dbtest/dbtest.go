// Package dbtest gives each test its own migrated database, cheap because it is
// copied from a template, not migrated.
package dbtest

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"linggong/internal/dbx"
	"linggong/internal/migrate"
	"linggong/internal/testserver"
	"linggong/migrations"
)

// Each runs fn once per dialect, as parallel subtests, each with an empty
// migrated database. Where PostgreSQL cannot be had the subtest says so and
// skips; `make test` installs it, so there it never does.
func Each(t *testing.T, fn func(t *testing.T, db *dbx.DB)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		fn(t, SQLite(t))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		fn(t, Postgres(t))
	})
}

// SQLite returns an empty migrated database in a file of the test's own.
func SQLite(t testing.TB) *dbx.DB {
	t.Helper()
	tmpl, err := sqliteTemplate()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "test.db")
	if err := os.WriteFile(path, tmpl, 0o600); err != nil {
		t.Fatal(err)
	}
	return open(t, "sqlite://"+path, dbx.Options{Synchronous: "OFF"})
}

// Postgres returns an empty migrated database on the test server.
func Postgres(t testing.TB) *dbx.DB {
	t.Helper()
	return open(t, PostgresURL(t), dbx.Options{MaxConns: 8})
}

// PostgresURL returns the address of an empty migrated database on the test
// server; it is dropped when the test ends.
func PostgresURL(t testing.TB) string {
	t.Helper()
	base, template, err := postgresTemplate()
	if errors.Is(err, testserver.ErrMissing) {
		t.Skipf("PostgreSQL is not here: %v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	name := "lg_t_" + strings.ToLower(rand.Text())
	if err := admin(base, `CREATE DATABASE `+name+` TEMPLATE `+template); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := admin(base, `DROP DATABASE IF EXISTS `+name+` WITH (FORCE)`); err != nil {
			t.Log(err)
		}
	})
	return at(base, name)
}

func open(t testing.TB, addr string, o dbx.Options) *dbx.DB {
	t.Helper()
	db, err := dbx.Open(context.Background(), addr, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

// sqliteTemplate migrates once per test binary.
var sqliteTemplate = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "lg-template")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "t.db")
	db, err := dbx.Open(context.Background(), "sqlite://"+path, dbx.Options{Synchronous: "OFF"})
	if err != nil {
		return nil, err
	}
	if _, err := migrate.Up(context.Background(), db); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	if _, err := db.SQL().Exec("PRAGMA wal_checkpoint(TRUNCATE)"); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	if err := db.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

type pgTemplate struct{ base, name string }

// postgresTemplate migrates once per test run: test binaries share the template
// by the hash of the migrations, under a lock.
func postgresTemplate() (base, name string, err error) {
	t, err := postgresOnce()
	return t.base, t.name, err
}

var postgresOnce = sync.OnceValues(func() (pgTemplate, error) {
	base, _, err := testserver.Postgres(context.Background())
	if err != nil {
		return pgTemplate{}, err
	}
	sum, err := migrationsHash()
	if err != nil {
		return pgTemplate{}, err
	}
	t := pgTemplate{base: base, name: "lg_template_" + sum}
	db, err := sql.Open("pgx", base)
	if err != nil {
		return t, err
	}
	defer db.Close()
	conn, err := db.Conn(context.Background())
	if err != nil {
		return t, fmt.Errorf("test PostgreSQL: %w", err)
	}
	defer conn.Close()
	ctx := context.Background()
	if _, err := conn.ExecContext(ctx, "SELECT pg_advisory_lock(770011)"); err != nil {
		return t, err
	}
	defer conn.ExecContext(ctx, "SELECT pg_advisory_unlock(770011)") //nolint:errcheck // the connection closes anyway
	var ready bool
	if err := conn.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM pg_database WHERE datname = $1)", t.name).Scan(&ready); err != nil || ready {
		return t, err
	}
	build := t.name + "_new"
	if _, err := conn.ExecContext(ctx, "DROP DATABASE IF EXISTS "+build+" WITH (FORCE)"); err != nil {
		return t, err
	}
	if _, err := conn.ExecContext(ctx, "CREATE DATABASE "+build); err != nil {
		return t, err
	}
	g, err := dbx.Open(ctx, at(base, build), dbx.Options{})
	if err != nil {
		return t, err
	}
	_, err = migrate.Up(ctx, g)
	if err = errors.Join(err, g.Close()); err != nil {
		return t, err
	}
	_, err = conn.ExecContext(ctx, "ALTER DATABASE "+build+" RENAME TO "+t.name)
	return t, err
})

func migrationsHash() (string, error) {
	h := sha256.New()
	err := fs.WalkDir(migrations.FS, "postgres", func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		b, err := migrations.FS.ReadFile(path)
		if err != nil {
			return err
		}
		h.Write([]byte(path))
		h.Write(b)
		return nil
	})
	return hex.EncodeToString(h.Sum(nil)[:8]), err
}

func at(base, database string) string {
	u, err := url.Parse(base)
	if err != nil {
		return base
	}
	u.Path = "/" + database
	return u.String()
}

func admin(base, stmt string) error {
	db, err := sql.Open("pgx", base)
	if err != nil {
		return err
	}
	defer db.Close()
	if _, err := db.Exec(stmt); err != nil {
		return fmt.Errorf("test PostgreSQL: %w", err)
	}
	return nil
}
