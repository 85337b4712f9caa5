// Package projection keeps what is derived from the rows in step with them: an
// event becomes a search document, a column row, a job. Nothing here is the
// truth about anything; all of it can be made again from the database.
package projection

import (
	"context"
	"fmt"
	"iter"
	"log/slog"
	"slices"
	"sync"
	"time"

	"linggong/internal/event"
	"linggong/internal/gig"
	"linggong/internal/region"
	"linggong/internal/search"
	"linggong/internal/search/follow"
	"linggong/internal/search/snapshot"
	"linggong/internal/tx"
	"linggong/internal/worktext"
)

// PostingSource reads postings; *gigdb.Store is one.
type PostingSource interface {
	PostingsByID(ctx context.Context, ids []gig.PostingID) ([]gig.Posting, error)
	OpenPostings(ctx context.Context, after gig.PostingID, limit int) ([]gig.Posting, error)
	PublishedPostings(ctx context.Context) iter.Seq2[gig.Posting, error]
	Applicants(ctx context.Context, ids []gig.PostingID) (map[gig.PostingID]int, error)
	Answers(ctx context.Context, since time.Time) (map[gig.EmployerID]int, error)
	EmployersByID(ctx context.Context, ids []gig.EmployerID) (map[gig.EmployerID]gig.Employer, error)
}

// PostingRows lists postings for whoever compares an index with them;
// *gigdb.Store is one.
type PostingRows interface {
	PostingRefs(ctx context.Context, ids ...string) iter.Seq2[search.Ref, error]
	PostingsChangedSince(ctx context.Context, since time.Time) ([]string, error)
	// PostingsOf are an employer's that can be found.
	PostingsOf(ctx context.Context, employer string) ([]string, error)
	LockPostings(ctx context.Context, ids ...string) error
}

// Matcher finds documents by words; *search.Fallback is one.
type Matcher interface {
	Match(ctx context.Context, q search.Query) (search.Answer, error)
}

// PostingDeps are what Postings needs.
type PostingDeps struct {
	Source  PostingSource
	Rows    PostingRows // nil where nothing is compared
	Regions *region.Tree
	Columns *snapshot.Snapshot
	Words   Matcher
	Text    search.Index  // in the database: joins the act's transaction
	Note    follow.Marker // notes for the engine outside; nil when there is none
	// Changed, if set, tells other replicas which posting changed; they Refresh it.
	Changed func(id string)
	Log     *slog.Logger
	Now     func() time.Time
}

// Postings keeps the search side of postings. It is an event.Subscriber and a
// gig.Finder.
type Postings struct {
	PostingDeps
	turn sync.Mutex // of Refresh: who reads last applies last
	pulse
}

var (
	_ event.Subscriber = (*Postings)(nil)
	_ gig.Finder       = (*Postings)(nil)
	_ follow.Source    = (*Postings)(nil)
)

// NewPostings returns the projection, with empty columns until Rebuild.
func NewPostings(d PostingDeps) *Postings {
	if d.Log == nil {
		d.Log = slog.New(slog.DiscardHandler)
	}
	return &Postings{PostingDeps: d}
}

// IndexPosting asked, before there were notes (package follow), the engine
// outside to take a posting as it is now. Jobs of then may still wait.
type IndexPosting struct {
	ID string `json:"id"`
}

// Kind implements job.Args.
func (IndexPosting) Kind() string { return "projection.index_posting" }

// Handle implements event.Subscriber: words in the act's transaction, columns
// after it, the engine outside by a note.
func (p *Postings) Handle(ctx context.Context, e event.Event) error {
	if e.Kind == event.EmployerRegistered {
		return p.renamed(ctx, e.Subject.ID)
	}
	id, own := postingOf(e)
	if id == "" {
		return nil
	}
	if own { // what people did with its places changes no word of it
		if err := keepWords(ctx, p, p.Text, p.Note, string(id)); err != nil {
			return err
		}
	}
	tx.AfterCommitAll(ctx, "projection.postings", string(id), p.afterCommit)
	return nil
}

// renamed brings the words of an employer's postings to its name of now. The
// columns know no name. What is found a moment later by a reader of another
// replica is right too: words are read with the act.
func (p *Postings) renamed(ctx context.Context, employer string) error {
	if p.Rows == nil {
		return nil
	}
	ids, err := p.Rows.PostingsOf(ctx, employer)
	if err != nil {
		return err
	}
	const some = 200
	for part := range slices.Chunk(ids, some) {
		if err := keepWords(ctx, p, p.Text, p.Note, part...); err != nil {
			return err
		}
	}
	return nil
}

