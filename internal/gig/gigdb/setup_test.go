package gigdb_test

import (
	"context"
	"testing"
	"time"

	"linggong/internal/access"
	"linggong/internal/dbx"
	"linggong/internal/gig"
	"linggong/internal/gig/gigdb"
	"linggong/internal/gig/gigtest"
	"linggong/internal/rules"
)

// market is one market on one empty database.
type market struct {
	*gig.Service
	db     *dbx.DB
	store  *gigdb.Store
	events *gigtest.Events
	people *gigtest.People
	accts  *gigtest.Accounts
	now    time.Time
}

func newMarket(t *testing.T, db *dbx.DB) *market {
	t.Helper()
	m := &market{
		db: db, store: gigdb.NewStore(db, gigtest.Sealer{}), events: &gigtest.Events{},
		people: &gigtest.People{NewID: dbx.NewID}, accts: &gigtest.Accounts{}, now: gigtest.Now,
	}
	m.Service = gig.NewService(gig.Deps{
		Store: m.store, Tx: db, Events: m.events, People: m.people, Accounts: m.accts,
		Regions: gigtest.Regions(), Rules: rules.Default, NewID: dbx.NewID,
		Now: func() time.Time { return m.now },
	})
	return m
}

// employer registers a verified mill and returns it with an account for it.
func (m *market) employer(t *testing.T, code string) (gig.Employer, access.Actor) {
	t.Helper()
	e, err := m.RegisterEmployer(t.Context(), gigtest.System, gig.EmployerForm{
		Kind: gig.Organisation, Name: "海宁经编厂", Village: gigtest.Village,
		Contact: gig.Contact{CreditCode: code, Name: "沈建国", Phone: "13800000001", Address: "许巷路1号"},
	})
	if err != nil {
		t.Fatal(err)
	}
	if e, err = m.VerifyEmployer(t.Context(), gigtest.Bureau, e.ID, true, "看了营业执照和委托书"); err != nil {
		t.Fatal(err)
	}
	return e, access.Actor{Role: access.Employer, Account: dbx.NewID(), Employer: string(e.ID)}
}

// published is a posting of the employer, published.
func (m *market) published(t *testing.T, actor access.Actor, change func(*gig.Terms)) gig.Posting {
	t.Helper()
	terms := gigtest.Terms()
	if change != nil {
		change(&terms)
	}
	p, err := m.CreatePosting(t.Context(), actor, gig.Draft{Terms: terms})
	if err != nil {
		t.Fatal(err)
	}
	if p, err = m.PublishPosting(t.Context(), actor, p.ID, 0); err != nil {
		t.Fatal(err)
	}
	return p
}

// fill marks places of a shift taken, as confirmed engagements do.
func (m *market) fill(t *testing.T, id gig.ShiftID, n int) {
	t.Helper()
	err := m.db.InTx(t.Context(), func(ctx context.Context) error {
		return m.db.From(ctx).Exec("UPDATE gig_shifts SET filled = ? WHERE id = ?", n, string(id)).Error
	})
	if err != nil {
		t.Fatal(err)
	}
}

// read1 returns the oldest posting of the employer.
func read1(t *testing.T, m *market, actor access.Actor) gig.PostingID {
	t.Helper()
	page, err := m.store.Postings(t.Context(), gig.Scope{Employer: gig.EmployerID(actor.Employer)}, gig.PostingFilter{})
	if err != nil || len(page.Items) == 0 {
		t.Fatal(err)
	}
	return page.Items[len(page.Items)-1].ID
}
