package gigdb_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"linggong/internal/access"
	"linggong/internal/day"
	"linggong/internal/dbx"
	"linggong/internal/dbx/dbtest"
	"linggong/internal/errs"
	"linggong/internal/event"
	"linggong/internal/gig"
	"linggong/internal/gig/gigtest"
)

const code1 = "91330481MA28A0000L"

func TestAPostingComesBackAsItWasWritten(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		m := newMarket(t, db)
		_, boss := m.employer(t, code1)
		p := m.published(t, boss, func(x *gig.Terms) {
			x.Meals, x.Lodging, x.NoExperience, x.SuitedOlder, x.SuitedDisabled, x.Urgent = true, true, true, true, true, true
			x.Transport, x.Tools, x.Bring, x.ProjectNo, x.Certificates, x.Pay.Note, x.Pay.PiecesPerHour = "班车", "手套", "身份证", "P1", []string{"health"}, "满勤奖", 7
			x.Shifts = append(x.Shifts, gig.NewShift("2026-11-25", 22*60, 2*60, 30, 3))
			x.Place = gig.PointOf(30.4, 120.3)
		})
		read, err := m.store.Posting(t.Context(), p.ID)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(p, read, cmpopts.EquateEmpty()); diff != "" {
			t.Fatal(diff)
		}
		if read.Town() != gigtest.Xucun || read.Headcount() != 5 || read.OpenPlaces(m.now) != 5 || !slices.Contains(read.Flags, gig.FlagNight) {
			t.Fatalf("%+v", read)
		}
		of, err := m.store.PostingOfShift(t.Context(), p.Shifts[1].ID)
		if err != nil || of.ID != p.ID {
			t.Fatalf("%v", err)
		}
		if byCode, err := m.store.PostingByCode(t.Context(), p.Code); err != nil || byCode.ID != p.ID || len(p.Code) != 6 {
			t.Fatalf("%v", err)
		}
		moves, err := m.store.PostingHistory(t.Context(), p.ID)
		if err != nil {
			t.Fatal(err)
		}
		var path []gig.PostingStatus
		for _, mv := range moves {
			path = append(path, mv.To)
		}
		if diff := cmp.Diff([]gig.PostingStatus{gig.PostingDraft, gig.PostingPublished}, path); diff != "" {
			t.Fatal(diff)
		}
		last := m.events.Last()
		if last.Kind != event.PostingPublished || last.Nums["places"] != 5 || last.Tags["trade"] != "loader" || last.Tags["town"] != gigtest.Xucun || last.Region != gigtest.Village {
			t.Fatalf("%+v", last)
		}
	})
}

func TestAHouseholdsAddressIsSealed(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		m := newMarket(t, db)
		e, err := m.RegisterEmployer(t.Context(), gigtest.System, gig.EmployerForm{Kind: gig.Household, Village: gigtest.Market, Contact: gig.Contact{Name: "陈芳", Phone: "13800000003"}})
		if err != nil {
			t.Fatal(err)
		}
		terms := gigtest.Terms()
		terms.Address, terms.Form, terms.Trade, terms.Flags = "某小区3幢501", "", "cleaner", nil
		p, err := m.CreatePosting(t.Context(), gigtest.System, gig.Draft{EmployerID: e.ID, Terms: terms})
		if err != nil {
			t.Fatal(err)
		}
		var plain string
		if err := db.From(t.Context()).Raw("SELECT address FROM gig_postings WHERE id = ?", string(p.ID)).Scan(&plain).Error; err != nil || plain != "" {
			t.Fatalf("the address stands in the clear: %q %v", plain, err)
		}
		read, err := m.store.Posting(t.Context(), p.ID)
		if err != nil || read.Address != "某小区3幢501" || !read.ForHousehold || read.Form != gig.ServiceWork {
			t.Fatalf("%+v %v", read, err)
		}
		if _, err := m.PublishPosting(t.Context(), gigtest.System, p.ID, 0); !errors.Is(err, gig.ErrEmployerUnverified) {
			t.Fatalf("an unverified employer published: %v", err)
		}
	})
}

