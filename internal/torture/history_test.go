package torture_test

import (
	"fmt"
	"math"
	"math/bits"
	"math/rand/v2"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"
)

// What one shift is asked, and what it may answer. Workers are numbered: the
// state of a shift is the set of those who hold a place, as bits.
type (
	question struct {
		op     string // book, cancel, read
		worker int
		places int
	}
	reply struct {
		known bool   // false: nobody answered, it may have happened, or happen later
		code  string // "", shift_full, already_applied
		taken int    // read
	}
)

// oneShift is a shift as it should be: places taken and given back one at a
// time, each act at some moment between asking and answer.
var oneShift = (&porcupine.NondeterministicModel{
	Init: func() []any { return []any{uint64(0)} },
	Step: func(state, input, output any) []any {
		held, q, r := state.(uint64), input.(question), output.(reply)
		her := uint64(1) << q.worker
		full := bits.OnesCount64(held) >= q.places
		switch {
		case q.op == "read":
			return when(bits.OnesCount64(held) == r.taken, held)
		case q.op == "book" && !r.known && held&her == 0 && !full:
			return []any{held, held | her}
		case q.op == "cancel" && !r.known:
			return []any{held, held &^ her}
		case !r.known:
			return []any{held}
		case q.op == "book" && r.code == "":
			return when(held&her == 0 && !full, held|her)
		case q.op == "book" && r.code == "shift_full":
			return when(full, held)
		case q.op == "book" && r.code == "already_applied":
			return when(held&her != 0, held)
		case q.op == "cancel" && r.code == "":
			return when(held&her != 0, held&^her)
		}
		return []any{held} // refused for another reason: nothing happened
	},
	Equal: func(a, b any) bool { return a == b },
	DescribeOperation: func(input, output any) string {
		return fmt.Sprintf("%+v → %+v", input, output)
	},
}).ToModel()

func when(may bool, next uint64) []any {
	if may {
		return []any{next}
	}
	return nil
}

// history records what was asked of one shift, by whom, and what was said.
type history struct {
	mu    sync.Mutex
	began time.Time
	ops   []porcupine.Operation
}

