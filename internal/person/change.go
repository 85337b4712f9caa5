package person

import (
	"context"
	"errors"
	"strings"

	"linggong/internal/access"
	"linggong/internal/event"
)

// Change is what to write anew; nil leaves a field as it is.
type Change struct {
	Name, IDNumber, Phone, Address, Village *string
	Retire                                  *RetireCategory
	Document                                bool   // staff saw the card
	Reason                                  string // why, for the record
	Version                                 int64  // as it was read; 0 does not check
}

// Change writes a person's particulars. She may move and take a new phone by
// herself; who she is, once an ID number stands, only staff correct.
func (s *Service) Change(ctx context.Context, actor access.Actor, id string, c Change) (View, error) {
	var out View
	err := s.Tx.InTx(ctx, func(ctx context.Context) error {
		r, err := s.mine(ctx, actor, access.PersonChange, id)
		if err != nil {
			return err
		}
		if c.Version != 0 && c.Version != r.Version {
			return ErrStale
		}
		if !actor.Staff() && actor.Role != access.System && r.Particulars.IDNumber != "" && (c.Name != nil || c.IDNumber != nil) {
			return ErrAskStaff
		}
		changed, err := s.write(actor, &r, c)
		if err != nil {
			return err
		}
		if len(changed) == 0 {
			out = viewOf(r)
			return nil
		}
		if c.IDNumber != nil {
			if other, err := s.Store.ByIDNumber(ctx, r.Particulars.IDNumber); err == nil && other.ID != r.ID {
				return ErrTaken
			} else if err != nil && !errors.Is(err, ErrNotFound) {
				return err
			}
		}
		if err := s.Store.Save(ctx, r); err != nil {
			return err
		}
		r.Version++
		out = viewOf(r)
		return s.tell(ctx, actor, event.PersonChanged, r.Person, map[string]string{"fields": strings.Join(changed, " ")}, c.Reason)
	})
	return out, err
}

// write puts c into r and returns the names of what changed.
func (s *Service) write(actor access.Actor, r *Record, c Change) ([]string, error) {
	old := *r
	bad := ErrInvalid
	if c.Name != nil {
		bad = s.setName(r, *c.Name, bad)
	}
	if c.Phone != nil {
		r.Particulars.Phone = ""
		if *c.Phone != "" {
			bad = setPhone(r, *c.Phone, bad)
		}
	}
	if c.Address != nil {
		r.Particulars.Address = halfWidth(*c.Address)
		if len([]rune(*c.Address)) > 200 {
			bad = bad.On("address", "too_long", "地址最多200字")
		}
	}
	if c.Village != nil {
		r.Village = *c.Village
		if !s.Regions.IsVillage(r.Village) && !s.Regions.IsTown(r.Village) {
			bad = bad.On("village", "unknown", "请选择所在村（社区）")
		}
	}
	if c.IDNumber != nil {
		bad = s.setIDNumber(r, *c.IDNumber, bad)
	}
	if c.Retire != nil {
		bad = setRetire(r, *c.Retire, bad)
	} else {
		bad = setRetire(r, r.Retire, bad)
	}
	if r.Particulars.IDNumber == "" && r.Particulars.Phone == "" {
		bad = bad.On("phone", "required", "没有身份证号时须填写手机号")
	}
	if len(bad.Fields) > 0 {
		return nil, bad
	}
	s.prove(actor, r, c)
	r.LightKey = "" // from now on she is known by more than a tap
	return differences(old, *r), nil
}

func (s *Service) prove(actor access.Actor, r *Record, c Change) {
	switch {
	case r.Particulars.IDNumber != "" && c.Document && actor.Staff():
		r.Proof, r.ProvedAt, r.ProvedBy = ByDocument, s.Now(), actor.Account
	case c.IDNumber != nil:
		r.Proof, r.ProvedAt, r.ProvedBy = ByNumber, s.Now(), ""
	}
}

func differences(a, b Record) []string {
	var out []string
	for _, f := range []struct {
		name string
		same bool
	}{
		{"name", a.Particulars.Name == b.Particulars.Name},
		{"id_number", a.Particulars.IDNumber == b.Particulars.IDNumber},
		{"phone", a.Particulars.Phone == b.Particulars.Phone},
		{"address", a.Particulars.Address == b.Particulars.Address},
		{"village", a.Village == b.Village},
		{"retire_category", a.Retire == b.Retire},
		{"proof", a.Proof == b.Proof && a.ProvedBy == b.ProvedBy},
	} {
		if !f.same {
			out = append(out, f.name)
		}
	}
	return out
}
