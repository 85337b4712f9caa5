package access

import (
	"maps"
	"slices"

	"linggong/internal/errs"
)

// What a refusal says.
var (
	ErrSignIn    = errs.New(errs.Unauthenticated, "sign_in_required", "请先登录", "Please sign in first.")
	ErrForbidden = errs.New(errs.Forbidden, "forbidden", "您没有办理此事的权限", "You may not do this.")
	ErrHidden    = errs.New(errs.NotFound, "not_found", "没有找到", "Not found.")
)

// Action is one thing a service can be asked to do.
type Action string

// Reach is how far a grant goes.
type Reach uint8

// The reaches. A target outside a grant's reach is hidden, not forbidden: that
// a record exists is itself a fact about a person.
const (
	Everywhere        Reach = iota + 1 // any target
	InRegions                          // target's region lies under one of the actor's
	AtStation                          // target's station is the actor's
	OfEmployer                         // target's employer is the actor's
	OfSelf                             // target's person is the actor's
	AtStationOrRegion                  // either of the two
)

// Grant lets a role do an action within a reach.
type Grant struct {
	Role  Role
	Reach Reach
}

// Target is what an action is done to. Empty fields match no reach.
type Target struct {
	Region, Station, Employer, Person string
}

// The actions. Names are object.verb; the policy below is the one table of who
// may do them.
const (
	AccountManage Action = "account.manage"
	AccountList   Action = "account.list"
	SessionRevoke Action = "session.revoke"
	KioskManage   Action = "kiosk.manage"
	AuditRead     Action = "audit.read"
	JobManage     Action = "job.manage"
	ParameterRead Action = "parameter.read"
	ParameterSet  Action = "parameter.set"
	OutboxRead    Action = "outbox.read"

	PersonRead     Action = "person.read" // masked
	PersonRegister Action = "person.register"
	PersonChange   Action = "person.change"
	PersonReveal   Action = "person.reveal" // whole, with a reason, audited

	StationManage    Action = "station.manage"
	EmployerRegister Action = "employer.register"
	EmployerRead     Action = "employer.read"
	EmployerVerify   Action = "employer.verify"
	WorkerRegister   Action = "worker.register"
	WorkerRead       Action = "worker.read"
	WorkerChange     Action = "worker.change"
	PostingSearch    Action = "posting.search"
	PostingWrite     Action = "posting.write"
	PostingReview    Action = "posting.review"
	PostingTakeDown  Action = "posting.take_down"
	Candidates       Action = "posting.candidates"
	Apply            Action = "engagement.apply"
	Invite           Action = "engagement.invite"
	EngagementRead   Action = "engagement.read"
	Answer           Action = "engagement.answer" // the worker's side: confirm, decline, withdraw
	Accept           Action = "engagement.accept" // the employer's side: accept, refuse, cancel
	Attend           Action = "engagement.attend" // check in and out, no-show
	Settle           Action = "engagement.settle" // confirm hours, record pay
	Rate             Action = "engagement.rate"
	MatchRun         Action = "match.run"
	MatchRead        Action = "match.read"
	TrainingRecord   Action = "training.record"

	WageClueOpen   Action = "wage_clue.open"
	WageClueHandle Action = "wage_clue.handle"

	HouseholdRead   Action = "household.read"
	HouseholdWrite  Action = "household.write"
	RecognitionRead Action = "recognition.read"
	RecognitionOpen Action = "recognition.open"
	RecognitionTown Action = "recognition.town"   // town review, publicity, objections
	RecognitionCity Action = "recognition.decide" // county decision
	CaseRead        Action = "case.read"
	CaseWrite       Action = "case.write"
	CaseAssign      Action = "case.assign"
	VisitWrite      Action = "visit.write"
	MeasureWrite    Action = "measure.write"

	WelfareRead    Action = "welfare.read"
	WelfareApply   Action = "welfare.apply"
	WelfareTown    Action = "welfare.town"
	WelfareDecide  Action = "welfare.decide"
	PlacementWrite Action = "placement.write"

	IndicatorRead Action = "indicator.read"
	FactRead      Action = "fact.read"
	FactReverse   Action = "fact.reverse"
	ReportWrite   Action = "report.write"
	ReportApprove Action = "report.approve"
)

