package gigdb_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"linggong/internal/access"
	"linggong/internal/dbx"
	"linggong/internal/dbx/dbtest"
	"linggong/internal/gig"
	"linggong/internal/gig/gigtest"
)

// What the ranking knows: who waits, and how the employer answered those who
// applied. An invitation a worker let lapse is not held against him, nor is an
// application that was withdrawn.
func TestThePulseCountsWhoWaitsAndWhatWasAnswered(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		g := newEngaging(t, db)
		e, boss := g.employer(t, creditCode)
		p := g.published(t, boss, oneShift(9, false))
		apply := func(n int) (gig.Engagement, access.Actor) {
			w, actor := g.worker(t, n)
			x, err := g.e.Apply(t.Context(), actor, p.Shifts[0].ID, w.ID)
			if err != nil || x.Status != gig.Applied {
				t.Fatalf("%s, %v", x.Status, err)
			}
			return x, actor
		}
		accepted, _ := apply(1)
		g.do(t, boss, accepted.ID, gig.ActAccept, gig.Details{})
		lapsed, _ := apply(2)
		g.do(t, access.Internal("lapse"), lapsed.ID, gig.ActLapse, gig.Details{Reason: "超过答复时间"})
		withdrawn, she := apply(3)
		g.do(t, she, withdrawn.ID, gig.ActWithdraw, gig.Details{})
		apply(4)
		w, _ := g.worker(t, 5)
		invited, err := g.e.Invite(t.Context(), boss, p.Shifts[0].ID, w.ID)
		if err != nil {
			t.Fatal(err)
		}
		g.do(t, access.Internal("lapse"), invited.ID, gig.ActLapse, gig.Details{Reason: "超过答复时间"})

		for name, c := range map[string]struct {
			of   []gig.PostingID
			want map[gig.PostingID]int
		}{
			"all":         {nil, map[gig.PostingID]int{p.ID: 1}},
			"of this one": {[]gig.PostingID{p.ID}, map[gig.PostingID]int{p.ID: 1}},
			"of none":     {[]gig.PostingID{}, map[gig.PostingID]int{}},
		} {
			got, err := g.store.Applicants(t.Context(), c.of)
			if diff := cmp.Diff(c.want, got); diff != "" || err != nil {
				t.Errorf("%s: %v %s", name, err, diff)
			}
		}
		for since, want := range map[time.Duration]map[gig.EmployerID]int{
			-time.Hour: {e.ID: gig.AnswerRate(1, 2)},
			time.Hour:  {},
		} {
			got, err := g.store.Answers(t.Context(), gigtest.Now.Add(since))
			if diff := cmp.Diff(want, got); diff != "" || err != nil {
				t.Errorf("since %s: %v %s", since, err, diff)
			}
		}
	})
}
