package gigdb_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"linggong/internal/access"
	"linggong/internal/day"
	"linggong/internal/dbx"
	"linggong/internal/dbx/dbtest"
	"linggong/internal/gig"
	"linggong/internal/gig/gigtest"
)

func TestAQueryIsUnderstoodAsColumnsAndWords(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		m := newMarket(t, db)
		f := &gigtest.Finder{}
		m.Finder = f
		res, err := m.Search(t.Context(), access.Nobody, gig.PostingQuery{Text: "许村 明天 日结 包吃 搬运", PayMinHourFen: 2500})
		if err != nil {
			t.Fatal(err)
		}
		q := f.Asked[0]
		if q.Region != gigtest.Xucun || q.Settlement != gig.SettleDaily || !q.Meals || q.PayMinHourFen != 2500 || q.Words.IsZero() {
			t.Fatalf("%+v", q)
		}
		if diff := cmp.Diff([]day.Date{"2026-11-24"}, q.Dates); diff != "" {
			t.Fatal(diff)
		}
		if len(res.Chips) < 4 {
			t.Fatalf("%+v", res.Chips)
		}
		n := len(f.Asked)
		if _, err := m.Search(t.Context(), access.Nobody, gig.PostingQuery{Text: "周末"}); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]day.Date{"2026-11-28", "2026-11-29"}, f.Asked[n].Dates); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestNothingFoundLetsGoOfDistanceThenDateThenTrade(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		m := newMarket(t, db)
		_, boss := m.employer(t, code1)
		p := m.published(t, boss, nil)
		f := &gigtest.Finder{Answer: func(q gig.Find) gig.Found {
			if q.RadiusM == 0 && len(q.Dates) == 0 && len(q.Trades) > 1 {
				return gig.Found{Hits: []gig.Found1{{ID: p.ID, DistanceM: -1}}, Total: 1, TotalPlaces: 2, Next: "c1"}
			}
			return gig.Found{}
		}}
		m.Finder = f
		res, err := m.Search(t.Context(), access.Nobody, gig.PostingQuery{Trade: "sitehand", RadiusM: 1000, Near: gig.PointOf(30, 120), Date: "2026-11-30"})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"distance", "date", "trade"}, res.Relaxed); diff != "" || len(res.Items) != 1 || len(f.Asked) != 6 { // as asked, three let go, two taken back in vain
			t.Fatalf("%s after %d searches, %d items", diff, len(f.Asked), len(res.Items))
		}
		again := gig.PostingQuery{Trade: "sitehand", RadiusM: 1000, Near: gig.PointOf(30, 120), Date: "2026-11-30", Cursor: res.Next}
		if _, err := m.Search(t.Context(), access.Nobody, again); err != nil {
			t.Fatal(err)
		}
		if q := f.Asked[6]; q.Cursor != "c1" || q.RadiusM != 0 || q.Dates != nil || len(q.Trades) < 2 {
			t.Fatalf("the second page is of another search: %+v", q)
		}
		f.Answer = nil
		if res, err = m.Search(t.Context(), access.Nobody, gig.PostingQuery{Trade: "sitehand"}); err != nil || res.Relaxed != nil || res.Total != 0 {
			t.Fatalf("%+v %v", res, err)
		}
	})
}

func TestSearchShowsOnlyWhatIsPublicAndReadsItInThreeStatements(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		m := newMarket(t, db)
		_, boss := m.employer(t, code1)
		var ids []gig.Found1
		for range 30 {
			ids = append(ids, gig.Found1{ID: m.published(t, boss, nil).ID, DistanceM: 5})
		}
		if _, err := m.PausePosting(t.Context(), boss, ids[0].ID, ""); err != nil { // the index does not know yet
			t.Fatal(err)
		}
		ids = append(ids, gig.Found1{ID: gig.PostingID(dbx.NewID())})
		m.Finder = &gigtest.Finder{Answer: func(q gig.Find) gig.Found {
			if q.Cursor != "" {
				return gig.Found{Hits: ids[20:], Total: int64(len(ids))}
			}
			return gig.Found{Hits: ids[:20], Total: int64(len(ids)), Next: "c1"}
		}}
		ctx, n := dbx.CountQueries(t.Context())
		res, err := m.Search(ctx, access.Nobody, gig.PostingQuery{Limit: 20})
		if err != nil || len(res.Items) != 19 || res.Next != "c1" || n.Load() != 3 {
			t.Fatalf("%d items, next %q, %d statements, %v", len(res.Items), res.Next, n.Load(), err)
		}
		if res.Items[0].ID != ids[1].ID || res.Items[0].DistanceM != 5 || res.Items[0].Manages {
			t.Fatalf("%+v", res.Items[0])
		}
		if res, err = m.Search(t.Context(), access.Nobody, gig.PostingQuery{Limit: 20, Cursor: res.Next}); err != nil || len(res.Items) != 10 || res.Next != "" {
			t.Fatalf("%d items, next %q, %v", len(res.Items), res.Next, err)
		}
	})
}

func TestCandidatesAreBoundedAndReadInFewStatements(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		m := newMarket(t, db)
		_, boss := m.employer(t, code1)
		p := m.published(t, boss, nil)
		for _, name := range []string{"甲", "乙", "丙"} {
			f := walkIn()
			f.Person.Name = name
			if name == "丙" {
				f.Trades = []gig.TradeSkill{{Trade: "cleaner"}}
			}
			if _, err := m.RegisterWorker(t.Context(), gigtest.Bureau, f); err != nil {
				t.Fatal(err)
			}
		}
		ctx, n := dbx.CountQueries(t.Context())
		list, err := m.Candidates(ctx, boss, p.ID, "")
		if err != nil || len(list) != 2 || n.Load() != 7 {
			t.Fatalf("%d candidates in %d statements (%v)", len(list), n.Load(), err)
		}
		if best := list[0]; !best.Fit.Eligible() || best.Fit.Total == 0 || len(best.Fit.Reasons) == 0 || best.Worker.Card.NameMasked == "" {
			t.Fatalf("%+v", best)
		}
		stranger := boss
		stranger.Employer = dbx.NewID()
		if _, err := m.Candidates(t.Context(), stranger, p.ID, ""); err == nil {
			t.Fatal("another employer saw the candidates")
		}
	})
}
