package welfare

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"linggong/internal/access"
	"linggong/internal/day"
	"linggong/internal/event"
	"linggong/internal/rules"
)

// PlacementStatus is where a placement is (domain.md §9.7).
type PlacementStatus string

// The states of a placement.
const (
	Proposed   PlacementStatus = "proposed"
	Qualified  PlacementStatus = "qualification_check"
	Publicity  PlacementStatus = "publicity"
	Contracted PlacementStatus = "contracted"
	OnPost     PlacementStatus = "on_post"
	Exiting    PlacementStatus = "exiting"
	Exited     PlacementStatus = "exited"
	Refused    PlacementStatus = "refused"
)

// Active says the placement takes a place and is the person's one.
func (s PlacementStatus) Active() bool { return s != Exited && s != Refused }

// Placement is one person on one post for a term (安置).
type Placement struct {
	ID          PlacementID
	PostID      PostID
	Person      string
	Village     string
	Ordinal     int
	Status      PlacementStatus
	Recognition string
	Category    string

	// What the term follows from, frozen at first approval (R-PWJ-02).
	FirstApproved  day.Date
	MonthsToRetire int
	StartsOn       day.Date
	EndsOn         day.Date
	MonthsTotal    int
	ToRetirement   bool
	Explanation    string

	PublicityFrom, PublicityTo day.Date
	Relative                   bool
	RelativeDetail             string
	RankReason                 string
	RegistrationRef            string
	ExitedOn                   day.Date
	ExitReason                 string
	ProposedBy, CheckedBy      string
	Version                    int64
}

func (p Placement) target() access.Target { return access.Target{Region: p.Village} }

// Reminders are the days on which everyone is told that the term ends.
func (p Placement) Reminders(b *rules.Book) []day.Date {
	if p.EndsOn == "" {
		return nil
	}
	var out []day.Date
	for _, f := range strings.Fields(b.Text("pwj.remind_days", p.Village, p.EndsOn)) {
		if n, err := strconv.Atoi(f); err == nil {
			out = append(out, p.EndsOn.Add(-n))
		}
	}
	return out
}

// PlacementAct is something done to a placement.
type PlacementAct string

// The acts on a placement.
const (
	CheckPlacement   PlacementAct = "check"
	PublishPlacement PlacementAct = "publish"
	Contract         PlacementAct = "contract"
	Start            PlacementAct = "start"
	BeginExit        PlacementAct = "begin-exit"
	Exit             PlacementAct = "exit"
	RefusePlacement  PlacementAct = "refuse"
)

type placementMove struct {
	act  PlacementAct
	from []PlacementStatus
	to   PlacementStatus
	may  access.Action
}

// placementMoves is the state machine of a placement.
var placementMoves = []placementMove{
	{CheckPlacement, []PlacementStatus{Proposed}, Qualified, access.WelfareTown},
	{PublishPlacement, []PlacementStatus{Qualified}, Publicity, access.WelfareDecide},
	{Contract, []PlacementStatus{Publicity}, Contracted, access.WelfareDecide},
	{Start, []PlacementStatus{Contracted}, OnPost, access.PlacementWrite},
	{BeginExit, []PlacementStatus{OnPost}, Exiting, access.PlacementWrite},
	{Exit, []PlacementStatus{Contracted, OnPost, Exiting}, Exited, access.WelfareDecide},
	{RefusePlacement, []PlacementStatus{Proposed, Qualified, Publicity}, Refused, access.WelfareDecide},
	{RefusePlacement, []PlacementStatus{Proposed}, Refused, access.WelfareTown},
}

// ExitReasons are why a placement may end (domain.md §3.6). Nothing ends one by itself.
var ExitReasons = map[string]string{
	"employed": "另行就业", "retired": "达到法定退休年龄", "deceased": "死亡", "unable": "因健康或能力不能胜任",
	"breach": "严重违反规定", "term_expired": "期满", "recognition_ended": "不再是就业困难人员", "resigned": "本人辞职",
	"post_closed": "岗位取消", "fraud": "查实弄虚作假",
}

