package httpapi

import (
	"context"
	"errors"
	"net/http"
	"time"

	"linggong/internal/access"
	"linggong/internal/day"
	"linggong/internal/gig"
)

// Engagements is everything from application to settlement.
type Engagements interface {
	Apply(ctx context.Context, actor access.Actor, shift gig.ShiftID, worker gig.WorkerID) (gig.Engagement, error)
	ApplyMany(ctx context.Context, asks []gig.Ask) ([]gig.Outcome, error)
	ApplyAtKiosk(ctx context.Context, actor access.Actor, shift gig.ShiftID, who gig.Passer) (gig.Engagement, error)
	Invite(ctx context.Context, actor access.Actor, shift gig.ShiftID, worker gig.WorkerID) (gig.Engagement, error)
	Do(ctx context.Context, actor access.Actor, id gig.EngagementID, act gig.Act, d gig.Details) (gig.Engagement, error)
	Engagement(ctx context.Context, actor access.Actor, id gig.EngagementID) (gig.Engagement, []gig.EngagementMove, error)
	Engagements(ctx context.Context, actor access.Actor, f gig.EngagementFilter) (gig.Page[gig.Engagement], error)
	BySlip(ctx context.Context, code, phoneTail string) (gig.Engagement, error)
	View(ctx context.Context, actor access.Actor, e gig.Engagement) (gig.EngagementView, error)
	Views(ctx context.Context, actor access.Actor, list []gig.Engagement) ([]gig.EngagementView, error)
	Day(ctx context.Context, actor access.Actor, on day.Date) ([]gig.DayShift, error)
	Alternatives(ctx context.Context, actor access.Actor, shift gig.ShiftID) []gig.PostingHit
	OwnWorkerID(ctx context.Context, actor access.Actor) (gig.WorkerID, error)
}

// Engagement is one worker on one shift.
type Engagement struct {
	ID           string             `json:"id" format:"uuid"`
	Code         string             `json:"code" doc:"six digits on the slip"`
	Posting      EngagedPosting     `json:"posting"`
	Shift        EngagedShift       `json:"shift"`
	Worker       EngagedWorker      `json:"worker"`
	Status       string             `json:"status" enum:"applied,invited,confirmed,checked_in,checked_out,hours_confirmed,settled,disputed,closed,withdrawn,declined,refused,lapsed,cancelled,no_show"`
	Next         []string           `json:"next" doc:"what the asker may do now"`
	AnswerBy     *time.Time         `json:"answer_by,omitempty"`
	CheckedInAt  *time.Time         `json:"checked_in_at,omitempty"`
	CheckedOutAt *time.Time         `json:"checked_out_at,omitempty"`
	Planned      int64              `json:"planned_minutes"`
	Worked       int64              `json:"worked_minutes,omitempty" doc:"hours both sides agree on"`
	ByWorker     int64              `json:"minutes_by_worker,omitempty"`
	ByEmployer   int64              `json:"minutes_by_employer,omitempty"`
	HoursBy      []string           `json:"hours_confirmed_by"`
	AmountFen    int64              `json:"amount_fen,omitempty"`
	PayDue       day.Date           `json:"pay_due,omitempty" format:"date"`
	PaidAt       *time.Time         `json:"paid_at,omitempty"`
	PayMethod    string             `json:"pay_method,omitempty"`
	PayProof     string             `json:"pay_proof,omitempty"`
	Ratings      EngagementRatings  `json:"ratings"`
	History      []EngagementChange `json:"history"`
	Version      int64              `json:"version"`
}

// EngagedPosting is what an engagement shows of its posting.
type EngagedPosting struct {
	ID            string `json:"id" format:"uuid"`
	Title         string `json:"title"`
	Code          string `json:"code"`
	Trade         string `json:"trade"`
	TradeName     string `json:"trade_name"`
	TownName      string `json:"town_name"`
	VillageName   string `json:"village_name"`
	Address       string `json:"address"`
	EmployerName  string `json:"employer_name"`
	EmployerPhone string `json:"employer_phone,omitempty" doc:"only to the worker, once confirmed"`
	Bring         string `json:"bring,omitempty"`
	Pay           Pay    `json:"pay"`
}

