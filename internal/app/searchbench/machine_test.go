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
	"syscall"
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
	sql := `SELECT pg_total_relation_size('search_documents') + pg_total_relation_size('search_fts') + pg_total_relation_size('search_fts_log')`
	if w.DB.Dialect() == dbx.SQLite {
		sql = `SELECT (SELECT page_count FROM pragma_page_count) * (SELECT page_size FROM pragma_page_size)`
	}
	if err := db.Raw(sql).Scan(&bytes).Error; err != nil {
		tb.Fatal(err)
	}
	return bytes / (1 << 20)
}

// used is the processor time this process has used, in seconds. What others do
// on the machine moves clocks, but hardly this.
func used() float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano()).Seconds()
}

// busy is the processor time of the whole machine, in seconds; 0 where the
// system does not say.
func busy() float64 {
	b, err := os.ReadFile("/proc/stat")
	if err != nil {
		return 0
	}
	line, _, _ := strings.Cut(string(b), "\n")
	var ticks float64
	for i, f := range strings.Fields(line) {
		if i > 0 && i < 9 && i != 4 && i != 5 { // not when idle, nor when waiting for a disk
			n, _ := strconv.ParseFloat(f, 64)
			ticks += n
		}
	}
	return ticks / 100
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
