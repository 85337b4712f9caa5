package httpapi

import (
	"context"
	"net/http"
	"time"

	"linggong/internal/access"
	"linggong/internal/audit"
	"linggong/internal/day"
	"linggong/internal/indicator"
)

// Indicators is what the dashboard reads.
type Indicators interface {
	Overview(ctx context.Context, actor access.Actor, year int, region string) ([]indicator.Reading, error)
	Regions(ctx context.Context, actor access.Actor, key indicator.Key, year int, parent string) ([]indicator.Cell, indicator.Definition, error)
	Facts(ctx context.Context, actor access.Actor, q indicator.FactQuery) (indicator.FactPage, error)
	Fact(ctx context.Context, actor access.Actor, id string) (indicator.Fact, error)
	Reverse(ctx context.Context, actor access.Actor, id, reason string) (indicator.Fact, error)
	Unhelped(ctx context.Context, actor access.Actor, year int, region string) ([]indicator.Eligible, error)
	AsOf(year int) day.Date
	City() string
}

// Names turns codes and ids into words for a screen: masked where they are
// names of people.
type Names interface {
	Region(code string) string
	Regions(parent string) []RegionRef
	People(ctx context.Context, ids []string) (map[string]string, error)
	Accounts(ctx context.Context, ids []string) (map[string]string, error)
}

// Trace reads the record of acts.
type Trace interface {
	Entry(ctx context.Context, id string) (audit.Entry, error)
	List(ctx context.Context, f audit.Filter) ([]audit.Entry, error)
}

// Indicator is one number of one region in one year.
type Indicator struct {
	Key         string             `json:"key"`
	No          int                `json:"no,omitempty" doc:"1 to 13 in the plan"`
	Name        string             `json:"name"`
	Task        string             `json:"task,omitempty" doc:"重点任务"`
	Unit        string             `json:"unit" doc:"raw unit: persons and not 万人"`
	DisplayUnit string             `json:"display_unit"`
	Scale       int64              `json:"scale" doc:"raw units per displayed unit"`
	Nature      string             `json:"nature" enum:"annual_flow,cumulative_since_2023,point_in_time,ratio"`
	Comparator  string             `json:"comparator,omitempty"`
	Plan        bool               `json:"plan"`
	Year        int                `json:"year"`
	Target      *float64           `json:"target" doc:"raw unit; null where the plan sets none"`
	Ours        *IndicatorOurs     `json:"ours" doc:"our contribution; null where nothing here counts it"`
	Reported    *IndicatorReported `json:"reported" doc:"the city's total as its department reported it"`
	Judged      string             `json:"judged,omitempty" enum:"ours,reported" doc:"which of the two is held against the target"`
	Progress    *float64           `json:"progress" doc:"judged value over target"`
	Met         *bool              `json:"met" doc:"compared unrounded; null when not applicable"`
	Lower       bool               `json:"lower_is_better"`
	Expected    *float64           `json:"expected" doc:"where a steady pace would stand today"`
	Trend       []IndicatorMonth   `json:"trend"`
	Note        string             `json:"source_note"`
}

// IndicatorOurs is what acts in this system add up to.
type IndicatorOurs struct {
	Value       *float64 `json:"value" doc:"null when the denominator is zero: not applicable"`
	Numerator   int64    `json:"numerator"`
	Denominator *int64   `json:"denominator,omitempty"`
}

// IndicatorReported is the newest approved report.
type IndicatorReported struct {
	Value      float64   `json:"value"`
	Period     string    `json:"period"`
	Publisher  string    `json:"publisher"`
	ApprovedAt time.Time `json:"approved_at"`
}

// IndicatorMonth is one month of a trend.
type IndicatorMonth struct {
	Month    string   `json:"month"`
	Ours     *float64 `json:"ours"`
	Reported *float64 `json:"reported"`
}

// IndicatorRegion is an indicator of one child region.
type IndicatorRegion struct {
	Code        string   `json:"code"`
	Name        string   `json:"name"`
	Unassigned  bool     `json:"unassigned,omitempty" doc:"未分配: acts whose village or town is not known"`
	Value       *float64 `json:"ours"`
	Numerator   int64    `json:"numerator"`
	Denominator *int64   `json:"denominator,omitempty"`
}

