package notifydb_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"linggong/internal/access"
	"linggong/internal/dbx"
	"linggong/internal/dbx/dbtest"
	"linggong/internal/errs"
	"linggong/internal/notify"
	"linggong/internal/notify/notifydb"
	"linggong/internal/seal"
)

const (
	withPhone    = "01990000-0000-7000-8000-00000000000a"
	withoutPhone = "01990000-0000-7000-8000-00000000000b"
	phone        = "13987654321"
)

type phones struct{}

func (phones) Phone(_ context.Context, person string) (string, error) {
	return map[string]string{withPhone: phone}[person], nil
}

// gateway is an SMS gateway that can be out of order.
type gateway struct {
	down bool
	sent []string
}

func (g *gateway) Send(_ context.Context, to, text string) error {
	if g.down {
		return errors.New("no answer")
	}
	g.sent = append(g.sent, to+" "+text)
	return nil
}

func now() time.Time { return time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC) }

func service(t *testing.T, db *dbx.DB, sms notify.Sender) (*notify.Service, *notifydb.Store, *seal.Keyring) {
	t.Helper()
	ring, err := seal.Generate(seal.Standard)
	if err != nil {
		t.Fatal(err)
	}
	store := notifydb.NewStore(db, ring, now)
	return notify.NewService(notify.Deps{Store: store, Tx: db, Phones: phones{}, SMS: sms, Demo: true, NewID: dbx.NewID, Now: now}), store, ring
}

func invitation(cause, person string) notify.Notice {
	return notify.Notice{
		Cause: cause, Person: person, Template: notify.EngagementInvited, Params: map[string]string{"engagement": cause},
		Words: map[string]string{"employer": "经编厂", "when": "11月24日7:00", "place": "许村镇", "trade": "装卸", "pay": "每小时25元", "answer_by": "今晚20:00", "code": "123456"},
	}
}

func TestOneCauseTellsAPersonOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		s, _, _ := service(t, db, nil)
		cause := dbx.NewID()
		for range 3 {
			if err := s.Tell(t.Context(), invitation(cause, withPhone)); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.Tell(t.Context(), invitation(dbx.NewID(), withPhone)); err != nil {
			t.Fatal(err)
		}
		got, err := s.Outbox(t.Context(), phone, 10)
		if err != nil || len(got) != 2 {
			t.Fatalf("%d messages, %v", len(got), err)
		}
		want := notify.Message{
			ID: got[1].ID, Cause: cause, Person: withPhone, Template: notify.EngagementInvited, Params: map[string]string{"engagement": cause},
			Phone: phone, Text: "【零工通】经编厂请您11月24日7:00到许村镇做装卸，每小时25元。请在今晚20:00前答复，报编号123456。",
			State: notify.Kept, CreatedAt: now(),
		}
		if d := cmp.Diff(want, got[1]); d != "" {
			t.Error(d)
		}
	})
}

func TestWhoDoesNotWantToBeToldIsNot(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		g := &gateway{}
		s, _, _ := service(t, db, g)
		her := access.Actor{Role: access.Worker, Person: withPhone}
		for range 2 {
			if err := s.SetPreference(t.Context(), her, notify.Gigs, false); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.SetPreference(t.Context(), her, notify.Codes, false); !errors.Is(err, notify.ErrTopic) {
			t.Errorf("codes can be muted: %v", err)
		}
		if err := s.Tell(t.Context(), invitation(dbx.NewID(), withPhone)); err != nil {
			t.Fatal(err)
		}
		if err := s.Tell(t.Context(), invitation(dbx.NewID(), withoutPhone)); err != nil {
			t.Fatal(err)
		}
		if n, err := s.DeliverWaiting(t.Context(), 10); err != nil || n != 0 || len(g.sent) != 0 {
			t.Errorf("%d handed over, %v", n, err)
		}
		all, err := s.Outbox(t.Context(), "", 10)
		if err != nil || len(all) != 2 || all[0].State != notify.Failed || all[1].State != notify.Muted {
			t.Errorf("%+v, %v", all, err)
		}
		if err := s.SetPreference(t.Context(), her, notify.Gigs, true); err != nil {
			t.Fatal(err)
		}
		if err := s.Tell(t.Context(), invitation(dbx.NewID(), withPhone)); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if _, err := s.DeliverWaiting(t.Context(), 10); err != nil {
				t.Fatal(err)
			}
		}
		if len(g.sent) != 1 {
			t.Errorf("sent %v", g.sent)
		}
	})
}

