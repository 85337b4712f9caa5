// Package app puts the program together: the one place where everybody is
// known. Open builds it, Serve runs it, Close ends it.
package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"time"

	"linggong/internal/audit/auditdb"
	"linggong/internal/bus"
	"linggong/internal/cache"
	"linggong/internal/cache/cachedb"
	"linggong/internal/cache/rediscache"
	"linggong/internal/config"
	"linggong/internal/day"
	"linggong/internal/dbx"
	"linggong/internal/files"
	"linggong/internal/gig"
	"linggong/internal/gig/gigdb"
	"linggong/internal/gig/matchrun"
	"linggong/internal/hardship"
	"linggong/internal/hardship/hardshipdb"
	"linggong/internal/idempotency"
	"linggong/internal/identity"
	"linggong/internal/identity/identitydb"
	"linggong/internal/indicator"
	"linggong/internal/indicator/indicatordb"
	"linggong/internal/job"
	"linggong/internal/labour"
	"linggong/internal/labour/labourdb"
	"linggong/internal/migrate"
	"linggong/internal/notify"
	"linggong/internal/notify/notifydb"
	"linggong/internal/parameter"
	"linggong/internal/parameter/parameterdb"
	"linggong/internal/person"
	"linggong/internal/person/persondb"
	"linggong/internal/projection"
	"linggong/internal/region"
	"linggong/internal/seal"
	"linggong/internal/search/follow"
	"linggong/internal/search/meiliindex"
	"linggong/internal/search/sqlindex"
	"linggong/internal/welfare"
	"linggong/internal/welfare/welfaredb"
)

// Version is the release; the build sets it.
var Version = "dev"

// Options is what is not configuration. The zero value serves.
type Options struct {
	Now  func() time.Time // dbx.Now when nil; the demo walks through the past
	Log  *slog.Logger
	Demo bool // demo accounts, and an outbox anyone may read
	// LookEvery is how often a replica that cannot hear the others looks for
	// itself; 0 means 15 s.
	LookEvery time.Duration
}

// App is the program, put together.
type App struct {
	Config config.Config
	Demo   bool
	Log    *slog.Logger
	Now    func() time.Time

	DB      *dbx.DB
	Keys    *seal.Keyring
	Cache   *cache.Cache
	Kept    *cachedb.Store // values while there is no Redis
	Files   files.Store
	Regions *region.Tree
	Trace   *auditdb.Store
	Events  *bus.Bus
	Queue   *job.Queue
	Workers *job.Workers

	Identity    *identity.Service
	Persons     *person.Service
	Notices     *notify.Service
	Parameters  *parameter.Service
	Gig         *gig.Service
	Engagements *gig.EngagementService
	Matches     *matchrun.Service
	Desk        *hardship.Service
	Welfare     *welfare.Service
	Labour      *labour.Service
	Indicators  *indicator.Service
	Reports     *indicator.ReportService

	GigStore     *gigdb.Store
	DeskStore    *hardshipdb.Store
	PersonStore  *persondb.Store
	AccountStore *identitydb.Store
	NoticeStore  *notifydb.Store
	Rollups      *indicatordb.Store
	Idempotency  *idempotency.Store
	Postings     *projection.Postings
	WorkerWords  *projection.Workers
	Follow       *follow.Follower
	Text         follow.Index // the database's own full text of postings
	pruneText    func(context.Context) error
	Engine       follow.Index // the same in Meilisearch, or nil
	WorkerText   follow.Index // of workers
	WorkerEngine follow.Index

	open    context.Context //nolint:containedctx // ends when the program stops letting anybody in
	closing context.CancelFunc

	lookEvery time.Duration
}

