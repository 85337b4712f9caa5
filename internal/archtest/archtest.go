// Package archtest holds which package may import which, and says where the
// code does otherwise. The table is layout.go; the test runs it over the tree.
package archtest

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"
)

// Package is one package as `go list` knows it, without its tests.
type Package struct {
	ImportPath string   `json:"ImportPath"`
	Dir        string   `json:"Dir"`
	GoFiles    []string `json:"GoFiles"`
	Imports    []string `json:"Imports"`
}

// Layout says which package may import which. Paths are relative to Module.
type Layout struct {
	Module     string
	Layers     map[string]int // package → layer; "x/*" stands for every child of x
	Exceptions []Exception
	Narrow     []Narrow
	Vendors    []Vendor
	Calls      []Call
}

// Exception lets one package import another of its own layer.
type Exception struct{ From, To, Why string }

// Narrow lets the packages of a layer take only some names from a package.
type Narrow struct {
	Layer int
	To    string
	Only  []string
	Why   string
}

// Vendor lets only some packages import a library.
type Vendor struct {
	Prefix string
	By     []string
	Why    string
}

// Call lets only some packages use some functions of the standard library.
type Call struct {
	Package string
	Names   []string
	By      []string
	Why     string
}

// RowsPackages stands in Vendor.By for every <x>db.
const RowsPackages = "*db"

// Layer returns the layer of a package, by the table or by its name: a
// domain's rows live in <x>/<x>db, its parts in <x>/<part>, the shared tests of
// a port in <x>/<x>test.
func (l Layout) Layer(pkg string) (layer int, known bool) {
	if n, ok := l.Layers[pkg]; ok {
		return n, true
	}
	parent, base := path.Split(pkg)
	parent = strings.TrimSuffix(parent, "/")
	if n, ok := l.Layers[parent+"/*"]; ok {
		return n, true
	}
	n, ok := l.Layers[parent]
	switch {
	case !ok:
		return 0, false
	case isRows(pkg):
		return rows, true
	case strings.HasSuffix(base, "db"):
		return 0, false // rows by another name would escape the rules for rows
	case n == domain, strings.HasSuffix(base, "test"):
		return n, true
	}
	return 0, false
}

// isRows says pkg is <x>/<x>db.
func isRows(pkg string) bool {
	parent, base := path.Split(pkg)
	return base == path.Base(parent)+"db"
}

// Check returns every forbidden import of the graph, in the order of the
// packages' names, each naming both sides and the reason.
func (l Layout) Check(graph []Package) []string {
	var found []string
	for _, p := range slices.SortedFunc(slices.Values(graph), func(a, b Package) int { return cmp.Compare(a.ImportPath, b.ImportPath) }) {
		from := l.relative(p.ImportPath)
		if _, ok := l.Layer(from); !ok {
			found = append(found, from+" has no layer: say in internal/archtest/layout.go where it belongs")
			continue
		}
		for _, to := range p.Imports {
			if why := l.forbidden(from, to); why != "" {
				found = append(found, fmt.Sprintf("%s imports %s: %s", from, l.relative(to), why))
			}
		}
	}
	return found
}

func (l Layout) relative(importPath string) string {
	return strings.TrimPrefix(importPath, l.Module+"/")
}

// forbidden returns why from may not import importPath, or "".
func (l Layout) forbidden(from, importPath string) string {
	if !strings.HasPrefix(importPath, l.Module+"/") {
		return l.vendor(from, importPath)
	}
	to := l.relative(importPath)
	lower, known := l.Layer(to)
	if !known {
		return "it has no layer"
	}
	upper, _ := l.Layer(from)
	switch {
	case upper == rows && lower == domain && !within(to, path.Dir(from)):
		return "rows know their own domain only; a read model selects by table name"
	case lower < upper:
		return ""
	case lower == upper && l.excepted(from, to):
		return ""
	case lower == domain && upper == domain && room(from) == room(to):
		return "" // the parts of one domain; Go itself forbids circles
	case lower == upper && upper != domain && path.Dir(from) == to:
		return "" // an adapter knows its port, never the other way round
	case lower == domain && upper == domain:
		return "domains never import each other: declare the interface you need, app connects them"
	case lower == upper:
		return fmt.Sprintf("both are of layer %d and layout.go lists no exception", upper)
	}
	return fmt.Sprintf("layer %d imports lower layers only, and that is layer %d", upper, lower)
}

// room is the domain that a package belongs to: internal/gig/x → internal/gig.
func room(pkg string) string {
	parts := strings.SplitN(pkg, "/", 3)
	return strings.Join(parts[:min(2, len(parts))], "/")
}

// within says pkg is root or below it.
func within(pkg, root string) bool { return pkg == root || strings.HasPrefix(pkg, root+"/") }

func (l Layout) excepted(from, to string) bool {
	return slices.ContainsFunc(l.Exceptions, func(e Exception) bool { return e.From == from && e.To == to })
}

func (l Layout) vendor(from, importPath string) string {
	for _, v := range l.Vendors {
		if strings.HasPrefix(importPath+"/", strings.TrimSuffix(v.Prefix, "/")+"/") && !allowed(v.By, from) {
			return fmt.Sprintf("only %s may: %s", strings.Join(v.By, ", "), v.Why)
		}
	}
	return ""
}

func allowed(by []string, pkg string) bool {
	return slices.Contains(by, pkg) || slices.Contains(by, RowsPackages) && isRows(pkg)
}
