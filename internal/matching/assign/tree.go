package assign

import (
	"cmp"
	"math"
	"slices"
)

// tree holds the places of one trade, neighbours together, so that a search can
// leave out whole neighbourhoods.
type tree struct {
	posts []post
	nodes []node
}

// post is a place as the search sees it.
type post struct {
	id       int32
	x, y     int32
	from, to int16
	pay      int64
	offer    int64 // points
	net      int64 // scaled offer less price, or more, see tree.price
}

// node is a neighbourhood: posts [begin, end) in a box. Its halves are the next
// node and the one at right; right is 0 where it has none.
type node struct {
	begin, end, right    int32
	left, low, rim, high int32 // the box: x from left to rim, y from low to high
	lastFrom, firstTo    int16
	pay                  int64 // the highest
	best                 int64 // scaled offer less price, of the best post; not less than it is
}

// leafSize is how many posts are looked at one by one.
const leafSize = 12

// plant builds the trees of all trades.
func (f *field) plant() {
	for _, j := range f.places {
		q := &f.p.Places[j]
		if q.Capacity > 0 {
			t := &f.trees[q.Skill]
			t.posts = append(t.posts, post{id: j, x: q.X, y: q.Y, from: q.From, to: q.To, pay: q.Pay, offer: f.p.Offer(j)})
		}
	}
	for k := range f.trees {
		if t := &f.trees[k]; len(t.posts) > 0 {
			t.split(0, int32(len(t.posts)))
		}
	}
}

// split adds the node of posts [begin, end) and those below it.
func (t *tree) split(begin, end int32) {
	at := len(t.nodes)
	n := node{begin: begin, end: end, left: math.MaxInt32, low: math.MaxInt32, rim: math.MinInt32, high: math.MinInt32, lastFrom: math.MinInt16, firstTo: math.MaxInt16}
	posts := t.posts[begin:end]
	for k := range posts {
		q := &posts[k]
		n.left, n.rim = min(n.left, q.x), max(n.rim, q.x)
		n.low, n.high = min(n.low, q.y), max(n.high, q.y)
		n.lastFrom, n.firstTo, n.pay = max(n.lastFrom, q.from), min(n.firstTo, q.to), max(n.pay, q.pay)
	}
	t.nodes = append(t.nodes, n)
	if len(posts) <= leafSize {
		return
	}
	if n.rim-n.left > n.high-n.low {
		slices.SortStableFunc(posts, func(a, b post) int { return cmp.Compare(a.x, b.x) })
	} else {
		slices.SortStableFunc(posts, func(a, b post) int { return cmp.Compare(a.y, b.y) })
	}
	middle := (begin + end) / 2
	t.split(begin, middle)
	t.nodes[at].right = int32(len(t.nodes))
	t.split(middle, end)
}

// price writes down what the best post of each neighbourhood offers. Prices may
// rise afterwards: then it offers less, and a search only looks in vain.
func (t *tree) price(p []int64, unit int64) {
	for k := len(t.nodes) - 1; k >= 0; k-- {
		n := &t.nodes[k]
		if n.right > 0 {
			n.best = max(t.nodes[k+1].best, t.nodes[n.right].best)
			continue
		}
		n.best = math.MinInt64
		for e := n.begin; e < n.end; e++ {
			q := &t.posts[e]
			q.net = q.offer*unit - p[q.id]
			n.best = max(n.best, q.net)
		}
	}
}

// away is the least distance of a point from the box, in metres, rounded down.
func (n *node) away(x, y int32) int64 {
	dx := int64(max(n.left-x, x-n.rim, 0))
	dy := int64(max(n.low-y, y-n.high, 0))
	if dx|dy == 0 {
		return 0
	}
	return int64(math.Sqrt(float64(dx*dx + dy*dy)))
}

// reachable returns the most that a post of node n can be worth to worker i.
func (f *field) reachable(n *node, w *Seeker, i int32) int64 {
	if n.pay < w.Wish || n.lastFrom < w.From || n.firstTo > w.To {
		return math.MinInt64
	}
	far := n.away(w.X, w.Y)
	if w.Radius > 0 && far > int64(w.Radius) {
		return math.MinInt64
	}
	return n.best + (f.worth[i]-f.p.Terms.Km*far/1000)*f.scale.unit + f.scale.most()
}

// search offers the posts of node at and below that are worth the bar.
func (f *field) search(t *tree, at int32, i int32, p []int64, s *scratch) {
	w := &f.p.Workers[i]
	for {
		n := &t.nodes[at]
		if n.right == 0 {
			f.look(t.posts[n.begin:n.end], w, i, p, s)
			return
		}
		a, b := at+1, n.right
		va, vb := f.reachable(&t.nodes[a], w, i), f.reachable(&t.nodes[b], w, i)
		if va < vb {
			a, b, va, vb = b, a, vb, va
		}
		if va < s.bar {
			return
		}
		f.search(t, a, i, p, s)
		if vb < s.bar {
			return
		}
		at = b
	}
}

// look offers the posts of a leaf.
func (f *field) look(posts []post, w *Seeker, i int32, p []int64, s *scratch) {
	most := f.worth[i]*f.scale.unit + f.scale.most()
	for k := range posts {
		q := &posts[k]
		if q.net+most < s.bar {
			continue
		}
		weight, ok := f.weight(q, w, i)
		if worth := weight - p[q.id]; ok && worth >= s.bar && !s.marked(q.id) {
			s.offer(found{worth, weight, q.id, f.turn[q.id]})
		}
	}
}

// weight returns the scaled weight of a pair, see Pool.Weight.
func (f *field) weight(q *post, w *Seeker, i int32) (weight int64, ok bool) {
	if q.from < w.From || q.to > w.To || q.pay < w.Wish {
		return 0, false
	}
	dx, dy := int64(w.X)-int64(q.x), int64(w.Y)-int64(q.y)
	far := int64(math.Sqrt(float64(dx*dx + dy*dy)))
	if w.Radius > 0 && far > int64(w.Radius) {
		return 0, false
	}
	points := f.worth[i] + q.offer - f.p.Terms.Km*far/1000
	return points*f.scale.unit + f.tie(i, q.id), points > 0
}

// relaxTree reaches those posts of node at and below whose price, as low as it
// may become, would be below what they are worth to worker i less base.
func (f *field) relaxTree(c *core, t *tree, at int32, i int32, base int64) {
	w := &f.p.Workers[i]
	for {
		n := &t.nodes[at]
		if f.reachable(n, w, i) <= base {
			return
		}
		if n.right > 0 {
			f.relaxTree(c, t, at+1, i, base)
			at = n.right
			continue
		}
		most := f.worth[i]*f.scale.unit + f.scale.most()
		for e := n.begin; e < n.end; e++ {
			q := &t.posts[e]
			if q.net+most <= base || c.way.doneP[q.id] == c.way.round {
				continue
			}
			weight, ok := f.weight(q, w, i)
			if d := base + c.p[q.id] - weight; ok && d < c.way.distP[q.id] {
				c.reach(q.id, d)
			}
		}
		return
	}
}
