package torture_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"syscall"
	"time"
)

// fault is one way to break the world. break returns what mends it.
type fault struct {
	name   string
	weight int
	kills  bool             // something dies by SIGKILL
	goesOn bool             // people are served meanwhile, at every replica
	hold   [2]time.Duration // how long it lasts, from and to
	strike func(hit []*replica) (mend func() error, err error)
}

const signalDeadline = 20 * time.Second // drain is 15 s; the unit gives more

// faults are those that this world can suffer.
func (w *world) faults() []fault {
	out := []fault{
		{name: "kill -9: program", weight: 10, kills: true, hold: [2]time.Duration{0, 500 * time.Millisecond}, strike: func(hit []*replica) (func() error, error) {
			for _, r := range hit {
				r.kill()
			}
			return startAll(hit), nil
		}},
		{name: "SIGTERM: program", weight: 3, strike: func(hit []*replica) (func() error, error) {
			var ends sync.WaitGroup
			failed := make([]error, len(hit))
			for i, r := range hit {
				ends.Go(func() { failed[i] = r.end(signalDeadline) })
			}
			ends.Wait()
			return startAll(hit), errors.Join(failed...)
		}},
	}
	if w.servers["postgres"] != nil {
		out = append(out, w.crash("postgres", 6, false, time.Second), fault{
			name: "stop: postgres", weight: 2, hold: [2]time.Duration{time.Second, 4 * time.Second},
			strike: func([]*replica) (func() error, error) { return w.startAgain("postgres"), w.servers["postgres"].Stop() },
		})
		out = append(out, w.crash("redis", 4, true, 3*time.Second))
	}
	if w.servers["meilisearch"] != nil {
		out = append(out, w.crash("meilisearch", 3, true, 2*time.Second))
		if full := w.fullDisk(); full.name != "" {
			out = append(out, full)
		}
	}
	for _, name := range []string{"postgres", "redis", "meilisearch"} {
		if w.servers[name] != nil {
			for kind, of := range map[string]weather{"cut": cut, "half open": stalled, "300 ms late": slow} {
				out = append(out, w.badWeather(name, kind, of))
			}
		}
	}
	slices.SortFunc(out, func(a, b fault) int { // one order, so that a seed tells all
		if a.name < b.name {
			return -1
		}
		return 1
	})
	return out
}

func startAll(hit []*replica) func() error {
	return func() error {
		for _, r := range hit {
			if err := r.start(); err != nil {
				return err
			}
		}
		return nil
	}
}

func (w *world) startAgain(name string) func() error {
	return func() error { return w.servers[name].Start(w.t.Context()) }
}

func (w *world) crash(name string, weight int, goesOn bool, longest time.Duration) fault {
	return fault{
		name: "kill -9: " + name, weight: weight, kills: true, goesOn: goesOn, hold: [2]time.Duration{0, longest},
		strike: func([]*replica) (func() error, error) { return w.startAgain(name), w.servers[name].Kill() },
	}
}

func (w *world) badWeather(name, kind string, of weather) fault {
	return fault{
		name: "network " + kind + ": " + name, weight: 1, goesOn: name != "postgres",
		hold: [2]time.Duration{500 * time.Millisecond, 4 * time.Second},
		strike: func(hit []*replica) (func() error, error) {
			for _, r := range hit {
				r.ways[name].set(of)
			}
			return func() error {
				for _, r := range hit {
					r.ways[name].set(fair)
				}
				return nil
			}, nil
		},
	}
}

