// Package demo invents a city: people, employers, postings, help cases and
// welfare posts in 海宁's own trades and villages, from a seed. It makes them by
// the program's own use cases, each at its own moment of the past, so that every
// rule held, every fact was counted and every trace was left.
//
// Nobody in it exists. ID numbers and credit codes are computed to be formally
// valid; names, phones and firms are drawn from lists.
package demo

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"linggong/internal/access"
	"linggong/internal/app"
	"linggong/internal/day"
	"linggong/internal/dbx"
	"linggong/internal/gig"
	"linggong/internal/region"
)

// Password is that of every demo account of the staff.
const Password = "linggong-demo"

// Options say how large the city is.
type Options struct {
	People   int
	Seed     uint64
	Years    int
	Progress func(stage string, done, total int)
}

// Summary counts what was made.
type Summary struct {
	People, Employers, Postings, Engagements, Cases, WelfarePosts int
	Took                                                          time.Duration
}

// city is the demo under construction.
type city struct {
	*app.App
	clock *Clock
	rnd   *rand.Rand
	o     Options
	sum   Summary
	now   time.Time // the present, when the walk ends
	today day.Date

	staff     staff
	stations  []gig.Station
	bosses    []boss
	workers   []worker
	villages  []region.Region
	placeable []helped
	ids       map[string]bool // of people, given out
}

// Loaded says a store has a city already.
func Loaded(ctx context.Context, a *app.App) (bool, error) {
	st, err := a.Gig.Stations(ctx)
	return len(st) > 0, err
}

// Load makes the city in an empty store.
func Load(ctx context.Context, a *app.App, clock *Clock, o Options) (Summary, error) {
	if o.Progress == nil {
		o.Progress = func(string, int, int) {}
	}
	start := dbx.Now()
	c := &city{App: a, clock: clock, rnd: rand.New(rand.NewPCG(o.Seed, 20260101)), o: o, now: start, today: day.Of(start)}
	c.villages = region.HainingTree().Villages(region.Haining)
	for _, step := range []func(context.Context) error{
		c.makeStaff, c.makeEmployers, c.makePeople, c.makePast, c.makeWages, c.makePresent, c.makeCounter, c.makeHelp, c.makeWelfare, c.makeReports,
	} {
		if err := step(ctx); err != nil {
			return c.sum, fmt.Errorf("load the demo city: %w", err)
		}
	}
	clock.Real()
	for {
		n, err := a.Rollups.Fold(ctx)
		if err != nil {
			return c.sum, err
		}
		if n == 0 {
			break
		}
	}
	if err := a.Postings.Rebuild(ctx); err != nil {
		return c.sum, err
	}
	c.sum.Took = dbx.Now().Sub(start)
	return c.sum, nil
}

var system = access.Internal("demo")

// pick draws one of a list.
func pick[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }

// scaled is a number of the full city, scaled to the people asked for.
func (c *city) scaled(full int) int { return max(1, full*c.o.People/3000) }

// at sets the clock to an hour of a day.
func (c *city) at(d day.Date, hour, minute int) {
	c.clock.Set(d.Start().Add(time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute))
}