// postingOf returns the posting an event touches and whether it is its subject.
func postingOf(e event.Event) (id gig.PostingID, own bool) {
	switch e.Subject.Kind {
	case "posting":
		return gig.PostingID(e.Subject.ID), true
	case "engagement":
		for _, r := range e.Refs {
			if r.Kind == "posting" {
				return gig.PostingID(r.ID), false
			}
		}
	}
	return "", false
}

// afterCommit reads all postings that an act touched at once: a crowd on many
// shifts costs three statements, not three for each.
func (p *Postings) afterCommit(ctx context.Context, touched []string) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	ids := make([]gig.PostingID, len(touched))
	for i, id := range touched {
		ids[i] = gig.PostingID(id)
	}
	if err := p.Refresh(ctx, ids...); err != nil {
		p.Log.ErrorContext(ctx, "columns are behind until the next rebuild", "postings", len(ids), "err", err)
	}
	if p.Changed == nil {
		return
	}
	for _, id := range touched {
		p.Changed(id)
	}
}

// Refresh brings the columns of some postings to what the rows say now.
func (p *Postings) Refresh(ctx context.Context, ids ...gig.PostingID) error {
	p.turn.Lock()
	defer p.turn.Unlock()
	list, err := p.Source.PostingsByID(ctx, ids)
	if err != nil {
		return err
	}
	waiting, err := p.Source.Applicants(ctx, ids)
	if err != nil {
		return err
	}
	answers, err := p.answers(ctx, p.Source, p.Now())
	if err != nil {
		return err
	}
	var put []snapshot.Row
	on := make(map[gig.PostingID]bool, len(list))
	for _, x := range list {
		if x.Status == gig.PostingPublished {
			on[x.ID] = true
			put = append(put, p.row(x, waiting[x.ID], answers[x.EmployerID]))
		}
	}
	var drop []string
	for _, id := range ids {
		if !on[id] {
			drop = append(drop, string(id))
		}
	}
	p.Columns.Apply(put, drop)
	return nil
}

// Rebuild makes the columns anew from the rows, at start and now and then.
func (p *Postings) Rebuild(ctx context.Context) error {
	waiting, err := p.Source.Applicants(ctx, nil)
	if err != nil {
		return err
	}
	answers, err := p.answers(ctx, p.Source, p.Now())
	if err != nil {
		return err
	}
	return p.Columns.Load(func(yield func(snapshot.Row, error) bool) {
		for x, err := range p.Source.PublishedPostings(ctx) {
			if err != nil {
				yield(snapshot.Row{}, err)
				return
			}
			if !yield(p.row(x, waiting[x.ID], answers[x.EmployerID]), nil) {
				return
			}
		}
	})
}

// open yields what can be found, a thousand at a time.
func (p *Postings) open(ctx context.Context) iter.Seq2[[]gig.Posting, error] {
	const batch = 1000
	return func(yield func([]gig.Posting, error) bool) {
		var after gig.PostingID
		for {
			list, err := p.Source.OpenPostings(ctx, after, batch)
			if err != nil {
				yield(nil, err)
				return
			}
			if len(list) == 0 || !yield(list, nil) || len(list) < batch {
				return
			}
			after = list[len(list)-1].ID
		}
	}
}

// RunIndexPosting is the job's work: it leaves a note.
func (p *Postings) RunIndexPosting(ctx context.Context, a IndexPosting) error {
	if p.Note == nil {
		return nil
	}
	return p.Note(ctx, a.ID)
}

// findable says a posting has a document. A full one keeps it: someone may cancel.
func findable(x gig.Posting) bool {
	return x.Status == gig.PostingPublished || x.Status == gig.PostingFilled
}

// Reindex makes a text index hold exactly what can be found, beside what it
// held, where nobody writes meanwhile; see follow.Reindex.
func (p *Postings) Reindex(ctx context.Context, to search.Index) error {
	return to.Rebuild(ctx, p.All(ctx))
}

// All implements follow.Source.
func (p *Postings) All(ctx context.Context) iter.Seq2[search.Doc, error] {
	return func(yield func(search.Doc, error) bool) {
		for list, err := range p.open(ctx) {
			var docs []search.Doc
			if err == nil {
				docs, err = p.documents(ctx, list)
			}
			if err != nil {
				yield(search.Doc{}, err)
				return
			}
			for _, d := range docs {
				if !yield(d, nil) {
					return
				}
			}
		}
	}
}

