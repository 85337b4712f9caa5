package matching

import (
	"slices"
	"time"
)

// The questions hard rules ask of a pair. Each is answered once, here: for the
// quick yes or no of Score and for the sentences of Judge.

const minWorkAge = 16 // R-AGE-01

// tooYoung returns the age wanting, 0 none. An age not known is checked on the
// day, and said to be.
func tooYoung(w *Worker, s *Shift) int {
	need := max(minWorkAge, s.MinAge)
	if w.Age > 0 && w.Age < need {
		return need
	}
	return 0
}

func lacks(w *Worker, n *Needed) bool { return !slices.Contains(w.Certificates, n.Kind) }

func refuses(w *Worker, s *Shift) (string, bool) {
	for _, f := range w.Refuses {
		if slices.Contains(s.Flags, f) {
			return f, true
		}
	}
	return "", false
}

// clash is how a gig she has stands in the way.
type clash uint8

const (
	noClash clash = iota
	overlap       // at the same time
	noWay         // no time for the way between
	noRest        // too long together without rest
)

// clashOf compares a gig she has with the shift; gap and need are the minutes
// between them and the minutes wanted.
func clashOf(b *Window, s *Shift, l *Limits) (kind clash, gap, need int64) {
	switch {
	case b.From.Before(s.To) && s.From.Before(b.To):
		return overlap, 0, 0
	case !b.To.After(s.From):
		gap = int64(s.From.Sub(b.To) / time.Minute)
	default:
		gap = int64(b.From.Sub(s.To) / time.Minute)
	}
	if b.DistanceM > 0 {
		if need = travel(b.DistanceM).minutes + l.ChangeMinutes; gap < need {
			return noWay, gap, need
		}
	}
	if l.FatigueMinutes > 0 && gap < l.RestMinutes && b.minutes()+s.Minutes > l.FatigueMinutes {
		return noRest, gap, l.RestMinutes
	}
	return noClash, gap, need
}

// overWeek says the hours with this employer would exceed the week's (R-PT-01).
func overWeek(w *Worker, s *Shift, l *Limits) bool {
	return s.PartTime && l.WeekMinutes > 0 && w.WeekMinutes+s.Minutes > l.WeekMinutes
}

func belowFloor(w *Worker, s *Shift) bool {
	return w.FloorHourFen > 0 && s.HourFen > 0 && s.HourFen < w.FloorHourFen
}

func tooFar(w *Worker, s *Shift) bool { return w.RadiusM > 0 && s.DistanceM > w.RadiusM }

// eligible says no hard rule is in the way.
func eligible(w *Worker, s *Shift, l *Limits) bool {
	if s.Closed || s.Full || w.Avoided || tooYoung(w, s) > 0 || belowFloor(w, s) || tooFar(w, s) || overWeek(w, s, l) {
		return false
	}
	if _, yes := refuses(w, s); yes {
		return false
	}
	for i := range s.Certificates {
		if lacks(w, &s.Certificates[i]) {
			return false
		}
	}
	for i := range w.Busy {
		if kind, _, _ := clashOf(&w.Busy[i], s, l); kind != noClash {
			return false
		}
	}
	return true
}
