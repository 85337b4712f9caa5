package httpapi

import (
	"context"
	"net/http"
	"time"

	"linggong/internal/access"
	"linggong/internal/day"
	"linggong/internal/errs"
	"linggong/internal/gig"
)

// Workers is the roster of those who seek work.
type Workers interface {
	RegisterWorker(ctx context.Context, actor access.Actor, f gig.WorkerForm) (gig.WorkerView, error)
	ChangeWorker(ctx context.Context, actor access.Actor, id gig.WorkerID, f gig.WorkerForm, version int64) (gig.WorkerView, error)
	SetAvailableToday(ctx context.Context, actor access.Actor, id gig.WorkerID, yes bool) (gig.WorkerView, error)
	Worker(ctx context.Context, actor access.Actor, id gig.WorkerID) (gig.WorkerView, error)
	OwnWorker(ctx context.Context, actor access.Actor) (gig.WorkerView, error)
	Workers(ctx context.Context, actor access.Actor, f gig.WorkerFilter) (gig.Page[gig.WorkerView], error)
	SearchWorkers(ctx context.Context, actor access.Actor, text string) (gig.WorkerResult, error)
}

// Worker is a job seeker, masked.
type Worker struct {
	ID             string        `json:"id" format:"uuid"`
	PersonID       string        `json:"person_id" format:"uuid"`
	NameMasked     string        `json:"name_masked"`
	PhoneMasked    string        `json:"phone_masked"`
	Age            int           `json:"age,omitempty" doc:"absent where no birth is known"`
	Sex            string        `json:"sex,omitempty" doc:"never used in matching"`
	Village        string        `json:"village"`
	VillageName    string        `json:"village_name"`
	Light          bool          `json:"light" doc:"registered at a kiosk by surname and phone only"`
	Trades         []WorkerTrade `json:"trades"`
	Certificates   []Certificate `json:"certificates"`
	RadiusM        int64         `json:"radius_m"`
	FloorHourFen   int64         `json:"floor_hour_fen,omitempty"`
	Available      Availability  `json:"available"`
	AvailableToday bool          `json:"available_today"`
	WaitingSince   *time.Time    `json:"waiting_since,omitempty"`
	Completed      int64         `json:"completed"`
	NoShows90d     int64         `json:"no_shows_90d"`
	Rating         *Rating       `json:"rating,omitempty"`
	Consent        string        `json:"consent" enum:"paper,spoken,self"`
	Version        int64         `json:"version"`
}

// WorkerTrade is one trade of a worker.
type WorkerTrade struct {
	ID    string `json:"id" maxLength:"40"`
	Level int    `json:"level,omitempty" minimum:"1" maximum:"3" doc:"1 learner, 2 can, 3 master"`
	Name  string `json:"name,omitempty" readOnly:"true"`
}

// Certificate is a paper the law asks for.
type Certificate struct {
	Kind    string   `json:"kind" maxLength:"40"`
	Expires day.Date `json:"expires,omitempty" format:"date"`
}

// Availability is a worker's usual hours.
type Availability struct {
	Days []int  `json:"days" doc:"0 Sunday to 6 Saturday; none means any"`
	From string `json:"from" pattern:"^([01][0-9]|2[0-3]):[0-5][0-9]$" example:"07:00"`
	To   string `json:"to" pattern:"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$" example:"18:00" doc:"equal to from: all day; earlier: over midnight"`
}

func (a *API) workerRoutes() {
	const tag = "workers 求职者"
	handle(a, route{method: http.MethodGet, path: "/workers", id: "list-workers", tag: tag, summary: "求职者", may: access.WorkerRead}, a.listWorkers)
	handle(a, route{method: http.MethodPost, path: "/workers/search", id: "search-workers", tag: tag, summary: "按姓名、手机号、身份证号，或按会做什么、什么时候有空查找（不进入网址）", may: access.WorkerRead, unkept: true}, a.searchWorkers)
	handle(a, route{method: http.MethodPost, path: "/workers", id: "register-worker", tag: tag, summary: "登记求职者（代办）", may: access.WorkerRegister, status: http.StatusCreated}, a.registerWorker)
	handle(a, route{method: http.MethodGet, path: "/workers/me", id: "get-own-worker", tag: tag, summary: "我的求职登记", may: access.WorkerRead}, a.ownWorker)
	handle(a, route{method: http.MethodPut, path: "/workers/me", id: "put-own-worker", tag: tag, summary: "填写或修改我的求职登记", may: access.WorkerRegister}, a.putOwnWorker)
	handle(a, route{method: http.MethodGet, path: "/workers/{id}/openings", id: "list-worker-openings", tag: tag, summary: "近几天适合此人的活，最合适的在前", may: access.WorkerRead}, a.openings)
	handle(a, route{method: http.MethodGet, path: "/workers/{id}", id: "get-worker", tag: tag, summary: "求职者", may: access.WorkerRead}, a.getWorker)
	handle(a, route{method: http.MethodPut, path: "/workers/{id}", id: "change-worker", tag: tag, summary: "修改求职登记", may: access.WorkerChange}, a.changeWorker)
	handle(a, route{method: http.MethodPost, path: "/workers/{id}/available-today", id: "set-available-today", tag: tag, summary: "今天能来", may: access.WorkerChange}, a.availableToday)
}

