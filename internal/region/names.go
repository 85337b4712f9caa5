package region

import (
	"cmp"
	"slices"
	"strings"
)

// kindOfName is how sure a name says which place is meant.
type kindOfName uint8

const (
	cityName  kindOfName = iota // 海宁市, 海宁
	townName                    // 许村镇
	placeName                   // 科同村, 许村社区
	bareTown                    // 许村
	bareName                    // 科同: also a part of other words
)

// name is one way to say a place.
type name struct {
	text string
	code Code
}

// endings of official names, longest first, and what people say instead.
var endings = []struct{ official, said string }{
	{"社区居民委员会", "社区"}, {"社区居委会", "社区"}, {"村民委员会", "村"}, {"村委会", "村"}, {"社区", "社区"},
}

// splitName returns what a village or community is called and which of the two it is.
func splitName(official string) (base, kind string) {
	for _, e := range endings {
		if base, ok := strings.CutSuffix(official, e.official); ok {
			return base, e.said
		}
	}
	return official, ""
}

// ordinary are names of villages that are words of their own, or better known
// as another place: 大型货车司机 is no one from 大型村. They count as names only
// after their town has been named.
var ordinary = strings.Fields(`
	大型 红色 光明 团结 前进 胜利 花园 丰收 先锋 百合 联合 联盟 新建 火炬 红旗 东风 新华 星火 新星 海星 海潮 创智 报国 双喜 万寿 云龙 凤凰 金牛 港湾
	东升 新民 利民 三联 群益 城东 城北 南郊 西郊 江南 梨园 桃园 梅园 虹桥 新桥 长河 长春 泰山 黄山 云和 之江 钱江 新农 新农村`)

// namesOf lists every way to say the places, longest first within each kind.
func namesOf(places []Region) map[kindOfName][]name {
	out := map[kindOfName][]name{}
	add := func(k kindOfName, c Code, texts ...string) {
		for _, text := range texts {
			out[k] = append(out[k], name{text, c})
		}
	}
	for _, r := range places {
		switch r.Level {
		case City:
			add(cityName, r.Code, r.Name, strings.TrimSuffix(r.Name, "市"))
		case Town:
			base, street := strings.CutSuffix(r.Name, "街道")
			if base = strings.TrimSuffix(base, "镇"); street {
				add(townName, r.Code, r.Name+"办事处", r.Name+"办")
			}
			add(townName, r.Code, r.Name)
			add(bareTown, r.Code, base)
		case Village:
			base, kind := splitName(r.Name)
			add(placeName, r.Code, r.Name)
			if base+kind != r.Name {
				add(placeName, r.Code, base+kind)
			}
			if kind == "村" {
				add(placeName, r.Code, base+"村村委会", base+"村村民委员会")
			}
			if len([]rune(base)) >= 2 {
				add(bareName, r.Code, base)
			}
		case Province, Prefecture:
		}
	}
	for _, list := range out {
		slices.SortStableFunc(list, func(a, b name) int { return cmp.Compare(len(b.text), len(a.text)) })
	}
	return out
}

// Find returns the most specific place that text names without doubt, and the
// text without it: "许村镇科同村 装卸" is the village 科同村, "许村 装卸" the town.
// A name that several places bear ("庆云" is a village and a community) gives
// the town they share, or nothing.
func (t *Tree) Find(text string) (found Region, rest string, ok bool) {
	s := search{tree: t, within: t.root, rest: text}
	s.look(cityName)
	inTown := s.look(townName)
	switch {
	case s.look(placeName): // 许村社区 before 许村
	case inTown || s.look(bareTown):
		_ = s.look(placeName) || s.look(bareName)
	default:
		s.look(bareName)
	}
	if s.found.Level == Village {
		s.dropTown()
	}
	return s.found, strings.TrimSpace(s.rest), s.found.Code != ""
}

// search is a text being read for places, from the city down.
type search struct {
	tree   *Tree
	within Code
	found  Region
	rest   string
}

// look takes the longest name of a kind out of the text and moves to its place.
func (s *search) look(k kindOfName) bool {
	for _, n := range s.tree.names[k] {
		if !strings.Contains(s.rest, n.text) || s.within == s.tree.root && slices.Contains(ordinary, n.text) {
			continue
		}
		c, ok := s.meant(k, n.text)
		if !ok {
			continue
		}
		s.rest = strings.Replace(s.rest, n.text, "", 1)
		s.found, s.within = s.tree.byCode[c], c
		return true
	}
	return false
}

// meant returns the one place that bears a name where the search has come to,
// or the town its bearers share.
func (s *search) meant(k kindOfName, text string) (Code, bool) {
	var bearers []Code
	for _, n := range s.tree.names[k] {
		if n.text == text && s.within.Contains(n.code) {
			bearers = append(bearers, n.code)
		}
	}
	switch {
	case len(bearers) == 0:
		return "", false
	case len(bearers) == 1:
		return bearers[0], true
	}
	town := bearers[0].Town()
	for _, b := range bearers {
		if b.Town() != town {
			return "", false
		}
	}
	return town, true
}

// dropTown takes the village's town out of what is left, however it was named.
func (s *search) dropTown() {
	for _, k := range []kindOfName{townName, bareTown} {
		for _, n := range s.tree.names[k] {
			if n.code == s.found.Parent {
				s.rest = strings.Replace(s.rest, n.text, "", 1)
			}
		}
	}
}
