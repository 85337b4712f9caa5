package indicator

import "linggong/internal/event"

// Our own indicators, beside the plan's thirteen.
const (
	GigPlacements  Key = "gig_placements"   // 零工上岗人次: checked in at work
	GigSettled     Key = "gig_settled"      // 结清人次: hours confirmed and pay recorded
	GigOnTime      Key = "gig_paid_on_time" // 按时结算率
	GigPlaces      Key = "gig_places"       // 发布岗位数: places published
	Recognised     Key = "recognised"       // 新认定就业困难人员
	Visits         Key = "visits"           // 走访次数
	Measures       Key = "measures"         // 帮扶措施次数
	WelfarePlaced  Key = "welfare_placed"   // 公益性岗位安置人数
	StableEmployed Key = "stable_employed"  // 帮扶后稳定就业人数
)

// The plan's indicators that acts in this system add to.
const (
	NewUrbanEmployment Key = "2"  // 城镇新增就业: our candidates and contribution
	HelpRate           Key = "3"  // 帮扶率: measures of those who are in its denominator
	Training           Key = "5"  // 职业技能培训累计
	WageClueRate       Key = "11" // 欠薪线索化解率: resolved ÷ confirmed
	MediationRate      Key = "12" // 调解成功率
)

// factRule maps one kind of event to one fact.
type factRule struct {
	on        event.Kind
	indicator Key
	part      Part
	num       string            // Nums key of the quantity; "" counts 1
	when      map[string]string // tags the event must carry
	once      bool              // one person once a calendar year
	exclude   func(event.Event) string
}

// factRules is the one table of what counts where. Nobody reads other code to
// know what is counted.
var factRules = []factRule{
	{on: event.PostingPublished, indicator: GigPlaces, num: "places"},
	{on: event.EngagementCheckedIn, indicator: GigPlacements},
	{on: event.EngagementSettled, indicator: GigSettled},
	{on: event.EngagementSettled, indicator: GigOnTime, part: Den},
	{on: event.EngagementSettled, indicator: GigOnTime, when: map[string]string{"on_time": "yes"}},
	// R-IND-02b: a gig is not by itself 城镇新增就业; it makes a candidate.
	{on: event.EngagementSettled, indicator: NewUrbanEmployment, exclude: always(ExcludedRegistration)},
	{on: event.TrainingCompleted, indicator: Training}, // counted on completion, 人次
	{on: event.MeasureRecorded, indicator: Training, when: map[string]string{"kind": "training_done", "counts": "yes"}},

	{on: event.RecognitionGranted, indicator: Recognised},
	{on: event.VisitRecorded, indicator: Visits},
	{on: event.MeasureRecorded, indicator: Measures, exclude: unlessTag("counts", "yes", ExcludedNotService)},
	{on: event.MeasureRecorded, indicator: HelpRate, once: true, exclude: unlessTag("substantive", "yes", ExcludedNotService)},
	{on: event.CaseClosed, indicator: StableEmployed, when: map[string]string{"reason": "stable_employment"}},

	{on: event.PlacementStarted, indicator: WelfarePlaced},
	{on: event.PlacementStarted, indicator: NewUrbanEmployment, once: true, exclude: unlessTag("registered", "yes", ExcludedRegistration)},

	{on: event.WageClueConfirmed, indicator: WageClueRate, part: Den},
	{on: event.WageClueResolved, indicator: WageClueRate, when: map[string]string{"confirmed": "yes"}},
	{on: event.MediationClosed, indicator: MediationRate, part: Den},
	{on: event.MediationClosed, indicator: MediationRate, when: map[string]string{"outcome": "agreed"}},
}

func always(why string) func(event.Event) string {
	return func(event.Event) string { return why }
}

func unlessTag(tag, value, why string) func(event.Event) string {
	return func(e event.Event) string {
		if e.Tags[tag] == value {
			return ""
		}
		return why
	}
}

// matching returns the rules an event falls under.
func matching(e event.Event) []factRule {
	var out []factRule
next:
	for _, r := range factRules {
		if r.on != e.Kind {
			continue
		}
		for tag, v := range r.when {
			if e.Tags[tag] != v {
				continue next
			}
		}
		if r.part == "" {
			r.part = Num
		}
		out = append(out, r)
	}
	return out
}
