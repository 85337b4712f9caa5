package httpapi

import (
	"context"
	"net/http"

	"linggong/internal/access"
	"linggong/internal/indicator"
)

// Dashboard is the bureau's page at a glance.
type Dashboard struct {
	IndicatorList
	Towns    []DashboardTown `json:"towns"`
	Unhelped int             `json:"unhelped" doc:"应帮未帮"`
}

// DashboardTown is one town's values of the main indicators, by key.
type DashboardTown struct {
	Code   string              `json:"code"`
	Name   string              `json:"name"`
	Values map[string]*float64 `json:"values"`
}

// townKeys are the indicators the map can show: those acts here add to.
var townKeys = []indicator.Key{indicator.GigPlacements, indicator.GigPlaces, indicator.HelpRate, indicator.WelfarePlaced, indicator.Visits, indicator.Recognised}

func (a *API) dashboardRoutes() {
	handle(a, route{method: http.MethodGet, path: "/dashboard", id: "get-dashboard", tag: "indicators 指标", summary: "一页总览", may: access.IndicatorRead}, a.dashboard)
}

type yearQuery struct {
	Year int `query:"year" minimum:"2023" maximum:"2035" doc:"the current year when absent"`
}

func (a *API) dashboard(ctx context.Context, actor access.Actor, in *yearQuery) (*body[Dashboard], error) {
	year := a.year(in.Year)
	all, err := a.indicators(ctx, actor, year, "")
	if err != nil {
		return nil, err
	}
	out := Dashboard{IndicatorList: all, Towns: []DashboardTown{}}
	at := map[string]int{}
	for i, t := range a.Names.Regions(a.Indicators.City()) {
		at[t.Code] = i
		out.Towns = append(out.Towns, DashboardTown{Code: t.Code, Name: t.Name, Values: map[string]*float64{}})
	}
	for _, key := range townKeys {
		cells, def, err := a.Indicators.Regions(ctx, actor, key, year, "")
		if err != nil {
			return nil, err
		}
		for _, c := range cells {
			if i, ok := at[c.Region]; ok {
				out.Towns[i].Values[string(key)] = indicator.Float(indicator.ValueOf(def, c.Sums))
			}
		}
	}
	for _, i := range all.Items {
		if i.Key == string(indicator.HelpRate) && i.Ours != nil && i.Ours.Denominator != nil {
			out.Unhelped = int(*i.Ours.Denominator - i.Ours.Numerator)
		}
	}
	return &body[Dashboard]{out}, nil
}
