package indicator

import (
	"context"
	"fmt"
	"strings"
	"time"

	"linggong/internal/dbx"
	"linggong/internal/event"
)

// Recorder writes the facts of each event, in the event's transaction.
type Recorder struct {
	facts Facts
	city  string // region prefix of the city
	now   func() time.Time
}

var _ event.Subscriber = (*Recorder)(nil)

// NewRecorder returns a recorder for the city with the given region prefix.
func NewRecorder(facts Facts, city string, now func() time.Time) *Recorder {
	return &Recorder{facts: facts, city: city, now: now}
}

// Handle implements event.Subscriber.
func (r *Recorder) Handle(ctx context.Context, e event.Event) error {
	for _, rule := range matching(e) {
		if err := r.record(ctx, e, rule); err != nil {
			return fmt.Errorf("fact of indicator %s: %w", rule.indicator, err)
		}
	}
	return nil
}

func (r *Recorder) record(ctx context.Context, e event.Event, rule factRule) error {
	f := Fact{
		ID: dbx.NewID(), Indicator: rule.indicator, Part: rule.part, Cause: e.ID, CauseKind: e.Kind,
		Region: e.Region, On: e.On, RecordedAt: r.now(), Quantity: 1, Subject: e.Subject, Person: e.Person,
	}
	if rule.num != "" {
		f.Quantity = e.Nums[rule.num]
	}
	if f.Region == "" {
		f.Region = r.city + strings.Repeat("0", 12-len(r.city))
	}
	switch {
	case !strings.HasPrefix(f.Region, r.city):
		f.Excluded = ExcludedPlace
	case rule.exclude != nil:
		f.Excluded = rule.exclude(e)
	}
	if f.Excluded == "" && rule.once && f.Person != "" {
		first, err := r.facts.ClaimOnce(ctx, f.Indicator, f.On.Year(), f.Person, f.ID)
		if err != nil {
			return err
		}
		if !first {
			f.Excluded = ExcludedOnce
		}
	}
	if f.Excluded != "" {
		f.Quantity = 0
	}
	_, err := r.facts.Add(ctx, f)
	return err
}
