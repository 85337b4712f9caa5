package identitydb_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"linggong/internal/access"
	"linggong/internal/audit"
	"linggong/internal/audit/auditdb"
	"linggong/internal/bus"
	"linggong/internal/cache"
	"linggong/internal/dbx"
	"linggong/internal/dbx/dbtest"
	"linggong/internal/errs"
	"linggong/internal/event"
	"linggong/internal/identity"
	"linggong/internal/identity/identitydb"
	"linggong/internal/seal"
)

const (
	password = "linggong-demo"
	village  = "330481101201"
	stationA = "01990000-0000-7000-8000-00000000000a"
	stationB = "01990000-0000-7000-8000-00000000000b"
)

var (
	admin = access.Actor{Role: access.Admin, Account: "01990000-0000-7000-8000-0000000000ad"}
	home  = access.Actor{Role: access.Anonymous, Origin: "10.0.0.1"}
	away  = access.Actor{Role: access.Anonymous, Origin: "10.0.0.2"}
)

type places struct{}

func (places) Region(code string) string { return map[bool]string{true: "许村"}[len(code) == 12] }

func (places) Station(_ context.Context, id string) (string, string, error) {
	if id == stationA || id == stationB {
		return "海洲驿站", "海洲街道", nil
	}
	return "", "", errs.New(errs.NotFound, "station_not_found", "", "")
}
func (places) Employer(context.Context, string) (string, error) { return "经编厂", nil }

// outbox remembers what was sent.
type outbox struct {
	mu   sync.Mutex
	sent []string
}

func (o *outbox) SendCode(_ context.Context, phone, code, _ string) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.sent = append(o.sent, phone+" "+code)
	return nil
}

func (o *outbox) last(t *testing.T, phone string) string {
	t.Helper()
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, m := range slices.Backward(o.sent) {
		if code, ok := strings.CutPrefix(m, phone+" "); ok {
			return code
		}
	}
	t.Fatalf("nothing was sent to %s", phone)
	return ""
}

type clock struct {
	mu sync.Mutex
	t  time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

type world struct {
	*identity.Service
	*clock
	db    *dbx.DB
	ring  *seal.Keyring
	store *identitydb.Store
	trace *auditdb.Store
	out   *outbox
}

func newWorld(t *testing.T, db *dbx.DB) world {
	t.Helper()
	ring, err := seal.Generate(seal.Standard)
	if err != nil {
		t.Fatal(err)
	}
	c := &clock{t: time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC)}
	store, trace, out, keep := identitydb.NewStore(db, ring, c.now), auditdb.NewStore(db), &outbox{}, cache.NewLocal(c.now)
	return world{
		Service: identity.NewService(identity.Deps{
			Store: store, Tx: db, Events: bus.New(trace, c.now), Places: places{}, Send: out,
			Limit: keep, Codes: keep, Beats: keep, Blind: ring, NewID: dbx.NewID, Now: c.now,
		}),
		clock: c, db: db, ring: ring, store: store, trace: trace, out: out,
	}
}

func each(t *testing.T, fn func(t *testing.T, w world)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) { fn(t, newWorld(t, db)) })
}

