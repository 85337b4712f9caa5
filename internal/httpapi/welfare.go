package httpapi

import (
	"context"
	"net/http"

	"linggong/internal/access"
	"linggong/internal/day"
	"linggong/internal/rules"
	"linggong/internal/welfare"
)

// Welfare is public-welfare posts and placements.
type Welfare interface {
	ApplyPost(ctx context.Context, actor access.Actor, p welfare.Post) (welfare.Post, error)
	MovePost(ctx context.Context, actor access.Actor, id welfare.PostID, act welfare.PostAct, reason string) (welfare.Post, error)
	Post(ctx context.Context, actor access.Actor, id welfare.PostID) (welfare.Post, error)
	Posts(ctx context.Context, actor access.Actor, f welfare.PostFilter) ([]welfare.Post, error)
	Eligible(ctx context.Context, actor access.Actor, id welfare.PostID) ([]welfare.Candidate, error)
	Propose(ctx context.Context, actor access.Actor, in welfare.Proposal) (welfare.Placement, error)
	MovePlacement(ctx context.Context, actor access.Actor, id welfare.PlacementID, act welfare.PlacementAct, d welfare.MoveDetails) (welfare.Placement, error)
	Placement(ctx context.Context, actor access.Actor, id welfare.PlacementID) (welfare.Placement, int, error)
	Placements(ctx context.Context, actor access.Actor, f welfare.PlacementFilter) ([]welfare.Placement, map[welfare.PlacementID]int, error)
	RecordMonth(ctx context.Context, actor access.Actor, id welfare.PlacementID, month string, days int) error
	Book() *rules.Book
}

// WelfarePost is a public-welfare post (公益性岗位).
type WelfarePost struct {
	ID            string   `json:"id" format:"uuid"`
	Number        string   `json:"number"`
	Title         string   `json:"title"`
	UnitName      string   `json:"unit_name"`
	EmployerID    string   `json:"employer_id,omitempty"`
	Village       string   `json:"village"`
	VillageName   string   `json:"village_name"`
	Duties        string   `json:"duties"`
	Places        int64    `json:"places"`
	Taken         int64    `json:"taken"`
	HoursDay      int64    `json:"hours_day"`
	DaysWeek      int64    `json:"days_week"`
	WageFen       int64    `json:"wage_fen"`
	WageUnit      string   `json:"wage_unit" enum:"month,hour"`
	Funding       string   `json:"funding"`
	TermMonths    int64    `json:"term_months"`
	Status        string   `json:"status" enum:"applied,town_check,recognised,announced,open,filled,closed,refused"`
	Announced     *Period  `json:"announced,omitempty"`
	ProvincialRef string   `json:"provincial_ref,omitempty"`
	Next          []string `json:"next"`
	Version       int64    `json:"version"`
}

// Period is from one day to another, both included.
type Period struct {
	From day.Date `json:"from" format:"date"`
	To   day.Date `json:"to" format:"date"`
}

// Placement is one person on one welfare post for a term (安置).
type Placement struct {
	ID            string      `json:"id" format:"uuid"`
	Post          WelfarePost `json:"post"`
	PersonID      string      `json:"person_id" format:"uuid"`
	NameMasked    string      `json:"name_masked"`
	Village       string      `json:"village"`
	Category      string      `json:"category"`
	Ordinal       int         `json:"ordinal" doc:"first or second placement"`
	Status        string      `json:"status" enum:"proposed,qualification_check,publicity,contracted,on_post,exiting,exited,refused"`
	FirstApproved day.Date    `json:"first_approved_on,omitempty" format:"date" doc:"age is measured here and never again"`
	StartsOn      day.Date    `json:"starts_on,omitempty" format:"date"`
	EndsOn        day.Date    `json:"ends_on,omitempty" format:"date"`
	MonthsTotal   int         `json:"months_total"`
	MonthsUsed    int         `json:"months_used"`
	ToRetirement  bool        `json:"extended_to_retirement"`
	Explanation   string      `json:"term_explanation"`
	Reminders     []day.Date  `json:"reminders"`
	Publicity     *Period     `json:"publicity,omitempty"`
	Relative      bool        `json:"conflict_declared"`
	RankReason    string      `json:"departs_from_rank_reason,omitempty"`
	Registration  string      `json:"registration_ref,omitempty"`
	ExitedOn      day.Date    `json:"exited_on,omitempty" format:"date"`
	ExitReason    string      `json:"exit_reason,omitempty"`
	Next          []string    `json:"next"`
	Version       int64       `json:"version"`
}

