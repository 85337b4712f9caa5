package archtest

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// CheckCalls returns every use of a function that a package must leave to
// others, and every name that a layer must not take from a package.
func (l Layout) CheckCalls(graph []Package) ([]string, error) {
	var found []string
	for _, p := range graph {
		for _, name := range p.GoFiles {
			fset := token.NewFileSet()
			file, err := parser.ParseFile(fset, filepath.Join(p.Dir, name), nil, parser.SkipObjectResolution)
			if err != nil {
				return nil, fmt.Errorf("parse %s: %w", name, err)
			}
			found = append(found, l.checkFile(l.relative(p.ImportPath), fset, file)...)
		}
	}
	slices.Sort(found)
	return found, nil
}

// checkFile looks at every pkg.Name of one file.
func (l Layout) checkFile(pkg string, fset *token.FileSet, file *ast.File) []string {
	imports := importNames(file)
	var found []string
	ast.Inspect(file, func(n ast.Node) bool {
		sel, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		x, ok := sel.X.(*ast.Ident)
		if !ok || imports[x.Name] == "" {
			return true
		}
		if why := l.misuse(pkg, imports[x.Name], sel.Sel.Name); why != "" {
			at := fset.Position(sel.Pos())
			found = append(found, fmt.Sprintf("%s uses %s.%s at %s:%d: %s",
				pkg, x.Name, sel.Sel.Name, filepath.Base(at.Filename), at.Line, why))
		}
		return true
	})
	return found
}

// misuse returns why pkg may not use a name of the imported package, or "".
func (l Layout) misuse(pkg, imported, name string) string {
	for _, c := range l.Calls {
		if c.Package == imported && slices.Contains(c.Names, name) && !slices.Contains(c.By, pkg) {
			return fmt.Sprintf("only %s may: %s", strings.Join(c.By, ", "), c.Why)
		}
	}
	layer, _ := l.Layer(pkg)
	for _, n := range l.Narrow {
		if n.Layer == layer && l.Module+"/"+n.To == imported && !slices.Contains(n.Only, name) {
			return fmt.Sprintf("it may take only %s from there: %s", strings.Join(n.Only, ", "), n.Why)
		}
	}
	return ""
}

// importNames maps the name a file uses to the package it imports.
func importNames(file *ast.File) map[string]string {
	names := map[string]string{}
	for _, spec := range file.Imports {
		importPath, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue
		}
		name := path.Base(importPath)
		if spec.Name != nil {
			name = spec.Name.Name
		}
		names[name] = importPath
	}
	return names
}