func TestAGatewayOutOfOrderIsTriedAFewTimesAndThenGivenUp(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		g := &gateway{down: true}
		s, _, _ := service(t, db, g)
		if err := s.SendCode(t.Context(), phone, "123456", "worker"); errs.KindOf(err) != errs.Unavailable {
			t.Fatalf("a code that was not sent: %v", err)
		}
		for range 10 {
			if _, err := s.DeliverWaiting(t.Context(), 10); err != nil {
				t.Fatal(err)
			}
		}
		g.down = false
		if n, err := s.DeliverWaiting(t.Context(), 10); err != nil || n != 0 {
			t.Errorf("tried %d for ever, %v", n, err)
		}
		if got, err := s.Outbox(t.Context(), phone, 1); err != nil || got[0].State != notify.Failed || got[0].Tries != 5 {
			t.Errorf("%+v, %v", got, err)
		}
		if err := s.SendCode(t.Context(), phone, "654321", "worker"); err != nil || len(g.sent) != 1 || !strings.Contains(g.sent[0], "654321") {
			t.Errorf("%v, %v", g.sent, err)
		}
	})
}

func TestTheOutboxIsClosedOutsideTheDemo(t *testing.T) {
	t.Parallel()
	s, _, _ := service(t, dbtest.SQLite(t), nil)
	s.Demo = false
	if err := s.SendCode(t.Context(), phone, "123456", "worker"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Outbox(t.Context(), phone, 10); !errors.Is(err, notify.ErrNotFound) {
		t.Errorf("whoever reads it signs in as anybody: %v", err)
	}
}

func TestAMessageSaysNoMoreThanItsReaderNeeds(t *testing.T) {
	t.Parallel()
	s, _, _ := service(t, dbtest.SQLite(t), nil)
	n := invitation(dbx.NewID(), withPhone)
	n.Words["code"] = "11010519491231002X"
	if err := s.Tell(t.Context(), n); !errors.Is(err, notify.ErrTemplate) {
		t.Errorf("an ID number goes out: %v", err)
	}
	delete(n.Words, "code")
	if err := s.Tell(t.Context(), n); !errors.Is(err, notify.ErrTemplate) {
		t.Errorf("a message with a gap: %v", err)
	}
	words := notify.Appointment.Wants()
	slices.Sort(words)
	if d := cmp.Diff([]string{"office", "tel", "when"}, words); d != "" {
		t.Errorf("an appointment names its matter: %s", d)
	}
}

func TestMessagesAreSealedAndSurviveAKeyChange(t *testing.T) {
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
	s, store, ring := service(t, db, nil)
	if err := s.SendCode(t.Context(), phone, "987123", "worker"); err != nil {
		t.Fatal(err)
	}
	if err := s.Tell(t.Context(), invitation(dbx.NewID(), withPhone)); err != nil {
		t.Fatal(err)
	}
	if err := ring.Rotate(); err != nil {
		t.Fatal(err)
	}
	for _, want := range []int{2, 0} {
		if n, err := store.Reseal(t.Context(), 10); err != nil || n != want {
			t.Fatalf("resealed %d, %v", n, err)
		}
	}
	if got, err := s.Outbox(t.Context(), phone, 10); err != nil || len(got) != 2 || !strings.Contains(got[1].Text, "987123") {
		t.Fatalf("%+v, %v", got, err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{path, path + "-wal"} {
		b, err := os.ReadFile(file)
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, canary := range []string{phone, "987123", "经编厂", "装卸"} {
			if bytes.Contains(b, []byte(canary)) {
				t.Errorf("%s stands in %s", canary, file)
			}
		}
	}
}
