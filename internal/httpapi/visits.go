package httpapi

import (
	"context"
	"net/http"

	"linggong/internal/access"
	"linggong/internal/day"
	"linggong/internal/hardship"
	"linggong/internal/rules"
)

// Visits is the register of visits (三走访).
type Visits interface {
	RecordVisit(ctx context.Context, actor access.Actor, in hardship.VisitInput) (hardship.Visit, error)
	Visits(ctx context.Context, actor access.Actor, under string, f hardship.VisitFilter) ([]hardship.Visit, error)
	Choices(key string) []rules.Entry
}

// Visit is one dated contact.
type Visit struct {
	ID          string    `json:"id" format:"uuid"`
	PersonID    string    `json:"person_id,omitempty" format:"uuid"`
	HouseholdID string    `json:"household_id,omitempty" format:"uuid"`
	CaseID      string    `json:"case_id,omitempty" format:"uuid"`
	Village     string    `json:"village"`
	Kind        string    `json:"kind"`
	On          day.Date  `json:"on" format:"date"`
	Met         string    `json:"met,omitempty"`
	Place       *GeoPoint `json:"place,omitempty"`
	Summary     string    `json:"summary"`
	Needs       []string  `json:"needs"`
	Outcome     string    `json:"outcome,omitempty"`
	ClientID    string    `json:"client_id"`
}

// GeoPoint is a place on the map.
type GeoPoint struct {
	Lat float64 `json:"lat" minimum:"-90" maximum:"90"`
	Lng float64 `json:"lng" minimum:"-180" maximum:"180"`
}

func (a *API) visitRoutes() {
	const tag = "visits 走访"
	handle(a, route{method: http.MethodPost, path: "/visits", id: "record-visit", tag: tag, summary: "记录走访（可离线补传）", may: access.VisitWrite, status: http.StatusCreated}, a.recordVisit)
	handle(a, route{method: http.MethodGet, path: "/visits", id: "list-visits", tag: tag, summary: "走访记录", may: access.CaseRead}, a.listVisits)
	handle(a, route{method: http.MethodGet, path: "/visits/kinds", id: "list-visit-kinds", tag: tag, summary: "走访类型（三走访）", may: access.CaseRead}, a.visitKinds)
}

func newVisit(v hardship.Visit) Visit {
	out := Visit{
		ID: string(v.ID), PersonID: v.Person, HouseholdID: string(v.Household), CaseID: string(v.Case), Village: v.Region, Kind: v.Kind, On: v.On,
		Met: v.Met, Summary: v.Summary, Needs: []string{}, Outcome: v.Outcome, ClientID: v.ClientID,
	}
	out.Needs = append(out.Needs, v.Needs...)
	if v.Place != nil {
		out.Place = &GeoPoint{v.Place.Lat, v.Place.Lng}
	}
	return out
}

type visitBody struct {
	Body struct {
		ClientID    string    `json:"client_id,omitempty" maxLength:"100" doc:"made on the phone; sent twice it is one visit"`
		PersonID    string    `json:"person_id,omitempty" format:"uuid"`
		HouseholdID string    `json:"household_id,omitempty" format:"uuid"`
		Kind        string    `json:"kind" maxLength:"40"`
		On          day.Date  `json:"on,omitempty" format:"date" doc:"today when absent"`
		Met         string    `json:"met,omitempty" maxLength:"200"`
		Place       *GeoPoint `json:"place,omitempty"`
		Summary     string    `json:"summary" minLength:"1" maxLength:"4000"`
		Needs       []string  `json:"needs,omitempty" maxItems:"20"`
		Outcome     string    `json:"outcome,omitempty" maxLength:"1000"`
		Next        *NextForm `json:"next,omitempty"`
	}
}

func (a *API) recordVisit(ctx context.Context, actor access.Actor, in *visitBody) (*body[Visit], error) {
	b := in.Body
	f := hardship.VisitInput{
		ClientID: b.ClientID, Person: b.PersonID, Household: hardship.HouseholdID(b.HouseholdID), Kind: b.Kind, On: b.On,
		VisitText: hardship.VisitText{Met: b.Met, Summary: b.Summary, Needs: b.Needs, Outcome: b.Outcome},
	}
	if b.Place != nil {
		f.Place = &hardship.Point{Lat: b.Place.Lat, Lng: b.Place.Lng}
	}
	if b.Next != nil {
		p := b.Next.promise()
		f.Next = &p
	}
	v, err := a.Visits.RecordVisit(ctx, actor, f)
	if err != nil {
		return nil, err
	}
	return &body[Visit]{newVisit(v)}, nil
}

type visitQuery struct {
	PageQuery
	Village string `query:"village" maxLength:"12" doc:"a village, a town or the city"`
	From    string `query:"from" format:"date"`
	To      string `query:"to" format:"date"`
	Person  string `query:"person_id" maxLength:"36"`
}

func (a *API) listVisits(ctx context.Context, actor access.Actor, in *visitQuery) (*body[list[Visit]], error) {
	all, err := a.Visits.Visits(ctx, actor, in.Village, hardship.VisitFilter{
		From: day.Date(in.From), To: day.Date(in.To), Person: in.Person, After: hardship.VisitID(in.Cursor), Limit: in.Limit,
	})
	if err != nil {
		return nil, err
	}
	out := list[Visit]{Items: make([]Visit, len(all))}
	for i, v := range all {
		out.Items[i] = newVisit(v)
	}
	if len(all) == in.Limit {
		out.Next = string(all[len(all)-1].ID)
	}
	return &body[list[Visit]]{out}, nil
}

// Choice is one entry of a list the city may change.
type Choice struct {
	Key   string `json:"key"`
	Label string `json:"label"`
}

func (a *API) visitKinds(_ context.Context, _ access.Actor, _ *nothing) (*body[list[Choice]], error) {
	out := list[Choice]{Items: []Choice{}}
	for _, e := range a.Visits.Choices(hardship.VisitKinds) {
		out.Items = append(out.Items, Choice{e.Key, e.Label})
	}
	return &body[list[Choice]]{out}, nil
}
