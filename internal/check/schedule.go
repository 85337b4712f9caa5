package main

import (
	"context"
	"fmt"
	"slices"
)

// schedule runs the steps, at most jobs at a time, in their order as far as
// what they wait for allows, and returns every step's result in that order.
// It never stops early: a step whose need failed is a failure of its own.
func schedule(ctx context.Context, s *site, steps []*step, jobs int) []*result {
	ended := map[string]*result{}
	known := map[string]bool{}
	for _, st := range steps {
		known[st.name] = true
	}
	waiting := slices.Clone(steps)
	running, alone := 0, false
	done := make(chan *result)
	finish := func(r *result) {
		ended[r.step.name] = r
		s.con.ended(r)
	}
	for len(waiting) > 0 || running > 0 {
		for i := 0; i < len(waiting); {
			st := waiting[i]
			why, ready := mayStart(ctx, st, known, ended)
			free := running < jobs && !alone && (!st.alone || running == 0)
			switch {
			case why != "":
				finish(notRun(st, why))
			case ready && free:
				running++
				alone = st.alone
				s.con.started(st)
				go func() { done <- perform(ctx, s, st) }()
			default:
				i++
				continue
			}
			waiting = slices.Delete(waiting, i, i+1)
			i = 0 // an end may have freed an earlier step
		}
		if running == 0 {
			for _, st := range waiting {
				finish(notRun(st, "it waits for itself"))
			}
			break
		}
		r := <-done
		running--
		alone = false
		finish(r)
	}
	results := make([]*result, 0, len(steps))
	for _, st := range steps {
		results = append(results, ended[st.name])
	}
	return results
}

// mayStart says whether all a step waits for has ended, or why it never will
// run. A step that was not chosen is waited for by nobody.
func mayStart(ctx context.Context, st *step, known map[string]bool, ended map[string]*result) (why string, ready bool) {
	if ctx.Err() != nil {
		return "interrupted", false
	}
	ready = true
	for _, name := range st.needs {
		r, ok := ended[name]
		if ok && r.failed > 0 {
			return fmt.Sprintf("it needs %q, which failed", name), false
		}
		ready = ready && ok
	}
	for _, name := range st.after {
		if _, ok := ended[name]; !ok && known[name] {
			ready = false
		}
	}
	return "", ready
}