// Open connects, brings the schema up to date and puts the rooms together.
func Open(ctx context.Context, cfg config.Config, o Options) (*App, error) {
	if o.Now == nil {
		o.Now = dbx.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	a := &App{Config: cfg, Demo: o.Demo, Log: o.Log, Now: o.Now, lookEvery: cmp.Or(o.LookEvery, lookEvery), Regions: region.HainingTree()}
	a.open, a.closing = context.WithCancel(context.WithoutCancel(ctx))
	if err := a.openStores(ctx); err != nil {
		return nil, errors.Join(err, a.Close())
	}
	a.wire()
	if err := a.Parameters.Load(ctx); err != nil {
		return nil, errors.Join(err, a.Close())
	}
	if err := a.Postings.Rebuild(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("build the columns of open postings: %w", err), a.Close())
	}
	a.jobs()
	return a, nil
}

// openStores opens what lies outside the process: database, keys, cache, files, engine.
func (a *App) openStores(ctx context.Context) error {
	var err error
	if a.Keys, err = seal.Open(a.Config.Keys(), true); err != nil {
		return err
	}
	if a.DB, err = dbx.Open(ctx, a.Config.Database(), dbx.Options{MaxConns: a.Config.MaxConns, Log: a.Log}); err != nil {
		return err
	}
	if _, err := migrate.Up(ctx, a.DB); err != nil {
		return err
	}
	a.AccountStore = identitydb.NewStore(a.DB, a.Keys, a.Now)
	if err := a.AccountStore.CheckKeys(ctx, a.Keys.Marks()); err != nil {
		return err
	}
	// Values outlive a restart and are shared by replicas even without Redis.
	local := cache.NewLocal(a.Now)
	a.Kept = cachedb.New(a.DB, a.Now)
	a.Cache = cache.New(a.Kept, local, local, local.Health, local.Close)
	if a.Config.RedisURL != "" {
		remote, err := rediscache.Open(ctx, string(a.Config.RedisURL), a.Now)
		if err != nil {
			return err
		}
		a.Cache = rediscache.WithFallback(remote, a.Cache)
	}
	if a.Files, err = files.Open("file://"+a.Config.Files(), files.Options{}); err != nil {
		return err
	}
	return a.openSearch()
}

// openSearch opens the text indexes. Nothing is asked of an engine outside: that
// it is away must not keep the program from starting.
func (a *App) openSearch() error {
	text := sqlindex.New(a.DB, sqlindex.Postings)
	a.Text, a.WorkerText, a.pruneText = text, sqlindex.New(a.DB, sqlindex.Workers), text.Prune
	if a.Config.MeiliURL == "" {
		return nil
	}
	for _, x := range []struct {
		to  *follow.Index
		uid string
	}{{&a.Engine, "postings"}, {&a.WorkerEngine, "workers"}} {
		ix, err := meiliindex.New(a.Config.MeiliURL, string(a.Config.MeiliKey), x.uid)
		if err != nil {
			return err
		}
		*x.to = ix
	}
	return nil
}