// WelfareCandidate is a recognised person in the order of placing.
type WelfareCandidate struct {
	PersonID    string    `json:"person_id" format:"uuid"`
	NameMasked  string    `json:"name_masked"`
	Village     string    `json:"village"`
	VillageName string    `json:"village_name"`
	Rank        int       `json:"rank"`
	Category    string    `json:"category"`
	Why         string    `json:"why" doc:"what ranks her"`
	Since       day.Date  `json:"recognised_since" format:"date"`
	Blockers    []Blocker `json:"blockers"`
}

func (a *API) welfareRoutes() {
	const tag = "welfare 公益性岗位"
	handle(a, route{method: http.MethodGet, path: "/welfare/posts", id: "list-welfare-posts", tag: tag, summary: "公益性岗位", may: access.WelfareRead}, a.welfarePosts)
	handle(a, route{method: http.MethodPost, path: "/welfare/posts", id: "apply-welfare-post", tag: tag, summary: "申报岗位", may: access.WelfareApply, status: http.StatusCreated}, a.applyWelfarePost)
	handle(a, route{method: http.MethodGet, path: "/welfare/posts/{id}", id: "get-welfare-post", tag: tag, summary: "一个岗位", may: access.WelfareRead}, a.welfarePost)
	handle(a, route{method: http.MethodGet, path: "/welfare/posts/{id}/eligible", id: "list-welfare-candidates", tag: tag, summary: "按次序排列的可安置人员", may: access.PlacementWrite}, a.welfareCandidates)
	for _, act := range []struct {
		act     welfare.PostAct
		summary string
		may     access.Action
	}{
		{welfare.CheckPost, "镇（街道）核对", access.WelfareTown},
		{welfare.RecognisePost, "认定", access.WelfareDecide},
		{welfare.AnnouncePost, "公告", access.WelfareDecide},
		{welfare.OpenPost, "开放", access.WelfareDecide},
		{welfare.ClosePost, "关闭", access.WelfareDecide},
	} {
		handle(a, route{method: http.MethodPost, path: "/welfare/posts/{id}/" + string(act.act), id: "welfare-post-" + string(act.act), tag: tag, summary: act.summary, may: act.may},
			func(ctx context.Context, actor access.Actor, in *moveInput) (*body[WelfarePost], error) {
				return a.moveWelfarePost(ctx, actor, act.act, in)
			})
	}
	handle(a, route{method: http.MethodPost, path: "/welfare/posts/{id}/refuse", id: "welfare-post-refuse", tag: tag, summary: "不予认定", may: access.WelfareRead},
		func(ctx context.Context, actor access.Actor, in *moveInput) (*body[WelfarePost], error) {
			return a.moveWelfarePost(ctx, actor, welfare.RefusePost, in)
		})
	handle(a, route{method: http.MethodGet, path: "/welfare/placements", id: "list-placements", tag: tag, summary: "安置", may: access.WelfareRead}, a.placements)
	handle(a, route{method: http.MethodPost, path: "/welfare/placements", id: "propose-placement", tag: tag, summary: "拟安置", may: access.PlacementWrite, status: http.StatusCreated}, a.propose)
	handle(a, route{method: http.MethodGet, path: "/welfare/placements/{id}", id: "get-placement", tag: tag, summary: "一份安置", may: access.WelfareRead}, a.placement)
	handle(a, route{method: http.MethodPost, path: "/welfare/placements/{id}/months", id: "record-placement-month", tag: tag, summary: "记出勤月", may: access.PlacementWrite}, a.recordMonth)
	for _, act := range []struct {
		act     welfare.PlacementAct
		summary string
		may     access.Action
	}{
		{welfare.CheckPlacement, "资格核对", access.WelfareTown},
		{welfare.PublishPlacement, "公示", access.WelfareDecide},
		{welfare.Contract, "签约", access.WelfareDecide},
		{welfare.Start, "上岗", access.PlacementWrite},
		{welfare.BeginExit, "开始退出", access.PlacementWrite},
		{welfare.Exit, "退出", access.WelfareDecide},
		{welfare.RefusePlacement, "不予安置", access.WelfareRead},
	} {
		handle(a, route{method: http.MethodPost, path: "/welfare/placements/{id}/" + string(act.act), id: "placement-" + string(act.act), tag: tag, summary: act.summary, may: act.may},
			func(ctx context.Context, actor access.Actor, in *placementMoveInput) (*body[Placement], error) {
				p, err := a.Welfare.MovePlacement(ctx, actor, welfare.PlacementID(in.ID), act.act, welfare.MoveDetails{
					Reason: in.Body.Reason, StartsOn: day.Date(in.Body.StartsOn), RegistrationRef: in.Body.RegistrationRef, ExitedOn: day.Date(in.Body.ExitedOn),
				})
				return a.onePlacement(ctx, actor, p, 0, err)
			})
	}
}

