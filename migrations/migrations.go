// Package migrations embeds the schema of each dialect: the same numbers, the
// same names, the same tables and columns. A test in package migrate holds them
// to it.
package migrations

import "embed"

// FS holds sqlite/*.sql and postgres/*.sql.
//
//go:embed postgres/*.sql sqlite/*.sql
var FS embed.FS
