package gig

import (
	"context"
	"fmt"
	"slices"
	"time"

	"linggong/internal/access"
	"linggong/internal/day"
	"linggong/internal/event"
)

// Fitness judges whether a worker may take a shift: the hard rules, each with
// its source and what would lift it. nil means she may.
type Fitness func(p Posting, sh Shift, w WorkerView, load Load) error

// Load is what a worker is confirmed for already.
type Load struct {
	EmployerWeekMinutes int64 // with this employer, Monday to Sunday (R-PT-01)
	DayMinutes          int64 // with everyone on that day
}

// EngagementService is the use cases from application to settlement.
type EngagementService struct {
	*Service
	Engaged EngagementStore
	Booking BookingStore
	Fit     Fitness
	// CodeOf gives the posting's check-in code of a day: shown by the employer
	// or the station, typed by the worker.
	CodeOf func(posting PostingID, on day.Date) string
}

// answerTime is how long the other side has: to the hour before the shift,
// at most a day, and at least half an hour (domain.md §9.2).
func answerTime(now, starts time.Time) time.Time {
	by := now.Add(24 * time.Hour)
	if limit := starts.Add(-time.Hour); limit.Before(by) {
		by = limit
	}
	if least := now.Add(30 * time.Minute); by.Before(least) {
		by = least
	}
	if by.After(starts) {
		by = starts
	}
	return by
}

// Apply puts a worker forward for a shift. On an urgent posting (急招) the
// employer has said yes beforehand: who comes first has the place at once.
func (s *EngagementService) Apply(ctx context.Context, actor access.Actor, shift ShiftID, worker WorkerID) (Engagement, error) {
	return s.begin(ctx, actor, access.Apply, shift, worker, applied)
}

// applied is how an application begins.
func applied(p Posting) (EngagementStatus, event.Kind) {
	if p.Urgent {
		return Confirmed, event.EngagementConfirmed
	}
	return Applied, event.EngagementApplied
}

// Invite asks a worker to come; the worker confirms or declines.
func (s *EngagementService) Invite(ctx context.Context, actor access.Actor, shift ShiftID, worker WorkerID) (Engagement, error) {
	return s.begin(ctx, actor, access.Invite, shift, worker, func(Posting) (EngagementStatus, event.Kind) {
		return Invited, event.EngagementInvited
	})
}

func (s *EngagementService) begin(ctx context.Context, actor access.Actor, do access.Action, shift ShiftID, worker WorkerID,
	how func(Posting) (EngagementStatus, event.Kind),
) (Engagement, error) {
	var e Engagement
	err := s.Tx.InTx(ctx, func(ctx context.Context) error {
		p, sh, err := s.shift(ctx, shift)
		if err != nil {
			return err
		}
		w, err := s.Store.Worker(ctx, worker)
		if err != nil {
			return err
		}
		if err := s.mayBegin(actor, do, p, w); err != nil {
			return err
		}
		if err := s.judge(ctx, p, sh, w); err != nil {
			return err
		}
		var kind event.Kind
		e, kind = s.begun(p, sh, w, how)
		if err := s.create(ctx, &e); err != nil {
			return err
		}
		return s.movedEngagement(ctx, actor, e, kind, firstAct(e), "", p.Trade)
	})
	if err != nil {
		return Engagement{}, fmt.Errorf("engage for shift %s: %w", shift, err)
	}
	return e, nil
}

// begun is a new engagement, still without its code.
func (s *EngagementService) begun(p Posting, sh Shift, w Worker, how func(Posting) (EngagementStatus, event.Kind)) (Engagement, event.Kind) {
	e := Engagement{
		ID: EngagementID(s.NewID()), PostingID: p.ID, ShiftID: sh.ID, EmployerID: p.EmployerID, StationID: p.StationID,
		WorkerID: w.ID, PersonID: w.PersonID, Village: p.Village, StartsAt: sh.StartsAt, EndsAt: sh.EndsAt,
		Insurance: p.Insurance, CreatedAt: s.Now(), Version: 1,
	}
	if e.StationID == "" {
		e.StationID = w.Station
	}
	var kind event.Kind
	if e.Status, kind = how(p); e.Status != Confirmed {
		e.AnswerBy = answerTime(s.Now(), sh.StartsAt)
	}
	return e, kind
}

// firstAct is what the history of a new engagement begins with.
func firstAct(e Engagement) Act {
	if e.Status == Confirmed {
		return ActConfirm
	}
	return Act(e.Status)
}

