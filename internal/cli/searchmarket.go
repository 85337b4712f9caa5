package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"linggong/internal/access"
	"linggong/internal/day"
	"linggong/internal/dbx"
	"linggong/internal/gig"
	"linggong/internal/migrate"
	"linggong/internal/projection"
	"linggong/internal/region"
	"linggong/internal/search"
	"linggong/internal/search/meiliindex"
	"linggong/internal/search/snapshot"
	"linggong/internal/search/sqlindex"
	"linggong/internal/worktext"
)

// goldMarket is the product's own search over documents of a file: the market's
// use case, its projection, the column snapshot and a text engine. Only the
// rows are in memory.
type goldMarket struct {
	*gig.Service
	db  *dbx.DB
	dir string
	ids map[gig.PostingID]string // ours → the file's

	drop func(ctx context.Context) error // what the evaluation left in an engine outside; may be nil
}

// goldStore holds the postings; of the market's store only what a search reads.
type goldStore struct {
	gig.Store
	list []gig.Posting // by id
}

func (s *goldStore) at(id gig.PostingID) (int, bool) {
	return slices.BinarySearchFunc(s.list, id, func(p gig.Posting, id gig.PostingID) int { return cmp.Compare(p.ID, id) })
}

func (s *goldStore) PostingsByID(_ context.Context, ids []gig.PostingID) ([]gig.Posting, error) {
	out := make([]gig.Posting, 0, len(ids))
	for _, id := range ids {
		if i, ok := s.at(id); ok {
			out = append(out, s.list[i])
		}
	}
	return out, nil
}

func (s *goldStore) OpenPostings(_ context.Context, after gig.PostingID, limit int) ([]gig.Posting, error) {
	i, found := s.at(after)
	if found {
		i++
	}
	return s.list[i:min(i+limit, len(s.list))], nil
}

func (s *goldStore) PublishedPostings(context.Context) iter.Seq2[gig.Posting, error] {
	return func(yield func(gig.Posting, error) bool) {
		for _, p := range s.list {
			if !yield(p, nil) {
				return
			}
		}
	}
}

func (*goldStore) Applicants(context.Context, []gig.PostingID) (map[gig.PostingID]int, error) {
	return map[gig.PostingID]int{}, nil
}

func (*goldStore) Answers(context.Context, time.Time) (map[gig.EmployerID]int, error) {
	return map[gig.EmployerID]int{}, nil
}

func (*goldStore) EmployersByID(context.Context, []gig.EmployerID) (map[gig.EmployerID]gig.Employer, error) {
	return map[gig.EmployerID]gig.Employer{}, nil
}

// goldDay is the day of an evaluation, a Monday before work begins: figures
// must not depend on when they are taken.
const goldDay = day.Date("2026-11-23")

// goldMarket puts the documents into an empty market.
func (s *session) goldMarket(ctx context.Context, engine string, docs []search.GoldDoc) (*goldMarket, error) {
	dir, err := os.MkdirTemp("", "linggong-eval-")
	if err != nil {
		return nil, err
	}
	m := &goldMarket{dir: dir, ids: map[gig.PostingID]string{}}
	if err := m.fill(ctx, s, engine, docs); err != nil {
		return nil, errors.Join(err, m.close())
	}
	return m, nil
}

func (m *goldMarket) fill(ctx context.Context, s *session, engine string, docs []search.GoldDoc) error {
	var err error
	if m.db, err = dbx.Open(ctx, "sqlite://"+filepath.Join(m.dir, "eval.db"), dbx.Options{Synchronous: "OFF"}); err != nil {
		return err
	}
	if _, err = migrate.Up(ctx, m.db); err != nil {
		return err
	}
	var index search.Index = sqlindex.New(m.db, sqlindex.Postings)
	if engine == "meili" {
		if index, err = m.goldMeili(s); err != nil {
			return err
		}
	}
	tree := region.HainingTree()
	store := &goldStore{}
	for i, d := range docs {
		p := goldPosting(tree, gig.PostingID(fmt.Sprintf("d%07d", i+1)), d)
		m.ids[p.ID] = d.ID
		store.list = append(store.list, p)
	}
	now := func() time.Time { return goldDay.Start().Add(6 * time.Hour).UTC() }
	postings := projection.NewPostings(projection.PostingDeps{
		Source: store, Regions: tree, Columns: snapshot.New(), Text: index, Now: now, Words: search.NewFallback(nil, index, now),
	})
	m.Service = gig.NewService(gig.Deps{Store: store, Regions: tree, Finder: postings, Now: now})
	return errors.Join(postings.Rebuild(ctx), postings.Reindex(ctx, index))
}

var errNoMeili = errors.New("--engine meili needs LINGGONG_MEILI_URL")

