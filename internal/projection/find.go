package projection

import (
	"context"

	"linggong/internal/gig"
	"linggong/internal/search"
	"linggong/internal/search/snapshot"
	"linggong/internal/worktext"
)

// Find implements gig.Finder: words from the text engine, all else from the columns.
func (p *Postings) Find(ctx context.Context, f gig.Find) (gig.Found, error) {
	filter := columnsOf(f)
	var out gig.Found
	if !f.Words.IsZero() {
		q := search.Query{Match: f.Words, Unscored: f.Least == 0}
		answer, err := p.Words.Match(ctx, q)
		if err != nil {
			return gig.Found{}, err
		}
		out.Degraded = answer.Degraded
		filter.Words = answer.Hits
		if q.Unscored {
			filter.Scorer = search.NewScorer(q.Plan())
		} else {
			filter.Words = enough(answer.Hits, f.Least)
		}
		if filter.Words == nil {
			filter.Words = []search.Hit{} // asked, and nothing found
		}
	}
	res, err := p.Columns.Search(filter, snapshot.Page{Sort: snapshot.Sort(f.Sort), Limit: f.Limit, Cursor: f.Cursor})
	if err != nil {
		return gig.Found{}, err
	}
	out.Next, out.Total, out.TotalPlaces = res.Next, int64(res.Total), int64(res.TotalPlaces)
	out.Trades, out.Towns, out.Dates = facetsOf(res.Trades), facetsOf(res.Towns), facetsOf(res.Dates)
	for _, it := range res.Items {
		out.Hits = append(out.Hits, gig.Found1{ID: gig.PostingID(it.ID), DistanceM: int64(it.DistanceM), Next: it.Next, Parts: partsOf(it.Parts)})
	}
	return out, nil
}

// enough keeps the hits, best first, whose words reach that share of the best.
func enough(hits []search.Hit, share float64) []search.Hit {
	for i, h := range hits {
		if h.Score < share*hits[0].Score {
			return hits[:i]
		}
	}
	return hits
}

func partsOf(p snapshot.Parts) []gig.RankPart {
	list := p.List()
	out := make([]gig.RankPart, len(list))
	for i, x := range list {
		out[i] = gig.RankPart(x)
	}
	return out
}

func facetsOf(list []snapshot.Facet) []gig.Facet {
	out := make([]gig.Facet, len(list))
	for i, f := range list {
		out[i] = gig.Facet{Key: f.Key, Places: int64(f.Places)}
	}
	return out
}

func columnsOf(f gig.Find) snapshot.Filter {
	out := snapshot.Filter{Now: f.Now, Trades: f.Trades, Wanted: f.Wanted, Dates: f.Dates, MinHourFen: f.PayMinHourFen}
	if f.Region != "" {
		out.Regions = []string{f.Region}
	}
	if f.Settlement != "" {
		out.Settlements = []string{string(f.Settlement)}
	}
	if !f.Near.IsZero() {
		out.From = &snapshot.Point{Lat: f.Near.Lat(), Lng: f.Near.Lng(), RadiusM: float64(f.RadiusM)}
	}
	for _, w := range []struct {
		asked bool
		flag  snapshot.Flags
	}{
		{f.Meals, snapshot.Meals},
		{f.Lodging, snapshot.Lodging},
		{f.SuitedOlder, snapshot.SuitedOlder},
		{f.SuitedDisabled, snapshot.SuitedDisabled},
		{f.NoExperience, snapshot.NoExperience},
		{f.Urgent, snapshot.Urgent},
	} {
		if w.asked {
			out.With |= w.flag
		}
	}
	if f.NoNight {
		out.Without = snapshot.Night
	}
	return out
}

// Suggest implements gig.Finder: trades, then places.
func (p *Postings) Suggest(_ context.Context, text string, limit int) ([]gig.Suggestion, error) {
	var out []gig.Suggestion
	for _, s := range worktext.Suggest(text, limit) {
		out = append(out, gig.Suggestion{Label: s.Label, Kind: "trade", Value: s.Label})
	}
	if r, _, ok := p.Regions.Find(text); ok && len(out) < limit {
		out = append(out, gig.Suggestion{Label: p.Regions.FullName(r.Code), Kind: "place", Value: r.Name})
	}
	return out, nil
}
