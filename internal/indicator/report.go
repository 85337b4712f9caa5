package indicator

import (
	"context"
	"fmt"
	"math/big"
	"regexp"
	"time"

	"linggong/internal/access"
	"linggong/internal/dbx"
	"linggong/internal/errs"
	"linggong/internal/event"
	"linggong/internal/tx"
)

// What can be wrong with a report.
var (
	ErrReportNotFound = errs.New(errs.NotFound, "report_not_found", "没有找到这份上报", "The report does not exist.")
	ErrReportState    = errs.New(errs.Conflict, "report_state", "这份上报的状态不允许此操作", "The report's state does not allow that.")
	ErrReportStale    = errs.New(errs.Stale, "report_stale", "别人刚改过这份上报，请刷新", "Someone else changed the report; reload.")
	ErrOwnReport      = errs.New(errs.Forbidden, "own_report", "不能审核自己提交的上报，请由另一人审核", "You cannot approve what you submitted.")
	ErrReportTaken    = errs.New(errs.Conflict, "report_already_approved", "这一期已有审核通过的数值，请先退回原上报", "A value for this period is approved already.")
	ErrReportValue    = errs.New(errs.Invalid, "report_value", "数值有误", "The value is not valid.")
)

// ReportStatus is where a report is.
type ReportStatus string

// A draft is submitted, then approved or returned; a returned one is mended and
// submitted again.
const (
	Draft     ReportStatus = "draft"
	Submitted ReportStatus = "submitted"
	Approved  ReportStatus = "approved"
	Returned  ReportStatus = "returned"
)

// Report is what a department says an indicator's value is.
type Report struct {
	ID          string
	Indicator   Key
	Period      string // "2026" or "2026-06"
	ValueMicro  int64  // the value × 1,000,000 in raw units
	Numerator   *int64
	Denominator *int64
	Status      ReportStatus
	Publisher   string
	Document    string
	Note        string
	EnteredBy   string
	SubmittedBy string
	SubmittedAt time.Time
	DecidedBy   string
	DecidedAt   time.Time
	Reason      string
	CreatedAt   time.Time
	UpdatedAt   time.Time
	Version     int64
}

// NewReport is what a department enters.
type NewReport struct {
	Indicator   Key
	Period      string
	Value       string // decimal, raw units: "30000", "4.8"
	Numerator   *int64
	Denominator *int64
	Publisher   string
	Document    string
	Note        string
}

// ReportFilter chooses reports.
type ReportFilter struct {
	Indicator Key
	Year      int
	Status    ReportStatus
	Before    string
	Limit     int
}

// Reports keeps department reports.
type Reports interface {
	CreateReport(ctx context.Context, r Report) error
	// SaveReport writes r if it is as it was read, else ErrReportStale; a second
	// approved value for a period is ErrReportTaken.
	SaveReport(ctx context.Context, r Report) error
	Report(ctx context.Context, id string) (Report, error)
	ListReports(ctx context.Context, f ReportFilter) ([]Report, error)
	// ApprovedReports returns the approved values of a year, months included.
	ApprovedReports(ctx context.Context, year int) ([]Report, error)
}

var (
	periodPattern = regexp.MustCompile(`^20\d\d(-(0[1-9]|1[0-2]))?$`)
	valuePattern  = regexp.MustCompile(`^\d{1,12}(\.\d{1,6})?$`)
)

// build checks what was entered; a wrong value is refused field by field.
func (n NewReport) build(def Definition) (Report, error) {
	bad := ErrReportValue
	if !periodPattern.MatchString(n.Period) {
		bad = bad.On("period", "pattern", "期别应为年或年月，例如 2026 或 2026-06")
	}
	var micro int64
	v, ok := new(big.Rat).SetString(n.Value)
	if !valuePattern.MatchString(n.Value) || !ok {
		bad = bad.On("value", "number", "应为不带单位的数字，例如 30000 或 4.8，小数最多六位")
	} else {
		v.Mul(v, big.NewRat(1_000_000, 1))
		micro = v.Num().Int64()
		if def.Unit == "%" && micro > 100_000_000 {
			bad = bad.On("value", "range", "百分比不能超过 100")
		}
	}
	if n.Denominator != nil && *n.Denominator <= 0 {
		bad = bad.On("denominator", "zero", "分母为零时该指标不适用，请不要上报数值")
	}
	if n.Publisher == "" || n.Document == "" {
		bad = bad.On("document", "required", "请填写发布单位和文件名称，数字要能查到出处")
	}
	if len(bad.Fields) > 0 {
		return Report{}, bad
	}
	return Report{
		Indicator: n.Indicator, Period: n.Period, ValueMicro: micro, Numerator: n.Numerator, Denominator: n.Denominator,
		Status: Draft, Publisher: n.Publisher, Document: n.Document, Note: n.Note, Version: 1,
	}, nil
}

