package matchrun

import (
	"bytes"
	"context"
	"fmt"

	"linggong/internal/access"
	"linggong/internal/matching/assign"
	"linggong/internal/matching/assign/certify"
	"linggong/internal/matching/assign/problem"
)

// Replayed is a run looked at again: the same question asked anew, and the
// answer that was kept checked by who had no part in it.
type Replayed struct {
	Run
	Same    bool // the same answer, byte for byte
	Optimal bool // the certificate kept with the run proves it the best, in every round
}

// Replay asks the questions of a run again. It changes nothing.
func (s *Service) Replay(ctx context.Context, actor access.Actor, id ID) (Replayed, error) {
	r, err := s.Store.Run(ctx, id)
	if err != nil {
		return Replayed{}, err
	}
	st, err := s.Market.Station(ctx, r.Station)
	if err != nil {
		return Replayed{}, err
	}
	if err := access.Can(actor, access.MatchRead, access.Target{Station: string(st.ID), Region: st.Town}); err != nil {
		return Replayed{}, err
	}
	out := Replayed{Run: r, Same: true, Optimal: true}
	for n, round := range append([]Round{{r.Problem, r.Result}}, r.Rounds...) {
		same, optimal, err := round.replay(r.salt())
		if err != nil {
			return Replayed{}, fmt.Errorf("replay run %s, round %d: %w", id, n+1, err)
		}
		out.Same, out.Optimal = out.Same && same, out.Optimal && optimal
	}
	return out, nil
}

func (r Round) replay(salt string) (same, optimal bool, err error) {
	p, kept, err := r.read()
	if err != nil {
		return false, false, err
	}
	report, err := certify.Verify(p, kept)
	if err != nil {
		return false, false, err
	}
	again, err := assign.Assign(p, assign.Options{Salt: salt})
	if err != nil {
		return false, false, err
	}
	var b bytes.Buffer
	if err := problem.WriteResult(&b, p, again); err != nil {
		return false, false, err
	}
	return b.String() == r.Result, report.Optimal, nil
}