func TestABlockedPostingSaysWhichRulesAndWhatWouldBeLawful(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		m := newMarket(t, db)
		_, boss := m.employer(t, code1)
		terms := gigtest.Terms()
		terms.Pay.AmountFen, terms.Pay.SettlementDays = 2000, 20
		p, err := m.CreatePosting(t.Context(), boss, gig.Draft{Terms: terms})
		if err != nil {
			t.Fatal(err)
		}
		_, err = m.PublishPosting(t.Context(), boss, p.ID, p.Version)
		e, _ := errors.AsType[*errs.Error](err)
		if !errors.Is(err, gig.ErrPostingBlocked) || e.Rule != "R-PT-05" || e.Source == "" || e.Remedy != "提高到每小时23元以上" || len(e.Fields) != 2 {
			t.Fatalf("%+v", e)
		}
		terms.Pay.AmountFen, terms.Pay.SettlementDays = 2300, 15
		if p, err = m.ChangePosting(t.Context(), boss, p.ID, terms, p.Version); err != nil {
			t.Fatal(err)
		}
		if p, err = m.PublishPosting(t.Context(), boss, p.ID, p.Version); err != nil || p.Status != gig.PostingPublished {
			t.Fatalf("%s %v", p.Status, err)
		}
		if _, err := m.PublishPosting(t.Context(), boss, p.ID, 0); !errors.Is(err, gig.ErrPostingState) {
			t.Fatalf("published twice: %v", err)
		}
	})
}

func TestNobodyReviewsWhatSheSubmitted(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		m := newMarket(t, db)
		e, _ := m.employer(t, code1)
		terms := gigtest.Terms()
		terms.Insurance = "none" // heavy work without insurance is held
		p, err := m.CreatePosting(t.Context(), gigtest.Town, gig.Draft{EmployerID: e.ID, Terms: terms})
		if err != nil {
			t.Fatal(err)
		}
		if p, err = m.PublishPosting(t.Context(), gigtest.Town, p.ID, 0); err != nil || p.Status != gig.PostingInReview || m.events.Last().Kind != event.PostingChanged {
			t.Fatalf("%s %v", p.Status, err)
		}
		if _, err := m.ReviewPosting(t.Context(), gigtest.Town, p.ID, gig.DecidePublish, ""); !errors.Is(err, gig.ErrSelfReview) {
			t.Fatalf("got %v", err)
		}
		if _, err := m.ReviewPosting(t.Context(), gigtest.Bureau, p.ID, gig.DecideReturn, ""); !errors.Is(err, gig.ErrReasonMissing) {
			t.Fatalf("got %v", err)
		}
		if p, err = m.ReviewPosting(t.Context(), gigtest.Bureau, p.ID, gig.DecideReturn, "补保险"); err != nil || p.Status != gig.PostingReturned {
			t.Fatalf("%s %v", p.Status, err)
		}
		if p, err = m.PublishPosting(t.Context(), gigtest.Town, p.ID, 0); err != nil || p.Status != gig.PostingInReview {
			t.Fatalf("%s %v", p.Status, err)
		}
		if p, err = m.ReviewPosting(t.Context(), gigtest.Bureau, p.ID, gig.DecidePublish, "已电话核实"); err != nil || p.Status != gig.PostingPublished || p.PublishedAt.IsZero() {
			t.Fatalf("%s %v", p.Status, err)
		}
	})
}

func TestAMaterialEditGoesBackToReviewAndAnUnlawfulOneIsRefused(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		m := newMarket(t, db)
		_, boss := m.employer(t, code1)
		p := m.published(t, boss, nil)
		same := p.Terms
		same.Description += "，有人带"
		p, err := m.ChangePosting(t.Context(), boss, p.ID, same, p.Version)
		if err != nil || p.Status != gig.PostingPublished {
			t.Fatalf("%s %v", p.Status, err)
		}
		less := p.Terms
		less.Pay.AmountFen = 2299
		if _, err := m.ChangePosting(t.Context(), boss, p.ID, less, p.Version); !errors.Is(err, gig.ErrPostingBlocked) {
			t.Fatalf("got %v", err)
		}
		if kept, _ := m.store.Posting(t.Context(), p.ID); kept.Pay.AmountFen != 3000 || kept.Version != p.Version {
			t.Fatal("a refused edit left something behind")
		}
		more := p.Terms
		more.Shifts = slices.Clone(p.Shifts)
		more.Shifts[0].Headcount = 5
		if p, err = m.ChangePosting(t.Context(), boss, p.ID, more, p.Version); err != nil || p.Status != gig.PostingInReview || p.Shifts[0].Headcount != 5 {
			t.Fatalf("%s %v", p.Status, err)
		}
		if _, err := m.ChangePosting(t.Context(), boss, p.ID, more, p.Version-1); !errors.Is(err, gig.ErrPostingStale) {
			t.Fatalf("got %v", err)
		}
	})
}

