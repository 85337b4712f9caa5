package gig

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"linggong/internal/access"
	"linggong/internal/day"
	"linggong/internal/gig/offer"
	"linggong/internal/worktext"
)

// Sort is the order of what a search finds.
type Sort string

// The orders. Best weighs words, nearness, time and pay.
const (
	SortBest Sort = "best"
	SortNear Sort = "near"
	SortPay  Sort = "pay"
	SortSoon Sort = "soon"
)

// PostingQuery is a search as a person asks it. Empty fields do not narrow.
type PostingQuery struct {
	Text          string // as typed
	Trade         string
	Region        string // a town's or village's code
	Near          Point  // where the asker is
	RadiusM       int64
	Date          day.Date
	PayMinHourFen int64
	Settlement    SettlementKind
	Meals         bool
	Lodging       bool
	SuitedOlder   bool
	NoExperience  bool
	NoNight       bool
	Sort          Sort
	Cursor        string
	Limit         int
}

// Find is a search as the index takes it: columns, and words for what is left.
type Find struct {
	Trades         []string // any of these
	Wanted         []string // trades meant: before those near them, and narrowing nothing
	Region         string   // under this code
	Near           Point
	RadiusM        int64
	Dates          []day.Date // a shift begins on one of these days
	PayMinHourFen  int64
	Settlement     SettlementKind
	Meals          bool
	Lodging        bool
	SuitedOlder    bool
	SuitedDisabled bool
	NoExperience   bool
	NoNight        bool
	Urgent         bool
	Words          worktext.Match // zero: none
	Least          float64        // of the best hit's words, what a hit must reach to be shown; 0 shows all
	Sort           Sort
	Cursor         string // Next of the page before
	Limit          int
	Now            time.Time // shifts that have begun are over
}

// Found is what the index found. Facets count places, each without its own filter.
type Found struct {
	Hits        []Found1
	Total       int64 // postings
	TotalPlaces int64 // open places in them
	Trades      []Facet
	Towns       []Facet
	Dates       []Facet
	Next        string // cursor of the next page, "" on the last
	Degraded    bool   // the text engine did not answer; the database did
}

// Found1 is one posting found.
type Found1 struct {
	ID        PostingID
	DistanceM int64 // -1 unknown
	Next      time.Time
	Parts     []RankPart // what its rank is made of, none where it was not ranked
}

// Facet counts the open places of one value.
type Facet struct {
	Key    string
	Places int64
}

// Finder answers a search from the index of what is open now.
type Finder interface {
	Find(ctx context.Context, f Find) (Found, error)
	// Suggest completes one word that is being typed.
	Suggest(ctx context.Context, text string, limit int) ([]Suggestion, error)
}

// Suggestion is one completion.
type Suggestion struct {
	Label string // what to show
	Kind  string // trade, place, time, pay, condition, word
	Value string // what to search for: the whole text, completed
}

// PostingHit is a posting found.
type PostingHit struct {
	PostingView
	DistanceM int64     // -1 unknown
	Next      time.Time // the earliest start with a place left, of the days asked for
	Fit       *Fit      // for the signed-in worker
	Rank      []RankPart
	Why       []string // in plain Chinese, the weightiest first
	Marks     []string // the stretches of its title that were asked for
}

// PostingResult is a page of a search.
type PostingResult struct {
	Items       []PostingHit
	Next        string
	Total       int64
	TotalPlaces int64
	Trades      []Facet
	Towns       []Facet
	Dates       []Facet
	Chips       []worktext.Chip // what the query was understood to say
	DidYouMean  string
	Relaxed     []string // what was let go to find anything, see loosenings
	RelaxedText string   // the same in plain Chinese, "" when nothing was
	Degraded    bool
}

