package httpapi

import (
	"context"
	"net/http"
	"time"

	"linggong/internal/access"
	"linggong/internal/audit"
	"linggong/internal/day"
	"linggong/internal/event"
	"linggong/internal/job"
	"linggong/internal/rules"
)

// Parameters is the rule book in force.
type Parameters interface {
	Book() *rules.Book
	List(ctx context.Context, actor access.Actor, unconfirmed bool) ([]rules.Parameter, error)
	Set(ctx context.Context, actor access.Actor, p rules.Parameter, reason string) (rules.Parameter, error)
}

// Jobs is the list of work after commits.
type Jobs interface {
	List(ctx context.Context, state job.State, before string, limit int) ([]job.Job, error)
	Count(ctx context.Context) (map[job.State]int64, error)
	Retry(ctx context.Context, id string) error
}

// Parameter is one dated fact that an authority can change.
type Parameter struct {
	Key         string   `json:"key"`
	Region      string   `json:"region"`
	Value       string   `json:"value"`
	Unit        string   `json:"unit"`
	ValidFrom   day.Date `json:"valid_from" format:"date"`
	ValidTo     day.Date `json:"valid_to,omitempty" format:"date"`
	PublishedAt day.Date `json:"published_at,omitempty" format:"date"`
	Source      string   `json:"source"`
	Rule        string   `json:"rule"`
	Confirmed   bool     `json:"confirmed"`
	Note        string   `json:"note"`
}

// Job is one piece of work after a commit.
type Job struct {
	ID          string     `json:"id" format:"uuid"`
	Kind        string     `json:"kind"`
	State       string     `json:"state" enum:"ready,running,done,dead"`
	Attempt     int        `json:"attempt"`
	MaxAttempts int        `json:"max_attempts"`
	RunAt       time.Time  `json:"run_at"`
	LastError   string     `json:"last_error,omitempty"`
	CreatedAt   time.Time  `json:"created_at"`
	FinishedAt  *time.Time `json:"finished_at,omitempty"`
}

// JobList is one page of jobs with the count of each state.
type JobList struct {
	Items  []Job            `json:"items"`
	Next   string           `json:"next"`
	Counts map[string]int64 `json:"counts"`
}

// AuditEntry is one line of the trace of acts.
type AuditEntry struct {
	ID          string    `json:"id" format:"uuid"`
	Kind        string    `json:"kind"`
	At          time.Time `json:"at"`
	On          day.Date  `json:"on" format:"date"`
	ActorRole   string    `json:"actor_role"`
	ActorID     string    `json:"actor_id,omitempty"`
	ActorName   string    `json:"actor_name,omitempty"`
	SubjectKind string    `json:"subject_kind"`
	SubjectID   string    `json:"subject_id"`
	Region      string    `json:"region,omitempty"`
	RegionName  string    `json:"region_name,omitempty"`
	Reason      string    `json:"reason,omitempty"`
	Origin      string    `json:"origin,omitempty"`
}

func (a *API) adminRoutes() {
	const tag = "admin 系统管理"
	handle(a, route{method: http.MethodGet, path: "/admin/parameters", id: "list-parameters", tag: tag, summary: "规则参数", may: access.ParameterRead}, a.parameters)
	handle(a, route{method: http.MethodPost, path: "/admin/parameters", id: "set-parameter", tag: tag, summary: "确认或设定参数", may: access.ParameterSet, status: http.StatusCreated}, a.setParameter)
	handle(a, route{method: http.MethodGet, path: "/admin/jobs", id: "list-jobs", tag: tag, summary: "后台任务", may: access.JobManage}, a.jobs)
	handle(a, route{method: http.MethodPost, path: "/admin/jobs/{id}/retry", id: "retry-job", tag: tag, summary: "重新执行", may: access.JobManage, status: http.StatusNoContent}, a.retryJob)
	handle(a, route{method: http.MethodGet, path: "/admin/audit", id: "list-audit", tag: tag, summary: "操作留痕", may: access.AuditRead}, a.auditTrail)
}

func newParameter(p rules.Parameter) Parameter {
	return Parameter{p.Key, p.Region, p.Value, p.Unit, p.ValidFrom, p.ValidTo, p.Published, p.Source, p.Rule, p.Confirmed, p.Note}
}

type parametersQuery struct {
	Confirmed string `query:"confirmed" enum:"true,false" doc:"false: only those to confirm"`
}

