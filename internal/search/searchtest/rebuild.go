package searchtest

import (
	"errors"
	"fmt"
	"iter"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"linggong/internal/search"
)

func sequence(docs ...search.Doc) iter.Seq2[search.Doc, error] {
	return func(yield func(search.Doc, error) bool) {
		for _, d := range docs {
			if !yield(d, nil) {
				return
			}
		}
	}
}

func rebuilt(t *testing.T, ix search.Index) {
	ctx := t.Context()
	newer := doc("newer", "一")
	newer.Version = 9
	must(t, ix.Put(ctx, doc("gone", "保洁"), doc("kept", "保洁"), newer))
	var docs []search.Doc
	for i := range 1000 {
		docs = append(docs, doc(fmt.Sprintf("n%04d", i), "搬运"))
	}
	docs = append(docs, doc("kept", "焊工"), doc("newer", "九"))
	docs[len(docs)-1].Version = 9
	must(t, ix.Rebuild(ctx, sequence(docs...)))
	if n, err := ix.Count(ctx); n != 1002 || err != nil {
		t.Errorf("count %d, %v", n, err)
	}
	want(t, ix, all(word("保洁")))
	want(t, ix, all(word("焊工")), "kept")
	want(t, ix, all(word("九")), "newer")
	if n := len(ids(t, ix, all(word("搬运")))); n != 1000 {
		t.Errorf("%d found of 1000", n)
	}
	must(t, ix.Rebuild(ctx, sequence()))
	if n, err := ix.Count(ctx); n != 0 || err != nil {
		t.Errorf("rebuilt from nothing: count %d, %v", n, err)
	}
}

func rebuildFails(t *testing.T, ix search.Index) {
	ctx := t.Context()
	must(t, ix.Put(ctx, doc("a", "保洁"), doc("b", "保洁")))
	broken := errors.New("the database went away")
	err := ix.Rebuild(ctx, func(yield func(search.Doc, error) bool) {
		_ = yield(doc("a", "保洁"), nil) && yield(search.Doc{}, broken)
	})
	if !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	want(t, ix, all(word("保洁")), "a", "b")
	must(t, ix.Rebuild(ctx, sequence(doc("b", "保洁")))) // and it can be tried again
	want(t, ix, all(word("保洁")), "b")
}

func duringRebuild(t *testing.T, ix search.Index) {
	ctx := t.Context()
	must(t, ix.Put(ctx, doc("old", "保洁"), doc("erased", "保洁"), doc("changed", "保洁")))
	must(t, ix.Rebuild(ctx, func(yield func(search.Doc, error) bool) {
		if !yield(doc("changed", "保洁"), nil) || !yield(doc("erased", "保洁"), nil) {
			return
		}
		want(t, ix, all(word("保洁")), "changed", "erased", "old") //nolint:contextcheck // searches go on, with the test's own context
		changed := doc("changed", "焊工")
		changed.Version = 2
		must(t, ix.Put(ctx, doc("new", "保洁"), changed))
		must(t, ix.Delete(ctx, "erased"))
		want(t, ix, all(word("焊工")), "changed") //nolint:contextcheck // the same
	}))
	want(t, ix, all(word("保洁")), "new")
	want(t, ix, all(word("焊工")), "changed")
}

func refs(t *testing.T, ix search.Index) {
	a, ok := ix.(search.Auditor)
	if !ok {
		t.Fatalf("%T lists nothing", ix)
	}
	ctx := t.Context()
	wanted := map[string]search.Ref{}
	var docs []search.Doc
	for i := range 2500 {
		d := doc(fmt.Sprintf("n%04d", i), "搬运")
		d.Version, d.Open = int64(i), i%2 == 0
		docs = append(docs, d)
		wanted[d.ID] = search.Ref{ID: d.ID, Version: d.Version, Region: d.Region, Open: d.Open}
	}
	must(t, ix.Rebuild(ctx, sequence(docs...)))
	got := map[string]search.Ref{}
	for r, err := range a.Refs(ctx) {
		must(t, err)
		if _, twice := got[r.ID]; twice {
			t.Errorf("%s twice", r.ID)
		}
		got[r.ID] = r
	}
	if d := gocmp.Diff(wanted, got); d != "" {
		t.Errorf("listed (-want +got):\n%s", d)
	}
	some := map[string]search.Ref{}
	asked := []string{"n0000", "n2499", "absent", "no id \" of ours"}
	for i := range 1500 {
		asked = append(asked, fmt.Sprintf("n%04d", i+500))
	}
	for r, err := range a.Refs(ctx, asked...) {
		must(t, err)
		if r != wanted[r.ID] {
			t.Errorf("%v, not %v", r, wanted[r.ID])
		}
		some[r.ID] = r
	}
	if len(some) != 1502 || some["n2499"].Version != 2499 {
		t.Errorf("%d of those asked for", len(some))
	}
	for _, err := range a.Refs(ctx) {
		must(t, err)
		break // whoever has seen enough may stop
	}
}
