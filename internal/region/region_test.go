package region_test

import (
	"encoding/json"
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
	}{
		"330000000000": {region.Province, "33"}, "330400000000": {region.Prefecture, "3304"},
		"330481000000": {region.City, "330481"}, "330481101000": {region.Town, "330481101"},
		"330481101201": {region.Village, "330481101201"},
	} {
		if code.Level() != want.level || code.Prefix() != want.prefix {
			t.Errorf("%s: %s %s", code, code.Level(), code.Prefix())
		}
	}
	if !region.Haining.Contains("330481101201") || region.Code("330481101000").Contains("330481103201") || region.Haining.Contains("33048110120") {
		t.Error("containment is wrong")
	}
}

func TestAPlaceIsFoundAsPeopleSayIt(t *testing.T) {
	t.Parallel()
	tree := region.HainingTree()
	village := tree.Villages("330481101000")[3]
	for text, want := range map[string]region.Code{
		"许村镇": "330481101000", "许村 装卸工": "330481101000", "在长安找保洁": "330481103000",
		"海宁市许村镇" + village.Name: village.Code, "海洲街道": "330481002000", "海洲": "330481002000", "盐官": "330481110000",
	} {
		got, _, ok := tree.Find(text)
		if !ok || got.Code != want {
			t.Errorf("%q is %s %s, want %s", text, got.Code, got.Name, want)
		}
	}
	if got, rest, ok := tree.Find("许村 装卸工"); !ok || rest != "装卸工" {
		t.Errorf("the rest of %s is %q", got.Name, rest)
	}
	if got, _, ok := tree.Find("保洁日结"); ok {
		t.Errorf("found %s where no place is named", got.Name)
	}
}

func TestTheMapHasEveryTownOnceAndItsSeatInside(t *testing.T) {
	t.Parallel()
	var m struct {
		Features []struct {
			Properties struct{ Code, Name string }
			Geometry   struct{ Coordinates [][][2]float64 }
		}
	}
	if err := json.Unmarshal(region.TownOutlines(), &m); err != nil {
		t.Fatal(err)
	}
	tree, seen := region.HainingTree(), map[string]bool{}
	for _, f := range m.Features {
		seen[f.Properties.Code] = true
		r, ok := tree.Get(region.Code(f.Properties.Code))
		if !ok || r.Name != f.Properties.Name || !inside(f.Geometry.Coordinates[0], r.Lng, r.Lat) {
			t.Errorf("%s: %v", f.Properties.Name, r)
		}
		for _, o := range m.Features {
			if o.Properties.Code != f.Properties.Code && inside(o.Geometry.Coordinates[0], r.Lng, r.Lat) {
				t.Errorf("%s lies in the outline of %s too", r.Name, o.Properties.Name)
			}
		}
	}
	if len(seen) != 12 {
		t.Errorf("%d towns on the map", len(seen))
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
