package gig

import (
	"context"
	"slices"
	"time"

	"linggong/internal/access"
	"linggong/internal/day"
	"linggong/internal/errs"
)

// EngagementID identifies an engagement.
type EngagementID string

// What can be wrong with an engagement.
var (
	ErrEngagementNotFound = errs.New(errs.NotFound, "engagement_not_found", "没有这条报名或用工记录", "There is no such engagement.")
	ErrEngagementState    = errs.New(errs.Conflict, "engagement_state", "当前状态不能这样办理", "The engagement's state does not allow this.")
	ErrEngagementStale    = errs.New(errs.Stale, "engagement_stale", "刚刚有人办理过，请刷新后重试", "Someone else has just acted; reload it.")
	ErrEngagementCode     = errs.New(errs.Conflict, "engagement_code_taken", "取件码已被占用，请重试", "The pick-up code is in use; try again.")
	ErrShiftFull          = errs.New(errs.Conflict, "shift_full", "这一班刚刚招满了，谢谢您来报名，下面这些零工还有名额", "The shift has just been filled. These still have places.")
	ErrShiftOver          = errs.New(errs.Conflict, "shift_over", "这一班已经开始或结束，不能再报名", "The shift has begun or is over.")
	ErrPostingNotOpen     = errs.New(errs.Conflict, "posting_not_open", "这个岗位现在不招人", "The posting takes nobody now.")
	ErrOverlap            = errs.New(errs.Conflict, "overlap", "您在这个时间已有确认的零工", "You have a confirmed gig at that time.").
				Because("R-ENG-02", "domain.md §9.2", "先退掉时间冲突的那一个，或选别的时间")
	ErrAlreadyApplied = errs.New(errs.Conflict, "already_applied", "您已经报过这一班了", "You have applied for this shift already.")
	ErrHoursDiffer    = errs.New(errs.Conflict, "hours_differ", "双方填的工时不一样，请商量一致；谈不拢可以申请协调", "The two sides state different hours.").
				Because("R-ENG-03", "domain.md §9.2（工时需双方确认）", "按对方填的工时确认，或申请协调")
	ErrHours     = errs.New(errs.Invalid, "hours_invalid", "工时应大于 0 且不超过 24 小时", "The hours must lie between 0 and 24.")
	ErrPayAmount = errs.New(errs.Invalid, "pay_amount", "请填写实际支付的金额", "State the amount that was paid.")
	ErrPayMethod = errs.New(errs.Invalid, "pay_method", "工资应以转账或现金支付给本人，不能以实物或有价证券代替", "Pay must be money.").
			Because("R-PAY-04", "保障农民工工资支付条例 第11条", "选择银行转账、现金、微信或支付宝")
	ErrPayBelow = errs.New(errs.Invalid, "pay_below_agreed", "金额低于约定报酬，请写明扣除的法定理由", "The amount is below what was agreed; give the lawful reason.").
			Because("R-PAY", "劳动法 第50条（不得克扣）", "按约定金额支付，或写明理由")
	ErrStars      = errs.New(errs.Invalid, "stars", "评分为 1 到 5 星", "Rate with 1 to 5 stars.")
	ErrRatedOnce  = errs.New(errs.Conflict, "already_rated", "您已经评价过了", "You have rated already.")
	ErrTooEarly   = errs.New(errs.Conflict, "too_early", "还没到时间", "It is too early for that.")
	ErrCheckInKey = errs.New(errs.Invalid, "check_in_code", "签到码不对，请看用工方或驿站出示的签到码", "The check-in code is wrong.")
)

// EngagementStatus is where an engagement is (domain.md §9.2).
type EngagementStatus string

