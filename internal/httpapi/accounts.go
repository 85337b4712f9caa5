package httpapi

import (
	"context"
	"net/http"
	"time"

	"linggong/internal/access"
	"linggong/internal/identity"
)

// Accounts is the administration of accounts.
type Accounts interface {
	Accounts(ctx context.Context, actor access.Actor, f identity.AccountFilter) (identity.AccountPage, error)
	CreateAccount(ctx context.Context, actor access.Actor, n identity.NewAccount) (identity.Account, error)
	ChangeAccount(ctx context.Context, actor access.Actor, id string, c identity.AccountChange) (identity.Account, error)
	RevokeSessions(ctx context.Context, actor access.Actor, account string) error
}

// Kiosks is the administration of the stations' devices.
type Kiosks interface {
	Kiosks(ctx context.Context, actor access.Actor) ([]identity.Kiosk, error)
	CreateKiosk(ctx context.Context, actor access.Actor, station, name string, kind identity.KioskKind) (identity.Kiosk, string, error)
	RevokeKiosk(ctx context.Context, actor access.Actor, id string) error
	// Heard says that a paired device which asks for nothing is still there.
	Heard(ctx context.Context, actor access.Actor)
}

// Account is someone who can sign in, without anything that names a worker.
type Account struct {
	ID         string      `json:"id" format:"uuid"`
	Kind       string      `json:"kind" enum:"staff,worker,employer"`
	Role       access.Role `json:"role"`
	Username   string      `json:"username,omitempty"`
	Name       string      `json:"name"`
	Regions    []RegionRef `json:"regions"`
	StationID  string      `json:"station_id,omitempty"`
	Active     bool        `json:"active"`
	PasswordAt *time.Time  `json:"password_at,omitempty"`
	CreatedAt  time.Time   `json:"created_at"`
	Version    int64       `json:"version"`
}

// Kiosk is a paired device of a station.
type Kiosk struct {
	ID          string     `json:"id" format:"uuid"`
	StationID   string     `json:"station_id" format:"uuid"`
	Name        string     `json:"name"`
	Kind        string     `json:"kind" enum:"kiosk,screen"`
	State       string     `json:"state" enum:"waiting,expired,paired,revoked"`
	PairingEnds *time.Time `json:"pairing_ends_at,omitempty"`
	PairedAt    *time.Time `json:"paired_at,omitempty"`
	RevokedAt   *time.Time `json:"revoked_at,omitempty"`
	CreatedAt   time.Time  `json:"created_at"`
	HeardAt     *time.Time `json:"heard_at,omitempty" doc:"to half a minute; absent when not within a week"`
}

func (a *API) accountRoutes() {
	const tag = "admin 系统管理"
	handle(a, route{method: http.MethodGet, path: "/admin/accounts", id: "list-accounts", tag: tag, summary: "账号", may: access.AccountList}, a.listAccounts)
	handle(a, route{method: http.MethodPost, path: "/admin/accounts", id: "create-account", tag: tag, summary: "新建工作人员账号", may: access.AccountManage, status: http.StatusCreated, unkept: true}, a.createAccount)
	handle(a, route{method: http.MethodPatch, path: "/admin/accounts/{id}", id: "change-account", tag: tag, summary: "停用、改密、调整角色与范围", may: access.AccountManage}, a.changeAccount)
	handle(a, route{method: http.MethodPost, path: "/admin/accounts/{id}/revoke-sessions", id: "revoke-sessions", tag: tag, summary: "让该账号在所有设备退出", may: access.SessionRevoke, status: http.StatusNoContent},
		func(ctx context.Context, actor access.Actor, in *ByID) (*nothing, error) {
			return &nothing{}, a.Accounts.RevokeSessions(ctx, actor, in.ID)
		})
	handle(a, route{method: http.MethodGet, path: "/admin/kiosks", id: "list-kiosks", tag: tag, summary: "一体机与大屏", may: access.KioskManage}, a.listKiosks)
	handle(a, route{method: http.MethodPost, path: "/admin/kiosks", id: "create-kiosk", tag: tag, summary: "添加设备并取得配对码", may: access.KioskManage, status: http.StatusCreated, unkept: true}, a.createKiosk)
	handle(a, route{method: http.MethodPost, path: "/admin/kiosks/{id}/revoke", id: "revoke-kiosk", tag: tag, summary: "停用设备", may: access.KioskManage, status: http.StatusNoContent},
		func(ctx context.Context, actor access.Actor, in *ByID) (*nothing, error) {
			return &nothing{}, a.Kiosks.RevokeKiosk(ctx, actor, in.ID)
		})
}

func (a *API) newAccount(v identity.Account) Account {
	out := Account{
		ID: v.ID, Kind: string(v.Kind), Role: v.Role, Username: v.Username, Name: v.Name, Regions: []RegionRef{},
		StationID: v.Station, Active: v.Active, PasswordAt: instant(v.PasswordAt), CreatedAt: v.CreatedAt, Version: v.Version,
	}
	for _, p := range v.Regions {
		code := (p + "000000000000")[:12]
		out.Regions = append(out.Regions, RegionRef{Code: code, Name: a.Names.Region(code)})
	}
	return out
}

