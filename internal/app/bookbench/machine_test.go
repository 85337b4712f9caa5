package bookbench_test

import (
	"os"
	"strconv"
	"strings"
)

// busy returns the seconds of processor time the machine and this process have
// used so far; 0 where the system does not say.
func busy() (all, own float64) {
	const tick = 100
	fields := func(file string) []string {
		b, err := os.ReadFile(file)
		if err != nil {
			return nil
		}
		line, _, _ := strings.Cut(string(b), "\n")
		if i := strings.LastIndexByte(line, ')'); i >= 0 { // a name may hold blanks
			line = line[i+1:]
		}
		return strings.Fields(line)
	}
	sum := func(list []string, places ...int) (n float64) {
		for _, i := range places {
			if i < len(list) {
				v, _ := strconv.ParseFloat(list[i], 64)
				n += v / tick
			}
		}
		return n
	}
	return sum(fields("/proc/stat"), 1, 2, 3, 6, 7, 8), sum(fields("/proc/self/stat"), 11, 12)
}

// runnable is how many processes want a processor now, ours among them.
func runnable() int {
	b, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return 0
	}
	if f := strings.Fields(string(b)); len(f) > 3 {
		now, _, _ := strings.Cut(f[3], "/")
		n, _ := strconv.Atoi(now)
		return n
	}
	return 0
}

// cost is the processor time of this process (the program and the clients), of
// what it started and has ended (pgbench), and of the database server, in
// seconds: others on the machine hardly move it.
type cost struct{ own, children, server float64 }

func (a cost) since(b cost) cost {
	return cost{a.own - b.own, a.children - b.children, a.server - b.server}
}

func (a cost) sum() float64 { return a.own + a.children + a.server }

// spent reads the cost so far; postmaster 0 is a database in this process.
func spent(postmaster int) cost {
	ticks := func(pid string, places ...int) (n float64) {
		b, err := os.ReadFile("/proc/" + pid + "/stat")
		if err != nil {
			return 0
		}
		f := strings.Fields(string(b[strings.LastIndexByte(string(b), ')')+1:]))
		for _, i := range places {
			if i < len(f) {
				v, _ := strconv.ParseFloat(f[i], 64)
				n += v / 100
			}
		}
		return n
	}
	c := cost{own: ticks("self", 11, 12), children: ticks("self", 13, 14)}
	if postmaster == 0 {
		return c
	}
	c.server = ticks(strconv.Itoa(postmaster), 11, 12, 13, 14)
	dirs, err := os.ReadDir("/proc")
	if err != nil {
		return c
	}
	for _, d := range dirs {
		if parentOf(d.Name()) == postmaster {
			c.server += ticks(d.Name(), 11, 12)
		}
	}
	return c
}

// parentOf returns the parent of a process, 0 where there is none.
func parentOf(pid string) int {
	b, err := os.ReadFile("/proc/" + pid + "/stat")
	if err != nil {
		return 0
	}
	f := strings.Fields(string(b[strings.LastIndexByte(string(b), ')')+1:]))
	if len(f) < 2 {
		return 0
	}
	n, _ := strconv.Atoi(f[1])
	return n
}
