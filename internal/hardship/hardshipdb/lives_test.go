package hardshipdb_test

import (
	"math/rand/v2"
	"testing"

	"linggong/internal/access"
	"linggong/internal/dbx"
	"linggong/internal/dbx/dbtest"
	"linggong/internal/errs"
	"linggong/internal/event"
	"linggong/internal/hardship"
	"linggong/internal/hardship/helpcase"
	"linggong/internal/hardship/recognition"
)

// life is one thing that may happen to one person on one day. Most refuse most
// of the time; what matters is that none leaves anyone lost.
type life func(w *world, r *rand.Rand, person string) error

var lives = []life{
	func(w *world, _ *rand.Rand, p string) error {
		_, err := w.svc.OpenCase(w.ctx, w.caseworker, p, "walk_in")
		return err
	},
	func(w *world, _ *rand.Rand, p string) error {
		_, err := w.svc.RecordVisit(w.ctx, w.caseworker, hardship.VisitInput{Person: p, Kind: "household", VisitText: hardship.VisitText{Summary: "看望"}})
		return err
	},
	onCase(func(w *world, r *rand.Rand, c helpcase.Case) error {
		in := hardship.AssessmentInput{Blocks: fourBlocks(), Evidence: "记录"}
		if r.IntN(3) == 0 {
			in.Willing = []*bool{yes(), no()}[r.IntN(2)]
		}
		_, err := w.svc.Assess(w.ctx, w.caseworker, c.ID, in)
		return err
	}),
	onCase(func(w *world, r *rand.Rand, c helpcase.Case) error {
		_, err := w.svc.ConfirmAssessment(w.ctx, w.town, c.ID, r.IntN(2) == 0)
		return err
	}),
	onCase(func(w *world, _ *rand.Rand, c helpcase.Case) error {
		_, err := w.svc.MakePlan(w.ctx, w.caseworker, c.ID, "上岗", []helpcase.Kind{helpcase.Guidance})
		return err
	}),
	onCase(func(w *world, r *rand.Rand, c helpcase.Case) error {
		in := hardship.MeasureInput{Kind: helpcase.Kinds[r.IntN(len(helpcase.Kinds))], PostName: "保洁", Detail: "x", Evidence: "y", StartsOn: w.today()}
		in.Answer = []helpcase.Answer{helpcase.Accepted, helpcase.Declined, helpcase.NoAnswer}[r.IntN(3)]
		in.Refusal = &helpcase.Refusal{Reason: "远", Suitable: true, Justified: r.IntN(3) == 0}
		_, err := w.svc.AddMeasure(w.ctx, w.caseworker, c.ID, in)
		return err
	}),
	func(w *world, _ *rand.Rand, p string) error {
		return w.svc.RecordMeasure(w.ctx, w.caseworker, p, "gig_placement", w.today(), event.Ref{Kind: "engagement", ID: dbx.NewID()})
	},
	onCase(func(w *world, _ *rand.Rand, c helpcase.Case) error {
		_, err := w.svc.FindWork(w.ctx, w.caseworker, c.ID, w.today(), "full_time", "合同")
		return err
	}),
	onCase(func(w *world, r *rand.Rand, c helpcase.Case) error {
		_, err := w.svc.FollowUp(w.ctx, w.caseworker, c.ID, hardship.FollowUpInput{
			Month: []int{1, 3, 6}[r.IntN(3)], On: w.today(), Employed: r.IntN(3) > 0, Evidence: "电话",
		})
		return err
	}),
	onCase(func(w *world, r *rand.Rand, c helpcase.Case) error {
		_, err := w.svc.CloseCase(w.ctx, w.caseworker, c.ID, helpcase.CloseReasons[r.IntN(len(helpcase.CloseReasons))], "证明")
		return err
	}),
	onCase(func(w *world, _ *rand.Rand, c helpcase.Case) error {
		_, err := w.svc.ReviewRefusals(w.ctx, w.town, c.ID, "continue", "继续帮扶")
		return err
	}),
	func(w *world, _ *rand.Rand, p string) error {
		cases, err := w.svc.Cases(w.ctx, w.bureau, "", hardship.CaseFilter{Person: p, Statuses: []helpcase.Status{helpcase.Closed}})
		if err != nil || len(cases) == 0 {
			return err
		}
		_, err = w.svc.ReopenCase(w.ctx, w.caseworker, cases[0].ID, "再次失业")
		return err
	},
	func(w *world, _ *rand.Rand, p string) error {
		_, err := w.svc.Apply(w.ctx, w.caseworker, hardship.RecognitionInput{
			Person: p, Categories: []recognition.Category{recognition.H1}, Facts: recognition.Facts{RegisteredOn: w.today().AddMonths(-8)},
		})
		return err
	},
}

