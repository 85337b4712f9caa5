package meiliindex

import (
	"context"
	"fmt"

	"github.com/meilisearch/meilisearch-go"

	"linggong/internal/search"
)

// op is one document to put, or one id to delete.
type op struct {
	id  string
	doc *search.Doc
}

// Put implements search.Index.
func (x *Index) Put(ctx context.Context, docs ...search.Doc) error {
	ops := make([]op, len(docs))
	for i := range docs {
		if err := docs[i].Check(); err != nil {
			return err
		}
		ops[i] = op{docs[i].ID, &docs[i]}
	}
	return x.submit(ctx, ops)
}

// Delete implements search.Index.
func (x *Index) Delete(ctx context.Context, ids ...string) error {
	ops := make([]op, len(ids))
	for i, id := range ids {
		if err := (search.Doc{ID: id}).Check(); err != nil {
			return err
		}
		ops[i] = op{id: id}
	}
	return x.submit(ctx, ops)
}

// submit hands ops over and waits until they are done. While one batch is
// under way the next gathers, so nobody waits longer than two batches and the
// server never sees a queue of small tasks.
func (x *Index) submit(ctx context.Context, ops []op) error {
	outside(ctx)
	if len(ops) == 0 {
		return nil
	}
	done := make(chan error, 1)
	x.mu.Lock()
	x.pending = append(x.pending, ops...)
	x.waiting = append(x.waiting, done)
	if x.rebuilds {
		x.replay = append(x.replay, ops...)
	}
	if !x.flushing {
		x.flushing = true
		go x.flush() //nolint:contextcheck // it works for all who wait, not for this caller alone
	}
	x.mu.Unlock()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return fmt.Errorf("index %d documents: %w", len(ops), ctx.Err())
	}
}

// flush writes batch after batch until nothing is left, on behalf of those who
// wait; it outlives a caller that gives up, since others share its batch.
func (x *Index) flush() {
	for {
		x.mu.Lock()
		ops, waiting := x.pending, x.waiting
		x.pending, x.waiting = nil, nil
		if len(ops) == 0 {
			x.flushing = false
			x.mu.Unlock()
			return
		}
		x.mu.Unlock()
		ctx, cancel := context.WithTimeout(context.Background(), taskTimeout)
		err := x.ensure(ctx)
		if err == nil {
			err = x.write(ctx, x.uid, ops)
		}
		cancel()
		for _, w := range waiting {
			w <- err
		}
	}
}

// write does ops on the index uid and waits for their tasks.
func (x *Index) write(ctx context.Context, uid string, ops []op) error {
	puts, deletes := settle(ops)
	var tasks []*meilisearch.TaskInfo
	for start := 0; start < len(puts); start += batchDocs {
		fresh, err := x.fresh(ctx, uid, puts[start:min(start+batchDocs, len(puts))])
		if err != nil {
			return err
		}
		more, err := x.send(ctx, uid, fresh)
		if err != nil {
			return err
		}
		tasks = append(tasks, more...)
	}
	if len(deletes) > 0 {
		info, err := x.client.Index(uid).DeleteDocumentsWithContext(ctx, deletes, nil)
		if err != nil {
			return met(ctx, "delete documents", err)
		}
		tasks = append(tasks, info)
	}
	return x.finishAll(ctx, tasks)
}

func (x *Index) finishAll(ctx context.Context, tasks []*meilisearch.TaskInfo) error {
	for i := len(tasks) - 1; i >= 0; i-- { // once the last is done the others answer at once
		if err := x.finish(ctx, "index documents", tasks[i]); err != nil {
			return err
		}
	}
	return nil
}

// settle keeps the last op of each id; of several documents the newest.
func settle(ops []op) (puts []search.Doc, deletes []string) {
	last := map[string]op{}
	var order []string
	for _, o := range ops {
		old, ok := last[o.id]
		if !ok {
			order = append(order, o.id)
		}
		if ok && old.doc != nil && o.doc != nil && old.doc.Version > o.doc.Version {
			continue
		}
		last[o.id] = o
	}
	for _, id := range order {
		if o := last[id]; o.doc != nil {
			puts = append(puts, *o.doc)
		} else {
			deletes = append(deletes, id)
		}
	}
	return puts, deletes
}

// fresh leaves out documents the index has in a newer version.
func (x *Index) fresh(ctx context.Context, uid string, docs []search.Doc) ([]search.Doc, error) {
	ids := make([]string, len(docs))
	for i, d := range docs {
		ids[i] = d.ID
	}
	var answer meilisearch.DocumentsResult
	err := x.client.Index(uid).GetDocumentsWithContext(ctx, &meilisearch.DocumentsQuery{
		Limit: int64(2 * len(docs)), Fields: []string{"id", "version"}, Filter: withIDs(ids),
	}, &answer)
	if err != nil {
		return nil, x.met(ctx, "read versions", err)
	}
	have := map[string]int64{}
	for _, h := range answer.Results {
		var d document
		if err := h.DecodeInto(&d); err != nil {
			return nil, search.ErrUnavailable.With(fmt.Errorf("read versions: %w", err))
		}
		have[d.ID] = d.Version
	}
	out := make([]search.Doc, 0, len(docs))
	for _, d := range docs {
		if v, ok := have[d.ID]; !ok || v <= d.Version {
			out = append(out, d)
		}
	}
	return out, nil
}

// send posts documents in pieces of bounded size and does not wait.
func (x *Index) send(ctx context.Context, uid string, docs []search.Doc) ([]*meilisearch.TaskInfo, error) {
	key := "id"
	var tasks []*meilisearch.TaskInfo
	var piece []document
	size := 0
	post := func() error {
		if len(piece) == 0 {
			return nil
		}
		info, err := x.client.Index(uid).AddDocumentsWithContext(ctx, piece, &meilisearch.DocumentOptions{PrimaryKey: &key})
		if err != nil {
			return met(ctx, "add documents", err)
		}
		tasks, piece, size = append(tasks, info), nil, 0
		return nil
	}
	for _, d := range docs {
		doc := newDocument(d)
		piece = append(piece, doc)
		if size += 8 * len(doc.Words); len(piece) == batchDocs || size > batchBytes {
			if err := post(); err != nil {
				return nil, err
			}
		}
	}
	return tasks, post()
}
