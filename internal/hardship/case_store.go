package hardship

import (
	"context"

	"linggong/internal/access"
	"linggong/internal/day"
	"linggong/internal/errs"
	"linggong/internal/hardship/helpcase"
)

// Refusals about cases.
var (
	ErrCaseOpen = errs.New(errs.Conflict, "case_open", "此人已有正在办理的帮扶个案", "The person has an open case already.")

	ErrNobodyCovers = errs.New(errs.Conflict, "nobody_covers_village", "该村（社区）还没有在岗的帮扶专员或镇（街道）经办人", "No caseworker or town officer in service covers this village.").
			Because("R-HELP-05", "应帮尽帮：个案必须有责任人", "请先为该村（社区）指派专员")

	ErrOwner = errs.New(errs.Invalid, "owner_not_suitable", "责任人须在岗并负责该村（社区）", "The owner must be in service and cover the village.").
			Because("R-HELP-05", "应帮尽帮：个案必须有责任人", "请选择在岗且覆盖该村（社区）的专员或镇（街道）经办人")

	ErrSecondPerson = errs.New(errs.Forbidden, "second_person_required", "须由另一位工作人员确认", "Another member of staff has to confirm this.").
			Because("R-IND-03a", "帮扶率口径：意愿与能力的变更须双人确认", "请镇（街道）经办人复核确认")
)

// suits says an account may own cases of a village.
func suits(role access.Role, regions []string, active bool, village string) bool {
	return active && (role == access.Caseworker || role == access.TownOfficer || role == access.Bureau) &&
		access.Actor{Role: role, Regions: regions}.Covers(village)
}

// CaseFilter chooses cases; they come in the order in which they are due.
type CaseFilter struct {
	Scope    Scope
	Statuses []helpcase.Status // all open ones when empty
	Owner    string            // account
	Person   string
	DueBy    day.Date // next action due on or before
	AfterDue day.Date // last one of the page before
	AfterID  helpcase.ID
	Limit    int
}

// CaseStore keeps cases, assessments, plans and follow-ups.
type CaseStore interface {
	// AddCase returns ErrCaseOpen if the person has an open one.
	AddCase(ctx context.Context, c helpcase.Case) error
	// Case returns one with its follow-ups.
	Case(ctx context.Context, id helpcase.ID) (helpcase.Case, error)
	// OpenCase returns the person's open case, or refusal.ErrNotFound.
	OpenCase(ctx context.Context, person string) (helpcase.Case, error)
	// SaveCase writes the case and its follow-ups.
	SaveCase(ctx context.Context, c helpcase.Case) error
	// Cases returns a page without follow-ups and sealed texts.
	Cases(ctx context.Context, f CaseFilter) ([]helpcase.Case, error)
	// OpenCount returns how many open cases each account owns.
	OpenCount(ctx context.Context, accounts []string) (map[string]int, error)
	// CasesOf returns the ids of all open cases an account owns.
	CasesOf(ctx context.Context, account string) ([]helpcase.ID, error)

	AddAssessment(ctx context.Context, a helpcase.Assessment) error
	Assessment(ctx context.Context, id string) (helpcase.Assessment, error)
	SaveAssessment(ctx context.Context, a helpcase.Assessment) error
	// LastAssessment returns the newest of a case, or refusal.ErrNotFound.
	LastAssessment(ctx context.Context, id helpcase.ID) (helpcase.Assessment, error)
	AddPlan(ctx context.Context, p helpcase.Plan) error
	// LastPlan returns the newest of a case, or refusal.ErrNotFound.
	LastPlan(ctx context.Context, id helpcase.ID) (helpcase.Plan, error)
}
