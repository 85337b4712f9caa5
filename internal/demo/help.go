package demo

import (
	"context"
	"fmt"
	"strings"
	"time"

	"linggong/internal/access"
	"linggong/internal/day"
	"linggong/internal/hardship"
	"linggong/internal/hardship/helpcase"
	"linggong/internal/hardship/recognition"
	"linggong/internal/region"
	"linggong/internal/rules"
	"linggong/internal/welfare"
)

// helped is a recognised person of the demo.
type helped struct {
	person, village string
	caseworker      access.Actor
	town            access.Actor
	start           day.Date // application
	granted         day.Date
	near            bool // less than five years from retirement
}

// makeHelp brings people through recognition at all times of the two years, and
// leaves some at every step now.
func (c *city) makeHelp(ctx context.Context) error {
	total := c.scaled(200)
	var open []helped
	for i := range total {
		c.o.Progress("帮扶个案", i+1, total)
		h, err := c.applicant(ctx, i)
		if err != nil {
			return err
		}
		stop := ""
		if i%12 == 0 { // these are under way now
			stop = []string{"submitted", "data_checked", "town_review", "publicity", "county_decision"}[(i/12)%5]
		}
		done, err := c.recognise(ctx, &h, stop)
		if err != nil {
			return fmt.Errorf("recognition %d: %w", i, err)
		}
		if !done {
			continue
		}
		c.sum.Cases++
		if err := c.DB.InTx(ctx, func(ctx context.Context) error { return c.helpCase(ctx, h, i) }); err != nil {
			return fmt.Errorf("case %d: %w", i, err)
		}
		open = append(open, h)
	}
	c.placeable = open
	return c.makeHouseholds(ctx)
}

// applicant registers an older resident and makes her registered unemployed.
func (c *city) applicant(ctx context.Context, i int) (helped, error) {
	v := pick(c.rnd, c.villages)
	if i%8 == 1 { // enough for the demo caseworker's desk
		for _, x := range c.villages {
			if c.staff.caseworkers[string(x.Code)].Account == c.staff.caseworkers[c.deskVillage()].Account {
				v = x
				if c.rnd.IntN(3) == 0 {
					break
				}
			}
		}
	}
	man := c.rnd.IntN(2) == 0
	age := 47 + c.rnd.IntN(5) // old enough two years ago as well (R-HARD-01)
	if man {
		age = 57 + c.rnd.IntN(2)
	}
	back := 40 + c.rnd.IntN(365*c.o.Years-60)
	switch {
	case i%12 == 0:
		back = 14
	case i%9 == 4, i%9 == 5:
		back = 24 + c.rnd.IntN(8) // recognised these days: the desk shows what comes next
	}
	h := helped{village: string(v.Code), start: c.today.Add(-back), near: man}
	c.at(h.start.Add(-1), 9, 0)
	p, err := c.Persons.Register(ctx, system, c.human(age, man, h.village))
	if err != nil {
		return h, err
	}
	h.person = p.ID
	h.caseworker = c.staff.caseworkers[h.village]
	h.town = c.staff.town[h.village[:9]]
	return h, nil
}

// deskVillage is a village of the demo's caseworker.
func (c *city) deskVillage() string {
	for _, v := range c.villages {
		if v.Parent == "330481101000" {
			return string(v.Code)
		}
	}
	return string(c.villages[0].Code)
}

// workday moves the clock to a day's office hours, n working days on.
func (c *city) workday(n int) day.Date {
	d := rules.DefaultCalendar().AddWorkingDays(day.Of(c.clock.Now()), n)
	c.at(d, 9+c.rnd.IntN(7), c.rnd.IntN(59))
	return d
}

