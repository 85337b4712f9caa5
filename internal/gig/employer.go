package gig

import (
	"context"
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"linggong/internal/access"
	"linggong/internal/errs"
	"linggong/internal/event"
	"linggong/internal/gig/offer"
	"linggong/internal/rules"
)

// What can be wrong with an employer.
var (
	ErrEmployerNotFound   = errs.New(errs.NotFound, "employer_not_found", "没有这个用工主体", "There is no such employer.")
	ErrEmployerStale      = errs.New(errs.Stale, "employer_stale", "资料已被他人修改，请刷新后重试", "Someone else changed the employer; reload it.")
	ErrEmployerInvalid    = errs.New(errs.Invalid, "employer_invalid", "用工主体资料有误", "The employer's particulars are not right.")
	ErrEmployerTaken      = errs.New(errs.Conflict, "employer_exists", "该统一社会信用代码已经登记", "That credit code is registered already.")
	ErrEmployerUnverified = errs.New(errs.Conflict, "employer_unverified", "用工主体尚未核验，暂不能发布", "The employer is not verified yet.").
				Because("R-POST-01", "人力资源市场暂行条例 第26条", "请先完成用工主体核验")
	ErrEmployerHasAccount = errs.New(errs.Conflict, "employer_profile_exists", "您已登记用工主体", "You have registered an employer already.")
)

// EmployerKind says what the employer is in law.
type EmployerKind string

// A household is not a 用人单位 (domain.md §5.2): the same floors apply to it as
// market rules only.
const (
	Organisation EmployerKind = "organisation"
	Household    EmployerKind = "household"
)

// EmployerStatus is how far verification has come.
type EmployerStatus string

// The states of verification.
const (
	EmployerPending  EmployerStatus = "pending"
	EmployerVerified EmployerStatus = "verified"
	EmployerRejected EmployerStatus = "rejected"
)

// Employer is a 用工主体 as everyone may see it: what is personal or identifying
// is masked here and sealed in the store.
type Employer struct {
	ID      EmployerID
	Kind    EmployerKind
	Name    string // a household's is only "沈姓家庭"
	Town    string
	Village string

	CreditCodeMasked  string
	ContactNameMasked string
	PhoneMasked       string

	Status     EmployerStatus
	VerifiedAt time.Time
	VerifiedBy string // account id
	Evidence   string // what the verifier looked at, no personal data

	RatingSum   int64 // of stars, by workers
	RatingCount int64

	CreatedAt time.Time
	Version   int64
}

// Contact is what of an employer is sealed. An empty field in a change means
// "as it was".
type Contact struct {
	CreditCode string
	Name       string
	Phone      string
	Address    string
}

// Rating returns the average stars in hundredths, or 0 while fewer than three
// have rated: one angry voice is not a reputation.
func Rating(sum, count int64) int64 {
	if count < 3 {
		return 0
	}
	return (sum*100 + count/2) / count
}

// MaskName keeps the surname: 沈建国 → 沈**.
func MaskName(name string) string {
	r, size := utf8.DecodeRuneInString(name)
	if size == 0 || r == utf8.RuneError {
		return ""
	}
	return string(r) + strings.Repeat("*", max(1, utf8.RuneCountInString(name)-1))
}

// MaskPhone keeps three and four digits: 138****0001.
func MaskPhone(phone string) string { return maskMiddle(phone, 3, 4) }

// MaskCreditCode keeps the first six and the last four.
func MaskCreditCode(code string) string { return maskMiddle(code, 6, 4) }

func maskMiddle(s string, head, tail int) string {
	if len(s) <= head+tail {
		return ""
	}
	b := []byte(s)
	for i := head; i < len(b)-tail; i++ {
		b[i] = '*'
	}
	return string(b)
}

// why returns what a rule says is wrong, in the reader's words.
func why(err error) string {
	e, ok := errors.AsType[*errs.Error](err)
	switch {
	case !ok:
		return "请核对"
	case len(e.Fields) > 0:
		return e.Fields[0].Message
	}
	return e.Message
}

