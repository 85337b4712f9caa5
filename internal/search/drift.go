package search

import (
	"context"
	"encoding/binary"
	"hash/fnv"
	"iter"
	"maps"
	"slices"
)

// Refs lists what there is: everything, or of ids those that are there.
type Refs func(ctx context.Context, ids ...string) iter.Seq2[Ref, error]

// Drift is how an index differs from the rows it was made from.
type Drift struct {
	Rows, Docs int            // how many there are on either side
	Towns      map[string]int // differences by town, the first nine digits of the region
	Missing    []string       // a row without its document
	Stale      []string       // a document of an older row, or with another place or state
	Ahead      []string       // a document of a newer row than there is: the rows are from a backup
	Extra      []string       // a document without its row
}

// IDs are all that differ.
func (d Drift) IDs() []string { return slices.Concat(d.Missing, d.Stale, d.Ahead, d.Extra) }

// Compare compares counts and checksums town by town, and looks at the single
// documents of those towns only whose sums differ. What differs is looked at
// once more, the index before the row and after it: what an act changed meanwhile
// is no drift.
func Compare(ctx context.Context, rows, index Refs) (Drift, error) {
	var d Drift
	want, n, err := sumsOf(ctx, rows)
	if err != nil {
		return Drift{}, err
	}
	d.Rows = n
	have, n, err := sumsOf(ctx, index)
	if err != nil {
		return Drift{}, err
	}
	d.Docs = n
	differing := map[string]bool{}
	for town := range want {
		differing[town] = want[town] != have[town]
	}
	for town := range have {
		differing[town] = want[town] != have[town]
	}
	maps.DeleteFunc(differing, func(_ string, is bool) bool { return !is })
	if len(differing) == 0 {
		return d, nil
	}
	suspects, err := suspectsOf(ctx, rows, index, differing)
	if err != nil {
		return Drift{}, err
	}
	const chunk = 500
	for some := range slices.Chunk(suspects, chunk) {
		if err := d.confirm(ctx, rows, index, some); err != nil {
			return Drift{}, err
		}
	}
	return d, nil
}

// townSum is a count and a checksum of what the index must agree in.
type townSum struct {
	n     int
	check uint64
}

func sumsOf(ctx context.Context, refs Refs) (map[string]townSum, int, error) {
	out, n := map[string]townSum{}, 0
	for r, err := range refs(ctx) {
		if err != nil {
			return nil, 0, err
		}
		n++
		s := out[r.town()]
		out[r.town()] = townSum{s.n + 1, s.check + r.check()}
	}
	return out, n, nil
}

func (r Ref) town() string { return cut9(r.Region) }

func cut9(s string) string { return s[:min(9, len(s))] }

func (r Ref) check() uint64 {
	h := fnv.New64a()
	var b [9]byte
	binary.LittleEndian.PutUint64(b[:], uint64(r.Version)) //nolint:gosec // only its bits count
	if r.Open {
		b[8] = 1
	}
	for _, part := range [][]byte{[]byte(r.ID), b[:], []byte(r.Region)} {
		_, _ = h.Write(part) // a hash never fails
	}
	return h.Sum64()
}

// suspectsOf are the ids that differ in the towns that do, in order.
func suspectsOf(ctx context.Context, rows, index Refs, towns map[string]bool) ([]string, error) {
	seen := map[string]uint64{}
	for r, err := range rows(ctx) {
		if err != nil {
			return nil, err
		}
		if towns[r.town()] {
			seen[r.ID] = r.check()
		}
	}
	out := map[string]bool{}
	for r, err := range index(ctx) {
		if err != nil {
			return nil, err
		}
		if !towns[r.town()] {
			continue
		}
		if check, ok := seen[r.ID]; !ok || check != r.check() {
			out[r.ID] = true
		}
		delete(seen, r.ID)
	}
	for id := range seen {
		out[id] = true
	}
	return slices.Sorted(maps.Keys(out)), nil
}

func (d *Drift) confirm(ctx context.Context, rows, index Refs, ids []string) error {
	docs, err := byID(ctx, index, ids)
	if err != nil {
		return err
	}
	want, err := byID(ctx, rows, ids)
	if err != nil {
		return err
	}
	after, err := byID(ctx, index, ids)
	if err != nil {
		return err
	}
	for _, id := range ids {
		row, isRow := want[id]
		doc, isDoc := docs[id]
		list, town := &d.Stale, row.town()
		switch {
		case !isRow && !isDoc || row == doc || doc != after[id]:
			continue
		case !isDoc:
			list = &d.Missing
		case !isRow:
			list, town = &d.Extra, doc.town()
		case doc.Version > row.Version:
			list = &d.Ahead
		}
		*list = append(*list, id)
		if d.Towns == nil {
			d.Towns = map[string]int{}
		}
		d.Towns[town]++
	}
	return nil
}

func byID(ctx context.Context, refs Refs, ids []string) (map[string]Ref, error) {
	out := make(map[string]Ref, len(ids))
	for r, err := range refs(ctx, ids...) {
		if err != nil {
			return nil, err
		}
		out[r.ID] = r
	}
	return out, nil
}
