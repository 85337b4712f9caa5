package httpapi

import (
	"context"
	"math/big"
	"net/http"
	"time"

	"linggong/internal/access"
	"linggong/internal/indicator"
)

// Reports is how departments report and the bureau approves.
type Reports interface {
	Enter(ctx context.Context, actor access.Actor, n indicator.NewReport) (indicator.Report, error)
	List(ctx context.Context, actor access.Actor, f indicator.ReportFilter) ([]indicator.Report, error)
	Submit(ctx context.Context, actor access.Actor, id string) (indicator.Report, error)
	Approve(ctx context.Context, actor access.Actor, id string) (indicator.Report, error)
	Return(ctx context.Context, actor access.Actor, id, reason string) (indicator.Report, error)
}

// Report is a value a department reports.
type Report struct {
	ID          string     `json:"id"`
	Indicator   string     `json:"indicator"`
	Period      string     `json:"period"`
	Value       string     `json:"value" doc:"decimal, raw unit"`
	Numerator   *int64     `json:"numerator,omitempty"`
	Denominator *int64     `json:"denominator,omitempty"`
	Status      string     `json:"status" enum:"draft,submitted,approved,returned"`
	Publisher   string     `json:"publisher"`
	Document    string     `json:"document"`
	Note        string     `json:"note"`
	Reason      string     `json:"reason,omitempty"`
	EnteredBy   string     `json:"entered_by"`
	SubmittedBy string     `json:"submitted_by,omitempty"`
	ApprovedBy  string     `json:"approved_by,omitempty"`
	ApprovedAt  *time.Time `json:"approved_at,omitempty"`
	CreatedAt   time.Time  `json:"created_at"`
	Version     int64      `json:"version"`
	Next        []string   `json:"next_acts" doc:"what the asker may do with it now"`
}

func (a *API) reportRoutes() {
	const tag = "reports 部门上报"
	handle(a, route{method: http.MethodGet, path: "/reports", id: "list-reports", tag: tag, summary: "部门上报的数值", may: access.IndicatorRead}, a.listReports)
	handle(a, route{method: http.MethodPost, path: "/reports", id: "enter-report", tag: tag, summary: "录入", may: access.ReportWrite, status: http.StatusCreated}, a.enterReport)
	handle(a, route{method: http.MethodPost, path: "/reports/{id}/submit", id: "submit-report", tag: tag, summary: "提交", may: access.ReportWrite}, a.submitReport)
	handle(a, route{method: http.MethodPost, path: "/reports/{id}/approve", id: "approve-report", tag: tag, summary: "审核通过", may: access.ReportApprove}, a.approveReport)
	handle(a, route{method: http.MethodPost, path: "/reports/{id}/return", id: "return-report", tag: tag, summary: "退回", may: access.ReportApprove}, a.returnReport)
}

func decimal(micro int64) string {
	s := new(big.Rat).SetFrac64(micro, 1_000_000).FloatString(6)
	for len(s) > 0 && s[len(s)-1] == '0' {
		s = s[:len(s)-1]
	}
	if s[len(s)-1] == '.' {
		s = s[:len(s)-1]
	}
	return s
}

func (a *API) newReports(ctx context.Context, actor access.Actor, reports []indicator.Report) ([]Report, error) {
	var ids []string
	for _, r := range reports {
		ids = append(ids, r.EnteredBy, r.SubmittedBy, r.DecidedBy)
	}
	names, err := a.Names.Accounts(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := make([]Report, 0, len(reports))
	for _, r := range reports {
		v := Report{
			ID: r.ID, Indicator: string(r.Indicator), Period: r.Period, Value: decimal(r.ValueMicro), Numerator: r.Numerator, Denominator: r.Denominator,
			Status: string(r.Status), Publisher: r.Publisher, Document: r.Document, Note: r.Note, Reason: r.Reason,
			EnteredBy: names[r.EnteredBy], SubmittedBy: names[r.SubmittedBy], CreatedAt: r.CreatedAt, Version: r.Version, Next: []string{},
		}
		if r.Status == indicator.Approved {
			v.ApprovedBy, v.ApprovedAt = names[r.DecidedBy], &r.DecidedAt
		}
		v.Next = append(v.Next, r.NextActs(actor)...)
		out = append(out, v)
	}
	return out, nil
}

func (a *API) oneReport(ctx context.Context, actor access.Actor, r indicator.Report, err error) (*body[Report], error) {
	if err != nil {
		return nil, err
	}
	out, err := a.newReports(ctx, actor, []indicator.Report{r})
	if err != nil {
		return nil, err
	}
	return &body[Report]{out[0]}, nil
}

type reportsQuery struct {
	PageQuery
	Year      int    `query:"year" minimum:"2023" maximum:"2035"`
	Indicator string `query:"indicator" maxLength:"40"`
	Status    string `query:"status" enum:"draft,submitted,approved,returned"`
}

func (a *API) listReports(ctx context.Context, actor access.Actor, in *reportsQuery) (*body[list[Report]], error) {
	all, err := a.Reports.List(ctx, actor, indicator.ReportFilter{
		Indicator: indicator.Key(in.Indicator), Year: in.Year, Status: indicator.ReportStatus(in.Status), Before: in.Cursor, Limit: in.Limit,
	})
	if err != nil {
		return nil, err
	}
	items, err := a.newReports(ctx, actor, all)
	if err != nil {
		return nil, err
	}
	out := list[Report]{Items: items}
	if len(items) == in.Limit {
		out.Next = items[len(items)-1].ID
	}
	return &body[list[Report]]{out}, nil
}

type newReportBody struct {
	Body struct {
		Indicator   string `json:"indicator" maxLength:"40"`
		Period      string `json:"period" maxLength:"7"`
		Value       string `json:"value" maxLength:"20"`
		Numerator   *int64 `json:"numerator,omitempty" minimum:"0"`
		Denominator *int64 `json:"denominator,omitempty" minimum:"0"`
		Publisher   string `json:"publisher" maxLength:"100"`
		Document    string `json:"document" maxLength:"200"`
		Note        string `json:"note,omitempty" maxLength:"1000"`
	}
}

func (a *API) enterReport(ctx context.Context, actor access.Actor, in *newReportBody) (*body[Report], error) {
	b := in.Body
	r, err := a.Reports.Enter(ctx, actor, indicator.NewReport{
		Indicator: indicator.Key(b.Indicator), Period: b.Period, Value: b.Value, Numerator: b.Numerator, Denominator: b.Denominator,
		Publisher: b.Publisher, Document: b.Document, Note: b.Note,
	})
	return a.oneReport(ctx, actor, r, err)
}

func (a *API) submitReport(ctx context.Context, actor access.Actor, in *ByID) (*body[Report], error) {
	r, err := a.Reports.Submit(ctx, actor, in.ID)
	return a.oneReport(ctx, actor, r, err)
}

func (a *API) approveReport(ctx context.Context, actor access.Actor, in *ByID) (*body[Report], error) {
	r, err := a.Reports.Approve(ctx, actor, in.ID)
	return a.oneReport(ctx, actor, r, err)
}

func (a *API) returnReport(ctx context.Context, actor access.Actor, in *withReason) (*body[Report], error) {
	r, err := a.Reports.Return(ctx, actor, in.ID, in.Body.Reason)
	return a.oneReport(ctx, actor, r, err)
}
