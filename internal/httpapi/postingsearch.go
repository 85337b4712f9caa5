package httpapi

import (
	"context"
	"net/http"

	"linggong/internal/access"
	"linggong/internal/day"
	"linggong/internal/gig"
	"linggong/internal/worktext"
)

// PostingSearch is the search side of postings.
type PostingSearch interface {
	Search(ctx context.Context, actor access.Actor, q gig.PostingQuery) (gig.PostingResult, error)
	Suggest(ctx context.Context, actor access.Actor, text string) ([]gig.Suggestion, error)
	CandidatesByWords(ctx context.Context, actor access.Actor, id gig.PostingID, shift gig.ShiftID, text string) (gig.CandidatesFound, error)
	Openings(ctx context.Context, actor access.Actor, worker gig.WorkerID) ([]gig.Opening, error)
	OwnFit(ctx context.Context, actor access.Actor, id gig.PostingID) (gig.Fit, error)
}

// PostingHit is a posting found.
type PostingHit struct {
	Posting
	DistanceM *int64   `json:"distance_m,omitempty"`
	Fit       *Fit     `json:"fit,omitempty" doc:"for a signed-in worker"`
	Why       []string `json:"why" doc:"why it stands here, zh-CN, what weighs most first; at most four"`
	// Marks are what a page sets off in the title.
	Marks []string `json:"marks,omitempty" doc:"stretches of the title that were asked for, to be set off wherever they stand in it"`
}

// Fit says how well a worker and a shift go together, and why.
type Fit struct {
	Eligible bool      `json:"eligible"`
	Total    int64     `json:"total" doc:"0 to 100"`
	Parts    []FitPart `json:"parts"`
	Reasons  []string  `json:"reasons"`
	Warnings []string  `json:"warnings" doc:"lawful, but to be looked at"`
	Blockers []Blocker `json:"blockers"`
}

// FitPart is one factor of a fit.
type FitPart struct {
	Key      string `json:"key"`
	Label    string `json:"label"`
	Permille int64  `json:"permille"`
	Weight   int64  `json:"weight"`
	Points   int64  `json:"points" doc:"permille × weight ÷ 1000; ten of them are one of the total"`
}

// Blocker is a hard reason against.
type Blocker struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	Rule    string `json:"rule"`
	Source  string `json:"source"`
	Remedy  string `json:"remedy"`
}

// Candidate is a worker for a shift, masked.
type Candidate struct {
	Worker Worker `json:"worker"`
	Fit    Fit    `json:"fit"`
	Status string `json:"status,omitempty" doc:"of her engagement on this shift, if there is one"`
}

// Opening is a shift somebody could take, masked for no one: it is public.
type Opening struct {
	Posting   Posting `json:"posting"`
	Shift     Shift   `json:"shift"`
	Fit       Fit     `json:"fit"`
	DistanceM *int64  `json:"distance_m,omitempty"`
}

// PostingResult is a page of a search.
type PostingResult struct {
	Items       []PostingHit  `json:"items"`
	Next        string        `json:"next"`
	Total       int64         `json:"total" doc:"postings"`
	TotalPlaces int64         `json:"total_places" doc:"open places in them"`
	Facets      PostingFacets `json:"facets"`
	Chips       []SearchChip  `json:"chips"`
	DidYouMean  string        `json:"did_you_mean,omitempty"`
	Relaxed     []string      `json:"relaxed" doc:"what was let go to find anything: distance, urgent, date, settlement, lodging, meals, village, place, experience, older, trade, group"`
	RelaxedText string        `json:"relaxed_text,omitempty" doc:"the same as a sentence for the seeker, zh-CN"`
	Degraded    bool          `json:"degraded" doc:"the text engine did not answer; the database did"`
}

// PostingFacets count open places; each leaves its own filter out.
type PostingFacets struct {
	Trades []TradeFacet `json:"trades"`
	Towns  []TownFacet  `json:"towns"`
	Dates  []DateFacet  `json:"dates"`
}

// TradeFacet counts a trade's open places.
type TradeFacet struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Places int64  `json:"places"`
}

// TownFacet counts a town's open places.
type TownFacet struct {
	Code   string `json:"code"`
	Name   string `json:"name"`
	Places int64  `json:"places"`
}

// DateFacet counts a day's open places.
type DateFacet struct {
	Date   string `json:"date"`
	Places int64  `json:"places"`
}

