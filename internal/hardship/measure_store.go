package hardship

import (
	"context"

	"linggong/internal/day"
	"linggong/internal/hardship/helpcase"
)

// MeasureStore keeps measures.
type MeasureStore interface {
	// AddMeasure adds m; one with a Ref that the case has already is left as it
	// is and reported by false.
	AddMeasure(ctx context.Context, m helpcase.Measure) (added bool, err error)
	// Measures returns those of a case, newest first.
	Measures(ctx context.Context, id helpcase.ID) ([]helpcase.Measure, error)
	// CountedMeasures counts those that count since a day, by kind.
	CountedMeasures(ctx context.Context, id helpcase.ID, since day.Date) (map[helpcase.Kind]int, error)
	AddRefusalReview(ctx context.Context, r helpcase.RefusalReview) error
}
