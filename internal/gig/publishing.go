package gig

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"linggong/internal/access"
	"linggong/internal/day"
	"linggong/internal/errs"
	"linggong/internal/event"
	"linggong/internal/gig/offer"
)

// ErrPostingInvalid says terms cannot even be kept as a draft.
var ErrPostingInvalid = errs.New(errs.Invalid, "posting_invalid", "岗位资料有误", "The posting's particulars are not right.")

// Draft is what an employer, or an operator on its behalf, hands in.
type Draft struct {
	EmployerID EmployerID // of an employer's own account it is always its own
	StationID  StationID
	Terms      Terms
}

// CheckDraft judges terms while they are typed. It writes nothing.
func (s *Service) CheckDraft(ctx context.Context, actor access.Actor, d Draft) (Verdict, error) {
	if err := access.May(actor, access.PostingWrite); err != nil {
		return Verdict{}, err
	}
	if id := ownEmployer(actor, d.EmployerID); id != "" {
		e, err := s.Store.Employer(ctx, id)
		if err != nil {
			return Verdict{}, err
		}
		d.Terms.ForHousehold = e.Kind == Household
	}
	return s.check(s.complete(d.Terms)), nil
}

func ownEmployer(actor access.Actor, id EmployerID) EmployerID {
	if actor.Role == access.Employer {
		return EmployerID(actor.Employer)
	}
	return id
}

// CreatePosting keeps a new draft.
func (s *Service) CreatePosting(ctx context.Context, actor access.Actor, d Draft) (Posting, error) {
	if err := access.May(actor, access.PostingWrite); err != nil {
		return Posting{}, err
	}
	p := Posting{
		ID: PostingID(s.NewID()), EmployerID: ownEmployer(actor, d.EmployerID), StationID: d.StationID,
		Status: PostingDraft, CreatedAt: s.Now(), Version: 1,
	}
	if p.StationID == "" {
		p.StationID = StationID(actor.Station)
	}
	err := s.Tx.InTx(ctx, func(ctx context.Context) error {
		e, err := s.Store.Employer(ctx, p.EmployerID)
		if err != nil {
			return err
		}
		if d.Terms.Village == "" {
			d.Terms.Village = e.Village
		}
		d.Terms.ForHousehold = e.Kind == Household
		if err := s.setTerms(&p, d.Terms); err != nil {
			return err
		}
		if err := access.Can(actor, access.PostingWrite, p.target()); err != nil {
			return err
		}
		if p.Code, err = s.freeCode(ctx); err != nil {
			return err
		}
		if err := s.Store.CreatePosting(ctx, p); err != nil {
			return err
		}
		return s.moved(ctx, actor, event.PostingCreated, p, "", "", nil)
	})
	return p, err
}

// freeCode finds six digits that no open posting has.
func (s *Service) freeCode(ctx context.Context) (string, error) {
	for range 20 {
		code := fmt.Sprintf("%06d", rand.IntN(900_000)+100_000)
		free, err := s.Store.PostingCodeFree(ctx, code)
		if err != nil || free {
			return code, err
		}
	}
	return "", ErrPostingCode
}

// ChangePosting writes new terms. A published posting whose pay, hours, place,
// count or requirements change goes back to a reviewer; one that would break a
// rule is refused and stays as it was.
func (s *Service) ChangePosting(ctx context.Context, actor access.Actor, id PostingID, t Terms, version int64) (Posting, error) {
	return s.act(ctx, actor, access.PostingWrite, id, func(_ context.Context, p *Posting) (step, error) {
		if version != 0 && version != p.Version {
			return step{}, ErrPostingStale
		}
		before := p.Terms
		t.ForHousehold, t.Origin = before.ForHousehold, before.Origin
		if t.Village == "" {
			t.Village = before.Village
		}
		if err := s.setTerms(p, t); err != nil {
			return step{}, err
		}
		switch p.Status {
		case PostingDraft, PostingReturned:
			p.Status = PostingDraft
		case PostingInReview:
			p.SubmittedBy = actor.Account
		case PostingPublished, PostingFilled, PostingPaused:
			v := s.check(p.Terms)
			if !v.Lawful() {
				return step{}, blocked(v)
			}
			if offer.Material(before, p.Terms) || v.Worst() == offer.Hold {
				p.Status, p.SubmittedBy = PostingInReview, actor.Account
			} else if p.Status != PostingPaused {
				p.Status = PostingPublished
			}
		case PostingExpired, PostingClosed, PostingTakenDown, PostingRejected:
			return step{}, ErrPostingState.Because("R-POST", "domain.md §9.1", "复制为新岗位再发布")
		}
		return step{kind: event.PostingChanged, findings: p.Warnings}, access.Can(actor, access.PostingWrite, p.target())
	})
}

