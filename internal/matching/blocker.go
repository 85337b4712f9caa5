package matching

import "fmt"

// Blocker is a hard reason why not: its source, and the smallest change that
// would lift it.
type Blocker struct {
	Code, Message, English, Rule, Source, Remedy string

	Change Change
}

// The codes of blockers. Those of wishes are the worker's own to set aside.
const (
	CodeClosed      = "posting_closed"
	CodeFull        = "shift_full"
	CodeAvoided     = "pair_blocked"
	CodeUnder16     = "under_sixteen"
	CodeMinAge      = "under_min_age"
	CodeCertificate = "certificate_missing"
	CodeOverlap     = "overlap"
	CodeNoWay       = "no_time_between"
	CodeNoRest      = "no_rest_between"
	CodeWeek        = "part_time_week"
	CodeRefused     = "work_refused"
	CodeFloor       = "below_own_floor"
	CodeTooFar      = "too_far"
)

// Wish says the blocker is the worker's own wish and no rule: she may set
// it aside by applying all the same.
func (b Blocker) Wish() bool {
	return b.Code == CodeFloor || b.Code == CodeTooFar || b.Code == CodeRefused
}

// blockers lists the hard rules in the way, worst first.
func blockers(w *Worker, s *Shift, l *Limits) []Blocker {
	var out []Blocker
	if s.Closed {
		out = append(out, Blocker{
			CodeClosed, "这个岗位已停止招人", "The posting takes nobody now", "R-FIT-07", "domain.md §9.1", "请用工方重新发布",
			Change{Kind: Reopen, Who: TheEmployer},
		})
	}
	if s.Full {
		out = append(out, Blocker{
			CodeFull, "这个班次已招满", "The shift is full", "R-FIT-08", "domain.md §9.2", "请用工方增加 1 个名额，或等人退出后候补",
			Change{Kind: AddPlace, Who: TheEmployer, Amount: 1},
		})
	}
	if w.Avoided {
		out = append(out, Blocker{
			CodeAvoided, "双方中有一方已表示不再合作", "One of the two does not want the other", "R-FIT-03", "双方设定", "由设定的一方取消",
			Change{Kind: Unblock, Who: TheStation},
		})
	}
	out = append(out, ageBlocker(w, s)...)
	for i := range s.Certificates {
		if c := &s.Certificates[i]; lacks(w, c) {
			out = append(out, Blocker{
				CodeCertificate, "需要有效的" + c.Name, "Needs a valid certificate: " + c.Kind, "R-CERT", c.Source, "带证件到驿站登记，或报名不需要证的岗位",
				Change{Kind: ShowCertificate, Who: TheWorker, Ref: c.Kind},
			})
		}
	}
	out = append(out, clashBlockers(w, s, l)...)
	if overWeek(w, s, l) {
		week := w.WeekMinutes + s.Minutes
		out = append(out, Blocker{
			CodeWeek, fmt.Sprintf("本周为同一用工方将做 %s 小时，超过非全日制每周 %s 小时", hours(week), hours(l.WeekMinutes)),
			fmt.Sprintf("Over %s hours a week with one employer", hours(l.WeekMinutes)), "R-PT-01", "劳动合同法 第68条",
			fmt.Sprintf("本周还可做 %s 小时；或由用工方改为短期全日制、签书面合同", hours(max(0, l.WeekMinutes-w.WeekMinutes))),
			Change{Kind: Reclassify, Who: TheEmployer},
		})
	}
	return append(out, wishBlockers(w, s)...)
}

func ageBlocker(w *Worker, s *Shift) []Blocker {
	need := tooYoung(w, s)
	switch {
	case need == 0:
		return nil
	case w.Age < minWorkAge:
		return []Blocker{{
			CodeUnder16, "未满 16 周岁，不能用工", "Under sixteen", "R-AGE-01", "禁止使用童工规定 第2条、第4条；劳动法 第15条", "年满 16 周岁后可以报名",
			Change{Kind: Wait, Who: TheWorker, Amount: int64(need)},
		}}
	}
	why := s.MinAgeWhy
	if why == "" {
		why = "这个岗位的要求"
	}
	return []Blocker{{
		CodeMinAge, fmt.Sprintf("须年满 %d 周岁（%s）", need, why), fmt.Sprintf("Must be %d", need), "R-AGE-03", "劳动法 第58条、第64条", "可以看看没有这些要求的岗位",
		Change{Kind: Wait, Who: TheWorker, Amount: int64(need)},
	}}
}

