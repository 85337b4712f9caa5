package torture_test

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// table is what a run prints, ready for docs/torture.md.
func (x *torture) table(name string, seed uint64, took time.Duration, found []finding) string {
	var b strings.Builder
	kinds, refused, tries := map[string]int{}, 0, 0
	for _, a := range x.m.acts() {
		tries++
		if a.accepted() {
			kinds[a.kind]++
		} else {
			refused++
		}
	}
	acts := 0
	var each []string
	for _, k := range slices.Sorted(maps.Keys(kinds)) {
		acts += kinds[k]
		each = append(each, fmt.Sprintf("%s %d", k, kinds[k]))
	}
	kills := 0
	by := map[string][]wound{}
	for _, w := range x.done {
		by[w.fault] = append(by[w.fault], w)
		if w.kills {
			kills++
		}
	}
	count := func(class string) int {
		n := 0
		for _, f := range found {
			if f.class == class {
				n++
			}
		}
		return n
	}
	fmt.Fprintf(&b, "\n%s, seed %d, %s: acts acknowledged %d (%s), refused %d\n", name, seed, took.Round(time.Second), acts, strings.Join(each, ", "), refused)
	fmt.Fprintf(&b, "histories of single shifts: %d acts\n", x.linear)
	fmt.Fprintf(&b, "faults %d, of which kill -9 %d; lost %d, doubled %d, unasked %d, broken %d\n\n", len(x.done), kills,
		count("lost"), count("doubled"), count("unasked"), count("broken"))
	fmt.Fprintf(&b, "| fault | times | back p50 ms | back max ms |\n|---|---:|---:|---:|\n")
	for _, f := range slices.Sorted(maps.Keys(by)) {
		list := by[f]
		slices.SortFunc(list, func(a, b wound) int { return cmp.Compare(a.recovered, b.recovered) })
		fmt.Fprintf(&b, "| %s | %d | %d | %d |\n", f, len(list), list[len(list)/2].recovered.Milliseconds(), list[len(list)-1].recovered.Milliseconds())
	}
	return b.String()
}
