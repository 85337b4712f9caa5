package projection

import (
	"context"
	"sync"
	"time"

	"linggong/internal/gig"
)

const (
	answerDays = 90               // how far back an employer's answers count
	answerAge  = 15 * time.Minute // how old they may be: a booking must not wait for them
)

// pulse keeps how employers answer, for a while.
type pulse struct {
	mu   sync.Mutex
	read time.Time
	rate map[gig.EmployerID]int
}

func (p *pulse) answers(ctx context.Context, from PostingSource, now time.Time) (map[gig.EmployerID]int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.rate != nil && now.Sub(p.read).Abs() < answerAge {
		return p.rate, nil
	}
	rate, err := from.Answers(ctx, now.AddDate(0, 0, -answerDays))
	if err != nil {
		return nil, err
	}
	p.rate, p.read = rate, now
	return rate, nil
}
