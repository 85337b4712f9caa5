package httpapi

import (
	"context"
	"net/http"
	"strings"
	"time"

	"linggong/internal/access"
	"linggong/internal/day"
	"linggong/internal/hardship"
	"linggong/internal/hardship/recognition"
)

// Recognitions is the procedure of recognising hardship persons.
type Recognitions interface {
	Apply(ctx context.Context, actor access.Actor, in hardship.RecognitionInput) (recognition.Record, error)
	Amend(ctx context.Context, actor access.Actor, id recognition.ID, in hardship.RecognitionInput, version int64) (recognition.Record, error)
	Move(ctx context.Context, actor access.Actor, id recognition.ID, m recognition.Move, in recognition.Input) (recognition.Record, error)
	Recognition(ctx context.Context, actor access.Actor, id recognition.ID) (hardship.RecognitionView, error)
	Recognitions(ctx context.Context, actor access.Actor, under string, f hardship.RecognitionFilter) ([]hardship.RecognitionView, error)
	PublicNotices(ctx context.Context, under string) ([]hardship.PublicNotice, error)
}

// Recognition is one procedure of recognition (就业困难人员认定) and its outcome.
type Recognition struct {
	ID          string               `json:"id" format:"uuid"`
	Person      PersonBrief          `json:"person"`
	Categories  []string             `json:"categories" doc:"H1 … H6, not ended"`
	Primary     string               `json:"primary"`
	Holdings    []Holding            `json:"holdings" doc:"every category with its own validity"`
	Status      string               `json:"status" enum:"draft,submitted,data_checked,town_review,publicity,objection,county_decision,recognised,refused,returned,suspended,exited,revoked"`
	AppliedOn   day.Date             `json:"applied_on" format:"date"`
	Steps       []RecognitionStep    `json:"steps"`
	Due         day.Date             `json:"due,omitempty" format:"date"`
	OverdueDays int                  `json:"overdue_days"`
	OwnerRole   string               `json:"owner_role" doc:"who must act; empty where nobody must"`
	Publicity   *DateRange           `json:"publicity,omitempty"`
	ValidFrom   day.Date             `json:"valid_from,omitempty" format:"date"`
	ValidTo     day.Date             `json:"valid_to,omitempty" format:"date"`
	EndedOn     day.Date             `json:"ended_on,omitempty" format:"date"`
	EndReason   string               `json:"end_reason,omitempty"`
	Appeal      *AppealChannel       `json:"appeal,omitempty"`
	Facts       *RecognitionFacts    `json:"facts,omitempty"`
	Findings    []RecognitionFinding `json:"findings"`
	Next        []string             `json:"next" doc:"what the reader could do now"`
	Version     int64                `json:"version"`
}

// Holding is one category with its validity.
type Holding struct {
	Category string   `json:"category"`
	Primary  bool     `json:"primary"`
	From     day.Date `json:"from,omitempty" format:"date"`
	To       day.Date `json:"to,omitempty" format:"date"`
	EndedOn  day.Date `json:"ended_on,omitempty" format:"date"`
	Reason   string   `json:"reason,omitempty"`
}

// DateRange is a span of days, both included.
type DateRange struct {
	From day.Date `json:"from" format:"date"`
	To   day.Date `json:"to,omitempty" format:"date" doc:"absent while an objection stops the clock"`
}

// AppealChannel is what a refused or ended person is told.
type AppealChannel struct {
	Text  string   `json:"text"`
	Until day.Date `json:"until" format:"date"`
}

// RecognitionStep is one line of the history.
type RecognitionStep struct {
	Step    string    `json:"step"`
	From    string    `json:"from"`
	To      string    `json:"to"`
	At      time.Time `json:"at"`
	ByRole  string    `json:"by_role"`
	Opinion string    `json:"opinion,omitempty"`
	Reason  string    `json:"reason,omitempty"`
}