// Fact is one dated, placed contribution.
type Fact struct {
	ID         string    `json:"id"`
	Indicator  string    `json:"indicator"`
	Part       string    `json:"part" enum:"num,den"`
	Region     string    `json:"region"`
	RegionName string    `json:"region_name"`
	On         day.Date  `json:"on" format:"date"`
	RecordedAt time.Time `json:"recorded_at"`
	Quantity   int64     `json:"quantity"`
	Subject    FactRef   `json:"subject"`
	Person     string    `json:"person_masked,omitempty"`
	PersonID   string    `json:"person_id,omitempty"`
	Cause      FactCause `json:"cause"`
	Excluded   string    `json:"excluded_reason,omitempty" doc:"why it does not count"`
	Reverses   string    `json:"reverses,omitempty"`
	ReversedBy string    `json:"reversed_by,omitempty"`
}

// FactRef points at what a fact is about.
type FactRef struct {
	Kind string `json:"kind"`
	ID   string `json:"id"`
}

// FactCause is the act that made a fact.
type FactCause struct {
	EventID string `json:"event_id"`
	Kind    string `json:"kind"`
}

// FactOpened is a fact with its act.
type FactOpened struct {
	Fact
	Act FactAct `json:"act"`
}

// FactAct is the trace of the act behind a fact.
type FactAct struct {
	AuditID   string    `json:"audit_id"`
	Kind      string    `json:"kind"`
	At        time.Time `json:"at"`
	ActorRole string    `json:"actor_role"`
	ActorName string    `json:"actor_name,omitempty"`
}

// FactList is one page of facts with the count of all.
type FactList struct {
	Items []Fact `json:"items"`
	Next  string `json:"next"`
	Count int64  `json:"count" doc:"of all pages"`
}

// UnhelpedPerson is someone who must be helped and is not yet.
type UnhelpedPerson struct {
	PersonID    string `json:"person_id"`
	Person      string `json:"person_masked"`
	Region      string `json:"region"`
	RegionName  string `json:"region_name"`
	OverdueDays int    `json:"overdue_days"`
}

type yearRegion struct {
	Year   int    `query:"year" minimum:"2023" maximum:"2035" doc:"the current year when absent"`
	Region string `query:"region" pattern:"^\\d{12}$"`
}

func (a *API) indicatorRoutes() {
	const tag = "indicators 指标"
	handle(a, route{method: http.MethodGet, path: "/indicators", id: "list-indicators", tag: tag, summary: "十三项指标与运行指标", may: access.IndicatorRead}, a.listIndicators)
	handle(a, route{method: http.MethodGet, path: "/indicators/{key}/regions", id: "indicator-regions", tag: tag, summary: "下级各地区的数", may: access.IndicatorRead}, a.indicatorRegions)
	handle(a, route{method: http.MethodGet, path: "/indicators/{key}/facts", id: "indicator-facts", tag: tag, summary: "一个数由哪些事实组成", may: access.FactRead}, a.indicatorFacts)
	handle(a, route{method: http.MethodGet, path: "/indicators/3/unhelped", id: "list-unhelped", tag: tag, summary: "应帮未帮名单", may: access.FactRead}, a.unhelped)
	handle(a, route{method: http.MethodGet, path: "/facts/{id}", id: "get-fact", tag: tag, summary: "一条事实与造成它的那件事", may: access.FactRead}, a.getFact)
	handle(a, route{method: http.MethodPost, path: "/facts/{id}/reverse", id: "reverse-fact", tag: tag, summary: "冲销一条事实", may: access.FactReverse}, a.reverseFact)
}

func (a *API) year(y int) int {
	if y == 0 {
		return a.today().Year()
	}
	return y
}

// IndicatorList is every indicator of a region.
type IndicatorList struct {
	Year   int         `json:"year"`
	AsOf   day.Date    `json:"as_of" format:"date"`
	Region RegionRef   `json:"region"`
	Items  []Indicator `json:"items"`
}

