package matchrun

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"

	"linggong/internal/errs"
	"linggong/internal/gig"
	"linggong/internal/matching"
)

// Edits are what the operator settles before the rest is matched: she knows what
// no column says. They are kept with the run.
type Edits struct {
	Pins     []Chosen  `json:"pins,omitempty"`     // these two go together
	Forbids  []Chosen  `json:"forbids,omitempty"`  // these two do not
	Reserves []Reserve `json:"reserves,omitempty"` // places kept back

	Together [][]gig.WorkerID `json:"together,omitempty"` // who wants to go to one shift together, if there is one
	Second   bool             `json:"second,omitempty"`   // who is placed may be offered another shift of the day
}

// Reserve keeps places of a shift back, for whoever was promised one.
type Reserve struct {
	Shift  gig.ShiftID `json:"shift_id"`
	Places int64       `json:"places"`
}

// What can be wrong with an edit.
var (
	ErrPin = errs.New(errs.Invalid, "pin_not_possible", "这一对不能定下来", "These two cannot be pinned.").
		Because("R-FIT-11", "本系统约定", "请换一个人或一个班次")
	ErrPinnedTwice = errs.New(errs.Invalid, "pinned_twice", "同一个人一天只能定一个班次", "One person can be pinned to one shift a day.").
			Because("R-FIT-11", "本系统约定", "去掉其中一个")
)

// seatIndex and workerIndex find what an edit names; what is no longer there is
// simply no longer settled.
func (m *morning) find(c Chosen) (worker, seat int, ok bool) {
	worker, seat = -1, -1
	for i, w := range m.workers {
		if w.ID == c.Worker {
			worker = i
		}
	}
	for j, s := range m.seats {
		if s.Shift.ID == c.Shift {
			seat = j
		}
	}
	return worker, seat, worker >= 0 && seat >= 0
}

// settle takes what the operator decided, and what was answered with no before,
// out of what the machine may propose.
func (m *morning) settle(e Edits, answered []Chosen) error {
	m.open = make([]int64, len(m.seats))
	for j, s := range m.seats {
		m.open[j] = s.Shift.Open()
	}
	for _, r := range e.Reserves {
		for j, s := range m.seats {
			if s.Shift.ID == r.Shift {
				kept := min(max(r.Places, 0), m.open[j])
				m.open[j] -= kept
				m.reserved += kept
			}
		}
	}
	m.out, m.pinned = map[[2]int]matching.Blocker{}, map[int]int{}
	for _, c := range answered {
		if w, s, ok := m.find(c); ok {
			m.out[[2]int{w, s}] = matching.Blocker{
				Code: "answered_no", Message: "本人或用工方对这个班次已回绝过", English: "One of the two said no to this shift before",
				Rule: "R-FIT-12", Source: "双方的答复", Remedy: "问过双方后，可在岗位页单独邀请",
			}
		}
	}
	for _, c := range e.Forbids {
		if w, s, ok := m.find(c); ok {
			m.out[[2]int{w, s}] = matching.Blocker{
				Code: "set_aside", Message: "值班员已排除这一对", English: "The operator set this pair aside", Rule: "R-FIT-11", Source: "值班员", Remedy: "取消排除",
			}
		}
	}
	for _, c := range e.Pins {
		if err := m.pin(c); err != nil {
			return err
		}
	}
	for _, crew := range e.Together {
		m.keepTogether(crew)
	}
	return nil
}

// keepTogether pins a couple or a crew to the one shift that suits them all and
// best. Where there is none they are matched as everybody else, and it is said.
func (m *morning) keepTogether(crew []gig.WorkerID) {
	var all []int
	for _, id := range crew {
		for i, w := range m.workers {
			if _, settled := m.pinned[i]; w.ID == id && !settled {
				all = append(all, i)
			}
		}
	}
	best, most := -1, int64(-1)
	for j := range m.seats {
		var sum int64
		fits := len(all) == len(crew) && m.open[j] >= int64(len(all))
		for _, i := range all {
			f := m.fit(i, j)
			fits = fits && f.Eligible()
			sum += f.Total
		}
		if fits && sum > most {
			best, most = j, sum
		}
	}
	if best < 0 || len(all) == 0 {
		m.apart = append(m.apart, crew)
		return
	}
	for _, i := range all {
		m.pinned[i] = best
		m.open[best]--
	}
}

// pin holds two together, if no rule is against it: what only goes against her
// own wishes the operator has asked her about.
func (m *morning) pin(c Chosen) error {
	w, s, ok := m.find(c)
	if !ok {
		return ErrPin.On("pins", "gone", "这个人或这个班次已不在当天的名单里")
	}
	if _, twice := m.pinned[w]; twice {
		return ErrPinnedTwice
	}
	for _, b := range m.fit(w, s).Blockers {
		if !b.Wish() {
			return ErrPin.Saying(b.Message, b.English).Because(b.Rule, b.Source, b.Remedy)
		}
	}
	if m.open[s] == 0 {
		return ErrPin.Saying("这个班次没有空名额了", "No place is left in this shift.").Because("R-FIT-08", "名额", "减少保留的名额，或请用工方增加名额")
	}
	m.open[s]--
	m.pinned[w] = s
	return nil
}

// kept is what a run keeps of the edits, with the pairs they settled.
type kept struct {
	Edits
	Settled []Chosen `json:"settled,omitempty"`
}

func (m *morning) keep(e Edits) (string, error) {
	k := kept{Edits: e}
	for i, j := range m.pinned {
		k.Settled = append(k.Settled, Chosen{m.workers[i].ID, m.seats[j].Shift.ID})
	}
	slices.SortFunc(k.Settled, func(a, b Chosen) int { return cmp.Compare(a.Worker, b.Worker) })
	b, err := json.Marshal(k)
	if err != nil {
		return "", fmt.Errorf("write the edits: %w", err)
	}
	return string(b), nil
}

func (r Run) settled() ([]Chosen, error) {
	if r.Edits == "" {
		return nil, nil
	}
	var k kept
	if err := json.Unmarshal([]byte(r.Edits), &k); err != nil {
		return nil, fmt.Errorf("read the edits of run %s: %w", r.ID, err)
	}
	return k.Settled, nil
}