// RecognitionFinding is one condition judged.
type RecognitionFinding struct {
	Category  string `json:"category"`
	Condition string `json:"condition"`
	Met       *bool  `json:"met" doc:"null: nothing known, a person must look"`
	Evidence  string `json:"evidence"`
	Rule      string `json:"rule"`
	Source    string `json:"source"`
	Hard      bool   `json:"hard" doc:"false only warns"`
}

// RecognitionFacts is what the categories are judged by.
type RecognitionFacts struct {
	RegisteredOn   day.Date    `json:"registered_unemployed_on,omitempty" format:"date"`
	BenefitFrom    day.Date    `json:"benefit_from,omitempty" format:"date"`
	BenefitTo      day.Date    `json:"benefit_to,omitempty" format:"date"`
	LowIncome      string      `json:"low_income,omitempty" enum:"dibao,edge"`
	Disability     *Disability `json:"disability,omitempty"`
	SpecialSupport bool        `json:"special_support,omitempty"`
	HouseholdID    string      `json:"household_id,omitempty" format:"uuid"`
	Other          string      `json:"other,omitempty" maxLength:"200" doc:"H6: the document that names the group"`
}

// Disability is what the certificate says; sealed at rest, in no list.
type Disability struct {
	Kind  int `json:"kind" minimum:"1" maximum:"7"`
	Level int `json:"level" minimum:"1" maximum:"4"`
}

func (a *API) recognitionRoutes() {
	const tag = "recognitions 认定"
	handle(a, route{method: http.MethodGet, path: "/recognitions", id: "list-recognitions", tag: tag, summary: "认定", may: access.RecognitionRead}, a.listRecognitions)
	handle(a, route{method: http.MethodPost, path: "/recognitions", id: "apply-recognition", tag: tag, summary: "申请认定", may: access.RecognitionOpen, status: http.StatusCreated}, a.applyRecognition)
	handle(a, route{method: http.MethodGet, path: "/recognitions/publicity", id: "list-public-notices", tag: tag, summary: "认定公示", public: true}, a.publicNotices)
	handle(a, route{method: http.MethodGet, path: "/recognitions/{id}", id: "get-recognition", tag: tag, summary: "认定", may: access.RecognitionRead}, a.getRecognition)
	handle(a, route{method: http.MethodPut, path: "/recognitions/{id}", id: "amend-recognition", tag: tag, summary: "修改申请", may: access.RecognitionOpen}, a.amendRecognition)
	handle(a, route{method: http.MethodPost, path: "/recognitions/{id}/{event}", id: "move-recognition", tag: tag, summary: "办理认定", may: access.RecognitionOpen}, a.moveRecognition)
}

func (a *API) newRecognition(v hardship.RecognitionView) Recognition {
	r := Recognition{
		ID: string(v.ID), Person: a.newPersonBrief(v.Card), Categories: []string{}, Primary: string(v.Primary()), Holdings: []Holding{},
		Status: string(v.State), AppliedOn: v.AppliedOn, Steps: []RecognitionStep{}, Due: v.Due, OwnerRole: string(v.Owner),
		ValidFrom: v.ValidFrom, ValidTo: v.ValidTo, EndedOn: v.EndedOn, EndReason: v.End, Findings: []RecognitionFinding{}, Next: []string{}, Version: v.Version,
	}
	if v.Due != "" {
		r.OverdueDays = max(0, a.today().Sub(v.Due))
	}
	if v.Notice.From != "" {
		r.Publicity = &DateRange{From: v.Notice.From, To: v.Notice.To}
	}
	if until := v.AppealUntil(); until != "" {
		r.Appeal = &AppealChannel{Text: recognition.AppealChannel, Until: until}
	}
	for _, c := range v.Held() {
		r.Categories = append(r.Categories, string(c))
	}
	for _, h := range v.Holdings {
		r.Holdings = append(r.Holdings, Holding{Category: string(h.Category), Primary: h.Primary, From: h.From, To: h.To, EndedOn: h.EndedOn, Reason: h.End})
	}
	for _, s := range v.Steps {
		r.Steps = append(r.Steps, RecognitionStep{
			Step: string(s.Move), From: string(s.From), To: string(s.To), At: s.At, ByRole: string(s.Role), Opinion: s.Opinion, Reason: s.Reason,
		})
	}
	for _, f := range v.Findings {
		r.Findings = append(r.Findings, RecognitionFinding{
			Category: string(f.Category), Condition: f.Condition, Met: f.Met, Evidence: f.Evidence, Rule: f.Rule, Source: f.Source, Hard: f.Hard,
		})
	}
	for _, m := range v.Next {
		r.Next = append(r.Next, string(m))
	}
	return r
}