func (a *API) account(v identity.Account, err error) (*body[Account], error) {
	if err != nil {
		return nil, err
	}
	return &body[Account]{a.newAccount(v)}, nil
}

type accountQuery struct {
	PageQuery
	Kind string      `query:"kind" enum:"staff,worker,employer" default:"staff"`
	Role access.Role `query:"role" maxLength:"20"`
	Q    string      `query:"q" maxLength:"40" doc:"part of a user name or name"`
}

func (a *API) listAccounts(ctx context.Context, actor access.Actor, in *accountQuery) (*body[list[Account]], error) {
	page, err := a.Accounts.Accounts(ctx, actor, identity.AccountFilter{
		Kind: identity.Kind(in.Kind), Role: in.Role, Query: in.Q, Cursor: in.Cursor, Limit: in.Limit,
	})
	if err != nil {
		return nil, err
	}
	out := list[Account]{Items: make([]Account, len(page.Items)), Next: page.Next}
	for i, v := range page.Items {
		out.Items[i] = a.newAccount(v)
	}
	return &body[list[Account]]{out}, nil
}

func (a *API) createAccount(ctx context.Context, actor access.Actor, in *struct {
	Body struct {
		Username string      `json:"username" minLength:"3" maxLength:"40"`
		Name     string      `json:"name" minLength:"1" maxLength:"40"`
		Password string      `json:"password" minLength:"1" maxLength:"200"`
		Role     access.Role `json:"role" enum:"operator,caseworker,town_officer,bureau,auditor,admin"`
		Regions  []string    `json:"regions,omitempty" maxItems:"300" doc:"region codes of the scope"`
		Station  string      `json:"station_id,omitempty" format:"uuid"`
	}
},
) (*body[Account], error) {
	b := in.Body
	return a.account(a.Accounts.CreateAccount(ctx, actor, identity.NewAccount{
		Username: b.Username, Name: b.Name, Password: b.Password, Role: b.Role, Regions: b.Regions, Station: b.Station,
	}))
}

func (a *API) changeAccount(ctx context.Context, actor access.Actor, in *struct {
	ByID
	IfMatch
	Body struct {
		Active   *bool        `json:"active,omitempty"`
		Name     *string      `json:"name,omitempty" minLength:"1" maxLength:"40"`
		Password *string      `json:"password,omitempty" minLength:"1" maxLength:"200"`
		Role     *access.Role `json:"role,omitempty" enum:"operator,caseworker,town_officer,bureau,auditor,admin"`
		Regions  *[]string    `json:"regions,omitempty" maxItems:"300"`
		Station  *string      `json:"station_id,omitempty" maxLength:"36"`
	}
},
) (*body[Account], error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	b := in.Body
	return a.account(a.Accounts.ChangeAccount(ctx, actor, in.ID, identity.AccountChange{
		Active: b.Active, Name: b.Name, Password: b.Password, Role: b.Role, Regions: b.Regions, Station: b.Station, Version: version,
	}))
}

func (a *API) newKiosk(k identity.Kiosk) Kiosk {
	out := Kiosk{
		ID: k.ID, StationID: k.Station, Name: k.Name, Kind: string(k.Kind), State: "waiting",
		PairingEnds: instant(k.PairingEnds), PairedAt: instant(k.PairedAt), RevokedAt: instant(k.RevokedAt), CreatedAt: k.CreatedAt, HeardAt: instant(k.HeardAt),
	}
	switch {
	case !k.RevokedAt.IsZero():
		out.State = "revoked"
	case !k.PairedAt.IsZero():
		out.State = "paired"
	case a.opts.Now().After(k.PairingEnds):
		out.State = "expired"
	}
	return out
}

func (a *API) listKiosks(ctx context.Context, actor access.Actor, _ *nothing) (*body[list[Kiosk]], error) {
	all, err := a.Kiosks.Kiosks(ctx, actor)
	if err != nil {
		return nil, err
	}
	out := list[Kiosk]{Items: make([]Kiosk, len(all))}
	for i, k := range all {
		out.Items[i] = a.newKiosk(k)
	}
	return &body[list[Kiosk]]{out}, nil
}

// KioskCreated is a new device with its pairing code, told once.
type KioskCreated struct {
	Kiosk
	PairingCode string `json:"pairing_code"`
}

func (a *API) createKiosk(ctx context.Context, actor access.Actor, in *struct {
	Body struct {
		Station string `json:"station_id" format:"uuid"`
		Name    string `json:"name" minLength:"1" maxLength:"40"`
		Kind    string `json:"kind" enum:"kiosk,screen"`
	}
},
) (*body[KioskCreated], error) {
	k, code, err := a.Kiosks.CreateKiosk(ctx, actor, in.Body.Station, in.Body.Name, identity.KioskKind(in.Body.Kind))
	if err != nil {
		return nil, err
	}
	return &body[KioskCreated]{KioskCreated{a.newKiosk(k), code}}, nil
}
