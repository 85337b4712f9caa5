package hardship

import (
	"context"

	"linggong/internal/day"
	"linggong/internal/errs"
)

// LifeStatus is what a member of a household does for a living.
type LifeStatus string

// The statuses. Only Unemployed people are looked for; a status that is not
// known is treated as unemployed, so that nobody drops out by a gap in the data.
const (
	Employed     LifeStatus = "employed"      // 单位就业、灵活就业
	SelfEmployed LifeStatus = "self_employed" // 个体经营、务农经营
	Unemployed   LifeStatus = "unemployed"    // 无业
	Retired      LifeStatus = "retired"       // 已领取养老金
	Student      LifeStatus = "student"       // 在校
	Unable       LifeStatus = "unable"        // 完全丧失劳动能力
	Away         LifeStatus = "away"          // 服役、服刑、出境
)

// LifeStatuses is every status.
var LifeStatuses = []LifeStatus{Employed, SelfEmployed, Unemployed, Retired, Student, Unable, Away}

// MemberOuts is why a member leaves a household.
var MemberOuts = []string{"moved_out", "deceased", "split", "recorded_in_error"}

// Refusals about households.
var (
	ErrHouseholdElsewhere = errs.New(errs.Conflict, "already_in_household", "此人已在另一户中，请先办理迁出", "The person lives in another household; record the move first.")
	ErrNotMember          = errs.New(errs.NotFound, "not_a_member", "此人不在该户中", "The person is not a member of this household.")
)

// Member is one person's living in a household, for a time.
type Member struct {
	ID       string
	Person   string
	Relation string // to the head: head, spouse, child, parent, …
	Status   LifeStatus
	Since    day.Date // of the status
	Unwill   bool     // does not want work; the reason stands in the case
	In       day.Date
	Out      day.Date // "" while living there
	OutWhy   string
}

// Lives says the member lives there on d.
func (m Member) Lives(d day.Date) bool { return m.In <= d && (m.Out == "" || d < m.Out) }

// ZeroStatus is whether a household is a zero-employment household (零就业家庭),
// and why: computed from its members, never entered.
type ZeroStatus struct {
	Is     bool
	Reason ZeroReason
	Since  day.Date // the day the last earner stopped
	Target day.Date // by when one member should work; parameter, [UNC]
}

// ZeroReason says why a household is or is not one.
type ZeroReason string

// The reasons.
const (
	ZeroNobodyWorks  ZeroReason = "nobody_works"   // it is one
	ZeroSomeoneWorks ZeroReason = "someone_works"  // cleared
	ZeroNoWorkingAge ZeroReason = "no_working_age" // nobody of working age
	ZeroNobodyAble   ZeroReason = "nobody_able"    // students, unable, away
	ZeroNobodyWants  ZeroReason = "nobody_wants"
	ZeroOtherIncome  ZeroReason = "other_income" // 经营性、投资性收入
	ZeroRural        ZeroReason = "rural"        // 59号 names urban households
)

// Household is people living together in one village.
type Household struct {
	ID          HouseholdID
	Name        string // "张**户"; sealed at rest
	Address     string // sealed at rest
	Region      string
	Urban       bool // 城镇家庭
	OtherIncome bool // 有经营性、投资性等收入
	Members     []Member
	Zero        ZeroStatus
	Version     int64
}

// MemberFact is what the zero-employment rule asks of one member.
type MemberFact struct {
	WorkingAge bool // 16 to the statutory retirement month, R-HARD-02
	Status     LifeStatus
	Since      day.Date
	Unwilling  bool
}

// ZeroOf decides whether a household is a zero-employment household: urban, no
// income of another kind, and every member of working age who is able and wants
// to work is out of work (R-HARD category H2, 浙人社发〔2025〕59号; 就业促进法 art. 56).
func ZeroOf(urban, otherIncome bool, members []MemberFact) ZeroStatus {
	var ofAge, able, wants int
	var since day.Date
	for _, m := range members {
		if m.Status == Employed || m.Status == SelfEmployed {
			if m.WorkingAge {
				return ZeroStatus{Reason: ZeroSomeoneWorks}
			}
			continue // a pensioner who still earns does not clear the household
		}
		if !m.WorkingAge || m.Status == Retired {
			continue
		}
		ofAge++
		if m.Status == Student || m.Status == Unable || m.Status == Away {
			continue
		}
		able++
		if m.Unwilling {
			continue
		}
		wants++
		since = max(since, m.Since)
	}
	switch {
	case ofAge == 0:
		return ZeroStatus{Reason: ZeroNoWorkingAge}
	case able == 0:
		return ZeroStatus{Reason: ZeroNobodyAble}
	case wants == 0:
		return ZeroStatus{Reason: ZeroNobodyWants}
	case otherIncome:
		return ZeroStatus{Reason: ZeroOtherIncome}
	case !urban:
		return ZeroStatus{Reason: ZeroRural}
	}
	return ZeroStatus{Is: true, Reason: ZeroNobodyWorks, Since: since}
}

// reckon computes the zero-employment status of h on a day, and says whether it
// differs from what was recorded. A household that lapses again gets a new target.
func (h *Household) reckon(cards map[string]PersonCard, book Book, today day.Date) bool {
	facts := make([]MemberFact, 0, len(h.Members))
	for _, m := range h.Members {
		if !m.Lives(today) {
			continue
		}
		c := cards[m.Person]
		facts = append(facts, MemberFact{
			WorkingAge: book.WorkingAge(c.Birth, c.Sex, c.Retire, today), Status: m.Status, Since: m.Since, Unwilling: m.Unwill,
		})
	}
	z := ZeroOf(h.Urban, h.OtherIncome, facts)
	if z.Is {
		z.Target = today.Add(book.Number("household.zero_target_days", h.Region, today))
		if h.Zero.Is {
			z.Since, z.Target = h.Zero.Since, h.Zero.Target // one spell keeps its dates
		}
	}
	if z == h.Zero {
		return false
	}
	h.Zero = z
	return true
}

func (h *Household) living(person string, on day.Date) *Member {
	for i := range h.Members {
		if m := &h.Members[i]; m.Person == person && m.Lives(on) {
			return m
		}
	}
	return nil
}

func (h *Household) people() []string {
	out := make([]string, 0, len(h.Members))
	for _, m := range h.Members {
		out = append(out, m.Person)
	}
	return out
}

// HouseholdFilter chooses households.
type HouseholdFilter struct {
	Scope    Scope
	ZeroOnly bool
	After    HouseholdID // last one of the page before
	Limit    int
}

// HouseholdStore keeps households.
type HouseholdStore interface {
	AddHousehold(ctx context.Context, h Household) error
	Household(ctx context.Context, id HouseholdID) (Household, error)
	// SaveHousehold writes the household and every member; a member without a
	// row is added. It returns ErrHouseholdElsewhere if one lives in two.
	SaveHousehold(ctx context.Context, h Household) error
	// HouseholdsOf returns where people live now.
	HouseholdsOf(ctx context.Context, persons []string) (map[string]HouseholdID, error)
	// Households returns a page with the members.
	Households(ctx context.Context, f HouseholdFilter) ([]Household, error)
}