func (c *city) recognise(ctx context.Context, h *helped, stop string) (bool, error) {
	c.at(h.start, 9, 30)
	yes := true
	in := hardship.RecognitionInput{Person: h.person, Categories: []recognition.Category{recognition.H1}, Facts: recognition.Facts{RegisteredOn: h.start.Add(-220)}}
	if c.rnd.IntN(3) == 0 {
		in.Categories = append(in.Categories, recognition.H4)
		in.Facts.LowIncome = pick(c.rnd, []string{"dibao", "edge"})
	}
	r, err := c.Desk.Apply(ctx, h.caseworker, in)
	if err != nil {
		return false, err
	}
	for _, s := range []struct {
		after int
		who   access.Actor
		move  recognition.Move
		in    recognition.Input
		state string
	}{
		{0, h.caseworker, recognition.Submit, recognition.Input{}, "submitted"},
		{2, h.caseworker, recognition.Check, recognition.Input{OK: &yes}, "data_checked"},
		{2, h.town, recognition.Review, recognition.Input{OK: &yes, Opinion: "情况属实，同意上报"}, "town_review"},
		{1, h.town, recognition.Publish, recognition.Input{}, "publicity"},
		{7, h.town, recognition.ClosePublicity, recognition.Input{}, "county_decision"},
		{1, c.staff.bureau, recognition.Decide, recognition.Input{OK: &yes, Opinion: "予以认定", ValidMonths: 36}, ""},
	} {
		if s.after > 0 {
			h.granted = c.workday(s.after)
		}
		if c.clock.Now().After(c.now) {
			return false, nil
		}
		if r, err = c.Desk.Move(ctx, s.who, r.ID, s.move, s.in); err != nil {
			return false, fmt.Errorf("%s: %w", s.move, err)
		}
		if s.state == stop && stop != "" {
			return false, nil
		}
	}
	return true, nil
}

var wishes = strings.Fields("想在家附近做半天活 希望做保洁或绿化 想学一门手艺 孩子上学要接送，只能做白天 愿意去公益性岗位 眼睛不好，做不了精细活")

// helpCase plays what a caseworker did, up to now; a few are left overdue.
func (c *city) helpCase(ctx context.Context, h helped, i int) error {
	lines, err := c.Desk.Cases(ctx, h.caseworker, "", hardship.CaseFilter{Person: h.person, Limit: 1})
	if err != nil || len(lines) == 0 {
		return err
	}
	id := lines[0].ID
	if i%9 == 4 {
		return nil // nobody has been there yet: the desk shows it
	}
	ahead := func(n int) bool { c.workday(n); return c.clock.Now().Before(c.now) }
	if !ahead(2) {
		return nil
	}
	visit := func() error {
		_, err := c.Desk.RecordVisit(ctx, h.caseworker, hardship.VisitInput{
			ClientID: fmt.Sprintf("demo-%s-%d", h.person, c.clock.Now().Unix()), Person: h.person, Kind: "household", On: day.Of(c.clock.Now()),
			VisitText: hardship.VisitText{Met: "本人", Summary: pick(c.rnd, wishes), Outcome: "已记录需求，约定下次联系"},
		})
		return err
	}
	if err := visit(); err != nil {
		return err
	}
	if err := c.assess(ctx, h, id); err != nil {
		return err
	}
	if !ahead(2) || i%9 == 5 {
		return nil
	}
	if _, err := c.Desk.MakePlan(ctx, h.caseworker, id, "三个月内上岗", []helpcase.Kind{helpcase.Guidance, helpcase.JobReferral}); err != nil {
		return fmt.Errorf("plan: %w", err)
	}
	for n := range 6 + c.rnd.IntN(3) { // the standard's services, then what is more
		if !ahead(2 + c.rnd.IntN(3)) {
			return nil
		}
		if n%2 == 1 {
			if err := visit(); err != nil {
				return err
			}
		}
		if err := c.measure(ctx, h, id, n); err != nil {
			return fmt.Errorf("measure: %w", err)
		}
	}
	if i%4 == 0 && ahead(5) {
		return c.employed(ctx, h, id)
	}
	for n := 1; ahead(12 + c.rnd.IntN(11)); n++ { // the monthly contact goes on, now and then a little late
		if err := visit(); err != nil {
			return err
		}
		if n%2 == 0 {
			if err := c.assess(ctx, h, id); err != nil {
				return err
			}
		}
		if c.rnd.IntN(2) == 0 {
			if err := c.measure(ctx, h, id, pick(c.rnd, []int{0, 1, 1, 6})); err != nil {
				return fmt.Errorf("measure: %w", err)
			}
		}
	}
	return nil
}

// assess writes the four-clear assessment (四清), which grows stale and is renewed.
func (c *city) assess(ctx context.Context, h helped, id helpcase.ID) error {
	yes := true
	if _, err := c.Desk.Assess(ctx, h.caseworker, id, hardship.AssessmentInput{
		Blocks: map[helpcase.Clarity]string{
			helpcase.ClearBasic: "家庭三口人，住本村", helpcase.ClearEmployment: "失业半年以上", helpcase.ClearSkills: "会缝纫，愿学保洁", helpcase.ClearWish: pick(c.rnd, wishes),
		}, Willing: &yes, Able: &yes, Evidence: "走访记录和本人签字",
	}); err != nil {
		return fmt.Errorf("assess: %w", err)
	}
	return nil
}