func (p Placement) allows(m placementMove, a access.Actor, today day.Date) error {
	if err := access.Can(a, m.may, p.target()); err != nil {
		return err
	}
	mine := a.Account != ""
	switch {
	case !slices.Contains(m.from, p.Status):
		return ErrState
	case m.act == CheckPlacement && mine && a.Account == p.ProposedBy,
		m.act == PublishPlacement && mine && (a.Account == p.ProposedBy || a.Account == p.CheckedBy):
		return ErrSamePerson
	case m.act == Contract && today <= p.PublicityTo:
		return ErrPublicity.Saying(fmt.Sprintf("公示到 %s 为止，次日起可以签约", p.PublicityTo), "The public notice is still running.").
			Because("R-PWJ", "人社部发〔2019〕124号", "公示结束后再签")
	}
	return nil
}

// Next lists what the actor may do with the placement now.
func (p Placement) Next(a access.Actor, today day.Date) []PlacementAct {
	var out []PlacementAct
	for _, m := range placementMoves {
		if p.allows(m, a, today) == nil && !slices.Contains(out, m.act) {
			out = append(out, m.act)
		}
	}
	return out
}

// PlacementFilter narrows a list.
type PlacementFilter struct {
	Status PlacementStatus
	Post   PostID
	Person string
	Before string
	Limit  int
}

// Proposal puts a person forward for a post.
type Proposal struct {
	Post           PostID
	Person         string
	Relative       bool // a close relative of the unit's head, the handler or a village cadre
	RelativeDetail string
	RankReason     string // why this person before those who rank first
}

// Propose puts a person forward. Eligibility is decided again at every later step.
func (s *Service) Propose(ctx context.Context, actor access.Actor, in Proposal) (Placement, error) {
	var p Placement
	err := s.tx.InTx(ctx, func(ctx context.Context) error {
		post, err := s.store.Post(ctx, in.Post)
		if err != nil {
			return err
		}
		who, ok, err := s.register.Recognised(ctx, in.Person, s.today())
		if err != nil {
			return err
		}
		if !ok {
			return ErrNotRecognised
		}
		if err := access.Can(actor, access.PlacementWrite, access.Target{Region: who.Village}); err != nil {
			return err
		}
		switch {
		case post.Status == PostFilled:
			return ErrPostFull
		case post.Status != PostOpen:
			return ErrState.Saying("岗位还没有开放", "The post is not open.")
		case in.Relative && in.RelativeDetail == "":
			return ErrReason.Saying("请写明是什么亲属关系", "State the relation.")
		}
		if err := s.checkRank(ctx, post, who, in.RankReason); err != nil {
			return err
		}
		p = Placement{
			ID: PlacementID(s.newID()), PostID: post.ID, Person: in.Person, Village: post.Village, Status: Proposed,
			Recognition: who.Recognition, Category: who.Primary, Relative: in.Relative, RelativeDetail: in.RelativeDetail,
			RankReason: in.RankReason, ProposedBy: actor.Account, Version: 1,
		}
		if err := s.setTerm(ctx, &p, post, who, s.today()); err != nil {
			return err
		}
		if err := s.store.CreatePlacement(ctx, p); err != nil {
			return err
		}
		return s.placementMoved(ctx, actor, event.PlacementProposed, p, "propose", in.RankReason)
	})
	if err != nil {
		return Placement{}, fmt.Errorf("propose placement: %w", err)
	}
	return p, nil
}

// checkRank asks for a reason when someone unplaced ranks strictly before.
func (s *Service) checkRank(ctx context.Context, post Post, who Recognised, reason string) error {
	if reason != "" {
		return nil
	}
	ranked, err := s.ranked(ctx, post)
	if err != nil {
		return err
	}
	mine, _ := s.book().WelfareRank(who.Categories, who.Severe, post.Village, s.today())
	for _, r := range ranked {
		if r.Rank < mine && r.Person != who.Person && len(r.Blockers) == 0 {
			return ErrRankReason.On("departs_from_rank_reason", "required", "有优先次序更靠前的人")
		}
	}
	return nil
}

