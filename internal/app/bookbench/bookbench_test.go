package bookbench_test

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"testing"
	"time"

	"linggong/internal/dbx/dbtest"
	"linggong/internal/testserver"
)

func number(tb testing.TB, name string, small int) int {
	tb.Helper()
	v := os.Getenv(name)
	if v == "" {
		return small
	}
	n, err := strconv.Atoi(v)
	if err != nil {
		tb.Fatalf("%s: %v", name, err)
	}
	return n
}

func sizes(tb testing.TB) size {
	tb.Helper()
	sz := size{
		workers: number(tb, "LINGGONG_TEST_BOOK_WORKERS", 60), shifts: 13, pairs: number(tb, "LINGGONG_TEST_BOOK_PAIRS", 1),
		stretch: time.Duration(number(tb, "LINGGONG_TEST_BOOK_SECONDS", 1)) * time.Second, clients: number(tb, "LINGGONG_TEST_BOOK_CLIENTS", 8),
	}
	if sz.whole = sz.workers >= 1000; sz.whole {
		sz.shifts = 397 // a prime: clients in step do not meet on a shift
	}
	sz.hot = 2*sz.pairs + 2
	return sz
}

// TestBookingThroughHTTPBesideTheSameRowsByHand is the measure. Small, it holds
// that both sides leave rows that agree.
func TestBookingThroughHTTPBesideTheSameRowsByHand(t *testing.T) {
	t.Parallel()
	sz := sizes(t)
	database := dbtest.PostgresURL
	if sz.whole {
		database = durable
	}
	address := database(t)
	w := start(t, address, sz)
	b := newPgbench(t, w, address)
	say := sayer(sz, "postgres")
	for _, part := range []struct {
		name  string
		keyed bool
	}{{"many shifts", false}, {"many shifts, with a key", true}} {
		w.compare(t, part.name, say, func(base, _ int) stretch {
			return w.overHTTP(t, sz.clients, part.keyed, min(sz.workers*sz.shifts, 60_000), w.manyFrom(base))
		}, func(base, _ int) stretch {
			return b.run(t, w, min(16, sz.clients), sz.workers*sz.shifts/64, base, -1, part.keyed)
		})
	}
	w.compare(t, "one hot shift, 128 clients", say, func(_, turn int) stretch {
		return w.overHTTP(t, min(128, sz.workers/10), true, sz.workers, func(n int) (int, string) { return n, id(kindHotShift, turn) })
	}, func(_, turn int) stretch {
		clients := min(128, sz.workers/10)
		return b.run(t, w, clients, sz.workers/clients, 0, turn, true)
	})
	w.rush(t, say)
}

func TestBookingOnSQLiteAtFull(t *testing.T) {
	t.Parallel()
	sz := sizes(t)
	w := start(t, "", sz)
	say := sayer(sz, "sqlite, FULL")
	for _, keyed := range []bool{false, true} {
		var rates []float64
		for range max(1, sz.pairs/2) {
			before := spent(0)
			s := w.overHTTP(t, sz.clients, keyed, min(sz.workers*sz.shifts/8, 30_000), w.manyFrom(w.next))
			w.next += 30_000
			rates = append(rates, s.rate())
			s.cost = spent(0).since(before)
			say("key %v: %.0f bookings/s, %.2f ms processor time each, p50 %v, p99 %v, refused %v", keyed, s.rate(), s.each(s.cost.sum()), at(s.waits, 50), at(s.waits, 99), s.refused)
		}
		mid, least, most := median(rates)
		say("key %v: median %.0f bookings/s (%.0f–%.0f)", keyed, mid, least, most)
	}
	w.check(t)
	w.rush(t, say)
}

