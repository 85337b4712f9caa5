// Package goldtest makes the gold set: postings as employers here write them,
// and queries as people type and say them, labelled by what the postings are —
// trade, town, pay and conditions decided before a word is written — and never
// by what a search returns.
//
// The same seed makes the same bytes. Everything is invented.
package goldtest

import (
	_ "embed"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"

	"linggong/internal/search"
)

//go:embed data/trades.tsv
var tradesTSV string

//go:embed data/near.tsv
var nearTSV string

//go:embed data/queries.tsv
var queriesTSV string

// seed makes the set; another one makes another set of the same kind.
const seed = 4

// perTrade is how many postings each trade has, beside the near misses.
const perTrade = 14

// Posting is a made posting and what is true of it.
type Posting struct {
	search.GoldDoc

	Group      string // of near misses, "" for the plain ones
	Settlement string // daily, weekly, monthly, on_completion
	Meals      bool
	Lodging    bool
	Night      bool
	NoExp      bool
	Older      bool
	PartTime   bool
	Urgent     bool
}

// Towns are where the postings are.
func Towns() []string {
	return []string{
		"许村镇", "长安镇", "马桥街道", "海洲街道", "硖石街道", "海昌街道", "斜桥镇", "丁桥镇", "盐官镇", "袁花镇", "黄湾镇", "周王庙镇",
	}
}

// home are the towns a trade is at home in (domain.md §7.2, and where people ask
// for it); two postings of each stand there, the others anywhere.
var home = map[string]string{
	"hometextile": "许村镇", "sewing": "许村镇 长安镇", "knitting": "马桥街道", "warping": "马桥街道", "threading": "马桥街道", "dyeing": "马桥街道",
	"flowergrower": "长安镇", "pickling": "斜桥镇", "picker": "黄湾镇", "usher": "盐官镇", "husbandry": "周王庙镇", "leathersewing": "海洲街道",
	"solar": "袁花镇", "sorter": "斜桥镇", "loader": "许村镇", "guard": "盐官镇 丁桥镇 长安镇", "lineworker": "周王庙镇", "waiter": "盐官镇",
	"cleaner": "许村镇", "homecleaner": "海洲街道 许村镇", "welder": "长安镇", "electrician": "袁花镇 长安镇", "maternity": "海洲街道", "cashier": "硖石街道",
	"forklift": "海昌街道", "packer": "马桥街道", "dishwasher": "硖石街道", "gardener": "袁花镇 长安镇 长安镇", "excavator": "丁桥镇", "locksmith": "海昌街道",
}

// Make returns the postings of the gold set.
func Make() ([]Posting, error) {
	m := &maker{r: rand.New(rand.NewPCG(seed, seed))} //nolint:gosec // the same every time is the point
	for i, row := range rowsOf(tradesTSV) {
		if len(row) != 4 {
			return nil, fmt.Errorf("trades.tsv, row %d has %d columns", i+1, len(row))
		}
		if err := m.trade(row[0], strings.Split(row[1], "|"), strings.Split(row[2], "|"), row[3]); err != nil {
			return nil, fmt.Errorf("trades.tsv, row %d: %w", i+1, err)
		}
	}
	for i, row := range rowsOf(nearTSV) {
		if len(row) != 5 {
			return nil, fmt.Errorf("near.tsv, row %d has %d columns", i+1, len(row))
		}
		for _, title := range strings.Split(row[1], "|") {
			if err := m.posting(row[0], row[3], title, strings.Split(row[2], "|"), row[4], ""); err != nil {
				return nil, fmt.Errorf("near.tsv, row %d: %w", i+1, err)
			}
		}
	}
	m.r.Shuffle(len(m.out), func(i, j int) { m.out[i], m.out[j] = m.out[j], m.out[i] }) // ties go by id: no kind is to gain by it
	for i := range m.out {
		m.out[i].ID = fmt.Sprintf("P%04d", i+1)
	}
	return m.out, nil
}

// rowsOf splits a table of ours: no comments, no empty lines.
func rowsOf(tsv string) [][]string {
	var out [][]string
	for line := range strings.Lines(tsv) {
		if line = strings.TrimRight(line, "\n"); line != "" && line[0] != '#' {
			out = append(out, strings.Split(line, "\t"))
		}
	}
	return out
}

type maker struct {
	r   *rand.Rand
	out []Posting
}

func (m *maker) pick(list []string) string { return list[m.r.IntN(len(list))] }

// often is true n times of a hundred.
func (m *maker) often(n int) bool { return m.r.IntN(100) < n }

