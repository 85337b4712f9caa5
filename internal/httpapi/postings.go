package httpapi

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"linggong/internal/access"
	"linggong/internal/day"
	"linggong/internal/errs"
	"linggong/internal/gig"
	"linggong/internal/worktext"
)

// Postings is the life of a posting.
type Postings interface {
	CheckDraft(ctx context.Context, actor access.Actor, d gig.Draft) (gig.Verdict, error)
	CreatePosting(ctx context.Context, actor access.Actor, d gig.Draft) (gig.Posting, error)
	ChangePosting(ctx context.Context, actor access.Actor, id gig.PostingID, t gig.Terms, version int64) (gig.Posting, error)
	PublishPosting(ctx context.Context, actor access.Actor, id gig.PostingID, version int64) (gig.Posting, error)
	ReviewPosting(ctx context.Context, actor access.Actor, id gig.PostingID, d gig.Decision, reason string) (gig.Posting, error)
	ClosePosting(ctx context.Context, actor access.Actor, id gig.PostingID, reason string) (gig.Posting, error)
	PausePosting(ctx context.Context, actor access.Actor, id gig.PostingID, reason string) (gig.Posting, error)
	TakeDownPosting(ctx context.Context, actor access.Actor, id gig.PostingID, reason string) (gig.Posting, error)
	CopyPosting(ctx context.Context, actor access.Actor, id gig.PostingID, on day.Date) (gig.Posting, error)
	Posting(ctx context.Context, actor access.Actor, id gig.PostingID) (gig.PostingView, error)
	PostingByCode(ctx context.Context, actor access.Actor, code string) (gig.PostingView, error)
	Postings(ctx context.Context, actor access.Actor, f gig.PostingFilter) (gig.Page[gig.PostingView], error)
	PostingHistory(ctx context.Context, actor access.Actor, id gig.PostingID) ([]gig.PostingMove, error)
}

// IfMatch is the version an edit was made from: the ETag of what was read.
type IfMatch struct {
	Version string `header:"If-Match" doc:"version as read; the edit is refused with 412 when someone else was faster"`
}

var errIfMatch = errs.New(errs.Invalid, "if_match_invalid", "If-Match 应为读到的版本号", "If-Match must be the version as read.")