func onCase(f func(*world, *rand.Rand, helpcase.Case) error) life {
	return func(w *world, r *rand.Rand, p string) error {
		c, err := w.store.OpenCase(w.ctx, p)
		if err != nil {
			return err
		}
		return f(w, r, c)
	}
}

// moved makes one of the moves some member of staff is offered.
func moved(w *world, r *rand.Rand, p string) error {
	list, err := w.svc.Recognitions(w.ctx, w.bureau, "", hardship.RecognitionFilter{Person: p, Limit: 1})
	if err != nil || len(list) == 0 {
		return err
	}
	by := []access.Actor{w.caseworker, w.town, w.town2, w.bureau, w.bureau2}[r.IntN(5)]
	next := list[0].Record.Next(by, w.today())
	if len(next) == 0 {
		return nil
	}
	ok := r.IntN(8) > 0
	in := recognition.Input{
		OK: &ok, Opinion: "意见", Reason: []string{"材料不全", "employed", "moved_out", "retired"}[r.IntN(4)], Evidence: "证明", Category: recognition.H1,
	}
	m := next[r.IntN(len(next))]
	if (m == recognition.Withdraw || m == recognition.Return || m == recognition.Object) && r.IntN(30) > 0 {
		return nil
	}
	_, err = w.svc.Move(w.ctx, by, list[0].ID, m, in)
	return err
}

func TestInRandomLivesNobodyIsEverLost(t *testing.T) {
	t.Parallel()
	people, days := 15, 300
	if testing.Short() {
		people, days = 8, 60
	}
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		w := newWorld(t, db)
		w.town2, w.bureau2 = w.hire(access.TownOfficer, "330481101"), w.hire(access.Bureau)
		r := rand.New(rand.NewPCG(7, 11))
		var all []string
		for range people {
			all = append(all, w.person(village))
		}
		done := 0
		for range days {
			w.pass(1 + r.IntN(3))
			for i := range 8 {
				happens := lives[r.IntN(len(lives))]
				if i%2 == 0 {
					happens = moved // the procedure is long
				}
				err := happens(w, r, all[r.IntN(people)])
				if err != nil && errs.KindOf(err) == errs.Internal {
					t.Fatal(err)
				}
				if err == nil {
					done++
				}
			}
			_, err := w.svc.CloseNotices(w.ctx)
			w.must(err)
		}
		w.verified()
		k := w.kinds()
		t.Logf("%d acts: %v", done, k)
		if !testing.Short() && (k[event.RecognitionGranted] == 0 || k[event.CaseClosed] == 0 || k[event.RecognitionEnded] == 0) {
			t.Errorf("too quiet a life: %v", k)
		}
		rate, err := w.store.HelpRate(w.ctx, "", "2026-01-01", "2026-12-31")
		w.must(err)
		left, err := w.store.Unhelped(w.ctx, "", "2026-01-01", "2026-12-31")
		w.must(err)
		who, err := w.store.Eligible(w.ctx, "", "2026-01-01", "2026-12-31")
		w.must(err)
		if int(rate.Denominator) != len(who) || int(rate.Denominator-rate.Numerator) != len(left) {
			t.Errorf("rate %+v, eligible %d, unhelped %d", rate, len(who), len(left))
		}
	})
}
