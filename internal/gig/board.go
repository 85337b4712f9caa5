package gig

import (
	"context"
	"time"

	"linggong/internal/access"
	"linggong/internal/day"
)

// BoardStore reads what the screens of a station show.
type BoardStore interface {
	// BoardPostings returns published postings with places left in shifts to
	// come: those of the town first, urgent before others, soonest first.
	BoardPostings(ctx context.Context, town string, now time.Time, limit int) ([]Posting, error)
	// DayCounts counts a town's shifts and waiting workers of one day.
	DayCounts(ctx context.Context, town string, on day.Date) (DayCounts, error)
	// Waiting returns workers of the town or the station who said they are free
	// on that day, the longest waiting first.
	Waiting(ctx context.Context, town string, station StationID, on day.Date, limit int) ([]Worker, error)
}

// DayCounts are today's numbers of a station's town.
type DayCounts struct {
	Places  int64 // places of today's shifts
	Placed  int64 // of them confirmed
	Waiting int64 // workers who said they are free
	Reviews int64 // postings that wait for a reviewer
}

// Board is the big screen of a station: public, without personal data.
type Board struct {
	Station Station
	At      time.Time
	Urgent  []PostingView
	Rolling []PostingView
	Counts  DayCounts
}

// boardSize is how many postings a screen rolls through.
const boardSize = 60

// Board returns the big screen of a station.
func (s *Service) Board(ctx context.Context, id StationID) (Board, error) {
	st, err := s.Store.Station(ctx, id)
	if err != nil {
		return Board{}, err
	}
	b := Board{Station: st, At: s.Now()}
	list, err := s.Store.BoardPostings(ctx, st.Town, s.Now(), boardSize)
	if err != nil {
		return Board{}, err
	}
	views, err := s.see(ctx, access.Nobody, list)
	if err != nil {
		return Board{}, err
	}
	for _, v := range views {
		if v.Urgent {
			b.Urgent = append(b.Urgent, v)
		} else {
			b.Rolling = append(b.Rolling, v)
		}
	}
	b.Counts, err = s.Store.DayCounts(ctx, st.Town, s.today())
	return b, err
}

// Console is the operator's view of a station; engagements are added beside it.
type Console struct {
	Station Station
	Waiting []WorkerView
	Reviews []PostingView
	Counts  DayCounts
}

// Console returns what waits for the station's operator.
func (s *Service) Console(ctx context.Context, actor access.Actor, id StationID) (Console, error) {
	st, err := s.Store.Station(ctx, id)
	if err != nil {
		return Console{}, err
	}
	if err := access.Can(actor, access.MatchRun, access.Target{Station: string(st.ID), Region: st.Town}); err != nil {
		return Console{}, err
	}
	c := Console{Station: st}
	workers, err := s.Store.Waiting(ctx, st.Town, st.ID, s.today(), 100)
	if err != nil {
		return Console{}, err
	}
	if c.Waiting, err = s.views(ctx, workers); err != nil {
		return Console{}, err
	}
	page, err := s.Postings(ctx, actor, PostingFilter{Statuses: []PostingStatus{PostingInReview}, Limit: 50})
	if err != nil {
		return Console{}, err
	}
	c.Reviews = page.Items
	c.Counts, err = s.Store.DayCounts(ctx, st.Town, s.today())
	return c, err
}
