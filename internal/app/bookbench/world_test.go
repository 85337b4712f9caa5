package bookbench_test

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"linggong/internal/access"
	"linggong/internal/app"
	"linggong/internal/config"
	"linggong/internal/day"
	"linggong/internal/dbx"
	"linggong/internal/gig"
	"linggong/internal/person"
	"linggong/internal/region"
	"linggong/internal/worktext"
)

// opening is the moment the measured city opens: a Monday morning.
var opening = time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC)

// size is how much is measured.
type size struct {
	workers int // each has a session
	shifts  int // of as many urgent postings, none at the time of another
	hot     int // postings that everybody wants, one for each stretch of a run
	pairs   int // half of them AB, half BA
	stretch time.Duration
	clients int // through HTTP
	whole   bool
}

// world is the whole program over a made city, answering on a loopback port.
type world struct {
	*app.App
	size    size
	address string
	tokens  []string
	next    int // the first booking not yet taken by a stretch
}

func id(kind, n int) string { return fmt.Sprintf("0195a2b4-%04x-7000-8000-%012x", kind, n) }

const (
	kindEmployer = iota + 1
	kindPosting
	kindShift
	kindWorker
	kindPerson
	kindHotPosting
	kindHotShift
	kindPast
	kindPastPosting
	kindPastShift
)

// past is how many gigs each worker has done before: a table that holds nothing
// is planned for as no city's is.
const past = 3

const (
	many      = 1_000_000 // places of a shift that does not fill
	employers = 50
)

// start opens the program over the database, fills it and begins to answer.
func start(tb testing.TB, database string, sz size) *world {
	tb.Helper()
	cfg := config.Default()
	cfg.Data = tb.TempDir()
	cfg.KeyFile = filepath.Join(cfg.Data, "keys.json")
	cfg.DatabaseURL = config.Secret(database)
	began := time.Now()
	a, err := app.Open(tb.Context(), cfg, app.Options{Now: func() time.Time { return opening.Add(time.Since(began)).Truncate(time.Microsecond) }})
	if err != nil {
		tb.Fatal(err)
	}
	w := &world{App: a, size: sz}
	tb.Cleanup(func() {
		if err := a.Close(); err != nil {
			tb.Error(err)
		}
	})
	w.must(tb, w.fill(tb.Context()))
	w.must(tb, w.sessions(tb.Context()))
	w.analyse(tb)
	w.must(tb, a.Postings.Rebuild(tb.Context()))
	w.serve(tb)
	return w
}

func (w *world) must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}

func (w *world) serve(tb testing.TB) {
	tb.Helper()
	handler, _, err := w.Handler()
	w.must(tb, err)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	w.must(tb, err)
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = server.Serve(l) }() // it ends with Close
	tb.Cleanup(func() { _ = server.Close() })
	w.address = l.Addr().String()
}

// fill writes employers, postings, workers and who they are.
func (w *world) fill(ctx context.Context) error {
	var villages []region.Region
	for _, r := range region.HainingTree().All() {
		if r.Level == region.Village {
			villages = append(villages, r)
		}
	}
	at := func(n int) region.Region { return villages[n%len(villages)] }
	before := opening.Add(-1000 * time.Hour)
	bosses := make([]gig.Employer, employers)
	for n := range bosses {
		bosses[n] = gig.Employer{
			ID: gig.EmployerID(id(kindEmployer, n)), Kind: gig.Organisation, Name: fmt.Sprintf("海宁市第%d皮革厂", n), Town: string(at(n).Parent), Village: string(at(n).Code),
			Status: gig.EmployerVerified, VerifiedAt: before, CreatedAt: before, Version: 1,
		}
	}
	if err := w.GigStore.FillEmployers(ctx, bosses); err != nil {
		return err
	}
	postings := make([]gig.Posting, 0, w.size.shifts+w.size.hot)
	for n := range w.size.shifts {
		postings = append(postings, posting(kindPosting, kindShift, n, at(n), 1+n/4, 6+4*(n%4)))
	}
	for n := range w.size.hot {
		postings = append(postings, posting(kindHotPosting, kindHotShift, n, at(n), 1, 8))
	}
	for n := range past {
		p := posting(kindPastPosting, kindPastShift, n, at(n), -7*(n+1), 8)
		p.Status = gig.PostingClosed
		postings = append(postings, p)
	}
	if err := w.GigStore.FillPostings(ctx, postings); err != nil {
		return err
	}
	workers := make([]gig.Worker, w.size.workers)
	for n := range workers {
		workers[n] = gig.Worker{
			ID: gig.WorkerID(id(kindWorker, n)), PersonID: id(kindPerson, n), Village: string(at(n).Code), RadiusM: 10_000, WaitingSince: before,
			Completed: 3, Consent: gig.ConsentSelf, CreatedAt: before, Version: 1,
			Trades: []gig.TradeSkill{{Trade: worktext.Trades()[n%20].ID, Level: 2}, {Trade: worktext.Trades()[20+n%7].ID, Level: 1}},
		}
	}
	if err := w.GigStore.FillWorkers(ctx, workers); err != nil {
		return err
	}
	return w.DB.InTx(ctx, func(ctx context.Context) error {
		for n := range employers {
			phone, err := w.Keys.Seal("gig_employers.phone", id(kindEmployer, n), []byte("13800000001"))
			if err != nil {
				return err
			}
			if err := w.DB.From(ctx).Exec("UPDATE gig_employers SET phone_sealed = ? WHERE id = ?", phone, id(kindEmployer, n)).Error; err != nil {
				return err
			}
		}
		for n := range w.size.workers {
			err := w.PersonStore.Create(ctx, person.Record{
				Person:      person.Person{ID: id(kindPerson, n), Sex: "female", Birth: "1985-03-07", Village: string(at(n).Code), Proof: person.ByPhone, ProvedAt: before, CreatedAt: before, Version: 1},
				Particulars: person.Particulars{Name: "沈小妹", Phone: fmt.Sprintf("139%08d", n)},
			})
			if err != nil {
				return err
			}
		}
		return w.fillPast(ctx)
	})
}

