package hardship

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"linggong/internal/access"
	"linggong/internal/day"
	"linggong/internal/event"
	"linggong/internal/hardship/recognition"
	"linggong/internal/hardship/refusal"
)

// RecognitionInput is an application.
type RecognitionInput struct {
	Person     string
	Categories []recognition.Category
	Primary    recognition.Category // the first when empty
	Facts      recognition.Facts
}

// RecognitionView is a recognition with what its reader needs to act.
type RecognitionView struct {
	recognition.Record
	Card     PersonCard
	Findings []recognition.Finding
	Next     []recognition.Move
}

// Apply opens a recognition as a draft.
func (s *Service) Apply(ctx context.Context, actor access.Actor, in RecognitionInput) (recognition.Record, error) {
	region, err := s.people.Region(ctx, in.Person)
	if err != nil {
		return recognition.Record{}, err
	}
	if err := access.Can(actor, access.RecognitionOpen, at(region)); err != nil {
		return recognition.Record{}, err
	}
	holdings, err := recognition.Hold(in.Categories, in.Primary)
	if err != nil {
		return recognition.Record{}, err
	}
	today := s.today()
	r := recognition.Record{
		ID: recognition.ID(s.newID()), Person: in.Person, Region: region, State: recognition.Draft,
		Holdings: holdings, Facts: in.Facts, AppliedOn: today, Version: 1,
	}
	r.Owner, r.Due = r.Await(recognition.Window{Today: today, Book: s.book})
	err = s.tx.InTx(ctx, func(ctx context.Context) error {
		if err := s.store.AddRecognition(ctx, r); err != nil {
			return err
		}
		return s.recognitionMoved(ctx, actor, r, "", "draft", "")
	})
	return r, err
}

// Amend corrects a draft or a returned application. version is the one read, 0
// for whichever there is.
func (s *Service) Amend(ctx context.Context, actor access.Actor, id recognition.ID, in RecognitionInput, version int64) (recognition.Record, error) {
	var r recognition.Record
	err := s.tx.InTx(ctx, func(ctx context.Context) error {
		var err error
		if r, err = s.store.Recognition(ctx, id); err != nil {
			return err
		}
		if err := access.Can(actor, access.RecognitionOpen, at(r.Region)); err != nil {
			return err
		}
		if version != 0 && version != r.Version {
			return refusal.ErrStale
		}
		if r.State != recognition.Draft && r.State != recognition.Returned {
			return recognition.ErrMove
		}
		if r.Holdings, err = recognition.Hold(in.Categories, in.Primary); err != nil {
			return err
		}
		r.Facts = in.Facts
		if err := s.store.SaveRecognition(ctx, r); err != nil {
			return err
		}
		r.Version++
		return s.recognitionMoved(ctx, actor, r, r.State, "amend", "")
	})
	return r, err
}

// Move makes one move of the state machine. Granting opens a help case and gives
// it an owner in the same transaction: nobody recognised is ever without one.
func (s *Service) Move(ctx context.Context, actor access.Actor, id recognition.ID, m recognition.Move, in recognition.Input) (recognition.Record, error) {
	var r recognition.Record
	err := s.tx.InTx(ctx, func(ctx context.Context) error {
		var err error
		if r, err = s.store.Recognition(ctx, id); err != nil {
			return err
		}
		if err := access.Can(actor, access.RecognitionRead, at(r.Region)); err != nil {
			return err
		}
		if r.State == recognition.Publicity && m != recognition.Object && s.today() > r.Notice.To {
			if err := s.step(ctx, access.Internal("close-publicity"), &r, recognition.ClosePublicity, recognition.Input{}); err != nil {
				return err
			}
			if m == recognition.ClosePublicity {
				return s.store.SaveRecognition(ctx, r)
			}
		}
		if err := s.step(ctx, actor, &r, m, in); err != nil {
			return err
		}
		if err := s.store.SaveRecognition(ctx, r); err != nil {
			return err
		}
		r.Version++
		if m == recognition.Decide && r.State == recognition.Recognised {
			return s.openGranted(ctx, actor, r)
		}
		return nil
	})
	return r, err
}