func (m *maker) trade(id string, titles, tasks []string, pay string) error {
	towns := strings.Fields(home[id])
	for i := range perTrade {
		town := ""
		if i/2 < len(towns) {
			town = towns[i/2]
		}
		if err := m.posting("", id, titles[i%len(titles)], tasks, pay, town); err != nil {
			return err
		}
	}
	return nil
}

func (m *maker) posting(group, trade, title string, tasks []string, pay, town string) error {
	p := Posting{Group: group}
	p.Trade, p.Town = trade, town
	if town == "" {
		p.Town = m.pick(Towns())
	}
	if err := m.pay(&p, pay); err != nil {
		return err
	}
	m.conditions(&p)
	p.Night = p.Night || strings.Contains(title, "夜")
	if !p.Night {
		tasks = slices.DeleteFunc(slices.Clone(tasks), func(t string) bool { return strings.Contains(t, "夜") })
	}
	p.Title = m.title(p, title)
	p.Description = m.description(&p, tasks)
	m.out = append(m.out, p)
	return nil
}

var units = map[byte]struct {
	name string
	step int64 // of the amount, fen
	fen  int64 // of one in the table
}{'h': {"hour", 100, 100}, 'd': {"day", 1000, 100}, 'm': {"month", 10000, 100}, 'p': {"piece", 1, 1}}

// pay draws an amount from "d280-420": by the day, 280 to 420 yuan.
func (m *maker) pay(p *Posting, s string) error {
	u, ok := units[s[0]]
	low, high, cut := strings.Cut(s[1:], "-")
	from, err1 := strconv.ParseInt(low, 10, 64)
	to, err2 := strconv.ParseInt(high, 10, 64)
	if !ok || !cut || err1 != nil || err2 != nil || to <= from {
		return fmt.Errorf("pay %q", s)
	}
	steps := (to - from) * u.fen / u.step
	p.PayUnit, p.PayMinFen = u.name, from*u.fen+u.step*m.r.Int64N(steps+1)
	return nil
}

var nightTrades = strings.Fields("sorter knitting lineworker solar electronics injection hospitalcare guard designateddriver dyeing rider maternity")

func (m *maker) conditions(p *Posting) {
	switch p.PayUnit {
	case "hour":
		p.Settlement = m.pick([]string{"daily", "daily", "weekly", "monthly"})
	case "day":
		p.Settlement = m.pick([]string{"daily", "daily", "on_completion", "weekly", "monthly"})
	case "piece":
		p.Settlement = m.pick([]string{"daily", "weekly", "monthly", "monthly"})
	default:
		p.Settlement = "monthly"
	}
	p.Meals, p.Lodging = m.often(45), m.often(25)
	if p.Lodging && m.often(80) {
		p.Meals = true
	}
	p.Night = m.often(6) || slices.Contains(nightTrades, p.Trade) && m.often(35)
	p.NoExp = m.often(15)
	switch p.Trade {
	case "lineworker", "packer", "feeder", "electronics", "threadtrimmer", "foodpacker", "handwork", "sorter", "picker", "promoter", "sitehand":
		p.NoExp = m.often(60)
	}
	p.Older, p.PartTime, p.Urgent = m.often(18), p.PayUnit == "hour" && m.often(30), m.often(20)
}

func (m *maker) title(p Posting, base string) string {
	switch n := m.r.IntN(10); {
	case p.Urgent && n < 6:
		base = m.pick([]string{"急招", "急招", "急聘"}) + base
	case n == 6:
		base = "诚聘" + base
	case n == 7:
		base = strings.TrimSuffix(strings.TrimSuffix(p.Town, "镇"), "街道") + base
	}
	switch n := m.r.IntN(14); {
	case n == 0:
		base += fmt.Sprintf("%d名", 1+m.r.IntN(9))
	case n == 1:
		base += "，" + payWords(p)
	case n == 2 && p.Settlement == "daily":
		base += "（日结）"
	case n == 3 && p.Meals && p.Lodging:
		base += " 包吃住"
	case n == 4 && p.Night:
		base += "（夜班）"
	case n == 5 && p.PartTime:
		base += "兼职"
	}
	return base
}

// payWords say the pay as employers write it.
func payWords(p Posting) string {
	yuan := strconv.FormatFloat(float64(p.PayMinFen)/100, 'f', -1, 64)
	return yuan + map[string]string{"hour": "元/小时", "day": "元/天", "month": "元/月", "piece": "元/件"}[p.PayUnit]
}