// SearchChip is one thing the query was understood to say.
type SearchChip struct {
	Kind  string `json:"kind"`
	Label string `json:"label"`
	Raw   string `json:"raw" doc:"the stretch of the query it was read from"`
	// Without is what a page asks when the chip is taken away.
	Without string `json:"without" doc:"the query without it"`
}

// Suggestion completes what has been typed.
type Suggestion struct {
	Label string `json:"label"`
	Kind  string `json:"kind" doc:"trade, place, time, pay, condition, word"`
	Value string `json:"value" doc:"what to search for"`
}

func (a *API) postingSearchRoutes() {
	const tag = "postings 岗位"
	handle(a, route{method: http.MethodGet, path: "/postings", id: "search-postings", tag: tag, summary: "找活", may: access.PostingSearch}, a.searchPostings)
	handle(a, route{method: http.MethodGet, path: "/postings/suggest", id: "suggest-postings", tag: tag, summary: "输入提示", may: access.PostingSearch}, a.suggestPostings)
	handle(a, route{method: http.MethodGet, path: "/postings/{id}/candidates", id: "list-candidates", tag: tag, summary: "合适的人", may: access.Candidates}, a.candidates)
	handle(a, route{method: http.MethodGet, path: "/postings/{id}/fit", id: "get-own-fit", tag: tag, summary: "这活适合我吗", may: access.PostingSearch}, a.ownFit)
}

type searchInput struct {
	PageQuery
	Q             string   `query:"q" maxLength:"200"`
	Trade         string   `query:"trade" maxLength:"40"`
	Town          string   `query:"town" maxLength:"12"`
	Village       string   `query:"village" maxLength:"12"`
	Lat           float64  `query:"lat" minimum:"-90" maximum:"90"`
	Lng           float64  `query:"lng" minimum:"-180" maximum:"180"`
	RadiusM       int64    `query:"radius_m" minimum:"0"`
	Date          day.Date `query:"date" format:"date"`
	PayMinHourFen int64    `query:"pay_min_hour_fen" minimum:"0"`
	Settlement    string   `query:"settlement" enum:"daily,weekly,on_completion,monthly"`
	Meals         bool     `query:"meals"`
	Lodging       bool     `query:"lodging"`
	SuitedOlder   bool     `query:"suited_older"`
	NoExperience  bool     `query:"no_experience"`
	NoNight       bool     `query:"no_night"`
	Sort          string   `query:"sort" enum:"best,near,pay,soon" default:"best"`
}

func (in searchInput) query() gig.PostingQuery {
	region := in.Village
	if region == "" {
		region = in.Town
	}
	return gig.PostingQuery{
		Text: in.Q, Trade: in.Trade, Region: region, Near: gig.PointOf(in.Lat, in.Lng), RadiusM: in.RadiusM, Date: in.Date,
		PayMinHourFen: in.PayMinHourFen, Settlement: gig.SettlementKind(in.Settlement), Meals: in.Meals, Lodging: in.Lodging,
		SuitedOlder: in.SuitedOlder, NoExperience: in.NoExperience, NoNight: in.NoNight, Sort: gig.Sort(in.Sort), Cursor: in.Cursor, Limit: in.Limit,
	}
}

func (a *API) newHit(h gig.PostingHit) PostingHit {
	out := PostingHit{Posting: a.newPosting(h.PostingView), Marks: h.Marks, Why: some(h.Why)}
	if h.DistanceM >= 0 {
		out.DistanceM = &h.DistanceM
	}
	if h.Fit != nil {
		f := newFit(*h.Fit)
		out.Fit = &f
	}
	return out
}

func (a *API) searchPostings(ctx context.Context, actor access.Actor, in *searchInput) (*body[PostingResult], error) {
	r, err := a.Search.Search(ctx, actor, in.query())
	if err != nil {
		return nil, err
	}
	out := PostingResult{
		Items: []PostingHit{}, Next: r.Next, Total: r.Total, TotalPlaces: r.TotalPlaces, DidYouMean: r.DidYouMean, Relaxed: some(r.Relaxed), RelaxedText: r.RelaxedText, Degraded: r.Degraded,
		Facets: PostingFacets{Trades: []TradeFacet{}, Towns: []TownFacet{}, Dates: []DateFacet{}}, Chips: newChips(r.Chips),
	}
	for _, h := range r.Items {
		out.Items = append(out.Items, a.newHit(h))
	}
	for _, f := range r.Trades {
		out.Facets.Trades = append(out.Facets.Trades, TradeFacet{f.Key, tradeName(f.Key), f.Places})
	}
	for _, f := range r.Towns {
		out.Facets.Towns = append(out.Facets.Towns, TownFacet{f.Key, a.Names.Region(f.Key), f.Places})
	}
	for _, f := range r.Dates {
		out.Facets.Dates = append(out.Facets.Dates, DateFacet{f.Key, f.Places})
	}
	return &body[PostingResult]{out}, nil
}

