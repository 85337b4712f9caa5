package httpapi_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gin-gonic/gin"

	"linggong/internal/access"
	"linggong/internal/audit/auditdb"
	"linggong/internal/bus"
	"linggong/internal/cache"
	"linggong/internal/dbx"
	"linggong/internal/dbx/dbtest"
	"linggong/internal/gig"
	"linggong/internal/gig/gigtest"
	"linggong/internal/httpapi"
	"linggong/internal/idempotency"
	"linggong/internal/identity"
	"linggong/internal/identity/identitydb"
	"linggong/internal/notify"
	"linggong/internal/notify/notifydb"
	"linggong/internal/person"
	"linggong/internal/person/persondb"
	"linggong/internal/seal"
)

const (
	staffPassword = "linggong-demo"
	hersNumber    = "11010519491231002X" // a sample of the standard
)

// office is the API over accounts, persons and messages on an empty database.
type office struct {
	*market
	identity *identity.Service
	persons  *person.Service
}

type officePlaces struct{}

func (officePlaces) Region(code string) string { return treeNames{}.Region(code) }
func (officePlaces) Station(context.Context, string) (string, string, error) {
	return "许村驿站", "许村镇", nil
}

func (officePlaces) Employer(context.Context, string) (string, error) { return "海宁经编厂", nil }

type officeNames struct {
	treeNames
	persons *person.Service
}

func (n officeNames) People(ctx context.Context, ids []string) (map[string]string, error) {
	cards, err := n.persons.Cards(ctx, ids)
	out := map[string]string{}
	for id, c := range cards {
		out[id] = c.NameMasked
	}
	return out, err
}

type roster = httpapi.Workers

type noWorkers struct{ roster }

func (noWorkers) OwnWorker(context.Context, access.Actor) (gig.WorkerView, error) {
	return gig.WorkerView{}, gig.ErrWorkerNotFound
}

type tree struct{}

func (tree) IsTown(code string) bool {
	return strings.HasSuffix(code, "000") && treeNames{}.Region(code) != ""
}

func (tree) IsVillage(code string) bool {
	return !strings.HasSuffix(code, "000") && treeNames{}.Region(code) != ""
}

func newOffice(t *testing.T, db *dbx.DB) *office {
	t.Helper()
	gin.SetMode(gin.TestMode)
	ring, err := seal.Generate(seal.Standard)
	if err != nil {
		t.Fatal(err)
	}
	now := func() time.Time { return time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC) }
	keep, events := cache.NewLocal(now), bus.New(auditdb.NewStore(db), now)
	o := &office{market: &market{router: gin.New()}}
	o.persons = person.NewService(person.Deps{
		Store: persondb.NewStore(db, ring, now), Tx: db, Events: events, Regions: tree{}, Limit: keep, NewID: dbx.NewID, Now: now,
	})
	messages := notify.NewService(notify.Deps{
		Store: notifydb.NewStore(db, ring, now), Tx: db, Phones: o.persons, Demo: true, NewID: dbx.NewID, Now: now,
	})
	o.identity = identity.NewService(identity.Deps{
		Store: identitydb.NewStore(db, ring, now), Tx: db, Events: events, Places: officePlaces{}, Send: messages,
		Limit: keep, Codes: keep, Beats: keep, Blind: ring, NewID: dbx.NewID, Now: now,
	})
	names := officeNames{persons: o.persons}
	httpapi.New(o.router, httpapi.Services{
		Sessions: httpapi.NewSessions(o.identity, names, noWorkers{}), Names: names,
		Accounts: o.identity, Kiosks: o.identity, Persons: o.persons, Outbox: messages,
	}, httpapi.Options{Version: "test", Demo: true, Log: slog.New(slog.DiscardHandler), Now: now, Idempotency: idempotency.New(db, ring, now)})
	return o
}

// signIn signs a member of staff in over HTTP and returns the secret of the cookie.
func (o *office) signIn(t *testing.T, username string) string {
	t.Helper()
	req := httptest.NewRequest(http.MethodPost, "/api/v1/session/staff", strings.NewReader(`{"username":"`+username+`","password":"`+staffPassword+`"}`))
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("X-Linggong", "1")
	w := httptest.NewRecorder()
	o.router.ServeHTTP(w, req)
	if w.Code != http.StatusOK {
		t.Fatalf("%d: %s", w.Code, w.Body)
	}
	for _, c := range w.Result().Cookies() {
		if c.Name == "lg_session" && c.HttpOnly {
			return c.Value
		}
	}
	t.Fatal("no session cookie")
	return ""
}

