package torture_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

const village = "330481002002"

// shift is a shift that may be booked.
type shift struct {
	id, posting string
	starts      time.Time
	soon        bool // its work can be done while the test runs
}

// market is a load of mixed acts.
type market struct {
	*people
	employer string
	cases    []string
	phones   atomic.Int64

	mu     sync.Mutex
	board  []shift
	atWork []atWork
}

type atWork struct {
	engagement string
	starts     time.Time
}

func newMarket(t *testing.T, w *world) *market {
	t.Helper()
	m := &market{people: newPeople(t, w)}
	m.phones.Store(rand.Int64N(40_000_000))
	firms, _ := m.ask("bureau", "/employers?status=verified&limit=1")["items"].([]any)
	if len(firms) == 0 {
		t.Fatal("no employer in the city")
	}
	m.employer, _ = firms[0].(object)["id"].(string)
	cases, _ := m.ask("xc-caseworker", "/cases?limit=20")["items"].([]any)
	for _, c := range cases {
		id, _ := c.(object)["id"].(string)
		m.cases = append(m.cases, id)
	}
	return m
}

// run loads the world until stop is closed, then finishes what it began.
func (m *market) run(clients int, stop <-chan struct{}) {
	var all sync.WaitGroup
	until := func(pause time.Duration, one func()) {
		all.Go(func() {
			for {
				select {
				case <-stop:
					return
				case <-time.After(pause):
					one()
				}
			}
		})
	}
	until(300*time.Millisecond, m.keepBoard)
	for range 2 {
		until(30*time.Millisecond, m.finishWork)
		until(60*time.Millisecond, m.help)
	}
	for range clients {
		until(time.Millisecond, m.seeker)
	}
	all.Wait()
}

// publish puts a posting with two overlapping shifts on the board.
func (m *market) publish(urgent bool, places int, starts time.Time) []shift {
	at := func(t time.Time) string { return t.UTC().Format(time.RFC3339) }
	draft := m.do("hz-operator", act{key: m.key("draft"), kind: "draft", path: "/postings", body: object{
		"employer_id": m.employer, "title": "装卸工", "trade": "loader", "description": "仓库卸货，纸箱每件20公斤", "village": village, "address": "许巷路1号",
		"urgent": urgent, "insurance": "accident", "pay": object{"amount_fen": 3000, "unit": "hour", "settlement": "daily", "settlement_days": 1},
		"shifts": []object{
			{"starts_at": at(starts), "ends_at": at(starts.Add(time.Hour)), "headcount": places},
			{"starts_at": at(starts.Add(30 * time.Minute)), "ends_at": at(starts.Add(90 * time.Minute)), "headcount": places},
		},
	}})
	if !draft.accepted() {
		return nil
	}
	if !m.do("hz-operator", act{key: m.key("publish"), kind: "publish", path: "/postings/" + draft.id + "/publish", subject: draft.id, body: object{}}).accepted() {
		return nil
	}
	var out []shift
	list, _ := draft.answer["shifts"].([]any)
	for i, s := range list {
		id, _ := s.(object)["id"].(string)
		out = append(out, shift{id: id, posting: draft.id, starts: starts.Add(time.Duration(i) * 30 * time.Minute), soon: i == 0 && time.Until(starts) < time.Minute})
	}
	return out
}

// spot is one shift, for sure.
func (m *market) spot(places int, starts time.Time) shift {
	m.t.Helper()
	for range 50 {
		if list := m.publish(true, places, starts); len(list) > 0 {
			return list[0]
		}
		time.Sleep(100 * time.Millisecond) // a program that was made wrong may not know its own draft yet
	}
	m.t.Fatal("nothing can be published")
	return shift{}
}

// keepBoard sees to it that there is something to book, of every kind.
func (m *market) keepBoard() {
	m.mu.Lock()
	var open []shift
	var past shift
	for _, s := range m.board {
		if time.Until(s.starts) > 2*time.Second {
			open = append(open, s)
		} else {
			past = s
		}
	}
	m.board = open
	m.mu.Unlock()
	if past.id != "" && rand.IntN(3) == 0 {
		m.do("hz-operator", act{key: m.key("pause"), kind: "pause", path: "/postings/" + past.posting + "/pause", subject: past.posting, body: object{"reason": "今天招满了"}})
	}
	var fresh []shift
	switch {
	case !slices.ContainsFunc(open, func(s shift) bool { return s.soon }): // work at once
		fresh = m.publish(true, 20, time.Now().Add(9*time.Second))
	case len(open) >= 10:
		return
	case rand.IntN(2) == 0: // few places, everybody wants them
		fresh = m.publish(true, 2, time.Now().Add(time.Duration(40+rand.IntN(80))*time.Minute))
	default: // the employer chooses
		fresh = m.publish(false, 3, time.Now().Add(time.Duration(40+rand.IntN(80))*time.Minute))
	}
	m.mu.Lock()
	m.board = append(m.board, fresh...)
	m.mu.Unlock()
}