func newChips(list []worktext.Chip) []SearchChip {
	out := make([]SearchChip, len(list))
	for i, c := range list {
		out[i] = SearchChip{string(c.Kind), c.Label, c.Raw, c.Without}
	}
	return out
}

func (a *API) suggestPostings(ctx context.Context, actor access.Actor, in *struct {
	Q string `query:"q" maxLength:"40"`
},
) (*body[list[Suggestion]], error) {
	all, err := a.Search.Suggest(ctx, actor, in.Q)
	if err != nil {
		return nil, err
	}
	out := list[Suggestion]{Items: []Suggestion{}}
	for _, s := range all {
		out.Items = append(out.Items, Suggestion(s))
	}
	return &body[list[Suggestion]]{out}, nil
}

func newFit(f gig.Fit) Fit {
	out := Fit{Eligible: f.Eligible(), Total: f.Percent(), Parts: []FitPart{}, Reasons: some(f.Reasons), Warnings: some(f.Warnings), Blockers: []Blocker{}}
	for _, p := range f.Parts {
		out.Parts = append(out.Parts, FitPart{p.Key, p.Label, p.Permille, p.Weight, p.Points / 1000})
	}
	for _, b := range f.Blockers {
		out.Blockers = append(out.Blockers, Blocker{b.Code, b.Message, b.Rule, b.Source, b.Remedy})
	}
	return out
}

func (a *API) candidates(ctx context.Context, actor access.Actor, in *struct {
	ByID
	ShiftID string `query:"shift_id" maxLength:"36" doc:"the next shift with a place left when absent"`
	Words   string `query:"words" maxLength:"40" doc:"of them those who do this, or can then (焊工 周末); no name and no number"`
},
) (*body[CandidateResult], error) {
	r, err := a.Search.CandidatesByWords(ctx, actor, gig.PostingID(in.ID), gig.ShiftID(in.ShiftID), in.Words)
	if err != nil {
		return nil, err
	}
	out := CandidateResult{Items: make([]Candidate, 0, len(r.Items)), Chips: newChips(r.Chips), Degraded: r.Degraded}
	for _, c := range r.Items {
		out.Items = append(out.Items, Candidate{Worker: a.newWorker(c.Worker), Fit: newFit(c.Fit), Status: string(c.Status)})
	}
	return &body[CandidateResult]{out}, nil
}

// CandidateResult is who suits a shift, the best first; with words, those of
// them whom the words mean.
type CandidateResult struct {
	Items    []Candidate  `json:"items"`
	Next     string       `json:"next" doc:"always empty: all come on one page"`
	Chips    []SearchChip `json:"chips" doc:"what the words were understood to say"`
	Degraded bool         `json:"degraded" doc:"the text engine did not answer; the database did"`
}

func (a *API) openings(ctx context.Context, actor access.Actor, in *ByID) (*body[list[Opening]], error) {
	all, err := a.Search.Openings(ctx, actor, gig.WorkerID(in.ID))
	if err != nil {
		return nil, err
	}
	out := list[Opening]{Items: make([]Opening, len(all))}
	for i, o := range all {
		out.Items[i] = Opening{Posting: a.newPosting(o.Posting), Shift: newShift(o.Shift, a.opts.Now()), Fit: newFit(o.Fit)}
		if o.DistanceM >= 0 {
			out.Items[i].DistanceM = &o.DistanceM
		}
	}
	return &body[list[Opening]]{out}, nil
}

func (a *API) ownFit(ctx context.Context, actor access.Actor, in *ByID) (*body[Fit], error) {
	f, err := a.Search.OwnFit(ctx, actor, gig.PostingID(in.ID))
	if err != nil {
		return nil, err
	}
	return &body[Fit]{newFit(f)}, nil
}
