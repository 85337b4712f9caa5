package torture_test

import (
	"os"
	"strconv"
	"testing"
	"time"
)

// rounds is how often a world is hurt: a few times in every run of the tests,
// as often as LINGGONG_TEST_TORTURE says in the long one.
func rounds(short int, share int) int {
	if n, err := strconv.Atoi(os.Getenv("LINGGONG_TEST_TORTURE")); err == nil {
		return max(n*share/100, short)
	}
	return short
}

// seed makes the same faults again; LINGGONG_TEST_SEED says which.
func seed() uint64 {
	if n, err := strconv.ParseUint(os.Getenv("LINGGONG_TEST_SEED"), 10, 64); err == nil {
		return n
	}
	return uint64(time.Now().UnixNano() % 1_000_000)
}

// Whatever breaks, nothing that was acknowledged is lost or doubled, and
// nothing that was refused is there.
func TestNothingAcknowledgedIsEverLost(t *testing.T) {
	t.Parallel()
	worlds := []struct {
		name   string
		make   func(t *testing.T, binary string) *world
		rounds int
	}{
		{"embedded", embedded, rounds(3, 25)},
		{"city", func(t *testing.T, binary string) *world { return city(t, binary, true) }, rounds(6, 75)},
	}
	for _, one := range worlds {
		t.Run(one.name, func(t *testing.T) {
			t.Parallel()
			w := one.make(t, built(t))
			x, found, took := w.torment(plan{rounds: one.rounds, seed: seed()})
			t.Log(x.table(one.name, x.seed, took, found))
			for i, f := range found {
				if i == 30 {
					t.Errorf("and %d more", len(found)-i)
					break
				}
				t.Error(f)
			}
			if len(x.m.acts()) < 50 || x.linear < 20 {
				t.Errorf("only %d acts, %d of them on single shifts: the run shows nothing", len(x.m.acts()), x.linear)
			}
		})
	}
}

// plan is how a world is hurt.
type plan struct {
	rounds int
	seed   uint64
	only   string // one kind of fault; all when empty
}

// chapter is how many faults the history of one shift spans: one of a whole
// long run could not be judged.
const chapter = 8

// torment loads a world, hurts it, lets it recover and checks everything.
func (w *world) torment(p plan) (*torture, []finding, time.Duration) {
	w.t.Helper()
	began := time.Now()
	before := w.baseline()
	m := newMarket(w.t, w)
	m.keepBoard()
	x := newTorture(w, m, p)
	w.t.Logf("seed %d, %d rounds", p.seed, p.rounds)
	stop, over := make(chan struct{}), make(chan struct{})
	go func() {
		m.run(4, stop)
		close(over)
	}()
	var found []finding
	for left := p.rounds; left > 0; left -= chapter {
		ops, wrong := m.linear(1, 6, func() { x.rounds(min(left, chapter)) })
		x.linear += ops
		found = append(found, wrong...)
	}
	close(stop)
	<-over
	found = append(found, m.askAgain(400)...)
	w.settle(150 * time.Second) // a replica that was killed held notes for two minutes
	for _, r := range w.replicas {
		if err := r.end(signalDeadline); err != nil {
			found = append(found, finding{"broken", err.Error()})
		}
	}
	for _, b := range append(x.broken, m.broken...) {
		found = append(found, finding{"broken", b})
	}
	return x, sortedFindings(append(found, w.check(before, m.acts())...)), time.Since(began)
}

// rounds hurts the world n times.
func (x *torture) rounds(n int) {
	for i := range n {
		time.Sleep(time.Duration(200+x.rng.IntN(700)) * time.Millisecond) // a moment of chance is the point
		was := len(x.broken)
		x.round(x.choose())
		for _, b := range x.broken[was:] {
			x.w.t.Logf("round %d: %s", i, b)
		}
	}
}
