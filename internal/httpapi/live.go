package httpapi

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/sse"

	"linggong/internal/access"
	"linggong/internal/errs"
)

// Live tells screens that something changed. A message says what kind of thing
// and which one, never what it says now: the screen asks for that as itself.
type Live interface {
	// Subscribe returns messages of topics until cancel is called; after is the
	// id of the last message seen, 0 for none.
	Subscribe(ctx context.Context, after uint64, topics ...string) (messages <-chan LiveMessage, cancel func())
}

// LiveMessage is one change.
type LiveMessage struct {
	ID    uint64
	Topic string
	Data  LiveChange
}

// LiveChange says what changed.
type LiveChange struct {
	Topic string    `json:"topic"`
	Kind  string    `json:"kind" doc:"the act, e.g. gig.posting_published; look_again when it cannot be told"`
	ID    string    `json:"id,omitempty" doc:"the thing that changed"`
	At    time.Time `json:"at"`
}

// liveHeartbeat keeps proxies from closing a quiet stream.
type liveHeartbeat struct {
	At time.Time `json:"at"`
}

var errTopic = errs.New(errs.Forbidden, "topic_forbidden", "不能订阅这个主题", "You may not listen to that topic.")

// publicTopics are what a screen without an account may hear of.
var publicTopics = map[string]bool{"postings": true}

func mayHear(actor access.Actor, topic string) bool {
	if publicTopics[topic] || strings.HasPrefix(topic, "board:") {
		return true
	}
	switch topic {
	case "engagements":
		return actor.Role != access.Anonymous
	case "indicators":
		return access.May(actor, access.IndicatorRead) == nil
	case "cases":
		return access.May(actor, access.CaseRead) == nil
	}
	return false
}

type liveQuery struct {
	Topics string `query:"topics" required:"true" maxLength:"200" doc:"comma-separated: postings, board:STATION, engagements, indicators, cases"`
	Last   uint64 `header:"Last-Event-ID"`
}

func (a *API) liveRoutes() {
	op := huma.Operation{
		Method: http.MethodGet, Path: Base + "/live", OperationID: "live", Tags: []string{"live 实时"},
		Summary: "变更通知（SSE）/ what changed, as it happens",
	}
	a.routes = append(a.routes, RouteInfo{http.MethodGet, op.Path, op.OperationID, "", true})
	sse.Register(a.huma, op, map[string]any{"change": LiveChange{}, "heartbeat": liveHeartbeat{}},
		func(ctx context.Context, in *liveQuery, send sse.Sender) {
			topics := strings.Split(in.Topics, ",")
			actor := actorOf(ctx)
			for _, t := range topics {
				if !mayHear(actor, t) || len(topics) > 8 {
					// The stream has begun, so the refusal is an empty stream.
					a.opts.Log.InfoContext(ctx, "live refused", "err", errTopic, "role", actor.Role)
					return
				}
			}
			a.stream(ctx, actor, in.Last, topics, send)
		})
}

func (a *API) stream(ctx context.Context, actor access.Actor, after uint64, topics []string, send sse.Sender) {
	messages, cancel := a.opts.Live.Subscribe(ctx, after, topics...)
	defer cancel()
	beat := time.NewTicker(20 * time.Second)
	defer beat.Stop()
	if send.Data(liveHeartbeat{a.opts.Now()}) != nil {
		return
	}
	for {
		var err error
		select {
		case <-ctx.Done():
			return
		case <-beat.C:
			a.Kiosks.Heard(ctx, actor)
			err = send.Data(liveHeartbeat{a.opts.Now()})
		case m, ok := <-messages:
			if !ok {
				return
			}
			err = send(sse.Message{ID: int(m.ID), Data: m.Data}) //nolint:gosec // ids count from 1 in this process
		}
		if err != nil {
			return
		}
	}
}
