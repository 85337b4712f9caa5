package projection

import (
	"context"

	"linggong/internal/search"
	"linggong/internal/search/follow"
)

// keepWords brings the words of one document to what its row says now: in the
// index of the database with the act, in the engine outside by a note that the
// act leaves. note is nil where there is no engine.
func keepWords(ctx context.Context, rows follow.Source, text search.Index, note follow.Marker, id string) error {
	docs, err := rows.Docs(ctx, id)
	if err != nil {
		return err
	}
	if len(docs) == 0 {
		err = text.Delete(ctx, id)
	} else {
		err = text.Put(ctx, docs...)
	}
	if err != nil || note == nil {
		return err
	}
	return note(ctx, id)
}
