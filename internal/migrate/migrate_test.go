package migrate_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"sort"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"linggong/internal/dbx"
	"linggong/internal/dbx/dbtest"
	"linggong/internal/migrate"
	"linggong/migrations"
)

func TestBothDialectsHaveTheSameMigrations(t *testing.T) {
	t.Parallel()
	names := func(dir string) []string {
		entries, err := fs.ReadDir(migrations.FS, dir)
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for i, e := range entries {
			if want := fmt.Sprintf("%04d_", i+1); !strings.HasPrefix(e.Name(), want) {
				t.Errorf("%s/%s: the numbers have a gap, want %s", dir, e.Name(), want)
			}
			out = append(out, e.Name())
		}
		return out
	}
	if d := cmp.Diff(names("sqlite"), names("postgres")); d != "" {
		t.Errorf("the listings differ (-sqlite +postgres):\n%s", d)
	}
}

// kinds maps each dialect's column types to one word.
var kinds = map[string]string{
	"text": "text", "uuid": "text", "datetime": "time", "timestamp with time zone": "time",
	"integer": "int", "bigint": "int", "boolean": "bool", "blob": "bytes", "bytea": "bytes",
	"real": "float", "double precision": "float",
}

// columns describes a schema as "table.column kind null/not null", and its
// indexes by name. Full-text tables are each engine's own and left out.
func columns(t *testing.T, db *dbx.DB) []string {
	t.Helper()
	query := `SELECT m.name AS tab, p.name AS col, p.type AS typ, CASE WHEN p."notnull" = 1 THEN 0 ELSE 1 END AS nullable
		FROM sqlite_master m JOIN pragma_table_info(m.name) p WHERE m.type = 'table'`
	indexes := `SELECT tbl_name || ' ' || name FROM sqlite_master WHERE type = 'index' AND name NOT LIKE 'sqlite_%'`
	if db.Dialect() == dbx.Postgres {
		query = `SELECT c.table_name AS tab, c.column_name AS col, c.data_type AS typ, CASE c.is_nullable WHEN 'YES' THEN 1 ELSE 0 END AS nullable
			FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
			WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE'`
		indexes = `SELECT tablename || ' ' || indexname FROM pg_indexes i WHERE schemaname = 'public'
			AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = i.indexname)`
	}
	var rows []struct {
		Tab, Col, Typ string
		Nullable      int
	}
	if err := db.From(t.Context()).Raw(query).Scan(&rows).Error; err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, r := range rows {
		if foreign(r.Tab) {
			continue
		}
		kind, ok := kinds[strings.ToLower(r.Typ)]
		if !ok {
			t.Errorf("%s.%s has type %q, which is not one of ours", r.Tab, r.Col, r.Typ)
		}
		null := "not null"
		if r.Nullable == 1 {
			null = "null"
		}
		out = append(out, fmt.Sprintf("%s.%s %s %s", r.Tab, r.Col, kind, null))
	}
	var names []string
	if err := db.From(t.Context()).Raw(indexes).Scan(&names).Error; err != nil {
		t.Fatal(err)
	}
	for _, n := range names {
		if !foreign(n) {
			out = append(out, "index "+n)
		}
	}
	sort.Strings(out)
	return out
}

func foreign(table string) bool {
	return strings.HasPrefix(table, "goose_") || strings.HasPrefix(table, "sqlite_") || strings.HasPrefix(table, "search_fts")
}

func TestBothDialectsDescribeTheSameSchema(t *testing.T) {
	t.Parallel()
	lite, pg := columns(t, dbtest.SQLite(t)), columns(t, dbtest.Postgres(t))
	if d := cmp.Diff(lite, pg); d != "" {
		t.Errorf("schemas differ (-sqlite +postgres):\n%s", d)
	}
}

func TestUpDownUpIsClean(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		before := columns(t, db)
		for n := 0; ; n++ {
			name, err := migrate.Down(t.Context(), db)
			if err != nil {
				t.Fatal(err)
			}
			if name == "" {
				break
			}
			if n > 200 {
				t.Fatal("down never ends")
			}
		}
		if left := columns(t, db); len(left) != 0 {
			t.Errorf("down left %v", left)
		}
		if _, err := migrate.Up(t.Context(), db); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(before, columns(t, db)); d != "" {
			t.Errorf("up after down differs:\n%s", d)
		}
		if n, err := migrate.Up(t.Context(), db); err != nil || n != 0 {
			t.Errorf("a second up applied %d, %v", n, err)
		}
	})
}

func TestADatabaseOfALaterReleaseIsRefused(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		err := db.InTx(t.Context(), func(ctx context.Context) error {
			return db.From(ctx).Exec("INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, ?)", true).Error
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := migrate.Up(t.Context(), db); !errors.Is(err, migrate.ErrNewer) {
			t.Fatalf("got %v", err)
		}
	})
}

// Replicas of a new release start together.
func TestManyThatMigrateAtOnceDoItOnce(t *testing.T) {
	t.Parallel()
	for name, url := range map[string]string{"sqlite": "sqlite://" + t.TempDir() + "/x.db", "postgres": dbtest.PostgresURL(t)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			applied := make([]int, 4)
			errs := make([]error, 4)
			open := func() *dbx.DB {
				db, err := dbx.Open(t.Context(), url, dbx.Options{MaxConns: 4})
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { db.Close() })
				return db
			}
			first := open()
			for {
				name, err := migrate.Down(t.Context(), first)
				if err != nil {
					t.Fatal(err)
				}
				if name == "" {
					break
				}
			}
			all, err := migrate.Status(t.Context(), first)
			if err != nil {
				t.Fatal(err)
			}
			var wg sync.WaitGroup
			for i := range applied {
				db := open()
				wg.Go(func() { applied[i], errs[i] = migrate.Up(t.Context(), db) })
			}
			wg.Wait()
			sum := 0
			for i := range applied {
				if sum += applied[i]; errs[i] != nil {
					t.Errorf("replica %d: %v", i, errs[i])
				}
			}
			if sum != len(all) {
				t.Errorf("%v: applied %d in all, there are %d", applied, sum, len(all))
			}
		})
	}
}

func TestTheTraceCannotBeChanged(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		exec := func(stmt string, args ...any) error {
			return db.InTx(t.Context(), func(ctx context.Context) error { return db.From(ctx).Exec(stmt, args...).Error })
		}
		if err := exec(`INSERT INTO audit_entries (id, kind, at, on_day, actor_role, origin, request_id, subject_kind, subject_id, region, reason, detail)
			VALUES (?, 'k', ?, '2026-11-23', 'system', '', '', '', '', '', '', '{}')`, dbx.NewID(), dbx.Now()); err != nil {
			t.Fatal(err)
		}
		if exec("UPDATE audit_entries SET reason = 'x'") == nil || exec("DELETE FROM audit_entries") == nil {
			t.Fatal("a row of the trace was changed")
		}
	})
}