func (h *history) add(client int, q question, from time.Time, r reply) {
	to := time.Since(h.began).Nanoseconds()
	if !r.known {
		to = math.MaxInt64 // it may take effect at any later time
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.ops = append(h.ops, porcupine.Operation{ClientId: client, Input: q, Call: from.Sub(h.began).Nanoseconds(), Output: r, Return: to})
}

// codes counts the kinds of answers.
func (h *history) codes() map[string]int {
	out := map[string]int{}
	for _, o := range h.ops {
		q, r := o.Input.(question), o.Output.(reply)
		out[fmt.Sprintf("%s known=%v %s", q.op, r.known, r.code)]++
	}
	return out
}

// bookers book, give back and read one shift through both replicas, and do not
// always ask again when nobody answers.
type bookers struct {
	m      *market
	shift  shift
	places int
	h      *history
}

// one is a worker who books and gives back until stop.
func (b *bookers) one(worker int, id string, stop <-chan struct{}) {
	for {
		select {
		case <-stop:
			return
		default:
		}
		booked, sure := b.ask(question{"book", worker, b.places}, b.m.apply(id, b.shift))
		if !sure {
			return // whatever she does next, it is not known what she holds
		}
		if !booked.accepted() {
			continue
		}
		back := act{key: b.m.key("withdraw"), kind: "withdraw", path: "/engagements/" + booked.id + "/withdraw", subject: booked.id, body: object{}}
		if _, sure := b.ask(question{"cancel", worker, b.places}, back); !sure {
			return
		}
	}
}

// ask asks up to three times with one key.
func (b *bookers) ask(q question, a act) (act, bool) {
	from := time.Now()
	for range 3 {
		got, _ := b.m.send(b.m.anywhere(), b.m.cookie("hz-operator"), http.MethodPost, a.path, a.key, a.body)
		if got.final() {
			a.took(got)
			b.h.add(q.worker, q, from, reply{known: true, code: a.code0()})
			b.m.keep(a)
			return a, true
		}
		time.Sleep(time.Duration(rand.IntN(100)) * time.Millisecond)
	}
	b.h.add(q.worker, q, from, reply{})
	return b.m.do("hz-operator", a), false // for the checker, which wants to know
}

func (a act) code0() string {
	if a.accepted() {
		return ""
	}
	return a.code
}

// reader reads how many places are taken.
func (b *bookers) reader(client int, stop <-chan struct{}) {
	for {
		select {
		case <-stop:
			return
		case <-time.After(time.Duration(rand.IntN(60)) * time.Millisecond):
		}
		from := time.Now()
		got, _ := b.m.send(b.m.anywhere(), "", http.MethodGet, "/postings/"+b.shift.posting, "", nil)
		shifts, _ := got.body["shifts"].([]any)
		for _, s := range shifts {
			if o, _ := s.(object); o["id"] == b.shift.id {
				n, _ := o["filled"].(float64)
				b.h.add(client, question{op: "read"}, from, reply{known: true, taken: int(n)})
			}
		}
	}
}

// linear runs bookers on some shifts while hurt goes on, and returns what no
// order of single acts explains: through whichever replica people book, give
// back and look, it is as if there were one desk and one pencil.
func (m *market) linear(shifts, workers int, hurt func()) (ops int, found []finding) {
	var all []*bookers
	stop := make(chan struct{})
	var busy sync.WaitGroup
	for range shifts {
		b := &bookers{m: m, shift: m.spot(3, time.Now().Add(5*time.Hour)), places: 3, h: &history{began: time.Now()}}
		all = append(all, b)
		for i := range workers {
			her := m.register().id
			busy.Go(func() { b.one(i, her, stop) })
		}
		busy.Go(func() { b.reader(workers, stop) })
	}
	hurt()
	close(stop)
	busy.Wait()
	for _, b := range all {
		ops += len(b.h.ops)
		switch res := porcupine.CheckOperationsTimeout(oneShift, b.h.ops, time.Minute); res {
		case porcupine.Ok:
		case porcupine.Unknown:
			found = append(found, finding{"broken", fmt.Sprintf("the history of shift %s, %d acts, could not be judged in a minute", b.shift.id, len(b.h.ops))})
		default:
			found = append(found, finding{"broken", fmt.Sprintf("no order of single acts explains the %d of shift %s: %v", len(b.h.ops), b.shift.id, b.h.codes())})
		}
	}
	return ops, found
}

// The judge would notice: a history with one place too many has no order.
func TestAHistoryThatIsNotLinearIsFound(t *testing.T) {
	t.Parallel()
	booked := func(worker, at int) porcupine.Operation {
		return porcupine.Operation{ClientId: worker, Input: question{"book", worker, 1}, Call: int64(at), Output: reply{known: true}, Return: int64(at + 5)}
	}
	read := porcupine.Operation{ClientId: 9, Input: question{op: "read"}, Call: 20, Output: reply{known: true}, Return: 21}
	lost := booked(1, 0)
	lost.Output, lost.Return = reply{}, math.MaxInt64
	for name, c := range map[string]struct {
		ops    []porcupine.Operation
		linear bool
	}{
		"one place, one booking":                   {[]porcupine.Operation{booked(1, 0)}, true},
		"one place, two bookings":                  {[]porcupine.Operation{booked(1, 0), booked(2, 2)}, false},
		"a booking that a later look does not see": {[]porcupine.Operation{booked(1, 0), read}, false},
		"an unanswered one may have happened":      {[]porcupine.Operation{lost, booked(2, 2)}, true},
		"and then nothing is left":                 {[]porcupine.Operation{lost, read}, true},
	} {
		if got := porcupine.CheckOperations(oneShift, c.ops); got != c.linear {
			t.Errorf("%s: linear %v", name, got)
		}
	}
}
