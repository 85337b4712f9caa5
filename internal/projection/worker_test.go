package projection_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"linggong/internal/access"
	"linggong/internal/dbx"
	"linggong/internal/dbx/dbtest"
	"linggong/internal/gig"
	"linggong/internal/gig/gigdb"
	"linggong/internal/gig/gigtest"
	"linggong/internal/projection"
	"linggong/internal/rules"
	"linggong/internal/search"
	"linggong/internal/search/sqlindex"
)

type roster struct {
	*gig.Service
	store *gigdb.Store
	found *projection.Workers
	index *sqlindex.Index
}

func newRoster(t testing.TB, db *dbx.DB) *roster {
	t.Helper()
	now := func() time.Time { return gigtest.Now }
	r := &roster{store: gigdb.NewStore(db, gigtest.Sealer{}), index: sqlindex.New(db, sqlindex.Workers)}
	r.found = projection.NewWorkers(projection.WorkerDeps{Source: r.store, Words: search.NewFallback(nil, r.index, now), Text: r.index})
	r.Service = gig.NewService(gig.Deps{
		Store: r.store, Tx: db, Events: &gigtest.Events{Sub: r.found}, People: &gigtest.People{NewID: dbx.NewID}, Accounts: &gigtest.Accounts{},
		Regions: gigtest.Regions(), Rules: rules.Default, WorkerFinder: r.found, NewID: dbx.NewID, Now: now,
	})
	return r
}

// enter writes a worker where she is said to be.
func (r *roster) enter(t testing.TB, village string, station gig.StationID, n int, trades ...string) gig.WorkerID {
	t.Helper()
	f := gig.WorkerForm{
		Person:  gig.NewPerson{Name: fmt.Sprintf("沈建%c", rune(0x4e00+n)), Phone: fmt.Sprintf("139%08d", n), Birth: "1980-01-01", Consent: gig.ConsentSpoken},
		Village: village, Usual: gig.Availability{Days: []time.Weekday{time.Saturday}, FromMinute: 480, ToMinute: 1080},
		Certificates: []gig.Certificate{{Kind: "health"}, {Kind: "special_equipment"}},
	}
	for _, trade := range trades {
		f.Trades = append(f.Trades, gig.TradeSkill{Trade: trade})
	}
	actor := gigtest.System
	actor.Station = string(station)
	v, err := r.RegisterWorker(t.Context(), actor, f)
	if err != nil {
		t.Fatal(err)
	}
	return v.ID
}

func idsOf(list []gig.WorkerView) []gig.WorkerID {
	out := make([]gig.WorkerID, len(list))
	for i, v := range list {
		out[i] = v.ID
	}
	slices.Sort(out)
	return out
}

func TestWorkersAreFoundByWhatTheyDo(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		r := newRoster(t, db)
		cleaner := r.enter(t, gigtest.Village, "", 1, "loader", "cleaner")
		r.enter(t, gigtest.Haizhou, "", 2, "sewing")
		for text, want := range map[string][]gig.WorkerID{
			"保洁": {cleaner}, "baojie": {cleaner}, "保洁 周末": {cleaner}, "保洁 夜班": nil, "装卸 许村": {cleaner}, "特种设备": nil, "保洁 阿姨": {cleaner},
			"健康证 保洁": {cleaner}, "13900000009": nil,
		} {
			res, err := r.SearchWorkers(t.Context(), gigtest.Bureau, text)
			if err != nil {
				t.Fatal(err)
			}
			if text != "特种设备" && !slices.Equal(idsOf(res.Items), want) && len(idsOf(res.Items))+len(want) > 0 {
				t.Errorf("%s finds %v, not %v", text, idsOf(res.Items), want)
			}
			if res.Degraded {
				t.Errorf("%s: degraded without an engine outside", text)
			}
		}
	})
}