// version returns the number, 0 where none was sent.
func (m IfMatch) version() (int64, error) {
	s := strings.Trim(strings.TrimPrefix(m.Version, "W/"), `"`)
	if s == "" || s == "*" {
		return 0, nil
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 1 {
		return 0, errIfMatch
	}
	return n, nil
}

// Posting is a call for people.
type Posting struct {
	ID          string          `json:"id" format:"uuid"`
	Code        string          `json:"code" doc:"six digits, to be said aloud"`
	Title       string          `json:"title"`
	Trade       string          `json:"trade"`
	TradeName   string          `json:"trade_name"`
	Description string          `json:"description"`
	Employer    PostingEmployer `json:"employer"`
	StationID   string          `json:"station_id,omitempty"`
	Form        string          `json:"form" enum:"part_time,short_full_time,service,trainee,welfare"`
	Town        string          `json:"town"`
	TownName    string          `json:"town_name"`
	Village     string          `json:"village"`
	VillageName string          `json:"village_name"`
	Address     string          `json:"address" doc:"empty where a household's is kept back until confirmation"`
	Lat         float64         `json:"lat"`
	Lng         float64         `json:"lng"`
	Pay         Pay             `json:"pay"`
	Shifts      []Shift         `json:"shifts"`
	Headcount   int64           `json:"headcount"`
	Open        int64           `json:"open" doc:"places left in shifts to come"`

	Meals          bool       `json:"meals"`
	Lodging        bool       `json:"lodging"`
	Transport      string     `json:"transport,omitempty"`
	Tools          string     `json:"tools,omitempty"`
	Bring          string     `json:"bring,omitempty"`
	Insurance      string     `json:"insurance" enum:"work_injury,accident,single,occupational,none"`
	Flags          []string   `json:"flags"`
	MinAge         int64      `json:"min_age"`
	Certificates   []string   `json:"certificates"`
	SuitedOlder    bool       `json:"suited_older"`
	SuitedDisabled bool       `json:"suited_disabled"`
	NoExperience   bool       `json:"no_experience"`
	Urgent         bool       `json:"urgent"`
	ProjectNo      string     `json:"project_no,omitempty"`
	Status         string     `json:"status" enum:"draft,in_review,published,filled,expired,closed,paused,taken_down,returned,rejected"`
	PublishedAt    *time.Time `json:"published_at,omitempty"`
	ValidUntil     *time.Time `json:"valid_until,omitempty"`
	Warnings       []Finding  `json:"warnings" doc:"only for those who manage it"`
	Manages        bool       `json:"manages" doc:"the asker may change it"`
	Origin         string     `json:"origin,omitempty"`
	Version        int64      `json:"version"`
}

// PostingEmployer is who posts.
type PostingEmployer struct {
	ID     string  `json:"id" format:"uuid"`
	Name   string  `json:"name"`
	Kind   string  `json:"kind" enum:"organisation,household"`
	Rating *Rating `json:"rating,omitempty"`
}

// Pay is what is offered.
type Pay struct {
	AmountFen      int64  `json:"amount_fen" minimum:"0"`
	Unit           string `json:"unit,omitempty" enum:"hour,day,piece,job,month"`
	HourFen        int64  `json:"hour_fen,omitempty" readOnly:"true" doc:"what an hour earns at least; absent where it cannot be known"`
	PiecesPerHour  int64  `json:"pieces_per_hour,omitempty" minimum:"0" doc:"a practised worker's, when paid by the piece"`
	Note           string `json:"note,omitempty" maxLength:"200"`
	Settlement     string `json:"settlement,omitempty" enum:"daily,weekly,on_completion,monthly"`
	SettlementDays int64  `json:"settlement_days" minimum:"0" required:"false" doc:"days from the end of work to the money"`
	Payer          string `json:"payer,omitempty" maxLength:"60"`
}

// Finding is one thing a rule says about a posting.
type Finding struct {
	Code     string `json:"code"`
	Severity string `json:"severity" enum:"block,hold,warn"`
	Message  string `json:"message"`
	Rule     string `json:"rule"`
	Source   string `json:"source"`
	Remedy   string `json:"remedy"`
	Field    string `json:"field"`
}

// PostingDraft is what is written of a posting.
type PostingDraft struct {
	EmployerID     string     `json:"employer_id,omitempty" maxLength:"36" doc:"for staff; an employer posts for itself"`
	StationID      string     `json:"station_id,omitempty" maxLength:"36"`
	Title          string     `json:"title" maxLength:"200" required:"false"`
	Trade          string     `json:"trade" maxLength:"40" required:"false"`
	Description    string     `json:"description" maxLength:"4000" required:"false"`
	Form           string     `json:"form,omitempty" enum:"part_time,short_full_time,service,trainee,welfare" doc:"by the hours when absent"`
	Village        string     `json:"village,omitempty" maxLength:"12" doc:"the employer's when absent"`
	Address        string     `json:"address,omitempty" maxLength:"200"`
	Lat            float64    `json:"lat,omitempty"`
	Lng            float64    `json:"lng,omitempty"`
	Pay            Pay        `json:"pay" required:"false"`
	Shifts         []Shift    `json:"shifts" maxItems:"100" required:"false"`
	Meals          bool       `json:"meals,omitempty"`
	Lodging        bool       `json:"lodging,omitempty"`
	Transport      string     `json:"transport,omitempty" maxLength:"200"`
	Tools          string     `json:"tools,omitempty" maxLength:"200"`
	Bring          string     `json:"bring,omitempty" maxLength:"200"`
	Insurance      string     `json:"insurance,omitempty" enum:"work_injury,accident,single,occupational,none"`
	Flags          []string   `json:"flags,omitempty" maxItems:"20"`
	MinAge         int64      `json:"min_age,omitempty" minimum:"0" maximum:"100"`
	Certificates   []string   `json:"certificates,omitempty" maxItems:"20"`
	SuitedOlder    bool       `json:"suited_older,omitempty"`
	SuitedDisabled bool       `json:"suited_disabled,omitempty"`
	NoExperience   bool       `json:"no_experience,omitempty"`
	Urgent         bool       `json:"urgent,omitempty"`
	ProjectNo      string     `json:"project_no,omitempty" maxLength:"60"`
	ValidUntil     *time.Time `json:"valid_until,omitempty" doc:"the last shift's start, at most 30 days, when absent"`
}

// PostingCheck is what the rules say while someone types.
type PostingCheck struct {
	Findings       []Finding `json:"findings"`
	HourFen        int64     `json:"hour_fen" doc:"0 where it cannot be known"`
	MinimumHourFen int64     `json:"minimum_hour_fen"`
	Lawful         bool      `json:"lawful"`
}

// PostingMove is one step of a posting's history.
type PostingMove struct {
	At       time.Time `json:"at"`
	From     string    `json:"from"`
	To       string    `json:"to"`
	ByRole   string    `json:"by_role"`
	Reason   string    `json:"reason,omitempty"`
	Version  int64     `json:"version"`
	Findings []Finding `json:"findings"`
}

func (a *API) postingRoutes() {
	const tag = "postings 岗位"
	handle(a, route{method: http.MethodPost, path: "/postings/check", id: "check-posting", tag: tag, summary: "边填边查，不保存", may: access.PostingWrite}, a.checkPosting)
	handle(a, route{method: http.MethodPost, path: "/postings", id: "create-posting", tag: tag, summary: "新建草稿", may: access.PostingWrite, status: http.StatusCreated}, a.createPosting)
	handle(a, route{method: http.MethodGet, path: "/postings/{id}", id: "get-posting", tag: tag, summary: "岗位", may: access.PostingSearch}, a.getPosting)
	handle(a, route{method: http.MethodGet, path: "/postings/by-code/{code}", id: "get-posting-by-code", tag: tag, summary: "按六位号码找岗位", may: access.PostingSearch}, a.postingByCode)
	handle(a, route{method: http.MethodPut, path: "/postings/{id}", id: "change-posting", tag: tag, summary: "修改；重要变动回到审核", may: access.PostingWrite}, a.changePosting)
	handle(a, route{method: http.MethodPost, path: "/postings/{id}/publish", id: "publish-posting", tag: tag, summary: "发布", may: access.PostingWrite}, a.publishPosting)
	handle(a, route{method: http.MethodPost, path: "/postings/{id}/review", id: "review-posting", tag: tag, summary: "审核", may: access.PostingReview}, a.reviewPosting)
	handle(a, route{method: http.MethodPost, path: "/postings/{id}/close", id: "close-posting", tag: tag, summary: "关闭", may: access.PostingWrite},
		func(ctx context.Context, actor access.Actor, in *postingReason) (*body[Posting], error) {
			return a.acted(ctx, actor)(a.Postings.ClosePosting(ctx, actor, gig.PostingID(in.ID), in.Body.Reason))
		})
	handle(a, route{method: http.MethodPost, path: "/postings/{id}/pause", id: "pause-posting", tag: tag, summary: "暂停", may: access.PostingWrite},
		func(ctx context.Context, actor access.Actor, in *postingReason) (*body[Posting], error) {
			return a.acted(ctx, actor)(a.Postings.PausePosting(ctx, actor, gig.PostingID(in.ID), in.Body.Reason))
		})
	handle(a, route{method: http.MethodPost, path: "/postings/{id}/take-down", id: "take-down-posting", tag: tag, summary: "下架", may: access.PostingTakeDown},
		func(ctx context.Context, actor access.Actor, in *postingReason) (*body[Posting], error) {
			return a.acted(ctx, actor)(a.Postings.TakeDownPosting(ctx, actor, gig.PostingID(in.ID), in.Body.Reason))
		})
	handle(a, route{method: http.MethodPost, path: "/postings/{id}/copy", id: "copy-posting", tag: tag, summary: "复制到另一天", may: access.PostingWrite, status: http.StatusCreated}, a.copyPosting)
	handle(a, route{method: http.MethodGet, path: "/postings/{id}/history", id: "list-posting-history", tag: tag, summary: "岗位经过", may: access.PostingWrite}, a.postingHistory)
	handle(a, route{method: http.MethodGet, path: "/employers/me/postings", id: "list-own-postings", tag: tag, summary: "我发布的岗位", may: access.PostingWrite}, a.ownPostings)
	handle(a, route{method: http.MethodGet, path: "/stations/{id}/postings", id: "list-station-postings", tag: tag, summary: "本站管辖的岗位", may: access.PostingReview}, a.stationPostings)
}

func tradeName(id string) string {
	t, _ := worktext.TradeByID(id)
	return t.Name
}

func newFindings(list []gig.Finding) []Finding {
	out := make([]Finding, len(list))
	for i, f := range list {
		out[i] = Finding{f.Code, string(f.Severity), f.Message, f.Rule, f.Source, f.Remedy, f.Field}
	}
	return out
}

func codes[T ~string](list []T) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = string(s)
	}
	return out
}

