package recognition_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"linggong/internal/access"
	"linggong/internal/day"
	"linggong/internal/hardship/recognition"
)

// weekdays is a calendar of five-day weeks and round numbers.
type weekdays struct{}

func (weekdays) Number(key, _ string, _ day.Date) int {
	if key == "hard.validity_months" {
		return 12
	}
	return 5
}

func works(d day.Date) bool { return d.Weekday() != time.Saturday && d.Weekday() != time.Sunday }

func (weekdays) AddWorkingDays(from day.Date, n int) day.Date {
	for n > 0 {
		if from = from.Add(1); works(from) {
			n--
		}
	}
	return from
}

func (weekdays) WorkingDays(from, to day.Date) int {
	n := 0
	for d := from; d <= to; d = d.Add(1) {
		if works(d) {
			n++
		}
	}
	return n
}

var (
	states = []recognition.State{
		recognition.Draft, recognition.Submitted, recognition.DataChecked, recognition.TownReview, recognition.Publicity, recognition.Objection,
		recognition.CountyDecision, recognition.Recognised, recognition.Refused, recognition.Returned, recognition.Suspended, recognition.Exited, recognition.Revoked,
	}
	moves = []recognition.Move{
		recognition.Submit, recognition.Check, recognition.Return, recognition.Review, recognition.Publish, recognition.Object,
		recognition.ResolveObjection, recognition.ClosePublicity, recognition.Decide, recognition.Appeal, recognition.Withdraw, recognition.ProposeRenewal, recognition.Renew,
		recognition.Suspend, recognition.Resume, recognition.EndCategory, recognition.Exit, recognition.Revoke,
	}
	village = "330481101201"
	staff   = []access.Actor{
		{Role: access.Caseworker, Account: "c1", Regions: []string{village}},
		{Role: access.Caseworker, Account: "c2", Regions: []string{"330481102"}},
		{Role: access.TownOfficer, Account: "t1", Regions: []string{"330481101"}},
		{Role: access.TownOfficer, Account: "t2", Regions: []string{"330481101"}},
		{Role: access.Bureau, Account: "b1"},
		{Role: access.Bureau, Account: "b2"},
		{Role: access.Auditor, Account: "a1"},
		access.Internal("job"),
	}
	reasons = []string{"", "因材料不全", "stable_employment", "retired", "employed", "welfare_placement"}
)

func started() recognition.Record {
	held, err := recognition.Hold([]recognition.Category{recognition.H1, recognition.H4}, recognition.H4)
	if err != nil {
		panic(err)
	}
	return recognition.Record{
		ID: "r", Person: "p", Region: village, State: recognition.Draft, Holdings: held, AppliedOn: "2026-03-02",
		Facts: recognition.Facts{RegisteredOn: "2025-03-02"},
	}
}

func TestWhateverIsTriedTheStateIsLawful(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r, today := started(), day.Date("2026-03-02")
		for i := range rapid.IntRange(1, 60).Draw(t, "steps") {
			today = today.Add(rapid.IntRange(0, 12).Draw(t, "days"))
			by, m := rapid.SampledFrom(staff).Draw(t, "by"), rapid.SampledFrom(moves).Draw(t, "move")
			ok := rapid.Bool().Draw(t, "ok")
			in := recognition.Input{
				OK: &ok, Opinion: "意见", Reason: rapid.SampledFrom(reasons).Draw(t, "reason"), Evidence: "证明",
				Category: rapid.SampledFrom(recognition.Categories).Draw(t, "category"),
			}
			w := recognition.Window{Today: today, Book: weekdays{}}
			for _, c := range r.Held() {
				w.Findings = append(w.Findings, found(c, rapid.SampledFrom([]string{"met", "unmet", "unknown"}).Draw(t, "finding")))
			}
			before := fmt.Sprint(r)
			to, err := r.Judge(by, m, in, w)
			if fmt.Sprint(r) != before {
				t.Fatal("judging changed the record")
			}
			if err != nil {
				continue
			}
			r.Apply(by, m, to, in, w, today.Start(), fmt.Sprint(i))
			lawful(t, r, by, m, today)
		}
	})
}

// found is a condition of a category as it was found: met, unmet or unknown.
func found(c recognition.Category, how string) recognition.Finding {
	f := recognition.Finding{Category: c, Condition: "条件", Hard: true}
	if how != "unknown" {
		met := how == "met"
		f.Met = &met
	}
	return f
}