func (w world) caseworker(t *testing.T, username string) identity.Account {
	t.Helper()
	a, err := w.CreateAccount(t.Context(), admin, identity.NewAccount{
		Username: username, Name: "许村帮扶专员", Password: password, Role: access.Caseworker, Regions: []string{village, "330481101000"},
	})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func (w world) signIn(t *testing.T, username string) identity.Begun {
	t.Helper()
	b, err := w.SignInStaff(t.Context(), home, username, password)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func (w world) alive(t *testing.T, token string) bool {
	t.Helper()
	_, _, err := w.Authenticate(t.Context(), token)
	if err != nil && !errors.Is(err, access.ErrSignIn) {
		t.Fatal(err)
	}
	return err == nil
}

func (w world) acts(t *testing.T, kind event.Kind) []audit.Entry {
	t.Helper()
	list, err := w.trace.List(t.Context(), audit.Filter{Kind: kind, Limit: 500})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestWhoSignsInIsKnownWithHerScope(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w world) {
		a := w.caseworker(t, "xc-caseworker")
		b := w.signIn(t, " XC-Caseworker ")
		actor, session, err := w.Authenticate(t.Context(), b.Token)
		if err != nil {
			t.Fatal(err)
		}
		want := access.Actor{Role: access.Caseworker, Account: a.ID, Regions: []string{"330481101", village}, Session: session.ID}
		if d := cmp.Diff(want, actor); d != "" {
			t.Error(d)
		}
		me, err := w.Me(t.Context(), actor)
		if err != nil || me.Name != "许村帮扶专员" || me.NeedsProfile || len(me.Regions) != 2 || me.Regions[0].ID != "330481101000" {
			t.Errorf("%+v, %v", me, err)
		}
		in := w.acts(t, event.SignedIn)
		if len(in) != 1 || in[0].Account != a.ID || in[0].Origin != home.Origin || in[0].Session != session.ID {
			t.Errorf("on the record: %+v", in)
		}
		for _, token := range []string{"", "x", b.Token[:42], b.Token + "A", strings.Repeat("A", 43)} {
			if w.alive(t, token) {
				t.Errorf("token %q works", token)
			}
		}
	})
}

func TestARevokedSessionIsDeadAtOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w world) {
		a := w.caseworker(t, "xc-caseworker")
		other := w.caseworker(t, "other")
		closing := map[string]func(b identity.Begun) error{
			"signing out":       func(b identity.Begun) error { return w.SignOut(t.Context(), b.Actor, "") },
			"the administrator": func(identity.Begun) error { return w.RevokeSessions(t.Context(), admin, a.ID) },
			"a new password": func(identity.Begun) error {
				return change(t, w, a.ID, identity.AccountChange{Password: ptr(password + "2")}, identity.AccountChange{Password: ptr(password)})
			},
			"a smaller scope": func(identity.Begun) error {
				return change(t, w, a.ID, identity.AccountChange{Regions: &[]string{village}}, identity.AccountChange{Regions: &[]string{village, "330481101"}})
			},
			"a closed account": func(identity.Begun) error {
				return change(t, w, a.ID, identity.AccountChange{Active: ptr(false)}, identity.AccountChange{Active: ptr(true)})
			},
		}
		admin2 := w.admin(t)
		_ = admin2
		theirs := w.signIn(t, other.Username)
		for name, end := range closing {
			b := w.signIn(t, a.Username)
			if !w.alive(t, b.Token) {
				t.Fatal("a new session is dead")
			}
			if err := end(b); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if w.alive(t, b.Token) {
				t.Errorf("%s: the session goes on", name)
			}
		}
		if !w.alive(t, theirs.Token) {
			t.Error("somebody else was signed out")
		}
		if err := w.SignOut(t.Context(), theirs.Actor, w.signIn(t, a.Username).Actor.Session); !errors.Is(err, identity.ErrNoSession) {
			t.Errorf("ending somebody else's session: %v", err)
		}
		if err := w.RevokeSessions(t.Context(), theirs.Actor, a.ID); !errors.Is(err, access.ErrForbidden) {
			t.Errorf("a caseworker revokes: %v", err)
		}
	})
}

func (w world) admin(t *testing.T) identity.Account {
	t.Helper()
	a, err := w.CreateAccount(t.Context(), admin, identity.NewAccount{Username: "root-admin", Name: "管理员", Password: password, Role: access.Admin})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func change(t *testing.T, w world, id string, there, back identity.AccountChange) error {
	t.Helper()
	if _, err := w.ChangeAccount(t.Context(), admin, id, there); err != nil {
		return err
	}
	_, err := w.ChangeAccount(t.Context(), admin, id, back)
	return err
}

func TestAClosedAccountIsOutEvenBeforeItsSessionsEnd(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w world) {
		a := w.caseworker(t, "xc-caseworker")
		b := w.signIn(t, a.Username)
		if err := w.db.InTx(t.Context(), func(ctx context.Context) error {
			a.Active = false
			return w.store.SaveAccount(ctx, a)
		}); err != nil {
			t.Fatal(err)
		}
		if w.alive(t, b.Token) {
			t.Error("a closed account acts")
		}
	})
}

