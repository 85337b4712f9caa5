package searchbench_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"testing"

	"linggong/internal/day"
	"linggong/internal/gig"
	"linggong/internal/region"
	"linggong/internal/worktext"
)

// The kinds of question a kiosk asks.
const (
	wordsAndAll = "words+2 filters+geo"
	wordsOnly   = "words"
	filtersOnly = "filters+geo"
	browse      = "browse"
)

// typed are words as people type and say them: trades, a place and a trade,
// conditions, sounds, first letters.
var typed = []string{
	"保洁", "搬运", "电焊工", "服务员", "洗碗", "缝纫工", "打包", "快递分拣", "普工", "叉车", "保安", "月嫂", "绿化", "司机", "质检", "仓库管理员",
	"许村 缝纫", "盐官 保洁 日结", "长安 打包 包吃", "装卸 明天", "周末 促销", "文员", "客服", "厨师", "水电工", "banyun", "baojie", "fwy", "长白班 装配", "包吃住 普工",
}

// ask is one question, as it goes over the wire and as the engine gets it.
type ask struct {
	kind  string
	path  string
	finds []gig.Find // more than one where the first found nothing
}

// asks makes n questions from a fixed list and a seed: five in ten have words,
// two filters and a place, two only words, two only filters and a place, one
// nothing at all.
func asks(n int) []ask {
	rng := rand.New(rand.NewPCG(7, 16))
	tree := region.HainingTree()
	towns := tree.Towns()
	trades := worktext.Trades()
	out := make([]ask, n)
	for i := range out {
		v := url.Values{}
		here := func() {
			at := towns[rng.IntN(len(towns))]
			v.Set("lat", strconv.FormatFloat(at.Lat+rng.Float64()*0.04-0.02, 'f', 5, 64))
			v.Set("lng", strconv.FormatFloat(at.Lng+rng.Float64()*0.04-0.02, 'f', 5, 64))
			v.Set("radius_m", strconv.Itoa([]int{3000, 5000, 10_000}[rng.IntN(3)]))
			v.Set("sort", []string{"best", "best", "near", "pay", "soon"}[rng.IntN(5)])
		}
		kind := wordsAndAll
		switch k := rng.IntN(10); {
		case k < 5:
			v.Set("q", typed[rng.IntN(len(typed))])
			v.Set("settlement", "daily")
			v.Set("pay_min_hour_fen", strconv.Itoa(2200+100*rng.IntN(8)))
			here()
		case k < 7:
			kind = wordsOnly
			v.Set("q", typed[rng.IntN(len(typed))])
		case k < 9:
			kind = filtersOnly
			v.Set("trade", trades[rng.IntN(len(trades))].ID)
			v.Set("date", string(day.Of(opening).Add(1+rng.IntN(6))))
			here()
		default:
			kind = browse
			if rng.IntN(2) == 0 {
				v.Set("town", string(towns[rng.IntN(len(towns))].Code))
			}
		}
		out[i] = ask{kind: kind, path: "/postings?" + v.Encode()}
	}
	return out
}

// recorder remembers what the engine was asked.
type recorder struct {
	gig.Finder
	asked []gig.Find
	found []gig.Found
}

func (r *recorder) Find(ctx context.Context, f gig.Find) (gig.Found, error) {
	found, err := r.Finder.Find(ctx, f)
	r.asked, r.found = append(r.asked, f), append(r.found, found)
	return found, err
}

// answer is what of an answer is compared.
type answer struct {
	Items []struct {
		ID string `json:"id"`
	} `json:"items"`
	Next     string `json:"next"`
	Total    int64  `json:"total"`
	Degraded bool   `json:"degraded"`
}

// is says the answer shows what was found, in its order.
func (a answer) is(f gig.Found) bool {
	if a.Total != f.Total || len(a.Items) != len(f.Hits) {
		return false
	}
	for i, h := range f.Hits {
		if string(h.ID) != a.Items[i].ID {
			return false
		}
	}
	return true
}

// learn asks every question once through the contract, one after the other, and
// keeps what the engine was asked for it. What is shown must be what was found.
func (w *world) learn(tb testing.TB, list []ask) {
	tb.Helper()
	r := &recorder{Finder: w.Gig.Finder}
	w.Gig.Finder = r
	defer func() { w.Gig.Finder = r.Finder }()
	nothing := 0
	for i := range list {
		r.asked, r.found = nil, nil
		var got answer
		if err := w.get(tb.Context(), w.tokens[0], list[i].path, &got); err != nil {
			tb.Fatalf("%s: %v", list[i].path, err)
		}
		list[i].finds = r.asked
		// A question that finds nothing is loosened in several ways: the answer is one of what was found.
		if !slices.ContainsFunc(r.found, got.is) {
			tb.Fatalf("%s: the contract shows %d of %d, the engine found otherwise (%d times asked)", list[i].path, len(got.Items), got.Total, len(r.found))
		}
		if got.Total == 0 {
			nothing++
		}
		if i%1000 == 999 {
			w.tokens = append(w.tokens[1:], w.tokens[0]) // one kiosk may not ask that often
		}
	}
	if nothing > len(list)/4 && w.size.whole {
		tb.Fatalf("%d of %d questions find nothing: that is no measure", nothing, len(list))
	}
}

// get asks through the contract and reads the whole answer; into may be nil.
func (w *world) get(ctx context.Context, token, path string, into any) error {
	return w.do(ctx, http.MethodGet, token, path, nil, into)
}

func (w *world) do(ctx context.Context, method, token, path string, body io.Reader, into any) error {
	req, err := http.NewRequestWithContext(ctx, method, w.url+path, body)
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+token)
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	res, err := w.client.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode >= 300 {
		b, _ := io.ReadAll(io.LimitReader(res.Body, 400))
		return fmt.Errorf("%s %s: %d %s", method, path, res.StatusCode, b)
	}
	if into != nil {
		return json.NewDecoder(res.Body).Decode(into)
	}
	_, err = io.Copy(io.Discard, res.Body)
	return err
}

// overHTTP and inEngine are the two sides of the measure.
func (w *world) overHTTP(ctx context.Context, client int, a *ask) error {
	return w.get(ctx, w.tokens[client%len(w.tokens)], a.path, nil)
}

func (w *world) inEngine(ctx context.Context, _ int, a *ask) error {
	for _, f := range a.finds {
		if _, err := w.Postings.Find(ctx, f); err != nil {
			return err
		}
	}
	return nil
}