func (a *API) newWorker(v gig.WorkerView) Worker {
	today := a.today()
	w := Worker{
		ID: string(v.ID), PersonID: v.PersonID, NameMasked: v.Card.NameMasked, PhoneMasked: v.Card.PhoneMasked, Age: v.Age(today), Sex: v.Card.Sex,
		Village: v.Village, VillageName: a.Names.Region(v.Village), Light: v.Light, RadiusM: v.RadiusM, FloorHourFen: v.FloorHourFen,
		Trades: []WorkerTrade{}, Certificates: []Certificate{},
		Available:      Availability{Days: []int{}, From: clock(v.Usual.FromMinute), To: clock(v.Usual.ToMinute)},
		AvailableToday: v.AvailableToday(today), WaitingSince: instant(v.WaitingSince), Completed: v.Completed, NoShows90d: v.NoShows90(today),
		Rating: newRating(v.RatingSum, v.RatingCount), Consent: string(v.Consent), Version: v.Version,
	}
	for _, t := range v.Trades {
		w.Trades = append(w.Trades, WorkerTrade{ID: t.Trade, Level: t.Level, Name: tradeName(t.Trade)})
	}
	for _, c := range v.Certificates {
		w.Certificates = append(w.Certificates, Certificate{c.Kind, c.Expires})
	}
	for _, d := range v.Usual.Days {
		w.Available.Days = append(w.Available.Days, int(d))
	}
	return w
}

func clock(minute int) string { return twoDigits(minute/60) + ":" + twoDigits(minute%60) }

func twoDigits(n int) string { return string([]byte{'0' + byte(n/10%10), '0' + byte(n%10)}) }

func minuteOf(clock string) int {
	if len(clock) != 5 {
		return 0
	}
	return (int(clock[0]-'0')*10+int(clock[1]-'0'))*60 + int(clock[3]-'0')*10 + int(clock[4]-'0')
}

// WorkerForm is what is written of a worker. The first five fields go to the
// person registry and are read at registration only.
type WorkerForm struct {
	Name         string        `json:"name,omitempty" maxLength:"40"`
	IDNumber     string        `json:"id_number,omitempty" maxLength:"18"`
	Phone        string        `json:"phone,omitempty" maxLength:"11"`
	Birth        day.Date      `json:"birth,omitempty" format:"date" doc:"where no ID number is given"`
	Consent      string        `json:"consent,omitempty" enum:"paper,spoken,self"`
	Village      string        `json:"village" maxLength:"12"`
	Trades       []WorkerTrade `json:"trades,omitempty" maxItems:"20"`
	Certificates []Certificate `json:"certificates,omitempty" maxItems:"20"`
	RadiusM      int64         `json:"radius_m,omitempty" minimum:"0"`
	FloorHourFen int64         `json:"floor_hour_fen,omitempty" minimum:"0"`
	Available    *Availability `json:"available,omitempty"`
	Today        *bool         `json:"available_today,omitempty"`
}

func (f WorkerForm) form(light bool) gig.WorkerForm {
	out := gig.WorkerForm{
		Person:  gig.NewPerson{Name: f.Name, IDNumber: f.IDNumber, Phone: f.Phone, Birth: f.Birth, Consent: gig.Consent(f.Consent), Light: light},
		Village: f.Village, RadiusM: f.RadiusM, FloorHourFen: f.FloorHourFen,
	}
	for _, t := range f.Trades {
		out.Trades = append(out.Trades, gig.TradeSkill{Trade: t.ID, Level: t.Level})
	}
	for _, c := range f.Certificates {
		out.Certificates = append(out.Certificates, gig.Certificate{Kind: c.Kind, Expires: c.Expires})
	}
	if v := f.Available; v != nil {
		out.Usual.FromMinute, out.Usual.ToMinute = minuteOf(v.From), minuteOf(v.To)
		for _, d := range v.Days {
			if d >= 0 && d <= 6 {
				out.Usual.Days = append(out.Usual.Days, time.Weekday(d))
			}
		}
	}
	return out
}

type workerQuery struct {
	PageQuery
	Trade          string `query:"trade" maxLength:"40"`
	Town           string `query:"town" maxLength:"12"`
	AvailableToday bool   `query:"available_today"`
}

