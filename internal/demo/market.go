package demo

import (
	"context"
	"fmt"
	"strings"
	"time"

	"linggong/internal/access"
	"linggong/internal/day"
	"linggong/internal/errs"
	"linggong/internal/gig"
	"linggong/internal/labour"
)

// post is a job of an employer on a day, as the employer would write it.
func (c *city) post(b boss, j job, days []day.Date, heads int64) gig.Draft {
	fen := int64(j.low*100 + c.rnd.IntN((j.high-j.low)*2+1)*50)
	title := j.title
	if c.rnd.IntN(3) == 0 {
		title += pick(c.rnd, []string{"（日结）", "（包一餐）", "，半天班", "，可长期"})
	}
	t := gig.Terms{
		Title: title, Trade: j.trade, Description: j.text + pick(c.rnd, []string{"穿平底鞋即可。", "请带身份证。", "现场有人带。", "有休息室和热水。"}),
		Form: gig.PartTime, Village: b.Village, Address: fmt.Sprintf("%s 东门", b.Name),
		Pay:       gig.Pay{AmountFen: fen, Unit: gig.PerHour, Settlement: gig.SettleDaily, SettlementDays: int64(c.rnd.IntN(3)), Payer: "employer"},
		Insurance: pick(c.rnd, []string{"accident", "work_injury", "accident"}), Meals: strings.Contains(j.text, "管") || c.rnd.IntN(4) == 0,
		SuitedOlder: j.older, NoExperience: j.raw, Bring: pick(c.rnd, []string{"身份证", "身份证、水杯", "身份证、防滑鞋", ""}),
		Transport: pick(c.rnd, []string{"", "", "园区门口有公交", "驿站门口统一接送"}), Urgent: c.rnd.IntN(5) == 0,
	}
	for _, d := range days {
		t.Shifts = append(t.Shifts, gig.NewShift(d, j.from, j.to, 0, heads))
	}
	d := gig.Draft{EmployerID: b.ID, Terms: t}
	for _, st := range c.stations {
		if st.Town[:9] == b.Village[:9] {
			d.StationID = st.ID
		}
	}
	return d
}

// jobFor draws a job that an employer of this kind posts in this month.
func (c *city) jobFor(b boss, month time.Month) job {
	var fit []job
	for _, j := range jobs {
		if !strings.Contains(j.kinds, b.kind) {
			continue
		}
		for range 1 + j.season[int(month)] {
			fit = append(fit, j)
		}
	}
	if len(fit) == 0 {
		return jobs[0]
	}
	return pick(c.rnd, fit)
}

// publish writes and publishes a posting at the clock's moment.
func (c *city) publish(ctx context.Context, b boss, d gig.Draft) (gig.Posting, error) {
	p, err := c.Gig.CreatePosting(ctx, b.actor, d)
	if err != nil {
		return p, err
	}
	p, err = c.Gig.PublishPosting(ctx, b.actor, p.ID, 0)
	if err == nil {
		c.sum.Postings++
	}
	return p, err
}

// seekers returns workers who may take a shift: near, free that day, not more
// than the week allows with one employer.
func (c *city) seekers(p gig.Posting, sh gig.Shift, n int) []*worker {
	var out []*worker
	week := fmt.Sprint(p.EmployerID, sh.Date.Add(-(int(sh.Date.Weekday())+6)%7))
	for range 60 {
		if len(out) == n {
			break
		}
		w := &c.workers[c.rnd.IntN(len(c.workers))]
		need := len(p.Certificates) > 0
		if w.taken[sh.Date] || need && !w.food || w.week[week]+sh.Minutes() > 1200 {
			continue
		}
		w.taken[sh.Date] = true
		w.week[week] += sh.Minutes()
		out = append(out, w)
	}
	return out
}