func everywhere(roles ...Role) []Grant { return grants(Everywhere, roles) }
func inRegions(roles ...Role) []Grant  { return grants(InRegions, roles) }

func grants(reach Reach, roles []Role) []Grant {
	out := make([]Grant, 0, len(roles))
	for _, r := range roles {
		out = append(out, Grant{r, reach})
	}
	return out
}

func join(lists ...[]Grant) []Grant {
	var out []Grant
	for _, l := range lists {
		out = append(out, l...)
	}
	return out
}

var (
	wholeCity = everywhere(Bureau, Auditor, System)
	deskRead  = join(inRegions(Caseworker, TownOfficer), wholeCity)
	deskWrite = join(inRegions(Caseworker, TownOfficer), everywhere(Bureau, System))
	market    = join(grants(AtStationOrRegion, []Role{Operator}), inRegions(TownOfficer), everywhere(Bureau, System))
)

// Policy is the one table: what is not in it is refused.
var Policy = map[Action][]Grant{
	AccountManage: everywhere(Admin, System),
	AccountList:   everywhere(Admin, Auditor, System),
	SessionRevoke: everywhere(Admin, System),
	KioskManage:   join(grants(AtStation, []Role{Operator}), everywhere(Admin, System)),
	AuditRead:     everywhere(Auditor, Admin, System),
	JobManage:     everywhere(Admin, System),
	ParameterRead: everywhere(Admin, Auditor, Bureau, System),
	ParameterSet:  everywhere(Bureau, System), // the administrator runs the machine, the bureau the rules
	OutboxRead:    everywhere(Admin, System),

	PersonRead:     join(deskRead, grants(AtStationOrRegion, []Role{Operator}), grants(OfSelf, []Role{Worker})),
	PersonRegister: join(everywhere(Operator, Kiosk, Worker), deskWrite),
	PersonChange:   join(deskWrite, grants(OfSelf, []Role{Worker}), grants(AtStationOrRegion, []Role{Operator})),
	PersonReveal:   join(deskWrite, grants(AtStationOrRegion, []Role{Operator})),

	StationManage:    everywhere(Bureau, Admin, System),
	EmployerRegister: everywhere(Anonymous, Employer, Operator, TownOfficer, Bureau, System),
	EmployerRead:     join(grants(OfEmployer, []Role{Employer}), everywhere(Operator, TownOfficer), wholeCity),
	EmployerVerify:   join(everywhere(Operator), inRegions(TownOfficer), everywhere(Bureau, System)),
	WorkerRegister:   everywhere(Anonymous, Worker, Kiosk, Operator, Caseworker, TownOfficer, Bureau, System),
	WorkerRead:       join(grants(OfSelf, []Role{Worker}), grants(AtStationOrRegion, []Role{Operator}), deskRead),
	WorkerChange:     join(grants(OfSelf, []Role{Worker}), grants(AtStationOrRegion, []Role{Operator}), deskWrite),
	PostingSearch:    everywhere(Anonymous, Kiosk, Worker, Employer, Operator, Caseworker, TownOfficer, Bureau, Auditor, Admin, System),
	PostingWrite:     join(grants(OfEmployer, []Role{Employer}), market),
	PostingReview:    market,
	PostingTakeDown:  market,
	Candidates:       join(grants(OfEmployer, []Role{Employer}), market),
	Apply:            join(everywhere(Kiosk), grants(OfSelf, []Role{Worker}), market, inRegions(Caseworker)),
	Invite:           join(grants(OfEmployer, []Role{Employer}), market),
	EngagementRead:   join(grants(OfSelf, []Role{Worker}), grants(OfEmployer, []Role{Employer}), market, inRegions(Caseworker), everywhere(Auditor)),
	Answer:           join(everywhere(Kiosk), grants(OfSelf, []Role{Worker}), market, inRegions(Caseworker)),
	Accept:           join(grants(OfEmployer, []Role{Employer}), market),
	Attend:           join(grants(OfSelf, []Role{Worker}), grants(OfEmployer, []Role{Employer}), everywhere(Kiosk), market),
	Settle:           join(everywhere(Kiosk), grants(OfEmployer, []Role{Employer}), grants(OfSelf, []Role{Worker}), market),
	Rate:             join(everywhere(Kiosk), grants(OfEmployer, []Role{Employer}), grants(OfSelf, []Role{Worker})),
	MatchRun:         market,
	MatchRead:        join(market, everywhere(Auditor)),
	TrainingRecord:   market,

	WageClueOpen:   join(grants(OfSelf, []Role{Worker}), market, inRegions(Caseworker)),
	WageClueHandle: join(inRegions(TownOfficer), everywhere(Bureau, System)),

	HouseholdRead:   deskRead,
	HouseholdWrite:  deskWrite,
	RecognitionRead: deskRead,
	RecognitionOpen: deskWrite,
	RecognitionTown: join(inRegions(TownOfficer), everywhere(System)),
	RecognitionCity: everywhere(Bureau, System),
	CaseRead:        deskRead,
	CaseWrite:       deskWrite,
	CaseAssign:      join(inRegions(TownOfficer), everywhere(Bureau, System)),
	VisitWrite:      deskWrite,
	MeasureWrite:    deskWrite,

	WelfareRead:    deskRead,
	WelfareApply:   join(grants(OfEmployer, []Role{Employer}), inRegions(TownOfficer), everywhere(Bureau, System)),
	WelfareTown:    join(inRegions(TownOfficer), everywhere(System)),
	WelfareDecide:  everywhere(Bureau, System),
	PlacementWrite: deskWrite,

	IndicatorRead: everywhere(Operator, Caseworker, TownOfficer, Bureau, Auditor, System),
	FactRead:      deskRead,
	FactReverse:   everywhere(Bureau, System),
	ReportWrite:   everywhere(TownOfficer, Bureau, System),
	ReportApprove: everywhere(Bureau, System),
}

