//go:build noweb

// Package web holds the built browser apps; this build leaves them out.
package web

import (
	"embed"
	"io/fs"
)

var none embed.FS

// Dist is empty: the program was built with the tag noweb.
func Dist() fs.FS { return none }
