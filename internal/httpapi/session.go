package httpapi

import (
	"context"
	"net/http"
	"time"

	"linggong/internal/access"
)

// Sessions signs people in and says who a request comes from.
type Sessions interface {
	// Authenticate returns who holds token, or access.ErrSignIn.
	Authenticate(ctx context.Context, token string) (access.Actor, error)
	SignInStaff(ctx context.Context, from access.Actor, username, password string) (NewSession, error)
	SendCode(ctx context.Context, from access.Actor, phone, purpose string) (CodeSent, error)
	SignInPhone(ctx context.Context, from access.Actor, phone, code, purpose string) (NewSession, error)
	PairKiosk(ctx context.Context, from access.Actor, code string) (NewSession, error)
	SignOut(ctx context.Context, actor access.Actor, session string) error
	// Me describes the actor to the screens.
	Me(ctx context.Context, actor access.Actor) (Me, error)
	// List returns the actor's own sessions.
	List(ctx context.Context, actor access.Actor) ([]SessionInfo, error)
}

// NewSession is a session just begun. Token is its secret, shown once.
type NewSession struct {
	Token   string
	Expires time.Time
	Actor   access.Actor
}

// CodeSent answers a request for a one-time code; it is the same whether the
// phone is known or not.
type CodeSent struct {
	SentToMasked string `json:"sent_to_masked"`
	ExpiresIn    int    `json:"expires_in" doc:"seconds"`
	DemoHint     string `json:"demo_hint,omitempty" doc:"where the demo shows the code"`
}

// Me is who is signed in, as the screens need it.
type Me struct {
	Role         access.Role `json:"role"`
	Name         string      `json:"name"`
	AccountID    string      `json:"account_id,omitempty"`
	Regions      []RegionRef `json:"regions"`
	Station      *StationRef `json:"station,omitempty"`
	Employer     *NamedRef   `json:"employer,omitempty"`
	Worker       *IDRef      `json:"worker,omitempty"`
	NeedsProfile bool        `json:"needs_profile"`
	Demo         bool        `json:"demo"`
	Permissions  []string    `json:"permissions"`
}

// RegionRef, StationRef, NamedRef and IDRef name things a screen links to.
type RegionRef struct {
	Code string `json:"code"`
	Name string `json:"name"`
}

// StationRef names a station and its town.
type StationRef struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Town string `json:"town"`
}

// NamedRef names anything.
type NamedRef struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// IDRef points at anything.
type IDRef struct {
	ID string `json:"id"`
}

// SessionInfo is one session of an account.
type SessionInfo struct {
	ID        string    `json:"id"`
	Current   bool      `json:"current"`
	CreatedAt time.Time `json:"created_at"`
	LastSeen  time.Time `json:"last_seen_at"`
	Expires   time.Time `json:"expires_at"`
	Origin    string    `json:"origin"`
}

// signedInAs is Me with the cookie that makes it so.
type signedInAs struct {
	SetCookie http.Cookie `header:"Set-Cookie"`
	Body      Me
}

func (a *API) sessionRoutes() {
	const tag = "session 登录"
	handle(a, route{method: http.MethodGet, path: "/session", id: "get-session", tag: tag, summary: "谁在使用 / who am I", public: true},
		func(ctx context.Context, actor access.Actor, _ *nothing) (*body[Me], error) { return a.me(ctx, actor) })
	handle(a, route{method: http.MethodPost, path: "/session/staff", id: "sign-in-staff", tag: tag, summary: "工作人员登录", public: true, unkept: true}, a.signInStaff)
	handle(a, route{method: http.MethodPost, path: "/session/code", id: "send-code", tag: tag, summary: "发送短信验证码", public: true, unkept: true}, a.sendCode)
	handle(a, route{method: http.MethodPost, path: "/session/phone", id: "sign-in-phone", tag: tag, summary: "求职者、用工主体以手机号登录", public: true, unkept: true}, a.signInPhone)
	handle(a, route{method: http.MethodPost, path: "/session/kiosk", id: "pair-kiosk", tag: tag, summary: "一体机配对", public: true, unkept: true}, a.pairKiosk)
	handle(a, route{method: http.MethodDelete, path: "/session", id: "sign-out", tag: tag, summary: "退出", public: true, status: http.StatusNoContent},
		func(ctx context.Context, actor access.Actor, _ *nothing) (*signedOut, error) {
			return a.signOut(ctx, actor, actor.Session)
		})
	handle(a, route{method: http.MethodGet, path: "/session/all", id: "list-sessions", tag: tag, summary: "我的登录设备", public: true}, a.listSessions)
	handle(a, route{method: http.MethodDelete, path: "/session/{id}", id: "end-session", tag: tag, summary: "让一台设备退出", public: true, status: http.StatusNoContent},
		func(ctx context.Context, actor access.Actor, in *ByID) (*signedOut, error) {
			return a.signOut(ctx, actor, in.ID)
		})
}