func (a *API) listIndicators(ctx context.Context, actor access.Actor, in *yearRegion) (*body[IndicatorList], error) {
	out, err := a.indicators(ctx, actor, a.year(in.Year), in.Region)
	if err != nil {
		return nil, err
	}
	return &body[IndicatorList]{out}, nil
}

func (a *API) indicators(ctx context.Context, actor access.Actor, year int, region string) (IndicatorList, error) {
	readings, err := a.Indicators.Overview(ctx, actor, year, region)
	if err != nil {
		return IndicatorList{}, err
	}
	if region == "" {
		region = a.Indicators.City()
	}
	out := IndicatorList{
		Year: year, AsOf: a.Indicators.AsOf(year), Region: RegionRef{region, a.Names.Region(region)},
		Items: make([]Indicator, 0, len(readings)),
	}
	for _, r := range readings {
		out.Items = append(out.Items, newIndicator(r))
	}
	return out, nil
}

func newIndicator(r indicator.Reading) Indicator {
	d := r.Definition
	out := Indicator{
		Key: string(d.Key), No: d.No, Name: d.Name, Task: d.Task, Unit: d.Unit, DisplayUnit: d.DisplayUnit, Scale: max(d.Scale, 1),
		Nature: string(d.Nature), Comparator: r.Op, Plan: d.Plan(), Year: r.Year, Target: indicator.Float(r.Target),
		Judged: r.JudgedBy, Met: r.Met, Lower: d.Lower, Expected: indicator.Float(r.Expected), Trend: []IndicatorMonth{}, Note: d.Note,
	}
	if d.Counted {
		out.Ours = &IndicatorOurs{Value: indicator.Float(r.Ours), Numerator: r.Sums.Num}
		if d.Nature == indicator.Ratio {
			out.Ours.Denominator = &r.Sums.Den
		}
	}
	if r.Reported != nil {
		out.Reported = &IndicatorReported{
			Value: float64(r.Reported.ValueMicro) / 1e6, Period: r.Reported.Period,
			Publisher: r.Reported.Publisher, ApprovedAt: r.Reported.DecidedAt,
		}
	}
	if v, t := indicator.Float(r.Judged), out.Target; v != nil && t != nil && *t != 0 {
		out.Progress = ptr(*v / *t)
	}
	for _, m := range r.Trend {
		out.Trend = append(out.Trend, IndicatorMonth{m.Month, indicator.Float(m.Ours), indicator.Float(m.Reported)})
	}
	return out
}

type regionsQuery struct {
	Key    string `path:"key" maxLength:"40"`
	Year   int    `query:"year" minimum:"2023" maximum:"2035"`
	Parent string `query:"parent" pattern:"^\\d{12}$"`
}

func (a *API) indicatorRegions(ctx context.Context, actor access.Actor, in *regionsQuery) (*body[list[IndicatorRegion]], error) {
	cells, def, err := a.Indicators.Regions(ctx, actor, indicator.Key(in.Key), a.year(in.Year), in.Parent)
	if err != nil {
		return nil, err
	}
	parent := in.Parent
	if parent == "" {
		parent = a.Indicators.City()
	}
	byCode := map[string]indicator.Cell{}
	for _, c := range cells {
		byCode[c.Region] = c
	}
	items := []IndicatorRegion{}
	add := func(code, name string, unassigned bool) {
		c := byCode[code]
		delete(byCode, code)
		r := IndicatorRegion{Code: code, Name: name, Unassigned: unassigned, Value: indicator.Float(indicator.ValueOf(def, c.Sums)), Numerator: c.Num}
		if def.Nature == indicator.Ratio {
			r.Denominator = ptr(c.Den)
		}
		items = append(items, r)
	}
	for _, child := range a.Names.Regions(parent) {
		add(child.Code, child.Name, false)
	}
	if _, some := byCode[parent]; some {
		add(parent, "未分配", true)
	}
	for _, c := range cells { // a code that is no longer in the tree still counts
		if _, left := byCode[c.Region]; left {
			add(c.Region, c.Region, true)
		}
	}
	return &body[list[IndicatorRegion]]{list[IndicatorRegion]{Items: items}}, nil
}

