package httpapi

import (
	"context"
	"net/http"

	"linggong/internal/access"
	"linggong/internal/day"
	"linggong/internal/hardship"
	"linggong/internal/hardship/helpcase"
)

// CaseActs is what can be done to a help case.
type CaseActs interface {
	OpenCase(ctx context.Context, actor access.Actor, person, why string) (helpcase.Case, error)
	Assign(ctx context.Context, actor access.Actor, id helpcase.ID, account string) (helpcase.Case, error)
	Assess(ctx context.Context, actor access.Actor, id helpcase.ID, in hardship.AssessmentInput) (helpcase.Assessment, error)
	ConfirmAssessment(ctx context.Context, actor access.Actor, id helpcase.ID, agreed bool) (helpcase.Case, error)
	MakePlan(ctx context.Context, actor access.Actor, id helpcase.ID, goals string, measures []helpcase.Kind) (helpcase.Case, error)
	Promise(ctx context.Context, actor access.Actor, id helpcase.ID, p helpcase.Promise) (helpcase.Case, error)
	AddMeasure(ctx context.Context, actor access.Actor, id helpcase.ID, in hardship.MeasureInput) (helpcase.Measure, error)
	ReviewRefusals(ctx context.Context, actor access.Actor, id helpcase.ID, decision, opinion string) (helpcase.Case, error)
	FindWork(ctx context.Context, actor access.Actor, id helpcase.ID, since day.Date, form, evidence string) (helpcase.Case, error)
	LoseWork(ctx context.Context, actor access.Actor, id helpcase.ID, on day.Date) (helpcase.Case, error)
	FollowUp(ctx context.Context, actor access.Actor, id helpcase.ID, in hardship.FollowUpInput) (helpcase.Case, error)
	CloseCase(ctx context.Context, actor access.Actor, id helpcase.ID, why helpcase.CloseReason, evidence string) (helpcase.Case, error)
	ReopenCase(ctx context.Context, actor access.Actor, id helpcase.ID, reason string) (helpcase.Case, error)
}

// Measure is one act of help (帮扶措施).
type Measure struct {
	ID        string          `json:"id" format:"uuid"`
	CaseID    string          `json:"case_id" format:"uuid"`
	Kind      string          `json:"kind" enum:"policy,guidance,job_referral,training_offer,training_done,internship,welfare_post,startup,subsidy,gig_placement"`
	On        day.Date        `json:"on" format:"date"`
	Detail    string          `json:"detail"`
	PostingID string          `json:"posting_id,omitempty" format:"uuid"`
	StartsOn  day.Date        `json:"starts_on,omitempty" format:"date"`
	Answer    string          `json:"answer,omitempty" enum:"accepted,refused,no_answer"`
	Refusal   *MeasureRefusal `json:"refusal,omitempty"`
	Evidence  string          `json:"evidence,omitempty"`
	Source    string          `json:"source,omitempty" doc:"the kind of act elsewhere that it came from"`
	Counts    bool            `json:"counts"`
	WhyNot    string          `json:"why_not,omitempty"`
	WhyNotKey string          `json:"why_not_code,omitempty"`
}

// MeasureRefusal is why an offer was refused, and whether it would have suited.
type MeasureRefusal struct {
	Reason    string `json:"reason" minLength:"1" maxLength:"500"`
	Suitable  bool   `json:"suitable" doc:"suited her health, distance and hours"`
	Justified bool   `json:"justified,omitempty"`
}

func newMeasure(m helpcase.Measure) Measure {
	out := Measure{
		ID: string(m.ID), CaseID: string(m.Case), Kind: string(m.Kind), On: m.On, Detail: m.Detail, PostingID: m.Posting, StartsOn: m.StartsOn,
		Answer: string(m.Answer), Evidence: m.Evidence, Source: m.Ref.Kind, Counts: m.Counts, WhyNot: m.WhyNotText(), WhyNotKey: m.WhyNot,
	}
	if r := m.Refusal; r != nil {
		out.Refusal = &MeasureRefusal{r.Reason, r.Suitable, r.Justified}
	}
	return out
}