func (o *office) staff(t *testing.T, username string, role access.Role, regions ...string) identity.Account {
	t.Helper()
	a, err := o.identity.CreateAccount(t.Context(), access.Internal("test"), identity.NewAccount{
		Username: username, Name: username, Password: staffPassword, Role: role, Regions: regions,
	})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestACaseworkerRegistersAPersonAndSeesHerMasked(t *testing.T) {
	t.Parallel()
	village := gigtest.Village
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		o := newOffice(t, db)
		o.staff(t, "caseworker", access.Caseworker, village)
		token := o.signIn(t, "caseworker")
		var me httpapi.Me
		o.do(t, token, http.MethodGet, "/session", nil, http.StatusOK, &me)
		if me.Role != access.Caseworker || len(me.Regions) != 1 || me.Regions[0].Code != village || me.Regions[0].Name == "" {
			t.Fatalf("%+v", me)
		}
		form := object{"name": "欧阳金丝雀", "id_number": strings.ToLower(hersNumber), "phone": "13900000001", "village": village, "address": "前进村3组", "document": true}
		var p, again httpapi.PersonEntered
		o.do(t, token, http.MethodPost, "/persons", form, http.StatusCreated, &p)
		if p.NameMasked != "欧阳*" || p.IDNumberMasked != "110105**********2X" || p.PhoneMasked != "139****0001" || p.BirthMonth != "1949-12" ||
			p.Age != 76 || p.Sex != "female" || p.Proof != "document" || p.Retirement == nil || p.Retirement.Confirmed || p.Existing {
			t.Fatalf("%+v", p)
		}
		o.do(t, token, http.MethodPost, "/persons", form, http.StatusCreated, &again)
		if again.ID != p.ID || !again.Existing {
			t.Errorf("%+v", again)
		}
		var found struct{ Items []httpapi.Person }
		for _, q := range []string{hersNumber, "13900000001", "欧阳金丝雀"} {
			o.do(t, token, http.MethodPost, "/persons/search", object{"q": q}, http.StatusOK, &found)
			if len(found.Items) != 1 || found.Items[0].ID != p.ID {
				t.Errorf("%s: %+v", q, found)
			}
		}
		var changed httpapi.Person
		o.do(t, token, http.MethodPut, "/persons/"+p.ID, object{"retire_category": "F50"}, http.StatusOK, &changed, "If-Match", `"1"`)
		if changed.Version != 2 || !changed.Retirement.Confirmed {
			t.Errorf("%+v", changed)
		}
		o.do(t, token, http.MethodPut, "/persons/"+p.ID, object{"phone": "13900000002"}, http.StatusPreconditionFailed, nil, "If-Match", `"1"`)
		var refused httpapi.Problem
		o.do(t, token, http.MethodPost, "/persons", object{"name": "张三", "id_number": "110105194912310021", "village": village}, http.StatusUnprocessableEntity, &refused)
		if len(refused.Errors) != 1 || refused.Errors[0].Name != "id_number" || refused.Errors[0].Code != "checksum" {
			t.Errorf("%+v", refused)
		}
	})
}

func TestSeeingSomebodyWholeNeedsAReasonAndLeavesATrace(t *testing.T) {
	t.Parallel()
	village := gigtest.Village
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		o := newOffice(t, db)
		o.staff(t, "caseworker", access.Caseworker, village)
		o.staff(t, "auditor", access.Auditor)
		token := o.signIn(t, "caseworker")
		var p httpapi.PersonEntered
		o.do(t, token, http.MethodPost, "/persons", object{"name": "张三", "id_number": hersNumber, "phone": "13900000001", "village": village}, http.StatusCreated, &p)
		path := "/persons/" + p.ID + "/reveal"
		var refused httpapi.Problem
		o.do(t, token, http.MethodPost, path, object{"fields": []string{"phone"}, "reason": ""}, http.StatusUnprocessableEntity, &refused)
		if refused.Code != "reason_required" || refused.Rule == "" || refused.Remedy == "" {
			t.Errorf("%+v", refused)
		}
		ask := object{"fields": []string{"phone"}, "reason": "电话通知复核"}
		var seen httpapi.Revealed
		o.do(t, token, http.MethodPost, path, ask, http.StatusOK, &seen)
		if seen != (httpapi.Revealed{Phone: "13900000001", ExpiresIn: 60}) {
			t.Errorf("%+v", seen)
		}
		o.do(t, o.signIn(t, "auditor"), http.MethodPost, path, ask, http.StatusForbidden, nil)
		o.do(t, "", http.MethodPost, path, ask, http.StatusUnauthorized, nil)
		var n int64
		if err := db.From(t.Context()).Raw("SELECT count(*) FROM audit_entries WHERE kind = 'person.revealed' AND person_id = ? AND reason <> ''", p.ID).Scan(&n).Error; err != nil || n != 1 {
			t.Errorf("%d looks on the record, %v", n, err)
		}
		var kept int64
		if err := db.From(t.Context()).Raw("SELECT count(*) FROM idempotency_keys").Scan(&kept).Error; err != nil || kept != 0 {
			t.Errorf("%d answers are kept, %v", kept, err)
		}
	})
}