type factsQuery struct {
	PageQuery
	Key    string `path:"key" maxLength:"40"`
	Year   int    `query:"year" minimum:"2023" maximum:"2035"`
	Month  int    `query:"month" minimum:"1" maximum:"12"`
	Region string `query:"region" pattern:"^\\d{12}$"`
	All    bool   `query:"all" doc:"with what does not count, and why"`
}

func (a *API) indicatorFacts(ctx context.Context, actor access.Actor, in *factsQuery) (*body[FactList], error) {
	page, err := a.Indicators.Facts(ctx, actor, indicator.FactQuery{
		Indicator: indicator.Key(in.Key), Year: a.year(in.Year), Month: in.Month, Region: in.Region, All: in.All, After: in.Cursor, Limit: in.Limit,
	})
	if err != nil {
		return nil, err
	}
	facts, err := a.newFacts(ctx, page.Facts)
	if err != nil {
		return nil, err
	}
	out := FactList{Items: facts, Count: page.Count}
	if len(facts) == in.Limit {
		out.Next = facts[len(facts)-1].ID
	}
	return &body[FactList]{out}, nil
}

func (a *API) newFacts(ctx context.Context, facts []indicator.Fact) ([]Fact, error) {
	ids := make([]string, 0, len(facts))
	for _, f := range facts {
		if f.Person != "" {
			ids = append(ids, f.Person)
		}
	}
	names, err := a.Names.People(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := make([]Fact, 0, len(facts))
	for _, f := range facts {
		out = append(out, Fact{
			ID: f.ID, Indicator: string(f.Indicator), Part: string(f.Part), Region: f.Region, RegionName: a.Names.Region(f.Region),
			On: f.On, RecordedAt: f.RecordedAt, Quantity: f.Quantity, Subject: FactRef{f.Subject.Kind, f.Subject.ID},
			Person: names[f.Person], PersonID: f.Person, Cause: FactCause{f.Cause, string(f.CauseKind)},
			Excluded: f.Excluded, Reverses: f.Reverses, ReversedBy: f.ReversedBy,
		})
	}
	return out, nil
}

func (a *API) getFact(ctx context.Context, actor access.Actor, in *ByID) (*body[FactOpened], error) {
	f, err := a.Indicators.Fact(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	facts, err := a.newFacts(ctx, []indicator.Fact{f})
	if err != nil {
		return nil, err
	}
	e, err := a.Trace.Entry(ctx, f.Cause)
	if err != nil {
		return nil, err
	}
	names, err := a.Names.Accounts(ctx, []string{e.Account})
	if err != nil {
		return nil, err
	}
	return &body[FactOpened]{FactOpened{Fact: facts[0], Act: FactAct{
		AuditID: e.ID, Kind: string(e.Kind), At: e.At, ActorRole: string(e.Role), ActorName: names[e.Account],
	}}}, nil
}

type withReason struct {
	ID   string `path:"id" format:"uuid"`
	Body struct {
		Reason string `json:"reason" minLength:"1" maxLength:"500"`
	}
}

func (a *API) reverseFact(ctx context.Context, actor access.Actor, in *withReason) (*body[Fact], error) {
	f, err := a.Indicators.Reverse(ctx, actor, in.ID, in.Body.Reason)
	if err != nil {
		return nil, err
	}
	facts, err := a.newFacts(ctx, []indicator.Fact{f})
	if err != nil {
		return nil, err
	}
	return &body[Fact]{facts[0]}, nil
}

func (a *API) unhelped(ctx context.Context, actor access.Actor, in *yearRegion) (*body[list[UnhelpedPerson]], error) {
	region := in.Region
	if region == "" {
		region = a.Indicators.City()
	}
	all, err := a.Indicators.Unhelped(ctx, actor, a.year(in.Year), region)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(all))
	for i, e := range all {
		ids[i] = e.Person
	}
	names, err := a.Names.People(ctx, ids)
	if err != nil {
		return nil, err
	}
	items := make([]UnhelpedPerson, 0, len(all))
	for _, e := range all {
		items = append(items, UnhelpedPerson{e.Person, names[e.Person], e.Region, a.Names.Region(e.Region), e.OverdueDays})
	}
	return &body[list[UnhelpedPerson]]{list[UnhelpedPerson]{Items: items}}, nil
}
