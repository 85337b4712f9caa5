package identity

import (
	"context"

	"linggong/internal/access"
	"linggong/internal/event"
)

// What other domains ask of the accounts. They have decided whether their actor
// may know; nothing here is shown to anyone by itself.

// Owner returns what an owner of work must have: to be in service and to cover
// a region. regions are code prefixes. It returns ErrNotFound when there is none.
func (s *Service) Owner(ctx context.Context, id string) (name string, role access.Role, regions []string, active bool, err error) {
	a, err := s.Store.Account(ctx, id)
	return a.Name, a.Role, a.Regions, a.Active, err
}

// Covering returns the active accounts of a role whose scope holds region, a
// 12-digit code; all of the role when the role's scope is the whole city.
func (s *Service) Covering(ctx context.Context, region string, role access.Role) ([]string, error) {
	if (access.Actor{Role: role}).City() {
		return s.Store.Covering(ctx, role, nil)
	}
	var prefixes []string
	for _, n := range []int{6, 9, 12} {
		if len(region) >= n {
			prefixes = append(prefixes, region[:n])
		}
	}
	if len(prefixes) == 0 {
		return []string{}, nil
	}
	return s.Store.Covering(ctx, role, prefixes)
}

// Names returns the names of those of ids that are staff.
func (s *Service) Names(ctx context.Context, ids []string) (map[string]string, error) {
	out := make(map[string]string, len(ids))
	if len(ids) == 0 {
		return out, nil
	}
	list, err := s.Store.AccountsByID(ctx, ids)
	if err != nil {
		return nil, err
	}
	for _, a := range list {
		if a.Name != "" {
			out[a.ID] = a.Name
		}
	}
	return out, nil
}

// Phone returns the phone an account has proved by a code, "" for staff.
func (s *Service) Phone(ctx context.Context, id string) (string, error) {
	return s.Store.Phone(ctx, id)
}

// BindEmployer says which employer an account acts for from now on. It joins
// the transaction of the registration.
func (s *Service) BindEmployer(ctx context.Context, id, employer string) error {
	return s.bind(ctx, id, Employer, func(a *Account) (*string, string) { return &a.Employer, employer })
}

// BindWorker says which person an account acts for from now on.
func (s *Service) BindWorker(ctx context.Context, id, person string) error {
	return s.bind(ctx, id, Worker, func(a *Account) (*string, string) { return &a.Person, person })
}

func (s *Service) bind(ctx context.Context, id string, kind Kind, field func(*Account) (*string, string)) error {
	return s.Tx.InTx(ctx, func(ctx context.Context) error {
		a, err := s.Store.Account(ctx, id)
		if err != nil {
			return err
		}
		into, value := field(&a)
		switch {
		case a.Kind != kind, *into != "" && *into != value:
			return ErrBound
		case *into == value:
			return nil
		}
		*into = value
		if err := s.Store.SaveAccount(ctx, a); err != nil {
			return err
		}
		return s.tell(ctx, a.actor("", access.Actor{}), AccountChanged, event.Ref{Kind: "account", ID: a.ID}, map[string]string{"fields": "bound"})
	})
}
