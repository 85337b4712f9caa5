package matchrun

import (
	"context"
	"fmt"
	"strings"

	"linggong/internal/access"
	"linggong/internal/gig"
	"linggong/internal/matching/assign/problem"
)

// Chosen is one pair the operator wants to invite.
type Chosen struct {
	Worker gig.WorkerID `json:"worker_id"`
	Shift  gig.ShiftID  `json:"shift_id"`
}

// Sent is what became of one invitation.
type Sent struct {
	Chosen
	Err error // nil when she was asked
}

// Send invites the chosen pairs of a run, all of them when none are named. Each
// invitation is an act of its own: a place gone meanwhile stops no other. Sent
// again, who was asked already is said to be.
func (s *Service) Send(ctx context.Context, actor access.Actor, id ID, chosen []Chosen) ([]Sent, error) {
	r, err := s.Store.Run(ctx, id)
	if err != nil {
		return nil, err
	}
	st, err := s.Market.Station(ctx, r.Station)
	if err != nil {
		return nil, err
	}
	if err := access.Can(actor, access.MatchRun, access.Target{Station: string(st.ID), Region: st.Town}); err != nil {
		return nil, err
	}
	proposed, err := r.pairs()
	if err != nil {
		return nil, err
	}
	if len(chosen) == 0 {
		chosen = proposed
	}
	allowed := make(map[Chosen]bool, len(proposed))
	for _, c := range proposed {
		allowed[c] = true
	}
	out := make([]Sent, 0, len(chosen))
	for _, c := range chosen {
		line := Sent{Chosen: c}
		if !allowed[c] {
			line.Err = ErrNotProposed
		} else {
			_, line.Err = s.Inviter.Invite(ctx, actor, c.Shift, c.Worker)
		}
		if ctx.Err() != nil {
			return out, ctx.Err()
		}
		out = append(out, line)
	}
	return out, nil
}

// pairs reads the proposed pairs back from the run as it was kept.
func (r Run) pairs() ([]Chosen, error) {
	var out []Chosen
	for _, round := range append([]Round{{r.Problem, r.Result}}, r.Rounds...) {
		p, res, err := round.read()
		if err != nil {
			return nil, fmt.Errorf("run %s: %w", r.ID, err)
		}
		for _, x := range res.Pairs {
			out = append(out, Chosen{gig.WorkerID(p.Workers[x.Worker].ID), gig.ShiftID(p.Places[x.Place].ID)})
		}
	}
	settled, err := r.settled()
	return append(out, settled...), err
}

func (r Round) read() (problem.Problem, problem.Result, error) {
	p, err := problem.Read(strings.NewReader(r.Problem))
	if err != nil {
		return p, problem.Result{}, fmt.Errorf("read the problem: %w", err)
	}
	res, err := problem.ReadResult(strings.NewReader(r.Result), p)
	if err != nil {
		return p, res, fmt.Errorf("read the result: %w", err)
	}
	return p, res, nil
}