// ReportService is how departments report and the bureau approves.
type ReportService struct {
	store  Reports
	defs   Definitions
	tx     tx.Runner
	events event.Publisher
	now    func() time.Time
}

// NewReportService returns the use cases of department reports.
func NewReportService(store Reports, defs Definitions, run tx.Runner, events event.Publisher, now func() time.Time) *ReportService {
	return &ReportService{store: store, defs: defs, tx: run, events: events, now: now}
}

// Enter keeps a draft.
func (s *ReportService) Enter(ctx context.Context, actor access.Actor, n NewReport) (Report, error) {
	if err := access.Can(actor, access.ReportWrite, access.Target{}); err != nil {
		return Report{}, err
	}
	def, err := s.defs.Definition(n.Indicator)
	if err != nil {
		return Report{}, err
	}
	r, err := n.build(def)
	if err != nil {
		return Report{}, err
	}
	r.ID, r.EnteredBy, r.CreatedAt, r.UpdatedAt = dbx.NewID(), actor.Account, s.now(), s.now()
	return r, s.tx.InTx(ctx, func(ctx context.Context) error { return s.store.CreateReport(ctx, r) })
}

// List returns reports, newest first.
func (s *ReportService) List(ctx context.Context, actor access.Actor, f ReportFilter) ([]Report, error) {
	if err := access.Can(actor, access.IndicatorRead, access.Target{}); err != nil {
		return nil, err
	}
	return s.store.ListReports(ctx, f)
}

// Submit hands a report to the bureau.
func (s *ReportService) Submit(ctx context.Context, actor access.Actor, id string) (Report, error) {
	return s.move(ctx, actor, access.ReportWrite, id, event.ReportSubmitted, "", func(r *Report) error {
		if r.Status != Draft && r.Status != Returned {
			return ErrReportState
		}
		r.Status, r.SubmittedBy, r.SubmittedAt, r.Reason = Submitted, actor.Account, s.now(), ""
		return nil
	})
}

// Approve makes a report the period's value. The one who submitted it may not.
func (s *ReportService) Approve(ctx context.Context, actor access.Actor, id string) (Report, error) {
	return s.move(ctx, actor, access.ReportApprove, id, event.ReportApproved, "", func(r *Report) error {
		switch {
		case r.Status != Submitted:
			return ErrReportState
		case r.SubmittedBy == actor.Account:
			return ErrOwnReport
		}
		r.Status, r.DecidedBy, r.DecidedAt = Approved, actor.Account, s.now()
		return nil
	})
}

// Return sends a report back with a reason; an approved one too, when it turns
// out to be wrong: what was approved stays in the trace.
func (s *ReportService) Return(ctx context.Context, actor access.Actor, id, reason string) (Report, error) {
	if reason == "" {
		return Report{}, ErrReasonMissing
	}
	return s.move(ctx, actor, access.ReportApprove, id, event.ReportReturned, reason, func(r *Report) error {
		if r.Status != Submitted && r.Status != Approved {
			return ErrReportState
		}
		r.Status, r.Reason, r.DecidedBy, r.DecidedAt = Returned, reason, actor.Account, s.now()
		return nil
	})
}

func (s *ReportService) move(ctx context.Context, actor access.Actor, do access.Action, id string, kind event.Kind, reason string, change func(*Report) error) (Report, error) {
	if err := access.Can(actor, do, access.Target{}); err != nil {
		return Report{}, err
	}
	var r Report
	err := s.tx.InTx(ctx, func(ctx context.Context) error {
		var err error
		if r, err = s.store.Report(ctx, id); err != nil {
			return err
		}
		if err := change(&r); err != nil {
			return err
		}
		r.UpdatedAt = s.now()
		if err := s.store.SaveReport(ctx, r); err != nil {
			return err
		}
		r.Version++
		return s.events.Publish(ctx, event.Event{
			Kind: kind, Actor: actor, Subject: event.Ref{Kind: "report", ID: r.ID}, Reason: reason,
			Tags: map[string]string{"indicator": string(r.Indicator), "period": r.Period},
			Nums: map[string]int64{"value_micro": r.ValueMicro},
		})
	})
	if err != nil {
		return Report{}, fmt.Errorf("report %s: %w", id, err)
	}
	return r, nil
}

// NextActs lists what the actor may do with the report now.
func (r Report) NextActs(actor access.Actor) []string {
	var out []string
	writes := access.May(actor, access.ReportWrite) == nil
	decides := access.May(actor, access.ReportApprove) == nil
	switch r.Status {
	case Draft, Returned:
		if writes {
			out = append(out, "submit")
		}
	case Submitted:
		if decides && r.SubmittedBy != actor.Account {
			out = append(out, "approve")
		}
		if decides {
			out = append(out, "return")
		}
	case Approved:
		if decides {
			out = append(out, "return")
		}
	}
	return out
}
