package hardship

import (
	"linggong/internal/day"
	"linggong/internal/hardship/helpcase"
	"linggong/internal/hardship/recognition"
	"linggong/internal/rules"
)

// City is the region parameters are read for where no village is meant.
const City = "330481000000"

// Book is the law and the city's parameters as this domain asks for them: dated
// by the business date, each with its source, decided in package rules.
type Book interface {
	// Number returns a dated whole number by key: days, working days or months.
	Number(key, region string, on day.Date) int
	// List returns a dated list of choices by key.
	List(key, region string, on day.Date) []rules.Entry
	// AddWorkingDays returns the n-th working day after from.
	AddWorkingDays(from day.Date, n int) day.Date
	// WorkingDays counts the working days of from … to, both included.
	WorkingDays(from, to day.Date) int
	// WorkingAge says whether a person is of working age on a day: 16 to the
	// statutory retirement month (R-HARD-02).
	WorkingAge(birth day.Date, sex, retire string, on day.Date) bool
	// Conditions judges one category on facts, as the rule stood on a day.
	Conditions(c recognition.Category, region string, f recognition.Facts, on day.Date) []recognition.Finding
	// Standard is the service standard of a group (R-HELP-01).
	Standard(group, region string, on day.Date) []helpcase.StandardLine
}

// Rules is the Book of the program. It asks for the rules each time, so that a
// parameter set today holds from today.
type Rules struct{ Current func() *rules.Book }

var _ Book = Rules{}

// Number implements Book.
func (r Rules) Number(key, region string, on day.Date) int {
	return r.Current().Number(key, region, on)
}

// List implements Book.
func (r Rules) List(key, region string, on day.Date) []rules.Entry {
	return r.Current().List(key, region, on)
}

// AddWorkingDays implements Book.
func (r Rules) AddWorkingDays(from day.Date, n int) day.Date {
	return r.Current().Calendar().AddWorkingDays(from, n)
}

// WorkingDays implements Book.
func (r Rules) WorkingDays(from, to day.Date) int {
	return r.Current().Calendar().WorkingDays(from, to)
}

// WorkingAge implements Book. Where no birth is known she is taken to be of age,
// so that nobody drops out by a gap in the data.
func (Rules) WorkingAge(birth day.Date, sex, retire string, on day.Date) bool {
	return birth == "" || rules.WorkingAge(birth, sex, retire, on)
}

// Conditions implements Book.
func (r Rules) Conditions(c recognition.Category, region string, f recognition.Facts, on day.Date) []recognition.Finding {
	judged := r.Current().HardshipConditions(string(c), region, rules.HardshipFacts{
		Birth: f.Birth, Sex: f.Sex, RetireCategory: f.Retire, RegisteredOn: f.RegisteredOn, BenefitFrom: f.BenefitFrom, BenefitTo: f.BenefitTo,
		LowIncome: f.LowIncome, DisabilityCard: f.Disability != nil, SpecialSupport: f.SpecialSupport, ZeroHousehold: f.ZeroHH,
		Working:       f.Status == string(Employed) || f.Status == string(SelfEmployed),
		OtherDocument: f.Other,
	}, on)
	out := make([]recognition.Finding, len(judged))
	for i, j := range judged {
		out[i] = recognition.Finding{
			Category: c, Condition: j.Text, Met: j.Met, Evidence: j.Evidence, Rule: j.Rule, Source: j.Source, Hard: j.Hard,
		}
	}
	return out
}

// Standard implements Book. One standard is in force for every group (1131).
func (r Rules) Standard(_, region string, on day.Date) []helpcase.StandardLine {
	lines := r.Current().ServiceStandard(region, on)
	out := make([]helpcase.StandardLine, len(lines))
	for i, l := range lines {
		out[i] = helpcase.StandardLine{Kind: helpcase.Kind(l.Kind), Needed: l.Needed, Within: l.Within}
	}
	return out
}
