package gig

import (
	"context"
	"time"

	"linggong/internal/day"
	"linggong/internal/errs"
)

// What can be wrong with a posting.
var (
	ErrPostingNotFound = errs.New(errs.NotFound, "posting_not_found", "没有这个岗位", "There is no such posting.")
	ErrPostingStale    = errs.New(errs.Stale, "posting_stale", "岗位已被他人修改，请刷新后重试", "Someone else changed the posting; reload it.")
	ErrPostingState    = errs.New(errs.Conflict, "posting_state", "岗位当前状态不能这样办理", "The posting's state does not allow this.")
	ErrPostingBlocked  = errs.New(errs.Invalid, "posting_blocked", "岗位内容不符合规定，不能发布", "The posting breaks a rule and cannot be published.")
	ErrPostingCode     = errs.New(errs.Conflict, "posting_code_taken", "岗位号码已被占用", "The spoken code is in use.")
	ErrSelfReview      = errs.New(errs.Forbidden, "self_review", "不能审核自己提交的岗位", "You may not review what you submitted.").
				Because("R-POST-08", "domain.md §9.1", "请由另一位工作人员审核")
	ErrShiftNotFound = errs.New(errs.NotFound, "shift_not_found", "没有这个班次", "There is no such shift.")
	ErrShiftTaken    = errs.New(errs.Conflict, "shift_taken", "已有人确认的班次不能删除、改时间或减到确认人数以下", "A shift people have confirmed cannot be moved, removed or cut below them.").
				Because("R-POST", "劳动合同法 第35条（变更应协商一致）", "与已确认的人协商后取消，再新增班次")
	ErrReasonMissing = errs.New(errs.Invalid, "reason_required", "请填写理由", "Give a reason.")
)

// Form is the kind of relation (用工形式); it decides which rules hold (R-POST).
type Form string

// The forms of work.
const (
	PartTime      Form = "part_time"       // 非全日制
	ShortFullTime Form = "short_full_time" // 短期全日制
	ServiceWork   Form = "service"         // 劳务：家庭、超龄、承揽
	Trainee       Form = "trainee"         // 见习
	WelfareWork   Form = "welfare"         // 公益性岗位
)

// PayUnit is what the amount is for.
type PayUnit string

// The units of pay. A job is one person's work on one shift.
const (
	PerHour  PayUnit = "hour"
	PerDay   PayUnit = "day"
	PerPiece PayUnit = "piece"
	PerJob   PayUnit = "job"
	PerMonth PayUnit = "month"
)

// SettlementKind is how often pay falls due.
type SettlementKind string

// The ways of settling.
const (
	SettleDaily      SettlementKind = "daily"
	SettleWeekly     SettlementKind = "weekly"
	SettleCompletion SettlementKind = "on_completion"
	SettleMonthly    SettlementKind = "monthly"
)

// Pay is what is offered.
type Pay struct {
	AmountFen      int64
	Unit           PayUnit
	PiecesPerHour  int64  // a practised worker's, when paid by the piece
	Note           string // "满勤另有奖励"; never a condition
	Settlement     SettlementKind
	SettlementDays int64  // days from the end of work to the money (R-PT-06)
	Payer          string // "employer", or who else pays
}

// Flag is something about the work that the law looks at (domain.md §5.1, §7.5).
type Flag string

// The flags.
const (
	FlagHeight        Flag = "height"       // 登高
	FlagHeavy         Flag = "heavy"        // 重体力
	FlagToxic         Flag = "toxic"        // 有毒、粉尘
	FlagNight         Flag = "night"        // 夜班 22:00–06:00
	FlagVehicle       Flag = "vehicle"      // 驾驶
	FlagFood          Flag = "food"         // 接触食品
	FlagMinors        Flag = "minors"       // 接触未成年人
	FlagMachine       Flag = "machine"      // 危险机械
	FlagVoltage       Flag = "high_voltage" // 高压电
	FlagExplosive     Flag = "explosive"    // 易燃易爆
	FlagEntertainment Flag = "entertainment"
	FlagConstruction  Flag = "construction" // 建筑工地 (R-PAY-06)
)

// Terms are what an employer writes of a posting: what Check judges.
type Terms struct {
	Title       string
	Trade       string // trade id
	Description string
	Form        Form
	Village     string // 12-digit code; its town's code where no village is known
	Address     string // a household's is kept sealed and shown to confirmed workers only
	Place       Point
	Pay         Pay
	Shifts      []Shift

	Meals, Lodging bool
	Transport      string
	Tools          string
	Bring          string
	Insurance      string // work_injury, accident, single, occupational, none
	Flags          []Flag
	MinAge         int64
	Certificates   []string // kinds the work asks for
	SuitedOlder    bool
	SuitedDisabled bool
	NoExperience   bool
	Urgent         bool
	ProjectNo      string // building sites: number of the real-name project (R-PAY-06)
	ValidUntil     time.Time
	Origin         string // where an imported posting came from; "" here
	ForHousehold   bool   // the employer is a household; set by the service
}

