package gig

import (
	"context"

	"linggong/internal/access"
	"linggong/internal/gig/offer"
)

// PostingView is a posting as an actor may see it, with who posts it.
type PostingView struct {
	Posting
	Employer Employer
	Manages  bool // the actor may change it, and so sees its warnings
}

// public says anyone may see a posting of that status.
func (p Posting) public() bool { return p.Status == PostingPublished || p.Status == PostingFilled }

// seen returns p as the actor may see it, or false when it is hidden. Strangers
// learn of a household no more than its village.
func (s *Service) seen(actor access.Actor, p Posting, e Employer) (PostingView, bool) {
	manages := access.Can(actor, access.PostingWrite, p.target()) == nil
	if !manages && !p.public() && !actor.City() {
		return PostingView{}, false
	}
	if !manages {
		p.Warnings, p.SubmittedBy, p.ReviewedBy, p.ProjectNo = nil, "", "", ""
		if p.ForHousehold {
			p.Address, p.Place = "", offer.PlaceOf(s.Regions, p.Village)
		}
	}
	return PostingView{Posting: p, Employer: e, Manages: manages}, true
}

// see reads the employers of all in one statement and leaves out what is hidden.
func (s *Service) see(ctx context.Context, actor access.Actor, list []Posting) ([]PostingView, error) {
	ids := make([]EmployerID, 0, len(list))
	for _, p := range list {
		ids = append(ids, p.EmployerID)
	}
	employers, err := s.Store.EmployersByID(ctx, offer.Set(ids))
	if err != nil {
		return nil, err
	}
	out := make([]PostingView, 0, len(list))
	for _, p := range list {
		if v, ok := s.seen(actor, p, employers[p.EmployerID]); ok {
			out = append(out, v)
		}
	}
	return out, nil
}

func (s *Service) seeOne(ctx context.Context, actor access.Actor, p Posting, err error) (PostingView, error) {
	if err != nil {
		return PostingView{}, err
	}
	list, err := s.see(ctx, actor, []Posting{p})
	if err != nil {
		return PostingView{}, err
	}
	if len(list) == 0 {
		return PostingView{}, ErrPostingNotFound
	}
	return list[0], nil
}

// Posting returns one posting; to those who do not manage it only while it is public.
func (s *Service) Posting(ctx context.Context, actor access.Actor, id PostingID) (PostingView, error) {
	p, err := s.Store.Posting(ctx, id)
	return s.seeOne(ctx, actor, p, err)
}

// PostingByCode returns the posting people say aloud.
func (s *Service) PostingByCode(ctx context.Context, actor access.Actor, code string) (PostingView, error) {
	p, err := s.Store.PostingByCode(ctx, code)
	return s.seeOne(ctx, actor, p, err)
}

// Postings lists what the actor manages.
func (s *Service) Postings(ctx context.Context, actor access.Actor, f PostingFilter) (Page[PostingView], error) {
	scope, err := scopeOf(actor, access.PostingWrite)
	if err != nil {
		return Page[PostingView]{}, err
	}
	page, err := s.Store.Postings(ctx, scope, f)
	if err != nil {
		return Page[PostingView]{}, err
	}
	items, err := s.see(ctx, actor, page.Items)
	return Page[PostingView]{Items: items, Next: page.Next}, err
}

// PostingHistory returns what became of a posting, to those who manage it.
func (s *Service) PostingHistory(ctx context.Context, actor access.Actor, id PostingID) ([]PostingMove, error) {
	p, err := s.Store.Posting(ctx, id)
	if err != nil {
		return nil, err
	}
	if err := access.Can(actor, access.PostingWrite, p.target()); err != nil && !actor.City() {
		return nil, err
	}
	return s.Store.PostingHistory(ctx, id)
}