// EngagedShift is when it is.
type EngagedShift struct {
	ID       string    `json:"id" format:"uuid"`
	Date     day.Date  `json:"date" format:"date"`
	StartsAt time.Time `json:"starts_at"`
	EndsAt   time.Time `json:"ends_at"`
}

// EngagedWorker is who it is, masked.
type EngagedWorker struct {
	ID          string `json:"id" format:"uuid"`
	NameMasked  string `json:"name_masked"`
	PhoneMasked string `json:"phone_masked"`
}

// EngagementRatings are the stars; the other side's once both have rated.
type EngagementRatings struct {
	ByEmployer int64 `json:"by_employer,omitempty"`
	ByWorker   int64 `json:"by_worker,omitempty"`
}

// EngagementChange is one act of the history.
type EngagementChange struct {
	Act    string    `json:"act"`
	Status string    `json:"status"`
	At     time.Time `json:"at"`
	ByRole string    `json:"by_role"`
	Side   string    `json:"side"`
	Reason string    `json:"reason,omitempty"`
}

// DaySheet is an employer's day.
type DaySheet struct {
	Date   day.Date   `json:"date" format:"date"`
	Shifts []DayShift `json:"shifts"`
}

// DayShift is one shift of the day with everyone on it.
type DayShift struct {
	Shift       Shift        `json:"shift"`
	Posting     Posting      `json:"posting"`
	CheckInCode string       `json:"check_in_code" doc:"shown to workers who arrive"`
	Engagements []Engagement `json:"engagements"`
}

// Invited is what became of one invitation.
type Invited struct {
	WorkerID     string   `json:"worker_id" format:"uuid"`
	EngagementID string   `json:"engagement_id,omitempty"`
	Problem      *Problem `json:"problem,omitempty"`
}

func (a *API) engagementRoutes() {
	const tag = "engagements 用工"
	handle(a, applyRoute, a.apply)
	handle(a, route{method: http.MethodGet, path: "/shifts/{shift_id}/alternatives", id: "shift-alternatives", tag: tag, summary: "招满时的三个相近岗位", public: true}, a.alternatives)
	handle(a, route{method: http.MethodPost, path: "/shifts/{shift_id}/invite", id: "invite", tag: tag, summary: "邀请", may: access.Invite, unkept: true}, a.invite)
	handle(a, route{method: http.MethodGet, path: "/engagements", id: "list-engagements", tag: tag, summary: "报名与用工记录", may: access.EngagementRead}, a.listEngagements)
	handle(a, route{method: http.MethodGet, path: "/engagements/{id}", id: "get-engagement", tag: tag, summary: "一条记录", may: access.EngagementRead}, a.getEngagement)
	handle(a, route{method: http.MethodGet, path: "/engagements/by-code/{code}", id: "get-engagement-by-slip", tag: tag, summary: "凭取件码和手机尾号查询", public: true}, a.bySlip)
	handle(a, route{method: http.MethodGet, path: "/employers/me/day", id: "day-sheet", tag: tag, summary: "当日用工表", may: access.Accept}, a.daySheet)
	handle(a, route{method: http.MethodGet, path: "/employers/me/settlements", id: "list-settlements", tag: tag, summary: "待结、逾期、已结", may: access.Settle}, a.settlements)
	for _, e := range engagementActs {
		handle(a, route{method: http.MethodPost, path: "/engagements/{id}/" + string(e.act), id: "engagement-" + string(e.act), tag: tag, summary: e.summary, may: e.may},
			func(ctx context.Context, actor access.Actor, in *actInput) (*body[Engagement], error) {
				return a.actOn(ctx, actor, e.act, in)
			})
	}
}

