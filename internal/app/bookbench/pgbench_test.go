package bookbench_test

import (
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"linggong/internal/testserver"
)

// The same rows as one booking of the program leaves, written by hand as one
// statement: the place, the engagement, its history, the trace, and the answer
// kept under the request's key. It judges nothing and reads nothing else.
const byHand = `\set i :i + 1
\set n :base + :client_id * :stride + :i
\set w :n %% %[1]d
\set s %[2]s
WITH who AS (SELECT id, person_id FROM bench_workers WHERE n = :w),
 what AS (SELECT * FROM bench_shifts WHERE n = :s),
 taken AS (UPDATE gig_shifts SET filled = filled + 1 WHERE id = (SELECT id FROM what) AND filled < headcount RETURNING id),
 e AS (INSERT INTO gig_engagements (id, code, posting_id, shift_id, employer_id, worker_id, person_id, village, starts_at, ends_at, status, holds, live, insurance, created_at, updated_at, version)
  SELECT gen_random_uuid(), lpad((100000 + :n %% 900000)::text, 6, '0'), what.posting_id, taken.id, what.employer_id, who.id, who.person_id, what.village, what.starts_at, what.ends_at, 'confirmed', true, true, 'accident', now(), now(), 1
  FROM taken, what, who RETURNING id, posting_id, shift_id, employer_id, worker_id, person_id, village),
 h AS (INSERT INTO gig_engagement_history (id, engagement_id, at, act, to_status, by_role, by_account, side, reason)
  SELECT gen_random_uuid(), id, now(), 'confirm', 'confirmed', 'worker', worker_id, 'worker', '' FROM e),
 %[3]s
 a AS (INSERT INTO audit_entries (id, kind, at, on_day, actor_role, actor_id, session_id, origin, request_id, subject_kind, subject_id, person_id, region, reason, detail)
  SELECT gen_random_uuid(), 'gig.engagement_confirmed', now(), '2026-11-23', 'worker', worker_id, person_id, '127.0.0.1', gen_random_uuid()::text, 'engagement', id::text, person_id, village, '',
   '{"refs":[{"kind":"posting","id":"' || posting_id || '"},{"kind":"shift","id":"' || shift_id || '"},{"kind":"employer","id":"' || employer_id || '"},{"kind":"worker","id":"' || worker_id || '"}],"nums":{"amount_fen":0,"minutes":0},"tags":{"act":"confirm","status":"confirmed","trade":"packer"}}' FROM e)
SELECT count(*) FROM e;
`

// keepAnswer is a kept answer of the length that the program's have.
const keepAnswer = `k AS (INSERT INTO idempotency_keys (actor, key, request_hash, status, body, created_at, expires_at)
  SELECT worker_id::text, 'h-' || :n, md5(:n::text) || md5(id::text), 200, convert_to(repeat('0123456789abcdef', %d), 'UTF8'), now(), now() + interval '7 days' FROM e),`

// pgbench is the other side.
type pgbench struct {
	program, dir string
	address      *url.URL
}

func newPgbench(tb testing.TB, w *world, database string) *pgbench {
	tb.Helper()
	bin, err := testserver.PostgresBin(tb.Context())
	if err != nil {
		tb.Skip(err)
	}
	b := &pgbench{program: filepath.Join(bin, "pgbench"), dir: tb.TempDir()}
	if _, err := os.Stat(b.program); err != nil {
		tb.Skip("pgbench is not here")
	}
	if b.address, err = url.Parse(database); err != nil {
		tb.Fatal(err)
	}
	for _, sql := range []string{
		`CREATE TABLE bench_workers AS SELECT row_number() OVER (ORDER BY id) - 1 AS n, id, person_id FROM gig_workers`,
		`ALTER TABLE bench_workers ADD PRIMARY KEY (n)`,
		`CREATE TABLE bench_shifts AS SELECT CASE WHEN s.id::text LIKE '%-0007-7000-%' THEN 1000000 ELSE 0 END + ('x' || right(s.id::text, 8))::bit(32)::bigint AS n,
			s.id, s.posting_id, p.employer_id, p.village, s.starts_at, s.ends_at FROM gig_shifts s JOIN gig_postings p ON p.id = s.posting_id WHERE p.status <> 'closed'`,
		`ALTER TABLE bench_shifts ADD PRIMARY KEY (n)`,
		`VACUUM (ANALYZE)`,
	} {
		if _, err := w.DB.Pool().Exec(tb.Context(), sql); err != nil {
			tb.Fatal(err)
		}
	}
	return b
}

