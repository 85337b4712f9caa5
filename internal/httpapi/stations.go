package httpapi

import (
	"context"
	"net/http"
	"time"

	"linggong/internal/access"
	"linggong/internal/gig"
)

// Stations is the roster of gig markets and what their screens show.
type Stations interface {
	Stations(ctx context.Context) ([]gig.Station, error)
	OpenStation(ctx context.Context, actor access.Actor, s gig.Station) (gig.Station, error)
	Board(ctx context.Context, id gig.StationID) (gig.Board, error)
	Console(ctx context.Context, actor access.Actor, id gig.StationID) (gig.Console, error)
}

// Station is a physical gig market.
type Station struct {
	ID         string   `json:"id" format:"uuid"`
	Name       string   `json:"name"`
	Town       string   `json:"town"`
	TownName   string   `json:"town_name"`
	Address    string   `json:"address"`
	Lat        float64  `json:"lat"`
	Lng        float64  `json:"lng"`
	Phone      string   `json:"phone"`
	Hours      string   `json:"hours"`
	Grade      string   `json:"grade" enum:"standard,provincial_demo"`
	Facilities []string `json:"facilities"`
}

// StationBoard is the big screen: public, without personal data.
type StationBoard struct {
	Station Station      `json:"station"`
	Now     time.Time    `json:"now"`
	Urgent  []PostingHit `json:"urgent"`
	Rolling []PostingHit `json:"rolling"`
	Today   StationToday `json:"today"`
}

// StationToday is a station's town in numbers.
type StationToday struct {
	Places         int64 `json:"places" doc:"places of today's shifts"`
	OpenPlaces     int64 `json:"open_places"`
	Placed         int64 `json:"placed"`
	WorkersWaiting int64 `json:"workers_waiting"`
	Reviews        int64 `json:"reviews"`
}

// StationConsole is what waits for a station's operator.
type StationConsole struct {
	Station    Station       `json:"station"`
	Waiting    []Worker      `json:"waiting" doc:"free today, the longest waiting first"`
	Reviews    []Posting     `json:"reviews" doc:"postings that wait for a reviewer"`
	Today      []Engagement  `json:"today"`
	Unanswered []Engagement  `json:"unanswered"`
	Counts     ConsoleCounts `json:"counts"`
}

// ConsoleCounts are the console in numbers.
type ConsoleCounts struct {
	StationToday
	Today      int `json:"today"`
	Unanswered int `json:"unanswered"`
}

func (a *API) stationRoutes() {
	const tag = "stations 零工市场"
	handle(a, route{method: http.MethodGet, path: "/stations", id: "list-stations", tag: tag, summary: "零工市场名录", public: true}, a.listStations)
	handle(a, route{method: http.MethodPost, path: "/stations", id: "open-station", tag: tag, summary: "新设零工市场", may: access.StationManage, status: http.StatusCreated}, a.openStation)
	handle(a, route{method: http.MethodGet, path: "/stations/{id}/board", id: "get-station-board", tag: tag, summary: "大屏", public: true}, a.stationBoard)
	handle(a, route{method: http.MethodGet, path: "/stations/{id}/console", id: "get-station-console", tag: tag, summary: "值班台", may: access.MatchRun}, a.stationConsole)
}

func (a *API) newStation(s gig.Station) Station {
	return Station{
		ID: string(s.ID), Name: s.Name, Town: s.Town, TownName: a.Names.Region(s.Town), Address: s.Address,
		Lat: s.Place.Lat(), Lng: s.Place.Lng(), Phone: s.Phone, Hours: s.Hours, Grade: s.Grade, Facilities: some(s.Facilities),
	}
}

