package gig

import (
	"context"
	"iter"
	"time"

	"linggong/internal/errs"
	"linggong/internal/gig/offer"
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
func (p Posting) Town() string { return offer.TownOf(p.Village) }

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
		if !s.Begun(now) {
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
	// OpenPostings returns published and filled postings by id, those after a
	// given one: what can be found.
	OpenPostings(ctx context.Context, after PostingID, limit int) ([]Posting, error)
	// PublishedPostings yields as much of every published posting as a search's
	// columns hold: ids, version, trade, places, pay by the hour, settlement, form,
	// yes-or-no facts, shifts without their ids, times to the second. Of the way to
	// get there only whether there is one.
	PublishedPostings(ctx context.Context) iter.Seq2[Posting, error]
	// Applicants returns how many wait for an answer, of those postings, nil for all.
	Applicants(ctx context.Context, ids []PostingID) (map[PostingID]int, error)
	// Answers returns of 1000 applications made since then to each employer, how
	// many were answered before they lapsed; see AnswerRate.
	Answers(ctx context.Context, since time.Time) (map[EmployerID]int, error)
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
