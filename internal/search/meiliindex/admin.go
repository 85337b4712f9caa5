package meiliindex

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"iter"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/meilisearch/meilisearch-go"

	"linggong/internal/search"
)

// ensure makes sure, once per process, that the server is new enough and the
// index is there with our settings. Doing it again changes nothing.
func (x *Index) ensure(ctx context.Context) error {
	x.ready.Lock()
	defer x.ready.Unlock()
	if x.ready.done.Load() {
		return nil
	}
	v, err := x.client.VersionWithContext(ctx)
	if err != nil {
		return met(ctx, "read version", err)
	}
	if !recent(v.PkgVersion) {
		return search.ErrUnavailable.With(fmt.Errorf("meilisearch %q is too old: 1.10 is needed", v.PkgVersion))
	}
	if err := x.create(ctx, x.uid); err != nil {
		return err
	}
	x.ready.done.Store(true)
	return nil
}

// recent says the server is of 1.10 or later.
func recent(version string) bool {
	part := strings.SplitN(version, ".", 3)
	if len(part) < 2 {
		return false
	}
	major, err1 := strconv.Atoi(part[0])
	minor, err2 := strconv.Atoi(part[1])
	return err1 == nil && err2 == nil && (major > 1 || major == 1 && minor >= 10)
}

// create makes the index uid, or leaves the one there is, with our settings.
func (x *Index) create(ctx context.Context, uid string) error {
	_, err := x.client.GetIndexWithContext(ctx, uid)
	if hasCode(err, "index_not_found") {
		var info *meilisearch.TaskInfo
		if info, err = x.client.CreateIndexWithContext(ctx, &meilisearch.IndexConfig{Uid: uid, PrimaryKey: "id"}); err == nil {
			err = x.finish(ctx, "create index", info)
			if failed, ok := errors.AsType[*TaskError](err); ok && failed.Code == "index_already_exists" {
				err = nil // another replica was quicker
			}
			if err != nil {
				return err
			}
		}
	}
	if err != nil {
		return met(ctx, "create index", err)
	}
	have, err := x.client.Index(uid).GetSettingsWithContext(ctx)
	if err != nil {
		return met(ctx, "read settings", err)
	}
	want := settings()
	if same(have, want) {
		return nil
	}
	info, err := x.client.Index(uid).UpdateSettingsWithContext(ctx, want)
	if err != nil {
		return met(ctx, "write settings", err)
	}
	return x.finish(ctx, "write settings", info)
}

// same says the server holds the settings that are ours; the others are its own.
func same(have, want *meilisearch.Settings) bool {
	filterable := slices.Clone(have.FilterableAttributes) // the server sorts them
	slices.Sort(filterable)
	return slices.Equal(have.SearchableAttributes, want.SearchableAttributes) &&
		slices.Equal(have.DisplayedAttributes, want.DisplayedAttributes) &&
		slices.Equal(filterable, want.FilterableAttributes) && len(have.SortableAttributes) == 0 &&
		have.TypoTolerance != nil && have.TypoTolerance.Enabled == want.TypoTolerance.Enabled &&
		have.Pagination != nil && *have.Pagination == *want.Pagination &&
		reflect.DeepEqual(have.LocalizedAttributes, want.LocalizedAttributes)
}

var errRebuilding = errors.New("a rebuild of this index is under way")

// Rebuild implements search.Index: it fills a second index beside the one in
// use and swaps the two, which is atomic for readers. What this process writes
// meanwhile is written to both; what another process writes meanwhile is in the
// old one only: follow.Reindex brings it over.
func (x *Index) Rebuild(ctx context.Context, seq iter.Seq2[search.Doc, error]) error {
	outside(ctx)
	x.mu.Lock()
	busy := x.rebuilds
	x.rebuilds = true
	x.mu.Unlock()
	if busy {
		return fmt.Errorf("rebuild %s: %w", x.uid, errRebuilding)
	}
	err := x.rebuild(ctx, x.uid+nextMark+strings.ToLower(rand.Text()), seq)
	x.mu.Lock()
	left := x.replay
	x.replay, x.rebuilds = nil, false
	x.mu.Unlock()
	if err != nil {
		return fmt.Errorf("rebuild %s: %w", x.uid, err)
	}
	// What was written between the last look and the swap is in the old index.
	if err := x.submit(ctx, left); err != nil {
		return fmt.Errorf("rebuild %s: %w", x.uid, err)
	}
	return nil
}

