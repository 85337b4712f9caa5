package httpapi

import (
	"context"
	"net/http"

	"linggong/internal/access"
	"linggong/internal/day"
	"linggong/internal/hardship"
)

// KeyGroups is the register of key groups (重点群体).
type KeyGroups interface {
	JoinGroup(ctx context.Context, actor access.Actor, person string, in hardship.GroupInput) (hardship.Group, error)
	LeaveGroup(ctx context.Context, actor access.Actor, person string, key hardship.GroupKey, end string) error
	Groups(ctx context.Context, actor access.Actor, person string) ([]hardship.Group, error)
}

// KeyGroup is one person's belonging to a key group, for a time.
type KeyGroup struct {
	Key      string   `json:"key" enum:"registered_unemployed,graduate,low_income,low_income_edge,special_support,disabled,veteran,former_fisher,land_lost,zero_employment"`
	Since    day.Date `json:"since" format:"date"`
	Until    day.Date `json:"until,omitempty" format:"date"`
	Reason   string   `json:"reason,omitempty" doc:"why it ended"`
	Evidence string   `json:"evidence"`
	Detail   string   `json:"detail,omitempty"`
}

func (a *API) keyGroupRoutes() {
	const tag = "persons 人员"
	handle(a, route{method: http.MethodGet, path: "/persons/{id}/groups", id: "list-key-groups", tag: tag, summary: "重点群体", may: access.CaseRead}, a.listKeyGroups)
	handle(a, route{method: http.MethodPost, path: "/persons/{id}/groups", id: "join-key-group", tag: tag, summary: "纳入重点群体", may: access.CaseWrite}, a.joinKeyGroup)
	handle(a, route{method: http.MethodDelete, path: "/persons/{id}/groups/{key}", id: "leave-key-group", tag: tag, summary: "退出重点群体", may: access.CaseWrite}, a.leaveKeyGroup)
}

func (a *API) keyGroups(ctx context.Context, actor access.Actor, person string, err error) (*body[list[KeyGroup]], error) {
	if err != nil {
		return nil, err
	}
	all, err := a.KeyGroups.Groups(ctx, actor, person)
	if err != nil {
		return nil, err
	}
	out := list[KeyGroup]{Items: make([]KeyGroup, len(all))}
	for i, g := range all {
		out.Items[i] = KeyGroup{Key: string(g.Key), Since: g.Since, Until: g.Until, Reason: g.End, Evidence: g.Evidence, Detail: g.Detail}
	}
	return &body[list[KeyGroup]]{out}, nil
}

func (a *API) listKeyGroups(ctx context.Context, actor access.Actor, in *ByID) (*body[list[KeyGroup]], error) {
	return a.keyGroups(ctx, actor, in.ID, nil)
}

func (a *API) joinKeyGroup(ctx context.Context, actor access.Actor, in *struct {
	ByID
	Body struct {
		Key      string   `json:"key" enum:"registered_unemployed,graduate,low_income,low_income_edge,special_support,disabled,veteran,former_fisher,land_lost,zero_employment"`
		Since    day.Date `json:"since" format:"date"`
		Evidence string   `json:"evidence" minLength:"1" maxLength:"500"`
		Detail   string   `json:"detail,omitempty" maxLength:"500"`
	}
},
) (*body[list[KeyGroup]], error) {
	b := in.Body
	_, err := a.KeyGroups.JoinGroup(ctx, actor, in.ID, hardship.GroupInput{
		Key: hardship.GroupKey(b.Key), Since: b.Since, Evidence: b.Evidence, Detail: b.Detail,
	})
	return a.keyGroups(ctx, actor, in.ID, err)
}

func (a *API) leaveKeyGroup(ctx context.Context, actor access.Actor, in *struct {
	ByID
	Key    string `path:"key" maxLength:"40"`
	Reason string `query:"reason" required:"true" enum:"employed,no_longer_qualifies,certificate_void,retired,moved_out,deceased,withdrawn,recorded_in_error"`
},
) (*body[list[KeyGroup]], error) {
	err := a.KeyGroups.LeaveGroup(ctx, actor, in.ID, hardship.GroupKey(in.Key), in.Reason)
	return a.keyGroups(ctx, actor, in.ID, err)
}
