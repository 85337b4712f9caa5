package rediscache

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"linggong/internal/cache"
)

// Live messages travel through one capped stream that every replica follows:
// a replica that was cut off reads on from where it was, a new one knows the
// recent window, and ids are the same everywhere.
const (
	streamLength = 4096
	windowLength = 1024
	readBlock    = 2 * time.Second
)

// publish numbers a message by Redis' clock, above all before it.
var publish = redis.NewScript(`
local t = redis.call('TIME')
local id = t[1] * 1000000 + t[2]
local last = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1]
if last then
  local seen = tonumber(string.match(last[1], '^%d+'))
  if id <= seen then id = seen + 1 end
end
return redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[1], string.format('%.0f-0', id), 't', ARGV[2], 'd', ARGV[3])
`)

type live struct {
	*remote
	hub    *cache.Hub
	reader *redis.Client // its one connection blocks
	last   string        // stream id of the last message handed on
	opened uint64        // what is older is remembered, not delivered
}

func newLive(r *remote, reader *redis.Client) *live {
	return &live{
		remote: r, hub: cache.NewHub(r.now), reader: reader,
		opened: uint64(max(r.now().UnixMicro(), 0)),
	}
}

// Publish implements cache.PubSub.
func (l *live) Publish(ctx context.Context, topic string, data []byte) error {
	if len(data) > cache.MaxMessage {
		return fmt.Errorf("publish to %s: %w", topic, cache.ErrTooLarge)
	}
	outside(ctx)
	err := publish.Run(ctx, l.rdb, []string{liveStream}, streamLength, topic, data).Err()
	return l.met(ctx, "redis publish", err)
}

// Subscribe implements cache.PubSub.
func (l *live) Subscribe(ctx context.Context, after uint64, topics ...string) (<-chan cache.Message, func()) {
	return l.hub.Subscribe(ctx, after, topics...)
}

// read follows the stream until the cache closes.
func (l *live) read() {
	for {
		err := l.follow()
		select {
		case <-l.done:
			return
		default:
		}
		l.down(err)
		if !l.pause(probeEvery) {
			return
		}
	}
}

// follow hands on what comes until something fails.
func (l *live) follow() error {
	ctx := context.Background()
	if l.last == "" {
		if err := l.window(ctx); err != nil {
			return err
		}
	}
	for {
		streams, err := l.reader.XRead(ctx, &redis.XReadArgs{
			Streams: []string{liveStream, l.last}, Count: windowLength, Block: readBlock,
		}).Result()
		if errors.Is(err, redis.Nil) {
			continue // nothing came for a while
		}
		if err != nil {
			return err
		}
		for _, s := range streams {
			for _, x := range s.Messages {
				l.last = x.ID
				if m, ok := message(x); ok {
					l.hub.Deliver(m)
				}
			}
		}
	}
}

// window reads what was said before we came.
func (l *live) window(ctx context.Context) error {
	xs, err := l.reader.XRevRangeN(ctx, liveStream, "+", "-", windowLength).Result()
	if err != nil {
		return err
	}
	l.last = "0-0"
	for i := len(xs) - 1; i >= 0; i-- {
		l.last = xs[i].ID
		switch m, ok := message(xs[i]); {
		case ok && m.ID >= l.opened:
			l.hub.Deliver(m)
		case ok:
			l.hub.Remember(m)
		}
	}
	return nil
}

func message(x redis.XMessage) (cache.Message, bool) {
	head, _, _ := strings.Cut(x.ID, "-")
	id, err := strconv.ParseUint(head, 10, 64)
	topic, okT := x.Values["t"].(string)
	data, okD := x.Values["d"].(string)
	return cache.Message{ID: id, Topic: topic, Data: []byte(data)}, err == nil && okT && okD
}
