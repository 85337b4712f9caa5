// Package identity says who is at the other end: accounts, sessions, one-time
// codes and paired kiosks. What an actor may do is package access's; who a
// worker is, package person's.
//
// Sessions live in the database and are read on every request, so that ending
// one ends it at once, everywhere.
package identity

import (
	"context"
	"log/slog"
	"time"

	"linggong/internal/access"
	"linggong/internal/cache"
	"linggong/internal/errs"
	"linggong/internal/event"
	"linggong/internal/tx"
)

// What signing in refuses with. ErrBadCredentials is the same sentence, after
// the same work, whether the account exists, is closed, or the password is wrong.
var (
	ErrBadCredentials = errs.New(errs.Unauthenticated, "bad_credentials", "用户名或密码不正确", "The user name or the password is not right.")
	ErrBadCode        = errs.New(errs.Unauthenticated, "bad_code", "验证码不正确或已过期，请重新获取", "The code is wrong or too old; ask for a new one.")
	ErrBadPairing     = errs.New(errs.Unauthenticated, "bad_pairing_code", "配对码不正确或已过期", "The pairing code is wrong or too old.")
	ErrTooMany        = errs.New(errs.TooMany, "too_many_attempts", "尝试次数过多，请稍后再试", "Too many attempts; try again later.")
	ErrClosed         = errs.New(errs.Forbidden, "account_closed", "该账号已停用，请联系零工市场", "The account is closed; ask at the station.")
	ErrPhone          = errs.New(errs.Invalid, "phone_invalid", "手机号应为11位数字，以1开头", "That is no mobile number.")
	ErrPurpose        = errs.New(errs.Invalid, "purpose_unknown", "请选择求职者或用工主体", "Sign in as a worker or as an employer.")
	ErrUnavailable    = errs.New(errs.Unavailable, "sign_in_unavailable", "暂时无法登录，请稍后再试", "Signing in is not possible right now.")
)

// What the administration of accounts refuses with.
var (
	ErrNotFound   = errs.New(errs.NotFound, "account_not_found", "没有这个账号", "There is no such account.")
	ErrNoSession  = errs.New(errs.NotFound, "session_not_found", "没有这个登录", "There is no such session.")
	ErrStale      = errs.New(errs.Stale, "account_stale", "他人刚刚修改过这个账号，请刷新后再试", "Someone changed the account since you read it.")
	ErrInvalid    = errs.New(errs.Invalid, "account_invalid", "账号信息有误，请检查标出的项目", "The account is not right; see the marked fields.")
	ErrTaken      = errs.New(errs.Conflict, "account_taken", "这个用户名已被使用", "The user name is taken.")
	ErrLastAdmin  = errs.New(errs.Conflict, "last_admin", "至少要保留一个在用的系统管理员", "One administrator has to stay.")
	ErrBound      = errs.New(errs.Conflict, "account_bound", "该账号已绑定其他人或单位", "The account acts for someone else already.")
	ErrNoKiosk    = errs.New(errs.NotFound, "kiosk_not_found", "没有这台设备", "There is no such kiosk.")
	ErrKioskInput = errs.New(errs.Invalid, "kiosk_invalid", "设备信息有误，请检查标出的项目", "The kiosk is not right; see the marked fields.")
)

// Acts that are not in event's list of the acts other rooms know.
const (
	AccountChanged event.Kind = "identity.account_changed"
	KioskCreated   event.Kind = "identity.kiosk_created"
	KioskRevoked   event.Kind = "identity.kiosk_revoked"
)

// Kind is how an account signs in.
type Kind string

// Staff sign in with a password; workers and employers with a code sent to
// their phone. One phone can have one account of each.
const (
	Staff    Kind = "staff"
	Worker   Kind = "worker"
	Employer Kind = "employer"
)

// PasswordHash is an encoded argon2id hash. It never prints.
type PasswordHash string

// String hides the hash.
func (PasswordHash) String() string { return "***" }

// GoString hides the hash.
func (PasswordHash) GoString() string { return "***" }

// LogValue hides the hash from the log.
func (PasswordHash) LogValue() slog.Value { return slog.StringValue("***") }

// Account is someone who can sign in.
type Account struct {
	ID       string
	Kind     Kind
	Role     access.Role
	Username string // staff only
	Name     string // of a member of staff, as colleagues read it; "" for others
	Password PasswordHash

	Regions  []string // region prefixes: city 6, town 9, village 12 digits
	Station  string
	Employer string
	Person   string

	Active     bool
	PasswordAt time.Time
	CreatedAt  time.Time
	Version    int64
}

// actor returns the account as one who acts.
func (a Account) actor(session string, from access.Actor) access.Actor {
	return access.Actor{
		Role: a.Role, Account: a.ID, Regions: a.Regions, Station: a.Station, Employer: a.Employer, Person: a.Person,
		Session: session, Origin: from.Origin, Request: from.Request,
	}
}

// Places names what an account's scope points at.
type Places interface {
	// Region returns the name of the region with that 12-digit code, "" when unknown.
	Region(code string) string
	// Station returns a station's name and its town's name, or an error of kind NotFound.
	Station(ctx context.Context, id string) (name, town string, err error)
	// Employer returns an employer's name, or an error of kind NotFound.
	Employer(ctx context.Context, id string) (name string, err error)
}

// Sender tells a phone its code. It must answer the same for every phone.
type Sender interface {
	SendCode(ctx context.Context, phone, code, purpose string) error
}

// Limiter bounds how often something may be tried.
type Limiter interface {
	Allow(ctx context.Context, key string, limit int, per time.Duration) (cache.Decision, error)
}

// Codes keeps one-time codes for minutes.
type Codes interface {
	Set(ctx context.Context, key string, value []byte, ttl time.Duration) error
	Add(ctx context.Context, key string, value []byte, ttl time.Duration) (bool, error)
	Take(ctx context.Context, key string) ([]byte, bool, error)
}

// Blinder is the keyed hash of package seal.
type Blinder interface {
	Blind(field, value string) string
}

// Store keeps accounts, sessions and kiosks. Every method joins the transaction in ctx.
type Store interface {
	AccountStore
	SessionStore
	KioskStore
}

// Deps are what a Service needs; all are required.
type Deps struct {
	Store  Store
	Tx     tx.Runner
	Events event.Publisher
	Places Places
	Send   Sender
	Limit  Limiter
	Codes  Codes
	Beats  Heartbeats
	Blind  Blinder
	NewID  func() string
	Now    func() time.Time
}

// Service is the use cases of signing in and of accounts.
type Service struct {
	Deps
	hash  *hasher
	beats beats
}

// NewService returns the use cases.
func NewService(d Deps) *Service { return &Service{Deps: d, hash: newHasher()} }

// turn asks for one turn of a limited act, and refuses with ErrTooMany.
func (s *Service) turn(ctx context.Context, key string, limit int, per time.Duration) error {
	d, err := s.Limit.Allow(ctx, "identity:"+key, limit, per)
	if err != nil {
		return ErrUnavailable.With(err)
	}
	if !d.OK {
		return ErrTooMany
	}
	return nil
}

func (s *Service) tell(ctx context.Context, actor access.Actor, kind event.Kind, subject event.Ref, tags map[string]string) error {
	return s.Events.Publish(ctx, event.Event{Kind: kind, Actor: actor, Subject: subject, Person: actor.Person, Tags: tags})
}
