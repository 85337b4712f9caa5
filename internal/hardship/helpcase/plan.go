package helpcase

import (
	"slices"

	"linggong/internal/day"
	"linggong/internal/hardship/refusal"
)

// Plan is the individual plan (一人一策).
type Plan struct {
	ID       string
	Case     ID
	On       day.Date
	Goals    string // sealed at rest
	Measures []Kind
	By       string
}

// WorkForms is how someone can be in work.
var WorkForms = []string{"full_time", "flexible", "self_employed", "welfare_post"}

// FollowUpMonths is when someone who found work is visited (R-HELP-01).
var FollowUpMonths = []int{1, 3, 6}

// MayClose holds R-HELP-04: only an allowed reason, with evidence; and stable
// employment only when it has lasted and the last follow-up found it.
func (c Case) MayClose(why CloseReason, evidence string, today day.Date, book Book) error {
	switch {
	case !c.Open():
		return ErrMove
	case !slices.Contains(CloseReasons, why):
		return ErrCloseReason
	case evidence == "":
		return refusal.ErrNeedsProof
	case why != StableEmployment:
		return nil
	case c.WorkSince == "" || today < c.WorkSince.AddMonths(book.Number("hard.stable_months", c.Region, c.OpenedOn)):
		return ErrNotStable
	}
	for _, f := range c.FollowUps {
		if f.Due >= c.WorkSince && (f.DoneOn == "" || !f.Employed) && f.Due <= today {
			return ErrNotStable
		}
	}
	return nil
}

// SetPromise takes on a next step of the caseworker's own.
func (c *Case) SetPromise(p Promise, today day.Date) error {
	switch {
	case !c.Open():
		return ErrMove
	case !slices.Contains(PromiseKinds, p.Kind):
		return refusal.ErrUnknownCode.On("kind", "unknown", "请选择下一步事项")
	case !p.Due.Valid() || p.Due < today:
		return refusal.ErrBadDate.On("due", "past", "下一步日期不能早于今天")
	}
	c.Promise = p
	return nil
}

// Kept clears a promise that an act has kept.
func (c *Case) Kept(kinds ...ActionKind) {
	if slices.Contains(kinds, c.Promise.Kind) {
		c.Promise = Promise{}
	}
}
