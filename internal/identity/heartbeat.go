package identity

import (
	"context"
	"sync"
	"time"

	"linggong/internal/access"
)

// Heartbeats remember for a while when a kiosk was last heard of. They may be
// lost; nothing is decided by them.
type Heartbeats interface {
	Set(ctx context.Context, key string, value []byte, ttl time.Duration) error
	Get(ctx context.Context, key string) ([]byte, bool, error)
}

// A beat is kept a week: what was silent for longer is found by its session.
const (
	beatEvery = 30 * time.Second
	beatLives = 7 * 24 * time.Hour
)

// beats is what this process has heard, so that most of it is not told again.
type beats struct {
	mu   sync.Mutex
	last map[string]beat // by session
}

type beat struct {
	kiosk string
	at    time.Time
}

// due notes that session, of kiosk where it is known, was heard at now, and
// says whether that is worth telling.
func (b *beats) due(session, kiosk string, now time.Time) (string, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.last == nil {
		b.last = map[string]beat{}
	}
	was := b.last[session]
	if kiosk == "" {
		kiosk = was.kiosk
	}
	if kiosk == "" || now.Sub(was.at) < beatEvery {
		return "", false
	}
	b.last[session] = beat{kiosk, now}
	return kiosk, true
}

func beatKey(kiosk string) string { return "kiosk-heard:" + kiosk }

// Heard says that a device which was let in is still there: it holds a live
// stream and asks for nothing.
func (s *Service) Heard(ctx context.Context, actor access.Actor) {
	if actor.Role == access.Kiosk {
		s.heard(ctx, actor.Session, "")
	}
}

func (s *Service) heard(ctx context.Context, session, kiosk string) {
	now := s.Now()
	if kiosk, due := s.beats.due(session, kiosk, now); due {
		_ = s.Beats.Set(ctx, beatKey(kiosk), []byte(now.Format(time.RFC3339)), beatLives) // the next one will do
	}
}

// lastHeard fills in when each kiosk was heard of.
func (s *Service) lastHeard(ctx context.Context, list []Kiosk) []Kiosk {
	for i, k := range list {
		if k.PairedAt.IsZero() || !k.RevokedAt.IsZero() {
			continue
		}
		b, ok, err := s.Beats.Get(ctx, beatKey(k.ID))
		if err != nil || !ok {
			continue
		}
		if at, err := time.Parse(time.RFC3339, string(b)); err == nil {
			list[i].HeardAt = at
		}
	}
	return list
}