func TestASessionEndsWhenNobodyIsThereAndAtTheEndOfTheDay(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w world) {
		a := w.caseworker(t, "xc-caseworker")
		idle := w.signIn(t, a.Username)
		w.pass(61 * time.Minute)
		if w.alive(t, idle.Token) {
			t.Error("an hour alone, and still signed in")
		}
		busy := w.signIn(t, a.Username)
		for i := range 17 {
			w.pass(40 * time.Minute)
			if !w.alive(t, busy.Token) {
				t.Fatalf("signed out at work after %d × 40 minutes", i+1)
			}
		}
		w.pass(45 * time.Minute)
		if w.alive(t, busy.Token) {
			t.Error("signed in for more than twelve hours")
		}
		w.pass(300 * 24 * time.Hour)
		if err := w.Prune(t.Context()); err != nil {
			t.Fatal(err)
		}
		var n int64
		if err := w.db.From(t.Context()).Raw("SELECT count(*) FROM identity_sessions").Scan(&n).Error; err != nil || n != 0 {
			t.Errorf("%d sessions are kept for ever, %v", n, err)
		}
	})
}

func TestSigningInTakesANewSecretAndEndsTheOldOne(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w world) {
		a := w.caseworker(t, "xc-caseworker")
		first := w.signIn(t, a.Username)
		from := first.Actor
		from.Origin = home.Origin
		second, err := w.SignInStaff(t.Context(), from, a.Username, password)
		if err != nil {
			t.Fatal(err)
		}
		if first.Token == second.Token || w.alive(t, first.Token) || !w.alive(t, second.Token) {
			t.Error("the session known before sign-in lives on")
		}
		own, err := w.Sessions(t.Context(), second.Actor)
		if err != nil || len(own) != 1 || own[0].ID != second.Actor.Session {
			t.Errorf("%+v, %v", own, err)
		}
	})
}

func TestTheAnswerDoesNotTellWhetherAnAccountExists(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w world) {
		w.caseworker(t, "known")
		closed := w.caseworker(t, "closed")
		w.admin(t)
		if _, err := w.ChangeAccount(t.Context(), admin, closed.ID, identity.AccountChange{Active: ptr(false)}); err != nil {
			t.Fatal(err)
		}
		took := map[string][]time.Duration{}
		for range 5 {
			for name, pass := range map[string]string{"known": "wrong-password", "nobody": "wrong-password", "closed": password} {
				start := time.Now()
				_, err := w.SignInStaff(t.Context(), home, name, pass)
				took[name] = append(took[name], time.Since(start))
				e, ok := errors.AsType[*errs.Error](err)
				if !ok || e.Code != identity.ErrBadCredentials.Code || e.Message != identity.ErrBadCredentials.Message || e.Err != nil || len(e.Fields) > 0 {
					t.Fatalf("%s: %v", name, err)
				}
			}
		}
		for name := range took {
			slices.Sort(took[name])
		}
		// Without the hash nobody needs, this would be tens of times apart.
		for _, name := range []string{"nobody", "closed"} {
			if r := float64(took[name][0]) / float64(took["known"][0]); r < 1.0/4 || r > 4 {
				t.Errorf("%s takes %v, known %v", name, took[name], took["known"])
			}
		}
		for _, e := range w.acts(t, event.SignInFailed) {
			if e.Role != access.Anonymous || e.Origin != home.Origin {
				t.Errorf("on the record: %+v", e)
			}
		}
		one, err1 := w.SendCode(t.Context(), home, "13900000001", "worker")
		if _, err := w.SignInPhone(t.Context(), home, "13900000001", w.out.last(t, "13900000001"), "worker"); err != nil {
			t.Fatal(err)
		}
		two, err2 := w.SendCode(t.Context(), home, "13900000001", "worker")
		if err1 != nil || err2 != nil || one != two {
			t.Errorf("%+v, %v; %+v, %v", one, err1, two, err2)
		}
	})
}

