// Package recognition is the procedure that makes someone a hardship person in
// law (就业困难人员认定), whole and pure: its states and moves, who may make them,
// what must hold, what follows and by when (domain.md §9.5). It reads no clock
// and no database; package hardship does.
package recognition

import (
	"slices"
	"time"

	"linggong/internal/access"
	"linggong/internal/day"
	"linggong/internal/errs"
	"linggong/internal/hardship/refusal"
)

// ID identifies a recognition.
type ID string

// Calendar is the dated numbers and the working days the procedure runs by.
type Calendar interface {
	// Number returns a dated whole number by key: days, working days or months.
	Number(key, region string, on day.Date) int
	// AddWorkingDays returns the n-th working day after from.
	AddWorkingDays(from day.Date, n int) day.Date
	// WorkingDays counts the working days of from … to, both included.
	WorkingDays(from, to day.Date) int
}

// Category is a category of hardship persons in 浙人社发〔2025〕59号, H1 … H6.
type Category string

// The categories; what each demands is dated data in package rules.
const (
	H1 Category = "H1" // 大龄失业人员
	H2 Category = "H2" // 零就业家庭成员
	H3 Category = "H3" // 长期失业人员
	H4 Category = "H4" // 低保对象、低保边缘家庭成员
	H5 Category = "H5" // 残疾人
	H6 Category = "H6" // 其他
)

// Categories is all of them in order.
var Categories = []Category{H1, H2, H3, H4, H5, H6}

// State is where a recognition (认定) stands, domain.md §9.5.
type State string

// The states.
const (
	Draft          State = "draft"
	Submitted      State = "submitted"
	DataChecked    State = "data_checked"
	TownReview     State = "town_review"
	Publicity      State = "publicity"
	Objection      State = "objection"
	CountyDecision State = "county_decision"
	Recognised     State = "recognised"
	Refused        State = "refused"
	Returned       State = "returned"
	Suspended      State = "suspended"
	Exited         State = "exited"
	Revoked        State = "revoked"
)

// Move is what can be done to a recognition.
type Move string

// The moves.
const (
	Submit           Move = "submit"
	Check            Move = "check"
	Return           Move = "return"
	Review           Move = "review"
	Publish          Move = "publish"
	Object           Move = "object"
	ResolveObjection Move = "resolve-objection"
	ClosePublicity   Move = "close-publicity"
	Decide           Move = "decide"
	Appeal           Move = "appeal"
	Withdraw         Move = "withdraw"
	ProposeRenewal   Move = "propose-renewal"
	Renew            Move = "renew"
	Suspend          Move = "suspend"
	Resume           Move = "resume"
	EndCategory      Move = "end-category"
	Exit             Move = "exit"
	Revoke           Move = "revoke"
)

// ExitReasons is why a recognition ends, domain.md §2.4 and R-HARD-06.
var ExitReasons = []string{
	"stable_employment", "category_ended", "retired", "deceased", "moved_out", "lost_work_capacity", "withdrawn", "not_renewed",
}

// SuspendReasons is why one rests: the person works, or a subsidy or placement runs.
var SuspendReasons = []string{"employed", "subsidy", "welfare_placement"}

// NotMet is why an application is refused, or one of its categories is left out.
const NotMet = "conditions_not_met"

// Refusals about recognitions.
var (
	ErrMove = errs.New(errs.Conflict, "move_not_allowed", "当前环节不能这样办理", "This cannot be done at this step.")

	ErrOwnApplication = errs.New(errs.Forbidden, "own_application", "不能审批自己提交或经办过的申请", "You may not approve what you submitted or reviewed.").
				Because("R-HARD-07b", "审批与经办分离", "请由另一位工作人员办理")

	ErrPublicityRuns = errs.New(errs.Conflict, "publicity_running", "公示期未满，不能作出决定", "No decision before the public notice has ended.").
				Because("R-HARD-04b", "公示期满后方可审核认定", "请在公示期满后的次日办理")

	ErrConditions = errs.New(errs.Invalid, "conditions_not_met", "认定条件未满足", "The conditions are not met.").
			Because("R-HARD-01", "浙人社发〔2025〕59号 第一条", "请核对各项条件，或退回补正")

	ErrNoCategory = errs.New(errs.Invalid, "no_category", "请至少选择一个类别，并指定其中之一为主类别", "Choose at least one category, one of them primary.").
			Because("R-HARD-03", "浙人社发〔2025〕59号 第一条", "")

	ErrFrozen = errs.New(errs.Conflict, "frozen_by_placement", "公益性岗位在岗期间身份以初次核定为准，不能因在岗就业而退出", "A placement does not end the recognition it rests on.").
			Because("R-HARD-07", "浙江省公益性岗位开发管理办法", "请在退岗后办理，或选择其他退出原因")
)

// Disability is health data: sealed at rest and in no event, log, list or notice.
type Disability struct {
	Kind  int `json:"kind"`  // 1 视力 … 7 多重
	Level int `json:"level"` // 1 … 4; 1 and 2 are 重度
}

