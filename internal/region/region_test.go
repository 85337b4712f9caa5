package region_test

import (
	"encoding/json"
	"strings"
	"testing"

	"linggong/internal/region"
)

func TestTheCityIsWhole(t *testing.T) {
	t.Parallel()
	tree := region.HainingTree()
	if n := len(tree.Towns()); n != 12 {
		t.Errorf("%d towns", n)
	}
	if n := len(tree.Villages(region.Haining)); n != 236 {
		t.Errorf("%d villages", n)
	}
	if tree.Root().Name != "海宁市" {
		t.Errorf("root %+v", tree.Root())
	}
	for _, r := range tree.All() {
		if _, ok := tree.Get(r.Parent); r.Level != region.City && !ok {
			t.Errorf("%s has no parent in the tree", r.Code)
		}
		if r.Lat < 30.2 || r.Lat > 30.7 || r.Lng < 120.2 || r.Lng > 121 {
			t.Errorf("%s lies at %f, %f", r.Name, r.Lat, r.Lng)
		}
		if r.Level == region.Village && r.Code.Town() != r.Parent {
			t.Errorf("%s is in %s, its code says %s", r.Code, r.Parent, r.Code.Town())
		}
	}
}

func TestACodeKnowsItsPlaceInTheTree(t *testing.T) {
	t.Parallel()
	for code, want := range map[region.Code]struct {
		level  region.Level
		prefix string
		parent region.Code
	}{
		"330000000000": {region.Province, "33", ""}, "330400000000": {region.Prefecture, "3304", "330000000000"},
		"330481000000": {region.City, "330481", "330400000000"}, "330481101000": {region.Town, "330481101", "330481000000"},
		"330481101201": {region.Village, "330481101201", "330481101000"},
	} {
		if code.Level() != want.level || code.Prefix() != want.prefix || code.Parent() != want.parent {
			t.Errorf("%s: %s %s in %s", code, code.Level(), code.Prefix(), code.Parent())
		}
	}
	if region.Code("330481").Parent() != "" || region.Code("33048110120x").Valid() {
		t.Error("what is no code has no place in the tree")
	}
	if !region.Haining.Contains("330481101201") || region.Code("330481101000").Contains("330481103201") || region.Haining.Contains("33048110120") {
		t.Error("containment is wrong")
	}
}

func TestAPlaceIsFoundAsPeopleSayIt(t *testing.T) {
	t.Parallel()
	tree := region.HainingTree()
	for text, want := range map[string]struct{ place, rest string }{
		"许村镇": {"许村镇", ""}, "许村": {"许村镇", ""}, "许村 装卸工": {"许村镇", "装卸工"}, "在长安找保洁": {"长安镇", "在找保洁"},
		"海宁": {"海宁市", ""}, "海洲街道": {"海洲街道", ""}, "海洲": {"海洲街道", ""}, "海洲街道办事处 保安": {"海洲街道", "保安"}, "盐官": {"盐官镇", ""},
		"海宁市许村镇科同村": {"许村镇科同村", ""}, "许村镇科同村村委会 装卸": {"许村镇科同村", "装卸"}, "科同村 装卸": {"许村镇科同村", "装卸"},
		"科同": {"许村镇科同村", ""}, "装卸 科同村 许村": {"许村镇科同村", "装卸"}, "许村社区": {"许村镇许村社区", ""}, "许村镇许村社区居委会": {"许村镇许村社区", ""},
		"竦秀社区": {"硖石街道竦秀社区", ""}, "尖山新区社区": {"黄湾镇尖山新区社区", ""},
		// The same name in several places: the place all of them lie in.
		"庆云": {"斜桥镇", ""}, "斜桥庆云": {"斜桥镇", ""}, "庆云村": {"斜桥镇庆云村", ""}, "许巷 保洁": {"许村镇", "保洁"}, "双联": {"", "双联"}, "双联村": {"许村镇双联村", ""},
		// Words first, names of villages only within their town.
		"大型货车司机": {"", "大型货车司机"}, "长安大型村": {"长安镇大型村", ""}, "长安 大型": {"长安镇大型村", ""}, "新农村改造小工": {"", "新农村改造小工"}, "红色皮衣": {"", "红色皮衣"},
		"保洁日结": {"", "保洁日结"}, "": {"", ""},
	} {
		got, rest, ok := tree.Find(text)
		name := tree.FullName(got.Code)
		if name != want.place || rest != want.rest || ok != (want.place != "") {
			t.Errorf("%q is %q with %q left, want %q with %q", text, name, rest, want.place, want.rest)
		}
	}
}

func TestEveryPlaceIsFoundByItsOwnFullName(t *testing.T) {
	t.Parallel()
	tree := region.HainingTree()
	for _, r := range tree.All() {
		for _, text := range []string{tree.FullName(r.Code), tree.Name(r.Parent) + r.Name} {
			if got, rest, ok := tree.Find(text); !ok || got.Code != r.Code || rest != "" && r.Level != region.City {
				t.Errorf("%q is %s %s, with %q left", text, got.Code, got.Name, rest)
			}
		}
	}
}