func (a *API) me(ctx context.Context, actor access.Actor) (*body[Me], error) {
	if actor.Role == access.Anonymous {
		return &body[Me]{Me{Role: access.Anonymous, Regions: []RegionRef{}, Permissions: permissions(actor), Demo: a.opts.Demo}}, nil
	}
	me, err := a.Sessions.Me(ctx, actor)
	if err != nil {
		return nil, err
	}
	me.Demo, me.Permissions = a.opts.Demo, permissions(actor)
	if me.Regions == nil {
		me.Regions = []RegionRef{}
	}
	return &body[Me]{me}, nil
}

// permissions lists the actions the role is granted somewhere, for menus.
func permissions(actor access.Actor) []string {
	out := []string{}
	for _, do := range access.Actions() {
		if access.May(actor, do) == nil {
			out = append(out, string(do))
		}
	}
	return out
}

func (a *API) begun(ctx context.Context, s NewSession, err error) (*signedInAs, error) {
	if err != nil {
		return nil, err
	}
	me, err := a.me(ctx, s.Actor)
	if err != nil {
		return nil, err
	}
	return &signedInAs{SetCookie: a.cookie(s.Token, s.Expires), Body: me.Body}, nil
}

func (a *API) cookie(token string, expires time.Time) http.Cookie {
	return http.Cookie{
		Name: sessionCookie, Value: token, Path: "/", Expires: expires, HttpOnly: true,
		SameSite: http.SameSiteLaxMode, Secure: a.opts.Secure,
	}
}

type staffSignIn struct {
	Body struct {
		Username string `json:"username" minLength:"1" maxLength:"60"`
		Password string `json:"password" minLength:"1" maxLength:"200"`
	}
}

func (a *API) signInStaff(ctx context.Context, actor access.Actor, in *staffSignIn) (*signedInAs, error) {
	s, err := a.Sessions.SignInStaff(ctx, actor, in.Body.Username, in.Body.Password)
	return a.begun(ctx, s, err)
}

type codeRequest struct {
	Body struct {
		Phone   string `json:"phone" minLength:"1" maxLength:"20"`
		Purpose string `json:"purpose" enum:"worker,employer"`
	}
}

func (a *API) sendCode(ctx context.Context, actor access.Actor, in *codeRequest) (*body[CodeSent], error) {
	sent, err := a.Sessions.SendCode(ctx, actor, in.Body.Phone, in.Body.Purpose)
	if err != nil {
		return nil, err
	}
	if a.opts.Demo {
		sent.DemoHint = Base + "/demo/outbox"
	}
	return &body[CodeSent]{sent}, nil
}

type phoneSignIn struct {
	Body struct {
		Phone   string `json:"phone" minLength:"1" maxLength:"20"`
		Code    string `json:"code" minLength:"1" maxLength:"10"`
		Purpose string `json:"purpose" enum:"worker,employer"`
	}
}

func (a *API) signInPhone(ctx context.Context, actor access.Actor, in *phoneSignIn) (*signedInAs, error) {
	s, err := a.Sessions.SignInPhone(ctx, actor, in.Body.Phone, in.Body.Code, in.Body.Purpose)
	return a.begun(ctx, s, err)
}

type kioskPairing struct {
	Body struct {
		PairingCode string `json:"pairing_code" minLength:"1" maxLength:"20"`
	}
}

func (a *API) pairKiosk(ctx context.Context, actor access.Actor, in *kioskPairing) (*signedInAs, error) {
	s, err := a.Sessions.PairKiosk(ctx, actor, in.Body.PairingCode)
	return a.begun(ctx, s, err)
}

type signedOut struct {
	SetCookie *http.Cookie `header:"Set-Cookie"`
}

func (a *API) signOut(ctx context.Context, actor access.Actor, session string) (*signedOut, error) {
	if actor.Role == access.Anonymous {
		return &signedOut{}, nil
	}
	if err := a.Sessions.SignOut(ctx, actor, session); err != nil {
		return nil, err
	}
	if session != actor.Session {
		return &signedOut{}, nil
	}
	gone := a.cookie("", time.Unix(1, 0))
	gone.MaxAge = -1
	return &signedOut{SetCookie: &gone}, nil
}

func (a *API) listSessions(ctx context.Context, actor access.Actor, _ *nothing) (*body[list[SessionInfo]], error) {
	if actor.Role == access.Anonymous {
		return nil, access.ErrSignIn
	}
	all, err := a.Sessions.List(ctx, actor)
	if err != nil {
		return nil, err
	}
	for i := range all {
		all[i].Current = all[i].ID == actor.Session
	}
	return &body[list[SessionInfo]]{list[SessionInfo]{Items: all}}, nil
}
