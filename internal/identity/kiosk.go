package identity

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"math/big"
	"strings"
	"time"

	"linggong/internal/access"
	"linggong/internal/errs"
	"linggong/internal/event"
	"linggong/internal/tx"
)

// KioskKind is what a paired device is.
type KioskKind string

// A kiosk is touched by job seekers; a screen is only looked at.
const (
	Touch  KioskKind = "kiosk"
	Screen KioskKind = "screen"
)

// Kiosk is a device of a station (一体机、大屏).
type Kiosk struct {
	ID          string
	Station     string
	Name        string
	Kind        KioskKind
	PairingEnds time.Time // zero once paired
	PairedAt    time.Time
	RevokedAt   time.Time
	CreatedAt   time.Time
	HeardAt     time.Time // zero when not within a week, or forgotten
}

func (k Kiosk) actor(session string, from access.Actor) access.Actor {
	return access.Actor{Role: access.Kiosk, Station: k.Station, Session: session, Origin: from.Origin, Request: from.Request}
}

// KioskStore keeps kiosks.
type KioskStore interface {
	CreateKiosk(ctx context.Context, k Kiosk, pairingHash string) error
	// Kiosk returns one, or ErrNoKiosk.
	Kiosk(ctx context.Context, id string) (Kiosk, error)
	// KioskOfSession returns the kiosk of a session, or ErrNoKiosk.
	KioskOfSession(ctx context.Context, session string) (Kiosk, error)
	// Kiosks returns those of a station, of all when it is "", newest first.
	Kiosks(ctx context.Context, station string) ([]Kiosk, error)
	// Pair uses up a pairing code that is not older than now and returns the
	// kiosk, or ErrNoKiosk. Of two at once one gets it.
	Pair(ctx context.Context, pairingHash string, now time.Time) (Kiosk, error)
	// RevokeKiosk ends one, or returns ErrNoKiosk.
	RevokeKiosk(ctx context.Context, id string, at time.Time) error
}

// pairingLives is how long a pairing code waits: it is read out on the phone to
// whoever sets the device up.
const pairingLives = 24 * time.Hour

func (s *Service) pairingHash(code string) string {
	digits := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, code)
	return s.Blind.Blind("identity.pairing", digits)
}

// CreateKiosk enters a device and returns its pairing code, told once.
func (s *Service) CreateKiosk(ctx context.Context, actor access.Actor, station, name string, kind KioskKind) (Kiosk, string, error) {
	if err := access.Can(actor, access.KioskManage, access.Target{Station: station}); err != nil {
		return Kiosk{}, "", err
	}
	bad := ErrKioskInput
	name = strings.TrimSpace(name)
	if n := len([]rune(name)); n < 1 || n > 40 {
		bad = bad.On("name", "length", "名称应为1到40个字")
	}
	if kind != Touch && kind != Screen {
		bad = bad.On("kind", "unknown", "请选择一体机或大屏")
	}
	if _, _, err := s.Places.Station(ctx, station); errs.KindOf(err) == errs.NotFound {
		bad = bad.On("station_id", "unknown", "没有这个零工市场")
	} else if err != nil {
		return Kiosk{}, "", fmt.Errorf("read station %s: %w", station, err)
	}
	if len(bad.Fields) > 0 {
		return Kiosk{}, "", bad
	}
	n, err := rand.Int(rand.Reader, big.NewInt(100_000_000))
	if err != nil {
		return Kiosk{}, "", fmt.Errorf("make pairing code: %w", err)
	}
	code := fmt.Sprintf("%08d", n)
	k := Kiosk{ID: s.NewID(), Station: station, Name: name, Kind: kind, PairingEnds: s.Now().Add(pairingLives), CreatedAt: s.Now()}
	err = s.Tx.InTx(ctx, func(ctx context.Context) error {
		if err := s.Store.CreateKiosk(ctx, k, s.pairingHash(code)); err != nil {
			return err
		}
		return s.tell(ctx, actor, KioskCreated, event.Ref{Kind: "kiosk", ID: k.ID}, map[string]string{"kind": string(kind)})
	})
	return k, code, err
}

// PairKiosk begins the long session of a device. It must not be called inside
// a transaction.
func (s *Service) PairKiosk(ctx context.Context, from access.Actor, code string) (Begun, error) {
	tx.MustNotBeIn(ctx, "pairing")
	if err := s.turn(ctx, "pair:"+from.Origin, triesPerName, triesPer); err != nil {
		return Begun{}, err
	}
	hash := s.pairingHash(code)
	if hash == "" {
		return Begun{}, ErrBadPairing
	}
	var out Begun
	err := s.Tx.InTx(ctx, func(ctx context.Context) error {
		k, err := s.Store.Pair(ctx, hash, s.Now())
		if errors.Is(err, ErrNoKiosk) {
			return ErrBadPairing
		}
		if err != nil {
			return err
		}
		if out, err = s.begin(ctx, from, k.actor("", from), "", k.ID); err != nil {
			return err
		}
		return s.tell(ctx, out.Actor, event.KioskPaired, event.Ref{Kind: "kiosk", ID: k.ID}, map[string]string{"kind": string(k.Kind)})
	})
	if errors.Is(err, ErrBadPairing) {
		return Begun{}, s.failed(ctx, from, event.Ref{Kind: "kiosk"}, ErrBadPairing)
	}
	return out, err
}

// Kiosks returns the devices the actor looks after.
func (s *Service) Kiosks(ctx context.Context, actor access.Actor) ([]Kiosk, error) {
	if err := access.May(actor, access.KioskManage); err != nil {
		return nil, err
	}
	if actor.Role == access.Operator {
		if actor.Station == "" {
			return []Kiosk{}, nil
		}
		list, err := s.Store.Kiosks(ctx, actor.Station)
		return s.lastHeard(ctx, list), err
	}
	list, err := s.Store.Kiosks(ctx, "")
	return s.lastHeard(ctx, list), err
}

// RevokeKiosk ends a device and its sessions at once.
func (s *Service) RevokeKiosk(ctx context.Context, actor access.Actor, id string) error {
	return s.Tx.InTx(ctx, func(ctx context.Context) error {
		k, err := s.Store.Kiosk(ctx, id)
		if err != nil {
			return err
		}
		if err := access.Can(actor, access.KioskManage, access.Target{Station: k.Station}); errors.Is(err, access.ErrHidden) {
			return ErrNoKiosk
		} else if err != nil {
			return err
		}
		if err := s.Store.RevokeKiosk(ctx, id, s.Now()); err != nil {
			return err
		}
		if err := s.revokeAll(ctx, actor, "", id); err != nil {
			return err
		}
		return s.tell(ctx, actor, KioskRevoked, event.Ref{Kind: "kiosk", ID: id}, nil)
	})
}
