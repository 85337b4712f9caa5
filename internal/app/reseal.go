package app

import (
	"context"
	"strings"

	"linggong/internal/dbx"
	"linggong/internal/gig/gigdb"
	"linggong/internal/hardship/hardshipdb"
	"linggong/internal/labour/labourdb"
	"linggong/internal/welfare/welfaredb"
)

const resealBatch = 200

// Reseal seals everything again that stands under an old key and tells how many
// values of each table it did. Serving goes on meanwhile.
func (a *App) Reseal(ctx context.Context, tell func(table string, n int)) error {
	for _, part := range []struct {
		table string
		do    func(context.Context, int) (int, error)
	}{
		{"person_persons", a.PersonStore.Reseal}, {"identity_accounts", a.AccountStore.Reseal}, {"notify_messages", a.NoticeStore.Reseal},
	} {
		total := 0
		for {
			n, err := part.do(ctx, resealBatch)
			if err != nil {
				return err
			}
			if n == 0 {
				break
			}
			total += n
		}
		tell(part.table, total)
	}
	for _, c := range sealedColumns() {
		n, err := a.DB.Reseal(ctx, a.Keys, c, resealBatch)
		if err != nil {
			return err
		}
		tell(strings.TrimSuffix(c.Table+"."+c.Column, "_sealed"), n)
	}
	return nil
}

func sealedColumns() []dbx.Sealed {
	out := gigdb.Sealed()
	out = append(out, hardshipdb.Sealed()...)
	out = append(out, labourdb.Sealed()...)
	return append(out, welfaredb.Sealed()...)
}