// life lets a seeker live through one engagement up to the present.
func (c *city) life(ctx context.Context, b boss, p gig.Posting, sh gig.Shift, w *worker) error {
	c.at(sh.Date.Add(-1), 15+c.rnd.IntN(5), c.rnd.IntN(59))
	if c.clock.Now().After(c.now) {
		c.clock.Set(c.now.Add(-time.Hour))
	}
	e, err := c.Engagements.Apply(ctx, w.actor, sh.ID, w.view.ID)
	if err != nil {
		return err
	}
	c.sum.Engagements++
	do := func(boss bool, act gig.Act, d gig.Details) error {
		actor := w.actor
		if boss {
			actor = b.actor
		}
		e, err = c.Engagements.Do(ctx, actor, e.ID, act, d)
		return err
	}
	fate := c.rnd.IntN(100)
	if e.Status == gig.Applied {
		c.clock.Set(c.clock.Now().Add(20 * time.Minute))
		if fate < 6 {
			return do(true, gig.ActRefuse, gig.Details{Reason: "人已经够了"})
		}
		if err := do(true, gig.ActAccept, gig.Details{}); err != nil {
			return err
		}
	}
	if fate >= 6 && fate < 9 {
		c.clock.Set(c.clock.Now().Add(30 * time.Minute))
		return do(false, gig.ActWithdraw, gig.Details{})
	}
	if sh.StartsAt.After(c.now) {
		return nil
	}
	if fate == 9 {
		c.clock.Set(sh.StartsAt.Add(40 * time.Minute))
		return do(true, gig.ActNoShow, gig.Details{Reason: "电话未接通，未到岗"})
	}
	c.clock.Set(sh.StartsAt.Add(-time.Duration(c.rnd.IntN(15)) * time.Minute))
	if err := do(true, gig.ActCheckIn, gig.Details{}); err != nil || sh.EndsAt.After(c.now) {
		return err
	}
	c.clock.Set(sh.EndsAt.Add(5 * time.Minute))
	if err := do(true, gig.ActCheckOut, gig.Details{}); err != nil {
		return err
	}
	if err := do(true, gig.ActConfirmHours, gig.Details{Minutes: sh.Minutes()}); err != nil {
		return err
	}
	if err := do(false, gig.ActConfirmHours, gig.Details{Minutes: sh.Minutes()}); err != nil {
		return err
	}
	return c.payday(ctx, p, sh, fate, e, do)
}

// payday pays, mostly on time, and lets both rate now and then.
func (c *city) payday(ctx context.Context, p gig.Posting, sh gig.Shift, fate int, e gig.Engagement, do func(bool, gig.Act, gig.Details) error) error {
	paid := sh.EndsAt.AddDate(0, 0, int(p.Pay.SettlementDays))
	if fate >= 95 {
		paid = paid.AddDate(0, 0, 3+c.rnd.IntN(6)) // late
	}
	if fate >= 98 {
		var err error
		if paid, err = c.owed(ctx, e, sh); err != nil {
			return err
		}
	}
	if paid.After(c.now) {
		return nil
	}
	c.clock.Set(paid.Add(time.Hour))
	if c.clock.Now().After(c.now) {
		return nil
	}
	amount := e.AmountFen
	if amount == 0 {
		amount = p.HourFen * sh.Minutes() / 60
	}
	if err := do(true, gig.ActPay, gig.Details{AmountFen: amount, Method: pick(c.rnd, []string{"bank", "wechat", "alipay", "cash"}), Proof: "转账回单"}); err != nil {
		return err
	}
	if fate%3 != 0 {
		return nil
	}
	if err := do(false, gig.ActRate, gig.Details{Stars: int64(3 + c.rnd.IntN(3))}); err != nil {
		return err
	}
	return do(true, gig.ActRate, gig.Details{Stars: int64(3 + c.rnd.IntN(3))})
}

// owed lets a worker report that her pay is owed (欠薪线索), and an officer follow
// it as far as the present. It returns when she was paid.
func (c *city) owed(ctx context.Context, e gig.Engagement, sh gig.Shift) (time.Time, error) {
	c.at(sh.Date.Add(6), 9, c.rnd.IntN(59))
	if c.clock.Now().After(c.now) {
		return c.clock.Now(), nil
	}
	her := access.Actor{Role: access.Worker, Person: e.PersonID, Origin: "demo"}
	town := c.staff.town[e.Village[:9]]
	fen := sh.Minutes() * 26 * 100 / 60
	clue, err := c.Labour.Open(ctx, her, labour.Report{Engagement: string(e.ID), ClaimedFen: fen, Story: "说好当天结，打了几次电话都说再等等。"})
	if err != nil {
		return time.Time{}, err
	}
	for _, s := range []struct {
		after int
		act   labour.Act
		d     labour.Details
	}{
		{1 + c.rnd.IntN(3), labour.Accept, labour.Details{}},
		{2 + c.rnd.IntN(6), labour.Confirm, labour.Details{Reason: "签到和工时记录齐全，单位承认未付", Fen: fen}},
		{3 + c.rnd.IntN(8), labour.Resolve, labour.Details{Reason: "转账回单，本人确认收到", Fen: fen}},
	} {
		if c.workday(s.after); c.clock.Now().After(c.now) {
			return c.clock.Now(), nil
		}
		if _, err := c.Labour.Do(ctx, town, clue.ID, s.act, s.d); err != nil {
			return time.Time{}, err
		}
	}
	return c.clock.Now().Add(-2 * time.Hour), nil
}

