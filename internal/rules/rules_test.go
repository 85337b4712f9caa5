package rules_test

import (
	"encoding/csv"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"linggong/internal/day"
	"linggong/internal/errs"
	"linggong/internal/rules"
)

const haining = "330481000000"

func records(t *testing.T, file string) [][]string {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows[1:]
}

// domain.md §5.5, the whole table.
func TestRetirementAgeByTheTableOfTheLaw(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		cat     rules.Category
		birth   string
		retires string
		age     string
	}{
		{"M", "1964-12", "2024-12", "60y0m"},
		{"M", "1965-01", "2025-02", "60y1m"},
		{"M", "1965-05", "2025-07", "60y2m"},
		{"M", "1970-01", "2031-05", "61y4m"},
		{"M", "1976-08", "2039-07", "62y11m"},
		{"M", "1976-09", "2039-09", "63y0m"},
		{"F55", "1970-01", "2025-02", "55y1m"},
		{"F55", "1981-08", "2039-07", "57y11m"},
		{"F55", "1981-09", "2039-09", "58y0m"},
		{"F50", "1974-12", "2024-12", "50y0m"},
		{"F50", "1975-01", "2025-02", "50y1m"},
		{"F50", "1975-02", "2025-03", "50y1m"},
		{"F50", "1975-03", "2025-05", "50y2m"},
		{"F50", "1979-06", "2031-09", "52y3m"},
		{"F50", "1984-10", "2039-09", "54y11m"},
		{"F50", "1984-11", "2039-11", "55y0m"},
	} {
		r := rules.Retirement(c.cat, day.Date(c.birth+"-15"))
		if r.Retires != c.retires || r.Age != c.age {
			t.Errorf("%s born %s: %s at %s, want %s at %s", c.cat, c.birth, r.Retires, r.Age, c.retires, c.age)
		}
	}
}

func TestNobodyBornLaterRetiresEarlier(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		cat := rapid.SampledFrom([]rules.Category{rules.Male60, rules.Female55, rules.Female50}).Draw(t, "category")
		born := day.New(1950, 1, 15).AddMonths(rapid.IntRange(0, 600).Draw(t, "months"))
		a, b := rules.Retirement(cat, born), rules.Retirement(cat, born.AddMonths(1))
		if b.Retires <= a.Retires {
			t.Fatalf("%s born %s retires %s, a month later %s", cat, born, a.Retires, b.Retires)
		}
	})
}

func TestAWomanWhoseCategoryIsUnknownKeepsTheLaterAge(t *testing.T) { // R-RET-01
	t.Parallel()
	if c, known := rules.CategoryOf("female", ""); c != rules.Female55 || known {
		t.Errorf("%s %v", c, known)
	}
	if !rules.WorkingAge("1974-06-01", "female", "", "2026-01-01") {
		t.Error("taken for retired without knowing her category")
	}
	if rules.WorkingAge("1974-06-01", "female", "worker", "2026-01-01") {
		t.Error("a woman worker of 51 who retired at 50 is past working age")
	}
}

func TestTheMinimumWageGoesByTheDayOfTheWork(t *testing.T) { // R-PT-05
	t.Parallel()
	b := rules.Default()
	for on, want := range map[day.Date][2]int64{
		"2020-05-01": {180000, 1650}, "2021-08-01": {207000, 2000}, "2023-12-31": {207000, 2000}, "2024-01-01": {226000, 2200},
		"2025-12-31": {226000, 2200}, "2026-01-01": {243000, 2300}, "2026-02-08": {243000, 2300}, "2026-11-23": {243000, 2300},
	} {
		w, ok := b.MinimumWage(haining, on)
		if !ok || w.MonthFen != want[0] || w.HourFen != want[1] || w.Source == "" {
			t.Errorf("%s: %+v", on, w)
		}
	}
	if _, ok := b.MinimumWage(haining, "2000-01-01"); ok {
		t.Error("a wage before the first known")
	}
	if w, _ := b.MinimumWage(haining, "2026-01-15"); w.Published != "2026-02-09" {
		t.Errorf("published %s after it took effect: %+v", w.Published, w)
	}
}

