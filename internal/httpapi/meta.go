package httpapi

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"linggong/internal/access"
	"linggong/internal/day"
	"linggong/internal/region"
	"linggong/internal/rules"
	"linggong/internal/worktext"
)

// Places is the region tree of the city.
type Places interface {
	All() []region.Region
	Root() region.Region
}

// Meta is what every screen needs once: the place, the day, the words.
type Meta struct {
	City        RegionRef    `json:"city"`
	Today       day.Date     `json:"today" format:"date"`
	Now         time.Time    `json:"now"`
	Demo        bool         `json:"demo"`
	Version     string       `json:"version"`
	MinimumWage *MinimumWage `json:"minimum_wage"`
	Trades      []MetaTrade  `json:"trades"`
	Groups      []NamedKey   `json:"trade_groups"`
	Certificate []NamedKey   `json:"certificates"`
	VisitKinds  []NamedKey   `json:"visit_kinds"`
	FourClear   []NamedKey   `json:"four_clear"`
}

// MinimumWage is the standard in force today.
type MinimumWage struct {
	MonthFen int64    `json:"month_fen"`
	HourFen  int64    `json:"hour_fen"`
	From     day.Date `json:"from" format:"date"`
	Source   string   `json:"source"`
}

// MetaTrade is one trade of the vocabulary.
type MetaTrade struct {
	ID             string   `json:"id"`
	Name           string   `json:"name"`
	English        string   `json:"english"`
	Group          string   `json:"group"`
	Flags          []string `json:"flags"`
	SuitedOlder    bool     `json:"suited_older"`
	SuitedDisabled bool     `json:"suited_disabled"`
}

// NamedKey is a key and what it is called.
type NamedKey struct {
	Key   string `json:"key"`
	Label string `json:"label"`
}

// Region is one place of the tree.
type Region struct {
	Code   string  `json:"code"`
	Name   string  `json:"name"`
	Level  string  `json:"level" enum:"city,town,village"`
	Parent string  `json:"parent"`
	Lat    float64 `json:"lat" doc:"approximate"`
	Lng    float64 `json:"lng" doc:"approximate"`
}

func (a *API) metaRoutes() {
	const tag = "meta 基础"
	handle(a, route{method: http.MethodGet, path: "/meta", id: "get-meta", tag: tag, summary: "城市、日期、工种、最低工资", public: true}, a.meta)
	handle(a, route{method: http.MethodGet, path: "/regions", id: "list-regions", tag: tag, summary: "镇街与村社", public: true}, a.regions)
	handle(a, route{method: http.MethodGet, path: "/regions/map", id: "get-region-map", tag: tag, summary: "镇街示意图（GeoJSON）", public: true},
		func(context.Context, access.Actor, *nothing) (*body[json.RawMessage], error) {
			return &body[json.RawMessage]{region.TownOutlines()}, nil
		})
}

func (a *API) meta(_ context.Context, _ access.Actor, _ *nothing) (*body[Meta], error) {
	city, book := a.Places.Root(), a.Parameters.Book()
	m := Meta{
		City: RegionRef{string(city.Code), city.Name}, Today: a.today(), Now: a.opts.Now(), Demo: a.opts.Demo, Version: a.opts.Version,
		Trades: []MetaTrade{}, Groups: []NamedKey{}, Certificate: []NamedKey{},
		VisitKinds: named(book.List("visit.kinds", string(city.Code), a.today())), FourClear: named(book.List("four_clear.blocks", string(city.Code), a.today())),
	}
	if w, ok := book.MinimumWage(string(city.Code), a.today()); ok {
		m.MinimumWage = &MinimumWage{w.MonthFen, w.HourFen, w.From, w.Source}
	}
	for _, t := range worktext.Trades() {
		m.Trades = append(m.Trades, MetaTrade{t.ID, t.Name, t.English, string(t.Group), codes(t.Flags), t.Older, t.Disabled})
	}
	for _, g := range worktext.Groups() {
		m.Groups = append(m.Groups, NamedKey{string(g), g.Name()})
	}
	for _, c := range worktext.Certificates() {
		m.Certificate = append(m.Certificate, NamedKey{c.Kind, c.Name})
	}
	return &body[Meta]{m}, nil
}

func named(list []rules.Entry) []NamedKey {
	out := make([]NamedKey, 0, len(list))
	for _, e := range list {
		out = append(out, NamedKey{e.Key, e.Label})
	}
	return out
}

func (a *API) regions(context.Context, access.Actor, *nothing) (*body[list[Region]], error) {
	out := list[Region]{Items: []Region{}}
	for _, r := range a.Places.All() {
		out.Items = append(out.Items, Region{string(r.Code), r.Name, string(r.Level), string(r.Parent), r.Lat, r.Lng})
	}
	return &body[list[Region]]{out}, nil
}