func newMeasures(all []helpcase.Measure) []Measure {
	out := make([]Measure, len(all))
	for i, m := range all {
		out[i] = newMeasure(m)
	}
	return out
}

func (a *API) caseActRoutes(tag string) {
	post := func(path, id, summary string, may access.Action) route {
		return route{method: http.MethodPost, path: path, id: id, tag: tag, summary: summary, may: may}
	}
	open := post("/cases", "open-case", "建立帮扶个案", access.CaseWrite)
	open.status = http.StatusCreated
	handle(a, open, a.openCase)
	handle(a, post("/cases/{id}/assign", "assign-case", "指派或移交", access.CaseAssign), a.assignCase)
	handle(a, post("/cases/{id}/assess", "assess-case", "四清评估", access.CaseWrite), a.assessCase)
	handle(a, post("/cases/{id}/confirm-assessment", "confirm-assessment", "复核意愿与能力", access.CaseAssign), a.confirmAssessment)
	handle(a, post("/cases/{id}/plan", "plan-case", "制定帮扶计划", access.CaseWrite), a.planCase)
	handle(a, post("/cases/{id}/next", "set-next-action", "约定下一步", access.CaseWrite), a.nextOfCase)
	measure := post("/cases/{id}/measures", "add-measure", "记录帮扶措施", access.MeasureWrite)
	measure.status = http.StatusCreated
	handle(a, measure, a.addMeasure)
	handle(a, post("/cases/{id}/refusal-review", "review-refusals", "复核拒绝推荐情况", access.CaseAssign), a.reviewRefusals)
	handle(a, post("/cases/{id}/employed", "record-employment", "记录就业", access.CaseWrite), a.findWork)
	handle(a, post("/cases/{id}/work-lost", "record-work-lost", "记录失业", access.CaseWrite), a.loseWork)
	handle(a, post("/cases/{id}/follow-ups", "record-follow-up", "就业后回访", access.CaseWrite), a.followUp)
	handle(a, post("/cases/{id}/close", "close-case", "结案", access.CaseWrite), a.closeCase)
	handle(a, post("/cases/{id}/reopen", "reopen-case", "重新开案", access.CaseWrite), a.reopenCase)
}

func (a *API) openCase(ctx context.Context, actor access.Actor, in *struct {
	Body struct {
		PersonID string `json:"person_id" format:"uuid"`
		Reason   string `json:"reason" enum:"visit,walk_in,data_push,self,referral" default:"walk_in"`
	}
},
) (*body[HelpCase], error) {
	c, err := a.Cases.OpenCase(ctx, actor, in.Body.PersonID, in.Body.Reason)
	return a.helpCase(ctx, actor, c.ID, err)
}

func (a *API) assignCase(ctx context.Context, actor access.Actor, in *struct {
	ByID
	Body struct {
		AccountID string `json:"account_id" format:"uuid"`
	}
},
) (*body[HelpCase], error) {
	c, err := a.Cases.Assign(ctx, actor, helpcase.ID(in.ID), in.Body.AccountID)
	return a.helpCase(ctx, actor, c.ID, err)
}

