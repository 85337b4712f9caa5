package region

import (
	"bytes"
	_ "embed" // the data
	"encoding/csv"
	"fmt"
	"hash/fnv"
	"math"
	"slices"
	"strings"
	"sync"
)

//go:embed data/haining_330481_divisions.csv
var divisions []byte

// Tree is a city with everything in it. It never changes.
type Tree struct {
	root     Code
	byCode   map[Code]Region
	children map[Code][]Region
	names    []named // longest first
}

type named struct {
	name string
	code Code
}

// HainingTree returns the tree of 海宁.
var HainingTree = sync.OnceValue(func() *Tree {
	t, err := parse(divisions, Haining)
	if err != nil {
		panic(err) // the embedded file is part of the program; a test reads it
	}
	return t
})

func parse(data []byte, root Code) (*Tree, error) {
	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff")))).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("read divisions: %w", err)
	}
	t := &Tree{root: root, byCode: map[Code]Region{}, children: map[Code][]Region{}}
	for _, row := range rows[1:] {
		c := Code(row[0])
		if !c.Valid() {
			return nil, fmt.Errorf("read divisions: %q is no code", row[0])
		}
		r := Region{Code: c, Name: row[1], Level: c.Level(), Parent: Code(row[3])}
		r.Lat, r.Lng = position(c)
		t.byCode[c] = r
		t.children[r.Parent] = append(t.children[r.Parent], r)
	}
	for _, list := range t.children {
		slices.SortFunc(list, func(a, b Region) int { return strings.Compare(string(a.Code), string(b.Code)) })
	}
	t.indexNames()
	return t, nil
}

// Root returns the city.
func (t *Tree) Root() Region { return t.byCode[t.root] }

// Get returns a place.
func (t *Tree) Get(c Code) (Region, bool) {
	r, ok := t.byCode[c]
	return r, ok
}

// Name returns a place's name, or "" when it is not in the tree.
func (t *Tree) Name(c Code) string { return t.byCode[c].Name }

// FullName returns "许村镇科同村" for a village and the name alone for the rest.
func (t *Tree) FullName(c Code) string {
	r, ok := t.byCode[c]
	if !ok || r.Level != Village {
		return r.Name
	}
	return t.byCode[r.Parent].Name + r.Name
}

// Children returns the places one level down, by code.
func (t *Tree) Children(c Code) []Region { return slices.Clone(t.children[c]) }

// Towns returns the towns and streets, by code.
func (t *Tree) Towns() []Region { return t.Children(t.root) }

// Villages returns the villages and communities below a code, by code.
func (t *Tree) Villages(under Code) []Region {
	var out []Region
	for _, town := range t.Towns() {
		for _, v := range t.children[town.Code] {
			if under.Contains(v.Code) {
				out = append(out, v)
			}
		}
	}
	return out
}

// All returns the city, its towns and its villages, by code.
func (t *Tree) All() []Region {
	out := []Region{t.Root()}
	for _, town := range t.Towns() {
		out = append(out, town)
		out = append(out, t.children[town.Code]...)
	}
	return out
}

// suffixes people leave out: 许村 for 许村镇.
var suffixes = []string{"街道办事处", "社区居委会", "村委会", "街道", "社区", "镇", "村", "市"}

func (t *Tree) indexNames() {
	count := map[string]int{}
	var all []named
	add := func(name string, c Code) {
		if len([]rune(name)) >= 2 {
			count[name]++
			all = append(all, named{name, c})
		}
	}
	for _, r := range t.All() {
		add(r.Name, r.Code)
		for _, s := range suffixes {
			if short, ok := strings.CutSuffix(r.Name, s); ok {
				add(short, r.Code)
				for _, more := range suffixes { // 许村社区居委会, 许村村委会
					if shorter, ok := strings.CutSuffix(short, more); ok {
						add(shorter, r.Code)
					}
				}
				break
			}
		}
	}
	slices.SortStableFunc(all, func(a, b named) int {
		if d := len(b.name) - len(a.name); d != 0 {
			return d
		}
		return rank(a.code) - rank(b.code)
	})
	t.names = all
}

// rank puts a town before a village of the same name: 许村 is first the town.
func rank(c Code) int {
	switch c.Level() {
	case City:
		return 0
	case Town:
		return 1
	case Village, Province, Prefecture:
	}
	return 2
}

// Find returns the most specific place named in text and the text without it:
// "许村镇科同村 装卸" is the village 科同村, "许村 装卸" the town. A village is
// looked for within the town named before it.
func (t *Tree) Find(text string) (found Region, rest string, ok bool) {
	rest = text
	within := t.root
	for range 3 {
		r, cut, hit := t.findIn(within, rest)
		if !hit {
			break
		}
		found, rest, ok = r, cut, true
		if r.Level == Village {
			break
		}
		within = r.Code
	}
	return found, strings.TrimSpace(rest), ok
}

func (t *Tree) findIn(within Code, text string) (Region, string, bool) {
	for _, n := range t.names {
		if n.code == within || !within.Contains(n.code) {
			continue
		}
		if i := strings.Index(text, n.name); i >= 0 {
			return t.byCode[n.code], text[:i] + text[i+len(n.name):], true
		}
	}
	return Region{}, text, false
}

// seats are about where the towns' seats lie.
var seats = map[Code][2]float64{
	"330481001000": {30.5330, 120.6950}, // 硖石街道
	"330481002000": {30.5180, 120.6700}, // 海洲街道
	"330481003000": {30.5580, 120.7150}, // 海昌街道
	"330481004000": {30.4720, 120.7150}, // 马桥街道
	"330481101000": {30.4250, 120.3650}, // 许村镇
	"330481103000": {30.4500, 120.4500}, // 长安镇
	"330481105000": {30.4650, 120.5350}, // 周王庙镇
	"330481106000": {30.4150, 120.6500}, // 丁桥镇
	"330481107000": {30.5050, 120.5850}, // 斜桥镇
	"330481108000": {30.3650, 120.8000}, // 黄湾镇
	"330481110000": {30.4150, 120.5450}, // 盐官镇
	"330481112000": {30.4400, 120.7700}, // 袁花镇
}

// position returns where the map shows a place: a town's seat; for a village a
// point within 3 km of it, always the same.
func position(c Code) (lat, lng float64) {
	if c.Level() != Village {
		if s, ok := seats[c]; ok {
			return s[0], s[1]
		}
		return 30.5100, 120.6810
	}
	s := seats[c.Town()]
	h := fnv.New64a()
	h.Write([]byte(c)) //nolint:errcheck // a hash never fails
	v := h.Sum64()
	angle := float64(v%3600) / 3600 * 2 * math.Pi
	km := 0.5 + 2.5*math.Sqrt(float64(v/3600%10000)/10000)
	const kmPerDegree = 111.2
	return s[0] + km*math.Sin(angle)/kmPerDegree, s[1] + km*math.Cos(angle)/(kmPerDegree*math.Cos(s[0]*math.Pi/180))
}

// Distance returns the metres between two points of the earth's surface.
func Distance(lat1, lng1, lat2, lng2 float64) float64 {
	const radius, rad = 6_371_000, math.Pi / 180
	dLat, dLng := (lat2-lat1)*rad, (lng2-lng1)*rad
	a := math.Sin(dLat/2)*math.Sin(dLat/2) + math.Cos(lat1*rad)*math.Cos(lat2*rad)*math.Sin(dLng/2)*math.Sin(dLng/2)
	return 2 * radius * math.Asin(math.Min(1, math.Sqrt(a)))
}