func (c *city) measure(ctx context.Context, h helped, id helpcase.ID, n int) error {
	in := hardship.MeasureInput{Kind: helpcase.Guidance, Detail: "一对一职业指导", Evidence: "指导记录"}
	switch n % 7 {
	case 6:
		in = hardship.MeasureInput{Kind: helpcase.TrainingDone, Detail: "家政服务初级班结业", Answer: helpcase.Accepted, Evidence: "结业证"}
	case 1, 3, 5:
		in = hardship.MeasureInput{Kind: helpcase.JobReferral, Detail: "推荐附近岗位，本人愿意了解", PostName: pick(c.rnd, jobs).title, Answer: helpcase.Accepted, Evidence: "电话记录"}
	case 2:
		in = hardship.MeasureInput{Kind: helpcase.TrainingOffer, Detail: "推荐家政服务培训班", StartsOn: day.Of(c.clock.Now()).Add(10), Answer: helpcase.Accepted, Evidence: "报名表"}
	case 4:
		in = hardship.MeasureInput{Kind: helpcase.Policy, Detail: "讲解灵活就业社保补贴", Evidence: "宣传单签收"}
	}
	_, err := c.Desk.AddMeasure(ctx, h.caseworker, id, in)
	return err
}

// employed follows a person into work and, when half a year has passed, to the end.
func (c *city) employed(ctx context.Context, h helped, id helpcase.ID) error {
	since := day.Of(c.clock.Now())
	if _, err := c.Desk.FindWork(ctx, h.caseworker, id, since, "flexible", "用工单位证明"); err != nil {
		return fmt.Errorf("find work: %w", err)
	}
	for _, month := range []int{1, 3, 6} {
		d := since.AddMonths(month).Add(1)
		if d >= c.today {
			return nil
		}
		c.at(d, 10, 0)
		if _, err := c.Desk.FollowUp(ctx, h.caseworker, id, hardship.FollowUpInput{Month: month, On: d, Employed: true, Evidence: "电话回访，仍在岗"}); err != nil {
			return fmt.Errorf("follow up: %w", err)
		}
		if err := c.measure(ctx, h, id, 0); err != nil {
			return fmt.Errorf("guide at work: %w", err)
		}
	}
	c.clock.Set(c.clock.Now().Add(26 * time.Hour))
	if c.clock.Now().After(c.now) {
		return nil
	}
	_, err := c.Desk.CloseCase(ctx, h.caseworker, id, helpcase.StableEmployment, "连续就业满六个月，工资单三张")
	if refused(err) {
		return nil // not yet: the desk keeps it
	}
	return err
}

// makeHouseholds gives every fifth person helped a household.
func (c *city) makeHouseholds(ctx context.Context) error {
	for i, h := range c.placeable {
		if i%5 != 0 {
			continue
		}
		c.at(h.granted, 15, 0)
		spouse, err := c.Persons.Register(ctx, system, c.human(50+c.rnd.IntN(8), !h.near, h.village))
		if err != nil {
			return err
		}
		status := pick(c.rnd, []hardship.LifeStatus{hardship.Employed, hardship.Employed, hardship.Employed, hardship.Retired})
		if h.granted > c.today.Add(-60) {
			status = hardship.Unemployed // a household without work, known to the desk
		}
		_, err = c.Desk.OpenHousehold(ctx, h.caseworker, hardship.HouseholdInput{
			Name: "户", Region: h.village, Urban: c.rnd.IntN(2) == 0, Address: fmt.Sprintf("%d 组", 1+c.rnd.IntN(20)),
			Members: []hardship.MemberInput{
				{Person: h.person, Relation: "户主", Status: hardship.Unemployed, Since: h.start.Add(-220)},
				{Person: spouse.ID, Relation: "配偶", Status: status, Since: h.start.Add(-400)},
			},
		})
		if err != nil && !refused(err) {
			return err
		}
	}
	return nil
}

var welfareTitles = []struct{ title, duties string }{
	{"村道保洁员", "村道清扫、垃圾分类劝导"},
	{"河道保洁员", "河面打捞、岸边清理"},
	{"绿化养护员", "村庄绿化修剪、浇水"},
	{"劳动保障协理员", "政策宣传、信息采集"},
	{"公共厕所保洁员", "公厕保洁、设施巡查"},
	{"交通劝导员", "路口劝导、秩序维护"},
	{"养老助残服务员", "为高龄和残疾老人送餐、助洁"},
}

