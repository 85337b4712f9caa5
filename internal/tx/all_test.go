package tx_test

import (
	"context"
	"fmt"
	"testing"

	"linggong/internal/tx"
)

func TestWhatIsGivenUnderOneNameRunsOnceWithAllOfIt(t *testing.T) {
	t.Parallel()
	var got []string
	note := func(_ context.Context, items []string) { got = append(got, fmt.Sprint(items)) }
	ctx, scope := tx.Open(t.Context(), nil)
	for _, item := range []string{"a", "b", "a"} {
		tx.AfterCommitAll(ctx, "x", item, note)
	}
	tx.AfterCommitAll(ctx, "y", "c", note)
	if len(got) != 0 {
		t.Fatalf("ran before the commit: %v", got)
	}
	scope.Committed(ctx)
	tx.AfterCommitAll(t.Context(), "x", "d", note)
	if fmt.Sprint(got) != "[[a b] [c] [d]]" {
		t.Errorf("%v", got)
	}
}
