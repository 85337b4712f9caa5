// Package labour is what happens when pay is owed: wage clues (欠薪线索), from
// the worker's word to the day she has her money or an officer says in writing
// why not.
//
// It decides nothing by itself: each step is an officer's act with a reason or
// evidence, each has its legal term, and what is overdue is shown, not punished.
package labour

import (
	"slices"
	"time"

	"linggong/internal/access"
	"linggong/internal/day"
	"linggong/internal/errs"
	"linggong/internal/rules"
)

// ID is a wage clue's.
type ID string

// What can be wrong.
var (
	ErrNotFound = errs.New(errs.NotFound, "wage_clue_not_found", "没有这条欠薪线索", "There is no such wage clue.")
	ErrStale    = errs.New(errs.Stale, "wage_clue_stale", "刚刚有人办理过，请刷新后重试", "Someone else has just acted; reload.")
	ErrState    = errs.New(errs.Conflict, "wage_clue_state", "当前状态不能这样办理", "The state does not allow this.")
	ErrOpen     = errs.New(errs.Conflict, "wage_clue_open", "这笔工钱已经反映过，正在处理", "This pay has been reported already.")
	ErrSettled  = errs.New(errs.Conflict, "already_paid", "这笔工钱已有支付记录；如与实际不符，请在“申请协调”里说明", "The pay is recorded as paid.").
			Because("R-CLUE", "浙江省劳动保障监察条例 第22条", "对已记录的支付有不同意见，可以申请协调")
	ErrNotYet = errs.New(errs.Conflict, "not_worked", "还没有上岗记录，不能反映欠薪", "Nobody has worked on it yet.").
			Because("R-CLUE", "浙江省劳动保障监察条例 第22条", "签到上岗后仍未拿到工钱，可以随时反映")
	ErrTooOld = errs.New(errs.Conflict, "wage_clue_too_old", "已超过两年，劳动监察不再查处", "Older than two years.").
			Because("R-CLUE", "劳动保障监察条例 第20条", "可以向人民法院起诉，或拨打 12333 咨询")
	ErrInvalid = errs.New(errs.Invalid, "wage_clue_invalid", "欠薪线索内容不完整", "The clue is incomplete.")
	ErrReason  = errs.New(errs.Invalid, "reason_required", "请填写理由或依据", "Give the reason or the evidence.").On("reason", "required", "请填写理由或依据")
)

// Status is where a clue stands (domain.md §9.3).
type Status string

// The states.
const (
	Received       Status = "received"        // 已收到
	Checking       Status = "checking"        // 已受理，核查中
	Confirmed      Status = "confirmed"       // 查实
	NotEstablished Status = "not_established" // 查无欠薪
	Resolved       Status = "resolved"        // 已化解：paid
	Transferred    Status = "transferred"     // 转办：立案、仲裁、公安
	Withdrawn      Status = "withdrawn"       // 本人撤回
)

// Ended says nothing is to be done any more.
func (s Status) Ended() bool {
	return s == NotEstablished || s == Resolved || s == Transferred || s == Withdrawn
}

// Act is what an officer or the worker does.
type Act string

// The acts.
const (
	Accept   Act = "accept"
	Confirm  Act = "confirm"
	Dismiss  Act = "dismiss"
	Resolve  Act = "resolve"
	Transfer Act = "transfer"
	Withdraw Act = "withdraw"
)

// move is one line of the table below.
type move struct {
	act   Act
	from  []Status
	to    Status
	may   access.Action
	money bool // an amount is needed
}

// moves is everything that can happen to a clue.
var moves = []move{
	{Accept, []Status{Received}, Checking, access.WageClueHandle, false},
	{Confirm, []Status{Checking}, Confirmed, access.WageClueHandle, true},
	{Dismiss, []Status{Received, Checking}, NotEstablished, access.WageClueHandle, false},
	{Resolve, []Status{Received, Checking, Confirmed}, Resolved, access.WageClueHandle, true},
	{Transfer, []Status{Checking, Confirmed}, Transferred, access.WageClueHandle, false},
	{Withdraw, []Status{Received, Checking}, Withdrawn, access.WageClueOpen, false},
}

// Clue is one report that pay is owed.
type Clue struct {
	ID         ID
	Engagement string
	Posting    string
	Title      string // of the posting
	Employer   string
	Name       string // of the employer
	Person     string
	Village    string // of the work: decides which officer
	Status     Status
	ClaimedFen int64
	FoundFen   int64  // owed, as confirmed
	PaidFen    int64  // paid in the end
	Story      string // sealed at rest
	Confirmed  bool   // it was confirmed before it ended: the rate's denominator
	Officer    string // account of who accepted it
	OpenedBy   string // account, "" the worker herself
	OpenedAt   time.Time
	Due        day.Date // of the next step, "" when ended
	Version    int64
}

func (c Clue) target() access.Target { return access.Target{Region: c.Village, Person: c.Person} }

// Next lists what the actor may do now.
func (c Clue) Next(a access.Actor) []Act {
	out := []Act{}
	for _, m := range moves {
		if slices.Contains(m.from, c.Status) && access.Can(a, m.may, c.target()) == nil {
			out = append(out, m.act)
		}
	}
	return out
}

// due is when the next step must have been taken: to accept or refuse within
// five working days, to have investigated within sixty.
func (c Clue) due(b *rules.Book, on day.Date) day.Date {
	switch c.Status {
	case Received:
		return b.Calendar().AddWorkingDays(on, b.Number("clue.accept_days", c.Village, on))
	case Checking:
		return b.Calendar().AddWorkingDays(on, b.Number("clue.investigate_days", c.Village, on))
	case Confirmed:
		return c.Due // the same sixty days
	case NotEstablished, Resolved, Transferred, Withdrawn:
	}
	return ""
}

// Step is one act of a clue's history.
type Step struct {
	Act    Act // "" the opening
	To     Status
	At     time.Time
	By     string // account
	Role   string
	Reason string // sealed at rest
	Fen    int64
}