func TestAShiftPeopleConfirmedIsNotTakenFromThem(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		m := newMarket(t, db)
		_, boss := m.employer(t, code1)
		p := m.published(t, boss, func(x *gig.Terms) { x.Shifts = append(x.Shifts, gig.NewShift("2026-11-25", 480, 720, 0, 1)) })
		m.fill(t, p.Shifts[0].ID, 2)
		for name, change := range map[string]func(*gig.Terms){
			"removed": func(x *gig.Terms) { x.Shifts = x.Shifts[1:] },
			"moved":   func(x *gig.Terms) { x.Shifts[0].StartsAt = x.Shifts[0].StartsAt.Add(-time.Hour) },
			"cut":     func(x *gig.Terms) { x.Shifts[0].Headcount = 1 },
		} {
			terms := p.Terms
			terms.Shifts = slices.Clone(p.Shifts)
			change(&terms)
			if _, err := m.ChangePosting(t.Context(), boss, p.ID, terms, 0); !errors.Is(err, gig.ErrShiftTaken) {
				t.Errorf("%s: %v", name, err)
			}
		}
		terms := p.Terms
		terms.Shifts = p.Shifts[:1]
		p, err := m.ChangePosting(t.Context(), boss, p.ID, terms, 0)
		if err != nil || len(p.Shifts) != 1 || p.Shifts[0].Filled != 2 {
			t.Fatalf("an empty shift could not go: %+v %v", p.Shifts, err)
		}
		if err := db.InTx(t.Context(), func(ctx context.Context) error { return m.store.MarkFilled(ctx, p.ID) }); err != nil {
			t.Fatal(err)
		}
		if read, _ := m.store.Posting(t.Context(), p.ID); read.Status != gig.PostingFilled {
			t.Fatalf("%s", read.Status)
		}
	})
}

func TestTheDatabaseItselfRefusesOneTooMany(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		m := newMarket(t, db)
		_, boss := m.employer(t, code1)
		p := m.published(t, boss, nil)
		var wg sync.WaitGroup
		results := make([]error, 8)
		for i := range results {
			wg.Go(func() {
				results[i] = db.InTx(t.Context(), func(ctx context.Context) error {
					return dbx.Classify(db.From(ctx).Exec("UPDATE gig_shifts SET filled = filled + 1 WHERE id = ?", string(p.Shifts[0].ID)).Error)
				})
			})
		}
		wg.Wait()
		ok := 0
		for _, err := range results {
			switch {
			case err == nil:
				ok++
			case !errors.Is(err, dbx.ErrCheck):
				t.Errorf("got %v", err)
			}
		}
		if ok != 2 {
			t.Fatalf("%d filled two places", ok)
		}
	})
}

func TestLastWeeksPostingIsCopiedToANewDay(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		m := newMarket(t, db)
		_, boss := m.employer(t, code1)
		p := m.published(t, boss, func(x *gig.Terms) {
			x.Form = gig.ShortFullTime
			x.Shifts = []gig.Shift{gig.NewShift("2026-11-24", 22*60, 6*60, 0, 2), gig.NewShift("2026-11-25", 22*60, 6*60, 0, 2)}
		})
		m.fill(t, p.Shifts[0].ID, 1)
		m.now = m.now.AddDate(0, 0, 7)
		c, err := m.CopyPosting(t.Context(), boss, p.ID, "2026-12-01")
		if err != nil {
			t.Fatal(err)
		}
		if c.Status != gig.PostingDraft || c.Code == p.Code || c.Shifts[0].Date != "2026-12-01" || c.Shifts[1].Date != "2026-12-02" || c.Shifts[0].Filled != 0 ||
			c.Shifts[0].ID == p.Shifts[0].ID || c.ValidUntil.Before(m.now) {
			t.Fatalf("%+v", c)
		}
		if c, err = m.PublishPosting(t.Context(), boss, c.ID, 0); err != nil || c.Status != gig.PostingPublished {
			t.Fatalf("%s %v", c.Status, err)
		}
	})
}

