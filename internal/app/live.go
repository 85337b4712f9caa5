package app

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"linggong/internal/access"
	"linggong/internal/day"
	"linggong/internal/event"
	"linggong/internal/gig"
	"linggong/internal/httpapi"
	"linggong/internal/identity"
	"linggong/internal/tx"
)

// columnsTopic is between replicas: which posting to look at anew.
const columnsTopic = "columns"

// tellLive says, after the commit, what kind of thing changed. It may be lost:
// a screen asks again when it reconnects.
func (a *App) tellLive(ctx context.Context, e event.Event) error {
	topics := liveTopics(e)
	if len(topics) == 0 {
		return nil
	}
	for _, t := range topics { // of many changes in one transaction the first stands for all
		change := httpapi.LiveChange{Topic: t, Kind: string(e.Kind), ID: e.Subject.ID, At: a.Now()}
		tx.AfterCommitOnce(ctx, "live:"+t, func(ctx context.Context) {
			b, err := json.Marshal(change)
			if err != nil {
				return // strings and a time: cannot fail
			}
			if err := a.Cache.Publish(ctx, t, b); err != nil {
				a.Log.DebugContext(ctx, "live message", "topic", t, "err", err)
			}
		})
	}
	return nil
}

func liveTopics(e event.Event) []string {
	switch {
	case strings.HasPrefix(string(e.Kind), "gig.posting"):
		return []string{"postings", "indicators"}
	case strings.HasPrefix(string(e.Kind), "gig.engagement"), e.Kind == event.HoursConfirmed, e.Kind == event.HoursStated:
		return []string{"engagements", "postings", "indicators"}
	case strings.HasPrefix(string(e.Kind), "hardship."), strings.HasPrefix(string(e.Kind), "welfare."):
		return []string{"cases", "indicators"}
	case strings.HasPrefix(string(e.Kind), "indicator."):
		return []string{"indicators"}
	}
	return nil
}

// postingChanged tells the other replicas to look at a posting anew.
func (a *App) postingChanged(id string) {
	if err := a.Cache.Publish(context.Background(), columnsTopic, []byte(id)); err != nil {
		a.Log.Debug("tell replicas", "err", err)
	}
}

// warm makes the first search after a start as quick as the others.
func (a *App) warm(ctx context.Context) {
	if err := a.Postings.Warm(ctx); err != nil && ctx.Err() == nil {
		a.Log.WarnContext(ctx, "ask for the usual words beforehand", "err", err)
	}
}

// followReplicas refreshes the columns when another replica changed a posting.
// While replicas cannot hear each other each looks for itself, often.
func (a *App) followReplicas(ctx context.Context) {
	messages, cancel := a.Cache.Subscribe(ctx, 0, columnsTopic)
	defer cancel()
	look := time.NewTicker(a.lookEvery)
	defer look.Stop()
	rebuilt := a.Now()
	for {
		select {
		case m, open := <-messages:
			switch {
			case !open:
				return
			case m.Missed == 0:
				if err := a.Postings.Refresh(ctx, gig.PostingID(m.Data)); err != nil && ctx.Err() == nil {
					a.Log.ErrorContext(ctx, "refresh columns", "err", err)
				}
				continue
			}
		case <-look.C: // what a lost message would have said
			if !a.deaf() && a.Now().Sub(rebuilt) < rebuildEvery {
				continue
			}
		}
		rebuilt = a.Now()
		if err := a.Postings.Rebuild(ctx); err != nil && ctx.Err() == nil {
			a.Log.ErrorContext(ctx, "rebuild columns", "err", err)
		}
		if a.deaf() {
			a.lookAgain(ctx)
		}
	}
}

// deaf says that there may be other replicas and no way to hear them.
func (a *App) deaf() bool {
	return !a.Embedded() && (a.Config.RedisURL == "" || a.Cache.Health().Degraded)
}

// lookAgain tells the screens of this process to ask for what they show.
func (a *App) lookAgain(ctx context.Context) {
	for _, topic := range []string{"postings", "engagements", "cases", "indicators"} {
		b, err := json.Marshal(httpapi.LiveChange{Topic: topic, Kind: "look_again", At: a.Now()})
		if err != nil {
			continue // strings and a time: cannot fail
		}
		if err := a.Cache.Publish(ctx, topic, b); err != nil {
			a.Log.DebugContext(ctx, "live message", "topic", topic, "err", err)
		}
	}
}

// live is the cache's messages as the contract streams them.
type live struct{ app *App }

func (l live) Subscribe(ctx context.Context, after uint64, topics ...string) (<-chan httpapi.LiveMessage, func()) {
	for i, t := range topics {
		if strings.HasPrefix(t, "board:") { // a station's board follows the postings
			topics[i] = "postings"
		}
	}
	ctx, end := context.WithCancel(ctx)
	stop := context.AfterFunc(l.app.open, end) //nolint:contextcheck // a stream would never end by itself
	in, leave := l.app.Cache.Subscribe(ctx, after, topics...)
	cancel := func() { stop(); end(); leave() }
	out := make(chan httpapi.LiveMessage)
	go func() {
		defer close(out)
		for m := range in {
			msg := httpapi.LiveMessage{ID: m.ID, Topic: m.Topic}
			if json.Unmarshal(m.Data, &msg.Data) != nil {
				continue
			}
			select {
			case out <- msg:
			case <-ctx.Done():
				return
			}
		}
	}()
	return out, cancel
}

// gigHelps records a gig that was taken up as help for a hardship person, when
// she has an open case: the market and the desk meet here.
func (a *App) gigHelps(ctx context.Context, e event.Event) error {
	if e.Kind != event.EngagementCheckedIn || e.Person == "" {
		return nil
	}
	return a.Desk.RecordMeasure(ctx, e.Actor, e.Person, "gig_placement", e.On, e.Subject)
}

// openPostings tells the desk whether a referred posting really is open.
type openPostings struct{ gigs gig.Store }

func (o openPostings) Open(ctx context.Context, id string, _ day.Date) (bool, error) {
	p, err := o.gigs.Posting(ctx, gig.PostingID(id))
	if errors.Is(err, gig.ErrPostingNotFound) {
		return false, nil
	}
	return err == nil && p.Status == gig.PostingPublished, err
}

const (
	rollEvery    = 5 * time.Second
	rebuildEvery = 5 * time.Minute
	lookEvery    = 15 * time.Second
	auditEvery   = 10 * time.Minute
)

// handOver gives the cases of an account that left or changed its villages to
// who covers them now: no case is ever without an owner in service.
func (a *App) handOver(ctx context.Context, e event.Event) error {
	changed := strings.Fields(e.Tags["fields"])
	if e.Kind != identity.AccountChanged || !slices.Contains(changed, "active") && !slices.Contains(changed, "regions") && !slices.Contains(changed, "role") {
		return nil
	}
	_, err := a.Desk.HandOver(ctx, access.Internal("hand-over"), e.Subject.ID)
	return err
}