func (m *goldMarket) goldMeili(s *session) (search.Index, error) {
	cfg, err := s.config()
	if err != nil {
		return nil, err
	}
	if cfg.MeiliURL == "" {
		return nil, badCall{errNoMeili}
	}
	// Two evaluations at once, or one beside a service, share nothing.
	ix, err := meiliindex.New(cfg.MeiliURL, string(cfg.MeiliKey), "search_eval_"+dbx.NewID())
	if err == nil {
		m.drop = ix.Drop
	}
	return ix, err
}

// close forgets the market.
func (m *goldMarket) close() error {
	var err error
	if m.drop != nil {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		err = m.drop(ctx)
	}
	if m.db != nil {
		err = errors.Join(err, m.db.Close())
	}
	return errors.Join(err, os.RemoveAll(m.dir))
}

// goldDepth is how much of an answer is looked at: a page as long as there is.
const goldDepth = 100

// find is search.Find: a kiosk's search, by nobody in particular.
func (m *goldMarket) find(ctx context.Context, query string) ([]string, error) {
	r, err := m.Search(ctx, access.Nobody, gig.PostingQuery{Text: query, Limit: goldDepth})
	if err != nil {
		return nil, err
	}
	out := make([]string, len(r.Items))
	for i, h := range r.Items {
		out[i] = m.ids[h.ID]
	}
	return out, nil
}

// goldPosting makes a posting of a document. What the file has no column for is
// read from its words, as an import does: how it is settled, 包吃住, 夜班.
func goldPosting(tree *region.Tree, id gig.PostingID, d search.GoldDoc) gig.Posting {
	c := worktext.Conditions(strings.Join(d.Tags, " "), d.Title, d.Description)
	p := gig.Posting{ID: id, Version: 1, Status: gig.PostingPublished, PublishedAt: goldDay.Start().Add(-24 * time.Hour).UTC()}
	p.Terms = gig.Terms{
		Title: d.Title, Trade: goldTrade(d.Trade), Village: goldTown(tree, d.Town),
		Description: strings.TrimSpace(d.Description + " " + strings.Join(d.Tags, " ")),
		Pay:         gig.Pay{AmountFen: d.PayMinFen, Unit: goldUnit(d.PayUnit), Settlement: gig.SettlementKind(c.Settlement)},
		Meals:       c.Meals, Lodging: c.Lodging, SuitedOlder: c.Older, SuitedDisabled: c.Disabled, NoExperience: c.NoExperience, Urgent: c.Urgent,
	}
	if p.Village == "" && d.Town != "" { // a place elsewhere is a word to be found
		p.Description = strings.TrimSpace(p.Description + " " + d.Town)
	}
	if p.Trade == "" && d.Trade != "" { // and so is a trade that is none of ours
		p.Description = strings.TrimSpace(p.Description + " " + d.Trade)
	}
	from, to := 8*60, 16*60
	if c.Night {
		from, to = 20*60, 4*60
	}
	for n := range 14 { // no dates are in the file: every day of a fortnight
		p.Shifts = append(p.Shifts, gig.NewShift(goldDay.Add(n), from, to, 0, 1))
	}
	p.HourFen = gig.HourRate(p.Terms, p.Shifts[0]).HourFen()
	return p
}

// goldTrade reads a trade's id, its name, or a word for it; "" for none of ours.
func goldTrade(s string) string {
	if t, ok := worktext.TradeByID(s); ok {
		return t.ID
	}
	for _, t := range worktext.Trades() {
		if t.Name == s {
			return t.ID
		}
	}
	if found := worktext.FindTrades(s); len(found) > 0 {
		return found[0].Trades[0]
	}
	return ""
}

// goldTown reads a place's name or code; "" for none of ours.
func goldTown(tree *region.Tree, s string) string {
	for _, code := range []string{s, s + "000"} {
		if r, ok := tree.Get(region.Code(code)); ok {
			return string(r.Code)
		}
	}
	r, _, _ := tree.Find(s)
	return string(r.Code)
}

var goldUnits = map[string]gig.PayUnit{
	"hour": gig.PerHour, "h": gig.PerHour, "hourly": gig.PerHour, "小时": gig.PerHour, "时": gig.PerHour,
	"day": gig.PerDay, "d": gig.PerDay, "daily": gig.PerDay, "天": gig.PerDay, "日": gig.PerDay, "工": gig.PerDay, "班": gig.PerDay, "shift": gig.PerDay,
	"piece": gig.PerPiece, "件": gig.PerPiece, "计件": gig.PerPiece,
	"job": gig.PerJob, "次": gig.PerJob, "单": gig.PerJob, "趟": gig.PerJob,
	"month": gig.PerMonth, "m": gig.PerMonth, "monthly": gig.PerMonth, "月": gig.PerMonth, "个月": gig.PerMonth,
}

// goldUnit reads a unit of pay as files write it ("元/小时"); one not known has no hourly worth.
func goldUnit(s string) gig.PayUnit {
	s = strings.ToLower(strings.TrimSpace(s))
	if i := strings.LastIndexAny(s, "/每"); i >= 0 {
		s = strings.Trim(s[i:], "/每")
	}
	return goldUnits[s]
}
