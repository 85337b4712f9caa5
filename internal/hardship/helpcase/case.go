// Package helpcase is the work for one hardship person (帮扶个案), whole and pure:
// its statuses, the four clarities, the measures and when they count, what is
// due next, and when it may close (domain.md §9.6, §2.6). It reads no clock and
// no database; package hardship does.
package helpcase

import (
	"linggong/internal/day"
	"linggong/internal/errs"
	"linggong/internal/hardship/recognition"
)

// ID identifies a case.
type ID string

// MeasureID identifies a measure.
type MeasureID string

// Book is the dated numbers, the working days and the service standard a case
// runs by.
type Book interface {
	// Number returns a dated whole number by key: days, working days or months.
	Number(key, region string, on day.Date) int
	// AddWorkingDays returns the n-th working day after from.
	AddWorkingDays(from day.Date, n int) day.Date
	// Standard is the service standard of a group (R-HELP-01).
	Standard(group, region string, on day.Date) []StandardLine
}

// Status is where a help case (帮扶个案) stands, domain.md §9.6.
type Status string

// The statuses, in the order a case goes through them.
const (
	Identified  Status = "identified"
	Assigned    Status = "assigned"
	Contacted   Status = "contacted"
	Assessed    Status = "assessed"
	Planned     Status = "planned"
	Serving     Status = "serving"
	InWork      Status = "employed"
	FollowingUp Status = "following_up"
	Closed      Status = "closed"
)

// CloseReason is why a case may close (R-HELP-04): help given is not one.
type CloseReason string

// The reasons.
const (
	StableEmployment CloseReason = "stable_employment"
	StatutoryExit    CloseReason = "statutory_exit"
	PersonWithdrew   CloseReason = "withdrew" // in writing
	Moved            CloseReason = "moved"
	Deceased         CloseReason = "deceased"
	Merged           CloseReason = "merged"
)

// CloseReasons is every allowed reason.
var CloseReasons = []CloseReason{StableEmployment, StatutoryExit, PersonWithdrew, Moved, Deceased, Merged}

// What a case refuses.
var (
	ErrMove = errs.New(errs.Conflict, "case_move_not_allowed", "个案当前状态不能这样办理", "This cannot be done to the case now.")

	ErrCloseReason = errs.New(errs.Invalid, "close_reason_not_allowed", "“已提供帮扶”不能作为结案理由", "Help given is not a reason to close.").
			Because("R-HELP-04", "一帮到底", "只能因稳定就业、法定退出、本人书面放弃、迁出、死亡或并案结案")

	ErrNotStable = errs.New(errs.Conflict, "employment_not_stable", "尚未达到稳定就业标准", "The employment is not stable yet.").
			Because("R-HELP-04", "domain.md §2.4 hard.stable_months", "请完成就业后第1、3、6个月回访后再结案")
)

// Will is one of the two answers that decide whether a person counts for
// indicator 3: she wants work, she is able to work.
type Will struct {
	Value     bool
	Known     bool
	On        day.Date
	Confirmed bool // by a second person
}

// Promise is the next step the caseworker set herself.
type Promise struct {
	Kind ActionKind
	Due  day.Date
	Note string // sealed at rest
}

// Case is the work for one person from its opening to stable employment.
// While it is open it has an owner, a next action and a date; the database
// refuses one that has not.
type Case struct {
	ID          ID
	Person      string
	Region      string
	Recognition recognition.ID // "" when opened by hand
	Status      Status
	Why         string // why it was opened: recognition, visit, walk_in, data_push, reopened
	Group       string // whose service standard applies

	Owner     string // account
	OpenedOn  day.Date
	Assigned  day.Date
	Contact   day.Date             // first contact
	LastSeen  day.Date             // last contact
	Clear     map[Clarity]day.Date // the four clarities (四清), each with its date
	Willing   Will
	Able      Will
	Pending   string   // assessment waiting for its second person
	ReviewOn  day.Date // when "not willing" or "not able" is asked again
	PlanOn    day.Date
	HelpDue   day.Date // by when the first substantive service is due
	WorkSince day.Date // employed since
	WorkForm  string   // full_time, flexible, self_employed, welfare_post

	Refusals  int      // unjustified refusals of suitable work in a row (R-HELP-07)
	AskHuman  day.Date // since when a refusal review waits
	Promise   Promise
	Next      Action
	ClosedOn  day.Date
	Reason    CloseReason
	Proof     string // sealed at rest
	Version   int64
	FollowUps []FollowUp
}

// Open says the case is not closed.
func (c Case) Open() bool { return c.Status != Closed }

// FollowUp is a visit due some months after someone found work (回访).
type FollowUp struct {
	ID       string
	Month    int // 1, 3, 6
	Due      day.Date
	DoneOn   day.Date // "" while due
	Employed bool     // still, when asked
	Evidence string   // sealed at rest
	By       string
}

// Move is what happens to a case.
type Move string

// The moves.
const (
	OnAssign   Move = "assign"
	OnContact  Move = "contact"
	OnAssess   Move = "assess" // all four clear
	OnPlan     Move = "plan"
	OnServe    Move = "serve" // a measure that counts
	OnEmploy   Move = "employ"
	OnFollowUp Move = "follow_up"
	OnRelapse  Move = "relapse" // work lost
	OnClose    Move = "close"
	OnReopen   Move = "reopen"
)

// steps is the state machine of §9.6: where a move leads from each status. A
// move that a status does not name leaves it: help given out of order is help.
var steps = map[Status]map[Move]Status{
	Identified:  {OnAssign: Assigned, OnContact: Contacted, OnEmploy: InWork, OnClose: Closed},
	Assigned:    {OnContact: Contacted, OnEmploy: InWork, OnClose: Closed},
	Contacted:   {OnAssess: Assessed, OnEmploy: InWork, OnClose: Closed},
	Assessed:    {OnPlan: Planned, OnEmploy: InWork, OnClose: Closed},
	Planned:     {OnServe: Serving, OnEmploy: InWork, OnClose: Closed},
	Serving:     {OnEmploy: InWork, OnClose: Closed},
	InWork:      {OnFollowUp: FollowingUp, OnRelapse: Serving, OnClose: Closed},
	FollowingUp: {OnRelapse: Serving, OnClose: Closed},
	Closed:      {OnReopen: Assigned},
}

// Advance moves the status. What a case has got out of order (a plan before the
// assessment) is caught up as soon as the missing part is there.
func (c *Case) Advance(m Move, today day.Date, book Book) error {
	if c.Status == Closed && m != OnReopen {
		return ErrMove
	}
	to, ok := steps[c.Status][m]
	if !ok {
		if m == OnReopen || m == OnRelapse {
			return ErrMove
		}
		return nil
	}
	c.Status = to
	for again := true; again; {
		again = false
		switch {
		case c.Status == Contacted && c.AllClear(today, book):
			c.Status, again = Assessed, true
		case c.Status == Assessed && c.PlanOn != "":
			c.Status, again = Planned, true
		}
	}
	return nil
}

// Seen records a contact; the first one is a deadline of its own.
func (c *Case) Seen(on, today day.Date, book Book) error {
	if c.Contact == "" || on < c.Contact {
		c.Contact = on
	}
	c.LastSeen = max(c.LastSeen, on)
	return c.Advance(OnContact, today, book)
}
