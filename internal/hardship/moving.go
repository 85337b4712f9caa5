package hardship

import (
	"context"

	"linggong/internal/access"
	"linggong/internal/event"
	"linggong/internal/hardship/helpcase"
	"linggong/internal/hardship/recognition"
)

var _ event.Subscriber = (*Service)(nil)

// Handle follows a person who moves to another village: her open case and live
// recognition go with her, and the case to an owner who covers the new one. It is
// the event.Subscriber of this domain, told inside the act that moved her.
func (s *Service) Handle(ctx context.Context, e event.Event) error {
	if e.Kind != event.PersonChanged || e.Subject.Kind != "person" {
		return nil
	}
	village, err := s.people.Region(ctx, e.Subject.ID)
	if err != nil {
		return err
	}
	c, err := s.store.OpenCase(ctx, e.Subject.ID)
	if err != nil && !absent(err) {
		return err
	}
	if err == nil && c.Region != village {
		if err := s.moveCase(ctx, e.Actor, c, village); err != nil {
			return err
		}
	}
	at, err := s.store.Standings(ctx, []string{e.Subject.ID})
	if err != nil || at[e.Subject.ID].Recognition == "" {
		return err
	}
	r, err := s.store.Recognition(ctx, at[e.Subject.ID].Recognition)
	if err != nil || r.Region == village {
		return err
	}
	r.Region = village
	if err := s.store.SaveRecognition(ctx, r); err != nil {
		return err
	}
	return s.recognitionMoved(ctx, e.Actor, r, r.State, recognition.Move("moved-village"), "")
}

func (s *Service) moveCase(ctx context.Context, actor access.Actor, c helpcase.Case, village string) error {
	c.Region = village
	_, role, regions, active, err := s.accounts.Owner(ctx, c.Owner)
	from := c.Owner
	if err != nil || !suits(role, regions, active, village) {
		if c.Owner, _, err = s.ownerFor(ctx, village); err != nil {
			return err
		}
	}
	return s.saveCase(ctx, actor, c, event.Event{
		Kind: event.CaseChanged, Tags: map[string]string{"change": "moved_village"},
		Refs: []event.Ref{{Kind: "account", ID: c.Owner}, {Kind: "account", ID: from}},
	})
}
