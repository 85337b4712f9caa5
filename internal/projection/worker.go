package projection

import (
	"context"
	"iter"
	"slices"
	"strings"
	"time"

	"linggong/internal/event"
	"linggong/internal/gig"
	"linggong/internal/search"
	"linggong/internal/search/follow"
	"linggong/internal/worktext"
)

// WorkerSource reads workers; *gigdb.Store is one.
type WorkerSource interface {
	WorkersByID(ctx context.Context, ids []gig.WorkerID) (map[gig.WorkerID]gig.Worker, error)
	AllWorkers(ctx context.Context) iter.Seq2[gig.Worker, error]
	WorkerRefs(ctx context.Context, ids ...string) iter.Seq2[search.Ref, error]
	WorkersChangedSince(ctx context.Context, since time.Time) ([]string, error)
	LockWorkers(ctx context.Context, ids ...string) error
}

// WorkerDeps are what Workers needs.
type WorkerDeps struct {
	Source WorkerSource
	Words  Matcher
	Text   search.Index  // in the database: joins the act's transaction
	Note   follow.Marker // notes for the engine outside; nil when there is none
}

// Workers keeps what workers can do as words. It is an event.Subscriber and a
// gig.WorkerFinder.
type Workers struct{ WorkerDeps }

var (
	_ event.Subscriber = (*Workers)(nil)
	_ gig.WorkerFinder = (*Workers)(nil)
	_ follow.Source    = (*Workers)(nil)
)

// NewWorkers returns the projection.
func NewWorkers(d WorkerDeps) *Workers { return &Workers{WorkerDeps: d} }

// Handle implements event.Subscriber.
func (p *Workers) Handle(ctx context.Context, e event.Event) error {
	if e.Subject.Kind != "worker" {
		return nil
	}
	return keepWords(ctx, p, p.Text, p.Note, e.Subject.ID)
}

// Docs implements follow.Source.
func (p *Workers) Docs(ctx context.Context, ids ...string) ([]search.Doc, error) {
	wanted := make([]gig.WorkerID, len(ids))
	for i, id := range ids {
		wanted[i] = gig.WorkerID(id)
	}
	all, err := p.Source.WorkersByID(ctx, wanted)
	if err != nil {
		return nil, err
	}
	out := make([]search.Doc, 0, len(all))
	for _, id := range wanted {
		if w, ok := all[id]; ok {
			out = append(out, workerDocument(w))
		}
	}
	return out, nil
}

// All implements follow.Source.
func (p *Workers) All(ctx context.Context) iter.Seq2[search.Doc, error] {
	return func(yield func(search.Doc, error) bool) {
		for w, err := range p.Source.AllWorkers(ctx) {
			if err != nil {
				yield(search.Doc{}, err)
				return
			}
			if !yield(workerDocument(w), nil) {
				return
			}
		}
	}
}

// Refs implements follow.Source.
func (p *Workers) Refs(ctx context.Context, ids ...string) iter.Seq2[search.Ref, error] {
	return p.Source.WorkerRefs(ctx, ids...)
}

// Lock implements follow.Source.
func (p *Workers) Lock(ctx context.Context, ids ...string) error {
	return p.Source.LockWorkers(ctx, ids...)
}

// ChangedSince implements follow.Source.
func (p *Workers) ChangedSince(ctx context.Context, since time.Time) ([]string, error) {
	return p.Source.WorkersChangedSince(ctx, since)
}

// workerDocument is what a worker can do and when, as words of our own
// vocabulary and nothing else: no word anybody typed, no name, number or
// address, no sex, age or health. Papers that tell of health or of a record are
// left out.
func workerDocument(w gig.Worker) search.Doc {
	marks := append(scopeMarks(w), hourMarks(w.Usual)...)
	var rest, pinyin, initials []string
	for _, t := range w.Trades {
		trade, ok := worktext.TradeByID(t.Trade)
		if !ok {
			continue
		}
		f := worktext.Document(trade.Name, "", trade.ID, nil)
		mark, words, _ := strings.Cut(f.Tokens, " ") // its own trade's comes first
		marks, rest = append(marks, mark), append(rest, words)
		pinyin, initials = append(pinyin, f.Pinyin), append(initials, f.Initials)
	}
	f := worktext.Document("", strings.Join(append(papers(w), hours(w.Usual)...), "，"), "", nil)
	return search.Doc{
		ID: string(w.ID), Version: w.Version, Region: w.Village, Open: true,
		Fields: worktext.Fields{
			Tokens: join(slices.Concat(marks, rest, []string{f.Tokens})), Pinyin: join(pinyin), Initials: join(initials),
		},
	}
}

func join(parts []string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), " ")
}

// untold are papers that say something of a person's health or past.
var untold = []string{"health", "minors_record"}

func papers(w gig.Worker) []string {
	var out []string
	for _, c := range w.Certificates {
		if k, ok := worktext.CertificateByKind(c.Kind); ok && !slices.Contains(untold, c.Kind) {
			out = append(out, k.Name)
		}
	}
	return out
}

// Marks of usual hours, for what a query says by columns and not by words.
const (
	weekendMark = "zhweekend"
	nightMark   = "zhnight"
)

func hourMarks(a gig.Availability) []string {
	var out []string
	said := hours(a)
	if slices.Contains(said, "周末") {
		out = append(out, weekendMark)
	}
	if slices.Contains(said, "夜班") {
		out = append(out, nightMark)
	}
	return out
}

// hours says when a worker usually can, in the words people ask for.
func hours(a gig.Availability) []string {
	var out []string
	weekend := slices.Contains(a.Days, time.Saturday) || slices.Contains(a.Days, time.Sunday)
	weekday := slices.ContainsFunc(a.Days, func(d time.Weekday) bool { return d != time.Saturday && d != time.Sunday })
	if len(a.Days) == 0 || weekend {
		out = append(out, "周末", "双休日")
	}
	if len(a.Days) == 0 || weekday {
		out = append(out, "工作日", "平时")
	}
	const morning, noon, evening, night = 9 * 60, 13 * 60, 18 * 60, 22 * 60
	within := func(from, to int) bool {
		switch {
		case a.FromMinute == a.ToMinute:
			return true
		case a.FromMinute < a.ToMinute:
			return a.FromMinute <= from && to <= a.ToMinute
		}
		return a.FromMinute <= from || to <= a.ToMinute // over midnight
	}
	if within(morning, morning+120) {
		out = append(out, "上午")
	}
	if within(noon, noon+180) {
		out = append(out, "下午")
	}
	if within(evening, evening+120) {
		out = append(out, "晚上")
	}
	if within(night, 24*60) {
		out = append(out, "夜班")
	}
	return out
}
