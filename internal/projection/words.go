package projection

import (
	"context"
	"slices"

	"linggong/internal/search"
	"linggong/internal/search/follow"
)

// keepWords brings the words of documents to what their rows say now: in the
// index of the database with the act, in the engine outside by a note that the
// act leaves. note is nil where there is no engine.
func keepWords(ctx context.Context, rows follow.Source, text search.Index, note follow.Marker, ids ...string) error {
	docs, err := rows.Docs(ctx, ids...)
	if err != nil {
		return err
	}
	gone := slices.DeleteFunc(slices.Clone(ids), func(id string) bool {
		return slices.ContainsFunc(docs, func(d search.Doc) bool { return d.ID == id })
	})
	if err = text.Delete(ctx, gone...); err == nil {
		err = text.Put(ctx, docs...)
	}
	if err != nil || note == nil {
		return err
	}
	return note(ctx, ids...)
}
