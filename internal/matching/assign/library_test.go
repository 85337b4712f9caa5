package assign_test

import (
	"bufio"
	"encoding/csv"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"linggong/internal/matching/assign"
	"linggong/internal/matching/assign/certify"
	"linggong/internal/matching/assign/problem"
	"linggong/internal/raced"
)

// library is where the public instances lie; they are not part of the project.
const library = "/work/shared/data/optim"

func optima(t *testing.T, dir, name, value string) map[string]int64 {
	t.Helper()
	f, err := os.Open(filepath.Join(library, dir, "optima.csv"))
	if err != nil {
		t.Skipf("SKIPPED: the public instances are not on this machine: %v", err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	at := slices.Index(rows[0], value)
	out := map[string]int64{}
	for _, row := range rows[1:] {
		if out[row[slices.Index(rows[0], name)]], err = strconv.ParseInt(row[at], 10, 64); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

func solveProved(t *testing.T, p assign.Problem) assign.Result {
	t.Helper()
	r, err := assign.Assign(p, assign.Options{Threads: 2})
	if err != nil {
		t.Fatal(err)
	}
	if rep, err := certify.Verify(p, r); err != nil || !rep.Optimal {
		t.Fatalf("the certificate does not hold: %+v, %v", rep, err)
	}
	return r
}

// squareProblem reads n, then n × n costs.
func squareProblem(t *testing.T, path string) assign.Problem {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	in := strings.NewReader(string(data))
	var n int
	if _, err := fmt.Fscan(in, &n); err != nil {
		t.Fatal(err)
	}
	p := assign.Problem{Sense: problem.Min, RequireAllWorkers: true}
	for i := range n {
		p.Workers = append(p.Workers, assign.Worker{ID: fmt.Sprint("w", i)})
		p.Places = append(p.Places, assign.Place{ID: fmt.Sprint("p", i), Capacity: 1})
	}
	for i := range n {
		for j := range n {
			e := assign.Edge{Worker: int32(i), Place: int32(j)}
			if _, err := fmt.Fscan(in, &e.Weight); err != nil {
				t.Fatal(err)
			}
			p.Edges = append(p.Edges, e)
		}
	}
	return p
}

func TestTheAssignmentLibrary(t *testing.T) {
	t.Parallel()
	for file, want := range optima(t, "assignment", "file", "published_optimum") {
		p := squareProblem(t, filepath.Join(library, "assignment", filepath.Base(file)))
		if r := solveProved(t, p); r.Objective != want {
			t.Errorf("%s: %d, the published optimum is %d", file, r.Objective, want)
		}
	}
}

// flow is a minimum-cost flow in DIMACS form.
type flow struct {
	supply []int64
	arcs   []struct{ from, to, low, high, cost int64 }
}

func readFlow(t *testing.T, path string) flow {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var x flow
	for lines := bufio.NewScanner(f); lines.Scan(); {
		w := strings.Fields(lines.Text())
		if len(w) == 0 || w[0] == "c" {
			continue
		}
		var n [5]int64
		for k := range min(5, len(w)-1) {
			n[k], _ = strconv.ParseInt(w[k+1], 10, 64)
		}
		switch w[0] {
		case "p":
			nodes, err := strconv.Atoi(w[2])
			if err != nil {
				t.Fatal(err)
			}
			x.supply = make([]int64, nodes+1)
		case "n":
			x.supply[n[0]] = n[1]
		case "a":
			x.arcs = append(x.arcs, struct{ from, to, low, high, cost int64 }{n[0], n[1], n[2], n[3], n[4]})
		}
	}
	return x
}

// A unit of an arc's capacity is a worker who either flows, to the place that is
// the arc's head, or stays, at the place that is its tail. A node gets as many
// as leave it at most, less its supply: so a flow is an assignment of everyone.
func (x flow) problem() assign.Problem {
	p := assign.Problem{Sense: problem.Min, RequireAllWorkers: true}
	seats := make([]int64, len(x.supply))
	for v, s := range x.supply {
		seats[v] = -s
		p.Places = append(p.Places, assign.Place{ID: fmt.Sprint("node", v)})
	}
	for k, a := range x.arcs {
		seats[a.from] += a.high
		for unit := range a.high {
			i := int32(len(p.Workers))
			p.Workers = append(p.Workers, assign.Worker{ID: fmt.Sprintf("arc%d.%d", k, unit)})
			p.Edges = append(p.Edges, assign.Edge{Worker: i, Place: int32(a.from)}, assign.Edge{Worker: i, Place: int32(a.to), Weight: a.cost})
		}
	}
	for v, n := range seats {
		p.Places[v].Capacity, p.Places[v].Min = n, n
	}
	return p
}

// transport is the same for a flow straight from suppliers to takers over arcs
// that bind nobody: a worker is a unit supplied.
func (x flow) transport() (assign.Problem, bool) {
	p := assign.Problem{Sense: problem.Min, RequireAllWorkers: true}
	first := make([]int32, len(x.supply))
	for v, s := range x.supply {
		p.Places = append(p.Places, assign.Place{ID: fmt.Sprint("node", v), Capacity: max(0, -s), Min: max(0, -s)})
		first[v] = int32(len(p.Workers))
		for unit := range max(0, s) {
			p.Workers = append(p.Workers, assign.Worker{ID: fmt.Sprintf("node%d.%d", v, unit)})
		}
	}
	for _, a := range x.arcs {
		if x.supply[a.from] <= 0 || x.supply[a.to] >= 0 || a.high < min(x.supply[a.from], -x.supply[a.to]) {
			return p, false
		}
		for unit := range x.supply[a.from] {
			p.Edges = append(p.Edges, assign.Edge{Worker: first[a.from] + int32(unit), Place: int32(a.to), Weight: a.cost})
		}
	}
	return p, true
}

// everything also solves what takes minutes.
var everything = flag.Bool("everything", false, "solve the largest public instances too")

func TestTheFlowLibrary(t *testing.T) {
	t.Parallel()
	for file, want := range optima(t, "mincostflow", "instance", "published_optimum") {
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			x := readFlow(t, filepath.Join(library, "mincostflow", file))
			p, ok := x.transport()
			if !ok {
				p = x.problem()
			}
			if len(p.Workers) > 100_000 && !*everything {
				t.Skipf("SKIPPED: %d units take minutes; go test -run FlowLibrary ./internal/matching/assign -everything", len(p.Workers))
			}
			if len(p.Workers) > 20_000 {
				raced.Skip(t, fmt.Sprintf("%d units on one thread take minutes", len(p.Workers)))
			}
			if r := solveProved(t, p); r.Objective != want {
				t.Errorf("%d, the published optimum is %d", r.Objective, want)
			}
		})
	}
}

// In a generalised assignment jobs use up an agent's capacity by different
// amounts. With each agent taking as many jobs as its smallest ones allow it is
// one of ours, whose optimum is a bound for the other.
func TestTheGeneralisedAssignmentLibraryIsBounded(t *testing.T) {
	t.Parallel()
	for name, best := range optima(t, "gap", "instance", "proved_optimum") {
		data, err := os.ReadFile(filepath.Join(library, "gap", name+".txt"))
		if err != nil {
			t.Fatal(err)
		}
		var n []int64
		for _, w := range strings.Fields(string(data)) {
			v, err := strconv.ParseInt(w, 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			n = append(n, v)
		}
		agents, jobs := int(n[0]), int(n[1])
		cost, need, room := n[2:], n[2+agents*jobs:], n[2+2*agents*jobs:]
		p := assign.Problem{Sense: problem.Min, RequireAllWorkers: true}
		for k := range jobs {
			p.Workers = append(p.Workers, assign.Worker{ID: fmt.Sprint("job", k)})
		}
		for a := range agents {
			sizes := slices.Sorted(slices.Values(need[a*jobs : (a+1)*jobs]))
			seats, used := int64(0), int64(0)
			for _, s := range sizes {
				if used += s; used > room[a] {
					break
				}
				seats++
			}
			p.Places = append(p.Places, assign.Place{ID: fmt.Sprint("agent", a), Capacity: seats})
			for k := range jobs {
				p.Edges = append(p.Edges, assign.Edge{Worker: int32(k), Place: int32(a), Weight: cost[a*jobs+k]})
			}
		}
		if r := solveProved(t, p); r.Objective > best || 100*r.Objective < 80*best {
			t.Errorf("%s: the bound %d is not just below the proved optimum %d", name, r.Objective, best)
		}
	}
}
