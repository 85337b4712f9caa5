// Package matching says whether a worker may take a shift and how well the two
// go together, with reasons, and what the smallest change is that would let
// them. It is pure: the same input gives the same output.
//
// No part uses sex, ethnicity, household registration or health: the input
// types have no field for them (就业促进法 第26至31条). Hardship is not here
// either; it gives priority only inside the help workflow, by staff.
package matching

import "fmt"

// Fit is how well a pair goes together.
type Fit struct {
	Total    int64 // 0 … 1,000,000: the sum of the points, exactly
	Parts    []Part
	Reasons  []string // why, weightiest part first
	English  []string // the same
	Warnings []string
	Blockers []Blocker
}

// Eligible says nothing hard is in the way.
func (f Fit) Eligible() bool { return len(f.Blockers) == 0 }

// Percent returns the total as 0 … 100 for a screen.
func (f Fit) Percent() int64 { return f.Total / 10_000 }

// Judge weighs a pair and says why.
func Judge(w Worker, s Shift, l Limits, weights Weights) Fit {
	f := Fit{Blockers: blockers(&w, &s, &l), Parts: make([]Part, parts)}
	weight := weights.list()
	for i, permille := range permilles(&w, &s) {
		n := partNames[i]
		f.Parts[i] = Part{Key: n.key, Label: n.zh, English: n.english, Permille: permille, Weight: weight[i], Points: permille * weight[i]}
		f.Total += f.Parts[i].Points
	}
	f.Reasons, f.English = reasons(&w, &s)
	f.Warnings = warnings(&w, &s, &l)
	return f
}

// Score gives the total of Judge alone, and whether nothing hard is in the way.
// It allocates nothing: matching many with many calls it for every pair.
func Score(w *Worker, s *Shift, l *Limits, weights Weights) (points int64, ok bool) {
	if !eligible(w, s, l) {
		return 0, false
	}
	return total(w, s, weights), true
}

func total(w *Worker, s *Shift, weights Weights) int64 {
	var sum int64
	weight := weights.list()
	for i, permille := range permilles(w, s) {
		sum += permille * weight[i]
	}
	return sum
}

func warnings(w *Worker, s *Shift, l *Limits) []string {
	var out []string
	if week := w.WeekMinutes + s.Minutes; s.PartTime && l.WarnMinutes > 0 && week > l.WarnMinutes && week <= l.WeekMinutes {
		out = append(out, fmt.Sprintf("本周为同一用工方做满 %s 小时，接近非全日制每周 %s 小时", hours(week), hours(l.WeekMinutes)))
	}
	if day := w.DayMinutes + s.Minutes; l.FatigueMinutes > 0 && day > l.FatigueMinutes {
		out = append(out, fmt.Sprintf("这一天合计要做 %s 小时，请注意休息", hours(day)))
	}
	if s.RetireAge > 0 && w.Age >= s.RetireAge {
		out = append(out, "已过法定退休年龄，按劳务关系办理，请写明书面约定并确认有保险（R-AGE-05）")
	}
	if w.Age == 0 && s.MinAge > minWorkAge {
		out = append(out, fmt.Sprintf("年龄还没有核对，上岗前请出示身份证：须年满 %d 周岁（R-AGE-02）", s.MinAge))
	}
	return out
}

// reasons say what speaks for the pair, in the reader's words.
func reasons(w *Worker, s *Shift) (zh, en []string) {
	say := func(z, e string) { zh, en = append(zh, z), append(en, e) }
	kin, _ := bestSkill(w, s)
	switch {
	case w.SameTrade > 0:
		say(fmt.Sprintf("干过 %d 次同类活", w.SameTrade), fmt.Sprintf("Has done this %d times", w.SameTrade))
	case kin == sameTrade:
		say("会这个工种", "Does this trade")
	case kin == nearTrade:
		say("会相近的工种", "Does a near trade")
	case kin == relatedTrade:
		say("做过同一行当的活", "Works in the same line")
	case kin == beginner:
		say("不要求经验", "No experience needed")
	}
	if s.DistanceM >= 0 {
		v := travel(s.DistanceM)
		say(fmt.Sprintf("%s，%s约 %d 分钟", metres(s.DistanceM), v.zh, v.minutes), fmt.Sprintf("%.1f km, about %d minutes %s", float64(s.DistanceM)/1000, v.minutes, v.english))
	}
	if w.FloorHourFen > 0 && s.HourFen >= w.FloorHourFen {
		paid, asked := yuan(s.HourFen), yuan(w.FloorHourFen)
		if s.HourFen == w.FloorHourFen {
			say(fmt.Sprintf("时薪 %s 元，正是期望的", paid), fmt.Sprintf("%s yuan an hour, as asked for", paid))
		} else {
			say(fmt.Sprintf("时薪 %s 元，高于期望的 %s 元", paid, asked), fmt.Sprintf("%s yuan an hour, above the %s asked for", paid, asked))
		}
	}
	if w.Free {
		say("时间合适", "The time suits")
	}
	if s.SuitedOlder && w.Age >= 50 {
		say("适合大龄", "Suits older people")
	}
	if w.Completed >= 5 && w.NoShows90 == 0 {
		say(fmt.Sprintf("完成过 %d 次，近三个月没有缺勤", w.Completed), fmt.Sprintf("%d gigs done, none missed in three months", w.Completed))
	}
	if w.WaitingDays >= 3 {
		say(fmt.Sprintf("已等候 %d 天", w.WaitingDays), fmt.Sprintf("Has waited %d days", w.WaitingDays))
	}
	return zh, en
}
