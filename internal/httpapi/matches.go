package httpapi

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"linggong/internal/access"
	"linggong/internal/day"
	"linggong/internal/gig"
	"linggong/internal/gig/matchrun"
)

// Matches is matching a station's day.
type Matches interface {
	Match(ctx context.Context, actor access.Actor, station gig.StationID, on day.Date, e matchrun.Edits) (matchrun.Proposal, error)
	Replay(ctx context.Context, actor access.Actor, id matchrun.ID) (matchrun.Replayed, error)
	Runs(ctx context.Context, actor access.Actor, station gig.StationID) ([]matchrun.Run, error)
	Send(ctx context.Context, actor access.Actor, id matchrun.ID, chosen []matchrun.Chosen) ([]matchrun.Sent, error)
}

// MatchProposal is the best assignment of everybody free on a day to every open
// place of that day, for the operator to send.
type MatchProposal struct {
	RunID        string          `json:"run_id" format:"uuid"`
	Station      StationRef      `json:"station"`
	Date         day.Date        `json:"date" format:"date"`
	Workers      int64           `json:"workers" doc:"free on that day and not asked yet"`
	Places       int64           `json:"places" doc:"open"`
	Placed       int64           `json:"placed"`
	Value        int64           `json:"value" doc:"sum of fits, in percent"`
	Optimal      bool            `json:"optimal" doc:"proved: no better answer exists"`
	GreedyPlaced int64           `json:"greedy_placed" doc:"what a best-first list would have placed"`
	GreedyValue  int64           `json:"greedy_value"`
	Reserved     int64           `json:"reserved" doc:"places kept back by the operator"`
	Tiers        []MatchTier     `json:"tiers" doc:"who was looked at first, and what that did"`
	PlainValue   int64           `json:"plain_value" doc:"sum of fits without that order: the difference is its price"`
	Again        int64           `json:"again" doc:"places filled by people who have a shift already"`
	PlacesBound  int64           `json:"places_bound,omitempty" doc:"no answer with second shifts fills more places"`
	Apart        [][]string      `json:"apart" doc:"who wanted to go together and for whom there is no shift"`
	TookMS       int64           `json:"took_ms"`
	Pairs        []MatchPair     `json:"pairs"`
	Unfilled     []MatchUnfilled `json:"unfilled"`
	Unplaced     []MatchUnplaced `json:"unplaced"`
}

// MatchWorker is somebody in a proposal, masked.
type MatchWorker struct {
	ID          string `json:"id" format:"uuid"`
	Name        string `json:"name" doc:"masked"`
	Phone       string `json:"phone" doc:"masked"`
	Age         int    `json:"age,omitempty"`
	VillageName string `json:"village_name"`
	WaitingDays int64  `json:"waiting_days"`
}

// MatchSeat is a shift in a proposal.
type MatchSeat struct {
	Posting      NamedRef  `json:"posting"`
	Trade        string    `json:"trade"`
	EmployerName string    `json:"employer_name"`
	VillageName  string    `json:"village_name"`
	Pay          Pay       `json:"pay"`
	ShiftID      string    `json:"shift_id" format:"uuid"`
	StartsAt     time.Time `json:"starts_at"`
	EndsAt       time.Time `json:"ends_at"`
	Open         int64     `json:"open" doc:"places before the run"`
}

// MatchPair is a proposed pair.
type MatchPair struct {
	Worker   MatchWorker `json:"worker"`
	Seat     MatchSeat   `json:"seat"`
	Total    int64       `json:"total" doc:"fit, 0 to 100"`
	Reasons  []string    `json:"reasons"`
	Warnings []string    `json:"warnings"`
	Pinned   bool        `json:"pinned" doc:"settled by the operator before the run"`
	Again    bool        `json:"again" doc:"another shift of somebody who has one that day"`
}

// MatchTier is a line of the order in which people are looked at.
type MatchTier struct {
	WaitedDays int64 `json:"waited_days" doc:"waited at least so long; 0 is everybody else"`
	People     int64 `json:"people"`
	Placed     int64 `json:"placed"`
	Plain      int64 `json:"plain" doc:"would be placed without the order"`
}

// MatchNearest is the nearest miss: what stands between the two, and what would lift it.
type MatchNearest struct {
	Worker   MatchWorker `json:"worker"`
	Seat     MatchSeat   `json:"seat"`
	Blockers []Blocker   `json:"blockers" doc:"none: only the places were taken by others"`
}

// MatchUnfilled is a shift with places left over.
type MatchUnfilled struct {
	Seat    MatchSeat     `json:"seat"`
	Open    int64         `json:"open" doc:"places left after the run"`
	Nearest *MatchNearest `json:"nearest,omitempty" doc:"absent when everybody has a place"`
}

// MatchUnplaced is somebody left over.
type MatchUnplaced struct {
	Worker  MatchWorker   `json:"worker"`
	Nearest *MatchNearest `json:"nearest,omitempty"`
}