// recognition answers with one in full, its facts included.
func (a *API) recognition(ctx context.Context, actor access.Actor, id recognition.ID, err error) (*body[Recognition], error) {
	if err != nil {
		return nil, err
	}
	v, err := a.Recognitions.Recognition(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	r := a.newRecognition(v)
	f := v.Facts
	r.Facts = &RecognitionFacts{
		RegisteredOn: f.RegisteredOn, BenefitFrom: f.BenefitFrom, BenefitTo: f.BenefitTo, LowIncome: f.LowIncome,
		SpecialSupport: f.SpecialSupport, HouseholdID: f.Household, Other: f.Other,
	}
	if f.Disability != nil {
		r.Facts.Disability = &Disability{f.Disability.Kind, f.Disability.Level}
	}
	return &body[Recognition]{r}, nil
}

type recognitionQuery struct {
	PageQuery
	Status  string `query:"status" maxLength:"200" doc:"one or several, separated by commas"`
	Village string `query:"village" maxLength:"12" doc:"a village, a town or the city"`
	Person  string `query:"person_id" maxLength:"36"`
}

func (a *API) listRecognitions(ctx context.Context, actor access.Actor, in *recognitionQuery) (*body[list[Recognition]], error) {
	all, err := a.Recognitions.Recognitions(ctx, actor, in.Village, hardship.RecognitionFilter{
		States: words[recognition.State](in.Status), Person: in.Person, After: recognition.ID(in.Cursor), Limit: in.Limit,
	})
	if err != nil {
		return nil, err
	}
	out := list[Recognition]{Items: make([]Recognition, len(all))}
	for i, v := range all {
		out.Items[i] = a.newRecognition(v)
	}
	if len(all) == in.Limit {
		out.Next = string(all[len(all)-1].ID)
	}
	return &body[list[Recognition]]{out}, nil
}

// words splits a list of codes in a query.
func words[T ~string](s string) []T {
	var out []T
	for w := range strings.SplitSeq(s, ",") {
		if w = strings.TrimSpace(w); w != "" {
			out = append(out, T(w))
		}
	}
	return out
}

// RecognitionForm is an application.
type RecognitionForm struct {
	PersonID   string           `json:"person_id" format:"uuid"`
	Categories []string         `json:"categories" minItems:"1" maxItems:"6" uniqueItems:"true" enum:"H1,H2,H3,H4,H5,H6"`
	Primary    string           `json:"primary,omitempty" enum:"H1,H2,H3,H4,H5,H6" doc:"the first when absent"`
	Facts      RecognitionFacts `json:"facts"`
}

func (f RecognitionForm) input() hardship.RecognitionInput {
	in := hardship.RecognitionInput{
		Person: f.PersonID, Primary: recognition.Category(f.Primary),
		Facts: recognition.Facts{
			RegisteredOn: f.Facts.RegisteredOn, BenefitFrom: f.Facts.BenefitFrom, BenefitTo: f.Facts.BenefitTo, LowIncome: f.Facts.LowIncome,
			SpecialSupport: f.Facts.SpecialSupport, Household: f.Facts.HouseholdID, Other: f.Facts.Other,
		},
	}
	for _, c := range f.Categories {
		in.Categories = append(in.Categories, recognition.Category(c))
	}
	if d := f.Facts.Disability; d != nil {
		in.Facts.Disability = &recognition.Disability{Kind: d.Kind, Level: d.Level}
	}
	return in
}

func (a *API) applyRecognition(ctx context.Context, actor access.Actor, in *struct{ Body RecognitionForm }) (*body[Recognition], error) {
	r, err := a.Recognitions.Apply(ctx, actor, in.Body.input())
	return a.recognition(ctx, actor, r.ID, err)
}

func (a *API) getRecognition(ctx context.Context, actor access.Actor, in *ByID) (*body[Recognition], error) {
	return a.recognition(ctx, actor, recognition.ID(in.ID), nil)
}

func (a *API) amendRecognition(ctx context.Context, actor access.Actor, in *struct {
	ByID
	IfMatch
	Body RecognitionForm
},
) (*body[Recognition], error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	_, err = a.Recognitions.Amend(ctx, actor, recognition.ID(in.ID), in.Body.input(), version)
	return a.recognition(ctx, actor, recognition.ID(in.ID), err)
}

type moveRecognitionBody struct {
	ByID
	Event string `path:"event" enum:"submit,check,return,review,publish,object,resolve-objection,close-publicity,decide,appeal,withdraw,propose-renewal,renew,suspend,resume,end-category,exit,revoke"`
	Body  struct {
		OK          *bool  `json:"ok,omitempty" doc:"check, review, resolve-objection, decide"`
		Opinion     string `json:"opinion,omitempty" maxLength:"1000"`
		Reason      string `json:"reason,omitempty" maxLength:"1000" doc:"a code for suspend, exit and end-category"`
		Evidence    string `json:"evidence,omitempty" maxLength:"1000"`
		ValidMonths int    `json:"valid_months,omitempty" minimum:"0" maximum:"60"`
		Category    string `json:"category,omitempty" enum:"H1,H2,H3,H4,H5,H6" doc:"end-category"`
	}
}

func (a *API) moveRecognition(ctx context.Context, actor access.Actor, in *moveRecognitionBody) (*body[Recognition], error) {
	b := in.Body
	_, err := a.Recognitions.Move(ctx, actor, recognition.ID(in.ID), recognition.Move(in.Event), recognition.Input{
		OK: b.OK, Opinion: b.Opinion, Reason: b.Reason, Evidence: b.Evidence, ValidMonths: b.ValidMonths, Category: recognition.Category(b.Category),
	})
	return a.recognition(ctx, actor, recognition.ID(in.ID), err)
}

// PublicNotice is one line of the public list (R-HARD-04): no number, phone,
// disability or amount.
type PublicNotice struct {
	NameMasked  string   `json:"name_masked"`
	Village     string   `json:"village"`
	VillageName string   `json:"village_name"`
	Categories  []string `json:"categories"`
	From        day.Date `json:"from" format:"date"`
	To          day.Date `json:"to" format:"date"`
}

func (a *API) publicNotices(ctx context.Context, _ access.Actor, in *struct {
	Village string `query:"village" maxLength:"12"`
},
) (*body[list[PublicNotice]], error) {
	all, err := a.Recognitions.PublicNotices(ctx, in.Village)
	if err != nil {
		return nil, err
	}
	out := list[PublicNotice]{Items: make([]PublicNotice, len(all))}
	for i, n := range all {
		p := PublicNotice{NameMasked: n.NameMasked, Village: n.Village, VillageName: a.Names.Region(n.Village), From: n.From, To: n.To, Categories: []string{}}
		for _, c := range n.Categories {
			p.Categories = append(p.Categories, string(c))
		}
		out.Items[i] = p
	}
	return &body[list[PublicNotice]]{out}, nil
}
