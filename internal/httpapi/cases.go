package httpapi

import (
	"context"
	"net/http"
	"strings"

	"linggong/internal/access"
	"linggong/internal/day"
	"linggong/internal/hardship"
	"linggong/internal/hardship/helpcase"
	"linggong/internal/rules"
)

// Cases is the help cases; what can be done to one stands in caseacts.go.
type Cases interface {
	Case(ctx context.Context, actor access.Actor, id helpcase.ID) (hardship.CaseView, error)
	Cases(ctx context.Context, actor access.Actor, under string, f hardship.CaseFilter) ([]hardship.CaseLine, error)
	LastAssessment(ctx context.Context, actor access.Actor, id helpcase.ID) (helpcase.Assessment, error)
	Choices(key string) []rules.Entry
	CaseActs
}

// HelpCase is the work for one person (帮扶个案).
type HelpCase struct {
	ID          string          `json:"id" format:"uuid"`
	Person      PersonBrief     `json:"person"`
	Village     string          `json:"village"`
	VillageName string          `json:"village_name"`
	Recognition string          `json:"recognition_id,omitempty" format:"uuid"`
	Status      string          `json:"status" enum:"identified,assigned,contacted,assessed,planned,serving,employed,following_up,closed"`
	Owner       CaseOwner       `json:"owner"`
	OpenedOn    day.Date        `json:"opened_on" format:"date"`
	Why         string          `json:"why"`
	Next        *CaseNextAction `json:"next_action,omitempty"`
	FourClear   []CaseClarity   `json:"four_clear"`
	Willing     *CaseWill       `json:"willing,omitempty"`
	Able        *CaseWill       `json:"able,omitempty"`
	ToConfirm   bool            `json:"to_confirm" doc:"an answer waits for its second person"`
	ReviewOn    day.Date        `json:"review_on,omitempty" format:"date"`
	PlanOn      day.Date        `json:"plan_on,omitempty" format:"date"`
	HelpDue     day.Date        `json:"help_due" format:"date"`
	WorkSince   day.Date        `json:"work_since,omitempty" format:"date"`
	WorkForm    string          `json:"work_form,omitempty"`
	Refusals    int             `json:"refusals" doc:"unjustified, of suitable work, in a row"`
	Review      *RefusalReview  `json:"refusal_review,omitempty"`
	Standard    []CaseService   `json:"standard"`
	Visits      []Visit         `json:"visits"`
	Measures    []Measure       `json:"measures"`
	FollowUps   []CaseFollowUp  `json:"follow_ups"`
	Closed      *CaseClosing    `json:"closed,omitempty"`
	Version     int64           `json:"version"`
}

// CaseOwner is who is responsible.
type CaseOwner struct {
	AccountID string `json:"account_id"`
	Name      string `json:"name"`
}

// CaseNextAction is what is to be done, and by when.
type CaseNextAction struct {
	Kind        string   `json:"kind"`
	Label       string   `json:"label"`
	Due         day.Date `json:"due" format:"date"`
	OverdueDays int      `json:"overdue_days"`
	Note        string   `json:"note,omitempty" doc:"the caseworker's own"`
}

// CaseClarity is one of the four clarities (四清).
type CaseClarity struct {
	Key   string   `json:"key" enum:"basic,employment,skills,wish"`
	Label string   `json:"label"`
	State string   `json:"state" enum:"clear,stale,missing"`
	Date  day.Date `json:"date,omitempty" format:"date"`
}

// CaseWill is whether she wants, or is able, to work.
type CaseWill struct {
	Value     bool     `json:"value"`
	Date      day.Date `json:"date" format:"date"`
	Confirmed bool     `json:"confirmed" doc:"by a second person"`
}

// CaseService is one line of the service standard.
type CaseService struct {
	Service string   `json:"service"`
	Needed  int      `json:"needed"`
	Done    int      `json:"done"`
	Due     day.Date `json:"due" format:"date"`
}

// CaseFollowUp is a visit due after work was found.
type CaseFollowUp struct {
	Month    int      `json:"month"`
	Due      day.Date `json:"due" format:"date"`
	DoneOn   day.Date `json:"done_on,omitempty" format:"date"`
	Employed *bool    `json:"employed,omitempty"`
	Evidence string   `json:"evidence,omitempty"`
}

// CaseClosing is why and when a case was closed.
type CaseClosing struct {
	Reason   string   `json:"reason"`
	On       day.Date `json:"on" format:"date"`
	Evidence string   `json:"evidence,omitempty"`
}

// RefusalReview waits for a person to decide; it penalises nobody (R-HELP-07).
type RefusalReview struct {
	Since    day.Date  `json:"since" format:"date"`
	Refusals []Measure `json:"refusals"`
}

func (a *API) caseRoutes() {
	const tag = "cases 帮扶个案"
	handle(a, route{method: http.MethodGet, path: "/cases", id: "list-cases", tag: tag, summary: "帮扶个案", may: access.CaseRead}, a.listCases)
	handle(a, route{method: http.MethodGet, path: "/cases/{id}", id: "get-case", tag: tag, summary: "帮扶个案", may: access.CaseRead}, a.getCase)
	handle(a, route{method: http.MethodGet, path: "/cases/{id}/assessment", id: "get-case-assessment", tag: tag, summary: "最近一次四清评估", may: access.CaseRead}, a.getAssessment)
	a.caseActRoutes(tag)
}