// fullDisk fills the small file system of the search engine to its last byte.
func (w *world) fullDisk() fault {
	data := filepath.Join(w.servers["meilisearch"].Dir(), "data")
	var fs syscall.Statfs_t
	if err := syscall.Statfs(data, &fs); err != nil || int64(fs.Blocks)*int64(fs.Bsize) > 2*searchRoom { //nolint:unconvert // 32 bits elsewhere
		return fault{}
	}
	return fault{
		name: "disk full: meilisearch", weight: 2, goesOn: true, hold: [2]time.Duration{time.Second, 3 * time.Second},
		strike: func([]*replica) (func() error, error) {
			path := filepath.Join(data, "filler")
			f, err := os.Create(path)
			if err != nil {
				return nil, err
			}
			defer f.Close()
			for block := make([]byte, 1<<20); len(block) > 0; {
				if _, err := f.Write(block); errors.Is(err, syscall.ENOSPC) {
					block = block[:len(block)/2]
				} else if err != nil {
					return nil, err
				}
			}
			return func() error { return os.Remove(path) }, nil
		},
	}
}

// wound is what one fault did.
type wound struct {
	fault     string
	kills     bool
	held      time.Duration
	recovered time.Duration // from its mending to a booking acknowledged at every replica
}

// torture hurts the world again and again under load.
type torture struct {
	w      *world
	m      *market
	faults []fault
	seed   uint64
	rng    *rand.Rand
	probes map[*replica]probe
	done   []wound
	linear int // acts in the histories of single shifts
	broken []string
}

func newTorture(w *world, m *market, p plan) *torture {
	x := &torture{w: w, m: m, seed: p.seed, faults: w.faults(), rng: rand.New(rand.NewPCG(p.seed, 0)), probes: map[*replica]probe{}}
	if p.only != "" {
		x.faults = slices.DeleteFunc(x.faults, func(f fault) bool { return f.name != p.only })
	}
	for _, r := range w.replicas {
		x.probes[r] = m.newProbe()
	}
	return x
}

func (x *torture) choose() fault {
	all := 0
	for _, f := range x.faults {
		all += f.weight
	}
	n := x.rng.IntN(all)
	for _, f := range x.faults {
		if n -= f.weight; n < 0 {
			return f
		}
	}
	panic("unreachable: the weights add up")
}

// round is one fault and the recovery from it.
func (x *torture) round(f fault) {
	hit := []*replica{x.w.replicas[x.rng.IntN(len(x.w.replicas))]}
	if both := x.rng.IntN(3) == 0; both && len(x.w.replicas) > 1 {
		hit = x.w.replicas
	}
	hold := f.hold[0]
	if more := f.hold[1] - f.hold[0]; more > 0 {
		hold += time.Duration(x.rng.Int64N(int64(more)))
	}
	began := time.Now()
	mend, err := f.strike(hit)
	if err != nil {
		x.say("%s: %v", f.name, err)
	}
	if mend == nil {
		return
	}
	if f.goesOn {
		x.everywhere(f, true)
	}
	time.Sleep(time.Until(began.Add(hold)))
	mended := time.Now()
	if err := mend(); err != nil {
		x.say("%s: mend: %v", f.name, err)
		return
	}
	if f.name == "kill -9: postgres" || f.name == "stop: postgres" { // its own start is not our recovery
		mended = time.Now()
	}
	last := x.everywhere(f, false)
	x.done = append(x.done, wound{f.name, f.kills, mended.Sub(began), last.Sub(mended)})
}

// everywhere books at every replica and returns when the last was answered.
func (x *torture) everywhere(f fault, during bool) time.Time {
	var all sync.WaitGroup
	var mu sync.Mutex
	var last time.Time
	for r, b := range x.probes {
		all.Go(func() {
			began := time.Now()
			at, err := b.book(r)
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				x.say("%s: %v", f.name, err)
			}
			if during {
				if took := at.Sub(began); took > 10*time.Second {
					x.say("%s: a booking at %s took %s meanwhile", f.name, r.name, took.Round(time.Millisecond))
				}
				if _, err := x.m.signIn(r, "bureau"); err != nil {
					x.say("%s: meanwhile nobody can sign in: %v", f.name, err)
				}
			}
			if at.After(last) {
				last = at
			}
		})
	}
	all.Wait()
	return last
}

func (x *torture) say(format string, args ...any) {
	x.broken = append(x.broken, fmt.Sprintf(format, args...))
}
