package projection_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"linggong/internal/access"
	"linggong/internal/dbx"
	"linggong/internal/dbx/dbtest"
	"linggong/internal/gig"
	"linggong/internal/gig/gigdb"
	"linggong/internal/gig/gigtest"
	"linggong/internal/projection"
	"linggong/internal/rules"
	"linggong/internal/search"
	"linggong/internal/search/snapshot"
	"linggong/internal/search/sqlindex"
	"linggong/internal/worktext"
)

type market struct {
	*gig.Service
	db    *dbx.DB
	store *gigdb.Store
	found *projection.Postings
	index *sqlindex.Index
	boss  access.Actor
	now   time.Time
}

// newMarket is a market whose search side is the real one.
func newMarket(t testing.TB, db *dbx.DB) *market {
	t.Helper()
	m := &market{db: db, store: gigdb.NewStore(db, gigtest.Sealer{}), index: sqlindex.New(db, sqlindex.Postings), now: gigtest.Now}
	now := func() time.Time { return m.now }
	m.found = projection.NewPostings(projection.PostingDeps{
		Source: m.store, Rows: m.store, Regions: gigtest.Regions(), Columns: snapshot.New(), Text: m.index, Words: search.NewFallback(nil, m.index, now), Now: now,
	})
	m.Service = gig.NewService(gig.Deps{
		Store: m.store, Tx: db, Events: &gigtest.Events{Sub: m.found}, People: &gigtest.People{NewID: dbx.NewID}, Accounts: &gigtest.Accounts{},
		Regions: gigtest.Regions(), Rules: rules.Default, Finder: m.found, NewID: dbx.NewID, Now: now,
	})
	e, err := m.RegisterEmployer(t.Context(), gigtest.System, gig.EmployerForm{
		Kind: gig.Organisation, Name: "海宁恒丰纺织", Village: gigtest.Village, Contact: gig.Contact{CreditCode: "91330481MA28A0000L", Name: "沈建国", Phone: "13800000001"},
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := m.VerifyEmployer(t.Context(), gigtest.Bureau, e.ID, true, "执照"); err != nil {
		t.Fatal(err)
	}
	m.boss = access.Actor{Role: access.Employer, Account: dbx.NewID(), Employer: string(e.ID)}
	return m
}

func (m *market) publish(t testing.TB, change func(*gig.Terms)) gig.Posting {
	t.Helper()
	terms := gigtest.Terms()
	if change != nil {
		change(&terms)
	}
	p, err := m.CreatePosting(t.Context(), m.boss, gig.Draft{Terms: terms})
	if err != nil {
		t.Fatal(err)
	}
	if p, err = m.PublishPosting(t.Context(), m.boss, p.ID, 0); err != nil {
		t.Fatal(err)
	}
	return p
}

func (m *market) search(t *testing.T, q gig.PostingQuery) gig.PostingResult {
	t.Helper()
	r, err := m.Search(t.Context(), access.Nobody, q)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestAPublishedPostingIsFoundAtOnceAndAClosedOneNeverAgain(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		m := newMarket(t, db)
		if r := m.search(t, gig.PostingQuery{Text: "搬运"}); r.Total != 0 {
			t.Fatalf("%+v", r)
		}
		p := m.publish(t, nil)
		far := m.publish(t, func(x *gig.Terms) { x.Village, x.Meals, x.Pay.AmountFen = gigtest.Market, true, 4000 })
		cleaner := m.publish(t, func(x *gig.Terms) {
			x.Title, x.Trade, x.Description, x.Flags = "保洁员", "cleaner", "打扫办公楼", nil
		})
		for name, c := range map[string]struct {
			q    gig.PostingQuery
			want []gig.PostingID
		}{
			"by a synonym":       {gig.PostingQuery{Text: "搬运工", Region: gigtest.Xucun}, []gig.PostingID{p.ID}},
			"by pinyin":          {gig.PostingQuery{Text: "zhuangxie", Region: gigtest.Xucun}, []gig.PostingID{p.ID}},
			"by another trade":   {gig.PostingQuery{Text: "保洁"}, []gig.PostingID{cleaner.ID}},
			"by a place in text": {gig.PostingQuery{Text: "海洲 搬运"}, []gig.PostingID{far.ID}},
			"by a trade chosen":  {gig.PostingQuery{Trade: "cleaner"}, []gig.PostingID{cleaner.ID}},
			"by pay":             {gig.PostingQuery{PayMinHourFen: 3500}, []gig.PostingID{far.ID}},
			"by meals":           {gig.PostingQuery{Text: "包吃"}, []gig.PostingID{far.ID}},
			"by pay order":       {gig.PostingQuery{Sort: gig.SortPay, Limit: 1}, []gig.PostingID{far.ID}},
			"by nearness":        {gig.PostingQuery{Near: gigtest.Terms().Place, Trade: "cleaner"}, []gig.PostingID{cleaner.ID}},
			"by the employer":    {gig.PostingQuery{Text: "恒丰", Trade: "cleaner"}, []gig.PostingID{cleaner.ID}},
		} {
			r := m.search(t, c.q)
			if len(r.Items) != len(c.want) || r.Items[0].ID != c.want[0] || r.Relaxed != nil {
				t.Errorf("%s: %d found, relaxed %v, chips %+v", name, len(r.Items), r.Relaxed, r.Chips)
			}
		}
		r := m.search(t, gig.PostingQuery{})
		if r.Total != 3 || r.TotalPlaces != 6 || len(r.Towns) != 2 || r.Trades[0].Key != "loader" || r.Trades[0].Places != 4 || len(r.Dates) != 1 {
			t.Fatalf("%+v", r)
		}
		if _, err := m.ClosePosting(t.Context(), m.boss, p.ID, "招满了"); err != nil {
			t.Fatal(err)
		}
		if r := m.search(t, gig.PostingQuery{Text: "搬运工", Region: gigtest.Xucun}); len(r.Items) > 0 && r.Items[0].ID == p.ID {
			t.Fatal("a closed posting was found")
		}
		if n, err := m.index.Count(t.Context()); err != nil || n != 2 {
			t.Fatalf("%d documents (%v)", n, err)
		}
		m.now = m.now.AddDate(0, 0, 2) // every shift has begun
		if r := m.search(t, gig.PostingQuery{}); r.Total != 0 {
			t.Fatalf("%+v", r)
		}
	})
}

func TestAnActThatRollsBackLeavesNoTraceInTheIndex(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		m := newMarket(t, db)
		boom := errors.New("boom")
		err := db.InTx(t.Context(), func(ctx context.Context) error {
			p, err := m.CreatePosting(ctx, m.boss, gig.Draft{Terms: gigtest.Terms()})
			if err != nil {
				return err
			}
			if _, err := m.PublishPosting(ctx, m.boss, p.ID, 0); err != nil {
				return err
			}
			return boom
		})
		if !errors.Is(err, boom) {
			t.Fatal(err)
		}
		if n, err := m.index.Count(t.Context()); err != nil || n != 0 {
			t.Fatalf("%d documents (%v)", n, err)
		}
		if r := m.search(t, gig.PostingQuery{}); r.Total != 0 {
			t.Fatalf("%+v", r)
		}
	})
}

