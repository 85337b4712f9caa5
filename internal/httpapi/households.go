package httpapi

import (
	"context"
	"net/http"

	"linggong/internal/access"
	"linggong/internal/day"
	"linggong/internal/hardship"
)

// Households is the register of households.
type Households interface {
	OpenHousehold(ctx context.Context, actor access.Actor, in hardship.HouseholdInput) (hardship.Household, error)
	Household(ctx context.Context, actor access.Actor, id hardship.HouseholdID) (hardship.HouseholdView, error)
	Households(ctx context.Context, actor access.Actor, under string, f hardship.HouseholdFilter) ([]hardship.HouseholdView, error)
	JoinHousehold(ctx context.Context, actor access.Actor, id hardship.HouseholdID, in hardship.MemberInput) (hardship.Household, error)
	LeaveHousehold(ctx context.Context, actor access.Actor, id hardship.HouseholdID, person, reason string) (hardship.Household, error)
	SetMemberStatus(ctx context.Context, actor access.Actor, id hardship.HouseholdID, person string, to hardship.LifeStatus, since day.Date, unwilling bool) (hardship.Household, error)
}

// PersonBrief is a person in a list of the desk, masked.
type PersonBrief struct {
	ID          string `json:"id" format:"uuid"`
	NameMasked  string `json:"name_masked"`
	Sex         string `json:"sex,omitempty"`
	Age         int    `json:"age,omitempty" doc:"absent where no birth is known"`
	Village     string `json:"village"`
	VillageName string `json:"village_name"`
}

func (a *API) newPersonBrief(c hardship.PersonCard) PersonBrief {
	p := PersonBrief{ID: c.ID, NameMasked: c.NameMasked, Sex: c.Sex, Village: c.Village, VillageName: a.Names.Region(c.Village)}
	if c.Birth != "" {
		p.Age = a.today().Age(c.Birth)
	}
	return p
}

// Household is people living together in one village.
type Household struct {
	ID             string            `json:"id" format:"uuid"`
	Name           string            `json:"name"`
	Village        string            `json:"village"`
	VillageName    string            `json:"village_name"`
	AddressMasked  string            `json:"address_masked"`
	Urban          bool              `json:"urban"`
	OtherIncome    bool              `json:"other_income"`
	Members        []HouseholdMember `json:"members"`
	ZeroEmployment ZeroEmployment    `json:"zero_employment"`
	Version        int64             `json:"version"`
}

// HouseholdMember is one person's living there.
type HouseholdMember struct {
	Person    PersonBrief `json:"person"`
	Relation  string      `json:"relation"`
	Status    string      `json:"status" enum:"employed,self_employed,unemployed,retired,student,unable,away"`
	Since     day.Date    `json:"since" format:"date" doc:"of the status"`
	Unwilling bool        `json:"unwilling"`
	MovedIn   day.Date    `json:"moved_in" format:"date"`
	MovedOut  day.Date    `json:"moved_out,omitempty" format:"date"`
	OutReason string      `json:"out_reason,omitempty"`
}

// ZeroEmployment is computed from the members.
type ZeroEmployment struct {
	Is         bool     `json:"is"`
	Reason     string   `json:"reason" enum:"nobody_works,someone_works,no_working_age,nobody_able,nobody_wants,other_income,rural"`
	Since      day.Date `json:"since,omitempty" format:"date"`
	TargetDate day.Date `json:"target_date,omitempty" format:"date"`
}

func (a *API) householdRoutes() {
	const tag = "households 家庭"
	handle(a, route{method: http.MethodGet, path: "/households", id: "list-households", tag: tag, summary: "家庭", may: access.HouseholdRead}, a.listHouseholds)
	handle(a, route{method: http.MethodPost, path: "/households", id: "open-household", tag: tag, summary: "登记家庭", may: access.HouseholdWrite, status: http.StatusCreated}, a.openHousehold)
	handle(a, route{method: http.MethodGet, path: "/households/{id}", id: "get-household", tag: tag, summary: "家庭", may: access.HouseholdRead}, a.getHousehold)
	handle(a, route{method: http.MethodPost, path: "/households/{id}/members", id: "join-household", tag: tag, summary: "成员迁入", may: access.HouseholdWrite}, a.joinHousehold)
	handle(a, route{method: http.MethodPut, path: "/households/{id}/members/{person_id}", id: "set-member-status", tag: tag, summary: "成员状态", may: access.HouseholdWrite}, a.setMemberStatus)
	handle(a, route{method: http.MethodDelete, path: "/households/{id}/members/{person_id}", id: "leave-household", tag: tag, summary: "成员迁出", may: access.HouseholdWrite}, a.leaveHousehold)
}

func (a *API) newHousehold(v hardship.HouseholdView) Household {
	h := Household{
		ID: string(v.ID), Name: v.Name, Village: v.Region, VillageName: a.Names.Region(v.Region), Urban: v.Urban, OtherIncome: v.OtherIncome,
		Members: []HouseholdMember{}, Version: v.Version,
		ZeroEmployment: ZeroEmployment{Is: v.Zero.Is, Reason: string(v.Zero.Reason), Since: v.Zero.Since, TargetDate: v.Zero.Target},
	}
	if v.Address != "" {
		h.AddressMasked = "***" // the village says where
	}
	for _, m := range v.Members {
		h.Members = append(h.Members, HouseholdMember{
			Person: a.newPersonBrief(v.Cards[m.Person]), Relation: m.Relation, Status: string(m.Status), Since: m.Since, Unwilling: m.Unwill,
			MovedIn: m.In, MovedOut: m.Out, OutReason: m.OutWhy,
		})
	}
	return h
}