// PostingStatus is where a posting is in its life (domain.md §9.1).
type PostingStatus string

// The states of a posting.
const (
	PostingDraft     PostingStatus = "draft"
	PostingInReview  PostingStatus = "in_review"
	PostingPublished PostingStatus = "published"
	PostingFilled    PostingStatus = "filled"
	PostingExpired   PostingStatus = "expired"
	PostingClosed    PostingStatus = "closed"
	PostingPaused    PostingStatus = "paused"
	PostingTakenDown PostingStatus = "taken_down"
	PostingReturned  PostingStatus = "returned"
	PostingRejected  PostingStatus = "rejected"
)

// Posting is a call for people (用工需求).
type Posting struct {
	ID         PostingID
	Code       string // six digits, spoken; unique among those not ended
	EmployerID EmployerID
	StationID  StationID // may be ""
	Terms
	HourFen int64 // what an hour earns at least; 0 when it cannot be known

	Status      PostingStatus
	PublishedAt time.Time
	ExpiresAt   time.Time // ValidUntil or the start of the last shift, the earlier
	Warnings    []Finding
	SubmittedBy string // account id
	ReviewedBy  string
	CreatedAt   time.Time
	Version     int64
}

// Town returns the code of the town the work is in.
func (p Posting) Town() string { return townOf(p.Village) }

// Headcount returns the places of all shifts.
func (p Posting) Headcount() int64 {
	var n int64
	for _, s := range p.Shifts {
		n += s.Headcount
	}
	return n
}

// OpenPlaces returns the places left in shifts that have not begun at now.
func (p Posting) OpenPlaces(now time.Time) int64 {
	var n int64
	for _, s := range p.Shifts {
		if s.StartsAt.After(now) {
			n += s.Open()
		}
	}
	return n
}

// Shift returns one of its shifts, or false.
func (p Posting) Shift(id ShiftID) (Shift, bool) {
	for _, s := range p.Shifts {
		if s.ID == id {
			return s, true
		}
	}
	return Shift{}, false
}

// Severity is how much a finding weighs.
type Severity string

// A block refuses, a hold sends to a reviewer, a warn is shown.
const (
	Block Severity = "block"
	Hold  Severity = "hold"
	Warn  Severity = "warn"
)

// Finding is one thing a rule has to say about a posting.
type Finding struct {
	Code     string   `json:"code"`
	Severity Severity `json:"severity"`
	Message  string   `json:"message"`
	Rule     string   `json:"rule,omitempty"`
	Source   string   `json:"source,omitempty"`
	Remedy   string   `json:"remedy,omitempty"`
	Field    string   `json:"field,omitempty"`
}

// PostingMove is one row of a posting's history, never edited.
type PostingMove struct {
	PostingID PostingID
	At        time.Time
	From, To  PostingStatus
	ByRole    string
	ByAccount string
	Reason    string
	Version   int64 // of the posting after the move
	Findings  []Finding
}

func townOf(code string) string {
	if len(code) != 12 {
		return ""
	}
	return code[:9] + "000"
}

// firstDate returns the day of the earliest shift.
func (t Terms) firstDate() day.Date {
	var first day.Date
	for _, s := range t.Shifts {
		if first == "" || s.Date < first {
			first = s.Date
		}
	}
	return first
}

// PostingStore keeps postings with their shifts.
type PostingStore interface {
	// CreatePosting returns ErrPostingCode when another open posting has the code.
	CreatePosting(ctx context.Context, p Posting) error
	// SavePosting writes p and its shifts, but never how many places are filled.
	// It returns ErrPostingStale when p was read before someone else's save, and
	// ErrShiftTaken when a shift with people on it would be moved or lost.
	SavePosting(ctx context.Context, p Posting) error
	// Posting, PostingByCode and PostingOfShift return ErrPostingNotFound.
	Posting(ctx context.Context, id PostingID) (Posting, error)
	PostingByCode(ctx context.Context, code string) (Posting, error)
	PostingOfShift(ctx context.Context, id ShiftID) (Posting, error)
	PostingCodeFree(ctx context.Context, code string) (bool, error)
	// PostingsByID returns those that exist, in the order of ids.
	PostingsByID(ctx context.Context, ids []PostingID) ([]Posting, error)
	Postings(ctx context.Context, scope Scope, f PostingFilter) (Page[Posting], error)
	// DuePostings returns open postings whose time is over at now.
	DuePostings(ctx context.Context, now time.Time, limit int) ([]PostingID, error)
	// MarkFilled moves a posting between published and filled by the places left,
	// in one statement; call it in the transaction that changed them.
	MarkFilled(ctx context.Context, id PostingID) error
	AddPostingMove(ctx context.Context, id string, m PostingMove) error
	PostingHistory(ctx context.Context, id PostingID) ([]PostingMove, error)
}

// PostingFilter narrows a list of postings. Empty fields do not.
type PostingFilter struct {
	Statuses []PostingStatus
	Employer EmployerID
	Station  StationID
	Cursor   string
	Limit    int
}
