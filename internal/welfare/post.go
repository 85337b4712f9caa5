package welfare

import (
	"context"
	"fmt"
	"slices"

	"linggong/internal/access"
	"linggong/internal/day"
	"linggong/internal/event"
)

// PostStatus is where a post is (domain.md §9.7).
type PostStatus string

// The states of a post.
const (
	PostApplied    PostStatus = "applied"
	PostTownCheck  PostStatus = "town_check"
	PostRecognised PostStatus = "recognised"
	PostAnnounced  PostStatus = "announced"
	PostOpen       PostStatus = "open"
	PostFilled     PostStatus = "filled"
	PostClosed     PostStatus = "closed"
	PostRefused    PostStatus = "refused"
)

// Post is a public-welfare post.
type Post struct {
	ID            PostID
	Number        string
	Title         string
	Unit          string
	EmployerID    string
	Village       string
	Duties        string
	Places, Taken int64
	HoursDay      int64
	DaysWeek      int64
	WageFen       int64
	WageUnit      string // month, hour
	Funding       string
	TermMonths    int64
	Status        PostStatus
	AnnouncedFrom day.Date
	AnnouncedTo   day.Date
	ProvincialRef string
	AppliedBy     string
	CheckedBy     string
	Version       int64
}

func (p Post) target() access.Target {
	return access.Target{Region: p.Village, Employer: p.EmployerID}
}

// PostAct is something done to a post.
type PostAct string

// The acts on a post.
const (
	CheckPost     PostAct = "check"
	RecognisePost PostAct = "recognise"
	AnnouncePost  PostAct = "announce"
	OpenPost      PostAct = "open"
	RefusePost    PostAct = "refuse"
	ClosePost     PostAct = "close"
)

type postMove struct {
	act  PostAct
	from []PostStatus
	to   PostStatus
	may  access.Action
}

// postMoves is the state machine of a post.
var postMoves = []postMove{
	{CheckPost, []PostStatus{PostApplied}, PostTownCheck, access.WelfareTown},
	{RecognisePost, []PostStatus{PostTownCheck}, PostRecognised, access.WelfareDecide},
	{AnnouncePost, []PostStatus{PostRecognised}, PostAnnounced, access.WelfareDecide},
	{OpenPost, []PostStatus{PostAnnounced}, PostOpen, access.WelfareDecide},
	{RefusePost, []PostStatus{PostApplied, PostTownCheck}, PostRefused, access.WelfareTown},
	{RefusePost, []PostStatus{PostApplied, PostTownCheck, PostRecognised}, PostRefused, access.WelfareDecide},
	{ClosePost, []PostStatus{PostRecognised, PostAnnounced, PostOpen, PostFilled}, PostClosed, access.WelfareDecide},
}

// Next lists what the actor may do with the post now.
func (p Post) Next(a access.Actor, today day.Date) []PostAct {
	var out []PostAct
	for _, m := range postMoves {
		if p.allows(m, a, today) == nil && !slices.Contains(out, m.act) {
			out = append(out, m.act)
		}
	}
	return out
}

func (p Post) allows(m postMove, a access.Actor, today day.Date) error {
	if err := access.Can(a, m.may, p.target()); err != nil {
		return err
	}
	switch {
	case !slices.Contains(m.from, p.Status):
		return ErrState
	case m.act == CheckPost && a.Account != "" && a.Account == p.AppliedBy,
		m.act == RecognisePost && a.Account != "" && (a.Account == p.AppliedBy || a.Account == p.CheckedBy):
		return ErrSamePerson
	case m.act == OpenPost && today <= p.AnnouncedTo:
		return ErrPublicity.Saying(fmt.Sprintf("岗位公告到 %s 为止，次日起可以开放", p.AnnouncedTo), "The announcement is still running.")
	case m.act == ClosePost && p.Taken > 0:
		return ErrState.Saying("岗位上还有人，先办理退出", "People are still on the post.")
	}
	return nil
}

// PostFilter narrows a list.
type PostFilter struct {
	Status PostStatus
	Before string
	Limit  int
}

// ApplyPost asks for a new post: duties, place, hours, a lawful wage, and who pays.
func (s *Service) ApplyPost(ctx context.Context, actor access.Actor, p Post) (Post, error) {
	if actor.Role == access.Employer {
		p.EmployerID = actor.Employer
	}
	if err := access.Can(actor, access.WelfareApply, p.target()); err != nil {
		return Post{}, err
	}
	p.ID, p.Status, p.Taken, p.AppliedBy, p.Version = PostID(s.newID()), PostApplied, 0, actor.Account, 1
	if err := s.checkPost(p); err != nil {
		return Post{}, err
	}
	err := s.tx.InTx(ctx, func(ctx context.Context) error {
		if err := s.store.CreatePost(ctx, p); err != nil {
			return err
		}
		return s.postMoved(ctx, actor, p, "apply", "")
	})
	return p, err
}