func TestWorkingDaysFollowTheStateCouncil(t *testing.T) {
	t.Parallel()
	c := rules.DefaultCalendar()
	for _, x := range []struct {
		from day.Date
		n    int
		due  day.Date
	}{
		{"2026-11-20", 1, "2026-11-23"}, // over a weekend
		{"2024-09-27", 1, "2024-09-29"}, // a Sunday that was worked
		{"2024-09-30", 1, "2024-10-08"}, // over the National Day week
	} {
		if got := c.Term(x.from, x.n); got.Due != x.due || !got.Covered {
			t.Errorf("%d working days from %s end %s, want %s: %+v", x.n, x.from, got.Due, x.due, got.Trace)
		}
	}
	if c.Term("2026-12-30", 5).Covered {
		t.Error("2027 is not announced, and the term says it is covered")
	}
}

func TestATermIsItsTrace(t *testing.T) {
	t.Parallel()
	c := rules.DefaultCalendar()
	rapid.Check(t, func(t *rapid.T) {
		from := day.New(2023, 1, 1).Add(rapid.IntRange(0, 1600).Draw(t, "from"))
		n := rapid.IntRange(0, 40).Draw(t, "days")
		term := c.Term(from, n)
		worked := 0
		for d := from.Add(1); d <= term.Due; d = d.Add(1) { // the slow way
			if ok, _ := c.Workday(d); ok {
				worked++
			}
		}
		if worked != n || c.AddWorkingDays(from, n) != term.Due || c.WorkingDays(from.Add(1), term.Due) != n {
			t.Fatalf("%d days from %s: due %s, worked %d", n, from, term.Due, worked)
		}
		if n > 0 {
			if ok, why := c.Workday(term.Due); !ok {
				t.Fatalf("due on %s, %s", term.Due, why)
			}
		}
	})
}

func TestIDNumbersOfThePublicSuites(t *testing.T) {
	t.Parallel()
	for _, r := range records(t, "testdata/resident_id.csv") {
		id, err := rules.ParseID(r[0], "2026-11-23")
		if (err == nil) != (r[1] == "1") {
			t.Errorf("%s: %v, want valid=%s", r[0], err, r[1])
			continue
		}
		if err == nil && (string(id.Birth) != r[3] || id.Sex != r[2]) {
			t.Errorf("%s: %+v", r[0], id)
		}
		if err != nil && strings.Contains(err.Error(), r[0]) {
			t.Errorf("the refusal repeats the number: %v", err)
		}
	}
	if _, err := rules.ParseID("110105194912310020", "2026-11-23"); err == nil {
		t.Error("a wrong check digit went through")
	}
	if _, err := rules.ParseID("11010519491231002X", "1949-12-30"); err == nil {
		t.Error("someone not yet born")
	}
	if id, err := rules.ParseID("11010519491231002x", "2026-11-23"); err != nil || id.Sex != "female" {
		t.Error("a small x is an X")
	}
}

func TestCreditCodesOfThePublicSuites(t *testing.T) {
	t.Parallel()
	for _, r := range records(t, "testdata/credit_code.csv") {
		if err := rules.CheckCreditCode(r[0]); (err == nil) != (r[2] == "True") {
			t.Errorf("%s: %v, want %s", r[0], err, r[2])
		}
	}
}

func TestADisabilityCardBelongsToItsHolder(t *testing.T) {
	t.Parallel()
	if d, err := rules.ParseDisability("11010519491231002X23", "11010519491231002X"); err != nil || d.Kind != 2 || d.Level != 3 {
		t.Errorf("%+v %v", d, err)
	}
	for _, card := range []string{"11010519491231002X83", "11010519491231002X25", "44052418800101001423", "11010519491231002X"} {
		if _, err := rules.ParseDisability(card, "11010519491231002X"); err == nil {
			t.Errorf("%s went through", card)
		}
	}
}

func met(t *testing.T, category string, f rules.HardshipFacts, on day.Date) bool {
	t.Helper()
	ready := true
	f.Willing, f.Able = &ready, &ready
	for _, c := range rules.Default().HardshipConditions(category, haining, f, on) {
		if c.Rule == "" || c.Source == "" || c.Text == "" {
			t.Errorf("a condition without rule, source or text: %+v", c)
		}
		if c.Met == nil || !*c.Met {
			return false
		}
	}
	return true
}