func TestARebuildFindsWhatTheEventsBuilt(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		m := newMarket(t, db)
		for i := range 30 {
			m.publish(t, func(x *gig.Terms) { x.Title = fmt.Sprintf("装卸工%d号仓", i) })
		}
		paused := m.publish(t, nil)
		if _, err := m.PausePosting(t.Context(), m.boss, paused.ID, ""); err != nil {
			t.Fatal(err)
		}
		before := m.search(t, gig.PostingQuery{Text: "装卸", Limit: 100})
		m.found.Columns = snapshot.New()
		if err := m.found.Rebuild(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := m.found.Reindex(t.Context(), m.index); err != nil {
			t.Fatal(err)
		}
		after := m.search(t, gig.PostingQuery{Text: "装卸", Limit: 100})
		if before.Total != 30 || after.Total != 30 || after.Items[7].ID != before.Items[7].ID {
			t.Fatalf("%d before, %d after", before.Total, after.Total)
		}
	})
}

func TestAllPagesTogetherAreTheWhole(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		m := newMarket(t, db)
		for range 12 {
			m.publish(t, nil)
		}
		// Nobody works as a site hand tomorrow: the search is relaxed, and stays so.
		q, seen := gig.PostingQuery{Trade: "sitehand", Limit: 5}, map[gig.PostingID]bool{}
		for range 3 {
			r := m.search(t, q)
			for _, h := range r.Items {
				seen[h.ID] = true
			}
			if len(r.Relaxed) != 1 || r.Relaxed[0] != "trade" {
				t.Fatalf("%v", r.Relaxed)
			}
			q.Cursor = r.Next
		}
		if len(seen) != 12 || q.Cursor != "" {
			t.Fatalf("%d seen, next %q", len(seen), q.Cursor)
		}
	})
}