func (a *API) assessCase(ctx context.Context, actor access.Actor, in *struct {
	ByID
	Body struct {
		On     day.Date `json:"on,omitempty" format:"date"`
		Blocks struct {
			Basic      string `json:"basic,omitempty" maxLength:"2000"`
			Employment string `json:"employment,omitempty" maxLength:"2000"`
			Skills     string `json:"skills,omitempty" maxLength:"2000"`
			Wish       string `json:"wish,omitempty" maxLength:"2000"`
		} `json:"blocks"`
		Willing  *bool  `json:"willing,omitempty"`
		Able     *bool  `json:"able,omitempty"`
		Evidence string `json:"evidence,omitempty" maxLength:"1000"`
	}
},
) (*body[HelpCase], error) {
	b := in.Body
	blocks := map[helpcase.Clarity]string{}
	for k, v := range map[helpcase.Clarity]string{
		helpcase.ClearBasic: b.Blocks.Basic, helpcase.ClearEmployment: b.Blocks.Employment, helpcase.ClearSkills: b.Blocks.Skills, helpcase.ClearWish: b.Blocks.Wish,
	} {
		if v != "" {
			blocks[k] = v
		}
	}
	_, err := a.Cases.Assess(ctx, actor, helpcase.ID(in.ID), hardship.AssessmentInput{
		On: b.On, Blocks: blocks, Willing: b.Willing, Able: b.Able, Evidence: b.Evidence,
	})
	return a.helpCase(ctx, actor, helpcase.ID(in.ID), err)
}

func (a *API) confirmAssessment(ctx context.Context, actor access.Actor, in *struct {
	ByID
	Body struct {
		OK bool `json:"ok" default:"true"`
	}
},
) (*body[HelpCase], error) {
	c, err := a.Cases.ConfirmAssessment(ctx, actor, helpcase.ID(in.ID), in.Body.OK)
	return a.helpCase(ctx, actor, c.ID, err)
}

func (a *API) planCase(ctx context.Context, actor access.Actor, in *struct {
	ByID
	Body struct {
		Goals    string          `json:"goals" minLength:"1" maxLength:"2000"`
		Measures []helpcase.Kind `json:"measures,omitempty" maxItems:"10"`
	}
},
) (*body[HelpCase], error) {
	c, err := a.Cases.MakePlan(ctx, actor, helpcase.ID(in.ID), in.Body.Goals, in.Body.Measures)
	return a.helpCase(ctx, actor, c.ID, err)
}

// NextForm is a next step of the caseworker's own.
type NextForm struct {
	Kind string   `json:"kind" enum:"visit,call,other,assess,plan"`
	Due  day.Date `json:"due" format:"date"`
	Note string   `json:"note,omitempty" maxLength:"500"`
}

func (f NextForm) promise() helpcase.Promise {
	return helpcase.Promise{Kind: helpcase.ActionKind(f.Kind), Due: f.Due, Note: f.Note}
}

func (a *API) nextOfCase(ctx context.Context, actor access.Actor, in *struct {
	ByID
	Body NextForm
},
) (*body[HelpCase], error) {
	c, err := a.Cases.Promise(ctx, actor, helpcase.ID(in.ID), in.Body.promise())
	return a.helpCase(ctx, actor, c.ID, err)
}

func (a *API) addMeasure(ctx context.Context, actor access.Actor, in *struct {
	ByID
	Body struct {
		Kind      string          `json:"kind" enum:"policy,guidance,job_referral,training_offer,training_done,internship,welfare_post,startup,subsidy,gig_placement"`
		On        day.Date        `json:"on,omitempty" format:"date"`
		Detail    string          `json:"detail,omitempty" maxLength:"2000"`
		PostingID string          `json:"posting_id,omitempty" format:"uuid"`
		PostName  string          `json:"post_name,omitempty" maxLength:"100" doc:"a post outside this market"`
		StartsOn  day.Date        `json:"starts_on,omitempty" format:"date" doc:"first day of the class or post offered"`
		Mass      bool            `json:"mass,omitempty" doc:"sent to many at once"`
		Outside   bool            `json:"outside_limits,omitempty" doc:"outside her stated distance, hours or health"`
		Answer    string          `json:"answer,omitempty" enum:"accepted,refused,no_answer"`
		Refusal   *MeasureRefusal `json:"refusal,omitempty"`
		Evidence  string          `json:"evidence,omitempty" maxLength:"1000"`
	}
},
) (*body[Measure], error) {
	b := in.Body
	f := hardship.MeasureInput{
		Kind: helpcase.Kind(b.Kind), On: b.On, Detail: b.Detail, Posting: b.PostingID, PostName: b.PostName, StartsOn: b.StartsOn,
		Mass: b.Mass, Outside: b.Outside, Answer: helpcase.Answer(b.Answer), Evidence: b.Evidence,
	}
	if b.Refusal != nil {
		f.Refusal = &helpcase.Refusal{Reason: b.Refusal.Reason, Suitable: b.Refusal.Suitable, Justified: b.Refusal.Justified}
	}
	m, err := a.Cases.AddMeasure(ctx, actor, helpcase.ID(in.ID), f)
	if err != nil {
		return nil, err
	}
	return &body[Measure]{newMeasure(m)}, nil
}