func (x *Index) rebuild(ctx context.Context, next string, seq iter.Seq2[search.Doc, error]) error {
	if err := x.ensure(ctx); err != nil {
		return err
	}
	if err := x.sweep(ctx); err != nil {
		return err
	}
	if err := x.create(ctx, next); err != nil {
		return err
	}
	err := x.fill(ctx, next, seq)
	if err == nil {
		x.mu.Lock()
		meanwhile := slices.Clone(x.replay)
		x.mu.Unlock()
		err = x.write(ctx, next, meanwhile)
	}
	if err == nil {
		var info *meilisearch.TaskInfo
		info, err = x.client.SwapIndexesWithContext(ctx, []*meilisearch.SwapIndexesParams{{Indexes: []string{x.uid, next}}})
		if err = met(ctx, "swap indexes", err); err == nil {
			err = x.finish(ctx, "swap indexes", info)
		}
	}
	// Now next holds either what was there before or what is not to be used.
	return errors.Join(err, x.drop(context.WithoutCancel(ctx), next))
}

// nextMark stands between an index's name and the rest of the name of one that
// is to take its place. Each rebuild has one of its own, so that two at once do
// not spoil each other's.
const nextMark = "_next_"

// abandoned is how long nobody has written to an index that a rebuild left.
const abandoned = 30 * time.Minute

// sweep drops what rebuilds that died left behind.
func (x *Index) sweep(ctx context.Context) error {
	list, err := x.client.ListIndexesWithContext(ctx, &meilisearch.IndexesQuery{Limit: 1000})
	if err != nil {
		return met(ctx, "list indexes", err)
	}
	newest := time.Time{} // by the server's clock; ours may differ
	for _, i := range list.Results {
		if i.UpdatedAt.After(newest) {
			newest = i.UpdatedAt
		}
	}
	for _, i := range list.Results {
		if strings.HasPrefix(i.UID, x.uid+nextMark) && newest.Sub(i.UpdatedAt) > abandoned {
			if err := x.drop(ctx, i.UID); err != nil {
				return err
			}
		}
	}
	return nil
}

// inFlight is how many batches may wait at the server.
const inFlight = 4

// fill sends all documents of seq without waiting for each batch, and fails if
// any task fails.
func (x *Index) fill(ctx context.Context, next string, seq iter.Seq2[search.Doc, error]) error {
	var tasks []*meilisearch.TaskInfo
	var docs []search.Doc
	send := func() error {
		more, err := x.send(ctx, next, docs)
		if err != nil {
			return err
		}
		docs, tasks = docs[:0], append(tasks, more...)
		for ; len(tasks) > inFlight; tasks = tasks[1:] {
			if err := x.finish(ctx, "fill index", tasks[0]); err != nil {
				return err
			}
		}
		return nil
	}
	for d, err := range seq {
		if err == nil {
			err = d.Check()
		}
		if err != nil {
			return err
		}
		if docs = append(docs, d); len(docs) == batchDocs {
			if err := send(); err != nil {
				return err
			}
		}
	}
	if err := send(); err != nil {
		return err
	}
	return x.finishAll(ctx, tasks)
}

// Drop deletes the index from the server.
func (x *Index) Drop(ctx context.Context) error {
	outside(ctx)
	x.ready.done.Store(false)
	return x.drop(ctx, x.uid)
}

// drop deletes the index uid if it is there.
func (x *Index) drop(ctx context.Context, uid string) error {
	info, err := x.client.DeleteIndexWithContext(ctx, uid)
	if err != nil {
		if hasCode(err, "index_not_found") {
			return nil
		}
		return met(ctx, "drop index", err)
	}
	err = x.finish(ctx, "drop index", info)
	if failed, ok := errors.AsType[*TaskError](err); ok && failed.Code == "index_not_found" {
		return nil // the server only learns it when it does the task
	}
	return err
}