// fillPast writes what every worker has done: settled, on a day of its own.
func (w *world) fillPast(ctx context.Context) error {
	engagements := `INSERT INTO gig_engagements (id, code, posting_id, shift_id, employer_id, worker_id, person_id, village, starts_at, ends_at, status, holds, live, insurance,
			amount_fen, paid_at, minutes_by_worker, minutes_by_employer, created_at, updated_at, version)
		SELECT replace(CAST(w.id AS text), '-%[1]s-', '-%[2]s-'), %[3]s, s.posting_id, s.id, p.employer_id, w.id, w.person_id, w.village, s.starts_at, s.ends_at, 'settled', true, true, 'accident',
			20800, s.ends_at, 480, 480, p.created_at, s.ends_at, 5
		FROM gig_workers w, gig_shifts s JOIN gig_postings p ON p.id = s.posting_id WHERE s.id = ?`
	history := `INSERT INTO gig_engagement_history (id, engagement_id, at, act, to_status, by_role, side)
		SELECT e.id, e.id, e.created_at, 'confirm', 'confirmed', 'worker', 'worker' FROM gig_engagements e`
	keys := `INSERT INTO idempotency_keys (actor, key, request_hash, status, body, created_at, expires_at)
		SELECT CAST(id AS text), 'past', 'past', 200, %s, ?, ? FROM gig_workers`
	number, body := "substr(CAST(w.id AS text), 32)", "'{}'"
	if w.DB.Dialect() == dbx.Postgres {
		body = "convert_to('{}', 'UTF8')"
		engagements = strings.Replace(engagements, "SELECT replace(CAST(w.id AS text), '-%[1]s-', '-%[2]s-')", "SELECT CAST(replace(CAST(w.id AS text), '-%[1]s-', '-%[2]s-') AS uuid)", 1)
	}
	for n := range past {
		sql := fmt.Sprintf(engagements, fmt.Sprintf("%04x", kindWorker), fmt.Sprintf("%03x%x", kindPast, n), fmt.Sprintf("'%c' || %s", 'A'+n, number))
		if err := w.DB.From(ctx).Exec(sql, id(kindPastShift, n)).Error; err != nil {
			return err
		}
		if err := w.DB.From(ctx).Exec("UPDATE gig_shifts SET filled = ? WHERE id = ?", w.size.workers, id(kindPastShift, n)).Error; err != nil {
			return err
		}
	}
	if err := w.DB.From(ctx).Exec(history).Error; err != nil {
		return err
	}
	return w.DB.From(ctx).Exec(fmt.Sprintf(keys, body), opening, opening.Add(time.Hour)).Error
}

