package recognition

import (
	"time"

	"linggong/internal/access"
	"linggong/internal/day"
)

// Apply makes a judged move: the new state, what it means for dates and people,
// who must act next and by when, and one step of history.
func (r *Record) Apply(by access.Actor, m Move, to State, in Input, w Window, at time.Time, stepID string) {
	step := Step{
		ID: stepID, At: at, On: w.Today, Move: m, From: r.State, To: to,
		Role: by.Role, Account: by.Account, Opinion: in.Opinion, Reason: in.Reason,
	}
	r.State = to
	switch m {
	case Submit:
		r.SubmittedBy, r.ReviewedBy, r.DecidedBy = by.Account, "", ""
		r.AppliedOn, r.Notice = w.Today, Notice{}
		r.bringBack()
	case Review:
		if to == TownReview {
			r.ReviewedBy = by.Account
		}
	case Publish:
		r.Notice = Notice{Needed: w.Book.Number("hard.publicity_days", r.Region, w.Today)}
		r.Notice.run(w)
	case Object:
		r.Notice.stop(w)
	case ResolveObjection:
		if to == Publicity {
			r.Notice.run(w)
		} else {
			r.Notice = Notice{}
		}
	case Decide:
		r.DecidedBy = by.Account
		if to == Recognised {
			r.leaveOut(NotMet, w)
			r.grant(in.ValidMonths, w)
		} else {
			r.EndedOn, r.End = w.Today, NotMet
		}
	case Appeal:
		r.Appeals++
		r.EndedOn, r.End = "", ""
	case Check:
		if to == DataChecked {
			r.leaveOut(NotMet, w)
		}
	case Renew:
		r.leaveOut("category_ended", w)
		r.renew(in.ValidMonths, w)
	case Suspend:
		r.RestsFrom, r.RestsWhy = w.Today, in.Reason
	case Resume:
		r.RestsFrom, r.RestsWhy = "", ""
	case EndCategory:
		r.endCategory(in.Category, in.Reason, w.Today)
	case Exit, Revoke, Withdraw:
		r.end(m, in, w.Today)
	case Return, ClosePublicity, ProposeRenewal:
	}
	r.Owner, r.Due = r.Await(w)
	if m == ProposeRenewal { // now it is the county's turn
		r.Owner, r.Due = access.Bureau, w.Book.AddWorkingDays(w.Today, w.Book.Number("hard.decision_days", r.Region, w.Today))
	}
	r.Steps = append(r.Steps, step)
}

// run starts or goes on with the notice on the next day: only full days count.
func (n *Notice) run(w Window) {
	n.From = w.Today.Add(1)
	n.To = w.Book.AddWorkingDays(w.Today, n.Needed-n.Served)
}

// stop keeps the full days that have passed; the day of the objection is not one.
func (n *Notice) stop(w Window) {
	if yesterday := w.Today.Add(-1); n.From <= yesterday {
		n.Served += w.Book.WorkingDays(n.From, yesterday)
	}
	n.To = ""
}

// grant puts every category that stands in force from today (R-HARD-03).
func (r *Record) grant(months int, w Window) {
	r.ValidFrom, r.EndedOn, r.End = w.Today, "", ""
	for i := range r.Holdings {
		if r.Holdings[i].EndedOn == "" {
			r.Holdings[i].From = w.Today
		}
	}
	r.extend(w.Today, months, w)
}

// renew adds a term to what is left of the old one, or starts it today when the
// old one had run out.
func (r *Record) renew(months int, w Window) {
	r.extend(max(w.Today, r.ValidTo.Add(1)), months, w)
}

func (r *Record) extend(from day.Date, months int, w Window) {
	if months <= 0 {
		months = w.Book.Number("hard.validity_months", r.Region, w.Today)
	}
	r.ValidTo = from.AddMonths(months).Add(-1)
	for i := range r.Holdings {
		if r.Holdings[i].EndedOn == "" {
			r.Holdings[i].To = r.ValidTo
		}
	}
}

func (r *Record) endCategory(c Category, why string, on day.Date) {
	var moved bool
	for i := range r.Holdings {
		if h := &r.Holdings[i]; h.Category == c {
			h.EndedOn, h.End, moved, h.Primary = on, why, h.Primary, false
		}
	}
	for i := range r.Holdings {
		if h := &r.Holdings[i]; moved && h.EndedOn == "" {
			h.Primary, moved = true, false
		}
	}
}

// leaveOut ends the categories known not to be met; those that stand go on
// without them, so the public list names only what may be granted.
func (r *Record) leaveOut(why string, w Window) {
	failed := w.failed()
	for _, c := range r.Held() {
		if _, out := failed[c]; out && len(r.Held()) > 1 {
			r.endCategory(c, why, w.Today)
		}
	}
}

// bringBack makes a new submission ask for every category again.
func (r *Record) bringBack() {
	for i := range r.Holdings {
		if h := &r.Holdings[i]; h.End == NotMet {
			h.EndedOn, h.End = "", ""
		}
	}
}

// end closes a recognition for good and keeps why, on what evidence (R-HARD-06).
func (r *Record) end(m Move, in Input, on day.Date) {
	r.EndedOn, r.End, r.EndProof = on, in.Reason, in.Evidence
	switch m {
	case Revoke:
		r.End = "fraud"
	case Withdraw:
		r.End = "withdrawn"
	default:
	}
	if r.EndProof == "" {
		r.EndProof = in.Opinion
	}
	for i := range r.Holdings {
		if h := &r.Holdings[i]; h.EndedOn == "" {
			h.EndedOn, h.End = on, r.End
		}
	}
}

// Await says who must act in the state reached, and by when.
func (r *Record) Await(w Window) (access.Role, day.Date) {
	s := standings[r.State]
	if s.final {
		return "", ""
	}
	switch {
	case r.State == Publicity:
		return s.owner, r.Notice.To.Add(1) // the first day on which it can be closed
	case r.State == Recognised:
		return s.owner, max(w.Today, r.ValidTo.Add(-w.Book.Number("hard.renewal_lead_days", r.Region, w.Today)))
	}
	return s.owner, w.Book.AddWorkingDays(w.Today, w.Book.Number(s.clock, r.Region, w.Today))
}