// wire builds the rooms, in the order in which they need each other.
func (a *App) wire() {
	db, now := a.DB, a.Now
	a.Trace = auditdb.NewStore(db)
	a.Queue = job.NewQueue(db, now)
	a.Workers = job.NewWorkers(a.Queue, a.Log)
	a.Idempotency = idempotency.New(db, a.Keys, now)
	a.GigStore = gigdb.NewStore(db, a.Keys)
	a.DeskStore = hardshipdb.NewStore(db, a.Keys)
	a.PersonStore = persondb.NewStore(db, a.Keys, now)
	a.NoticeStore = notifydb.NewStore(db, a.Keys, now)
	a.Rollups = indicatordb.NewStore(db)

	// The trace first, then the facts: both in the transaction of the act.
	a.Events = bus.New(a.Trace, now, indicator.NewRecorder(a.Rollups, region.Haining.Prefix(), now))
	a.Parameters = parameter.NewService(parameterdb.NewStore(db), db, a.Events, dbx.NewID, now)
	a.Persons = person.NewService(person.Deps{
		Store: a.PersonStore, Tx: db, Events: a.Events, Regions: regions{a.Regions}, Limit: a.Cache, NewID: dbx.NewID, Now: now,
	})
	a.Notices = notify.NewService(notify.Deps{Store: a.NoticeStore, Tx: db, Phones: a.Persons, Demo: a.Demo, NewID: dbx.NewID, Now: now})
	a.Identity = identity.NewService(identity.Deps{
		Store: a.AccountStore, Tx: db, Events: a.Events, Places: places{a.Regions, a.GigStore}, Send: a.Notices,
		Limit: a.signInLimit(), Codes: a.Cache, Beats: a.Cache, Blind: a.Keys, NewID: dbx.NewID, Now: now,
	})
	a.wireMarket()
	a.Desk = hardship.New(hardship.Deps{
		Store: a.DeskStore, People: deskPeople{a.Persons}, Accounts: a.Identity, Postings: openPostings{a.GigStore},
		Book: hardship.Rules{Current: a.Parameters.Book}, Tx: db, Events: a.Events, Now: now, NewID: dbx.NewID,
	})
	a.Events.Subscribe(a.Desk)
	a.Welfare = welfare.NewService(welfare.Deps{
		Store: welfaredb.NewStore(db, a.Keys), Register: welfareRegister{a.Desk, a.DeskStore}, People: welfarePeople{a.Persons},
		Book: a.Parameters.Book, Tx: db, Events: a.Events, NewID: dbx.NewID, Now: now,
	})
	a.Labour = labour.NewService(labour.Deps{
		Store: labourdb.NewStore(db, a.Keys), Market: labourMarket{a.GigStore}, Book: a.Parameters.Book, Tx: db, Events: a.Events, NewID: dbx.NewID, Now: now,
	})
	defs := newDefinitions()
	a.Indicators = indicator.NewService(a.Rollups, a.Rollups, defs, helpRegister{a.DeskStore}, string(region.Haining), db, a.Events, now)
	a.Reports = indicator.NewReportService(a.Rollups, defs, db, a.Events, now)
	// Live news and what people did at work come last: they need all the rest.
	a.Events.Subscribe(bus.Func(a.tellLive))
	a.Events.Subscribe(bus.Func(a.gigHelps))
	a.Events.Subscribe(bus.Func(a.handOver))
}

// wireMarket builds the gig market and the search side of it.
func (a *App) wireMarket() {
	a.wireSearch()
	a.Gig = gig.NewService(gig.Deps{
		Store: a.GigStore, Tx: a.DB, Events: a.Events, People: marketPeople{a.Persons}, Accounts: a.Identity, Regions: a.Regions,
		Rules: a.Parameters.Book, Finder: a.Postings, WorkerFinder: a.WorkerWords, NewID: dbx.NewID, Now: a.Now,
	})
	a.Engagements = &gig.EngagementService{Service: a.Gig, Engaged: a.GigStore, Booking: a.GigStore, Fit: a.Gig.Eligible, CodeOf: a.checkInCode}
	a.Matches = &matchrun.Service{Store: a.GigStore, Market: a.GigStore, Gig: a.Gig, Inviter: a.Engagements}
}

// checkInCode is four digits for a posting and a day, known to whoever holds
// the key ring and to nobody who has yesterday's.
func (a *App) checkInCode(posting gig.PostingID, on day.Date) string {
	h := a.Keys.Blind("gig_engagements.check_in", string(posting)+"/"+string(on))
	n, err := strconv.ParseUint(h[:8], 16, 32)
	if err != nil {
		return "0000" // unreachable: Blind is hexadecimal
	}
	return fmt.Sprintf("%04d", n%10000)
}

// Close ends what Open began.
func (a *App) Close() error {
	a.closing()
	var errs []error
	if a.Cache != nil {
		errs = append(errs, a.Cache.Close())
	}
	if a.DB != nil {
		errs = append(errs, a.DB.Close())
	}
	return errors.Join(errs...)
}

// Embedded says the rows are in SQLite under the data folder.
func (a *App) Embedded() bool { return strings.HasPrefix(a.Config.Database(), "sqlite") }