var engagementActs = []struct {
	act     gig.Act
	summary string
	may     access.Action
}{
	{gig.ActAccept, "录用", access.Accept},
	{gig.ActRefuse, "不录用", access.Accept},
	{gig.ActConfirm, "确认邀请", access.Answer},
	{gig.ActDecline, "谢绝邀请", access.Answer},
	{gig.ActWithdraw, "退出", access.Answer},
	{gig.ActCancel, "取消", access.Accept},
	{gig.ActCheckIn, "签到", access.Attend},
	{gig.ActCheckOut, "签退", access.Attend},
	{gig.ActNoShow, "未到岗", access.Attend},
	{gig.ActConfirmHours, "确认工时", access.Settle},
	{gig.ActPay, "记录支付", access.Settle},
	{gig.ActRate, "评价", access.Rate},
	{gig.ActDispute, "申请协调", access.Settle},
	{gig.ActResolve, "协调确定工时", access.PostingReview},
}

func (a *API) newEngagement(v gig.EngagementView) Engagement {
	out := Engagement{
		ID: string(v.ID), Code: v.Code, Status: string(v.Status), Next: codes(v.Next), AnswerBy: instant(v.AnswerBy),
		Posting: EngagedPosting{
			ID: string(v.PostingID), Title: v.Posting.Title, Code: v.Posting.Code, Trade: v.Posting.Trade, TradeName: tradeName(v.Posting.Trade),
			TownName: a.Names.Region(v.Posting.Town()), VillageName: a.Names.Region(v.Village), Address: v.Posting.Address,
			EmployerName: v.Employer.Name, EmployerPhone: v.Phone, Bring: v.Posting.Bring, Pay: newPay(v.Posting),
		},
		Shift:       EngagedShift{ID: string(v.ShiftID), Date: day.Of(v.StartsAt), StartsAt: v.StartsAt, EndsAt: v.EndsAt},
		Worker:      EngagedWorker{ID: string(v.WorkerID), NameMasked: v.Worker.NameMasked, PhoneMasked: v.Worker.PhoneMasked},
		CheckedInAt: instant(v.CheckedInAt), CheckedOutAt: instant(v.CheckedOutAt), Planned: v.Engagement.PlannedMinutes(v.Shift),
		Worked: v.Minutes(), ByWorker: v.MinutesByWorker, ByEmployer: v.MinutesByEmployer, HoursBy: []string{},
		AmountFen: v.AmountFen, PayDue: v.PayDue, PaidAt: instant(v.PaidAt), PayMethod: v.PayMethod, PayProof: v.PayProof,
		Ratings: EngagementRatings{v.StarsByEmployer, v.StarsByWorker}, History: []EngagementChange{}, Version: v.Version,
	}
	if v.MinutesByWorker > 0 {
		out.HoursBy = append(out.HoursBy, string(gig.BySeeker))
	}
	if v.MinutesByEmployer > 0 {
		out.HoursBy = append(out.HoursBy, string(gig.ByEmployer))
	}
	for _, m := range v.History {
		out.History = append(out.History, EngagementChange{string(m.Act), string(m.To), m.At, m.ByRole, string(m.Side), m.Reason})
	}
	return out
}

func (a *API) engagement(ctx context.Context, actor access.Actor, e gig.Engagement, err error) (*body[Engagement], error) {
	if err != nil {
		return nil, err
	}
	v, err := a.Engagements.View(ctx, actor, e)
	if err != nil {
		return nil, err
	}
	return &body[Engagement]{a.newEngagement(v)}, nil
}

var applyRoute = route{
	method: http.MethodPost, path: "/shifts/{shift_id}/apply", id: "apply", tag: "engagements 用工", summary: "报名（求职者、一体机、代办）",
	may: access.Apply, status: http.StatusCreated, keeps: true,
}

type applyInput struct {
	ShiftID string `path:"shift_id" format:"uuid"`
	Body    struct {
		WorkerID string `json:"worker_id,omitempty" format:"uuid" doc:"whom staff apply for (代办)"`
		Kiosk    *struct {
			Phone string `json:"phone" maxLength:"20"`
			Name  string `json:"name" minLength:"1" maxLength:"20" doc:"the surname is enough"`
		} `json:"kiosk,omitempty" doc:"a passer-by at a kiosk"`
	}
}