func posting(kind, ofShift, n int, at region.Region, inDays, hour int) gig.Posting {
	p := gig.Posting{
		ID: gig.PostingID(id(kind, n)), Code: fmt.Sprintf("%06d", kind*100_000+n), EmployerID: gig.EmployerID(id(kindEmployer, n%employers)), Status: gig.PostingPublished,
		PublishedAt: opening.Add(-time.Hour), CreatedAt: opening.Add(-2 * time.Hour), Version: 1,
		Terms: gig.Terms{
			Title: "急招打包工", Trade: worktext.Trades()[n%20].ID, Description: "流水线打包，管饭，当天结。", Form: gig.ShortFullTime, Village: string(at.Code), Address: at.Name + "工业园",
			Place: gig.PointOf(at.Lat, at.Lng), Pay: gig.Pay{AmountFen: 2600, Unit: gig.PerHour, Settlement: gig.SettleDaily, SettlementDays: 1, Payer: "employer"},
			Insurance: "accident", MinAge: 16, Meals: true, NoExperience: true, Urgent: true,
		},
		HourFen: 2600,
	}
	sh := gig.NewShift(day.Of(opening).Add(inDays), 60*hour, 60*hour+180, 0, many)
	sh.ID, sh.PostingID = gig.ShiftID(id(ofShift, n)), p.ID
	p.Shifts = []gig.Shift{sh}
	p.ExpiresAt, p.ValidUntil = sh.StartsAt, sh.StartsAt
	return p
}

// sessions signs every worker in.
func (w *world) sessions(ctx context.Context) error {
	w.tokens = make([]string, w.size.workers)
	accounts, sessions := make([]map[string]any, w.size.workers), make([]map[string]any, w.size.workers)
	for n := range w.tokens {
		sum := sha256.Sum256(fmt.Append(nil, "token of ", n))
		w.tokens[n] = base64.RawURLEncoding.EncodeToString(sum[:])
		hash := sha256.Sum256([]byte(w.tokens[n]))
		accounts[n] = map[string]any{
			"id": id(kindWorker, n), "kind": "worker", "role": string(access.Worker), "name": "", "person_id": id(kindPerson, n), "active": true,
			"created_at": opening, "updated_at": opening,
		}
		sessions[n] = map[string]any{
			"id": id(kindPerson, n), "token_hash": hex.EncodeToString(hash[:]), "account_id": id(kindWorker, n), "origin": "127.0.0.1", "created_at": opening,
			"seen_at": opening, "idle_until": opening.Add(24 * time.Hour), "expires_at": opening.Add(48 * time.Hour),
		}
	}
	return w.DB.InTx(ctx, func(ctx context.Context) error {
		if err := w.DB.From(ctx).Table("identity_accounts").CreateInBatches(accounts, 500).Error; err != nil {
			return err
		}
		return w.DB.From(ctx).Table("identity_sessions").CreateInBatches(sessions, 500).Error
	})
}

// pairOf is the n-th booking on many shifts: no worker comes twice to a shift,
// and no two shifts are at one time.
func (w *world) pairOf(n int) (worker, shift int) {
	worker = n % w.size.workers
	return worker, (n/w.size.workers + worker) % w.size.shifts
}

// analyse tells the planner what the tables hold, as a city's server knows it.
func (w *world) analyse(tb testing.TB) {
	tb.Helper()
	w.must(tb, w.DB.InTx(tb.Context(), func(ctx context.Context) error { return w.DB.From(ctx).Exec("ANALYZE").Error }))
}

// clear removes what a stretch has booked, so that the next begins as it did.
func (w *world) clear(tb testing.TB) {
	tb.Helper()
	ctx := tb.Context()
	if w.DB.Dialect() == dbx.SQLite {
		return
	}
	pasts := fmt.Sprintf("NOT LIKE '0195a2b4-%03x%%'", kindPast)
	statements := []string{
		"DELETE FROM gig_engagement_history WHERE engagement_id::text " + pasts,
		"DELETE FROM gig_engagements WHERE id::text " + pasts,
		"DELETE FROM idempotency_keys WHERE key <> 'past'",
		"TRUNCATE audit_entries, indicator_facts, indicator_deltas",
		fmt.Sprintf("UPDATE gig_shifts SET filled = 0 WHERE filled > 0 AND id::text NOT LIKE '0195a2b4-%04x-%%'", kindPastShift),
	}
	w.must(tb, w.DB.InTx(ctx, func(ctx context.Context) error {
		for _, sql := range statements {
			if err := w.DB.From(ctx).Exec(sql).Error; err != nil {
				return err
			}
		}
		return nil
	}))
	if _, err := w.DB.Pool().Exec(ctx, "VACUUM (ANALYZE) gig_shifts, gig_postings, gig_engagements, gig_engagement_history, idempotency_keys"); err != nil {
		tb.Fatal(err)
	}
}