// clashBlockers names each way in which gigs she has stand against the shift,
// once, with the first of them.
func clashBlockers(w *Worker, s *Shift, l *Limits) []Blocker {
	var out []Blocker
	var said [noRest + 1]bool
	for i := range w.Busy {
		kind, gap, need := clashOf(&w.Busy[i], s, l)
		if said[kind] {
			continue
		}
		said[kind] = true
		switch kind {
		case noClash:
		case overlap:
			out = append(out, Blocker{
				CodeOverlap, "这个时间已有确认的零工", "Already has a gig at that time", "R-ENG-02", "domain.md §9.2", "先退掉时间冲突的那一个，或选别的时间",
				Change{Kind: GiveUpGig, Who: TheWorker, Ref: CodeOverlap},
			})
		case noWay:
			out = append(out, Blocker{
				CodeNoWay, fmt.Sprintf("与已确认的零工只隔 %d 分钟，路上约需 %d 分钟", gap, need), fmt.Sprintf("%d minutes between two gigs, the way takes about %d", gap, need),
				"R-FIT-05", "市场约定：两个活之间要留够路上时间", fmt.Sprintf("前后错开至少 %d 分钟，或退掉另一个", need-gap),
				Change{Kind: GiveUpGig, Who: TheWorker, Ref: CodeNoWay},
			})
		case noRest:
			out = append(out, Blocker{
				CodeNoRest, fmt.Sprintf("与已确认的零工合计超过 %s 小时，中间只休息 %s 小时", hours(l.FatigueMinutes), hours(gap)), "Too long together without rest between",
				"R-FIT-06", "市场约定：连着做要有休息", fmt.Sprintf("两个活之间至少休息 %s 小时，或退掉另一个", hours(need)),
				Change{Kind: GiveUpGig, Who: TheWorker, Ref: CodeNoRest},
			})
		}
	}
	return out
}

// wishBlockers are what she set herself.
func wishBlockers(w *Worker, s *Shift) []Blocker {
	var out []Blocker
	if f, yes := refuses(w, s); yes {
		out = append(out, Blocker{
			CodeRefused, "本人不做" + flagName(f) + "的活", "Work the worker does not take: " + f, "R-FIT-04", "本人设定", "在“不做的活”里去掉" + flagName(f),
			Change{Kind: AcceptWork, Who: TheWorker, Ref: f},
		})
	}
	if belowFloor(w, s) {
		out = append(out, Blocker{
			CodeFloor, fmt.Sprintf("时薪 %s 元，低于本人期望的 %s 元", yuan(s.HourFen), yuan(w.FloorHourFen)), "Below the pay asked for", "R-FIT-01", "本人设定",
			fmt.Sprintf("把期望时薪调到 %s 元，或由用工方每小时加 %s 元", yuan(s.HourFen), yuan(w.FloorHourFen-s.HourFen)),
			Change{Kind: LowerFloor, Who: TheWorker, Amount: s.HourFen},
		})
	}
	if tooFar(w, s) {
		out = append(out, Blocker{
			CodeTooFar, fmt.Sprintf("距离 %s，超过本人愿去的 %s", metres(s.DistanceM), metres(w.RadiusM)), "Farther than the worker goes", "R-FIT-02", "本人设定",
			fmt.Sprintf("把可去距离放宽到 %s，或由用工方提供接送", metres(roundUp(s.DistanceM))),
			Change{Kind: WidenRadius, Who: TheWorker, Amount: roundUp(s.DistanceM)},
		})
	}
	return out
}
