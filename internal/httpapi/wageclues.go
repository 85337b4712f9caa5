package httpapi

import (
	"context"
	"net/http"
	"time"

	"linggong/internal/access"
	"linggong/internal/day"
	"linggong/internal/labour"
)

// WageClues is what happens when pay is owed.
type WageClues interface {
	Open(ctx context.Context, actor access.Actor, in labour.Report) (labour.Clue, error)
	Do(ctx context.Context, actor access.Actor, id labour.ID, act labour.Act, d labour.Details) (labour.Clue, error)
	Clue(ctx context.Context, actor access.Actor, id labour.ID) (labour.Clue, []labour.Step, error)
	Clues(ctx context.Context, actor access.Actor, f labour.Filter) ([]labour.Clue, error)
}

// WageClue is a report that pay is owed, and what became of it.
type WageClue struct {
	ID           string         `json:"id" format:"uuid"`
	EngagementID string         `json:"engagement_id" format:"uuid"`
	Title        string         `json:"title"`
	EmployerID   string         `json:"employer_id" format:"uuid"`
	EmployerName string         `json:"employer_name"`
	PersonID     string         `json:"person_id" format:"uuid"`
	NameMasked   string         `json:"name_masked"`
	Village      string         `json:"village"`
	VillageName  string         `json:"village_name"`
	Status       string         `json:"status" enum:"received,checking,confirmed,not_established,resolved,transferred,withdrawn"`
	ClaimedFen   int64          `json:"claimed_fen"`
	FoundFen     int64          `json:"found_fen,omitempty" doc:"owed, as confirmed"`
	PaidFen      int64          `json:"paid_fen,omitempty" doc:"paid in the end"`
	Story        string         `json:"story" doc:"the worker's own words; only to her and to officers"`
	OpenedAt     time.Time      `json:"opened_at"`
	Due          day.Date       `json:"due,omitempty" format:"date" doc:"of the next step"`
	OverdueDays  int            `json:"overdue_days,omitempty"`
	Next         []string       `json:"next" doc:"what the asker may do now"`
	Steps        []WageClueStep `json:"steps"`
	Version      int64          `json:"version"`
}

// WageClueStep is one act of the history.
type WageClueStep struct {
	Act    string    `json:"act,omitempty"`
	Status string    `json:"status"`
	At     time.Time `json:"at"`
	ByRole string    `json:"by_role"`
	ByName string    `json:"by_name,omitempty"`
	Reason string    `json:"reason,omitempty"`
	Fen    int64     `json:"fen,omitempty"`
}

func (a *API) wageClueRoutes() {
	const tag = "wage-clues 欠薪线索"
	handle(a, route{method: http.MethodPost, path: "/wage-clues", id: "open-wage-clue", tag: tag, summary: "反映欠薪（本人或代办）", may: access.WageClueOpen, status: http.StatusCreated}, a.openWageClue)
	handle(a, route{method: http.MethodGet, path: "/wage-clues", id: "list-wage-clues", tag: tag, summary: "欠薪线索", may: access.WageClueOpen}, a.listWageClues)
	handle(a, route{method: http.MethodGet, path: "/wage-clues/{id}", id: "get-wage-clue", tag: tag, summary: "一条线索和办理经过", may: access.WageClueOpen}, a.getWageClue)
	for _, e := range wageClueActs {
		handle(a, route{method: http.MethodPost, path: "/wage-clues/{id}/" + string(e.act), id: "wage-clue-" + string(e.act), tag: tag, summary: e.summary, may: e.may},
			func(ctx context.Context, actor access.Actor, in *wageClueAct) (*body[WageClue], error) {
				c, err := a.WageClues.Do(ctx, actor, labour.ID(in.ID), e.act, labour.Details{Reason: in.Body.Reason, Fen: in.Body.AmountFen})
				return a.wageClue(ctx, actor, c, err)
			})
	}
}

var wageClueActs = []struct {
	act     labour.Act
	summary string
	may     access.Action
}{
	{labour.Accept, "受理", access.WageClueHandle},
	{labour.Confirm, "查实", access.WageClueHandle},
	{labour.Dismiss, "查无欠薪", access.WageClueHandle},
	{labour.Resolve, "已付清", access.WageClueHandle},
	{labour.Transfer, "转办", access.WageClueHandle},
	{labour.Withdraw, "撤回", access.WageClueOpen},
}

