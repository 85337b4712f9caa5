package gig

import (
	"cmp"
	"fmt"
	"slices"

	"linggong/internal/day"
)

// RankPart is one reason of a rank.
type RankPart struct {
	Key    string // words, trade, near, soon, room, answers, fresh, urgent
	Points int
	Weight int
}

// mostReasons are told of one hit; nobody reads more at a kiosk.
const mostReasons = 4

// A part is told of when it is at least so much of its weight, per cent: a
// reason everybody has is none.
var leastTold = map[string]int{"trade": 80, "words": 60, "near": 60, "soon": 70, "room": 60, "answers": 90, "fresh": 85, "urgent": 100}

// reasons says in plain Chinese why a hit stands where it does, what weighs most
// first: from the parts of its rank and from what was asked and holds. The same
// hit of the same search has the same reasons.
func reasons(f Find, h PostingHit, today day.Date) []string {
	parts := slices.Clone(h.Rank)
	slices.SortStableFunc(parts, func(a, b RankPart) int { return cmp.Compare(b.Points, a.Points) })
	var out []string
	for _, p := range parts {
		if p.Weight == 0 || p.Points*100 < leastTold[p.Key]*p.Weight {
			continue
		}
		if said := reason(p.Key, h, today); said != "" && !slices.Contains(out, said) {
			out = append(out, said)
		}
	}
	if said := asked(f, h); said != "" {
		out = slices.Insert(out, min(1, len(out)), said)
	}
	return out[:min(len(out), mostReasons)]
}

// reason is the sentence of one part.
func reason(key string, h PostingHit, today day.Date) string {
	switch key {
	case "trade":
		return "正是您找的活"
	case "near":
		return nearReason(h.DistanceM)
	case "soon":
		switch day.Of(h.Next).Sub(today) {
		case 0:
			return "今天就能上工"
		case 1:
			return "明天就能上工"
		}
	case "room":
		return "报名的还不多"
	case "answers":
		return "用工方答复及时"
	case "fresh":
		return "新发布"
	case "urgent":
		return "急招"
	}
	return "" // of the words, the title itself is the reason
}

func nearReason(metres int64) string {
	switch {
	case metres < 0:
		return "离您不远"
	case metres < 1000:
		return fmt.Sprintf("离您%d米", max(metres/50*50, 50))
	}
	return fmt.Sprintf("离您%.1f公里", float64(metres)/1000)
}

// asked names the conditions asked for that hold here.
func asked(f Find, h PostingHit) string {
	for _, c := range []struct {
		asked bool
		says  string
	}{
		{f.Meals && h.Meals && f.Lodging && h.Lodging, "包吃住"},
		{f.Meals && h.Meals, "包吃"},
		{f.Lodging && h.Lodging, "包住"},
		{f.Settlement != "" && f.Settlement == h.Pay.Settlement, settlementNames[f.Settlement]},
		{f.PayMinHourFen > 0 && h.HourFen >= f.PayMinHourFen, "工钱够您要的"},
		{f.SuitedOlder && h.SuitedOlder, "适合大龄"},
		{f.NoExperience && h.NoExperience, "新手可做"},
		{f.NoNight, "不上夜班"},
	} {
		if c.asked {
			return "符合：" + c.says
		}
	}
	return ""
}

var settlementNames = map[SettlementKind]string{"daily": "日结", "weekly": "周结", "monthly": "月结", "on_completion": "完工结"}