// ordinal says which placement of hers this one is: those that were approved count.
func ordinal(past []Placement, this PlacementID) int {
	n := 1
	for _, h := range past {
		if h.ID != this && h.FirstApproved != "" {
			n++
		}
	}
	return n
}

// term asks the rules how long a placement may last, or why there is none.
func (s *Service) term(who Recognised, c Card, region string, ordinal int, first, starts day.Date) (rules.WelfareTerm, error) {
	if c.Birth == "" {
		return rules.WelfareTerm{}, ErrNotRecognised.Saying("缺少出生日期，请先核对身份证", "The date of birth is not known.")
	}
	return s.book().WelfareTerm(rules.WelfareQuestion{
		Region: region, Birth: c.Birth, Sex: c.Sex, RetireCategory: c.RetireCategory, FirstApproval: first, Starts: starts, Ordinal: ordinal,
		Categories: who.Categories, Severe: who.Severe,
	})
}

// setTerm computes the term as of first approval. A contract of a later part of
// one placement never computes it again.
func (s *Service) setTerm(ctx context.Context, p *Placement, post Post, who Recognised, starts day.Date) error {
	cards, err := s.people.Cards(ctx, []string{p.Person})
	if err != nil {
		return err
	}
	past, err := s.store.History(ctx, p.Person)
	if err != nil {
		return err
	}
	first := p.FirstApproved
	if first == "" {
		first = s.today()
	}
	p.Ordinal = ordinal(past[p.Person], p.ID)
	t, err := s.term(who, cards[p.Person], p.Village, p.Ordinal, first, starts)
	if err != nil {
		return err
	}
	p.StartsOn, p.EndsOn, p.MonthsTotal = t.Starts, t.Ends, t.Months
	p.ToRetirement, p.MonthsToRetire, p.Explanation = t.ToRetirement, t.MonthsToRetire, t.Explanation
	// The post itself may be funded for less than the law would allow her.
	if ends := starts.AddMonths(int(post.TermMonths)).Add(-1); !t.ToRetirement && ends < t.Ends {
		p.EndsOn, p.MonthsTotal = ends, int(post.TermMonths)
		p.Explanation += fmt.Sprintf("；本岗位只开发 %d 个月", post.TermMonths)
	}
	return nil
}

// MoveDetails is what comes with an act on a placement.
type MoveDetails struct {
	Reason          string
	StartsOn        day.Date
	RegistrationRef string // 就业登记 reference
	ExitedOn        day.Date
}

// MovePlacement does an act to a placement.
func (s *Service) MovePlacement(ctx context.Context, actor access.Actor, id PlacementID, act PlacementAct, d MoveDetails) (Placement, error) {
	var p Placement
	err := s.tx.InTx(ctx, func(ctx context.Context) error {
		var err error
		if p, err = s.store.Placement(ctx, id); err != nil {
			return err
		}
		m, err := p.move(act, actor, s.today())
		if err != nil {
			return err
		}
		was := p.Status.Active()
		if err := s.changePlacement(ctx, actor, &p, act, d); err != nil {
			return err
		}
		p.Status = m.to
		if err := s.store.SavePlacement(ctx, p, was); err != nil {
			return err
		}
		p.Version++
		kind := event.PlacementMoved
		switch act {
		case Start:
			kind = event.PlacementStarted
			if err := s.register.RecordMeasure(ctx, actor, p.Person, "welfare_post", p.StartsOn, event.Ref{Kind: "placement", ID: string(p.ID)}); err != nil {
				return err
			}
		case Exit:
			kind = event.PlacementEnded
		case CheckPlacement, PublishPlacement, Contract, BeginExit, RefusePlacement:
		}
		return s.placementMoved(ctx, actor, kind, p, string(act), d.Reason)
	})
	if err != nil {
		return Placement{}, fmt.Errorf("%s placement %s: %w", act, id, err)
	}
	return p, nil
}

func (p Placement) move(act PlacementAct, a access.Actor, today day.Date) (placementMove, error) {
	err := error(ErrState)
	for _, m := range placementMoves {
		if m.act != act {
			continue
		}
		why := p.allows(m, a, today)
		if why == nil {
			return m, nil
		}
		err = why
	}
	return placementMove{}, err
}