// blocked is the refusal of everything that blocks, first rule first.
func blocked(v Verdict) error {
	e := ErrPostingBlocked
	for _, f := range v.Findings {
		if f.Severity != offer.Block {
			continue
		}
		if e.Rule == "" {
			e = e.Because(f.Rule, f.Source, f.Remedy)
		}
		e = e.On(f.Field, f.Code, f.Message+"。"+f.Remedy)
	}
	return e
}

// PublishPosting checks a draft and publishes it, or hands it to a reviewer when
// a rule asks for human eyes.
func (s *Service) PublishPosting(ctx context.Context, actor access.Actor, id PostingID, version int64) (Posting, error) {
	return s.act(ctx, actor, access.PostingWrite, id, func(ctx context.Context, p *Posting) (step, error) {
		switch {
		case version != 0 && version != p.Version:
			return step{}, ErrPostingStale
		case p.Status != PostingDraft && p.Status != PostingReturned && p.Status != PostingPaused:
			return step{}, ErrPostingState
		}
		p.SubmittedBy = actor.Account
		return s.release(ctx, p, false)
	})
}

// release publishes p if the rules let it; reviewed says a person has looked.
func (s *Service) release(ctx context.Context, p *Posting, reviewed bool) (step, error) {
	e, err := s.Store.Employer(ctx, p.EmployerID)
	if err != nil {
		return step{}, err
	}
	if e.Status != EmployerVerified {
		return step{}, ErrEmployerUnverified
	}
	v := s.check(p.Terms)
	p.Warnings, p.HourFen, p.ExpiresAt = v.Findings, v.HourFen, offer.Expiry(p.Terms)
	switch {
	case !v.Lawful():
		return step{}, blocked(v)
	case v.Worst() == offer.Hold && !reviewed:
		p.Status = PostingInReview
		return step{kind: event.PostingChanged, findings: v.Findings}, nil
	}
	p.Status = PostingPublished
	if p.PublishedAt.IsZero() {
		p.PublishedAt = s.Now()
	}
	return step{kind: event.PostingPublished, findings: v.Findings}, nil
}

// Decision is a reviewer's.
type Decision string

// The decisions.
const (
	DecidePublish Decision = "publish"
	DecideReturn  Decision = "return"
	DecideReject  Decision = "reject"
)

// ReviewPosting decides on a held posting. Nobody reviews what she submitted.
func (s *Service) ReviewPosting(ctx context.Context, actor access.Actor, id PostingID, d Decision, reason string) (Posting, error) {
	return s.act(ctx, actor, access.PostingReview, id, func(ctx context.Context, p *Posting) (step, error) {
		switch {
		case p.Status != PostingInReview:
			return step{}, ErrPostingState
		case actor.Account != "" && actor.Account == p.SubmittedBy:
			return step{}, ErrSelfReview
		case d != DecidePublish && strings.TrimSpace(reason) == "":
			return step{}, ErrReasonMissing
		}
		p.ReviewedBy = actor.Account
		switch d {
		case DecidePublish:
			st, err := s.release(ctx, p, true)
			st.reason = reason
			return st, err
		case DecideReturn:
			p.Status = PostingReturned
			return step{kind: event.PostingChanged, reason: reason}, nil
		case DecideReject:
			p.Status = PostingRejected
			return step{kind: event.PostingClosed, reason: reason}, nil
		}
		return step{}, ErrPostingInvalid.On("decision", "unknown", "请选择发布、退回或驳回")
	})
}

// ClosePosting ends a posting at the employer's wish.
func (s *Service) ClosePosting(ctx context.Context, actor access.Actor, id PostingID, reason string) (Posting, error) {
	return s.act(ctx, actor, access.PostingWrite, id, func(_ context.Context, p *Posting) (step, error) {
		if p.Ended() {
			return step{}, ErrPostingState
		}
		p.Status = PostingClosed
		return step{kind: event.PostingClosed, reason: reason}, nil
	})
}

// PausePosting hides a posting until it is published again.
func (s *Service) PausePosting(ctx context.Context, actor access.Actor, id PostingID, reason string) (Posting, error) {
	return s.act(ctx, actor, access.PostingWrite, id, func(_ context.Context, p *Posting) (step, error) {
		if p.Status != PostingPublished && p.Status != PostingFilled {
			return step{}, ErrPostingState
		}
		p.Status = PostingPaused
		return step{kind: event.PostingChanged, reason: reason}, nil
	})
}

// TakeDownPosting removes a posting against the employer's wish; the reason is
// told to the employer.
func (s *Service) TakeDownPosting(ctx context.Context, actor access.Actor, id PostingID, reason string) (Posting, error) {
	return s.act(ctx, actor, access.PostingTakeDown, id, func(_ context.Context, p *Posting) (step, error) {
		switch {
		case strings.TrimSpace(reason) == "":
			return step{}, ErrReasonMissing
		case p.Ended():
			return step{}, ErrPostingState
		}
		p.Status = PostingTakenDown
		return step{kind: event.PostingTakenDown, reason: reason}, nil
	})
}

