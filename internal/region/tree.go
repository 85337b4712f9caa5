package region

import (
	"bytes"
	_ "embed" // the data
	"encoding/csv"
	"fmt"
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
	names    map[kindOfName][]name
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
	t.names = namesOf(t.All())
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
	return t.byCode[r.Parent].Name + r.Short()
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
