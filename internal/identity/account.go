package identity

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"linggong/internal/access"
	"linggong/internal/errs"
	"linggong/internal/event"
)

// AccountStore keeps accounts.
type AccountStore interface {
	// CreateAccount adds a; phone is "" for staff. It returns ErrTaken when the
	// user name or the phone has an account of the kind; the transaction goes on.
	CreateAccount(ctx context.Context, a Account, phone string) error
	// SaveAccount writes every field but kind and user name and raises the
	// version, or returns ErrStale.
	SaveAccount(ctx context.Context, a Account) error
	// Account, ByUsername and ByPhone return ErrNotFound when there is none.
	Account(ctx context.Context, id string) (Account, error)
	ByUsername(ctx context.Context, username string) (Account, error)
	ByPhone(ctx context.Context, kind Kind, phone string) (Account, error)
	// Phone returns the phone of an account, "" for staff.
	Phone(ctx context.Context, id string) (string, error)
	Accounts(ctx context.Context, f AccountFilter) (AccountPage, error)
	AccountsByID(ctx context.Context, ids []string) ([]Account, error)
	// Covering returns the ids of the active accounts of a role; where prefixes
	// are given, of those with one of them in their scope.
	Covering(ctx context.Context, role access.Role, prefixes []string) ([]string, error)
	// CountActive counts the active accounts of a role; of all staff when it is "".
	CountActive(ctx context.Context, role access.Role) (int64, error)
}

// AccountFilter narrows a list of accounts. Empty fields do not.
type AccountFilter struct {
	Kind   Kind // staff when ""
	Role   access.Role
	Query  string // part of a user name or name
	Cursor string
	Limit  int
}

// AccountPage is one page of a list; Next is "" on the last.
type AccountPage struct {
	Items []Account
	Next  string
}

// NewAccount is a member of staff to be entered.
type NewAccount struct {
	Username, Name, Password string
	Role                     access.Role
	Regions                  []string // codes or prefixes
	Station                  string
}

// CreateAccount enters a member of staff. It must not be called inside a
// transaction that others wait for: hashing takes its time.
func (s *Service) CreateAccount(ctx context.Context, actor access.Actor, n NewAccount) (Account, error) {
	if err := access.Can(actor, access.AccountManage, access.Target{}); err != nil {
		return Account{}, err
	}
	a := Account{
		ID: s.NewID(), Kind: Staff, Role: n.Role, Username: cleanUsername(n.Username), Name: strings.TrimSpace(n.Name),
		Regions: n.Regions, Station: n.Station, Active: true, PasswordAt: s.Now(), CreatedAt: s.Now(), Version: 1,
	}
	bad := ErrInvalid
	if !usernameRE.MatchString(a.Username) {
		bad = bad.On("username", "invalid", "用户名应为3到40个小写字母、数字或 . _ -，以字母开头")
	}
	if why := weak(n.Password, a.Username); why != "" {
		bad = bad.On("password", "weak", why)
	}
	bad, err := s.scope(ctx, &a, bad)
	if err != nil {
		return Account{}, err
	}
	if len(bad.Fields) > 0 {
		return Account{}, bad
	}
	if a.Password, err = s.hash.make(ctx, n.Password); err != nil {
		return Account{}, err
	}
	err = s.Tx.InTx(ctx, func(ctx context.Context) error {
		if err := s.Store.CreateAccount(ctx, a, ""); err != nil {
			return err
		}
		return s.tell(ctx, actor, event.AccountCreated, event.Ref{Kind: "account", ID: a.ID}, map[string]string{"kind": string(Staff), "role": string(a.Role)})
	})
	if err != nil {
		return Account{}, err
	}
	return a, nil
}

var prefixRE = regexp.MustCompile(`^\d{6}(\d{3}(\d{3})?)?$`)

// prefix cuts a 12-digit code to the digits of its level.
func prefix(code string) string {
	for len(code) > 6 && strings.HasSuffix(code, "000") {
		code = code[:len(code)-3]
	}
	return code
}

// scope checks that an account's name, role and scope go together.
func (s *Service) scope(ctx context.Context, a *Account, bad *errs.Error) (*errs.Error, error) {
	if n := len([]rune(a.Name)); n < 1 || n > 40 {
		bad = bad.On("name", "length", "姓名应为1到40个字")
	}
	regions := make([]string, 0, len(a.Regions))
	for _, r := range a.Regions {
		p := prefix(r)
		if !prefixRE.MatchString(p) || s.Places.Region((p + "000000000000")[:12]) == "" {
			bad = bad.On("regions", "unknown", "没有这个区域")
			break
		}
		regions = append(regions, p)
	}
	slices.Sort(regions)
	a.Regions = slices.Compact(regions)
	switch a.Role {
	case access.Operator:
		if _, _, err := s.Places.Station(ctx, a.Station); errs.KindOf(err) == errs.NotFound || a.Station == "" {
			bad = bad.On("station", "required", "请选择所在的零工市场")
		} else if err != nil {
			return nil, err
		}
	case access.Caseworker, access.TownOfficer:
		if a.Station = ""; len(a.Regions) == 0 {
			bad = bad.On("regions", "required", "请选择负责的镇（街道）或村（社区）")
		}
	case access.Bureau, access.Auditor, access.Admin: // the whole city
		a.Regions, a.Station = nil, ""
	case access.Anonymous, access.Kiosk, access.Worker, access.Employer, access.System:
		bad = bad.On("role", "unknown", "工作人员没有这种角色")
	default:
		bad = bad.On("role", "unknown", "没有这种角色")
	}
	return bad, nil
}

