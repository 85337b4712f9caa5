// Package api holds the contract: openapi.json is written by `make gen` from the
// typed operations of internal/httpapi and held to them by a test there.
package api

import _ "embed" // the document

// Document is the OpenAPI document of everything under /api/v1.
//
//go:embed openapi.json
var Document []byte