// Docs implements follow.Source.
func (p *Postings) Docs(ctx context.Context, ids ...string) ([]search.Doc, error) {
	wanted := make([]gig.PostingID, len(ids))
	for i, id := range ids {
		wanted[i] = gig.PostingID(id)
	}
	list, err := p.Source.PostingsByID(ctx, wanted)
	if err != nil {
		return nil, err
	}
	return p.documents(ctx, slices.DeleteFunc(list, func(x gig.Posting) bool { return !findable(x) }))
}

// Refs implements follow.Source.
func (p *Postings) Refs(ctx context.Context, ids ...string) iter.Seq2[search.Ref, error] {
	return p.Rows.PostingRefs(ctx, ids...)
}

// Lock implements follow.Source.
func (p *Postings) Lock(ctx context.Context, ids ...string) error {
	return p.Rows.LockPostings(ctx, ids...)
}

// ChangedSince implements follow.Source.
func (p *Postings) ChangedSince(ctx context.Context, since time.Time) ([]string, error) {
	return p.Rows.PostingsChangedSince(ctx, since)
}

func (p *Postings) documents(ctx context.Context, list []gig.Posting) ([]search.Doc, error) {
	names, err := p.names(ctx, list)
	if err != nil {
		return nil, err
	}
	out := make([]search.Doc, len(list))
	for i, x := range list {
		out[i] = document(x, names[x.EmployerID])
	}
	return out, nil
}

func (p *Postings) names(ctx context.Context, list []gig.Posting) (map[gig.EmployerID]gig.Employer, error) {
	ids := make([]gig.EmployerID, len(list))
	for i, x := range list {
		ids[i] = x.EmployerID
	}
	all, err := p.Source.EmployersByID(ctx, ids)
	if err != nil {
		return nil, fmt.Errorf("name employers for the index: %w", err)
	}
	return all, nil
}

// document is a posting in words: what it says and an organisation's name, never
// a person's, an address or a number that leads to one.
func document(x gig.Posting, e gig.Employer) search.Doc {
	text := x.Description
	if e.Kind == gig.Organisation {
		text += " " + e.Name
	}
	return search.Doc{
		ID: string(x.ID), Version: x.Version, Region: x.Village, Open: true,
		Fields: worktext.Document(x.Title, text, x.Trade, nil),
	}
}

// row is a posting in columns. A household is put at its village's middle: a
// distance from many places would find its door.
func (p *Postings) row(x gig.Posting, waiting, answers int) snapshot.Row {
	trade, _ := worktext.TradeByID(x.Trade)
	r := snapshot.Row{
		ID: string(x.ID), Version: x.Version, Trade: x.Trade, TradeGroup: string(trade.Group), Town: x.Town(),
		Lat: x.Place.Lat(), Lng: x.Place.Lng(), Located: !x.Place.IsZero(), PayHourFen: x.HourFen,
		Settlement: string(x.Pay.Settlement), Form: string(x.Form), EmployerID: string(x.EmployerID), Published: x.PublishedAt,
		Waiting: waiting, Answers: answers,
	}
	if code := region.Code(x.Village); code.Level() == region.Village {
		r.Village = x.Village
	}
	if at, ok := p.Regions.Get(region.Code(x.Village)); ok && (x.ForHousehold || !r.Located) {
		r.Lat, r.Lng = at.Lat, at.Lng
	}
	night := false
	for _, s := range x.Shifts {
		night = night || s.Night()
		r.Shifts = append(r.Shifts, snapshot.Shift{ID: string(s.ID), Date: s.Date, Start: s.StartsAt, End: s.EndsAt, Open: int(s.Open()), Headcount: int(s.Headcount)})
	}
	for _, f := range []struct {
		is   bool
		flag snapshot.Flags
	}{
		{x.Meals, snapshot.Meals},
		{x.Lodging, snapshot.Lodging},
		{x.SuitedOlder, snapshot.SuitedOlder},
		{x.SuitedDisabled, snapshot.SuitedDisabled},
		{x.NoExperience, snapshot.NoExperience},
		{night, snapshot.Night},
		{x.Urgent, snapshot.Urgent},
		{x.Transport != "", snapshot.Transport},
	} {
		if f.is {
			r.Flags |= f.flag
		}
	}
	return r
}
