package person

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"linggong/internal/access"
	"linggong/internal/day"
	"linggong/internal/errs"
	"linggong/internal/event"
	"linggong/internal/rules"
)

// NewPerson is what is known of someone to be registered.
type NewPerson struct {
	Name      string
	IDNumber  string // may be ""
	Phone     string // may be ""
	Address   string // may be ""
	BirthYear int    // her own word, where there is no ID number; 0 not told
	Village   string // 12-digit code of a village, or of a town
	Retire    RetireCategory
	// Light says surname and phone are all there is, as at a kiosk: someone
	// with that phone and name is then taken to be the same person.
	Light bool
	// Document says staff saw the card.
	Document bool
	// PhoneProved says a code sent to the phone came back.
	PhoneProved bool

	Purpose Purpose // what she agreed to, with How; "" where no consent is needed (PIPL art. 13(3))
	How     How
}

// Registered is the answer of Register.
type Registered struct {
	ID       string
	Existing bool     // she was registered already; nothing was changed
	Similar  []string // ids of others with the same phone and name: perhaps the same person
}

// Register enters a person, or returns the one there is: the same ID number is
// the same person. Birth and sex are read from the number, never typed. Without
// one the registration is light, by name, phone and her own word of her age.
func (s *Service) Register(ctx context.Context, actor access.Actor, n NewPerson) (Registered, error) {
	if err := access.Can(actor, access.PersonRegister, access.Target{Region: n.Village, Person: actor.Person}); err != nil {
		return Registered{}, err
	}
	r, err := s.compose(actor, n)
	if err != nil {
		return Registered{}, err
	}
	var out Registered
	err = s.Tx.InTx(ctx, func(ctx context.Context) error {
		for range 3 { // another may register the same person between the look and the write
			var err error
			if out, err = s.known(ctx, actor, r, n); err != nil || out.Existing {
				return err
			}
			err = s.Store.Create(ctx, r)
			if errors.Is(err, ErrTaken) {
				continue
			}
			if err != nil {
				return err
			}
			out.ID = r.ID
			if err := s.agree(ctx, actor, r.Person, n.Purpose, n.How); err != nil {
				return err
			}
			tags := map[string]string{"proof": string(r.Proof)}
			if n.Light {
				tags["light"] = "true"
			}
			return s.tell(ctx, actor, event.PersonRegistered, r.Person, tags, "")
		}
		return ErrTaken
	})
	if err != nil {
		return Registered{}, err
	}
	return out, nil
}

// compose checks n and makes the record of it.
func (s *Service) compose(actor access.Actor, n NewPerson) (Record, error) {
	now := s.Now()
	r := Record{
		Person:      Person{ID: s.NewID(), Village: n.Village, Retire: n.Retire, CreatedAt: now, Version: 1},
		Particulars: Particulars{Address: halfWidth(n.Address)},
	}
	bad := ErrInvalid
	bad = s.setName(&r, n.Name, bad)
	if n.Phone != "" {
		bad = setPhone(&r, n.Phone, bad)
	}
	if !s.Regions.IsVillage(n.Village) && !s.Regions.IsTown(n.Village) {
		bad = bad.On("village", "unknown", "请选择所在村（社区）")
	}
	if n.IDNumber != "" {
		bad = s.setIDNumber(&r, n.IDNumber, bad)
	} else {
		bad = s.setBirthYear(&r, n.BirthYear, bad)
		if n.Phone == "" {
			bad = bad.On("phone", "required", "没有身份证号时须填写手机号")
		}
	}
	bad = setRetire(&r, n.Retire, bad)
	if len([]rune(n.Address)) > 200 {
		bad = bad.On("address", "too_long", "地址最多200字")
	}
	if n.Purpose != "" && !n.How.valid() {
		bad = bad.On("consent", "unknown", "请选择书面、口头或本人办理")
	}
	if len(bad.Fields) > 0 {
		return Record{}, bad
	}
	switch {
	case r.Particulars.IDNumber != "" && n.Document && actor.Staff():
		r.Proof, r.ProvedAt, r.ProvedBy = ByDocument, now, actor.Account
	case r.Particulars.IDNumber != "":
		r.Proof, r.ProvedAt = ByNumber, now
	case n.PhoneProved:
		r.Proof, r.ProvedAt = ByPhone, now
	}
	if n.Light && n.IDNumber == "" {
		r.LightKey = lightKey(r.Particulars, r.Birth)
	}
	return r, nil
}

// lightKey is what two light registrations of one person have in common. The
// store keeps only its keyed hash.
func lightKey(p Particulars, birth day.Date) string {
	return p.Phone + "|" + surname(p.Name) + "|" + birth.YearMonth()
}

