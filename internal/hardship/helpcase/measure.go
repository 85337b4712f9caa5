package helpcase

import (
	"linggong/internal/day"
	"linggong/internal/event"
)

// Kind is one way of helping (帮扶措施).
type Kind string

// The kinds.
const (
	Policy        Kind = "policy"         // 政策宣介
	Guidance      Kind = "guidance"       // 职业指导
	JobReferral   Kind = "job_referral"   // 岗位推荐
	TrainingOffer Kind = "training_offer" // 提供培训机会
	TrainingDone  Kind = "training_done"  // 完成培训
	Internship    Kind = "internship"     // 就业见习
	WelfarePost   Kind = "welfare_post"   // 公益性岗位安置
	StartUp       Kind = "startup"        // 创业扶持
	Subsidy       Kind = "subsidy"        // 补贴
	GigPlacement  Kind = "gig_placement"  // 零工推荐上岗
)

// Kinds is every kind in the order of the desk.
var Kinds = []Kind{
	Policy, Guidance, JobReferral, TrainingOffer, TrainingDone, Internship, WelfarePost, StartUp, Subsidy, GigPlacement,
}

// Substantive is the kinds that make someone "helped" in indicator 3 (§1.3): a
// leaflet or a subsidy alone does not.
var Substantive = []Kind{Guidance, JobReferral, TrainingOffer, TrainingDone, Internship, WelfarePost, StartUp, GigPlacement}

// fills says a measure counts towards a line of the service standard: more than
// was asked for counts as well (a finished training is also an offer, a gig
// placed is also a referral).
func (k Kind) fills(line Kind) bool {
	switch line {
	case k:
		return true
	case TrainingOffer:
		return k == TrainingDone || k == Internship
	case JobReferral:
		return k == GigPlacement || k == WelfarePost
	default:
		return false
	}
}

// Answer is what the person said to an offer.
type Answer string

// The answers.
const (
	Accepted Answer = "accepted"
	Declined Answer = "refused"
	NoAnswer Answer = "no_answer"
)

// Refusal is why an offer was refused, and whether the work would have suited
// her health, distance and hours: only then can a refusal be unjustified
// (R-HELP-07; 社会救助暂行办法 art. 45).
type Refusal struct {
	Reason    string // sealed at rest
	Justified bool
	Suitable  bool
}

// Measure is one act of help.
type Measure struct {
	ID       MeasureID
	Case     ID
	Person   string
	Region   string
	Kind     Kind
	On       day.Date
	Detail   string   // sealed at rest
	Posting  string   // posting id of a referral
	StartsOn day.Date // first day of the class or post offered
	Mass     bool     // sent to many at once
	Within   bool     // inside her stated limits of distance, hours and health
	Answer   Answer
	Refusal  *Refusal
	Evidence string    // sealed at rest
	Ref      event.Ref // what in another domain it came from
	By       string

	Counts bool
	WhyNot string // code of why it does not count
}

// whyNots are the zh-CN sentences of the codes.
var whyNots = map[string]string{
	"mass_message":     "群发信息不算岗位推荐（R-HELP-02）",
	"no_open_post":     "须注明当日在招的岗位（R-HELP-02）",
	"outside_limits":   "超出本人提出的距离、时间或健康限制（R-HELP-02）",
	"no_answer":        "尚未记录本人答复（R-HELP-02）",
	"no_concrete_date": "须提供具体的班次或日期（R-HELP-03）",
	"no_evidence":      "须有依据材料",
	"no_detail":        "须写明内容",
}

// WhyNotText is why the measure does not count, in zh-CN; "" when it does.
func (m Measure) WhyNotText() string { return whyNots[m.WhyNot] }

// Counts decides whether a measure counts towards the service standard, and if
// not, why. postOpen says whether the referred post was open that day. Pure;
// R-HELP-02 (referrals), R-HELP-03 (offer is not completion), §1.3 (evidenced).
func Counts(m Measure, postOpen bool) (bool, string) {
	if m.Ref.ID != "" { // another domain recorded it as it happened; the act itself is the evidence
		return true, ""
	}
	why := ""
	switch m.Kind {
	case JobReferral:
		switch {
		case m.Mass:
			why = "mass_message"
		case !postOpen:
			why = "no_open_post"
		case !m.Within:
			why = "outside_limits"
		case m.Answer == "" || m.Answer == NoAnswer:
			why = "no_answer"
		}
	case TrainingOffer, Internship:
		switch {
		case m.StartsOn == "":
			why = "no_concrete_date"
		case m.Detail == "":
			why = "no_detail"
		}
	case Policy, Guidance:
		switch {
		case m.Mass:
			why = "mass_message"
		case m.Detail == "" && m.Evidence == "":
			why = "no_detail"
		}
	case TrainingDone, WelfarePost, StartUp, Subsidy, GigPlacement:
		if m.Evidence == "" {
			why = "no_evidence"
		}
	}
	return why == "", why
}

// Streak is how a measure changes the count of unjustified refusals in a row:
// an accepted offer ends the row, a justified refusal or no answer leaves it.
func (m Measure) Streak(n int) int {
	switch {
	case m.Kind != JobReferral && m.Kind != WelfarePost && m.Kind != GigPlacement:
		return n
	case m.Answer == Accepted || m.Ref.ID != "":
		return 0
	case m.Unjustified():
		return n + 1
	}
	return n
}

// Unjustified says suitable work was refused without good reason.
func (m Measure) Unjustified() bool {
	return m.Answer == Declined && m.Refusal != nil && m.Refusal.Suitable && !m.Refusal.Justified
}

// RefusalPack is the evidence a person decides on after the third unjustified
// refusal in a row: what was offered, when, why it was refused, and that it
// suited. It penalises nobody (R-HELP-07).
type RefusalPack struct {
	Since    day.Date
	Refusals []Measure
}

// PackOf gathers the evidence of a waiting review; all is newest first.
func PackOf(c Case, all []Measure) *RefusalPack {
	p := &RefusalPack{Since: c.AskHuman}
	for _, m := range all {
		if m.Unjustified() && len(p.Refusals) < c.Refusals {
			p.Refusals = append(p.Refusals, m)
		}
	}
	return p
}

// RefusalReview is a person's decision on a pack.
type RefusalReview struct {
	ID       string
	Case     ID
	Since    day.Date
	On       day.Date
	Decision string // continue, justified, tell_civil_affairs
	Opinion  string // sealed at rest
	By       string
}

// RefusalDecisions is what may be decided; none of them cuts anything by itself.
var RefusalDecisions = []string{"continue", "justified", "tell_civil_affairs"}