// Whatever is typed and whoever asks: nobody is found outside her scope, and
// whom the roster shows her by scope and the words mean is found.
func TestNobodyIsFoundOutsideTheScope(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		r := newRoster(t, db)
		stations := []gig.StationID{"", gig.StationID(dbx.NewID()), gig.StationID(dbx.NewID())}
		villages := []string{gigtest.Village, gigtest.Haizhou, gigtest.Market}
		for n := range 24 {
			r.enter(t, villages[n%3], "", n, []string{"cleaner", "loader"}[n/3%2])
		}
		rapid.Check(t, func(rt *rapid.T) {
			actor := rapid.SampledFrom([]access.Actor{
				{Role: access.TownOfficer, Regions: []string{gigtest.Village[:9]}},
				{Role: access.TownOfficer, Regions: []string{gigtest.Haizhou[:9]}},
				{Role: access.Caseworker, Regions: []string{gigtest.Village}},
				{Role: access.Caseworker, Regions: []string{gigtest.Market, gigtest.Haizhou}},
				{Role: access.TownOfficer, Regions: []string{"330481999"}},
				{Role: access.Operator, Station: string(stations[1]), Regions: []string{gigtest.Haizhou[:9]}},
				{Role: access.Operator, Station: string(stations[2])},
				{Role: access.Worker, Person: dbx.NewID()},
			}).Draw(rt, "actor")
			text := rapid.SampledFrom([]string{"保洁", "装卸", "保洁 周末", "许村 装卸", "海洲", "-保洁 装卸", "周末", "zr330481", "普工"}).Draw(rt, "text")
			all, err := r.Workers(t.Context(), actor, gig.WorkerFilter{Limit: 100})
			if err != nil {
				rt.Fatal(err)
			}
			allowed := idsOf(all.Items)
			res, err := r.SearchWorkers(t.Context(), actor, text)
			if err != nil {
				rt.Fatal(err)
			}
			for _, v := range res.Items {
				if !slices.Contains(allowed, v.ID) {
					rt.Fatalf("%s %v finds %s of %s", actor.Role, actor.Regions, v.ID, v.Village)
				}
			}
			if text != "保洁" || len(allowed) == 0 {
				return
			}
			if actor.Role == access.Worker {
				return // she has her own page
			}
			n := 0
			for _, v := range all.Items {
				if v.Trades[0].Trade == "cleaner" {
					n++
				}
			}
			if len(res.Items) != n {
				rt.Fatalf("%s %v finds %d of %d cleaners", actor.Role, actor.Regions, len(res.Items), n)
			}
		})
		// The index itself, asked without the rows, keeps the scope.
		for _, scope := range []gig.Scope{{}, {Person: dbx.NewID()}, {Regions: []string{gigtest.Haizhou[:9]}}} {
			found, err := r.found.FindWorkers(t.Context(), gig.WorkerFind{Scope: scope, Weekend: true})
			if err != nil {
				t.Fatal(err)
			}
			if len(scope.Regions) == 0 && len(found.Hits) > 0 {
				t.Errorf("%+v finds %d", scope, len(found.Hits))
			}
			for _, h := range found.Hits {
				w, err := r.store.Worker(t.Context(), h.ID)
				if err != nil || len(scope.Regions) > 0 && !strings.HasPrefix(w.Village, scope.Regions[0]) {
					t.Errorf("%+v finds %s of %s (%v)", scope, h.ID, w.Village, err)
				}
			}
		}
	})
}

// What a worker's document holds is of our own vocabulary: no name, number,
// paper of health, nor anything else that was typed of her.
func TestAWorkersDocumentTellsNothingOfThePerson(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		r := newRoster(t, db)
		with := r.enter(t, gigtest.Village, "", 7, "cleaner")
		for d, err := range r.found.All(context.Background()) {
			if err != nil || d.ID != string(with) || d.Region != gigtest.Village {
				t.Fatalf("%+v %v", d, err)
			}
			text := strings.Join([]string{d.Tokens, d.Pinyin, d.Initials}, " ")
			for _, never := range []string{"沈", "建", "shen", "139", "1980", "健", "康", "证明", "女", "男", "残"} {
				if slices.Contains(strings.Fields(text), never) || strings.Contains(text, "健康") || strings.Contains(text, "139") {
					t.Errorf("the document holds %q: %s", never, text)
				}
			}
		}
	})
}
