package assign_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"linggong/internal/matching/assign"
	"linggong/internal/matching/assign/problem"
)

// jonkerVolgenant is the textbook algorithm (R. Jonker and A. Volgenant, "A
// shortest augmenting path algorithm for dense and sparse linear assignment
// problems", Computing 38, 1987) for a square matrix of costs: the reference
// the solver is compared with. It returns the column of each row.
func jonkerVolgenant(cost [][]int64) []int32 {
	n := len(cost)
	x, y, v := make([]int32, n), make([]int32, n), make([]int64, n)
	free := jvReduce(cost, x, y, v)
	for range 2 {
		free = jvReduceRows(cost, x, y, v, free)
	}
	d, pred, col := make([]int64, n), make([]int32, n), make([]int32, n)
	for _, row := range free {
		jvAugment(cost, x, y, v, d, pred, col, row)
	}
	return x
}

// jvReduce is column reduction and reduction transfer; it returns the free rows.
func jvReduce(cost [][]int64, x, y []int32, v []int64) (free []int32) {
	n := len(cost)
	matches := make([]int, n)
	for j := n - 1; j >= 0; j-- {
		least, row := cost[0][j], 0
		for i := 1; i < n; i++ {
			if cost[i][j] < least {
				least, row = cost[i][j], i
			}
		}
		v[j] = least
		if matches[row]++; matches[row] == 1 {
			x[row], y[j] = int32(j), int32(row)
		} else {
			y[j] = -1
		}
	}
	for i := range n {
		switch matches[i] {
		case 0:
			free = append(free, int32(i))
		case 1:
			own, least := int(x[i]), int64(math.MaxInt64)
			for j, c := range cost[i] {
				if j != own {
					least = min(least, c-v[j])
				}
			}
			v[own] -= least
		}
	}
	return free
}

// jvReduceRows is one pass of augmenting row reduction.
func jvReduceRows(cost [][]int64, x, y []int32, v []int64, free []int32) (left []int32) {
	for k := 0; k < len(free); {
		i := free[k]
		k++
		u1, u2, j1, j2 := cost[i][0]-v[0], int64(math.MaxInt64), int32(0), int32(-1)
		for j := 1; j < len(v); j++ {
			if h := cost[i][j] - v[j]; h < u2 {
				if h >= u1 {
					u2, j2 = h, int32(j)
				} else {
					u2, u1, j2, j1 = u1, h, j1, int32(j)
				}
			}
		}
		i0 := y[j1]
		if u1 < u2 {
			v[j1] -= u2 - u1
		} else if i0 >= 0 && j2 >= 0 {
			j1 = j2
			i0 = y[j1]
		}
		x[i], y[j1] = j1, i
		if i0 >= 0 {
			if u1 < u2 {
				k--
				free[k] = i0
			} else {
				left = append(left, i0)
			}
		}
	}
	return left
}

// jvAugment finds a shortest augmenting path from a free row.
func jvAugment(cost [][]int64, x, y []int32, v, d []int64, pred, col []int32, row int32) {
	n := len(cost)
	for j := range n {
		d[j], pred[j], col[j] = cost[row][j]-v[j], row, int32(j)
	}
	low, up, last, end, least := 0, 0, 0, int32(-1), int64(0)
	for end < 0 {
		if up == low {
			last = low - 1
			least = d[col[up]]
			up++
			for k := up; k < n; k++ {
				j := col[k]
				if d[j] <= least {
					if d[j] < least {
						up, least = low, d[j]
					}
					col[k] = col[up]
					col[up] = j
					up++
				}
			}
			for k := low; k < up; k++ {
				if j := col[k]; y[j] < 0 {
					end = j
					break
				}
			}
			if end >= 0 {
				break
			}
		}
		j1 := col[low]
		low++
		i := y[j1]
		h := cost[i][j1] - v[j1] - least
		for k := up; k < n; k++ {
			j := col[k]
			if v2 := cost[i][j] - v[j] - h; v2 < d[j] {
				pred[j] = i
				if v2 == least {
					if y[j] < 0 {
						end = j
						break
					}
					col[k] = col[up]
					col[up] = j
					up++
				}
				d[j] = v2
			}
		}
	}
	for k := 0; k <= last; k++ {
		v[col[k]] += d[col[k]] - least
	}
	for {
		i := pred[end]
		y[end] = i
		end, x[i] = x[i], end
		if i == row {
			return
		}
	}
}

// square draws a dense problem with costs below limit, and its matrix.
func square(n int, limit int64, seed uint64) (assign.Problem, [][]int64) {
	r := rand.New(rand.NewPCG(seed, 5))
	p := assign.Problem{Sense: problem.Min, RequireAllWorkers: true, Edges: make([]assign.Edge, 0, n*n)}
	cost := make([][]int64, n)
	for i := range n {
		p.Workers = append(p.Workers, assign.Worker{ID: name("w", i)})
		p.Places = append(p.Places, assign.Place{ID: name("p", i), Capacity: 1})
		cost[i] = make([]int64, n)
		for j := range n {
			cost[i][j] = 1 + r.Int64N(limit)
			p.Edges = append(p.Edges, assign.Edge{Worker: int32(i), Place: int32(j), Weight: cost[i][j]})
		}
	}
	return p, cost
}

func TestTheTextbookAgrees(t *testing.T) {
	t.Parallel()
	for seed := range uint64(30) {
		p, cost := square(20+int(seed)*4, []int64{3, 100, 1_000_000}[seed%3], seed)
		var want int64
		for i, j := range jonkerVolgenant(cost) {
			want += cost[i][j]
		}
		if r := solveProved(t, p); r.Objective != want {
			t.Fatalf("%d: %d, the textbook says %d", seed, r.Objective, want)
		}
	}
}