// compare drives both sides in turn, ABBA.
func (w *world) compare(tb testing.TB, name string, say func(string, ...any), http, hand func(base, turn int) stretch) {
	tb.Helper()
	var ratios, rates, byHand, costs []float64
	var all, allByHand stretch
	turn, began := 0, time.Now()
	all0, own0 := busy()
	server := w.postmaster(tb)
	one := func(side func(base, turn int) stretch) stretch {
		before := spent(server)
		s := side(w.next, turn)
		s.cost = spent(server).since(before)
		turn++
		w.check(tb)
		w.clear(tb)
		return s
	}
	for i := range max(1, w.size.pairs) {
		var a, b stretch
		if i%2 == 0 {
			a, b = one(http), one(hand)
		} else {
			b, a = one(hand), one(http)
		}
		if a.done == 0 || b.done == 0 {
			tb.Fatalf("%s: nothing was booked: %v and %v", name, a.refused, b.done)
		}
		say("%s: HTTP %.0f/s (refused %v), by hand %.0f/s, ratio %.2f", name, a.rate(), a.refused, b.rate(), a.rate()/b.rate())
		costs = append(costs, (b.cost.sum()/float64(b.done))/(a.cost.sum()/float64(a.done)))
		say("%s: processor time of one booking: HTTP %.2f ms (of it the server %.2f), by hand %.2f ms (%.2f)", name, a.each(a.cost.sum()), a.each(a.cost.server), b.each(b.cost.sum()), b.each(b.cost.server))
		ratios, rates, byHand = append(ratios, a.rate()/b.rate()), append(rates, a.rate()), append(byHand, b.rate())
		all.waits, allByHand.waits = append(all.waits, a.waits...), append(allByHand.waits, b.waits...)
	}
	mid, least, most := median(ratios)
	rate, _, _ := median(rates)
	hands, _, _ := median(byHand)
	say("%s: HTTP ÷ by hand median %.2f (%.2f–%.2f) of %d pairs; HTTP %.0f/s p50 %v p99 %v (n %d), by hand %.0f/s p50 %v p99 %v", name, mid, least, most, len(ratios),
		rate, at(all.waits, 50), at(all.waits, 99), len(all.waits), hands, at(allByHand.waits, 50), at(allByHand.waits, 99))
	each, cheapest, dearest := median(costs)
	say("%s: processor time, by hand ÷ HTTP median %.2f (%.2f–%.2f)", name, each, cheapest, dearest)
	every, own := busy()
	took := time.Since(began).Seconds()
	say("%s: %d runnable at the end; of %d processors this process used %.2f, all together %.2f", name, runnable(), runtime.NumCPU(), (own-own0)/took, (every-all0)/took)
}

// postmaster is the process whose children serve us.
func (w *world) postmaster(tb testing.TB) int {
	tb.Helper()
	var pid int
	w.must(tb, w.DB.From(tb.Context()).Raw("SELECT pg_backend_pid()").Scan(&pid).Error)
	return parentOf(strconv.Itoa(pid))
}

// rush lets many more come than there are places.
func (w *world) rush(tb testing.TB, say func(string, ...any)) {
	tb.Helper()
	places, last := max(2, w.size.workers/40), w.size.hot-1
	w.must(tb, w.DB.InTx(tb.Context(), func(ctx context.Context) error {
		return w.DB.From(ctx).Exec("UPDATE gig_shifts SET headcount = ? WHERE id = ?", places, id(kindHotShift, last)).Error
	}))
	s := w.overHTTP(tb, min(128, w.size.workers), true, w.size.workers, func(n int) (int, string) { return n, id(kindHotShift, last) })
	say("a rush: %d came for %d places: %d booked, refused %v; p99 of the booked %v", w.size.workers, places, s.done, s.refused, at(s.waits, 99))
	if s.done > places {
		tb.Errorf("%d booked %d places", s.done, places)
	}
	w.check(tb)
}

func (w *world) manyFrom(base int) booking {
	return func(n int) (int, string) {
		worker, shift := w.pairOf(base + n)
		return worker, id(kindShift, shift)
	}
}

// check holds the rows against each other.
func (w *world) check(tb testing.TB) {
	tb.Helper()
	for what, sql := range map[string]string{
		"shifts whose places differ from who holds them": `SELECT count(*) FROM gig_shifts s WHERE filled <> (SELECT count(*) FROM gig_engagements e WHERE e.shift_id = s.id AND e.holds) OR filled > headcount`,
		"workers in two places at once": `SELECT count(*) FROM gig_engagements a JOIN gig_engagements b ON a.worker_id = b.worker_id AND a.id < b.id AND a.holds AND b.holds
			AND a.starts_at < b.ends_at AND b.starts_at < a.ends_at`,
		"bookings without their history": `SELECT count(*) FROM gig_engagements e WHERE (SELECT count(*) FROM gig_engagement_history h WHERE h.engagement_id = e.id) <> 1`,
		"bookings without their trace":   `SELECT abs((SELECT count(*) FROM audit_entries WHERE kind = 'gig.engagement_confirmed') - (SELECT count(*) FROM gig_engagements WHERE status <> 'settled'))`,
		"keys without an answer":         `SELECT count(*) FROM idempotency_keys WHERE body IS NULL OR status <> 200`,
	} {
		var n int64
		if err := w.DB.From(tb.Context()).Raw(sql).Scan(&n).Error; err != nil {
			tb.Fatal(err)
		}
		if n != 0 {
			tb.Errorf("%s: %d", what, n)
		}
	}
}

func sayer(sz size, on string) func(string, ...any) {
	return func(format string, args ...any) {
		if sz.whole {
			fmt.Fprintf(os.Stdout, on+": "+format+"\n", args...)
		}
	}
}

// durable is a PostgreSQL that keeps what it has acknowledged.
func durable(t testing.TB) string {
	t.Helper()
	address, stop, err := testserver.StartDurablePostgres(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	return address
}