func TestOneCategoryThatFailsDoesNotTakeTheOthersWithIt(t *testing.T) { // R-HARD-03
	t.Parallel()
	w := recognition.Window{Today: "2026-03-02", Book: weekdays{}, Findings: []recognition.Finding{found(recognition.H4, "unmet"), found(recognition.H1, "met")}}
	yes := true
	r := started()
	r.State = recognition.Submitted
	to, err := r.Judge(staff[0], recognition.Check, recognition.Input{OK: &yes}, w)
	if err != nil {
		t.Fatalf("somebody who meets H1 was stopped because H4 fails: %v", err)
	}
	r.Apply(staff[0], recognition.Check, to, recognition.Input{OK: &yes}, w, w.Today.Start(), "1")
	if got := r.Held(); !slices.Equal(got, []recognition.Category{recognition.H1}) || r.Primary() != recognition.H1 {
		t.Errorf("goes on with %v, primary %s: the public list would name what was not met", got, r.Primary())
	}
	r.State = recognition.Returned
	r.Apply(staff[0], recognition.Submit, recognition.Submitted, recognition.Input{}, w, w.Today.Start(), "2")
	if len(r.Held()) != 2 {
		t.Error("submitted anew, it asks for every category again")
	}
	w.Findings[1] = found(recognition.H1, "unmet")
	if _, err := r.Judge(staff[0], recognition.Check, recognition.Input{OK: &yes}, w); err == nil {
		t.Error("no category stands, yet it went on")
	}
}

// lawful is what must hold after every move.
func lawful(t *rapid.T, r recognition.Record, by access.Actor, m recognition.Move, today day.Date) {
	final := r.State == recognition.Refused || r.State == recognition.Exited || r.State == recognition.Revoked
	inForce := r.State == recognition.Recognised || r.State == recognition.Suspended
	switch {
	case !slices.Contains(states, r.State):
		t.Fatalf("no such state: %s", r.State)
	case !final && (r.Owner == "" || r.Due == ""):
		t.Fatalf("%s waits for nobody", r.State)
	case !final && m != recognition.Submit && by.Role == access.Auditor:
		t.Fatal("the auditor moved it")
	case r.ReviewedBy != "" && r.ReviewedBy == r.SubmittedBy:
		t.Fatal("reviewed by its submitter")
	case inForce && (r.DecidedBy == "" || r.DecidedBy == r.SubmittedBy || r.DecidedBy == r.ReviewedBy):
		t.Fatal("decided by one who had a hand in it")
	case inForce && (r.Notice.To == "" || r.ValidFrom <= r.Notice.To):
		t.Fatal("decided before the notice ended")
	case inForce && served(r) < 5:
		t.Fatalf("the notice hung %d full days", served(r))
	case len(r.Held()) == 0 && !final:
		t.Fatal("an application for nothing")
	case inForce && (len(r.Held()) == 0 || r.Primary() == "" || r.ValidTo <= r.ValidFrom):
		t.Fatal("in force without a category, a primary one or a term")
	case final && (r.EndedOn != today && r.EndedOn == "" || r.End == ""):
		t.Fatalf("%s without a day or a reason", r.State)
	}
}

// served counts the full days a notice hung, from the history alone.
func served(r recognition.Record) int {
	n, from := 0, day.Date("")
	for _, s := range r.Steps {
		switch {
		case s.To == recognition.Publicity:
			if s.Move == recognition.Publish {
				n = 0
			}
			from = s.On.Add(1)
		case s.From == recognition.Publicity:
			n += weekdays{}.WorkingDays(from, s.On.Add(-1))
		}
	}
	return n
}

func TestEveryStateThatIsNotTheEndHasAWayOut(t *testing.T) {
	t.Parallel()
	for _, s := range states {
		out := 0
		for _, by := range staff {
			r := started()
			r.State, r.SubmittedBy, r.Notice = s, "someone", recognition.Notice{To: "2026-03-09"}
			out += len(r.Next(by, "2026-04-01"))
		}
		final := s == recognition.Exited || s == recognition.Revoked
		if (out == 0) != final {
			t.Errorf("%s: %d moves lead out", s, out)
		}
	}
}

func TestFromAnywhereAnEndCanBeReached(t *testing.T) {
	t.Parallel()
	for _, s := range states {
		if s == recognition.Exited || s == recognition.Revoked || s == recognition.Refused {
			continue
		}
		r := started()
		r.State = s
		ended := false
		for _, m := range []recognition.Move{recognition.Withdraw, recognition.Exit} {
			to, err := r.Judge(staff[4], m, recognition.Input{Reason: "moved_out", Evidence: "证明"}, recognition.Window{Today: "2026-04-01", Book: weekdays{}})
			ended = ended || err == nil && to == recognition.Exited
		}
		if !ended {
			t.Errorf("from %s nobody can end it", s)
		}
	}
}

func TestARunningPlacementKeepsTheRecognition(t *testing.T) { // R-HARD-07
	t.Parallel()
	r := started()
	r.State, r.RestsWhy = recognition.Suspended, "welfare_placement"
	w := recognition.Window{Today: "2026-04-01", Book: weekdays{}}
	if _, err := r.Judge(staff[4], recognition.Exit, recognition.Input{Reason: "stable_employment", Evidence: "参保"}, w); err == nil {
		t.Error("being placed ended the recognition the placement rests on")
	}
	if _, err := r.Judge(staff[4], recognition.Exit, recognition.Input{Reason: "retired", Evidence: "退休证"}, w); err != nil {
		t.Errorf("retired: %v", err)
	}
}