// The states of an engagement. applied and invited wait for the other side;
// the last seven are ends.
const (
	Applied        EngagementStatus = "applied"
	Invited        EngagementStatus = "invited"
	Confirmed      EngagementStatus = "confirmed"
	CheckedIn      EngagementStatus = "checked_in"
	CheckedOut     EngagementStatus = "checked_out"
	HoursConfirmed EngagementStatus = "hours_confirmed"
	Settled        EngagementStatus = "settled"
	Disputed       EngagementStatus = "disputed"
	Closed         EngagementStatus = "closed"
	Withdrawn      EngagementStatus = "withdrawn"
	Declined       EngagementStatus = "declined"
	Refused        EngagementStatus = "refused"
	Lapsed         EngagementStatus = "lapsed"
	Cancelled      EngagementStatus = "cancelled"
	NoShow         EngagementStatus = "no_show"
)

// Holds says an engagement in this state takes a place of its shift.
func (s EngagementStatus) Holds() bool {
	return slices.Contains([]EngagementStatus{Confirmed, CheckedIn, CheckedOut, HoursConfirmed, Settled, Disputed, Closed}, s)
}

// Live says an engagement in this state is not over without work: a worker has
// at most one live engagement for a shift.
func (s EngagementStatus) Live() bool { return s.Holds() || s == Applied || s == Invited }

// Act is something done to an engagement.
type Act string

// The acts. The names are those of the contract.
const (
	ActAccept       Act = "accept"
	ActRefuse       Act = "refuse"
	ActConfirm      Act = "confirm"
	ActDecline      Act = "decline"
	ActWithdraw     Act = "withdraw"
	ActCancel       Act = "cancel"
	ActLapse        Act = "lapse"
	ActCheckIn      Act = "check-in"
	ActCheckOut     Act = "check-out"
	ActNoShow       Act = "no-show"
	ActConfirmHours Act = "confirm-hours"
	ActPay          Act = "pay"
	ActRate         Act = "rate"
	ActDispute      Act = "dispute"
	ActResolve      Act = "resolve"
)

// Side is who an act speaks for.
type Side string

// The sides of an engagement.
const (
	BySeeker   Side = "worker"
	ByEmployer Side = "employer"
	ByStaff    Side = "staff"
	BySystem   Side = "system"
)

// transition is one row of the state machine.
type transition struct {
	act  Act
	from []EngagementStatus
	to   EngagementStatus
	may  access.Action
	by   []Side // whose act it is; staff may always act for a side (代办)
}

// transitions is the whole state machine, in one table. docs/engagement.md is
// drawn from it.
var transitions = []transition{
	{ActAccept, []EngagementStatus{Applied}, Confirmed, access.Accept, []Side{ByEmployer}},
	{ActRefuse, []EngagementStatus{Applied}, Refused, access.Accept, []Side{ByEmployer}},
	{ActConfirm, []EngagementStatus{Invited}, Confirmed, access.Answer, []Side{BySeeker}},
	{ActDecline, []EngagementStatus{Invited}, Declined, access.Answer, []Side{BySeeker}},
	{ActWithdraw, []EngagementStatus{Applied, Confirmed}, Withdrawn, access.Answer, []Side{BySeeker}},
	{ActCancel, []EngagementStatus{Applied, Invited, Confirmed}, Cancelled, access.Accept, []Side{ByEmployer}},
	{ActLapse, []EngagementStatus{Applied, Invited}, Lapsed, access.JobManage, []Side{BySystem}},
	{ActCheckIn, []EngagementStatus{Confirmed}, CheckedIn, access.Attend, []Side{BySeeker, ByEmployer}},
	{ActCheckOut, []EngagementStatus{CheckedIn}, CheckedOut, access.Attend, []Side{BySeeker, ByEmployer}},
	{ActNoShow, []EngagementStatus{Confirmed}, NoShow, access.Attend, []Side{ByEmployer}},
	// A missed check-out is mended by agreeing on the hours.
	{ActConfirmHours, []EngagementStatus{CheckedIn, CheckedOut}, HoursConfirmed, access.Settle, []Side{BySeeker, ByEmployer}},
	{ActPay, []EngagementStatus{HoursConfirmed}, Settled, access.Settle, []Side{ByEmployer}},
	{ActRate, []EngagementStatus{Settled}, Closed, access.Rate, []Side{BySeeker, ByEmployer}},
	{ActDispute, []EngagementStatus{CheckedIn, CheckedOut, HoursConfirmed, Settled}, Disputed, access.Settle, []Side{BySeeker, ByEmployer}},
	{ActResolve, []EngagementStatus{Disputed}, HoursConfirmed, access.PostingReview, nil},
}

