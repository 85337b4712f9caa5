package searchbench_test

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"

	"linggong/internal/day"
	"linggong/internal/gig"
	"linggong/internal/region"
	"linggong/internal/search"
	"linggong/internal/worktext"
)

// opening is the moment a measured city opens: a Monday morning.
var opening = time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC)

// words are what postings say: a title, what follows it, and the trade it names.
type words struct{ title, text, trade string }

// city makes postings, employers and workers; the same seed makes the same.
type city struct {
	rng      *rand.Rand
	villages []region.Region
	said     []words
	from     string // where the titles come from
}

func newCity(tb testing.TB) *city {
	tb.Helper()
	tree := region.HainingTree()
	c := &city{rng: rand.New(rand.NewPCG(20261123, 4))}
	for _, r := range tree.All() {
		if r.Level == region.Village {
			c.villages = append(c.villages, r)
		}
	}
	c.read(tb)
	return c
}

// read takes the titles of real postings where there is a file of them, and
// always those of the made ones.
func (c *city) read(tb testing.TB) {
	tb.Helper()
	f, err := os.Open("../../search/gold/docs.csv")
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	docs, err := search.ReadGoldDocs("docs.csv", f)
	if err != nil {
		tb.Fatal(err)
	}
	for _, d := range docs {
		c.said = append(c.said, words{d.Title, d.Description + " " + strings.Join(d.Tags, " "), d.Trade})
	}
	made := len(c.said)
	path := os.Getenv("LINGGONG_TEST_TITLES")
	if path == "" {
		c.from = fmt.Sprintf("%d made postings (no file of real titles was given)", made)
		return
	}
	there, err := os.Open(path)
	if err != nil {
		tb.Fatal(err)
	}
	defer there.Close()
	c.readReal(tb, csv.NewReader(there))
	c.from = fmt.Sprintf("%d real postings and %d made ones", len(c.said)-made, made)
}

func (c *city) readReal(tb testing.TB, r *csv.Reader) {
	tb.Helper()
	head, err := r.Read()
	if err != nil {
		tb.Fatal(err)
	}
	at := map[string]int{}
	for i, name := range head {
		at[name] = i
	}
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			tb.Fatal(err)
		}
		w := words{title: cut(row[at["title"]], 40), text: cut(row[at["description"]], 160)}
		if found := worktext.FindTrades(w.title); len(found) > 0 {
			w.trade = found[0].Trades[0]
		}
		c.said = append(c.said, w)
	}
}

func cut(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n])
	}
	return s
}

func id(kind, n int) string { return fmt.Sprintf("0195a2b4-%04x-7000-8000-%012x", kind, n) }

const (
	employers = 3000
	household = 10 // every so many-th employer is one
)

func (c *city) employers() []gig.Employer {
	out := make([]gig.Employer, employers)
	for i := range out {
		v := c.villages[c.rng.IntN(len(c.villages))]
		out[i] = gig.Employer{
			ID: gig.EmployerID(id(1, i)), Kind: gig.Organisation, Name: fmt.Sprintf("海宁市%s第%d号厂", v.Name, i), Town: string(v.Parent), Village: string(v.Code),
			Status: gig.EmployerVerified, VerifiedAt: opening.Add(-1000 * time.Hour), RatingSum: int64(c.rng.IntN(50)), RatingCount: 10, CreatedAt: opening.Add(-1000 * time.Hour), Version: 1,
		}
		if i%household == 0 {
			out[i].Kind, out[i].Name = gig.Household, "沈姓家庭"
		}
	}
	return out
}

func (c *city) maybe(percent int) bool { return c.rng.IntN(100) < percent }

// posting makes the n-th.
func (c *city) posting(n int) gig.Posting {
	v, w, boss := c.villages[c.rng.IntN(len(c.villages))], c.said[c.rng.IntN(len(c.said))], c.rng.IntN(employers)
	trades := worktext.Trades()
	if w.trade == "" {
		w.trade = trades[c.rng.IntN(len(trades))].ID
	}
	settle := []gig.SettlementKind{gig.SettleDaily, gig.SettleDaily, gig.SettleWeekly, gig.SettleCompletion, "monthly"}
	p := gig.Posting{
		ID: gig.PostingID(id(2, n)), Code: fmt.Sprintf("%06d", n), EmployerID: gig.EmployerID(id(1, boss)), Status: gig.PostingPublished,
		PublishedAt: opening.Add(-time.Duration(c.rng.IntN(300*60)) * time.Minute), CreatedAt: opening.Add(-400 * time.Hour), Version: 1,
		Terms: gig.Terms{
			Title: w.title, Trade: w.trade, Description: w.text, Form: gig.PartTime, Village: string(v.Code), Address: v.Name + "工业园",
			Place:     gig.PointOf(v.Lat+c.rng.Float64()*0.02-0.01, v.Lng+c.rng.Float64()*0.02-0.01),
			Pay:       gig.Pay{AmountFen: int64(2200 + 50*c.rng.IntN(50)), Unit: gig.PerHour, Settlement: settle[c.rng.IntN(len(settle))], SettlementDays: 1, Payer: "employer"},
			Insurance: "accident", MinAge: 18, Meals: c.maybe(30), Lodging: c.maybe(10), SuitedOlder: c.maybe(30), NoExperience: c.maybe(50), Urgent: c.maybe(10),
			ForHousehold: boss%household == 0,
		},
	}
	p.HourFen = p.Pay.AmountFen
	for i := range 1 + c.rng.IntN(3) {
		heads := int64(1 + c.rng.IntN(8))
		from := 60 * (6 + c.rng.IntN(14))
		sh := gig.NewShift(day.Of(opening).Add(1+c.rng.IntN(13)), from, from+240, 0, heads)
		sh.ID, sh.PostingID, sh.Filled = gig.ShiftID(id(3, n*4+i)), p.ID, int64(c.rng.IntN(int(heads)))
		p.Shifts = append(p.Shifts, sh)
		p.ExpiresAt = later(p.ExpiresAt, sh.StartsAt)
	}
	p.ValidUntil = p.ExpiresAt
	return p
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// worker makes the n-th.
func (c *city) worker(n int) gig.Worker {
	v := c.villages[c.rng.IntN(len(c.villages))]
	trades := worktext.Trades()
	w := gig.Worker{
		ID: gig.WorkerID(id(4, n)), PersonID: id(5, n), Village: string(v.Code), RadiusM: 10_000, WaitingSince: opening.Add(-time.Duration(c.rng.IntN(900)) * time.Hour),
		Completed: int64(c.rng.IntN(30)), Consent: "self", CreatedAt: opening.Add(-2000 * time.Hour), Version: 1,
	}
	if c.maybe(2) {
		w.AvailableOn = day.Of(opening)
	}
	first := c.rng.IntN(len(trades))
	for i := range 1 + c.rng.IntN(3) {
		w.Trades = append(w.Trades, gig.TradeSkill{Trade: trades[(first+i*7)%len(trades)].ID, Level: 1 + c.rng.IntN(3)})
	}
	return w
}
