// Package matching says whether a worker may take a shift and how well the two
// go together, with reasons. It is pure: the same input gives the same output.
//
// No part uses sex, ethnicity, household registration or health: the input
// types have no field for them (就业促进法 第26至31条). Hardship is not here
// either; it gives priority only inside the help workflow, by staff.
package matching

import (
	"fmt"
	"slices"
	"time"
)

// Worker is what of a worker is looked at.
type Worker struct {
	Age          int // full years on the day of the shift; 0 not known
	Trades       []Skill
	Certificates []string // valid on the day of the shift
	RadiusM      int64    // how far she goes; 0 not said
	FloorHourFen int64    // below this she is not asked; 0 none
	Completed    int64    // gigs done
	SameTrade    int64    // of them in the shift's trade
	NoShows90    int64
	WaitingDays  int64
	Free         bool // the shift lies within her usual hours, or she said "today"
	Busy         []Window
	WeekMinutes  int64 // confirmed with this employer from Monday to Sunday
	DayMinutes   int64 // confirmed with everyone on that day
}

// Skill is one trade a worker does.
type Skill struct {
	Trade string
	Level int // 1 learner, 2 can, 3 master
}

// Window is a time she is taken.
type Window struct{ From, To time.Time }

// Shift is what of a shift is looked at.
type Shift struct {
	Trade        string
	Near         []string // trades whose people can often do this one
	NoExperience bool
	MinAge       int
	MinAgeWhy    string // what forces eighteen, in the reader's words
	Certificates []Needed
	HourFen      int64
	DistanceM    int64 // -1 not known
	From, To     time.Time
	Minutes      int64 // paid
	PartTime     bool  // 非全日制: the weekly limit with one employer holds
	RetireAge    int   // statutory age in years; 0 not known
}

// Needed is a certificate the law asks for.
type Needed struct{ Kind, Name, Source string }

// Limits are the dated numbers of the law and the city.
type Limits struct {
	WeekMinutes    int64 // R-PT-01
	WarnMinutes    int64
	FatigueMinutes int64
}

// Blocker is a hard reason why not: its source, and the smallest change that
// would lift it.
type Blocker struct {
	Code, Message, English, Rule, Source, Remedy string
}

// Part is one side of the fit: 0 to 1000, and what it adds.
type Part struct {
	Key      string
	Label    string
	Permille int64
	Weight   int64 // of all weights, which make 1000
	Points   int64 // Permille × Weight
}

// Fit is how well a pair goes together.
type Fit struct {
	Total    int64 // 0 … 1,000,000: the sum of the points, exactly
	Parts    []Part
	Reasons  []string // for the worker, best first
	English  []string
	Warnings []string
	Blockers []Blocker
}

// Eligible says nothing hard is in the way.
func (f Fit) Eligible() bool { return len(f.Blockers) == 0 }

// Percent returns the total as 0 … 100 for a screen.
func (f Fit) Percent() int64 { return f.Total / 10_000 }

// Weights say how much each part counts. They make 1000.
type Weights struct{ Skill, Distance, Time, Pay, Reliability, Waiting int64 }

// DefaultWeights are the shipped ones.
var DefaultWeights = Weights{Skill: 350, Distance: 250, Time: 150, Pay: 100, Reliability: 100, Waiting: 50}

// Judge weighs a pair.
func Judge(w Worker, s Shift, l Limits, weights Weights) Fit {
	f := Fit{Blockers: blockers(w, s, l)}
	add := func(key, label string, permille, weight int64) {
		f.Parts = append(f.Parts, Part{key, label, permille, weight, permille * weight})
		f.Total += permille * weight
	}
	add("skill", "工种", skill(w, s), weights.Skill)
	add("distance", "距离", distance(w, s), weights.Distance)
	add("time", "时间", timing(w), weights.Time)
	add("pay", "报酬", pay(w, s), weights.Pay)
	add("reliability", "守约", reliability(w), weights.Reliability)
	add("waiting", "等候", min(1000, w.WaitingDays*1000/14), weights.Waiting)
	f.Reasons, f.English = reasons(w, s)
	f.Warnings = warnings(w, s, l)
	return f
}

