package hardship

import (
	"context"

	"linggong/internal/day"
	"linggong/internal/errs"
	"linggong/internal/hardship/helpcase"
	"linggong/internal/hardship/recognition"
)

// ErrLive says a person can have one recognition under way or in force.
var ErrLive = errs.New(errs.Conflict, "recognition_live", "此人已有正在办理或有效的认定", "The person has a recognition already.")

// RecognitionFilter chooses recognitions.
type RecognitionFilter struct {
	Scope  Scope
	States []recognition.State
	Person string
	After  recognition.ID // last one of the page before; newest first
	Limit  int
}

// Standing is what other domains and lists ask: is this person a hardship person
// now, of which categories, and who helps her.
type Standing struct {
	Person      string
	Region      string
	Recognition recognition.ID // "" if none is live
	State       recognition.State
	Categories  []recognition.Category // not ended
	Primary     recognition.Category
	ValidFrom   day.Date
	ValidTo     day.Date
	Case        helpcase.ID // open case, "" if none
	Status      helpcase.Status
	Household   HouseholdID
}

// RecognitionStore keeps recognitions.
type RecognitionStore interface {
	// AddRecognition returns ErrLive if the person has a live one.
	AddRecognition(ctx context.Context, r recognition.Record) error
	// Recognition returns one with its holdings, facts and steps.
	Recognition(ctx context.Context, id recognition.ID) (recognition.Record, error)
	// SaveRecognition writes the recognition and its holdings, and adds the
	// steps that have no row yet.
	SaveRecognition(ctx context.Context, r recognition.Record) error
	// Recognitions returns a page without facts and steps.
	Recognitions(ctx context.Context, f RecognitionFilter) ([]recognition.Record, error)
	// NoticesOver returns the ids of those whose public notice ended before d.
	NoticesOver(ctx context.Context, d day.Date, limit int) ([]recognition.ID, error)
	// Standings returns what is known of people; one without anything is absent.
	Standings(ctx context.Context, persons []string) (map[string]Standing, error)
}