// household answers a write with the household as it is now.
func (a *API) household(ctx context.Context, actor access.Actor, id hardship.HouseholdID, err error) (*body[Household], error) {
	if err != nil {
		return nil, err
	}
	v, err := a.Households.Household(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	return &body[Household]{a.newHousehold(v)}, nil
}

type householdQuery struct {
	PageQuery
	Village string `query:"village" maxLength:"12" doc:"a village, a town or the city"`
	Zero    bool   `query:"zero_employment" doc:"only zero-employment households"`
}

func (a *API) listHouseholds(ctx context.Context, actor access.Actor, in *householdQuery) (*body[list[Household]], error) {
	all, err := a.Households.Households(ctx, actor, in.Village, hardship.HouseholdFilter{
		ZeroOnly: in.Zero, After: hardship.HouseholdID(in.Cursor), Limit: in.Limit,
	})
	if err != nil {
		return nil, err
	}
	out := list[Household]{Items: make([]Household, len(all))}
	for i, v := range all {
		out.Items[i] = a.newHousehold(v)
	}
	if len(all) == in.Limit {
		out.Next = string(all[len(all)-1].ID)
	}
	return &body[list[Household]]{out}, nil
}

// MemberForm is one member as told.
type MemberForm struct {
	PersonID  string   `json:"person_id" format:"uuid"`
	Relation  string   `json:"relation" maxLength:"20" example:"head"`
	Status    string   `json:"status" enum:"employed,self_employed,unemployed,retired,student,unable,away"`
	Since     day.Date `json:"since,omitempty" format:"date" doc:"of the status; the day of moving in when absent"`
	MovedIn   day.Date `json:"moved_in,omitempty" format:"date" doc:"today when absent"`
	Unwilling bool     `json:"unwilling,omitempty"`
}

func (f MemberForm) input() hardship.MemberInput {
	return hardship.MemberInput{
		Person: f.PersonID, Relation: f.Relation, Status: hardship.LifeStatus(f.Status), Since: f.Since, In: f.MovedIn, Unwill: f.Unwilling,
	}
}

type openHouseholdBody struct {
	Body struct {
		Name        string       `json:"name" maxLength:"40" example:"张**户"`
		Village     string       `json:"village" minLength:"12" maxLength:"12"`
		Address     string       `json:"address,omitempty" maxLength:"200"`
		Urban       bool         `json:"urban,omitempty"`
		OtherIncome bool         `json:"other_income,omitempty"`
		Members     []MemberForm `json:"members,omitempty" maxItems:"20"`
	}
}

func (a *API) openHousehold(ctx context.Context, actor access.Actor, in *openHouseholdBody) (*body[Household], error) {
	b := in.Body
	f := hardship.HouseholdInput{Name: b.Name, Address: b.Address, Region: b.Village, Urban: b.Urban, OtherIncome: b.OtherIncome}
	for _, m := range b.Members {
		f.Members = append(f.Members, m.input())
	}
	h, err := a.Households.OpenHousehold(ctx, actor, f)
	return a.household(ctx, actor, h.ID, err)
}

func (a *API) getHousehold(ctx context.Context, actor access.Actor, in *ByID) (*body[Household], error) {
	return a.household(ctx, actor, hardship.HouseholdID(in.ID), nil)
}

func (a *API) joinHousehold(ctx context.Context, actor access.Actor, in *struct {
	ByID
	Body MemberForm
},
) (*body[Household], error) {
	id := hardship.HouseholdID(in.ID)
	_, err := a.Households.JoinHousehold(ctx, actor, id, in.Body.input())
	return a.household(ctx, actor, id, err)
}

// OfMember names one member of a household.
type OfMember struct {
	ByID
	Person string `path:"person_id" format:"uuid"`
}

func (a *API) setMemberStatus(ctx context.Context, actor access.Actor, in *struct {
	OfMember
	Body struct {
		Status    string   `json:"status" enum:"employed,self_employed,unemployed,retired,student,unable,away"`
		Since     day.Date `json:"since" format:"date"`
		Unwilling bool     `json:"unwilling,omitempty"`
	}
},
) (*body[Household], error) {
	id := hardship.HouseholdID(in.ID)
	_, err := a.Households.SetMemberStatus(ctx, actor, id, in.Person, hardship.LifeStatus(in.Body.Status), in.Body.Since, in.Body.Unwilling)
	return a.household(ctx, actor, id, err)
}

func (a *API) leaveHousehold(ctx context.Context, actor access.Actor, in *struct {
	OfMember
	Reason string `query:"reason" required:"true" enum:"moved_out,deceased,split,recorded_in_error"`
},
) (*body[Household], error) {
	id := hardship.HouseholdID(in.ID)
	_, err := a.Households.LeaveHousehold(ctx, actor, id, in.Person, in.Reason)
	return a.household(ctx, actor, id, err)
}
