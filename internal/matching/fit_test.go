package matching_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"linggong/internal/matching"
)

var limits = matching.Limits{WeekMinutes: 1440, WarnMinutes: 1200, FatigueMinutes: 720, RestMinutes: 480, ChangeMinutes: 10}

func shift() matching.Shift {
	from := time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)
	return matching.Shift{
		Trade: "loader", Near: []string{"mover"}, Related: []string{"sorter"}, Flags: []string{"heavy"}, MinAge: 18, MinAgeWhy: "重体力", HourFen: 2600, DistanceM: 2100,
		From: from, To: from.Add(4 * time.Hour), Minutes: 240, PartTime: true,
	}
}

func worker() matching.Worker {
	return matching.Worker{Age: 45, Trades: []matching.Skill{{Trade: "loader", Level: 2}}, RadiusM: 8000, FloorHourFen: 2400, Completed: 5, SameTrade: 3, Free: true, WaitingDays: 4}
}

// 就业促进法 第26–31条, domain.md §9.1: a ground no one can hand over is used by no one.
func TestForbiddenGroundsCannotBeExpressed(t *testing.T) {
	t.Parallel()
	forbidden := []string{
		"sex", "gender", "female", "ethnic", "nation", "race", "hukou", "residen", "health", "disease", "hepat", "disab", "married", "marital",
		"pregnan", "child", "religion", "belief", "party", "looks", "appearance", "hardship", "poverty", "name", "phone", "idnumber",
	}
	allowed := map[string]bool{"Needed.Name": true} // of a certificate
	seen := map[reflect.Type]bool{}
	var look func(typ reflect.Type)
	look = func(typ reflect.Type) {
		for typ.Kind() == reflect.Slice || typ.Kind() == reflect.Pointer {
			typ = typ.Elem()
		}
		if typ.Kind() != reflect.Struct || seen[typ] || typ.PkgPath() == "time" {
			return
		}
		seen[typ] = true
		for f := range typ.Fields() {
			for _, bad := range forbidden {
				if strings.Contains(strings.ToLower(f.Name), bad) && !allowed[typ.Name()+"."+f.Name] {
					t.Errorf("%s.%s", typ.Name(), f.Name)
				}
			}
			look(f.Type)
		}
	}
	look(reflect.TypeFor[matching.Pair]())
	if len(seen) < 6 {
		t.Fatalf("only %d types were looked at", len(seen))
	}
}

func TestThePartsAddUpToTheTotal(t *testing.T) {
	t.Parallel()
	w := matching.DefaultWeights
	if w.Check() != nil || (matching.Weights{Skill: 999}).Check() == nil || (matching.Weights{Skill: 1001, Pay: -1}).Check() == nil {
		t.Fatal("weights that do not make 1000 were taken")
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
		"under_sixteen": func(w *matching.Worker, _ *matching.Shift) { w.Age = 15 },
		"under_min_age": func(w *matching.Worker, _ *matching.Shift) { w.Age = 17 },
		"certificate_missing": func(_ *matching.Worker, s *matching.Shift) {
			s.Certificates = []matching.Needed{{"forklift", "叉车证", "特种设备安全法 第14条"}}
		},
		"overlap": func(w *matching.Worker, s *matching.Shift) {
			w.Busy = []matching.Window{{From: s.From.Add(time.Hour), To: s.To.Add(time.Hour)}}
		},
		"no_time_between": func(w *matching.Worker, s *matching.Shift) {
			w.Busy = []matching.Window{{From: s.To.Add(10 * time.Minute), To: s.To.Add(time.Hour), DistanceM: 9000}}
		},
		"no_rest_between": func(w *matching.Worker, s *matching.Shift) {
			w.Busy = []matching.Window{{From: s.From.Add(-11 * time.Hour), To: s.From.Add(-time.Hour)}}
		},
		"posting_closed":  func(_ *matching.Worker, s *matching.Shift) { s.Closed = true },
		"shift_full":      func(_ *matching.Worker, s *matching.Shift) { s.Full = true },
		"pair_blocked":    func(w *matching.Worker, _ *matching.Shift) { w.Avoided = true },
		"work_refused":    func(w *matching.Worker, _ *matching.Shift) { w.Refuses = []string{"night", "heavy"} },
		"part_time_week":  func(w *matching.Worker, _ *matching.Shift) { w.WeekMinutes = 1201 },
		"below_own_floor": func(w *matching.Worker, _ *matching.Shift) { w.FloorHourFen = 2601 },
		"too_far":         func(w *matching.Worker, _ *matching.Shift) { w.RadiusM = 2000 },
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
	w.Busy = []matching.Window{{From: s.To, To: s.To.Add(time.Hour)}, {From: s.From.Add(-time.Hour), To: s.From}}
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
