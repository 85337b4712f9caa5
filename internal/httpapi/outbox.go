package httpapi

import (
	"context"
	"net/http"
	"time"

	"linggong/internal/access"
	"linggong/internal/notify"
)

// Outbox shows what would have been sent; it answers in the demo only.
type Outbox interface {
	Outbox(ctx context.Context, phone string, limit int) ([]notify.Message, error)
}

// OutboxMessage is a message as its reader would see it.
type OutboxMessage struct {
	To   string    `json:"to"`
	Text string    `json:"text"`
	At   time.Time `json:"at"`
}

func (a *API) outboxRoutes() {
	handle(a, route{method: http.MethodGet, path: "/demo/outbox", id: "list-demo-outbox", tag: "session 登录", summary: "演示：本应发出的短信", public: true}, a.demoOutbox)
}

func (a *API) demoOutbox(ctx context.Context, _ access.Actor, in *struct {
	Phone string `query:"phone" maxLength:"20"`
},
) (*body[list[OutboxMessage]], error) {
	if !a.opts.Demo {
		return nil, notify.ErrNotFound
	}
	all, err := a.Outbox.Outbox(ctx, in.Phone, 20)
	if err != nil {
		return nil, err
	}
	out := list[OutboxMessage]{Items: make([]OutboxMessage, len(all))}
	for i, m := range all {
		out.Items[i] = OutboxMessage{To: m.Phone, Text: m.Text, At: m.CreatedAt}
	}
	return &body[list[OutboxMessage]]{out}, nil
}