func (s *Service) checkPost(p Post) error {
	bad := ErrPostInvalid
	for field, v := range map[string]string{"title": p.Title, "unit_name": p.Unit, "duties": p.Duties, "funding": p.Funding, "number": p.Number} {
		if v == "" {
			bad = bad.On(field, "required", "必填")
		}
	}
	if len(p.Village) != 12 {
		bad = bad.On("village", "unknown", "请选择岗位所在的村（社区）或镇（街道）")
	}
	if p.Places < 1 || p.Places > 200 {
		bad = bad.On("places", "range", "名额应为 1 至 200")
	}
	if p.HoursDay < 1 || p.HoursDay > 8 || p.DaysWeek < 1 || p.DaysWeek > 6 {
		bad = bad.On("hours_day", "range", "每天不超过 8 小时，每周至少休息一天")
	}
	if p.TermMonths < 1 || p.TermMonths > 36 {
		bad = bad.On("term_months", "range", "期限应为 1 至 36 个月")
	}
	if len(bad.Fields) > 0 {
		return bad
	}
	return s.checkWage(p)
}

// checkWage holds the wage to the minimum in force: by the month for full-time
// posts, by the hour for the rest (劳动合同法 第72条, 劳动法 第48条).
func (s *Service) checkWage(p Post) error {
	w, ok := s.book().MinimumWage(p.Village, s.today())
	if !ok {
		return nil
	}
	part := p.HoursDay <= 4 && p.HoursDay*p.DaysWeek <= 24
	switch {
	case p.WageUnit == "hour" && p.WageFen < w.HourFen:
		return ErrWageBelow.Because("R-PT-05", "劳动合同法 第72条；"+w.Source, fmt.Sprintf("每小时不低于 %.2f 元", float64(w.HourFen)/100)).On("wage_fen", "below_minimum", "低于小时最低工资")
	case p.WageUnit == "month" && !part && p.WageFen < w.MonthFen:
		return ErrWageBelow.Because("R-PAY-02", "劳动法 第48条；"+w.Source, fmt.Sprintf("每月不低于 %.0f 元", float64(w.MonthFen)/100)).On("wage_fen", "below_minimum", "低于月最低工资")
	case p.WageUnit == "month" && part:
		hours := p.HoursDay * p.DaysWeek * 52 // a year's hours, to divide by 12 without rounding
		if p.WageFen*12 < w.HourFen*hours {
			return ErrWageBelow.Because("R-PT-05", "劳动合同法 第72条；"+w.Source, fmt.Sprintf("按工时折算每月不低于 %.2f 元", float64(w.HourFen*hours)/1200)).On("wage_fen", "below_minimum", "折算低于小时最低工资")
		}
	case p.WageUnit != "month" && p.WageUnit != "hour":
		return ErrPostInvalid.On("wage_unit", "enum", "应为按月或按小时")
	}
	return nil
}

// MovePost does an act to a post.
func (s *Service) MovePost(ctx context.Context, actor access.Actor, id PostID, act PostAct, reason string) (Post, error) {
	var p Post
	err := s.tx.InTx(ctx, func(ctx context.Context) error {
		var err error
		if p, err = s.store.Post(ctx, id); err != nil {
			return err
		}
		m, err := p.move(act, actor, s.today())
		if err != nil {
			return err
		}
		if (act == RefusePost || act == ClosePost) && reason == "" {
			return ErrReason
		}
		p.Status = m.to
		switch act {
		case CheckPost:
			p.CheckedBy = actor.Account
		case AnnouncePost:
			days := s.book().Number("pwj.publicity_days", p.Village, s.today())
			p.AnnouncedFrom, p.AnnouncedTo = s.today(), s.book().Calendar().AddWorkingDays(s.today(), days)
		case RecognisePost, OpenPost, RefusePost, ClosePost:
		}
		if err := s.store.SavePost(ctx, p); err != nil {
			return err
		}
		p.Version++
		return s.postMoved(ctx, actor, p, string(act), reason)
	})
	if err != nil {
		return Post{}, fmt.Errorf("%s welfare post %s: %w", act, id, err)
	}
	return p, nil
}

// move finds the row of the state machine for an act; of several refusals it
// returns the one that says most.
func (p Post) move(act PostAct, a access.Actor, today day.Date) (postMove, error) {
	err := error(ErrState)
	for _, m := range postMoves {
		if m.act != act {
			continue
		}
		why := p.allows(m, a, today)
		if why == nil {
			return m, nil
		}
		err = why
	}
	return postMove{}, err
}

func (s *Service) postMoved(ctx context.Context, actor access.Actor, p Post, act, reason string) error {
	return s.events.Publish(ctx, event.Event{
		Kind: event.WelfarePostMoved, Actor: actor, Subject: event.Ref{Kind: "welfare_post", ID: string(p.ID)}, Region: p.Village, Reason: reason,
		Tags: map[string]string{"act": act, "status": string(p.Status)}, Nums: map[string]int64{"places": p.Places},
	})
}

// Post returns one post.
func (s *Service) Post(ctx context.Context, actor access.Actor, id PostID) (Post, error) {
	p, err := s.store.Post(ctx, id)
	if err != nil {
		return Post{}, err
	}
	return p, access.Can(actor, access.WelfareRead, p.target())
}

// Posts lists posts in the actor's scope.
func (s *Service) Posts(ctx context.Context, actor access.Actor, f PostFilter) ([]Post, error) {
	if err := access.May(actor, access.WelfareRead); err != nil {
		return nil, err
	}
	return s.store.Posts(ctx, scopeOf(actor), f)
}