type wageClueForm struct {
	Body struct {
		EngagementID string `json:"engagement_id" format:"uuid"`
		AmountFen    int64  `json:"amount_fen" minimum:"1" maximum:"100000000"`
		Story        string `json:"story" minLength:"1" maxLength:"1000"`
	}
}

type wageClueAct struct {
	ByID
	Body struct {
		Reason    string `json:"reason,omitempty" maxLength:"1000"`
		AmountFen int64  `json:"amount_fen,omitempty" minimum:"0" maximum:"100000000"`
	}
}

type wageClueQuery struct {
	PageQuery
	Open   bool   `query:"open" doc:"only those under way, the soonest due first"`
	Status string `query:"status" enum:"received,checking,confirmed,not_established,resolved,transferred,withdrawn"`
}

func (a *API) openWageClue(ctx context.Context, actor access.Actor, in *wageClueForm) (*body[WageClue], error) {
	c, err := a.WageClues.Open(ctx, actor, labour.Report{Engagement: in.Body.EngagementID, ClaimedFen: in.Body.AmountFen, Story: in.Body.Story})
	return a.wageClue(ctx, actor, c, err)
}

func (a *API) getWageClue(ctx context.Context, actor access.Actor, in *ByID) (*body[WageClue], error) {
	return a.wageClue(ctx, actor, labour.Clue{ID: labour.ID(in.ID)}, nil)
}

// wageClue answers with the clue as it stands now, and its history.
func (a *API) wageClue(ctx context.Context, actor access.Actor, c labour.Clue, err error) (*body[WageClue], error) {
	if err != nil {
		return nil, err
	}
	c, steps, err := a.WageClues.Clue(ctx, actor, c.ID)
	if err != nil {
		return nil, err
	}
	people, err := a.Names.People(ctx, []string{c.Person})
	if err != nil {
		return nil, err
	}
	var by []string
	for _, s := range steps {
		by = append(by, s.By)
	}
	officers, err := a.Names.Accounts(ctx, by)
	if err != nil {
		return nil, err
	}
	out := a.newWageClue(actor, c, people)
	for _, s := range steps {
		out.Steps = append(out.Steps, WageClueStep{string(s.Act), string(s.To), s.At, s.Role, officers[s.By], s.Reason, s.Fen})
	}
	return &body[WageClue]{out}, nil
}

func (a *API) newWageClue(actor access.Actor, c labour.Clue, people map[string]string) WageClue {
	out := WageClue{
		ID: string(c.ID), EngagementID: c.Engagement, Title: c.Title, EmployerID: c.Employer, EmployerName: c.Name, PersonID: c.Person, NameMasked: people[c.Person],
		Village: c.Village, VillageName: a.Names.Region(c.Village), Status: string(c.Status), ClaimedFen: c.ClaimedFen, FoundFen: c.FoundFen, PaidFen: c.PaidFen,
		Story: c.Story, OpenedAt: c.OpenedAt, Due: c.Due, Next: codes(c.Next(actor)), Steps: []WageClueStep{}, Version: c.Version,
	}
	if late := a.today().Sub(c.Due); c.Due != "" && late > 0 {
		out.OverdueDays = late
	}
	return out
}

func (a *API) listWageClues(ctx context.Context, actor access.Actor, in *wageClueQuery) (*body[list[WageClue]], error) {
	limit := in.Limit
	if limit <= 0 {
		limit = 50
	}
	all, err := a.WageClues.Clues(ctx, actor, labour.Filter{Open: in.Open, Status: labour.Status(in.Status), After: labour.ID(in.Cursor), Limit: limit})
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(all))
	for i, c := range all {
		ids[i] = c.Person
	}
	people, err := a.Names.People(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := list[WageClue]{Items: make([]WageClue, 0, len(all))}
	for _, c := range all {
		out.Items = append(out.Items, a.newWageClue(actor, c, people))
	}
	if len(all) == limit && !in.Open {
		out.Next = string(all[limit-1].ID)
	}
	return &body[list[WageClue]]{out}, nil
}