type outline struct {
	Code        string `json:"code"`
	Name        string `json:"name"`
	Approximate bool   `json:"approximate"`
	Note        string `json:"note"`
	ring        [][2]float64
}

func outlines(t *testing.T) []outline {
	t.Helper()
	var m struct {
		Features []struct {
			Properties outline `json:"properties"`
			Geometry   struct {
				Coordinates [][][2]float64 `json:"coordinates"`
			} `json:"geometry"`
		} `json:"features"`
	}
	if err := json.Unmarshal(region.TownOutlines(), &m); err != nil {
		t.Fatal(err)
	}
	var out []outline
	for _, f := range m.Features {
		f.Properties.ring = f.Geometry.Coordinates[0]
		out = append(out, f.Properties)
	}
	return out
}

func TestTheMapHasEveryTownOnceAndItsSeatInside(t *testing.T) {
	t.Parallel()
	tree, seen := region.HainingTree(), map[string]bool{}
	all := outlines(t)
	for _, o := range all {
		seen[o.Code] = true
		r, ok := tree.Get(region.Code(o.Code))
		if !ok || r.Name != o.Name || !inside(o.ring, r.Lng, r.Lat) {
			t.Errorf("%s: %v", o.Name, r)
		}
		if !o.Approximate || !strings.Contains(o.Note, "示意") {
			t.Errorf("%s does not say that it is a drawing", o.Name)
		}
		if o.ring[0] != o.ring[len(o.ring)-1] {
			t.Errorf("the outline of %s is not closed", o.Name)
		}
	}
	if len(seen) != 12 || len(all) != 12 {
		t.Errorf("%d towns on the map, %d outlines", len(seen), len(all))
	}
}

func TestNoTwoTownsOverlapOnTheMap(t *testing.T) {
	t.Parallel()
	all := outlines(t)
	for x := 120.2903; x < 120.88; x += 0.0071 {
		for y := 30.3207; y < 30.61; y += 0.0053 {
			var in []string
			for _, o := range all {
				if inside(o.ring, x, y) {
					in = append(in, o.Name)
				}
			}
			if len(in) > 1 {
				t.Fatalf("%f, %f lies in %v", x, y, in)
			}
		}
	}
}

// Every border is walked once by each of its two towns; what only one town
// walks is the border of the city, and that is one ring: there is no gap.
func TestTheTownsOnTheMapLeaveNoGap(t *testing.T) {
	t.Parallel()
	type edge struct{ from, to [2]float64 }
	walked := map[edge]bool{}
	for _, o := range outlines(t) {
		for i := range len(o.ring) - 1 {
			walked[edge{o.ring[i], o.ring[i+1]}] = true
		}
	}
	next := map[[2]float64][2]float64{}
	var start [2]float64
	for e := range walked {
		if !walked[edge{e.to, e.from}] {
			if _, twice := next[e.from]; twice {
				t.Fatalf("the city's border forks at %v", e.from)
			}
			next[e.from], start = e.to, e.from
		}
	}
	steps := 1
	for at := next[start]; at != start; at = next[at] {
		if steps++; steps > len(next) {
			t.Fatal("the city's border does not close")
		}
	}
	if steps != len(next) {
		t.Errorf("the border has %d parts in its ring, %d in all: there is a gap", steps, len(next))
	}
}

func TestAVillageIsShownInItsTownAndAlwaysAtTheSamePlace(t *testing.T) {
	t.Parallel()
	rings := map[region.Code][][2]float64{}
	for _, o := range outlines(t) {
		rings[region.Code(o.Code)] = o.ring
	}
	at := map[[2]float64]string{}
	for _, v := range region.HainingTree().Villages(region.Haining) {
		if !inside(rings[v.Parent], v.Lng, v.Lat) {
			t.Errorf("%s is shown outside its town at %f, %f", v.Name, v.Lat, v.Lng)
		}
		if other, taken := at[[2]float64{v.Lng, v.Lat}]; taken {
			t.Errorf("%s and %s are shown at one point", v.Name, other)
		}
		at[[2]float64{v.Lng, v.Lat}] = v.Name
	}
	// Stored postings keep these points: whoever moves them must mean to.
	if v, _ := region.HainingTree().Get("330481101201"); v.Lat != 30.38723 || v.Lng != 120.41296 {
		t.Errorf("%s has moved to %f, %f", v.Name, v.Lat, v.Lng)
	}
}

func inside(ring [][2]float64, x, y float64) bool {
	in := false
	for i, j := 0, len(ring)-1; i < len(ring); j, i = i, i+1 {
		a, b := ring[i], ring[j]
		if (a[1] > y) != (b[1] > y) && x < (b[0]-a[0])*(y-a[1])/(b[1]-a[1])+a[0] {
			in = !in
		}
	}
	return in
}

func TestDistance(t *testing.T) {
	t.Parallel()
	if d := region.Distance(30.5330, 120.6950, 30.4250, 120.3650); d < 33_000 || d > 35_000 {
		t.Errorf("硖石 to 许村 is %f m", d)
	}
}