// EmployerStore keeps employers; their contacts are sealed on the way in.
type EmployerStore interface {
	// CreateEmployer returns ErrEmployerTaken when the credit code is registered.
	CreateEmployer(ctx context.Context, e Employer, c Contact) error
	// SaveEmployer writes e, and of c what is not empty. It returns
	// ErrEmployerStale when e was read before someone else's save.
	SaveEmployer(ctx context.Context, e Employer, c Contact) error
	// Employer returns ErrEmployerNotFound when there is none.
	Employer(ctx context.Context, id EmployerID) (Employer, error)
	// EmployerContact opens what is sealed, for the few acts that need it.
	EmployerContact(ctx context.Context, id EmployerID) (Contact, error)
	EmployersByID(ctx context.Context, ids []EmployerID) (map[EmployerID]Employer, error)
	Employers(ctx context.Context, scope Scope, f EmployerFilter) (Page[Employer], error)
}

// EmployerFilter narrows a list of employers.
type EmployerFilter struct {
	Status EmployerStatus
	Query  string // part of the name, or a whole credit code or phone
	Cursor string
	Limit  int
}

// EmployerForm is what is written of an employer.
type EmployerForm struct {
	Kind    EmployerKind
	Name    string // of an organisation
	Village string
	Contact Contact
}

// RegisterEmployer enters an employer, pending verification. An employer's own
// account is bound to it.
func (s *Service) RegisterEmployer(ctx context.Context, actor access.Actor, f EmployerForm) (Employer, error) {
	if err := access.May(actor, access.EmployerRegister); err != nil {
		return Employer{}, err
	}
	if actor.Role == access.Employer && actor.Employer != "" {
		return Employer{}, ErrEmployerHasAccount
	}
	e := Employer{ID: EmployerID(s.NewID()), Status: EmployerPending, CreatedAt: s.Now(), Version: 1}
	err := s.Tx.InTx(ctx, func(ctx context.Context) error {
		own := actor.Role == access.Employer && actor.Account != ""
		if own && f.Contact.Phone == "" {
			phone, err := s.Accounts.Phone(ctx, actor.Account)
			if err != nil {
				return err
			}
			f.Contact.Phone = phone
		}
		if err := s.writeEmployer(&e, &f, true); err != nil {
			return err
		}
		if err := s.Store.CreateEmployer(ctx, e, f.Contact); err != nil {
			return err
		}
		if own {
			if err := s.Accounts.BindEmployer(ctx, actor.Account, string(e.ID)); err != nil {
				return err
			}
		}
		return s.tellEmployer(ctx, actor, event.EmployerRegistered, e, "")
	})
	return e, err
}

// ChangeEmployer writes an employer's particulars. Another name or credit code
// has to be verified again.
func (s *Service) ChangeEmployer(ctx context.Context, actor access.Actor, id EmployerID, f EmployerForm, version int64) (Employer, error) {
	var e Employer
	err := s.Tx.InTx(ctx, func(ctx context.Context) error {
		var err error
		if e, err = s.Store.Employer(ctx, id); err != nil {
			return err
		}
		if err := access.Can(actor, access.PostingWrite, access.Target{Employer: string(e.ID), Region: e.Village}); err != nil {
			return err
		}
		if version != 0 && version != e.Version {
			return ErrEmployerStale
		}
		before := e
		f.Kind = e.Kind
		if err := s.writeEmployer(&e, &f, false); err != nil {
			return err
		}
		if e.Name != before.Name || e.CreditCodeMasked != before.CreditCodeMasked {
			e.Status, e.VerifiedAt, e.VerifiedBy, e.Evidence = EmployerPending, time.Time{}, "", ""
		}
		if err := s.Store.SaveEmployer(ctx, e, f.Contact); err != nil {
			return err
		}
		e.Version++
		return s.tellEmployer(ctx, actor, event.EmployerRegistered, e, "")
	})
	return e, err
}

