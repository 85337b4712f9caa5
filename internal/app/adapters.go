package app

import (
	"context"
	"strconv"
	"strings"
	"time"

	"linggong/internal/access"
	"linggong/internal/cache"
	"linggong/internal/day"
	"linggong/internal/event"
	"linggong/internal/gig"
	"linggong/internal/gig/gigdb"
	"linggong/internal/hardship"
	"linggong/internal/hardship/hardshipdb"
	"linggong/internal/httpapi"
	"linggong/internal/identity"
	"linggong/internal/indicator"
	"linggong/internal/labour"
	"linggong/internal/person"
	"linggong/internal/region"
	"linggong/internal/rules"
	"linggong/internal/welfare"
)

// The rooms do not know each other; these few lines are where they meet.

// marketPeople is the person registry as the gig market asks for it.
type marketPeople struct{ *person.Service }

func (p marketPeople) Register(ctx context.Context, actor access.Actor, n gig.NewPerson) (string, error) {
	in := person.NewPerson{
		Name: n.Name, IDNumber: n.IDNumber, Phone: n.Phone, Village: n.Village, Light: n.Light || actor.Role == access.Worker,
		Purpose: person.ForGigMarket, How: person.How(n.Consent), PhoneProved: actor.Role == access.Worker,
	}
	if n.Birth != "" {
		in.BirthYear = n.Birth.Year()
	}
	r, err := p.Service.Register(ctx, actor, in)
	return r.ID, err
}

