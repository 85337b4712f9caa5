// Package gig is the casual-work market (零工市场): stations, employers,
// workers, postings with their shifts, and what becomes of them.
//
// It holds the types, the rules and the use cases and does no I/O of its own:
// rows are in gigdb, words and columns of search behind Finder, human beings
// in the person registry behind People. It keeps no personal data of workers.
package gig

// The ids of the market. All are UUIDv7 text.
type (
	StationID  string
	EmployerID string
	WorkerID   string
)

// NewID makes ids; it is dbx.NewID in the program and a counter in tests.
type NewID func() string
