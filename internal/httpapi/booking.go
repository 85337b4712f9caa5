package httpapi

import (
	"context"
	"errors"
	"hash/fnv"
	"sync"
	"time"

	"linggong/internal/access"
	"linggong/internal/errs"
	"linggong/internal/gig"
	"linggong/internal/idempotency"
	"linggong/internal/lane"
)

// bookTogether is how many applications one transaction takes at most: what a
// popular shift gets within a moment, in a statement of bounded size.
const bookTogether = 64

// bookWithin is how long a turn may take, with all that the database may make
// it wait: three times its lock time-out.
const bookWithin = 15 * time.Second

// booking is one application on its way: who asks what, and its key.
type booking struct {
	ask gig.Ask
	key idempotency.Request
}

// booked is its answer; out is nil where the kept one is given again.
type booked struct {
	out  *body[Engagement]
	kept []byte
}

// openLanes makes the lanes in which applications for the same shift meet. The
// database still decides: there may be other replicas with lanes of their own.
func (a *API) openLanes() {
	a.lanes = make([]*lane.Lane[booking, booked], max(a.opts.Lanes, 1))
	for i := range a.lanes {
		a.lanes[i] = lane.New(bookTogether, bookWithin, a.bookMany)
	}
}

// book applies in the lane of the shift.
func (a *API) book(ctx context.Context, actor access.Actor, in *applyInput, worker gig.WorkerID) (*body[Engagement], error) {
	b := booking{ask: gig.Ask{Actor: actor, Shift: gig.ShiftID(in.ShiftID), Worker: worker}}
	info := requestOf(ctx)
	if info.idempotencyKey != "" && info.who != "" {
		asked, err := keyed(info, in)
		if err != nil {
			return nil, err
		}
		b.key = idempotency.Request{Actor: info.who, Key: info.idempotencyKey, Hash: a.opts.Idempotency.Hash(applyRoute.id, asked)}
	}
	h := fnv.New32a()
	_, _ = h.Write([]byte(in.ShiftID)) // it never fails
	got, err := a.lanes[int(h.Sum32())%len(a.lanes)].Do(ctx, b)
	if err != nil || got.out != nil {
		return got.out, err
	}
	return readKept[body[Engagement]](got.kept)
}

// bookMany is one turn of a lane: all of them in one transaction, and those it
// could not take, or all when it failed, each in one of its own.
func (a *API) bookMany(ctx context.Context, asks []booking) []lane.Answer[booked] {
	out := make([]lane.Answer[booked], len(asks))
	keys := make([]idempotency.Request, len(asks))
	for i, b := range asks {
		keys[i] = b.key
	}
	answers, err := a.opts.Idempotency.Many(ctx, keys, func(ctx context.Context, todo []int) ([]idempotency.Answer, error) {
		some := make([]gig.Ask, len(todo))
		for k, i := range todo {
			some[k] = asks[i].ask
		}
		got, err := a.Engagements.ApplyMany(ctx, some)
		if err != nil {
			return nil, err
		}
		done := make([]idempotency.Answer, len(todo))
		for k, i := range todo {
			if done[k].Err = got[k].Err; done[k].Err != nil {
				continue
			}
			out[i].Value.out = &body[Engagement]{a.newEngagement(got[k].View)}
			if done[k].Body, err = writeKept(out[i].Value.out); err != nil {
				return nil, err
			}
		}
		return done, nil
	})
	if errs.KindOf(err) == errs.Unavailable { // the database is away or held up: it need not be asked once for each
		for i := range out {
			out[i] = lane.Answer[booked]{Err: err}
		}
		return out
	}
	if err != nil && len(asks) > 1 {
		a.opts.Log.DebugContext(ctx, "a turn of applications is done one by one", "asks", len(asks), "err", err)
	}
	var wg sync.WaitGroup
	room := make(chan struct{}, 4)
	for i, b := range asks {
		if err == nil && !errors.Is(answers[i].Err, gig.ErrAskAlone) && !errors.Is(answers[i].Err, idempotency.ErrRaced) {
			out[i].Value.kept, out[i].Err = answers[i].Body, answers[i].Err
			continue
		}
		wg.Go(func() {
			room <- struct{}{}
			defer func() { <-room }()
			out[i].Value, out[i].Err = a.bookOne(ctx, b)
		})
	}
	wg.Wait()
	return out
}

// bookOne is the plain way: one application, one transaction.
func (a *API) bookOne(ctx context.Context, b booking) (booked, error) {
	var got booked
	act := func(ctx context.Context) ([]byte, error) {
		worker, err := b.ask.Worker, error(nil)
		if worker == "" {
			if worker, err = a.Engagements.OwnWorkerID(ctx, b.ask.Actor); err != nil {
				return nil, err
			}
		}
		e, err := a.Engagements.Apply(ctx, b.ask.Actor, b.ask.Shift, worker)
		if got.out, err = a.engagement(ctx, b.ask.Actor, e, err); err != nil {
			return nil, err
		}
		return writeKept(got.out)
	}
	var err error
	if b.key.Key == "" {
		_, err = act(ctx)
	} else {
		var repeated bool
		if got.kept, repeated, err = a.opts.Idempotency.Once(ctx, b.key.Actor, b.key.Key, b.key.Hash, act); repeated {
			got.out = nil
		}
	}
	if err != nil {
		return booked{}, err
	}
	return got, nil
}
