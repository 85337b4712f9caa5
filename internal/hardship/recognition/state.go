package recognition

import (
	"slices"

	"linggong/internal/access"
	"linggong/internal/day"
	"linggong/internal/hardship/refusal"
)

// This file is the state machine of domain.md §9.5, whole: which moves there are
// from where to where, who may make them, what must hold, and by when the next
// must follow. Nothing else changes a recognition's state.

// standing says of each state who must act next and how many working days they
// have; limits are [UNC] parameters (domain.md §2.3).
type standing struct {
	owner access.Role
	clock string // parameter of working days; "" where the date comes from elsewhere
	final bool
}

var standings = map[State]standing{
	Draft:          {owner: access.Caseworker, clock: "hard.draft_days"},
	Returned:       {owner: access.Caseworker, clock: "hard.supplement_days"},
	Submitted:      {owner: access.Caseworker, clock: "hard.check_days"},
	DataChecked:    {owner: access.TownOfficer, clock: "hard.review_days"},
	TownReview:     {owner: access.TownOfficer, clock: "hard.publish_days"},
	Publicity:      {owner: access.TownOfficer}, // due when the notice ends
	Objection:      {owner: access.TownOfficer, clock: "hard.objection_days"},
	CountyDecision: {owner: access.Bureau, clock: "hard.decision_days"},
	Recognised:     {owner: access.Caseworker}, // due before valid_to, for the renewal
	Suspended:      {owner: access.Caseworker, clock: "hard.suspend_review_days"},
	Refused:        {final: true},
	Exited:         {final: true},
	Revoked:        {final: true},
}

// todos is what a recognition in a state waits for.
var todos = map[State]string{
	Draft: "提交认定申请", Returned: "补正认定材料", Submitted: "核对认定数据", DataChecked: "镇（街道）初审", TownReview: "发布公示",
	Publicity: "公示期满转市级审核", Objection: "处理公示异议", CountyDecision: "作出认定决定", Recognised: "核查条件并提出续期意见", Suspended: "核查暂停情形",
}

// ToDo is what a recognition in the state waits for, in zh-CN.
func (s State) ToDo() string { return todos[s] }

// answer is which answer of a move a row is for.
type answer uint8

const (
	either answer = iota
	yes
	no
)

// transition is one row of the table. Guards run in order; the first refusal counts.
type transition struct {
	from   State
	move   Move
	answer answer
	to     State
	by     access.Action
	guards []guard
}

// guard refuses a move, or not.
type guard func(r *Record, by access.Actor, in Input, w Window) error

// Window is the day and the book the move is judged by.
type Window struct {
	Today    day.Date
	Book     Calendar
	Findings []Finding
}

// Input is what comes with a move.
type Input struct {
	OK          *bool
	Opinion     string
	Reason      string // free words, or a code where the move asks for one
	Evidence    string
	ValidMonths int      // decide and renew; the parameter when 0
	Category    Category // end-category: which
}

func (in Input) answer() answer {
	switch {
	case in.OK == nil:
		return either
	case *in.OK:
		return yes
	}
	return no
}

