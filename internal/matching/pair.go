package matching

import "time"

// Worker is what of a worker is looked at, seen from one shift.
type Worker struct {
	Age          int // full years on the day of the shift; 0 not known
	Trades       []Skill
	Certificates []string // valid on the day of the shift
	RadiusM      int64    // how far she goes; 0 not said
	FloorHourFen int64    // below this she is not asked; 0 none
	Completed    int64    // gigs done
	SameTrade    int64    // of them in the shift's trade
	NoShows90    int64
	RatingSum    int64 // of 1…5
	RatingCount  int64
	WaitingDays  int64
	Free         bool     // the shift lies within her usual hours, or she said "today"
	Refuses      []string // flags of work she chose not to be asked for
	Avoided      bool     // she does not want this employer, or the employer not her
	Busy         []Window
	WeekMinutes  int64 // confirmed with this employer from Monday to Sunday
	DayMinutes   int64 // confirmed with everyone on that day
}

// Skill is one trade a worker does.
type Skill struct {
	Trade string
	Level int // 1 learner, 2 can, 3 master
}

// Window is a time she is taken by a confirmed gig.
type Window struct {
	From, To  time.Time
	DistanceM int64 // from there to the shift; 0 the same place or not known
	Minutes   int64 // paid; 0 the whole of it
}

func (w Window) minutes() int64 {
	if w.Minutes > 0 {
		return w.Minutes
	}
	return int64(w.To.Sub(w.From) / time.Minute)
}

// Shift is what of a shift is looked at.
type Shift struct {
	Trade        string
	Near         []string // trades whose people can often do this one
	Related      []string // trades of the same family, for want of better
	NoExperience bool
	SuitedOlder  bool
	Flags        []string // height, heavy, night, …: what a worker may refuse
	MinAge       int
	MinAgeWhy    string // what forces eighteen, in the reader's words
	Certificates []Needed
	HourFen      int64 // what an hour earns at least; 0 not known
	DistanceM    int64 // from her home; -1 not known
	From, To     time.Time
	Minutes      int64 // paid
	PartTime     bool  // 非全日制: the weekly limit with one employer holds
	RetireAge    int   // statutory age in years; 0 not known
	Full         bool  // no place is left
	Closed       bool  // the posting takes nobody
}

// Needed is a certificate the law asks for.
type Needed struct{ Kind, Name, Source string }

// Pair is a worker and a shift seen from each other, with the caller's name
// for the pair.
type Pair struct {
	ID     string
	Worker Worker
	Shift  Shift
}

// Limits are the dated numbers of the law and the city. Zero switches a limit off.
type Limits struct {
	WeekMinutes    int64 // R-PT-01
	WarnMinutes    int64
	FatigueMinutes int64 // of one day, all employers together: warns
	RestMinutes    int64 // between two gigs that together exceed FatigueMinutes
	ChangeMinutes  int64 // between two gigs at different places, besides the way
}