func (a *API) newPosting(v gig.PostingView) Posting {
	p := Posting{
		ID: string(v.ID), Code: v.Code, Title: v.Title, Trade: v.Trade, TradeName: tradeName(v.Trade), Description: v.Description,
		Employer:  PostingEmployer{ID: string(v.EmployerID), Name: v.Employer.Name, Kind: string(v.Employer.Kind), Rating: newRating(v.Employer.RatingSum, v.Employer.RatingCount)},
		StationID: string(v.StationID), Form: string(v.Form),
		Town: v.Town(), TownName: a.Names.Region(v.Town()), Village: v.Village, VillageName: a.Names.Region(v.Village), Address: v.Address,
		Lat: v.Place.Lat(), Lng: v.Place.Lng(),
		Pay: Pay{
			AmountFen: v.Pay.AmountFen, Unit: string(v.Pay.Unit), HourFen: v.HourFen, PiecesPerHour: v.Pay.PiecesPerHour, Note: v.Pay.Note,
			Settlement: string(v.Pay.Settlement), SettlementDays: v.Pay.SettlementDays, Payer: v.Pay.Payer,
		},
		Shifts: []Shift{}, Headcount: v.Headcount(), Open: v.OpenPlaces(a.opts.Now()),
		Meals: v.Meals, Lodging: v.Lodging, Transport: v.Transport, Tools: v.Tools, Bring: v.Bring, Insurance: v.Insurance,
		Flags: codes(v.Flags), MinAge: v.MinAge, Certificates: some(v.Certificates), SuitedOlder: v.SuitedOlder, SuitedDisabled: v.SuitedDisabled,
		NoExperience: v.NoExperience, Urgent: v.Urgent, ProjectNo: v.ProjectNo, Status: string(v.Status),
		PublishedAt: instant(v.PublishedAt), ValidUntil: instant(v.ValidUntil), Warnings: newFindings(v.Warnings), Manages: v.Manages,
		Origin: v.Origin, Version: v.Version,
	}
	for _, s := range v.Shifts {
		p.Shifts = append(p.Shifts, newShift(s, a.opts.Now()))
	}
	return p
}