func (p marketPeople) Cards(ctx context.Context, ids []string) (map[string]gig.PersonCard, error) {
	cards, err := p.Service.Cards(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := make(map[string]gig.PersonCard, len(cards))
	for id, c := range cards {
		out[id] = gig.PersonCard{NameMasked: c.NameMasked, PhoneMasked: c.PhoneMasked, Sex: string(c.Sex), Birth: c.Birth, Village: c.Village}
	}
	return out, nil
}

// deskPeople is the person registry as the desk asks for it.
type deskPeople struct{ *person.Service }

func deskCard(c person.Card) hardship.PersonCard {
	return hardship.PersonCard{ID: c.ID, NameMasked: c.NameMasked, Sex: string(c.Sex), Birth: c.Birth, Village: c.Village, Retire: string(c.Retire)}
}

func (p deskPeople) Card(ctx context.Context, id string) (hardship.PersonCard, error) {
	c, err := p.Service.Card(ctx, id)
	return deskCard(c), err
}

func (p deskPeople) Cards(ctx context.Context, ids []string) (map[string]hardship.PersonCard, error) {
	cards, err := p.Service.Cards(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := make(map[string]hardship.PersonCard, len(cards))
	for id, c := range cards {
		out[id] = deskCard(c)
	}
	return out, nil
}

// welfarePeople is the person registry as welfare asks for it.
type welfarePeople struct{ *person.Service }

func (p welfarePeople) Cards(ctx context.Context, ids []string) (map[string]welfare.Card, error) {
	cards, err := p.Service.Cards(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := make(map[string]welfare.Card, len(cards))
	for id, c := range cards {
		out[id] = welfare.Card{NameMasked: c.NameMasked, Sex: string(c.Sex), Birth: c.Birth, RetireCategory: string(c.Retire), Village: c.Village}
	}
	return out, nil
}

// welfareRegister is the hardship register as welfare asks for it.
type welfareRegister struct {
	desk  *hardship.Service
	store *hardshipdb.Store
}

func (r welfareRegister) Recognised(ctx context.Context, id string, on day.Date) (welfare.Recognised, bool, error) {
	x, ok, err := r.store.RecognisedPerson(ctx, id, on)
	return welfare.Recognised(x), ok, err
}

func (r welfareRegister) Candidates(ctx context.Context, prefix string, on day.Date) ([]welfare.Recognised, error) {
	all, err := r.store.RecognisedPeople(ctx, prefix, on)
	if err != nil {
		return nil, err
	}
	out := make([]welfare.Recognised, len(all))
	for i, x := range all {
		out[i] = welfare.Recognised(x)
	}
	return out, nil
}

func (r welfareRegister) RecordMeasure(ctx context.Context, actor access.Actor, id, kind string, on day.Date, ref event.Ref) error {
	return r.desk.RecordMeasure(ctx, actor, id, kind, on, ref)
}

// labourMarket is the gig market as wage clues ask for it.
type labourMarket struct{ store *gigdb.Store }

func (m labourMarket) Work(ctx context.Context, id string) (labour.Work, error) {
	e, err := m.store.Engagement(ctx, gig.EngagementID(id))
	if err != nil {
		return labour.Work{}, err
	}
	p, err := m.store.Posting(ctx, e.PostingID)
	if err != nil {
		return labour.Work{}, err
	}
	boss, err := m.store.Employer(ctx, e.EmployerID)
	if err != nil {
		return labour.Work{}, err
	}
	return labour.Work{
		Engagement: id, Posting: string(p.ID), Title: p.Title, Employer: string(boss.ID), EmployerName: boss.Name, Person: e.PersonID, Village: e.Village,
		On: day.Of(e.StartsAt), Worked: !e.CheckedInAt.IsZero(), Paid: !e.PaidAt.IsZero(),
	}, nil
}

// helpRegister tells indicator 3 who must be helped.
type helpRegister struct{ store *hardshipdb.Store }

func (h helpRegister) Eligible(ctx context.Context, prefix string, from, to day.Date) ([]indicator.Eligible, error) {
	list, err := h.store.Eligible(ctx, prefix, from, to)
	if err != nil {
		return nil, err
	}
	out := make([]indicator.Eligible, len(list))
	for i, e := range list {
		out[i] = indicator.Eligible{Person: e.Person, Region: e.Region, OverdueDays: e.OverdueDays}
	}
	return out, nil
}

// places names what accounts and screens point at.
type places struct {
	tree *region.Tree
	gigs gig.Store
}

func (p places) Region(code string) string { return p.tree.Name(region.Code(code)) }

func (p places) Station(ctx context.Context, id string) (name, town string, err error) {
	st, err := p.gigs.Station(ctx, gig.StationID(id))
	if err != nil {
		return "", "", err
	}
	return st.Name, p.tree.Name(region.Code(st.Town)), nil
}

func (p places) Employer(ctx context.Context, id string) (string, error) {
	e, err := p.gigs.Employer(ctx, gig.EmployerID(id))
	return e.Name, err
}

// names turns ids into words for screens; people come masked.
type names struct {
	tree     *region.Tree
	people   *person.Service
	accounts *identity.Service
}

func (n names) Region(code string) string { return n.tree.Name(region.Code(code)) }

func (n names) Regions(parent string) []httpapi.RegionRef {
	var out []httpapi.RegionRef
	for _, r := range n.tree.Children(region.Code(parent)) {
		out = append(out, httpapi.RegionRef{Code: string(r.Code), Name: r.Name})
	}
	return out
}

func (n names) People(ctx context.Context, ids []string) (map[string]string, error) {
	cards, err := n.people.Cards(ctx, distinct(ids))
	if err != nil {
		return nil, err
	}
	out := make(map[string]string, len(cards))
	for id, c := range cards {
		out[id] = c.NameMasked
	}
	return out, nil
}

func (n names) Accounts(ctx context.Context, ids []string) (map[string]string, error) {
	return n.accounts.Names(ctx, distinct(ids))
}

func distinct(ids []string) []string {
	seen := map[string]bool{"": true}
	var out []string
	for _, id := range ids {
		if !seen[id] {
			seen[id] = true
			out = append(out, id)
		}
	}
	return out
}

// limiter is the cache's limiter as the contract asks for it.
type limiter struct{ cache.Limiter }

func (l limiter) Allow(ctx context.Context, key string, limit int, per time.Duration) (bool, time.Duration, error) {
	d, err := l.Limiter.Allow(ctx, key, limit, per)
	return d.OK, d.RetryAfter, err
}

// signInLimit guards passwords and codes. A demo city's are public: there it
// only keeps the door from jamming while several people try the program.
func (a *App) signInLimit() identity.Limiter {
	if a.Demo {
		return generous{a.Cache}
	}
	return a.Cache
}

type generous struct{ cache.Limiter }

func (g generous) Allow(ctx context.Context, key string, limit int, per time.Duration) (cache.Decision, error) {
	return g.Limiter.Allow(ctx, key, 100*limit, per)
}

// regions says which codes are towns and villages of the city.
type regions struct{ tree *region.Tree }

func (r regions) IsTown(code string) bool {
	x, ok := r.tree.Get(region.Code(code))
	return ok && x.Level == region.Town
}

func (r regions) IsVillage(code string) bool {
	x, ok := r.tree.Get(region.Code(code))
	return ok && x.Level == region.Village
}

// definitions are the indicators: the plan's thirteen and our own.
type definitions struct{ all []indicator.Definition }

// counted says which of the plan's indicators acts here add to (domain.md §1.2).
var counted = map[indicator.Key]string{
	indicator.NewUrbanEmployment: "本系统只计已有就业登记编号的公益性岗位安置等，零工本身不计（R-IND-02b）；全市数由部门上报",
	indicator.HelpRate:           "本系统台账计算：认定有效、有意愿且有能力的人中，年内得到实质帮扶的比例",
	indicator.Training:           "本系统登记的结业人次；全市累计由部门上报",
	indicator.WageClueRate:       "本系统受理的零工欠薪线索：已化解 ÷ 查实；全市数由部门上报",
	indicator.MediationRate:      "本系统登记的调解：达成协议 ÷ 结案；全市数由部门上报",
}

func newDefinitions() definitions {
	var d definitions
	for _, p := range rules.PlanIndicators() {
		key := indicator.Key(strconv.Itoa(p.No))
		note, ours := counted[key]
		if !ours {
			note = "由主管部门上报，本系统不计算"
		}
		d.all = append(d.all, indicator.Definition{
			Key: key, No: p.No, Name: p.Name, Task: p.Task, Unit: p.Unit, DisplayUnit: p.DisplayUnit, Scale: p.Scale, Nature: indicator.Nature(p.Nature),
			Lower: p.No == 1, Counted: ours, Judged: key == indicator.HelpRate, Note: note, Target: p.Target,
		})
	}
	own := func(key indicator.Key, name, unit string, nature indicator.Nature, note string) {
		d.all = append(d.all, indicator.Definition{Key: key, Name: name, Unit: unit, DisplayUnit: unit, Scale: 1, Nature: nature, Counted: true, Note: note})
	}
	own(indicator.GigPlaces, "零工岗位发布数", "个", indicator.AnnualFlow, "发布时的招用人数")
	own(indicator.GigPlacements, "零工上岗人次", "人次", indicator.AnnualFlow, "签到上岗时计")
	own(indicator.GigSettled, "零工结清人次", "人次", indicator.AnnualFlow, "双方确认工时并记录支付时计")
	own(indicator.GigOnTime, "按时结算率", "%", indicator.Ratio, "约定日期内支付 ÷ 已支付")
	own(indicator.Recognised, "新认定就业困难人员", "人", indicator.AnnualFlow, "认定决定时计")
	own(indicator.Visits, "走访次数", "次", indicator.AnnualFlow, "走访记录时计")
	own(indicator.Measures, "帮扶措施次数", "次", indicator.AnnualFlow, "群发短信等不计（R-HELP-02）")
	own(indicator.WelfarePlaced, "公益性岗位安置", "人次", indicator.AnnualFlow, "上岗时计")
	own(indicator.StableEmployed, "帮扶后稳定就业", "人", indicator.AnnualFlow, "个案以稳定就业结案时计")
	return d
}

// All implements indicator.Definitions.
func (d definitions) All() []indicator.Definition { return d.all }

// Definition implements indicator.Definitions.
func (d definitions) Definition(k indicator.Key) (indicator.Definition, error) {
	for _, x := range d.all {
		if strings.EqualFold(string(x.Key), string(k)) {
			return x, nil
		}
	}
	return indicator.Definition{}, indicator.ErrUnknown
}

// personRoles tells what a person is in the other rooms.
type personRoles struct {
	desk  *hardship.Service
	store *hardshipdb.Store
	gigs  *gigdb.Store
}

func (r personRoles) Roles(ctx context.Context, ids []string) (map[string]httpapi.PersonRole, error) {
	standings, err := r.desk.Standings(ctx, ids)
	if err != nil {
		return nil, err
	}
	groups, err := r.store.GroupsOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	workers, err := r.gigs.WorkersByPerson(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := map[string]httpapi.PersonRole{}
	for _, id := range ids {
		st, role := standings[id], httpapi.PersonRole{Groups: []httpapi.PersonGroup{}, WorkerID: string(workers[id])}
		role.HouseholdID = string(st.Household)
		for _, g := range groups[id] {
			role.Groups = append(role.Groups, httpapi.PersonGroup{Key: string(g.Key), Since: g.Since})
		}
		if st.Case != "" {
			role.OpenCase = &httpapi.PersonCase{ID: string(st.Case), Status: string(st.Status)}
		}
		if st.Recognition != "" {
			c := &httpapi.PersonRecognition{ID: string(st.Recognition), Status: string(st.State), ValidTo: st.ValidTo, Categories: []string{}}
			for _, k := range st.Categories {
				c.Categories = append(c.Categories, string(k))
			}
			role.Recognition = c
		}
		out[id] = role
	}
	return out, nil
}

func (r personRoles) InGroup(ctx context.Context, key string) ([]string, error) {
	return r.store.InGroup(ctx, hardship.GroupKey(key))
}