func TestNobodyCanLockAnotherOut(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w world) {
		w.caseworker(t, "xc-caseworker")
		var err error
		n := 0
		for ; n < 30 && !errors.Is(err, identity.ErrTooMany); n++ {
			_, err = w.SignInStaff(t.Context(), away, "xc-caseworker", "guess-guess")
		}
		if !errors.Is(err, identity.ErrTooMany) || n > 12 {
			t.Fatalf("after %d guesses: %v", n, err)
		}
		if _, err := w.SignInStaff(t.Context(), away, "xc-caseworker", password); !errors.Is(err, identity.ErrTooMany) {
			t.Errorf("the guesser goes on: %v", err)
		}
		w.signIn(t, "xc-caseworker") // she herself, from elsewhere
		w.pass(20 * time.Minute)
		if _, err := w.SignInStaff(t.Context(), away, "xc-caseworker", password); err != nil {
			t.Errorf("shut out for ever: %v", err)
		}
	})
}

func TestAPhoneSignsInWithItsCodeOnceAndMakesItsAccount(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w world) {
		const phone = "13900000001"
		code := func(purpose string) string {
			if _, err := w.SendCode(t.Context(), home, phone, purpose); err != nil {
				t.Fatal(err)
			}
			return w.out.last(t, phone)
		}
		c := code("worker")
		if _, err := w.SignInPhone(t.Context(), home, phone, c, "employer"); !errors.Is(err, identity.ErrBadCode) {
			t.Errorf("the code of another purpose: %v", err)
		}
		first, err := w.SignInPhone(t.Context(), home, "+86 "+phone, c, "worker")
		if err != nil {
			t.Fatal(err)
		}
		if me, err := w.Me(t.Context(), first.Actor); err != nil || !me.NeedsProfile || first.Actor.Role != access.Worker {
			t.Errorf("%+v, %v", me, err)
		}
		if _, err := w.SignInPhone(t.Context(), home, phone, c, "worker"); !errors.Is(err, identity.ErrBadCode) {
			t.Errorf("the code a second time: %v", err)
		}
		w.pass(time.Hour)
		again, err := w.SignInPhone(t.Context(), home, phone, code("worker"), "worker")
		if err != nil || again.Actor.Account != first.Actor.Account {
			t.Errorf("%+v, %v", again.Actor, err)
		}
		boss, err := w.SignInPhone(t.Context(), home, phone, code("employer"), "employer")
		if err != nil || boss.Actor.Account == first.Actor.Account || boss.Actor.Role != access.Employer {
			t.Errorf("%+v, %v", boss.Actor, err)
		}
		if !w.alive(t, first.Token) || !w.alive(t, boss.Token) {
			t.Error("two roles on one phone disturb each other")
		}
		w.pass(time.Hour)
		late := code("worker")
		w.pass(5*time.Minute + time.Second)
		if _, err := w.SignInPhone(t.Context(), home, phone, late, "worker"); !errors.Is(err, identity.ErrBadCode) {
			t.Errorf("an old code: %v", err)
		}
		if p, err := w.Phone(t.Context(), first.Actor.Account); err != nil || p != phone {
			t.Errorf("%q, %v", p, err)
		}
	})
}

func TestACodeCannotBeGuessedNorUsedUpByAnother(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w world) {
		const phone = "13900000001"
		if _, err := w.SendCode(t.Context(), home, phone, "worker"); err != nil {
			t.Fatal(err)
		}
		code := w.out.last(t, phone)
		wrong := fmt.Sprintf("%06d", (atoi(code)+1)%1_000_000)
		var err error
		for range 5 {
			if _, err = w.SignInPhone(t.Context(), away, phone, wrong, "worker"); !errors.Is(err, identity.ErrBadCode) {
				t.Fatal(err)
			}
		}
		if _, err = w.SignInPhone(t.Context(), away, phone, code, "worker"); !errors.Is(err, identity.ErrTooMany) {
			t.Errorf("the sixth guess: %v", err)
		}
		if _, err = w.SignInPhone(t.Context(), home, phone, code, "worker"); err != nil {
			t.Errorf("she herself: %v", err)
		}
		w.pass(time.Hour)
		if _, err := w.SendCode(t.Context(), home, phone, "worker"); err != nil {
			t.Fatal(err)
		}
		code = w.out.last(t, phone)
		wrong = fmt.Sprintf("%06d", (atoi(code)+1)%1_000_000)
		for i := range 12 { // from everywhere at once
			from := access.Actor{Origin: fmt.Sprint("10.1.0.", i)}
			if _, err = w.SignInPhone(t.Context(), from, phone, wrong, "worker"); !errors.Is(err, identity.ErrBadCode) {
				t.Fatal(err)
			}
		}
		if _, err = w.SignInPhone(t.Context(), home, phone, code, "worker"); !errors.Is(err, identity.ErrBadCode) {
			t.Errorf("after twelve guesses from everywhere: %v", err)
		}
	})
}

