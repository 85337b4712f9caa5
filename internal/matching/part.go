package matching

import "slices"

const (
	parts = 6
	full  = 1000 // permille
)

// Part is one side of the fit: 0 to 1000, and what it adds.
type Part struct {
	Key      string
	Label    string
	English  string
	Permille int64
	Weight   int64 // of all weights, which make 1000
	Points   int64 // Permille × Weight
}

var partNames = [parts]struct{ key, zh, english string }{
	{"skill", "工种", "Trade"},
	{"distance", "距离", "Distance"},
	{"time", "时间", "Time"},
	{"pay", "报酬", "Pay"},
	{"reliability", "守约", "Reliability"},
	{"waiting", "等候", "Waiting"},
}

// permilles computes all parts of a pair, in the order of partNames.
func permilles(w *Worker, s *Shift) [parts]int64 {
	_, skill := bestSkill(w, s)
	return [parts]int64{skill, distance(s), timing(w), pay(w, s), reliability(w), waiting(w)}
}

// kinship is how a worker's trade answers the shift's.
type kinship uint8

const (
	noKin kinship = iota
	beginner
	relatedTrade
	nearTrade
	sameTrade
)

// skillOf is what each is worth, permille.
var skillOf = [...]int64{noKin: 0, beginner: 400, relatedTrade: 500, nearTrade: 700, sameTrade: full}

const learnerLoses = 150 // of one who has only begun the trade

// bestSkill returns how the worker's trades answer the shift best, and what
// that is worth.
func bestSkill(w *Worker, s *Shift) (best kinship, permille int64) {
	if s.NoExperience {
		best, permille = beginner, skillOf[beginner]
	}
	for _, t := range w.Trades {
		k := noKin
		switch {
		case t.Trade == s.Trade:
			k = sameTrade
		case slices.Contains(s.Near, t.Trade):
			k = nearTrade
		case slices.Contains(s.Related, t.Trade):
			k = relatedTrade
		}
		p := skillOf[k]
		if t.Level == 1 && k > beginner {
			p -= learnerLoses
		}
		if p > permille {
			best, permille = k, p
		}
	}
	return best, permille
}

const (
	halfDistanceM = 3000 // where the distance part is one half
	unknownPart   = 500  // neither for nor against
)

// distance falls from 1000 at the door, by half at halfDistanceM.
func distance(s *Shift) int64 {
	if s.DistanceM < 0 {
		return unknownPart
	}
	return full * halfDistanceM / (halfDistanceM + s.DistanceM)
}

func timing(w *Worker) int64 {
	if w.Free {
		return full
	}
	return 400
}

// pay is 500 at her floor and 1000 at half as much again.
func pay(w *Worker, s *Shift) int64 {
	if w.FloorHourFen <= 0 || s.HourFen <= 0 {
		return 700
	}
	return clamp(unknownPart + full*(s.HourFen-w.FloorHourFen)/w.FloorHourFen)
}

// reliability weighs kept gigs against no-shows, seven tenths, and ratings,
// three tenths. A few good gigs are taken for granted: who is new is not
// unreliable, and one no-show is not the end.
func reliability(w *Worker) int64 {
	const grantedGigs, grantedAt, noShow = 4, 800, 3
	const grantedRatings, ratedAt = 3, 850
	kept := max(0, w.Completed)
	attendance := (kept*full + grantedGigs*grantedAt) / (kept + grantedGigs + noShow*max(0, w.NoShows90))
	rating := (max(0, w.RatingSum)*full/5 + grantedRatings*ratedAt) / (max(0, w.RatingCount) + grantedRatings)
	return clamp((7*attendance + 3*rating) / 10)
}

const longWaitDays = 14

func waiting(w *Worker) int64 { return clamp(full * w.WaitingDays / longWaitDays) }

func clamp(v int64) int64 { return max(0, min(full, v)) }
