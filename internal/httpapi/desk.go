package httpapi

import (
	"context"
	"net/http"

	"linggong/internal/access"
	"linggong/internal/day"
	"linggong/internal/hardship"
)

// Desk is the list of what needs someone today.
type Desk interface {
	Today(ctx context.Context, actor access.Actor, today day.Date) (hardship.Desk, error)
}

// DeskToday is a caseworker's day, in order of urgency.
type DeskToday struct {
	Date     day.Date      `json:"date" format:"date"`
	Items    []DeskItem    `json:"items"`
	Counts   DeskCounts    `json:"counts"`
	Villages []DeskVillage `json:"villages"`
}

// DeskItem is one thing to do; exactly one of the three ids says what it opens.
type DeskItem struct {
	Rank          int         `json:"rank"`
	CaseID        string      `json:"case_id,omitempty" format:"uuid"`
	RecognitionID string      `json:"recognition_id,omitempty" format:"uuid"`
	HouseholdID   string      `json:"household_id,omitempty" format:"uuid"`
	Person        *DeskPerson `json:"person,omitempty" doc:"absent for a household"`
	Village       string      `json:"village"`
	VillageName   string      `json:"village_name"`
	Why           string      `json:"why"`
	Due           day.Date    `json:"due" format:"date"`
	OverdueDays   int         `json:"overdue_days"`
	Action        string      `json:"action"`
	ActionLabel   string      `json:"action_label"`
	Urgency       string      `json:"urgency" enum:"overdue,today,soon"`
	Mine          bool        `json:"mine"`
}

// DeskPerson is who it is about.
type DeskPerson struct {
	ID          string `json:"id" format:"uuid"`
	NameMasked  string `json:"name_masked"`
	VillageName string `json:"village_name"`
}

// DeskCounts is the desk at a glance.
type DeskCounts struct {
	Overdue   int `json:"overdue"`
	Today     int `json:"today"`
	Week      int `json:"week"`
	OpenCases int `json:"open_cases"`
	People    int `json:"people"`
}

// DeskVillage is one village of the reader's.
type DeskVillage struct {
	Code    string `json:"code"`
	Name    string `json:"name"`
	Open    int    `json:"open"`
	Overdue int    `json:"overdue"`
}

func (a *API) deskRoutes() {
	handle(a, route{method: http.MethodGet, path: "/desk/today", id: "get-desk", tag: "desk 工作台", summary: "今日待办", may: access.CaseRead}, a.deskToday)
}

func (a *API) deskToday(ctx context.Context, actor access.Actor, _ *nothing) (*body[DeskToday], error) {
	d, err := a.Desk.Today(ctx, actor, a.today())
	if err != nil {
		return nil, err
	}
	out := DeskToday{
		Date: d.Date, Items: make([]DeskItem, len(d.Items)), Villages: make([]DeskVillage, len(d.Villages)),
		Counts: DeskCounts{d.Counts.Overdue, d.Counts.Today, d.Counts.Week, d.Counts.OpenCases, d.Counts.People},
	}
	for i, it := range d.Items {
		out.Items[i] = DeskItem{
			Rank: i + 1, CaseID: string(it.Case), RecognitionID: string(it.Recognition), HouseholdID: string(it.Household),
			Village: it.Village, VillageName: a.Names.Region(it.Village), Why: it.Why, Due: it.Due, OverdueDays: it.Overdue,
			Action: it.Action, ActionLabel: it.Label, Urgency: it.Urgency, Mine: it.Mine,
		}
		if it.Person != "" {
			out.Items[i].Person = &DeskPerson{it.Person, it.NameMasked, out.Items[i].VillageName}
		}
	}
	for i, v := range d.Villages {
		out.Villages[i] = DeskVillage{v.Village, a.Names.Region(v.Village), v.Open, v.Overdue}
	}
	return &body[DeskToday]{out}, nil
}