func atoi(s string) (n int) {
	for _, r := range s {
		n = n*10 + int(r-'0')
	}
	return n
}

func TestNobodysPhoneIsMadeToRingAllDay(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w world) {
		for i := range 200 {
			_, _ = w.SendCode(t.Context(), access.Actor{Origin: fmt.Sprint("10.2.0.", i)}, "13900000001", "worker")
		}
		if n := len(w.out.sent); n < 5 || n > 12 {
			t.Errorf("%d messages in a moment", n)
		}
		for name, phone := range map[string]string{"too short": "1390000000", "a land line": "057387288888", "letters": "1390000000a"} {
			if _, err := w.SendCode(t.Context(), home, phone, "worker"); !errors.Is(err, identity.ErrPhone) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if _, err := w.SendCode(t.Context(), home, "13900000002", "staff"); !errors.Is(err, identity.ErrPurpose) {
			t.Errorf("staff by phone: %v", err)
		}
	})
}

func TestFirstSignInsRacingMakeOneAccount(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w world) {
		ids := make([]string, 6)
		var wg sync.WaitGroup
		for i := range ids {
			wg.Go(func() {
				a, err := w.OpenPhoneAccount(t.Context(), access.Internal("test"), identity.Worker, "13900000001", "", "")
				if err != nil {
					t.Error(err)
				}
				ids[i] = a.ID
			})
		}
		wg.Wait()
		if slices.Sort(ids); ids[0] != ids[5] || len(w.acts(t, event.AccountCreated)) != 1 {
			t.Error(ids)
		}
	})
}

func TestAKioskThatFellSilentIsSeen(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w world) {
		k, code, err := w.CreateKiosk(t.Context(), admin, stationA, "大厅一号机", identity.Touch)
		if err != nil {
			t.Fatal(err)
		}
		heard := func() time.Time {
			t.Helper()
			list, err := w.Kiosks(t.Context(), admin)
			if err != nil {
				t.Fatal(err)
			}
			return list[slices.IndexFunc(list, func(x identity.Kiosk) bool { return x.ID == k.ID })].HeardAt
		}
		if at := heard(); !at.IsZero() {
			t.Errorf("heard of at %v before it was paired", at)
		}
		b, err := w.PairKiosk(t.Context(), home, code)
		if err != nil {
			t.Fatal(err)
		}
		actor, _, err := w.Authenticate(t.Context(), b.Token)
		if err != nil {
			t.Fatal(err)
		}
		first := heard()
		if first.IsZero() {
			t.Fatal("it asked for something and was not heard")
		}
		w.pass(10 * time.Minute)
		if at := heard(); !at.Equal(first) {
			t.Errorf("it was silent and heard of at %v", at)
		}
		w.Heard(t.Context(), actor) // its live stream is still open
		if at := heard(); at.Sub(first) < 10*time.Minute {
			t.Errorf("its stream was not heard: %v", at)
		}
		w.Heard(t.Context(), access.Actor{Role: access.Anonymous, Session: actor.Session})
		if err := w.RevokeKiosk(t.Context(), admin, k.ID); err != nil {
			t.Fatal(err)
		}
		if at := heard(); !at.IsZero() {
			t.Errorf("a stopped kiosk is shown as heard of at %v", at)
		}
	})
}