// mayBegin: a worker puts herself forward wherever a posting is; an employer
// invites for its own; staff within their reach on either side.
func (s *EngagementService) mayBegin(actor access.Actor, do access.Action, p Posting, w Worker) error {
	target := p.target()
	target.Person = w.PersonID
	err := access.Can(actor, do, target)
	if err == nil || do != access.Apply {
		return err
	}
	return access.Can(actor, do, w.target())
}

func (s *EngagementService) shift(ctx context.Context, id ShiftID) (Posting, Shift, error) {
	p, err := s.Store.PostingOfShift(ctx, id)
	if err != nil {
		return Posting{}, Shift{}, err
	}
	sh, err := p.onOffer(id, s.Now())
	return p, sh, err
}

// onOffer returns a shift that can be applied for at now, or why it cannot.
func (p Posting) onOffer(id ShiftID, now time.Time) (Shift, error) {
	sh, ok := p.Shift(id)
	switch {
	case !ok:
		return sh, ErrShiftNotFound
	case p.Status == PostingFilled, p.Status == PostingPublished && sh.Open() <= 0 && !sh.Begun(now):
		return sh, ErrShiftFull
	case p.Status != PostingPublished:
		return sh, ErrPostingNotOpen
	case sh.Begun(now):
		return sh, ErrShiftOver
	}
	return sh, nil
}

// judge applies the hard rules to the pair.
func (s *EngagementService) judge(ctx context.Context, p Posting, sh Shift, w Worker) error {
	view, err := s.view(ctx, w)
	if err != nil {
		return err
	}
	var load Load
	if load.EmployerWeekMinutes, load.DayMinutes, err = s.Engaged.Week(ctx, w.ID, p.EmployerID, sh.Date); err != nil {
		return err
	}
	return s.Fit(p, sh, view, load)
}

// create adds e under a free pick-up code.
func (s *EngagementService) create(ctx context.Context, e *Engagement) error {
	if err := s.giveCode(ctx, e); err != nil {
		return err
	}
	return s.Engaged.CreateEngagement(ctx, *e)
}

// Details is what comes with an act.
type Details struct {
	Reason    string
	Code      string // check-in code
	Minutes   int64
	AmountFen int64
	Method    string
	Proof     string
	Stars     int64
}

// Do does an act to an engagement.
func (s *EngagementService) Do(ctx context.Context, actor access.Actor, id EngagementID, act Act, d Details) (Engagement, error) {
	t, ok := transitionOf(act)
	if !ok {
		return Engagement{}, ErrEngagementState
	}
	var e Engagement
	err := s.Tx.InTx(ctx, func(ctx context.Context) error {
		var err error
		if e, err = s.Engaged.Engagement(ctx, id); err != nil {
			return err
		}
		if err := e.allows(t, actor, s.Now()); err != nil {
			return err
		}
		p, err := s.Store.Posting(ctx, e.PostingID)
		if err != nil {
			return err
		}
		from := e.Status
		if err := s.change(ctx, actor, &e, p, t, d); err != nil {
			return err
		}
		if from == Settled && e.Status == Disputed {
			if err := s.keepCode(ctx, &e); err != nil {
				return err
			}
		}
		if err := s.Engaged.SaveEngagement(ctx, e, from); err != nil {
			return err
		}
		e.Version++
		if err := s.effects(ctx, actor, &e, t, d); err != nil {
			return err
		}
		return s.movedEngagement(ctx, actor, e, kindOf(e, act), act, d.Reason, p.Trade)
	})
	if err != nil {
		return Engagement{}, fmt.Errorf("%s engagement %s: %w", act, id, err)
	}
	return e, nil
}