func TestOlderUnemployedByDatedAges(t *testing.T) { // R-HARD-01
	t.Parallel()
	woman := func(birth day.Date) rules.HardshipFacts {
		return rules.HardshipFacts{Birth: birth, Sex: "female", RegisteredOn: "2025-01-01"}
	}
	for _, c := range []struct {
		name string
		f    rules.HardshipFacts
		on   day.Date
		want bool
	}{
		{"a woman of 45 in 2026", woman("1981-11-23"), "2026-11-23", true},
		{"a day too young", woman("1981-11-24"), "2026-11-23", false},
		{"45 is not enough in 2028", woman("1982-06-01"), "2028-01-02", false},
		{"46 is in 2028", woman("1981-06-01"), "2028-01-02", true},
		{"a man of 54", rules.HardshipFacts{Birth: "1972-01-01", Sex: "male", RegisteredOn: "2025-01-01"}, "2026-11-23", false},
		{"a man of 55", rules.HardshipFacts{Birth: "1971-01-01", Sex: "male", RegisteredOn: "2025-01-01"}, "2026-11-23", true},
		{"registered five months", rules.HardshipFacts{Birth: "1971-01-01", Sex: "male", RegisteredOn: "2026-06-24"}, "2026-11-23", false},
		{"not registered", rules.HardshipFacts{Birth: "1971-01-01", Sex: "male"}, "2026-11-23", false},
		{"retired", rules.HardshipFacts{Birth: "1960-01-01", Sex: "male", RegisteredOn: "2019-01-01"}, "2026-11-23", false},
		{"at work", rules.HardshipFacts{Birth: "1971-01-01", Sex: "male", RegisteredOn: "2025-01-01", Working: true}, "2026-11-23", false},
	} {
		if got := met(t, "H1", c.f, c.on); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

func TestTheOtherCategories(t *testing.T) {
	t.Parallel()
	base := rules.HardshipFacts{Birth: "1985-01-01", Sex: "male", RegisteredOn: "2026-01-01"}
	with := func(change func(*rules.HardshipFacts)) rules.HardshipFacts { f := base; change(&f); return f }
	v := true
	for _, c := range []struct {
		name, category string
		f              rules.HardshipFacts
		want           bool
	}{
		{"household known to be without work", "H2", with(func(f *rules.HardshipFacts) { f.ZeroHousehold = &v }), true},
		{"household not known", "H2", base, false},
		{"six months of benefit", "H3", with(func(f *rules.HardshipFacts) { f.BenefitFrom = "2026-05-01" }), true},
		{"benefit ended too soon", "H3", with(func(f *rules.HardshipFacts) { f.BenefitFrom, f.BenefitTo = "2026-01-01", "2026-05-01" }), false},
		{"低保边缘", "H4", with(func(f *rules.HardshipFacts) { f.LowIncome = "edge" }), true},
		{"a disability card", "H5", with(func(f *rules.HardshipFacts) { f.DisabilityCard = true }), true},
		{"特困 is helped otherwise", "H5", with(func(f *rules.HardshipFacts) { f.DisabilityCard, f.SpecialSupport = true, true }), false},
	} {
		if got := met(t, c.category, c.f, "2026-11-23"); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

func TestAWelfareTermIsThreeYearsOrToRetirementFrozenAtFirstApproval(t *testing.T) { // R-PWJ-02 … 04
	t.Parallel()
	b := rules.Default()
	ask := func(birth day.Date, sex, cat string, first day.Date, ordinal int) (rules.WelfareTerm, error) {
		return b.WelfareTerm(rules.WelfareQuestion{Region: haining, Birth: birth, Sex: sex, RetireCategory: cat, FirstApproval: first, Starts: first, Ordinal: ordinal})
	}
	young, err := ask("1985-03-01", "male", "", "2026-01-01", 1)
	if err != nil || young.Ends != "2028-12-31" || young.Months != 36 || young.ToRetirement {
		t.Errorf("%+v %v", young, err)
	}
	// Born 1967-06: retires at 60 and 8 months, 2028-02; 25 months from 2026-01.
	old, err := ask("1967-06-01", "male", "", "2026-01-01", 1)
	if err != nil || !old.ToRetirement || old.Retires != "2028-02" || old.Ends != "2028-02-29" {
		t.Errorf("%+v %v", old, err)
	}
	// Exactly five years away is not less than five.
	edge, err := ask("1969-06-01", "male", "", "2025-08-01", 1)
	if err != nil || edge.MonthsToRetire < 60 || edge.ToRetirement {
		t.Errorf("%+v %v", edge, err)
	}
	if _, err := ask("1985-03-01", "male", "", "2026-01-01", 3); !errors.Is(err, rules.ErrNoTerm) {
		t.Errorf("a third placement: %v", err)
	}
	if _, err := ask("1960-01-01", "male", "", "2026-01-01", 1); !errors.Is(err, rules.ErrNoTerm) {
		t.Errorf("a retired man: %v", err)
	}
	e, ok := errors.AsType[*errs.Error](err)
	if _, err = ask("1960-01-01", "male", "", "2026-01-01", 1); err != nil {
		e, ok = errors.AsType[*errs.Error](err)
	}
	if !ok || e.Rule == "" || e.Source == "" || e.Remedy == "" {
		t.Errorf("a refusal that does not say its rule, its source and what would be allowed: %+v", e)
	}
	used, err := b.WelfareTerm(rules.WelfareQuestion{Region: haining, Birth: "1985-03-01", Sex: "male", FirstApproval: "2026-01-01", Starts: "2026-01-01", Ordinal: 1, MonthsUsed: 30})
	if err != nil || used.Months != 6 {
		t.Errorf("%+v %v", used, err)
	}
}

func TestEveryParameterIsWellFormedAndHasASource(t *testing.T) {
	t.Parallel()
	b := rules.Default()
	unconfirmed := 0
	for _, p := range b.Parameters() {
		if p.Source == "" || p.Rule == "" || !p.ValidFrom.Valid() || p.Value == "" {
			t.Errorf("%+v", p)
		}
		if strings.HasSuffix(p.Unit, "days") || p.Unit == "months" || p.Unit == "years" || p.Unit == "fen" || p.Unit == "minutes" {
			numbers := b.Numbers(p.Key, haining, p.ValidFrom)
			if len(numbers) != len(strings.Fields(p.Value)) || slices.ContainsFunc(numbers, func(n int) bool { return n < 0 }) {
				t.Errorf("%s is %q: no list of whole numbers", p.Key, p.Value)
			}
		}
		if !p.Confirmed {
			unconfirmed++
		}
	}
	if unconfirmed == 0 {
		t.Error("everything claims to be confirmed; domain.md says otherwise")
	}
	if n := len(b.ServiceStandard(haining, "2026-11-23")); n != 4 {
		t.Errorf("%d services in the standard", n)
	}
	if n := len(b.List("four_clear.blocks", haining, "2026-11-23")); n != 4 {
		t.Errorf("四清 has %d blocks", n)
	}
}

func TestAConfirmedValueTakesTheUnconfirmedOnesPlaceFromItsDay(t *testing.T) {
	t.Parallel()
	b := rules.Default().With(rules.Parameter{Key: "hard.publicity_days", Region: "330481", Value: "7", ValidFrom: "2026-06-01", Source: "市局函", Rule: "R-HARD-04", Confirmed: true})
	if b.Number("hard.publicity_days", haining, "2026-05-31") != 5 || b.Number("hard.publicity_days", haining, "2026-06-01") != 7 {
		t.Error("the day of the change is wrong")
	}
	if rules.Default().Number("hard.publicity_days", haining, "2026-06-01") != 5 {
		t.Error("the shipped book changed")
	}
	narrow := b.With(rules.Parameter{Key: "hard.publicity_days", Region: "330481101", Value: "3", ValidFrom: "2020-01-01", Source: "x", Rule: "x"})
	if narrow.Number("hard.publicity_days", "330481101201", "2026-06-01") != 3 || narrow.Number("hard.publicity_days", "330481103201", "2026-06-01") != 7 {
		t.Error("the smaller place does not win")
	}
}

func TestTheThirteenAndTheirTargets(t *testing.T) {
	t.Parallel()
	all := rules.PlanIndicators()
	if len(all) != 13 || len(rules.Goals()) != 15 {
		t.Fatalf("%d indicators, %d goals", len(all), len(rules.Goals()))
	}
	check := func(no, year int, micro int64, op string) {
		t.Helper()
		if m, o, ok := all[no-1].Target(year); !ok || m != micro || o != op {
			t.Errorf("#%d in %d: %d %s, want %d %s", no, year, m, o, micro, op)
		}
	}
	check(1, 2026, 5_000_000, "<")
	check(2, 2023, 30_000_000_000, ">=") // 3 万人 is 30,000 persons
	check(5, 2024, 35_000_000_000, ">=")
	check(5, 2023, 17_500_000_000, ">=")
	check(8, 2026, 80_000_000, ">")
	check(8, 2027, 100_000_000, ">=")
	check(11, 2025, 95_000_000, ">=")
	if all[1].Unit != "人" || all[1].Scale != 10_000 || all[3].Unit != "件" {
		t.Errorf("%+v", all[1])
	}
	if _, _, ok := all[0].Target(2028); ok {
		t.Error("a target beyond the plan")
	}
}
