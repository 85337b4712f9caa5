package follow

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"linggong/internal/search"
)

// The engines an audit names.
const (
	SQL   = "sql"   // the database's own full text
	Meili = "meili" // the one outside
)

// longAgo is when something changed that nobody noted: certainly too long ago.
var longAgo = time.Unix(0, 0).UTC()

// Finding is what an audit found of one index.
type Finding struct {
	Collection, Engine string
	search.Drift
}

// Check compares every index with the rows and changes nothing. What an engine
// has still to be told counts as different.
func (f *Follower) Check(ctx context.Context) ([]Finding, error) {
	var out []Finding
	for _, c := range f.Collections {
		for _, e := range c.engines() {
			d, err := search.Compare(ctx, c.Source.Refs, e.index.Refs)
			if err != nil {
				return out, fmt.Errorf("compare %s in %s: %w", c.Name, e.name, err)
			}
			out = append(out, Finding{c.Name, e.name, d})
		}
	}
	return out, nil
}

type engine struct {
	name  string
	index Index
}

func (c Collection) engines() []engine {
	out := []engine{{SQL, c.Text}}
	if c.Engine != nil {
		out = append(out, engine{Meili, c.Engine})
	}
	return out
}

// Audit compares every index with the rows, repairs what differs, and says it.
func (f *Follower) Audit(ctx context.Context) ([]Finding, error) {
	var out []Finding
	var failed error
	for _, c := range f.Collections {
		found, err := f.auditText(ctx, c)
		if err == nil {
			out = append(out, found)
		}
		failed = errors.Join(failed, err)
		if c.Engine == nil {
			continue
		}
		if found, err = f.auditEngine(ctx, c); err == nil {
			out = append(out, found)
		}
		failed = errors.Join(failed, err)
	}
	return out, failed
}

// auditText repairs the index in the database.
func (f *Follower) auditText(ctx context.Context, c Collection) (Finding, error) {
	d, err := search.Compare(ctx, c.Source.Refs, c.Text.Refs)
	if err != nil {
		return Finding{}, fmt.Errorf("compare %s: %w", c.Name, err)
	}
	if err := f.retext(ctx, c, d.IDs()); err != nil {
		return Finding{}, fmt.Errorf("repair %s: %w", c.Name, err)
	}
	return f.report(ctx, Finding{c.Name, SQL, d}), nil
}

// retext brings documents of the index in the database to what their rows say:
// like an act's own, in one transaction with its rows. Without the lock a row
// read as a draft could be published, and its new document deleted as none.
func (f *Follower) retext(ctx context.Context, c Collection, ids []string) error {
	for some := range slices.Chunk(ids, take) {
		err := f.DB.InTx(ctx, func(ctx context.Context) error {
			if err := c.Source.Lock(ctx, some...); err != nil {
				return err
			}
			docs, err := c.Source.Docs(ctx, some...)
			if err != nil {
				return err
			}
			// One from the future would hold its place against what is true.
			return errors.Join(c.Text.Delete(ctx, some...), c.Text.Put(ctx, docs...))
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// auditEngine notes what the engine does not hold as the rows say. What an act
// has noted already is late and no drift.
func (f *Follower) auditEngine(ctx context.Context, c Collection) (Finding, error) {
	d, err := search.Compare(ctx, c.Source.Refs, c.Engine.Refs)
	if err != nil {
		return Finding{}, fmt.Errorf("compare %s with the search engine: %w", c.Name, err)
	}
	if len(d.Ahead) > 0 { // it passes over what is older than it has
		if err := c.Engine.Delete(ctx, d.Ahead...); err != nil {
			return Finding{}, fmt.Errorf("repair %s in the search engine: %w", c.Name, err)
		}
	}
	late := map[string]bool{}
	for ids := range slices.Chunk(d.IDs(), take) {
		noted, err := f.noted(ctx, c.Name, ids)
		if err != nil {
			return Finding{}, err
		}
		maps.Copy(late, noted)
	}
	for _, list := range []*[]string{&d.Missing, &d.Stale, &d.Ahead, &d.Extra} {
		*list = slices.DeleteFunc(*list, func(id string) bool { return late[id] })
	}
	for ids := range slices.Chunk(d.IDs(), take) {
		if err := f.mark(ctx, c.Name, longAgo, ids); err != nil {
			return Finding{}, err
		}
	}
	f.nudge()
	return f.report(ctx, Finding{c.Name, Meili, d}), nil
}

func (f *Follower) noted(ctx context.Context, collection string, ids []string) (map[string]bool, error) {
	var there []string
	err := f.DB.From(ctx).Raw(`SELECT id FROM search_changes WHERE collection = ? AND id IN ?`, collection, ids).Scan(&there).Error
	if err != nil {
		return nil, wrong("look for changes", err)
	}
	out := make(map[string]bool, len(there))
	for _, id := range there {
		out[id] = true
	}
	return out, nil
}

func (f *Follower) report(ctx context.Context, x Finding) Finding {
	audited.WithLabelValues(x.Collection, x.Engine).Set(float64(f.Now().Unix()))
	for _, k := range []struct {
		kind string
		ids  []string
	}{{"missing", x.Missing}, {"stale", x.Stale}, {"ahead", x.Ahead}, {"extra", x.Extra}} {
		drift.WithLabelValues(x.Collection, x.Engine, k.kind).Add(float64(len(k.ids)))
	}
	if n := len(x.IDs()); n > 0 {
		towns := slices.Sorted(maps.Keys(x.Towns))
		f.Log.WarnContext(ctx, "the search index differed from the rows and is being repaired", "collection", x.Collection, "engine", x.Engine,
			"rows", x.Rows, "documents", x.Docs, "missing", len(x.Missing), "stale", len(x.Stale), "ahead", len(x.Ahead), "extra", len(x.Extra), "towns", towns)
	}
	return x
}