// Search finds what is open now. The index says which; what is shown is read
// from the database and only if it is still public.
func (s *Service) Search(ctx context.Context, actor access.Actor, q PostingQuery) (PostingResult, error) {
	if err := access.May(actor, access.PostingSearch); err != nil {
		return PostingResult{}, err
	}
	f, meant := s.understand(q)
	found, relaxed, err := s.findRelaxing(ctx, wish{f, meant}, q.Cursor)
	if err != nil {
		return PostingResult{}, err
	}
	res := PostingResult{
		Total: found.Total, TotalPlaces: found.TotalPlaces, Trades: found.Trades, Towns: found.Towns, Dates: found.Dates,
		Chips: meant.Chips, DidYouMean: meant.DidYouMean, Relaxed: relaxed, RelaxedText: relaxedText(relaxed), Degraded: found.Degraded,
	}
	if res.Items, err = s.hits(ctx, actor, found.Hits); err != nil {
		return PostingResult{}, err
	}
	for i := range res.Items {
		res.Items[i].Marks = meant.Marks(res.Items[i].Title)
		res.Items[i].Why = reasons(f, res.Items[i], s.today())
	}
	if found.Next != "" {
		res.Next = strings.Join(append(relaxed, found.Next), ".")
	}
	return res, nil
}

// understand turns what was typed and chosen into columns and words. What was
// chosen wins over what was typed.
func (s *Service) understand(q PostingQuery) (Find, worktext.Query) {
	meant := worktext.Parse(q.Text, s.findPlace)
	c := meant.Facets
	f := Find{
		Words: meant.Match(), Near: q.Near, RadiusM: q.RadiusM, Sort: cmp.Or(q.Sort, SortBest), Limit: pageLimit(q.Limit), Now: s.Now(),
		PayMinHourFen: max(q.PayMinHourFen, hourly(meant.Pay)),
		Settlement:    cmp.Or(q.Settlement, SettlementKind(c.Settlement)),
		Meals:         q.Meals || c.Meals, Lodging: q.Lodging || c.Lodging, NoExperience: q.NoExperience || c.NoExperience,
		SuitedOlder: q.SuitedOlder || c.Older, SuitedDisabled: c.Disabled, NoNight: q.NoNight || c.NoNight, Urgent: c.Urgent,
	}
	if q.Trade != "" {
		f.Trades = []string{q.Trade}
	}
	f.Wanted = f.Trades
	if len(f.Wanted) == 0 {
		f.Wanted = slices.Concat(meant.Trades, meant.Sounds)
	}
	if region := cmp.Or(q.Region, meant.Region); region != "" {
		f.Region = region
	}
	if q.Date != "" {
		f.Dates = []day.Date{q.Date}
		return f, meant
	}
	for _, n := range c.Days {
		f.Dates = append(f.Dates, s.today().Add(n))
	}
	if c.Weekend {
		saturday := offer.Monday(s.today()).Add(5)
		f.Dates = append(f.Dates, saturday, saturday.Add(1))
	}
	return f, meant
}

// findPlace is the worktext.RegionFinder of our tree.
func (s *Service) findPlace(text string) (code, rest string, ok bool) {
	r, rest, ok := s.Regions.Find(text)
	return string(r.Code), rest, ok
}

// hourly turns the least pay asked for into an hour's: of a day of eight hours,
// of a month of 21.75 such days.
func hourly(p worktext.Pay) int64 { return max(p.HourFen, p.DayFen/8, p.MonthFen*100/(2175*8)) }

func pageLimit(n int) int {
	if n <= 0 {
		return 20
	}
	return min(n, 100)
}

// hits reads what was found, in three statements whatever the number, and drops
// what is no longer public.
func (s *Service) hits(ctx context.Context, actor access.Actor, found []Found1) ([]PostingHit, error) {
	ids := make([]PostingID, len(found))
	at := make(map[PostingID]Found1, len(found))
	for i, f := range found {
		ids[i], at[f.ID] = f.ID, f
	}
	list, err := s.Store.PostingsByID(ctx, ids)
	if err != nil {
		return nil, err
	}
	views, err := s.see(ctx, access.Nobody, list)
	if err != nil {
		return nil, err
	}
	fit, err := s.ownFits(ctx, actor, views)
	if err != nil {
		return nil, fmt.Errorf("rank for the asker: %w", err)
	}
	out := make([]PostingHit, 0, len(views))
	for _, v := range views {
		if v.Status == PostingPublished {
			out = append(out, PostingHit{PostingView: v, DistanceM: at[v.ID].DistanceM, Next: at[v.ID].Next, Fit: fit[v.ID], Rank: at[v.ID].Parts})
		}
	}
	return out, nil
}
