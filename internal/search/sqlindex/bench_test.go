package sqlindex_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"linggong/internal/dbx/dbtest"
	"linggong/internal/search"
	"linggong/internal/search/sqlindex"
	"linggong/internal/worktext"
)

const benchDocs = 30_000

// BenchmarkMatch indexes postings made of real words and asks the usual
// questions; it reports how fast they were indexed too.
func BenchmarkMatch(b *testing.B) {
	places := []string{"许村", "长安", "盐官", "斜桥", "丁桥", "袁花", "黄湾", "周王庙", "海洲", "硖石", "海昌", "马桥"}
	work := []string{"保洁员", "电焊工", "搬运工", "缝纫工", "月嫂", "绿化工", "普工", "叉车司机", "服务员", "洗碗工", "水电工", "快递分拣"}
	extra := []string{"日结", "包吃住", "长白班", "无需经验", "两班倒", "工资月结", "做六休一", "环境好", "有空调", "急招"}
	rng := rand.New(rand.NewPCG(1, 2))
	pick := func(from []string) string { return from[rng.IntN(len(from))] }
	ix := sqlindex.New(dbtest.SQLite(b), sqlindex.Postings)
	start := time.Now()
	err := ix.Rebuild(b.Context(), func(yield func(search.Doc, error) bool) {
		for i := range benchDocs {
			title := pick(places) + pick(work) + pick(extra)
			text := title
			for range 12 {
				text += "，" + pick(extra) + pick(places)
			}
			if !yield(search.Doc{
				ID: fmt.Sprintf("p%06d", i), Version: 1, Fields: worktext.Document(title, text, "", nil), Region: "330481101201", Open: true,
			}, nil) {
				return
			}
		}
	})
	if err != nil {
		b.Fatal(err)
	}
	rate := benchDocs / time.Since(start).Seconds()
	word := func(tokens ...string) worktext.Clause {
		return worktext.Clause{Any: []worktext.Term{{Field: worktext.InTokens, Tokens: tokens, Phrase: true}}}
	}
	for name, all := range map[string][]worktext.Clause{
		"a trade":   {word("保洁", "洁员")},
		"two words": {word("保洁", "洁员"), word("许村")},
		"wide":      {word("日结")},
	} {
		b.Run(name, func(b *testing.B) {
			var took []time.Duration
			n := 0
			for b.Loop() {
				start := time.Now()
				hits, err := ix.Match(b.Context(), search.Query{Match: worktext.Match{All: all}})
				if err != nil {
					b.Fatal(err)
				}
				took, n = append(took, time.Since(start)), len(hits)
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "µs-p99")
			b.ReportMetric(float64(n), "hits")
			b.ReportMetric(rate, "docs/s")
		})
	}
}