// CopyPosting makes a draft of the same terms with its first shift on a day:
// last week's template.
func (s *Service) CopyPosting(ctx context.Context, actor access.Actor, id PostingID, on day.Date) (Posting, error) {
	old, err := s.Store.Posting(ctx, id)
	if err != nil {
		return Posting{}, err
	}
	if err := access.Can(actor, access.PostingWrite, old.target()); err != nil {
		return Posting{}, err
	}
	t := old.Terms
	t.ValidUntil, t.Origin = time.Time{}, ""
	t.Shifts = slices.Clone(t.Shifts)
	if first := old.FirstDate(); first != "" && on != "" {
		by := on.Sub(first)
		for i := range t.Shifts {
			sh := &t.Shifts[i]
			sh.ID, sh.Filled, sh.Date = "", 0, sh.Date.Add(by)
			sh.StartsAt, sh.EndsAt = sh.StartsAt.AddDate(0, 0, by), sh.EndsAt.AddDate(0, 0, by)
		}
	}
	return s.CreatePosting(ctx, actor, Draft{EmployerID: old.EmployerID, StationID: old.StationID, Terms: t})
}

// ExpireDue ends every open posting whose time is over at now, a few hundred in
// a transaction, and returns how many. Running it late or twice is harmless.
func (s *Service) ExpireDue(ctx context.Context, now time.Time) (int, error) {
	actor, done := access.Internal("expire-postings"), 0
	for {
		ids, err := s.Store.DuePostings(ctx, now, 200)
		if err != nil || len(ids) == 0 {
			return done, err
		}
		err = s.Tx.InTx(ctx, func(ctx context.Context) error {
			list, err := s.Store.PostingsByID(ctx, ids)
			if err != nil {
				return err
			}
			for _, p := range list {
				if p.Ended() || p.ExpiresAt.After(now) {
					continue
				}
				from := p.Status
				p.Status = PostingExpired
				if err := s.Store.SavePosting(ctx, p); err != nil {
					return err
				}
				p.Version++
				if err := s.moved(ctx, actor, event.PostingClosed, p, from, "", nil); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return done, err
		}
		done += len(ids)
	}
}

// Ended says nothing more can happen to the posting.
func (p Posting) Ended() bool {
	switch p.Status {
	case PostingExpired, PostingClosed, PostingTakenDown, PostingRejected:
		return true
	case PostingDraft, PostingInReview, PostingPublished, PostingFilled, PostingPaused, PostingReturned:
	}
	return false
}

func (p Posting) target() access.Target {
	return access.Target{Region: p.Village, Station: string(p.StationID), Employer: string(p.EmployerID)}
}

// step is what an act on a posting adds to its history and tells the system.
type step struct {
	kind     event.Kind
	reason   string
	findings []Finding
}

// act loads, authorises, decides, writes and tells, in one transaction.
func (s *Service) act(ctx context.Context, actor access.Actor, do access.Action, id PostingID, decide func(context.Context, *Posting) (step, error)) (Posting, error) {
	var p Posting
	err := s.Tx.InTx(ctx, func(ctx context.Context) error {
		var err error
		if p, err = s.Store.Posting(ctx, id); err != nil {
			return err
		}
		if err := access.Can(actor, do, p.target()); err != nil {
			return err
		}
		from := p.Status
		st, err := decide(ctx, &p)
		if err != nil {
			return err
		}
		if err := s.Store.SavePosting(ctx, p); err != nil {
			return err
		}
		p.Version++
		return s.moved(ctx, actor, st.kind, p, from, st.reason, st.findings)
	})
	if err != nil {
		return Posting{}, err
	}
	return p, nil
}

func (s *Service) moved(ctx context.Context, actor access.Actor, kind event.Kind, p Posting, from PostingStatus, reason string, findings []Finding) error {
	err := s.Store.AddPostingMove(ctx, s.NewID(), PostingMove{
		PostingID: p.ID, At: s.Now(), From: from, To: p.Status, ByRole: string(actor.Role), ByAccount: actor.Account,
		Reason: reason, Version: p.Version, Findings: findings,
	})
	if err != nil {
		return err
	}
	return s.Events.Publish(ctx, event.Event{
		Kind: kind, Actor: actor, Region: p.Village, Reason: reason,
		Subject: event.Ref{Kind: "posting", ID: string(p.ID)},
		Refs:    []event.Ref{{Kind: "employer", ID: string(p.EmployerID)}},
		Nums:    map[string]int64{"places": p.Headcount()},
		Tags:    map[string]string{"trade": p.Trade, "town": p.Town(), "form": string(p.Form), "status": string(p.Status)},
	})
}
