// Package region is the tree of places: 海宁市, its 12 towns and streets (镇、
// 街道), its 236 villages and communities (村、社区), with their 12-digit codes.
package region

import "strings"

// Code is a 12-digit statistical code. A town's own code also stands for its
// 未分配 child: a place in the town whose village is not known, so that a town
// is always the sum of its children.
type Code string

// Level is how high in the tree a code stands.
type Level string

// The levels.
const (
	Province   Level = "province"
	Prefecture Level = "prefecture"
	City       Level = "city"
	Town       Level = "town"
	Village    Level = "village"
)

// Haining is the first city.
const Haining Code = "330481000000"

// Valid says c has twelve digits; it may still be unknown to a tree.
func (c Code) Valid() bool {
	if len(c) != 12 {
		return false
	}
	return strings.Trim(string(c), "0123456789") == ""
}

// Level returns where c stands, by its trailing zeros.
func (c Code) Level() Level {
	s := string(c)
	switch {
	case strings.HasSuffix(s, "0000000000"):
		return Province
	case strings.HasSuffix(s, "00000000"):
		return Prefecture
	case strings.HasSuffix(s, "000000"):
		return City
	case strings.HasSuffix(s, "000"):
		return Town
	}
	return Village
}

// Prefix returns the digits that everything below c begins with: 330481 for
// the city, 330481101 for a town, all twelve for a village.
func (c Code) Prefix() string {
	switch c.Level() {
	case Province:
		return string(c[:2])
	case Prefecture:
		return string(c[:4])
	case City:
		return string(c[:6])
	case Town:
		return string(c[:9])
	case Village:
	}
	return string(c)
}

// Town returns the code of the town c lies in; a city has none.
func (c Code) Town() Code {
	if !c.Valid() || c.Level() != Village && c.Level() != Town {
		return ""
	}
	return c[:9] + "000"
}

// City returns the code of the city c lies in.
func (c Code) City() Code {
	if !c.Valid() {
		return ""
	}
	return c[:6] + "000000"
}

// Parent returns the code one level up: a village's town, a town's city, a
// city's prefecture, a prefecture's province. A province has none.
func (c Code) Parent() Code {
	if !c.Valid() {
		return ""
	}
	switch c.Level() {
	case Village:
		return c.Town()
	case Town:
		return c.City()
	case City:
		return c[:4] + "00000000"
	case Prefecture:
		return c[:2] + "0000000000"
	case Province:
	}
	return ""
}

// Contains says o lies in c or is c.
func (c Code) Contains(o Code) bool {
	return c.Valid() && o.Valid() && strings.HasPrefix(string(o), c.Prefix())
}

// Region is one place.
type Region struct {
	Code   Code
	Name   string
	Level  Level
	Parent Code
	// Lat and Lng are where a map shows it (WGS 84). Those of towns are the
	// seats, roughly; those of villages are spread over their town, for no public
	// source gives them: good enough to sort by, never to find a door.
	Lat, Lng float64
}

// Short returns the name people use: 科同村 for 科同村委会, 许村社区 for
// 许村社区居委会. Other places are called by their whole name.
func (r Region) Short() string {
	if r.Level != Village {
		return r.Name
	}
	base, kind := splitName(r.Name)
	return base + kind
}