func skill(w Worker, s Shift) int64 {
	best := int64(0)
	for _, t := range w.Trades {
		switch {
		case t.Trade == s.Trade:
			best = max(best, 700+int64(min(t.Level, 3))*100)
		case slices.Contains(s.Near, t.Trade):
			best = max(best, 600)
		}
	}
	if s.NoExperience {
		best = max(best, 500)
	}
	return best
}

// distance falls from 1000 at the door to 0 at twice the radius she goes.
func distance(w Worker, s Shift) int64 {
	if s.DistanceM < 0 {
		return 500
	}
	reach := w.RadiusM
	if reach == 0 {
		reach = 8000
	}
	return max(0, 1000-s.DistanceM*500/max(reach, 1))
}

func timing(w Worker) int64 {
	if w.Free {
		return 1000
	}
	return 400
}

// pay is 500 at her floor and 1000 at half as much again.
func pay(w Worker, s Shift) int64 {
	switch {
	case w.FloorHourFen == 0 || s.HourFen == 0:
		return 700
	case s.HourFen < w.FloorHourFen:
		return 0
	}
	return min(1000, 500+(s.HourFen-w.FloorHourFen)*1000/w.FloorHourFen)
}

// reliability starts in the middle: who is new is not unreliable.
func reliability(w Worker) int64 {
	return max(0, min(1000, 600+w.Completed*40-w.NoShows90*200))
}

func warnings(w Worker, s Shift, l Limits) []string {
	var out []string
	if week := w.WeekMinutes + s.Minutes; s.PartTime && l.WarnMinutes > 0 && week > l.WarnMinutes && week <= l.WeekMinutes {
		out = append(out, fmt.Sprintf("本周为同一用工方做满 %s 小时，接近非全日制每周 24 小时", hours(week)))
	}
	if day := w.DayMinutes + s.Minutes; l.FatigueMinutes > 0 && day > l.FatigueMinutes {
		out = append(out, fmt.Sprintf("这一天合计要做 %s 小时，请注意休息", hours(day)))
	}
	if s.RetireAge > 0 && w.Age >= s.RetireAge {
		out = append(out, "已过法定退休年龄，按劳务关系办理，请写明书面约定并确认有保险（R-AGE-05）")
	}
	return out
}

func hours(minutes int64) string {
	if minutes%60 == 0 {
		return fmt.Sprint(minutes / 60)
	}
	return fmt.Sprintf("%.1f", float64(minutes)/60)
}

func reasons(w Worker, s Shift) (zh, en []string) {
	say := func(z, e string) { zh, en = append(zh, z), append(en, e) }
	switch {
	case w.SameTrade > 0:
		say(fmt.Sprintf("干过 %d 次同类活", w.SameTrade), fmt.Sprintf("Has done this %d times", w.SameTrade))
	case skill(w, s) >= 800:
		say("会这个工种", "Does this trade")
	case skill(w, s) >= 600:
		say("会相近的工种", "Does a near trade")
	case s.NoExperience:
		say("不要求经验", "No experience needed")
	}
	if s.DistanceM >= 0 {
		say(fmt.Sprintf("%s，骑车约 %d 分钟", metres(s.DistanceM), max(1, s.DistanceM/230)), fmt.Sprintf("%.1f km, about %d minutes by bicycle", float64(s.DistanceM)/1000, max(1, s.DistanceM/230)))
	}
	if w.FloorHourFen > 0 && s.HourFen >= w.FloorHourFen {
		say(fmt.Sprintf("时薪 %s 元，不低于期望的 %s 元", yuan(s.HourFen), yuan(w.FloorHourFen)), fmt.Sprintf("%s yuan an hour, not below the %s asked for", yuan(s.HourFen), yuan(w.FloorHourFen)))
	}
	if w.Free {
		say("时间合适", "The time suits")
	}
	if w.WaitingDays >= 3 {
		say(fmt.Sprintf("已等候 %d 天", w.WaitingDays), fmt.Sprintf("Has waited %d days", w.WaitingDays))
	}
	return zh, en
}

func metres(m int64) string {
	if m < 1000 {
		return fmt.Sprintf("%d 米", m)
	}
	return fmt.Sprintf("%.1f 公里", float64(m)/1000)
}

func yuan(fen int64) string {
	if fen%100 == 0 {
		return fmt.Sprint(fen / 100)
	}
	return fmt.Sprintf("%.2f", float64(fen)/100)
}