func TestAKioskIsPairedOnceAndEndsWhenRevoked(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w world) {
		operator := access.Actor{Role: access.Operator, Account: admin.Account, Station: stationA}
		k, code, err := w.CreateKiosk(t.Context(), operator, stationA, "大厅一号机", identity.Touch)
		if err != nil || len(code) != 8 {
			t.Fatal(code, err)
		}
		if _, _, err := w.CreateKiosk(t.Context(), operator, stationB, "别处", identity.Touch); err == nil {
			t.Error("an operator sets up another station")
		}
		if _, _, err := w.CreateKiosk(t.Context(), admin, dbx.NewID(), "无处", identity.Touch); !errors.Is(err, identity.ErrKioskInput) {
			t.Errorf("a station that is none: %v", err)
		}
		if _, err := w.PairKiosk(t.Context(), home, "00000000"); !errors.Is(err, identity.ErrBadPairing) {
			t.Errorf("a guessed code: %v", err)
		}
		b, err := w.PairKiosk(t.Context(), home, code[:4]+" "+code[4:])
		if err != nil {
			t.Fatal(err)
		}
		actor, _, err := w.Authenticate(t.Context(), b.Token)
		if err != nil || actor.Role != access.Kiosk || actor.Station != stationA || actor.Account != "" {
			t.Fatalf("%+v, %v", actor, err)
		}
		if me, err := w.Me(t.Context(), actor); err != nil || me.Name != "大厅一号机" || me.Station == nil || me.Station.Town != "海洲街道" {
			t.Errorf("%+v, %v", me, err)
		}
		if _, err := w.PairKiosk(t.Context(), home, code); !errors.Is(err, identity.ErrBadPairing) {
			t.Errorf("the code a second time: %v", err)
		}
		w.pass(50 * 24 * time.Hour)
		if !w.alive(t, b.Token) {
			t.Error("a kiosk in use was unpaired by time")
		}
		if err := w.RevokeKiosk(t.Context(), access.Actor{Role: access.Operator, Station: stationB}, k.ID); !errors.Is(err, identity.ErrNoKiosk) {
			t.Errorf("another station's operator: %v", err)
		}
		if err := w.RevokeKiosk(t.Context(), operator, k.ID); err != nil {
			t.Fatal(err)
		}
		if w.alive(t, b.Token) {
			t.Error("a revoked kiosk goes on")
		}
		_, late, err := w.CreateKiosk(t.Context(), admin, stationA, "屏", identity.Screen)
		if err != nil {
			t.Fatal(err)
		}
		w.pass(25 * time.Hour)
		if _, err := w.PairKiosk(t.Context(), home, late); !errors.Is(err, identity.ErrBadPairing) {
			t.Errorf("yesterday's code: %v", err)
		}
		if list, err := w.Kiosks(t.Context(), operator); err != nil || len(list) != 2 || list[1].RevokedAt.IsZero() {
			t.Errorf("%+v, %v", list, err)
		}
	})
}