func (d PostingDraft) draft() gig.Draft {
	t := gig.Terms{
		Title: d.Title, Trade: d.Trade, Description: d.Description, Form: gig.Form(d.Form), Village: d.Village, Address: d.Address,
		Place: gig.PointOf(d.Lat, d.Lng),
		Pay: gig.Pay{
			AmountFen: d.Pay.AmountFen, Unit: gig.PayUnit(d.Pay.Unit), PiecesPerHour: d.Pay.PiecesPerHour, Note: d.Pay.Note,
			Settlement: gig.SettlementKind(d.Pay.Settlement), SettlementDays: d.Pay.SettlementDays, Payer: d.Pay.Payer,
		},
		Meals: d.Meals, Lodging: d.Lodging, Transport: d.Transport, Tools: d.Tools, Bring: d.Bring, Insurance: d.Insurance,
		MinAge: d.MinAge, Certificates: d.Certificates, SuitedOlder: d.SuitedOlder, SuitedDisabled: d.SuitedDisabled,
		NoExperience: d.NoExperience, Urgent: d.Urgent, ProjectNo: d.ProjectNo,
	}
	for _, f := range d.Flags {
		t.Flags = append(t.Flags, gig.Flag(f))
	}
	for _, s := range d.Shifts {
		t.Shifts = append(t.Shifts, gig.Shift{
			ID: gig.ShiftID(s.ID), Date: day.Of(s.StartsAt), StartsAt: s.StartsAt, EndsAt: s.EndsAt, BreakMinutes: s.BreakMinutes, Headcount: s.Headcount,
		})
	}
	if d.ValidUntil != nil {
		t.ValidUntil = d.ValidUntil.UTC()
	}
	return gig.Draft{EmployerID: gig.EmployerID(d.EmployerID), StationID: gig.StationID(d.StationID), Terms: t}
}

type postingInput struct{ Body PostingDraft }

type postingReason struct {
	ByID
	Body struct {
		Reason string `json:"reason" maxLength:"500" required:"false"`
	}
}

// acted shows a posting as it is after an act.
func (a *API) acted(ctx context.Context, actor access.Actor) func(gig.Posting, error) (*body[Posting], error) {
	return func(p gig.Posting, err error) (*body[Posting], error) {
		if err != nil {
			return nil, err
		}
		return a.posting(a.Postings.Posting(ctx, actor, p.ID))
	}
}

func (a *API) posting(v gig.PostingView, err error) (*body[Posting], error) {
	if err != nil {
		return nil, err
	}
	return &body[Posting]{a.newPosting(v)}, nil
}

func (a *API) checkPosting(ctx context.Context, actor access.Actor, in *postingInput) (*body[PostingCheck], error) {
	v, err := a.Postings.CheckDraft(ctx, actor, in.Body.draft())
	if err != nil {
		return nil, err
	}
	return &body[PostingCheck]{PostingCheck{Findings: newFindings(v.Findings), HourFen: v.HourFen, MinimumHourFen: v.MinimumHourFen, Lawful: v.Lawful()}}, nil
}

