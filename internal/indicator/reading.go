package indicator

import (
	"context"
	"fmt"
	"math/big"
	"slices"
	"time"

	"linggong/internal/access"
	"linggong/internal/day"
	"linggong/internal/errs"
	"linggong/internal/event"
	"linggong/internal/tx"
)

// ErrYear says a year is outside the plan.
var ErrYear = errs.New(errs.Invalid, "year_out_of_range", "年份应在 2023 与 2035 之间", "The year must lie between 2023 and 2035.").
	On("year", "range", "年份应在 2023 与 2035 之间")

// Eligible is a person of the denominator of 帮扶率 (R-IND-03): recognised on
// a day of the period, willing and able by her present assessment.
type Eligible struct {
	Person, Region string
	OverdueDays    int // how long help has been due
}

// HelpRegister knows who must be helped. The hardship register satisfies it.
type HelpRegister interface {
	Eligible(ctx context.Context, regionPrefix string, from, to day.Date) ([]Eligible, error)
}

// Reading is an indicator of one region in one year: what we count and what
// was reported, side by side.
type Reading struct {
	Definition Definition
	Year       int
	Target     Value // nil: the plan sets none
	Op         string
	Sums       Sums
	Ours       Value
	Reported   *Report // the newest approved value of the year, whole city only
	Judged     Value   // the value that is held against the target
	JudgedBy   string  // "ours", "reported" or ""
	Met        *bool
	Expected   Value // where a steady pace would stand today; nil where pace means nothing
	Trend      []Month
}

// Month is one month of a trend.
type Month struct {
	Month    string
	Ours     Value
	Reported Value
}

// Service reads indicators and reverses facts.
type Service struct {
	facts   Facts
	reports Reports
	defs    Definitions
	help    HelpRegister
	city    string // the city's 12-digit code
	tx      tx.Runner
	events  event.Publisher
	now     func() time.Time
}

// NewService returns the use cases of indicators.
func NewService(facts Facts, reports Reports, defs Definitions, help HelpRegister, city string, run tx.Runner, events event.Publisher, now func() time.Time) *Service {
	return &Service{facts: facts, reports: reports, defs: defs, help: help, city: city, tx: run, events: events, now: now}
}

// City returns the code of the whole.
func (s *Service) City() string { return s.city }

// AsOf returns the day up to which the readings of a year count.
func (s *Service) AsOf(year int) day.Date {
	today, end := day.Of(s.now()), day.New(year, time.December, 31)
	return min(today, end)
}

// span returns the days an indicator of a year is summed over.
func span(d Definition, year int) (from, to day.Date) {
	from, to = day.New(year, time.January, 1), day.New(year, time.December, 31)
	if d.Nature == Cumulative {
		from = "2023-01-01"
	}
	return from, to
}

// Overview returns every indicator of a region in a year.
func (s *Service) Overview(ctx context.Context, actor access.Actor, year int, region string) ([]Reading, error) {
	if err := access.Can(actor, access.IndicatorRead, access.Target{}); err != nil {
		return nil, err
	}
	if year < 2023 || year > 2035 {
		return nil, ErrYear
	}
	if region == "" {
		region = s.city
	}
	defs := s.defs.All()
	var yearly, cumulative []Key
	for _, d := range defs {
		switch {
		case d.Key == HelpRate || !d.Counted:
		case d.Nature == Cumulative:
			cumulative = append(cumulative, d.Key)
		default:
			yearly = append(yearly, d.Key)
		}
	}
	first, last := day.New(year, time.January, 1), day.New(year, time.December, 31)
	sums, err := s.facts.Sum(ctx, yearly, region, first, last)
	if err != nil {
		return nil, err
	}
	since, err := s.facts.Sum(ctx, cumulative, region, "2023-01-01", last)
	if err != nil {
		return nil, err
	}
	months, err := s.facts.Months(ctx, append(slices.Clone(yearly), append(cumulative, HelpRate)...), region, first, last)
	if err != nil {
		return nil, err
	}
	helped, err := s.helped(ctx, region, year)
	if err != nil {
		return nil, err
	}
	var reports []Report
	if region == s.city {
		if reports, err = s.reports.ApprovedReports(ctx, year); err != nil {
			return nil, err
		}
	}
	out := make([]Reading, 0, len(defs))
	for _, d := range defs {
		r := Reading{Definition: d, Year: year, Sums: sums[d.Key]}
		if d.Nature == Cumulative {
			r.Sums = since[d.Key]
		}
		if d.Key == HelpRate {
			r.Sums = helped
		}
		s.judge(&r, reports)
		r.Trend = trend(d, months[d.Key], reports)
		out = append(out, r)
	}
	return out, nil
}

// judge fills in what follows from a reading's sums and reports.
func (s *Service) judge(r *Reading, reports []Report) {
	d := r.Definition
	if d.Counted {
		r.Ours = valueOf(d, r.Sums)
	}
	for i := range reports {
		if reports[i].Indicator == d.Key && (r.Reported == nil || laterPeriod(reports[i].Period, r.Reported.Period)) {
			r.Reported = &reports[i]
		}
	}
	if d.Target != nil {
		if micro, op, ok := d.Target(r.Year); ok {
			r.Target, r.Op = fromMicro(micro), op
		}
	}
	switch {
	case r.Reported != nil:
		r.Judged, r.JudgedBy = fromMicro(r.Reported.ValueMicro), "reported"
	case d.Judged || !d.Plan():
		r.Judged, r.JudgedBy = r.Ours, "ours"
	}
	r.Met = met(r.Judged, r.Op, r.Target)
	if r.Target != nil && d.Nature == AnnualFlow {
		first := day.New(r.Year, time.January, 1)
		passed := int64(s.AsOf(r.Year).Sub(first) + 1)
		length := int64(day.New(r.Year+1, time.January, 1).Sub(first))
		if passed > 0 {
			r.Expected = new(big.Rat).Mul(r.Target, big.NewRat(passed, length))
		}
	}
}