func TestTheEngineOutsideLearnsByANote(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		m := newMarket(t, db)
		var noted []string
		m.found.Note = func(_ context.Context, ids ...string) error {
			noted = append(noted, ids...)
			return nil
		}
		p := m.publish(t, nil)
		if !slices.Contains(noted, string(p.ID)) {
			t.Fatalf("noted %v, not %s", noted, p.ID)
		}
		noted = nil // a job from before there were notes leaves one
		if err := m.found.RunIndexPosting(t.Context(), projection.IndexPosting{ID: string(p.ID)}); err != nil || len(noted) != 1 {
			t.Fatalf("noted %v, %v", noted, err)
		}
		refused := errors.New("no note")
		m.found.Note = func(context.Context, ...string) error { return refused }
		if _, err := m.PausePosting(t.Context(), m.boss, p.ID, ""); !errors.Is(err, refused) {
			t.Errorf("the act went on without its note: %v", err)
		}
	})
}

// A search is answered from memory but for the words, one statement, and what is
// shown, two: which of it has changed. No number of hits makes them more.
func TestASearchSeenBeforeAsksThreeStatements(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		m := newMarket(t, db)
		for range 30 {
			m.publish(t, nil)
		}
		for q, statements := range map[gig.PostingQuery]int64{
			{Text: "搬运", Limit: 20}: 3,
			{Text: "许村 搬运", PayMinHourFen: 1000, Near: gig.PointOf(30.41, 120.38), RadiusM: 50_000}: 3,
			{Limit: 20}: 2,
		} {
			m.search(t, q) // whatever was not known before is now
			ctx, n := dbx.CountQueries(t.Context())
			r, err := m.Search(ctx, access.Nobody, q)
			if err != nil || len(r.Items) != 20 || n.Load() != statements {
				t.Errorf("%+v: %d items in %d statements, want %d; %v", q, len(r.Items), n.Load(), statements, err)
			}
		}
	})
}

// After a start the usual words are asked for before anybody does.
func TestTheFirstWhoAsksDoesNotWait(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		m := newMarket(t, db)
		m.publish(t, nil)
		again := sqlindex.New(db, sqlindex.Postings) // a program that has just started
		asked := func() int64 {
			ctx, n := dbx.CountQueries(t.Context())
			hits, err := again.Match(ctx, search.Query{Match: worktext.Parse("搬运", nil).Match(), Unscored: true})
			if err != nil || len(hits) != 1 {
				t.Fatal(hits, err)
			}
			return n.Load()
		}
		m.found.Text = again
		if err := m.found.Warm(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := asked(); n != 1 {
			t.Errorf("%d statements, not one", n)
		}
	})
}

// A posting is found by the name its employer has, not by the one it had.
func TestAnEmployersNewNameFindsItsPostingsAndTheOldOneDoesNot(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		m := newMarket(t, db)
		var told []string
		m.found.Note = func(_ context.Context, ids ...string) error { told = append(told, ids...); return nil }
		p := m.publish(t, nil)
		draft, err := m.CreatePosting(t.Context(), m.boss, gig.Draft{Terms: gigtest.Terms()})
		if err != nil {
			t.Fatal(err)
		}
		found := func(words string) (ids []gig.PostingID) {
			for _, h := range m.search(t, gig.PostingQuery{Text: words}).Items {
				ids = append(ids, h.ID)
			}
			return ids
		}
		if got := found("恒丰"); !slices.Equal(got, []gig.PostingID{p.ID}) {
			t.Fatalf("before: %v", got)
		}
		told = nil
		began := dbx.Now()
		if _, err := m.ChangeEmployer(t.Context(), m.boss, gig.EmployerID(m.boss.Employer), gig.EmployerForm{Name: "海宁锦程物流"}, 0); err != nil {
			t.Fatal(err)
		}
		if old, is := found("恒丰"), found("锦程"); len(old) > 0 || !slices.Equal(is, []gig.PostingID{p.ID}) {
			t.Errorf("the old name finds %v, the new one %v", old, is)
		}
		if !slices.Equal(told, []string{string(p.ID)}) {
			t.Errorf("the engine is told of %v, not of %s (%s is a draft)", told, p.ID, draft.ID)
		}
		changed, err := m.store.PostingsChangedSince(t.Context(), began)
		if err != nil || !slices.Contains(changed, string(p.ID)) {
			t.Errorf("a rebuild that was under way would keep the old name: %v, %v", changed, err)
		}
	})
}
