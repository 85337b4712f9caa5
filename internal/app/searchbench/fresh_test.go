package searchbench_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"testing"
	"time"
)

// perSecond is how many postings arrive while freshness is measured.
const perSecond = 50

// draft is a posting nobody else's words find.
func (w *world) draft(n int) []byte {
	on := opening.Add(72 * time.Hour).Format("2006-01-02")
	b, err := json.Marshal(map[string]any{
		"employer_id": w.boss.ID, "title": "装卸工" + mark(n), "trade": "loader", "description": "仓库卸货，纸箱每件二十公斤以内", "form": "part_time",
		"village": "330481101201", "address": "许巷路1号",
		"pay":       map[string]any{"amount_fen": 2600, "unit": "hour", "settlement": "daily", "settlement_days": 1, "payer": "employer"},
		"shifts":    []map[string]any{{"starts_at": on + "T07:00:00+08:00", "ends_at": on + "T11:00:00+08:00", "headcount": 3}},
		"insurance": "accident", "flags": []string{"heavy"}, "min_age": 18, "meals": true, "no_experience": true,
	})
	if err != nil {
		panic(err) // strings and numbers
	}
	return b
}

// mark is a word of its own for the n-th.
func mark(n int) string { return fmt.Sprintf("zq%dxk", n) }

// fresh publishes through the contract at a steady pace and asks for each
// posting by its own word until it is found, while kiosks go on asking.
func (w *world) fresh(tb testing.TB, list []ask, say func(string, ...any)) {
	tb.Helper()
	ctx, stop := context.WithCancel(tb.Context())
	var kiosks sync.WaitGroup
	for client := range 4 {
		kiosks.Go(func() {
			for i := client; ctx.Err() == nil; i += 4 {
				_ = w.overHTTP(ctx, client*8+i%8, &list[i%len(list)])
				time.Sleep(20 * time.Millisecond)
			}
		})
	}
	n := w.size.fresh
	took, act := make([]sample, n), make([]sample, n)
	errs := make([]error, n)
	var wg sync.WaitGroup
	base := int(w.Now().UnixNano() / 1e6 % 1e9)
	begin := time.Now()
	for i := range n {
		due := begin.Add(time.Duration(i) * time.Second / perSecond)
		wg.Go(func() {
			time.Sleep(time.Until(due))
			act[i].took, took[i].took, errs[i] = w.publish(tb.Context(), i, base+i)
		})
	}
	wg.Wait()
	stop()
	kiosks.Wait()
	for _, err := range errs {
		if err != nil {
			tb.Fatal(err)
		}
	}
	say("%d postings at %d/s through HTTP beside 4 kiosks: the act of publishing %s", n, perSecond, figuresOf(act, ""))
	f := figuresOf(took, "")
	say("answered → found by a search: %s", f)
	if f.max > 30_000 {
		tb.Fatalf("a posting was found only after %.0f ms", f.max)
	}
}

// publish returns how long the act took, and how long after its answer (the
// commit lies before that) a search found it.
func (w *world) publish(ctx context.Context, i, n int) (act, found time.Duration, err error) {
	token := w.staff[i%len(w.staff)]
	var p struct {
		ID     string `json:"id"`
		Status string `json:"status"`
	}
	if err := w.do(ctx, http.MethodPost, token, "/postings", bytes.NewReader(w.draft(n)), &p); err != nil {
		return 0, 0, err
	}
	from := time.Now()
	if err := w.do(ctx, http.MethodPost, token, "/postings/"+p.ID+"/publish", nil, &p); err != nil {
		return 0, 0, err
	}
	if p.Status != "published" {
		return 0, 0, fmt.Errorf("posting %s is %s", p.ID, p.Status)
	}
	done := time.Now()
	for time.Since(done) < time.Minute {
		var got answer
		if err := w.get(ctx, w.tokens[i%len(w.tokens)], "/postings?q="+url.QueryEscape(mark(n)), &got); err != nil {
			return 0, 0, err
		}
		for _, it := range got.Items {
			if it.ID == p.ID {
				return done.Sub(from), time.Since(done), nil
			}
		}
		time.Sleep(5 * time.Millisecond)
	}
	return 0, 0, fmt.Errorf("posting %s is not found after a minute", p.ID)
}
