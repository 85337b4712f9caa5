package follow

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"time"

	"linggong/internal/search"
)

// clocks is how far the clocks of replicas may be apart, and how long an act's
// transaction may take from the time it writes into a row to its commit.
const clocks = 30 * time.Second

// settled is how few changes of the last round let a rebuild end.
const settled = 50

// Reindex makes an index anew beside the one in use and puts it in its place,
// while any process searches and writes. What others write to the engine
// meanwhile goes into the old index; so the rows that changed are given again
// until few are left, and once more after the swap. told may be nil.
func (f *Follower) Reindex(ctx context.Context, c Collection, to Index, told func(n int)) error {
	if told == nil {
		told = func(int) {}
	}
	since := f.Now().Add(-clocks)
	err := to.Rebuild(ctx, f.everything(ctx, c, &since, told))
	if err != nil {
		return fmt.Errorf("reindex %s: %w", c.Name, err)
	}
	ids, err := c.Source.ChangedSince(ctx, since)
	if err != nil {
		return fmt.Errorf("reindex %s: what changed meanwhile: %w", c.Name, err)
	}
	if to == c.Text {
		err = f.retext(ctx, c, ids)
	} else {
		err = f.again(ctx, c, ids)
	}
	if err != nil {
		return fmt.Errorf("reindex %s: bring over what changed meanwhile: %w", c.Name, err)
	}
	return f.made(ctx, c, to)
}

// again tells the engine of ids by notes, as acts do: they know of each other,
// so that nothing which is done meanwhile is overwritten by what was before.
func (f *Follower) again(ctx context.Context, c Collection, ids []string) error {
	for some := range slices.Chunk(ids, take) {
		if err := f.mark(ctx, c.Name, f.Now(), some); err != nil {
			return err
		}
	}
	_, err := f.drain(ctx, c)
	return err
}

// everything yields all documents and then those that changed since it began,
// round after round. since is moved on to the beginning of the last round.
func (f *Follower) everything(ctx context.Context, c Collection, since *time.Time, told func(n int)) iter.Seq2[search.Doc, error] {
	const rounds = 5
	n := 0
	return func(yield func(search.Doc, error) bool) {
		one := func(d search.Doc, err error) bool {
			if err == nil {
				n++
				told(n)
			}
			return yield(d, err) && err == nil
		}
		for d, err := range c.Source.All(ctx) {
			if !one(d, err) {
				return
			}
		}
		for range rounds {
			began := f.Now().Add(-clocks)
			ids, err := c.Source.ChangedSince(ctx, *since)
			if err != nil {
				one(search.Doc{}, err)
				return
			}
			for d, err := range docsOf(ctx, c.Source, ids) {
				if !one(d, err) {
					return
				}
			}
			*since = began
			if len(ids) <= settled {
				return
			}
		}
	}
}

// docsOf yields the documents of ids, some at a time.
func docsOf(ctx context.Context, from Source, ids []string) iter.Seq2[search.Doc, error] {
	return func(yield func(search.Doc, error) bool) {
		for some := range slices.Chunk(ids, take) {
			docs, err := from.Docs(ctx, some...)
			if err != nil {
				yield(search.Doc{}, err)
				return
			}
			for _, d := range docs {
				if !yield(d, nil) {
					return
				}
			}
		}
	}
}
