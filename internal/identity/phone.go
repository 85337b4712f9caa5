package identity

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"regexp"
	"strings"
	"time"

	"linggong/internal/access"
	"linggong/internal/event"
	"linggong/internal/tx"
)

// A code lives five minutes. One origin may try it five times; all together
// twice that, so that one origin cannot use up the tries of another.
const (
	codeLives     = 5 * time.Minute
	codeTries     = 5
	codeTriesAll  = 2 * codeTries
	codesPerHour  = 10 // to one phone, whoever asks: nobody's phone is made to ring all day
	codesOrigin   = 60 // an hour; a station's people share one address
	codesPerPause = 2  // a minute, by one origin for one phone
)

var mobileRE = regexp.MustCompile(`^1[3-9]\d{9}$`)

func cleanPhone(s string) (string, error) {
	s = strings.NewReplacer(" ", "", "-", "").Replace(s)
	s = strings.TrimPrefix(strings.TrimPrefix(s, "+"), "86")
	if !mobileRE.MatchString(s) {
		return "", ErrPhone
	}
	return s, nil
}

// kindFor reads the purpose of a code.
func kindFor(purpose string) (Kind, access.Role, error) {
	switch Kind(purpose) {
	case Worker:
		return Worker, access.Worker, nil
	case Employer:
		return Employer, access.Employer, nil
	case Staff:
	}
	return "", "", ErrPurpose
}

// Sent is the answer to a request for a code, the same for every phone.
type Sent struct {
	ToMasked  string
	ExpiresIn time.Duration
}

type keptCode struct {
	Hash    string    `json:"hash"`
	Tries   int       `json:"tries"`
	Expires time.Time `json:"expires"`
}

func (s *Service) codeKey(kind Kind, phone string) string {
	return "code:" + string(kind) + ":" + s.Blind.Blind("identity.phone_key", phone)
}

func (s *Service) codeHash(kind Kind, phone, code string) string {
	return s.Blind.Blind("identity.code", string(kind)+"|"+phone+"|"+code)
}

// SendCode sends a one-time code to a phone. Only its keyed hash is kept. It
// must not be called inside a transaction.
func (s *Service) SendCode(ctx context.Context, from access.Actor, phone, purpose string) (Sent, error) {
	tx.MustNotBeIn(ctx, "sending a code")
	phone, err := cleanPhone(phone)
	if err != nil {
		return Sent{}, err
	}
	kind, _, err := kindFor(purpose)
	if err != nil {
		return Sent{}, err
	}
	key := s.codeKey(kind, phone)
	for _, l := range []struct {
		key   string
		limit int
		per   time.Duration
	}{
		{"send:" + key + ":" + from.Origin, codesPerPause, time.Minute},
		{"send:" + from.Origin, codesOrigin, time.Hour},
		{"send:" + key, codesPerHour, time.Hour},
	} {
		if err := s.turn(ctx, l.key, l.limit, l.per); err != nil {
			return Sent{}, err
		}
	}
	n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
	if err != nil {
		return Sent{}, fmt.Errorf("make code: %w", err)
	}
	code := fmt.Sprintf("%06d", n)
	kept := keptCode{Hash: s.codeHash(kind, phone, code), Expires: s.Now().Add(codeLives)}
	b, err := json.Marshal(kept)
	if err != nil {
		return Sent{}, fmt.Errorf("keep code: %w", err)
	}
	if err := s.Codes.Set(ctx, key, b, codeLives); err != nil {
		return Sent{}, ErrUnavailable.With(err)
	}
	if err := s.Send.SendCode(ctx, phone, code, purpose); err != nil {
		return Sent{}, fmt.Errorf("send code: %w", err)
	}
	return Sent{ToMasked: phone[:3] + "****" + phone[7:], ExpiresIn: codeLives}, nil
}