func (a *API) parameters(ctx context.Context, actor access.Actor, in *parametersQuery) (*body[list[Parameter]], error) {
	all, err := a.Parameters.List(ctx, actor, in.Confirmed == "false")
	if err != nil {
		return nil, err
	}
	out := list[Parameter]{Items: make([]Parameter, 0, len(all))}
	for _, p := range all {
		if in.Confirmed == "true" && !p.Confirmed {
			continue
		}
		out.Items = append(out.Items, newParameter(p))
	}
	return &body[list[Parameter]]{out}, nil
}

type parameterInput struct {
	Body struct {
		Key       string `json:"key" maxLength:"60"`
		Region    string `json:"region" maxLength:"12" pattern:"^\\d*$" doc:"prefix of region codes; empty is everywhere"`
		Value     string `json:"value" minLength:"1" maxLength:"500"`
		ValidFrom string `json:"valid_from" format:"date"`
		Source    string `json:"source" minLength:"1" maxLength:"200"`
		Confirmed bool   `json:"confirmed"`
		Note      string `json:"note,omitempty" maxLength:"500"`
		Reason    string `json:"reason" minLength:"1" maxLength:"500"`
	}
}

func (a *API) setParameter(ctx context.Context, actor access.Actor, in *parameterInput) (*body[Parameter], error) {
	b := in.Body
	p, err := a.Parameters.Set(ctx, actor, rules.Parameter{
		Key: b.Key, Region: b.Region, Value: b.Value, ValidFrom: day.Date(b.ValidFrom), Source: b.Source, Confirmed: b.Confirmed, Note: b.Note,
	}, b.Reason)
	if err != nil {
		return nil, err
	}
	return &body[Parameter]{newParameter(p)}, nil
}

type jobsQuery struct {
	PageQuery
	State string `query:"state" enum:"ready,running,done,dead"`
}

func (a *API) jobs(ctx context.Context, _ access.Actor, in *jobsQuery) (*body[JobList], error) {
	all, err := a.Jobs.List(ctx, job.State(in.State), in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	counts, err := a.Jobs.Count(ctx)
	if err != nil {
		return nil, err
	}
	out := JobList{Items: make([]Job, 0, len(all)), Counts: map[string]int64{}}
	for s, n := range counts {
		out.Counts[string(s)] = n
	}
	for _, j := range all {
		out.Items = append(out.Items, Job{j.ID, j.Kind, string(j.State), j.Attempt, j.MaxAttempts, j.RunAt, j.LastError, j.CreatedAt, instant(j.FinishedAt)})
	}
	if len(all) == in.Limit {
		out.Next = all[len(all)-1].ID
	}
	return &body[JobList]{out}, nil
}

func (a *API) retryJob(ctx context.Context, _ access.Actor, in *ByID) (*nothing, error) {
	return &nothing{}, a.Jobs.Retry(ctx, in.ID)
}

type auditQuery struct {
	PageQuery
	Actor   string `query:"actor" format:"uuid"`
	Subject string `query:"subject" maxLength:"60"`
	Person  string `query:"person" format:"uuid"`
	Kind    string `query:"kind" maxLength:"60"`
	From    string `query:"from" format:"date"`
	To      string `query:"to" format:"date"`
}

func (a *API) auditTrail(ctx context.Context, _ access.Actor, in *auditQuery) (*body[list[AuditEntry]], error) {
	all, err := a.Trace.List(ctx, audit.Filter{
		Account: in.Actor, Subject: in.Subject, Person: in.Person, Kind: event.Kind(in.Kind), From: day.Date(in.From), To: day.Date(in.To), Before: in.Cursor, Limit: in.Limit,
	})
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(all))
	for i, e := range all {
		ids[i] = e.Account
	}
	names, err := a.Names.Accounts(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := list[AuditEntry]{Items: make([]AuditEntry, 0, len(all))}
	for _, e := range all {
		line := AuditEntry{
			ID: e.ID, Kind: string(e.Kind), At: e.At, On: e.On, ActorRole: string(e.Role), ActorID: e.Account, ActorName: names[e.Account],
			SubjectKind: e.Subject.Kind, SubjectID: e.Subject.ID, Region: e.Region, Reason: e.Reason, Origin: e.Origin,
		}
		if e.Region != "" {
			line.RegionName = a.Names.Region(e.Region)
		}
		out.Items = append(out.Items, line)
	}
	if len(all) == in.Limit {
		out.Next = all[len(all)-1].ID
	}
	return &body[list[AuditEntry]]{out}, nil
}