func TestAccountsAreTheAdministratorsAndOneStays(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w world) {
		name, first, err := w.Bootstrap(t.Context())
		if err != nil || name != "admin" || len(first) < 20 {
			t.Fatal(name, first, err)
		}
		if _, again, err := w.Bootstrap(t.Context()); err != nil || again != "" {
			t.Errorf("a second first administrator: %q, %v", again, err)
		}
		b, err := w.SignInStaff(t.Context(), home, name, first)
		if err != nil {
			t.Fatal(err)
		}
		root := b.Actor
		if _, err := w.ChangeAccount(t.Context(), root, root.Account, identity.AccountChange{Active: ptr(false)}); !errors.Is(err, identity.ErrLastAdmin) {
			t.Errorf("the last administrator closes himself: %v", err)
		}
		if _, err := w.ChangeAccount(t.Context(), root, root.Account, identity.AccountChange{Role: ptr(access.Auditor)}); !errors.Is(err, identity.ErrLastAdmin) {
			t.Errorf("the last administrator changes role: %v", err)
		}
		for what, n := range map[string]identity.NewAccount{
			"a short password":           {Username: "abc", Name: "甲", Password: "short", Role: access.Bureau},
			"the name in the password":   {Username: "bureau", Name: "甲", Password: "my-bureau-password", Role: access.Bureau},
			"no user name":               {Username: "甲", Name: "甲", Password: password, Role: access.Bureau},
			"a caseworker of nowhere":    {Username: "abc", Name: "甲", Password: password, Role: access.Caseworker},
			"a region that is none":      {Username: "abc", Name: "甲", Password: password, Role: access.Caseworker, Regions: []string{"33%"}},
			"an operator of no station":  {Username: "abc", Name: "甲", Password: password, Role: access.Operator},
			"a worker with a password":   {Username: "abc", Name: "甲", Password: password, Role: access.Worker},
			"the role of the jobs":       {Username: "abc", Name: "甲", Password: password, Role: access.System},
			"a role nobody has heard of": {Username: "abc", Name: "甲", Password: password, Role: "king"},
		} {
			if _, err := w.CreateAccount(t.Context(), root, n); !errors.Is(err, identity.ErrInvalid) {
				t.Errorf("%s: %v", what, err)
			}
		}
		a := w.caseworker(t, "xc-caseworker")
		if _, err := w.CreateAccount(t.Context(), root, identity.NewAccount{Username: "xc-caseworker", Name: "乙", Password: password, Role: access.Bureau}); !errors.Is(err, identity.ErrTaken) {
			t.Errorf("a taken name: %v", err)
		}
		if _, err := w.ChangeAccount(t.Context(), root, a.ID, identity.AccountChange{Name: ptr("新名"), Version: 9}); !errors.Is(err, identity.ErrStale) {
			t.Errorf("an old version: %v", err)
		}
		for _, role := range []access.Role{access.Bureau, access.Auditor, access.Caseworker, access.Worker, access.Anonymous} {
			if _, err := w.CreateAccount(t.Context(), access.Actor{Role: role}, identity.NewAccount{}); err == nil || errors.Is(err, identity.ErrInvalid) {
				t.Errorf("%s: %v", role, err)
			}
		}
		page, err := w.Accounts(t.Context(), root, identity.AccountFilter{Query: "CASE_", Limit: 10})
		if err != nil || len(page.Items) != 0 {
			t.Errorf("an underscore is a wildcard: %+v, %v", page, err)
		}
		page, err = w.Accounts(t.Context(), root, identity.AccountFilter{Limit: 1})
		if err != nil || len(page.Items) != 1 || page.Next == "" {
			t.Errorf("%+v, %v", page, err)
		}
	})
}

func TestTheDirectoryKnowsWhoCoversAVillage(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w world) {
		a := w.caseworker(t, "xc-caseworker")
		if ids, err := w.Covering(t.Context(), village, access.Caseworker); err != nil || !slices.Equal(ids, []string{a.ID}) {
			t.Errorf("%v, %v", ids, err)
		}
		if ids, err := w.Covering(t.Context(), "330481102201", access.Caseworker); err != nil || len(ids) != 0 {
			t.Errorf("another town: %v, %v", ids, err)
		}
		root := w.admin(t)
		if ids, err := w.Covering(t.Context(), village, access.Admin); err != nil || !slices.Equal(ids, []string{root.ID}) {
			t.Errorf("city roles: %v, %v", ids, err)
		}
		name, role, regions, active, err := w.Owner(t.Context(), a.ID)
		if err != nil || name != "许村帮扶专员" || role != access.Caseworker || len(regions) != 2 || !active {
			t.Error(name, role, regions, active, err)
		}
		if _, _, _, _, err := w.Owner(t.Context(), dbx.NewID()); !errors.Is(err, identity.ErrNotFound) {
			t.Error(err)
		}
		boss, err := w.OpenPhoneAccount(t.Context(), access.Internal("demo"), identity.Employer, "13800000001", stationA, "")
		if err != nil || boss.Employer != stationA {
			t.Fatal(boss, err)
		}
		if err := w.BindEmployer(t.Context(), boss.ID, stationB); !errors.Is(err, identity.ErrBound) {
			t.Errorf("an account changes employers: %v", err)
		}
		if err := w.BindWorker(t.Context(), boss.ID, stationB); !errors.Is(err, identity.ErrBound) {
			t.Errorf("an employer becomes a worker: %v", err)
		}
		if names, err := w.Names(t.Context(), []string{a.ID, boss.ID, dbx.NewID()}); err != nil || !cmp.Equal(names, map[string]string{a.ID: "许村帮扶专员"}) {
			t.Errorf("%v, %v", names, err)
		}
	})
}