// redeem uses up a code. It takes the kept one out, so that of several tries at
// once one is judged, and puts it back with the try counted when it was wrong.
func (s *Service) redeem(ctx context.Context, from access.Actor, kind Kind, phone, code string) error {
	key := s.codeKey(kind, phone)
	if err := s.turn(ctx, "try:"+from.Origin, triesPerOrigin, triesPer); err != nil {
		return err
	}
	if err := s.turn(ctx, "try:"+key+":"+from.Origin, codeTries, codeLives); err != nil {
		return err
	}
	b, ok, err := s.Codes.Take(ctx, key)
	if err != nil {
		return ErrUnavailable.With(err)
	}
	if !ok {
		return ErrBadCode
	}
	var kept keptCode
	if err := json.Unmarshal(b, &kept); err != nil {
		return fmt.Errorf("read kept code: %w", err)
	}
	left := kept.Expires.Sub(s.Now())
	if left > 0 && subtle.ConstantTimeCompare([]byte(kept.Hash), []byte(s.codeHash(kind, phone, code))) == 1 {
		return nil
	}
	if kept.Tries++; left <= 0 || kept.Tries >= codeTriesAll {
		return ErrBadCode
	}
	if b, err = json.Marshal(kept); err != nil {
		return fmt.Errorf("keep code: %w", err)
	}
	if _, err := s.Codes.Add(ctx, key, b, left); err != nil { // Add: a newer code is not overwritten
		return ErrUnavailable.With(err)
	}
	return ErrBadCode
}

// SignInPhone begins a session for whoever holds the phone, and makes the
// account at the first sign-in. It must not be called inside a transaction.
func (s *Service) SignInPhone(ctx context.Context, from access.Actor, phone, code, purpose string) (Begun, error) {
	tx.MustNotBeIn(ctx, "signing in")
	phone, err := cleanPhone(phone)
	if err != nil {
		return Begun{}, err
	}
	kind, _, err := kindFor(purpose)
	if err != nil {
		return Begun{}, err
	}
	if err := s.redeem(ctx, from, kind, phone, code); err != nil {
		if errors.Is(err, ErrBadCode) {
			return Begun{}, s.failed(ctx, from, event.Ref{Kind: "account"}, err)
		}
		return Begun{}, err
	}
	a, err := s.phoneAccount(ctx, from, kind, phone)
	if err != nil {
		return Begun{}, err
	}
	return s.enter(ctx, from, a.ID, ErrClosed, "")
}

// phoneAccount returns the account of a phone and makes it when there is none.
func (s *Service) phoneAccount(ctx context.Context, from access.Actor, kind Kind, phone string) (Account, error) {
	_, role, err := kindFor(string(kind))
	if err != nil {
		return Account{}, err
	}
	var out Account
	err = s.Tx.InTx(ctx, func(ctx context.Context) error {
		for range 3 { // two first sign-ins at once
			a, err := s.Store.ByPhone(ctx, kind, phone)
			if !errors.Is(err, ErrNotFound) {
				out = a
				return err
			}
			out = Account{ID: s.NewID(), Kind: kind, Role: role, Active: true, CreatedAt: s.Now(), Version: 1}
			err = s.Store.CreateAccount(ctx, out, phone)
			if errors.Is(err, ErrTaken) {
				continue
			}
			if err != nil {
				return err
			}
			who := out.actor("", from)
			return s.tell(ctx, who, event.AccountCreated, event.Ref{Kind: "account", ID: out.ID}, map[string]string{"kind": string(kind)})
		}
		return ErrTaken
	})
	return out, err
}

// OpenPhoneAccount makes the account of a phone without a code, already acting
// for an employer or a person, or returns the one there is. It is for the demo
// and for imports, which know both.
func (s *Service) OpenPhoneAccount(ctx context.Context, actor access.Actor, kind Kind, phone, employer, person string) (Account, error) {
	if err := access.Can(actor, access.AccountManage, access.Target{}); err != nil {
		return Account{}, err
	}
	phone, err := cleanPhone(phone)
	if err != nil {
		return Account{}, err
	}
	var a Account
	err = s.Tx.InTx(ctx, func(ctx context.Context) error {
		var err error
		if a, err = s.phoneAccount(ctx, actor, kind, phone); err != nil {
			return err
		}
		if kind == Employer && employer != "" {
			err = s.BindEmployer(ctx, a.ID, employer)
		}
		if kind == Worker && person != "" {
			err = s.BindWorker(ctx, a.ID, person)
		}
		if err != nil {
			return err
		}
		a, err = s.Store.Account(ctx, a.ID)
		return err
	})
	return a, err
}
