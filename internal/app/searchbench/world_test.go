package searchbench_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"linggong/internal/access"
	"linggong/internal/app"
	"linggong/internal/config"
	"linggong/internal/gig"
	"linggong/internal/identity"
)

// world is the whole program over a made city, answering on a loopback port.
type world struct {
	*app.App
	url    string
	client *http.Client
	tokens []string // of kiosks: each may ask 1,200 times a minute
	staff  []string // of an operator: each may write 300 times a minute
	boss   gig.Employer
	size   size
}

// size is how much is measured.
type size struct {
	postings, workers, samples, clients, fresh int
	whole                                      bool // not only whether it runs
}

const password = "linggong-test-pw"

// start opens the program over the database, fills it where it is empty, and
// begins to answer.
func start(tb testing.TB, database, dir string, sz size, say func(string, ...any)) *world {
	tb.Helper()
	cfg := config.Default()
	cfg.Data, cfg.KeyFile = dir, filepath.Join(dir, "keys.json")
	cfg.DatabaseURL = config.Secret(database)
	cfg.MeiliURL, cfg.MeiliKey = os.Getenv("LINGGONG_TEST_SEARCH_MEILI_URL"), config.Secret(os.Getenv("LINGGONG_TEST_SEARCH_MEILI_KEY"))
	began := time.Now()
	a, err := app.Open(tb.Context(), cfg, app.Options{Now: func() time.Time { return opening.Add(time.Since(began)) }, Demo: true})
	if err != nil {
		tb.Fatal(err)
	}
	w := &world{App: a, size: sz}
	tb.Cleanup(func() {
		if err := a.Close(); err != nil {
			tb.Error(err)
		}
	})
	w.fill(tb, say)
	w.people(tb)
	w.serve(tb)
	return w
}

func (w *world) serve(tb testing.TB) {
	tb.Helper()
	handler, _, err := w.Handler()
	if err != nil {
		tb.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = server.Serve(l) }() // it ends with Close
	w.url = "http://" + l.Addr().String() + "/api/v1"
	w.client = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64, DisableCompression: true}}
	ctx, stop := context.WithCancel(context.WithoutCancel(tb.Context()))
	ended := make(chan struct{})
	go func() { defer close(ended); w.Workers.Run(ctx) }()
	tb.Cleanup(func() {
		stop()
		<-ended
		_ = server.Close()
	})
}

// fill writes the city's rows in sets and builds what is derived from them.
func (w *world) fill(tb testing.TB, say func(string, ...any)) {
	tb.Helper()
	must := func(err error) {
		tb.Helper()
		if err != nil {
			tb.Fatal(err)
		}
	}
	c := newCity(tb)
	say("titles: %s", c.from)
	ctx := tb.Context()
	if w.Postings.Columns.Len() > 0 {
		say("the rows were there: %d postings", w.Postings.Columns.Len())
		return
	}
	clock := time.Now()
	must(w.GigStore.FillEmployers(ctx, c.employers()))
	batches(w.size.postings, func(from, to int) {
		list := make([]gig.Posting, 0, to-from)
		for n := from; n < to; n++ {
			list = append(list, c.posting(n))
		}
		must(w.GigStore.FillPostings(ctx, list))
	})
	batches(w.size.workers, func(from, to int) {
		list := make([]gig.Worker, 0, to-from)
		for n := from; n < to; n++ {
			list = append(list, c.worker(n))
		}
		must(w.GigStore.FillWorkers(ctx, list))
	})
	say("rows: %d postings, %d workers in %.1f s", w.size.postings, w.size.workers, time.Since(clock).Seconds())
	w.index(tb, say)
}

func batches(n int, fn func(from, to int)) {
	const batch = 5000
	for from := 0; from < n; from += batch {
		fn(from, min(from+batch, n))
	}
}

// people are a kiosk behind every token, an operator, and an employer who posts.
func (w *world) people(tb testing.TB) {
	tb.Helper()
	ctx, system := tb.Context(), access.Internal("bench")
	must := func(err error) {
		tb.Helper()
		if err != nil {
			tb.Fatal(err)
		}
	}
	mark := w.Now().UnixNano() // a kept store has those of the run before
	st, err := w.Gig.OpenStation(ctx, system, gig.Station{Name: fmt.Sprintf("许村驿站%d", mark), Town: "330481101000", Address: "许巷路1号", Phone: "0573-87000000"})
	must(err)
	for i := range 8 * w.size.clients {
		_, code, err := w.Identity.CreateKiosk(ctx, system, string(st.ID), fmt.Sprintf("%d号机", i), identity.Touch)
		must(err)
		s, err := w.Identity.PairKiosk(ctx, access.Actor{Role: access.Anonymous, Origin: origin(i)}, code)
		must(err)
		w.tokens = append(w.tokens, s.Token)
	}
	name := fmt.Sprintf("operator%d", mark)
	_, err = w.Identity.CreateAccount(ctx, system, identity.NewAccount{
		Username: name, Name: "驿站一", Role: access.Operator, Station: string(st.ID), Regions: []string{"330481101"}, Password: password,
	})
	must(err)
	for i := range max(1, w.size.fresh/100) {
		s, err := w.Identity.SignInStaff(ctx, access.Actor{Role: access.Anonymous, Origin: origin(i)}, name, password)
		must(err)
		w.staff = append(w.staff, s.Token)
	}
	w.boss = gig.Employer{
		ID: gig.EmployerID(fmt.Sprintf("0195a2b4-0006-7000-8000-%012x", mark&0xffffffffffff)), Kind: gig.Organisation, Name: "海宁某某仓储有限公司", Town: "330481101000", Village: "330481101201",
		Status: gig.EmployerVerified, VerifiedAt: opening, CreatedAt: opening, Version: 1,
	}
	must(w.GigStore.FillEmployers(ctx, []gig.Employer{w.boss}))
}

func origin(i int) string { return fmt.Sprintf("10.0.%d.%d", i/250, 1+i%250) }