func TestAnAccountComesBackAsItWasWritten(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w world) {
		want := identity.Account{
			ID: dbx.NewID(), Kind: identity.Staff, Role: access.Operator, Username: "op", Name: "驿站", Password: "$argon2id$x",
			Regions: []string{"330481101", village}, Station: stationA, Employer: stationB, Person: stationA,
			Active: true, PasswordAt: w.now(), CreatedAt: w.now(), Version: 1,
		}
		in := func(fn func(ctx context.Context) error) {
			t.Helper()
			if err := w.db.InTx(t.Context(), fn); err != nil {
				t.Fatal(err)
			}
		}
		in(func(ctx context.Context) error { return w.store.CreateAccount(ctx, want, "") })
		got, err := w.store.Account(t.Context(), want.ID)
		if d := cmp.Diff(want, got); err != nil || d != "" {
			t.Fatal(err, d)
		}
		bare := identity.Account{ID: want.ID, Kind: identity.Staff, Role: access.Admin, Username: "op", CreatedAt: w.now(), Version: 1}
		in(func(ctx context.Context) error { return w.store.SaveAccount(ctx, bare) })
		bare.Version = 2
		got, err = w.store.Account(t.Context(), want.ID)
		if d := cmp.Diff(bare, got); err != nil || d != "" {
			t.Fatal(err, d)
		}
	})
}

func TestAWrongKeyFileIsRefusedAtStart(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, w world) {
		if err := w.store.CheckKeys(t.Context(), w.ring.Marks()); err != nil {
			t.Fatal(err)
		}
		if _, err := w.OpenPhoneAccount(t.Context(), access.Internal("demo"), identity.Worker, "13900000001", "", stationA); err != nil {
			t.Fatal(err)
		}
		if err := w.ring.Rotate(); err != nil {
			t.Fatal(err)
		}
		if err := w.store.CheckKeys(t.Context(), w.ring.Marks()); err != nil {
			t.Errorf("the same ring, rotated: %v", err)
		}
		for _, want := range []int{1, 0} {
			if n, err := w.store.Reseal(t.Context(), 10); err != nil || n != want {
				t.Errorf("resealed %d, %v; want %d", n, err, want)
			}
		}
		other, err := seal.Generate(seal.Standard)
		if err != nil {
			t.Fatal(err)
		}
		if err := w.store.CheckKeys(t.Context(), other.Marks()); !errors.Is(err, identitydb.ErrWrongKeys) {
			t.Errorf("a foreign ring: %v", err)
		}
		if err := w.store.CheckKeys(t.Context(), w.ring.Marks()); err != nil {
			t.Errorf("the foreign ring left a mark: %v", err)
		}
	})
}

func TestTheFileSignsNobodyIn(t *testing.T) {
	t.Parallel()
	path := t.TempDir() + "/canary.db"
	empty := dbtest.SQLite(t)
	if _, err := empty.SQL().Exec("VACUUM INTO ?", path); err != nil {
		t.Fatal(err)
	}
	db, err := dbx.Open(t.Context(), "sqlite://"+path, dbx.Options{})
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t, db)
	w.caseworker(t, "xc-caseworker")
	b := w.signIn(t, "xc-caseworker")
	_, pairing, err := w.CreateKiosk(t.Context(), admin, stationA, "机", identity.Touch)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.SendCode(t.Context(), home, "13987654321", "worker"); err != nil {
		t.Fatal(err)
	}
	p, err := w.SignInPhone(t.Context(), home, "13987654321", w.out.last(t, "13987654321"), "worker")
	if err != nil {
		t.Fatal(err)
	}
	_, _ = w.SignInStaff(t.Context(), home, "my-secret-typed-as-name", "x")
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{path, path + "-wal"} {
		content, err := os.ReadFile(file)
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		for what, secret := range map[string]string{
			"a password": password, "a token": b.Token, "a worker's token": p.Token, "a phone": "13987654321",
			"a pairing code": pairing, "what was typed as a name": "my-secret",
		} {
			if bytes.Contains(content, []byte(secret)) {
				t.Errorf("%s stands in %s", what, file)
			}
		}
	}
}

func ptr[T any](v T) *T { return &v }
