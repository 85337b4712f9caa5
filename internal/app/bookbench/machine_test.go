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