// change puts an act's outcome into e.
func (s *EngagementService) change(ctx context.Context, actor access.Actor, e *Engagement, p Posting, t transition, d Details) error {
	now, side := s.Now(), e.sideOf(actor)
	switch t.act {
	case ActAccept, ActConfirm:
		sh, ok := p.Shift(e.ShiftID)
		if !ok || p.Status != PostingPublished && p.Status != PostingFilled {
			return ErrPostingNotOpen
		}
		w, err := s.Store.Worker(ctx, e.WorkerID)
		if err != nil {
			return err
		}
		if err := s.judge(ctx, p, sh, w); err != nil {
			return err
		}
	case ActRefuse, ActCancel, ActNoShow, ActDispute:
		if d.Reason == "" {
			return ErrReasonMissing.On("reason", "required", "请填写理由")
		}
	case ActCheckIn:
		if side == BySeeker && (d.Code == "" || d.Code != s.CodeOf(e.PostingID, day.Of(e.StartsAt))) {
			return ErrCheckInKey.On("code", "wrong", "签到码不对")
		}
		e.CheckedInAt = now
	case ActCheckOut:
		e.CheckedOutAt = now
	case ActConfirmHours, ActResolve:
		if most := now.Sub(e.begun()); t.act == ActConfirmHours && time.Duration(d.Minutes)*time.Minute > most+time.Minute {
			return ErrHours.On("minutes", "not_yet_worked", fmt.Sprintf("从到岗到现在只有 %d 分钟，没做的工时不能先确认", max(0, int(most.Minutes()))))
		}
		return s.stateHours(e, p, side, t, d)
	case ActPay:
		return e.pay(now, d)
	case ActRate:
		return e.rate(side, d.Stars)
	case ActDecline, ActWithdraw, ActLapse:
	}
	e.Status = t.to
	return nil
}

// stateHours records the hours as a side states them; both must say the same.
func (s *EngagementService) stateHours(e *Engagement, p Posting, side Side, t transition, d Details) error {
	if d.Minutes <= 0 || d.Minutes > 24*60 {
		return ErrHours.On("minutes", "range", "工时应大于 0 且不超过 24 小时")
	}
	switch side {
	case BySeeker:
		e.MinutesByWorker = d.Minutes
	case ByEmployer:
		e.MinutesByEmployer = d.Minutes
	case ByStaff, BySystem: // with both before them, or by decision
		e.MinutesByWorker, e.MinutesByEmployer = d.Minutes, d.Minutes
	}
	if e.MinutesByWorker > 0 && e.MinutesByEmployer > 0 && e.MinutesByWorker != e.MinutesByEmployer {
		return ErrHoursDiffer
	}
	if e.Minutes() == 0 { // the other side has not spoken yet
		if e.Status == CheckedIn {
			e.Status, e.CheckedOutAt = CheckedOut, e.EndsAt
		}
		return nil
	}
	sh, _ := p.Shift(e.ShiftID)
	e.Status = t.to
	e.AmountFen = owed(p, sh, e.Minutes())
	e.PayDue = day.Of(e.EndsAt).Add(int(p.Pay.SettlementDays))
	return nil
}

// owed is the agreed pay for the confirmed minutes, rounded up to the fen: a
// doubt is never the worker's loss.
func owed(p Posting, sh Shift, minutes int64) int64 {
	planned := max(sh.Minutes(), 1)
	switch p.Pay.Unit {
	case PerHour:
		return (p.Pay.AmountFen*minutes + 59) / 60
	case PerDay, PerJob:
		return (p.Pay.AmountFen*min(minutes, planned) + planned - 1) / planned
	case PerPiece, PerMonth:
	}
	return (p.HourFen*minutes + 59) / 60
}

var payMethods = []string{"bank", "cash", "wechat", "alipay"}

func (e *Engagement) pay(now time.Time, d Details) error {
	switch {
	case d.AmountFen <= 0:
		return ErrPayAmount.On("amount_fen", "required", "请填写实际支付的金额")
	case !slices.Contains(payMethods, d.Method):
		return ErrPayMethod.On("method", "kind", "应为转账、现金、微信或支付宝")
	case d.AmountFen < e.AmountFen && d.Reason == "":
		return ErrPayBelow.On("reason", "required", "请写明扣除的法定理由")
	}
	e.AmountFen, e.PaidAt, e.PayMethod, e.PayProof, e.Status = d.AmountFen, now, d.Method, d.Proof, Settled
	return nil
}

// rate keeps a side's stars; neither sees the other's before both have rated.
func (e *Engagement) rate(side Side, stars int64) error {
	if stars < 1 || stars > 5 {
		return ErrStars.On("stars", "range", "1 到 5 星")
	}
	switch side {
	case BySeeker:
		e.StarsByWorker = stars
	case ByEmployer:
		e.StarsByEmployer = stars
	case ByStaff, BySystem:
		return access.ErrForbidden
	}
	if e.StarsByWorker > 0 && e.StarsByEmployer > 0 {
		e.Status = Closed
	}
	return nil
}