func transitionOf(act Act) (transition, bool) {
	i := slices.IndexFunc(transitions, func(t transition) bool { return t.act == act })
	if i < 0 {
		return transition{}, false
	}
	return transitions[i], true
}

// Engagement is one worker on one shift, from application or invitation to
// settlement (用工关系).
type Engagement struct {
	ID         EngagementID
	Code       string // six digits on the slip
	PostingID  PostingID
	ShiftID    ShiftID
	EmployerID EmployerID
	StationID  StationID
	WorkerID   WorkerID
	PersonID   string
	Village    string // where the work is; decides scope and facts
	StartsAt   time.Time
	EndsAt     time.Time

	Status   EngagementStatus
	AnswerBy time.Time // when an unanswered application or invitation lapses

	CheckedInAt, CheckedOutAt time.Time
	MinutesByWorker           int64 // hours as each side states them; 0 not yet
	MinutesByEmployer         int64
	AmountFen                 int64 // agreed pay for the confirmed hours; then what was paid
	PayDue                    day.Date
	PaidAt                    time.Time
	PayMethod, PayProof       string
	StarsByEmployer           int64
	StarsByWorker             int64
	Insurance                 string // scheme in force when confirmed (R-INS-01)

	CreatedAt time.Time
	Version   int64
}

// begun is when she may have started: when she came, or when the shift did,
// should she have been checked in late.
func (e Engagement) begun() time.Time {
	if e.CheckedInAt.IsZero() || e.StartsAt.Before(e.CheckedInAt) {
		return e.StartsAt
	}
	return e.CheckedInAt
}

// Minutes returns the hours both sides agree on, or 0.
func (e Engagement) Minutes() int64 {
	if e.MinutesByWorker == e.MinutesByEmployer {
		return e.MinutesByWorker
	}
	return 0
}

func (e Engagement) target() access.Target {
	return access.Target{Region: e.Village, Station: string(e.StationID), Employer: string(e.EmployerID), Person: e.PersonID}
}

// sideOf says for whom an actor speaks on this engagement.
func (e Engagement) sideOf(a access.Actor) Side {
	switch a.Role {
	case access.Worker, access.Kiosk:
		return BySeeker
	case access.Employer:
		return ByEmployer
	case access.System:
		return BySystem
	case access.Anonymous, access.Operator, access.Caseworker, access.TownOfficer, access.Bureau, access.Auditor, access.Admin:
	}
	return ByStaff
}

// Next lists the acts the actor may do now, for the screens.
func (e Engagement) Next(a access.Actor, now time.Time) []Act {
	var out []Act
	for _, t := range transitions {
		if e.allows(t, a, now) == nil && t.act != ActLapse {
			out = append(out, t.act)
		}
	}
	return out
}

// allows decides whether the actor may do t's act to e now.
func (e Engagement) allows(t transition, a access.Actor, now time.Time) error {
	if err := access.Can(a, t.may, e.target()); err != nil {
		return err
	}
	side := e.sideOf(a)
	if side != ByStaff && side != BySystem && !slices.Contains(t.by, side) {
		return access.ErrForbidden
	}
	if !slices.Contains(t.from, e.Status) {
		return ErrEngagementState
	}
	return e.timely(t.act, side, now)
}