// laterPeriod says a is newer than b; the whole year is newer than its months.
func laterPeriod(a, b string) bool {
	if len(a) != len(b) {
		return len(a) < len(b)
	}
	return a > b
}

func trend(d Definition, sums []MonthSum, reports []Report) []Month {
	byMonth := map[string]*Month{}
	at := func(m string) *Month {
		if byMonth[m] == nil {
			byMonth[m] = &Month{Month: m}
		}
		return byMonth[m]
	}
	for _, m := range sums {
		if d.Key == HelpRate { // its denominator is a state; the trend shows persons helped
			at(m.Month).Ours = big.NewRat(m.Num, 1)
			continue
		}
		at(m.Month).Ours = valueOf(d, m.Sums)
	}
	for _, r := range reports {
		if r.Indicator == d.Key && len(r.Period) == 7 {
			at(r.Period).Reported = fromMicro(r.ValueMicro)
		}
	}
	out := make([]Month, 0, len(byMonth))
	for _, m := range byMonth {
		out = append(out, *m)
	}
	slices.SortFunc(out, func(a, b Month) int {
		if a.Month < b.Month {
			return -1
		}
		return 1
	})
	return out
}

// helped counts 帮扶率: of those who must be helped, those with a real service
// on record in the year.
func (s *Service) helped(ctx context.Context, region string, year int) (Sums, error) {
	eligible, done, err := s.helpLists(ctx, region, year)
	if err != nil {
		return Sums{}, err
	}
	sums := Sums{Den: int64(len(eligible))}
	for _, e := range eligible {
		if done[e.Person] {
			sums.Num++
		}
	}
	return sums, nil
}

func (s *Service) helpLists(ctx context.Context, region string, year int) ([]Eligible, map[string]bool, error) {
	first := day.New(year, time.January, 1)
	if s.AsOf(year) < first {
		return nil, nil, nil
	}
	eligible, err := s.help.Eligible(ctx, scopePrefix(region), first, s.AsOf(year))
	if err != nil {
		return nil, nil, fmt.Errorf("who must be helped: %w", err)
	}
	// A person may have been helped in another village: ask for the whole city.
	persons, err := s.facts.Persons(ctx, HelpRate, scopePrefix(s.city), first, day.New(year, time.December, 31))
	if err != nil {
		return nil, nil, err
	}
	done := make(map[string]bool, len(persons))
	for _, p := range persons {
		done[p] = true
	}
	return eligible, done, nil
}

// Unhelped lists who must be helped and is not yet, longest overdue first: the
// list is what to act on, the rate only its summary.
func (s *Service) Unhelped(ctx context.Context, actor access.Actor, year int, region string) ([]Eligible, error) {
	if err := access.Can(actor, access.FactRead, access.Target{Region: region}); err != nil {
		return nil, err
	}
	eligible, done, err := s.helpLists(ctx, region, year)
	if err != nil {
		return nil, err
	}
	out := slices.DeleteFunc(eligible, func(e Eligible) bool { return done[e.Person] })
	slices.SortStableFunc(out, func(a, b Eligible) int { return b.OverdueDays - a.OverdueDays })
	return out, nil
}

// Regions returns an indicator of every child of a region.
func (s *Service) Regions(ctx context.Context, actor access.Actor, key Key, year int, parent string) ([]Cell, Definition, error) {
	if err := access.Can(actor, access.IndicatorRead, access.Target{}); err != nil {
		return nil, Definition{}, err
	}
	if year < 2023 || year > 2035 {
		return nil, Definition{}, ErrYear
	}
	d, err := s.defs.Definition(key)
	if err != nil {
		return nil, d, err
	}
	if parent == "" {
		parent = s.city
	}
	level := Village
	if parent == s.city {
		level = Town
	}
	from, to := span(d, year)
	if key == HelpRate {
		cells, err := s.helpRegions(ctx, parent, level, year)
		return cells, d, err
	}
	cells, err := s.facts.Children(ctx, key, parent, level, from, to)
	return cells, d, err
}

func (s *Service) helpRegions(ctx context.Context, parent string, level Level, year int) ([]Cell, error) {
	eligible, done, err := s.helpLists(ctx, parent, year)
	if err != nil {
		return nil, err
	}
	sums := map[string]Sums{}
	for _, e := range eligible {
		child := e.Region
		if level == Town && len(child) >= 9 {
			child = child[:9] + "000"
		}
		c := sums[child]
		c.Den++
		if done[e.Person] {
			c.Num++
		}
		sums[child] = c
	}
	out := make([]Cell, 0, len(sums))
	for r, c := range sums {
		out = append(out, Cell{Region: r, Sums: c})
	}
	slices.SortFunc(out, func(a, b Cell) int {
		if a.Region < b.Region {
			return -1
		}
		return 1
	})
	return out, nil
}

// ValueOf returns what sums mean for an indicator.
func ValueOf(d Definition, sums Sums) Value { return valueOf(d, sums) }

// scopePrefix cuts a code to the prefix its descendants share.
func scopePrefix(region string) string {
	switch {
	case len(region) == 12 && region[6:] == "000000":
		return region[:6]
	case len(region) == 12 && region[9:] == "000":
		return region[:9]
	}
	return region
}