// refused says a rule said no: a seeker the walk should not have sent. It is
// let go; anything else ends the load.
func refused(err error) bool {
	return err != nil && errs.KindOf(err) != errs.Internal && errs.KindOf(err) != errs.Unavailable
}

// makePast walks two years of postings, each with the life of its people.
func (c *city) makePast(ctx context.Context) error {
	total := c.scaled(1500) * 92 / 100
	days := 365 * c.o.Years
	for i := range total {
		c.o.Progress("两年的零工", i+1, total)
		on := c.today.Add(-days + (i*days)/total)
		if on >= c.today {
			on = c.today.Add(-1)
		}
		if on.Month() == time.February && c.rnd.IntN(2) == 0 { // 春节淡季
			continue
		}
		b := pick(c.rnd, c.bosses)
		j := c.jobFor(b, on.Month())
		err := c.DB.InTx(ctx, func(ctx context.Context) error {
			c.at(on.Add(-2), 18, c.rnd.IntN(59))
			p, err := c.publish(ctx, b, c.post(b, j, []day.Date{on}, int64(1+c.rnd.IntN(4))))
			if err != nil {
				return err
			}
			sh := p.Shifts[0]
			for _, w := range c.seekers(p, sh, int(sh.Headcount)-c.rnd.IntN(2)) {
				if err := c.life(ctx, b, p, sh, w); err != nil {
					return err
				}
			}
			return nil
		})
		if refused(err) {
			c.Log.WarnContext(ctx, "a posting of the demo was refused", "err", err)
			continue
		}
		if err != nil {
			return err
		}
	}
	return c.expireOld(ctx)
}

// expireOld ends the postings of the past, as the clock would have.
func (c *city) expireOld(ctx context.Context) error {
	c.clock.Set(c.now)
	for {
		n, err := c.Gig.ExpireDue(ctx, c.now)
		if err != nil || n == 0 {
			return err
		}
	}
}

// makePresent posts what is open now: today, tomorrow and the days after.
func (c *city) makePresent(ctx context.Context) error {
	total := max(12, c.scaled(1500)*8/100)
	for i := range total {
		c.o.Progress("今天的零工", i+1, total)
		b := pick(c.rnd, c.bosses)
		if i < 3 {
			b = c.bosses[0] // the demo's employer has something on every day
		}
		j := c.jobFor(b, c.today.Month())
		first := c.today.Add(c.rnd.IntN(5))
		if i < 2 {
			first = c.today.Add(i)
		}
		if i >= 3 && i < 3+2*len(c.stations) { // every station has something tonight, or else tomorrow
			b, j = c.near(c.stations[i%len(c.stations)].Town), evening
			if first = c.today; c.now.After(first.Start().Add(17 * time.Hour)) {
				first = first.Add(1)
			}
		}
		days := []day.Date{first, first.Add(1)}
		c.at(c.today.Add(-1-c.rnd.IntN(3)), 17+c.rnd.IntN(3), c.rnd.IntN(59))
		p, err := c.publish(ctx, b, c.post(b, j, days, int64(2+c.rnd.IntN(5))))
		if refused(err) {
			c.Log.WarnContext(ctx, "a posting of the demo was refused", "err", err)
			continue
		}
		if err != nil {
			return err
		}
		for _, sh := range p.Shifts {
			for _, w := range c.seekers(p, sh, c.rnd.IntN(int(sh.Headcount))) {
				if err := c.life(ctx, b, p, sh, w); err != nil && !refused(err) {
					return err
				}
			}
		}
	}
	return c.makeWaiting(ctx)
}

// makeWaiting lets every ninth worker be here this morning; some came before.
func (c *city) makeWaiting(ctx context.Context) error {
	for i := range c.workers {
		if i%9 != 0 {
			continue
		}
		for _, back := range []int{c.rnd.IntN(21), 0} {
			c.at(c.today.Add(-back), 5, 40+c.rnd.IntN(20))
			if c.clock.Now().After(c.now) {
				c.clock.Set(c.now)
			}
			if _, err := c.Gig.SetAvailableToday(ctx, c.workers[i].actor, c.workers[i].view.ID, true); err != nil {
				return err
			}
		}
	}
	c.clock.Set(c.now)
	return nil
}

// near draws an employer of a town, or any when it has none.
func (c *city) near(town string) boss {
	var here []boss
	for _, b := range c.bosses {
		if b.Village[:9] == town[:9] && b.kind != "家庭" {
			here = append(here, b)
		}
	}
	if len(here) == 0 {
		return pick(c.rnd, c.bosses)
	}
	return pick(c.rnd, here)
}
