package torture_test

import (
	"database/sql"
	"fmt"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // plain SQL, not the program's own doors
	_ "modernc.org/sqlite"
)

// store reads what is stored, by SQL of its own.
type store struct {
	t  *testing.T
	db *sql.DB
}

func (w *world) open(url string) store {
	w.t.Helper()
	driver, url := "pgx", url
	if w.dialect == "sqlite" {
		driver, url = "sqlite", "file:"+url+"?_pragma=busy_timeout(10000)"
	}
	db, err := sql.Open(driver, url)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { _ = db.Close() })
	return store{w.t, db}
}

func (w *world) store() store { return w.open(w.data) }

// sql runs a statement beside the program.
func (w *world) sql(url, statement string) {
	w.t.Helper()
	s := w.open(url)
	if _, err := s.db.ExecContext(w.t.Context(), statement); err != nil {
		w.t.Fatalf("%s: %v", statement, err)
	}
	_ = s.db.Close()
}

// rows returns the rows of a query, every column as text.
func (s store) rows(query string) [][]string {
	s.t.Helper()
	rows, err := s.db.QueryContext(s.t.Context(), query)
	if err != nil {
		s.t.Fatalf("%s: %v", query, err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		s.t.Fatal(err)
	}
	var out [][]string
	for rows.Next() {
		values, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			s.t.Fatal(err)
		}
		line := make([]string, len(columns))
		for i, v := range values {
			if b, ok := v.([]byte); ok {
				v = string(b)
			}
			if v != nil {
				line[i] = fmt.Sprint(v)
			}
		}
		out = append(out, line)
	}
	if err := rows.Err(); err != nil {
		s.t.Fatalf("%s: %v", query, err)
	}
	return out
}

// column returns the first column of a query.
func (s store) column(query string) []string {
	s.t.Helper()
	var out []string
	for _, r := range s.rows(query) {
		out = append(out, r[0])
	}
	return out
}

func (s store) set(query string) map[string]bool {
	s.t.Helper()
	out := map[string]bool{}
	for _, x := range s.column(query) {
		out[x] = true
	}
	return out
}

// counts returns the second column, a number, by the first.
func (s store) counts(query string) map[string]int {
	s.t.Helper()
	out := map[string]int{}
	for _, r := range s.rows(query) {
		n := 0
		if _, err := fmt.Sscan(r[1], &n); err != nil {
			s.t.Fatalf("%s: %v", query, err)
		}
		out[r[0]] += n
	}
	return out
}
