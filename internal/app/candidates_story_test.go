package app_test

import (
	"net/http"
	"net/url"
	"slices"
	"testing"

	"linggong/internal/app"
	"linggong/internal/app/apptest"
)

type people struct {
	Items []struct {
		Worker idOnly
	}
	Chips    []struct{ Kind, Label, Raw, Without string }
	Degraded *bool
}

func (p people) ids() []string {
	var out []string
	for _, x := range p.Items {
		out = append(out, x.Worker.ID)
	}
	slices.Sort(out)
	return out
}

// Of the people who suit, those whom words mean: nobody more than without words,
// nobody at all for who may not see candidates, and a name or number finds nobody.
func TestCandidatesAreFoundByWordsAmongThoseWhoSuit(t *testing.T) {
	t.Parallel()
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		boss, operator := employer(w, "13800000001"), w.Staff("operator")
		p := published(boss, draft("2026-11-24", 2, false))
		loader := register(operator, "沈大力", "13900000201", []string{"loader", "cleaner"}, nil)
		cook := register(operator, "陆小勤", "13900000202", []string{"loader", "kitchenhand"}, nil)
		ask := func(c *apptest.Client, words string) people {
			var out people
			c.Must(http.MethodGet, "/postings/"+p.ID+"/candidates?words="+url.QueryEscape(words), nil, &out)
			if out.Degraded == nil {
				t.Errorf("%q: the answer does not say whether it is degraded", words)
			}
			return out
		}
		all := ask(boss, "")
		if want := []string{loader, cook}; len(all.Items) < 2 || len(all.Chips) != 0 || !contains(all.ids(), want) {
			t.Fatalf("without words: %+v", all)
		}
		for words, want := range map[string][]string{
			"保洁": {loader}, "baojie": {loader}, "厨工 周末": {cook}, "装卸": {loader, cook}, "焊工": nil, "会计": nil,
			"沈大力": nil, "13900000201": nil, "装卸 许村": {loader, cook}, "装卸 海洲": nil, "%' OR 1=1 --": nil,
		} {
			slices.Sort(want)
			got := ask(boss, words)
			if !slices.Equal(got.ids(), want) {
				t.Errorf("%q finds %v, not %v", words, got.ids(), want)
			}
			if *got.Degraded {
				t.Errorf("%q: degraded, and there is no engine outside", words)
			}
		}
		got := ask(operator, "保洁 周末")
		if len(got.Chips) != 2 || got.Chips[0].Label != "保洁" || got.Chips[0].Without != "周末" {
			t.Errorf("chips: %+v", got.Chips)
		}
		w.Anyone().Refused(http.MethodGet, "/postings/"+p.ID+"/candidates?words=%E4%BF%9D%E6%B4%81", nil, "sign_in_required")
		other := w.Phone("13800000002", "employer")
		if a := other.Do(http.MethodGet, "/postings/"+p.ID+"/candidates?words=%E4%BF%9D%E6%B4%81", nil); a.Status < 400 {
			t.Errorf("another employer is answered: %d %s", a.Status, a.Body)
		}

		// The engine is away: the database answers the same, and the answer says so.
		w.Config.MeiliURL = "http://127.0.0.1:1" // nobody is there
		away := ask(boss.At(w.Replica(func(*app.Options) {})), "保洁")
		if !slices.Equal(away.ids(), []string{loader}) || !*away.Degraded {
			t.Errorf("with the engine away: %v, degraded %v", away.ids(), *away.Degraded)
		}
	})
}

func contains(all, some []string) bool {
	return !slices.ContainsFunc(some, func(id string) bool { return !slices.Contains(all, id) })
}
