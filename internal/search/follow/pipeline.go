package follow

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"linggong/internal/dbx"
)

// How often a service looks whether an index was made by another vocabulary, and
// how long a replica that makes it anew is left to it without a sign.
const (
	renewEvery = time.Minute
	renewHeld  = 2 * time.Minute
)

// engines of a collection, by name; those that are not there are left out.
func (c Collection) indexes() map[string]Index {
	out := map[string]Index{}
	if c.Text != nil {
		out[SQL] = c.Text
	}
	if c.Engine != nil {
		out[Meili] = c.Engine
	}
	return out
}

// Outdated lists the indexes that another vocabulary made, as "postings in sql".
// One that holds nothing is of any vocabulary.
func (f *Follower) Outdated(ctx context.Context) ([]string, error) {
	names, err := f.otherwise(ctx)
	return slices.DeleteFunc(names, func(name string) bool {
		for _, c := range f.Collections {
			for engine, index := range c.indexes() {
				if name != c.Name+" in "+engine {
					continue
				}
				n, err := index.Count(ctx)
				return err == nil && n == 0
			}
		}
		return false
	}), err
}

// otherwise lists the indexes that are not known to be of this vocabulary.
func (f *Follower) otherwise(ctx context.Context) ([]string, error) {
	var rows []struct{ Collection, Engine string }
	err := f.DB.From(ctx).Raw(`SELECT collection, engine FROM search_pipelines WHERE pipeline = ?`, f.Pipeline).Scan(&rows).Error
	if err != nil {
		return nil, wrong("look with which vocabulary the indexes were made", err)
	}
	current := map[string]bool{}
	for _, r := range rows {
		current[r.Collection+" in "+r.Engine] = true
	}
	var out []string
	for _, c := range f.Collections {
		for _, engine := range []string{SQL, Meili} {
			name := c.Name + " in " + engine
			if c.indexes()[engine] != nil && !current[name] {
				out = append(out, name)
			}
		}
	}
	return out, nil
}

// Renew makes every index anew that another vocabulary made, unless another
// replica is at it. The old one answers until then.
func (f *Follower) Renew(ctx context.Context) error {
	if f.Pipeline == "" {
		return nil
	}
	names, err := f.otherwise(ctx)
	if err != nil || len(names) == 0 {
		return err
	}
	var all []error
	for _, c := range f.Collections {
		for _, engine := range []string{SQL, Meili} {
			if to := c.indexes()[engine]; to != nil {
				all = append(all, f.renew(ctx, c, engine, to))
			}
		}
	}
	return errors.Join(all...)
}

func (f *Follower) renew(ctx context.Context, c Collection, engine string, to Index) error {
	mine, err := f.takeOver(ctx, c.Name, engine)
	if err != nil || !mine {
		return err
	}
	f.Log.InfoContext(ctx, "the index was made with another vocabulary and is made anew", "collection", c.Name, "engine", engine, "pipeline", f.Pipeline)
	var n atomic.Int64
	held := f.Now()
	err = f.Reindex(ctx, c, to, func(int) {
		n.Add(1)
		if f.Now().Sub(held) > renewHeld/4 {
			held = f.Now()
			_ = f.holdLonger(ctx, c.Name, engine) // at worst another replica makes it too
		}
	})
	if err != nil {
		return fmt.Errorf("renew %s in %s: %w", c.Name, engine, err)
	}
	f.Log.InfoContext(ctx, "the index is made anew", "collection", c.Name, "engine", engine, "documents", n.Load())
	return nil
}

// takeOver takes an index that another vocabulary made for this replica to make
// anew; false where it is current or somebody else has it.
func (f *Follower) takeOver(ctx context.Context, collection, engine string) (mine bool, err error) {
	now := f.Now()
	err = f.DB.InTx(ctx, func(ctx context.Context) error {
		res := f.DB.From(ctx).Exec(`INSERT INTO search_pipelines (collection, engine, pipeline, held_until) VALUES (?, ?, '', ?)
ON CONFLICT (collection, engine) DO UPDATE SET held_until = excluded.held_until
WHERE search_pipelines.pipeline <> ? AND search_pipelines.held_until <= ?`, collection, engine, now.Add(renewHeld), f.Pipeline, now)
		mine = res.RowsAffected == 1
		return res.Error
	})
	if err != nil {
		return false, wrong("take an index to make anew", err)
	}
	return mine, nil
}

func (f *Follower) holdLonger(ctx context.Context, collection, engine string) error {
	return f.DB.InTx(ctx, func(ctx context.Context) error {
		return f.DB.From(ctx).Exec(`UPDATE search_pipelines SET held_until = ? WHERE collection = ? AND engine = ?`,
			f.Now().Add(renewHeld), collection, engine).Error
	})
}

// made notes that an index is of this vocabulary.
func (f *Follower) made(ctx context.Context, c Collection, to Index) error {
	for engine, index := range c.indexes() {
		if f.Pipeline == "" || index != to {
			continue
		}
		err := f.DB.InTx(ctx, func(ctx context.Context) error {
			return f.DB.From(ctx).Exec(`INSERT INTO search_pipelines (collection, engine, pipeline, held_until) VALUES (?, ?, ?, ?)
ON CONFLICT (collection, engine) DO UPDATE SET pipeline = excluded.pipeline, held_until = excluded.held_until`,
				c.Name, engine, f.Pipeline, f.Now()).Error
		})
		if err != nil {
			return fmt.Errorf("note with which vocabulary %s was made: %w", c.Name, dbx.Classify(err))
		}
	}
	return nil
}

// RunRenew renews at the start, and looks again until every index is of this
// vocabulary: a replica that was at it may have died, an engine may have been
// away. Then it ends: while an older program serves beside this one, the two
// must not make each other's index anew for ever.
func (f *Follower) RunRenew(ctx context.Context) {
	tick := time.NewTicker(renewEvery)
	defer tick.Stop()
	for {
		err := f.Renew(ctx)
		f.complain(ctx, "make an index anew for another vocabulary", err)
		if names, seen := f.otherwise(ctx); err == nil && seen == nil && len(names) == 0 {
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}