// step judges, applies and tells of one move; the caller saves.
func (s *Service) step(ctx context.Context, actor access.Actor, r *recognition.Record, m recognition.Move, in recognition.Input) error {
	w := recognition.Window{Today: s.today(), Book: s.book}
	if m == recognition.Check || m == recognition.Decide || m == recognition.Renew {
		as := r.AppliedOn
		if m == recognition.Renew {
			as = w.Today
		}
		var err error
		if w.Findings, err = s.findings(ctx, *r, as); err != nil {
			return err
		}
	}
	to, err := r.Judge(actor, m, in, w)
	if err != nil {
		return err
	}
	from := r.State
	r.Apply(actor, m, to, in, w, s.now(), s.newID())
	return s.recognitionMoved(ctx, actor, *r, from, m, in.Reason)
}

// CloseNotices moves every recognition whose public notice is over on to the
// county's decision. It is a periodic job; a day missed is caught up.
func (s *Service) CloseNotices(ctx context.Context) (int, error) {
	moved := 0
	for {
		ids, err := s.store.NoticesOver(ctx, s.today(), 100)
		if err != nil || len(ids) == 0 {
			return moved, err
		}
		for _, id := range ids {
			if _, err := s.Move(ctx, access.Internal("close-publicity"), id, recognition.ClosePublicity, recognition.Input{}); err != nil {
				return moved, fmt.Errorf("close notice %s: %w", id, err)
			}
			moved++
		}
	}
}

// Recognition returns one with its findings, judged as of the day applied for,
// and the moves the actor could make.
func (s *Service) Recognition(ctx context.Context, actor access.Actor, id recognition.ID) (RecognitionView, error) {
	r, err := s.store.Recognition(ctx, id)
	if err != nil {
		return RecognitionView{}, err
	}
	if err := access.Can(actor, access.RecognitionRead, at(r.Region)); err != nil {
		return RecognitionView{}, err
	}
	card, err := s.people.Card(ctx, r.Person)
	if err != nil {
		return RecognitionView{}, err
	}
	found, err := s.findings(ctx, r, r.AppliedOn)
	return RecognitionView{Record: r, Card: card, Findings: found, Next: r.Next(actor, s.today())}, err
}

// Recognitions lists those in the actor's scope, newest first, with the people.
func (s *Service) Recognitions(ctx context.Context, actor access.Actor, under string, f RecognitionFilter) ([]RecognitionView, error) {
	if err := access.May(actor, access.RecognitionRead); err != nil {
		return nil, err
	}
	f.Scope = ScopeOf(actor, under)
	list, err := s.store.Recognitions(ctx, f)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(list))
	for i, r := range list {
		ids[i] = r.Person
	}
	cards, err := s.people.Cards(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := make([]RecognitionView, len(list))
	for i, r := range list {
		out[i] = RecognitionView{Record: r, Card: cards[r.Person], Next: r.Next(actor, s.today())}
	}
	return out, nil
}

// PublicNotice is one line of the public list: the least that R-HARD-04 allows.
type PublicNotice struct {
	NameMasked string
	Village    string
	Categories []recognition.Category
	From, To   day.Date
}