func TestTheAdministratorRunsAccountsAndSeesNoPerson(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		o := newOffice(t, db)
		o.staff(t, "root-admin", access.Admin)
		root := o.signIn(t, "root-admin")
		var a httpapi.Account
		o.do(t, root, http.MethodPost, "/admin/accounts", object{"username": "xc-town", "name": "许村经办", "password": staffPassword, "role": "town_officer", "regions": []string{"330481101000"}}, http.StatusCreated, &a)
		if a.Role != access.TownOfficer || len(a.Regions) != 1 || a.Regions[0].Code != "330481101000" || a.Regions[0].Name == "" {
			t.Fatalf("%+v", a)
		}
		town := o.signIn(t, "xc-town")
		o.do(t, town, http.MethodGet, "/admin/accounts", nil, http.StatusForbidden, nil)
		o.do(t, root, http.MethodGet, "/persons", nil, http.StatusForbidden, nil)
		o.do(t, town, http.MethodGet, "/persons", nil, http.StatusOK, nil)
		o.do(t, root, http.MethodPost, "/admin/accounts/"+a.ID+"/revoke-sessions", nil, http.StatusNoContent, nil)
		o.do(t, town, http.MethodGet, "/persons", nil, http.StatusUnauthorized, nil)
		town = o.signIn(t, "xc-town")
		o.do(t, root, http.MethodPatch, "/admin/accounts/"+a.ID, object{"active": false}, http.StatusOK, &a)
		o.do(t, town, http.MethodGet, "/persons", nil, http.StatusUnauthorized, nil)

		var k httpapi.KioskCreated
		o.do(t, root, http.MethodPost, "/admin/kiosks", object{"station_id": a.ID, "name": "一号机", "kind": "kiosk"}, http.StatusCreated, &k)
		var me httpapi.Me
		o.do(t, "", http.MethodPost, "/session/kiosk", object{"pairing_code": k.PairingCode}, http.StatusOK, &me)
		if me.Role != access.Kiosk || me.Station == nil || me.Name != "一号机" {
			t.Errorf("%+v", me)
		}
		var list struct{ Items []httpapi.Kiosk }
		o.do(t, root, http.MethodGet, "/admin/kiosks", nil, http.StatusOK, &list)
		if len(list.Items) != 1 || list.Items[0].State != "paired" {
			t.Errorf("%+v", list)
		}
		o.do(t, root, http.MethodPost, "/admin/kiosks/"+k.ID+"/revoke", nil, http.StatusNoContent, nil)
	})
}

func TestAWorkerSignsInWithTheCodeTheDemoShows(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		o := newOffice(t, db)
		var sent httpapi.CodeSent
		o.do(t, "", http.MethodPost, "/session/code", object{"phone": "13900000001", "purpose": "worker"}, http.StatusOK, &sent)
		if sent.SentToMasked != "139****0001" || sent.ExpiresIn != 300 {
			t.Errorf("%+v", sent)
		}
		var box struct{ Items []httpapi.OutboxMessage }
		o.do(t, "", http.MethodGet, "/demo/outbox?phone=13900000001", nil, http.StatusOK, &box)
		if len(box.Items) != 1 {
			t.Fatalf("%+v", box)
		}
		_, after, _ := strings.Cut(box.Items[0].Text, "验证码")
		var me httpapi.Me
		o.do(t, "", http.MethodPost, "/session/phone", object{"phone": "13900000001", "code": after[:6], "purpose": "worker"}, http.StatusOK, &me)
		if me.Role != access.Worker || !me.NeedsProfile || me.AccountID == "" {
			t.Errorf("%+v", me)
		}
		var refused httpapi.Problem
		o.do(t, "", http.MethodPost, "/session/phone", object{"phone": "13900000001", "code": after[:6], "purpose": "worker"}, http.StatusUnauthorized, &refused)
		if refused.Code != "bad_code" {
			t.Errorf("%+v", refused)
		}
	})
}
