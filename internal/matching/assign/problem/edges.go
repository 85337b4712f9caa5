package problem

import (
	"bytes"
	"fmt"
)

// names numbers ids in the order in which they are first met.
type names struct {
	number map[string]int32
	ids    []string
	last   int32
}

func newNames() *names { return &names{number: map[string]int32{}, last: -1} }

func (n *names) of(id []byte) int32 {
	if n.last >= 0 && n.ids[n.last] == string(id) { // edges often come by worker
		return n.last
	}
	k, ok := n.number[string(id)]
	if !ok {
		k = int32(len(n.ids))
		n.ids = append(n.ids, string(id))
		n.number[n.ids[k]] = k
	}
	n.last = k
	return k
}

// indexes returns number → index in the list of known ids, -1 where there is none.
func (n *names) indexes(known []string) []int32 {
	out := make([]int32, len(n.ids))
	for k := range out {
		out[k] = -1
	}
	for i, id := range known {
		if k, ok := n.number[id]; ok {
			out[k] = int32(i)
		}
	}
	return out
}

// edgeList collects edges whose ends are numbers of names; in pieces, so that
// growing does not copy.
type edgeList struct {
	workers, places *names
	pieces          [][]Edge
	n               int
}

const pieceSize = 1 << 16

func (l *edgeList) add(e Edge) {
	if l.n%pieceSize == 0 {
		l.pieces = append(l.pieces, make([]Edge, 0, pieceSize))
	}
	last := &l.pieces[len(l.pieces)-1]
	*last = append(*last, e)
	l.n++
}

// edge reads one edge: fast where it is written plainly, else by the book.
func (f *file) edge(l *edgeList, i int) error {
	b, err := f.raw()
	if err != nil {
		return f.wrap(err, fmt.Sprintf("edges[%d]", i))
	}
	if worker, place, weight, ok := plainEdge(b); ok {
		l.add(Edge{l.workers.of(worker), l.places.of(place), weight})
		return nil
	}
	at := func() string { return fmt.Sprintf("edges[%d]", i) }
	e := wireEdge{missing, missing, absent}
	if err := f.strict(b, &e, at); err != nil {
		return err
	}
	for _, g := range []struct {
		lacks bool
		field string
		zh    string
	}{{e.Worker == missing, ".worker", "缺少编号"}, {e.Place == missing, ".place", "缺少编号"}, {e.Weight == absent, ".weight", "缺少权重"}} {
		if g.lacks {
			return fault{at() + g.field, "required", g.zh, "is missing"}.of(f.err)
		}
	}
	l.add(Edge{l.workers.of([]byte(e.Worker)), l.places.of([]byte(e.Place)), e.Weight})
	return nil
}

// plainEdge reads {"worker":"…","place":"…","weight":…}, keys in any order, each
// once, ids without escapes, a weight of at most 18 digits. It is not ok with
// anything else.
func plainEdge(b []byte) (worker, place []byte, weight int64, ok bool) {
	var seen [3]bool
	if len(b) == 0 || b[0] != '{' {
		return nil, nil, 0, false
	}
	b = skip(b[1:])
	for n := range 3 {
		if n > 0 {
			if len(b) == 0 || b[0] != ',' {
				return nil, nil, 0, false
			}
			b = skip(b[1:])
		}
		key, rest, fine := plainText(b)
		rest = skip(rest)
		if !fine || len(rest) == 0 || rest[0] != ':' {
			return nil, nil, 0, false
		}
		b = skip(rest[1:])
		which := 0
		switch string(key) {
		case "worker":
			worker, b, fine = plainText(b)
		case "place":
			which = 1
			place, b, fine = plainText(b)
		case "weight":
			which = 2
			weight, b, fine = plainNumber(b)
		default:
			fine = false
		}
		if !fine || seen[which] {
			return nil, nil, 0, false
		}
		seen[which] = true
		b = skip(b)
	}
	return worker, place, weight, len(b) == 1 && b[0] == '}'
}

func skip(b []byte) []byte {
	for len(b) > 0 && (b[0] == ' ' || b[0] == '\n' || b[0] == '\t' || b[0] == '\r') {
		b = b[1:]
	}
	return b
}

// plainText reads a string of printable ASCII without escapes.
func plainText(b []byte) (text, rest []byte, ok bool) {
	if len(b) < 2 || b[0] != '"' {
		return nil, nil, false
	}
	end := bytes.IndexByte(b[1:], '"')
	if end < 0 {
		return nil, nil, false
	}
	text = b[1 : 1+end]
	for _, c := range text {
		if c == '\\' || c < ' ' || c > '~' {
			return nil, nil, false
		}
	}
	return text, b[2+end:], true
}

func plainNumber(b []byte) (n int64, rest []byte, ok bool) {
	i, negative := 0, len(b) > 0 && b[0] == '-'
	if negative {
		i = 1
	}
	first := i
	for ; i < len(b) && b[i] >= '0' && b[i] <= '9'; i++ {
		if i-first == 18 {
			return 0, nil, false
		}
		n = 10*n + int64(b[i]-'0')
	}
	if i == first || b[first] == '0' && i > first+1 {
		return 0, nil, false
	}
	if negative {
		n = -n
	}
	return n, b[i:], true
}
