package gig

import (
	"slices"
	"time"

	"linggong/internal/day"
	"linggong/internal/errs"
	"linggong/internal/gig/offer"
	"linggong/internal/matching"
	"linggong/internal/region"
	"linggong/internal/rules"
	"linggong/internal/worktext"
)

// Fit is how well a worker and a shift go together, and why.
type Fit = matching.Fit

// errUnfit is the refusal of a hard rule between a worker and a shift.
var errUnfit = errs.New(errs.Invalid, "not_eligible", "您暂时不能做这个活", "You may not take this shift.")

// Commitments are what a worker holds around a shift.
type Commitments struct {
	Load
	SameTrade int64             // gigs done in the shift's trade
	Busy      []matching.Window // confirmed
	Status    EngagementStatus  // of her engagement on this shift, "" none
}

// FitOf judges a pair. It is pure but for the book of rules and today's date.
func (s *Service) FitOf(w WorkerView, p Posting, sh Shift, c Commitments) Fit {
	return matching.Judge(s.seeker(w, sh, c), s.work(w, p, sh), s.limits(p, sh), s.Weights(p.Village, sh.Date))
}

// ScoreOf is FitOf without the words: the total, and whether nothing hard is in
// the way. Matching many with many asks it of every pair.
func (s *Service) ScoreOf(w WorkerView, p Posting, sh Shift, c Commitments) (points int64, ok bool) {
	worker, work, limits := s.seeker(w, sh, c), s.work(w, p, sh), s.limits(p, sh)
	return matching.Score(&worker, &work, &limits, s.Weights(p.Village, sh.Date))
}

// Weights are how much each part of a fit counts somewhere on a day, R-FIT-14.
// What does not make a whole is not used: the shipped ones hold then.
func (s *Service) Weights(region string, on day.Date) matching.Weights {
	if w, err := matching.ParseWeights(s.Rules().Text("match.weights", region, on)); err == nil {
		return w
	}
	return matching.DefaultWeights
}

func (s *Service) limits(p Posting, sh Shift) matching.Limits {
	book := s.Rules()
	number := func(key string) int64 { return int64(book.Number(key, p.Village, sh.Date)) }
	return matching.Limits{
		WeekMinutes: number("pt.week_minutes"), WarnMinutes: number("pt.week_warn_minutes"), FatigueMinutes: number("fatigue.day_minutes"),
	}
}

// Eligible returns nil when no hard rule is in the way, else the first that is.
// What only goes against her own wishes she may set aside by applying.
func (s *Service) Eligible(p Posting, sh Shift, w WorkerView, load Load) error {
	for _, b := range s.FitOf(w, p, sh, Commitments{Load: load}).Blockers {
		if !b.Wish() {
			e := errUnfit.Saying(b.Message, b.English).Because(b.Rule, b.Source, b.Remedy)
			return e.On("worker", b.Code, b.Message)
		}
	}
	return nil
}

func (s *Service) seeker(w WorkerView, sh Shift, c Commitments) matching.Worker {
	out := matching.Worker{
		Age: w.Age(sh.Date), RadiusM: w.RadiusM, FloorHourFen: w.FloorHourFen, Completed: w.Completed, SameTrade: c.SameTrade,
		NoShows90: w.NoShows90(s.today()), Free: w.AvailableOn == sh.Date || w.Usual.Covers(sh.StartsAt, sh.EndsAt),
		Busy: c.Busy, WeekMinutes: c.EmployerWeekMinutes, DayMinutes: c.DayMinutes,
	}
	if !w.WaitingSince.IsZero() {
		out.WaitingDays = int64(max(0, s.today().Sub(day.Of(w.WaitingSince))))
	}
	for _, t := range w.Trades {
		out.Trades = append(out.Trades, matching.Skill(t))
	}
	for _, c := range w.Certificates {
		if w.Has(c.Kind, sh.Date) {
			out.Certificates = append(out.Certificates, c.Kind)
		}
	}
	return out
}

func (s *Service) work(w WorkerView, p Posting, sh Shift) matching.Shift {
	trade, _ := worktext.TradeByID(p.Trade)
	out := matching.Shift{
		Trade: p.Trade, Near: trade.Near, NoExperience: p.NoExperience, MinAge: int(p.MinAge), MinAgeWhy: flagNames(p.Flags),
		HourFen: offer.HourRate(p.Terms, sh).HourFen(), DistanceM: s.distance(w.Village, p), From: sh.StartsAt, To: sh.EndsAt,
		Minutes: sh.Minutes(), PartTime: p.Form == PartTime,
	}
	for _, kind := range p.Certificates {
		if c, ok := worktext.CertificateByKind(kind); ok && !c.Query { // a query is the employer's to make
			out.Certificates = append(out.Certificates, matching.Needed{Kind: c.Kind, Name: c.Name, Source: c.Source})
		}
	}
	// Only the law on retirement looks at the sex, and only to warn (R-AGE-05).
	if w.Card.Birth != "" && w.Card.Sex != "" {
		category, _ := rules.CategoryOf(w.Card.Sex, "")
		if sh.Date >= rules.Retirement(category, w.Card.Birth).FirstDay() {
			out.RetireAge = w.Age(sh.Date)
		}
	}
	return out
}

// distance is from the middle of her village to the work, metres; -1 unknown.
func (s *Service) distance(village string, p Posting) int64 {
	home := offer.PlaceOf(s.Regions, village)
	if home.IsZero() || p.Place.IsZero() {
		return -1
	}
	return int64(region.Distance(home.Lat(), home.Lng(), p.Place.Lat(), p.Place.Lng()))
}

// Covers says a time lies within the usual hours.
func (a Availability) Covers(from, to time.Time) bool {
	start := from.In(day.Shanghai)
	if len(a.Days) > 0 && !slices.Contains(a.Days, start.Weekday()) {
		return false
	}
	if a.FromMinute == a.ToMinute {
		return true
	}
	begin := start.Hour()*60 + start.Minute()
	end, until := begin+int(to.Sub(from)/time.Minute), a.ToMinute
	if until < a.FromMinute {
		until += 24 * 60
	}
	return begin >= a.FromMinute && end <= until || begin+24*60 >= a.FromMinute && end+24*60 <= until
}

var flagWords = map[Flag]string{
	offer.FlagHeight: "登高", offer.FlagHeavy: "重体力", offer.FlagToxic: "有毒或粉尘", offer.FlagNight: "夜班", offer.FlagVehicle: "驾驶",
	offer.FlagMachine: "危险机械", offer.FlagVoltage: "高压电", offer.FlagExplosive: "易燃易爆", offer.FlagEntertainment: "娱乐场所",
}

// flagNames says which of the flags force eighteen.
func flagNames(flags []Flag) string {
	out := ""
	for _, f := range flags {
		if name := flagWords[f]; name != "" {
			if out != "" {
				out += "、"
			}
			out += name
		}
	}
	return out
}