func (m *market) pick(n int) []shift {
	m.mu.Lock()
	defer m.mu.Unlock()
	out := append([]shift(nil), m.board...)
	rand.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	if rand.IntN(2) == 0 { // half of all people want work now
		slices.SortStableFunc(out, func(a, b shift) int {
			switch {
			case a.soon == b.soon:
				return 0
			case a.soon:
				return -1
			}
			return 1
		})
	}
	return out[:min(n, len(out))]
}

func (m *market) forget(s shift) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for i, o := range m.board {
		if o.id == s.id {
			m.board = append(m.board[:i:i], m.board[i+1:]...)
			return
		}
	}
}

// sometimes does an act once, or twice at the same moment.
func (m *market) sometimes(user string, a act) act {
	if rand.IntN(6) == 0 {
		return m.twice(user, a)
	}
	return m.do(user, a)
}

func (m *market) register() act {
	n := m.phones.Add(1)
	return m.sometimes("hz-operator", act{key: m.key("register"), kind: "register", path: "/workers", body: object{
		"name": "丁小满", "phone": fmt.Sprintf("13%d%08d", 3+n%6, n), "birth": "1972-04-06", "consent": "spoken", "village": village,
		"radius_m": 20000, "available": object{"days": []int{}, "from": "00:00", "to": "00:00"},
	}})
}

func (m *market) apply(worker string, s shift) act {
	return act{key: m.key("apply"), kind: "apply", path: "/shifts/" + s.id + "/apply", worker: worker, shift: s.id, body: object{"worker_id": worker}}
}

func (m *market) on(engagement, kind string, body object) act {
	return m.do("hz-operator", act{key: m.key(kind), kind: kind, path: "/engagements/" + engagement + "/" + kind, subject: engagement, body: body})
}

// seeker registers and applies for what there is, also for what overlaps and
// what is full.
func (m *market) seeker() {
	her := m.register()
	if !her.accepted() {
		return
	}
	for _, s := range m.pick(3) {
		booked := m.sometimes("hz-operator", m.apply(her.id, s))
		switch {
		case booked.code == "shift_full" && rand.IntN(3) == 0:
			m.forget(s)
			continue
		case !booked.accepted():
			continue
		}
		status, _ := booked.answer["status"].(string)
		if status == "applied" && rand.IntN(4) > 0 {
			if got := m.on(booked.id, "accept", object{}); got.accepted() {
				status = "confirmed"
			}
		}
		switch {
		case status == "confirmed" && s.soon:
			if m.on(booked.id, "check-in", object{}).accepted() {
				m.mu.Lock()
				m.atWork = append(m.atWork, atWork{booked.id, s.starts})
				m.mu.Unlock()
			}
		case rand.IntN(3) == 0:
			m.on(booked.id, "withdraw", object{})
		}
	}
}

// finishWork ends one person's work whose shift has begun: hours, then pay.
func (m *market) finishWork() {
	m.mu.Lock()
	var her atWork
	for i, x := range m.atWork {
		if time.Now().After(x.starts.Add(2 * time.Second)) {
			her = x
			m.atWork = append(m.atWork[:i:i], m.atWork[i+1:]...)
			break
		}
	}
	m.mu.Unlock()
	if her.engagement == "" || !m.on(her.engagement, "check-out", object{}).accepted() {
		return
	}
	if m.on(her.engagement, "confirm-hours", object{"minutes": 1}).accepted() && rand.IntN(2) == 0 {
		m.on(her.engagement, "pay", object{"amount_fen": 50, "method": "cash"})
	}
}

// help records a measure of a help case.
func (m *market) help() {
	if len(m.cases) == 0 {
		return
	}
	c := m.cases[rand.IntN(len(m.cases))]
	key := m.key("measure")
	m.sometimes("xc-caseworker", act{key: key, kind: "measure", path: "/cases/" + c + "/measures", subject: c, body: object{
		"kind": "guidance", "detail": "谈了一次 " + key, "evidence": "记录",
	}})
}

// probe books and gives back at one replica, and says when that was answered.
type probe struct {
	m      *market
	worker string
	shift  shift
}

func (m *market) newProbe() probe {
	return probe{m, m.register().id, m.spot(5, time.Now().Add(20*time.Hour))}
}

func (b probe) book(r *replica) (time.Time, error) {
	got := b.m.at(r, "hz-operator", b.m.apply(b.worker, b.shift))
	if !got.accepted() {
		return got.to, fmt.Errorf("a booking at replica %s: %d %s", r.name, got.status, got.code)
	}
	back := b.m.at(r, "hz-operator", act{key: b.m.key("withdraw"), kind: "withdraw", path: "/engagements/" + got.id + "/withdraw", subject: got.id, body: object{}})
	if !back.accepted() {
		return got.to, fmt.Errorf("giving back at replica %s: %d %s", r.name, back.status, back.code)
	}
	return got.to, nil
}