func (a *API) createPosting(ctx context.Context, actor access.Actor, in *postingInput) (*body[Posting], error) {
	return a.acted(ctx, actor)(a.Postings.CreatePosting(ctx, actor, in.Body.draft()))
}

func (a *API) getPosting(ctx context.Context, actor access.Actor, in *ByID) (*body[Posting], error) {
	return a.posting(a.Postings.Posting(ctx, actor, gig.PostingID(in.ID)))
}

func (a *API) postingByCode(ctx context.Context, actor access.Actor, in *struct {
	Code string `path:"code" pattern:"^[0-9]{6}$"`
},
) (*body[Posting], error) {
	return a.posting(a.Postings.PostingByCode(ctx, actor, in.Code))
}

func (a *API) changePosting(ctx context.Context, actor access.Actor, in *struct {
	ByID
	IfMatch
	Body PostingDraft
},
) (*body[Posting], error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	return a.acted(ctx, actor)(a.Postings.ChangePosting(ctx, actor, gig.PostingID(in.ID), in.Body.draft().Terms, version))
}

func (a *API) publishPosting(ctx context.Context, actor access.Actor, in *struct {
	ByID
	IfMatch
},
) (*body[Posting], error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	return a.acted(ctx, actor)(a.Postings.PublishPosting(ctx, actor, gig.PostingID(in.ID), version))
}

func (a *API) reviewPosting(ctx context.Context, actor access.Actor, in *struct {
	ByID
	Body struct {
		Decision string `json:"decision" enum:"publish,return,reject"`
		Reason   string `json:"reason" maxLength:"500" required:"false"`
	}
},
) (*body[Posting], error) {
	return a.acted(ctx, actor)(a.Postings.ReviewPosting(ctx, actor, gig.PostingID(in.ID), gig.Decision(in.Body.Decision), in.Body.Reason))
}

func (a *API) copyPosting(ctx context.Context, actor access.Actor, in *struct {
	ByID
	Body struct {
		Date day.Date `json:"date" format:"date" doc:"day of the first shift"`
	}
},
) (*body[Posting], error) {
	return a.acted(ctx, actor)(a.Postings.CopyPosting(ctx, actor, gig.PostingID(in.ID), in.Body.Date))
}

func (a *API) postingHistory(ctx context.Context, actor access.Actor, in *ByID) (*body[list[PostingMove]], error) {
	moves, err := a.Postings.PostingHistory(ctx, actor, gig.PostingID(in.ID))
	if err != nil {
		return nil, err
	}
	out := list[PostingMove]{Items: []PostingMove{}}
	for _, m := range moves {
		out.Items = append(out.Items, PostingMove{
			At: m.At, From: string(m.From), To: string(m.To), ByRole: m.ByRole, Reason: m.Reason, Version: m.Version, Findings: newFindings(m.Findings),
		})
	}
	return &body[list[PostingMove]]{out}, nil
}

// PostingListQuery is a page of postings, of one status if named.
type PostingListQuery struct {
	PageQuery
	Status string `query:"status" enum:"draft,in_review,published,filled,expired,closed,paused,taken_down,returned,rejected"`
}

func (q PostingListQuery) filter() gig.PostingFilter {
	f := gig.PostingFilter{Cursor: q.Cursor, Limit: q.Limit}
	if q.Status != "" {
		f.Statuses = []gig.PostingStatus{gig.PostingStatus(q.Status)}
	}
	return f
}

func (a *API) listPostings(ctx context.Context, actor access.Actor, f gig.PostingFilter) (*body[list[Posting]], error) {
	page, err := a.Postings.Postings(ctx, actor, f)
	if err != nil {
		return nil, err
	}
	out := list[Posting]{Items: []Posting{}, Next: page.Next}
	for _, v := range page.Items {
		out.Items = append(out.Items, a.newPosting(v))
	}
	return &body[list[Posting]]{out}, nil
}

func (a *API) ownPostings(ctx context.Context, actor access.Actor, in *PostingListQuery) (*body[list[Posting]], error) {
	f := in.filter()
	if actor.Employer == "" {
		return nil, gig.ErrEmployerNotFound
	}
	f.Employer = gig.EmployerID(actor.Employer)
	return a.listPostings(ctx, actor, f)
}

// stationPostings lists by the asker's scope: a station's operator sees those of
// the station and of its regions.
func (a *API) stationPostings(ctx context.Context, actor access.Actor, in *struct {
	ByID
	PostingListQuery
},
) (*body[list[Posting]], error) {
	f := in.filter()
	if actor.Station != in.ID {
		f.Station = gig.StationID(in.ID)
	}
	return a.listPostings(ctx, actor, f)
}