func period(from, to day.Date) *Period {
	if from == "" {
		return nil
	}
	return &Period{from, to}
}

func (a *API) newWelfarePost(actor access.Actor, p welfare.Post) WelfarePost {
	return WelfarePost{
		ID: string(p.ID), Number: p.Number, Title: p.Title, UnitName: p.Unit, EmployerID: p.EmployerID, Village: p.Village, VillageName: a.Names.Region(p.Village),
		Duties: p.Duties, Places: p.Places, Taken: p.Taken, HoursDay: p.HoursDay, DaysWeek: p.DaysWeek, WageFen: p.WageFen, WageUnit: p.WageUnit, Funding: p.Funding,
		TermMonths: p.TermMonths, Status: string(p.Status), Announced: period(p.AnnouncedFrom, p.AnnouncedTo), ProvincialRef: p.ProvincialRef,
		Next: codes(p.Next(actor, a.today())), Version: p.Version,
	}
}

type welfarePostsQuery struct {
	PageQuery
	Status string `query:"status" enum:"applied,town_check,recognised,announced,open,filled,closed,refused"`
}

func (a *API) welfarePosts(ctx context.Context, actor access.Actor, in *welfarePostsQuery) (*body[list[WelfarePost]], error) {
	all, err := a.Welfare.Posts(ctx, actor, welfare.PostFilter{Status: welfare.PostStatus(in.Status), Before: in.Cursor, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	out := list[WelfarePost]{Items: make([]WelfarePost, 0, len(all))}
	for _, p := range all {
		out.Items = append(out.Items, a.newWelfarePost(actor, p))
	}
	if len(all) == in.Limit {
		out.Next = string(all[len(all)-1].ID)
	}
	return &body[list[WelfarePost]]{out}, nil
}

func (a *API) oneWelfarePost(actor access.Actor, p welfare.Post, err error) (*body[WelfarePost], error) {
	if err != nil {
		return nil, err
	}
	return &body[WelfarePost]{a.newWelfarePost(actor, p)}, nil
}

func (a *API) welfarePost(ctx context.Context, actor access.Actor, in *ByID) (*body[WelfarePost], error) {
	p, err := a.Welfare.Post(ctx, actor, welfare.PostID(in.ID))
	return a.oneWelfarePost(actor, p, err)
}

type welfarePostInput struct {
	Body struct {
		Number     string `json:"number" maxLength:"40"`
		Title      string `json:"title" maxLength:"60"`
		UnitName   string `json:"unit_name" maxLength:"100"`
		Village    string `json:"village" pattern:"^\\d{12}$"`
		Duties     string `json:"duties" maxLength:"1000"`
		Places     int64  `json:"places" minimum:"1" maximum:"200"`
		HoursDay   int64  `json:"hours_day" minimum:"1" maximum:"8"`
		DaysWeek   int64  `json:"days_week" minimum:"1" maximum:"6"`
		WageFen    int64  `json:"wage_fen" minimum:"1"`
		WageUnit   string `json:"wage_unit" enum:"month,hour"`
		Funding    string `json:"funding" maxLength:"100"`
		TermMonths int64  `json:"term_months" minimum:"1" maximum:"36"`
	}
}

func (a *API) applyWelfarePost(ctx context.Context, actor access.Actor, in *welfarePostInput) (*body[WelfarePost], error) {
	b := in.Body
	p, err := a.Welfare.ApplyPost(ctx, actor, welfare.Post{
		Number: b.Number, Title: b.Title, Unit: b.UnitName, Village: b.Village, Duties: b.Duties, Places: b.Places, HoursDay: b.HoursDay,
		DaysWeek: b.DaysWeek, WageFen: b.WageFen, WageUnit: b.WageUnit, Funding: b.Funding, TermMonths: b.TermMonths,
	})
	return a.oneWelfarePost(actor, p, err)
}

type moveInput struct {
	ID   string `path:"id" format:"uuid"`
	Body struct {
		Reason string `json:"reason,omitempty" maxLength:"500"`
	}
}

func (a *API) moveWelfarePost(ctx context.Context, actor access.Actor, act welfare.PostAct, in *moveInput) (*body[WelfarePost], error) {
	p, err := a.Welfare.MovePost(ctx, actor, welfare.PostID(in.ID), act, in.Body.Reason)
	return a.oneWelfarePost(actor, p, err)
}

func (a *API) welfareCandidates(ctx context.Context, actor access.Actor, in *ByID) (*body[list[WelfareCandidate]], error) {
	all, err := a.Welfare.Eligible(ctx, actor, welfare.PostID(in.ID))
	if err != nil {
		return nil, err
	}
	out := list[WelfareCandidate]{Items: make([]WelfareCandidate, 0, len(all))}
	for _, c := range all {
		w := WelfareCandidate{
			PersonID: c.Person, NameMasked: c.Card.NameMasked, Village: c.Village, VillageName: a.Names.Region(c.Village), Rank: c.Rank,
			Category: c.Primary, Why: c.By, Since: c.Since, Blockers: []Blocker{},
		}
		for _, b := range c.Blockers {
			w.Blockers = append(w.Blockers, Blocker{Code: b.Code, Message: b.Message, Rule: b.Rule, Source: b.Source, Remedy: b.Remedy})
		}
		out.Items = append(out.Items, w)
	}
	return &body[list[WelfareCandidate]]{out}, nil
}

func (a *API) newPlacements(ctx context.Context, actor access.Actor, all []welfare.Placement, months map[welfare.PlacementID]int) ([]Placement, error) {
	ids := make([]string, len(all))
	for i, p := range all {
		ids[i] = p.Person
	}
	names, err := a.Names.People(ctx, ids)
	if err != nil {
		return nil, err
	}
	posts := map[welfare.PostID]WelfarePost{}
	out := make([]Placement, 0, len(all))
	for _, p := range all {
		post, ok := posts[p.PostID]
		if !ok {
			full, err := a.Welfare.Post(ctx, actor, p.PostID)
			if err != nil {
				return nil, err
			}
			post = a.newWelfarePost(actor, full)
			posts[p.PostID] = post
		}
		reminders := p.Reminders(a.Welfare.Book())
		out = append(out, Placement{
			ID: string(p.ID), Post: post, PersonID: p.Person, NameMasked: names[p.Person], Village: p.Village, Category: p.Category, Ordinal: p.Ordinal,
			Status: string(p.Status), FirstApproved: p.FirstApproved, StartsOn: p.StartsOn, EndsOn: p.EndsOn, MonthsTotal: p.MonthsTotal, MonthsUsed: months[p.ID],
			ToRetirement: p.ToRetirement, Explanation: p.Explanation, Reminders: some(reminders), Publicity: period(p.PublicityFrom, p.PublicityTo),
			Relative: p.Relative, RankReason: p.RankReason, Registration: p.RegistrationRef, ExitedOn: p.ExitedOn, ExitReason: p.ExitReason,
			Next: codes(p.Next(actor, a.today())), Version: p.Version,
		})
	}
	return out, nil
}

func (a *API) onePlacement(ctx context.Context, actor access.Actor, p welfare.Placement, months int, err error) (*body[Placement], error) {
	if err != nil {
		return nil, err
	}
	out, err := a.newPlacements(ctx, actor, []welfare.Placement{p}, map[welfare.PlacementID]int{p.ID: months})
	if err != nil {
		return nil, err
	}
	return &body[Placement]{out[0]}, nil
}

type placementsQuery struct {
	PageQuery
	Status   string `query:"status" enum:"proposed,qualification_check,publicity,contracted,on_post,exiting,exited,refused"`
	PostID   string `query:"post_id" format:"uuid"`
	PersonID string `query:"person_id" format:"uuid"`
}

func (a *API) placements(ctx context.Context, actor access.Actor, in *placementsQuery) (*body[list[Placement]], error) {
	all, months, err := a.Welfare.Placements(ctx, actor, welfare.PlacementFilter{
		Status: welfare.PlacementStatus(in.Status), Post: welfare.PostID(in.PostID), Person: in.PersonID, Before: in.Cursor, Limit: in.Limit,
	})
	if err != nil {
		return nil, err
	}
	items, err := a.newPlacements(ctx, actor, all, months)
	if err != nil {
		return nil, err
	}
	out := list[Placement]{Items: items}
	if len(all) == in.Limit {
		out.Next = string(all[len(all)-1].ID)
	}
	return &body[list[Placement]]{out}, nil
}

func (a *API) placement(ctx context.Context, actor access.Actor, in *ByID) (*body[Placement], error) {
	p, months, err := a.Welfare.Placement(ctx, actor, welfare.PlacementID(in.ID))
	return a.onePlacement(ctx, actor, p, months, err)
}

type proposalInput struct {
	Body struct {
		PostID   string `json:"post_id" format:"uuid"`
		PersonID string `json:"person_id" format:"uuid"`
		Conflict struct {
			Relative bool   `json:"relative" doc:"a close relative of the unit's head, the handler or a village cadre"`
			Detail   string `json:"detail,omitempty" maxLength:"200"`
		} `json:"conflict"`
		Reason string `json:"departs_from_rank_reason,omitempty" maxLength:"500"`
	}
}

func (a *API) propose(ctx context.Context, actor access.Actor, in *proposalInput) (*body[Placement], error) {
	b := in.Body
	p, err := a.Welfare.Propose(ctx, actor, welfare.Proposal{
		Post: welfare.PostID(b.PostID), Person: b.PersonID, Relative: b.Conflict.Relative, RelativeDetail: b.Conflict.Detail, RankReason: b.Reason,
	})
	return a.onePlacement(ctx, actor, p, 0, err)
}

type placementMoveInput struct {
	ID   string `path:"id" format:"uuid"`
	Body struct {
		Reason          string `json:"reason,omitempty" maxLength:"500" doc:"words, or for an exit one of its coded reasons"`
		StartsOn        string `json:"starts_on,omitempty" format:"date"`
		RegistrationRef string `json:"registration_ref,omitempty" maxLength:"60" doc:"就业登记编号"`
		ExitedOn        string `json:"exited_on,omitempty" format:"date"`
	}
}

type monthInput struct {
	ID   string `path:"id" format:"uuid"`
	Body struct {
		Month string `json:"month" pattern:"^20\\d\\d-(0[1-9]|1[0-2])$"`
		Days  int    `json:"days" minimum:"0" maximum:"31"`
	}
}

func (a *API) recordMonth(ctx context.Context, actor access.Actor, in *monthInput) (*body[Placement], error) {
	if err := a.Welfare.RecordMonth(ctx, actor, welfare.PlacementID(in.ID), in.Body.Month, in.Body.Days); err != nil {
		return nil, err
	}
	return a.placement(ctx, actor, &ByID{ID: in.ID})
}