// MatchRun is a run that was made.
type MatchRun struct {
	RunID     string    `json:"run_id" format:"uuid"`
	Date      day.Date  `json:"date" format:"date"`
	Placed    int64     `json:"placed"`
	CreatedAt time.Time `json:"created_at"`
}

// MatchSent says what became of a run's invitations.
type MatchSent struct {
	Sent    int64          `json:"sent"`
	Refused []MatchRefused `json:"refused"`
}

// MatchRefused is an invitation that could not be sent.
type MatchRefused struct {
	WorkerID string  `json:"worker_id" format:"uuid"`
	ShiftID  string  `json:"shift_id" format:"uuid"`
	Problem  Problem `json:"problem"`
}

func (a *API) matchRoutes() {
	const tag = "matches 智能匹配"
	handle(a, route{method: http.MethodPost, path: "/stations/{id}/match", id: "match-station", tag: tag, summary: "为一天做最优分派", may: access.MatchRun, unkept: true}, a.matchStation)
	handle(a, route{method: http.MethodGet, path: "/stations/{id}/matches", id: "list-matches", tag: tag, summary: "做过的匹配", may: access.MatchRun}, a.listMatches)
	handle(a, route{method: http.MethodGet, path: "/matches/{id}", id: "replay-match", tag: tag, summary: "一次匹配的原始问题、结果与证明，并重算核对", may: access.MatchRead}, a.replayMatch)
	handle(a, route{method: http.MethodPost, path: "/matches/{id}/send", id: "send-match", tag: tag, summary: "发出邀请", may: access.MatchRun, unkept: true}, a.sendMatch)
}

// MatchChoice names a worker and a shift.
type MatchChoice struct {
	WorkerID string `json:"worker_id" format:"uuid"`
	ShiftID  string `json:"shift_id" format:"uuid"`
}

// MatchReserve keeps places of a shift back.
type MatchReserve struct {
	ShiftID string `json:"shift_id" format:"uuid"`
	Places  int64  `json:"places" minimum:"0" maximum:"10000"`
}

type matchInput struct {
	ByID
	Body struct {
		Date     day.Date       `json:"date,omitempty" format:"date" doc:"today when absent"`
		Pins     []MatchChoice  `json:"pins,omitempty" maxItems:"2000" doc:"these two go together, whatever else"`
		Forbids  []MatchChoice  `json:"forbids,omitempty" maxItems:"2000" doc:"these two do not"`
		Reserves []MatchReserve `json:"reserves,omitempty" maxItems:"500" doc:"places kept back"`
		Together [][]string     `json:"together,omitempty" maxItems:"200" doc:"workers who want to go to one shift together, if there is one"`
		Second   bool           `json:"second,omitempty" doc:"who is placed may be offered another shift of the day"`
	}
}

func (in *matchInput) edits() matchrun.Edits {
	e := matchrun.Edits{Pins: chosen(in.Body.Pins), Forbids: chosen(in.Body.Forbids), Second: in.Body.Second}
	for _, crew := range in.Body.Together {
		var ids []gig.WorkerID
		for _, id := range crew {
			ids = append(ids, gig.WorkerID(id))
		}
		e.Together = append(e.Together, ids)
	}
	for _, r := range in.Body.Reserves {
		e.Reserves = append(e.Reserves, matchrun.Reserve{Shift: gig.ShiftID(r.ShiftID), Places: r.Places})
	}
	return e
}

func chosen(list []MatchChoice) []matchrun.Chosen {
	out := make([]matchrun.Chosen, len(list))
	for i, c := range list {
		out[i] = matchrun.Chosen{Worker: gig.WorkerID(c.WorkerID), Shift: gig.ShiftID(c.ShiftID)}
	}
	return out
}

func (a *API) matchStation(ctx context.Context, actor access.Actor, in *matchInput) (*body[MatchProposal], error) {
	began := a.opts.Now()
	p, err := a.Matches.Match(ctx, actor, gig.StationID(in.ID), in.Body.Date, in.edits())
	if err != nil {
		return nil, err
	}
	out := MatchProposal{
		RunID: string(p.Run.ID), Station: StationRef{ID: string(p.Station.ID), Name: p.Station.Name, Town: p.Station.Town}, Date: p.Run.On,
		Workers: p.Workers, Places: p.Places, Placed: p.Run.Placed, Value: p.Run.Value / aPercent, Optimal: p.Optimal,
		GreedyPlaced: p.GreedyPlaced, GreedyValue: p.GreedyValue / aPercent, TookMS: a.opts.Now().Sub(began).Milliseconds(),
		Reserved: p.Reserved, PlainValue: p.PlainValue / aPercent, Tiers: make([]MatchTier, len(p.Tiers)),
		Again: p.Again, PlacesBound: p.PlacesBound, Apart: [][]string{},
		Pairs: []MatchPair{}, Unfilled: []MatchUnfilled{}, Unplaced: []MatchUnplaced{},
	}
	for _, crew := range p.Apart {
		ids := make([]string, len(crew))
		for i, id := range crew {
			ids[i] = string(id)
		}
		out.Apart = append(out.Apart, ids)
	}
	for i, t := range p.Tiers {
		out.Tiers[i] = MatchTier(t)
	}
	for _, x := range p.Pairs {
		out.Pairs = append(out.Pairs, MatchPair{
			Worker: a.matchWorker(x.Worker), Seat: a.matchSeat(x.Seat), Total: x.Fit.Percent(),
			Reasons: some(x.Fit.Reasons), Warnings: some(x.Fit.Warnings), Pinned: x.Pinned, Again: x.Again,
		})
	}
	for _, u := range p.Unfilled {
		out.Unfilled = append(out.Unfilled, MatchUnfilled{a.matchSeat(u.Seat), u.Open, a.matchNearest(u.Nearest)})
	}
	for _, u := range p.Unplaced {
		out.Unplaced = append(out.Unplaced, MatchUnplaced{a.matchWorker(u.Worker), a.matchNearest(u.Nearest)})
	}
	return &body[MatchProposal]{out}, nil
}