// apply answers a full shift with what else there is: nobody is sent away with
// a bare no.
func (a *API) apply(ctx context.Context, actor access.Actor, in *applyInput) (*body[Engagement], error) {
	out, err := a.applied(ctx, actor, in)
	if !errors.Is(err, gig.ErrShiftFull) {
		return out, err
	}
	p := a.problem(ctx, err)
	for _, h := range a.Engagements.Alternatives(ctx, actor, gig.ShiftID(in.ShiftID)) {
		p.Alternatives = append(p.Alternatives, a.newHit(h))
	}
	return nil, p
}

func (a *API) applied(ctx context.Context, actor access.Actor, in *applyInput) (*body[Engagement], error) {
	shift := gig.ShiftID(in.ShiftID)
	if in.Body.Kiosk == nil { // without a worker she applies for herself
		return a.book(ctx, actor, in, gig.WorkerID(in.Body.WorkerID))
	}
	return once(ctx, a, applyRoute, in, func(ctx context.Context) (*body[Engagement], error) {
		e, err := a.Engagements.ApplyAtKiosk(ctx, actor, shift, gig.Passer{Surname: in.Body.Kiosk.Name, Phone: in.Body.Kiosk.Phone})
		return a.engagement(ctx, actor, e, err)
	})
}

type byShift struct {
	ShiftID string `path:"shift_id" format:"uuid"`
}

func (a *API) alternatives(ctx context.Context, actor access.Actor, in *byShift) (*body[list[PostingHit]], error) {
	out := list[PostingHit]{Items: []PostingHit{}}
	for _, h := range a.Engagements.Alternatives(ctx, actor, gig.ShiftID(in.ShiftID)) {
		out.Items = append(out.Items, a.newHit(h))
	}
	return &body[list[PostingHit]]{out}, nil
}

type inviteInput struct {
	ShiftID string `path:"shift_id" format:"uuid"`
	Body    struct {
		WorkerIDs []string `json:"worker_ids" minItems:"1" maxItems:"100"`
	}
}

func (a *API) invite(ctx context.Context, actor access.Actor, in *inviteInput) (*body[list[Invited]], error) {
	out := list[Invited]{Items: []Invited{}}
	for _, id := range in.Body.WorkerIDs {
		line := Invited{WorkerID: id}
		e, err := a.Engagements.Invite(ctx, actor, gig.ShiftID(in.ShiftID), gig.WorkerID(id))
		if err != nil {
			line.Problem = a.problem(ctx, err)
		} else {
			line.EngagementID = string(e.ID)
		}
		out.Items = append(out.Items, line)
	}
	return &body[list[Invited]]{out}, nil
}

type engagementQuery struct {
	PageQuery
	Status    []string `query:"status,explode" maxItems:"15"`
	Date      string   `query:"date" format:"date"`
	PostingID string   `query:"posting_id" format:"uuid"`
	ShiftID   string   `query:"shift_id" format:"uuid"`
	WorkerID  string   `query:"worker_id" format:"uuid"`
}

func (a *API) listEngagements(ctx context.Context, actor access.Actor, in *engagementQuery) (*body[list[Engagement]], error) {
	f := gig.EngagementFilter{
		Date: day.Date(in.Date), Posting: gig.PostingID(in.PostingID), Shift: gig.ShiftID(in.ShiftID), Worker: gig.WorkerID(in.WorkerID), Cursor: in.Cursor, Limit: in.Limit,
	}
	for _, s := range in.Status {
		f.Statuses = append(f.Statuses, gig.EngagementStatus(s))
	}
	return a.engagementPage(ctx, actor, f)
}

func (a *API) engagementPage(ctx context.Context, actor access.Actor, f gig.EngagementFilter) (*body[list[Engagement]], error) {
	page, err := a.Engagements.Engagements(ctx, actor, f)
	if err != nil {
		return nil, err
	}
	views, err := a.Engagements.Views(ctx, actor, page.Items)
	if err != nil {
		return nil, err
	}
	out := list[Engagement]{Items: make([]Engagement, 0, len(views)), Next: page.Next}
	for _, v := range views {
		out.Items = append(out.Items, a.newEngagement(v))
	}
	return &body[list[Engagement]]{out}, nil
}