// writeEmployer checks f and puts it into e. Of a new employer everything is
// required; of a known one what is empty stays.
func (s *Service) writeEmployer(e *Employer, f *EmployerForm, isNew bool) error {
	bad := ErrEmployerInvalid
	f.Contact.CreditCode = strings.ToUpper(strings.TrimSpace(f.Contact.CreditCode))
	f.Name, f.Contact.Name = strings.TrimSpace(f.Name), strings.TrimSpace(f.Contact.Name)
	e.Kind = f.Kind
	switch f.Kind {
	case Organisation:
		if n := len([]rune(f.Name)); n >= 2 && n <= 100 {
			e.Name = f.Name
		} else if f.Name != "" || isNew {
			bad = bad.On("name", "required", "请填写2至100字的单位名称")
		}
		if code := f.Contact.CreditCode; code != "" || isNew {
			if err := rules.CheckCreditCode(code); err != nil {
				bad = bad.On("credit_code", "invalid", "统一社会信用代码不正确："+why(err))
			}
			e.CreditCodeMasked = MaskCreditCode(code)
		}
	case Household:
		if f.Contact.Name != "" {
			e.Name = string([]rune(f.Contact.Name)[0]) + "姓家庭"
		}
	default:
		bad = bad.On("kind", "unknown", "请选择单位或家庭")
	}
	if f.Contact.Name != "" {
		e.ContactNameMasked = MaskName(f.Contact.Name)
	} else if isNew {
		bad = bad.On("contact_name", "required", "请填写联系人")
	}
	if f.Contact.Phone != "" || isNew {
		if rules.CheckPhone(f.Contact.Phone) != nil {
			bad = bad.On("phone", "invalid", "请填写11位手机号")
		}
		e.PhoneMasked = MaskPhone(f.Contact.Phone)
	}
	if f.Village != "" || isNew {
		if !offer.IsVillage(s.Regions, f.Village) && !offer.IsTown(s.Regions, f.Village) {
			bad = bad.On("village", "unknown", "请选择所在村（社区）")
		}
		e.Village, e.Town = f.Village, offer.TownOf(f.Village)
	}
	if len(bad.Fields) > 0 {
		return bad
	}
	return nil
}

// VerifyEmployer records that the papers were looked at (条例 art. 26) and what
// came of it. The note says what was seen; it is kept with the employer.
func (s *Service) VerifyEmployer(ctx context.Context, actor access.Actor, id EmployerID, ok bool, note string) (Employer, error) {
	var e Employer
	err := s.Tx.InTx(ctx, func(ctx context.Context) error {
		var err error
		if e, err = s.Store.Employer(ctx, id); err != nil {
			return err
		}
		if err := access.Can(actor, access.EmployerVerify, access.Target{Region: e.Village, Employer: string(e.ID)}); err != nil {
			return err
		}
		if strings.TrimSpace(note) == "" {
			return ErrReasonMissing.Because("R-POST-01", "人力资源市场暂行条例 第26条", "写明核验了哪些材料")
		}
		e.Status, e.VerifiedAt, e.VerifiedBy, e.Evidence = EmployerRejected, s.Now(), actor.Account, note
		if ok {
			e.Status = EmployerVerified
		}
		if err := s.Store.SaveEmployer(ctx, e, Contact{}); err != nil {
			return err
		}
		e.Version++
		return s.tellEmployer(ctx, actor, event.EmployerVerified, e, note)
	})
	return e, err
}

func (s *Service) tellEmployer(ctx context.Context, actor access.Actor, kind event.Kind, e Employer, reason string) error {
	return s.Events.Publish(ctx, event.Event{
		Kind: kind, Actor: actor, Region: e.Village, Reason: reason,
		Subject: event.Ref{Kind: "employer", ID: string(e.ID)},
		Tags:    map[string]string{"kind": string(e.Kind), "status": string(e.Status)},
	})
}

// Employer returns one employer, masked.
func (s *Service) Employer(ctx context.Context, actor access.Actor, id EmployerID) (Employer, error) {
	e, err := s.Store.Employer(ctx, id)
	if err != nil {
		return Employer{}, err
	}
	return e, access.Can(actor, access.EmployerRead, access.Target{Employer: string(e.ID), Region: e.Village})
}

// Employers lists what the actor may see.
func (s *Service) Employers(ctx context.Context, actor access.Actor, f EmployerFilter) (Page[Employer], error) {
	scope, err := scopeOf(actor, access.EmployerRead)
	if err != nil {
		return Page[Employer]{}, err
	}
	return s.Store.Employers(ctx, scope, f)
}