func (a *API) reviewRefusals(ctx context.Context, actor access.Actor, in *struct {
	ByID
	Body struct {
		Decision string `json:"decision" enum:"continue,justified,tell_civil_affairs"`
		Opinion  string `json:"opinion" minLength:"1" maxLength:"1000"`
	}
},
) (*body[HelpCase], error) {
	c, err := a.Cases.ReviewRefusals(ctx, actor, helpcase.ID(in.ID), in.Body.Decision, in.Body.Opinion)
	return a.helpCase(ctx, actor, c.ID, err)
}

func (a *API) findWork(ctx context.Context, actor access.Actor, in *struct {
	ByID
	Body struct {
		Since    day.Date `json:"since" format:"date"`
		Form     string   `json:"form" enum:"full_time,flexible,self_employed,welfare_post"`
		Evidence string   `json:"evidence" minLength:"1" maxLength:"1000"`
	}
},
) (*body[HelpCase], error) {
	c, err := a.Cases.FindWork(ctx, actor, helpcase.ID(in.ID), in.Body.Since, in.Body.Form, in.Body.Evidence)
	return a.helpCase(ctx, actor, c.ID, err)
}

func (a *API) loseWork(ctx context.Context, actor access.Actor, in *struct {
	ByID
	Body struct {
		On day.Date `json:"on" format:"date"`
	}
},
) (*body[HelpCase], error) {
	c, err := a.Cases.LoseWork(ctx, actor, helpcase.ID(in.ID), in.Body.On)
	return a.helpCase(ctx, actor, c.ID, err)
}

func (a *API) followUp(ctx context.Context, actor access.Actor, in *struct {
	ByID
	Body struct {
		Month    int      `json:"month" enum:"1,3,6"`
		On       day.Date `json:"on" format:"date"`
		Employed bool     `json:"employed"`
		Evidence string   `json:"evidence" minLength:"1" maxLength:"1000"`
	}
},
) (*body[HelpCase], error) {
	b := in.Body
	c, err := a.Cases.FollowUp(ctx, actor, helpcase.ID(in.ID), hardship.FollowUpInput{Month: b.Month, On: b.On, Employed: b.Employed, Evidence: b.Evidence})
	return a.helpCase(ctx, actor, c.ID, err)
}

func (a *API) closeCase(ctx context.Context, actor access.Actor, in *struct {
	ByID
	Body struct {
		Reason   string `json:"reason" maxLength:"40" doc:"stable_employment, statutory_exit, withdrew, moved, deceased, merged; nothing else (R-HELP-04)"`
		Evidence string `json:"evidence" maxLength:"1000"`
	}
},
) (*body[HelpCase], error) {
	c, err := a.Cases.CloseCase(ctx, actor, helpcase.ID(in.ID), helpcase.CloseReason(in.Body.Reason), in.Body.Evidence)
	return a.helpCase(ctx, actor, c.ID, err)
}

func (a *API) reopenCase(ctx context.Context, actor access.Actor, in *struct {
	ByID
	Body struct {
		Reason string `json:"reason" minLength:"1" maxLength:"500"`
	}
},
) (*body[HelpCase], error) {
	c, err := a.Cases.ReopenCase(ctx, actor, helpcase.ID(in.ID), in.Body.Reason)
	return a.helpCase(ctx, actor, c.ID, err)
}