// aPercent is one percent of the best fit.
const aPercent = 10_000

func (a *API) matchWorker(w gig.WorkerView) MatchWorker {
	today := a.today()
	out := MatchWorker{
		ID: string(w.ID), Name: w.Card.NameMasked, Phone: w.Card.PhoneMasked, Age: w.Age(today), VillageName: a.Names.Region(w.Village),
	}
	if !w.WaitingSince.IsZero() {
		out.WaitingDays = int64(max(0, today.Sub(day.Of(w.WaitingSince))))
	}
	return out
}

func (a *API) matchSeat(s matchrun.Seat) MatchSeat {
	return MatchSeat{
		Posting: NamedRef{ID: string(s.Posting.ID), Name: s.Posting.Title}, Trade: s.Posting.Trade, EmployerName: s.Employer,
		VillageName: a.Names.Region(s.Posting.Village), Pay: newPay(s.Posting), ShiftID: string(s.Shift.ID),
		StartsAt: s.Shift.StartsAt, EndsAt: s.Shift.EndsAt, Open: s.Shift.Open(),
	}
}

func (a *API) matchNearest(p *matchrun.Pair) *MatchNearest {
	if p == nil {
		return nil
	}
	return &MatchNearest{a.matchWorker(p.Worker), a.matchSeat(p.Seat), newFit(p.Fit).Blockers}
}

func (a *API) listMatches(ctx context.Context, actor access.Actor, in *ByID) (*body[list[MatchRun]], error) {
	runs, err := a.Matches.Runs(ctx, actor, gig.StationID(in.ID))
	if err != nil {
		return nil, err
	}
	out := list[MatchRun]{Items: []MatchRun{}}
	for _, r := range runs {
		out.Items = append(out.Items, MatchRun{string(r.ID), r.On, r.Placed, r.At})
	}
	return &body[list[MatchRun]]{out}, nil
}

// MatchReplay is a run as it was kept, and what looking at it again says. Problem
// and result are the files of `linggong match`: anybody can check them.
type MatchReplay struct {
	MatchRun
	Policy  string          `json:"policy" doc:"what it was decided by"`
	Edits   json.RawMessage `json:"edits" doc:"what the operator settled before"`
	Problem json.RawMessage `json:"problem"`
	Result  json.RawMessage `json:"result" doc:"with the prices that prove it"`
	Same    bool            `json:"same" doc:"solved again, the same answer byte for byte"`
	Optimal bool            `json:"optimal" doc:"the certificate proves that no better answer exists"`
}

func (a *API) replayMatch(ctx context.Context, actor access.Actor, in *ByID) (*body[MatchReplay], error) {
	r, err := a.Matches.Replay(ctx, actor, matchrun.ID(in.ID))
	if err != nil {
		return nil, err
	}
	raw := func(s string) json.RawMessage {
		if s == "" {
			return json.RawMessage("{}")
		}
		return json.RawMessage(s)
	}
	return &body[MatchReplay]{MatchReplay{
		MatchRun: MatchRun{string(r.ID), r.On, r.Placed, r.At}, Policy: r.Policy, Edits: raw(r.Edits), Problem: raw(r.Problem), Result: raw(r.Result),
		Same: r.Same, Optimal: r.Optimal,
	}}, nil
}

type sendInput struct {
	ByID
	Body struct {
		Pairs []MatchChoice `json:"pairs,omitempty" maxItems:"2000" doc:"all of the run when absent"`
	}
}

func (a *API) sendMatch(ctx context.Context, actor access.Actor, in *sendInput) (*body[MatchSent], error) {
	lines, err := a.Matches.Send(ctx, actor, matchrun.ID(in.ID), chosen(in.Body.Pairs))
	if err != nil {
		return nil, err
	}
	out := MatchSent{Refused: []MatchRefused{}}
	for _, l := range lines {
		if l.Err == nil {
			out.Sent++
			continue
		}
		out.Refused = append(out.Refused, MatchRefused{string(l.Worker), string(l.Shift), *a.problem(ctx, l.Err)})
	}
	return &body[MatchSent]{out}, nil
}