// makeWelfare opens welfare posts and places people on them.
func (c *city) makeWelfare(ctx context.Context) error {
	total := c.scaled(60)
	for i := range total {
		c.o.Progress("公益性岗位", i+1, total)
		if len(c.placeable) == 0 {
			return nil
		}
		h := c.placeable[i%len(c.placeable)]
		if err := c.welfarePost(ctx, i, h); err != nil {
			return fmt.Errorf("welfare post %d: %w", i, err)
		}
	}
	return nil
}

func (c *city) welfarePost(ctx context.Context, i int, h helped) error {
	t, p := pick(c.rnd, welfareTitles), h.village[:9]
	c.at(h.granted.Add(5), 9, 0)
	term := int64(36)
	if i%11 == 3 {
		term = 12
	}
	post, err := c.Welfare.ApplyPost(ctx, c.staff.town[p], welfare.Post{
		Number: fmt.Sprintf("%s-%04d", p[6:], i+1), Title: t.title, Unit: c.Regions.Name(region.Code(h.village)) + "（用人单位）",
		Village: h.village, Duties: t.duties, Places: int64(1 + c.rnd.IntN(2)), HoursDay: 8, DaysWeek: 5, WageFen: 250000, WageUnit: "month", Funding: "就业补助资金", TermMonths: term,
	})
	if err != nil {
		return err
	}
	c.sum.WelfarePosts++
	for _, s := range []struct {
		after int
		who   access.Actor
		act   welfare.PostAct
	}{{1, c.staff.town2[p], welfare.CheckPost}, {1, c.staff.bureau, welfare.RecognisePost}, {1, c.staff.bureau, welfare.AnnouncePost}, {7, c.staff.bureau, welfare.OpenPost}} {
		c.workday(s.after)
		if c.clock.Now().After(c.now) {
			return nil
		}
		if post, err = c.Welfare.MovePost(ctx, s.who, post.ID, s.act, ""); err != nil {
			return err
		}
	}
	if i%4 == 3 {
		return nil // an open post, waiting for someone
	}
	return c.place(ctx, post, h, p)
}

func (c *city) place(ctx context.Context, post welfare.Post, h helped, town string) error {
	c.workday(2)
	pl, err := c.Welfare.Propose(ctx, h.caseworker, welfare.Proposal{Post: post.ID, Person: h.person, RankReason: "本村人员，就近安置，排名靠前者已另有安排"})
	if refused(err) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, s := range []struct {
		after int
		who   access.Actor
		act   welfare.PlacementAct
		d     welfare.MoveDetails
	}{
		{1, c.staff.town[town], welfare.CheckPlacement, welfare.MoveDetails{}},
		{1, c.staff.bureau, welfare.PublishPlacement, welfare.MoveDetails{}},
		{7, c.staff.bureau2, welfare.Contract, welfare.MoveDetails{}},
		{1, h.caseworker, welfare.Start, welfare.MoveDetails{RegistrationRef: "JY" + strings.ReplaceAll(string(h.granted), "-", "") + pl.Person[30:]}},
	} {
		c.workday(s.after)
		if c.clock.Now().After(c.now) {
			return nil
		}
		if pl, err = c.Welfare.MovePlacement(ctx, s.who, pl.ID, s.act, s.d); err != nil {
			return err
		}
	}
	for m := pl.StartsOn.AddMonths(1); m < c.today && m <= pl.EndsOn; m = m.AddMonths(1) {
		c.at(m, 10, 0)
		if err := c.Welfare.RecordMonth(ctx, h.caseworker, pl.ID, m.Add(-20).YearMonth(), 20+c.rnd.IntN(3)); err != nil && !refused(err) {
			return err
		}
	}
	return nil
}

// yearly are the values departments report, near the plan's targets.
var yearly = map[string][]string{
	"1": {"4.7", "4.6", "4.5"}, "2": {"31240", "30890", "31506"}, "4": {"15.6", "17.1", "18.4"}, "5": {"18200", "36400", "54800"}, "6": {"204100", "216200", "224500"},
	"7": {"30.7", "32.3", "34.2"}, "8": {"43.5", "54.1", "66.8"}, "9": {"520", "1065", "1560"}, "10": {"462", "455", "471"}, "11": {"94.6", "95.1", "95.4"},
	"12": {"67.2", "68.5", "69.1"}, "13": {"93.1", "93.6", "94"},
}

var monthly = map[string]string{"1": "4.6", "2": "2610", "11": "95.8", "12": "68.9", "13": "93.4", "10": "41"}