// effects are what an act does to the worker and the employer beside it.
func (s *EngagementService) effects(ctx context.Context, actor access.Actor, e *Engagement, t transition, d Details) error {
	switch t.act {
	case ActCheckIn:
		return s.Engaged.StartWaiting(ctx, e.WorkerID, s.Now())
	case ActPay:
		return s.Engaged.CountWorker(ctx, e.WorkerID, 1, "", 0)
	case ActNoShow: // evidence for a person to look at, never a penalty by itself
		return s.Engaged.CountWorker(ctx, e.WorkerID, 0, day.Of(e.StartsAt), 0)
	case ActRate:
		if e.sideOf(actor) == BySeeker {
			return s.Engaged.RateEmployer(ctx, e.EmployerID, d.Stars)
		}
		return s.Engaged.CountWorker(ctx, e.WorkerID, 0, "", d.Stars)
	case ActAccept, ActRefuse, ActConfirm, ActDecline, ActWithdraw, ActCancel, ActLapse, ActCheckOut, ActConfirmHours, ActDispute, ActResolve:
	}
	return nil
}

var actKinds = map[Act]event.Kind{
	ActAccept: event.EngagementConfirmed, ActConfirm: event.EngagementConfirmed, ActRefuse: event.EngagementDeclined,
	ActDecline: event.EngagementDeclined, ActWithdraw: event.EngagementWithdrawn, ActCancel: event.EngagementCancelled,
	ActLapse: event.EngagementDeclined, ActCheckIn: event.EngagementCheckedIn, ActCheckOut: event.EngagementCheckedOut,
	ActNoShow: event.EngagementNoShow, ActPay: event.EngagementSettled, ActRate: event.EngagementRated,
	ActDispute: event.EngagementDisputed, ActConfirmHours: event.HoursStated, ActResolve: event.HoursConfirmed,
}

func kindOf(e Engagement, act Act) event.Kind {
	if act == ActConfirmHours && e.Status == HoursConfirmed {
		return event.HoursConfirmed
	}
	return actKinds[act]
}

func (s *EngagementService) movedEngagement(ctx context.Context, actor access.Actor, e Engagement, kind event.Kind, act Act, reason, trade string) error {
	if err := s.Engaged.AddEngagementMove(ctx, s.NewID(), s.moveOf(actor, e, act, reason)); err != nil {
		return err
	}
	return s.Events.Publish(ctx, eventOf(actor, e, kind, act, reason, trade))
}

func (s *EngagementService) moveOf(actor access.Actor, e Engagement, act Act, reason string) EngagementMove {
	return EngagementMove{
		EngagementID: e.ID, At: s.Now(), Act: act, To: e.Status, ByRole: string(actor.Role), ByAccount: actor.Account, Side: e.sideOf(actor), Reason: reason,
	}
}

func eventOf(actor access.Actor, e Engagement, kind event.Kind, act Act, reason, trade string) event.Event {
	tags := map[string]string{"act": string(act), "status": string(e.Status), "trade": trade}
	nums := map[string]int64{"minutes": e.Minutes(), "amount_fen": e.AmountFen}
	if act == ActPay {
		tags["on_time"] = "no"
		if day.Of(e.PaidAt) <= e.PayDue {
			tags["on_time"] = "yes"
		}
	}
	return event.Event{
		Kind: kind, Actor: actor, Region: e.Village, Person: e.PersonID, Reason: reason,
		Subject: event.Ref{Kind: "engagement", ID: string(e.ID)},
		Refs:    []event.Ref{{Kind: "posting", ID: string(e.PostingID)}, {Kind: "shift", ID: string(e.ShiftID)}, {Kind: "employer", ID: string(e.EmployerID)}, {Kind: "worker", ID: string(e.WorkerID)}},
		Nums:    nums, Tags: tags,
	}
}

// Engagement returns one with its history.
func (s *EngagementService) Engagement(ctx context.Context, actor access.Actor, id EngagementID) (Engagement, []EngagementMove, error) {
	e, err := s.Engaged.Engagement(ctx, id)
	if err != nil {
		return Engagement{}, nil, err
	}
	if err := access.Can(actor, access.EngagementRead, e.target()); err != nil {
		return Engagement{}, nil, err
	}
	h, err := s.Engaged.EngagementHistory(ctx, id)
	return e, h, err
}

// Engagements lists those in the actor's scope.
func (s *EngagementService) Engagements(ctx context.Context, actor access.Actor, f EngagementFilter) (Page[Engagement], error) {
	scope, err := scopeOf(actor, access.EngagementRead)
	if err != nil {
		return Page[Engagement]{}, err
	}
	f.Today = s.today()
	return s.Engaged.Engagements(ctx, scope, f)
}
