package matching

import "slices"

// ChangeKind is what could be changed to let a worker take a shift.
type ChangeKind string

// The kinds of changes.
const (
	WidenRadius     ChangeKind = "widen_radius"     // to Amount metres
	LowerFloor      ChangeKind = "lower_floor"      // to Amount fen an hour
	AcceptWork      ChangeKind = "accept_work"      // of the flag Ref
	GiveUpGig       ChangeKind = "give_up_gig"      // that stands in the way as Ref says
	ShowCertificate ChangeKind = "show_certificate" // of the kind Ref
	Reclassify      ChangeKind = "reclassify"       // to 短期全日制, with a written contract
	AddPlace        ChangeKind = "add_place"
	Unblock         ChangeKind = "unblock"
	Reopen          ChangeKind = "reopen"
	Wait            ChangeKind = "wait" // until the age of Amount
)

// Party is who can make a change.
type Party string

// The parties.
const (
	TheWorker   Party = "worker"
	TheEmployer Party = "employer"
	TheStation  Party = "station"
)

// Change is the smallest change that lifts one blocker.
type Change struct {
	Kind   ChangeKind `json:"kind"`
	Who    Party      `json:"who"`
	Amount int64      `json:"amount,omitempty"`
	Ref    string     `json:"ref,omitempty"`
}

// Apply returns the pair as it would be after the change; the pair it is given
// stays as it was.
func (c Change) Apply(p Pair, l Limits) Pair {
	w, s := &p.Worker, &p.Shift
	switch c.Kind {
	case WidenRadius:
		w.RadiusM = c.Amount
	case LowerFloor:
		w.FloorHourFen = c.Amount
	case AcceptWork:
		w.Refuses = slices.DeleteFunc(slices.Clone(w.Refuses), func(f string) bool { return f == c.Ref })
	case GiveUpGig:
		w.Busy = slices.DeleteFunc(slices.Clone(w.Busy), func(b Window) bool {
			kind, _, _ := clashOf(&b, s, &l)
			return clashCodes[kind] == c.Ref
		})
	case ShowCertificate:
		w.Certificates = append(slices.Clone(w.Certificates), c.Ref)
	case Reclassify:
		s.PartTime = false
	case AddPlace:
		s.Full = false
	case Unblock:
		w.Avoided = false
	case Reopen:
		s.Closed = false
	case Wait:
		w.Age = max(w.Age, int(c.Amount))
	}
	return p
}

var clashCodes = [...]string{noClash: "", overlap: CodeOverlap, noWay: CodeNoWay, noRest: CodeNoRest}

// effort orders changes by how hard they are to make: a wish first, then what
// people can agree on, then papers, then time itself.
func (c Change) effort(p *Pair) int64 {
	switch c.Kind {
	case WidenRadius:
		return 10 + (c.Amount-p.Worker.RadiusM)/100
	case LowerFloor:
		return 10 + (p.Worker.FloorHourFen-c.Amount)/10
	case AcceptWork:
		return 60
	case AddPlace:
		return 80
	case GiveUpGig:
		return 100
	case Reclassify:
		return 120
	case Unblock:
		return 300
	case Reopen:
		return 400
	case ShowCertificate:
		return 500
	case Wait:
		return 100_000
	}
	return 1_000_000
}
