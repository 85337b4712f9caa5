package bookbench_test

import (
	"fmt"
	"os"
	"testing"
	"time"
)

// TestTheTraceInOneTableBesideOneByMonth is the measure behind decision 0009.
// LINGGONG_TEST_BOOK_AUDIT=1000000 says how many rows of a year.
func TestTheTraceInOneTableBesideOneByMonth(t *testing.T) { //nolint:paralleltest // a measure has the machine to itself
	rows := number(t, "LINGGONG_TEST_BOOK_AUDIT", 0)
	if rows == 0 {
		t.Skip("LINGGONG_TEST_BOOK_AUDIT says how many rows")
	}
	w := start(t, durable(t), size{workers: 60, shifts: 13, hot: 1, clients: 1})
	ctx := t.Context()
	pool, err := w.DB.Pool().Acquire(ctx) // one connection, whose limit is lifted
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Release()
	do := func(what, sql string) {
		t.Helper()
		began := time.Now()
		if _, err := pool.Exec(ctx, sql); err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		if what != "" {
			fmt.Fprintf(os.Stdout, "%-44s %8.2f s\n", what, time.Since(began).Seconds())
		}
	}
	do("", "SET statement_timeout = 0")
	// Ids of version 7 begin with the time: a range of them is a month, and the key stays the id.
	const bound = `(lpad(to_hex((extract(epoch from timestamptz '2026-01-01' + %d * interval '1 month') * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid`
	do("", "CREATE TABLE audit_months (LIKE audit_entries INCLUDING DEFAULTS INCLUDING CONSTRAINTS) PARTITION BY RANGE (id)")
	for m := range 12 {
		do("", fmt.Sprintf(`DO $$ BEGIN EXECUTE format('CREATE TABLE audit_m%d PARTITION OF audit_months FOR VALUES FROM (%%L) TO (%%L)', `+bound+`, `+bound+`); END $$`, m, m, m+1))
	}
	do("", "ALTER TABLE audit_months ADD PRIMARY KEY (id)")
	for _, column := range []string{"subject_id", "person_id", "actor_id", "kind"} {
		do("", "CREATE INDEX ON audit_months ("+column+", id)")
	}
	const insert = `INSERT INTO %s (id, kind, at, on_day, actor_role, actor_id, session_id, origin, request_id, subject_kind, subject_id, person_id, region, reason, detail)
		SELECT (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '7' || substr(md5(n::text), 1, 3) || '8' || substr(md5(n::text), 4, 15))::uuid, 'gig.engagement_confirmed', at, to_char(at, 'YYYY-MM-DD'),
		 'worker', who, who, '127.0.0.1', md5('r' || n), 'engagement', md5('s' || n), who, '330481101201', '', repeat('{"refs":"0123456789"}', 15)
		FROM (SELECT n, timestamptz '2026-01-01' + n * (interval '364 days' / %d) AS at, md5((n %% 100000)::text)::uuid AS who FROM generate_series(0, %d) n) x`
	for turn := range 2 { // half of the rows each, AB then BA
		list := []string{"audit_entries", "audit_months"}
		if turn == 1 {
			list = []string{"audit_months", "audit_entries"}
		}
		for _, table := range list {
			sql := fmt.Sprintf(insert, table, rows, rows-1)
			do("insert into "+table, sql+fmt.Sprintf(" WHERE n %% 2 = %d", turn))
		}
	}
	do("analyze", "ANALYZE audit_entries, audit_months")
	for what, sql := range map[string]string{
		"indexes, one table, MB":    "SELECT pg_indexes_size('audit_entries') / 1048576",
		"indexes, by month, MB":     "SELECT sum(pg_indexes_size(inhrelid)) / 1048576 FROM pg_inherits WHERE inhparent = 'audit_months'::regclass AND inhrelid::regclass::text LIKE 'audit_m%'",
		"rows that differ in count": "SELECT abs((SELECT count(*) FROM audit_entries) - (SELECT count(*) FROM audit_months))",
	} {
		var n float64
		if err := pool.QueryRow(ctx, sql).Scan(&n); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(os.Stdout, "%-44s %8.0f\n", what, n)
	}
	for _, table := range []string{"audit_entries", "audit_months", "audit_months", "audit_entries"} {
		began := time.Now()
		for n := range 300 {
			if _, err := pool.Exec(ctx, "SELECT * FROM "+table+" WHERE person_id = md5($1)::uuid ORDER BY id DESC LIMIT 50", fmt.Sprint(n*311)); err != nil {
				t.Fatal(err)
			}
		}
		fmt.Fprintf(os.Stdout, "%-44s %8.2f ms each\n", "a person's trace, "+table, float64(time.Since(began).Microseconds())/300/1000)
	}
	do("", "ALTER TABLE audit_entries DISABLE TRIGGER audit_entries_append_only")
	do("a month away, one table (DELETE)", "DELETE FROM audit_entries WHERE at < timestamptz '2026-02-01'")
	do("a month away, by month (DROP)", "DROP TABLE audit_m0")
	_, err = pool.Exec(ctx, `CREATE TABLE e_months (worker_id uuid, starts_at timestamptz, ends_at timestamptz, EXCLUDE USING gist (worker_id WITH =, tstzrange(starts_at, ends_at) WITH &&)) PARTITION BY RANGE (starts_at)`)
	if err == nil {
		t.Error("this PostgreSQL takes the overlap constraint on a table by month: look at decision 0009 again")
	}
	fmt.Fprintf(os.Stdout, "the overlap constraint by month: %v\n", err)
}
