package search_test

import (
	"context"
	"iter"
	"slices"
	"testing"

	"linggong/internal/search"
)

func ref(id string, version int64) search.Ref {
	return search.Ref{ID: id, Version: version, Region: "330481101201", Open: true}
}

// listed reads refs; before single ones are read, meanwhile happens.
func listed(of map[string]search.Ref, meanwhile func()) search.Refs {
	return func(_ context.Context, ids ...string) iter.Seq2[search.Ref, error] {
		return func(yield func(search.Ref, error) bool) {
			if len(ids) > 0 {
				meanwhile()
			}
			for id, r := range of {
				if (len(ids) == 0 || slices.Contains(ids, id)) && !yield(r, nil) {
					return
				}
			}
		}
	}
}

// An audit runs while people act: between its looks at the index and at the rows
// both may become another, together.
func TestWhatAnActChangesMeanwhileIsNoDrift(t *testing.T) {
	t.Parallel()
	type refs = map[string]search.Ref
	for name, c := range map[string]struct {
		act  func(rows, index refs)
		want []string
	}{
		"nothing happens":   {func(_, _ refs) {}, []string{"a"}},
		"it is closed":      {func(rows, index refs) { delete(rows, "a"); delete(index, "a") }, nil},
		"it is changed":     {func(rows, index refs) { rows["a"], index["a"] = ref("a", 3), ref("a", 3) }, nil},
		"another is closed": {func(rows, _ refs) { delete(rows, "b") }, []string{"a"}},
	} {
		rows := refs{"a": ref("a", 2), "b": ref("b", 1)}
		index := refs{"a": ref("a", 1), "b": ref("b", 1)}
		d, err := search.Compare(t.Context(), listed(rows, func() { c.act(rows, index) }), listed(index, func() {}))
		if err != nil {
			t.Fatal(err)
		}
		if got := d.IDs(); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v counts as different, not %v", name, got, c.want)
		}
	}
}