var (
	processed = regexp.MustCompile(`number of transactions actually processed: (\d+)`)
	perSecond = regexp.MustCompile(`tps = ([\d.]+) `)
	failed    = regexp.MustCompile(`number of failed transactions: (\d+)`)
)

// run books by hand for as long as a stretch takes. hot < 0 means many shifts.
func (b *pgbench) run(tb testing.TB, w *world, clients, stride, base, hot int, keyed bool) stretch {
	tb.Helper()
	shift, keep := fmt.Sprintf("(:n / %d + :w) %% %d", w.size.workers, w.size.shifts), ""
	if hot >= 0 {
		shift = strconv.Itoa(1_000_000 + hot)
	}
	if keyed {
		keep = fmt.Sprintf(keepAnswer, 90)
	}
	script := filepath.Join(b.dir, "book.sql")
	if err := os.WriteFile(script, fmt.Appendf(nil, byHand, w.size.workers, shift, keep), 0o600); err != nil {
		tb.Fatal(err)
	}
	q := b.address.Query()
	args := []string{
		"-n", "-M", "prepared", "-c", strconv.Itoa(clients), "-j", "2", "-f", script,
		"-D", "i=0", "-D", "base=" + strconv.Itoa(base), "-D", "stride=" + strconv.Itoa(stride), "-h", q.Get("host"), "-U", b.address.User.Username(), "-l", "--log-prefix", filepath.Join(b.dir, "log"),
	}
	if w.size.whole {
		args = append(args, "-T", strconv.Itoa(int(w.size.stretch.Seconds())))
	} else {
		args = append(args, "-t", strconv.Itoa(min(20, stride-1)))
	}
	if p := b.address.Port(); p != "" {
		args = append(args, "-p", p)
	}
	if b.address.Hostname() != "" {
		args = append(args, "-h", b.address.Hostname())
	}
	args = append(args, strings.TrimPrefix(b.address.Path, "/"))
	out, err := exec.CommandContext(tb.Context(), b.program, args...).CombinedOutput()
	if err != nil {
		tb.Fatalf("pgbench: %v\n%s", err, out)
	}
	var s stretch
	if m := processed.FindSubmatch(out); m != nil {
		s.done, _ = strconv.Atoi(string(m[1]))
	}
	if m := perSecond.FindSubmatch(out); m != nil {
		tps, _ := strconv.ParseFloat(string(m[1]), 64)
		s.took = time.Duration(float64(s.done) / tps * float64(time.Second))
	}
	if m := failed.FindSubmatch(out); m != nil && string(m[1]) != "0" {
		tb.Fatalf("pgbench: %s", out)
	}
	s.waits = b.waits(tb)
	return s
}

// waits reads how long each took from pgbench's logs.
func (b *pgbench) waits(tb testing.TB) []time.Duration {
	tb.Helper()
	logs, err := filepath.Glob(filepath.Join(b.dir, "log.*"))
	if err != nil {
		tb.Fatal(err)
	}
	var out []time.Duration
	for _, name := range logs {
		text, err := os.ReadFile(name)
		if err != nil {
			tb.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			if f := strings.Fields(line); len(f) > 2 {
				us, _ := strconv.Atoi(f[2])
				out = append(out, time.Duration(us)*time.Microsecond)
			}
		}
		if err := os.Remove(name); err != nil {
			tb.Fatal(err)
		}
	}
	return out
}
