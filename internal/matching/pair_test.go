package matching_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"linggong/internal/matching"
)

// anyPair draws a pair with anything in the way, or nothing.
func anyPair(t *rapid.T) matching.Pair {
	n := func(name string, from, to int64) int64 { return rapid.Int64Range(from, to).Draw(t, name) }
	b := func(name string) bool { return rapid.IntRange(0, 4).Draw(t, name) == 0 }
	w, s := worker(), shift()
	w.Age = int(n("age", 0, 70))
	w.RadiusM, w.FloorHourFen = n("radius", 0, 9000), n("floor", 0, 4000)
	w.Completed, w.SameTrade, w.NoShows90 = n("done", 0, 60), n("same", 0, 3), n("missed", 0, 4)
	w.RatingCount = n("ratings", 0, 9)
	w.RatingSum = w.RatingCount * n("stars", 1, 5)
	w.WaitingDays, w.WeekMinutes, w.Free, w.Avoided = n("waits", 0, 60), n("week", 0, 1600), b("free"), b("avoided")
	w.Trades = []matching.Skill{{Trade: rapid.SampledFrom([]string{"loader", "mover", "sorter", "cook"}).Draw(t, "trade"), Level: int(n("level", 0, 3))}}
	if b("refuses") {
		w.Refuses = []string{rapid.SampledFrom([]string{"heavy", "night"}).Draw(t, "refused")}
	}
	for range n("gigs", 0, 3) {
		from := s.From.Add(time.Duration(n("from", -1000, 1000)) * time.Minute)
		w.Busy = append(w.Busy, matching.Window{From: from, To: from.Add(time.Duration(n("long", 30, 600)) * time.Minute), DistanceM: n("away", 0, 20_000)})
	}
	s.DistanceM, s.HourFen = n("distance", -1, 12_000), n("pay", 0, 5000)
	s.MinAge = rapid.SampledFrom([]int{0, 16, 18}).Draw(t, "min age")
	s.NoExperience, s.PartTime, s.Full, s.Closed = b("beginners"), b("part time"), b("full"), b("closed")
	if b("licence") {
		s.Certificates = []matching.Needed{{Kind: "forklift", Name: "叉车证", Source: "特种设备安全法 第14条"}, {Kind: "health", Name: "健康证", Source: "食品安全法 第45条"}}
	}
	return matching.Pair{ID: "pair", Worker: w, Shift: s}
}

func TestTheQuickAnswerIsThatOfTheLongOne(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := anyPair(t)
		f := matching.Judge(p.Worker, p.Shift, limits, matching.DefaultWeights)
		points, ok := matching.Score(&p.Worker, &p.Shift, &limits, matching.DefaultWeights)
		if ok != f.Eligible() || ok && points != f.Total {
			t.Fatalf("score %d %v, judged %d %+v", points, ok, f.Total, f.Blockers)
		}
	})
}

// peers.md §7-6: applying the suggested changes makes the pair possible, and
// none of them is idle.
func TestMakingTheChangesAdmitsThePairAndEachIsNeeded(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := anyPair(t)
		list := matching.Judge(p.Worker, p.Shift, limits, matching.DefaultWeights).Blockers
		after := func(skip int) matching.Fit {
			q := p
			for i, b := range list {
				if i != skip {
					q = b.Change.Apply(q, limits)
				}
			}
			return matching.Judge(q.Worker, q.Shift, limits, matching.DefaultWeights)
		}
		if f := after(-1); !f.Eligible() {
			t.Fatalf("after all changes %+v are still in the way of %+v", f.Blockers, p)
		}
		for i, b := range list {
			if f := after(i); len(f.Blockers) != 1 || f.Blockers[0].Code != b.Code {
				t.Fatalf("without the change of %s: %+v", b.Code, f.Blockers)
			}
		}
		if again := matching.Judge(p.Worker, p.Shift, limits, matching.DefaultWeights).Blockers; !slices.Equal(list, again) {
			t.Fatal("a change was made to the pair itself")
		}
	})
}

