package demo_test

import (
	"strings"
	"testing"

	"linggong/internal/app"
	"linggong/internal/person"
)

// sealedAnew holds that after the key is changed nothing stands under the old
// one, whatever table it is in, and everything still opens: a stolen old key
// opens no live row.
func sealedAnew(t *testing.T, a *app.App) {
	t.Helper()
	if err := a.Keys.Rotate(); err != nil {
		t.Fatal(err)
	}
	told := map[string]int{}
	if err := a.Reseal(t.Context(), func(table string, n int) { told[table] = n }); err != nil {
		t.Fatal(err)
	}
	if told["person_persons"] == 0 || told["hardship_visits.content"] == 0 || told["gig_employers.phone"] == 0 {
		t.Errorf("sealed anew: %v", told)
	}
	var columns []struct{ Tbl, Col string }
	err := a.DB.From(t.Context()).Raw(`SELECT m.name AS tbl, c.name AS col FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table' AND c.type = 'BLOB' AND m.name NOT LIKE 'sqlite_%'`).Scan(&columns).Error
	if err != nil || len(columns) < 20 {
		t.Fatalf("%d columns of bytes, %v", len(columns), err)
	}
	for _, c := range columns {
		if strings.HasPrefix(c.Tbl, "search_") { // the full text's own pages
			continue
		}
		var values [][]byte
		if err := a.DB.From(t.Context()).Raw(`SELECT ` + c.Col + ` FROM ` + c.Tbl + ` WHERE ` + c.Col + ` IS NOT NULL`).Scan(&values).Error; err != nil {
			t.Fatal(err)
		}
		for _, v := range values {
			if a.Keys.Stale(v) {
				t.Errorf("%s.%s: a value stands under the old key", c.Tbl, c.Col)
				break
			}
		}
	}
	people, err := a.Persons.List(t.Context(), bureau, person.Filter{Limit: 5})
	if err != nil || len(people.Items) == 0 {
		t.Errorf("people no longer open: %v", err)
	}
}