func (a *API) getEngagement(ctx context.Context, actor access.Actor, in *ByID) (*body[Engagement], error) {
	e, _, err := a.Engagements.Engagement(ctx, actor, gig.EngagementID(in.ID))
	return a.engagement(ctx, actor, e, err)
}

type slipInput struct {
	Code  string `path:"code" pattern:"^\\d{6}$"`
	Phone string `query:"phone_last4" required:"true" pattern:"^\\d{4}$"`
}

func (a *API) bySlip(ctx context.Context, actor access.Actor, in *slipInput) (*body[Engagement], error) {
	if a.opts.Limit != nil { // a code and four digits are soon guessed otherwise
		ok, _, err := a.opts.Limit.Allow(ctx, "slip:"+actor.Origin+actor.Session, 20, time.Minute)
		if err == nil && !ok {
			return nil, errTooOften
		}
	}
	e, err := a.Engagements.BySlip(ctx, in.Code, in.Phone)
	return a.engagement(ctx, actor, e, err)
}

type dayQuery struct {
	Date string `query:"date" format:"date" doc:"today when absent"`
}

func (a *API) daySheet(ctx context.Context, actor access.Actor, in *dayQuery) (*body[DaySheet], error) {
	on := day.Date(in.Date)
	if on == "" {
		on = a.today()
	}
	shifts, err := a.Engagements.Day(ctx, actor, on)
	if err != nil {
		return nil, err
	}
	out := DaySheet{Date: on, Shifts: []DayShift{}}
	for _, s := range shifts {
		d := DayShift{Shift: newShift(s.Shift, a.opts.Now()), Posting: a.newPosting(s.Posting), CheckInCode: s.CheckInCode, Engagements: []Engagement{}}
		for _, v := range s.Engagements {
			d.Engagements = append(d.Engagements, a.newEngagement(v))
		}
		out.Shifts = append(out.Shifts, d)
	}
	return &body[DaySheet]{out}, nil
}

type settlementQuery struct {
	PageQuery
	State string `query:"state" enum:"due,overdue,paid" default:"due"`
}

func (a *API) settlements(ctx context.Context, actor access.Actor, in *settlementQuery) (*body[list[Engagement]], error) {
	return a.engagementPage(ctx, actor, gig.EngagementFilter{DueState: in.State, Cursor: in.Cursor, Limit: in.Limit})
}

type actInput struct {
	ID   string `path:"id" format:"uuid"`
	Body struct {
		Reason    string `json:"reason,omitempty" maxLength:"500"`
		Code      string `json:"code,omitempty" maxLength:"10" doc:"check-in code"`
		Minutes   int64  `json:"minutes,omitempty" minimum:"0" maximum:"1440"`
		AmountFen int64  `json:"amount_fen,omitempty" minimum:"0" maximum:"100000000"`
		Method    string `json:"method,omitempty" maxLength:"20" doc:"bank, cash, wechat, alipay"`
		Proof     string `json:"proof,omitempty" maxLength:"200"`
		Stars     int64  `json:"stars,omitempty" minimum:"0" maximum:"5"`
		Note      string `json:"note,omitempty" maxLength:"500"`
		Who       string `json:"who,omitempty" maxLength:"20" doc:"who did not come"`
	}
}

func (a *API) actOn(ctx context.Context, actor access.Actor, act gig.Act, in *actInput) (*body[Engagement], error) {
	b := in.Body
	e, err := a.Engagements.Do(ctx, actor, gig.EngagementID(in.ID), act, gig.Details{
		Reason: b.Reason, Code: b.Code, Minutes: b.Minutes, AmountFen: b.AmountFen, Method: b.Method, Proof: b.Proof, Stars: b.Stars,
	})
	return a.engagement(ctx, actor, e, err)
}

func newPay(p gig.Posting) Pay {
	return Pay{
		AmountFen: p.Pay.AmountFen, Unit: string(p.Pay.Unit), HourFen: p.HourFen, PiecesPerHour: p.Pay.PiecesPerHour, Note: p.Pay.Note,
		Settlement: string(p.Pay.Settlement), SettlementDays: p.Pay.SettlementDays, Payer: p.Pay.Payer,
	}
}
