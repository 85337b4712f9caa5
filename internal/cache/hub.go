package cache

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"
)

// How much is remembered: a screen that was away for a moment catches up, one
// that was away for long reads anew.
const (
	historySize = 1024
	queueSize   = 64
)

// Hub hands messages to the subscribers of one process. It is the whole of the
// local PubSub, and the last step of the one over Redis.
type Hub struct {
	now func() time.Time

	mu      sync.Mutex
	lastID  uint64
	history []Message // ring of the last historySize
	oldest  int       // where the ring begins once it is full
	subs    map[*subscriber]struct{}
	closed  bool
}

type subscriber struct {
	topics []string
	queue  chan Message // only the hub sends, under its lock, so drop-oldest is safe
	missed int
	gone   bool
}

// NewHub returns a hub that numbers messages by now.
func NewHub(now func() time.Time) *Hub {
	return &Hub{now: now, subs: map[*subscriber]struct{}{}}
}

// Publish numbers a message and hands it on.
func (h *Hub) Publish(_ context.Context, topic string, data []byte) error {
	if len(data) > MaxMessage {
		return fmt.Errorf("publish to %s: %w", topic, ErrTooLarge)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	id := max(uint64(max(h.now().UnixMicro(), 0)), h.lastID+1)
	h.deliver(Message{ID: id, Topic: topic, Data: slices.Clone(data)})
	return nil
}

// Deliver hands on a message that was numbered elsewhere.
func (h *Hub) Deliver(m Message) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.deliver(m)
}

// Remember takes m into the window for replay and tells nobody.
func (h *Hub) Remember(m Message) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.remember(m)
}

func (h *Hub) remember(m Message) {
	h.lastID = max(h.lastID, m.ID)
	if len(h.history) < historySize {
		h.history = append(h.history, m)
		return
	}
	h.history[h.oldest] = m
	h.oldest = (h.oldest + 1) % historySize
}

func (h *Hub) deliver(m Message) {
	h.remember(m)
	for s := range h.subs {
		if slices.Contains(s.topics, m.Topic) {
			s.send(m)
		}
	}
}

// send queues m, giving up the oldest where there is no room.
func (s *subscriber) send(m Message) {
	for {
		m.Missed = s.missed
		select {
		case s.queue <- m:
			s.missed = 0
			return
		default:
		}
		select {
		case old := <-s.queue:
			s.missed += 1 + old.Missed
		default: // the reader made room meanwhile
		}
	}
}

// Subscribe implements PubSub.
func (h *Hub) Subscribe(ctx context.Context, after uint64, topics ...string) (<-chan Message, func()) {
	s := &subscriber{topics: slices.Clone(topics), queue: make(chan Message, queueSize)}
	h.mu.Lock()
	if h.closed {
		close(s.queue)
		h.mu.Unlock()
		return s.queue, func() {}
	}
	if after != 0 {
		h.replay(s, after)
	}
	h.subs[s] = struct{}{}
	h.mu.Unlock()

	stop := context.AfterFunc(ctx, func() { h.leave(s) })
	return s.queue, func() {
		stop()
		h.leave(s)
	}
}

func (h *Hub) replay(s *subscriber, after uint64) {
	for i := range h.history {
		m := h.history[(h.oldest+i)%len(h.history)]
		if m.ID > after && slices.Contains(s.topics, m.Topic) {
			s.send(m)
		}
	}
}

func (h *Hub) leave(s *subscriber) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if s.gone {
		return
	}
	s.gone = true
	delete(h.subs, s)
	close(s.queue)
}

// Close ends every subscription.
func (h *Hub) Close() error {
	h.mu.Lock()
	subs := make([]*subscriber, 0, len(h.subs))
	for s := range h.subs {
		subs = append(subs, s)
	}
	h.closed = true
	h.mu.Unlock()
	for _, s := range subs {
		h.leave(s)
	}
	return nil
}
