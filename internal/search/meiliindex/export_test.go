package meiliindex

import (
	"context"

	"github.com/meilisearch/meilisearch-go"
)

// FinishTask waits for a task as the adapter does.
func FinishTask(ctx context.Context, x *Index, uid int64) error {
	return x.finish(ctx, "task", &meilisearch.TaskInfo{TaskUID: uid})
}