func TestAPostingExpiresOnceAndFreesItsCode(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		m := newMarket(t, db)
		_, boss := m.employer(t, code1)
		p := m.published(t, boss, nil)
		late := m.published(t, boss, func(x *gig.Terms) {
			x.Shifts, x.ValidUntil = []gig.Shift{gig.NewShift("2026-12-01", 480, 720, 0, 1)}, day.Date("2026-12-01").Start()
		})
		if n, err := m.ExpireDue(t.Context(), m.now); err != nil || n != 0 {
			t.Fatalf("%d %v", n, err)
		}
		m.now = m.now.AddDate(0, 0, 3)
		for _, want := range []int{1, 0} {
			if n, err := m.ExpireDue(t.Context(), m.now); err != nil || n != want {
				t.Fatalf("%d %v", n, err)
			}
		}
		if read, _ := m.store.Posting(t.Context(), p.ID); read.Status != gig.PostingExpired {
			t.Fatalf("%s", read.Status)
		}
		if read, _ := m.store.Posting(t.Context(), late.ID); read.Status != gig.PostingPublished {
			t.Fatalf("%s", read.Status)
		}
		if free, err := m.store.PostingCodeFree(t.Context(), p.Code); err != nil || !free {
			t.Fatalf("%v %v", free, err)
		}
		if err := db.InTx(t.Context(), func(ctx context.Context) error {
			p.ID, p.Status, p.Code, p.Shifts = gig.PostingID(dbx.NewID()), gig.PostingDraft, late.Code, nil
			return m.store.CreatePosting(ctx, p)
		}); !errors.Is(err, gig.ErrPostingCode) {
			t.Fatalf("two open postings with one code: %v", err)
		}
		if _, err := m.ChangePosting(t.Context(), boss, read1(t, m, boss), gigtest.Terms(), 0); !errors.Is(err, gig.ErrPostingState) {
			t.Fatalf("an ended posting was edited: %v", err)
		}
	})
}

func TestAnEmployerTouchesOnlyItsOwnAndAStationOnlyItsRegion(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		m := newMarket(t, db)
		_, boss := m.employer(t, code1)
		p := m.published(t, boss, nil)
		other := access.Actor{Role: access.Employer, Account: dbx.NewID(), Employer: dbx.NewID()}
		elsewhere := access.Actor{Role: access.TownOfficer, Account: dbx.NewID(), Regions: []string{"330481002"}}
		for _, a := range []access.Actor{other, elsewhere} {
			if _, err := m.ClosePosting(t.Context(), a, p.ID, "x"); errs.KindOf(err) != errs.NotFound {
				t.Errorf("%s: %v", a.Role, err)
			}
		}
		if _, err := m.TakeDownPosting(t.Context(), boss, p.ID, "x"); errs.KindOf(err) != errs.Forbidden {
			t.Errorf("got %v", err)
		}
		// An employer that names another as the poster posts for itself.
		mine, err := m.CreatePosting(t.Context(), boss, gig.Draft{EmployerID: gig.EmployerID(other.Employer), Terms: gigtest.Terms()})
		if err != nil || string(mine.EmployerID) != boss.Employer {
			t.Fatalf("%s %v", mine.EmployerID, err)
		}
		moved := mine.Terms
		moved.Village = gigtest.Market // out of the town officer's reach
		if _, err := m.ChangePosting(t.Context(), gigtest.Town, mine.ID, moved, 0); errs.KindOf(err) != errs.NotFound {
			t.Errorf("a posting was moved out of scope: %v", err)
		}
		if p, err = m.TakeDownPosting(t.Context(), gigtest.Town, p.ID, "投诉属实"); err != nil || p.Status != gig.PostingTakenDown {
			t.Fatalf("%s %v", p.Status, err)
		}
		if ev := m.events.Last(); ev.Kind != event.PostingTakenDown || ev.Reason != "投诉属实" {
			t.Fatalf("%+v", ev)
		}
	})
}
