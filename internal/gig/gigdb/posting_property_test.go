package gigdb_test

import (
	"testing"

	"pgregory.net/rapid"

	"linggong/internal/day"
	"linggong/internal/dbx"
	"linggong/internal/dbx/dbtest"
	"linggong/internal/gig"
	"linggong/internal/gig/gigtest"
	"linggong/internal/gig/offer"
	"linggong/internal/rules"
)

// drawTerms changes lawful terms in a few places, some for the worse.
func drawTerms(t *rapid.T, from gig.Terms) gig.Terms {
	x := from
	for range rapid.IntRange(1, 3).Draw(t, "changes") {
		switch rapid.IntRange(0, 11).Draw(t, "change") {
		case 0:
			x.Pay.AmountFen = rapid.Int64Range(0, 5000).Draw(t, "fen")
		case 1:
			x.Pay.Unit = rapid.SampledFrom([]gig.PayUnit{gig.PerHour, gig.PerDay, gig.PerPiece, gig.PerJob, gig.PerMonth}).Draw(t, "unit")
		case 2:
			from := rapid.IntRange(0, 1439).Draw(t, "from")
			on := day.Date("2026-11-22").Add(rapid.IntRange(0, 20).Draw(t, "day"))
			x.Shifts = append([]gig.Shift{gig.NewShift(on, from, from+rapid.IntRange(1, 800).Draw(t, "length"), rapid.Int64Range(0, 90).Draw(t, "break"), rapid.Int64Range(0, 600).Draw(t, "heads"))}, x.Shifts...)
		case 3:
			x.Form = rapid.SampledFrom([]gig.Form{gig.PartTime, gig.ShortFullTime, gig.ServiceWork, gig.Trainee}).Draw(t, "form")
		case 4:
			x.Pay.SettlementDays = rapid.Int64Range(0, 40).Draw(t, "days")
		case 5:
			x.Description = rapid.SampledFrom([]string{"", "搬货卸货", "搬货，限男", "搬货，交押金", "搬货，45岁以下", "搬货，加微信"}).Draw(t, "words")
		case 6:
			x.Insurance = rapid.SampledFrom([]string{"none", "accident", "work_injury"}).Draw(t, "insurance")
		case 7:
			x.Trade = rapid.SampledFrom([]string{"", "loader", "cleaner", "forklift"}).Draw(t, "trade")
		case 8:
			x.Village = rapid.SampledFrom([]string{"", gigtest.Village, gigtest.Market, "999999999999"}).Draw(t, "village")
		case 9:
			x.ValidUntil = gigtest.Now.AddDate(0, 0, rapid.IntRange(-1, 35).Draw(t, "valid"))
		case 10:
			x.MinAge = rapid.Int64Range(10, 20).Draw(t, "age")
		case 11:
			x.Title = rapid.SampledFrom([]string{"", "装卸工", "女装卸工", "刷单"}).Draw(t, "title")
		}
	}
	return x
}

func TestNoSequenceOfEditsPublishesWhatARuleBlocks(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		m := newMarket(t, db)
		_, boss := m.employer(t, code1)
		ctx := t.Context()
		published := 0
		rapid.Check(t, func(rt *rapid.T) {
			p, err := m.CreatePosting(ctx, boss, gig.Draft{Terms: drawTerms(rt, gigtest.Terms())})
			if err != nil {
				return // not even a draft
			}
			for range rapid.IntRange(1, 6).Draw(rt, "acts") {
				switch rapid.IntRange(0, 4).Draw(rt, "act") { // a refused act is as good as any
				case 0:
					_, _ = m.ChangePosting(ctx, boss, p.ID, drawTerms(rt, p.Terms), 0)
				case 1:
					_, _ = m.PublishPosting(ctx, boss, p.ID, 0)
				case 2:
					_, _ = m.PausePosting(ctx, boss, p.ID, "")
				case 3:
					d := rapid.SampledFrom([]gig.Decision{gig.DecidePublish, gig.DecideReturn}).Draw(rt, "decision")
					_, _ = m.ReviewPosting(ctx, gigtest.Bureau, p.ID, d, "理由")
				case 4:
					if c, err := m.CopyPosting(ctx, boss, p.ID, "2026-11-25"); err == nil {
						p = c
					}
				}
				before := p
				if p, err = m.store.Posting(ctx, p.ID); err != nil {
					rt.Fatal(err)
				}
				m.sameAsRead(t, "an act", p.ID)
				if p.Status == gig.PostingPublished {
					published++
					if v := offer.Check(p.Terms, rules.Default(), gigtest.Regions(), m.now); !v.Lawful() {
						rt.Fatalf("published from %s against %+v", before.Status, v.Findings)
					}
				}
			}
		})
		if published == 0 {
			t.Fatal("the walk never published: it proves nothing")
		}
	})
}