// PublicNotices is what hangs on the village's board today. Anyone may read it.
func (s *Service) PublicNotices(ctx context.Context, under string) ([]PublicNotice, error) {
	list, err := s.store.Recognitions(ctx, RecognitionFilter{Scope: Scope{Prefix(under)}, States: []recognition.State{recognition.Publicity}, Limit: 500})
	if err != nil {
		return nil, err
	}
	today := s.today()
	list = slices.DeleteFunc(list, func(r recognition.Record) bool { return today < r.Notice.From || r.Notice.To < today })
	ids := make([]string, len(list))
	for i, r := range list {
		ids[i] = r.Person
	}
	cards, err := s.people.Cards(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := make([]PublicNotice, len(list))
	for i, r := range list {
		out[i] = PublicNotice{
			NameMasked: cards[r.Person].NameMasked, Village: r.Region, Categories: r.Held(),
			From: r.Notice.From, To: r.Notice.To,
		}
	}
	return out, nil
}

// Standings tells other domains and lists what people are in this one. It is not
// a use case of its own: the caller has authorised what it asks for.
func (s *Service) Standings(ctx context.Context, persons []string) (map[string]Standing, error) {
	return s.store.Standings(ctx, persons)
}

// findings judges every category still held on the facts, as of a day.
func (s *Service) findings(ctx context.Context, r recognition.Record, on day.Date) ([]recognition.Finding, error) {
	card, err := s.people.Card(ctx, r.Person)
	if err != nil {
		return nil, err
	}
	f := r.Facts
	f.Birth, f.Sex, f.Retire = card.Birth, card.Sex, card.Retire
	if err := s.fillHousehold(ctx, &f, r.Person); err != nil {
		return nil, err
	}
	var out []recognition.Finding
	for _, h := range r.Holdings {
		if h.EndedOn == "" || r.State == recognition.Refused {
			out = append(out, s.book.Conditions(h.Category, r.Region, f, on)...)
		}
	}
	return dedupe(out), nil
}

func (s *Service) fillHousehold(ctx context.Context, f *recognition.Facts, person string) error {
	id := f.Household
	if id == "" {
		homes, err := s.store.HouseholdsOf(ctx, []string{person})
		if err != nil {
			return err
		}
		if id = string(homes[person]); id == "" {
			return nil
		}
	}
	h, err := s.store.Household(ctx, HouseholdID(id))
	if absent(err) {
		return nil
	}
	if err != nil {
		return err
	}
	if m := h.living(person, s.today()); m != nil {
		f.Status, f.ZeroHH = string(m.Status), &h.Zero.Is
	}
	return nil
}

// dedupe keeps the preconditions, which every category repeats, once.
func dedupe(in []recognition.Finding) []recognition.Finding {
	seen := map[string]bool{}
	return slices.DeleteFunc(in, func(f recognition.Finding) bool {
		key := f.Rule + f.Condition
		was := seen[key]
		seen[key] = true
		return was
	})
}

func (s *Service) recognitionMoved(ctx context.Context, actor access.Actor, r recognition.Record, from recognition.State, m recognition.Move, reason string) error {
	kind := event.RecognitionMoved
	switch {
	case m == recognition.Submit:
		kind = event.RecognitionSubmitted
	case m == recognition.Decide && r.State == recognition.Recognised:
		kind = event.RecognitionGranted
	case r.State == recognition.Refused:
		kind = event.RecognitionRefused
	case r.ValidFrom != "" && (r.State == recognition.Exited || r.State == recognition.Revoked):
		kind = event.RecognitionEnded
	}
	held := make([]string, 0, len(r.Holdings))
	for _, h := range r.Holdings {
		held = append(held, string(h.Category))
	}
	tags := map[string]string{
		"from": string(from), "to": string(r.State), "move": string(m),
		"category": string(r.Primary()), "categories": strings.Join(held, " "),
	}
	if r.End != "" {
		tags["end"] = r.End
	}
	return s.events.Publish(ctx, event.Event{
		Kind: kind, Actor: actor, Subject: event.Ref{Kind: "recognition", ID: string(r.ID)},
		Region: r.Region, On: s.today(), Person: r.Person, Tags: tags, Reason: auditable(m, reason),
	})
}

// auditable keeps codes in the trace and free words, which may tell of health or
// family, in the sealed step only.
func auditable(m recognition.Move, reason string) string {
	switch m {
	case recognition.Exit, recognition.EndCategory, recognition.Suspend:
		return reason
	default:
		return ""
	}
}