// timely holds acts to their hour.
func (e Engagement) timely(act Act, side Side, now time.Time) error {
	switch act {
	case ActAccept, ActConfirm:
		if !now.Before(e.StartsAt) {
			return ErrShiftOver
		}
	case ActCheckIn:
		if now.Before(e.StartsAt.Add(-checkInEarly)) {
			return ErrTooEarly.Saying("开工前两小时起可以签到", "Check-in opens two hours before the shift.")
		}
	case ActCheckOut:
		if now.Before(e.StartsAt) {
			return ErrTooEarly.Saying("还没开工，不能签退", "The shift has not begun.")
		}
	case ActNoShow:
		if now.Before(e.StartsAt) {
			return ErrTooEarly.Saying("开工时间还没到，不能记未到岗", "The shift has not begun.")
		}
	case ActConfirmHours:
		if e.Status == CheckedIn && now.Before(e.EndsAt) {
			return ErrTooEarly.Saying("收工后才能确认工时", "Hours are confirmed after work.")
		}
		if side == BySeeker && e.MinutesByWorker > 0 && e.MinutesByWorker == e.MinutesByEmployer {
			return ErrEngagementState
		}
	case ActRate:
		if side == BySeeker && e.StarsByWorker > 0 || side == ByEmployer && e.StarsByEmployer > 0 {
			return ErrRatedOnce
		}
	case ActRefuse, ActDecline, ActWithdraw, ActCancel, ActLapse, ActPay, ActDispute, ActResolve:
	}
	return nil
}

// checkInEarly is how long before a shift check-in opens.
const checkInEarly = 2 * time.Hour

// EngagementMove is one row of an engagement's history, never edited.
type EngagementMove struct {
	EngagementID EngagementID
	At           time.Time
	Act          Act
	To           EngagementStatus
	ByRole       string
	ByAccount    string
	Side         Side
	Reason       string
}

// EngagementFilter narrows a list. Empty fields do not.
type EngagementFilter struct {
	Statuses []EngagementStatus
	Date     day.Date
	Posting  PostingID
	Shift    ShiftID
	Worker   WorkerID
	Employer EmployerID
	Station  StationID
	DueState string // due, overdue, paid: settlements
	Today    day.Date
	Cursor   string
	Limit    int
}

// EngagementStore keeps engagements. Every method joins the transaction in ctx.
type EngagementStore interface {
	// CreateEngagement adds e, taking a place when its state holds one. It
	// returns ErrShiftFull, ErrOverlap, ErrAlreadyApplied or ErrEngagementCode.
	CreateEngagement(ctx context.Context, e Engagement) error
	// SaveEngagement writes e as it was read, taking or freeing a place when the
	// state's hold changes. It returns ErrEngagementStale, ErrShiftFull, ErrOverlap.
	SaveEngagement(ctx context.Context, e Engagement, from EngagementStatus) error
	Engagement(ctx context.Context, id EngagementID) (Engagement, error)
	// EngagementByCode returns the one under way with a pick-up code.
	EngagementByCode(ctx context.Context, code string) (Engagement, error)
	// FinishedByCode returns those settled that once had it, the latest first: a
	// code is given again.
	FinishedByCode(ctx context.Context, code string) ([]Engagement, error)
	Engagements(ctx context.Context, scope Scope, f EngagementFilter) (Page[Engagement], error)
	AddEngagementMove(ctx context.Context, id string, m EngagementMove) error
	EngagementHistory(ctx context.Context, id EngagementID) ([]EngagementMove, error)
	// Week returns the minutes a worker is confirmed for with one employer from
	// Monday to Sunday around on, and with everyone on that day.
	Week(ctx context.Context, worker WorkerID, employer EmployerID, on day.Date) (employerWeek, allDay int64, err error)
	// Due returns engagements whose answer time has passed, oldest first.
	Due(ctx context.Context, now time.Time, limit int) ([]EngagementID, error)
	// StartWaiting lets a worker who has had work wait anew from now.
	StartWaiting(ctx context.Context, id WorkerID, now time.Time) error
	// CountWorker changes the worker's counters of engagements.
	CountWorker(ctx context.Context, id WorkerID, completed int64, noShow day.Date, stars int64) error
	// RateEmployer adds a rating to the employer's.
	RateEmployer(ctx context.Context, id EmployerID, stars int64) error
}

// PlannedMinutes returns the paid minutes the shift was planned for.
func (e Engagement) PlannedMinutes(sh Shift) int64 {
	if sh.ID == "" {
		return int64(e.EndsAt.Sub(e.StartsAt) / time.Minute)
	}
	return sh.Minutes()
}