// some makes an absent list an empty one: JSON lists are never null.
func some[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

func newToday(c gig.DayCounts) StationToday {
	return StationToday{Places: c.Places, OpenPlaces: c.Places - c.Placed, Placed: c.Placed, WorkersWaiting: c.Waiting, Reviews: c.Reviews}
}

func (a *API) listStations(ctx context.Context, _ access.Actor, _ *nothing) (*body[list[Station]], error) {
	all, err := a.Stations.Stations(ctx)
	if err != nil {
		return nil, err
	}
	out := list[Station]{Items: []Station{}}
	for _, s := range all {
		out.Items = append(out.Items, a.newStation(s))
	}
	return &body[list[Station]]{out}, nil
}

type stationInput struct {
	Body struct {
		Name       string   `json:"name" minLength:"2" maxLength:"60"`
		Town       string   `json:"town" pattern:"^[0-9]{12}$"`
		Address    string   `json:"address,omitempty" maxLength:"200"`
		Lat        float64  `json:"lat,omitempty"`
		Lng        float64  `json:"lng,omitempty"`
		Phone      string   `json:"phone,omitempty" maxLength:"40" doc:"public service line"`
		Hours      string   `json:"hours,omitempty" maxLength:"100"`
		Grade      string   `json:"grade,omitempty" enum:"standard,provincial_demo"`
		Facilities []string `json:"facilities,omitempty" maxItems:"40"`
	}
}

func (a *API) openStation(ctx context.Context, actor access.Actor, in *stationInput) (*body[Station], error) {
	b := in.Body
	s, err := a.Stations.OpenStation(ctx, actor, gig.Station{
		Name: b.Name, Town: b.Town, Address: b.Address, Place: gig.PointOf(b.Lat, b.Lng), Phone: b.Phone, Hours: b.Hours, Grade: b.Grade, Facilities: b.Facilities,
	})
	if err != nil {
		return nil, err
	}
	return &body[Station]{a.newStation(s)}, nil
}

func (a *API) stationBoard(ctx context.Context, _ access.Actor, in *ByID) (*body[StationBoard], error) {
	b, err := a.Stations.Board(ctx, gig.StationID(in.ID))
	if err != nil {
		return nil, err
	}
	out := StationBoard{Station: a.newStation(b.Station), Now: b.At, Urgent: []PostingHit{}, Rolling: []PostingHit{}, Today: newToday(b.Counts)}
	for _, v := range b.Urgent {
		out.Urgent = append(out.Urgent, PostingHit{Posting: a.newPosting(v)})
	}
	for _, v := range b.Rolling {
		out.Rolling = append(out.Rolling, PostingHit{Posting: a.newPosting(v)})
	}
	return &body[StationBoard]{out}, nil
}

func (a *API) stationConsole(ctx context.Context, actor access.Actor, in *ByID) (*body[StationConsole], error) {
	c, err := a.Stations.Console(ctx, actor, gig.StationID(in.ID))
	if err != nil {
		return nil, err
	}
	var station gig.StationID // her own station's scope is wider than the station's own postings
	if actor.Station != in.ID {
		station = gig.StationID(in.ID)
	}
	today, err := a.engagementPage(ctx, actor, gig.EngagementFilter{Station: station, Date: a.today(), Limit: 200})
	if err != nil {
		return nil, err
	}
	unanswered, err := a.engagementPage(ctx, actor, gig.EngagementFilter{Station: station, Statuses: []gig.EngagementStatus{gig.Applied, gig.Invited}, Limit: 100})
	if err != nil {
		return nil, err
	}
	out := StationConsole{
		Station: a.newStation(c.Station), Waiting: a.newWorkers(c.Waiting), Reviews: make([]Posting, 0, len(c.Reviews)),
		Today: today.Body.Items, Unanswered: unanswered.Body.Items,
		Counts: ConsoleCounts{newToday(c.Counts), len(today.Body.Items), len(unanswered.Body.Items)},
	}
	for _, v := range c.Reviews {
		out.Reviews = append(out.Reviews, a.newPosting(v))
	}
	return &body[StationConsole]{out}, nil
}