// Facts is what a category is judged by. Evidence comes from data
// sharing first (R-HARD-05); it is sealed at rest as a whole.
type Facts struct {
	RegisteredOn   day.Date    `json:"registered_on,omitempty"` // 失业登记日期
	BenefitFrom    day.Date    `json:"benefit_from,omitempty"`  // 失业保险金
	BenefitTo      day.Date    `json:"benefit_to,omitempty"`    // "" while drawing
	LowIncome      string      `json:"low_income,omitempty"`    // "", "dibao" 低保, "edge" 低保边缘
	Disability     *Disability `json:"disability,omitempty"`
	SpecialSupport bool        `json:"special_support,omitempty"` // 特困人员救助供养
	Household      string      `json:"household,omitempty"`
	Other          string      `json:"other,omitempty"` // H6: the document that names the group

	// Filled in by the service when judged, never stored.
	Birth  day.Date `json:"-"`
	Sex    string   `json:"-"`
	Retire string   `json:"-"` // retirement category
	ZeroHH *bool    `json:"-"` // nil: no household known
	Status string   `json:"-"` // of the member in the household, if known
}

// Finding is one condition judged.
type Finding struct {
	Category  Category
	Condition string // zh-CN
	Met       *bool  // nil: nothing known, a person must look
	Evidence  string // zh-CN, what it was judged by; never a health fact
	Rule      string
	Source    string
	Hard      bool // a law says so: false blocks. Soft conditions only warn.
}

// unmet says that a condition the law sets is known not to hold.
func (f Finding) unmet() bool { return f.Hard && f.Met != nil && !*f.Met }

// failed is the categories with an unmet condition.
func (w Window) failed() map[Category]struct{} {
	out := make(map[Category]struct{})
	for _, f := range w.Findings {
		if f.unmet() {
			out[f.Category] = struct{}{}
		}
	}
	return out
}

// Holding is one category a person holds, with its own validity (R-HARD-03).
type Holding struct {
	Category Category
	Primary  bool
	From     day.Date // "" until recognised
	To       day.Date
	EndedOn  day.Date
	End      string // one of ExitReasons, or NotMet
}

// Step is one line of a recognition's history.
type Step struct {
	ID      string
	At      time.Time
	On      day.Date
	Move    Move
	From    State
	To      State
	Role    access.Role
	Account string
	Opinion string // sealed at rest
	Reason  string // sealed at rest
}

// Notice is the public notice (公示): full days From … To, both included. Served
// counts the days that had passed when an objection stopped the clock.
type Notice struct {
	From   day.Date
	To     day.Date
	Needed int
	Served int
}

// Record is one procedure of making someone a hardship person in law, and
// what became of it.
type Record struct {
	ID        ID
	Person    string
	Region    string // the village
	State     State
	Holdings  []Holding
	Facts     Facts    // sealed at rest
	AppliedOn day.Date // rules are read as of this day

	SubmittedBy string // account
	ReviewedBy  string // account
	DecidedBy   string // account of the last decision
	Appeals     int

	Notice    Notice
	ValidFrom day.Date
	ValidTo   day.Date // the earliest end of a category
	RestsFrom day.Date // since when suspended
	RestsWhy  string   // one of SuspendReasons
	EndedOn   day.Date
	End       string // one of ExitReasons, or "fraud"
	EndProof  string // sealed at rest

	Owner access.Role // who must act
	Due   day.Date    // by when; "" where nobody must

	Steps   []Step
	Version int64
}

// Primary returns the category marked primary.
func (r Record) Primary() Category {
	for _, h := range r.Holdings {
		if h.Primary {
			return h.Category
		}
	}
	return ""
}

// Held lists the categories that have not ended.
func (r Record) Held() []Category {
	var out []Category
	for _, h := range r.Holdings {
		if h.EndedOn == "" {
			out = append(out, h.Category)
		}
	}
	return out
}

// InForce says the person is a hardship person in law on d. A recognition that
// ran out without a decision still is one: expiry makes a task, not an exit.
func (r Record) InForce(d day.Date) bool {
	return (r.State == Recognised || r.State == Suspended) && r.ValidFrom <= d
}

// AppealUntil is the last day to ask for administrative reconsideration of a
// refusal or an ending (行政复议法 art. 20: 60 days). Her own withdrawal decides
// nothing against her.
func (r Record) AppealUntil() day.Date {
	if r.EndedOn == "" || r.End == "withdrawn" || r.State != Refused && r.State != Exited && r.State != Revoked {
		return ""
	}
	return r.EndedOn.Add(60)
}

// AppealChannel is what the notice of a refusal or an ending tells the person.
const AppealChannel = "如不服本决定，可自收到之日起六十日内向海宁市人民政府申请行政复议，或在六个月内向人民法院提起行政诉讼。"

// Hold returns the categories of an application, none in force yet.
func Hold(categories []Category, primary Category) ([]Holding, error) {
	if len(categories) == 0 {
		return nil, ErrNoCategory
	}
	if primary == "" {
		primary = categories[0]
	}
	out := make([]Holding, 0, len(categories))
	for i, c := range categories {
		if !slices.Contains(Categories, c) || slices.Contains(categories[:i], c) {
			return nil, refusal.ErrUnknownCode.On("categories", "unknown", "类别不存在或重复")
		}
		out = append(out, Holding{Category: c, Primary: c == primary})
	}
	if !slices.Contains(categories, primary) {
		return nil, ErrNoCategory
	}
	return out, nil
}
