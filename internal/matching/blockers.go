package matching

import (
	"fmt"
	"slices"
)

// blockers are the hard rules, worst first.
func blockers(w Worker, s Shift, l Limits) []Blocker {
	var out []Blocker
	if w.Age > 0 && w.Age < 16 {
		out = append(out, Blocker{
			"under_sixteen", "未满 16 周岁，不能用工", "Under sixteen", "R-AGE-01", "禁止使用童工规定 第2条、第4条；劳动法 第15条", "年满 16 周岁后可以报名",
		})
	} else if w.Age > 0 && w.Age < s.MinAge {
		why := s.MinAgeWhy
		if why == "" {
			why = "这个岗位的要求"
		}
		out = append(out, Blocker{
			"under_min_age", fmt.Sprintf("须年满 %d 周岁（%s）", s.MinAge, why), fmt.Sprintf("Must be %d", s.MinAge), "R-AGE-03", "劳动法 第58条、第64条", "可以看看没有这些要求的岗位",
		})
	}
	for _, c := range s.Certificates {
		if !slices.Contains(w.Certificates, c.Kind) {
			out = append(out, Blocker{
				"certificate_missing", "需要有效的" + c.Name, "Needs a valid certificate: " + c.Kind, "R-CERT", c.Source, "带证件到驿站登记，或报名不需要证的岗位",
			})
		}
	}
	for _, b := range w.Busy {
		if b.From.Before(s.To) && s.From.Before(b.To) {
			out = append(out, Blocker{
				"overlap", "这个时间已有确认的零工", "Already has a gig at that time", "R-ENG-02", "domain.md §9.2", "先退掉时间冲突的那一个，或选别的时间",
			})
			break
		}
	}
	if week := w.WeekMinutes + s.Minutes; s.PartTime && l.WeekMinutes > 0 && week > l.WeekMinutes {
		out = append(out, Blocker{
			"part_time_week", fmt.Sprintf("本周为同一用工方将做 %s 小时，超过非全日制每周 24 小时", hours(week)), "Over 24 hours a week with one employer",
			"R-PT-01", "劳动合同法 第68条", fmt.Sprintf("本周还可做 %s 小时；或由用工方改为短期全日制、签书面合同", hours(max(0, l.WeekMinutes-w.WeekMinutes))),
		})
	}
	if w.FloorHourFen > 0 && s.HourFen > 0 && s.HourFen < w.FloorHourFen {
		out = append(out, Blocker{
			"below_own_floor", fmt.Sprintf("时薪 %s 元，低于本人期望的 %s 元", yuan(s.HourFen), yuan(w.FloorHourFen)), "Below the pay asked for", "R-FIT-01", "本人设定", "调低期望时薪，或由用工方提高报酬",
		})
	}
	if w.RadiusM > 0 && s.DistanceM > w.RadiusM {
		out = append(out, Blocker{
			"too_far", fmt.Sprintf("距离 %s，超过本人愿去的 %s", metres(s.DistanceM), metres(w.RadiusM)), "Farther than the worker goes", "R-FIT-02", "本人设定", "放宽可去距离，或由用工方提供接送",
		})
	}
	return out
}

// Wish says the blocker is the worker's own wish and no rule: she may set
// it aside by applying all the same.
func (b Blocker) Wish() bool { return b.Code == "below_own_floor" || b.Code == "too_far" }