func TestNothingIsPreferredForWhatMayNotCount(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := anyPair(t)
		older := p
		older.Worker.Age += 20
		if a, b := matching.Judge(p.Worker, p.Shift, limits, matching.DefaultWeights), matching.Judge(older.Worker, older.Shift, limits, matching.DefaultWeights); a.Total != b.Total {
			t.Fatalf("age alone moved the total from %d to %d", a.Total, b.Total)
		}
	})
}

func TestPartsRiseWithWhatIsBetter(t *testing.T) {
	t.Parallel()
	permille := func(key string, change func(*matching.Worker, *matching.Shift)) int64 {
		w, s := worker(), shift()
		change(&w, &s)
		for _, p := range matching.Judge(w, s, limits, matching.DefaultWeights).Parts {
			if p.Key == key {
				return p.Permille
			}
		}
		t.Fatalf("no part %s", key)
		return 0
	}
	trade := func(id string, level int, beginners bool) func(*matching.Worker, *matching.Shift) {
		return func(w *matching.Worker, s *matching.Shift) {
			w.Trades, s.NoExperience = []matching.Skill{{Trade: id, Level: level}}, beginners
		}
	}
	for name, c := range map[string]struct {
		key    string
		better func(*matching.Worker, *matching.Shift)
		worse  func(*matching.Worker, *matching.Shift)
	}{
		"the trade itself before a near one":     {"skill", trade("loader", 2, false), trade("mover", 3, false)},
		"a near trade before a related one":      {"skill", trade("mover", 2, false), trade("sorter", 3, false)},
		"a related trade before none":            {"skill", trade("sorter", 2, false), trade("cook", 3, false)},
		"a beginner where beginners are welcome": {"skill", trade("cook", 1, true), trade("cook", 1, false)},
		"one who can before one who learns":      {"skill", trade("loader", 2, false), trade("loader", 1, false)},
		"near before far": {
			"distance", func(_ *matching.Worker, s *matching.Shift) { s.DistanceM = 500 }, func(_ *matching.Worker, s *matching.Shift) { s.DistanceM = 5000 },
		},
		"kept before missed": {
			"reliability", func(w *matching.Worker, _ *matching.Shift) { w.Completed, w.NoShows90 = 10, 0 }, func(w *matching.Worker, _ *matching.Shift) { w.Completed, w.NoShows90 = 10, 1 },
		},
		"a newcomer before one who misses": {
			"reliability", func(w *matching.Worker, _ *matching.Shift) { w.Completed = 0 }, func(w *matching.Worker, _ *matching.Shift) { w.Completed, w.NoShows90 = 2, 2 },
		},
		"well rated before badly": {
			"reliability", func(w *matching.Worker, _ *matching.Shift) { w.RatingSum, w.RatingCount = 50, 10 }, func(w *matching.Worker, _ *matching.Shift) { w.RatingSum, w.RatingCount = 20, 10 },
		},
	} {
		if b, w := permille(c.key, c.better), permille(c.key, c.worse); b <= w {
			t.Errorf("%s: %d and %d", name, b, w)
		}
	}
	if got := permille("skill", trade("loader", 2, false)); got != 1000 {
		t.Errorf("the trade itself is worth %d", got)
	}
}

func TestReasonsAreThoseAPersonWouldGive(t *testing.T) {
	t.Parallel()
	f := matching.Judge(worker(), shift(), limits, matching.DefaultWeights)
	want := []string{"干过 3 次同类活", "2.1 公里，骑车约 9 分钟", "时薪 26 元，高于期望的 24 元", "时间合适", "完成过 5 次，近三个月没有缺勤", "已等候 4 天"}
	if !slices.Equal(f.Reasons, want) || len(f.English) != len(want) {
		t.Errorf("%v\n%v", f.Reasons, f.English)
	}
	w, s := worker(), shift()
	w.Age = 0
	if f := matching.Judge(w, s, limits, matching.DefaultWeights); !f.Eligible() || len(f.Warnings) != 1 {
		t.Errorf("an age not known is checked at the gate: %+v", f)
	}
}