// AccountChange is what to write anew; nil leaves a field as it is.
type AccountChange struct {
	Active   *bool
	Name     *string
	Password *string
	Role     *access.Role
	Regions  *[]string
	Station  *string
	Version  int64 // as it was read; 0 does not check
}

// ChangeAccount writes a member of staff. Whoever is closed, moved to another
// scope or given a new password is signed out everywhere at once.
func (s *Service) ChangeAccount(ctx context.Context, actor access.Actor, id string, c AccountChange) (Account, error) {
	if err := access.Can(actor, access.AccountManage, access.Target{}); err != nil {
		return Account{}, err
	}
	var password PasswordHash
	if c.Password != nil {
		a, err := s.Store.Account(ctx, id)
		if err != nil {
			return Account{}, err
		}
		if why := weak(*c.Password, a.Username); why != "" {
			return Account{}, ErrInvalid.On("password", "weak", why)
		}
		if password, err = s.hash.make(ctx, *c.Password); err != nil {
			return Account{}, err
		}
	}
	var out Account
	err := s.Tx.InTx(ctx, func(ctx context.Context) error {
		a, err := s.Store.Account(ctx, id)
		if err != nil {
			return err
		}
		if c.Version != 0 && c.Version != a.Version {
			return ErrStale
		}
		changed, err := s.write(ctx, &a, c, password)
		if err != nil {
			return err
		}
		if out = a; len(changed) == 0 {
			return nil
		}
		if err := s.Store.SaveAccount(ctx, a); err != nil {
			return err
		}
		out.Version++
		if n, err := s.Store.CountActive(ctx, access.Admin); err != nil {
			return err
		} else if n == 0 {
			return ErrLastAdmin
		}
		if !slices.Equal(changed, []string{"name"}) {
			if err := s.revokeAll(ctx, actor, a.ID, ""); err != nil {
				return err
			}
		}
		return s.tell(ctx, actor, AccountChanged, event.Ref{Kind: "account", ID: a.ID}, map[string]string{"fields": strings.Join(changed, " ")})
	})
	return out, err
}

// write puts c into a and returns the names of what changed.
func (s *Service) write(ctx context.Context, a *Account, c AccountChange, password PasswordHash) ([]string, error) {
	old := *a
	if c.Active != nil {
		a.Active = *c.Active
	}
	if a.Kind != Staff {
		if c.Name != nil || c.Password != nil || c.Role != nil || c.Regions != nil || c.Station != nil {
			return nil, ErrInvalid.Saying("求职者与用工主体的账号只能停用或启用", "Only staff accounts have a role and a password.")
		}
	} else {
		set(&a.Name, c.Name)
		set(&a.Role, c.Role)
		set(&a.Regions, c.Regions)
		set(&a.Station, c.Station)
		bad, err := s.scope(ctx, a, ErrInvalid)
		if err != nil {
			return nil, err
		}
		if len(bad.Fields) > 0 {
			return nil, bad
		}
	}
	if password != "" {
		a.Password, a.PasswordAt = password, s.Now()
	}
	var changed []string
	for _, f := range []struct {
		name string
		same bool
	}{
		{"active", old.Active == a.Active},
		{"name", old.Name == a.Name},
		{"password", old.Password == a.Password},
		{"role", old.Role == a.Role},
		{"regions", slices.Equal(old.Regions, a.Regions)},
		{"station", old.Station == a.Station},
	} {
		if !f.same {
			changed = append(changed, f.name)
		}
	}
	return changed, nil
}

func set[T any](field *T, v *T) {
	if v != nil {
		*field = *v
	}
}

// Accounts lists accounts, newest first; staff where no kind is asked for.
func (s *Service) Accounts(ctx context.Context, actor access.Actor, f AccountFilter) (AccountPage, error) {
	if err := access.Can(actor, access.AccountList, access.Target{}); err != nil {
		return AccountPage{}, err
	}
	if f.Kind == "" {
		f.Kind = Staff
	}
	if f.Limit <= 0 {
		f.Limit = 50
	}
	f.Limit = min(f.Limit, 200)
	return s.Store.Accounts(ctx, f)
}

// Bootstrap makes the first administrator when there is no staff account at
// all, and returns the password to print once; "" when there was one.
func (s *Service) Bootstrap(ctx context.Context) (username, password string, err error) {
	n, err := s.Store.CountActive(ctx, "")
	if err != nil || n > 0 {
		return "", "", err
	}
	username, password = "admin", newPassword()
	_, err = s.CreateAccount(ctx, access.Internal("bootstrap"), NewAccount{
		Username: username, Name: "系统管理员", Password: password, Role: access.Admin,
	})
	if err != nil {
		return "", "", err
	}
	return username, password, nil
}
