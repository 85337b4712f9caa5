// Package welfare is public-welfare posts (公益性岗位) and the placements on
// them: the last net, subsidised, for recognised hardship persons only, and
// for a term that the law counts.
//
// The province runs the system of record; a post and a placement carry its
// reference. Here is the local work: who may have which post, for how long, why.
package welfare

import (
	"context"
	"time"

	"linggong/internal/access"
	"linggong/internal/day"
	"linggong/internal/errs"
	"linggong/internal/event"
	"linggong/internal/rules"
	"linggong/internal/tx"
)

// The ids of welfare.
type (
	PostID      string
	PlacementID string
)

// What can be wrong.
var (
	ErrPostNotFound      = errs.New(errs.NotFound, "welfare_post_not_found", "没有这个公益性岗位", "There is no such welfare post.")
	ErrPlacementNotFound = errs.New(errs.NotFound, "placement_not_found", "没有这条安置记录", "There is no such placement.")
	ErrStale             = errs.New(errs.Stale, "welfare_stale", "刚刚有人办理过，请刷新后重试", "Someone else has just acted; reload.")
	ErrState             = errs.New(errs.Conflict, "welfare_state", "当前状态不能这样办理", "The state does not allow this.")
	ErrSamePerson        = errs.New(errs.Forbidden, "same_person", "不能审核自己经办的事项，请由另一人办理", "You may not decide what you handled yourself.").
				Because("R-PWJ-07", "公益性岗位经办内部控制", "请由另一位工作人员办理")
	ErrReason       = errs.New(errs.Invalid, "reason_required", "请填写理由", "Give a reason.").On("reason", "required", "请填写理由")
	ErrPostInvalid  = errs.New(errs.Invalid, "welfare_post_invalid", "公益性岗位资料有误", "The welfare post is not valid.")
	ErrWageBelow    = errs.New(errs.Invalid, "welfare_wage_below_minimum", "工资低于当地最低工资标准", "The wage is below the minimum.")
	ErrNumberTaken  = errs.New(errs.Conflict, "welfare_number_taken", "岗位编号已被使用", "The post number is in use.")
	ErrPostFull     = errs.New(errs.Conflict, "welfare_post_full", "这个岗位已经没有名额", "The post has no place left.")
	ErrPlacedBefore = errs.New(errs.Conflict, "already_placed", "此人已在公益性岗位上，同时只能有一个", "The person is on a welfare post already.").
			Because("R-PWJ-05", "人社部发〔2019〕124号（不得一人多岗）", "现有安置退出后可以再办")
	ErrNotRecognised = errs.New(errs.Conflict, "not_recognised", "此人没有有效的就业困难人员认定", "The person is not recognised as a hardship person.").
				Because("R-PWJ-01", "浙江省公益性岗位开发管理办法（2025）第2条", "先办理就业困难人员认定")
	ErrHouseholdPlaced = errs.New(errs.Conflict, "household_placed", "同一家庭已有一人在公益性岗位上", "Someone of the household is on a welfare post.")
	ErrPublicity       = errs.New(errs.Conflict, "publicity_running", "公示期还没有结束", "The public notice is still running.")
	ErrRankReason      = errs.New(errs.Invalid, "rank_reason_required", "还有优先次序更靠前的人，请写明为什么先安置此人", "Someone ranks before; say why.").
				Because("R-PWJ-01", "浙江省公益性岗位开发管理办法（2025），次序为本系统缺省", "写明理由，或安置排在前面的人")
	ErrMonth = errs.New(errs.Invalid, "month_invalid", "月份或出勤天数有误", "The month or its days are not valid.")
)

// Recognised is what the hardship register says of a person.
type Recognised struct {
	Person      string
	Recognition string // id
	Village     string
	Categories  []string
	Primary     string
	Severe      bool // 重度残疾: levels 1 and 2; health data, only used to rank
	Since       day.Date
	Unemployed  day.Date // registered unemployed since
	Household   string
}

// Register is the hardship register. It never tells more than is needed.
type Register interface {
	// Recognised returns the valid recognition of a person, or ok false.
	Recognised(ctx context.Context, person string, on day.Date) (r Recognised, ok bool, err error)
	// Candidates returns recognised persons below a region prefix.
	Candidates(ctx context.Context, regionPrefix string, on day.Date) ([]Recognised, error)
	// RecordMeasure writes a measure into the person's help case, if one is open.
	RecordMeasure(ctx context.Context, actor access.Actor, person, kind string, on day.Date, ref event.Ref) error
}

// Card is what may be shown of a person and what terms are computed from.
type Card struct {
	NameMasked     string
	Sex            string
	Birth          day.Date
	RetireCategory string
	Village        string
}

// People is the person registry.
type People interface {
	Cards(ctx context.Context, ids []string) (map[string]Card, error)
}

// Book gives the rules in force.
type Book func() *rules.Book

// Store keeps welfare's rows. Every method joins the transaction in ctx.
type Store interface {
	CreatePost(ctx context.Context, p Post) error
	SavePost(ctx context.Context, p Post) error
	Post(ctx context.Context, id PostID) (Post, error)
	Posts(ctx context.Context, scope Scope, f PostFilter) ([]Post, error)

	// CreatePlacement takes a place; it returns ErrPostFull or ErrPlacedBefore.
	CreatePlacement(ctx context.Context, p Placement) error
	// SavePlacement frees the place when p is no longer active.
	SavePlacement(ctx context.Context, p Placement, wasActive bool) error
	Placement(ctx context.Context, id PlacementID) (Placement, error)
	Placements(ctx context.Context, scope Scope, f PlacementFilter) ([]Placement, error)
	// History returns every placement each of these persons ever had, oldest first.
	History(ctx context.Context, persons ...string) (map[string][]Placement, error)
	// ActivePersons returns which of these persons are placed now.
	ActivePersons(ctx context.Context, persons []string) (map[string]bool, error)
	// Months returns how many months of a placement were worked.
	Months(ctx context.Context, ids []PlacementID) (map[PlacementID]int, error)
	RecordMonth(ctx context.Context, m Month) error
}

// Scope is what part a list may show.
type Scope struct {
	All      bool
	Regions  []string
	Employer string
}

// Service is welfare's use cases.
type Service struct {
	store    Store
	register Register
	people   People
	book     Book
	tx       tx.Runner
	events   event.Publisher
	newID    func() string
	now      func() time.Time
}

// Deps are what a Service needs; all are required.
type Deps struct {
	Store    Store
	Register Register
	People   People
	Book     Book
	Tx       tx.Runner
	Events   event.Publisher
	NewID    func() string
	Now      func() time.Time
}

// NewService returns the use cases of welfare posts.
func NewService(d Deps) *Service {
	return &Service{store: d.Store, register: d.Register, people: d.People, book: d.Book, tx: d.Tx, events: d.Events, newID: d.NewID, now: d.Now}
}

func (s *Service) today() day.Date { return day.Of(s.now()) }

func scopeOf(a access.Actor) Scope {
	if a.City() {
		return Scope{All: true}
	}
	return Scope{Regions: a.Regions, Employer: a.Employer}
}

// Book returns the rules in force.
func (s *Service) Book() *rules.Book { return s.book() }
