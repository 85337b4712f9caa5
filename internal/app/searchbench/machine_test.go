package searchbench_test

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"linggong/internal/dbx"
)

// anonymous returns the memory of a process that is its own, in MB: maps of
// files count for nobody. 0 where the system does not say.
func anonymous(pid string) float64 {
	b, err := os.ReadFile(filepath.Join("/proc", pid, "status"))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(b)) {
		if v, ok := strings.CutPrefix(line, "RssAnon:"); ok {
			kb, _ := strconv.ParseFloat(strings.Fields(v)[0], 64)
			return kb / 1024
		}
	}
	return 0
}

// heap returns the bytes in use after a collection, in MB.
func heap() float64 {
	debug.FreeOSMemory()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc) / (1 << 20)
}

// highest watches the process's own memory while fn runs, in MB.
func highest(fn func()) float64 {
	stop := make(chan struct{})
	var most float64
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			most = max(most, anonymous("self"))
			select {
			case <-stop:
				return
			case <-time.After(20 * time.Millisecond):
			}
		}
	})
	fn()
	close(stop)
	wg.Wait()
	return most
}

// disk returns what the text index takes on disk, in MB.
func (w *world) disk(tb testing.TB) float64 {
	tb.Helper()
	var bytes float64
	db := w.DB.From(tb.Context())
	sql := `SELECT pg_total_relation_size('search_documents') + pg_total_relation_size('search_fts')`
	if w.DB.Dialect() == dbx.SQLite {
		sql = `SELECT (SELECT page_count FROM pragma_page_count) * (SELECT page_size FROM pragma_page_size)`
	}
	if err := db.Raw(sql).Scan(&bytes).Error; err != nil {
		tb.Fatal(err)
	}
	return bytes / (1 << 20)
}

// busy returns the seconds of processor time the machine and this process (with
// what it started and has ended) have used so far; 0 where the system does not say.
func busy() (all, own float64) {
	const tick = 100
	sum := func(file string, from, to, skip int) (n float64) {
		b, err := os.ReadFile(file)
		if err != nil {
			return 0
		}
		line, _, _ := strings.Cut(string(b), "\n")
		if i := strings.LastIndexByte(line, ')'); i >= 0 { // a name may hold blanks
			line = line[i+1:]
		}
		for i, f := range strings.Fields(line) {
			if i >= from && i < to && i != skip && i != skip+1 {
				v, _ := strconv.ParseFloat(f, 64)
				n += v / tick
			}
		}
		return n
	}
	return sum("/proc/stat", 1, 9, 4), sum("/proc/self/stat", 11, 13, -2) // without idle and waiting for disks
}

// machine names what the figures were taken on.
func machine() string {
	cpu := "?"
	if b, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		for line := range strings.Lines(string(b)) {
			if v, ok := strings.CutPrefix(line, "model name"); ok {
				cpu = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(v), ":"))
				break
			}
		}
	}
	return fmt.Sprintf("%s, %d cores, %s", cpu, runtime.NumCPU(), runtime.Version())
}