func TestTheNearestMissIsTheOneThatTakesLeast(t *testing.T) {
	t.Parallel()
	var pairs []matching.Pair
	add := func(id string, change func(*matching.Worker, *matching.Shift)) {
		w, s := worker(), shift()
		change(&w, &s)
		pairs = append(pairs, matching.Pair{ID: id, Worker: w, Shift: s})
	}
	add("too young", func(w *matching.Worker, _ *matching.Shift) { w.Age = 17 })
	add("no licence", func(_ *matching.Worker, s *matching.Shift) {
		s.Certificates = []matching.Needed{{Kind: "forklift", Name: "叉车证", Source: "x"}}
	})
	add("far", func(_ *matching.Worker, s *matching.Shift) { s.DistanceM = 20_000 })
	add("a little far", func(_ *matching.Worker, s *matching.Shift) { s.DistanceM = 8321 })
	add("a little far and full", func(_ *matching.Worker, s *matching.Shift) { s.DistanceM, s.Full = 8321, true })
	m, ok := matching.Nearest(pairs, limits, matching.DefaultWeights)
	if !ok || m.ID != "a little far" || len(m.Blockers) != 1 || m.Blockers[0].Change.Amount != 8400 || !strings.Contains(m.Message, "8.4 公里") {
		t.Fatalf("%+v", m)
	}
	add("free", func(*matching.Worker, *matching.Shift) {})
	if m, _ := matching.Nearest(pairs, limits, matching.DefaultWeights); m.ID != "free" || len(m.Blockers) != 0 {
		t.Fatalf("%+v", m)
	}
	if _, ok := matching.Nearest(nil, limits, matching.DefaultWeights); ok {
		t.Fatal("of nothing something was nearest")
	}
}

func TestMetresOnTheGround(t *testing.T) {
	t.Parallel()
	// a thousandth of a degree north, nowhere, half the world
	for _, c := range []struct{ lat1, lng1, lat2, lng2, want int64 }{
		{30_525_000, 120_689_000, 30_526_000, 120_689_000, 111},
		{30_525_000, 120_689_000, 30_525_000, 120_689_000, 0},
		{0, 0, 0, 180_000_000, 20_015_087},
	} {
		if got := matching.Metres(c.lat1, c.lng1, c.lat2, c.lng2); got != c.want {
			t.Errorf("%+v: %d m", c, got)
		}
	}
}

//nolint:paralleltest // allocations of the whole process are counted
func TestScoreAllocatesNothing(t *testing.T) {
	w, s, l := worker(), shift(), limits
	w.Busy = []matching.Window{{From: s.To, To: s.To.Add(time.Hour)}}
	if n := testing.AllocsPerRun(100, func() { matching.Score(&w, &s, &l, matching.DefaultWeights) }); n != 0 {
		t.Fatalf("%v allocations", n)
	}
}

func BenchmarkScore(b *testing.B) {
	w, s, l := worker(), shift(), limits
	w.Busy = []matching.Window{{From: s.To, To: s.To.Add(time.Hour)}}
	for b.Loop() {
		matching.Score(&w, &s, &l, matching.DefaultWeights)
	}
}

func BenchmarkJudge(b *testing.B) {
	w, s := worker(), shift()
	for b.Loop() {
		matching.Judge(w, s, limits, matching.DefaultWeights)
	}
}

func ExampleNearest() {
	w, s := worker(), shift()
	s.DistanceM = 9300
	m, _ := matching.Nearest([]matching.Pair{{ID: "装卸", Worker: w, Shift: s}}, limits, matching.DefaultWeights)
	fmt.Println(m.Message)
	// Output: 差一点：距离 9.3 公里，超过本人愿去的 8.0 公里——把可去距离放宽到 9.3 公里，或由用工方提供接送
}