var transitions = func() []transition {
	open, town, city := access.RecognitionOpen, access.RecognitionTown, access.RecognitionCity
	t := []transition{
		{Draft, Submit, either, Submitted, open, g(complete)},
		{Returned, Submit, either, Submitted, open, g(complete)},

		{Submitted, Check, yes, DataChecked, open, g(oneStands)},
		{Submitted, Check, no, Returned, open, g(reasoned)},
		{DataChecked, Review, yes, TownReview, town, g(byHuman, notSubmitter, opined)},
		{DataChecked, Review, no, Returned, town, g(byHuman, notSubmitter, reasoned)},
		{TownReview, Publish, either, Publicity, town, g(byHuman, notSubmitter)},

		{Publicity, Object, either, Objection, open, g(reasoned, noticeRuns)},
		{Objection, ResolveObjection, yes, Publicity, town, g(byHuman, notSubmitter, opined)}, // unfounded: the clock goes on
		{Objection, ResolveObjection, no, Submitted, town, g(byHuman, notSubmitter, opined)},  // founded: check again
		{Publicity, ClosePublicity, either, CountyDecision, town, g(noticeOver)},

		{CountyDecision, Decide, yes, Recognised, city, g(byHuman, notSubmitter, notReviewer, notFirstDecider, noticeOver, oneStands, opined)},
		{CountyDecision, Decide, no, Refused, city, g(byHuman, notSubmitter, notReviewer, notFirstDecider, noticeOver, reasoned)},
		{Refused, Appeal, either, CountyDecision, open, g(reasoned, appealOnce)},

		{Recognised, ProposeRenewal, either, Recognised, open, g(byHuman, opined)},
		{Recognised, Renew, either, Recognised, city, g(byHuman, notSubmitter, notProposer, oneStands, opined)},
		{Recognised, Suspend, either, Suspended, open, g(coded(SuspendReasons))},
		{Suspended, Resume, either, Recognised, open, g(reasoned)},
	}
	for _, s := range []State{Submitted, DataChecked, TownReview} {
		t = append(t, transition{s, Return, either, Returned, open, g(reasoned)})
	}
	t = append(t, transition{CountyDecision, Return, either, Returned, city, g(reasoned)})
	for _, s := range []State{Draft, Returned, Submitted, DataChecked, TownReview, Publicity, Objection, CountyDecision} {
		t = append(t, transition{s, Withdraw, either, Exited, open, g(reasoned)})
	}
	for _, s := range []State{Recognised, Suspended} {
		t = append(t,
			transition{s, EndCategory, either, s, city, g(byHuman, coded(ExitReasons), proven, notTheLast)},
			transition{s, Exit, either, Exited, city, g(byHuman, coded(ExitReasons), proven, notFrozen)},
			transition{s, Revoke, either, Revoked, city, g(byHuman, reasoned, proven)})
	}
	return t
}()

func g(all ...guard) []guard { return all }

// rowFor finds the row for a move from a state with an answer.
func rowFor(from State, m Move, a answer) (transition, bool) {
	for _, t := range transitions {
		if t.from == from && t.move == m && (t.answer == either || t.answer == a) {
			return t, true
		}
	}
	return transition{}, false
}

// Next lists the moves the actor could make now, for menus. The move itself is
// judged again when made.
func (r Record) Next(by access.Actor, today day.Date) []Move {
	var out []Move
	for _, t := range transitions {
		if t.from != r.State || slices.Contains(out, t.move) || access.Can(by, t.by, access.Target{Region: r.Region}) != nil {
			continue
		}
		switch t.move {
		case Review, Publish, ResolveObjection, Decide, Renew:
			w := Window{Today: today}
			if notSubmitter(&r, by, Input{}, w) != nil ||
				t.move == Decide && (notReviewer(&r, by, Input{}, w) != nil || notFirstDecider(&r, by, Input{}, w) != nil) {
				continue
			}
		case ClosePublicity:
			if today <= r.Notice.To {
				continue
			}
		case Appeal:
			if r.Appeals > 0 {
				continue
			}
		default:
		}
		out = append(out, t.move)
	}
	return out
}

// Judge weighs a move and returns where it leads. It changes nothing.
func (r *Record) Judge(by access.Actor, m Move, in Input, w Window) (State, error) {
	row, ok := rowFor(r.State, m, in.answer())
	if !ok {
		if m == Decide && (r.State == Publicity || r.State == Objection) {
			return "", ErrPublicityRuns
		}
		return "", ErrMove
	}
	if err := access.Can(by, row.by, access.Target{Region: r.Region}); err != nil {
		return "", err
	}
	for _, check := range row.guards {
		if err := check(r, by, in, w); err != nil {
			return "", err
		}
	}
	return row.to, nil
}

func byHuman(_ *Record, by access.Actor, _ Input, _ Window) error { return refusal.Machine(by) }

func complete(r *Record, _ access.Actor, _ Input, _ Window) error {
	if len(r.Holdings) == 0 {
		return ErrNoCategory
	}
	if r.Facts.RegisteredOn == "" {
		return ErrConditions.On("registered_unemployed_on", "required", "认定以失业登记为前提，请填写登记日期")
	}
	return nil
}

