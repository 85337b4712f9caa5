package gig

import (
	"context"
	"errors"
	"math/rand/v2"
	"strconv"
	"strings"

	"linggong/internal/gig/offer"
)

// giveCode gives e a pick-up code that nobody has now.
func (s *EngagementService) giveCode(ctx context.Context, e *Engagement) error {
	for try := 0; ; try++ {
		e.Code = newCode()
		_, err := s.Engaged.EngagementByCode(ctx, e.Code)
		if errors.Is(err, ErrEngagementNotFound) {
			return nil
		}
		if err != nil || try == 20 {
			return errors.Join(ErrEngagementCode, err)
		}
	}
}

// newCode is six digits that do not begin with a zero: they are read out.
func newCode() string { return strconv.Itoa(rand.IntN(900_000) + 100_000) }

// keepCode gives what was settled and is opened again another code, where its
// own has gone to somebody else.
func (s *EngagementService) keepCode(ctx context.Context, e *Engagement) error {
	_, err := s.Engaged.EngagementByCode(ctx, e.Code)
	switch {
	case errors.Is(err, ErrEngagementNotFound):
		return nil
	case err != nil:
		return err
	}
	return s.giveCode(ctx, e)
}

// BySlip finds an engagement by the code on the slip and the end of the phone
// number: what a passer-by at a kiosk has. The one under way comes before those
// that once had its code. The answer does not tell which of the two was wrong.
func (s *EngagementService) BySlip(ctx context.Context, code, phoneTail string) (Engagement, error) {
	list, err := s.Engaged.FinishedByCode(ctx, code)
	if err != nil {
		return Engagement{}, err
	}
	switch e, err := s.Engaged.EngagementByCode(ctx, code); {
	case err == nil:
		list = append([]Engagement{e}, list...)
	case !errors.Is(err, ErrEngagementNotFound):
		return Engagement{}, err
	}
	persons := make([]string, len(list))
	for i, e := range list {
		persons[i] = e.PersonID
	}
	cards, err := s.People.Cards(ctx, offer.Set(persons))
	if err != nil {
		return Engagement{}, err
	}
	for _, e := range list {
		masked := cards[e.PersonID].PhoneMasked
		if len(phoneTail) == 4 && strings.HasSuffix(masked, phoneTail) {
			return e, nil
		}
	}
	return Engagement{}, ErrEngagementNotFound
}
