package matchrun

import (
	"bytes"
	"context"
	"fmt"
	"strings"

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
	Optimal bool // the certificate kept with the run proves it the best
}

// Replay asks the question of a run again. It changes nothing.
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
	p, err := problem.Read(strings.NewReader(r.Problem))
	if err != nil {
		return Replayed{}, fmt.Errorf("read the problem of run %s: %w", id, err)
	}
	kept, err := problem.ReadResult(strings.NewReader(r.Result), p)
	if err != nil {
		return Replayed{}, fmt.Errorf("read the result of run %s: %w", id, err)
	}
	report, err := certify.Verify(p, kept)
	if err != nil {
		return Replayed{}, fmt.Errorf("check run %s: %w", id, err)
	}
	again, err := assign.Assign(p, assign.Options{Salt: r.salt()})
	if err != nil {
		return Replayed{}, fmt.Errorf("solve run %s again: %w", id, err)
	}
	var b bytes.Buffer
	if err := problem.WriteResult(&b, p, again); err != nil {
		return Replayed{}, err
	}
	return Replayed{Run: r, Same: b.String() == r.Result, Optimal: report.Optimal}, nil
}
