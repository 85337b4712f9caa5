package access_test

import (
	"errors"
	"testing"

	"linggong/internal/access"
)

func TestACaseworkerSeesOnlyHerVillages(t *testing.T) {
	t.Parallel()
	her := access.Actor{Role: access.Caseworker, Account: "a", Regions: []string{"330481101201", "330481101202"}}
	if err := access.Can(her, access.CaseRead, access.Target{Region: "330481101201"}); err != nil {
		t.Fatalf("her own village: %v", err)
	}
	for _, region := range []string{"330481101203", "330481101000", "", "330481"} {
		if err := access.Can(her, access.CaseRead, access.Target{Region: region}); !errors.Is(err, access.ErrHidden) {
			t.Errorf("region %q: got %v, want hidden", region, err)
		}
	}
}

func TestWhoIsNotInTheTableIsRefused(t *testing.T) {
	t.Parallel()
	if err := access.Can(access.Nobody, access.CaseRead, access.Target{}); !errors.Is(err, access.ErrSignIn) {
		t.Errorf("anonymous: %v", err)
	}
	worker := access.Actor{Role: access.Worker, Person: "p1"}
	if err := access.Can(worker, access.CaseRead, access.Target{Person: "p1"}); !errors.Is(err, access.ErrForbidden) {
		t.Errorf("a worker has no business with cases: %v", err)
	}
	if err := access.Can(worker, access.Answer, access.Target{Person: "p2"}); !errors.Is(err, access.ErrHidden) {
		t.Errorf("another worker's engagement: %v", err)
	}
	if err := access.Can(access.Actor{Role: access.Bureau}, "no.such_action", access.Target{}); err == nil {
		t.Error("an action outside the table was allowed")
	}
}

func TestTheAuditorNeverChangesAnything(t *testing.T) {
	t.Parallel()
	reads := map[access.Action]bool{
		access.AccountList: true, access.AuditRead: true, access.ParameterRead: true, access.PersonRead: true,
		access.EmployerRead: true, access.WorkerRead: true, access.PostingSearch: true, access.EngagementRead: true,
		access.HouseholdRead: true, access.RecognitionRead: true, access.CaseRead: true, access.WelfareRead: true,
		access.IndicatorRead: true, access.FactRead: true, access.MatchRead: true,
	}
	for action, grants := range access.Policy {
		for _, g := range grants {
			if g.Role == access.Auditor && !reads[action] {
				t.Errorf("the auditor may %s", action)
			}
		}
	}
}

func TestTheAdministratorSeesNoPersonalData(t *testing.T) {
	t.Parallel()
	admin := access.Actor{Role: access.Admin}
	for _, a := range []access.Action{access.PersonRead, access.PersonReveal, access.CaseRead, access.FactRead, access.WorkerRead} {
		if err := access.May(admin, a); !errors.Is(err, access.ErrForbidden) {
			t.Errorf("%s: %v", a, err)
		}
	}
}

func TestAnEmptyScopeMatchesNothing(t *testing.T) {
	t.Parallel()
	for _, a := range []access.Actor{{Role: access.Operator}, {Role: access.Employer}, {Role: access.Worker}, {Role: access.Caseworker, Regions: []string{""}}} {
		if err := access.Can(a, access.EngagementRead, access.Target{}); err == nil {
			t.Errorf("%s without a scope sees an engagement without one", a.Role)
		}
	}
}