// known looks for the person n speaks of.
func (s *Service) known(ctx context.Context, actor access.Actor, r Record, n NewPerson) (Registered, error) {
	if number := r.Particulars.IDNumber; number != "" {
		old, err := s.Store.ByIDNumber(ctx, number)
		switch {
		case err == nil:
			return existing(actor, old, r, n)
		case !errors.Is(err, ErrNotFound):
			return Registered{}, err
		}
	}
	var out Registered
	if r.Particulars.Phone == "" {
		return out, nil
	}
	sharing, err := s.Store.ByPhone(ctx, r.Particulars.Phone)
	if err != nil {
		return out, err
	}
	var alike []Record
	for _, o := range sharing {
		if sameName(o.Particulars.Name, r.Particulars.Name) && sameYear(o.Birth, r.Birth) {
			alike, out.Similar = append(alike, o), append(out.Similar, o.ID)
		}
	}
	if !n.Light || r.Particulars.IDNumber != "" || len(alike) == 0 {
		return out, nil // a likeness is reported, never acted on
	}
	if len(alike) > 1 {
		return Registered{}, ErrAmbiguous
	}
	if actor.Role == access.Worker && !own(alike[0], r, n) {
		return out, nil
	}
	return Registered{ID: alike[0].ID, Existing: true}, nil
}

// own says a worker signing up may take over a record that is like hers: with a
// proved phone, and with the whole name where staff have verified it. What she
// takes over she can read from then on.
func own(old, r Record, n NewPerson) bool {
	return n.PhoneProved && (old.Particulars.IDNumber == "" || old.Particulars.Name == r.Particulars.Name)
}

// existing answers with the person that has the ID number. Whoever is not staff
// gets her only with the phone she is known by: an ID number is no password.
func existing(actor access.Actor, old, r Record, n NewPerson) (Registered, error) {
	if !sameName(old.Particulars.Name, r.Particulars.Name) {
		if actor.Staff() {
			return Registered{}, ErrOtherName
		}
		return Registered{}, ErrAskStaff
	}
	trusted := actor.Staff() || actor.Role == access.System || actor.Person == old.ID ||
		n.PhoneProved && old.Particulars.Phone == r.Particulars.Phone
	if !trusted {
		return Registered{}, ErrAskStaff
	}
	return Registered{ID: old.ID, Existing: true}, nil
}

func sameYear(a, b day.Date) bool { return a == "" || b == "" || a.Year() == b.Year() }

func (s *Service) setName(r *Record, name string, bad *errs.Error) *errs.Error {
	name = CleanName(name)
	if !plausibleName(name) {
		return bad.On("name", "invalid", "请填写姓名")
	}
	r.Particulars.Name = name
	return bad
}

func setPhone(r *Record, phone string, bad *errs.Error) *errs.Error {
	if r.Particulars.Phone = CleanPhone(phone); r.Particulars.Phone == "" {
		return bad.On("phone", "invalid", "手机号应为11位数字，以1开头")
	}
	return bad
}

// setIDNumber checks the number and reads birth and sex from it.
func (s *Service) setIDNumber(r *Record, number string, bad *errs.Error) *errs.Error {
	number = cleanIDNumber(number)
	read, err := rules.ParseID(number, s.today())
	if err != nil {
		code, message := "invalid", "身份证号码有误"
		if e, ok := errors.AsType[*errs.Error](err); ok && len(e.Fields) > 0 {
			code, message = e.Fields[0].Code, e.Fields[0].Message
		}
		return bad.On("id_number", code, message)
	}
	r.Particulars.IDNumber = number
	r.Birth, r.Sex, r.Declared = read.Birth, Sex(read.Sex), false
	return bad
}

func (s *Service) setBirthYear(r *Record, year int, bad *errs.Error) *errs.Error {
	if year == 0 {
		return bad
	}
	if this := s.today().Year(); year < this-120 || year > this {
		return bad.On("birth_year", "range", fmt.Sprintf("出生年份应在%d与%d之间", this-120, this))
	}
	r.Birth, r.Declared = day.Date(strconv.Itoa(year)+"-01-01"), true
	return bad
}

// setRetire keeps a category that goes with the sex: a man has one only.
func setRetire(r *Record, c RetireCategory, bad *errs.Error) *errs.Error {
	if c == "" && r.Sex == Male {
		c = RetireMan
	}
	ok := c == "" || c == RetireMan && r.Sex != Female || (c == RetireWoman55 || c == RetireWoman50) && r.Sex != Male
	if !ok {
		return bad.On("retire_category", "invalid", "退休类别与性别不符")
	}
	r.Retire = c
	return bad
}
