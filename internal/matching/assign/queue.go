package assign

// entry is a node to settle: a place j, or a worker i as ^i.
type entry struct {
	dist int64
	node int32
}

// queue is a binary heap, nearest first.
type queue []entry

func (q *queue) push(x entry) {
	a := append(*q, x)
	i := len(a) - 1
	for i > 0 {
		parent := (i - 1) / 2
		if a[parent].dist <= x.dist {
			break
		}
		a[i] = a[parent]
		i = parent
	}
	a[i] = x
	*q = a
}

func (q *queue) pop() entry {
	a := *q
	top, x := a[0], a[len(a)-1]
	a = a[:len(a)-1]
	i := 0
	for {
		c := 2*i + 1
		if c >= len(a) {
			break
		}
		if c+1 < len(a) && a[c+1].dist < a[c].dist {
			c++
		}
		if a[c].dist >= x.dist {
			break
		}
		a[i] = a[c]
		i = c
	}
	if len(a) > 0 {
		a[i] = x
	}
	*q = a
	return top
}