func (s *Service) changePlacement(ctx context.Context, actor access.Actor, p *Placement, act PlacementAct, d MoveDetails) error {
	switch act {
	case CheckPlacement:
		p.CheckedBy = actor.Account
		_, err := s.stillEligible(ctx, p)
		return err
	case PublishPlacement:
		days := s.book().Number("pwj.publicity_days", p.Village, s.today())
		p.PublicityFrom, p.PublicityTo = s.today(), s.book().Calendar().AddWorkingDays(s.today(), days)
		_, err := s.stillEligible(ctx, p)
		return err
	case Contract:
		post, err := s.store.Post(ctx, p.PostID)
		if err != nil {
			return err
		}
		who, err := s.stillEligible(ctx, p)
		if err != nil {
			return err
		}
		if err := s.checkWage(post); err != nil {
			return err
		}
		p.FirstApproved = s.today()
		starts := d.StartsOn
		if starts == "" {
			starts = s.today()
		}
		return s.setTerm(ctx, p, post, who, starts)
	case Start:
		p.RegistrationRef = d.RegistrationRef
		return nil
	case Exit, BeginExit:
		if _, ok := ExitReasons[d.Reason]; !ok {
			return ErrReason.Saying("请选择退出原因", "Choose a reason for the exit.")
		}
		p.ExitReason, p.ExitedOn = d.Reason, d.ExitedOn
		if p.ExitedOn == "" {
			p.ExitedOn = s.today()
		}
		return nil
	case RefusePlacement:
		if d.Reason == "" {
			return ErrReason
		}
		p.ExitReason = d.Reason
	}
	return nil
}

// stillEligible asks again what was asked at the proposal: time has passed.
func (s *Service) stillEligible(ctx context.Context, p *Placement) (Recognised, error) {
	who, ok, err := s.register.Recognised(ctx, p.Person, s.today())
	if err == nil && !ok {
		err = ErrNotRecognised
	}
	return who, err
}

func (s *Service) placementMoved(ctx context.Context, actor access.Actor, kind event.Kind, p Placement, act, reason string) error {
	registered := "no"
	if p.RegistrationRef != "" {
		registered = "yes"
	}
	e := event.Event{
		Kind: kind, Actor: actor, Subject: event.Ref{Kind: "placement", ID: string(p.ID)}, Region: p.Village, Person: p.Person, Reason: reason,
		Refs: []event.Ref{{Kind: "welfare_post", ID: string(p.PostID)}},
		Tags: map[string]string{"act": act, "status": string(p.Status), "category": p.Category, "registered": registered},
		Nums: map[string]int64{"ordinal": int64(p.Ordinal), "months": int64(p.MonthsTotal)},
	}
	if kind == event.PlacementStarted {
		e.On = p.StartsOn
	}
	return s.events.Publish(ctx, e)
}

// Placement returns one placement with its worked months.
func (s *Service) Placement(ctx context.Context, actor access.Actor, id PlacementID) (Placement, int, error) {
	p, err := s.store.Placement(ctx, id)
	if err != nil {
		return Placement{}, 0, err
	}
	if err := access.Can(actor, access.WelfareRead, p.target()); err != nil {
		return Placement{}, 0, err
	}
	months, err := s.store.Months(ctx, []PlacementID{id})
	return p, months[id], err
}

// Placements lists placements in the actor's scope, with their worked months.
func (s *Service) Placements(ctx context.Context, actor access.Actor, f PlacementFilter) ([]Placement, map[PlacementID]int, error) {
	if err := access.May(actor, access.WelfareRead); err != nil {
		return nil, nil, err
	}
	list, err := s.store.Placements(ctx, scopeOf(actor), f)
	if err != nil {
		return nil, nil, err
	}
	ids := make([]PlacementID, len(list))
	for i, p := range list {
		ids[i] = p.ID
	}
	months, err := s.store.Months(ctx, ids)
	return list, months, err
}