// newCase is what lists and pages share.
func (a *API) newCase(c helpcase.Case, card hardship.PersonCard, owner string) HelpCase {
	today := a.today()
	h := HelpCase{
		ID: string(c.ID), Person: a.newPersonBrief(card), Village: c.Region, VillageName: a.Names.Region(c.Region), Recognition: string(c.Recognition),
		Status: string(c.Status), Owner: CaseOwner{c.Owner, owner}, OpenedOn: c.OpenedOn, Why: c.Why, Willing: newWill(c.Willing), Able: newWill(c.Able),
		ToConfirm: c.Pending != "", ReviewOn: c.ReviewOn, PlanOn: c.PlanOn, HelpDue: c.HelpDue, WorkSince: c.WorkSince, WorkForm: c.WorkForm,
		Refusals: c.Refusals, FourClear: []CaseClarity{}, Standard: []CaseService{}, Visits: []Visit{}, Measures: []Measure{}, FollowUps: []CaseFollowUp{},
		Version: c.Version,
	}
	if c.Open() {
		h.Next = &CaseNextAction{Kind: string(c.Next.Kind), Label: c.Next.Label(), Due: c.Next.Due, OverdueDays: c.Next.Overdue(today)}
		if c.Promise.Kind == c.Next.Kind {
			h.Next.Note = c.Promise.Note
		}
	} else {
		h.Closed = &CaseClosing{Reason: string(c.Reason), On: c.ClosedOn, Evidence: c.Proof}
	}
	return h
}

func newWill(w helpcase.Will) *CaseWill {
	if !w.Known {
		return nil
	}
	return &CaseWill{w.Value, w.On, w.Confirmed}
}

// helpCase answers with a case in full, its history included.
func (a *API) helpCase(ctx context.Context, actor access.Actor, id helpcase.ID, err error) (*body[HelpCase], error) {
	if err != nil {
		return nil, err
	}
	v, err := a.Cases.Case(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	h := a.newCase(v.Case, v.Card, v.OwnerName)
	words := map[string]string{}
	for _, e := range a.Cases.Choices(hardship.ClarityWords) {
		words[e.Key] = e.Label
	}
	for _, x := range v.FourClear {
		h.FourClear = append(h.FourClear, CaseClarity{Key: string(x.Key), Label: words[string(x.Key)], State: x.State, Date: x.Date})
	}
	for _, p := range v.Standard {
		h.Standard = append(h.Standard, CaseService{Service: string(p.Kind), Needed: p.Needed, Done: p.Done, Due: p.Due})
	}
	for _, f := range v.FollowUps {
		out := CaseFollowUp{Month: f.Month, Due: f.Due, DoneOn: f.DoneOn, Evidence: f.Evidence}
		if f.DoneOn != "" {
			out.Employed = &f.Employed
		}
		h.FollowUps = append(h.FollowUps, out)
	}
	for _, x := range v.Visits {
		h.Visits = append(h.Visits, newVisit(x))
	}
	h.Measures = newMeasures(v.Measures)
	if v.Review != nil {
		h.Review = &RefusalReview{Since: v.Review.Since, Refusals: newMeasures(v.Review.Refusals)}
	}
	return &body[HelpCase]{h}, nil
}

type caseQuery struct {
	PageQuery
	Status  string `query:"status" maxLength:"200" doc:"one or several, separated by commas; all open ones when absent"`
	Owner   string `query:"owner" maxLength:"36" doc:"me, or an account id"`
	Village string `query:"village" maxLength:"12" doc:"a village, a town or the city"`
	Person  string `query:"person_id" maxLength:"36"`
	Overdue bool   `query:"overdue"`
}

func (a *API) listCases(ctx context.Context, actor access.Actor, in *caseQuery) (*body[list[HelpCase]], error) {
	f := hardship.CaseFilter{Statuses: words[helpcase.Status](in.Status), Owner: in.Owner, Person: in.Person, Limit: in.Limit}
	if in.Owner == "me" {
		f.Owner = actor.Account
	}
	if in.Overdue {
		f.DueBy = a.today().Add(-1)
	}
	due, id, _ := strings.Cut(in.Cursor, "_")
	f.AfterDue, f.AfterID = day.Date(due), helpcase.ID(id)
	all, err := a.Cases.Cases(ctx, actor, in.Village, f)
	if err != nil {
		return nil, err
	}
	out := list[HelpCase]{Items: make([]HelpCase, len(all))}
	for i, c := range all {
		out.Items[i] = a.newCase(c.Case, c.Card, c.OwnerName)
	}
	if len(all) == in.Limit {
		last := all[len(all)-1]
		out.Next = string(last.Next.Due) + "_" + string(last.ID)
	}
	return &body[list[HelpCase]]{out}, nil
}

func (a *API) getCase(ctx context.Context, actor access.Actor, in *ByID) (*body[HelpCase], error) {
	return a.helpCase(ctx, actor, helpcase.ID(in.ID), nil)
}

// CaseAssessment is what was found out, in words.
type CaseAssessment struct {
	On        day.Date          `json:"on" format:"date"`
	Blocks    map[string]string `json:"blocks"`
	Willing   *bool             `json:"willing,omitempty"`
	Able      *bool             `json:"able,omitempty"`
	Evidence  string            `json:"evidence,omitempty"`
	ToConfirm bool              `json:"to_confirm"`
}

func newAssessment(x helpcase.Assessment) CaseAssessment {
	out := CaseAssessment{
		On: x.On, Blocks: map[string]string{}, Willing: x.Willing, Able: x.Able, Evidence: x.Evidence, ToConfirm: x.Needs && x.ConfirmedBy == "",
	}
	for k, v := range x.Blocks {
		out.Blocks[string(k)] = v
	}
	return out
}

func (a *API) getAssessment(ctx context.Context, actor access.Actor, in *ByID) (*body[CaseAssessment], error) {
	x, err := a.Cases.LastAssessment(ctx, actor, helpcase.ID(in.ID))
	if err != nil {
		return nil, err
	}
	return &body[CaseAssessment]{newAssessment(x)}, nil
}
