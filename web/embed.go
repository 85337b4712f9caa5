//go:build !noweb

// Package web holds the built browser apps (dist/) inside the binary.
package web

import (
	"embed"
	"io/fs"
)

// "all:" so that dist/.keep is taken too: the package compiles before the first web build.
//
//go:embed all:dist
var dist embed.FS

// Dist is the built apps: kiosk.html (kiosk, screen, phone), index.html
// (everything else) and assets/. Before a web build it holds no html file.
func Dist() fs.FS {
	sub, err := fs.Sub(dist, "dist")
	if err != nil { // fs.Sub fails on an invalid path only, and "dist" is a constant
		panic(err)
	}
	return sub
}
