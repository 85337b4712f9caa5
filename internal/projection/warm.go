package projection

import (
	"context"
	"errors"

	"linggong/internal/search"
	"linggong/internal/worktext"
)

// Warm asks the database's full text for every trade once, so that what it finds
// is in memory: the first who searches in the morning does not wait for it.
func (p *Postings) Warm(ctx context.Context) error {
	var failed error
	for _, t := range worktext.Trades() {
		if ctx.Err() != nil {
			break // it was only for later
		}
		for _, word := range append([]string{t.Name}, t.Synonyms...) {
			_, err := p.Text.Match(ctx, search.Query{Match: worktext.Parse(word, nil).Match(), Unscored: true})
			failed = errors.Join(failed, err)
		}
	}
	return failed
}
