package matching_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"linggong/internal/matching"
)

var limits = matching.Limits{WeekMinutes: 1440, WarnMinutes: 1200, FatigueMinutes: 720}

func shift() matching.Shift {
	from := time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)
	return matching.Shift{
		Trade: "loader", Near: []string{"mover"}, MinAge: 18, MinAgeWhy: "重体力", HourFen: 2600, DistanceM: 2100,
		From: from, To: from.Add(4 * time.Hour), Minutes: 240, PartTime: true,
	}
}

func worker() matching.Worker {
	return matching.Worker{Age: 45, Trades: []matching.Skill{{Trade: "loader", Level: 2}}, RadiusM: 8000, FloorHourFen: 2400, Completed: 5, SameTrade: 3, Free: true, WaitingDays: 4}
}

func TestForbiddenGroundsCannotBeExpressed(t *testing.T) {
	t.Parallel()
	for _, typ := range []reflect.Type{reflect.TypeFor[matching.Worker](), reflect.TypeFor[matching.Shift](), reflect.TypeFor[matching.Skill]()} {
		for i := range typ.NumField() {
			name := strings.ToLower(typ.Field(i).Name)
			for _, bad := range []string{"sex", "gender", "ethnic", "nation", "hukou", "health", "disab", "married", "child", "religion", "hardship", "name", "phone"} {
				if strings.Contains(name, bad) {
					t.Errorf("%s.%s", typ.Name(), typ.Field(i).Name)
				}
			}
		}
	}
}

func TestThePartsAddUpToTheTotal(t *testing.T) {
	t.Parallel()
	w := matching.DefaultWeights
	if w.Skill+w.Distance+w.Time+w.Pay+w.Reliability+w.Waiting != 1000 {
		t.Fatal("the weights do not make 1000")
	}
	rapid.Check(t, func(t *rapid.T) {
		n := func(name string, most int64) int64 { return rapid.Int64Range(0, most).Draw(t, name) }
		wk, sh := worker(), shift()
		wk.RadiusM, wk.FloorHourFen, wk.Completed, wk.NoShows90, wk.WaitingDays = n("radius", 50_000), n("floor", 9000), n("done", 100), n("no shows", 9), n("waiting", 400)
		wk.Trades, wk.Free = nil, rapid.Bool().Draw(t, "free")
		sh.DistanceM, sh.HourFen, sh.NoExperience = n("distance", 100_000)-1, n("pay", 20_000), rapid.Bool().Draw(t, "no experience")
		f := matching.Judge(wk, sh, limits, w)
		var sum int64
		for _, p := range f.Parts {
			if p.Permille < 0 || p.Permille > 1000 || p.Points != p.Permille*p.Weight {
				t.Fatalf("%+v", p)
			}
			sum += p.Points
		}
		if sum != f.Total || f.Total < 0 || f.Total > 1_000_000 {
			t.Fatalf("parts %d, total %d", sum, f.Total)
		}
	})
}

func TestEachHardRuleSaysItsSourceAndWhatWouldLiftIt(t *testing.T) {
	t.Parallel()
	if f := matching.Judge(worker(), shift(), limits, matching.DefaultWeights); !f.Eligible() || len(f.Reasons) < 4 {
		t.Fatalf("a fitting pair: %+v", f)
	}
	for code, change := range map[string]func(*matching.Worker, *matching.Shift){
		"under_sixteen":       func(w *matching.Worker, _ *matching.Shift) { w.Age = 15 },
		"under_min_age":       func(w *matching.Worker, _ *matching.Shift) { w.Age = 17 },
		"certificate_missing": func(_ *matching.Worker, s *matching.Shift) { s.Certificates = []matching.Needed{{"forklift", "叉车证", "特种设备安全法 第14条"}} },
		"overlap":             func(w *matching.Worker, s *matching.Shift) { w.Busy = []matching.Window{{s.From.Add(time.Hour), s.To.Add(time.Hour)}} },
		"part_time_week":      func(w *matching.Worker, _ *matching.Shift) { w.WeekMinutes = 1201 },
		"below_own_floor":     func(w *matching.Worker, _ *matching.Shift) { w.FloorHourFen = 2601 },
		"too_far":             func(w *matching.Worker, _ *matching.Shift) { w.RadiusM = 2000 },
	} {
		w, s := worker(), shift()
		change(&w, &s)
		f := matching.Judge(w, s, limits, matching.DefaultWeights)
		if len(f.Blockers) != 1 || f.Blockers[0].Code != code {
			t.Errorf("%s: %+v", code, f.Blockers)
			continue
		}
		if b := f.Blockers[0]; b.Message == "" || b.English == "" || b.Rule == "" || b.Source == "" || b.Remedy == "" {
			t.Errorf("%s is silent about something: %+v", code, b)
		}
	}
}

func TestTouchingShiftsDoNotOverlapAndTwentyFourHoursAreAllowed(t *testing.T) {
	t.Parallel()
	w, s := worker(), shift()
	w.Busy = []matching.Window{{s.To, s.To.Add(time.Hour)}, {s.From.Add(-time.Hour), s.From}}
	w.WeekMinutes = 1200 // with this shift exactly 24 hours
	f := matching.Judge(w, s, limits, matching.DefaultWeights)
	if !f.Eligible() || len(f.Warnings) == 0 {
		t.Errorf("%+v", f)
	}
	w.Age, s.MinAge = 16, 16
	if f := matching.Judge(w, s, limits, matching.DefaultWeights); !f.Eligible() {
		t.Errorf("sixteen on the birthday: %+v", f.Blockers)
	}
}