func (a *API) listWorkers(ctx context.Context, actor access.Actor, in *workerQuery) (*body[list[Worker]], error) {
	f := gig.WorkerFilter{Town: in.Town, Cursor: in.Cursor, Limit: in.Limit}
	if in.Trade != "" {
		f.Trades = []string{in.Trade}
	}
	if in.AvailableToday {
		f.Available = a.today()
	}
	page, err := a.Workers.Workers(ctx, actor, f)
	if err != nil {
		return nil, err
	}
	return &body[list[Worker]]{list[Worker]{Items: a.newWorkers(page.Items), Next: page.Next}}, nil
}

// searchWorkers takes whom to look for in the body: a name or a phone stands in
// no address and no log.
func (a *API) searchWorkers(ctx context.Context, actor access.Actor, in *struct {
	Body struct {
		Q string `json:"q" minLength:"1" maxLength:"40" doc:"a whole name, phone or ID number, or words: what they do, when, where (保洁 周末 许村)"`
	}
},
) (*body[WorkerResult], error) {
	r, err := a.Workers.SearchWorkers(ctx, actor, in.Body.Q)
	if err != nil {
		return nil, err
	}
	return &body[WorkerResult]{WorkerResult{Items: a.newWorkers(r.Items), Chips: newChips(r.Chips), Degraded: r.Degraded}}, nil
}

// WorkerResult is whom a search found, the best first.
type WorkerResult struct {
	Items    []Worker     `json:"items"`
	Next     string       `json:"next" doc:"always empty: the best come on one page"`
	Chips    []SearchChip `json:"chips" doc:"what the words were understood to say"`
	Degraded bool         `json:"degraded" doc:"the text engine did not answer; the database did"`
}

func (a *API) newWorkers(all []gig.WorkerView) []Worker {
	out := make([]Worker, len(all))
	for i, v := range all {
		out[i] = a.newWorker(v)
	}
	return out
}

func (a *API) worker(v gig.WorkerView, err error) (*body[Worker], error) {
	if err != nil {
		return nil, err
	}
	return &body[Worker]{a.newWorker(v)}, nil
}

func (a *API) registerWorker(ctx context.Context, actor access.Actor, in *struct{ Body WorkerForm }) (*body[Worker], error) {
	light := actor.Role == access.Kiosk
	return a.withToday(ctx, actor, in.Body)(a.Workers.RegisterWorker(ctx, actor, in.Body.form(light)))
}

// withToday records "today I can come" where the form says so.
func (a *API) withToday(ctx context.Context, actor access.Actor, f WorkerForm) func(gig.WorkerView, error) (*body[Worker], error) {
	return func(v gig.WorkerView, err error) (*body[Worker], error) {
		if err == nil && f.Today != nil && *f.Today != v.AvailableToday(a.today()) {
			if actor.Role == access.Worker {
				actor.Person = v.PersonID // just bound to the account
			}
			v, err = a.Workers.SetAvailableToday(ctx, actor, v.ID, *f.Today)
		}
		return a.worker(v, err)
	}
}

func (a *API) getWorker(ctx context.Context, actor access.Actor, in *ByID) (*body[Worker], error) {
	return a.worker(a.Workers.Worker(ctx, actor, gig.WorkerID(in.ID)))
}

func (a *API) ownWorker(ctx context.Context, actor access.Actor, _ *nothing) (*body[Worker], error) {
	return a.worker(a.Workers.OwnWorker(ctx, actor))
}

func (a *API) putOwnWorker(ctx context.Context, actor access.Actor, in *struct {
	IfMatch
	Body WorkerForm
},
) (*body[Worker], error) {
	if actor.Role != access.Worker {
		return nil, access.ErrForbidden
	}
	own, err := a.Workers.OwnWorker(ctx, actor)
	if errs.KindOf(err) == errs.NotFound {
		return a.withToday(ctx, actor, in.Body)(a.Workers.RegisterWorker(ctx, actor, in.Body.form(false)))
	}
	if err != nil {
		return nil, err
	}
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	return a.withToday(ctx, actor, in.Body)(a.Workers.ChangeWorker(ctx, actor, own.ID, in.Body.form(false), version))
}

func (a *API) changeWorker(ctx context.Context, actor access.Actor, in *struct {
	ByID
	IfMatch
	Body WorkerForm
},
) (*body[Worker], error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	return a.withToday(ctx, actor, in.Body)(a.Workers.ChangeWorker(ctx, actor, gig.WorkerID(in.ID), in.Body.form(false), version))
}

func (a *API) availableToday(ctx context.Context, actor access.Actor, in *struct {
	ByID
	Body struct {
		Yes bool `json:"yes"`
	}
},
) (*body[Worker], error) {
	return a.worker(a.Workers.SetAvailableToday(ctx, actor, gig.WorkerID(in.ID), in.Body.Yes))
}