// Can returns nil when the actor may do the action to the target, else
// ErrSignIn, ErrForbidden (the role never may) or ErrHidden (not this one).
func Can(a Actor, do Action, to Target) error {
	granted := false
	for _, g := range Policy[do] {
		if g.Role != a.Role {
			continue
		}
		granted = true
		if g.Reach.holds(a, to) {
			return nil
		}
	}
	switch {
	case granted:
		return ErrHidden
	case a.Role == Anonymous:
		return ErrSignIn
	}
	return ErrForbidden
}

// May says the actor's role is granted the action for some target: what a
// route or a menu needs to know before there is one.
func May(a Actor, do Action) error {
	for _, g := range Policy[do] {
		if g.Role == a.Role {
			return nil
		}
	}
	if a.Role == Anonymous {
		return ErrSignIn
	}
	return ErrForbidden
}

func (r Reach) holds(a Actor, to Target) bool {
	switch r {
	case Everywhere:
		return true
	case InRegions:
		return a.Covers(to.Region)
	case AtStation:
		return a.Station != "" && a.Station == to.Station
	case OfEmployer:
		return a.Employer != "" && a.Employer == to.Employer
	case OfSelf:
		return a.Person != "" && a.Person == to.Person
	case AtStationOrRegion:
		return a.Station != "" && a.Station == to.Station || a.Covers(to.Region)
	}
	return false
}

// Actions lists every action of the policy, sorted.
func Actions() []Action { return slices.Sorted(maps.Keys(Policy)) }
