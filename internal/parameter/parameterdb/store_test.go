package parameterdb_test

import (
	"errors"
	"testing"

	"linggong/internal/access"
	"linggong/internal/audit/auditdb"
	"linggong/internal/bus"
	"linggong/internal/dbx"
	"linggong/internal/dbx/dbtest"
	"linggong/internal/parameter"
	"linggong/internal/parameter/parameterdb"
	"linggong/internal/rules"
)

var bureau = access.Actor{Role: access.Bureau, Account: "01900000-0000-7000-8000-000000000001"}

func TestTheBureauConfirmsAndEveryReplicaFollows(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbx.DB) {
		open := func() *parameter.Service {
			return parameter.NewService(parameterdb.NewStore(db), db, bus.New(auditdb.NewStore(db), dbx.Now), dbx.NewID, dbx.Now)
		}
		here, there := open(), open()
		seven := rules.Parameter{Key: "hard.publicity_days", Region: "330481", Value: "7", ValidFrom: "2026-06-01", Source: "市局函〔2026〕3号", Confirmed: true}
		if _, err := here.Set(t.Context(), bureau, seven, "省厅答复"); err != nil {
			t.Fatal(err)
		}
		if err := there.Load(t.Context()); err != nil {
			t.Fatal(err)
		}
		for name, s := range map[string]*parameter.Service{"here": here, "there": there} {
			if s.Book().Number("hard.publicity_days", "330481101201", "2026-07-01") != 7 || s.Book().Number("hard.publicity_days", "330481101201", "2026-05-01") != 5 {
				t.Errorf("%s does not follow from its day", name)
			}
		}
		for what, change := range map[string]func(*rules.Parameter){
			"words for a number": func(p *rules.Parameter) { p.Value = "七天" }, "no source": func(p *rules.Parameter) { p.Source = "" },
			"no day": func(p *rules.Parameter) { p.ValidFrom = "2026-02-30" },
		} {
			p := seven
			change(&p)
			if _, err := here.Set(t.Context(), bureau, p, "x"); !errors.Is(err, parameter.ErrInvalid) {
				t.Errorf("%s: %v", what, err)
			}
		}
		if _, err := here.Set(t.Context(), bureau, rules.Parameter{Key: "no.such"}, "x"); !errors.Is(err, parameter.ErrUnknown) {
			t.Errorf("an unknown key: %v", err)
		}
		if _, err := here.Set(t.Context(), access.Actor{Role: access.Admin}, seven, "x"); !errors.Is(err, access.ErrForbidden) {
			t.Errorf("the administrator set a rule: %v", err)
		}
	})
}
