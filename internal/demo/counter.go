package demo

import (
	"context"
	"fmt"

	"linggong/internal/day"
	"linggong/internal/gig"
	"linggong/internal/region"
)

// makeWages lets people work for the demo's employer yesterday: their hours are
// confirmed, their pay is not due yet.
func (c *city) makeWages(ctx context.Context) error {
	b, yesterday := c.bosses[0], c.today.Add(-1)
	d := c.post(b, c.jobFor(b, c.today.Month()), []day.Date{yesterday}, 6)
	d.Terms.Pay.SettlementDays = 2
	c.at(c.today.Add(-3), 18, 20)
	p, err := c.publish(ctx, b, d)
	if err != nil {
		return fmt.Errorf("yesterday's gig: %w", err)
	}
	for _, sh := range p.Shifts {
		for _, w := range c.seekers(p, sh, 6) {
			if err := c.life(ctx, b, p, sh, w); err != nil && !refused(err) {
				return err
			}
		}
	}
	c.clock.Set(c.now)
	return nil
}

// makeCounter leaves on every station's desk what only a person decides: a
// posting that the rules held back, and somebody new who wants to post work.
func (c *city) makeCounter(ctx context.Context) error {
	held := []string{"有意者打电话 13857300000 联系。", "要求形象气质佳。", "老板人好，轻松月入过万。"}
	for i, st := range c.stations {
		c.at(c.today.Add(-1), 19, 10+i)
		b := c.near(st.Town)
		tomorrow := c.today.Add(1)
		d := c.post(b, c.jobFor(b, c.today.Month()), []day.Date{tomorrow, tomorrow.Add(1)}, 3)
		d.Terms.Description += held[i%len(held)]
		if _, err := c.publish(ctx, b, d); err != nil && !refused(err) {
			return fmt.Errorf("a posting to review: %w", err)
		}
		f := pick(c.rnd, firms)
		n := 900 + i
		_, err := c.Gig.RegisterEmployer(ctx, system, gig.EmployerForm{
			Kind: gig.Organisation, Name: fmt.Sprintf(f.form, "海宁"+pick(c.rnd, brands)+pick(c.rnd, brands)), Village: c.villageIn(region.Code(st.Town)),
			Contact: gig.Contact{CreditCode: creditCode(1, n), Name: pick(c.rnd, surnames) + pick(c.rnd, female), Phone: fmt.Sprintf("1380000%04d", n), Address: "人民路 8 号"},
		})
		if err != nil {
			return fmt.Errorf("an employer to verify: %w", err)
		}
	}
	c.clock.Set(c.now)
	return nil
}
