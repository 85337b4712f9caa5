// Package access says who may do what where. It is pure: an actor, an action
// and a target give a decision, the same one for every transport.
package access

import "strings"

// Role is what an account may be. A person with two roles has two accounts'
// worth of scope in one session, never a mixed one.
type Role string

// The roles of product.md.
const (
	Anonymous   Role = "anonymous"    // nobody has signed in
	Kiosk       Role = "kiosk"        // a paired kiosk or screen of a station
	Worker      Role = "worker"       // 求职者, by phone and one-time code
	Employer    Role = "employer"     // 用工主体, by phone and one-time code
	Operator    Role = "operator"     // 驿站工作人员 of one station
	Caseworker  Role = "caseworker"   // 帮扶专员 of some villages
	TownOfficer Role = "town_officer" // 镇（街道）经办
	Bureau      Role = "bureau"       // 市人力社保局
	Auditor     Role = "auditor"      // 审计: sees, never changes
	Admin       Role = "admin"        // 系统管理员: accounts and operation, no personal data
	System      Role = "system"       // jobs and the command line
)

// Actor is who acts: the second argument of every use case.
type Actor struct {
	Role     Role
	Account  string   // account id; empty for anonymous and system
	Regions  []string // region code prefixes: villages, towns or the city
	Station  string   // station id, for operators and kiosks
	Employer string   // employer id
	Person   string   // person id, for workers

	Session string // session id, for revocation; never its secret
	Origin  string // address or host the act came from
	Request string // request id, joins log, audit and problem
}

// Nobody is the actor before sign-in.
var Nobody = Actor{Role: Anonymous}

// Internal is the actor of jobs and commands; name says which.
func Internal(name string) Actor {
	return Actor{Role: System, Account: "", Origin: name}
}

// Staff says the actor works for the service.
func (a Actor) Staff() bool {
	switch a.Role {
	case Operator, Caseworker, TownOfficer, Bureau, Auditor, Admin:
		return true
	case Anonymous, Kiosk, Worker, Employer, System:
	}
	return false
}

// City says the actor's scope is everything.
func (a Actor) City() bool {
	return a.Role == Bureau || a.Role == Auditor || a.Role == Admin || a.Role == System
}

// Covers says a region lies in the actor's scope. An empty region is covered
// only by those who see the whole city.
func (a Actor) Covers(region string) bool {
	if a.City() {
		return true
	}
	if region == "" {
		return false
	}
	for _, p := range a.Regions {
		if p != "" && strings.HasPrefix(region, p) {
			return true
		}
	}
	return false
}
