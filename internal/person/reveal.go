package person

import (
	"context"
	"slices"
	"strings"
	"time"

	"linggong/internal/access"
	"linggong/internal/errs"
	"linggong/internal/event"
)

// Field is one sealed particular.
type Field string

// The fields that can be revealed.
const (
	Name        Field = "name"
	IDNumberOf  Field = "id_number"
	PhoneNumber Field = "phone"
	Address     Field = "address"
)

// Fields lists them all.
var Fields = []Field{Name, IDNumberOf, PhoneNumber, Address}

// How often one account may look. A caseworker who calls a whole village stays
// below it; who copies a registry does not.
const (
	revealsPerHour = 40
	revealsPerDay  = 150
)

// ShownFor is how long a screen shows what was revealed.
const ShownFor = time.Minute

// ErrTooManyLooks says an account has looked too often.
var ErrTooManyLooks = errs.New(errs.TooMany, "too_many_reveals", "查看次数过多，请稍后再试", "Too many looks; try again later.").
	Because("R-PIPL-02", "个人信息保护法 第51条", "一小时后再试；批量办理请由镇（街道）导出并登记用途")

// ErrNoReason refuses a look without a reason.
var ErrNoReason = errs.New(errs.Invalid, "reason_required", "请写明查看理由", "Say why you need to see it.").
	Because("R-PIPL-02", "个人信息保护法 第6条、第51条", "写明办理的事项，例如“电话通知复核材料”")

// reasonOf refuses an empty or token reason.
func reasonOf(reason string) (string, error) {
	reason = strings.TrimSpace(reason)
	if len([]rune(reason)) < 2 {
		return "", ErrNoReason
	}
	if len([]rune(reason)) > 200 {
		return "", ErrNoReason.On("reason", "too_long", "理由最多200字")
	}
	return reason, nil
}

// Reveal shows fields of a person whole. A reason is required; the act is on the
// record before anything is shown, and limited for each account. It must not be
// called inside a transaction, because the limit may be kept outside the database.
func (s *Service) Reveal(ctx context.Context, actor access.Actor, id string, fields []Field, reason string) (Particulars, error) {
	r, err := s.mine(ctx, actor, access.PersonReveal, id)
	if err != nil {
		return Particulars{}, err
	}
	if reason, err = reasonOf(reason); err != nil {
		return Particulars{}, err
	}
	if len(fields) == 0 {
		return Particulars{}, ErrInvalid.On("fields", "required", "请选择要查看的项目")
	}
	for _, f := range fields {
		if !slices.Contains(Fields, f) {
			return Particulars{}, ErrInvalid.On("fields", "unknown", "没有这个项目")
		}
	}
	if err := s.limited(ctx, actor); err != nil {
		return Particulars{}, err
	}
	err = s.Tx.InTx(ctx, func(ctx context.Context) error {
		return s.tell(ctx, actor, event.PersonRevealed, r.Person, map[string]string{"fields": joined(fields)}, reason)
	})
	if err != nil {
		return Particulars{}, err
	}
	return only(r.Particulars, fields), nil
}

func joined(fields []Field) string {
	out := make([]string, len(fields))
	for i, f := range fields {
		out[i] = string(f)
	}
	slices.Sort(out)
	return strings.Join(slices.Compact(out), " ")
}

func only(p Particulars, fields []Field) Particulars {
	var out Particulars
	for _, f := range fields {
		switch f {
		case Name:
			out.Name = p.Name
		case IDNumberOf:
			out.IDNumber = p.IDNumber
		case PhoneNumber:
			out.Phone = p.Phone
		case Address:
			out.Address = p.Address
		}
	}
	return out
}

func (s *Service) limited(ctx context.Context, actor access.Actor) error {
	who := actor.Account
	if who == "" {
		who = string(actor.Role)
	}
	for _, l := range []struct {
		name  string
		limit int
		per   time.Duration
	}{{"hour", revealsPerHour, time.Hour}, {"day", revealsPerDay, 24 * time.Hour}} {
		turn, err := s.Limit.Allow(ctx, "reveal:"+l.name+":"+who, l.limit, l.per)
		if err != nil {
			return errs.New(errs.Unavailable, "limit_unavailable", "暂时无法查看，请稍后再试", "Not possible right now; try again.").With(err)
		}
		if !turn.OK {
			return ErrTooManyLooks
		}
	}
	return nil
}

// Own is everything the registry keeps of a person, for the person (PIPL art. 45).
type Own struct {
	Person      Person
	Particulars Particulars
	Consents    []Consent
}

// Export returns a person's own data: to herself, or to staff who act for her
// and say why. It is on the record.
func (s *Service) Export(ctx context.Context, actor access.Actor, id, reason string) (Own, error) {
	do := access.PersonReveal
	self := actor.Person != "" && actor.Person == id
	if self {
		do, reason = access.PersonRead, "本人查询"
	}
	r, err := s.mine(ctx, actor, do, id)
	if err != nil {
		return Own{}, err
	}
	if reason, err = reasonOf(reason); err != nil {
		return Own{}, err
	}
	if err := s.limited(ctx, actor); err != nil {
		return Own{}, err
	}
	out := Own{Person: r.Person, Particulars: r.Particulars}
	err = s.Tx.InTx(ctx, func(ctx context.Context) error {
		if out.Consents, err = s.Store.Consents(ctx, id); err != nil {
			return err
		}
		return s.tell(ctx, actor, event.PersonRevealed, r.Person, map[string]string{"fields": joined(Fields), "form": "export"}, reason)
	})
	if err != nil {
		return Own{}, err
	}
	return out, nil
}
