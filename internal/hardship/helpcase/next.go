package helpcase

import "linggong/internal/day"

// ActionKind is what a case needs next.
type ActionKind string

// The kinds the rules derive, and those a caseworker promises herself.
const (
	DoAssign     ActionKind = "assign"
	DoContact    ActionKind = "first_contact"
	DoAssess     ActionKind = "assess"
	DoConfirm    ActionKind = "confirm_assessment"
	DoPlan       ActionKind = "plan"
	DoService    ActionKind = "service" // followed by its kind: "service:job_referral"
	DoStay       ActionKind = "stay_in_touch"
	DoAskAgain   ActionKind = "ask_again" // willing or able
	DoRefusals   ActionKind = "refusal_review"
	DoFollowUp   ActionKind = "follow_up"
	DoClose      ActionKind = "close"
	PromiseVisit ActionKind = "visit"
	PromiseCall  ActionKind = "call"
	PromiseOther ActionKind = "other"
)

// PromiseKinds is what a caseworker may set as her own next step.
var PromiseKinds = []ActionKind{PromiseVisit, PromiseCall, PromiseOther, DoAssess, DoPlan}

// actionLabels are the zh-CN words of the desk.
var actionLabels = map[ActionKind]string{
	DoAssign: "指派专员", DoContact: "首次联系", DoAssess: "完成四清评估", DoConfirm: "复核意愿与能力", DoPlan: "制定帮扶计划",
	DoStay: "按月联系", DoAskAgain: "再次询问就业意愿", DoRefusals: "复核拒绝推荐情况", DoFollowUp: "就业后回访", DoClose: "办理结案",
	PromiseVisit: "上门走访", PromiseCall: "电话联系", PromiseOther: "其他事项",
	service(Policy): "宣讲政策", service(Guidance): "职业指导", service(JobReferral): "推荐岗位", service(TrainingOffer): "推荐培训或见习",
}

func service(k Kind) ActionKind { return DoService + ":" + ActionKind(k) }

// Action is what is to be done next, and by when.
type Action struct {
	Kind ActionKind
	Due  day.Date
}

// Label is the action in zh-CN.
func (a Action) Label() string {
	if l, ok := actionLabels[a.Kind]; ok {
		return l
	}
	return string(a.Kind)
}

// reasons are the obligations behind the actions.
var reasons = map[ActionKind]string{
	DoAssign:               "新个案还没有专员",
	DoContact:              "建档后还没有联系过本人",
	DoAssess:               "四清信息缺失或即将过期",
	DoConfirm:              "意愿或能力的变更等待复核",
	DoPlan:                 "还没有个人帮扶计划",
	service(Policy):        "政策宣介未达服务标准",
	service(Guidance):      "职业指导未达服务标准",
	service(JobReferral):   "岗位推荐未达服务标准",
	service(TrainingOffer): "培训或见习机会未达服务标准",
	DoStay:                 "到了每月联系的时间",
	DoAskAgain:             "需再次了解就业意愿和能力",
	DoRefusals:             "连续三次拒绝适合的岗位，须由人复核",
	DoFollowUp:             "就业后回访到期",
	DoClose:                "就业已满稳定期，可以办理结案",
	PromiseVisit:           "约定上门走访",
	PromiseCall:            "约定电话联系",
	PromiseOther:           "约定的事项",
}

// Reason is the obligation behind the action, in zh-CN.
func (a Action) Reason() string {
	if r, ok := reasons[a.Kind]; ok {
		return r
	}
	return a.Label()
}

// Overdue returns the days past due, 0 when there is time.
func (a Action) Overdue(today day.Date) int { return max(0, today.Sub(a.Due)) }

// StandardLine is one line of the service standard: so many acts of a kind within
// so many days of the case's opening.
type StandardLine struct {
	Kind   Kind // the service; Kind.fills says which measures fill it
	Needed int
	Within int // days from opening
}

// Progress is one line of the service standard against what was done.
type Progress struct {
	StandardLine
	Done int
	Due  day.Date
}

// NextAction is what an open case needs next: of everything that is missing, what
// is due first. It is pure; the same case, counts and day give the same answer.
// There always is one: a case that lacks nothing is due for its monthly contact.
func NextAction(c Case, standard []Progress, book Book, today day.Date) Action {
	var best Action
	add := func(kind ActionKind, due day.Date) {
		if due != "" && (best.Due == "" || due < best.Due) {
			best = Action{Kind: kind, Due: due}
		}
	}
	days := func(key string) int { return book.Number(key, c.Region, c.OpenedOn) } // a case keeps the limits it began with
	within := func(from day.Date, key string) day.Date { return book.AddWorkingDays(from, days(key)) }

	if c.Promise.Kind != "" {
		add(c.Promise.Kind, c.Promise.Due)
	}
	if c.AskHuman != "" {
		add(DoRefusals, within(c.AskHuman, "case.refusal_review_days"))
	}
	switch {
	case c.Status == Identified:
		add(DoAssign, within(c.OpenedOn, "case.assign_days"))
		return best
	case c.Status == InWork || c.Status == FollowingUp:
		c.afterWork(add, days)
		return best
	case c.Contact == "":
		add(DoContact, within(c.OpenedOn, "case.contact_days"))
		return best
	}
	if c.Pending != "" {
		add(DoConfirm, within(c.LastSeen, "case.confirm_days"))
	}
	for _, x := range c.FourClear(today, book) {
		if x.State == "missing" {
			add(DoAssess, within(c.OpenedOn, "case.plan_days"))
		} else {
			add(DoAssess, x.Date.Add(days("assess.stale_days")))
		}
	}
	if c.ReviewOn != "" { // not willing or not able: asked again, not pressed meanwhile
		add(DoAskAgain, c.ReviewOn)
	} else {
		if c.PlanOn == "" {
			add(DoPlan, within(c.OpenedOn, "case.plan_days"))
		}
		for _, p := range standard {
			if p.Done < p.Needed {
				add(service(p.Kind), p.Due)
			}
		}
	}
	add(DoStay, c.LastSeen.Add(days("case.contact_every_days")))
	return best
}

// afterWork is what follows once the person works: the follow-ups, then closing.
func (c Case) afterWork(add func(ActionKind, day.Date), days func(string) int) {
	for _, f := range c.FollowUps {
		if f.DoneOn == "" {
			add(DoFollowUp, f.Due)
		}
	}
	add(DoClose, c.WorkSince.AddMonths(days("hard.stable_months")))
}

// StandardProgress sets the service standard against the measures that count.
// counts is by measure kind.
func StandardProgress(c Case, counts map[Kind]int, book Book) []Progress {
	lines := book.Standard(c.Group, c.Region, c.OpenedOn)
	out := make([]Progress, 0, len(lines))
	for _, l := range lines {
		p := Progress{StandardLine: l, Due: c.OpenedOn.Add(l.Within)}
		for kind, n := range counts {
			if kind.fills(l.Kind) {
				p.Done += n
			}
		}
		out = append(out, p)
	}
	return out
}