// oneStands demands that one category applied for could be met: a condition
// known to be unmet blocks its own category, not the others a person holds
// (R-HARD-03); one nobody knows is the decider's to judge.
func oneStands(r *Record, _ access.Actor, _ Input, w Window) error {
	failed := w.failed()
	for _, c := range r.Held() {
		if _, out := failed[c]; !out {
			return nil
		}
	}
	for _, f := range w.Findings {
		if f.unmet() {
			e := ErrConditions.On(string(f.Category), "not_met", f.Condition+"："+f.Evidence)
			e.Rule, e.Source = f.Rule, f.Source
			return e
		}
	}
	return nil
}

func reasoned(_ *Record, _ access.Actor, in Input, _ Window) error {
	if in.Reason == "" {
		return refusal.ErrNeedsReason
	}
	return nil
}

func opined(_ *Record, _ access.Actor, in Input, _ Window) error {
	if in.Opinion == "" {
		return refusal.ErrNeedsReason.On("opinion", "required", "请写明意见")
	}
	return nil
}

func proven(_ *Record, _ access.Actor, in Input, _ Window) error {
	if in.Evidence == "" && in.Opinion == "" {
		return refusal.ErrNeedsProof
	}
	return nil
}

func coded(list []string) guard {
	return func(_ *Record, _ access.Actor, in Input, _ Window) error {
		if !slices.Contains(list, in.Reason) {
			return refusal.ErrUnknownCode.On("reason", "unknown", "请选择列表中的原因")
		}
		return nil
	}
}

func notSubmitter(r *Record, by access.Actor, _ Input, _ Window) error {
	if by.Account == r.SubmittedBy {
		return ErrOwnApplication
	}
	return nil
}

// notProposer has a renewal decided by someone else than who proposed it last.
func notProposer(r *Record, by access.Actor, _ Input, _ Window) error {
	for i := len(r.Steps) - 1; i >= 0; i-- {
		if s := r.Steps[i]; s.Move == ProposeRenewal {
			if s.Account == by.Account {
				return ErrOwnApplication
			}
			return nil
		}
	}
	return nil
}

func notReviewer(r *Record, by access.Actor, _ Input, _ Window) error {
	if by.Account == r.ReviewedBy {
		return ErrOwnApplication
	}
	return nil
}

// notFirstDecider has an appeal judged by someone else.
func notFirstDecider(r *Record, by access.Actor, _ Input, _ Window) error {
	if r.Appeals > 0 && by.Account == r.DecidedBy {
		return ErrOwnApplication
	}
	return nil
}

func noticeOver(r *Record, _ access.Actor, _ Input, w Window) error {
	if r.Notice.To == "" || w.Today <= r.Notice.To {
		return ErrPublicityRuns
	}
	return nil
}

func noticeRuns(r *Record, _ access.Actor, _ Input, w Window) error {
	if w.Today > r.Notice.To {
		return ErrMove.Saying("公示已结束，请通过申诉渠道提出", "The notice has ended; please appeal.")
	}
	return nil
}

func appealOnce(r *Record, _ access.Actor, _ Input, _ Window) error {
	if r.Appeals > 0 {
		return ErrMove.Saying("已复核过一次，请依法申请行政复议", "It was reconsidered once; apply for administrative reconsideration.")
	}
	return nil
}

// notFrozen keeps the recognition a running placement rests on (R-HARD-07).
func notFrozen(r *Record, _ access.Actor, in Input, _ Window) error {
	if in.Reason == "stable_employment" && r.State == Suspended && r.RestsWhy == "welfare_placement" {
		return ErrFrozen
	}
	return nil
}

// notTheLast leaves at least one category; the last ends with the recognition.
func notTheLast(r *Record, _ access.Actor, in Input, _ Window) error {
	held := r.Held()
	if !slices.Contains(held, in.Category) {
		return refusal.ErrUnknownCode.On("category", "unknown", "此人未持有该类别")
	}
	if len(held) == 1 {
		return ErrMove.Saying("这是最后一个类别，请办理退出", "It is the last category; end the recognition.")
	}
	return nil
}
